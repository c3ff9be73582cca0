"""Days as analysts write them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mktanalytics.errors import MetricError

DayLike = str | dt.date | pd.Timestamp


def day(value: DayLike) -> pd.Timestamp:
    """`"2026-10-31"`, a date or a timestamp as midnight of its day."""
    stamp = pd.to_datetime(value, errors="coerce")
    if not isinstance(stamp, pd.Timestamp):  # NaT is none
        raise MetricError(
            ("不是日期", "not a day"), found=repr(value), expected=("如 2026-10-31", "such as 2026-10-31")
        )
    return stamp.normalize()
