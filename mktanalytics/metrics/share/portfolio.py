"""Portfolios: the growth-share matrix, market size against market share (methods 1.2, 1.3)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import Status, need_columns, need_known, need_numbers

QUADRANTS = {(True, True): "明星", (True, False): "金牛", (False, True): "问题", (False, False): "瘦狗"}


@checked
def growth_share_matrix(
    units: pd.DataFrame,
    *,
    share_cut: float = 1.0,
    growth_cut: float | Literal["mean"] = 0.10,
) -> pd.DataFrame:
    """BCG matrix: relative market share against market growth, with the quadrant of each business.

    Parameters
    ----------
    units : DataFrame
        unit (the business), amount (own sales, the bubble's area), relative_share (ratio), market_growth
        (fraction; say whether nominal or volume; better a 2-3 year CAGR than one year).
    share_cut : float
        From here the relative share is high.
    growth_cut : float or "mean"
        From here the growth is high; "mean" is the portfolio's growth weighted with own sales.

    Returns
    -------
    DataFrame
        `units` with quadrant (明星, 金牛, 问题, 瘦狗; "" where not plotted), growth_cut, plotted. On the cut
        counts as high. Without a known competitor or growth a unit isn't plotted, but listed; without sales
        there is no mean growth, and nothing is plotted against it.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Henderson / BCG 1970; Hedley 1977; methods 1.3.

    Examples
    --------
    >>> import pandas as pd
    >>> units = pd.DataFrame({"unit": ["水", "茶"], "amount": [50.0, 20.0], "relative_share": [1.2, 0.4],
    ...                       "market_growth": [0.03, 0.10]})
    >>> growth_share_matrix(units)[["unit", "quadrant"]]
      unit quadrant
    0    水       金牛
    1    茶       问题
    """
    need_columns(units, ["unit", "amount", "relative_share", "market_growth"], metric="growth_share_matrix")
    need_numbers(units, ["amount", "relative_share", "market_growth"], metric="growth_share_matrix")
    plotted = units["relative_share"].notna() & units["market_growth"].notna()
    cut = _mean_growth(units[plotted]) if growth_cut == "mean" else float(growth_cut)
    plotted &= not np.isnan(cut)
    names = [
        QUADRANTS[_high(x, share_cut), _high(y, cut)] if ok else ""
        for x, y, ok in zip(units["relative_share"], units["market_growth"], plotted, strict=True)
    ]
    return units.assign(quadrant=pd.array(names, dtype="str"), growth_cut=cut, plotted=plotted)


def _high(value: float, cut: float) -> bool:
    """On the cut counts as high, whatever the last bit of a weighted mean says."""
    return bool(value > cut or np.isclose(value, cut, rtol=1e-9, atol=1e-12))


def _mean_growth(units: pd.DataFrame) -> float:
    weights = units["amount"].clip(lower=0)
    return float((units["market_growth"] * weights).sum() / weights.sum()) if weights.sum() > 0 else np.nan


@checked
def market_variances(
    items: pd.DataFrame, *, order: Literal["size_first", "share_first"] = "size_first"
) -> pd.DataFrame:
    """Sales-quantity variance split into market size and market share, against plan.

    Parameters
    ----------
    items : DataFrame
        item, market_actual, market_plan (units), share_actual, share_plan (fractions), margin_plan (CNY of
        contribution per unit, of the planned mix).
    order : {"size_first", "share_first"}
        Horngren's: size at the planned share, share at the actual market. Or its mirror: share at the
        planned market, size at the actual share. Both sum, with other parts.

    Returns
    -------
    DataFrame
        item, market_size, market_share, sales_quantity (CNY; favourable is positive; the first two add exactly
        to the third), order, status (`na_missing` where a number is missing).

    Raises
    ------
    MetricError
        A column is missing or the order unknown.

    Source
    ------
    Horngren, Cost Accounting ch. 14; methods 1.2 (against a plan).

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"item": ["水"], "market_actual": [1100.0], "market_plan": [1000.0],
    ...                       "share_actual": [0.18], "share_plan": [0.20], "margin_plan": [2.0]})
    >>> market_variances(items)[["market_size", "market_share", "sales_quantity"]].round(2)
       market_size  market_share  sales_quantity
    0         40.0         -44.0            -4.0
    """
    columns = ["market_actual", "market_plan", "share_actual", "share_plan", "margin_plan"]
    need_columns(items, ["item", *columns], metric="market_variances")
    need_numbers(items, columns, metric="market_variances")
    need_known(order, ("size_first", "share_first"), ("分解顺序", "order"))
    m1, m0, s1, s0, margin = (items[c].astype("float64") for c in columns)
    size = (m1 - m0) * (s0 if order == "size_first" else s1) * margin
    share = (s1 - s0) * (m1 if order == "size_first" else m0) * margin
    status = np.where(items[columns].isna().any(axis=1), str(Status.MISSING), str(Status.OK))
    return pd.DataFrame(
        {
            "item": items["item"].to_numpy(),
            "market_size": size.to_numpy(),
            "market_share": share.to_numpy(),
            "sales_quantity": (size + share).to_numpy(),
            "order": order,
            "status": pd.array(status, dtype="str"),
        }
    )
