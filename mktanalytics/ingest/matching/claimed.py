"""Headings that are columns of a table: by a word it knows, in two languages, or nearly spelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from mktanalytics.ingest.matching.reading import Profile, Role
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.shop_figures import is_shop_figure
from mktanalytics.ingest.sheets.vocabulary import (
    FUZZY_SHORTEST,
    NEAR_SHORTEST,
    Claim,
    Vocabulary,
    halves,
    is_derived,
    is_total,
)
from mktanalytics.numbers import key
from mktanalytics.schema import Column, Table

FUZZY_CUTOFF = 84.0  # 产品名稱 passes for 产品名称 in five letters or more; 销售量 never for 销售额
JOINED = 0.06  # 科目 under 明细 is no 明细科目 where another heading is one
NEAR_CUTOFF = 74.0  # 费用部们 may be 费用部门: told, not read
_LINE_ITEM = re.compile(r"line ?item\b", re.IGNORECASE)
_DAYS = re.compile(r"(日期|时间|date)$", re.IGNORECASE)
_EXTRA, _BLANK = Role("extra"), Role("blank")
OF_PERIOD = {
    length: re.compile(rf"^(?:{words})\s*", re.IGNORECASE)
    for length, words in {
        "day": r"本期|本日|当日|今日|日|today'?s?\b|daily\b",
        "week": r"本期|本周|当周|周|(?:this )?week\b|weekly\b",
        "month": r"本期|本月|当月|月度|(?:this |current )?month\b|monthly\b",
        "quarter": r"本期|本季度?|当季|季度|(?:this |current )?quarter\b|quarterly\b",
        "year": r"本期|本年度?|年度|全年|annual\b|full[- ]year\b|(?:this |current )?year\b|yearly\b",
    }.items()
}


def claims_of(table: Table, text: str, words: Vocabulary) -> tuple[Claim, ...]:
    """The columns of the table that go by exactly this text."""
    return words.of_table[table.name].get(key(text), ())


def column_roles(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    words: Vocabulary,
    own: re.Pattern[str] | None,
) -> list[Role]:
    tops = Counter(h.levels[0] for h in headings if h.levels)
    offers = [
        (score, -i, column, specific, fuzzy)
        for i, heading in enumerate(headings)
        if heading.span is None and heading.levels and not heading.cumulative
        for column, score, specific, fuzzy in _offers(
            table, heading, words, own, lone=tops[heading.levels[0]] == 1
        )
        if _suits(table.column(column), profiles[i])
    ]
    roles = [_EXTRA if h.levels or h.span else _BLANK for h in headings]
    taken: set[str] = set()
    for score, position, column, specific, fuzzy in sorted(offers, key=lambda o: (-o[0], -o[1], o[2])):
        i = -position
        if roles[i].kind == "column":
            continue
        if column in taken:
            if roles[i].also == "":
                roles[i] = Role("extra", also=column, score=score, specific=specific, runner_up=fuzzy)
            continue
        taken.add(column)
        roles[i] = Role("column", column, score=score, specific=specific, runner_up=fuzzy)
    if (place := _of_orders(roles, headings)) is not None:
        roles[place] = Role("column", "order_id", score=0.9)
    if (place := _of_currencies(table, roles, profiles, taken)) is not None:
        roles[place] = Role("column", "currency", score=0.9)
    for i, (heading, profile) in enumerate(zip(headings, profiles, strict=True)):
        if roles[i] is _EXTRA and heading.span is None:
            near = _near(table, heading, words, taken) or _time_of(table, heading, profile, words, taken)
            roles[i] = Role("extra", near=near) if near else _EXTRA
    return roles


def _of_orders(roles: Sequence[Role], headings: Sequence[Heading]) -> int | None:
    """Name beside Lineitem quantity and Lineitem name: the name of an order is its number."""
    lines = any(
        r.column == "units" and _LINE_ITEM.match(h.label) for h, r in zip(headings, roles, strict=True)
    )
    if not lines or any(r.column == "order_id" for r in roles):
        return None
    return next((i for i, h in enumerate(headings) if key(h.label) == "name"), None)


def _of_currencies(
    table: Table, roles: Sequence[Role], profiles: Sequence[Profile], taken: set[str]
) -> int | None:
    """The one column that nobody knows and whose every cell is the name of a currency, whatever its header says."""
    if "currency" not in table.names or "currency" in taken:
        return None
    found = [
        i
        for i, (r, p) in enumerate(zip(roles, profiles, strict=True))
        if r.kind in ("extra", "blank") and not r.also and 0 < p.filled == p.currencies
    ]
    return found[0] if len(found) == 1 else None


def _time_of(table: Table, heading: Heading, profile: Profile, words: Vocabulary, taken: set[str]) -> str:
    """`date` or `month`, where the table needs one and a column of times that nobody knows may be it: 到仓日期, 活动时间."""
    if profile.filled == 0 or profile.dates * 2 < profile.filled or not _DAYS.search(heading.label):
        return ""
    needed = {*table.required, *(c for g in table.one_of for c in g)}
    if "date" in needed:
        return "" if "date" in taken else "date"
    return "month" if "month" in needed and "month" not in taken and key(heading.label) not in words else ""


def _near(table: Table, heading: Heading, words: Vocabulary, taken: set[str]) -> str:
    """A column that nothing else on the sheet is, which the heading names with other content, or nearly names."""
    for text in dict.fromkeys((heading.label, heading.leaf)):
        named = [c.column for c in claims_of(table, text, words)]
        if key(text) not in words and not is_shop_figure(text):
            similar = _similar(table, key(text), words, NEAR_CUTOFF)
            named = [c.column for word, _, c in similar if not _qualified(key(text), word)]
        if free := [c for c in named if c not in taken]:
            return free[0]
    return ""


def _offers(
    table: Table, heading: Heading, words: Vocabulary, own: re.Pattern[str] | None, *, lone: bool
) -> list[tuple[str, float, bool, str]]:
    """(column, score, specific, runner-up) for each column the heading may be."""
    texts = [*_spellings(heading.label, heading.levels)]
    if own is not None and own.match(heading.label):  # 本月销售额 under a title that names the month
        texts.append(own.sub("", heading.label))
    if lone:  # 销售额 over 本月: a group of one column names it
        texts.append(heading.levels[0])
    alone = {c.column for c in claims_of(table, heading.leaf, words)}
    exact = [
        (c.column, c.score - n / 100 - (JOINED if alone - {c.column} else 0.0), c.own, "")
        for n, text in enumerate(dict.fromkeys(texts))
        for c in claims_of(table, text, words)
    ]
    return exact or _in_two_languages(table, heading.label, words) or _fuzzy(table, heading.label, words)


def _in_two_languages(table: Table, text: str, words: Vocabulary) -> list[tuple[str, float, bool, str]]:
    """区域 Region: what the Chinese says, unless the English says something else."""
    if not (parts := halves(text)):
        return []
    han, latin = (claims_of(table, part, words) for part in parts)
    agreed = {c.column for c in latin}
    if not agreed and key(parts[1]) in words:
        return []  # 金额 Units: one of the two is wrong
    return [(c.column, c.score - 0.05, c.own, "") for c in han if not agreed or c.column in agreed]


@lru_cache(maxsize=4096)  # the same for every table
def _spellings(label: str, levels: tuple[str, ...]) -> tuple[str, ...]:
    """The texts by any of which a table may know a heading."""
    return label, _composed(levels), levels[-1], unnumbered(label), *_languages(label)


def _composed(levels: Sequence[str]) -> str:
    """产品信息 over 编码 is 产品编码."""
    return "".join(re.sub(r"(信息|资料|情况|数据|明细)$", "", level) for level in levels)


def nearest_column(table: Table, text: str, words: Vocabulary) -> str:
    """The column whose name an unknown header most resembles (部们, 责任部们); "" if it resembles none."""
    wanted = key(text)
    names = words.spelt[table.name][NEAR_SHORTEST]
    found = process.extractOne(
        wanted, names, scorer=fuzz.ratio, score_cutoff=50.0 if len(wanted) <= 3 else 70.0
    )
    if not found or (len(wanted) <= 3 and len(found[0]) != len(wanted)):
        return ""
    return words.of_table[table.name][found[0]][-1].column


def _languages(text: str) -> list[str]:
    """部门 and Department of `部门 Department`, `部门/Department` or `Department（部门）`."""
    chinese = "".join(re.findall(r"[\u4e00-\u9fff]+", text))
    latin = " ".join(re.findall(r"[A-Za-z][A-Za-z.&'\-]*", text))
    return [chinese, latin] if chinese and len(latin) > 2 else []  # 商品ID is one name


def unnumbered(text: str) -> str:
    """性别 of `1、性别`."""
    return re.sub(r"^\s*(?:第\s*)?\d{1,3}\s*(?:题)?\s*[、.．:：]\s*", "", text)


def _fuzzy(table: Table, text: str, words: Vocabulary) -> list[tuple[str, float, bool, str]]:
    wanted = key(text)
    if len(wanted) < FUZZY_SHORTEST or wanted in words or is_derived(text) or is_total(text):
        return []
    if is_shop_figure(text):
        return []  # Orders are no order's number
    found = [f for f in _similar(table, wanted, words, FUZZY_CUTOFF) if not _qualified(wanted, f[0])]
    if not found:
        return []
    second = f"{found[1][2].column} {found[1][1]:.0f}" if len(found) > 1 else "-"
    return [(found[0][2].column, found[0][1] / 100 * 0.9, False, second)]


def _qualified(wanted: str, word: str) -> bool:
    """Whether a Chinese text only adds a letter to the word, or lacks one: 未出库数量 is no 出库数量, 收货地址 no 收货地址（省）.

    The same letter twice (产产品名称) is a slip.
    """
    short, long = sorted((wanted, word), key=len)
    if short == long or wanted.isascii():
        return False
    return any(
        long[:i] + long[i + 1 :] == short and long[i] not in long[max(i - 1, 0) : i] + long[i + 1 : i + 2]
        for i in range(len(long))
    )


def _similar(table: Table, wanted: str, words: Vocabulary, cutoff: float) -> list[tuple[str, float, Claim]]:
    """The two words of the table nearest to a text, with their similarity."""
    if len(wanted) < FUZZY_SHORTEST:
        return []
    own, names = words.of_table[table.name], words.spelt[table.name][FUZZY_SHORTEST]
    found = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=cutoff, limit=2)
    return [(word, score, own[word][-1]) for word, score, _ in found]


def _suits(column: Column, profile: Profile) -> bool:
    """A column of figures holds figures; a date column dates (numbers may be serials)."""
    if not profile.filled:
        return True
    if column.is_number:
        return profile.numbers * 2 >= profile.filled
    if column.allowed and not column.is_number and profile.dates * 2 >= profile.filled:
        return False  # Period over 2026-07 is no length of a period
    if column.kind == "date":
        return (profile.dates + profile.numbers) * 2 >= profile.filled
    return True
