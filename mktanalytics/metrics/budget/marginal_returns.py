"""Where a budget yields most under declared curves: equal marginal returns within the moves allowed (methods 4.8)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget.response import Array, Curve, response_scenarios

MOST_MOVE = 0.20  # of a channel's present spend: a model error is larger than the gain beyond it


@checked
def equal_marginals(
    curves: Sequence[Curve],
    spends: pd.DataFrame,
    *,
    budget: float | None = None,
    most_move: float = MOST_MOVE,
) -> pd.DataFrame:
    """The scenario in which one more CNY returns the same in every channel, within ±`most_move` of today.

    Parameters
    ----------
    curves : concave ones (power or hill with shape ≤ 1; power below 1). spends : channel, spend (CNY).
    budget : CNY to spread (default: today's sum). most_move : the largest change as a share of today's
        spend (inf for none).

    Returns
    -------
    channel, spend, scenario (CNY, sums to the budget), marginal, at_bound (True where the limit holds it),
    gain (the whole plan's response over today's, a fraction, the same on every row), source.

    Raises
    ------
    MetricError
        A curve is not concave, a channel has none, or the budget can't be met within the limits.

    Source
    ------
    methods 4.8: the optimum is flat, moves of more than 10–20% are larger than the model is right.

    Examples
    --------
    >>> cs = [Curve(channel=c, source="专家区间", kind="power", shape=0.5, scale=s, low=s, high=s) for c, s in (("抖音", 2.0), ("电梯", 1.0))]
    >>> s = pd.DataFrame({"channel": ["抖音", "电梯"], "spend": [50.0, 50.0]})
    >>> equal_marginals(cs, s, most_move=float("inf"))["scenario"].round(6).tolist()
    [80.0, 20.0]
    """
    today = response_scenarios(curves, spends)
    known = {c.channel: c for c in curves}
    used = [known[c] for c in today["channel"]]
    _need_concave(used)
    x = today["spend"].to_numpy(dtype="float64")
    total = float(x.sum()) if budget is None else float(budget)
    low, high = _limits(x, total, most_move)
    best = _equalised(used, low, high, total) if len(used) > 1 else np.array([total])
    before = float(today["response"].sum())
    after = sum(c.scale * c.per_scale(v) for c, v in zip(used, best, strict=True))
    out = today[["channel", "spend"]].assign(scenario=best)
    out["marginal"] = [c.marginal(v) for c, v in zip(used, best, strict=True)]
    out["at_bound"] = np.isclose(best, low) | np.isclose(best, high)
    out["gain"] = after / before - 1 if before > 0 else np.nan
    return out.assign(source=today["source"])


def _need_concave(curves: Sequence[Curve]) -> None:
    if not curves:
        raise MetricError(
            ("没有渠道可以分配", "no channel to spread the budget over"), expected="channel, spend"
        )
    for c in curves:
        if c.shape > 1 or (c.kind == "power" and c.shape == 1):
            raise MetricError(
                ("边际相等要求凹曲线", "equal marginals need a concave curve"),
                where=c.channel,
                found=f"shape {c.shape:g}",
                expected="hill ≤ 1, power < 1",
                todo=("改用情景", "use scenarios instead"),
            )


def _limits(today: Array, total: float, most_move: float) -> tuple[Array, Array]:
    """The least and the most each channel may get, between which the budget must fit."""
    bound = np.isfinite(most_move)
    low = np.maximum(today * (1 - most_move), 0.0) if bound else np.zeros(len(today))
    high = today * (1 + most_move) if bound else np.full(len(today), total)
    if not (np.isfinite(total) and low.sum() <= total * (1 + 1e-12) and total <= high.sum() * (1 + 1e-12)):
        raise MetricError(
            ("限额之内凑不出该预算", "the budget can't be met within the limits"),
            found=f"{total:,.0f}",
            expected=(f"{low.sum():,.0f} 到 {high.sum():,.0f}", f"{low.sum():,.0f} to {high.sum():,.0f}"),
            todo=("放宽 most_move", "widen most_move"),
        )
    return low, high


def _equalised(curves: Sequence[Curve], low: Array, high: Array, total: float) -> Array:
    """The spends at which every channel inside its limits has one marginal return: the price of the last CNY."""
    ranges = list(zip(curves, low, high, strict=True))

    def at(log_price: float) -> Array:
        return np.array([_spend_at(c, np.exp(log_price), lo, hi) for c, lo, hi in ranges])

    slopes = [c.marginal(v) for c, lo, hi in ranges for v in (max(lo, hi * 1e-12), hi)]
    span = (np.log(min(slopes)) - 1, np.log(max(slopes)) + 1)
    return at(brentq(lambda p: at(p).sum() - total, *span, xtol=1e-15, rtol=1e-15, maxiter=500))


def _spend_at(c: Curve, price: float, low: float, high: float) -> float:
    """The spend within its bounds at which one more CNY returns `price`."""
    if c.marginal(high) >= price:
        return high
    least = max(low, high * 1e-15)  # at 0 itself the marginal may be infinite
    if c.marginal(least) <= price:
        return low
    # in logs: the spend wanted may be a millionth of the bound
    log_spend = brentq(
        lambda u: c.marginal(float(np.exp(u))) / price - 1,
        np.log(least),
        np.log(high),
        xtol=1e-14,
        rtol=1e-14,
    )
    return float(np.exp(log_spend))
