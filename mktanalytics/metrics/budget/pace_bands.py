"""How far ahead or behind counts as what: bands of pace and of occupancy (methods 4.2)."""

from __future__ import annotations

import numpy as np

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import on_edge
from mktanalytics.metrics.result import need_known
from mktanalytics.settings import Thresholds


@checked
def pace_band(
    relative_pace: float,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
    *,
    early: bool = False,
    kind: str = "cost",
) -> str:
    """The band of a relative pace: behind, normal, watch, over_pace; grey while `early`; none without one.

    Spending has two bad sides; revenue has one, so it is never watched nor over its pace.

    Raises
    ------
    MetricError
        `kind` is neither cost nor revenue.

    Source
    ------
    methods 4.2 [choice]. Both ends of 正常 and the upper end of 关注 belong to the milder band.

    Examples
    --------
    >>> [pace_band(x) for x in (0.79, 0.80, 1.00, 1.10, 1.11)]  # 滞后, 正常, 正常, 关注, 超进度
    ['behind', 'normal', 'normal', 'watch', 'over_pace']
    >>> pace_band(1.11, kind="revenue")
    'normal'
    """
    need_known(kind, ("cost", "revenue"), ("预算行类型", "kind of line"))
    if np.isnan(relative_pace):
        return "none"
    if early:
        return "grey"
    pace = on_edge(relative_pace, (thresholds.pace_low, thresholds.pace_high, thresholds.pace_over))
    if pace < thresholds.pace_low:
        return "behind"
    if kind == "revenue" or pace <= thresholds.pace_high:
        return "normal"
    return "watch" if pace <= thresholds.pace_over else "over_pace"


@checked
def occupancy_band(occupancy: float, thresholds: Thresholds = Thresholds()) -> str:  # noqa: B008
    """The band of (A + C) / BA: normal, warning, frozen; none without one.

    Source
    ------
    methods 4.2 [choice].

    Examples
    --------
    >>> [occupancy_band(x) for x in (0.79, 0.80, 1.00)]  # 正常, 预警, 冻结
    ['normal', 'warning', 'frozen']
    """
    if np.isnan(occupancy):
        return "none"
    full = on_edge(occupancy, (thresholds.occupancy_warning, thresholds.occupancy_freeze))
    if full >= thresholds.occupancy_freeze:
        return "frozen"
    return "warning" if full >= thresholds.occupancy_warning else "normal"
