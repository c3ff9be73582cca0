"""RFM: how recently, how often and for how much each customer bought, in scores and in classes (methods 7.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day, days_of
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import need_columns, need_numbers

PARTS = ("recency", "frequency", "monetary")
LEVELS = 5
NO_VALUE, OTHER = "无净消费", "其他"


@checked
def rfm(
    sales: pd.DataFrame,
    snapshot: str | dt.date | pd.Timestamp,
    *,
    months: int = 12,
    customer: str = "customer",
    order: str = "date",
    measure: str = "amount",
    monetary: Literal["total", "mean"] = "total",
) -> pd.DataFrame:
    """Recency, frequency and monetary value of every customer in the window that ends at the snapshot date.

    Parameters
    ----------
    sales : DataFrame
        `customer`, date, `measure`, `order`: sales lines; returns are negative.
    snapshot : date
        The day that recency is counted to; later lines are left out.
    months : int
        Length of the window.
    customer, measure : str
        Columns.
    order : str
        What makes an order: "date" merges the orders of one day, "order_id" doesn't.
    monetary : {"total", "mean"}
        Net value in the window, or the same per order.

    Returns
    -------
    DataFrame
        `customer`, recency (days since the last purchase), frequency (orders), monetary (CNY, net of returns),
        kind: "ok", or 无净消费 for who only returned or nets to 0 or less (no score). Returns reduce the
        monetary value, never the frequency.

    Raises
    ------
    MetricError
        A column is missing, `months` isn't positive, or `monetary` is unknown.

    Source
    ------
    Hughes (RFM); methods 7.1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer": ["甲", "甲", "甲", "乙"], "amount": [100.0, 50.0, -20.0, 80.0],
    ...                       "date": pd.to_datetime(["2026-03-01", "2026-10-01", "2026-10-05", "2026-09-21"])})
    >>> rfm(sales, "2026-10-31")
      customer  recency  frequency  monetary kind
    0        乙       40          1      80.0   ok
    1        甲       30          2     130.0   ok
    """
    need_columns(sales, [customer, "date", measure, order], metric="rfm")
    need_numbers(sales, [measure], metric="rfm")
    currency_of(sales, measure=measure)
    if months < 1 or monetary not in ("total", "mean"):
        raise MetricError(
            ("RFM 窗口至少一个月，金额取总额或均值", "rfm needs a window of a month or more, and a total or mean value"),
            found=f"{months}, {monetary}",
            expected="12, total",
        )  # fmt: skip
    end = day(snapshot)
    days = days_of(sales["date"])
    inside = (days > end - pd.DateOffset(months=months)) & (days <= end)
    rows = sales.assign(_day=days)[inside & sales[customer].notna() & sales[measure].notna()]
    bought = rows[rows[measure] > 0].groupby(customer)
    out = rows.groupby(customer)[measure].sum().rename("monetary").to_frame()
    out["recency"] = (end - bought["_day"].max()).dt.days.reindex(out.index)
    orders = "_day" if order == "date" else order
    out["frequency"] = bought[orders].nunique().reindex(out.index, fill_value=0)
    if monetary == "mean":
        out["monetary"] = out["monetary"] / out["frequency"].where(out["frequency"] > 0)
    worth = (out["frequency"] > 0) & (out["monetary"] > 0)
    out["kind"] = pd.array(np.where(worth, "ok", NO_VALUE), dtype="str")
    out["recency"] = out["recency"].astype("Int64")
    return out.reset_index()[[customer, *PARTS, "kind"]]


@checked
def rfm_scores(table: pd.DataFrame, *, cuts: Mapping[str, Sequence[float]] | None = None) -> pd.DataFrame:
    """Scores from 1 to 5 for recency (reversed: recent is 5), frequency and monetary value.

    Equal values always have equal scores: a score is 1 and the number of cuts strictly below the value. The
    cuts are the quintiles of the customers who count (quantiles by linear interpolation, type 7), or fixed
    ones, which stay comparable over time.

    Parameters
    ----------
    table : DataFrame
        What `rfm` gives.
    cuts : mapping, optional
        "recency", "frequency", "monetary" -> four rising numbers: a value on a cut belongs below it.

    Returns
    -------
    DataFrame
        `table` with r, f, m (1-5; missing where kind isn't ok), rfm (such as "545"), note: where the values
        fill fewer than five levels it says how many.

    Raises
    ------
    MetricError
        A column is missing, or cuts aren't four rising numbers.

    Source
    ------
    Hughes (RFM); methods 7.1: cut by value, fixed business thresholds for reporting.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"customer": list("abcde"), "recency": [5, 40, 80, 160, 300], "frequency": [9, 7, 4, 2, 1],
    ...                       "monetary": [900.0, 500.0, 700.0, 80.0, 50.0], "kind": "ok"})
    >>> rfm_scores(table)["rfm"].tolist()
    ['555', '443', '334', '222', '111']
    """
    need_columns(table, [*PARTS, "kind"], metric="rfm_scores")
    need_numbers(table, PARTS, metric="rfm_scores")
    ok = table["kind"] == "ok"
    out, fewer = table.copy(), []
    for part in PARTS:
        values = table[part].astype("float64").where(ok)
        if part == "recency":
            values = -values
        lines = _cuts(part, values.dropna().to_numpy(), (cuts or {}).get(part))
        # a fixed cut of 30 days: who came 30 days ago is inside, so the reversed scale counts from the other side
        side: Literal["left", "right"] = "right" if part == "recency" and part in (cuts or {}) else "left"
        score = pd.Series(np.searchsorted(lines, values.to_numpy(), side=side) + 1, table.index)
        out[part[0]] = score.where(ok).astype("Int64")
        if out[part[0]].nunique() < LEVELS:
            fewer.append(say("rfm_levels", part[0].upper(), out[part[0]].nunique()))
    text = out["r"].astype("str") + out["f"].astype("str") + out["m"].astype("str")
    out["rfm"] = text.where(ok, "").astype("str")
    out["note"] = pd.array([join(*fewer)] * len(out), dtype="str")
    return out


def _cuts(part: str, values: np.ndarray, fixed: Sequence[float] | None) -> np.ndarray:
    if fixed is None:
        steps = np.arange(1, LEVELS) / LEVELS
        return np.quantile(values, steps) if len(values) else np.zeros(LEVELS - 1)
    lines = np.asarray(fixed, dtype="float64")
    if len(lines) != LEVELS - 1 or (np.diff(lines) <= 0).any():
        raise MetricError(
            (f"{part} 需要四个递增的分界值", f"{part} needs four rising cuts"),
            found=str(list(fixed)),
            expected="30, 60, 90, 180",
        )
    return -lines[::-1] if part == "recency" else lines
