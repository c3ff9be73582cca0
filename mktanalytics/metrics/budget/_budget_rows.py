"""Budget and spend rows as execution reads them: placed in months, as approved, one stage a line (methods 4.1)."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.budget.budget_words import join_notes, word
from mktanalytics.metrics.result import need_columns, need_known, need_numbers

DIMENSIONS = ("department", "category", "activity", "region", "channel")


STAGES = ("committed", "recognised", "paid")
VERSIONS = ("original", "adjustment", "carry_over")


SPAN = {"year": 12, "half": 6, "quarter": 3}  # months a row covers; any other period lies in one month


FEN = 0.005  # amounts nearer than half a fen are equal: sums of floats are not exact


def first_of_month(month: str | pd.Timestamp) -> pd.Timestamp:
    """The first day of `month`, given as "2026-10" or any date in it.

    >>> first_of_month("2026-10")
    Timestamp('2026-10-01 00:00:00')
    """
    try:
        return pd.Timestamp(month).to_period("M").to_timestamp()
    except (ValueError, TypeError, AttributeError):  # NaT has no month
        raise MetricError(
            ("不是月份", "not a month"),
            found=repr(month),
            expected=("如 2026-10", "such as 2026-10"),
            todo=("请改正", "correct it"),
        ) from None


def fiscal_months(month: str | pd.Timestamp, fiscal_year_start: int = 1) -> pd.DatetimeIndex:
    """The twelve months of the fiscal year that holds `month`.

    >>> fiscal_months("2026-02", 4)[[0, -1]].strftime("%Y-%m").tolist()
    ['2025-04', '2026-03']
    """
    _need_month_of_year(fiscal_year_start)
    day = first_of_month(month)
    year = day.year if day.month >= fiscal_year_start else day.year - 1
    return pd.date_range(pd.Timestamp(year, fiscal_year_start, 1), periods=12, freq="MS")


def _need_month_of_year(fiscal_year_start: int) -> None:
    if fiscal_year_start not in range(1, 13):
        raise MetricError(
            ("没有这个月份", "no such month"),
            found=str(fiscal_year_start),
            expected=("1 到 12", "1 to 12"),
            todo=("改正 fiscal_year_start", "correct fiscal_year_start"),
        )


def month_of_year(month: str | pd.Timestamp, fiscal_year_start: int = 1) -> int:
    """How many months of the fiscal year have passed at the end of `month`.

    >>> month_of_year("2026-02", 4)
    11
    """
    return (first_of_month(month).month - fiscal_year_start) % 12 + 1


def texts(values: Iterable[object]) -> pd.Series:
    """The values as a text column, also when there are none."""
    return pd.Series(list(values), dtype="str")


def approved_plan(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The budget rows that stood at the end of `month`, each with its first month and span in months.

    Where one line is planned both by year and by months, the year row keeps only what the months
    leave over, so that no yuan counts twice (methods 4.1, BA).
    """
    now = first_of_month(month)
    rows = placed_rows(budget, fiscal_year_start)
    end = now + pd.offsets.MonthEnd(0)
    dated = rows["date"].notna()
    stands = (rows["date"].dt.normalize() <= end).where(dated, rows["first"] <= now)
    return _once(rows[(rows["version"] == "original") | stands.astype(bool)])


