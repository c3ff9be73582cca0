"""Fiscal years: months that begin in another month, and the 4-4-5 calendar with its 53rd week (methods 2.3 rule 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import days_of, stamps
from mktanalytics.metrics._months import month_number
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.periods.growth import growth_records
from mktanalytics.metrics.result import need_columns, need_numbers

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Pattern = tuple[int, int, int]
NamedBy = Literal["end", "start"]
DAY = pd.Timedelta(days=1)


@checked
def fiscal_year_end(
    year: int,
    *,
    end_month: int = 12,
    weekday: str = "saturday",
    rule: Literal["last", "nearest"] = "nearest",
    named_by: NamedBy = "end",
) -> pd.Timestamp:
    """The last day of a 52/53-week fiscal year: the last such weekday of the month, or the one nearest its end.

    Parameters
    ----------
    year : int
        The fiscal year.
    end_month : int
        The month in or near whose end the year ends.
    weekday : str
        The day every year ends on.
    rule : {"last", "nearest"}
        The last such day in the month, or the one nearest to the month's last day.
    named_by : {"end", "start"}
        Whether a year bears the calendar year of its last month (usual in companies) or of its first (NRF).

    Returns
    -------
    Timestamp
        The day.

    Raises
    ------
    MetricError
        The weekday, the rule or the way of naming is unknown.

    Source
    ------
    US GAAP practice (52/53-week years); NRF 4-5-4 calendar; methods 2.3 rule 6.

    Examples
    --------
    >>> fiscal_year_end(2025, end_month=1, named_by="start").strftime("%Y-%m-%d")  # NRF fiscal 2025
    '2026-01-31'
    """
    if weekday not in WEEKDAYS or rule not in ("last", "nearest") or named_by not in ("end", "start"):
        raise MetricError(
            ("未知的财年截止规则", "unknown year end"),
            found=f"{rule} {weekday}, {named_by}",
            expected=f"last, nearest; {', '.join(WEEKDAYS)}; end, start",
            todo=("请用其中之一", "use one of them"),
        )
    if end_month not in range(1, 13) or year not in range(1900, 2200):
        raise MetricError(
            ("没有这个财年", "no such fiscal year"), found=f"{year}, {end_month}", expected="1900-2199, 1-12"
        )
    closing = year + 1 if named_by == "start" and end_month < 12 else year
    month_end = pd.Timestamp(year=closing, month=end_month, day=1) + pd.offsets.MonthEnd(0)
    back = (month_end.weekday() - WEEKDAYS.index(weekday)) % 7
    ahead = rule == "nearest" and back > 3
    return month_end + DAY * (7 - back if ahead else -back)


@checked
def fiscal_calendar(
    years: Sequence[int],
    *,
    pattern: Pattern = (4, 4, 5),
    end_month: int = 12,
    weekday: str = "saturday",
    rule: Literal["last", "nearest"] = "nearest",
    named_by: NamedBy = "end",
) -> pd.DataFrame:
    """The periods of 52/53-week years: twelve of four or five weeks; a 53rd week lengthens the last one.

    Parameters
    ----------
    years : sequence of int
        Fiscal years.
    pattern : (int, int, int)
        Weeks of the three periods of a quarter, 13 in all: (4, 4, 5), (4, 5, 4) or (5, 4, 4).
    end_month, weekday, rule, named_by
        As for `fiscal_year_end`.

    Returns
    -------
    DataFrame
        fiscal_year, period (1-12), start, end (days, both inside), weeks.

    Raises
    ------
    MetricError
        The pattern hasn't 13 weeks, or as `fiscal_year_end`.

    Source
    ------
    Methods 2.3 rule 6 (week 53).

    Examples
    --------
    >>> fiscal_calendar([2026])[["period", "start", "end", "weeks"]].tail(2)
        period      start        end  weeks
    10      11 2026-11-01 2026-11-28      4
    11      12 2026-11-29 2027-01-02      5
    """
    if sum(pattern) != 13:
        raise MetricError(
            ("一个季度有13周", "a quarter has 13 weeks"),
            found=str(pattern),
            expected="(4, 4, 5), (4, 5, 4), (5, 4, 4)",
        )
    rows = []
    for year in years:
        last, end = (
            fiscal_year_end(y, end_month=end_month, weekday=weekday, rule=rule, named_by=named_by)
            for y in (year - 1, year)
        )
        start = last + DAY
        weeks = [*pattern * 4]
        weeks[-1] += ((end - start).days + 1) // 7 - 52
        for number, length in enumerate(weeks, start=1):
            rows.append((year, number, start, start + DAY * (7 * length - 1), length))
            start += DAY * 7 * length
    return pd.DataFrame(rows, columns=["fiscal_year", "period", "start", "end", "weeks"])


@checked
def fiscal_totals(daily: pd.DataFrame, calendar: pd.DataFrame, *, measure: str = "amount") -> pd.DataFrame:
    """Sums of daily rows over the periods of a fiscal calendar.

    Parameters
    ----------
    daily : DataFrame
        date, `measure`.
    calendar : DataFrame
        What `fiscal_calendar` gives.
    measure : str
        What is summed.

    Returns
    -------
    DataFrame
        `calendar` with value (NaN where the period reaches outside the data's first and last date).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 2.3 rule 6, 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> daily = pd.DataFrame({"date": pd.date_range("2025-12-28", "2026-01-31"), "amount": 1.0})
    >>> fiscal_totals(daily, fiscal_calendar([2026]))["value"].head(2).tolist()
    [28.0, nan]
    """
    need_columns(daily, ["date", measure], metric="fiscal_totals")
    need_numbers(daily, [measure], metric="fiscal_totals")
    need_columns(calendar, ["start", "end"], metric="fiscal_totals")
    calendar = calendar.assign(start=stamps(calendar["start"]), end=stamps(calendar["end"]))
    values = [
        window_sum(daily, measure, a, b) for a, b in zip(calendar["start"], calendar["end"], strict=True)
    ]
    return calendar.assign(value=np.array(values, dtype="float64"))


def window_sum(daily: pd.DataFrame, measure: str, start: pd.Timestamp, end: pd.Timestamp) -> float:
    """Sum of `measure` from `start` to `end`; NaN where the data don't reach that far."""
    currency_of(daily, measure=measure)
    days = days_of(daily["date"])
    if daily.empty or start < days.min() or end > days.max():
        return np.nan
    return float(daily.loc[(days >= start) & (days <= end), measure].sum(skipna=False))


@checked
def fiscal_yoy(
    daily: pd.DataFrame, calendar: pd.DataFrame, fiscal_year: int, period: int, *, measure: str = "amount"
) -> pd.DataFrame:
    """同比 of one fiscal period, as reported and over equally many weeks.

    The comparable base is the same number of weeks 52 weeks earlier, so that the 53rd week neither
    lengthens a period nor shifts the year after it.

    Parameters
    ----------
    daily, measure
        As for `fiscal_totals`.
    calendar : DataFrame
        What `fiscal_calendar` gives, for `fiscal_year` and the year before.
    fiscal_year, period : int
        Which period.

    Returns
    -------
    DataFrame
        scope (as_reported, equal_weeks), record columns (value: fraction), difference, weeks, weeks_base.
        `na_missing` where the data don't cover both periods.

    Raises
    ------
    MetricError
        A column or a period is missing.

    Source
    ------
    NRF restated comparisons after a 53-week year; methods 2.3 rule 6.

    Examples
    --------
    >>> import pandas as pd
    >>> daily = pd.DataFrame({"date": pd.date_range("2024-12-29", "2027-01-02"), "amount": 1.0})
    >>> fiscal_yoy(daily, fiscal_calendar([2025, 2026]), 2026, 12)[["scope", "value", "weeks", "weeks_base"]].round(2)
             scope  value  weeks  weeks_base
    0  as_reported  -0.17      5           6
    1  equal_weeks   0.00      5           5
    """
    need_columns(calendar, ["fiscal_year", "period", "start", "end", "weeks"], metric="fiscal_yoy")
    calendar = calendar.assign(start=stamps(calendar["start"]), end=stamps(calendar["end"]))
    need_columns(daily, ["date", measure], metric="fiscal_yoy")
    need_numbers(daily, [measure], metric="fiscal_yoy")
    now = _period(calendar, fiscal_year, period)
    base = _period(calendar, fiscal_year - 1, period)
    shift = DAY * 7 * 52
    value = window_sum(daily, measure, now["start"], now["end"])
    bases = [
        window_sum(daily, measure, base["start"], base["end"]),
        window_sum(daily, measure, now["start"] - shift, now["end"] - shift),
    ]
    keys = pd.DataFrame({"scope": pd.array(["as_reported", "equal_weeks"], dtype="str")})
    sides = [
        pd.DataFrame({"value": v, "missing": np.isnan(v).astype(int), "n": 1})
        for v in (np.array([value, value]), np.array(bases))
    ]
    return growth_records(keys, *sides).assign(weeks=now["weeks"], weeks_base=[base["weeks"], now["weeks"]])


def _period(calendar: pd.DataFrame, year: int, period: int) -> pd.Series:
    rows = calendar[(calendar["fiscal_year"] == year) & (calendar["period"] == period)]
    if rows.empty:
        raise MetricError(
            ("财年日历缺少所需期间", "the calendar lacks a period"),
            found=f"{year}, {period}",
            todo=("为本年和上年都生成日历", "make it for both years"),
        )
    return rows.iloc[0]


@checked
def month_of_fiscal_year(month: str | dt.date | pd.Timestamp, *, year_start: int = 1) -> tuple[int, int]:
    """Fiscal year (named by the calendar year it begins in) and the month's number within it.

    Parameters
    ----------
    month : str or date
        A month.
    year_start : int
        The first month of the fiscal year.

    Returns
    -------
    (int, int)
        Year, and 1 to 12.

    Raises
    ------
    MetricError
        Not a month.

    Source
    ------
    Methods 2.3 rule 6.

    Examples
    --------
    >>> month_of_fiscal_year("2026-02", year_start=4)
    (2025, 11)
    """
    number = month_number(month)
    into = (number % 12 + 1 - year_start) % 12
    return (number - into) // 12, into + 1
