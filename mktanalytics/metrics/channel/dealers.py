"""Dealers (经销商): how well they foresee, and whether what they bought is sold on (methods 8.1)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._plain import need_one_kind
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Status, need_columns, need_numbers, ratio_frame, record_frame


@checked
def dealer_forecast_error(
    rows: pd.DataFrame,
    *,
    by: str = "dealer",
    base: Literal["forecast", "actual"] = "forecast",
    cap: float = 1.0,
) -> pd.DataFrame:
    """预测偏差率: the mean over months and products of |actual - forecast| over one of them.

    Parameters
    ----------
    rows : DataFrame
        `by`, actual, forecast: a row a month and product.
    by : str
        Whose errors.
    base : {"forecast", "actual"}
        What each error is divided by.
    cap : float
        The largest error a row can have, and that of a row whose base is 0 while the other isn't.

    Returns
    -------
    DataFrame
        `by`, record columns: value (fraction, 0 is perfect), n (rows); rows lacking either figure are left out and
        counted in the note. Both 0 is no error.

    Raises
    ------
    MetricError
        A column is missing, or the base is unknown.

    Source
    ------
    Methods 8.1.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"dealer": ["苏州商贸"] * 3, "actual": [90.0, 120.0, 40.0], "forecast": [100.0, 100.0, 0.0]})
    >>> dealer_forecast_error(rows)[["dealer", "value", "n"]].round(3)
      dealer  value  n
    0   苏州商贸  0.433  3
    """
    need_columns(rows, [by, "actual", "forecast"], metric="dealer_forecast_error")
    need_numbers(rows, ["actual", "forecast"], metric="dealer_forecast_error")
    need_one_kind(rows, [by], metric="dealer_forecast_error")
    if base not in ("forecast", "actual"):
        raise MetricError(("未知的分母", "unknown base"), found=base, expected="forecast, actual")
    known = rows.dropna(subset=["actual", "forecast"])
    gap, under = (known["actual"] - known["forecast"]).abs(), known[base].abs()
    error = pd.Series(np.where(gap == 0, 0.0, cap), index=known.index)
    error = error.mask(under > 0, (gap / under.where(under > 0)).clip(upper=cap))
    groups = error.groupby(known[by])
    everyone = pd.Index(sorted(rows[by].dropna().unique()), name=by)
    total, n = groups.sum().reindex(everyone), groups.size().reindex(everyone, fill_value=0)
    left_out = rows.groupby(by).size().reindex(everyone) - n
    return record_frame(
        everyone.to_frame(index=False),
        value=(total / n.where(n > 0)).to_numpy(),
        unit="fraction",
        numerator=total.to_numpy(),
        denominator=n.to_numpy(),
        n=n.to_numpy(),
        note=[say("one_sided", count) if count else "" for count in left_out],
    )


@checked
def sell_through_rate(stock: pd.DataFrame, *, by: str = "dealer") -> pd.DataFrame:
    """动销率: what a dealer sold on, of what it had to sell; sell-in alone would reward filled warehouses (压货).

    Parameters
    ----------
    stock : DataFrame
        `by`, opening, sell_in, sell_out: units of one span, a row a product (opening is the stock at its start).
    by : str
        Whose stock.

    Returns
    -------
    DataFrame
        `by`, record columns: value (fraction) = numerator / denominator = sell_out / (opening + sell_in), of sums.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al., Marketing Metrics, ch. 6 (sell-through); methods 8.1.

    Examples
    --------
    >>> import pandas as pd
    >>> stock = pd.DataFrame({"dealer": ["苏州商贸"], "opening": [20.0], "sell_in": [100.0], "sell_out": [90.0]})
    >>> sell_through_rate(stock)[["dealer", "value"]]
      dealer  value
    0   苏州商贸   0.75
    """
    need_columns(stock, [by, "opening", "sell_in", "sell_out"], metric="sell_through_rate")
    need_numbers(stock, ["opening", "sell_in", "sell_out"], metric="sell_through_rate")
    sums = stock.groupby(by, dropna=False)[["opening", "sell_in", "sell_out"]].sum(skipna=False).reset_index()
    return ratio_frame(sums[[by]], sums["sell_out"], sums["opening"] + sums["sell_in"])


@checked
def inventory_days(stock: pd.DataFrame, *, days: int, by: str = "dealer") -> pd.DataFrame:
    """库存天数: how long the mean stock lasts at the rate it was sold.

    Parameters
    ----------
    stock : DataFrame
        `by`, opening, closing, sold: of one span, a row a product, all in units or all at cost.
    days : int
        The length of the span.
    by : str
        Whose stock.

    Returns
    -------
    DataFrame
        `by`, record columns: value (days) = (opening + closing) / 2 × days / sold; nothing sold is `na_zero_base`.

    Raises
    ------
    MetricError
        A column is missing, or the span has no days.

    Source
    ------
    Horngren, Cost Accounting (inventory turnover); methods 8.1.

    Examples
    --------
    >>> import pandas as pd
    >>> stock = pd.DataFrame({"dealer": ["苏州商贸"], "opening": [40.0], "closing": [60.0], "sold": [150.0]})
    >>> inventory_days(stock, days=30)[["dealer", "value", "unit"]]
      dealer  value  unit
    0   苏州商贸   10.0  days
    """
    need_columns(stock, [by, "opening", "closing", "sold"], metric="inventory_days")
    need_numbers(stock, ["opening", "closing", "sold"], metric="inventory_days")
    if days < 1:
        raise MetricError(("期间至少一天", "a span has at least one day"), found=str(days))
    sums = stock.groupby(by, dropna=False)[["opening", "closing", "sold"]].sum(skipna=False).reset_index()
    mean = (sums["opening"] + sums["closing"]) / 2
    out = ratio_frame(sums[[by]], mean * days, sums["sold"], unit="days")
    return out.assign(status=out["status"].replace(str(Status.NONPOSITIVE_BASE), str(Status.ZERO_BASE)))
