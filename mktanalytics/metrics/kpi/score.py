"""From an achievement or an actual to points: by proportion, deduction, difference, bands, min-max (methods 5.2)."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import on_edge
from mktanalytics.metrics.kpi._points import between, positive_step, unscored
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status

_WHOLE = 1e-9  # 0.03 / 0.01 is 3 steps, though a float calls it 2.9999…


@checked
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
        return unscored()
    if on_edge(achievement, [floor]) < floor:
        return Figure(0.0, "score", Status.CLAMPED, note=say("under_floor", f"{floor:.0%}"))
    return between(100 * achievement, -math.inf, cap)


@checked
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
    positive_step(step)
    if math.isnan(shortfall) or math.isnan(points):
        return unscored()
    steps = max(shortfall, 0.0) / step
    return between(base - (steps if part_steps else math.floor(steps + _WHOLE)) * points, 0.0, base)


@checked
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
    positive_step(step)
    if math.isnan(difference) or math.isnan(points):
        return unscored()
    return between(base + difference / step * points, 0.0, cap)


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
                (
                    "分档表的界限须递增，得分比界限多一个",
                    "a band table needs rising edges and one score more than edges",
                ),
                found=(f"界限 {self.edges}，得分 {self.scores}", f"edges {self.edges}, scores {self.scores}"),
                todo=("中间界限各列一次", "list the inner edges once each"),
            )

    def index(self, value: float) -> int:
        """Which band holds `value`, counted from the lowest."""
        side = bisect_right if self.closed == "left" else bisect_left
        return side(self.edges, on_edge(value, self.edges))


@checked
def band_score(value: float, table: BandTable) -> Figure:
    """The score of the band that holds `value` (分档法).

    Parameters
    ----------
    value : achievement or actual, in the unit of the table's edges. table : edges, scores, closed side.

    Source
    ------
    methods 5.2.3.

    Examples
    --------
    >>> growth = BandTable(edges=(0.0, 0.06, 0.18), scores=(0, 60, 80, 100), closed="right")
    >>> [band_score(v, growth).value for v in (0.06, 0.18, 0.1801)]  # (6%,18%] 得 80 分
    [60.0, 80.0, 100.0]
    """
    return unscored() if math.isnan(value) else Figure(float(table.scores[table.index(value)]), "score")


@checked
def min_max_score(actual: float, *, worst: float, best: float, full: float = 100.0) -> Figure:
    """`full` × (worst - A)/(worst - best), the actual kept between worst and best (极差法).

    Works for both directions, as `best` may be the smaller one.

    Parameters
    ----------
    actual, worst, best : in the KPI's unit. full : points at `best`.

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
        raise MetricError(
            ("最差值等于最好值", "worst equals best"),
            found=str(best),
            todo=("给出两个不同的值", "give two different values"),
        )
    if any(map(math.isnan, (actual, worst, best))):
        return unscored()
    raw = full * (worst - actual) / (worst - best)
    return between(raw, 0.0, full)
