"""费销比: recognised marketing cost over sales (methods 4.7)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.metrics.budget._budget_rows import first_of_month, fiscal_months
from mktanalytics.metrics.budget.budget_amounts import monthly_actual
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED, join_notes, word
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, ratio_frame


def cost_to_sales(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """费销比: recognised marketing cost over sales, for the month and the year to date.

    Parameters
    ----------
    budget, spend : as in `budget_amounts` (the budget is read only where there are no vouchers).
    sales : month, amount (CNY) and the columns of `by`; lines or a rollup of them.
    by : region and/or channel, as both tables have them.

    Returns
    -------
    `by`, scope (month, ytd) and the record columns: numerator cost, denominator sales (CNY), n months.
    Only months that both sides have are counted, and the note names those left out.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.7, 0.2.

    Examples
    --------
    >>> m = pd.to_datetime(["2026-01-01", "2026-02-01"])
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [12e4, 8e4]})
    >>> cost_to_sales(s.iloc[:0], s, pd.DataFrame({"month": m, "amount": [100e4, 150e4]}), month="2026-02")["value"].tolist()
    [0.05333333333333334, 0.08]
    """
    keys = list(by)
    need_columns(sales, ["month", "amount", *keys], metric="cost_to_sales (sales)")
    currency_of(spend, sales)
    now, year = first_of_month(month), fiscal_months(month, fiscal_year_start)
    cost = monthly_actual(budget, spend, by=keys, fiscal_year_start=fiscal_year_start)
    lines = sales.assign(**{k: sales[k].astype("str").fillna(UNSPECIFIED) for k in keys})
    lines = lines[lines["amount"].notna()].sort_values([*keys, "month", "amount"])
    sold = lines.groupby([*keys, "month"], as_index=False)[["amount"]].sum()
    both = set(cost["month"]) & set(sold["month"])
    frames = []
    for scope, start in (("month", now), ("ytd", year[0])):
        months = [m for m in year if start <= m <= now]
        common = [m for m in months if m in both]
        gone = [f"{m:%Y-%m}" for m in months if m not in both]
        top = _sum_over(cost, "recognised", common, keys)
        bottom = _sum_over(sold, "amount", common, keys)
        joined = top.merge(bottom, on=keys, how="outer") if keys else pd.concat([top, bottom], axis=1)
        n = pd.Series([len(common)] * len(joined))
        out = ratio_frame(joined[keys].assign(scope=scope), joined["recognised"], joined["amount"], n=n)
        left_out = word("missing_sales", language, n=len(gone), months="、".join(gone)) if gone else ""
        out["note"] = join_notes(word("per_sales", language), left_out, language=language)
        frames.append(out)
    whole = pd.concat(frames, ignore_index=True)
    return whole.sort_values([*keys, "scope"], kind="stable", ignore_index=True) if keys else whole


# ---- the parts


def _sum_over(rows: pd.DataFrame, column: str, months: list[pd.Timestamp], keys: list[str]) -> pd.DataFrame:
    inside = rows[rows["month"].isin(months)]
    if keys:
        sums: pd.DataFrame = inside.groupby(keys, as_index=False)[[column]].sum(min_count=1)
        return sums
    return pd.DataFrame({column: [inside[column].sum(min_count=1)]})
