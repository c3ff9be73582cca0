"""Sales funnel (销售漏斗): conversion by cohort, what went another way through it, win rate (methods 8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.result import need_columns, need_numbers, ratio_frame
from mktanalytics.metrics.survey.precision import wilson_interval

OUTCOMES = ("won", "lost", "open")


@checked
def funnel_conversion(
    entries: pd.DataFrame, stages: Sequence[str], *, key: str = "opportunity", level: float = 0.95
) -> pd.DataFrame:
    """Of those who entered a stage in a month, how many ever reached the next: by cohort, never wins over leads of a month.

    Parameters
    ----------
    entries : DataFrame
        `key`, stage, date: a row for each time an opportunity entered a stage; its first entry counts.
    stages : names of stages, first to last
        A stage reached counts for all before it that were skipped, on the day it was reached.
    key : str
        What goes through the funnel.
    level : float
        Of the intervals.

    Returns
    -------
    DataFrame
        cohort (month of entering stage), stage, next_stage, record columns: value (fraction) = reached / entered, n; low,
        high (Wilson). Recent cohorts can still convert: the later they are, the lower.

    Raises
    ------
    MetricError
        A column is missing, there is one stage only, or a stage isn't one of `stages`.

    Source
    ------
    Methods 8.3; Wilson 1927.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = pd.DataFrame({"opportunity": [1, 2, 3, 1, 2], "stage": ["线索"] * 3 + ["商机"] * 2,
    ...     "date": pd.to_datetime(["2026-09-03", "2026-09-08", "2026-09-21", "2026-09-28", "2026-10-15"])})
    >>> funnel_conversion(entries, ["线索", "商机"])[["cohort", "stage", "next_stage", "numerator", "n"]]
          cohort stage next_stage  numerator  n
    0 2026-09-01    线索         商机        2.0  3
    """
    dated = _dated(entries, stages, key, "funnel_conversion")
    if len(stages) < 2:
        raise MetricError(("漏斗至少两个阶段", "a funnel has two stages or more"), found=", ".join(stages))
    entered = (
        dated.groupby([key, "stage"])["date"]
        .min()
        .unstack()
        .reindex(columns=list(stages))
        .astype("datetime64[us]")
    )
    for stage, following in reversed(list(pairwise(stages))):  # a stage skipped was entered with the next
        entered[stage] = entered[[stage, following]].min(axis=1)
    counts = pd.concat([_step(entered, *step) for step in pairwise(stages)], ignore_index=True)
    out = ratio_frame(
        counts[["cohort", "stage", "next_stage"]], counts["reached"], counts["n"], n=counts["n"]
    )
    return _with_interval(out, counts["n"], level)


def _dated(entries: pd.DataFrame, stages: Sequence[str], key: str, metric: str) -> pd.DataFrame:
    """The entries with their dates as timestamps; every stage is one of those named."""
    need_columns(entries, [key, "stage", "date"], metric=metric)
    unknown = sorted({str(s) for s in entries["stage"].dropna()} - set(stages))
    if unknown:
        raise MetricError(
            ("未知的阶段", "unknown stages"), found=", ".join(unknown), expected=", ".join(stages)
        )
    return entries.assign(date=stamps(entries["date"]))


def _with_interval(shares: pd.DataFrame, base: pd.Series, level: float) -> pd.DataFrame:
    """Shares with low and high: Wilson's interval on their base."""
    bounds = [wilson_interval(v, n, level=level) for v, n in zip(shares["value"], base, strict=True)]
    return shares.assign(low=[b[0] for b in bounds], high=[b[1] for b in bounds])


def _step(entered: pd.DataFrame, stage: str, following: str) -> pd.DataFrame:
    cohort = entered[stage].dt.to_period("M").dt.to_timestamp()
    reached = entered[following].notna().groupby(cohort)
    out = pd.DataFrame({"reached": reached.sum().astype("float64"), "n": reached.size().astype("int64")})
    return out.rename_axis("cohort").reset_index().assign(stage=stage, next_stage=following)


