"""From wave to wave: the change of a survey figure with the interval of the difference (methods 6.2, 6.4)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from mktanalytics.metrics.result import RECORD, Status, need_columns
from mktanalytics.metrics.survey.precision import difference_interval, normal_quantile, nps_error
from mktanalytics.metrics.survey.satisfaction import BASE, SHARES


def wave_changes(waves: pd.DataFrame, *, wave: str = "month", level: float = 0.95) -> pd.DataFrame:
    """The change of T2B or NPS from each wave to the next, with the interval of the *difference*.

    Parameters
    ----------
    waves : what `satisfaction` or `net_promoter_score` return for `by=[wave, ...]`.

    Returns
    -------
    DataFrame
        The keys, `before` (the wave compared with), then `RECORD` with the change in `pp` (numerator this
        wave, denominator the wave before), lower, upper, and significant (the interval leaves out 0).
        The first wave, and one next to a hidden base, is `na_missing`.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 6.2, 6.4. Samples of different waves are taken as independent: for a panel the interval is too wide.

    Examples
    --------
    >>> from mktanalytics.metrics.survey.satisfaction import satisfaction
    >>> rows = pd.DataFrame({"question": "总体满意度", "month": ["2026-04"] * 80 + ["2026-10"] * 80,
    ...     "answer": ["满意"] * 48 + ["一般"] * 32 + ["满意"] * 56 + ["一般"] * 24})
    >>> change = wave_changes(satisfaction(rows, by=["month"])).iloc[-1]
    >>> change[["value", "lower", "upper"]].astype(float).round(3).tolist()
    [0.1, -0.047, 0.241]
    """
    need_columns(waves, [wave, "question", *RECORD, "n_eff"], metric="wave_changes")
    known = {*RECORD, *BASE, *(s for names in SHARES.values() for s in names), wave}
    keys = [c for c in waves.columns if c not in known]
    ordered = waves.sort_values([*keys, wave], ignore_index=True)
    before = ordered.groupby(keys, dropna=False).shift(1)
    out = ordered[[*keys, wave]].assign(before=before[wave])
    pairs = [_change(ordered.iloc[i], before.iloc[i], level) for i in range(len(ordered))]
    frame = pd.DataFrame(pairs, columns=["value", "lower", "upper"], index=ordered.index, dtype="float64")
    out["value"], out["unit"] = frame["value"], "pp"
    out["status"] = np.where(frame["value"].notna(), str(Status.OK), str(Status.MISSING))
    out["numerator"], out["denominator"] = ordered["value"], before["value"].astype("float64")
    out["n"], out["note"] = ordered["n"], ""
    out["lower"], out["upper"] = frame["lower"], frame["upper"]
    out["significant"] = (frame["lower"] > 0) | (frame["upper"] < 0)
    return out


def _change(now: pd.Series, before: pd.Series, level: float) -> tuple[float, float, float]:
    if pd.isna(now["value"]) or pd.isna(before["value"]):
        return math.nan, math.nan, math.nan
    change = float(now["value"] - before["value"])
    if now["unit"] == "fraction":
        ends = difference_interval(now["value"], now["n_eff"], before["value"], before["n_eff"], level=level)
        return change, *ends
    errors = [nps_error(w["promoters"], w["detractors"], w["n_eff"]) for w in (now, before)]
    half = normal_quantile(level) * math.hypot(*errors)
    return change, change - half, change + half
