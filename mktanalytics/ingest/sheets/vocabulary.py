"""The words that headers are known by, and what each distinct text of a sheet could be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.grid import Grid, is_code
from mktanalytics.ingest.values.date_values import names_a_day
from mktanalytics.numbers import key, normalise, parse_number, parse_unit, simplified, split_header
from mktanalytics.periods import find_span, parse_span
from mktanalytics.schema import Table
from mktanalytics.settings import Settings
from mktanalytics.tables import all_tables

LONGEST_HEADER = 60
FUZZY_SHORTEST = 4  # letters of a word that a header with a typo may be read as
NEAR_SHORTEST = 2  # of one that an unknown header is told to resemble
_remembered = lru_cache(maxsize=16384)  # the files of a folder say the same words again and again
FIGURES = {"money", "number", "count", "rate"}

_TOTAL = re.compile(
    r"^(.{0,12}?)(合\s*计|总\s*计|小\s*计|共\s*计|sub-?total|grand total|total|subtotals?|jumlah)s?$",
    re.IGNORECASE,
)
_TOTAL_OF = re.compile(r"(total of|results from) \d+ [a-z]+", re.IGNORECASE)  # as platforms call it
_TOTAL_FIRST = re.compile(
    r"^(合\s*计|总\s*计|小\s*计|共\s*计|grand total|sub-?total|total)([\s(（].{0,12}|[:：].{0,30})$",
    re.IGNORECASE,
)
_AVERAGE = re.compile(
    r"^(.{0,8}?)(平\s*均[值分数]?|均\s*[值分]|average( score)?|mean|avg\.?)$", re.IGNORECASE
)
_SHARE = re.compile(
    r"^(占比|比重|构成比?|份额|完成率|达成率|同比|环比|增长率|增幅|share|% of total)(\s*[(（]?%[)）]?)?$",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^\s*(注\d?\s*[:：.、]|注[释解]?\s*[:：]|备\s*注\s*[:：]|说\s*明\s*[:：]|数据来源|资料来源|来源\s*[:：]|口径|填报说明|制表|填表|审核|编制|复核|\S{0,6}(?:签字|签名|签章|盖章)"
    r"|统计口径|打印|导出|note\s*\d*\s*[:：.]|notes\s*[:：]|source\s*[:：]|prepared by|©|\*|※|\d+[.、]\s*\S{12,})",
    re.IGNORECASE,
)
_DERIVED = re.compile(
    r"(同比|环比|增长|增幅|增速|增减|完成率|达成率|执行率|使用率|占比|比重|差异|差额|缺口|结余|余额|剩余|排名|名次|毛利|利润|平均分|均分|加权得分"
    r"|综合得分|最终得分|评级|等级|variance|utilization|utilisation|growth|rank|grade|average|% of|profit|margin|yoy|mom|\bvar\b|\bbalance\b|remaining)",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"金额|数量|數量|销量|发生|销售|费用?$|费用|补[贴助]?$|支出|预算|成本|收入|额$|amount|budget|expen[sd]|sales|revenue|cost|qty|quantity|units|spend|value",
    re.I,
)


@dataclass(frozen=True)
class Claim:
    """One column of one table that goes by a header; the earlier in its list, the better (`rank`)."""

    table: str
    column: str
    rank: int
    choice: Literal["own", "general", "second"] = "own"  # a word the table has for itself, or all tables

    @property
    def own(self) -> bool:
        return self.choice == "own"

    @property
    def score(self) -> float:
        """How well the word names the column; a second choice is below all that is exact."""
        return {"own": 1.0, "general": 0.98, "second": 0.85}[self.choice] - self.rank / 10_000


class Vocabulary(dict[str, tuple[Claim, ...]]):
    """Every header word (as `key`) → the columns it may mean; a table's own words come before the general ones."""

    @cached_property
    def of_table(self) -> dict[str, dict[str, tuple[Claim, ...]]]:
        """Table → word → the columns it may mean there."""
        found: dict[str, dict[str, tuple[Claim, ...]]] = {}
        for word, claims in self.items():
            for claim in claims:
                own = found.setdefault(claim.table, {})
                own[word] = (*own.get(word, ()), claim)
        return found

    @cached_property
    def spelt(self) -> dict[str, dict[int, list[str]]]:
        """Table → least number of letters → the words of so many or more that a header may nearly be."""
        return {
            table: {least: [w for w in own if len(w) >= least] for least in (NEAR_SHORTEST, FUZZY_SHORTEST)}
            for table, own in self.of_table.items()
        }


