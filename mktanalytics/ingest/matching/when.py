"""When a block's figures happened: what title, sheet and file name say, and the years of its month headers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from mktanalytics.ingest.matching.reading import Role
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.numbers import normalise
from mktanalytics.periods import LENGTHS, Period, Span, find_span, parse_period, parse_span, roll_years


@dataclass(frozen=True)
class When:
    """The period that is said around a block, and where; `year` may be known when no more is."""

    span: Span | None = None
    source: str = ""  # rule, title, sheet or file
    conflict: tuple[str, str] | None = None
    begins: Span | None = None  # the first month of 2025年11月至2026年2月
    ends: Span | None = None  # the last

    @property
    def year(self) -> int | None:
        return self.span.year if self.span else None

    @property
    def period(self) -> Period | None:
        return self.span.at() if self.span else None

    @property
    def of_year(self) -> When:
        """The year that the period is in."""
        return replace(self, span=Span("year", 1, self.year) if self.year else None)


def period_around(titles: Sequence[str], sheet: str, file: str, rule_month: str = "") -> When:
    """What is said nearest to the block counts; what is said further away fills in the year."""
    if rule_month:
        stated = parse_period(rule_month)
        return When(find_span(rule_month) if stated else None, "rule")
    if any(_SEVERAL.match(normalise(t)) for t in titles):
        return When()
    said = [("title", find_span(_about(t))) for t in titles]
    said += [("sheet", find_span(sheet)), ("file", find_span(PurePosixPath(file).stem))]
    spans = [(source, span) for source, span in said if span]
    if not spans:
        texts = (*titles, sheet, PurePosixPath(file).stem)
        begins, ends = next((r for t in texts if (r := _range(_about(t)))), (None, None))
        return When(begins=begins, ends=ends)
    source, span = spans[0]
    for other_source, other in spans[1:]:
        joined = _within(span, other)
        if joined is None:
            return When(span, source, (f"{source}: {shown(span)}", f"{other_source}: {shown(other)}"))
        span = joined
    return When(span, source)


_SEVERAL = re.compile(  # 月份：(多项) over a pivot: some months, and nobody says which
    r"(?:年|月|年月|年份|月份|季度|周|日期|year|month|quarter|week|date)\s*:\s*\(?(?:多项|multiple items)",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"(?:导出|打印|制表|制单|填表|填报|下载|生成|更新|刷新|报送|上报|提交|发布|编制|创建|查询|抓取|采集)(?:时间|日期|时点|日|于)\s*[:：]?\s*[^;；,，|\s]*(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?:(?:\s*[~～至到—–]\s*|\s+-\s+)[^;；,，|\s]+)?"
    r"|\b(?:(?:exported|printed|created|generated|downloaded|published|prepared|updated|refreshed|extracted|submitted)(?:\s+(?:on|at|by))?|(?:run|print|export|creation|refresh) (?:date|time))\b\s*[:：]?\s*[^;；|]*",
    re.IGNORECASE,
)


_FROM_TO = re.compile(
    r"\d[日号]?\s*(?:[~～至到—–]|\s-\s|\bto\b)\s*\d", re.IGNORECASE
)  # 查询日期：2025-07-01~2025-07-31


def _about(title: str) -> str:
    """A title without the day on which the sheet was made: 2025年8月销售 导出时间：2025-09-30 10:23; days from and to stay."""
    return _MADE.sub(lambda made: made[0] if _FROM_TO.search(made[0]) else " ", title)


_RANGE = re.compile(
    r"(20\d\d)\s*[年./-]\s*(\d{1,2})\s*月?\s*(?:至|到|~|—|–|-|to)\s*(20\d\d)\s*[年./-]\s*(\d{1,2})(?!\d)"
)


_OCCASION = re.compile(
    r"双\s*(?:11|十一|12|十二)|6\.?18|38节|女神节|年货节|开学季|春节|元旦|元宵|清明|五一|劳动节|端午|中秋|国庆|十一黄金周|暑期|寒假|旺季|淡季"
    r"|\b(?:double 1[12]|black friday|cyber monday|christmas|ramadan|lebaran|cny campaign|prime day)\b",
    re.IGNORECASE,
)


def occasion(texts: Sequence[str]) -> str:
    """The feast or sale that the words around a block speak of, which is but a part of a year; "" if they name none."""
    return next((m[0] for t in texts if (m := _OCCASION.search(t.replace("_", " ")))), "")


_RANGE_EN = re.compile(
    r"\b([a-z]{3,9}\.?\s+20\d\d)\s*(?:~|—|–|-|to\b)\s*([a-z]{3,9}\.?\s+20\d\d)\b", re.IGNORECASE
)


def _range(text: str) -> tuple[Span, Span] | None:
    """The ends of 2025年11月至2026年2月, or Nov 2025 - Feb 2026; None where no months are the ends of a range."""
    if found := _RANGE_EN.search(text):
        first, last = parse_span(found[1]), parse_span(found[2])
        months = first and last and first.length == last.length == "month"
        return (first, last) if months and first and last else None
    found = _RANGE.search(text)
    if not found or not 1 <= int(found[2]) <= 12 or not 1 <= int(found[4]) <= 12:
        return None
    return Span("month", int(found[2]), int(found[1])), Span("month", int(found[4]), int(found[3]))


def year_of(month: int, when: When) -> int | None:
    """The year of a month within a range of twelve at most: 1月 under 2025年11月至2026年2月 is of 2026, 5月 of none."""
    if when.begins is None or when.ends is None:
        return None
    first, last = when.begins.at(), when.ends.at()
    years = {y for y in (when.begins.year, when.ends.year) if y}
    inside = [y for y in years if first and last and first.start <= dt.date(y, month, 1) <= last.start]
    return inside[0] if len(inside) == 1 else None


def _within(near: Span, far: Span) -> Span | None:
    """The finer of two spans, with the year of either; None if neither holds the other."""
    year = near.year or far.year
    if near.year and far.year and near.year != far.year:
        return None
    if near.lacks_month or far.lacks_month:
        return _day_within(near, far, year)
    one, other = near.at(year or 2024), far.at(year or 2024)
    if one is None or other is None:
        return None
    if other.contains(one) or (far.cumulative and one.start <= other.start):
        return replace(near, year=year)
    if one.contains(other):
        return replace(far, year=year)
    return None


def _day_within(near: Span, far: Span, year: int | None) -> Span | None:
    """5日 of a sheet in 2026年9月 of its file."""
    day, other = (near, far) if near.lacks_month else (far, near)
    if other.length == "month":
        return replace(day.in_month(other), year=year)
    if other.length == "day" and other.number % 100 == day.number:
        return replace(other, year=year)
    return replace(day, year=year) if other.length == "year" else None


def shown(span: Span) -> str:
    """A span in words, its year where it has one."""
    period = span.at(span.year or 2024)
    text = period.label() if period else str(span.number)
    return text if span.year else text.removeprefix("2024年")


PARTS = ("month", "quarter", "half")  # of a year


@dataclass(frozen=True)
class HeadPeriods:
    """Position of each period heading → its period; positions of coarser ones that only sum them up."""

    periods: dict[int, Period]
    spans: dict[int, Span]  # where the year stands in a column of its own
    sums: dict[int, tuple[int, ...]]  # a quarter or year among months → the positions it sums
    problem: str = ""  # no_period, months_backwards or week_not_monday
    shown: str = ""


def head_periods(
    headings: Sequence[Heading], roles: Sequence[Role], when: When, year_in_row: bool, compared: bool
) -> HeadPeriods:
    """The periods that head columns, years filled in where they are left out and where they roll over.

    Figures that are `compared` over years are of the part of the year that the title names.
    """
    places = [i for i, r in enumerate(roles) if r.kind == "period"]
    if not places:
        return HeadPeriods({}, {}, {})
    spans = {i: _with_month(s, when) for i in places if (s := headings[i].span)}
    spans = _in_part(spans, when) if compared else spans
    finest = min((s.length for s in spans.values()), key=LENGTHS.index)
    fine = {i: s for i, s in spans.items() if s.length == finest}
    coarse = {i: s for i, s in spans.items() if s.length != finest}
    coarse |= {
        i: s for i, r in enumerate(roles) if r.kind == "total" and (s := headings[i].span)
    }  # 小计 under 第一季度
    sums = {i: _parts(s, fine) for i, s in coarse.items()}
    unique = list(dict.fromkeys(fine.values()))
    shown = " ".join(headings[i].written for i in fine)
    if year_in_row and not any(s.year for s in unique):
        return HeadPeriods({}, fine, sums)
    newest = when.span is not None and when.span.length == finest and unique[-1].number == when.span.number
    ends = {unique[0].number, unique[-1].number} if finest == "month" else set()
    if when.begins is not None and when.begins.number in ends:
        rolled = _from(when, unique) or _rolled(unique, when.begins.year, "oldest")
    else:
        rolled = _rolled(unique, when.year, "newest" if newest else "")
    if rolled is None:
        if finest == "week" and when.year and min(s.number for s in unique) > 53:
            return HeadPeriods({}, fine, sums, "week_not_monday", shown)
        nameless = not any(s.year for s in unique) and when.year is None
        return HeadPeriods({}, fine, sums, "no_period" if nameless else "months_backwards", shown)
    periods = dict(zip(unique, rolled, strict=True))
    return HeadPeriods({i: periods[s] for i, s in fine.items()}, fine, sums)


def _with_month(span: Span, when: When) -> Span:
    """1日 2日 3日 across, in the month of the title."""
    in_month = span.lacks_month and when.span is not None and when.span.length == "month"
    return span.in_month(when.span) if in_month and when.span else span


def _in_part(spans: dict[int, Span], when: When) -> dict[int, Span]:
    """2024年 and 2023年 across under 2024年10月 or 三季度: that part of each year."""
    part, years = when.span, {s.year for s in spans.values()}
    if part is None or part.length not in PARTS or part.cumulative or when.source not in ("title", "sheet"):
        return spans
    if any(s.length != "year" or s.cumulative for s in spans.values()) or part.year not in (None, *years):
        return spans
    return {i: replace(part, year=s.year) for i, s in spans.items()}


def _from(when: When, months: list[Span]) -> list[Period] | None:
    """Months of the twelve that begin with one whose year is known: 12月 1月 under 2025年12月至2026年1月."""
    if any(m.year for m in months) or len({m.number for m in months}) < len(months):
        return None
    periods = [m.at(year_of(m.number, when)) for m in months]
    return [p for p in periods if p] if all(periods) else None


def _rolled(spans: list[Span], year: int | None, year_is: str) -> list[Period] | None:
    if all(s.year for s in spans):
        periods = [s.at() for s in spans]
        return [p for p in periods if p] if all(periods) else None
    if spans[0].length == "year":
        return None
    rolled = roll_years(spans, year, year_is=year_is)
    return rolled if rolled is not None and len(rolled) == len(spans) else None


def _parts(coarse: Span, fine: dict[int, Span]) -> tuple[int, ...]:
    year = coarse.year or 2024
    whole = coarse.at(year)
    inside = {i: s.at(s.year or year) for i, s in fine.items()}
    return tuple(i for i, p in inside.items() if whole and p and whole.contains(p))
