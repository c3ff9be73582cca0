"""Sales funnel (销售漏斗): conversion by cohort, win rate, time to win, velocity, weighted pipeline (methods 8.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import DayLike, day, stamps
from mktanalytics.metrics.result import Figure, Status, need_columns, need_numbers, ratio_frame
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
    need_columns(entries, [key, "stage", "date"], metric="funnel_conversion")
    unknown = sorted({str(s) for s in entries["stage"].dropna()} - set(stages))
    if unknown:
        raise MetricError(
            ("未知的阶段", "unknown stages"), found=", ".join(map(str, unknown)), expected=", ".join(stages)
        )
    if len(stages) < 2:
        raise MetricError(("漏斗至少两个阶段", "a funnel has two stages or more"), found=", ".join(stages))
    dated = entries.assign(date=stamps(entries["date"]))
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


@checked
def time_to_win(deals: pd.DataFrame, as_of: DayLike) -> pd.DataFrame:
    """How likely a deal is won within so many days: Kaplan-Meier, deals open or lost are censored.

    Parameters
    ----------
    deals : DataFrame
        opened, closed (missing while open), outcome (won, lost or open).
    as_of : date
        Until when open deals were watched.

    Returns
    -------
    DataFrame
        days, won (fraction won within them), at_risk (deals still undecided just before). Empty where nothing was won.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Kaplan & Meier 1958; statsmodels `SurvfuncRight`; methods 8.3.

    Examples
    --------
    >>> import pandas as pd
    >>> deals = pd.DataFrame({"opened": pd.to_datetime(["2026-09-01"] * 3), "outcome": ["won", "won", "open"],
    ...     "closed": pd.to_datetime(["2026-09-11", "2026-09-21", None])})
    >>> time_to_win(deals, "2026-10-01")[["days", "won", "at_risk"]].round(3)
       days    won  at_risk
    0  10.0  0.333        3
    1  20.0  0.667        2
    """
    need_columns(deals, ["opened", "closed", "outcome"], metric="time_to_win")
    end = stamps(deals["closed"]).fillna(day(as_of))
    days = (end - stamps(deals["opened"])).dt.days.astype("float64")
    won = deals["outcome"] == "won"
    if not won.any():
        return pd.DataFrame(
            {"days": pd.Series(dtype="float64"), "won": [], "at_risk": pd.Series(dtype="int64")}
        )
    curve = SurvfuncRight(days.to_numpy(), won.to_numpy(dtype="int64"))
    return pd.DataFrame(
        {"days": curve.surv_times, "won": 1 - curve.surv_prob, "at_risk": curve.n_risk.astype("int64")}
    )


@checked
def sales_velocity(opportunities: float, win_rate: float, deal_size: float, cycle_days: float) -> Figure:
    """Money won a day: opportunities × win rate × deal size / days of a cycle.

    Parameters
    ----------
    opportunities : open ones. win_rate : fraction. deal_size : money a deal won. cycle_days : days from opening to won.

    Returns
    -------
    Figure
        money a day. It is inverse in the days: 20 % fewer give 25 % more. A cycle of 0 days is `na_zero_base`.

    Source
    ------
    Methods 8.3.

    Examples
    --------
    >>> sales_velocity(50, 0.2, 30_000, 60).value
    5000.0
    """
    won = opportunities * win_rate * deal_size
    if math.isnan(won) or math.isnan(cycle_days):
        return Figure(None, "money/day", Status.MISSING)
    if not cycle_days > 0:
        return Figure(None, "money/day", Status.ZERO_BASE, won, cycle_days)
    return Figure(won / cycle_days, "money/day", numerator=won, denominator=cycle_days)


@checked
def weighted_pipeline(deals: pd.DataFrame, probability: Mapping[str, float]) -> pd.DataFrame:
    """加权商机额: the value of open deals × the probability their stage had in the past.

    Parameters
    ----------
    deals : DataFrame
        stage, value (money), outcome; only open deals count.
    probability : stage → fraction won, from history
        Print it beside the figure.

    Returns
    -------
    DataFrame
        stage, deals, value (money), probability, weighted (money).

    Raises
    ------
    MetricError
        A column is missing, or a stage of an open deal has no probability within 0 and 1.

    Source
    ------
    Methods 8.3.

    Examples
    --------
    >>> import pandas as pd
    >>> deals = pd.DataFrame({"stage": ["方案", "方案", "签约"], "value": [100.0, 50.0, 80.0], "outcome": "open"})
    >>> weighted_pipeline(deals, {"方案": 0.3, "签约": 0.8})
      stage  deals  value  probability  weighted
    0    方案      2  150.0          0.3      45.0
    1    签约      1   80.0          0.8      64.0
    """
    need_columns(deals, ["stage", "value", "outcome"], metric="weighted_pipeline")
    need_numbers(deals, ["value"], metric="weighted_pipeline")
    still = deals[deals["outcome"] == "open"].groupby("stage", dropna=False)["value"]
    out = pd.DataFrame({"deals": still.size(), "value": still.sum(min_count=1)}).reset_index()
    odds = [probability.get(stage, np.nan) for stage in out["stage"]]
    wrong = [s for s, p in zip(out["stage"], odds, strict=True) if not 0 <= p <= 1]
    if wrong:
        raise MetricError(
            ("有阶段没有概率", "stages without a probability"),
            found=", ".join(map(str, wrong)),
            expected="0-1",
        )
    return out.assign(probability=odds, weighted=out["value"] * np.array(odds))
