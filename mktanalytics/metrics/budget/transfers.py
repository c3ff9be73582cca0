"""Approved changes of a budget: transfers that must cancel, supplements, and the lines they move (methods 4.6)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import FEN, approved_plan, fiscal_months, texts
from mktanalytics.metrics.budget.budget_listing import line_names
from mktanalytics.metrics.currency import currency_of

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
    rows = approved_plan(budget, month=month, fiscal_year_start=fiscal_year_start)
    year = fiscal_months(month, fiscal_year_start)
    rows = rows[(rows["version"] == "adjustment") & rows["first"].between(year[0], year[-1])]
    currency_of(rows)
    text = pd.Series("", rows.index, dtype="str")
    for column in ("reason", "note"):
        if column in rows:
            text = text + rows[column].astype("str").fillna("")
    kind = np.where(text.str.contains(TRANSFER_WORDS, case=False), "transfer", "supplement")
    reason = (
        rows["reason"].astype("str").fillna("")
        if "reason" in rows
        else pd.Series("", rows.index, dtype="str")
    )
    approver = (
        rows["approver"].astype("str").fillna("")
        if "approver" in rows
        else pd.Series("", rows.index, dtype="str")
    )
    keyed = pd.DataFrame(
        {
            "kind": texts(kind),
            "date": rows["date"].to_numpy(),
            "approver": approver.to_numpy(),
            # the two legs of one transfer are often worded differently: 调出 here, 调入 there
            "reason": np.where(kind == "transfer", "", reason),
            "increase": rows["amount"].clip(lower=0).to_numpy(),
            "decrease": rows["amount"].clip(upper=0).to_numpy(),
            "rows": 1,
        }
    )
    keys = ["kind", "date", "approver", "reason"]
    out = (
        keyed.groupby(keys, as_index=False, dropna=False)
        .sum()
        .sort_values(["date", *keys], ignore_index=True)
    )
    out["net"] = out["increase"] + out["decrease"]
    out["balanced"] = (out["kind"] == "supplement") | (out["net"].abs() < FEN)
    return out[[*keys, "rows", "increase", "decrease", "net", "balanced"]]


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
    moved = transfer_balance(budget, month=month, fiscal_year_start=fiscal_year_start)
    plan = approved_plan(budget, month=month, fiscal_year_start=fiscal_year_start)
    year = fiscal_months(month, fiscal_year_start)
    rows = plan[(plan["version"] == "adjustment") & plan["first"].between(year[0], year[-1])]
    rows = rows.assign(line=line_names(rows))
    for column in ("approver", "reason"):
        rows[column] = rows[column].astype("str").fillna("") if column in rows else ""
    reasons, lines = [], []
    for group in moved.to_dict("records"):
        mine = rows[rows["date"].isna() if pd.isna(group["date"]) else rows["date"] == group["date"]]
        mine = mine[mine["approver"] == group["approver"]]
        if group["kind"] == "supplement":
            mine = mine[mine["reason"] == group["reason"]]
        reasons.append("；".join(dict.fromkeys(r for r in mine["reason"] if r)))
        lines.append("；".join(dict.fromkeys(v for v in mine["line"] if v)))
    return moved.assign(reason=texts(reasons), lines=texts(lines))