def actual_lines(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> tuple[pd.DataFrame, str]:
    """The spend lines of the fiscal year up to `month` and a note on where they come from (methods 4.1).

    Without vouchers the plan's own actual_amount is A.
    """
    now = first_of_month(month)
    year = fiscal_months(now, fiscal_year_start)
    if len(spend):
        need_columns(spend, ["month", "amount"], metric="budget execution (spend)")
        need_numbers(spend, ["amount"], metric="budget execution (spend)")
        spend = spend.assign(month=stamps(spend["month"]).astype("datetime64[us]"))
        lines = spend[spend["month"].between(year[0], now) & spend["amount"].notna()]
        whole = spend["month"].between(year[0], year[-1])
        if whole.any():
            stage = lines["status"] if "status" in lines else pd.Series("recognised", lines.index)
            stage = stage.fillna("recognised")
            need_known(stage, STAGES, "status")
            return lines.assign(stage=stage, unphased=False), ""
    if "actual_amount" in budget:
        rows = placed_rows(budget, fiscal_year_start)
        rows = rows[rows["actual_amount"].notna() & rows["first"].between(year[0], now)]
        if len(rows):
            stated = rows.assign(
                amount=rows["actual_amount"],
                month=rows["first"],
                stage="recognised",
                unphased=rows["span"] > 1,
            )
            notes = (word("actual_from_budget", language), word("no_commitments", language))
            return stated, join_notes(*notes, language=language)
    return no_lines(), word("no_actuals", language)


def missing_months(lines: pd.DataFrame, months: pd.DatetimeIndex) -> list[str]:
    """The months, as "2026-03", in which no line of any key has spend."""
    if len(lines) and lines["unphased"].any():
        return []
    return [f"{m:%Y-%m}" for m in months if not (lines["month"] == m).any()]


def placed_rows(budget: pd.DataFrame, fiscal_year_start: int) -> pd.DataFrame:
    """Budget rows with period, version and date filled in, and the span each covers."""
    _need_month_of_year(fiscal_year_start)
    need_columns(budget, ["month", "amount"], metric="budget execution (budget)")
    need_numbers(budget, ["amount"], metric="budget execution (budget)")
    rows = budget.reset_index(drop=True)
    period = rows["period"].fillna("month") if "period" in rows else pd.Series("month", rows.index)
    version = rows["version"].fillna("original") if "version" in rows else pd.Series("original", rows.index)
    need_known(version, VERSIONS, "version")
    date = stamps(rows["date"]) if "date" in rows else pd.Series(pd.NaT, rows.index)
    date = date.astype("datetime64[us]")
    first: pd.Series = stamps(rows["month"]).astype("datetime64[us]").fillna(date)
    first = first.dt.to_period("M").dt.to_timestamp()
    span = period.map(SPAN).fillna(1).astype("int64")
    yearly = (span == 12) & first.notna()
    starts = [_year_start(m, fiscal_year_start) if y else m for m, y in zip(first, yearly, strict=True)]
    first = pd.Series(pd.to_datetime(starts), index=rows.index, dtype="datetime64[us]")
    return rows.assign(period=period, version=version, date=date, first=first, span=span)


def _year_start(month: pd.Timestamp, fiscal_year_start: int) -> pd.Timestamp:
    # "2026年" is read as January 2026; for a year from April it means the year that begins in 2026
    if month.month == 1:
        return pd.Timestamp(month.year, fiscal_year_start, 1)
    return fiscal_months(month, fiscal_year_start)[0]


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Take from each line's year row what its own month rows already plan."""
    line = [d for d in DIMENSIONS if d in rows]
    original = rows["version"] == "original"
    yearly, finer = rows[original & (rows["span"] == 12)], rows[original & (rows["span"] < 12)]
    if yearly.empty or finer.empty:
        return rows.assign(doubled=False)
    amounts, doubled = rows["amount"].copy(), pd.Series(False, rows.index)
    for _, group in yearly.groupby([*line, "first"], dropna=False, sort=False):
        same = pd.Series(True, finer.index)
        for d in line:
            value = group[d].iloc[0]
            same &= finer[d].isna() if pd.isna(value) else (finer[d] == value).fillna(False)
        start = group["first"].iloc[0]
        same &= finer["first"].between(start, start + pd.DateOffset(months=11))
        if same.any():
            amounts[group.index[0]] -= finer.loc[same, "amount"].sum()
            doubled[group.index] = True
    return rows.assign(amount=amounts, doubled=doubled)


def overlap_months(plan: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """How many months of each row's span lie between two months."""
    first = plan["first"].dt.year * 12 + plan["first"].dt.month
    low, high = start.year * 12 + start.month, end.year * 12 + end.month
    months: pd.Series = (first + plan["span"] - 1).clip(upper=high) - first.clip(lower=low) + 1
    return months.clip(lower=0).fillna(0)


def no_lines() -> pd.DataFrame:
    """Spend lines where there are none, with their columns."""
    return pd.DataFrame(
        {
            "month": pd.Series(dtype="datetime64[us]"),
            "amount": pd.Series(dtype="float64"),
            "stage": pd.Series(dtype="str"),
            "unphased": pd.Series(dtype="bool"),
        }
    )
