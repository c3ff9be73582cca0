"""The business calendar: months, fiscal years, Spring Festival, and working days with their make-up days (调休)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

import chinese_calendar
from borax.calendars.lunardate import LunarDate

from mktanalytics.errors import MetricError
from mktanalytics.spans import add_months


@dataclass(frozen=True)
class DayCount:
    """Working days, and whether the State Council's holiday list was known for all of them."""

    days: int
    known: bool


def month_range(first: dt.date, last: dt.date) -> list[dt.date]:
    """The first days of the months from that of `first` to that of `last`, both included; empty if reversed."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(first.replace(day=1), i) for i in range(count)]


def fiscal_year(month: dt.date, start: int = 1) -> int:
    """The fiscal year `month` belongs to, named by the calendar year in which it begins."""
    return month.year if month.month >= start else month.year - 1


def is_jan_feb(month: dt.date) -> bool:
    """Whether Spring Festival can fall in it, so that it is compared only together with its twin (methods 2.3)."""
    return month.month <= 2


@lru_cache(maxsize=256)
def spring_festival(year: int) -> dt.date:
    """New Year's Day of the lunar calendar (初一) in `year`; MetricError outside 1901–2099."""
    if year not in range(1901, 2100):
        raise MetricError(
            ("春节日期只到1901–2099年", "Spring Festival is known from 1901 to 2099"),
            found=str(year),
            expected="1901-2099",
        )
    return LunarDate(int(year), 1, 1).to_solar_date()  # type: ignore[no-any-return]


@lru_cache(maxsize=4096)
def working_days(start: dt.date, end: dt.date) -> DayCount:
    """Working days from `start` to `end`, both included, make-up days counted.

    A year whose holiday list isn't out yet counts Mondays to Fridays, and `known` is False.
    """
    days = [start + dt.timedelta(days=i) for i in range((end - start).days + 1)]
    known = {y: _is_known(y) for y in {d.year for d in days}}
    count = sum(chinese_calendar.is_workday(d) if known[d.year] else d.weekday() < 5 for d in days)
    return DayCount(count, all(known.values()))


@lru_cache(maxsize=256)
def _is_known(year: int) -> bool:
    try:
        chinese_calendar.is_workday(dt.date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
