"""Amounts in another currency: at the rate of their month, or all at one rate (methods 0.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_label, month_number, month_numbers
from mktanalytics.metrics.currency import DEFAULT
from mktanalytics.metrics.result import need_columns, need_known, need_numbers


@checked
def convert_currency(
    frame: pd.DataFrame,
    rates: pd.DataFrame,
    *,
    to: str = DEFAULT,
    measures: Sequence[str] = ("amount",),
    rate: Literal["average", "closing"] = "average",
    at: MonthLike | None = None,
) -> pd.DataFrame:
    """`frame` with its amounts in one currency, the originals kept beside them.

    Flows (sales, spend) take the average rate of their month, balances (receivables, stock) the closing one. At
    constant currency, every row takes the rate of one month, so that growth holds no exchange effect.

    Parameters
    ----------
    frame : DataFrame
        month, `measures`, currency: a tidy table; a row without a currency is in `to`.
    rates : DataFrame
        month, currency, average or closing: how much of `to` one unit of the currency is.
    to : str
        The currency to convert to.
    measures : sequence of str
        The amounts.
    rate : {"average", "closing"}
        Which rate.
    at : str or date, optional
        Constant currency: the month whose rates all rows take.

    Returns
    -------
    DataFrame
        `frame` in the same order, `measures` and currency in `to`; <measure>_original and currency_original hold
        what was there.

    Raises
    ------
    MetricError
        A column is missing or not numeric, a rate isn't above 0 or stands twice, or a row's month and currency have none.

    Source
    ------
    Methods 0.4.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01"]), "amount": [100.0, 110.0], "currency": "USD"})
    >>> rates = pd.DataFrame({"month": sales["month"], "currency": "USD", "average": [7.0, 7.2]})
    >>> convert_currency(sales, rates)["amount"].tolist(), convert_currency(sales, rates, at="2025-10")["amount"].tolist()
    ([700.0, 792.0], [700.0, 770.0])
    """
    need_known(rate, ("average", "closing"), ("汇率", "rate"))
    need_columns(frame, ["month", "currency"], metric="convert_currency")
    need_numbers(frame, measures, metric="convert_currency")
    currency = frame["currency"].astype("str").fillna(to)
    months = month_numbers(frame["month"]) if at is None else np.full(len(frame), float(month_number(at)))
    known = _rates(rates, rate)
    keys = list(zip(months, currency, strict=True))
    factors = np.array([1.0 if c == to else known.get((m, c), np.nan) for m, c in keys])
    lost = sorted(
        {
            f"{c} {month_label(int(m)) if m == m else ''}"
            for (m, c), f in zip(keys, factors, strict=True)
            if f != f
        }
    )
    if lost:
        raise MetricError(
            ("缺少汇率", "an exchange rate is missing"),
            found=", ".join(lost[:5]),
            todo=("在 rates 中补上", "add it to `rates`"),
        )
    kept = {f"{m}_original": frame[m] for m in measures} | {"currency_original": frame["currency"]}
    return frame.assign(**kept, **{m: frame[m] * factors for m in measures}, currency=to)


def _rates(rates: pd.DataFrame, rate: str) -> dict[tuple[float, str], float]:
    need_columns(rates, ["month", "currency", rate], metric="convert_currency")
    need_numbers(rates, [rate], metric="convert_currency")
    rows = pd.DataFrame(
        {"m": month_numbers(rates["month"]), "c": rates["currency"].astype("str"), "r": rates[rate]}
    )
    rows = rows.dropna()
    wrong = rows[(rows["r"] <= 0) | rows.duplicated(["m", "c"])]
    if len(wrong):
        first = wrong.iloc[0]
        raise MetricError(
            ("汇率须大于0，且每月每种货币一个", "a rate must be above 0, and one for a month and currency"),
            found=f"{first['c']} {month_label(int(first['m']))}: {first['r']:g}",
        )
    return {(m, str(c)): float(r) for m, c, r in rows.itertuples(index=False)}
