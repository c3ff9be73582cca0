"""Means, shares, totals, ratios and differences of a survey with their design-based errors (methods 6.2, 6.4)."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers
from mktanalytics.metrics.survey.precision import wilson_interval
from mktanalytics.metrics.survey.survey_design import (
    Design,
    Floats,
    design_columns,
    design_weights,
    linearised,
)


@dataclass(frozen=True)
class Estimate:
    """A figure of a survey with its design-based error."""

    value: float
    error: float
    lower: float
    upper: float
    n: int
    n_eff: float
    deff: float
    df: int


@checked
def design_mean(
    sample: pd.DataFrame, value: str, design: Design | None = None, *, level: float = 0.95
) -> Estimate:
    """The weighted mean of a column, or a share where it is 0 and 1, with its error under the design.

    Parameters
    ----------
    sample : one row a respondent; `value` numeric. A missing value is outside the domain: it adds nothing,
        but its cluster still counts (so pass the whole sample, not a filtered one).
    design : names of the weight, strata, cluster, population and margin columns.

    Returns
    -------
    Estimate
        value; error (linearised standard error); lower and upper (t interval; Wilson on n_eff for a
        share); n valid answers; deff against a simple sample of that size, drawn with replacement;
        n_eff = n / deff; df = clusters - strata.

    Raises
    ------
    MetricError
        A column is missing; a stratum has one cluster only; a cluster lies in two strata; a weight is
        missing or not above 0; or the population is smaller than the sample.

    Source
    ------
    Lumley, *Complex Surveys* (R survey, `svymean`); methods 6.2.

    Examples
    --------
    >>> stores = pd.DataFrame({"门店": list("甲甲乙乙丙丙"), "满意": [1, 1, 0, 1, 0, 0]})
    >>> found = design_mean(stores, "满意", Design(clusters="门店"))
    >>> found.value, round(found.error, 4), found.df
    (0.5, 0.2887, 2)
    """
    design = design or Design()
    y, w = _answers(sample, [value], design, "design_mean")
    mean = float(np.average(y[:, 0], weights=w))
    found = _estimate(mean, (y[:, 0] - mean) / w.sum(), w, sample, design, level)
    if set(np.unique(y[w > 0, 0])) <= {0.0, 1.0} and found.deff > 0:
        lower, upper = wilson_interval(mean, found.n_eff, level=level)
        return Estimate(mean, found.error, lower, upper, found.n, found.n_eff, found.deff, found.df)
    return found


@checked
def design_total(
    sample: pd.DataFrame, value: str, design: Design | None = None, *, level: float = 0.95
) -> Estimate:
    """The weighted sum of a column over the population, with its error under the design.

    Parameters
    ----------
    sample, design : as for `design_mean`; the weights say how many each respondent stands for.

    Returns
    -------
    Estimate
        As `design_mean`, with a t interval, in the unit of `value`.

    Raises
    ------
    MetricError
        As `design_mean`.

    Source
    ------
    R survey, `svytotal`; methods 6.2.

    Examples
    --------
    >>> stores = pd.DataFrame({"门店": list("甲甲乙乙"), "员工": [3, 5, 4, 6], "权重": 10.0})
    >>> design_total(stores, "员工", Design(weight="权重", clusters="门店")).value
    180.0
    """
    design = design or Design()
    y, w = _answers(sample, [value], design, "design_total")
    return _estimate(float(w @ y[:, 0]), y[:, 0], w, sample, design, level)


@checked
def design_ratio(
    sample: pd.DataFrame, value: str, base: str, design: Design | None = None, *, level: float = 0.95
) -> Estimate:
    """The ratio of two weighted sums, such as 回款 / 应收 of the dealers surveyed, with its error.

    Parameters
    ----------
    sample, design : as for `design_mean`; a respondent who lacks one of the two is outside the domain.
    value, base : the columns above and below the line, numeric.

    Returns
    -------
    Estimate
        As `design_mean`, with a t interval.

    Raises
    ------
    MetricError
        As `design_mean`; or the sum of `base` is 0.

    Source
    ------
    R survey, `svyratio`; methods 0.2, 6.2.

    Examples
    --------
    >>> dealers = pd.DataFrame({"回款": [80.0, 150.0, 90.0], "应收": [100.0, 150.0, 150.0]})
    >>> found = design_ratio(dealers, "回款", "应收")
    >>> found.value, round(found.error, 4)
    (0.8, 0.1299)
    """
    design = design or Design()
    y, w = _answers(sample, [value, base], design, "design_ratio")
    below = float(w @ y[:, 1])
    if below == 0:
        raise MetricError(
            ("比率的分母合计为 0", "the base of a ratio sums to 0"),
            found=base,
            todo=("换一个分母", "choose another base"),
        )
    ratio = float(w @ y[:, 0]) / below
    return _estimate(ratio, (y[:, 0] - ratio * y[:, 1]) / below, w, sample, design, level)


@checked
def design_difference(
    sample: pd.DataFrame,
    value: str,
    group: str,
    *,
    of: str | float | bool | dt.date,
    less: str | float | bool | dt.date,
    design: Design | None = None,
    level: float = 0.95,
) -> Estimate:
    """The difference of the means (or shares) of two groups or waves, with what they have in common taken account of.

    Parameters
    ----------
    sample, value, design : as for `design_mean`. Clusters that lie in both groups make their covariance: in a
        panel that is the respondent, in a tracking study the store.
    group : the column that tells the groups; `of` minus `less` is what is estimated.

    Returns
    -------
    Estimate
        As `design_mean`, with a t interval; deff against two simple samples of these sizes.

    Raises
    ------
    MetricError
        As `design_mean`; or one of the groups has no valid answer.

    Source
    ------
    R survey, `svycontrast(svyby(..., covmat = TRUE))`; methods 6.2, 6.4 (trend).

    Examples
    --------
    >>> panel = pd.DataFrame({"受访者": [1, 2, 3, 4] * 2, "波次": ["春"] * 4 + ["秋"] * 4, "满意": [1, 1, 0, 0, 1, 1, 1, 0]})
    >>> found = design_difference(panel, "满意", "波次", of="秋", less="春", design=Design(clusters="受访者"))
    >>> found.value, round(found.error, 4)
    (0.25, 0.25)
    """
    design = design or Design()
    need_columns(sample, [group], metric="design_difference")
    y, w = _answers(sample, [value], design, "design_difference")
    answers, influence, means, simple = y[:, 0], np.zeros(len(sample)), [], 0.0
    for name, sign in ((of, 1.0), (less, -1.0)):
        mine = np.where((sample[group] == name).to_numpy(dtype=bool), w, 0.0)
        if not mine.any():
            found = ", ".join(map(str, sample[group].dropna().unique()))
            raise MetricError(
                ("某组没有有效回答", "a group has no valid answers"),
                found=str(name),
                expected=found,
                todo=("请指定其中之一", "name one of these"),
            )
        mean = float(np.average(answers, weights=mine))
        means.append(mean)
        influence += np.where(mine > 0, sign * (answers - mean) / mine.sum(), 0.0)
        simple += _simple((answers - mean) / mine.sum(), mine)
    both = np.where(sample[group].isin([of, less]), w, 0.0)
    return _estimate(means[0] - means[1], influence, both, sample, design, level, simple=simple)


# ---- the parts


def _answers(sample: pd.DataFrame, columns: list[str], design: Design, metric: str) -> tuple[Floats, Floats]:
    """The values of those in the domain (0 for others), and their weights (0 for others)."""
    need_columns(sample, [*columns, *design_columns(design)], metric=metric)
    need_numbers(sample, columns, metric=metric)
    y = sample[columns].to_numpy(dtype="float64")
    valid = ~np.isnan(y).any(axis=1)
    if not valid.any():
        raise MetricError(
            (f"{'、'.join(columns)} 没有有效回答", f"no valid answers in {', '.join(columns)}"),
            todo=("换一个题目", "choose another question"),
        )
    return np.where(valid[:, None], y, 0.0), np.where(valid, design_weights(sample, design), 0.0)


def _estimate(
    value: float,
    influence: Floats,
    w: Floats,
    sample: pd.DataFrame,
    design: Design,
    level: float,
    *,
    simple: float | None = None,
) -> Estimate:
    variance, df = linearised((w * influence)[:, None], sample, design)
    n, against = int((w > 0).sum()), _simple(influence, w) if simple is None else simple
    error = math.sqrt(variance[0, 0])
    deff = float(variance[0, 0]) / against if against > 0 else 1.0
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error if error > 0 else 0.0
    return Estimate(value, error, value - half, value + half, n, n / deff if deff > 0 else float(n), deff, df)


def _simple(influence: Floats, w: Floats) -> float:
    """The variance of the same estimate from a simple sample of this size, drawn with replacement."""
    n = int((w > 0).sum())
    if n < 2:
        return math.nan
    away = influence - np.average(influence, weights=w)
    return float(w.sum() * (w @ away**2)) / (n - 1)
