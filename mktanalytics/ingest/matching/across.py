"""Headings that are values: periods, brands, questions and KPIs across a sheet, and the totals beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.matching.reading import Profile, Role
from mktanalytics.ingest.matching.said import is_name_of
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.places import is_shop, known_as
from mktanalytics.ingest.sheets.vocabulary import (
    Vocabulary,
    is_derived,
    is_serial,
    is_total_heading,
)
from mktanalytics.numbers import key
from mktanalytics.schema import Table, Wide

_OTHERS = re.compile(r"其[他它余](区域|地区|省份|城市|渠道)?|others?", re.IGNORECASE)
WHOLE_MARKET = "合计"  # in `market`, the brand that is the whole market
_COST = re.compile(r"[\u4e00-\u9fff/&、]{1,10}费用?|[\u4e00-\u9fff/&、]{0,10}(补贴|补助|餐补)")
_OF_COST = re.compile(
    r"预算|计划|预计|预提|预付|实际|实付|应付|已|未|累计|本[年季月周日期]|[上去]年|上月|同期|剩余|可用|平均|人均|单[位场次件]|总|合计|小计|申请|批准|核[定销]|每"
)
EACH = re.compile(r"^(月度|年度|季度|各月|分月|每月|逐月|当月|本月)")
_ASKS = re.compile(
    r"[您你?？吗]|满意|评价|性别|年龄|\b(you|your|how|what|which|why|do|are|is|satisf\w*)\b", re.IGNORECASE
)
_PRIVATE = re.compile(  # whom to reach, not what somebody thinks
    r"(电子)?(邮件|邮箱)(地址|账号)?(?!.{0,4}(营销|推送|广告|订阅))$|手机号码?|联系电话|联系方式|微信号|身份证|\b(e-?mail( address)?|phone( number)?|mobile( number)?|ip ?address)\s*\*?$",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"(?P<kpi>\S.*?\S)\s*[-_—]?(?P<measure>目标值?|任务|实际值?|实际完成|完成值?|实绩|(?<=\s)(?:target|actual))",
    re.IGNORECASE,
)
_FIFTH = re.compile(r"\s*Q(0?[5-9]|[1-9]\d)(?!\d)", re.IGNORECASE)
_WORDED = re.compile(r"\s*Q\d{1,3}\s*[、.．:：]\s*[^\W\d]{2}", re.IGNORECASE)  # Q1.所在区域 is no quarter
_QUESTION = re.compile(r"^\s*(\d{1,3}\s*[、.．:：]\s*\S|第\s*\d+\s*题|Q\d{1,3}(?![A-Za-z0-9]))")


def period_roles(
    table: Table, headings: Sequence[Heading], roles: list[Role], words: Vocabulary
) -> list[Role]:
    wide = table.over_time
    if wide is None:
        return roles
    result = list(roles)
    spans = [h for h in headings if h.span is not None and not h.cumulative]
    dated = any(r.column == "date" for r in roles)
    if wide.over == "date" and (dated or any(h.span.length != "day" for h in spans if h.span)):
        return roles
    labels = {h.label for h in spans}
    shared = labels if len(labels) == 1 and not any(key(x) in words for x in labels) else set()
    for i, heading in enumerate(headings):
        if heading not in spans:
            continue
        measure, label = _measure(table, heading, words)
        if heading.levels and (not measure or label) and heading.label not in shared:
            continue
        result[i] = Role("period", measure, score=1.0, specific=bool(measure))
    return result


def _measure(table: Table, heading: Heading, words: Vocabulary) -> tuple[str, str]:
    """The measure one of the levels names, and the words of the others."""
    for position in range(len(heading.levels) - 1, -1, -1):
        level = heading.levels[position]
        for claim in claims_of(table, level, words) or claims_of(table, EACH.sub("", level), words):
            if table.column(claim.column).is_number:
                rest = [x for j, x in enumerate(heading.levels) if j != position]
                return claim.column, " ".join(rest)
    return "", heading.label


def label_roles(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    roles: list[Role],
    words: Vocabulary,
    spoken: bool,
    own_brands: Sequence[str],
) -> tuple[list[Role], str]:
    mapped = {r.column for r in roles if r.kind == "column"}
    if any(r.kind == "period" for r in roles):
        return roles, ""
    for wide in (w for w in table.wide if w != table.over_time):
        if wide.named:
            if found := _named_over(table, wide.over, headings, profiles, roles, words):
                return [found.get(i, r) for i, r in enumerate(roles)], wide.over
            continue
        if (
            wide.over == "kpi"
            and "kpi" not in mapped
            and (groups := _kpi_groups(table, wide, headings, words))
        ):
            tops = {headings[i].levels[0] for i in groups}
            spare = [
                Role("extra") if h.levels and h.levels[0] in tops else r
                for h, r in zip(headings, roles, strict=True)
            ]
            return [groups.get(i, r) for i, r in enumerate(spare)], wide.over
        if wide.over in mapped or wide.value in mapped:
            continue
        found = _labels_over(table, wide, headings, profiles, roles, words)
        names = {key(found[i].label) for i in found}
        asked = any(_ASKS.search(h.written) or is_question(h.written) for h in headings)
        if wide.over == "question" and not asked:
            continue  # a title that says 调查 makes no questionnaire of a list of prices
        if len(found) >= 2 and (spoken or _evident(table, wide, headings, names, own_brands)):
            return [found.get(i, r) for i, r in enumerate(roles)], wide.over
    return roles, ""


def _kpi_groups(table: Table, wide: Wide, headings: Sequence[Heading], words: Vocabulary) -> dict[int, Role]:
    """目标 and 实际 (得分 aside) under each of several names, or behind each: KPIs across, with their measures."""
    found: dict[int, Role] = {}
    for i, heading in enumerate(headings):
        name, measure = _kpi_and_measure(table, heading, words)
        if measure in (wide.value, "actual"):
            found[i] = Role("label", measure, label=name, score=1.0)
    named = {r.label for r in found.values() if r.column == wide.value}
    flat = {r.label for i, r in found.items() if r.column != wide.value and len(headings[i].levels) == 1}
    deep = {r.label for i, r in found.items() if r.column == wide.value and len(headings[i].levels) == 2}
    return {i: r for i, r in found.items() if r.label in named} if len(deep) >= 2 or named & flat else {}


def _kpi_and_measure(table: Table, heading: Heading, words: Vocabulary) -> tuple[str, str]:
    """客流 and `target` of 客流目标, or of 客流 over 目标; nothing where the heading is a column by itself."""
    if heading.span is not None or claims_of(table, heading.label, words):
        return "", ""
    levels = heading.levels
    if len(levels) == 1 and (parts := _MEASURED.fullmatch(levels[0])):
        levels = (parts["kpi"], parts["measure"])
    if len(levels) != 2 or claims_of(table, levels[0], words):
        return "", ""
    claims = (c.column for c in claims_of(table, levels[1], words))
    return levels[0], next((c for c in claims if table.column(c).is_number), "")


def _named_over(
    table: Table,
    over: str,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    roles: Sequence[Role],
    words: Vocabulary,
) -> dict[int, Role]:
    """Figures under headers that are all values of the column: 华东, 华南 and 其他, or 销量 and 销售额 under each of them."""
    found: dict[int, Role] = {}
    for i, (heading, profile) in enumerate(zip(headings, profiles, strict=True)):
        if heading.span is not None or not heading.levels or not (profile.numeric or not profile.filled):
            continue
        measure, label = _measure(table, heading, words) if len(heading.levels) > 1 else ("", heading.label)
        if (
            over in known_as(label)
            or (over == "customer" and is_shop(label))
            or (over == "department" and is_name_of(over, label))
            or (over == "category" and roles[i].kind == "extra" and _is_cost(label))
            or _OTHERS.fullmatch(label)
        ):
            found[i] = Role("label", measure, label=label, score=1.0)
    names = {key(r.label) for r in found.values() if not _OTHERS.fullmatch(r.label)}
    if over == "category" and len(names) >= 2:
        found |= _summed_beside(headings, profiles, roles, found)
    rest = [r for i, r in enumerate(roles) if i not in found and r.kind == "column"]
    taken = {r.column for r in rest} & {over, *(r.column for r in found.values()), *table.additive}
    return found if len(names) >= 2 and not taken else {}


def _summed_beside(
    headings: Sequence[Heading], profiles: Sequence[Profile], roles: Sequence[Role], found: dict[int, Role]
) -> dict[int, Role]:
    """Unknown figures between the first kind of expense and their total (工资及奖金 before 合计), which has to prove them."""
    last = max((i for i, h in enumerate(headings) if any(map(is_total_heading, h.levels))), default=0)
    return {
        i: Role("label", label=headings[i].label, score=1.0)
        for i in range(min(found), last)
        if i not in found
        and roles[i].kind == "extra"
        and profiles[i].numeric
        and len(headings[i].levels) == 1
        and not is_derived(headings[i].label)
        and not any(map(is_total_heading, headings[i].levels))
    }


def _is_cost(label: str) -> bool:
    """Whether a header names a kind of expense (差旅费, 餐补), and no amount of another sort (已付费用, 预算费用)."""
    return bool(_COST.fullmatch(label)) and not _OF_COST.search(label) and not is_derived(label)


def _labels_over(
    table: Table,
    wide: Wide,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    roles: list[Role],
    words: Vocabulary,
) -> dict[int, Role]:
    found: dict[int, Role] = {}
    figures = table.column(wide.value).is_number
    numbered = wide.over == "question" and sum(is_question(h.written) for h in headings) >= 2
    coded = wide.over == "question" and _coded(headings, roles)
    for i, (heading, role) in enumerate(zip(headings, roles, strict=True)):
        worded = wide.over == "question" and bool(_WORDED.match(heading.written))
        if heading.span is not None and (coded or worded):
            found[i] = Role("label", label=heading.written, score=1.0)
            continue
        if (
            role.kind != "extra"
            or (role.also and not heading.levels)
            or heading.span is not None
            or heading.cumulative
        ):
            continue
        if wide.over == "question" and _PRIVATE.search(heading.written):
            continue
        measure, label = _measure(table, heading, words) if len(heading.levels) > 1 else ("", heading.label)
        if not label or (figures and profiles[i].filled and not profiles[i].numeric):
            continue
        if (figures and (is_derived(label) or is_serial(label))) or (
            numbered and not is_question(heading.written)
        ):
            continue
        found[i] = Role("label", measure, label=label, score=1.0)
    return found


def _coded(headings: Sequence[Heading], roles: Sequence[Role]) -> bool:
    """Whether Q1 … Q4 are questions: every header that is no column is one, or Q5 follows, which is no quarter."""
    if any(_FIFTH.match(h.written) for h in headings):
        return True
    asked = [is_question(h.written) for h, r in zip(headings, roles, strict=True) if r.kind == "extra"]
    return len(asked) >= 2 and all(asked)


def _evident(
    table: Table, wide: Wide, headings: Sequence[Heading], names: set[str], own_brands: Sequence[str]
) -> bool:
    """Whether the headings themselves say what they are: numbered questions, own brands, allowed values."""
    if wide.over == "question":
        return sum(is_question(h.written) for h in headings) >= 2
    if wide.over == "brand" and {key(b) for b in own_brands} & names:
        return True
    allowed = table.column(wide.over).allowed
    return len(names & {key(v) for v in allowed}) >= 2


def is_question(text: str) -> bool:
    """Whether a header is a numbered question: `6、兴趣爱好`, `第6题(运动)`, `Q3 …`."""
    return bool(_QUESTION.match(text))


_CORNER = re.compile(r"\s*[\\/|＼／×]\s*")


def corner_roles(
    table: Table, headings: Sequence[Heading], roles: list[Role], words: Vocabulary, over: str
) -> list[Role]:
    """产品\\区域 over the labels of a matrix, with 区域 across: the column of products."""
    wide = [i for i, r in enumerate(roles) if r.kind in ("period", "label")]
    corner = next((i for i, r in enumerate(roles[: min(wide, default=0)]) if r.kind == "extra"), None)
    if corner is None:
        return roles
    taken = {r.column for r in roles} | {over or "month"}
    parts = [p for p in _CORNER.split(headings[corner].label) if p]
    claims = [c for p in parts for c in claims_of(table, p, words)]
    free = [c for c in claims if c.column not in taken and not table.column(c.column).is_number]
    if len(parts) != 2 or not free:
        return roles
    return [
        Role("column", free[0].column, score=free[0].score) if i == corner else r for i, r in enumerate(roles)
    ]


def total_roles(
    table: Table, headings: Sequence[Heading], roles: list[Role], words: Vocabulary, over: str
) -> list[Role]:
    """合计 beside months is their sum, a check; 总量 too, though it may name the units elsewhere.

    Beside brands it is the whole market, a brand of its own.
    """
    if sum(r.kind in ("period", "label") for r in roles) < 2:
        return roles
    result, value = list(roles), _value_of_bare_months(table, roles)
    for i, (heading, role) in enumerate(zip(headings, roles, strict=True)):
        if role.kind not in ("extra", "column", "label"):
            continue
        is_the_measure = role.kind == "column" and role.column == value
        if not _is_total_heading(heading, role) and not is_the_measure:
            continue
        measure = _measure(table, heading, words)[0] or role.column
        result[i] = Role("label", measure, WHOLE_MARKET) if over == "brand" else Role("total", measure)
    return result


def _value_of_bare_months(table: Table, roles: Sequence[Role]) -> str | None:
    """What bare months across hold: a column of it beside them (年度任务 beside Q1 … Q4) is their sum, to be checked."""
    across = [r for r in roles if r.kind == "period"]
    bare = bool(across) and not any(r.column for r in across)
    return table.over_time.value if bare and table.over_time else None


def _is_total_heading(heading: Heading, role: Role) -> bool:
    if heading.span is not None and role.kind != "extra":
        return False
    return any(is_total_heading(level) for level in heading.levels)
