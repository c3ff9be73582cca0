"""How wrong forecasts were: the seven measures, and methods side by side on rolling origins (methods 9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.forecasting.forecast import METHODS, SEASONAL_FROM, as_series, past_errors
from mktanalytics.metrics.forecasting.forecast_models import YEAR
from mktanalytics.metrics.result import RECORD, Status

Array = npt.NDArray[np.float64]
MEASURES = ("mae", "rmse", "mape", "smape", "mase", "wmape", "bias")


@checked
def accuracy(
    actual: Sequence[float] | Array,
    forecast: Sequence[float] | Array,
    *,
    insample: Sequence[float] | Array | None = None,
    season: int = YEAR,
    unit: str = "cny",
) -> pd.DataFrame:
    """MAE, RMSE, MAPE, sMAPE, MASE, wMAPE and bias of some forecasts.

    Parameters
    ----------
    actual, forecast : equally long, in `unit`. insample : the training history, for the scale of MASE.
    season : lag of the seasonal naive that scales MASE (1: naive).

    Returns
    -------
    One row per measure (column measure) with the record columns. mae, rmse, bias in `unit` (bias = mean
    of actual - forecast); mape, smape, wmape as fractions (sMAPE is mean 2|e| / (|y| + |f|), 0 to 2);
    mase a ratio. MAPE with a zero actual is `na_zero_base`; MASE without enough history `na_missing`,
    with a history that never changes `na_zero_base`.

    Raises
    ------
    MetricError
        The two are not equally long, or empty.

    Source
    ------
    methods 9; Hyndman & Koehler 2006; FPP3 5.8.

    Examples
    --------
    >>> a = accuracy([100, 200], [110, 180]).set_index("measure")
    >>> a.loc[["mae", "mape", "wmape", "bias"], "value"].round(4).tolist()
    [15.0, 0.1, 0.1, 5.0]
    """
    y, f = np.asarray(actual, dtype="float64"), np.asarray(forecast, dtype="float64")
    if len(y) != len(f) or not len(y):
        raise MetricError(
            ("实际与预测不成对", "actuals and forecasts don't pair"),
            found=(f"{len(y)} 与 {len(f)}", f"{len(y)} and {len(f)}"),
            expected=("数目相同", "as many of each"),
            todo=("按月对齐", "join them by month"),
        )
    e, size, n = y - f, np.abs(y), len(y)
    mae = float(np.abs(e).mean())
    both = size + np.abs(f)
    # y = f = 0 is a perfect forecast: its term is 0, not 0/0
    smape = float(np.divide(2 * np.abs(e), both, out=np.zeros(n), where=both > 0).mean())
    mape = None if (size == 0).any() else float((np.abs(e) / size).mean())
    scale, missing = _scale(insample, season)
    rows: list[tuple[str, float | None, str, str, float | None, float | None]] = [
        ("mae", mae, unit, Status.OK, float(np.abs(e).sum()), float(n)),
        ("rmse", float(np.sqrt((e**2).mean())), unit, Status.OK, None, float(n)),
        ("mape", mape, "fraction", Status.OK if mape is not None else Status.ZERO_BASE, None, float(n)),
        ("smape", smape, "fraction", Status.OK, None, float(n)),
        ("mase", mae / scale if scale else None, "ratio", missing, mae, scale),
        _wmape(e, size),
        ("bias", float(e.mean()), unit, Status.OK, float(e.sum()), float(n)),
    ]
    out = pd.DataFrame(rows, columns=["measure", "value", "unit", "status", "numerator", "denominator"])
    out = out.astype(
        {
            "value": "float64",
            "numerator": "float64",
            "denominator": "float64",
            "measure": "str",
            "unit": "str",
        }
    )
    out["status"] = pd.array([str(s) for s in out["status"]], dtype="str")
    return out.assign(n=pd.array([n] * len(out), dtype="Int64"), note=pd.array([""] * len(out), dtype="str"))[
        ["measure", *RECORD]
    ]


@checked
def rolling_accuracy(
    history: pd.DataFrame,
    *,
    horizon: int = 12,
    methods: Sequence[str] = METHODS,
    spring: bool = True,
    first: int = SEASONAL_FROM,
) -> pd.DataFrame:
    """The methods compared on the same rolling origins, at the horizon of the use.

    Parameters
    ----------
    history : month, value; one row a month, no gaps. horizon : months ahead.
    first : months in the first training window; every method starts there, so that they compare.

    Returns
    -------
    method, measure and the record columns; MASE has the same scale for all methods (the seasonal
    naive within the first window). No rows where the history is not longer than `first`.

    Raises
    ------
    MetricError
        A column or a month is missing, or a method is unknown.

    Source
    ------
    methods 9. Anything else must beat these baselines.

    Examples
    --------
    >>> h = pd.DataFrame({"month": pd.date_range("2023-01-01", periods=30, freq="MS"), "value": range(30)})
    >>> r = rolling_accuracy(h, horizon=3, methods=["naive", "seasonal_naive"], spring=False).set_index(["method", "measure"])
    >>> float(r.loc[("seasonal_naive", "mase"), "value"])
    1.0
    """
    series = as_series(history)
    frames = []
    for method in methods:
        errors = past_errors(series, horizon, method, spring=spring, first=first)
        if len(errors):
            table = accuracy(
                errors["actual"].to_numpy(),
                errors["forecast"].to_numpy(),
                insample=series.iloc[:first].to_numpy(),
            )
            table.insert(0, "method", pd.Series([method] * len(table), dtype="str"))
            frames.append(table)
    if frames:
        return pd.concat(frames, ignore_index=True)
    return pd.DataFrame(columns=["method", "measure", *RECORD])


def _scale(insample: Sequence[float] | Array | None, season: int) -> tuple[float | None, Status]:
    past = np.asarray([] if insample is None else insample, dtype="float64")
    if len(past) <= season or not np.isfinite(past).all():
        return None, Status.MISSING
    scale = float(np.abs(past[season:] - past[:-season]).mean())
    return (scale, Status.OK) if scale > 0 else (None, Status.ZERO_BASE)


def _wmape(e: Array, size: Array) -> tuple[str, float | None, str, str, float | None, float | None]:
    top, bottom = float(np.abs(e).sum()), float(size.sum())
    value = top / bottom if bottom > 0 else None
    return ("wmape", value, "fraction", Status.OK if bottom > 0 else Status.ZERO_BASE, top, bottom)
