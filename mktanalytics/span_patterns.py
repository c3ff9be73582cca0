"""The spellings of a span of time: one pattern each, and the span it builds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from mktanalytics.spans import Length, Span

_ENGLISH = {
    name: i
    for i, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_CHINESE = {h: i for i, h in enumerate("一 二 三 四 五 六 七 八 九 十 十一 十二".split(), 1)}  # noqa: SIM905


_Y4 = r"(?P<y>19[89]\d|20[0-7]\d)"
_Y = r"(?P<y>19[89]\d|20[0-7]\d|\d\d(?=\s*(?:年|财年)))"  # two digits only before 年
_YE = r"(?P<y>19[89]\d|20[0-7]\d|(?<=[-'/])\d\d|(?<=\s')\d\d)"  # and after Oct- or Oct'
_M, DAY = r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_NEXT_Y = r"(?:19[89]\d|20[0-7]\d)"
_NAMES = "|".join(sorted(_ENGLISH, key=len, reverse=True))
_EN = rf"(?P<en>{_NAMES})(?![a-z])\.?"
_HAN_MONTHS = "|".join(sorted(_CHINESE, key=len, reverse=True))
_HAN = rf"(?P<han>{_HAN_MONTHS})"
_NUM = r"(?P<n>[1-4]|[一二三四])"
TO = r"\s*(?:-|~|–|—|至|到|\bto\b)\s*"
_CLOCK = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_IN_YEAR = rf"(?:{_Y}\s*(?:年度?|[-_./])?\s*)?"

_EDGE = r"(?:(?<![0-9a-z])|(?<=[a-z])(?=\d{4}\s*年))"  # "vs2025年10月" counts, "ID202610" does not


def _month_range(found: re.Match[str]) -> Span | None:
    """1-10月 is the year up to October; 4-6月 a quarter; 3-5月 nothing we have a name for."""
    first, last = _month_number(found["first"]), _month_number(found["last"])
    years = {_year(found["y"]), _year(found["y2"])} - {None}
    if len(years) > 1:
        return None
    year = next(iter(years), None)
    if first == 1 and last > 1:
        return Span("month", last, year, cumulative=True)
    if last - first == 2 and first % 3 == 1:
        return Span("quarter", last // 3, year)
    return Span("half", 2, year) if (first, last) == (7, 12) else None


def _day(found: re.Match[str]) -> Span:
    return Span("day", int(found["m"]) * 100 + int(found["d"]), _year(found.groupdict().get("y")))


def _english_day(found: re.Match[str]) -> Span:
    return Span("day", _month_number(found["en"]) * 100 + int(found["d"]), _year(found["y"]))


def _bare_day(found: re.Match[str]) -> Span:
    return Span("day", int(found["d"]))


def _seven_days(found: re.Match[str]) -> Span | None:
    """8/24-8/30 is a week; whether it begins on a Monday shows when its year is known."""
    first = int(found["m"]), int(found["d"])
    last = int(found["m2"] or found["m"]), int(found["d2"])
    year = _year(found["y"])
    for y in (year,) if year else (2023, 2024):  # a common year and a leap year
        try:
            start, end = dt.date(y, *first), dt.date(y + (last < first), *last)
        except ValueError:
            continue
        if (end - start).days == 6:
            return Span("week", first[0] * 100 + first[1], year)
    return None


def _whole(start: dt.date, end: dt.date) -> Span | None:
    """The month, quarter, half, year or week that runs from one day to the other; a day, where they are one."""
    after = end + dt.timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if start == end:
        return Span("day", start.month * 100 + start.day, start.year)
    if (end - start).days == 6 and start.weekday() == 0:
        return Span("week", start.month * 100 + start.day, start.year)
    if start.day != 1 or after.day != 1 or (start.month - 1) % months or 12 % months:
        return None
    lengths: dict[int, Length] = {1: "month", 3: "quarter", 6: "half", 12: "year"}
    return Span(lengths[months], (start.month - 1) // months + 1, start.year) if months in lengths else None


def _from_to(found: re.Match[str]) -> Span | None:
    """2025-09-01 至 2025-09-30 is September; days that are no whole span have no name."""
    year, month = int(found["y"]), int(found["m"])
    try:
        start = dt.date(year, month, int(found["d"]))
        end = dt.date(int(found["y2"] or year), int(found["m2"] or month), int(found["d2"]))
    except ValueError:
        return None
    return _whole(start, end) if start <= end else None


def _day_first_or_month(found: re.Match[str]) -> Span | None:
    """01/09/2025 - 30/09/2025: the one order in which both are days and make a whole span."""
    spans: set[Span] = set()
    for day, month in (("a", "b"), ("b", "a")):
        try:
            ends = [
                dt.date(int(found[f"y{i}"]), int(found[f"{month}{i}"]), int(found[f"{day}{i}"]))
                for i in (1, 2)
            ]
        except ValueError:
            continue
        if ends[0] <= ends[1] and (span := _whole(*ends)):
            spans.add(span)
    return spans.pop() if len(spans) == 1 else None


def _part(length: str) -> Callable[[re.Match[str]], Span]:
    def build(found: re.Match[str]) -> Span:
        word = found["n"]
        number = {"上": 1, "下": 2}.get(word) or _CHINESE.get(word) or int(word)
        return Span(length, number, _year(found.groupdict().get("y")))  # type: ignore[arg-type]

    return build


def _up_to(length: str) -> Callable[[re.Match[str]], Span]:
    """前三季度, 前10个月: the year up to the end of that quarter or month."""
    part = _part(length)
    return lambda found: replace(part(found), cumulative=True)


def _month(found: re.Match[str]) -> Span:
    groups = found.groupdict()
    word = groups.get("en") or groups.get("han") or groups["m"]
    return Span("month", _month_number(word), _year(groups.get("y")))


def _month_number(word: str) -> int:
    return _ENGLISH.get(word.casefold()) or _CHINESE.get(word) or int(word)


def _whole_year(found: re.Match[str]) -> Span:
    return Span("year", 1, _year(found.groupdict().get("y")))


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 80 else 1900)


class Pattern(NamedTuple):
    regex: re.Pattern[str]
    build: Callable[[re.Match[str]], Span | None]
    inside: bool  # may it be found within a longer text? (10/5 may not)


def _pattern(regex: str, build: Callable[[re.Match[str]], Span | None], inside: bool = True) -> Pattern:
    return Pattern(re.compile(rf"{_EDGE}{regex}(?![0-9])", re.IGNORECASE), build, inside)


PATTERNS = (
    _pattern(rf"{_Y4}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", _day),
    _pattern(rf"{_Y4}(?P<s>[-/._])\s?{_M}(?P=s)\s?{DAY}{_CLOCK}", _day),
    _pattern(rf"(?:{_Y}\s*年\s*)?{_M}\s*月\s*{DAY}\s*[日号]{_CLOCK}", _day),
    _pattern(rf"{_M}/{DAY}", _day, inside=False),
    _pattern(rf"{DAY}\s*[日号]", _bare_day, inside=False),
    _pattern(rf"{DAY}(?:st|nd|rd|th)?\s+{_EN}(?:,?\s+{_Y4})?", _english_day, inside=False),
    *(
        _pattern(
            rf"(?:{_Y4}{sep})?{_M}{mark}{DAY}日?{TO}(?:{_NEXT_Y}{sep})?(?:(?P<m2>1[0-2]|0?[1-9]){mark})?(?P<d2>3[01]|[12]\d|0?[1-9])日?",
            _seven_days,
        )
        for sep, mark in (("[/.]", "/"), ("[.]", r"\."), ("年", "月"))
    ),
    *(
        _pattern(
            rf"{_Y4}\s?{year}\s?{_M}\s?{month}\s?{DAY}\s?[日号]?{_CLOCK}{TO}(?:(?P<y2>{_NEXT_Y})\s?{year}\s?)?(?:(?P<m2>1[0-2]|0?[1-9])\s?{month}\s?)?(?P<d2>3[01]|[12]\d|0?[1-9])\s?[日号]?{_CLOCK}",
            _from_to,
        )
        for year, month in (("-", "-"), ("/", "/"), (r"\.", r"\."), ("年", "月"))
    ),
    _pattern(
        rf"{_Y4}(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01]){TO}(?P<y2>{_NEXT_Y})(?P<m2>0[1-9]|1[0-2])(?P<d2>0[1-9]|[12]\d|3[01])",
        _from_to,
    ),
    _pattern(
        rf"(?P<a1>\d\d?)(?P<s>[-/.])(?P<b1>\d\d?)(?P=s)(?P<y1>{_NEXT_Y}){TO}(?P<a2>\d\d?)(?P=s)(?P<b2>\d\d?)(?P=s)(?P<y2>{_NEXT_Y})",
        _day_first_or_month,
    ),
    _pattern(
        rf"(?:{_Y}\s*(?:年|[-./])\s*)?(?P<first>1[0-2]|0?[1-9])\s*月?份?{TO}(?:(?P<y2>19[89]\d|20[0-7]\d)\s*年\s*)?(?P<last>1[0-2]|0?[1-9])\s*月份?",
        _month_range,
    ),
    _pattern(
        rf"(?:{_Y4}\s*)?(?P<first>{_NAMES}){TO}(?P<last>{_NAMES})(?![a-z])(?:[-\s']*(?P<y2>19[89]\d|20[0-7]\d))?",
        _month_range,
    ),
    _pattern(rf"{_IN_YEAR}前{_NUM}个?季度", _up_to("quarter")),
    _pattern(rf"{_IN_YEAR}前(?P<n>1[0-2]|[1-9]|{_HAN_MONTHS})个?月", _up_to("month")),
    _pattern(rf"{_IN_YEAR}第?{_NUM}\s*季度", _part("quarter")),
    _pattern(rf"{_IN_YEAR}第{_NUM}季", _part("quarter")),
    _pattern(rf"{_IN_YEAR}Q(?P<n>[1-4])(?![a-z])", _part("quarter")),
    _pattern(rf"Q(?P<n>[1-4])[\s\-'/,_]*{_Y4}", _part("quarter")),
    _pattern(r"Q(?P<n>[1-4])\s?['\-]\s?(?P<y>\d\d)", _part("quarter")),
    _pattern(rf"(?P<n>[1-4])Q\s?['\-]?(?P<y>{_Y4[4:-1]}|\d\d)", _part("quarter")),
    _pattern(rf"{_IN_YEAR}(?P<n>[上下])半年度?", _part("half")),
    _pattern(rf"{_IN_YEAR}H(?P<n>[12])(?![a-z])", _part("half")),
    _pattern(rf"H(?P<n>[12])[\s\-'/,_]*{_Y4}", _part("half")),
    _pattern(rf"(?P<n>[12])H\s?['\-]?(?P<y>{_Y4[4:-1]}|\d\d)", _part("half")),
    _pattern(rf"{_IN_YEAR}第?(?P<n>5[0-3]|[1-4]\d|0?[1-9])周", _part("week")),
    _pattern(rf"{_IN_YEAR}(?:W|WK|Week)[ \-]?(?P<n>5[0-3]|[1-4]\d|0?[1-9])(?![a-z])", _part("week")),
    _pattern(rf"{_Y}\s*年\s*{_M}\s*月[份度]?", _month),
    _pattern(rf"{_Y}\s*年\s*{_HAN}月份?", _month),
    _pattern(rf"{_Y4}\s?[-/._ ]\s?{_M}(?:\s?月份?)?(?![-/.]\d)", _month),
    _pattern(rf"{_Y4}(?P<m>0[1-9]|1[0-2])", _month),
    _pattern(rf"{_EN}[-\s'/,_]*{_YE}", _month),
    _pattern(rf"{_Y4}[-\s/,_]*{_EN}", _month),
    _pattern(rf"{_M}\s*月[份度]?", _month),
    _pattern(rf"{_HAN}月份?", _month),
    _pattern(rf"{_EN}(?!\s*[-'/]?\s*\d)", _month),
    _pattern(rf"{_Y}\s*(?:财年|年度?)(?:全年)?", _whole_year),
    _pattern(rf"(?:FY|CY)[\s\-']?(?P<y>{_Y4[4:-1]}|\d\d)", _whole_year),
    _pattern(_Y4, _whole_year),
    _pattern(r"全年", _whole_year),
)

# what a text must hold for any of the patterns to match: most texts of a sheet are spared the search
HINT = re.compile(
    r"19[89]\d|20[0-7]\d|\d/\d|\d\.\d{1,2}日?\s*[-~–—至到t]|[年月日号季周半QHW]|FY|CY|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    re.IGNORECASE,
)
