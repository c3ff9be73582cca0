"""Spans of time: what they are, their names, and moving between them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

Length = Literal["day", "week", "month", "quarter", "half", "year"]
Language = Literal["zh", "en"]

LENGTHS: tuple[Length, ...] = ("day", "week", "month", "quarter", "half", "year")  # finest first
FIRST_YEAR, LAST_YEAR = 1980, 2079  # a bare 1200 or 2500 is an amount
_ABBR = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - `calendar`'s follow the locale
_LAST_WEEK = 53
_MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """A span: the day it starts and how long it is; `cumulative` makes it the year up to its end (1-10月)."""

    start: dt.date
    length: Length
    cumulative: bool = False

    @property
    def month(self) -> dt.date:
        """What the `month` column holds: the first day of the span, and of a day's month."""
        return self.start.replace(day=1) if self.length == "day" else self.start

    @property
    def end(self) -> dt.date:
        """The last day of the span."""
        return self._moved(1) - dt.timedelta(days=1)

    def shift(self, n: int) -> Period:
        """The same span `n` lengths later (earlier if negative)."""
        return replace(self, start=self._moved(n))

    def _moved(self, n: int) -> dt.date:
        if self.length in _MONTHS:
            return add_months(self.start, n * _MONTHS[self.length])
        return self.start + dt.timedelta(days=n * (7 if self.length == "week" else 1))

    def contains(self, other: Period) -> bool:
        """Whether `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def label(self, language: Language = "zh") -> str:
        """The span in words: 2026年10月, Oct 2026; 2026年1-10月, Jan–Oct 2026."""
        year, month = self.start.year, self.start.month
        texts = {
            "day": (f"{year}年{month}月{self.start.day}日", self.start.isoformat()),
            "week": (
                "{}年第{}周".format(*self.start.isocalendar()),
                "{}-W{:02}".format(*self.start.isocalendar()),
            ),
            "month": (f"{year}年{month}月", f"{_ABBR[month - 1]} {year}"),
            "quarter": (f"{year}年第{'一二三四'[(month - 1) // 3]}季度", f"Q{(month - 1) // 3 + 1} {year}"),
            "half": (f"{year}年{'上' if month < 7 else '下'}半年", f"H{month // 7 + 1} {year}"),
            "year": (f"{year}年", str(year)),
        }
        if self.cumulative and self.length == "month":
            texts["month"] = (
                (f"{year}年1-{month}月", f"Jan–{_ABBR[month - 1]} {year}") if month > 1 else texts["month"]
            )
        chinese, english = texts[self.length]
        if self.cumulative and self.length != "month":
            chinese, english = f"{chinese}累计", f"{english} YTD"
        return chinese if language == "zh" else english


@dataclass(frozen=True)
class Span:
    """A span as written, perhaps without its year: `10月` is number 10 of length month."""

    length: Length
    # of the month, quarter, half or week within the year; of a day: month × 100 + day, or the day alone (5日);
    # of a week: also month × 100 + day of its Monday (8/24-8/30)
    number: int
    year: int | None = None
    cumulative: bool = False

    def at(self, year: int | None = None) -> Period | None:
        """The period, in its own year if it has one, else in `year`; None without a year or if there is none such."""
        own = self.year or year
        if own is None:
            return None
        try:
            return Period(self._start(own), self.length, self.cumulative)
        except ValueError:  # 31 April, week 53 of a short year
            return None

    @property
    def lacks_month(self) -> bool:
        """Whether it is a day without its month: 5日."""
        return self.length == "day" and self.number < 100

    def in_month(self, month: Span) -> Span:
        """A day without its month, in the month that is said elsewhere."""
        return replace(self, number=month.number * 100 + self.number, year=self.year or month.year)

    def _start(self, year: int) -> dt.date:
        if self.length == "day":
            return dt.date(year, *divmod(self.number, 100))
        if self.length == "week" and self.number > _LAST_WEEK:
            monday = dt.date(year, *divmod(self.number, 100))
            if monday.weekday():
                raise ValueError("a week that begins on another day")
            return monday
        if self.length == "week":
            return dt.date.fromisocalendar(year, self.number, 1)
        return dt.date(year, (self.number - 1) * _MONTHS[self.length] + 1, 1)


def add_months(day: dt.date, n: int) -> dt.date:
    """`day` moved `n` months, to the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    first = dt.date(year, month + 1, 1)
    return first.replace(day=min(day.day, _days_in(first)))


def _days_in(first: dt.date) -> int:
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return (after - first).days
