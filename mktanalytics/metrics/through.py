"""How far the data reach: the data-through date (数据截至日) and the latest complete month (methods 0.7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from mktanalytics.metrics.result import need_columns
from mktanalytics.periods import working_days

_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
LEADING = (
    "sales",
    "market",
    "spend",
    "budget",
    "targets",
)  # the first of these with rows sets the report's month


def data_through(frame: pd.DataFrame) -> dt.date | None:
    """The last day that any row of a tidy table speaks of; None for an empty one.

    Parameters
    ----------
    frame : columns `month` or `date`, and `period` where the table has it.
    """
    need_columns(frame, ["date"] if "month" not in frame else ["month"], metric="data_through")
    ends = []
    months = frame["month"].dropna() if "month" in frame else pd.Series(dtype="datetime64[us]")
    if "period" in frame:
        for length, count in _MONTHS.items():
            spans = frame.loc[frame["period"] == length, "month"].dropna()
            if len(spans):
                ends.append(spans.max() + pd.offsets.MonthEnd(count))
    elif "date" not in frame and len(months):
        ends.append(months.max() + pd.offsets.MonthEnd(1))
    if "date" in frame and frame["date"].notna().any():
        ends.append(frame["date"].max())
    return max(ends).date() if ends else None


def complete_month(through: dt.date) -> dt.date:
    """The first day of the latest month that is over at `through`.

    A month is over when no working day of it is left: figures that end on Friday the 30th of a month
    whose 31st is a Saturday are complete.
    """
    first = through.replace(day=1)
    last = (pd.Timestamp(first) + pd.offsets.MonthEnd(1)).date()
    left = 0 if through >= last else working_days(through + dt.timedelta(days=1), last).days
    return first if not left else (pd.Timestamp(first) - pd.offsets.MonthBegin(1)).date()


def latest_complete_month(frames: Mapping[str, pd.DataFrame]) -> dt.date | None:
    """The month a report is about when nobody says: the latest complete one of the leading table that has rows."""
    for name in LEADING:
        through = data_through(frames[name]) if name in frames and len(frames[name]) else None
        if through:
            return complete_month(through)
    return None