def vocabulary(settings: Settings) -> Vocabulary:
    """The words of the tables and of the settings."""
    known: dict[str, list[Claim]] = {}
    for table in all_tables().values():
        for word, claim in _claims(table, settings):
            claims = known.setdefault(word, [])
            if all((c.table, c.column) != (claim.table, claim.column) for c in claims):
                claims.append(claim)
    return Vocabulary({word: tuple(claims) for word, claims in known.items()})


def _claims(table: Table, settings: Settings) -> list[tuple[str, Claim]]:
    taught = settings.aliases.get(table.name, {})
    own: dict[str, str] = {}  # a word the table gives to one column is not another's
    claims: list[tuple[str, Claim]] = []
    choices: tuple[tuple[Mapping[str, tuple[str, ...]], Literal["own", "second"]], ...] = (
        (taught, "own"), (table.aliases, "own"), (table.second_choice, "second"),
    )  # fmt: skip
    for words, choice in choices:
        for column, headers in words.items():
            for rank, header in enumerate(headers):
                if own.setdefault(key(header), column) == column:
                    claims.append((key(header), Claim(table.name, column, rank, choice)))
    for c in table.columns:
        for rank, header in enumerate((c.zh, c.en, c.name, *c.aliases)):
            if own.get(key(header), c.name) == c.name:
                claims.append((key(header), Claim(table.name, c.name, rank, "general")))
    return claims


@_remembered
def is_total(text: str) -> bool:
    """Whether a label says total: it ends so (华东合计, Grand Total), begins so (合计（元）), or counts what it sums."""
    plain = simplified(text)
    return bool(_TOTAL.match(plain) or _TOTAL_FIRST.match(plain) or _TOTAL_OF.fullmatch(plain))


def begins_with_total(text: str) -> bool:
    """Whether a label only begins with a word for total, so that it may be a name (Total Wine Traders, not Total: Account)."""
    plain = simplified(text)
    first = None if _TOTAL_OF.fullmatch(plain) else _TOTAL_FIRST.match(plain)
    return first is not None and plain[first.end(1) :][:1] not in (":", "：") and not _TOTAL.match(plain)


def is_total_heading(text: str) -> bool:
    """Whether a header beside months, brands or marks says total: also 总量, 总额, 总分, 全年."""
    return is_total(text) or bool(
        re.fullmatch(
            r".{0,8}?(总\s*[量额数分]|(合计|总计|共计)(金额|费用|数量?)|总(金额|费用|支出)|总得分|全年|全市场|市场总体|行业|total score)",
            simplified(text),
            re.IGNORECASE,
        )
    )


@_remembered
def is_average(text: str) -> bool:
    """Whether a label says that its row holds averages."""
    return bool(_AVERAGE.match(simplified(text)))


@_remembered
def is_share(text: str) -> bool:
    """Whether a label says that its row holds shares or rates of the rows above."""
    return bool(_SHARE.match(simplified(text)))


@_remembered
def is_note(text: str) -> bool:
    """Whether a text begins like a footnote (注：, 数据来源, 制表人)."""
    return bool(_NOTE.match(simplified(text)))


@_remembered
def is_derived(text: str) -> bool:
    """Whether a header names something computed from other columns (同比, 完成率, Variance)."""
    return bool(_DERIVED.search(simplified(text)))


_SUM_OF = re.compile(r"^\s*(求和项|sum\s+of)\s*[:：]?\s*(?=\S)", re.IGNORECASE)


def without_caption(header: str) -> str:
    """销售额 of a pivot's 求和项:销售额 (not of its 计数项 or 平均值项)."""
    return _SUM_OF.sub("", header)


_HAN = re.compile(r"[\u4e00-\u9fff]+")


@_remembered
def halves(text: str) -> tuple[str, ...]:
    """The Chinese and the English of a header in both languages (区域 Region, 区域/Region, 区域（Region）); else nothing."""
    plain = normalise(text)
    han = _HAN.findall(plain)
    rest = _HAN.sub(" ", plain).strip(" /|()[]-_:：、")
    return (han[0], rest) if len(han) == 1 and re.fullmatch(r"[A-Za-z][A-Za-z .]{2,}", rest) else ()


def is_serial(text: str) -> bool:
    """Whether a header says that its column only numbers the rows or their days (序号, No., #, 星期)."""
    return bool(
        re.fullmatch(
            r"序\s*号|行号|编号|no\.?|nr\.?|#|№|id|s/?n|serial( no\.?)?|星期几?|周几|礼拜几?|weekday|day of (the )?week",
            normalise(text),
            re.IGNORECASE,
        )
    )


