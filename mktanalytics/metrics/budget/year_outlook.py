"""The full year seen from the last complete month, against the budget of the report's month (methods 4.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.year_forecast import full_year_forecast
from mktanalytics.metrics.budget.year_methods import CROSS_CHECK, MAIN
from mktanalytics.metrics.result import Status, dimensions, record_frame


@checked
def year_outlook(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    known: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    method: str = MAIN,
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
    `by`, ba, actual_ytd, method (used), low, high, difference, cross_check (in `unit`: the forecast by
    cross_method, which is mean_of_bf beside bottom_up, and bottom_up beside any other), over (value / ba, a
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
    by = dimensions(by)
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
    out["cross_method"] = np.where(rows["method"] == MAIN, CROSS_CHECK, MAIN)
    out["cross_check"] = [
        row[f"by_{name}"] for name, (_, row) in zip(out["cross_method"], rows.iterrows(), strict=True)
    ]
    out["difference"] = out["value"] - out["ba"]
    out["over"] = out["value"] / out["ba"].where(out["ba"] > 0)
    return out
