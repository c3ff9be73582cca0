"""Forecasts of a whole and of its parts made to agree: which level is trusted is said (methods 9)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_known, need_numbers

Floats = npt.NDArray[np.float64]
TOTAL = "total"  # the column of the whole's errors
TRUSTED: Mapping[str, tuple[str, str]] = {
    "proportional": (
        "以合计预测为准，分项按比例调平",
        "the total's forecast is trusted, the parts are scaled to it",
    ),
    "bottom_up": ("以分项预测为准，合计为其和", "the parts' forecasts are trusted, the total is their sum"),
    "mint": (
        "合计与分项按以往误差加权调平（MinT）",
        "total and parts are weighed by their past errors (MinT)",
    ),
}


@checked
def reconcile(
    total: float, parts: pd.Series, *, method: str = "proportional", errors: pd.DataFrame | None = None
) -> pd.Series:
    """The parts' forecasts changed so that they and the whole's agree; their sum is the whole's new forecast.

    Parameters
    ----------
    total : forecast of the whole. parts : forecasts of its members, same unit.
    method : proportional (the total is trusted), bottom_up (the parts are) or mint (both, by their errors).
    errors : for mint, past errors at this horizon: a column for each part and one called total.

    Returns
    -------
    Series
        The parts; `TRUSTED[method]` says which level was trusted.

    Raises
    ------
    MetricError
        The method is unknown; proportional: the parts sum to zero, or one is negative; mint: a column of
        errors is missing, or there are fewer than two of them.

    Source
    ------
    methods 9; FPP3 11; Wickramasuriya, Athanasopoulos & Hyndman 2019 (MinT), its covariance shrunk as
    Schäfer & Strimmer 2005.

    Examples
    --------
    >>> parts = pd.Series({"华东": 60.0, "华南": 40.0})
    >>> reconcile(120.0, parts).tolist(), reconcile(120.0, parts, method="bottom_up").sum().item()
    ([72.0, 48.0], 100.0)
    >>> errors = pd.DataFrame({"total": [6.0, -6.0, 6.0, -6.0], "华东": [1.0, 1.0, -1.0, -1.0], "华南": [1.0, -1.0, -1.0, 1.0]})
    >>> reconcile(120.0, parts, method="mint", errors=errors).round(2).tolist()  # the total erred most
    [60.53, 40.53]
    """
    need_known(method, TRUSTED, ("调平方法", "method of reconciling"))
    need_numbers(parts.to_frame("parts"), ["parts"], metric="reconcile")
    parts = parts.astype("float64")
    if method == "bottom_up":
        return parts
    if method == "mint":
        return _weighed(total, parts, pd.DataFrame() if errors is None else errors)
    whole = float(parts.sum())
    if whole <= 0 or parts.min() < 0:
        raise MetricError(
            ("这些分项不能按比例调平", "these parts can't be scaled"),
            found=(f"合计 {whole:g}", f"sum {whole:g}"),
            expected=("分项不为负，合计大于 0", "parts ≥ 0, sum > 0"),
            todo=("只预测合计", "forecast the total only"),
        )
    return parts / whole * total  # a share first: total over next to nothing would overflow


# ---- the parts


def _weighed(total: float, parts: pd.Series, errors: pd.DataFrame) -> pd.Series:
    """The nearest forecasts that agree, nearness measured by the covariance of the errors."""
    columns = [TOTAL, *map(str, parts.index)]
    need_numbers(errors, columns, metric="reconcile (errors)")
    past = errors[columns].dropna().to_numpy(dtype="float64")
    if len(past) < 2:
        raise MetricError(
            ("以往误差太少", "too few past errors"),
            found=str(len(past)),
            expected=("至少 2 期", "2 or more"),
            todo=("改用 proportional", "use proportional"),
        )
    forecasts = np.array([total, *parts.astype("float64")])
    gap = np.array([1.0, *[-1.0] * len(parts)])  # gap @ forecasts is what the total and the sum differ by
    spread = _shrunk(past) @ gap
    if not gap @ spread > 0:
        return parts.astype("float64")  # nothing ever erred
    agreed = forecasts - spread * (gap @ forecasts) / (gap @ spread)
    return pd.Series(agreed[1:], parts.index, name=parts.name)


def _shrunk(errors: Floats) -> Floats:
    """The covariance of the errors, its correlations shrunk towards 0 by what a short history can't know."""
    n = len(errors)
    away = errors - errors.mean(axis=0)
    covariance = away.T @ away / n
    scale = np.sqrt(np.diag(covariance))
    unit = np.divide(away, scale, out=np.zeros_like(away), where=scale > 0)
    correlation = unit.T @ unit / n
    noise = ((unit**2).T @ unit**2 - (unit.T @ unit) ** 2 / n) / (n * (n - 1))
    off = ~np.eye(len(scale), dtype=bool)
    signal = float((correlation[off] ** 2).sum())
    shrink = min(max(float(noise[off].sum()) / signal, 0.0), 1.0) if signal > 0 else 1.0
    return np.asarray(np.where(off, (1 - shrink) * covariance, covariance), dtype="float64")
