"""How far the actuals of a budget reach, and in which currency its amounts can be summed (methods 0.4, 0.7)."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mktanalytics.errors import NotPublishedError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.budget._budget_rows import (
    actual_lines,
    first_of_month,
    fiscal_months,
    missing_months,
)
from mktanalytics.metrics.through import complete_month


@dataclass(frozen=True)
class Reach:
    """What is known of the actuals up to the report's month."""

    day: pd.Timestamp | None  # the last day of a month that is not over; None where the month is complete
    complete: pd.Timestamp | None  # the last complete month of the fiscal year; None before its first
    gaps: tuple[str, ...]  # months of the year so far without any spend
    note: str  # where the actuals come from, if not from vouchers


@checked
def actuals_reach(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    part: bool = False,
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> Reach:
    """How far the actuals reach, or a refusal where there are none to report on.

    Parameters
    ----------
    budget, spend, month : as in `budget_amounts`.
    part : the tables hold some regions only, in which a month without spend is no fault.

    Returns
    -------
    Reach.

    Raises
    ------
    NotPublishedError
        The fiscal year has no actuals up to `month`, or (unless `part`) they end before it.

    Source
    ------
    methods 0.6, 0.7.

    Examples
    --------
    >>> m = pd.to_datetime(["2026-02-20"])
    >>> s = pd.DataFrame({"date": m, "month": pd.to_datetime(["2026-02-01"]), "status": "paid", "amount": [9e4]})
    >>> actuals_reach(s.iloc[:0], s, month="2026-02").gaps
    ('2026-01',)
    """
    now = first_of_month(month)
    year = fiscal_months(now, fiscal_year_start)
    lines, note = actual_lines(
        budget, spend, month=now, fiscal_year_start=fiscal_year_start, language=language
    )
    if lines.empty:
        raise _refusal("none", f"{now:%Y-%m}", "")
    gaps = tuple(missing_months(lines, year[year <= now]))
    if note:  # the budget sheet's own actuals: by months or for the year, never by the day
        return Reach(None, now, gaps, note)
    last = _last_day(spend)
    if last < now and not part:
        raise _refusal("early", f"{now:%Y-%m}", f"{last:%Y-%m-%d}")
    whole = pd.Timestamp(complete_month(last.date()))
    if part or whole >= now:
        return Reach(None, now, gaps, "")
    return Reach(last, whole if whole >= year[0] else None, gaps, "")


def _last_day(spend: pd.DataFrame) -> pd.Timestamp:
    months = spend["month"].dropna()
    # a line that names only its month reaches to the month's end
    ends = months + pd.offsets.MonthEnd(0)
    if "date" in spend:
        ends = stamps(spend.loc[months.index, "date"]).fillna(ends)
    return pd.Timestamp(ends.max()).normalize()


def _refusal(why: str, month: str, last: str) -> NotPublishedError:
    nothing = f"截至 {month} 本年度没有实际费用", f"no actual spend in this fiscal year up to {month}"
    early = f"费用凭证没有 {month} 的数据", f"no spend vouchers for {month}"
    neither = (
        "费用凭证表与预算表的“实际”列均无数据",
        "neither vouchers nor an actual column on the budget sheet",
    )
    return NotPublishedError(
        nothing if why == "none" else early,
        found=(f"数据截至 {last}", f"data through {last}") if last else neither,
        expected=(
            "费用凭证明细，或带“实际”列的预算表",
            "spend vouchers, or a budget sheet with an actual column",
        ),
        todo=(
            "把该月费用台账放进 data/raw 后重新运行，或选择更早的月份",
            "drop that month's spend workbook into data/raw and run again, or choose an earlier month",
        ),
    )
