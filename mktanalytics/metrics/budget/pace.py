"""序时进度: how much of the year's budget should be used by now, and how far spending is from it (methods 4.2)."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import first_of_month, fiscal_months, month_of_year, texts
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_months import monthly_plan
from mktanalytics.metrics.budget.budget_words import join_notes, word
from mktanalytics.metrics.budget.pace_bands import occupancy_band, pace_band
from mktanalytics.metrics.result import dimensions, need_known
from mktanalytics.settings import Thresholds

RULE = ("序时进度规则", "rule of pace")


@checked
def elapsed_share(
    month: str | pd.Timestamp,
    *,
    rule: str = "months",
    fiscal_year_start: int = 1,
    data_through: pd.Timestamp | None = None,
) -> float:
    """The share of the fiscal year that has passed at the end of `month`, in full precision.

    Parameters
    ----------
    month : the report's month. rule : months (months/12) or days (days/365 or 366).
    data_through : last day with data; where it falls inside `month`, that month counts by its days.

    Returns
    -------
    A fraction, 0 to 1.

    Source
    ------
    methods 4.2, 0.7; offices that truncate to a whole percent print gaps that are off.

    Examples
    --------
    >>> elapsed_share("2026-07")
    0.5833333333333334
    >>> round(elapsed_share("2026-07", rule="days"), 6)
    0.580822
    """
    now, year = first_of_month(month), fiscal_months(month, fiscal_year_start)
    passed = _passed_of_month(now, data_through)
    if rule == "days":
        days = (year[-1] + pd.offsets.MonthEnd(0) - year[0]).days + 1
        return float(((now - year[0]).days + passed * now.days_in_month) / days)
    need_known(rule, ("months", "days"), RULE)
    return float((month_of_year(now, fiscal_year_start) - 1 + passed) / 12)


@checked
def budget_pace(
    budget: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    rule: str = "phased",
    fiscal_year_start: int = 1,
    data_through: pd.Timestamp | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """序时进度 per key: the phased plan's share to date, with months/12 beside it as the reference.

    Parameters
    ----------
    budget : as in `budget_amounts`. rule : phased (分月计划累计/全年), months or days.
    data_through : see `elapsed_share`.

    Returns
    -------
    `by`, pace (fraction), reference (fraction, months/12), rule (the one applied), note.
    A plan whose cumulative share lies outside 0 to 1, or without months, falls back to months/12.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2, 2.3 (5): a plan by months moves with the Spring Festival, months/12 doesn't.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-11-01"]), "amount": [20e4, 80e4]})
    >>> budget_pace(b, month="2026-06")[["pace", "reference"]].values.tolist()
    [[0.2, 0.5]]
    """
    by = dimensions(by)
    need_known(rule, ("phased", "months", "days"), RULE)
    keys, now = list(by), first_of_month(month)
    reference = elapsed_share(now, fiscal_year_start=fiscal_year_start, data_through=data_through)
    plan = monthly_plan(budget, month=now, by=keys, fiscal_year_start=fiscal_year_start)
    if plan.empty:
        return pd.DataFrame(
            {**{k: pd.Series(dtype="str") for k in keys}, "pace": [], "reference": [], "rule": [], "note": []}
        )
    passed = _passed_of_month(now, data_through)
    weight = np.select([plan["month"] < now, plan["month"] == now], [1.0, passed], 0.0)
    sums = plan.assign(to_date=plan["ba"] * weight, even=plan["even"].abs(), size=plan["ba"].abs())
    columns = ["ba", "to_date", "even", "size"]
    out = sums.groupby(keys, as_index=False)[columns].sum() if keys else sums[columns].sum().to_frame().T
    out["phased"] = (out["to_date"] / out["ba"].where(out["ba"] > 0)).astype("float64")
    usable = out["phased"].between(-1e-12, 1 + 1e-12) & (out["even"] < out["size"])
    days = elapsed_share(now, rule="days", fiscal_year_start=fiscal_year_start, data_through=data_through)
    fixed = days if rule == "days" else reference
    phased = usable & (rule == "phased")
    out["pace"] = out["phased"].clip(0, 1).where(phased, fixed)
    out["rule"] = texts(np.where(phased, "phased", "days" if rule == "days" else "months"))
    out["reference"] = reference
    out["note"] = texts(
        [_pace_note(r, rule, now, passed, data_through, language) for r in out.to_dict("records")]
    )
    return out[[*keys, "pace", "reference", "rule", "note"]]


@checked
def execution_pace(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    rule: str = "phased",
    kind: str = "cost",
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
    fiscal_year_start: int = 1,
    data_through: pd.Timestamp | None = None,
    language: str = "zh",
) -> pd.DataFrame:
    """执行率 against 序时进度 per key: the gap, the relative pace and the colour bands.

    Parameters
    ----------
    budget, spend, month, by : as in `budget_amounts`. rule, data_through : as in `budget_pace`.
    kind : cost, or revenue, of which more is never too much. thresholds : where the bands begin.

    Returns
    -------
    `by`, ba, recognised, committed (CNY, full-year plan), execution_rate, pace, reference (fractions),
    gap_pp (a difference of fractions), relative_pace (×), band (behind, normal, watch, over_pace, grey,
    none), occupancy_rate, occupancy_band (normal, warning, frozen, none), note. Rates are NaN and bands
    none where BA is not positive; `word(band)` gives 滞后, 正常, 关注, 超进度, 预警, 冻结.

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there. Or the kind is unknown.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [1200e4]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "status": "paid", "amount": [300e4]})
    >>> execution_pace(b, s, month="2026-06")[["execution_rate", "gap_pp", "relative_pace", "band"]].values.tolist()
    [[0.25, -0.25, 0.5, 'behind']]
    """
    by = dimensions(by)
    keys, now = list(by), first_of_month(month)
    amounts = budget_amounts(
        budget, spend, month=now, by=keys, fiscal_year_start=fiscal_year_start, language=language
    )
    pace = budget_pace(
        budget,
        month=now,
        by=keys,
        rule=rule,
        fiscal_year_start=fiscal_year_start,
        data_through=data_through,
        language=language,
    )
    out = _beside(amounts[amounts["scope"] == "year"].reset_index(drop=True), pace, keys)
    early = month_of_year(now, fiscal_year_start) < thresholds.pace_from_month
    out["band"] = texts([pace_band(x, thresholds, early=early, kind=kind) for x in out["relative_pace"]])
    out["occupancy_band"] = texts([occupancy_band(x, thresholds) for x in out["occupancy_rate"]])
    grey = word("pace_grey", language, n=thresholds.pace_from_month) if early else ""
    notes = zip(out["note"], out["note_pace"], strict=True)
    out["note"] = texts([join_notes(a, b, grey, language=language) for a, b in notes])
    names = ["ba", "recognised", "committed", "execution_rate", "pace", "reference", "gap_pp", "relative_pace",
             "band", "occupancy_rate", "occupancy_band", "note"]  # fmt: skip
    return out[[*keys, *names]]


# ---- the parts


def _beside(amounts: pd.DataFrame, pace: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Each key's amounts beside its pace, and the rates between them."""
    pace = pace.rename(columns={"note": "note_pace"})
    out = amounts.merge(pace, on=keys, how="left") if keys else pd.concat([amounts, pace], axis=1)
    out["note_pace"] = out["note_pace"].astype("str").fillna("")
    base = out["ba"].where(out["ba"] > 0)
    out["execution_rate"] = out["recognised"] / base
    out["occupancy_rate"] = (out["recognised"] + out["committed"]) / base
    out["gap_pp"] = out["execution_rate"] - out["pace"]
    out["relative_pace"] = out["execution_rate"] / out["pace"].where(out["pace"] > 0)
    return out


def _passed_of_month(now: pd.Timestamp, data_through: pd.Timestamp | None) -> float:
    if data_through is None or data_through >= now + pd.offsets.MonthEnd(0):
        return 1.0
    return max((data_through.normalize() - now).days + 1, 0) / now.days_in_month


def _pace_note(
    row: dict[Hashable, Any],
    asked: str,
    now: pd.Timestamp,
    passed: float,
    data_through: pd.Timestamp | None,
    language: str,
) -> str:
    used = str(row["rule"])
    text = word("pace_fallback" if asked != used else f"pace_{used}", language)
    even, size = float(row["even"]), float(row["size"])
    partly = (
        word("pace_partly", language, share=f"{even / size:.0%}") if used == "phased" and even > 0 else ""
    )
    january = word("pace_january", language) if now.month == 1 else ""
    partial = word("partial_month", language, day=f"{data_through:%Y-%m-%d}") if passed < 1 else ""
    return join_notes(text, partly, partial, january, language=language)
