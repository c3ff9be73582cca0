"""How sure a survey figure is: effective bases, Wilson intervals, suppression (methods 6.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.settings import Thresholds

Shown = Literal["show", "grey", "hide"]


@checked
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
        raise MetricError(
            ("权重为负或缺失", "a weight is negative or missing"),
            todo=("改正 sample_weight", "mend sample_weight"),
        )
    if w.sum() == 0:
        return 0.0
    w = w / w.max()  # so that neither tiny nor huge weights leave the range of floats
    return float(w.sum() ** 2 / (w**2).sum())


@checked
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


@checked
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


@checked
def margin_of_error(
    share: float, n_eff: float, *, level: float = 0.95, population: float = math.inf
) -> float:
    """How far a share may be off, as ± a fraction: z × √(p(1 - p)/n_eff), less for a finite population; NaN without a base.

    Parameters
    ----------
    share : fraction, 0 to 1; 0.5 is the widest. n_eff : effective base. level : such as 0.95.
    population : how many there are to be asked, such as 200 dealers.

    Source
    ------
    methods 6.2; Cochran 1977 (finite population correction). Near 0 and 1 `wilson_interval` is the better one.

    Examples
    --------
    >>> round(margin_of_error(0.5, 1000), 4)
    0.031
    >>> round(margin_of_error(0.5, 120, population=200), 4)  # 200 家经销商访了 120 家
    0.0567
    """
    if math.isnan(share) or not n_eff > 0:
        return math.nan
    if not 0 <= share <= 1:
        raise MetricError(("比例不在0到1之间", "a share outside 0 to 1"), found=str(share), expected="0-1")
    left = 1.0 if math.isinf(population) else max(population - n_eff, 0.0) / (population - 1)
    return normal_quantile(level) * math.sqrt(share * (1 - share) / n_eff * left)


@checked
def difference_interval(
    share: float,
    n_eff: float,
    before: float,
    n_eff_before: float,
    *,
    level: float = 0.95,
    correlation: float = 0.0,
) -> tuple[float, float]:
    """Newcombe's interval of the difference of two shares, in fractions.

    Parameters
    ----------
    share, n_eff : the share (fraction) and its effective base. before, n_eff_before : what it is compared with.
    level : such as 0.95. correlation : of the two shares where people answered both times (a panel); 0 for
        independent samples.

    Source
    ------
    Newcombe 1998, Statistics in Medicine 17:873 (method 10) and 17:2635 (paired, method 8); methods 6.4 (trend).

    Examples
    --------
    >>> [round(x, 4) for x in difference_interval(0.7, 80, 0.6, 80)]  # 满意度 70% 与上期 60%
    [-0.0472, 0.2414]
    """
    if any(map(math.isnan, (share, before))) or not (n_eff > 0 and n_eff_before > 0):
        return math.nan, math.nan
    ends = [wilson_interval(p, n, level=level) for p, n in ((share, n_eff), (before, n_eff_before))]
    (low, high), (low_before, high_before) = ends
    gap = share - before
    return (
        gap - combined_error(share - low, high_before - before, correlation),
        gap + combined_error(high - share, before - low_before, correlation),
    )


def combined_error(one: float, other: float, correlation: float = 0.0) -> float:
    """The error of a difference from the errors of its two sides and their correlation.

    Examples
    --------
    >>> combined_error(3.0, 4.0), combined_error(3.0, 3.0, correlation=1.0)
    (5.0, 0.0)
    """
    return math.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0))


@checked
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


@checked
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
