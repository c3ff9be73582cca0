"""Forecasts of a monthly series: three baselines, their mean, and intervals from past errors (methods 9)."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Status, need_columns
from mktanalytics.metrics.spring import SEASONS, merge_spring, split_spring

Array = npt.NDArray[np.float64]
METHODS = ("naive", "seasonal_naive", "theta", "ets", "mean_of_three")
YEAR = 12
SEASONAL_FROM = 24  # months below which no seasonal model is fitted (methods 9)
ENOUGH_ERRORS = 5  # fewer past errors than this say nothing about a tenth of the cases
MOST_ORIGINS = 24  # past origins an interval is drawn from, the latest ones
WILD = 3.0  # a forecast this many times the largest value ever seen is a failed fit
# error, trend, seasonal of the admissible forms; every trend is damped
FORMS: tuple[tuple[str, str | None, str | None], ...] = (
    ("add", None, None), ("add", "add", None), ("add", None, "add"), ("add", "add", "add"),
    ("mul", None, "mul"), ("mul", "add", "mul"),
)  # fmt: skip
LEVEL = 0.80  # what the intervals are labelled


def naive(values: Sequence[float] | Array, horizon: int) -> Array:
    """The last value, again and again.

    Parameters
    ----------
    values : the history, oldest first. horizon : how many steps.

    Returns
    -------
    `horizon` values.

    Raises
    ------
    MetricError
        No value, a missing one, or a horizon below 1.

    Source
    ------
    methods 9; Hyndman & Athanasopoulos, FPP3 5.2.

    Examples
    --------
    >>> naive([100, 120], 2).tolist()
    [120.0, 120.0]
    """
    y = _history(values, horizon, 1)
    return np.repeat(y[-1], horizon)


def seasonal_naive(values: Sequence[float] | Array, horizon: int, season: int = YEAR) -> Array:
    """The value of the same month a year before.

    Parameters
    ----------
    values : the history, oldest first, at least one season. horizon : steps. season : its length.

    Returns
    -------
    `horizon` values.

    Raises
    ------
    MetricError
        Fewer values than one season, or a missing one.

    Source
    ------
    methods 9; FPP3 5.2.

    Examples
    --------
    >>> seasonal_naive([80, 60, 100, 140], 5, season=4).tolist()
    [80.0, 60.0, 100.0, 140.0, 80.0]
    """
    y = _history(values, horizon, season)
    return y[-season:][np.arange(horizon) % season]


def theta(values: Sequence[float] | Array, horizon: int, season: int = YEAR) -> Array:
    """The Theta method: deseasonalised where tested seasonal, SES plus half the linear drift.

    Parameters
    ----------
    values : the history, oldest first, at least two seasons. horizon : steps. season : its length.
        A history with a zero or negative value is deseasonalised additively.

    Returns
    -------
    `horizon` values.

    Raises
    ------
    MetricError
        Fewer values than two seasons, or a missing one.

    Source
    ------
    methods 9; Assimakopoulos & Nikolopoulos 2000; statsmodels `ThetaModel`.

    Examples
    --------
    >>> theta([100.0, 100.0, 100.0, 100.0], 2, season=2).tolist()
    [100.0, 100.0]
    """
    y = _history(values, horizon, 2 * season)
    if _repeats(y, season):
        return seasonal_naive(y, horizon, season)
    scale = float(np.abs(y).mean())  # optimisers are not scale free: the same answer in 元 and in 万元
    kind = "multiplicative" if y.min() > 0 else "additive"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a boundary optimum is an answer, and so is an unindexed one
        fitted = ThetaModel(y / scale, period=season, method=kind).fit()
        points = np.asarray(fitted.forecast(horizon), dtype="float64") * scale
    return points if _sane(points, y) else seasonal_naive(y, horizon, season)


def ets(values: Sequence[float] | Array, horizon: int, season: int = YEAR) -> Array:
    """Exponential smoothing, its form chosen by AICc; every trend is damped.

    Parameters
    ----------
    values : the history, oldest first, at least two seasons. horizon : steps. season : its length.
        Multiplicative forms are admitted only where every value is positive.

    Returns
    -------
    `horizon` values.

    Raises
    ------
    MetricError
        Fewer values than two seasons, or a missing one.

    Source
    ------
    methods 9; FPP3 8; statsmodels `ETSModel`.

    Examples
    --------
    >>> ets([100.0, 100.0, 100.0, 100.0], 2, season=2).tolist()
    [100.0, 100.0]
    """
    y = _history(values, horizon, 2 * season)
    if _repeats(y, season):
        return seasonal_naive(y, horizon, season)
    scale = float(np.abs(y).mean())
    forms = [f for f in FORMS if y.min() > 0 or f[0] == "add"]
    # the form is chosen from quick fits; only the chosen one has its starting states optimised
    best = min(forms, key=lambda form: _ets_form(y / scale, horizon, season, form, quick=True)[1])
    for quick in (False, True):
        points, _ = _ets_form(y / scale, horizon, season, best, quick=quick)
        if _sane(points * scale, y):
            return points * scale
    return naive(y, horizon)


def mean_of_three(values: Sequence[float] | Array, horizon: int, season: int = YEAR) -> Array:
    """The mean of seasonal naive, Theta and ETS: the default, and hard to beat on short histories.

    Parameters, Returns, Raises: as `theta`.

    Source
    ------
    methods 9 (own run on the M3 monthly series).

    Examples
    --------
    >>> mean_of_three([100.0, 100.0, 100.0, 100.0], 2, season=2).tolist()
    [100.0, 100.0]
    """
    parts = [f(values, horizon, season) for f in (seasonal_naive, theta, ets)]
    return np.asarray(np.mean(parts, axis=0))


def sba(values: Sequence[float] | Array, horizon: int, alpha: float = 0.1) -> Array:
    """Syntetos–Boylan approximation for intermittent series: smoothed size over smoothed interval, debiased.

    Parameters
    ----------
    values : the history with zeros between demands. horizon : steps. alpha : smoothing of both parts.

    Returns
    -------
    `horizon` equal values: a rate per month.

    Raises
    ------
    MetricError
        A value is missing or negative.

    Source
    ------
    methods 9; Croston 1972, Syntetos & Boylan 2005.

    Examples
    --------
    >>> sba([0, 10, 0, 10], 1, alpha=0.1).round(2).tolist()
    [4.75]
    """
    y = _history(values, horizon, 1)
    if y.min() < 0:
        raise MetricError(
            "an intermittent series has no negative months", found=str(y.min()), todo="use theta or ets"
        )
    at = np.flatnonzero(y)
    if not len(at):
        return np.zeros(horizon)
    size, gap = float(y[at[0]]), float(at[0] + 1)
    for before, here in itertools.pairwise(at):
        size += alpha * (y[here] - size)
        gap += alpha * (float(here - before) - gap)
    return np.repeat((1 - alpha / 2) * size / gap, horizon)


def point_forecast(
    history: pd.Series, horizon: int, method: str = "mean_of_three", *, spring: bool = True
) -> tuple[pd.Series, str]:
    """The forecast of the months that follow, and the method that the length of the history allows.

    Parameters
    ----------
    history : values by month (first days), without gaps. horizon : months ahead.
    method : one of METHODS. spring : model 1-2月 as one, then split it by where 初一 falls.

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
    if method not in METHODS:
        raise MetricError(
            "unknown method of forecast", found=repr(method), expected=", ".join(METHODS), todo="use one"
        )
    _no_gaps(history)
    used = _allowed(len(history), method)
    months = pd.date_range(history.index[-1], periods=horizon + 1, freq="MS")[1:]
    y = history.to_numpy(dtype="float64")
    if used == "naive":
        points = pd.Series(naive(y, horizon), months)
    elif not spring:
        points = pd.Series(_run(used, y, horizon, YEAR), months)
    else:
        merged = merge_spring(history)
        # one season more than asked: 1-2月 together make two months of one step
        seasons = _run(used, merged.to_numpy(dtype="float64"), horizon + 1, SEASONS)
        points = split_spring(seasons, merged.index[-1], history).reindex(months)
    return (points.clip(lower=0) if y.min() >= 0 else points), used


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
    horizon : months ahead. method : naive, seasonal_naive, theta, ets or mean_of_three.
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
    note = _short_note(len(series), language)
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
    first : months in the first training window (default 24 for models, 12 for seasonal naive, 1 for naive).
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
    start = first or {"naive": 1, "seasonal_naive": YEAR}.get(method, SEASONAL_FROM)
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
    series = pd.Series(
        history["value"].to_numpy(dtype="float64"), pd.DatetimeIndex(history["month"])
    ).sort_index()
    if series.index.has_duplicates:
        twice = series.index[series.index.duplicated()][0]
        raise MetricError("two rows for one month", found=f"{twice:%Y-%m}", todo="sum them first")
    return series


