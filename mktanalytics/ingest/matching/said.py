"""What titles, sheet and file name say of every row: 部门：市场部, 华东区10月销售, a sheet for each person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from mktanalytics.ingest.sheets.vocabulary import Vocabulary
from mktanalytics.numbers import key, name, normalise, parse_number
from mktanalytics.periods import find_span, parse_period, split_span
from mktanalytics.schema import Table

Place = Literal["title", "sheet", "file"]

_PAIR = re.compile(
    r"(?P<label>[^\s:,，;；][^:,，;；]{0,11}?)\s*:\s*(?P<value>[^\s:,，;；][^:,，;；]{0,29}?)(?=\s*$|\s*[,，;；]|\s+[^\s:]{1,12}\s*:)"
)
_REGION = re.compile(
    r"(?P<name>华东|华南|华北|华中|华西|东北|西北|西南|东南)(?:大区|区域|地区|片区|区)?(?!.{0,12}(?:公司|医院|大学|银行))"
)
_REGION_EN = re.compile(
    r"\b(?P<name>(?:North|South)\s?(?:East|West)|North|South|East|West|Central)(?:ern)?\s+(?:Region|Area|District)\b",
    re.IGNORECASE,
)
_REGION_ALONE = re.compile(
    r"(?:North|South)\s?(?:East|West)|North|South|East|West|Central", re.IGNORECASE
)  # all that a sheet is called
_DEPARTMENT = re.compile(
    r"(?P<name>(?:市场|品牌|销售|渠道|电商|公关|产品|运营|客服|推广|媒介|企划|策划|广告|新媒体|数字营销|营销|大客户|商务|贸易|财务"
    r"|人力资源|人事|行政|研发|采购|物流|生产|供应链|技术|法务)[一二三四五六七八九十\d]?(?:部门|部|中心))(?!门)"
)
_OF_MARKETING = re.compile(
    r"市场(?=营销|推广|活动|费用|预算|投放|宣传|调[研查]|促销|支出|开支|拓展|人员|专员|经理|合同|绩效|考核|任务)"
)
_OF_MARKETING_EN = re.compile(r"\bmarketing\b", re.IGNORECASE)
_DEPARTMENT_EN = re.compile(
    r"\b(?P<name>Marketing|Sales|Brand|Trade|Finance|Product|Digital)\s+(?:Department|Dept\.?)(?!\w)",
    re.IGNORECASE,
)
_PLATFORM = re.compile(  # what sells nothing but advertising
    r"(?P<name>巨量千川|巨量引擎|巨量星图|巨量|千川|腾讯广告|广点通|磁力金牛|磁力引擎|(?:小红书)?聚光|直通车|万相台|引力魔方|超级钻展|京准通|京东快车|百度推广|百度营销|神马推广"
    r"|(?:Google|Meta|Facebook|Instagram|TikTok|Microsoft|Amazon|LinkedIn) ?Ads)(?![a-z])",
    re.IGNORECASE,
)
_KNOWN: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "region": (_REGION, _REGION_EN),
    "department": (_DEPARTMENT, _DEPARTMENT_EN),
    "channel": (_PLATFORM,),
}
_OF_ADVERTISING = ("spend", "budget")  # a sale that a platform brought has another channel
_PERSON_WORDS = frozenset(
    key(w)
    for w in (
        "姓名",
        "员工姓名",
        "员工",
        "被考核人",
        "销售员",
        "业务员",
        "name",
        "employee",
        "employee name",
        "assessee",
    )
)
_NAMED = ("region", "province", "city", "channel", "department", "brand", "product", "customer", "salesperson", "activity", "entity")  # fmt: skip
_OTHERWISE = frozenset(
    key(w) for w in ("公司", "公司名称", "company", "title", "item", "项目", "项目名称")
)  # a form's own head
_FORM = re.compile(r"表|考核|绩效|kpi|目标|任务|指标|评分|得分|明细|汇总|统计|分析|计划|方案|数据|总|[年月季周]|report|score|target|sheet|data|summary|plan", re.IGNORECASE)  # fmt: skip
_EVERY = re.compile(r"\(?(全部|所有|多项|all|multiple items)\)?", re.IGNORECASE)  # 渠道：(全部) names none
_BRAND = re.compile(r"^(?P<name>[^\s、,，:：]{1,10}?)品牌(?=$|[\s(（:：\d]|销售|市场|零售)")


@dataclass(frozen=True)
class Said:
    """One name that holds for every row of a block, and where it is said."""

    value: str
    place: Place
    level: str = ""  # of an entity: department, region or person


def said_around(
    tables: Iterable[Table],
    titles: Sequence[str],
    sheet: str,
    file: str,
    inside: Sequence[str],
    words: Vocabulary,
    own_brands: Sequence[str] = (),
    beside: Sequence[str] = (),
) -> dict[str, dict[str, Said]]:
    """For each table: column → the one name said around the block; nothing where two are said or cells contradict.

    `inside` are the texts of the block itself: another region among them is a contradiction. `beside` are the titles
    of the sheet's other blocks: 甲品牌 is a brand's name where 乙品牌 stands over another.
    """
    texts: list[tuple[str, Place]] = [(t, "title") for t in titles]
    texts += [(sheet, "sheet"), (PurePosixPath(file).stem, "file")]
    pairs = [(label, value) for label, value in _pairs(titles) if not _EVERY.fullmatch(value.strip())]
    known = {column: said for column in _KNOWN if (said := _known(column, texts, inside))}
    if brand := _brand(texts, own_brands, inside) or _one_of_brands(titles, beside):
        known["brand"] = brand
    twice = _said_twice(titles, sheet)
    return {t.name: _of_table(t, texts, pairs, known, twice, words) for t in tables}


def _of_table(
    table: Table,
    texts: Sequence[tuple[str, Place]],
    pairs: Sequence[tuple[str, str]],
    known: Mapping[str, Said],
    twice: Said | None,
    words: Vocabulary,
) -> dict[str, Said]:
    found = {
        c: s
        for c, s in known.items()
        if c in table.names and (c != "channel" or table.name in _OF_ADVERTISING)
    }
    stated: dict[str, dict[str, Said]] = {}
    for label, value in pairs:
        column = _column(table, label, words)
        if column:
            stated.setdefault(column, {})[key(value)] = Said(name(value), "title", _level(label))
    stated = _title_day(table, texts) | stated | _days(table, pairs, words)
    for column, values in stated.items():
        if len(values) > 1 and (persons := [s for s in values.values() if s.level == "person"]):
            values = {key(s.value): s for s in persons}  # 部门：市场部  姓名：张三
        other = found.get(column)
        if len(values) == 1 and (other is None or key(other.value) in next(iter(values))):
            found[column] = next(iter(values.values()))
        else:
            found.pop(column, None)
    if "entity" in table.names and "entity" not in stated and (entity := _entity(known, twice)):
        found["entity"] = entity
    return found


def _days(table: Table, pairs: Sequence[tuple[str, str]], words: Vocabulary) -> dict[str, dict[str, Said]]:
    """采价日期：2026年10月15日: a day by a word that the table has for itself; 日期 alone may be when it was printed."""
    found: dict[str, dict[str, Said]] = {}
    for label, value in pairs:
        period = parse_period(value)
        own = [c.column for c in words.get(key(label), ()) if c.table == table.name and c.own]
        for column in (c for c in own if table.column(c).kind == "date"):
            if period is not None and period.length == "day":
                found.setdefault(column, {})[value] = Said(period.start.isoformat(), "title")
    return found


def _title_day(table: Table, texts: Sequence[tuple[str, Place]]) -> dict[str, dict[str, Said]]:
    """竞品价格监测 2026年8月24日: the day of a table that needs one, beside a word of the table."""
    if "date" not in table.required:
        return {}
    found: dict[str, Said] = {}
    for text, place in texts:
        span = find_span(text.replace("_", " "))
        period = span.at() if span and span.length == "day" else None
        if period is not None and any(w.casefold() in text.casefold() for w in table.words):
            found.setdefault(period.start.isoformat(), Said(period.start.isoformat(), place))
    return {"date": found} if found else {}


def _entity(known: Mapping[str, Said], twice: Said | None) -> Said | None:
    """Whom a score card is about: the name its sheet and title share, else the one department or region."""
    groups = [
        Said(s.value, s.place, column) for column, s in known.items() if column in ("region", "department")
    ]
    if twice is not None:
        same = next((g for g in groups if key(g.value) in key(twice.value)), None)
        return same or twice
    return groups[0] if len(groups) == 1 else None


# ---- label：value


def _pairs(titles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """区域：华南 in one cell, or 区域： in one and 华南 in the next."""
    for i, text in enumerate(titles):
        plain = normalise(text)
        if re.fullmatch(r"[^\s:：]{1,12}\s*[:：]", plain) and i + 1 < len(titles):
            plain = f"{plain}{normalise(titles[i + 1])}"
        for found in _PAIR.finditer(plain):
            if " " not in found["value"] or found["value"].isascii():  # 部门：市场部 张三 says two things
                yield found["label"].strip(), found["value"]


def _column(table: Table, label: str, words: Vocabulary) -> str:
    """The column of names that goes by the label; "" for figures, dates, codes and free text."""
    claims = [c.column for c in words.get(key(label), ()) if c.table == table.name]
    if key(label) in _OTHERWISE or (
        key(label) in _PERSON_WORDS and "entity" not in claims and "salesperson" not in claims
    ):
        return ""
    return next((c for c in claims if c in _NAMED), "")


def _level(label: str) -> str:
    if key(label) in _PERSON_WORDS:
        return "person"
    if "部门" in label or "dep" in label.casefold():
        return "department"
    return "region" if "区" in label or "region" in label.casefold() else ""


# ---- names of a known kind


def without_departments(text: str) -> str:
    """A text without what belongs to a department: neither 市场部预算 nor 市场费用 nor Marketing spend speaks of a market."""
    plain = _OF_MARKETING_EN.sub(" ", _DEPARTMENT_EN.sub(" ", _DEPARTMENT.sub(" ", normalise(text))))
    return _OF_MARKETING.sub("", plain)


def _known(column: str, texts: Sequence[tuple[str, Place]], inside: Sequence[str]) -> Said | None:
    """The one name of this kind in title, sheet or file name."""
    found: dict[str, Said] = {}
    for text, place in texts:
        plain = normalise(text).replace("_", " ")
        if re.match(r"^[^\s:：]{1,12}[:：]", plain):
            continue  # 填报部门：财务部 says who filled it in; a pair is read as a pair
        names = [m["name"] for pattern in _KNOWN[column] for m in pattern.finditer(plain)]
        if column == "region" and place == "sheet" and _REGION_ALONE.fullmatch(plain):
            names.append(plain)
        for one in names:
            found.setdefault(key(one), Said(one, place))
    if len(found) != 1:
        return None
    said = next(iter(found.values()))
    return None if _others(column, said, inside) else said


def is_name_of(column: str, text: str) -> bool:
    """Whether a text is the name of a department or region, and no more."""
    return any(pattern.fullmatch(normalise(text)) for pattern in _KNOWN[column])


def _others(column: str, said: Said, inside: Sequence[str]) -> bool:
    """Whether a cell of the block names another of the kind."""
    for text in inside:
        plain = normalise(text)
        for pattern in _KNOWN[column]:
            found = pattern.match(plain)
            if found and key(found["name"]) != key(said.value):
                return True
        if column == "region" and _REGION_ALONE.fullmatch(plain) and key(plain) != key(said.value):
            return True
    return False


def _brand(texts: Sequence[tuple[str, Place]], own: Sequence[str], inside: Sequence[str]) -> Said | None:
    """The one brand of the settings that is named, where the block itself names none."""
    named = {b: place for b in own for text, place in reversed(texts) if b and key(b) in key(text)}
    longest = [b for b in named if not any(key(b) in key(o) and b != o for o in named)]
    if len(longest) != 1 or {key(b) for b in own} & {key(t) for t in inside}:
        return None
    return Said(longest[0], named[longest[0]])


def _one_of_brands(titles: Sequence[str], beside: Sequence[str]) -> Said | None:
    mine, others = (
        {m["name"] for t in texts if (m := _BRAND.match(normalise(t)))} for texts in (titles, beside)
    )
    return Said(next(iter(mine)), "title") if len(mine) == 1 and others - mine else None


def fits(column: str, have: set[str]) -> bool:
    """Whether a name that is only said may stand in for the column: whom a score card is about needs its KPIs."""
    return column not in have and (column != "entity" or "kpi" in have)


# ---- a name that is said twice


def _said_twice(titles: Sequence[str], sheet: str) -> Said | None:
    """张三 of a sheet called 张三 under the title 张三2026年3月绩效考核表: the sheet's name, which the title begins with."""
    plain = normalise(sheet)
    if not 2 <= len(plain) <= 20 or _FORM.search(plain) or parse_number(plain) is not None:
        return None
    for title in titles:
        rest = split_span(normalise(title))[1]
        if any(t.startswith(plain) and t != plain for t in (normalise(title), rest)):
            return Said(plain, "sheet")
        if re.match(rf"[^:：]{{1,10}}[:：]\s*{re.escape(plain)}(?:\s|$)", normalise(title)):
            return Said(plain, "sheet")
    return None
