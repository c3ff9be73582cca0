"""预算预警: every line that crosses a threshold, and transfers that don't cancel (methods 4.2, 4.6)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics.budget._budget_rows import FEN, approved_plan, fiscal_months, texts
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_lines import overspent_lines, unbudgeted_lines, unplaced_budget
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED
from mktanalytics.metrics.budget.pace import execution_pace
from mktanalytics.metrics.currency import currency_of
from mktanalytics.settings import Thresholds

TRANSFER_WORDS = "调剂|调拨|划转|划拨|调入|调出|transfer|reallocat"


def budget_warnings(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
    forecast: pd.DataFrame | None = None,
    rule: str = "phased",
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
    fiscal_year_start: int = 1,
    data_through: pd.Timestamp | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """Every line that crosses a threshold, gravest first.

    Parameters
    ----------
    budget, spend, month, by : as in `budget_amounts`; `by` is the grain of a line.
    forecast : from `full_year_forecast` with the same `by`, to warn of a year that will end above budget.
    rule, thresholds, data_through : as in `execution_pace`.

    Returns
    -------
    `by`, code (unbudgeted, overspent, frozen, warning, over_pace, watch, behind, forecast_over,
    transfer_unbalanced, unplaced, missing_months), severity (red, amber, info), amount (CNY the warning
    is about), value (a fraction, ×, or the number of missing months) and threshold (NaN where none).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2, 4.6.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "category": "会展", "amount": [10e4]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "category": "会展", "status": "paid", "amount": [12e4]})
    >>> budget_warnings(b, s, month="2026-01", by=["category"])[["category", "code", "amount"]].values.tolist()
    [['会展', 'overspent', 20000.0]]
    """
    keys = list(by)
    amounts = budget_amounts(
        budget, spend, month=month, by=keys, fiscal_year_start=fiscal_year_start, language=language
    )
    over, outside = overspent_lines(amounts), unbudgeted_lines(amounts)
    pace = execution_pace(
        budget,
        spend,
        month=month,
        by=keys,
        rule=rule,
        thresholds=thresholds,
        fiscal_year_start=fiscal_year_start,
        data_through=data_through,
        language=language,
    )
    limits = {"behind": thresholds.pace_low, "watch": thresholds.pace_high, "over_pace": thresholds.pace_over}
    full = {"warning": thresholds.occupancy_warning, "frozen": thresholds.occupancy_freeze}
    frames = [
        _warn(
            outside,
            keys,
            "unbudgeted",
            "red",
            outside["recognised"].fillna(0.0) + outside["committed"].fillna(0.0),
        ),
        _warn(over, keys, "overspent", "red", over["excess"]),
    ]
    # an overspent line is frozen and over its pace by definition: said once
    told = set(map(tuple, over[keys].to_numpy())) if keys else ({()} if len(over) else set())
    rest = (
        pace[[tuple(k) not in told for k in pace[keys].to_numpy()]] if keys else pace[[not told] * len(pace)]
    )
    for code, limit in full.items():
        hit = rest[rest["occupancy_band"] == code]
        frames.append(
            _warn(
                hit,
                keys,
                code,
                "red" if code == "frozen" else "amber",
                hit["ba"] - hit["recognised"] - hit["committed"],
                hit["occupancy_rate"],
                limit,
            )
        )
    for code, limit in limits.items():
        hit = rest[rest["band"] == code]
        frames.append(_warn(hit, keys, code, "amber", hit["gap_pp"] * hit["ba"], hit["relative_pace"], limit))
    if forecast is not None:
        hit = forecast[(forecast["ba"] > 0) & (forecast["value"] - forecast["ba"] >= FEN)]
        frames.append(
            _warn(
                hit, keys, "forecast_over", "amber", hit["value"] - hit["ba"], hit["value"] / hit["ba"], 1.0
            )
        )
    moved = transfer_balance(budget, month=month, fiscal_year_start=fiscal_year_start)
    frames.append(
        _warn(
            moved[~moved["balanced"]],
            keys,
            "transfer_unbalanced",
            "red",
            moved.loc[~moved["balanced"], "net"],
        )
    )
    lost = unplaced_budget(budget)
    frames.append(_warn(lost[lost["amount"].notna()], keys, "unplaced", "red", lost["amount"].dropna()))
    gaps = amounts.loc[amounts["missing_months"] > 0, ["missing_months"]].head(1)
    frames.append(
        _warn(gaps, keys, "missing_months", "info", gaps["missing_months"] * 0.0, gaps["missing_months"])
    )
    out = pd.concat(frames, ignore_index=True)
    rank = out["severity"].map({"red": 0, "amber": 1, "info": 2})
    out = out.assign(_r=rank, _s=-out["amount"].abs()).sort_values(
        ["_r", "_s", "code", *keys], ignore_index=True
    )
    return out.drop(columns=["_r", "_s"])


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


# ---- the parts


def _warn(
    rows: pd.DataFrame,
    keys: list[str],
    code: str,
    severity: str,
    amount: pd.Series,
    value: pd.Series | None = None,
    threshold: float = np.nan,
) -> pd.DataFrame:
    out = pd.DataFrame(index=range(len(rows)))
    for k in keys:  # a warning about the whole plan belongs to no line
        out[k] = texts(rows[k] if k in rows else [UNSPECIFIED] * len(rows))
    out["code"], out["severity"] = texts([code] * len(rows)), texts([severity] * len(rows))
    out["amount"] = amount.to_numpy(dtype="float64")
    out["value"] = np.full(len(rows), np.nan) if value is None else value.to_numpy(dtype="float64")
    out["threshold"] = np.full(len(rows), threshold)
    return out
