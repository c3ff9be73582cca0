"""January and February as one month, and apart again by where 春节 falls (methods 2.3, 9)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.workdays import spring_festival

SEASONS = 11  # 1-2月, then March to December
Array = npt.NDArray[np.float64]


@checked
def merge_spring(history: pd.Series) -> pd.Series:
    """Monthly values with each January and February summed; a lone one at either end is left out.

    Parameters
    ----------
    history : values by month (first days, no gaps).

    Returns
    -------
    Values by month, eleven a year: February's row holds 1-2月.

    Source
    ------
    methods 2.3 (1), 国家统计局 releases 1-2 月 together.

    Examples
    --------
    >>> h = pd.Series([3.0, 5.0, 4.0], pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]))
    >>> merge_spring(h).tolist()
    [8.0, 4.0]
    """
    month = pd.DatetimeIndex(history.index).month
    merged = history.where(month != 2, history + history.shift(1))
    kept: pd.Series = merged[(month != 1) & merged.notna().to_numpy()]
    return kept


@checked
def january_share(history: pd.Series, year: int) -> float:
    """January's part of 1-2月 in the past year whose 初一 fell nearest to that of `year`.

    Parameters
    ----------
    history : values by month. year : the year to split.

    Returns
    -------
    A fraction; the mean where two years are equally near, and 31/59 without any past pair.

    Source
    ------
    methods 9 (split by the holiday's position).

    Examples
    --------
    >>> h = pd.Series([6.0, 4.0, 3.0, 7.0], pd.to_datetime(["2024-01-01", "2024-02-01", "2025-01-01", "2025-02-01"]))
    >>> january_share(h, 2026)  # 初一: 2024-02-10, 2025-01-29, 2026-02-17
    0.6
    """
    pairs = []
    for month, value in history.items():
        february = history.get(pd.Timestamp(month) + pd.DateOffset(months=1))  # type: ignore[arg-type]
        if pd.Timestamp(month).month == 1 and february is not None and value + february > 0:  # type: ignore[arg-type]
            then = pd.Timestamp(month).year  # type: ignore[arg-type]
            pairs.append((abs(_position(then) - _position(year)), float(value / (value + february))))
    if not pairs:
        return 31 / 59
    nearest = min(distance for distance, _ in pairs)
    return float(np.mean([share for distance, share in pairs if distance == nearest]))


@checked
def split_spring(merged: Array, after: pd.Timestamp, history: pd.Series) -> pd.Series:
    """Forecasts of eleven seasons as months, 1-2月 divided by `january_share`.

    Parameters
    ----------
    merged : values of the seasons that follow the month `after` (which is no January). history : see there.

    Returns
    -------
    Values by month.

    Source
    ------
    methods 9.

    Examples
    --------
    >>> h = pd.Series([6.0, 4.0], pd.to_datetime(["2025-01-01", "2025-02-01"]))
    >>> split_spring(np.array([20.0, 5.0]), pd.Timestamp("2025-12-01"), h).tolist()
    [12.0, 8.0, 5.0]
    """
    out: dict[pd.Timestamp, float] = {}
    month = after
    for value in merged:
        month = month + pd.DateOffset(months=1)
        if month.month == 1:
            share = january_share(history, month.year)
            out[month] = float(value) * share
            month = month + pd.DateOffset(months=1)
            value = float(value) * (1 - share)
        out[month] = float(value)
    return pd.Series(out, dtype="float64")


def _position(year: int) -> int:
    return spring_festival(year).timetuple().tm_yday
