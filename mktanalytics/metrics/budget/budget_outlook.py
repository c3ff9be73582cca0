"""费销比 through the year and against last year, and the full year seen from the last complete month."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics.budget._budget_rows import first_of_month, fiscal_months
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_execution import cost_to_sales
from mktanalytics.metrics.budget.year_forecast import NAMES, full_year_forecast
from mktanalytics.metrics.result import RECORD, Status, need_columns, record_frame

ENGLISH = {
    "linear": "monthly run-rate", "seasonal_share": "share of past years", "last_year_growth": "last year × growth",
    "phased_plan": "spent + remaining plan", "last_year_rest": "spent + last year's remainder", "ets": "ETS", "theta": "Theta",
    "mean_of_bf": "mean of past share, Theta and ETS", "bottom_up": "spent + committed + uncommitted plan",
}  # fmt: skip


def method_words(language: str = "zh") -> dict[str, str]:
    """The name of each method of the full-year forecast.

    Parameters
    ----------
    language : zh or en.

    Returns
    -------
    method -> name.

    Source
    ------
    methods 4.4.

    Examples
    --------
    >>> method_words("en")["linear"]
    'monthly run-rate'
    """
    return dict(NAMES if language == "zh" else ENGLISH)


def cost_to_sales_change(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
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


def year_outlook(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    known: str | pd.Timestamp,
    by: Sequence[str] = (),
    method: str = "mean_of_bf",
    unit: str = "cny",
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """`full_year_forecast` from the last complete month, against the budget of the report's month.

    Parameters
    ----------
    budget, spend, by, method : as in `full_year_forecast`. month : the report's month, at which BA is taken.
    known : the last complete month: half a month would be read as a fall in spending.

    Returns
    -------
    `by`, ba, actual_ytd, method (used), low, high, difference, bottom_up (in `unit`), over (value / ba, a
    fraction), notes, and the record columns of the forecast: numerator the forecast, denominator BA.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.4.

    Examples
    --------
    >>> s = pd.DataFrame({"month": pd.date_range("2026-01-01", periods=6, freq="MS"), "status": "paid", "amount": 10e4})
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [120e4]})
    >>> year_outlook(b, s, month="2026-06", known="2026-06")[["value", "difference", "method"]].values.tolist()
    [[1200000.0, 0.0, 'bottom_up']]
    """
    keys = list(by)
    rows = full_year_forecast(
        budget, spend, month=known, by=keys, method=method, fiscal_year_start=fiscal_year_start,
        language=language,
    )  # fmt: skip
    amounts = budget_amounts(budget, spend, month=month, by=keys, fiscal_year_start=fiscal_year_start)
    year = amounts.loc[amounts["scope"] == "year", [*keys, "ba"]]
    rows = rows.drop(columns="ba")
    rows = year.merge(rows, on=keys, how="left") if keys else rows.assign(ba=float(year["ba"].iloc[0]))
    out = record_frame(
        rows[keys], value=rows["value"], unit=unit, status=rows["status"].fillna(str(Status.MISSING)),
        numerator=rows["value"], denominator=rows["ba"],
    )  # fmt: skip
    out["ba"], out["actual_ytd"] = rows["ba"].to_numpy(), rows["actual_ytd"].to_numpy()
    out["method"], out["notes"] = rows["method"].to_numpy(), rows["note"].to_numpy()
    out["low"], out["high"] = rows["low"].to_numpy(), rows["high"].to_numpy()
    out["bottom_up"] = rows["by_bottom_up"].to_numpy()
    out["difference"] = out["value"] - out["ba"]
    out["over"] = out["value"] / out["ba"].where(out["ba"] > 0)
    return out
