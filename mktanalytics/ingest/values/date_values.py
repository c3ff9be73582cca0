"""Cells → days and months: each spelling once, the order of day and month by the evidence of the whole column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.values.parsed import MISSING, Code, Note, NoteCode, Reading, fault_of, note
from mktanalytics.numbers import is_blank, join_cjk
from mktanalytics.periods import Period, parse_period, parse_span

_EPOCH = dt.date(1899, 12, 30)  # the reader has already dealt with 1904
_SERIALS = range(20_000, 60_001)  # 1954 to 2064
_CLOCK = re.compile(
    r"(?:T|\s+|(?<=[日号]))(?:(?:上午|下午|am|pm)\s*)?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?秒?分?\s*(?:am|pm)?(?:z|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}(?:[ T]00:00:00)?\s*")
_WEEKDAY = re.compile(
    r"[,，\s(]*(?:(?:星期|周|礼拜)[一二三四五六日天]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?)[)\s,，]*",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_NAMED = re.compile(
    r"(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?[-\s.]*(?P<m>[a-z]{3,9})|(?P<m2>[a-z]{3,9})[-\s.]*(?P<d2>\d{1,2})(?:st|nd|rd|th)?)[-\s.,]+(?P<y>\d{4}|\d{2})",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"月\s*[./、-]?\s*日|\bm{1,2}[./-]?d{1,2}\b", re.IGNORECASE
)  # a header that says 8.15 is 15 August
_POSTING = re.compile(
    r"0{0,2}(1[0-2]|[1-9])\.(20\d\d)"
)  # 008.2025: the eighth period of a year, as SAP writes it
_ENOUGH = 5  # different decimals; fewer may be days by chance
_MONTH_AND_DAY = "月日"  # what a header says, where the column shows it: 8.15, 8.31, 9.3
_DECIMAL = re.compile(r"(1[0-2]|0?[1-9])\.(\d{1,2})")
_WITH_ZERO = re.compile(r"\d{1,2}\.[123]0")  # 8.10, 8.20: as a number it would be 8.1, 8.2
_LONGEST = 100  # characters
# what a header may say: Date (dd/mm/yyyy)
_HEADER_ORDER = {
    "dmy": re.compile(r"\bd{1,2}[-/.]m{1,3}[-/.]y|日[-/.]月[-/.]年", re.IGNORECASE),
    "mdy": re.compile(r"\bm{1,3}[-/.]d{1,2}[-/.]y|月[-/.]日[-/.]年", re.IGNORECASE),
    "ymd": re.compile(r"\by{2,4}[-/.]m{1,3}[-/.]d|年[-/.]月[-/.]日", re.IGNORECASE),
}
_FEW_YEARS = 3
_ORDERS = {"dmy": NoteCode.DAY_FIRST, "mdy": NoteCode.MONTH_FIRST, "ymd": NoteCode.YEAR_FIRST}


class _Parts(NamedTuple):
    """Three numbers whose order only the column can tell."""

    first: int
    second: int
    third: int
    four_digits: bool

    def read(self, order: str) -> dt.date | None:
        if self.four_digits and order == "ymd":
            return None
        parts = dict(zip(order, (self.first, self.second, self.third), strict=True))
        year = parts["y"] if self.four_digits else parts["y"] + (2000 if parts["y"] < 80 else 1900)
        return _date(year, parts["m"], parts["d"])


@dataclass(frozen=True)
class _Around:
    """What is known of a cell before it is read: the year and month of its sheet, its header, its column."""

    year: int | None = None
    month: int | None = None
    header: str = ""
    whole: bool = False  # 8.10 or 8.20 stands there, and all is text: no zero was lost, and 8.2 is the 2nd


def read_dates(
    cells: Sequence[Cell], *, year: int | None, month: int | None, header: str
) -> tuple[list[Reading], list[Note]]:
    """One `Reading` of a `datetime.date` for each distinct cell, and what the column as a whole told."""
    header = f"{header} {_MONTH_AND_DAY}" if _months_first(cells) else header
    texts = [c.strip() for c in cells if isinstance(c, str)]
    whole = any(map(_WITH_ZERO.fullmatch, texts)) and not any(isinstance(c, float) for c in cells)
    found = [_day(c, _Around(year, month, header, whole)) for c in cells]
    parts = [p for p in found if isinstance(p, _Parts)]
    certain = {r.value.year for r in found if isinstance(r, Reading) and isinstance(r.value, dt.date)}
    order = _order(parts, certain | ({year} if year else set()), header)
    readings = [_ordered(p, order) if isinstance(p, _Parts) else p for p in found]
    notes = []
    if order and parts:
        notes += note(_ORDERS[order], [c for c, p in zip(cells, found, strict=True) if isinstance(p, _Parts)])
    serials = [c for c, r in zip(cells, readings, strict=True) if _serial(c) is not None and r.value]
    return _unswap(cells, readings, parts, order, notes + note(NoteCode.EXCEL_SERIALS, serials))


def _day(cell: Cell, around: _Around) -> Reading | _Parts:
    if isinstance(cell, dt.datetime):
        return Reading(cell.date())
    if isinstance(cell, dt.date):
        return Reading(cell)
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        return _number(float(cell), around)
    if not isinstance(cell, str):
        return fault_of(cell) or Reading(fault=Code.WRONG_TYPE)
    return MISSING if is_blank(cell) else fault_of(cell) or _text(cell, around)


def _number(value: float, around: _Around) -> Reading:
    serial = _serial(value)
    if serial is not None:
        return Reading(_EPOCH + dt.timedelta(days=serial))
    period = parse_period(value)
    if period and period.length == "day":
        return Reading(period.start)
    return _decimal(repr(value), replace(around, whole=False))


def _serial(cell: Cell) -> int | None:
    """Days since the epoch, where a number (or its text) can be nothing else: 39690, 39690.5."""
    if isinstance(cell, str) and re.fullmatch(r"[2-5]\d{4}(?:\.\d+)?", cell.strip()):
        return int(float(cell))
    if isinstance(cell, float | int) and not isinstance(cell, bool) and int(_finite(cell)) in _SERIALS:
        return int(cell)
    return None


def _finite(value: float) -> float:
    return value if value == value and abs(value) < 1e12 else 0.0


def _decimal(text: str, around: _Around) -> Reading:
    """8.15 under 日期(月.日), or in August, is 15 August; 8.2 would be the 2nd or, shortened from 8.20, the 20th."""
    found = _DECIMAL.fullmatch(text.strip())
    if not found or (len(found[2]) == 1 and found[2] == "0"):
        return Reading(fault=Code.NOT_A_DATE)
    said = bool(_MONTH_DAY.search(around.header)) or int(found[1]) == around.month
    if not said or (found[2] in ("1", "2", "3") and not around.whole):
        return Reading(fault=Code.AMBIGUOUS_DATE)
    if around.year is None:
        return Reading(fault=Code.NO_YEAR)
    day = _date(around.year, int(found[1]), int(found[2]))
    return Reading(day) if day else Reading(fault=Code.NOT_A_DATE)


def _months_first(cells: Sequence[Cell]) -> bool:
    """Whether a column of decimals can but be months and days: none is above 12 before the point, some are behind it."""
    texts = [repr(c) if isinstance(c, float) else c for c in cells if c is not None]
    found = [_DECIMAL.fullmatch(t.strip()) for t in texts if isinstance(t, str)]
    if not found or len(found) < len(texts) or not all(found):
        return False
    days = [int(m[2]) for m in found if m]
    return (
        len(days) >= _ENOUGH and max(days) > 12 and all(_date(2024, int(m[1]), int(m[2])) for m in found if m)
    )


def _text(cell: str, around: _Around) -> Reading | _Parts:
    if len(cell) > _LONGEST:
        return Reading(fault=Code.NOT_A_DATE)
    plain = join_cjk(cell).removeprefix("'")
    plain = _WEEKDAY.sub(" ", _CLOCK.sub("", plain)).strip()
    plain = _CLOCK.sub("", plain)
    if (serial := _serial(plain)) is not None:
        return Reading(_EPOCH + dt.timedelta(days=serial))
    if found := _NUMERIC.fullmatch(plain):
        return _Parts(int(found[1]), int(found[3]), int(found[4]), len(found[4]) == 4)
    if found := _NAMED.fullmatch(plain):
        return _named(found)
    if re.fullmatch(r"\d{1,2}\.\d{1,2}", plain):
        return _decimal(plain, around)
    period = parse_period(plain, year=around.year, month=around.month)
    if period and period.length == "day" and not period.cumulative:
        return Reading(period.start)
    span = parse_span(plain)
    lacking = span is not None and span.length == "day" and span.year is None and around.year is None
    return Reading(fault=Code.NO_YEAR if lacking else Code.NOT_A_DATE)


def names_a_day(text: str) -> bool:
    """Whether a text is a day in some order and spelling: 5-Oct-2026, 25/10/2026, 2026年10月5日 星期一."""
    read = _text(text, _Around()) if re.search(r"\d", text) else MISSING
    return isinstance(read, _Parts) or isinstance(read.value, dt.date)


def _named(found: re.Match[str]) -> Reading:
    """5 Oct 2026, Oct 5, 2026, 05-Oct-26."""
    span = parse_span(found["m"] or found["m2"])
    year = int(found["y"]) if len(found["y"]) == 4 else 2000 + int(found["y"])
    day = (
        _date(year, span.number, int(found["d"] or found["d2"])) if span and span.length == "month" else None
    )
    return Reading(day) if day else Reading(fault=Code.NOT_A_DATE)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _order(parts: Sequence[_Parts], known: set[int], header: str) -> str:
    """The one order in which every text of the column is a date, in years that belong together; "" if several are."""
    possible = [o for o in _ORDERS if parts and all(p.read(o) for p in parts)]
    if len(possible) > 1 and not parts[0].four_digits:
        possible = [o for o in possible if _together(known | {d.year for p in parts if (d := p.read(o))})]
    if len(possible) > 1:
        possible = [o for o in possible if (found := _HEADER_ORDER.get(o)) and found.search(header)]
    return possible[0] if len(possible) == 1 else ""


def _together(years: set[int]) -> bool:
    """26-10-05, 26-10-31 are two days of one year, or of 2005 and 2031: a column of dates covers few years."""
    return max(years) - min(years) <= _FEW_YEARS


def _ordered(parts: _Parts, order: str) -> Reading:
    if order:
        return Reading(parts.read(order))
    days = {d for o in _ORDERS if (d := parts.read(o))}  # 05/05/2026 is the same day in any order
    if len(days) == 1:
        return Reading(days.pop())
    return Reading(fault=Code.AMBIGUOUS_DATE if days else Code.NOT_A_DATE)


def _unswap(
    cells: Sequence[Cell], readings: list[Reading], parts: Sequence[_Parts], order: str, notes: list[Note]
) -> tuple[list[Reading], list[Note]]:
    """Real dates (2026-03-04 in a text file) among texts whose days are all above 12 were made by a spreadsheet that read day for month.

    Where a sheet of dd/mm/yyyy is opened under mm/dd settings, 03/04/2026 becomes 4 March and 13/04/2026 stays text.
    The months of the texts tell: swapped back, the real dates fall among them; as they stand, they don't.
    """
    real = [
        i for i, c in enumerate(cells) if isinstance(c, dt.date) or (isinstance(c, str) and _ISO.fullmatch(c))
    ]
    if not real or not parts or order == "ymd" or any(_text_day(p, order) <= 12 for p in parts):
        return readings, notes
    days = {i: r.value for i in real if isinstance((r := readings[i]).value, dt.date)}
    swapped = {i: _date(d.year, d.day, d.month) for i, d in days.items() if isinstance(d, dt.date)}
    if not all(swapped.values()):
        return readings, notes
    months = sorted(d.replace(day=1) for p in parts if (d := p.read(order)))
    as_stands = all(_within(d, months) for d in days.values())
    as_swapped = all(_within(d, months) for d in swapped.values())
    if as_stands and not as_swapped:
        return readings, notes
    moved = [i for i in real if swapped[i] != days[i]]
    for i in moved:
        certain = as_swapped and not as_stands
        readings[i] = Reading(swapped[i]) if certain else Reading(fault=Code.AMBIGUOUS_DATE)
    if as_swapped and not as_stands:
        notes = notes + note(NoteCode.DAY_MONTH_SWAPPED, [cells[i] for i in moved])
    return readings, notes


def _text_day(parts: _Parts, order: str) -> int:
    day = parts.read(order) if order else None
    return day.day if day else 0


def _within(day: object, months: Sequence[dt.date]) -> bool:
    return isinstance(day, dt.date) and months[0] <= day.replace(day=1) <= months[-1]


def read_months(cells: Sequence[Cell], *, year: int | None) -> list[Reading]:
    """One `Reading` for each distinct cell: the first day of the span, and its length."""
    days = [c for c in cells if isinstance(c, dt.date)]
    months = all(c.day == 1 for c in days) or all((c + dt.timedelta(days=1)).day == 1 for c in days)
    texts = {c.strip() for c in cells if isinstance(c, str)} | {
        repr(c) for c in cells if isinstance(c, float)
    }
    said = {t for t in texts if any(x.isdigit() for x in t)}  # 平均 below them is no month
    written = [p.start for t in said if (p := parse_period(t, year=year)) and p.length == "day"]
    if len(written) == len(said) > 1 and all(d.day == 1 for d in written):  # as a .csv holds date cells
        cells = [
            dt.date.fromisoformat(p.start.isoformat())
            if isinstance(c, str) and (p := parse_period(c, year=year))
            else c
            for c in cells
        ]
    return [_month(c, year, months, texts) for c in cells]


def _month(cell: Cell, year: int | None, months: bool, texts: set[str]) -> Reading:
    if isinstance(cell, str) and is_blank(cell):
        return MISSING
    if isinstance(cell, bool) or not isinstance(cell, str | float | int | dt.date):
        return fault_of(cell) or Reading(fault=Code.WRONG_TYPE)
    text = cell.strip() if isinstance(cell, str) else repr(cell) if isinstance(cell, float) else ""
    if re.fullmatch(r"\d{4}\.1", text):
        return _shortened(text, texts)
    if found := _POSTING.fullmatch(text):
        return _of(Period(dt.date(int(found[2]), int(found[1]), 1), "month"))
    if re.fullmatch(
        r"0{0,2}(?:1[0-2]|0?[1-9])(?:\.0)?", text
    ):  # 10 in a column of months, 008 of an accounting system
        period = Period(dt.date(year, int(float(text)), 1), "month") if year else None
        return _of(period) if period else Reading(fault=Code.NO_YEAR)
    if serial := _serial(cell):
        cell = _EPOCH + dt.timedelta(days=serial)
    if fault := fault_of(cell):
        return fault
    period = parse_period(_integral(cell), year=year)
    if period and isinstance(cell, dt.date) and months:
        period = Period(period.start.replace(day=1), "month")
    if period and not period.cumulative:
        return _of(period)
    span = parse_span(cell) if isinstance(cell, str) else None
    return Reading(fault=Code.NO_YEAR if span and not span.year and not year else Code.NOT_A_PERIOD)


def _integral(cell: str | float | dt.date) -> str | float | dt.date:
    """ "2026.0" in a .csv is the year 2026."""
    return cell.strip()[:-2] if isinstance(cell, str) and re.fullmatch(r"\s*\d+\.0\s*", cell) else cell


def _of(period: Period) -> Reading:
    return Reading(period.month, length=period.length)


def _shortened(text: str, texts: set[str]) -> Reading:
    """2026.1 is October where numbers have lost their zero (2026.09, 2026.11 beside it), January beside 2026.2."""
    year = text[:4]
    october = f"{year}.01" in texts or (not {f"{year}.2", f"{year}.10"} & texts and f"{year}.11" in texts)
    january = not october and (f"{year}.10" in texts or (f"{year}.2" in texts and f"{year}.11" not in texts))
    if not october and not january:
        return Reading(fault=Code.NOT_A_PERIOD)
    return _of(Period(dt.date(int(year), 10 if october else 1, 1), "month"))
