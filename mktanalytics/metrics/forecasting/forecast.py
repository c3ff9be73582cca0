"""Forecasts of a monthly series: three baselines, their mean, and intervals from past errors (methods 9)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.forecasting.forecast_models import (
    YEAR,
    Array,
    ets,
    intermittent,
    mean_of_three,
    naive,
    sba,
    seasonal_naive,
    theta,
)
from mktanalytics.metrics.periods.spring import SEASONS, merge_spring, split_spring
from mktanalytics.metrics.result import Status, need_columns, need_known, need_numbers

METHODS = ("naive", "seasonal_naive", "theta", "ets", "mean_of_three")
ALL_METHODS = (*METHODS, "sba")  # SBA where demands are far apart: no baseline for other series
SEASONAL_FROM = 24  # months below which no seasonal model is fitted (methods 9)
ENOUGH_ERRORS = 5  # fewer past errors than this say nothing about a tenth of the cases
MOST_ORIGINS = 24  # past origins an interval is drawn from, the latest ones
LEVEL = 0.80  # what the intervals are labelled


@checked
def point_forecast(
    history: pd.Series, horizon: int, method: str = "mean_of_three", *, spring: bool = True
) -> tuple[pd.Series, str]:
    """The forecast of the months that follow, and the method that the length of the history allows.

    Parameters
    ----------
    history : values by month (first days), without gaps. horizon : months ahead.
    method : one of METHODS, or sba. spring : model 1-2月 as one, then split it by where 初一 falls.

    Returns
    -------
    Values by month; the method used: below 24 months no seasonal model but last year's pattern
    (seasonal_naive), below 12 the last level (naive). A history without negatives has no negative forecast.

    Raises
    ------
    MetricError
        The history is empty or has gaps, or the method is unknown.

    Source
    ------
    methods 9.

    Examples
    --------
    >>> h = pd.Series(100.0, pd.date_range("2025-01-01", periods=6, freq="MS"))
    >>> point_forecast(h, 2)[1]
    'naive'
    """
    need_known(method, ALL_METHODS, ("预测方法", "method of forecast"))
    _no_gaps(history)
    used = _allowed(len(history), method)
    months = pd.date_range(history.index[-1], periods=horizon + 1, freq="MS")[1:]
    y = history.to_numpy(dtype="float64")
    if used in ("naive", "sba"):
        points = pd.Series((naive if used == "naive" else sba)(y, horizon), months)
    elif not spring:
        points = pd.Series(_run(used, y, horizon, YEAR), months)
    else:
        merged = merge_spring(history)
        # one season more than asked: 1-2月 together make two months of one step
        seasons = _run(used, merged.to_numpy(dtype="float64"), horizon + 1, SEASONS)
        points = split_spring(seasons, merged.index[-1], history).reindex(months)
    return (points.clip(lower=0) if y.min() >= 0 else points), used


@checked
def forecast(
    history: pd.DataFrame,
    *,
    horizon: int = 12,
    method: str = "mean_of_three",
    spring: bool = True,
    language: str = "zh",
) -> pd.DataFrame:
    """Forecast a monthly series, with an 80% interval from the method's own past errors.

    Parameters
    ----------
    history : month (first days), value (any one unit); one row a month, no gaps.
    horizon : months ahead. method : naive, seasonal_naive, theta, ets, mean_of_three, or sba where many
        months are zero (the note says so; a yearly campaign is better left to last year's pattern).
    spring : model January and February together, then split (where 春节 moves the series).

    Returns
    -------
    month, horizon (months), value, low, high (the unit of `value`), level (0.8), method (the one used),
    n (months of history), errors (count of past errors behind the interval), status, note.
    low and high are NaN where fewer than five past errors exist.

    Raises
    ------
    MetricError
        A column is missing, a month is missing or double, the method is unknown.

    Source
    ------
    methods 9; intervals are quantiles of rolling-origin errors, never narrower further ahead.

    Examples
    --------
    >>> h = pd.DataFrame({"month": pd.date_range("2025-01-01", periods=14, freq="MS"), "value": 100.0})
    >>> forecast(h, horizon=2)[["value", "method", "note"]].values.tolist()[0]
    [100.0, 'seasonal_naive', '历史不足24个月，沿用上年同期形态']
    """
    series = as_series(history)
    points, used = point_forecast(series, horizon, method, spring=spring)
    errors = past_errors(series, horizon, used, spring=spring)
    low, high, counts = _interval(points.to_numpy(), errors, horizon)
    if series.min() >= 0:
        low = np.maximum(low, 0.0)
    note = _note(series, used, language)
    return pd.DataFrame(
        {
            "month": points.index,
            "horizon": np.arange(1, horizon + 1),
            "value": points.to_numpy(),
            "low": low,
            "high": high,
            "level": LEVEL,
            "method": pd.array([used] * horizon, dtype="str"),
            "n": len(series),
            "errors": counts,
            "status": pd.array([str(Status.OK)] * horizon, dtype="str"),
            "note": pd.array([note] * horizon, dtype="str"),
        }
    )


@checked
def past_errors(
    history: pd.Series,
    horizon: int,
    method: str,
    *,
    spring: bool = True,
    first: int | None = None,
    most: int = MOST_ORIGINS,
) -> pd.DataFrame:
    """Actual minus forecast from every past origin the history allows.

    Parameters
    ----------
    history : values by month. horizon : months ahead. method : one of METHODS.
    first : months in the first training window (default 24 for models, 12 for seasonal naive and SBA, 1 for naive).
    most : how many origins at most, the latest.

    Returns
    -------
    origin (last month known), month, horizon, actual, forecast, error; no rows where none is possible.

    Source
    ------
    methods 9 (rolling origin, the same horizon as the use).

    Examples
    --------
    >>> h = pd.Series([1.0, 2.0, 4.0], pd.date_range("2026-01-01", periods=3, freq="MS"))
    >>> past_errors(h, 1, "naive")["error"].tolist()
    [1.0, 2.0]
    """
    start = first or {"naive": 1, "seasonal_naive": YEAR, "sba": YEAR}.get(method, SEASONAL_FROM)
    _no_gaps(history)
    rows = []
    for size in range(max(start, len(history) - most), len(history)):
        past, ahead = history.iloc[:size], history.iloc[size : size + horizon]
        points, _ = point_forecast(past, len(ahead), method, spring=spring)
        for step, (month, actual) in enumerate(ahead.items(), 1):
            rows.append((past.index[-1], month, step, float(actual), float(points.iloc[step - 1])))
    out = pd.DataFrame(rows, columns=["origin", "month", "horizon", "actual", "forecast"])
    return out.assign(error=out["actual"] - out["forecast"])


def as_series(history: pd.DataFrame) -> pd.Series:
    """The `value` of each `month`, in order of time.

    Raises
    ------
    MetricError
        A column is missing, or two rows share a month.
    """
    need_columns(history, ["month", "value"], metric="forecast")
    need_numbers(history, ["value"], metric="forecast")
    series = pd.Series(
        history["value"].to_numpy(dtype="float64"), pd.DatetimeIndex(stamps(history["month"]))
    ).sort_index()
    if series.index.hasnans:
        raise MetricError(
            ("有的行没有月份", "some rows have no month"),
            found=str(int(np.count_nonzero(series.index.isna()))),
            todo=("请补上月份", "name the month"),
        )
    if series.index.has_duplicates:
        twice = series.index[series.index.duplicated()][0]
        raise MetricError(
            ("同一月份有两行", "two rows for one month"),
            found=f"{twice:%Y-%m}",
            todo=("请先相加", "sum them first"),
        )
    return series


# ---- the parts

_SHORT = {
    "zh": (
        "历史不足12个月，沿用最近水平，需人工判断",
        "历史不足24个月，沿用上年同期形态",
        "为零的月份较多，可用 SBA 或按季度合并",
    ),
    "en": (
        "fewer than 12 months: the last level, judge for yourself",
        "fewer than 24 months: last year's pattern",
        "many months are zero: consider SBA, or quarters",
    ),
}


def _note(history: pd.Series, used: str, language: str) -> str:
    need_known(language, _SHORT, ("语言", "language"))
    if len(history) < YEAR:
        return _SHORT[language][0]
    if len(history) < SEASONAL_FROM:
        return _SHORT[language][1]
    return _SHORT[language][2] if intermittent(history.to_numpy()) and used != "sba" else ""


def _no_gaps(history: pd.Series) -> None:
    need_numbers(history.to_frame("history"), ["history"], metric="forecast")
    months = pd.DatetimeIndex(history.index)
    if not len(months):
        raise MetricError(
            ("没有可用于预测的历史", "no history to forecast from"),
            todo=("载入更早的月份", "load earlier months"),
        )
    missing = pd.date_range(months[0], months[-1], freq="MS").difference(months)
    missing = missing.union(months[history.isna().to_numpy()])
    if len(missing):
        raise MetricError(
            ("历史缺月份", "months missing in the history"), found="、".join(f"{m:%Y-%m}" for m in missing[:6]),
            expected=("每月一行", "a row for each month"), todo=("补上，或从其后开始：缺失不等于零", "bring them, or start after them: missing is not zero"),
        )  # fmt: skip


def _allowed(n: int, method: str) -> str:
    if method == "sba":
        return method  # knows no seasons
    if n < YEAR:
        return "naive"
    # 12 months that start in February hold no whole 1-2月, and 24 only just two years of seasons
    return "seasonal_naive" if n < SEASONAL_FROM and method != "naive" else method


def _run(method: str, y: Array, horizon: int, season: int) -> Array:
    if method == "seasonal_naive" and len(y) < season:
        return seasonal_naive(y, horizon, len(y))
    if method in ("theta", "ets", "mean_of_three") and len(y) < 2 * season:
        method = "seasonal_naive"  # a half pair of 1-2月 at either end was left out
    return {"seasonal_naive": seasonal_naive, "theta": theta, "ets": ets, "mean_of_three": mean_of_three}[
        method
    ](y, horizon, season)


def _interval(
    points: Array, errors: pd.DataFrame, horizon: int
) -> tuple[Array, Array, npt.NDArray[np.int64]]:
    low, high = np.full(horizon, np.nan), np.full(horizon, np.nan)
    counts = np.zeros(horizon, dtype="int64")
    down, up, used = 0.0, 0.0, 0
    for h in range(1, horizon + 1):
        e = errors.loc[errors["horizon"] == h, "error"].to_numpy(dtype="float64")
        if len(e) >= ENOUGH_ERRORS:
            # never narrower than at a shorter horizon; and 0 error stays inside
            tail = (1 - LEVEL) / 2
            down, up = min(down, float(np.quantile(e, tail))), max(up, float(np.quantile(e, 1 - tail)))
            used = len(e)
        elif not used:
            break
        low[h - 1], high[h - 1], counts[h - 1] = points[h - 1] + down, points[h - 1] + up, used
    return low, high, counts
