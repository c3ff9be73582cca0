"""Portfolios: the growth-share matrix, market size against market share, ABC classes (methods 1.2, 1.3, 7.4)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Status, need_columns, record_frame

QUADRANTS = {(True, True): "明星", (True, False): "金牛", (False, True): "问题", (False, False): "瘦狗"}


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
        counts as high. Without a known competitor or growth a unit isn't plotted, but listed.

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
    plotted = units["relative_share"].notna() & units["market_growth"].notna()
    cut = _mean_growth(units[plotted]) if growth_cut == "mean" else float(growth_cut)
    names = [
        QUADRANTS[bool(x >= share_cut), bool(y >= cut)] if ok else ""
        for x, y, ok in zip(units["relative_share"], units["market_growth"], plotted, strict=True)
    ]
    return units.assign(quadrant=pd.array(names, dtype="str"), growth_cut=cut, plotted=plotted)


def _mean_growth(units: pd.DataFrame) -> float:
    weights = units["amount"].clip(lower=0)
    return float((units["market_growth"] * weights).sum() / weights.sum()) if weights.sum() > 0 else np.nan


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
    if order not in ("size_first", "share_first"):
        raise MetricError("unknown order", found=order, expected="size_first or share_first")
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


def abc_classes(
    items: pd.DataFrame,
    *,
    key: str = "product",
    measure: str = "amount",
    lines: tuple[float, float] = (0.80, 0.95),
    crossing: Literal["down", "up"] = "down",
) -> pd.DataFrame:
    """ABC classes by cumulative share: A up to the first line, B up to the second, C the rest.

    Parameters
    ----------
    items : DataFrame
        `key`, `measure`: lines of one key are added up.
    key, measure : str
        Columns.
    lines : (float, float)
        Where A and B end.
    crossing : {"down", "up"}
        The class of the item that crosses a line: the lower one ("<="), or the upper ("until reached").

    Returns
    -------
    DataFrame
        `key`, value, rank, share, cumulative (fractions), abc; largest first. Equal values are in one class
        (that of the last of them with "down", of the first with "up"); if the first item alone exceeds the
        line it is A. Negative, zero and missing values have no class and come last, listed with abc "".

    Raises
    ------
    MetricError
        A column is missing, the lines aren't rising within 0 and 1, or the rule is unknown.

    Source
    ------
    Methods 7.4.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": ["甲", "乙", "丙", "退"], "amount": [70.0, 20.0, 10.0, -5.0]})
    >>> abc_classes(items)[["product", "cumulative", "abc"]].head(3)
      product  cumulative abc
    0       甲         0.7   A
    1       乙         0.9   B
    2       丙         1.0   C
    """
    need_columns(items, [key, measure], metric="abc_classes")
    if not 0 < lines[0] < lines[1] < 1:
        raise MetricError(
            "the lines must rise within 0 and 1", found=str(lines), expected="such as (0.80, 0.95)"
        )
    if crossing not in ("down", "up"):
        raise MetricError("unknown crossing rule", found=crossing, expected="down or up")
    sums = items.groupby(key)[measure].sum(min_count=1).rename("value").reset_index()
    sums = sums.assign(_in=sums["value"] > 0)
    sums = sums.sort_values(["_in", "value", key], ascending=[False, False, True]).reset_index(drop=True)
    value = sums["value"].where(sums["_in"])
    sums["rank"] = value.rank(method="min", ascending=False)
    sums["share"] = value / value.sum() if value.sum() > 0 else np.nan
    sums["cumulative"] = sums["share"].cumsum()
    sums["abc"] = pd.array(_classes(sums, lines, crossing), dtype="str")
    return sums.drop(columns="_in")


def _classes(sums: pd.DataFrame, lines: tuple[float, float], crossing: str) -> list[str]:
    ties = sums.groupby("value")
    if crossing == "down":
        reached = ties["cumulative"].transform("last") - 1e-12
        above = [reached > line for line in lines]
    else:
        before = ties["cumulative"].transform("first") - sums["share"]
        above = [before >= line - 1e-12 for line in lines]
    first = sums["rank"] == 1
    names = np.select([sums["cumulative"].isna(), first | ~above[0], ~above[1]], ["", "A", "B"], default="C")
    return [str(n) for n in names]


def pareto_shares(
    items: pd.DataFrame,
    *,
    key: str = "product",
    measure: str = "amount",
    tops: tuple[float, ...] = (0.1, 0.2, 0.5),
) -> pd.DataFrame:
    """What part of the total the top 10, 20, 50 % of the items really make: 80/20 is never assumed.

    Parameters
    ----------
    items, key, measure
        As for `abc_classes`. Items without a positive value don't count.
    tops : tuple of float
        Parts of the number of items; rounded up to whole items.

    Returns
    -------
    DataFrame
        top (fraction of items), record columns: value (fraction of the total), n (items).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 7.4.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": list("甲乙丙丁戊"), "amount": [50.0, 20.0, 10.0, 10.0, 10.0]})
    >>> pareto_shares(items, tops=(0.2, 0.4))[["top", "value", "n"]]
       top  value  n
    0  0.2    0.5  1
    1  0.4    0.7  2
    """
    need_columns(items, [key, measure], metric="pareto_shares")
    values = items.groupby(key)[measure].sum(min_count=1)
    values = values[values > 0].sort_values(ascending=False)
    counts = [int(np.ceil(t * len(values) - 1e-9)) for t in tops]
    sums = np.array([values.iloc[:c].sum() for c in counts], dtype="float64")
    total = float(values.sum())
    return record_frame(
        pd.DataFrame({"top": list(tops)}),
        value=sums / total if total > 0 else np.nan,
        unit="fraction",
        numerator=sums,
        denominator=total,
        n=counts,
    )
