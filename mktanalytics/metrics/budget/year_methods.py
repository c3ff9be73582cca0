"""The full year by each of the methods a to h, from the months known and the plan (methods 4.4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import first_of_month, fiscal_months, month_of_year
from mktanalytics.metrics.forecasting.forecast import SEASONAL_FROM, point_forecast
from mktanalytics.metrics.result import need_numbers

# name -> the letter of methods 4.4, and its name in both languages
METHODS = {
    "linear": ("a", "按月均外推", "monthly run-rate"),
    "seasonal_share": ("b", "历年同期占比", "share of past years"),
    "last_year_growth": ("c", "上年形态×本年增长", "last year × growth"),
    "phased_plan": ("d", "累计实际+剩余分月预算", "spent + remaining plan"),
    "last_year_rest": ("e", "累计实际+上年剩余月份", "spent + last year's remainder"),
    "ets": ("f", "ETS", "ETS"),
    "theta": ("f", "Theta", "Theta"),
    "mean_of_bf": ("g", "占比、Theta、ETS 均值", "mean of past share, Theta and ETS"),
    "bottom_up": ("h", "累计实际+已承诺+未承诺计划", "spent + committed + uncommitted plan"),
}

MAIN = "bottom_up"  # "for budgets the bottom-up h is the main number, statistics are the cross-check" (methods 4.4)
CROSS_CHECK = "mean_of_bf"
PLANS = ("phased_plan", "bottom_up")  # made of the plan, of which past years keep none: no past errors


@checked
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
    return {method: zh if language == "zh" else en for method, (_, zh, en) in METHODS.items()}


@checked
def year_forecasts(
    actual: pd.Series,
    *,
    month: str | pd.Timestamp,
    fiscal_year_start: int = 1,
    plan: pd.Series | None = None,
    committed: float = 0.0,
    spring: bool = True,
) -> pd.Series:
    """The full year by each method of 4.4 that the data allow, NaN where they don't.

    Parameters
    ----------
    actual : recognised cost by month (first days, CNY), past years and this one; months without data absent.
    month : the last month known. plan : BA by month of this fiscal year (CNY).
    committed : open commitments due this year (CNY). spring : model 1-2月 as one in Theta and ETS.

    Returns
    -------
    CNY by method name: linear (a: 12Y/m), seasonal_share (b, pooled: sum YTD / sum year over complete past
    years), last_year_growth (c), phased_plan (d), last_year_rest (e), ets and theta (f, on the history,
    from 24 months), mean_of_bf (g: the mean of b, theta and ets, or b alone below 24 months),
    bottom_up (h: Y + open commitments + remaining plan not yet committed).

    Raises
    ------
    MetricError
        `month` is not a month.

    Source
    ------
    methods 4.4.

    Examples
    --------
    >>> past = pd.Series([10.0] * 6 + [30.0] * 6, pd.date_range("2025-01-01", periods=12, freq="MS"))
    >>> now = pd.Series([12.0] * 6, pd.date_range("2026-01-01", periods=6, freq="MS"))
    >>> f = year_forecasts(pd.concat([past, now]), month="2026-06")
    >>> f[["linear", "seasonal_share", "last_year_growth", "last_year_rest"]].round(6).tolist()
    [144.0, 288.0, 288.0, 252.0]
    """
    now, months = first_of_month(month), fiscal_months(month, fiscal_year_start)
    m = month_of_year(now, fiscal_year_start)
    need_numbers(actual.to_frame("actual"), ["actual"], metric="year_forecasts")
    if not isinstance(actual.index, pd.DatetimeIndex):
        raise MetricError(
            (
                "year_forecasts：actual 须以月份（日期）为索引",
                "year_forecasts needs actual by month (dates as its index)",
            ),
            found=", ".join(map(str, actual.index[:3])) or type(actual.index).__name__,
            expected="DatetimeIndex",
            todo=("用 pd.to_datetime 转换索引", "convert the index by pd.to_datetime"),
        )
    known = actual.astype("float64")[actual.index <= now].sort_index().dropna()
    out = pd.Series(np.nan, index=list(METHODS))
    so_far = known.reindex(months[:m])
    if so_far.isna().any():
        return out
    spent = float(so_far.sum())
    if m == 12:
        return out.fillna(spent)
    out["linear"] = spent * 12 / m
    if plan is not None:
        rest = float(plan.reindex(months[m:]).fillna(0.0).sum())
        out["phased_plan"] = spent + rest
        out["bottom_up"] = spent + committed + max(rest - committed, 0.0)
    years = _complete_years(known, months[0], m)
    if years:
        share = sum(y for y, _ in years) / whole if (whole := sum(t for _, t in years)) else 0.0
        before, total = years[-1]
        out["seasonal_share"] = spent / share if 0 < share <= 1 else np.nan
        out["last_year_growth"] = spent + (total - before) * spent / before if before > 0 else np.nan
        out["last_year_rest"] = spent + total - before
    out["theta"], out["ets"] = (_modelled(known, spent, 12 - m, name, spring) for name in ("theta", "ets"))
    parts = out[["seasonal_share", "theta", "ets"]].dropna()
    out["mean_of_bf"] = float(parts.mean()) if len(parts) else np.nan
    return out


# ---- the parts


def _complete_years(known: pd.Series, this_year: pd.Timestamp, m: int) -> list[tuple[float, float]]:
    """(spent after m months, spent in the year) of each complete past year, oldest first."""
    years = []
    for back in range(10, 0, -1):
        months = pd.date_range(this_year - pd.DateOffset(years=back), periods=12, freq="MS")
        values = known.reindex(months)
        if values.notna().all():
            years.append((float(values.iloc[:m].sum()), float(values.sum())))
    return years


def _modelled(known: pd.Series, spent: float, ahead: int, name: str, spring: bool) -> float:
    # only the unbroken run of months up to now can be modelled: missing is not zero
    steps = known.index.to_series().diff() > pd.Timedelta(days=31)
    run = known[steps.cumsum().to_numpy() == steps.sum()]
    if len(run) < SEASONAL_FROM:
        return np.nan
    points, used = point_forecast(run, ahead, name, spring=spring)
    return spent + float(points.sum()) if used == name else np.nan
