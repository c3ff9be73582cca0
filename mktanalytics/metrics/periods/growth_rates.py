"""Growth in other words: 定基指数, CAGR, two-year average, points against percent (methods 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_label, month_number
from mktanalytics.metrics._spans import monthly
from mktanalytics.metrics.result import Figure, Status, dimensions, need_known, ratio_frame

Against = Literal["year_ago", "previous"]
_STEPS = {"year_ago": 12, "previous": 1}


@checked
def fixed_base_index(
    frame: pd.DataFrame, base: MonthLike, *, measure: str = "amount", by: str | Sequence[str] = ()
) -> pd.DataFrame:
    """定基指数: every month over one fixed month, which is 100.

    Parameters
    ----------
    frame, measure, by
        As for `compare`.
    base : str or date
        The month that is 100.

    Returns
    -------
    DataFrame
        month, `by`, record columns (unit `index`), one row for each month from the first to the last of the
        data: a month without data is `na_missing`. `na_zero_base` or `na_nonpositive_base` where the
        base is no base.

    Raises
    ------
    MetricError
        As `compare`.

    Source
    ------
    NBS glossary (定基发展速度); methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-08-01", "2026-10-01"]), "amount": [80.0, 100.0]})
    >>> fixed_base_index(sales, "2026-08")[["month", "value", "status"]]
           month  value      status
    0 2026-08-01  100.0          ok
    1 2026-09-01    NaN  na_missing
    2 2026-10-01  125.0          ok
    """
    by, number = dimensions(by), month_number(base)
    data = monthly(frame, measure, by, metric="fixed_base_index")
    bases = data.loc[data["m"] == number, [*by, "value"]]
    return _index_on(data, by, bases)


@checked
def moving_base_index(
    frame: pd.DataFrame,
    *,
    against: Against = "year_ago",
    measure: str = "amount",
    by: str | Sequence[str] = (),
) -> pd.DataFrame:
    """同比指数, 环比指数 (发展速度): every month over the same month a year ago, or the month before, which is 100.

    Parameters
    ----------
    frame, measure, by
        As for `compare`.
    against : {"year_ago", "previous"}
        上年同期=100, or 上月=100.

    Returns
    -------
    DataFrame
        As `fixed_base_index`. The product of all 环比 from a month on is the 定基 index on that month; growth (增长速度)
        is value / 100 - 1.

    Raises
    ------
    MetricError
        As `compare`, or `against` is unknown.

    Source
    ------
    NBS glossary (发展速度); methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-09-01", "2026-10-01"]), "amount": [80.0, 50.0, 100.0]})
    >>> float(moving_base_index(sales)["value"].iloc[-1])  # 上年同期=100
    125.0
    """
    by = dimensions(by)
    need_known(against, _STEPS, ("基期", "base"))
    data = monthly(frame, measure, by, metric="moving_base_index")
    return _index_on(data, by, data.assign(m=data["m"] + _STEPS[against]))


def _index_on(data: pd.DataFrame, by: list[str], bases: pd.DataFrame) -> pd.DataFrame:
    """Every month of `data` over its base in `bases` (one a key, or one a key and month m), times 100."""
    keys = [*by, *(["m"] if "m" in bases else [])]
    held = month_grid(data, by).merge(data, on=[*by, "m"], how="left")
    if keys:
        base = held[keys].merge(bases, on=keys, how="left")["value"]
    else:
        base = pd.Series(bases["value"].iloc[0] if len(bases) else np.nan, index=held.index)
    out = ratio_frame(held[["month", *by]], held["value"], base, unit="index")
    return out.assign(value=out["value"] * 100)


def month_grid(data: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """month, m, `by`: every key in every month from the first to the last of the data."""
    if data.empty:
        return data.assign(month=pd.Series(dtype="datetime64[us]"))[["month", "m", *by]]
    numbers = range(int(data["m"].min()), int(data["m"].max()) + 1)
    months = pd.DataFrame({"month": pd.to_datetime([month_label(n) for n in numbers]), "m": list(numbers)})
    if not by:
        return months
    return (
        data[list(by)]
        .drop_duplicates()
        .sort_values(list(by))
        .merge(months, how="cross")
        .reset_index(drop=True)
    )


@checked
def cagr(first: float | None, last: float | None, years: float) -> Figure:
    """Compound annual growth rate (年均复合增长率): (last / first) ** (1 / years) - 1.

    Parameters
    ----------
    first, last : float or None
        Values `years` apart.
    years : float
        Years between them: 2023 to 2026 is 3, not 4.

    Returns
    -------
    Figure
        value: fraction. `na_zero_base` or `na_nonpositive_base` where the first value is no base or the
        last is negative, `na_missing` where one is missing.

    Raises
    ------
    MetricError
        years is not positive.

    Source
    ------
    Methods 2.1.

    Examples
    --------
    >>> round(cagr(100.0, 133.1, 3).value, 6)
    0.1
    """
    if years <= 0:
        raise MetricError(
            ("年数须大于0", "years must be positive"),
            found=str(years),
            todo=("数一数两个数值相隔几年", "count the years between the two values"),
        )
    a, b = (np.nan if v is None else float(v) for v in (last, first))
    status = (
        Status.MISSING
        if not (np.isfinite(a) and np.isfinite(b))
        else Status.ZERO_BASE
        if b == 0
        else Status.NONPOSITIVE_BASE
        if b < 0 or a < 0
        else Status.OK
    )
    value = (a / b) ** (1 / years) - 1 if status == Status.OK else None
    return Figure(value, "fraction", status, None if np.isnan(a) else a, None if np.isnan(b) else b)


@checked
def two_year_average(first: float | None, second: float | None) -> Figure:
    """两年平均增速: the geometric mean of two years' growth, after a distorted base.

    Parameters
    ----------
    first, second : float or None
        The two years' growth, as fractions.

    Returns
    -------
    Figure
        value: fraction. `na_missing` where one is missing; `na_nonpositive_base` where one is below -100 %.

    Raises
    ------
    MetricError
        Never.

    Source
    ------
    NBS (两年平均增速, 2021 releases): sqrt((1 + g1)(1 + g2)) - 1; methods 2.1.

    Examples
    --------
    >>> round(two_year_average(-0.039, 0.125).value, 4)
    0.0398
    """
    if first is None or second is None or not (np.isfinite(first) and np.isfinite(second)):
        return Figure(None, "fraction", Status.MISSING)
    if first < -1 or second < -1:
        return Figure(None, "fraction", Status.NONPOSITIVE_BASE)
    return Figure(float(np.sqrt((1 + first) * (1 + second)) - 1), "fraction", Status.OK, second, first, 2)


@checked
def point_change(now: float | None, base: float | None) -> Figure:
    """Change of a rate in 个百分点, which is never a percent: 20 % to 25 % is +5 points and +25 %.

    Parameters
    ----------
    now, base : float or None
        Two rates, as fractions.

    Returns
    -------
    Figure
        value in `pp` as a difference of fractions (0.05 is 5 个百分点, 500 基点). For the relative change use
        `growth`.

    Raises
    ------
    MetricError
        Never.

    Source
    ------
    Methods 2.1, 1.4.

    Examples
    --------
    >>> round(point_change(0.25, 0.20).value, 4)  # 5 个百分点, though 25 %
    0.05
    """
    if now is None or base is None or not (np.isfinite(now) and np.isfinite(base)):
        return Figure(None, "pp", Status.MISSING)
    return Figure(now - base, "pp", Status.OK, now, base)
