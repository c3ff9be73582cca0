"""Retention of customers under contract: the shifted beta-geometric model (methods 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """The model's two parameters and how well they fit."""

    alpha: float
    beta: float
    log_likelihood: float = float("nan")


@checked
def fit_retention(survivors: Sequence[float]) -> ShiftedBetaGeometric:
    """The shifted beta-geometric model of a cohort under yearly contracts, by maximum likelihood.

    Parameters
    ----------
    survivors : sequence of float
        Customers at the start, after the first renewal, the second, ...: [1000, 631, 468, ...]. The last ones
        are still there, and count as such.

    Returns
    -------
    ShiftedBetaGeometric
        alpha, beta (above 0), log_likelihood.

    Raises
    ------
    MetricError
        Fewer than two renewals, numbers that rise, or nobody lost.

    Source
    ------
    Fader & Hardie 2007, How to project customer retention; methods 7.3.

    Examples
    --------
    >>> model = fit_retention([1000, 869, 743, 653, 593, 551, 517, 491])  # their "High End" customers
    >>> round(model.alpha, 3), round(model.beta, 3)
    (0.668, 3.806)
    """
    left = np.asarray(survivors, dtype="float64")
    lost = -np.diff(left)
    if len(left) < 3 or not np.isfinite(left).all() or (lost < 0).any() or left[-1] < 0 or lost.sum() == 0:
        raise MetricError(
            ("留存人数须在至少两次续约中下降", "survivors must fall over at least two renewals"),
            found=str(list(survivors)),
            expected="[1000, 869, 743]",
            todo=(
                "给出期初人数和每次续约后的人数",
                "give the cohort's size and who is left after each renewal",
            ),
        )
    t = np.arange(1, len(left))

    def cost(logs: np.ndarray) -> float:
        a, b = np.exp(logs)
        gone = betaln(a + 1, b + t - 1) - betaln(a, b)
        return -float(lost @ gone + left[-1] * (betaln(a, b + t[-1]) - betaln(a, b))) / float(left[0])

    found = minimize(
        cost, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 4000}
    )
    alpha, beta = (float(v) for v in np.exp(found.x))
    return ShiftedBetaGeometric(alpha, beta, -float(found.fun) * float(left[0]))


@checked
def retention_curve(alpha: float, beta: float, *, periods: int) -> pd.DataFrame:
    """Survival, churn and retention of each period under the shifted beta-geometric model.

    Parameters
    ----------
    alpha, beta : float
        The parameters, above 0: what `fit_retention` gives.
    periods : int
        How many renewals.

    Returns
    -------
    DataFrame
        t (1, 2, ...), survival S(t), churn P(T = t), retention r(t) = S(t) / S(t - 1), which rises with t (all
        fractions).

    Raises
    ------
    MetricError
        A parameter or `periods` isn't positive.

    Source
    ------
    Fader & Hardie 2007: S(t) = B(a, b + t) / B(a, b), r(t) = (b + t - 1) / (a + b + t - 1); methods 7.3.

    Examples
    --------
    >>> retention_curve(0.668, 3.806, periods=3).round(3)
       t  survival  churn  retention
    0  1     0.851  0.149      0.851
    1  2     0.747  0.104      0.878
    2  3     0.670  0.077      0.897
    """
    if not (alpha > 0 and beta > 0 and periods >= 1):
        raise MetricError(
            ("参数须大于0", "the parameters must be positive"), found=f"{alpha:g}, {beta:g}, {periods}"
        )
    t = np.arange(1, periods + 1)
    return pd.DataFrame(
        {
            "t": t,
            "survival": np.exp(betaln(alpha, beta + t) - betaln(alpha, beta)),
            "churn": np.exp(betaln(alpha + 1, beta + t - 1) - betaln(alpha, beta)),
            "retention": (beta + t - 1) / (alpha + beta + t - 1),
        }
    )