def reconcile(total: float, parts: pd.Series) -> pd.Series:
    """Scale the parts so that they add to the total, which is the level trusted.

    Parameters
    ----------
    total : forecast of the whole. parts : forecasts of its members, same unit, none negative.

    Returns
    -------
    The parts times total / sum.

    Raises
    ------
    MetricError
        The parts sum to zero, or one is negative.

    Source
    ------
    methods 9 (proportional; FPP3 11).

    Examples
    --------
    >>> reconcile(120.0, pd.Series({"华东": 60.0, "华南": 40.0})).tolist()
    [72.0, 48.0]
    """
    whole = float(parts.sum())
    if whole <= 0 or parts.min() < 0:
        raise MetricError(
            "these parts can't be scaled",
            found=f"sum {whole:g}",
            expected="parts ≥ 0, sum > 0",
            todo="forecast the total only",
        )
    return parts * (total / whole)


# ---- the parts

_SHORT = {
    "zh": ("历史不足12个月，沿用最近水平，需人工判断", "历史不足24个月，沿用上年同期形态"),
    "en": (
        "fewer than 12 months: the last level, judge for yourself",
        "fewer than 24 months: last year's pattern",
    ),
}


def _short_note(n: int, language: str) -> str:
    if n < YEAR:
        return _SHORT[language][0]
    return _SHORT[language][1] if n < SEASONAL_FROM else ""


