"""How old receivables are, and what of them may be lost (methods 8.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import DayLike, day, stamps
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_numbers

UNAPPLIED = "unapplied"
CURRENT = "current"


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
