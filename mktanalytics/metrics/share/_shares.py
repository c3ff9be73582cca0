"""Shares as `market_share` gives them, or as a plain table: what ranks, ratios and concentration start from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._plain import need_one_kind
from mktanalytics.metrics.result import Status, need_columns, need_numbers


def known_shares(shares: pd.DataFrame, by: Sequence[str], *, metric: str) -> pd.DataFrame:
    """`shares` with a status for every row and a value only where it is `ok`; shares are fractions.

    A plain table without `status` counts every value that is there.
    """
    need_columns(shares, [*by, "brand", "value"], metric=metric)
    need_numbers(shares, ["value"], metric=metric)
    need_one_kind(shares, [*by, "brand"], metric=metric)
    rows = shares
    if "status" not in rows.columns:
        known = rows["value"].notna()
        rows = rows.assign(status=known.map({True: str(Status.OK), False: str(Status.MISSING)}))
    rows = rows.assign(value=rows["value"].astype("float64").where(rows["status"] == Status.OK))
    need_fractions(rows["value"], metric=metric)
    return rows


def need_fractions(values: pd.Series, *, metric: str) -> None:
    """Raise `MetricError` where a share or a rate is above 1: it will be a percent."""
    if (values > 1 + 1e-9).any():
        raise MetricError(
            (f"{metric}：份额大于1", f"{metric}: a share above 1"),
            found=f"{values.max():g}",
            expected=("小数：30% 写作 0.3", "fractions: 30 % is 0.3"),
            todo=("百分数请除以100", "divide percents by 100"),
        )
