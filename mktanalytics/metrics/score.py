"""From an achievement or an actual to points: the seven score functions (methods 5.2)."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mktanalytics.errors import MetricError
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status

COEFFICIENTS = (1.0, 0.8, 0.6, 0.4, 0.2)  # 优秀 良好 平均 较低 较差 (国资委 2006)
_WHOLE = 1e-9  # 0.03 / 0.01 is 3 steps, though a float calls it 2.9999…


def proportional_score(achievement: float, *, floor: float, cap: float) -> Figure:
    """100 × achievement; 0 below the floor, never above the cap.

    Parameters
    ----------
    achievement : fraction; 1 is the target.
    floor : achievement below which the score is 0 (保底完成率).
    cap : highest score, in points (封顶). A form that names none leaves it open; here it must be given.

    Returns
    -------
    Figure
        unit `score`; `clamped` where floor or cap took hold.

    Source
    ------
    methods 5.2.1.

    Examples
    --------
    >>> [proportional_score(a, floor=0.6, cap=120).value for a in (0.59, 0.6, 0.95, 1.35)]
    [0.0, 60.0, 95.0, 120.0]
    """
    if math.isnan(achievement):
        return _missing()
    if achievement < floor:
        return Figure(0.0, "score", Status.CLAMPED, note=say("under_floor", f"{floor:.0%}"))
    return _between(100 * achievement, -math.inf, cap)


def deduction_score(
    shortfall: float, *, step: float, points: float, base: float = 100.0, part_steps: bool = False
) -> Figure:
    """Base points less `points` for every `step` of shortfall: 每低于目标 x% 扣 y 分，扣完为止.

    Parameters
    ----------
    shortfall : how far below the target, in the unit of `step` (a fraction of the target, or points of
        percent as a fraction for rate KPIs); 0 or less costs nothing.
    part_steps : whether an unfinished step counts pro rata; by default only whole steps count.

    Raises
    ------
    MetricError
        `step` is not above 0.

    Source
    ------
    methods 5.2.2.

    Examples
    --------
    >>> deduction_score(0.034, step=0.01, points=2).value  # 低 3.4%，每低 1% 扣 2 分
    94.0
    >>> deduction_score(0.034, step=0.01, points=2, part_steps=True).value
    93.2
    """
    _positive_step(step)
    if math.isnan(shortfall) or math.isnan(points):
        return _missing()
    steps = max(shortfall, 0.0) / step
    return _between(base - (steps if part_steps else math.floor(steps + _WHOLE)) * points, 0.0, base)


def difference_score(
    difference: float, *, step: float, points: float, base: float = 100.0, cap: float = 120.0
) -> Figure:
    """Base points, plus or minus `points` for each `step` above or below the target, pro rata (差额法).

    Parameters
    ----------
    difference : actual - target turned so that above 0 is good, in the unit of `step`.

    Source
    ------
    methods 5.1 (T = 0, rate KPIs).

    Examples
    --------
    >>> difference_score(-0.004, step=0.001, points=2).value  # 份额低目标 0.4pp，每 0.1pp 2 分
    92.0
    """
    _positive_step(step)
    if math.isnan(difference) or math.isnan(points):
        return _missing()
    return _between(base + difference / step * points, 0.0, cap)


@dataclass(frozen=True)
class BandTable:
    """Half-open bands that leave no gap: `scores` has one more entry than the inner `edges`."""

    edges: tuple[float, ...]  # rising
    scores: tuple[float, ...]
    closed: Literal["left", "right"] = "left"  # which end of a band belongs to it

    def __post_init__(self) -> None:
        rising = all(a < b for a, b in pairwise(self.edges))
        if not rising or len(self.scores) != len(self.edges) + 1:
            raise MetricError(
                "a band table needs rising edges and one score more than edges",
                found=f"edges {self.edges}, scores {self.scores}",
                todo="list the inner edges once each",
            )

    def index(self, value: float) -> int:
        """Which band holds `value`, counted from the lowest."""
        return (bisect_right if self.closed == "left" else bisect_left)(self.edges, value)


def band_score(value: float, table: BandTable) -> Figure:
    """The score of the band that holds `value` (分档法).

    Source
    ------
    methods 5.2.3.

    Examples
    --------
    >>> growth = BandTable(edges=(0.0, 0.06, 0.18), scores=(0, 60, 80, 100), closed="right")
    >>> [band_score(v, growth).value for v in (0.06, 0.18, 0.1801)]  # (6%,18%] 得 80 分
    [60.0, 80.0, 100.0]
    """
    return _missing() if math.isnan(value) else Figure(float(table.scores[table.index(value)]), "score")


def min_max_score(actual: float, *, worst: float, best: float, full: float = 100.0) -> Figure:
    """`full` × (worst - A)/(worst - best), the actual kept between worst and best (极差法).

    Works for both directions, as `best` may be the smaller one.

    Raises
    ------
    MetricError
        `worst` equals `best`.

    Source
    ------
    methods 5.2.4.

    Examples
    --------
    >>> min_max_score(3, worst=6, best=2).value  # 投诉 3 起：最差 6，最好 2
    75.0
    """
    if worst == best:
        raise MetricError("worst equals best", found=str(best), todo="give two different values")
    if any(map(math.isnan, (actual, worst, best))):
        return _missing()
    raw = full * (worst - actual) / (worst - best)
    return _between(raw, 0.0, full)


def efficacy_score(
    actual: float,
    levels: Sequence[float],
    *,
    full: float = 100.0,
    coefficients: Sequence[float] = COEFFICIENTS,
) -> Figure:
    """Score by 功效系数法: the level reached, plus the way towards the next better one.

    Parameters
    ----------
    levels : standard values, best first (优秀 良好 平均 较低 较差); falling for higher-is-better, rising
        for lower-is-better.
    full : points of the item (its weight).
    coefficients : standard coefficient of each level, best first.

    Returns
    -------
    Figure
        unit `score`; numerator the base score of the level reached, denominator `full`; `full` at or
        above 优秀, 0 below 较差. Nothing is rounded.

    Raises
    ------
    MetricError
        Levels and coefficients differ in number, or the levels change direction.

    Source
    ------
    国资委 2006《中央企业综合绩效评价实施细则》; methods 5.2.5.

    Examples
    --------
    >>> efficacy_score(11.0, [15.0, 12.0, 8.0, 4.0, 1.0], full=20).value  # 净资产收益率 11%
    15.0
    """
    lower = levels[0] < levels[-1]
    signed = [-s if lower else s for s in levels]
    if len(signed) != len(coefficients) or any(a < b for a, b in pairwise(signed)):
        raise MetricError(
            "levels must run from best to worst, one for each coefficient",
            found=f"{list(levels)} with {len(coefficients)} coefficients",
            todo="list 优秀 良好 平均 较低 较差",
        )
    if math.isnan(actual):
        return _missing()
    reached = -actual if lower else actual
    k = next((i for i, s in enumerate(signed) if reached >= s), None)  # of equal levels, the better one
    if k is None:
        return Figure(0.0, "score", numerator=0.0, denominator=full, note=say("below_poor"))
    base = full * coefficients[k]
    if k == 0:
        return Figure(base, "score", numerator=base, denominator=full, note=say("excellent"))
    efficacy = (reached - signed[k]) / (signed[k - 1] - signed[k])
    value = base + efficacy * (full * coefficients[k - 1] - base)
    return Figure(value, "score", numerator=base, denominator=full)


def two_way_coefficient(
    row: float, column: float, *, rows: BandTable, columns: BandTable, table: Sequence[Sequence[float]]
) -> Figure:
    """The coefficient where two bands cross, such as 完成率 × 回款率 (the bands' own scores aren't used).

    Raises
    ------
    MetricError
        The table's shape isn't the number of bands.

    Source
    ------
    methods 5.2.6.

    Examples
    --------
    >>> sales = BandTable(edges=(0.8, 1.0), scores=(0, 0, 0))
    >>> cash = BandTable(edges=(0.9,), scores=(0, 0))
    >>> two_way_coefficient(0.95, 0.93, rows=sales, columns=cash, table=[[0, 0.5], [0.6, 0.9], [0.9, 1.2]]).value
    0.9
    """
    if len(table) != len(rows.scores) or any(len(r) != len(columns.scores) for r in table):
        raise MetricError(
            "the two-way table doesn't fit its bands",
            found=f"{len(table)} × {[len(r) for r in table]}",
            expected=f"{len(rows.scores)} × {len(columns.scores)}",
            todo="give one coefficient for each pair of bands",
        )
    if math.isnan(row) or math.isnan(column):
        return Figure(None, "ratio", Status.MISSING)
    return Figure(float(table[rows.index(row)][columns.index(column)]), "ratio")


def adjusted_total(
    total: float, items: Sequence[tuple[str, float, float]], *, total_cap: float, lowest: float = 0.0
) -> Figure:
    """The weighted total after 加分/扣分 items, each within its own cap, the result within `total_cap`.

    Parameters
    ----------
    total : weighted total, points.
    items : (name, points, cap): points above 0 are added, below 0 taken off; at most `cap` either way.

    Returns
    -------
    Figure
        unit `score`; numerator the points the items came to; the note lists those that were cut.
        一票否决 is no item: it sets the grade (`grade(..., veto=)`).

    Source
    ------
    methods 5.2.7.

    Examples
    --------
    >>> adjusted_total(93.0, [("新品首发", 8, 5), ("投诉", -3, 10)], total_cap=110).value
    95.0
    """
    if math.isnan(total):
        return _missing()
    kept = [(name, points, min(max(points, -cap), cap)) for name, points, cap in items]
    change = math.fsum(k for _, _, k in kept)
    cut = join(*(say("item_cut", name, f"{points:+g}", f"{k:+g}") for name, points, k in kept if points != k))
    result = _between(total + change, lowest, total_cap)
    note = join(result.note, cut)
    return Figure(result.value, "score", Status.CLAMPED if note else Status.OK, change, note=note)


def _between(value: float, lowest: float, highest: float) -> Figure:
    kept = float(min(max(value, lowest), highest))
    if kept == value:
        return Figure(value, "score")
    return Figure(
        kept, "score", Status.CLAMPED, note=say("capped" if value > kept else "floored", f"{kept:g}")
    )


def _missing() -> Figure:
    return Figure(None, "score", Status.MISSING)


def _positive_step(step: float) -> None:
    if not step > 0:
        raise MetricError(
            "a score by steps needs a step above 0", found=str(step), todo="fill in the column step"
        )
