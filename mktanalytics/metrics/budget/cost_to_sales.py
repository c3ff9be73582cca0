"""费销比: recognised marketing cost over sales, through the year and against last year (methods 4.7)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import first_of_month, fiscal_months
from mktanalytics.metrics.budget.budget_months import monthly_actual
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED, join_notes, word
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import (
    RECORD,
    Status,
    dimensions,
    need_columns,
    need_numbers,
    ratio_frame,
    record_frame,
)


@checked
def cost_to_sales(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
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
    by = dimensions(by)
    keys = list(by)
    need_columns(sales, ["month", "amount", *keys], metric="cost_to_sales (sales)")
    need_numbers(sales, ["amount"], metric="cost_to_sales (sales)")
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


@checked
def cost_to_sales_change(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """The change of 费销比 on the same months of last year, in points.

    Parameters
    ----------
    budget, spend, sales, month, by : as in `cost_to_sales`.

    Returns
    -------
    `by`, scope (month, ytd) and the record columns: value in pp, numerator this year's and denominator
    last year's ratio (fractions). `na_missing` where either side is, or counts other months.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 2.1 (a rate changes by points), 4.7.

    Examples
    --------
    >>> m = pd.to_datetime(["2025-01-01", "2026-01-01"])
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [10e4, 9e4]})
    >>> c = cost_to_sales_change(s.iloc[:0], s, pd.DataFrame({"month": m, "amount": [100e4] * 2}), month="2026-01")
    >>> c["value"].round(6).tolist()
    [-0.01, -0.01]
    """
    by = dimensions(by)
    keys, now = list(by), first_of_month(month)

    def ratio(when: pd.Timestamp) -> pd.DataFrame:
        return cost_to_sales(
            budget, spend, sales, month=when, by=keys, fiscal_year_start=fiscal_year_start, language=language
        )

    index = [*keys, "scope"]
    both = ratio(now).merge(
        ratio(now - pd.DateOffset(years=1))[[*index, "value", "n"]],
        on=index,
        how="left",
        suffixes=("", "_before"),
    )
    same = (both["n"] == both["n_before"]).fillna(False).to_numpy(dtype=bool)
    change = np.where(same, both["value"] - both["value_before"], np.nan)
    return record_frame(
        both[index],
        value=change,
        unit="pp",
        status=np.where(np.isfinite(change), Status.OK, Status.MISSING),
        numerator=both["value"],
        denominator=both["value_before"],
    )


@checked
def cost_to_sales_course(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """费销比 of each month of the fiscal year so far, and its change on last year.

    Parameters
    ----------
    budget, spend, sales, month : as in `cost_to_sales`.

    Returns
    -------
    month, what (ratio, change) and the record columns.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.7, 2.3: single months around the Spring Festival are not comparable.

    Examples
    --------
    >>> m = pd.to_datetime(["2026-01-01"])
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [9e4]})
    >>> c = cost_to_sales_course(s.iloc[:0], s, pd.DataFrame({"month": m, "amount": [100e4]}), month="2026-01")
    >>> c[["what", "value"]].values.tolist()
    [['ratio', 0.09], ['change', nan]]
    """
    need_columns(sales, ["month", "amount"], metric="cost_to_sales_course (sales)")
    need_numbers(sales, ["amount"], metric="cost_to_sales_course (sales)")
    sold = sales.groupby("month", as_index=False)[["amount"]].sum(min_count=1)
    parts = []
    for each in fiscal_months(month, fiscal_year_start):
        if each > first_of_month(month):
            break
        for what, measure in (("ratio", cost_to_sales), ("change", cost_to_sales_change)):
            rows = measure(
                budget, spend, sold, month=each, fiscal_year_start=fiscal_year_start, language=language
            )
            parts.append(rows[rows["scope"] == "month"].assign(month=each, what=what))
    return pd.concat(parts, ignore_index=True)[["month", "what", *RECORD]]


# ---- the parts


def _sum_over(rows: pd.DataFrame, column: str, months: list[pd.Timestamp], keys: list[str]) -> pd.DataFrame:
    inside = rows[rows["month"].isin(months)]
    if keys:
        sums: pd.DataFrame = inside.groupby(keys, as_index=False)[[column]].sum(min_count=1)
        return sums
    return pd.DataFrame({column: [inside[column].sum(min_count=1)]})
