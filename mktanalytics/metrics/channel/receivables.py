"""Receivables (应收与回款): the roll-forward that must close, collection rates, ageing, days of sales (methods 8.2)."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import month_numbers
from mktanalytics.metrics.result import need_columns, need_numbers, ratio_frame

FLOWS = ["sales", "collections", "write_offs", "other"]
CENT = 0.005  # differences below half a cent are rounding


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
