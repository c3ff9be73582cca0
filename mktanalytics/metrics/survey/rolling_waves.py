"""A survey figure over the last waves together: steadier than one wave, a wave late, and no base for tests (methods 8.5)."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import RECORD, need_columns, need_numbers, record_frame
from mktanalytics.metrics.survey.precision import nps_interval, wilson_interval
from mktanalytics.metrics.survey.satisfaction import BASE, SHARES


@checked
def rolling_waves(
    waves: pd.DataFrame, *, wave: str = "month", window: int = 3, level: float = 0.95
) -> pd.DataFrame:
    """T2B or NPS over each `window` waves in a row, made anew of the answers of them all.

    Neighbouring values share all waves but one: the interval is that of one value, not of the change between two, and
    `wave_changes` doesn't take the result.

    Parameters
    ----------
    waves : what `satisfaction` or `net_promoter_score` return for `by=[wave, ...]`.
    window : how many waves, counted in waves that took place.

    Returns
    -------
    DataFrame
        The keys, `wave` (the last of the window), first_wave, then `RECORD` (unit as in `waves`; numerator and
        denominator are those of the waves together, n their respondents), lower, upper, base (n_eff of the waves
        together). The first waves, and a window with a hidden base, are `na_missing`.

    Raises
    ------
    MetricError
        A column is missing, the figure is neither a share nor NPS, or the window is shorter than two waves.

    Source
    ------
    methods 8.5; the parts are summed and not the ratios averaged (methods 0.2).

    Examples
    --------
    >>> from mktanalytics.metrics.survey.satisfaction import satisfaction
    >>> rows = pd.DataFrame({"question": "总体满意度", "month": ["2026-04"] * 50 + ["2026-07"] * 50 + ["2026-10"] * 100,
    ...     "answer": ["满意"] * 30 + ["一般"] * 20 + ["满意"] * 40 + ["一般"] * 10 + ["满意"] * 70 + ["一般"] * 30})
    >>> rolling_waves(satisfaction(rows, by=["month"]))[["month", "first_wave", "value"]].tail(1).values.tolist()
    [['2026-10', '2026-04', 0.7]]
    """
    need_columns(waves, [wave, "question", *RECORD, "n_eff"], metric="rolling_waves")
    shares = [c for c in ("promoters", "detractors") if c in waves]
    need_numbers(waves, ["numerator", "denominator", "n", "n_eff", *shares], metric="rolling_waves")
    if set(waves["unit"]) - {"fraction"} and len(shares) < 2:
        raise MetricError(
            ("rolling_waves 只滚动比例与净推荐值", "rolling_waves takes shares and net promoter scores"),
            found=", ".join(sorted(set(map(str, waves["unit"])))),
            expected=(
                "fraction，或有 promoters、detractors 两列",
                "fraction, or the columns promoters and detractors",
            ),
        )
    if window < 2:
        raise MetricError(
            ("滚动至少要两波", "a rolling figure takes two waves or more"), found=str(window), expected="≥ 2"
        )
    known = {*RECORD, *BASE, *(s for names in SHARES.values() for s in names), wave}
    keys = [c for c in waves.columns if c not in known]
    ordered = waves.sort_values([*keys, wave], ignore_index=True)
    total = _sums(ordered, keys, wave, window)
    base = (
        total["denominator"] ** 2 / total["squares"]
    )  # Kish's, of all the answers: Σw² of a wave is (Σw)² / n_eff
    value = total["numerator"] / total["denominator"]
    out = record_frame(
        ordered[[*keys, wave]].assign(first_wave=total["first_wave"]),
        value=value, unit=ordered["unit"].iloc[0] if len(ordered) else "fraction", numerator=total["numerator"],
        denominator=total["denominator"], n=[pd.NA if pd.isna(k) else int(k) for k in total["n"]],
        note=say("rolling", window),
    )  # fmt: skip
    ends = [_interval(total.iloc[i], value[i], base[i], level) for i in range(len(ordered))]
    out[["lower", "upper"]] = pd.DataFrame(ends, columns=["lower", "upper"], index=out.index, dtype="float64")
    return out.assign(base=base)


def _sums(ordered: pd.DataFrame, keys: Sequence[str], wave: str, window: int) -> pd.DataFrame:
    """What each wave and those before it add up to, NaN where one of them is missing or hidden."""
    weight = ordered["denominator"].astype("float64")
    parts = pd.DataFrame(
        {"numerator": ordered["numerator"], "denominator": weight, "n": ordered["n"].astype("float64")}
    )
    parts["squares"] = weight**2 / ordered["n_eff"].astype("float64")
    for share in ("promoters", "detractors"):
        parts[share] = ordered[share] * weight if share in ordered else np.nan
    by = [ordered[k] for k in keys]
    steps = [parts.astype("float64").groupby(by, dropna=False).shift(k) for k in range(window)]
    total: pd.DataFrame = functools.reduce(pd.DataFrame.add, steps)
    return total.assign(first_wave=ordered[wave].groupby(by, dropna=False).shift(window - 1))


def _interval(total: pd.Series, value: float, base: float, level: float) -> tuple[float, float]:
    if np.isnan(value):
        return np.nan, np.nan
    if np.isnan(total["promoters"]):
        return wilson_interval(value, base, level=level)
    up, down = (float(total[c] / total["denominator"]) for c in ("promoters", "detractors"))
    return nps_interval(up, down, base, level=level)
