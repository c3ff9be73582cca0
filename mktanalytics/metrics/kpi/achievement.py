"""How far a target was reached (完成率), by type of target (methods 5.1)."""

from __future__ import annotations

import math

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status, need_known

DIRECTIONS = ("higher", "lower", "band", "milestone")
FULL = 2.0  # achievement of a lower-is-better KPI at 0: the limit of 2 - A/T


@checked
def achievement(
    actual: float,
    target: float = math.nan,
    *,
    direction: str = "higher",
    lower_limit: float = math.nan,
    upper_limit: float = math.nan,
    outer_lower: float = math.nan,
    outer_upper: float = math.nan,
    band_floor: float = 0.0,
    lower_is_better: str = "linear",
) -> Figure:
    """Achievement of one KPI as a fraction (1 is the target), with a status wherever no ratio can be formed.

    | direction | achievement |
    |---|---|
    | higher, T > 0 | A/T |
    | higher, T < 0 | 1 + (A - T)/\\|T\\|: a smaller loss than planned is above 1 |
    | higher, rate KPI with `lower_limit` | (A - floor)/(T - floor) |
    | lower | 1 + (T - A)/\\|T\\|, which is 2 - A/T for T > 0; or T/A if `lower_is_better` is "convex" |
    | band | 1 inside [L, U], linear to `band_floor` at the outer limits, 0 beyond |
    | milestone | evidence from 0 to 1 (A/T where a target is given) |

    Parameters
    ----------
    actual, target : in the KPI's own unit; NaN is missing.
    lower_limit, upper_limit : ends of the on-target band, both inside it. For `higher` the lower limit is
        the value that earns nothing, for `lower` the upper limit is.
    outer_lower, outer_upper : where a band's achievement has come down to `band_floor`; by default 0 and
        twice the upper limit, so that below L it is A/L and above U it is 2 - A/U.
    lower_is_better : linear (2 - A/T) or convex (T/A); one of them within one scheme.

    Returns
    -------
    Figure
        unit `fraction`; numerator the actual, denominator the target. `na_missing` without actual or
        target, `na_zero_base` for T = 0 (score it by difference), `clamped` where a negative achievement
        was raised to 0 or A = 0 under the convex form was taken as full.

    Raises
    ------
    MetricError
        The direction or the form is unknown.

    Source
    ------
    methods 5.1.

    Examples
    --------
    >>> achievement(950_000, 1_000_000).value  # 华东 10 月销售额
    0.95
    >>> achievement(-80, -100).value  # 减亏：计划亏 100 万，实际亏 80 万
    1.2
    >>> achievement(0.06, 0.05, direction="lower").value  # 退货率 6%，目标 5%
    0.8
    >>> achievement(3, 0).status.value
    'na_zero_base'
    """
    need_known(direction, DIRECTIONS, ("目标类型（direction）", "kind of target (direction)"))
    need_known(lower_is_better, ("linear", "convex"), "lower_is_better")
    if direction == "band":
        return _band(actual, lower_limit, upper_limit, outer_lower, outer_upper, band_floor)
    if direction == "milestone":
        return _milestone(actual, target)
    if math.isnan(actual) or math.isnan(target):
        return _none(Status.MISSING, actual, target, say("no_actual" if math.isnan(actual) else "no_target"))
    nothing = lower_limit if direction == "higher" else upper_limit
    if not math.isnan(nothing) and nothing != target:
        return _figure(
            (actual - nothing) / (target - nothing), actual, target, say("zero_point", f"{nothing:g}")
        )
    if target == 0:
        return _none(Status.ZERO_BASE, actual, target, say("zero_target"))
    if direction == "lower" and lower_is_better == "convex":
        return _convex(actual, target)
    good = actual - target if direction == "higher" else target - actual
    plain = direction == "higher" and target > 0
    return _figure(actual / target if plain else 1 + good / abs(target), actual, target)


def _convex(actual: float, target: float) -> Figure:
    if target < 0 or actual < 0:
        return _none(Status.NONPOSITIVE_BASE, actual, target, say("no_convex"))
    if actual == 0:
        return Figure(FULL, "fraction", Status.CLAMPED, actual, target, note=say("zero_actual"))
    return _figure(target / actual, actual, target)


def _milestone(actual: float, target: float) -> Figure:
    if math.isnan(actual):
        return _none(Status.MISSING, actual, target, say("no_actual"))
    goal = 1.0 if math.isnan(target) or target == 0 else target
    share = actual / goal
    kept = min(max(share, 0.0), 1.0)
    return Figure(kept, "fraction", Status.OK if kept == share else Status.CLAMPED, actual, goal)


def _band(
    actual: float, lower: float, upper: float, outer_lower: float, outer_upper: float, floor: float
) -> Figure:
    goal = lower if math.isnan(upper) or actual < lower else upper
    if math.isnan(actual) or math.isnan(goal):
        note = say("no_actual" if math.isnan(actual) else "band_unset")
        return _none(Status.MISSING, actual, goal, note)
    below, above = lower - actual, actual - upper  # NaN where that side is open
    if not (below > 0 or above > 0):
        return Figure(1.0, "fraction", Status.OK, actual, goal, note=say("band_in"))
    limit, outer = (lower, outer_lower) if below > 0 else (upper, outer_upper)
    reach = abs(limit - outer) if not math.isnan(outer) else abs(limit) or abs(upper - lower)
    if not reach > 0:
        return _none(Status.ZERO_BASE, actual, goal, say("band_no_outer"))
    away = max(below, above) if not (math.isnan(below) or math.isnan(above)) else abs(actual - limit)
    if away > reach:
        return Figure(0.0, "fraction", Status.CLAMPED, actual, goal, note=say("band_beyond"))
    return Figure(1 - (1 - floor) * away / reach, "fraction", Status.OK, actual, goal, note=say("band_out"))


def _figure(value: float, actual: float, target: float, note: str = "") -> Figure:
    if value < 0:
        return Figure(0.0, "fraction", Status.CLAMPED, actual, target, note=note or say("below_zero"))
    return Figure(value, "fraction", Status.OK, actual, target, note=note)


def _none(status: Status, actual: float, target: float, note: str) -> Figure:
    top, bottom = (None if math.isnan(x) else x for x in (actual, target))
    return Figure(None, "fraction", status, top, bottom, note=note)
