"""Which channel does more: refused on thin data, with what it would take to know (methods 4.8)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._plain import need_one_kind
from mktanalytics.metrics.budget.response import Array
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import RECORD, Status, need_columns, need_numbers

REFUSAL = "数据不足以区分渠道效果"


REFUSAL_EN = "The data are not enough to tell the channels' effects apart"


# Meridian's guide: 4 points per estimated effect are too few, about 15 "maybe some direction"
POINTS_PER_EFFECT = 15


SEASON_TERMS = 4  # two pairs of harmonics


@checked
def channel_effects(
    data: pd.DataFrame,
    channels: Sequence[str],
    *,
    outcome: str = "amount",
    region: str = "",
    language: str = "zh",
) -> pd.DataFrame:
    """Each channel's effect per CNY with its interval, ranked only where the data can tell them apart.

    Parameters
    ----------
    data : month, `outcome` (CNY), one column of spend (CNY) per channel, and `region` where several are pooled.
    channels : the spend columns.

    Returns
    -------
    channel, low, high (95% interval), rank (Int64), and the record columns (value: CNY of `outcome` per CNY,
    n: points). With fewer than 15 points per estimated effect every value is `suppressed_small_base`; where
    intervals overlap there is no rank. Both say 数据不足以区分渠道效果. No allocation is ever derived from it.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.8; Meridian, amount of data needed; Jin et al. 2017; Chan & Perry 2017: correlational
    unless spend varied for reasons unrelated to demand.

    Examples
    --------
    >>> m = pd.date_range("2024-01-01", periods=24, freq="MS")
    >>> d = pd.DataFrame({"month": m, "amount": 100.0, "抖音": range(24), "电梯": range(24, 0, -1)})
    >>> channel_effects(d, ["抖音", "电梯"])[["status", "note"]].values.tolist()[0]
    ['suppressed_small_base', '数据不足以区分渠道效果（24 个点，8 个参数，需 120 个点）']
    """
    names = list(channels)
    need_columns(data, ["month", outcome, *names, *([region] if region else [])], metric="channel_effects")
    need_numbers(data, [outcome, *names], metric="channel_effects")
    need_one_kind(data, ["month"], metric="channel_effects")
    currency_of(data)
    rows = data.dropna(subset=[outcome, *names]).sort_values(["month", *([region] if region else [])])
    groups = rows[region].nunique() if region else 1
    effects, n = len(names) + 1 + SEASON_TERMS + groups, len(rows)
    enough = effects * POINTS_PER_EFFECT
    sentence = REFUSAL if language == "zh" else REFUSAL_EN
    if n < enough:
        why = (
            f"{sentence}（{n} 个点，{effects} 个参数，需 {enough} 个点）"
            if language == "zh"
            else f"{sentence} ({n} points, {effects} effects, {enough} needed)"
        )
        return _effects_frame(
            names, np.full((len(names), 3), np.nan), [None] * len(names), Status.SMALL_BASE, n, why
        )
    fitted = _regress(rows, names, outcome, region)
    interval = np.asarray(fitted.conf_int(0.05))[: len(names)]
    values = np.column_stack([interval[:, 0], np.asarray(fitted.params)[: len(names)], interval[:, 1]])
    order = np.argsort(-values[:, 1])
    apart = bool(np.isfinite(values).all()) and all(
        values[a, 0] > values[b, 2] for a, b in itertools.pairwise(order)
    )
    ranks: list[int | None] = [None] * len(names)
    if apart:
        for place, i in enumerate(order, 1):
            ranks[i] = place
    caution = "相关关系，非因果" if language == "zh" else "a correlation, not a cause"
    return _effects_frame(names, values, ranks, Status.OK, n, caution if apart else f"{sentence}；{caution}")


def _regress(rows: pd.DataFrame, names: list[str], outcome: str, region: str):  # type: ignore[no-untyped-def]
    month = pd.DatetimeIndex(rows["month"])
    t = (month.year * 12 + month.month).to_numpy(dtype="float64")
    x = rows[names].to_numpy(dtype="float64")
    season = [f(2 * np.pi * k * t / 12) for k in range(1, SEASON_TERMS // 2 + 1) for f in (np.sin, np.cos)]
    levels = pd.get_dummies(rows[region], dtype="float64").to_numpy() if region else np.ones((len(rows), 1))
    design = np.column_stack([x, t - t.mean(), *season, levels])
    return sm.OLS(rows[outcome].to_numpy(dtype="float64"), design).fit(cov_type="HC3")


def _effects_frame(
    names: list[str], values: Array, ranks: list[int | None], status: Status, n: int, note: str
) -> pd.DataFrame:
    out = pd.DataFrame({"channel": pd.Series(names, dtype="str"), "low": values[:, 0], "high": values[:, 2]})
    out["rank"] = pd.array(ranks, dtype="Int64")
    out["value"], out["unit"], out["status"] = values[:, 1], "ratio", str(status)
    out["numerator"], out["denominator"] = np.nan, np.nan
    out["n"] = pd.array([n] * len(names), dtype="Int64")
    out["note"] = pd.Series([note] * len(names), dtype="str")
    return out[["channel", "low", "high", "rank", *RECORD]]
