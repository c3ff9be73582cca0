"""Raking (RIM 加权): weights whose margins meet the population's, trimmed, with diagnostics (methods 6.3).

Written here and not taken from a package: weightipy gives the same weights (the tests hold its figures), but
brings a file watcher and an HTTP client, and its versions before 0.4.2 fail silently on pandas 3; ipfn works
on whole tables. What is left is the loop of fifteen lines below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers
from mktanalytics.metrics.survey.precision import kish_n_eff

Margins = Mapping[str, Mapping[Any, float]]
WARN, UNUSABLE = 0.70, 0.40  # weighting efficiency (methods 6.3 [choice])
TRIM_ROUNDS = 50


@dataclass(frozen=True)
class Raking:
    """Weights (mean 1, in the order of the sample) and what they cost."""

    weights: pd.Series
    margins: pd.DataFrame  # variable, category, target, before, after (fractions)
    rounds: int
    efficiency: float
    smallest: float
    largest: float
    verdict: Literal["ok", "warn", "unusable"]
    trimmed: int  # respondents whose weight was cut

    @property
    def spread(self) -> float:
        """Largest over smallest weight."""
        return self.largest / self.smallest


@checked
def rake(
    sample: pd.DataFrame,
    margins: Margins,
    *,
    start: str = "",
    trim: tuple[float, float] | None = None,
    tolerance: float = 1e-6,
    rounds: int = 100,
) -> Raking:
    """Weights of mean 1 under which every margin of the sample is the population's.

    Parameters
    ----------
    sample : one row a respondent, with a column for each variable of `margins`; no blanks in them.
    margins : variable -> category -> share or count; each variable's sum to the same total.
    start : column of design weights to start from; by default all start equal.
    trim : lowest and highest weight, in means (such as 0.3 and 3); weights are cut and raked again until
        they stay inside.
    tolerance : largest relative change of a weight within a round at which raking ends.
    rounds : passes over all margins before it gives up.

    Returns
    -------
    Raking
        weights on the index of `sample`, margins before and after, rounds, efficiency (n_eff / n), smallest,
        largest, verdict (warn under 70 %, unusable under 40 %) and trimmed (count).

    Raises
    ------
    MetricError
        A column is missing; a respondent has no category or one without a target; a category with a
        target has no respondents, or one with respondents a target of 0; totals disagree; or the weights
        don't settle (margins that exclude each other, or a trim too tight).

    Source
    ------
    Deming & Stephan 1940; methods 6.3.

    Examples
    --------
    >>> sample = pd.DataFrame({"性别": ["男", "男", "男", "女"], "城市": ["一线", "二线", "二线", "一线"]})
    >>> result = rake(sample, {"性别": {"男": 0.5, "女": 0.5}})
    >>> result.weights.round(4).tolist(), round(result.efficiency, 3), result.verdict
    ([0.6667, 0.6667, 0.6667, 2.0], 0.75, 'ok')
    """
    need_columns(sample, list(margins), metric="rake")
    need_numbers(sample, [start] if start else [], metric="rake")
    codes = {v: _codes(sample[v], dict(shares), v) for v, shares in margins.items()}
    targets = _shares(margins)
    begin = sample[start].to_numpy(dtype="float64") if start else np.ones(len(sample))
    if np.isnan(begin).any() or (begin <= 0).any():
        raise MetricError(
            ("初始权数缺失或不大于 0", "a start weight is missing or not above 0"),
            todo=(f"改正 {start} 列", f"mend the column {start}"),
        )
    weights, passes = _settle(begin / begin.mean(), codes, targets, tolerance, rounds)
    cut = np.zeros(len(weights), dtype=bool)
    if trim:
        weights, cut = _trimmed(weights, codes, targets, trim, tolerance, rounds)
    efficiency = kish_n_eff(pd.Series(weights)) / len(weights)
    return Raking(
        pd.Series(weights, index=sample.index, name="sample_weight"),
        _report(codes, targets, margins, begin, weights),
        passes,
        efficiency,
        float(weights.min()),
        float(weights.max()),
        "ok" if efficiency >= WARN else "warn" if efficiency >= UNUSABLE else "unusable",
        int(cut.sum()),
    )


Floats = npt.NDArray[np.float64]
Codes = Mapping[str, npt.NDArray[np.int64]]


def _codes(column: pd.Series, shares: Mapping[str, float], variable: str) -> npt.NDArray[np.int64]:
    """Each respondent's category as the position of its target."""
    have = set(column.dropna())
    faults = [
        (("有受访者没有类别", "respondents without a category"), {"NA"} if column.isna().any() else set()),
        (("类别没有目标", "categories without a target"), have - set(shares)),
        (("目标没有受访者", "targets without respondents"), {c for c in shares if shares[c] > 0} - have),
        (
            ("目标为 0 却有受访者", "respondents where the target is 0"),
            {c for c in have & set(shares) if not shares[c] > 0},
        ),
    ]
    for (zh, en), found in faults:
        if found:
            raise MetricError(
                (f"按 {variable} 加权：{zh}", f"raking on {variable}: {en}"),
                found=", ".join(sorted(map(str, found))),
                todo=("合并类别，或改正目标", "merge categories, or mend the targets"),
            )
    order = {c: i for i, c in enumerate(shares)}
    return np.asarray(column.map(order), dtype="int64")


