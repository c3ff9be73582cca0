"""Sales pipeline (商机): time to win, velocity, its weighted value, and whether the weights were right (methods 8.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from statsmodels.duration.survfunc import SurvfuncRight

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import DayLike, day, stamps
from mktanalytics.metrics.channel.funnel import win_rate
from mktanalytics.metrics.result import RECORD, Figure, Status, need_columns, need_numbers


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
    odds = _odds(out["stage"], probability)
    return out.assign(probability=odds, weighted=out["value"] * np.array(odds))


def _odds(stages: pd.Series, probability: Mapping[str, float]) -> list[float]:
    """The probability of each stage."""
    odds = [probability.get(stage, np.nan) for stage in stages]
    wrong = [s for s, p in zip(stages, odds, strict=True) if not 0 <= p <= 1]
    if wrong:
        raise MetricError(
            ("有阶段没有概率", "stages without a probability"),
            found=", ".join(map(str, wrong)),
            expected="0-1",
        )
    return odds


@checked
def pipeline_calibration(
    deals: pd.DataFrame, probability: Mapping[str, float], *, level: float = 0.95
) -> pd.DataFrame:
    """Whether the probabilities of stages were right: of the deals decided since, as many were won as they said.

    Parameters
    ----------
    deals : DataFrame
        stage (where the deal stood when it was weighed), outcome; open ones don't count.
    probability : stage → fraction won
        What was used in `weighted_pipeline`; the value of `win_rate(by="stage")` of *earlier* deals is one.
    level : float
        Of the intervals.

    Returns
    -------
    DataFrame
        stage, record columns: value (fraction won of those decided), n (decided); low, high (Wilson), probability,
        expected (deals won, had it been right), fits (bool: the interval holds the probability; False without deals).

    Raises
    ------
    MetricError
        A column is missing, an outcome is unknown, or a stage has no probability within 0 and 1.

    Source
    ------
    Methods 8.3; Wilson 1927.

    Examples
    --------
    >>> import pandas as pd
    >>> deals = pd.DataFrame({"stage": ["方案"] * 20 + ["签约"] * 10, "outcome": ["won"] * 3 + ["lost"] * 17 + ["won"] * 8 + ["lost"] * 2})
    >>> pipeline_calibration(deals, {"方案": 0.4, "签约": 0.8})[["stage", "value", "probability", "expected", "fits"]]
      stage  value  probability  expected   fits
    0    方案   0.15          0.4       8.0  False
    1    签约   0.80          0.8       8.0   True
    """
    need_columns(deals, ["stage", "outcome"], metric="pipeline_calibration")
    won = win_rate(deals, by="stage", level=level)
    odds = np.array(_odds(won["stage"], probability))
    fits = (won["low"] <= odds) & (odds <= won["high"])
    out = won[["stage", *RECORD, "low", "high"]]
    return out.assign(probability=odds, expected=odds * won["n"].to_numpy(dtype="float64"), fits=fits)
