"""Comparing like with like: the same days, the same working days, the same members, the same months (methods 0.7, 0.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, month_stamp, span_months
from mktanalytics.metrics._spans import key_frame, monthly, span_values
from mktanalytics.metrics.growth import MATERIALITY, growth_records
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, need_columns, record_frame
from mktanalytics.periods import working_days

DAY = pd.Timedelta(days=1)


def same_days(
    sales: pd.DataFrame,
    through: str | dt.date | pd.Timestamp,
    *,
    against: Literal["yoy", "mom"] = "yoy",
    count: Literal["days", "working_days"] = "days",
    measure: str = "amount",
    by: Sequence[str] = (),
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
    by = list(by)
    need_columns(sales, ["date", "month", measure, *by], metric="same_days")
    end = pd.Timestamp(through).normalize()
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
    days = pd.to_datetime(sales["date"])
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
    stamps = pd.to_datetime(sales["month"])
    lacking = pd.to_datetime(sales["date"]).isna()
    if "period" in sales.columns:
        lacking |= ~sales["period"].fillna("day").isin(["day"])
    return int((stamps.isin(months) & lacking & sales[measure].notna()).sum())


def per_working_day(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    measure: str = "amount",
    by: Sequence[str] = (),
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
    by = list(by)
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


def like_for_like(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    key: str,
    measure: str = "amount",
    by: Sequence[str] = (),
    span: Span = "month",
    year_start: int = 1,
) -> pd.DataFrame:
    """Growth as reported and 同口径: of the members present in both periods, side by side.

    Parameters
    ----------
    frame, month, base, measure, by, span, year_start
        As for `compare`; without `base`, the same month a year ago.
    key : str
        What the members are: product, dealer, customer_code, store.

    Returns
    -------
    DataFrame
        `by`, scope (全部, 同口径), record columns (value: fraction), difference, members. A member counts as
        present where it has data in both spans and none is missing.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 0.8, 2.2.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01", "2026-10-01"]),
    ...                       "dealer": ["甲", "甲", "乙"], "amount": [100.0, 110.0, 90.0]})
    >>> like_for_like(sales, "2026-10", key="dealer")[["scope", "value", "members"]].round(2)
      scope  value  members
    0    全部    1.0        2
    1   同口径    0.1        1
    """
    by = list(by)
    need_columns(frame, [key, *by], metric="like_for_like")
    then = month_number(month) - 12 if base is None else month_number(base)
    spans = [list(span_months(m, span, year_start=year_start)) for m in (month, month_label(then))]
    data = monthly(frame, measure, [*by, key], metric="like_for_like")
    members = key_frame(data, [*by, key], [*spans[0], *spans[1]])
    sides = [span_values(data, [*by, key], s, members) for s in spans]
    present = np.logical_and.reduce([((s["missing"] == 0) & s["value"].notna()).to_numpy() for s in sides])
    whole = monthly(frame, measure, by, metric="like_for_like")
    keys = key_frame(whole, by, [*spans[0], *spans[1]])
    total = growth_records(keys, *(span_values(whole, by, s, keys) for s in spans))
    total = total.assign(scope="全部", members=_members(members, by, keys))
    same = members[present]
    parts = [_sum_members(s[present], by, keys) for s in sides]
    alike = growth_records(keys, *parts)
    notes = [
        join(n, say("like_for_like", a, b))
        for n, a, b in zip(alike["note"], total["members"], _members(same, by, keys), strict=True)
    ]
    alike = alike.assign(scope="同口径", members=_members(same, by, keys), note=pd.array(notes, dtype="str"))
    out = pd.concat([total, alike], ignore_index=True)
    out = out.sort_values(
        [*by, "scope"], key=lambda c: c.map({"全部": "0", "同口径": "1"}).fillna(c), kind="stable"
    )
    first = [*by, "scope"]
    return out[[*first, *(c for c in out.columns if c not in first)]].reset_index(drop=True)


def _members(members: pd.DataFrame, by: list[str], keys: pd.DataFrame) -> np.ndarray:
    if not by:
        return np.full(len(keys), len(members))
    counts = members.groupby(by).size().rename("_n").reset_index()
    return keys.merge(counts, on=by, how="left")["_n"].fillna(0).to_numpy(dtype="int64")


def _sum_members(side: pd.DataFrame, by: list[str], keys: pd.DataFrame) -> pd.DataFrame:
    if not by:
        return keys.assign(value=side["value"].sum(min_count=1), missing=0, n=len(side))
    sums = side.groupby(by)["value"].agg(["sum", "size"]).reset_index()
    merged = keys.merge(sums, on=by, how="left")
    return keys.assign(
        value=merged["sum"].to_numpy(), missing=0, n=merged["size"].fillna(0).astype(int).to_numpy()
    )


def like_for_like_months(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    span: Span = "ytd",
    materiality: float = MATERIALITY,
    year_start: int = 1,
) -> pd.DataFrame:
    """同比 over the months that both years have: what is left to say where a month is missing.

    Parameters
    ----------
    frame, month, measure, span, materiality, year_start
        As for `compare`.

    Returns
    -------
    DataFrame
        One row: record columns (value: fraction; n: months compared), difference; the note names the months.
        `na_missing` where the years have no month in common.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 2.2 (missing month in either side).

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-02-01", "2026-02-01"]), "amount": [50.0, 80.0, 100.0]})
    >>> like_for_like_months(sales, "2026-02")[["value", "n", "note"]]
       value  n               note
    0   0.25  1  两年均有数据的月份：2026-02
    """
    data = monthly(frame, measure, [], metric="like_for_like_months").dropna()
    held = set(data["m"].tolist())
    months = [m for m in span_months(month, span, year_start=year_start) if {m, m - 12} <= held]
    keys = pd.DataFrame(index=[0])
    if not months:
        return record_frame(keys, value=np.nan, unit="fraction", status=Status.MISSING).assign(
            difference=np.nan
        )
    now, base = (span_values(data, [], [m - k for m in months], keys) for k in (0, 12))
    out = growth_records(keys, now, base, materiality=materiality)
    names = say("common_months", "、".join(month_label(m) for m in months))
    return out.assign(note=pd.array([join(n, names) for n in out["note"]], dtype="str"))
