"""Comparing equal stretches of time: the same days, the same working days (methods 0.7, 2.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day, days_of
from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, month_stamp, span_months
from mktanalytics.metrics._spans import key_frame, monthly, span_values
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.periods.growth import growth_records
from mktanalytics.metrics.result import Status, dimensions, need_columns
from mktanalytics.periods import working_days

DAY = pd.Timedelta(days=1)


@checked
def same_days(
    sales: pd.DataFrame,
    through: str | dt.date | pd.Timestamp,
    *,
    against: Literal["yoy", "mom"] = "yoy",
    count: Literal["days", "working_days"] = "days",
    measure: str = "amount",
    by: str | Sequence[str] = (),
) -> pd.DataFrame:
    """The running month, cut at `through`, over equally many days of the month it is compared with.

    Parameters
    ----------
    sales : DataFrame
        date, month, `measure`, `by`: rows with a day.
    through : date
        数据截至日: the last day that has all its data.
    against : {"yoy", "mom"}
        The same month last year, or the month before.
    count : {"days", "working_days"}
        Through the same day of the month; or through the day that ends equally many working days,
        make-up days (调休) counted.
    measure, by
        As for `compare`.

    Returns
    -------
    DataFrame
        `by`, record columns (value: fraction), difference, base_through (the day the base is cut at). A whole
        month is compared with a whole month, whatever their lengths. `na_incomplete_period` where rows of
        either month have no date and can't be cut; `na_missing` where either month has no data.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 0.7, 2.3 rule 3. Working days: State Council holiday lists (chinesecalendar).

    Examples
    --------
    >>> import pandas as pd
    >>> days = pd.to_datetime(["2025-10-05", "2025-10-25", "2026-10-05"])
    >>> sales = pd.DataFrame({"date": days, "month": days.to_period("M").to_timestamp(), "amount": [100.0, 900.0, 125.0]})
    >>> same_days(sales, "2026-10-20")[["value", "numerator", "denominator", "base_through"]]
       value  numerator  denominator base_through
    0   0.25      125.0        100.0   2025-10-20
    """
    by = dimensions(by)
    need_columns(sales, ["date", "month", measure, *by], metric="same_days")
    end = day(through)
    first = end.replace(day=1)
    base_first = month_stamp(month_number(first) - (12 if against == "yoy" else 1))
    base_end, known, note = _base_end(first, end, base_first, count)
    data = monthly(sales, measure, by, metric="same_days")
    keys = key_frame(data, by, [month_number(first), month_number(base_first)])
    now, base = (
        _window(sales, data, keys, measure, by, a, b) for a, b in ((first, end), (base_first, base_end))
    )
    out = growth_records(keys, now, base)
    undated = _undated(sales, [first, base_first], measure)
    notes = [
        join(n, note, "" if known else say("no_holiday_list"), say("undated", undated) if undated else "")
        for n in out["note"]
    ]
    out["note"] = pd.array(notes, dtype="str")
    if undated:
        out["value"], out["status"] = np.nan, str(Status.INCOMPLETE_PERIOD)
    return out.assign(base_through=base_end)


def _base_end(
    first: pd.Timestamp, end: pd.Timestamp, base_first: pd.Timestamp, count: str
) -> tuple[pd.Timestamp, bool, str]:
    base_last = base_first + pd.offsets.MonthEnd(0)
    if end == first + pd.offsets.MonthEnd(0):
        return base_last, True, ""  # a whole month against a whole month
    if count == "days":
        return min(base_first + (end - first), base_last), True, say("same_days", end.day)
    wanted = working_days(first.date(), end.date())
    days = pd.date_range(base_first, base_last)
    counts = [working_days(base_first.date(), d.date()) for d in days]
    reached = [d for d, c in zip(days, counts, strict=True) if c.days <= wanted.days]
    cut = reached[-1] if reached else base_first - DAY
    return cut, wanted.known and counts[-1].known, say("same_working_days", wanted.days)


def _window(
    sales: pd.DataFrame,
    data: pd.DataFrame,
    keys: pd.DataFrame,
    measure: str,
    by: list[str],
    start: pd.Timestamp,
    end: pd.Timestamp,
) -> pd.DataFrame:
    """`keys` with the sum from `start` to `end`; the month as a whole decides whether data are missing."""
    month = span_values(data, by, [month_number(start)], keys)
    days = days_of(sales["date"])
    rows = sales[(days >= start) & (days < end + DAY)]
    rows = rows.assign(**{c: rows[c].astype("str").fillna("") for c in by})
    if by:
        sums = rows.groupby(by)[measure].sum().rename("_v").reset_index()
        value = keys.merge(sums, on=by, how="left")["_v"].fillna(0)
    else:
        value = pd.Series(rows[measure].sum(), index=keys.index)
    value = value.where(month["value"].notna().to_numpy())
    return month.assign(value=value.to_numpy())


def _undated(sales: pd.DataFrame, months: list[pd.Timestamp], measure: str) -> int:
    stamps = days_of(sales["month"])
    lacking = days_of(sales["date"]).isna()
    if "period" in sales.columns:
        lacking |= ~sales["period"].fillna("day").isin(["day"])
    return int((stamps.isin(months) & lacking & sales[measure].notna()).sum())


@checked
def per_working_day(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    span: Span = "month",
    year_start: int = 1,
) -> pd.DataFrame:
    """Growth of the average per working day: the span's sum over its working days, on both sides.

    Parameters
    ----------
    frame, month, base, measure, by, span, year_start
        As for `compare`; without `base`, the same month a year ago.

    Returns
    -------
    DataFrame
        `by`, record columns (value: fraction; numerator and denominator: per working day), difference,
        working_days, working_days_base. The note says where no holiday list was published yet.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 2.3 rule 3; State Council holiday lists with make-up days (chinesecalendar).

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2024-02-01", "2025-02-01"]), "amount": [180.0, 220.0]})
    >>> per_working_day(sales, "2025-02")[["value", "working_days", "working_days_base"]].round(3)
       value  working_days  working_days_base
    0  0.158            19                 18
    """
    by = dimensions(by)
    then = month_number(month) - 12 if base is None else month_number(base)
    data = monthly(frame, measure, by, metric="per_working_day")
    spans = [list(span_months(m, span, year_start=year_start)) for m in (month, month_label(then))]
    keys = key_frame(data, by, [*spans[0], *spans[1]])
    counts = [working_days(month_stamp(s[0]).date(), (month_stamp(s[-1] + 1) - DAY).date()) for s in spans]
    sides = []
    for months, counted in zip(spans, counts, strict=True):
        values = span_values(data, by, months, keys)
        sides.append(values.assign(value=values["value"] / counted.days))
    out = growth_records(keys, *sides)
    if not all(c.known for c in counts):
        out["note"] = pd.array([join(n, say("no_holiday_list")) for n in out["note"]], dtype="str")
    return out.assign(working_days=counts[0].days, working_days_base=counts[1].days)
