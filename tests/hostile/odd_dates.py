"""Defects of dates that need evidence: decimals, two formats in a column, days and months swapped in part of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from hostile.draft import Draft, Line
from hostile.registry import CELLS, defect


def _days(d: Draft) -> list[tuple[Line, dt.date]]:
    """The lines that have a date, with it."""
    at = d.at("date")
    return [(x, v) for x in d.data if at >= 0 and isinstance(v := x.cells[at], dt.date)]


def _write(d: Draft, show: Callable[[int, dt.date], object]) -> bool:
    found = _days(d)
    for n, (line, day) in enumerate(found):
        line.cells[d.at("date")] = show(n, day)
    return bool(found)


@defect(CELLS, "dates")
def decimal_dates(d: Draft) -> bool:
    """8.15 for 15 August, as text or as a number; the year stands elsewhere. 8.1 may be the 1st, or the 10th without its zero."""
    found = _days(d)
    if not found or len({v.year for _, v in found}) > 1:
        return False
    d.year = found[0][1].year
    d.facts.add("no_year")
    d.may_hold = (
        d.may_hold
        or any(v.day in (1, 2, 3, 10, 20, 30) for _, v in found)
        or max(v.day for _, v in found) < 13
    )
    text = d.rng.random() < 0.5
    return _write(d, lambda _, v: f"{v.month}.{v.day}" if text else Decimal(f"{v.month}.{v.day}"))


@defect(CELLS, "dates")
def two_formats(d: Draft) -> bool:
    """25/10/2026 in the upper half, 2026-10-26 in the lower one."""
    found = _days(d)
    if not any(v.day > 12 for _, v in found[: len(found) // 2]):
        return False
    half = len(found) // 2
    return _write(d, lambda n, v: f"{v.day:02d}/{v.month:02d}/{v.year}" if n < half else v.isoformat())


@defect(CELLS, "dates")
def swapped_in_part(d: Draft) -> bool:
    """A day-first list opened where the month comes first: 05/10 became 10 May, 25/10 stayed text."""
    found = _days(d)
    early = [v for _, v in found if v.day <= 12 and v.day != v.month]
    if len(early) < 2 or len(early) == len(found) or d.table == "survey":
        return False
    d.may_hold = True
    return _write(
        d,
        lambda _, v: (
            dt.date(v.year, v.day, v.month) if v.day <= 12 else f"{v.day:02d}/{v.month:02d}/{v.year}"
        ),
    )


@defect(CELLS, "dates")
def year_first_two_digits(d: Draft) -> bool:
    """26.10.25, 26年10月25日: years of two digits where some day is above 12."""
    found = _days(d)
    if not d.zh or not found:
        return False
    return _write(d, lambda _, v: f"{v.year % 100}年{v.month}月{v.day}日")
