"""Days as analysts write them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mktanalytics.errors import MetricError

DayLike = str | dt.date | pd.Timestamp | pd.Period


def day(value: DayLike) -> pd.Timestamp:
    """`"2026-10-31"`, a date or a timestamp as midnight of its day."""
    stamp = pd.to_datetime(value.start_time if isinstance(value, pd.Period) else value, errors="coerce")
    if not isinstance(stamp, pd.Timestamp):  # NaT is none
        raise MetricError(
            ("不是日期", "not a day"), found=repr(value), expected=("如 2026-10-31", "such as 2026-10-31")
        )
    return stamp.normalize()


def stamps(column: pd.Series) -> pd.Series:
    """A column of days or months (dates, periods, or text such as 2026-10-31) as timestamps."""
    if isinstance(column.dtype, pd.PeriodDtype):
        started: pd.Series = column.dt.to_timestamp()
        return started
    try:
        if column.notna().any() and pd.api.types.is_numeric_dtype(column):
            raise ValueError  # 202610 would be read as nanoseconds of 1970
        return pd.to_datetime(column)
    except (ValueError, TypeError):
        raise MetricError(
            (f"列 {column.name} 不是日期或月份", f"the column {column.name} holds no days or months"),
            found=", ".join(map(str, column.dropna().unique()[:3])),
            expected=("日期，或如 2026-10", "dates, or such as 2026-10"),
            todo=("用 pd.to_datetime 转换", "convert it by pd.to_datetime"),
        ) from None


def days_of(column: pd.Series) -> pd.Series:
    """A column of dates as midnights."""
    days: pd.Series = stamps(column).dt.normalize()
    return days
