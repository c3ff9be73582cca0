"""From a target, its actual and its achievement to a score, by the rule the target names or implies (methods 5.2)."""

from __future__ import annotations

import math
from dataclasses import replace

from mktanalytics.errors import MetricError
from mktanalytics.metrics.kpi._points import unscored
from mktanalytics.metrics.kpi.kpi_targets import SpanTarget, is_money
from mktanalytics.metrics.kpi.score import (
    BandTable,
    band_score,
    deduction_score,
    difference_score,
    min_max_score,
    proportional_score,
)
from mktanalytics.metrics.kpi.score_schemes import efficacy_line_score, efficacy_score
from mktanalytics.metrics.kpi.standards import FULL, Standard, read_standard
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status
from mktanalytics.numbers import key
from mktanalytics.tables.targets import TABLE

UNSAID = "proportional"  # what a sheet without a column of rules means
_RULES = {
    key(word): rule for rule, words in TABLE.column("score_rule").allowed.items() for word in (rule, *words)
}


def with_rule(target: SpanTarget) -> SpanTarget:
    """The target with the rule it is scored by: the one it names, else the one its standard or its levels imply.

    A 评分标准 may be no more than a rule's name.
    """
    if target.score_rule != UNSAID:
        return target
    if named := _RULES.get(key(target.standard)):
        return replace(target, score_rule=named, standard="")
    if target.standard:
        return replace(target, score_rule="bands")
    held = (*_levels(target), target.satisfactory, target.unacceptable)
    return target if all(map(math.isnan, held)) else replace(target, score_rule="efficacy")


def score_of(target: SpanTarget, actual: float, reached: Figure) -> Figure:
    """The score of one KPI, or a figure without value whose note says what its rule lacks.

    Parameters
    ----------
    target : what `with_rule` gives. reached : its achievement.
    """
    if math.isnan(actual):
        return unscored()
    try:
        return _scored(target, actual, reached)
    except MetricError as error:
        return unscored(error.sentence())


def _scored(target: SpanTarget, actual: float, reached: Figure) -> Figure:
    rule, lower = target.score_rule, target.direction == "lower"
    good = target.target - actual if lower else actual - target.target
    stepped = target.step > 0 and target.points >= 0
    if rule in ("deduction", "difference") and not stepped:
        return unscored(say("no_steps"))
    if rule == "difference" or (rule == "proportional" and reached.status is Status.ZERO_BASE and stepped):
        return difference_score(good, step=target.step, points=target.points, cap=target.cap)
    if rule == "min_max":
        return _min_max(target, actual)
    if rule == "efficacy":
        return _efficacy(target, actual)
    if rule == "bands":
        return _banded(target, actual, reached)
    if rule == "deduction" and target.unit == "fraction" and target.direction in ("higher", "lower"):
        score = deduction_score(-good, step=target.step, points=target.points)
        return replace(score, note=join(score.note, say("by_points")))
    if reached.value is None:
        return Figure(None, "score", reached.status)
    if rule == "deduction":
        return deduction_score(1 - reached.value, step=target.step, points=target.points)
    if rule == "proportional":
        return proportional_score(reached.value, floor=target.floor, cap=target.cap)
    return unscored(say("unknown_rule", rule))


def _min_max(target: SpanTarget, actual: float) -> Figure:
    low, high = target.lower_limit, target.upper_limit
    if math.isnan(low) or math.isnan(high):
        return unscored(say("no_limits"))
    worst, best = (high, low) if target.direction == "lower" else (low, high)
    return min_max_score(actual, worst=worst, best=best)


# ---- 功效系数法


def _levels(target: SpanTarget) -> tuple[float, ...]:
    return target.excellent, target.good, target.average, target.low, target.poor


def _efficacy(target: SpanTarget, actual: float) -> Figure:
    levels, ends = _levels(target), (target.satisfactory, target.unacceptable)
    known = levels if not any(map(math.isnan, levels)) else ends
    if any(map(math.isnan, known)):
        return unscored(say("no_levels"))
    if (known[0] < known[-1]) != (target.direction == "lower") and known[0] != known[-1]:
        return unscored(say("levels_turn"))
    if known is levels:
        return efficacy_score(actual, levels)
    return efficacy_line_score(actual, satisfactory=ends[0], unacceptable=ends[1], cap=target.cap)


# ---- 分档


def _banded(target: SpanTarget, actual: float, reached: Figure) -> Figure:
    standard = read_standard(target.standard) if target.standard else "no_bands"
    if isinstance(standard, str):
        return unscored(say(standard))
    of = _compared(standard, target)
    table, note = _of_a_hundred(standard.table, 100 * target.weight)
    if not of:
        return unscored(say("standard_of"))
    if table is None:
        return unscored(say("standard_points"))
    if of == "achievement" and reached.value is None:
        return Figure(None, "score", reached.status)
    value = actual if of == "actual" else float(reached.value or 0.0)
    if math.isnan(table.scores[table.index(value)]):
        return unscored(say("standard_outside"))
    closed = say("standard_closed") if table.closed == "right" else ""
    return replace(band_score(value, table), note=join(note, closed))


def _compared(standard: Standard, target: SpanTarget) -> str:
    """What the limits are compared with, "achievement" or "actual"; "" where it isn't certain.

    Per cent of a KPI that is none itself can only be of its achievement; an actual is compared in its own unit.
    """
    rate = target.unit == "fraction"
    if standard.of == "actual":
        return "actual" if standard.percent == rate and not is_money(target.unit) else ""
    certain = standard.percent and (standard.of == "achievement" or not rate)
    return "achievement" if certain else ""


def _of_a_hundred(table: BandTable, weight: float) -> tuple[BandTable | None, str]:
    """The table with points of a hundred, as all scores are; None where it isn't certain what they are of.

    On many forms the points of an item are its weight: 满分, 8 and 5 points of an item that weighs 10.
    """
    points = [p for p in table.scores if math.isfinite(p)]
    top, full = max(points, default=0.0), FULL in table.scores
    own = top <= weight and weight < 100
    certain = math.isclose(top, weight) or full if own else top >= 100 or full
    if not certain:
        return None, ""
    times = 100 / weight if own else 1.0
    scores = tuple(100.0 if p == FULL else p * times for p in table.scores)
    return replace(table, scores=scores), say("standard_scaled", f"{weight:g}") if own else ""
