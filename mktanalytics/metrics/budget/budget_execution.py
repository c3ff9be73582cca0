"""预算执行: the figures of the budget report: rates with named denominators, variances in words (methods 4)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import DIMENSIONS, FEN, first_of_month, texts
from mktanalytics.metrics.budget.budget_amounts import SCOPES, budget_amounts, budget_dimensions
from mktanalytics.metrics.budget.budget_lines import (
    line_vouchers,
    overspent_lines,
    unbudgeted_lines,
    unplaced_budget,
)
from mktanalytics.metrics.budget.budget_months import monthly_actual, monthly_plan
from mktanalytics.metrics.budget.budget_warnings import budget_warnings
from mktanalytics.metrics.budget.budget_words import join_notes, word
from mktanalytics.metrics.budget.cost_to_sales import cost_to_sales
from mktanalytics.metrics.budget.pace import budget_pace, elapsed_share, execution_pace
from mktanalytics.metrics.budget.pace_bands import occupancy_band, pace_band
from mktanalytics.metrics.budget.transfers import transfer_balance
from mktanalytics.metrics.budget.year_forecast import full_year_forecast
from mktanalytics.metrics.result import RECORD, Status, need_columns, need_known, need_numbers, ratio_frame

__all__ = [
    "DIMENSIONS",
    "SCOPES",
    "budget_amounts",
    "budget_dimensions",
    "budget_pace",
    "budget_variance",
    "budget_warnings",
    "cost_to_sales",
    "elapsed_share",
    "execution_course",
    "execution_pace",
    "execution_rates",
    "full_year_forecast",
    "line_vouchers",
    "monthly_actual",
    "monthly_plan",
    "occupancy_band",
    "overspent_lines",
    "pace_band",
    "transfer_balance",
    "unbudgeted_lines",
    "unplaced_budget",
]

# metric -> (numerator, denominator)
RATES = {
    "execution_rate": (("recognised",), "ba"),  # 执行率
    "occupancy_rate": (("recognised", "committed"), "ba"),  # 占用率
    "payment_rate": (("paid",), "ba"),  # 支付率
    "original_execution_rate": (("recognised",), "b0"),  # 年初口径执行率
}


@checked
def execution_rates(
    amounts: pd.DataFrame, *, with_carry_over: bool = False, language: str = "zh"
) -> pd.DataFrame:
    """执行率, 占用率, 支付率 and 年初口径执行率 as records, each naming its denominator.

    Parameters
    ----------
    amounts : from `budget_amounts`: any keys, scope, b0, ba, committed, recognised, paid (CNY),
        missing_months, note.
    with_carry_over : BA and carry_over (CNY) are the denominator, and its name says 含结余.

    Returns
    -------
    One row per key, scope and metric (execution_rate, occupancy_rate, payment_rate,
    original_execution_rate) with the record columns. Status `unbudgeted` where the budget is 0 and
    money was spent, `na_zero_base` where both are 0, `na_nonpositive_base` for a credit line.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2, 0.2.

    Examples
    --------
    >>> a = pd.DataFrame({"scope": ["year"], "b0": [100e4], "ba": [120e4], "committed": [12e4],
    ...                   "recognised": [60e4], "paid": [48e4]})
    >>> execution_rates(a)[["metric", "value", "note"]].values.tolist()[:2]
    [['execution_rate', 0.5, '分母：调整后预算（全年）'], ['occupancy_rate', 0.6, '分母：调整后预算（全年）']]
    """
    used = ["b0", "ba", "committed", "recognised", "paid", *(["carry_over"] if with_carry_over else [])]
    need_columns(amounts, ["scope", *used], metric="execution_rates")
    need_numbers(amounts, used, metric="execution_rates")
    keys = [d for d in DIMENSIONS if d in amounts]
    frames = []
    for metric, (tops, bottom) in RATES.items():
        top = amounts[tops[0]].astype("float64")
        for more in tops[1:]:
            top = top + amounts[more]
        base = amounts[bottom].astype("float64")
        whole_base = with_carry_over and bottom == "ba"
        if whole_base:
            base = base + amounts["carry_over"].fillna(0.0)
        base = base.where(~(base.abs() < FEN), 0.0)
        out = ratio_frame(amounts[[*keys, "scope"]].assign(metric=metric), top, base)
        outside = (base == 0).to_numpy() & (top >= FEN).to_numpy()
        out.loc[outside, "status"] = str(Status.UNBUDGETED)
        with_it = word("with_carry_over", language) if whole_base else ""
        named = [
            join_notes(word(f"per_{bottom}_{s}", language), with_it, language=language)
            for s in amounts["scope"]
        ]
        given = amounts["note"] if "note" in amounts else [""] * len(amounts)
        why = {
            Status.UNBUDGETED: word("unbudgeted", language),
            Status.NONPOSITIVE_BASE: word("credit_line", language),
        }
        out["note"] = texts(
            [
                join_notes(d, why.get(Status(s), ""), g, language=language)
                for d, s, g in zip(named, out["status"], given, strict=True)
            ]
        )
        frames.append(out.assign(_row=range(len(out))))
    out = pd.concat(frames, ignore_index=True).sort_values("_row", kind="stable", ignore_index=True)
    return out[[*keys, "scope", "metric", *RECORD]]


@checked
def budget_variance(amounts: pd.DataFrame, *, kind: str = "cost", language: str = "zh") -> pd.DataFrame:
    """Actual against plan for the month and the year to date, favourable positive, said in words.

    Parameters
    ----------
    amounts : from `budget_amounts`. kind : cost (variance = plan - actual) or revenue (actual - plan).

    Returns
    -------
    keys, scope (month, ytd), ba, recognised, variance (CNY, > 0 is favourable), direction (favourable,
    unfavourable, nil), word (有利, 不利), and the record columns of variance / |plan|; status
    `unbudgeted` where the plan is 0 and money was spent.

    Raises
    ------
    MetricError
        `kind` is unknown or a column is missing.

    Source
    ------
    methods 4.2 (variance sign); Horngren ch. 7: favourable raises operating income.

    Examples
    --------
    >>> a = pd.DataFrame({"scope": ["month"], "ba": [40e4], "recognised": [50e4]})
    >>> budget_variance(a)[["variance", "word", "value"]].values.tolist()
    [[-100000.0, '不利', -0.25]]
    """
    need_columns(amounts, ["scope", "ba", "recognised"], metric="budget_variance")
    need_numbers(amounts, ["ba", "recognised"], metric="budget_variance")
    need_known(kind, ("cost", "revenue"), ("预算行类型", "kind of line"))
    keys = [d for d in DIMENSIONS if d in amounts]
    rows = amounts[amounts["scope"] != "year"].reset_index(drop=True)
    rows = rows.astype({"ba": "float64", "recognised": "float64"})
    gap = (rows["ba"] - rows["recognised"]) * (1 if kind == "cost" else -1)
    way = np.select([gap >= FEN, gap <= -FEN], ["favourable", "unfavourable"], "nil")
    way = np.where(gap.isna(), "none", way)
    base = rows["ba"].abs()
    out = ratio_frame(rows[[*keys, "scope", "ba", "recognised"]], gap, base.where(~(base < FEN), 0.0))
    out.loc[((base < FEN) & (rows["recognised"] >= FEN)).to_numpy(), "status"] = str(Status.UNBUDGETED)
    out["variance"] = gap
    out["direction"] = texts(way)
    out["word"] = texts([word(w, language) for w in way])
    return out[[*keys, "scope", "ba", "recognised", "variance", "direction", "word", *RECORD]]


@checked
def execution_course(
    budget: pd.DataFrame, spend: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """Plan and actual of each month of the fiscal year, and both cumulated, for the chart.

    Parameters
    ----------
    budget, spend : as in `budget_amounts`.

    Returns
    -------
    month, plan, actual (CNY; NaN after `month` and where spend is missing), plan_ytd, actual_ytd.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [120e4]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "status": "paid", "amount": [9e4]})
    >>> execution_course(b, s, month="2026-01").iloc[0, 1:].tolist()
    [100000.0, 90000.0, 100000.0, 90000.0]
    """
    now = first_of_month(month)
    plan = monthly_plan(budget, month=now, fiscal_year_start=fiscal_year_start).set_index("month")["ba"]
    known = monthly_actual(budget, spend, fiscal_year_start=fiscal_year_start).set_index("month")[
        "recognised"
    ]
    actual = known.reindex(plan.index).where(plan.index <= now)
    # a missing month is a hole in the bars, and the cumulated line goes on from what is known
    total = actual.fillna(0.0).cumsum().where(plan.index <= now) if actual.notna().any() else actual
    out = pd.DataFrame({"plan": plan, "actual": actual, "plan_ytd": plan.cumsum(), "actual_ytd": total})
    return out.rename_axis("month").reset_index()
