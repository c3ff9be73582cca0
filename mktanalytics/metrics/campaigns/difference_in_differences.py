"""Difference in differences: the change of those treated less the change of those not (methods 8.4)."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import statsmodels.formula.api as smf

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number, month_numbers
from mktanalytics.metrics.result import need_columns, need_numbers

FEW_CLUSTERS = 10  # below these, clustered errors are too small: permutation instead
MOST_PERMUTATIONS = 20_000
PANEL = ["treated", "post"]


@checked
def difference_in_differences(panel: pd.DataFrame, *, value: str, cluster: str = "region") -> pd.DataFrame:
    """The effect of a campaign: (T1 - T0) - (C1 - C0), with an error that knows the clusters.

    Parameters
    ----------
    panel : DataFrame
        `cluster`, treated (bool), post (bool: campaign time), `value`: a row a cluster and period. Logarithms of the
        value give an effect in per cent: 100 (exp(b) - 1).
    value, cluster : str
        Columns.

    Returns
    -------
    DataFrame
        One row: treated_before, treated_after, control_before, control_after (means), effect, standard_error (clustered;
        NaN below 10 clusters), p (clustered, or by permutation of which clusters were treated), clusters, method.

    Raises
    ------
    MetricError
        A column is missing, one of the four cells has no rows, or a cluster is both treated and not.

    Source
    ------
    Card & Krueger 1994; Wooldridge, Introductory Econometrics, ch. 13; methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"region": ["华东", "华东", "华北", "华北"], "treated": [True, True, False, False],
    ...     "post": [False, True, False, True], "sales": [100.0, 130.0, 90.0, 95.0]})
    >>> difference_in_differences(panel, value="sales")[["effect", "clusters", "method"]]
       effect  clusters       method
    0    25.0         2  permutation
    """
    rows = _panel(panel, value, cluster)
    cells = rows.groupby(PANEL)["value"].mean()
    if len(cells) < 4:
        raise MetricError(
            ("比较的四格中有一格无数据", "a cell of the comparison has no rows"),
            found=str(len(cells)),
            expected=("实验与对照、活动前与活动后", "treated and not, before and after"),
        )
    clusters = rows["cluster"].nunique()
    effect = float((cells[1, 1] - cells[1, 0]) - (cells[0, 1] - cells[0, 0]))
    if clusters < FEW_CLUSTERS:
        error, p, method = np.nan, _permuted(rows, effect), "permutation"
    else:
        groups = rows["cluster"].astype("category").cat.codes
        fitted = smf.ols("value ~ treated * post", rows).fit(cov_type="cluster", cov_kwds={"groups": groups})
        error, p, method = (
            float(fitted.bse["treated:post"]),
            float(fitted.pvalues["treated:post"]),
            "clustered",
        )
    return pd.DataFrame(
        {
            "treated_before": [cells[1, 0]],
            "treated_after": [cells[1, 1]],
            "control_before": [cells[0, 0]],
            "control_after": [cells[0, 1]],
            "effect": [effect],
            "standard_error": [error],
            "p": [p],
            "clusters": [clusters],
            "method": [method],
        }
    )


def _panel(panel: pd.DataFrame, value: str, cluster: str) -> pd.DataFrame:
    need_columns(panel, [cluster, *PANEL, value], metric="difference_in_differences")
    need_numbers(panel, [*PANEL, value], metric="difference_in_differences")
    panel = panel.dropna(subset=list(PANEL))
    rows = pd.DataFrame(
        {
            "cluster": panel[cluster].astype("str"),
            "treated": panel["treated"].astype("int64"),
            "post": panel["post"].astype("int64"),
            "value": panel[value].astype("float64"),
        }
    ).dropna()
    mixed = rows.groupby("cluster")["treated"].nunique() > 1
    if mixed.any():
        raise MetricError(
            ("同一单元既是实验组又是对照组", "a cluster is both treated and not"),
            found=", ".join(mixed.index[mixed]),
            todo=("活动前的行也标为实验组", "mark it as treated in the periods before the campaign too"),
        )
    return rows


def _permuted(rows: pd.DataFrame, effect: float) -> float:
    """How often another choice of the same number of clusters would show at least this effect."""
    names = sorted(rows["cluster"].unique())
    treated = rows.loc[rows["treated"] == 1, "cluster"].nunique()
    if comb(len(names), treated) > MOST_PERMUTATIONS:
        raise MetricError(("排列数过多", "too many permutations"), found=str(comb(len(names), treated)))
    sums = rows.pivot_table(
        index="cluster", columns="post", values="value", aggfunc=["sum", "count"], fill_value=0.0
    ).reindex(names)
    found = [_effect(sums, np.isin(names, chosen)) for chosen in combinations(names, treated)]
    known = np.array([f for f in found if np.isfinite(f)])
    return float((np.abs(known) >= abs(effect) - 1e-9).mean())


def _effect(sums: pd.DataFrame, treated: np.ndarray) -> float:
    def change(part: pd.DataFrame) -> float:
        total = part.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            means = total["sum"] / total["count"]
        return float(means[1] - means[0])

    return change(sums[treated]) - change(sums[~treated])


@checked
def pre_trend(panel: pd.DataFrame, start: MonthLike, *, value: str) -> pd.DataFrame:
    """Treated less control in each month before the campaign: parallel trends look flat here.

    Parameters
    ----------
    panel : DataFrame
        month, treated (bool), `value`.
    start : month
        The first month of the campaign; it and later ones are left out.
    value : str
        A column.

    Returns
    -------
    DataFrame
        month, treated, control (means), gap, change (of the gap against the month before: placebo effects, near 0 where
        trends are parallel). At least six months should be looked at.

    Raises
    ------
    MetricError
        A column is missing, or `start` is no month.

    Source
    ------
    Wooldridge, Introductory Econometrics, ch. 13; methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"month": pd.to_datetime(["2026-08-01", "2026-08-01", "2026-09-01", "2026-09-01"]),
    ...     "treated": [True, False, True, False], "sales": [100.0, 90.0, 104.0, 93.0]})
    >>> pre_trend(panel, "2026-10", value="sales")[["gap", "change"]]
        gap  change
    0  10.0     NaN
    1  11.0     1.0
    """
    need_columns(panel, ["month", "treated", value], metric="pre_trend")
    need_numbers(panel, ["treated", value], metric="pre_trend")
    before = panel[month_numbers(panel["month"]) < month_number(start)]
    means = before.groupby(["month", before["treated"].astype(bool)])[value].mean().unstack()
    means = means.reindex(columns=[True, False])
    out = pd.DataFrame({"treated": means[True], "control": means[False]}).reset_index()
    out["gap"] = out["treated"] - out["control"]
    return out.assign(change=out["gap"].diff())