def _shares(margins: Margins) -> dict[str, Floats]:
    if not margins:
        raise MetricError(
            ("没有给出边际", "no margins given"),
            expected=("变量: {类别: 目标}", "variable: {category: target}"),
        )
    totals = {v: float(np.sum(list(shares.values()))) for v, shares in margins.items()}
    if max(totals.values()) - min(totals.values()) > 1e-9 * max(totals.values()):
        raise MetricError(
            ("各边际的合计不一致", "the margins' totals disagree"),
            found=str(totals),
            todo=("统一用占比或人数", "give all as shares or as counts"),
        )
    return {v: np.array(list(shares.values()), dtype="float64") / totals[v] for v, shares in margins.items()}


def _settle(
    weights: Floats, codes: Codes, targets: Mapping[str, Floats], tolerance: float, rounds: int
) -> tuple[Floats, int]:
    n = len(weights)
    for passed in range(1, rounds + 1):
        change = 0.0  # within the round: margins that exclude each other look settled from round to round
        for variable, code in codes.items():
            now = np.bincount(code, weights, minlength=len(targets[variable]))
            factor = np.divide(targets[variable] * n, now, out=np.ones_like(now), where=now > 0)
            weights = weights * factor[code]
            change = max(change, float(np.abs(factor - 1).max()))
        if change < tolerance:
            return weights * (n / weights.sum()), passed
    raise MetricError(
        (f"加权 {rounds} 轮仍不收敛", f"raking doesn't settle in {rounds} rounds"),
        todo=(
            "找出从不同时出现的类别，予以合并",
            "look for categories that never occur together, and merge them",
        ),
    )


def _trimmed(
    weights: Floats,
    codes: Codes,
    targets: Mapping[str, Floats],
    trim: tuple[float, float],
    tolerance: float,
    rounds: int,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    low, high = trim
    cut = np.zeros(len(weights), dtype=bool)
    for _ in range(TRIM_ROUNDS):
        outside = (weights < low * (1 - tolerance)) | (weights > high * (1 + tolerance))
        if not outside.any():
            return weights, cut
        cut |= outside
        weights, _passes = _settle(np.clip(weights, low, high), codes, targets, tolerance, rounds)
    raise MetricError(
        ("截断后的权数达不到边际", "trimmed weights don't meet the margins"),
        found=(f"{weights.min():.3g} 到 {weights.max():.3g}", f"{weights.min():.3g} to {weights.max():.3g}"),
        expected=(f"{low} 到 {high}", f"{low} to {high}"),
        todo=("放宽截断范围，或合并小类", "widen the trim, or merge small categories"),
    )


def _report(
    codes: Codes, targets: Mapping[str, Floats], margins: Margins, begin: Floats, weights: Floats
) -> pd.DataFrame:
    parts = []
    for variable, code in codes.items():
        size = len(targets[variable])
        parts.append(
            pd.DataFrame(
                {
                    "variable": variable,
                    "category": list(margins[variable]),
                    "target": targets[variable],
                    "before": np.bincount(code, begin, minlength=size) / begin.sum(),
                    "after": np.bincount(code, weights, minlength=size) / weights.sum(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
