"""Amounts of a budget and of its spending, summed by key."""

from __future__ import annotations

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.budget._budget_rows import (
    DIMENSIONS,
    STAGES,
    overlap_months,
)
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED


def plan_sums(plan: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, keys: list[str]) -> pd.DataFrame:
    months = overlap_months(plan, start, end)
    # a row wholly inside keeps its amount to the last bit; only a cut one is divided
    inside = plan["amount"].where(months == plan["span"], plan["amount"] * months / plan["span"])
    carried = plan["version"] == "carry_over"
    rows = with_keys(plan, keys).assign(
        ba=inside.mask(carried, 0.0),
        b0=inside.where(plan["version"] == "original", 0.0),
        carry_over=inside.where(carried, 0.0),
        even=inside.where((plan["span"] > 1) & (plan["span"] > months) & ~carried, 0.0),
    )[months > 0]
    return _sum(rows, keys, ["b0", "ba", "even", "carry_over"])


def stage_sums(lines: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = with_keys(lines, keys)
    for stage in STAGES:
        rows[stage] = rows["amount"].where(rows["stage"] == stage, 0.0)
    return _sum(rows, keys, list(STAGES))


def _sum(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    # sorted before summing: the order of the rows must not move the last bit of a float
    rows = rows[[*keys, *columns]].sort_values([*keys, *columns], ignore_index=True)
    if keys:
        return rows.groupby(keys, as_index=False)[columns].sum()
    return rows[columns].sum().astype("float64").to_frame().T


def with_keys(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    unknown = [k for k in keys if k not in DIMENSIONS]
    if unknown:
        raise MetricError(
            (f"不能按 {', '.join(unknown)} 分组", f"can't group by {', '.join(unknown)}"),
            expected=", ".join(DIMENSIONS),
            todo=("请用其中之一", "use one of these"),
        )
    filled = {k: rows[k].astype("str").fillna(UNSPECIFIED) if k in rows else UNSPECIFIED for k in keys}
    return rows.assign(**filled)


def keys_of(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return with_keys(rows, keys)[keys].astype("str").drop_duplicates()
