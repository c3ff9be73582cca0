"""Brand tracking (品牌追踪): from knowing a brand to buying it again, step by step, beside competitors (methods 8.5)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers, ratio_frame

STEPS = ("aided_awareness", "consideration", "trial", "repeat")


@checked
def brand_funnel(
    waves: pd.DataFrame, *, steps: Sequence[str] = STEPS, brand: str = "brand", wave: str = "wave"
) -> pd.DataFrame:
    """Step ratios of brands: of those who reached a step, the part that reached the next.

    Parameters
    ----------
    waves : DataFrame
        `brand`, `wave`, and a column a step: (weighted) respondents who reached it, of the same base.
    steps : names of columns, widest first
        None may hold more respondents than the one before.
    brand, wave : str
        Columns.

    Returns
    -------
    DataFrame
        `brand`, `wave`, step, next_step, record columns: value (fraction) = next / step, n (respondents at the step);
        leader (the highest ratio of any brand in that wave and step). Larger brands have higher ratios: compare like
        sizes.

    Raises
    ------
    MetricError
        A column is missing, there is one step only, or a later step holds more than an earlier one.

    Source
    ------
    Methods 8.5; Ehrenberg, Repeat-Buying (double jeopardy, on sizes).

    Examples
    --------
    >>> import pandas as pd
    >>> waves = pd.DataFrame({"brand": ["云岭", "清泉"], "wave": "2026-10", "aided_awareness": [400.0, 600.0],
    ...     "consideration": [200.0, 360.0], "trial": [100.0, 252.0], "repeat": [40.0, 151.2]})
    >>> brand_funnel(waves, steps=["aided_awareness", "consideration"])[["brand", "value", "leader"]]
      brand  value  leader
    0    云岭    0.5     0.6
    1    清泉    0.6     0.6
    """
    need_columns(waves, [brand, wave, *steps], metric="brand_funnel")
    need_numbers(waves, list(steps), metric="brand_funnel")
    waves = waves.astype(dict.fromkeys(steps, "float64"))
    if len(steps) < 2:
        raise MetricError(("漏斗至少两步", "a funnel has two steps or more"), found=", ".join(steps))
    parts = [_step(waves, brand, wave, *pair) for pair in pairwise(steps)]
    out = pd.concat(parts, ignore_index=True)
    return out.assign(leader=out.groupby([wave, "step"])["value"].transform("max"))


def _step(waves: pd.DataFrame, brand: str, wave: str, step: str, following: str) -> pd.DataFrame:
    grown = waves[waves[following] > waves[step]]
    if len(grown):
        raise MetricError(
            (f"到达 {following} 的人多于 {step}", f"more respondents reached {following} than {step}"),
            found=", ".join(f"{b} ({w})" for b, w in zip(grown[brand], grown[wave], strict=True)),
            expected=("每一步都是上一步的一部分", "each step a part of the one before"),
        )
    keys = waves[[brand, wave]].assign(step=step, next_step=following)
    count = waves[step].round().astype("Int64")
    return ratio_frame(keys, waves[following], waves[step], n=count)


@checked
def wave_verdict(change: float, low: float, high: float) -> str:
    """升, 降 or 持平: a change whose interval holds 0 is none.

    Parameters
    ----------
    change, low, high : the change of a figure between waves and its interval (`wave_changes`).

    Source
    ------
    Methods 8.5.

    Examples
    --------
    >>> wave_verdict(0.02, -0.01, 0.05), wave_verdict(0.06, 0.01, 0.11)
    ('持平', '升')
    """
    if not (low > 0 or high < 0):
        return "持平"
    return "升" if change > 0 else "降"
