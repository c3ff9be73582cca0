"""The models a forecast is made by: naive, seasonal naive, Theta, ETS, their mean, and SBA (methods 9)."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked

Array = npt.NDArray[np.float64]


YEAR = 12


INTERMITTENT = 1.32  # months between demands


WILD = 3.0  # a forecast this many times the largest value ever seen is a failed fit


# error, trend, seasonal of the admissible forms; every trend is damped
FORMS: tuple[tuple[str, str | None, str | None], ...] = (
    ("add", None, None), ("add", "add", None), ("add", None, "add"), ("add", "add", "add"),
    ("mul", None, "mul"), ("mul", "add", "mul"),
)  # fmt: skip


@checked
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


@checked
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


@checked
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
    from statsmodels.tsa.forecasting.theta import ThetaModel  # takes a second: only who forecasts waits

    y = _history(values, horizon, 2 * season)
    if _repeats(y, season):
        return seasonal_naive(y, horizon, season)
    unitless, scale = _unitless(y)
    kind = "multiplicative" if y.min() > 0 else "additive"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a boundary optimum is an answer, and so is an unindexed one
        fitted = ThetaModel(unitless, period=season, method=kind).fit()
        points = np.asarray(fitted.forecast(horizon), dtype="float64") * scale
    return points if _sane(points, y) else seasonal_naive(y, horizon, season)


@checked
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
    unitless, scale = _unitless(y)
    forms = [f for f in FORMS if y.min() > 0 or f[0] == "add"]
    # the form is chosen from quick fits; only the chosen one has its starting states optimised
    best = min(forms, key=lambda form: _ets_form(unitless, horizon, season, form, quick=True)[1])
    for quick in (False, True):
        points, _ = _ets_form(unitless, horizon, season, best, quick=quick)
        if _sane(points * scale, y):
            return points * scale
    return naive(y, horizon)


@checked
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


@checked
def croston(values: Sequence[float] | Array, horizon: int, alpha: float = 0.1) -> Array:
    """Croston's method for intermittent series: smoothed size of a demand over the smoothed interval between two.

    Parameters
    ----------
    values : the history with zeros between demands. horizon : steps. alpha : smoothing of both parts.

    Returns
    -------
    `horizon` equal values: a rate per month. It is biased upwards: `sba` corrects it.

    Raises
    ------
    MetricError
        A value is missing or negative.

    Source
    ------
    Croston 1972; methods 9.

    Examples
    --------
    >>> croston([0, 10, 0, 10], 1, alpha=0.1).tolist()
    [5.0]
    """
    y = _history(values, horizon, 1)
    if y.min() < 0:
        raise MetricError(
            ("间歇序列不能有负数月份", "an intermittent series has no negative months"),
            found=str(y.min()),
            todo=("改用 theta 或 ets", "use theta or ets"),
        )
    at = np.flatnonzero(y)
    if not len(at):
        return np.zeros(horizon)
    size, gap = float(y[at[0]]), float(at[0] + 1)
    for before, here in itertools.pairwise(at):
        size += alpha * (y[here] - size)
        gap += alpha * (float(here - before) - gap)
    return np.repeat(size / gap, horizon)


@checked
def sba(values: Sequence[float] | Array, horizon: int, alpha: float = 0.1) -> Array:
    """Syntetos–Boylan approximation for intermittent series: Croston's method, debiased by 1 - alpha / 2.

    Parameters, Returns, Raises: as `croston`.

    Source
    ------
    Syntetos & Boylan 2005; methods 9.

    Examples
    --------
    >>> sba([0, 10, 0, 10], 1, alpha=0.1).round(2).tolist()
    [4.75]
    """
    return (1 - alpha / 2) * croston(values, horizon, alpha)


def intermittent(values: Sequence[float] | Array) -> bool:
    """Whether demands lie more than 1.32 months apart on average, where smooth models fail (Syntetos & Boylan 2005).

    Examples
    --------
    >>> intermittent([0, 10, 0, 0, 10, 0]), intermittent([9, 10, 0, 11])
    (True, False)
    """
    demands = int(np.count_nonzero(np.asarray(values, dtype="float64")))
    return demands > 0 and len(values) / demands > INTERMITTENT


def _history(values: Sequence[float] | Array, horizon: int, least: int) -> Array:
    y = np.asarray(values, dtype="float64")
    if horizon < 1:
        raise MetricError(
            ("没有预测期数", "no horizon"),
            found=str(horizon),
            expected=("1 或以上", "1 or more"),
            todo=("至少预测一个月", "ask for a month"),
        )
    if len(y) < least:
        raise MetricError(
            ("历史太短", "history too short"),
            found=(f"{len(y)} 个值", f"{len(y)} values"),
            expected=(f"至少 {least} 个", f"at least {least}"),
            todo=("改用更简单的方法", "use a simpler method"),
        )
    if not np.isfinite(y).all():
        raise MetricError(
            ("历史中有缺失的月份", "a month is missing in the history"),
            found=("空值", "a blank value"),
            todo=("补上，或从其后开始：缺失不等于零", "fill it, or start after it: missing is not zero"),
        )
    return y


def _ets_form(
    y: Array, horizon: int, season: int, form: tuple[str, str | None, str | None], *, quick: bool = False
) -> tuple[Array, float]:
    """The forecast of one form and its AICc, the starting states counted as parameters either way."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # takes a second: only who forecasts waits

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


def _unitless(y: Array) -> tuple[Array, float]:
    """The series about 1, and the scale: optimisers must give the same answer in 元 and in 万元.

    Their paths part at the last bit of a number, and in a short series end half a percent apart: the last bits go.
    """
    scale = float(np.abs(y).mean())
    return np.round(y / scale, 10), scale


def _sane(points: Array, y: Array) -> bool:
    return bool(np.isfinite(points).all() and np.abs(points).max() <= WILD * np.abs(y).max())


def _repeats(y: Array, season: int) -> bool:
    """Whether each season is the one before it: nothing to fit, and optimisers fail on no error at all."""
    return bool(np.allclose(y[season:], y[:-season], rtol=1e-9, atol=0))
