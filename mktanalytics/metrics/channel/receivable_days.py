"""Days of sales outstanding, by the balance and by counting back (methods 8.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.channel.receivables import CENT
from mktanalytics.metrics.result import Figure, Status


@checked
def days_sales_outstanding(
    receivables: float,
    sales: Sequence[float],
    days: Sequence[int],
    *,
    method: Literal["simple", "count_back"],
) -> Figure:
    """应收账款周转天数 (DSO): how many days of sales are still to be paid.

    Parameters
    ----------
    receivables : money at the end of the last month (the mean of two balances, for the turnover version).
    sales : credit sales of each month, oldest first; with VAT as receivables are. days : days of each month.
    method : "simple", receivables over all the sales × all the days; "count_back", whole months of sales are taken off
        from the last one backwards, then a fraction of the next (for seasonal sales).

    Returns
    -------
    Figure
        value (days; 0 where nothing is owed), numerator the receivables, denominator the sales used. A missing figure is `na_missing`. Sales of 0 are `na_zero_base`; receivables
        above all sales given are `na_incomplete_period` when counted back.

    Raises
    ------
    MetricError
        Months and days differ in number, or the method is unknown.

    Source
    ------
    Methods 8.2. With days 360 and mean receivables, the simple form is 360 / turnover.

    Examples
    --------
    >>> counted = days_sales_outstanding(1500.0, [800.0, 500.0, 600.0], [31, 30, 31], method="count_back")
    >>> counted.value  # 31 + 30 天，再加 400/800 × 31 天
    76.5
    """
    if len(sales) != len(days):
        raise MetricError(("每月须有天数", "each month needs its days"), found=f"{len(sales)}, {len(days)}")
    if not np.isfinite([receivables, *sales]).all():
        return Figure(None, "days", Status.MISSING)
    if receivables <= 0:  # nothing is owed; advance receipts (预收) are no receivables
        return Figure(0.0, "days", numerator=0.0, denominator=float(sum(sales)))
    if method == "simple":
        return _days_figure(receivables, float(sum(sales)), sum(days))
    if method != "count_back":
        raise MetricError(("未知的方法", "unknown method"), found=method, expected="simple, count_back")
    left, counted, used = receivables, 0.0, 0.0
    for amount, length in zip(reversed(sales), reversed(days), strict=True):
        part = 1.0 if left >= amount else left / amount
        left, counted, used = left - part * amount, counted + part * length, used + part * amount
        if left <= CENT:
            return Figure(counted, "days", numerator=receivables, denominator=used)
    return Figure(None, "days", Status.INCOMPLETE_PERIOD, receivables, used)


def _days_figure(receivables: float, sales: float, days: int) -> Figure:
    if sales <= 0:
        status = Status.ZERO_BASE if sales == 0 else Status.NONPOSITIVE_BASE
        return Figure(None, "days", status, receivables, sales)
    return Figure(receivables / sales * days, "days", numerator=receivables, denominator=sales)
