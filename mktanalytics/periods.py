"""Text → span of time: 2026年10月, 202610, Oct-26, 2026Q1, 一季度, 1-10月累计, W35; alone, in a header, in a file name."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from mktanalytics.span_patterns import DAY, HINT, PATTERNS, TO
from mktanalytics.spans import FIRST_YEAR, LAST_YEAR, LENGTHS, Length, Period, Span, add_months
from mktanalytics.text import join_cjk, simplified
from mktanalytics.units import LONGEST_HEADER
from mktanalytics.workdays import (
    DayCount,
    fiscal_year,
    is_jan_feb,
    month_range,
    spring_festival,
    working_days,
)

__all__ = [
    "LENGTHS", "DayCount", "Length", "Period", "Span", "add_months", "as_months", "find_period", "find_span",
    "fiscal_year", "is_cumulative", "is_jan_feb", "month_range", "parse_period", "parse_span", "roll_years",
    "split_period", "split_span", "spring_festival", "working_days",
]  # fmt: skip

_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_CUMULATIVE = re.compile(
    r"(?:本年度?|年初至今|年)?\s*(?:累计数?|累積|年初至今|\bytd\b|\byear[ -]to[ -]date\b)|截[至止]到?|^至",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"去年|上年|同期|昨年|前年|明年|次年|last year|prior year|\bl\.?y\b|\bp\.?y\b", re.IGNORECASE
)
_NOT_AFTER = re.compile(r"(?:近|过去|滚动|每|上|未来|满|第|前)\s*$")
_LEFT_OVER = re.compile(r"\d\s*[月日周]|旬|季度|半月")  # of a period nobody understood: 10月上旬, 10月5-7日


def _plain(text: str) -> str:
    """Normalised, with 二〇二六年 in digits."""
    return re.sub(
        r"[〇零一二三四五六七八九]{4}(?=年)",
        lambda m: m[0].translate(_HAN_DIGITS),
        join_cjk(simplified(text)),
    )


@lru_cache(maxsize=65536)
def parse_span(text: str) -> Span | None:
    """The span that the whole of `text` names, with or without its year; None if it names none."""
    plain = _plain(text).strip("()[]【】 ")
    if len(plain) > LONGEST_HEADER:
        return None
    bare = _CUMULATIVE.sub("", plain).strip(" -_()")
    cumulative = bare != plain.strip(" -_()")
    for pattern in PATTERNS if HINT.search(bare) else ():
        found = pattern.regex.fullmatch(bare)
        span = pattern.build(found) if found else None
        if span:
            return replace(span, cumulative=cumulative or span.cumulative)
    return None


def parse_period(
    value: str | float | dt.date, *, year: int | None = None, month: int | None = None
) -> Period | None:
    """The period that a cell or header names; `year` and `month` fill in what it leaves out (`10月`, `5日`).

    None for whatever is not certainly a period: 1200, 12.5, `10月目标` (see `split_period`), `10月` without
    a year. A real date is a day (see `as_months`). `累计` alone names no span: see `is_cumulative`.
    """
    if isinstance(value, dt.date):
        day = value.date() if isinstance(value, dt.datetime) else value
        return Period(day, "day")
    if isinstance(value, int | float):
        return _from_number(float(value))
    span = parse_span(value)
    if span is None and month and (found := re.fullmatch(DAY, join_cjk(value))):
        span = Span("day", int(found["d"]))
    if span and span.lacks_month and month:
        span = span.in_month(Span("month", month))
    return span.at(year) if span else None


def _from_number(value: float) -> Period | None:
    """2026, 202610 and 20261005; 2026.11 too, but not 2026.1, which is January or a shortened 2026.10."""
    whole = int(value) if value == value and abs(value) < 1e9 else 0
    if whole == value:
        span = parse_span(str(whole)) if len(str(whole)) in (4, 6, 8) else None
        return span.at() if span else None
    if FIRST_YEAR <= whole <= LAST_YEAR and re.fullmatch(r"\d{4}\.(0[1-9]|1[12]|[2-9])", repr(value)):
        span = parse_span(repr(value))
        return span.at() if span else None
    return None


def is_cumulative(text: str) -> bool:
    """Whether `text` says that its figures run from the start of the year: 本年累计, YTD, 截至10月, 1-10月."""
    span = parse_span(text)
    return bool(_CUMULATIVE.search(join_cjk(text))) or (span is not None and span.cumulative)


class _Found(NamedTuple):
    span: Span
    start: int
    end: int


def _spans(plain: str) -> list[_Found] | None:
    """The spans named within `plain`, left to right, the longest at each place; None if one is half of a range."""
    found = [
        _Found(span, m.start(), m.end())
        for p in (PATTERNS if HINT.search(plain) else ())
        if p.inside
        for m in p.regex.finditer(plain)
        if not _NOT_AFTER.search(plain[: m.start()]) and (span := p.build(m))
    ]
    kept: list[_Found] = []
    for one in sorted(found, key=lambda f: (f.start, -f.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    ranged = any(
        re.match(rf"{TO}(?:\d|Q\d)", plain[f.end :]) or re.search(rf"[\d月日年]{TO}$", plain[: f.start])
        for f in kept
    )
    return None if ranged else kept


def _one(found: list[_Found]) -> Span | None:
    """The finest of the spans if it lies within all the others: 2026年 … 10月 → 2026年10月."""
    by_days = [f for f in found if f.span.length == "week" and f.span.number > 53]
    if by_days:  # 第35周(8/24-8/30): the days say which week it is
        found = [f for f in found if f.span.length != "week" or f in by_days]
    years = {f.span.year for f in found} - {None}
    if not found or len(years) > 1:
        return None
    year = next(iter(years), None)
    finest = min((f.span for f in found), key=lambda s: LENGTHS.index(s.length))
    if by_days and all(f.span.length == "year" for f in found if f not in by_days):
        return replace(by_days[0].span, year=year) if len(by_days) == 1 else None
    trial = year or 2024  # a leap year: only whether they are nested is asked
    inner = finest.at(trial)
    outer = [f.span.at(trial) for f in found]
    if inner is None or not all(p and p.contains(inner) for p in outer):
        return None
    cumulative = any(f.span.cumulative for f in found)
    return replace(finest, year=year, cumulative=cumulative)


@lru_cache(maxsize=65536)
def split_span(text: str) -> tuple[Span | None, str]:
    """The span within a header and what is left: `1月目标`, `目标1月`, `2026年10月销售额(万元)`, `Mar-25 actual`.

    (None, text) if there is no span, if several disagree, if it is part of a range, or if it is relative (去年10月).
    """
    plain = _plain(text)
    if span := parse_span(plain):
        return span, ""
    found = None if len(plain) > LONGEST_HEADER or _RELATIVE.search(plain) else _spans(plain)
    one = _one(found) if found else None
    if one is None or found is None:
        return None, plain
    rest = plain
    for part in reversed(found):
        rest = f"{rest[: part.start]} {rest[part.end :]}"
    if _LEFT_OVER.search(rest):
        return None, plain
    without = _CUMULATIVE.sub(" ", rest)
    one = replace(one, cumulative=one.cumulative or without != rest)
    rest = re.sub(r"[(\[【]\s*[)\]】]", "", join_cjk(without))
    return one, join_cjk(rest.strip(" -_/:：,，、·的"))


def split_period(text: str, *, year: int | None = None) -> tuple[Period | None, str]:
    """`split_span` with the year filled in; (None, text) where no year is known."""
    span, rest = split_span(text)
    period = span.at(year) if span else None
    return (period, rest) if period else (None, join_cjk(text))


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")  # SalesMay2026.xlsx


@lru_cache(maxsize=4096)
def find_span(text: str) -> Span | None:
    """The one span that a title or file name speaks of; None if there is none, or several disagree."""
    return split_span(_CAMEL.sub(" ", text))[0]


def find_period(text: str, *, year: int | None = None) -> Period | None:
    """The one period that a title or file name speaks of: `华东区2026年10月销售明细（终稿v2）.xlsx`, `sales_202610.xlsx`."""
    span = find_span(text)
    return span.at(year) if span else None


def as_months(periods: Sequence[Period]) -> list[Period]:
    """Real dates that head columns and are all the first of a month stand for those months."""
    firsts = {p.start for p in periods if p.length == "day" and p.start.day == 1}
    if len(periods) > 1 and len(firsts) == len(periods):
        return [Period(p.start, "month") for p in periods]
    return list(periods)


def roll_years(spans: Sequence[Span], year: int | None = None, *, year_is: str = "") -> list[Period] | None:
    """Headers in order, years filled in where they roll over: 11月 12月 1月 2月, or newest first.

    A year written in any of them counts; else `year`, which is of the `"newest"` or the `"oldest"` of them
    (`year_is`). None where the order runs neither way, or where it rolls over and nobody says which year it is.
    """
    if all(s.year for s in spans):
        bases, offsets = {0}, [s.year or 0 for s in spans]
    elif (found := _offsets(spans)) is None:
        return None
    else:
        offsets = found
        bases = {s.year - o for s, o in zip(spans, offsets, strict=True) if s.year}
        if not bases and year is not None and (len(set(offsets)) == 1 or year_is):
            bases = {year - (max(offsets) if year_is == "newest" else min(offsets))}
    if len(bases) != 1:
        return None
    base = bases.pop()
    periods = [replace(s, year=base + o).at() for s, o in zip(spans, offsets, strict=True)]
    return [p for p in periods if p] if all(periods) else None


_IN_A_YEAR = {"month": 12, "quarter": 4, "half": 2}


def _offsets(spans: Sequence[Span]) -> list[int] | None:
    """Years since the first span, in the one direction that the order allows; None if it allows none."""
    lengths = {s.length for s in spans}
    if len(lengths) != 1 or len({s.number for s in spans}) < len(spans):
        return None
    steps = [b.number - a.number for a, b in pairwise(spans)]
    cycle = _IN_A_YEAR.get(spans[0].length, 0)
    turning = [d for d in (1, -1) if cycle and steps and all((s - d) % cycle == 0 for s in steps)]
    turning = [d for d in turning if any(s != d for s in steps)]
    straight = all(s > 0 for s in steps) or (max(steps, default=0) < 0 and len(set(steps)) == 1)
    if lengths == {"week"} and min(s.number for s in spans) > 53:  # by their Mondays, oldest first
        return (
            [sum(s < 0 for s in steps[:i]) for i in range(len(spans))]
            if sum(s < 0 for s in steps) < 2
            else None
        )
    if lengths == {"week"} and any(s not in (1, -1) for s in steps):
        return None  # W52 W1: backwards, or over the new year?
    if straight and not turning:
        return [0] * len(spans)
    if straight and lengths == {"half"}:  # 上半年 下半年: never the first half of the year after
        return [0] * len(spans)
    if straight or len(turning) != 1:  # "12月 1月" alone: backwards, or over the new year?
        return None
    direction = turning[0]
    turns = [0]
    for step in steps:
        turns.append(turns[-1] + (direction if step != direction else 0))
    return turns
