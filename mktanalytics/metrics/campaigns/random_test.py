"""Random tests (A/B, regions by lot): the difference of each arm from control, and what it is worth (methods 8.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import bootstrap, dunnett
from statsmodels.stats.proportion import test_proportions_2indep as two_shares

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers
from mktanalytics.metrics.survey.precision import difference_interval

RESAMPLES = 9_999
SEED = 20_080_320  # fixed: the same data give the same interval


@checked
def conversion_lift(arms: pd.DataFrame, control: str, *, level: float = 0.95) -> pd.DataFrame:
    """Conversion of each arm less that of control, with the interval of the difference.

    Parameters
    ----------
    arms : DataFrame
        arm, n (people drawn into it, reached or not), conversions.
    control : str
        The arm nothing was done to.
    level : float
        Of all intervals together: with several arms each is widened (Bonferroni).

    Returns
    -------
    DataFrame
        arm, n, share, difference, low, high (fractions), p (two-sided, × the number of comparisons), incremental
        (conversions beyond what control's share gives).

    Raises
    ------
    MetricError
        A column is missing, control isn't one of the arms, or an arm stands there twice or without people.

    Source
    ------
    Newcombe 1998; statsmodels `test_proportions_2indep` (score test: the pooled z test); methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> arms = pd.DataFrame({"arm": ["无邮件", "男装邮件"], "n": [21306, 21307], "conversions": [122, 267]})
    >>> conversion_lift(arms, "无邮件")[["arm", "difference", "low", "high"]].round(4)
        arm  difference    low    high
    0  男装邮件      0.0068  0.005  0.0086
    """
    need_columns(arms, ["arm", "n", "conversions"], metric="conversion_lift")
    need_numbers(arms, ["n", "conversions"], metric="conversion_lift")
    arms = arms.astype({"n": "float64", "conversions": "float64"})
    usual, drawn = _control(arms, control)
    others = arms[arms["arm"] != control]
    tests = max(len(others), 1)
    rows = [
        (arm, size, *_lift(float(count), float(size), usual, drawn, tests, level))
        for arm, size, count in zip(others["arm"], others["n"], others["conversions"], strict=True)
    ]
    columns = ["arm", "n", "share", "difference", "low", "high", "p", "incremental"]
    return pd.DataFrame(rows, columns=columns)


def _control(arms: pd.DataFrame, control: str) -> tuple[float, float]:
    """Conversions and people of the control arm."""
    base = arms[arms["arm"] == control]
    if len(base) != 1 or arms["arm"].duplicated().any() or not (arms["n"] > 0).all():
        raise MetricError(
            (
                "每组须有一行且人数大于0，对照组在其中",
                "arms need one row each, with people, control among them",
            ),
            found=", ".join(f"{arm} (n = {n})" for arm, n in zip(arms["arm"], arms["n"], strict=True)),
            expected=control,
        )
    return float(base["conversions"].iloc[0]), float(base["n"].iloc[0])


def _lift(
    count: float, size: float, usual: float, drawn: float, tests: int, level: float
) -> tuple[float, float, float, float, float, float]:
    share, before = count / size, usual / drawn
    low, high = difference_interval(share, size, before, drawn, level=1 - (1 - level) / tests)
    # pooled, without the factor n/(n - 1): the z test of the textbooks, and of the columns of a cross table
    p = float(two_shares(count, size, usual, drawn, method="score", correction=False).pvalue)
    return share, share - before, low, high, min(1.0, p * tests), (share - before) * size


@checked
def mean_lift(treated: Sequence[float], control: Sequence[float], *, level: float = 0.95) -> dict[str, float]:
    """Mean spend of those treated less that of control, with a bootstrap interval: spend has a heavy tail.

    Parameters
    ----------
    treated, control : one value a person, those who bought nothing as 0.
    level : such as 0.95.

    Returns
    -------
    dict
        difference, low, high (in the unit of the values), n, n_control. The interval is percentile bootstrap, resampled
        9,999 times with a fixed seed.

    Raises
    ------
    MetricError
        An arm has fewer than two people, or a value is missing.

    Source
    ------
    Efron & Tibshirani 1993; scipy `bootstrap`; methods 8.4.

    Examples
    --------
    >>> out = mean_lift([120.0, 80.0, 100.0, 110.0], [90.0, 70.0, 80.0, 85.0])
    >>> out["difference"], out["low"] > 0
    (21.25, True)
    """
    arms = [np.asarray(values, dtype="float64") for values in (treated, control)]
    if any(len(a) < 2 or np.isnan(a).any() for a in arms):
        raise MetricError(
            ("每组至少两人，且都有数值", "each arm needs two people or more, all with a value"),
            found=str([len(a) for a in arms]),
        )
    found = bootstrap(
        arms,
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="percentile",
        vectorized=True,
        batch=200,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    difference = float(arms[0].mean() - arms[1].mean())
    sizes = {"n": float(len(arms[0])), "n_control": float(len(arms[1]))}
    return {"difference": difference, "low": float(found.low), "high": float(found.high), **sizes}


@checked
def mean_lifts(
    people: pd.DataFrame, control: str, *, arm: str = "arm", value: str = "value", level: float = 0.95
) -> pd.DataFrame:
    """Mean spend of each of several arms less that of control, all intervals together at one level (Dunnett).

    Parameters
    ----------
    people : DataFrame
        `arm`, `value`: a row a person, those who bought nothing as 0.
    control : str
        The arm nothing was done to.
    arm, value : str
        Columns.
    level : float
        Of all intervals together.

    Returns
    -------
    DataFrame
        arm, n, mean, difference, low, high (in the unit of `value`), p (two-sided, of all comparisons together); arms in
        their order. It takes equal spread in all arms: where few buy much, `mean_lift` is the more careful one.

    Raises
    ------
    MetricError
        A column is missing, control isn't one of the arms, there is no other, an arm has fewer than two people, or the
        level isn't between 0 and 1.

    Source
    ------
    Dunnett 1955; scipy `dunnett`; methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"arm": ["对照"] * 4 + ["短信"] * 4 + ["直播"] * 4,
    ...     "value": [70.0, 80.0, 75.0, 85.0, 72.0, 84.0, 79.0, 86.0, 101.0, 94.0, 98.0, 103.0]})
    >>> mean_lifts(people, "对照")[["arm", "n", "difference", "p"]].round(2)
      arm  n  difference     p
    0  直播  4       21.50  0.00
    1  短信  4        2.75  0.72
    """
    need_columns(people, [arm, value], metric="mean_lifts")
    need_numbers(people, [value], metric="mean_lifts")
    known = people.dropna(subset=[arm, value])
    arms = {str(name): group.to_numpy(dtype="float64") for name, group in known.groupby(arm)[value]}
    others = [name for name in arms if name != control]
    if control not in arms or not others or min(map(len, arms.values())) < 2:
        raise MetricError(
            (
                "每组至少两人，对照组在其中，另有一组以上",
                "arms need two people each, control among them and another beside it",
            ),
            found=", ".join(f"{name} (n = {len(values)})" for name, values in arms.items()),
            expected=control,
        )
    if not 0 < level < 1:
        raise MetricError(
            ("置信水平须在0和1之间", "a level lies between 0 and 1"), found=str(level), expected="0.95"
        )
    found = dunnett(*(arms[name] for name in others), control=arms[control], rng=np.random.default_rng(SEED))
    ends = found.confidence_interval(level)
    means = np.array([arms[name].mean() for name in others])
    return pd.DataFrame(
        {
            "arm": others, "n": [len(arms[name]) for name in others], "mean": means,
            "difference": means - arms[control].mean(), "low": ends.low, "high": ends.high, "p": found.pvalue,
        }
    )  # fmt: skip


@checked
def incremental_value(incremental: float, margin: float, cost: float) -> dict[str, float]:
    """What a test was worth: incremental units × margin - cost.

    Parameters
    ----------
    incremental : units (or orders) beyond control. margin : contribution a unit, money. cost : of the campaign, money.

    Returns
    -------
    dict
        contribution, cost, value (money).

    Source
    ------
    Farris et al., Marketing Metrics, ch. 10; methods 8.4.

    Examples
    --------
    >>> incremental_value(145.0, 60.0, 5000.0)["value"]
    3700.0
    """
    return {"contribution": incremental * margin, "cost": cost, "value": incremental * margin - cost}
