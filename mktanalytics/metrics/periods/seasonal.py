"""Seasonal indices: what a month usually is to its year (methods 2.4)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import month_stamp
from mktanalytics.metrics._spans import monthly
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, need_known, record_frame

ENOUGH, LEAST = 36, 24  # months: to say anything; to have an index at all


@checked
def seasonal_indices(
    frame: pd.DataFrame,
    *,
    measure: str = "amount",
    model: Literal["multiplicative", "additive"] = "multiplicative",
) -> pd.DataFrame:
    """季节指数 of the twelve calendar months by classical decomposition: month over its centred 2x12 moving average.

    Parameters
    ----------
    frame : DataFrame
        month, `measure`: a tidy table or a roll-up of one.
    measure : str
        A flow.
    model : {"multiplicative", "additive"}
        Ratios to the moving average, with a mean of 1; or differences from it, with a sum of 0.

    Returns
    -------
    DataFrame
        calendar_month (1-12), record columns: value (ratio, or the measure's unit where additive), n (ratios behind
        it). `na_missing` with under 24 months or with a month missing between; `na_nonpositive_base` where a
        month is 0 or below and the model multiplicative. Under 36 months the note says so: each index is one or
        two numbers. January and February carry a warning, for Spring Festival moves between them.

    Raises
    ------
    MetricError
        A column is missing, or the model is unknown.

    Source
    ------
    Classical decomposition (statsmodels seasonal_decompose, R decompose); methods 2.4.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.date_range("2023-01-01", periods=36, freq="MS"), "amount": [120.0, 60.0, *[102.0] * 10] * 3})
    >>> seasonal_indices(sales)["value"].head(3).round(2).tolist()
    [1.2, 0.6, 1.02]
    """
    need_known(model, ("multiplicative", "additive"), ("季节模型", "model"))
    data = monthly(frame, measure, [], metric="seasonal_indices").dropna()
    values = pd.Series(
        data["value"].to_numpy(), index=[month_stamp(int(m)) for m in data["m"]], dtype="float64"
    )
    whole = len(values) >= LEAST and int(data["m"].max() - data["m"].min()) + 1 == len(values)
    positive = model == "additive" or bool((values > 0).all())
    status = Status.MISSING if not whole else Status.OK if positive else Status.NONPOSITIVE_BASE
    notes = [
        "" if whole else say("no_seasons"),
        "" if positive else say("use_additive"),
        say("few_cycles") if whole and len(values) < ENOUGH else "",
    ]
    keys = pd.DataFrame({"calendar_month": range(1, 13)})
    index, count = (
        _indices(values, model) if status is Status.OK else (np.full(12, np.nan), np.zeros(12, dtype=int))
    )
    return record_frame(
        keys,
        value=index,
        unit="ratio"
        if model == "multiplicative"
        else (currency_of(frame, measure=measure).lower() or "units"),
        status=str(status),
        n=count,
        note=[join(*notes, say("holiday_month") if m <= 2 else "") for m in keys["calendar_month"]],
    )


def _indices(values: pd.Series, model: str) -> tuple[np.ndarray, np.ndarray]:
    from statsmodels.tsa.seasonal import seasonal_decompose  # takes a second: only who asks for seasons waits

    found = seasonal_decompose(values, model=model, period=12)
    months = pd.DatetimeIndex(values.index).month
    index = found.seasonal.groupby(months).first().to_numpy(dtype="float64")
    return index, found.trend.groupby(months).count().to_numpy(dtype="int64")
