"""Errors under a survey design by linearisation: strata, stages of clusters, finite populations, raked weights.

Written here: statsmodels has no survey designs, and the one kept package that has (svy) brings polars and a
second data model. The formulas are those of R's survey, and the tests hold what it publishes (methods 6.2, 6.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import need_numbers

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Stage = tuple[Ints, Floats]  # each respondent's unit of this stage, and how many units there are to draw from


@dataclass(frozen=True, kw_only=True)
class Design:
    """The columns that say how a sample was drawn and weighted; "" or () where there is none.

    A sample drawn in stages names a column for each of them, the first stage first.
    """

    weight: str = ""
    strata: str = ""  # of the first stage
    clusters: str | Sequence[str] = ""  # dealers, stores, cities: what was drawn first, then what within it
    population: str | Sequence[str] = ""  # how many the stratum (then the cluster) has in all
    margins: Sequence[str] = ()  # what the weights were raked to: its totals are known and have no error


def design_columns(design: Design) -> list[str]:
    """Every column a design names."""
    one = [c for c in (design.weight, design.strata) if c]
    return [*one, *_stages(design.clusters), *_stages(design.population), *design.margins]


def design_weights(sample: pd.DataFrame, design: Design) -> Floats:
    """The weight of each respondent, all 1 where the design names none."""
    if not design.weight:
        return np.ones(len(sample))
    need_numbers(sample, [design.weight], metric="design")
    w = sample[design.weight].to_numpy(dtype="float64")
    if np.isnan(w).any() or (w <= 0).any():
        raise MetricError(
            ("权重缺失或不大于 0", "a weight is missing or not above 0"),
            todo=(f"改正 {design.weight} 列", f"mend the column {design.weight}"),
        )
    return w


def linearised(scores: Floats, sample: pd.DataFrame, design: Design) -> tuple[Floats, int]:
    """The covariance of totals of linearised scores (one column each) under a design, and its degrees of freedom.

    V = Σ_h (1 - f_h) n_h/(n_h - 1) Σ (u_hc - ū_h)(u_hc - ū_h)', u the cluster sums of stratum h, plus f_h times
    the same within each cluster where there is a later stage. With margins the scores are first freed of what
    the margins explain (calibration residuals).
    """
    strata = _codes(sample, [design.strata] if design.strata else [])
    stages = _drawn(sample, design)
    first = stages[0][0]
    if len(np.unique(first)) < len(np.unique(np.stack([strata, first]), axis=1).T):
        raise MetricError(
            ("同一群跨两个层", "a cluster lies in two strata"),
            todo=("各层的群须分别命名", "give clusters names of their own"),
        )
    if design.margins:
        scores = _residuals(scores, sample, design)
    return _variance(scores, strata, stages), len(np.unique(first)) - len(np.unique(strata))


# ---- the parts


def _stages(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) and names else list(names)


def _codes(sample: pd.DataFrame, columns: Sequence[str]) -> Ints:
    """Each respondent's combination of the columns as a number; all 0 without columns."""
    if not columns:
        return np.zeros(len(sample), dtype="intp")
    empty = [c for c in columns if sample[c].isna().any()]
    if empty:
        raise MetricError(
            ("有受访者没有层或群", "a respondent has no stratum or no cluster"),
            found=", ".join(empty),
            todo=("补全这些列", "fill these columns"),
        )
    return np.asarray(sample.groupby(list(columns), sort=True).ngroup(), dtype="intp")


def _drawn(sample: pd.DataFrame, design: Design) -> list[Stage]:
    clusters, populations = _stages(design.clusters), _stages(design.population)
    everyone = np.arange(len(sample), dtype="intp")
    units = [_codes(sample, clusters[: i + 1]) for i in range(len(clusters))] or [everyone]
    need_numbers(sample, populations, metric="design")
    sizes = [sample[p].to_numpy(dtype="float64") for p in populations[: len(units)]]
    if any(np.isnan(s).any() for s in sizes):
        raise MetricError(
            ("总体数缺失", "a population is missing"),
            todo=(f"补全 {'、'.join(populations)} 列", f"fill the column {', '.join(populations)}"),
        )
    infinite = np.full(len(sample), np.inf)
    return list(zip(units, [*sizes, *[infinite] * (len(units) - len(sizes))], strict=True))


def _variance(scores: Floats, strata: Ints, stages: Sequence[Stage]) -> Floats:
    (units, sizes), later = stages[0], stages[1:]
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for stratum in np.unique(strata):
        here = np.flatnonzero(strata == stratum)
        drawn, of = np.unique(units[here], return_inverse=True)
        share = _share_drawn(len(drawn), sizes[here])
        sums = np.zeros((len(drawn), scores.shape[1]))
        np.add.at(sums, of, scores[here])
        away = sums - sums.mean(axis=0)
        if share < 1:  # all of them drawn: nothing was left to chance
            total += (1 - share) * len(drawn) / (len(drawn) - 1) * away.T @ away
        if later and share > 0:
            for unit in range(len(drawn)):
                inside = here[of == unit]
                within = [(u[inside], s[inside]) for u, s in later]
                total += share * _variance(scores[inside], np.zeros(len(inside), dtype="intp"), within)
    return total


def _share_drawn(drawn: int, sizes: Floats) -> float:
    """The part of its population a stratum's sample is."""
    population = float(sizes[0])
    if (sizes != population).any():
        raise MetricError(
            ("同一层有两个总体数", "a stratum has two populations"),
            found=f"{sizes.min():g}, {sizes.max():g}",
            todo=("只给一个", "give one"),
        )
    if population < drawn:
        raise MetricError(
            (
                f"某层总体 {population:g} 小于样本 {drawn}",
                f"a stratum's population {population:g} is below the {drawn} sampled",
            ),
            todo=("请改正", "correct it"),
        )
    if drawn < 2 and population > drawn:
        raise MetricError(
            ("某层只有一个群", "a stratum has one cluster only"),
            todo=("与最相近的层合并", "merge it with the stratum most like it"),
        )
    return drawn / population


def _residuals(scores: Floats, sample: pd.DataFrame, design: Design) -> Floats:
    """The scores less what the margins explain of them, by weighted least squares (Deville & Särndal 1992)."""
    for margin in design.margins:
        if sample[margin].isna().any():
            raise MetricError(
                ("有受访者没有类别", "a respondent has no category"),
                found=margin,
                todo=("补全该列", "fill this column"),
            )
    w = design_weights(sample, design)
    x = np.hstack([pd.get_dummies(sample[m], dtype="float64").to_numpy() for m in design.margins])
    explained = np.linalg.lstsq(x.T @ (w[:, None] * x), x.T @ scores, rcond=None)[0]
    return np.asarray(scores - w[:, None] * (x @ explained), dtype="float64")
