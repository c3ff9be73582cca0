"""A budget and its spending by month: the plan laid out, and what was recognised (methods 4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import (
    actual_lines,
    approved_plan,
    first_of_month,
    fiscal_months,
    no_lines,
)
from mktanalytics.metrics.budget._budget_sums import plan_sums, with_keys
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import dimensions


@checked
def monthly_plan(
    budget: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    fiscal_year_start: int = 1,
) -> pd.DataFrame:
    """The plan of each month of the fiscal year, as approved by the end of `month`.

    Parameters
    ----------
    budget : as in `budget_amounts`. month : the date BA is taken at. by : dimensions.

    Returns
    -------
    `by`, month, b0, ba (CNY), even (CNY of ba that came from rows without months, spread evenly).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2 (分月计划).

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [120e4]})
    >>> monthly_plan(b, month="2026-03")["ba"].tolist()[:2]
    [100000.0, 100000.0]
    """
    by = dimensions(by)
    keys, now = list(by), first_of_month(month)
    plan = approved_plan(budget, month=now, fiscal_year_start=fiscal_year_start)
    currency_of(plan)
    parts = []
    for each in fiscal_months(now, fiscal_year_start):
        part = plan_sums(plan, each, each, keys)
        part.insert(len(keys), "month", each)
        parts.append(part)
    out = pd.concat(parts, ignore_index=True)
    return out[[*keys, "month", "b0", "ba", "even"]].sort_values([*keys, "month"], ignore_index=True)


@checked
def monthly_actual(
    budget: pd.DataFrame, spend: pd.DataFrame, *, by: str | Sequence[str] = (), fiscal_year_start: int = 1
) -> pd.DataFrame:
    """Recognised cost A by month over the whole history, months of no spend at all left out.

    Parameters
    ----------
    budget, spend : as in `budget_amounts`. by : dimensions.

    Returns
    -------
    `by`, month, recognised (CNY); every key has every month of the data, 0 where it had no line.

    Source
    ------
    methods 0.6, 4.1.

    Examples
    --------
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-02-01"]), "region": ["华东", "华南"],
    ...                   "status": "paid", "amount": [3e4, 2e4]})
    >>> monthly_actual(pd.DataFrame({"month": s["month"], "amount": 0.0}), s, by=["region"])["recognised"].tolist()
    [30000.0, 0.0, 0.0, 20000.0]
    """
    by = dimensions(by)
    keys = list(by)
    starts = sorted({fiscal_months(m, fiscal_year_start)[0] for m in _all_months(budget, spend)})
    parts = [
        actual_lines(budget, spend, month=s + pd.DateOffset(months=11), fiscal_year_start=fiscal_year_start)[
            0
        ]
        for s in starts
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else no_lines()
    currency_of(rows)
    rows = rows[rows["stage"].isin(("recognised", "paid")) & ~rows["unphased"]]
    rows = with_keys(rows, keys)
    index = [*keys, "month"]
    sums = rows.sort_values([*index, "amount"]).groupby(index, as_index=False)[["amount"]].sum()
    out: pd.DataFrame = sums.rename(columns={"amount": "recognised"})
    if keys:
        every = out[keys].drop_duplicates().merge(out[["month"]].drop_duplicates(), how="cross")
        out = every.merge(out, on=index, how="left").fillna({"recognised": 0.0})
    return out[[*index, "recognised"]].sort_values(index, ignore_index=True)


def _all_months(budget: pd.DataFrame, spend: pd.DataFrame) -> list[pd.Timestamp]:
    months = [f["month"].dropna() for f in (budget, spend) if "month" in f and len(f)]
    return list(pd.concat(months).unique()) if months else []
