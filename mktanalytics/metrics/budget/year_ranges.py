"""How far a forecast of the year may miss: by past errors at the same month, else as general series do (methods 4.4)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.metrics.budget._budget_rows import fiscal_months
from mktanalytics.metrics.budget.year_methods import year_forecasts

Floats = npt.NDArray[np.float64]
ENOUGH_ERRORS = 5  # past years (of all lines together) that a range needs
LOW, HIGH = 0.10, 0.90
# Mean absolute % error of the year total after 3, 6, 9 months on the M3 monthly series (methods 4.4):
# the range of last resort. Campaign spend is lumpier, so the note says to expect worse.
_M3_MONTHS = (3, 6, 9, 12)
_M3 = {
    "linear": (8.0, 5.2, 2.7, 0.0), "seasonal_share": (7.9, 4.7, 2.5, 0.0), "last_year_growth": (8.4, 5.1, 3.1, 0.0),
    "last_year_rest": (7.1, 5.3, 3.4, 0.0), "theta": (6.7, 4.6, 2.1, 0.0), "ets": (7.0, 4.4, 2.1, 0.0),
    "mean_of_bf": (6.5, 4.2, 2.0, 0.0),
}  # fmt: skip
_TENTH = (
    1.2816 * (np.pi / 2) ** 0.5
)  # 10th and 90th percentile over the mean absolute error, were errors normal


def past_errors_of_years(
    actuals: dict[tuple[object, ...], pd.Series], now: pd.Timestamp, method: str, start: int, spring: bool
) -> Floats:
    """(actual year - forecast) / |forecast| at the same month of every past year of every key."""
    errors = []
    for series in actuals.values():
        for back in range(1, 11):
            then = now - pd.DateOffset(years=back)
            total = series.reindex(fiscal_months(then, start))
            if total.isna().any():
                continue
            value = float(year_forecasts(series, month=then, fiscal_year_start=start, spring=spring)[method])
            if np.isfinite(value) and value != 0:
                errors.append((float(total.sum()) - value) / abs(value))
    return np.asarray(sorted(errors), dtype="float64")


def year_range(value: float, method: str, m: int, errors: Floats | None) -> tuple[float, float]:
    """The 10th to 90th percentile around a forecast after `m` months, from past errors or those published for M3.

    >>> [round(x, 1) for x in year_range(100.0, "linear", 6, None)]
    [91.6, 108.4]
    """
    if errors is not None:
        # errors are (actual - forecast) / |forecast|; the forecast itself always lies inside
        down, up = min(float(np.quantile(errors, LOW)), 0.0), max(float(np.quantile(errors, HIGH)), 0.0)
        return value + down * abs(value), value + up * abs(value)
    worst = np.max(list(_M3.values()), axis=0)  # plans have no published errors: take the widest
    mean_error = float(np.interp(m, _M3_MONTHS, _M3.get(method, tuple(worst)))) / 100
    return value - _TENTH * mean_error * abs(value), value + _TENTH * mean_error * abs(value)
