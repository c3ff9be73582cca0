"""The six amounts of a budget line: B0, BA, C, A, P and what is still available (methods 4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.budget._budget_rows import (
    DIMENSIONS,
    STAGES,
    actual_lines,
    approved_plan,
    first_of_month,
    fiscal_months,
    missing_months,
    overlap_months,
    placed_rows,
    texts,
)
from mktanalytics.metrics.budget._budget_sums import keys_of, plan_sums, stage_sums
from mktanalytics.metrics.budget.budget_words import join_notes, word
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import dimensions, need_columns, need_numbers
from mktanalytics.workdays import is_jan_feb

SCOPES = ("month", "ytd", "year")
# A dimension is usable when the plan is (nearly) all written by it, and spend mostly is.
PLAN_FILLED, SPEND_FILLED = 0.95, 0.50


@checked
def budget_dimensions(
    budget: pd.DataFrame, spend: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> tuple[str, ...]:
    """The dimensions by which plan and spend of the fiscal year can both be read.

    A plan that names no regions can't be executed by region: the rates would all be unbudgeted.

    Parameters
    ----------
    budget, spend : tidy tables; month : the report's month.

    Returns
    -------
    Names out of department, category, activity, region, channel, in that order.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 0.2, 4.1.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "department": ["市场部"], "amount": [1e5]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "department": ["市场部"],
    ...                   "region": ["华东"], "amount": [5e4]})
    >>> budget_dimensions(b, s, month="2026-01")
    ('department',)
    """
    year = fiscal_months(month, fiscal_year_start)
    plan = placed_rows(budget, fiscal_year_start)
    plan = plan[overlap_months(plan, year[0], year[-1]) > 0]
    if len(spend):
        need_columns(spend, ["month", "amount"], metric="budget_dimensions (spend)")
        need_numbers(spend, ["amount"], metric="budget_dimensions (spend)")
    used = spend[stamps(spend["month"]).isin(year)] if len(spend) else spend
    if used.empty:
        return tuple(d for d in DIMENSIONS if _filled(plan, d) >= PLAN_FILLED)
    return tuple(
        d for d in DIMENSIONS if _filled(plan, d) >= PLAN_FILLED and _filled(used, d) >= SPEND_FILLED
    )


@checked
def budget_amounts(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """B0, BA, C, A, P and available per key, for the month, the year to date and the whole year.

    Parameters
    ----------
    budget : month, amount (CNY); optional period, version (original, adjustment or carry_over), date (of approval),
        actual_amount (CNY) and the dimensions. Missing period is month, missing version original.
    spend : month, amount (CNY), status (committed, recognised, paid; each line at one stage) and the
        dimensions; voucher lines, or a rollup of them.
    month : the report's month; BA counts adjustments dated up to its last day, undated ones by their month.
    by : any of department, category, activity, region, channel. Blank keys become 未注明.

    Returns
    -------
    One row per key and scope: `by`, scope, b0, adjustment, ba, carry_over (结转, beside ba and not in it), committed
    (C), recognised (A), paid (P), available (= ba - committed - recognised), all CNY; missing_months (count), note.
    scope month: plan and spend of that month; ytd: of the fiscal year so far; year: the plan of the
    whole year against spend so far. A year, half or quarter row without months is spread evenly.
    Without vouchers in the fiscal year A is the plan's own actual_amount, and the note says so.
    A month in which no line of the whole table has spend is missing, not zero.

    Raises
    ------
    MetricError
        A column is missing, a status or version is unknown, or currencies are mixed.

    Source
    ------
    methods 4.1; 0.4, 0.6. 财政部 财预〔2020〕10号 (预算执行口径).

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-01"]),
    ...     "department": "市场部", "version": ["original", "original", "adjustment"],
    ...     "date": pd.to_datetime([None, None, "2026-02-10"]), "amount": [100e4, 80e4, -20e4]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-02-01"]),
    ...     "department": "市场部", "status": ["paid", "recognised", "committed"], "amount": [90e4, 30e4, 10e4]})
    >>> a = budget_amounts(b, s, month="2026-02", by=["department"])
    >>> a.loc[a["scope"] == "ytd", ["b0", "ba", "committed", "recognised", "paid", "available"]].values.tolist()
    [[1800000.0, 1600000.0, 100000.0, 1200000.0, 900000.0, 300000.0]]
    """
    by = dimensions(by)
    keys, now = list(by), first_of_month(month)
    year = fiscal_months(now, fiscal_year_start)
    windows = {"month": (now, now, now), "ytd": (year[0], now, now), "year": (year[0], year[-1], now)}
    plan = approved_plan(budget, month=now, fiscal_year_start=fiscal_year_start)
    plan = plan[overlap_months(plan, year[0], year[-1]) > 0]
    used, note = actual_lines(
        budget, spend, month=now, fiscal_year_start=fiscal_year_start, language=language
    )
    currency_of(plan, used)
    gaps = missing_months(used, year[year <= now])
    frames = [
        _scope_amounts(plan, used, scope, *window, keys=keys, gaps=gaps) for scope, window in windows.items()
    ]
    out = pd.concat(frames, ignore_index=True)
    notes = [note, "" if len(plan) else word("no_budget", language)]
    if carried := float(plan.loc[plan["version"] == "carry_over", "amount"].sum()):
        notes.append(word("carry_over", language, amount=f"{carried:,.2f}"))
    if plan["doubled"].any():
        notes.append(word("doubled", language))
    if gaps and note != word("no_actuals", language):
        notes.append(word("missing_months", language, n=len(gaps), months="、".join(gaps)))
    festive = word("holiday_month", language) if is_jan_feb(now.date()) else ""
    out["note"] = texts(
        join_notes(*notes, festive if scope == "month" else "", language=language) for scope in out["scope"]
    )
    order = pd.Categorical(out["scope"], SCOPES, ordered=True).codes
    return out.assign(_o=order).sort_values([*keys, "_o"], ignore_index=True).drop(columns="_o")


# ---- the parts


def _scope_amounts(
    plan: pd.DataFrame,
    lines: pd.DataFrame,
    scope: str,
    start: pd.Timestamp,
    end: pd.Timestamp,
    now: pd.Timestamp,
    *,
    keys: list[str],
    gaps: list[str],
) -> pd.DataFrame:
    planned = plan_sums(plan, start, end, keys)
    used = stage_sums(lines[lines["month"].between(start, now)], keys)
    # every key of the year shows in every scope, so that a line not yet started is a row and not a hole
    every = pd.concat([keys_of(plan, keys), keys_of(lines, keys)]).drop_duplicates()
    out = every.merge(planned, on=keys, how="left") if keys else planned
    out = out.merge(used, on=keys, how="left") if keys else pd.concat([planned, used], axis=1)
    plan_cols = ["b0", "ba", "carry_over"]
    out[plan_cols] = out[plan_cols].fillna(0.0) if len(plan) else np.nan
    stages = list(STAGES)
    unknown = lines.empty or (scope == "month" and (f"{now:%Y-%m}" in gaps or bool(lines["unphased"].any())))
    out[stages] = np.nan if unknown else out[stages].fillna(0.0)
    stated = "status" not in lines and "actual_amount" in lines  # from the budget sheet: A alone is known
    out["recognised"] = out["recognised"] + out["paid"]
    if stated:
        out[["committed", "paid"]] = np.nan
    out["adjustment"] = out["ba"] - out["b0"]
    out["available"] = out["ba"] - (0.0 if stated else out["committed"]) - out["recognised"]
    out["scope"], out["missing_months"] = scope, len(gaps)
    names = [
        "b0",
        "adjustment",
        "ba",
        "carry_over",
        "committed",
        "recognised",
        "paid",
        "available",
        "missing_months",
    ]
    return out[[*keys, "scope", *names]]


def _filled(rows: pd.DataFrame, dimension: str) -> float:
    if dimension not in rows or rows.empty:
        return 0.0
    weight = rows["amount"].astype("float64").abs()
    total = float(weight.sum())
    return float(weight[rows[dimension].notna()].sum()) / total if total else 0.0
