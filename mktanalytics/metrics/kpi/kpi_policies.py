"""Policies around a score: targets changed mid-period, joiners and leavers, roll-ups, halves and the year."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status, need_columns, need_numbers

SHORTEST = 3.0  # months in the post below which nobody is graded (methods 5.3 [choice])


@checked
def prorated_target(parts: Sequence[tuple[float, float]], *, flow: bool = True) -> Figure:
    """One target out of several that were in force one after the other, by the months each was in force.

    Parameters
    ----------
    parts : (target, months in force). For a flow each target is that of the *whole* period (a year's
        target in force for 4 of 12 months counts a third); for a rate it is a level.
    flow : named for the note only: both are the mean weighted by months.

    Returns
    -------
    Figure
        The weighted target; numerator Σ target × months, denominator months; the note shows every part.

    Raises
    ------
    MetricError
        No part, or a number of months that isn't above 0.

    Source
    ------
    methods 5.3: "pro-rate by months in force and show both".

    Examples
    --------
    >>> prorated_target([(1200e4, 4), (1500e4, 8)]).value  # 全年目标 5 月起由 1200 万调到 1500 万
    14000000.0
    """
    if not parts or any(not m > 0 for _, m in parts):
        raise MetricError(
            ("目标须注明生效月数", "targets need the months they were in force"), found=str(list(parts))
        )
    top, months = math.fsum(t * m for t, m in parts), math.fsum(m for _, m in parts)
    note = say("prorated", "、".join(f"{t:g}×{m:g}" for t, m in parts))
    return Figure(top / months, "", numerator=top, denominator=months, n=len(parts), note=note)


@checked
def months_in_post(start: dt.date | None, end: dt.date | None, first: dt.date, last: dt.date) -> float:
    """Months of [first, last] in which somebody held a post, part months by their days.

    Parameters
    ----------
    start, end : first and last day in the post; None where it was held before, or is held still.
    first, last : first and last day of the period.

    Source
    ------
    methods 5.3.

    Examples
    --------
    >>> months_in_post(dt.date(2026, 9, 16), None, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    3.5
    """
    begin = max(_date(start or first), _date(first))
    finish = min(_date(end or last), _date(last))
    months = pd.period_range(first, last, freq="M")
    days = ((min(m.end_time.date(), finish) - max(m.start_time.date(), begin)).days + 1 for m in months)
    return math.fsum(max(d, 0) / m.days_in_month for d, m in zip(days, months, strict=True))


def _date(day: dt.date) -> dt.date:
    return (
        day.date() if isinstance(day, dt.datetime) else day
    )  # a Timestamp is a date too, but compares with none


@checked
def time_weighted_score(parts: Sequence[tuple[float, float]], *, shortest: float = SHORTEST) -> Figure:
    """The score of somebody who held several posts, or one for part of the period, by months in each.

    Parameters
    ----------
    parts : (score, months in that post). A missing score leaves its months out.
    shortest : months in all below which no score is given.

    Source
    ------
    methods 5.3: time-weight joiners and leavers; under three months not graded [choice].

    Examples
    --------
    >>> time_weighted_score([(92.0, 4.0), (86.0, 8.0)]).value
    88.0
    >>> time_weighted_score([(95.0, 2.5)]).status.value
    'na_incomplete_period'
    """
    known = [(s, m) for s, m in parts if not math.isnan(s) and m > 0]
    months = math.fsum(m for _, m in known)
    if not known:
        return Figure(None, "score", Status.MISSING)
    if months < shortest:
        note = say("short_post", f"{months:g}", f"{shortest:g}")
        return Figure(None, "score", Status.INCOMPLETE_PERIOD, denominator=months, note=note)
    top = math.fsum(s * m for s, m in known)
    return Figure(top / months, "score", Status.OK, top, months, len(known), say("by_post"))


@checked
def weighted_rollup(scores: pd.DataFrame, *, to: str, weight: str, value: str = "value") -> pd.DataFrame:
    """Scores of members averaged into the team above by a *declared* weight, the other way beside recomputing.

    Parameters
    ----------
    scores : columns `to` (the team), `value` (score), `weight` (such as headcount or target, not negative).
        To recompute instead, run `scorecard` on targets and data of the team itself.

    Returns
    -------
    DataFrame
        One row a team: `to` and `RECORD` (numerator Σ w·s, denominator Σ w, n members). A team with a
        member whose score or weight is missing is `na_missing`: the members left would be another team.

    Raises
    ------
    MetricError
        A column is missing, or a weight is negative.

    Source
    ------
    methods 5.3: "never average averages silently".

    Examples
    --------
    >>> people = pd.DataFrame({"region": "华东", "value": [90.0, 80.0], "headcount": [1, 3]})
    >>> weighted_rollup(people, to="region", weight="headcount")["value"].tolist()
    [82.5]
    """
    need_columns(scores, [to, value, weight], metric="weighted_rollup")
    need_numbers(scores, [value, weight], metric="weighted_rollup")
    if (scores[weight] < 0).any():
        raise MetricError(
            ("权重为负", "a weight is negative"), todo=(f"改正 {weight} 列", f"mend the column {weight}")
        )
    parts = scores.assign(
        _top=scores[value].astype("float64") * scores[weight].astype("float64"),
        **{weight: scores[weight].astype("float64")},
        _gone=scores[value].isna() | scores[weight].isna(),
    )
    sums = parts.groupby(to, as_index=False).agg(
        numerator=("_top", "sum"), denominator=(weight, "sum"), n=("_top", "count"), gone=("_gone", "sum")
    )
    ok = (sums["gone"] == 0) & (sums["denominator"] > 0)
    out = sums[[to]].assign(value=(sums["numerator"] / sums["denominator"]).where(ok), unit="score")
    out["status"] = pd.array([str(Status.OK if x else Status.MISSING) for x in ok], dtype="str")
    out["numerator"], out["denominator"] = (
        sums["numerator"].where(ok),
        sums["denominator"].astype("float64").where(ok),
    )
    out["n"] = sums["n"].astype("Int64")
    note = [say("weighted_by", weight) if g == 0 else say("members_gone", g) for g in sums["gone"]]
    return out.assign(note=pd.array(note, dtype="str"))


@checked
def year_beside_halves(year: float, halves: Sequence[float]) -> Figure:
    """The year as recomputed from its twelve months, with what the mean of the halves would have been.

    Parameters
    ----------
    year : score or rate of `scorecard(..., scope="year")`. halves : those of the two halves.

    Returns
    -------
    Figure
        value the recomputed year, numerator the mean of the halves; the note names the difference.

    Source
    ------
    methods 5.3: a mean of halves is policy, not arithmetic.

    Examples
    --------
    >>> year_beside_halves(91.2, [88.0, 96.0]).note
    '按 12 个月重算，两个半年平均为 92，相差 -0.8'
    """
    if math.isnan(year) or len(halves) != 2 or any(map(math.isnan, halves)):
        return Figure(None, "score", Status.MISSING, note=say("halves_gone"))
    mean = math.fsum(halves) / 2
    note = say("halves", f"{mean:.4g}", f"{year - mean:+.2g}")
    return Figure(year, "score", Status.OK, mean, note=note)
