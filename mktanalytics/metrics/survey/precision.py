"""How sure a survey figure is: effective bases, Wilson intervals, suppression (methods 6.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from mktanalytics.errors import MetricError
from mktanalytics.settings import Thresholds

Shown = Literal["show", "grey", "hide"]


def kish_n_eff(weights: Sequence[float] | pd.Series) -> float:
    """Kish's effective sample size, (Σw)² / Σw²; 0 for no respondents.

    Parameters
    ----------
    weights : one weight a respondent, none negative or missing. Their scale doesn't matter.

    Raises
    ------
    MetricError
        A weight is negative or missing.

    Source
    ------
    Kish 1965, 1992; methods 6.2. Assumes weights unrelated to answers: right for screens and quick tests.

    Examples
    --------
    >>> kish_n_eff([1, 1, 1, 1])
    4.0
    >>> round(kish_n_eff([2, 1, 1]), 3)
    2.667
    """
    w = np.asarray(weights, dtype="float64")
    if np.isnan(w).any() or (w < 0).any():
        raise MetricError("a weight is negative or missing", todo="mend sample_weight")
    if w.sum() == 0:
        return 0.0
    w = w / w.max()  # so that neither tiny nor huge weights leave the range of floats
    return float(w.sum() ** 2 / (w**2).sum())


def weighting_efficiency(weights: Sequence[float] | pd.Series) -> float:
    """n_eff / n: the part of the sample that weighting leaves; NaN without respondents.

    Parameters
    ----------
    weights : one weight a respondent, none negative or missing.

    Source
    ------
    Kish 1992; methods 6.2. 1 / efficiency is the design effect of weighting.

    Examples
    --------
    >>> weighting_efficiency([1, 1, 1])
    1.0
    """
    return kish_n_eff(weights) / len(weights) if len(weights) else math.nan


def wilson_interval(share: float, n_eff: float, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share on an effective base; (NaN, NaN) without a base.

    Parameters
    ----------
    share : fraction, 0 to 1. n_eff : effective base. level : such as 0.95.

    Source
    ------
    Wilson 1927; statsmodels `proportion_confint(method="wilson")`; methods 6.2.

    Examples
    --------
    >>> [round(x, 4) for x in wilson_interval(0.8, 100)]  # 满意度 80%，n=100
    [0.7112, 0.8666]
    """
    if math.isnan(share) or not n_eff > 0:
        return math.nan, math.nan
    low, high = proportion_confint(share * n_eff, n_eff, alpha=1 - level, method="wilson")
    return float(max(low, 0.0)), float(min(high, 1.0))


def difference_interval(
    share: float, n_eff: float, before: float, n_eff_before: float, *, level: float = 0.95
) -> tuple[float, float]:
    """Newcombe's interval of the difference of two independent shares, in fractions.

    Parameters
    ----------
    share, n_eff : the share (fraction) and its effective base. before, n_eff_before : what it is compared with.
    level : such as 0.95.

    Source
    ------
    Newcombe 1998, method 10; statsmodels `confint_proportions_2indep`; methods 6.4 (trend).

    Examples
    --------
    >>> [round(x, 4) for x in difference_interval(0.7, 80, 0.6, 80)]  # 满意度 70% 与上期 60%
    [-0.0472, 0.2414]
    """
    if any(map(math.isnan, (share, before))) or not (n_eff > 0 and n_eff_before > 0):
        return math.nan, math.nan
    low, high = confint_proportions_2indep(
        share * n_eff, n_eff, before * n_eff_before, n_eff_before, method="newcomb", alpha=1 - level
    )
    return float(low), float(high)


def nps_interval(
    promoters: float, detractors: float, n_eff: float, *, level: float = 0.95
) -> tuple[float, float]:
    """Normal interval of NPS p - d as a fraction; Var = (p + d - (p - d)²) / n_eff.

    Parameters
    ----------
    promoters, detractors : shares (fractions). n_eff : effective base. level : such as 0.95.

    Source
    ------
    methods 6.2.

    Examples
    --------
    >>> [round(x, 3) for x in nps_interval(0.5, 0.2, 400)]
    [0.223, 0.377]
    """
    if not n_eff > 0:
        return math.nan, math.nan
    net, half = promoters - detractors, normal_quantile(level) * nps_error(promoters, detractors, n_eff)
    return max(net - half, -1.0), min(net + half, 1.0)


def normal_quantile(level: float) -> float:
    """How many standard errors a two-sided interval of this level reaches (1.96 at 0.95).

    Examples
    --------
    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    return float(norm.ppf(0.5 + level / 2))


def nps_error(promoters: float, detractors: float, n_eff: float) -> float:
    """Standard error of NPS p - d, as a fraction (methods 6.2).

    Examples
    --------
    >>> round(nps_error(0.5, 0.2, 400), 4)
    0.0391
    """
    return math.sqrt(max(promoters + detractors - (promoters - detractors) ** 2, 0.0) / n_eff)


def shown(n_eff: float, thresholds: Thresholds | None = None) -> Shown:
    """Whether a figure on this effective base is shown, shown in grey, or hidden.

    Parameters
    ----------
    n_eff : effective base (respondents). thresholds : small_base_hide and small_base_grey.

    Source
    ------
    methods 6.2 [choice]: grey under 50, hidden under 30.

    Examples
    --------
    >>> [shown(n) for n in (29.9, 30, 50)]
    ['hide', 'grey', 'show']
    """
    limits = thresholds or Thresholds()
    if n_eff < limits.small_base_hide:
        return "hide"
    return "grey" if n_eff < limits.small_base_grey else "show"
