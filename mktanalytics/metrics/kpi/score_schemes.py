"""Scores that need more than a row of targets: 功效系数法, two-way tables, 加分/扣分 (methods 5.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.kpi._points import between, unscored
from mktanalytics.metrics.kpi.score import BandTable
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status

COEFFICIENTS = (1.0, 0.8, 0.6, 0.4, 0.2)  # 优秀 良好 平均 较低 较差 (国资委 2006)


@checked
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
    levels = list(levels)
    lower = len(levels) > 1 and levels[0] < levels[-1]
    signed = [-s if lower else s for s in levels]
    if len(signed) != len(coefficients) or any(a < b for a, b in pairwise(signed)):
        raise MetricError(
            (
                "标准值须由优到差，与系数一一对应",
                "levels must run from best to worst, one for each coefficient",
            ),
            found=(
                f"{list(levels)}，系数 {len(coefficients)} 个",
                f"{list(levels)} with {len(coefficients)} coefficients",
            ),
            todo=("依次列出 优秀 良好 平均 较低 较差", "list 优秀 良好 平均 较低 较差"),
        )
    if math.isnan(actual):
        return unscored()
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


@checked
def efficacy_line_score(actual: float, *, satisfactory: float, unacceptable: float, cap: float) -> Figure:
    """60 points at the 不允许值, 100 at the 满意值, on the straight line through them, from 0 to `cap`.

    Parameters
    ----------
    satisfactory, unacceptable : in the KPI's unit; the satisfactory value is the smaller one where lower is better.

    Raises
    ------
    MetricError
        The two values are equal.

    Source
    ------
    The two-value form of 功效系数法: d = (x - 不允许值)/(满意值 - 不允许值) × 40 + 60; methods 5.2.5 has the five levels.

    Examples
    --------
    >>> round(efficacy_line_score(5.81, satisfactory=12, unacceptable=6, cap=120).value, 2)  # 总资产贡献率 5.81%
    58.73
    """
    if satisfactory == unacceptable:
        raise MetricError(
            ("满意值与不允许值相同", "the satisfactory value equals the unacceptable one"), found=f"{satisfactory:g}",
            todo=("填两个不同的值", "give two different values"),
        )  # fmt: skip
    if any(map(math.isnan, (actual, satisfactory, unacceptable))):
        return unscored()
    return between(60 + 40 * (actual - unacceptable) / (satisfactory - unacceptable), 0.0, cap)


@checked
def two_way_coefficient(
    row: float, column: float, *, rows: BandTable, columns: BandTable, table: Sequence[Sequence[float]]
) -> Figure:
    """The coefficient where two bands cross, such as 完成率 × 回款率 (the bands' own scores aren't used).

    Parameters
    ----------
    row, column : the two values. rows, columns : their bands. table : a coefficient for each pair of bands.

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
            ("双向表与分档不符", "the two-way table doesn't fit its bands"),
            found=f"{len(table)} × {[len(r) for r in table]}",
            expected=f"{len(rows.scores)} × {len(columns.scores)}",
            todo=("每对分档给一个系数", "give one coefficient for each pair of bands"),
        )
    if math.isnan(row) or math.isnan(column):
        return Figure(None, "ratio", Status.MISSING)
    return Figure(float(table[rows.index(row)][columns.index(column)]), "ratio")


@checked
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
        return unscored()
    kept = [(name, points, min(max(points, -cap), cap)) for name, points, cap in items]
    change = math.fsum(k for _, _, k in kept)
    cut = join(*(say("item_cut", name, f"{points:+g}", f"{k:+g}") for name, points, k in kept if points != k))
    result = between(total + change, lowest, total_cap)
    note = join(result.note, cut)
    return Figure(result.value, "score", Status.CLAMPED if note else Status.OK, change, note=note)
