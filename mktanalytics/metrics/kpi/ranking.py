"""Ranks that name their tie rule, their n and the distance to the neighbours (methods 0.9, 5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_known, need_numbers

METHODS: dict[str, Literal["min", "dense", "average"]] = {
    "competition": "min",
    "dense": "dense",
    "average": "average",
}


@checked
def ranked(
    frame: pd.DataFrame,
    *,
    value: str = "value",
    key: Sequence[str],
    within: Sequence[str] = (),
    method: str = "competition",
) -> pd.DataFrame:
    """`frame` in order of rank, the highest value first, with n and the distance to the neighbours.

    Parameters
    ----------
    frame : columns `value`, `key` and `within`, one row a member; a missing value is not ranked.
    key : columns that order tied rows, so that the output is the same whatever the input's order.
    within : columns that start a new ranking (such as `entity_level`).
    method : competition (1,2,2,4), dense (1,2,2,3) or average (1,2.5,2.5,4).

    Returns
    -------
    DataFrame
        The columns of `frame`, then `rank`, `rank_n` (members ranked), `tied` (members with this value,
        itself included), `to_better` and `to_worse` (distance to the next different value, in the unit
        of `value`; missing at the ends).

    Raises
    ------
    MetricError
        A column is missing or `method` is unknown.

    Source
    ------
    methods 0.9 and 5.4.

    Examples
    --------
    >>> scores = pd.DataFrame({"entity": ["华北", "华东", "华南"], "value": [88.0, 95.5, 88.0]})
    >>> ranked(scores, key=["entity"])[["entity", "rank", "rank_n", "tied", "to_better"]].values.tolist()
    [['华东', 1.0, 3, 1, nan], ['华北', 2.0, 3, 2, 7.5], ['华南', 2.0, 3, 2, 7.5]]
    """
    need_columns(frame, [value, *key, *within], metric="ranked")
    need_numbers(frame, [value], metric="ranked")
    need_known(method, METHODS, ("排名规则", "ranking"))
    out = frame.reset_index(drop=True).copy()
    groups = [out[g] for g in within] or [pd.Series(0, index=out.index)]
    values = out[value].astype("float64").groupby(groups, dropna=False)
    out["rank"] = values.rank(ascending=False, method=METHODS[method])
    out["rank_n"] = values.transform("count").astype("int64")
    keys = [*within, value]
    sizes = out.dropna(subset=[value]).groupby(keys, dropna=False).size().rename("tied").reset_index()
    sizes = sizes.sort_values(keys, ascending=[True] * len(within) + [False], ignore_index=True)
    by_group = sizes.groupby(list(within), dropna=False)[value] if within else sizes[value]
    sizes["to_better"] = by_group.shift(1) - sizes[value]
    sizes["to_worse"] = sizes[value] - by_group.shift(-1)
    out = out.merge(sizes, on=keys, how="left")
    out["tied"] = out["tied"].astype("Int64")
    return out.sort_values([*within, "rank", *key], na_position="last", ignore_index=True)