def _history(values: Sequence[float] | Array, horizon: int, least: int) -> Array:
    y = np.asarray(values, dtype="float64")
    if horizon < 1:
        raise MetricError("no horizon", found=str(horizon), expected="1 or more", todo="ask for a month")
    if len(y) < least:
        raise MetricError(
            "history too short",
            found=f"{len(y)} values",
            expected=f"at least {least}",
            todo="use a simpler method",
        )
    if not np.isfinite(y).all():
        raise MetricError(
            "a month is missing in the history",
            found="a blank value",
            todo="fill it, or start after it: missing is not zero",
        )
    return y


def _no_gaps(history: pd.Series) -> None:
    months = pd.DatetimeIndex(history.index)
    if not len(months):
        raise MetricError("no history to forecast from", todo="load earlier months")
    missing = pd.date_range(months[0], months[-1], freq="MS").difference(months)
    missing = missing.union(months[history.isna().to_numpy()])
    if len(missing):
        raise MetricError(
            "months missing in the history", found="、".join(f"{m:%Y-%m}" for m in missing[:6]),
            expected="a row for each month", todo="bring them, or start after them: missing is not zero",
        )  # fmt: skip


def _allowed(n: int, method: str) -> str:
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


def _ets_form(
    y: Array, horizon: int, season: int, form: tuple[str, str | None, str | None], *, quick: bool = False
) -> tuple[Array, float]:
    """The forecast of one form and its AICc, the starting states counted as parameters either way."""
    error, trend, seasonal = form
    states = 1 + (trend is not None) + (season if seasonal else 0)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a form that doesn't converge simply has a poor likelihood
        try:
            fitted = ETSModel(
                y, error=error, trend=trend, damped_trend=trend is not None, seasonal=seasonal,
                seasonal_periods=season if seasonal else None,
                initialization_method="heuristic" if quick else "estimated",
            ).fit(disp=False)  # fmt: skip
        except (ValueError, np.linalg.LinAlgError):
            return np.full(horizon, np.nan), np.inf
        k = 2 + 2 * (trend is not None) + (seasonal is not None) + states - (1 if seasonal else 0)
        room = len(y) - k - 1
        aicc = -2 * float(fitted.llf) + 2 * k + 2 * k * (k + 1) / room if room > 0 else np.inf
        return np.asarray(fitted.forecast(horizon), dtype="float64"), aicc if np.isfinite(aicc) else np.inf


def _sane(points: Array, y: Array) -> bool:
    return bool(np.isfinite(points).all() and np.abs(points).max() <= WILD * np.abs(y).max())


def _repeats(y: Array, season: int) -> bool:
    """Whether each season is the one before it: nothing to fit, and optimisers fail on no error at all."""
    return bool(np.allclose(y[season:], y[:-season], rtol=1e-9, atol=0))


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
