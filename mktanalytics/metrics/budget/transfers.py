"""Approved changes of a budget: transfers that must cancel, supplements, and the lines they move (methods 4.6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import FEN, approved_plan, fiscal_months, texts
from mktanalytics.metrics.budget.budget_listing import line_names
from mktanalytics.metrics.currency import currency_of

KEYS = ["kind", "date", "approver", "reason"]
TRANSFER_WORDS = "调剂|调拨|划转|划拨|调入|调出|transfer|reallocat"


@checked
def transfer_balance(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The adjustments of the fiscal year approved so far, and whether each transfer sums to zero.

    Adjustments whose reason or note speaks of a transfer (调剂, 调拨, 划转, …) are taken together by date
    and approver and must cancel; the others are supplements or cuts, which change the total.

    Parameters
    ----------
    budget : as in `budget_amounts`, with date, approver, reason where it has them.

    Returns
    -------
    kind (transfer, supplement), date, approver, reason (of a supplement), rows (count), increase, decrease,
    net (CNY), balanced (always True for supplements).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.6: transfers sum to 0.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"] * 2), "version": "adjustment", "amount": [5e4, -5e4],
    ...     "date": pd.to_datetime(["2026-03-05"] * 2), "approver": "王磊", "reason": ["由会展调剂至直播", "由会展调剂至直播"]})
    >>> transfer_balance(b, month="2026-03")[["kind", "net", "balanced"]].values.tolist()
    [['transfer', 0.0, True]]
    """
    moves = _moves(budget, month, fiscal_year_start)
    return moves[[*KEYS, "rows", "increase", "decrease", "net", "balanced"]]


@checked
def adjustment_ledger(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The approved changes of `transfer_balance`, each with its reasons and the lines it moves.

    Parameters
    ----------
    budget, month : as in `transfer_balance`.

    Returns
    -------
    The columns of `transfer_balance`, the reasons as written, and lines (the lines moved, joined).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.6.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"] * 2), "version": "adjustment", "amount": [5e4, -5e4],
    ...     "date": pd.to_datetime(["2026-03-05"] * 2), "approver": "王磊", "category": ["直播", "会展"],
    ...     "reason": ["由会展调入", "调出至直播"]})
    >>> adjustment_ledger(b, month="2026-03")[["reason", "lines", "net"]].values.tolist()
    [['由会展调入；调出至直播', '直播；会展', 0.0]]
    """
    moves = _moves(budget, month, fiscal_year_start)
    return moves.assign(reason=moves["said"])[
        [*KEYS, "rows", "increase", "decrease", "net", "balanced", "lines"]
    ]


# ---- the parts


def _moves(budget: pd.DataFrame, month: str | pd.Timestamp, fiscal_year_start: int) -> pd.DataFrame:
    """The adjustments taken together by `KEYS`: what they come to, what was said of them, the lines they move."""
    rows = _adjustments(budget, month, fiscal_year_start)
    up, down = rows["amount"].clip(lower=0), rows["amount"].clip(upper=0)
    groups = rows.assign(rows=1, increase=up, decrease=down).groupby(KEYS, dropna=False)
    out = groups[["rows", "increase", "decrease"]].sum()
    out["net"] = out["increase"] + out["decrease"]
    for column, name in (("said", "said"), ("line", "lines")):
        joined = ("；".join(dict.fromkeys(v for v in group[column] if v)) for _, group in groups)
        out[name] = pd.array(list(joined), dtype="str")
    out = out.reset_index()
    out["balanced"] = (out["kind"] == "supplement") | (out["net"].abs() < FEN)
    return out.sort_values(["date", *KEYS], ignore_index=True)


def _adjustments(budget: pd.DataFrame, month: str | pd.Timestamp, fiscal_year_start: int) -> pd.DataFrame:
    """The adjustments of the fiscal year approved by the end of `month`, each a transfer or a supplement."""
    plan = approved_plan(budget, month=month, fiscal_year_start=fiscal_year_start)
    year = fiscal_months(month, fiscal_year_start)
    rows = plan[(plan["version"] == "adjustment") & plan["first"].between(year[0], year[-1])]
    currency_of(rows)
    said = _written(rows, "reason")
    transfer = (said + _written(rows, "note")).str.contains(TRANSFER_WORDS, case=False)
    return pd.DataFrame(
        {
            "kind": texts(np.where(transfer, "transfer", "supplement")).to_numpy(),
            "date": rows["date"],
            "approver": _written(rows, "approver"),
            # the two legs of one transfer are often worded differently: 调出 here, 调入 there
            "reason": said.where(~transfer, ""),
            "said": said,
            "line": line_names(rows),
            "amount": rows["amount"].astype("float64"),
        }
    )


def _written(rows: pd.DataFrame, column: str) -> pd.Series:
    """A column of words, "" where nothing is written."""
    if column not in rows:
        return pd.Series("", rows.index, dtype="str")
    return rows[column].astype("str").fillna("")