def is_money_word(text: str) -> bool:
    """Whether a header sounds like an amount or a quantity (退货金额, 数量, Shipping Cost)."""
    return bool(_MEASURE.search(normalise(text)))


def is_meta(text: str) -> bool:
    """Whether a text is a `key：value` line above a table (部门：市场部)."""
    plain = normalise(text)
    return bool(re.match(r"^[^:：]{1,12}[:：]\s*\S", plain)) or (
        parse_unit(plain) is not None and "单位" in plain
    )


def is_pair(text: str) -> bool:
    """Whether a text says a thing and its value (部门：市场部), or only the thing, its value in the next cell (部门：)."""
    plain = normalise(text)
    return (plain.endswith(":") and len(plain) <= LONGEST_HEADER) or (
        is_meta(plain) and not re.match(r"\d|Q\d", plain, re.IGNORECASE)
    )


@dataclass(frozen=True)
class Facts:
    """For each distinct text of a grid: what it could be."""

    known: NDArray[np.bool_]  # a header
    period: NDArray[np.bool_]
    numeric: NDArray[np.bool_]
    note: NDArray[np.bool_]
    unit: NDArray[np.bool_]
    measure: NDArray[np.bool_]  # a header of figures
    label: NDArray[np.bool_]  # a header of what a row is about
    pair: NDArray[np.bool_]  # 部门：市场部, or 部门： before its value
    claims: tuple[frozenset[tuple[str, str]], ...]  # (table, column) that each text may head


def facts(grid: Grid, words: Vocabulary) -> Facts:
    """What each distinct text of the grid could be; long texts are only prose."""
    flags = np.zeros((8, len(grid.texts)), dtype=bool)
    claims: list[frozenset[tuple[str, str]]] = [frozenset()] * len(grid.texts)
    for i, text in (*grid.words, *_named_codes(grid, words)):
        if len(text) <= LONGEST_HEADER:
            claims[i] = claims_on(text, words)
            flags[:5, i] = _facts(text, bool(claims[i]))
            roles = {_role(t, c) for t, c in claims[i]}
            flags[6, i], flags[7, i] = "measure" in roles, "label" in roles
        flags[3, i] = is_note(text)
        flags[5, i] = (":" in text or "：" in text) and is_pair(text)
    known, period, numeric, note, unit, pair, measure, label = flags
    return Facts(known, period, numeric, note, unit, measure, label, pair, tuple(claims))


def _named_codes(grid: Grid, words: Vocabulary) -> list[tuple[int, str]]:
    """The codes of a grid that somebody gave as the name of a column."""
    if len(grid.words) == len(grid.texts) or not any(map(is_code, words)):
        return []
    return [(i, text) for i, text in enumerate(grid.texts) if is_code(text) and text.casefold() in words]


@cache
def _role(table: str, column: str) -> str:
    """What a column is in its table: measure (also the answer of a survey), label, or text."""
    known = all_tables()[table]
    kinds = {c.name: c.kind for c in known.columns}
    groups = [g for g in known.one_of if any(kinds[c] in FIGURES for c in g)]
    if kinds[column] in FIGURES or any(column in g for g in groups):
        return "measure"
    return "text" if kinds[column] == "text" else "label"


def claims_on(text: str, words: Vocabulary) -> frozenset[tuple[str, str]]:
    """(table, column) for each column that a header may be, its unit or its second language aside."""
    if _SIMPLE_NUMBER.fullmatch(text):
        return frozenset()
    label = split_header(without_caption(text))[0]
    texts = (text, label, *halves(label)[:1], _OF_NOW.sub("", label))
    return frozenset((c.table, c.column) for t in texts for c in words.get(key(t), ()))


_OF_NOW = re.compile(r"^([本当今][日周月季年]度?|[月年]度|季度)(?=.)")  # 当日销售额 heads amounts
_SIMPLE_NUMBER = re.compile(r"\s*[-+]?\d[\d,.]*\s*")


@_remembered
def _facts(text: str, known: bool) -> tuple[bool, bool, bool, bool, bool]:
    if _SIMPLE_NUMBER.fullmatch(text):
        return (False, False, True, False, False)
    if parse_number(text) is not None:
        return (False, parse_span(text) is not None, True, False, False)
    label, unit = split_header(text)
    period = not known and parse_span(text) is not None
    if not known and not period and (find_span(label) is not None or names_a_day(text)):  # "1月目标"
        period = True
    return (known, period, False, False, unit is not None and not label)
