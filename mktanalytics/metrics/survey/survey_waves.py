"""From wave to wave: the change of a survey figure with the interval of the difference (methods 6.2, 6.4)."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import RECORD, Status, need_columns, need_numbers
from mktanalytics.metrics.survey.precision import (
    combined_error,
    difference_interval,
    normal_quantile,
    nps_error,
)
from mktanalytics.metrics.survey.satisfaction import BASE, SHARES, respondent_weights
from mktanalytics.metrics.survey.survey_answers import five_point, ten_point


@checked
def wave_changes(
    waves: pd.DataFrame, *, wave: str = "month", level: float = 0.95, panel: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The change of T2B or NPS from each wave to the next, with the interval of the *difference*.

    Parameters
    ----------
    waves : what `satisfaction` or `net_promoter_score` return for `by=[wave, ...]`.
    panel : the survey they were made from, where a respondent who answers again keeps the same `respondent`:
        what both waves share then narrows (or widens) the interval. Without it samples count as independent.

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
    methods 6.2, 6.4; Newcombe 1998. Overlapping samples need their covariance.

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
    need_numbers(waves, ["value", "n_eff"], metric="wave_changes")
    known = {*RECORD, *BASE, *(s for names in SHARES.values() for s in names), wave}
    keys = [c for c in waves.columns if c not in known]
    ordered = waves.sort_values([*keys, wave], ignore_index=True)
    before = ordered.groupby(keys, dropna=False).shift(1)
    out = ordered[[*keys, wave]].assign(before=before[wave])
    shared = _correlations(ordered, keys, wave, panel)
    pairs = [_change(ordered.iloc[i], before.iloc[i], level, shared[i]) for i in range(len(ordered))]
    frame = pd.DataFrame(pairs, columns=["value", "lower", "upper"], index=ordered.index, dtype="float64")
    out["value"], out["unit"] = frame["value"], "pp"
    out["status"] = np.where(frame["value"].notna(), str(Status.OK), str(Status.MISSING))
    out["numerator"], out["denominator"] = ordered["value"], before["value"].astype("float64")
    out["n"], out["note"] = ordered["n"], ""
    out["lower"], out["upper"] = frame["lower"], frame["upper"]
    out["significant"] = (frame["lower"] > 0) | (frame["upper"] < 0)
    return out


def _change(
    now: pd.Series, before: pd.Series, level: float, correlation: float
) -> tuple[float, float, float]:
    if pd.isna(now["value"]) or pd.isna(before["value"]):
        return math.nan, math.nan, math.nan
    change = float(now["value"] - before["value"])
    if now["unit"] == "fraction":
        ends = difference_interval(
            now["value"], now["n_eff"], before["value"], before["n_eff"], level=level, correlation=correlation
        )
        return change, *ends
    absent = [c for c in ("promoters", "detractors") if c not in now]
    if absent:
        raise MetricError(
            ("wave_changes 只比较比例与净推荐值", "wave_changes compares shares and net promoter scores"),
            found=str(now["unit"]),
            expected=(
                "fraction，或有 promoters、detractors 两列",
                "fraction, or the columns promoters and detractors",
            ),
        )
    error, earlier = (nps_error(w["promoters"], w["detractors"], w["n_eff"]) for w in (now, before))
    half = normal_quantile(level) * combined_error(error, earlier, correlation)
    return change, change - half, change + half


def _correlations(
    ordered: pd.DataFrame, keys: Sequence[str], wave: str, panel: pd.DataFrame | None
) -> list[float]:
    """How each figure correlates with that of the wave before through the people who answered both times."""
    if panel is None:
        return [0.0] * len(ordered)
    need_columns(panel, ["respondent", wave, *keys], metric="wave_changes (panel)")
    rows = panel.reset_index(drop=True)
    five, ten = five_point(rows), ten_point(rows)
    answers = rows[[*keys, wave, "respondent"]].assign(
        fraction=(five >= 4).astype("float64").where(five.notna()),  # by the unit of T2B and of NPS
        pp=((ten >= 9) * 1.0 - (ten <= 6) * 1.0).where(ten.notna()),
        w=respondent_weights(rows),
    )
    shares = []
    for i in range(len(ordered)):
        here, there = ordered.iloc[i], ordered.iloc[i - 1]
        same = i > 0 and bool((here[list(keys)] == there[list(keys)]).all())
        waves = [_away(answers, w, keys, wave) for w in (here, there)] if same else []
        shares.append(_overlap(*waves) if waves else 0.0)
    return shares


def _away(answers: pd.DataFrame, figure: pd.Series, keys: Sequence[str], wave: str) -> pd.Series:
    """Each respondent's weighted distance from the figure of a wave."""
    mine = np.logical_and.reduce([(answers[k] == figure[k]).to_numpy(dtype=bool) for k in (*keys, wave)])
    rows = answers[mine].dropna(subset=[figure["unit"], "w"])
    away: pd.Series = (rows[figure["unit"]] - figure["value"]) * rows["w"]
    summed: pd.Series = away.groupby(rows["respondent"]).sum()
    return summed


def _overlap(now: pd.Series, before: pd.Series) -> float:
    size = math.sqrt(float((now**2).sum()) * float((before**2).sum()))
    return float((now * before).sum()) / size if size > 0 else 0.0  # only who answered both times pairs up