@checked
def funnel_detours(entries: pd.DataFrame, stages: Sequence[str], *, key: str = "opportunity") -> pd.DataFrame:
    """The log of what `funnel_conversion` smooths: stages skipped, and stages entered again or backwards.

    Parameters
    ----------
    entries : DataFrame
        `key`, stage, date: as for `funnel_conversion`.
    stages : names of stages, first to last
    key : str
        What goes through the funnel.

    Returns
    -------
    DataFrame
        `key`, kind ("skipped": a later stage was entered, this one never; "back": entered after this stage or a later one
        had been), stage, date (skipped: of the first later stage); by `key`, then date.

    Raises
    ------
    MetricError
        A column is missing, or a stage isn't one of `stages`.

    Source
    ------
    Methods 8.3.

    Examples
    --------
    >>> import pandas as pd
    >>> entries = pd.DataFrame({"opportunity": [1, 1, 1], "stage": ["线索", "方案", "线索"],
    ...     "date": pd.to_datetime(["2026-09-03", "2026-09-28", "2026-10-15"])})
    >>> funnel_detours(entries, ["线索", "商机", "方案"])
       opportunity     kind stage       date
    0            1  skipped    商机 2026-09-28
    1            1     back    线索 2026-10-15
    """
    dated = _dated(entries, stages, key, "funnel_detours").dropna(subset=[key, "stage", "date"])
    order = {stage: i for i, stage in enumerate(stages)}
    rows = dated.assign(_place=dated["stage"].map(order).astype("float64")).sort_values(
        [key, "date", "_place"], kind="stable"
    )
    furthest = rows.groupby(key)["_place"].cummax().groupby(rows[key]).shift()
    back = rows[rows["_place"] <= furthest].assign(kind="back")
    first = rows.groupby([key, "_place"])["date"].min().unstack().reindex(columns=range(len(stages)))
    skipped = [
        (who, "skipped", stages[place], later)
        for place in range(len(stages) - 1)
        for who, later in first.loc[first[place].isna(), range(place + 1, len(stages))].min(axis=1).items()
        if pd.notna(later)
    ]
    columns = [key, "kind", "stage", "date"]
    frames = [back[columns], pd.DataFrame(skipped, columns=columns)]
    out = pd.concat([f for f in frames if len(f)] or [back[columns]], ignore_index=True)
    places = out["stage"].map(order)
    return out.assign(_place=places).sort_values([key, "date", "_place"], ignore_index=True)[columns]


@checked
def win_rate(deals: pd.DataFrame, *, by: str, measure: str = "", level: float = 0.95) -> pd.DataFrame:
    """赢单率: won over won and lost, by count or by value; open deals don't count.

    Parameters
    ----------
    deals : DataFrame
        `by`, outcome (won, lost or open) and, by value, `measure`.
    by : str
        A dimension, such as a team.
    measure : str
        A column of values; "" counts deals.
    level : float
        Of the intervals.

    Returns
    -------
    DataFrame
        `by`, record columns: value (fraction), n (deals decided); nothing decided is `na_zero_base`. low, high
        (Wilson; by value there is none).

    Raises
    ------
    MetricError
        A column is missing, or an outcome is unknown.

    Source
    ------
    Methods 8.3.

    Examples
    --------
    >>> import pandas as pd
    >>> deals = pd.DataFrame({"team": ["华东"] * 4, "outcome": ["won", "lost", "won", "open"]})
    >>> win_rate(deals, by="team")[["team", "value", "n"]].round(3)
      team  value  n
    0   华东  0.667  3
    """
    need_columns(deals, [by, "outcome", *([measure] if measure else [])], metric="win_rate")
    unknown = sorted({str(o) for o in deals["outcome"].dropna()} - set(OUTCOMES))
    if unknown:
        raise MetricError(
            ("未知的结果", "unknown outcomes"),
            found=", ".join(map(str, unknown)),
            expected=", ".join(OUTCOMES),
        )
    if measure:
        need_numbers(deals, [measure], metric="win_rate")
    worth = deals[measure].astype("float64") if measure else pd.Series(1.0, index=deals.index)
    decided = deals["outcome"].isin(["won", "lost"])
    sums = pd.DataFrame(
        {
            "won": worth.where(deals["outcome"] == "won", 0.0),
            "decided": worth.where(decided, 0.0),
            "n": decided.astype("int64"),
        }
    )
    sums = sums.groupby(deals[by], dropna=False).sum().reset_index()
    out = ratio_frame(sums[[by]], sums["won"], sums["decided"], n=sums["n"])
    return _with_interval(out, pd.Series(float("nan"), out.index) if measure else sums["n"], level)
