"""Sums of a measure over months, with what is missing counted: the base of every comparison of periods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._edges import net_sums
from mktanalytics.metrics._months import month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_known, need_numbers
from mktanalytics.metrics.share._market import count_by, gaps

Absent = Literal["missing", "zero"]


def monthly(frame: pd.DataFrame, measure: str, by: Sequence[str], *, metric: str) -> pd.DataFrame:
    """`by`, m, value: one row a key and month that has a number; day rows count in their month.

    A key's month that holds only blanks is absent, and a blank beside numbers makes the month's value
    NaN, which counts as missing: missing is not zero (methods 0.6).
    """
    need_columns(frame, ["month", measure, *by], metric=metric)
    need_numbers(frame, [measure], metric=metric)
    currency_of(frame, measure=measure)
    rows = frame
    if "period" in rows.columns:
        rows = rows[rows["period"].fillna("month").isin(["day", "month"])]
    rows = rows.assign(m=month_numbers(rows["month"]))
    if len(rows) and rows["m"].isna().all():
        raise MetricError(
            (f"{metric}：month 列没有月份", f"{metric} finds no month in the column month"),
            found=", ".join(dict.fromkeys(map(str, frame["month"].head(3)))),
            expected=("如 2026-10", "such as 2026-10"),
            todo=("请补上月份", "name the months"),
        )
    rows = rows[rows["m"].notna()].assign(**{c: rows[c].astype("str").fillna("") for c in by})
    rows = rows.assign(m=rows["m"].astype("int64"))
    keys = [*by, "m"]
    held = rows.groupby(keys)[measure].agg(["count", "size"]).assign(value=net_sums(rows, keys, measure))
    held = held[held["count"] > 0].reset_index()
    return held.assign(value=held["value"].where(held["count"] == held["size"]))[[*keys, "value"]]


def span_values(
    data: pd.DataFrame,
    by: Sequence[str],
    months: Sequence[int],
    keys: pd.DataFrame,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """`keys` with value (sum over `months`, NaN if there is none), missing (months lacking), n (months summed).

    `absent="zero"` is for transaction lines: in a month that has data, a key without a row sold nothing.
    """
    need_known(absent, ("missing", "zero"), ("缺行含义", "meaning of an absent key"))
    by, months = list(by), list(months)
    held = data[data["m"].isin(months)]
    all_months = sorted(set(data["m"].tolist()))
    lost = len(set(months) - set(all_months))
    blank = held[held["value"].isna()]
    lacking = gaps(data, by, months, all_months) if absent == "missing" else held.iloc[:0]
    missing = count_by(blank, by, keys) + lost + (count_by(lacking, by, keys) if len(lacking) else 0)
    if by:
        sums = net_sums(held, by, "value").reset_index()
        value = keys[by].merge(sums, on=by, how="left")["value"].to_numpy(dtype="float64")
    else:
        value = np.full(len(keys), net_sums(held.assign(_all=0), ["_all"], "value").sum(min_count=1))
    if absent == "zero":
        value = np.where((missing == 0) & np.isnan(value), 0.0, value)
    return keys.assign(value=value, missing=missing, n=count_by(held.dropna(), by, keys))


def key_frame(data: pd.DataFrame, by: Sequence[str], months: Sequence[int]) -> pd.DataFrame:
    """The keys that have, or lack, a month among `months`, sorted; without keys, one row."""
    by, months = list(by), list(months)
    if not by:
        return pd.DataFrame(index=[0])
    held = data[data["m"].isin(months)]
    lacking = gaps(data, by, months, sorted(set(data["m"].tolist())))
    found = pd.concat([held[by], lacking[by]]) if len(held) else data[by]
    return found.drop_duplicates().sort_values(by).reset_index(drop=True)
