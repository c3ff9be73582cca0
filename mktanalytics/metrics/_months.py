"""Months as whole numbers (year x 12 + month - 1), so that shifts go by the calendar, never by rows."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._days import stamps

MonthLike = str | dt.date | pd.Timestamp | pd.Period
Span = Literal["month", "ytd", "mat", "quarter", "year"]


def month_number(month: MonthLike) -> int:
    """`"2026-10"`, a date or a timestamp as months since year 0."""
    try:
        stamp = month.to_timestamp() if isinstance(month, pd.Period) else pd.Timestamp(month)
        year = int(stamp.year)  # NaT has a year of NaN
    except (ValueError, TypeError):
        raise MetricError(
            ("不是月份", "not a month"),
            found=repr(month),
            expected="2026-10",
            todo=("请这样写", "write it so"),
        ) from None
    return year * 12 + stamp.month - 1


def month_label(number: int) -> str:
    """2026-10 for the number of October 2026."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_stamp(number: int) -> pd.Timestamp:
    """The first day of a numbered month."""
    return pd.Timestamp(year=number // 12, month=number % 12 + 1, day=1)


def month_numbers(months: pd.Series) -> npt.NDArray[np.float64]:
    """A column of months (dates, periods or text such as 2026-10) as numbers; NaN where there is none."""
    found = stamps(months)
    numbers = found.dt.year * 12 + found.dt.month - 1
    return np.asarray(numbers.to_numpy(dtype="float64", na_value=np.nan), dtype="float64")


def span_months(month: MonthLike, span: Span = "month", *, year_start: int = 1) -> range:
    """The month numbers that `span` ending in `month` covers: the month, the year to date, twelve months."""
    end = month_number(month)
    into_year = (end % 12 + 1 - year_start) % 12
    match span:
        case "month":
            return range(end, end + 1)
        case "ytd":
            return range(end - into_year, end + 1)
        case "quarter":
            return range(end - into_year % 3, end - into_year % 3 + 3)
        case "year":
            return range(end - into_year, end - into_year + 12)
        case "mat":
            return range(end - 11, end + 1)
        case _:
            raise MetricError(
                ("未知的期间", "unknown span"),
                found=repr(span),
                expected="month, ytd, mat, quarter, year",
                todo=("请用其中之一", "use one of these"),
            )
