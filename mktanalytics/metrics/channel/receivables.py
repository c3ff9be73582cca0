"""Receivables (应收与回款): the roll-forward that must close, collection rates, ageing, days of sales (methods 8.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import DayLike, day, stamps
from mktanalytics.metrics._months import month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import Figure, Status, need_columns, need_numbers, ratio_frame

FLOWS = ["sales", "collections", "write_offs", "other"]
CENT = 0.005  # differences below half a cent are rounding
UNAPPLIED = "unapplied"
CURRENT = "current"


@checked
def receivables_rollforward(ledger: pd.DataFrame, *, by: str = "customer") -> pd.DataFrame:
    """Whether each balance follows from the one before: closing = opening + sales - collections - write-offs + other.

    Parameters
    ----------
    ledger : DataFrame
        `by`, month, opening, sales, collections, write_offs, other, closing: money, a row a month.
    by : str
        Whose balances.

    Returns
    -------
    DataFrame
        `by`, month, expected (closing as the flows give it), closing, difference (closing - expected), gap (opening -
        the closing of the month before; NaN in the first month or after a missing one), closes (bool: both are 0).
        A missing figure makes it False.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 8.2.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"customer": "苏州商贸", "month": pd.to_datetime(["2026-09-01", "2026-10-01"]),
    ...     "opening": [100.0, 130.0], "sales": [80.0, 50.0], "collections": [50.0, 60.0], "write_offs": 0.0,
    ...     "other": 0.0, "closing": [130.0, 125.0]})
    >>> receivables_rollforward(ledger)[["expected", "closing", "difference", "gap", "closes"]]
       expected  closing  difference  gap  closes
    0     130.0    130.0         0.0  NaN    True
    1     120.0    125.0         5.0  0.0   False
    """
    need_columns(ledger, [by, "month", "opening", "closing", *FLOWS], metric="receivables_rollforward")
    need_numbers(ledger, ["opening", "closing", *FLOWS], metric="receivables_rollforward")
    rows = ledger.assign(_month=month_numbers(ledger["month"])).sort_values([by, "_month"], kind="stable")
    rows["expected"] = (
        rows["opening"] + rows["sales"] - rows["collections"] - rows["write_offs"] + rows["other"]
    )
    rows["difference"] = rows["closing"] - rows["expected"]
    before = rows.groupby(by)
    follows = rows["_month"] - before["_month"].shift() == 1
    rows["gap"] = (rows["opening"] - before["closing"].shift()).where(follows)
    rows["closes"] = (rows["difference"].abs() < CENT) & (rows["gap"].fillna(0.0).abs() < CENT)
    return rows[[by, "month", "expected", "closing", "difference", "gap", "closes"]].reset_index(drop=True)


@checked
def collection_rate(
    ledger: pd.DataFrame, *, by: str = "customer", meaning: Literal["sales", "balance", "due"]
) -> pd.DataFrame:
    """回款率, in one of its three meanings, which has to be named.

    Parameters
    ----------
    ledger : DataFrame
        `by` and, by meaning: collections and sales; collections, opening and sales; due_collected and due; `month` where
        there are several: the opening balance is then that of the first. Write-offs are not collections.
    by : str
        Whose.
    meaning : {"sales", "balance", "due"}
        Collections over the sales of the span (may exceed 100 %), over opening balance and sales, or of the amounts
        that fell due in the span over what fell due (到期回款率, the fairest for dealers).

    Returns
    -------
    DataFrame
        `by`, record columns: value (fraction) = numerator / denominator, of sums.

    Raises
    ------
    MetricError
        A column is missing, or the meaning is unknown.

    Source
    ------
    Methods 8.2.

    Examples
    --------
    >>> import pandas as pd
    >>> ledger = pd.DataFrame({"customer": ["苏州商贸"], "opening": [100.0], "sales": [80.0], "collections": [90.0]})
    >>> collection_rate(ledger, meaning="sales")["value"].item(), collection_rate(ledger, meaning="balance")["value"].item()
    (1.125, 0.5)
    """
    parts = {
        "sales": ("collections", ["sales"]),
        "balance": ("collections", ["opening", "sales"]),
        "due": ("due_collected", ["due"]),
    }
    if meaning not in parts:
        raise MetricError(
            ("未知的回款率口径", "unknown meaning of the collection rate"),
            found=meaning,
            expected=", ".join(parts),
        )
    top, under = parts[meaning]
    need_columns(ledger, [by, top, *under], metric="collection_rate")
    need_numbers(ledger, [top, *under], metric="collection_rate")
    rows = ledger[[by, top, *under]].copy()
    if meaning == "balance" and "month" in ledger:  # a span has one opening balance: that of its first month
        months = pd.Series(month_numbers(ledger["month"]), index=ledger.index)
        first = months == months.groupby(ledger[by], dropna=False).transform("min")
        rows["opening"] = rows["opening"].where(first, 0.0)
    sums = rows.groupby(by, dropna=False)[[top, *under]].sum(skipna=False).reset_index()
    return ratio_frame(sums[[by]], sums[top], sums[under].sum(axis=1, skipna=False))


@checked
def ageing(
    items: pd.DataFrame,
    as_of: DayLike,
    *,
    by: str = "customer",
    since: Literal["due_date", "invoice_date"] = "due_date",
    edges: Sequence[int] = (30, 60, 90, 180, 360),
) -> pd.DataFrame:
    """账龄: open items by how old they are on a day.

    Parameters
    ----------
    items : DataFrame
        `by`, amount (money; negative: cash not applied, credit notes) and the date.
    as_of : date
        The day.
    by : str
        Whose.
    since : {"due_date", "invoice_date"}
        Days overdue (逾期), or days since the invoice.
    edges : rising numbers of days
        Where buckets end, the last day included: 1-30, 31-60, …

    Returns
    -------
    DataFrame
        `by`, current (day 0 and before), a column a bucket, undated, unapplied (all negative items: never netted into a
        bucket), total. The columns add to the total.

    Raises
    ------
    MetricError
        A column or an amount is missing, or the edges don't rise above 0.

    Source
    ------
    Methods 8.2.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"customer": "苏州商贸", "amount": [100.0, 50.0, 30.0, -20.0],
    ...     "due_date": pd.to_datetime(["2026-10-31", "2026-10-01", "2026-09-30", "2026-05-01"])})
    >>> ageing(items, "2026-10-31", edges=(30, 60)).T
                   0
    customer    苏州商贸
    current    100.0
    1-30        50.0
    31-60       30.0
    over 60      0.0
    undated      0.0
    unapplied  -20.0
    total      160.0
    """
    need_columns(items, [by, "amount", since], metric="ageing")
    need_numbers(items, ["amount"], metric="ageing")
    currency_of(items)
    edges = list(edges)
    if edges != sorted(set(edges)) or not edges or edges[0] < 1:
        raise MetricError(
            ("账龄分段须从大于0起递增", "the edges of the buckets must rise above 0"), found=str(edges)
        )
    starts = [1, *(e + 1 for e in edges[:-1])]
    names = [CURRENT, *(f"{a}-{b}" for a, b in zip(starts, edges, strict=True)), f"over {edges[-1]}"]
    if items["amount"].isna().any():
        raise MetricError(("有金额缺失", "amounts are missing"), found=str(int(items["amount"].isna().sum())))
    age = (day(as_of) - stamps(items[since]).dt.normalize()).dt.days.to_numpy(dtype="float64")
    bucket = np.array(names, dtype=object)[
        np.searchsorted([0, *edges], age, side="left").clip(max=len(edges) + 1)
    ]
    bucket = np.select([items["amount"] < 0, np.isnan(age)], [UNAPPLIED, "undated"], default=bucket)
    columns = [*names, "undated", UNAPPLIED]
    out = items["amount"].groupby([items[by], bucket], dropna=False).sum().unstack().reindex(columns=columns)
    return out.fillna(0.0).assign(total=out.sum(axis=1)).rename_axis(columns=None).reset_index()


@checked
def expected_loss(
    balances: Mapping[str, float], rates: Mapping[str, float], *, allowance: float = 0.0
) -> dict[str, float]:
    """坏账准备: what ageing asks for, and what is still to be set aside.

    Parameters
    ----------
    balances : bucket → money. rates : bucket → fraction expected lost. allowance : what stands in the books already; a
        debit balance is negative.

    Returns
    -------
    dict
        required, top_up (money): top_up = required - allowance.

    Raises
    ------
    MetricError
        A bucket has no rate.

    Source
    ------
    Horngren, Financial Accounting (aging-of-receivables method); methods 8.2.

    Examples
    --------
    >>> expected_loss({"current": 1000.0, "1-30": 200.0}, {"current": 0.01, "1-30": 0.1}, allowance=12.0)
    {'required': 30.0, 'top_up': 18.0}
    """
    unknown = [b for b in balances if b not in rates]
    if unknown:
        raise MetricError(
            ("有账龄段没有损失率", "a bucket has no loss rate"),
            found=", ".join(unknown),
            expected=", ".join(rates),
        )
    required = sum(amount * rates[bucket] for bucket, amount in balances.items())
    return {"required": required, "top_up": required - allowance}


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
