"""Comparing the same members, and the same months (methods 0.8, 2.2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, span_months
from mktanalytics.metrics._spans import key_frame, monthly, span_values
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.periods.growth import MATERIALITY, growth_records
from mktanalytics.metrics.result import Status, dimensions, need_columns, record_frame


@checked
def like_for_like(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    key: str,
    measure: str = "amount",
    by: str | Sequence[str] = (),
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
    by = dimensions(by)
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


@checked
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
