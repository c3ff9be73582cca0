"""The six amounts of a budget line: B0, BA, C, A, P and what is still available (methods 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.budget_words import UNSPECIFIED, join_notes, word
from mktanalytics.metrics.result import need_columns
from mktanalytics.workdays import is_jan_feb

DIMENSIONS = ("department", "category", "activity", "region", "channel")
SCOPES = ("month", "ytd", "year")
STAGES = ("committed", "recognised", "paid")
SPAN = {"year": 12, "half": 6, "quarter": 3}  # months a row covers; any other period lies in one month
FEN = 0.005  # amounts nearer than half a fen are equal: sums of floats are not exact
# A dimension is usable when the plan is (nearly) all written by it, and spend mostly is.
PLAN_FILLED, SPEND_FILLED = 0.95, 0.50


def first_of_month(month: str | pd.Timestamp) -> pd.Timestamp:
    """The first day of `month`, given as "2026-10" or any date in it.

    >>> first_of_month("2026-10")
    Timestamp('2026-10-01 00:00:00')
    """
    try:
        return pd.Timestamp(month).to_period("M").to_timestamp()
    except ValueError:
        raise MetricError(
            "not a month", found=repr(month), expected="such as 2026-10", todo="correct it"
        ) from None


def fiscal_months(month: str | pd.Timestamp, fiscal_year_start: int = 1) -> pd.DatetimeIndex:
    """The twelve months of the fiscal year that holds `month`.

    >>> fiscal_months("2026-02", 4)[[0, -1]].strftime("%Y-%m").tolist()
    ['2025-04', '2026-03']
    """
    if fiscal_year_start not in range(1, 13):
        raise MetricError(
            "no such month",
            found=str(fiscal_year_start),
            expected="1 to 12",
            todo="correct fiscal_year_start",
        )
    day = first_of_month(month)
    year = day.year if day.month >= fiscal_year_start else day.year - 1
    return pd.date_range(pd.Timestamp(year, fiscal_year_start, 1), periods=12, freq="MS")


def month_of_year(month: str | pd.Timestamp, fiscal_year_start: int = 1) -> int:
    """How many months of the fiscal year have passed at the end of `month`.

    >>> month_of_year("2026-02", 4)
    11
    """
    return (first_of_month(month).month - fiscal_year_start) % 12 + 1


def texts(values: Iterable[object]) -> pd.Series:
    """The values as a text column, also when there are none."""
    return pd.Series(list(values), dtype="str")


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
    plan = _placed(budget, fiscal_year_start)
    plan = plan[_overlap(plan, year[0], year[-1]) > 0]
    used = spend[spend["month"].isin(year)] if "month" in spend else spend.iloc[:0]
    if used.empty:
        return tuple(d for d in DIMENSIONS if _filled(plan, d) >= PLAN_FILLED)
    return tuple(
        d for d in DIMENSIONS if _filled(plan, d) >= PLAN_FILLED and _filled(used, d) >= SPEND_FILLED
    )


def budget_amounts(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """B0, BA, C, A, P and available per key, for the month, the year to date and the whole year.

    Parameters
    ----------
    budget : month, amount (CNY); optional period, version (original or adjustment), date (of approval),
        actual_amount (CNY) and the dimensions. Missing period is month, missing version original.
    spend : month, amount (CNY), status (committed, recognised, paid; each line at one stage) and the
        dimensions; voucher lines, or a rollup of them.
    month : the report's month; BA counts adjustments dated up to its last day, undated ones by their month.
    by : any of department, category, activity, region, channel. Blank keys become 未注明.

    Returns
    -------
    One row per key and scope: `by`, scope, b0, adjustment, ba, committed (C), recognised (A), paid (P),
    available (= ba - committed - recognised), all CNY; missing_months (count), note.
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
    keys, now = list(by), first_of_month(month)
    year = fiscal_months(now, fiscal_year_start)
    windows = {"month": (now, now, now), "ytd": (year[0], now, now), "year": (year[0], year[-1], now)}
    plan = approved_plan(budget, month=now, fiscal_year_start=fiscal_year_start)
    plan = plan[_overlap(plan, year[0], year[-1]) > 0]
    used, note = actual_lines(
        budget, spend, month=now, fiscal_year_start=fiscal_year_start, language=language
    )
    _one_currency(plan, used)
    gaps = missing_months(used, year[year <= now])
    frames = [
        _scope_amounts(plan, used, scope, *window, keys=keys, gaps=gaps) for scope, window in windows.items()
    ]
    out = pd.concat(frames, ignore_index=True)
    notes = [note, "" if len(plan) else word("no_budget", language)]
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


def monthly_plan(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, by: Sequence[str] = (), fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The plan of each month of the fiscal year, as approved by the end of `month`.

    Parameters
    ----------
    budget : as in `budget_amounts`. month : the date BA is taken at. by : dimensions.

    Returns
    -------
    `by`, month, b0, ba (CNY), even (CNY of ba that came from rows without months, spread evenly).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2 (分月计划).

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [120e4]})
    >>> monthly_plan(b, month="2026-03")["ba"].tolist()[:2]
    [100000.0, 100000.0]
    """
    keys, now = list(by), first_of_month(month)
    plan = approved_plan(budget, month=now, fiscal_year_start=fiscal_year_start)
    parts = []
    for each in fiscal_months(now, fiscal_year_start):
        part = _plan_sums(plan, each, each, keys)
        part.insert(len(keys), "month", each)
        parts.append(part)
    out = pd.concat(parts, ignore_index=True)
    return out[[*keys, "month", "b0", "ba", "even"]].sort_values([*keys, "month"], ignore_index=True)


def monthly_actual(
    budget: pd.DataFrame, spend: pd.DataFrame, *, by: Sequence[str] = (), fiscal_year_start: int = 1
) -> pd.DataFrame:
    """Recognised cost A by month over the whole history, months of no spend at all left out.

    Parameters
    ----------
    budget, spend : as in `budget_amounts`. by : dimensions.

    Returns
    -------
    `by`, month, recognised (CNY); every key has every month of the data, 0 where it had no line.

    Source
    ------
    methods 0.6, 4.1.

    Examples
    --------
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-02-01"]), "region": ["华东", "华南"],
    ...                   "status": "paid", "amount": [3e4, 2e4]})
    >>> monthly_actual(pd.DataFrame({"month": s["month"], "amount": 0.0}), s, by=["region"])["recognised"].tolist()
    [30000.0, 0.0, 0.0, 20000.0]
    """
    keys = list(by)
    starts = sorted({fiscal_months(m, fiscal_year_start)[0] for m in _all_months(budget, spend)})
    parts = [
        actual_lines(budget, spend, month=s + pd.DateOffset(months=11), fiscal_year_start=fiscal_year_start)[
            0
        ]
        for s in starts
    ]
    rows = pd.concat(parts, ignore_index=True) if parts else _no_lines()
    rows = rows[rows["stage"].isin(("recognised", "paid")) & ~rows["unphased"]]
    rows = _with_keys(rows, keys)
    index = [*keys, "month"]
    sums = rows.sort_values([*index, "amount"]).groupby(index, as_index=False)[["amount"]].sum()
    out: pd.DataFrame = sums.rename(columns={"amount": "recognised"})
    if keys:
        every = out[keys].drop_duplicates().merge(out[["month"]].drop_duplicates(), how="cross")
        out = every.merge(out, on=index, how="left").fillna({"recognised": 0.0})
    return out[[*index, "recognised"]].sort_values(index, ignore_index=True)


def approved_plan(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The budget rows that stood at the end of `month`, each with its first month and span in months.

    Where one line is planned both by year and by months, the year row keeps only what the months
    leave over, so that no yuan counts twice (methods 4.1, BA).
    """
    now = first_of_month(month)
    rows = _placed(budget, fiscal_year_start)
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
        lines = spend[spend["month"].between(year[0], now) & spend["amount"].notna()]
        whole = spend["month"].between(year[0], year[-1])
        if whole.any():
            stage = lines["status"] if "status" in lines else pd.Series("recognised", lines.index)
            stage = stage.fillna("recognised")
            _known(stage, STAGES, "status")
            return lines.assign(stage=stage, unphased=False), ""
    if "actual_amount" in budget:
        rows = _placed(budget, fiscal_year_start)
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
    return _no_lines(), word("no_actuals", language)


def missing_months(lines: pd.DataFrame, months: pd.DatetimeIndex) -> list[str]:
    """The months, as "2026-03", in which no line of any key has spend."""
    if len(lines) and lines["unphased"].any():
        return []
    return [f"{m:%Y-%m}" for m in months if not (lines["month"] == m).any()]


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
    planned = _plan_sums(plan, start, end, keys)
    used = _stage_sums(lines[lines["month"].between(start, now)], keys)
    # every key of the year shows in every scope, so that a line not yet started is a row and not a hole
    every = pd.concat([_keys_of(plan, keys), _keys_of(lines, keys)]).drop_duplicates()
    out = every.merge(planned, on=keys, how="left") if keys else planned
    out = out.merge(used, on=keys, how="left") if keys else pd.concat([planned, used], axis=1)
    plan_cols = ["b0", "ba"]
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
    names = ["b0", "adjustment", "ba", "committed", "recognised", "paid", "available", "missing_months"]
    return out[[*keys, "scope", *names]]


def _plan_sums(plan: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, keys: list[str]) -> pd.DataFrame:
    months = _overlap(plan, start, end)
    # a row wholly inside keeps its amount to the last bit; only a cut one is divided
    inside = plan["amount"].where(months == plan["span"], plan["amount"] * months / plan["span"])
    rows = _with_keys(plan, keys).assign(
        ba=inside,
        b0=inside.where(plan["version"] == "original", 0.0),
        even=inside.where((plan["span"] > 1) & (plan["span"] > months), 0.0),
    )[months > 0]
    return _sum(rows, keys, ["b0", "ba", "even"])


def _stage_sums(lines: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    rows = _with_keys(lines, keys)
    for stage in STAGES:
        rows[stage] = rows["amount"].where(rows["stage"] == stage, 0.0)
    return _sum(rows, keys, list(STAGES))


def _sum(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    # sorted before summing: the order of the rows must not move the last bit of a float
    rows = rows[[*keys, *columns]].sort_values([*keys, *columns], ignore_index=True)
    if keys:
        return rows.groupby(keys, as_index=False)[columns].sum()
    return rows[columns].sum().astype("float64").to_frame().T


def _with_keys(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    unknown = [k for k in keys if k not in DIMENSIONS]
    if unknown:
        raise MetricError(
            f"can't group by {', '.join(unknown)}", expected=", ".join(DIMENSIONS), todo="use one of these"
        )
    filled = {k: rows[k].astype("str").fillna(UNSPECIFIED) if k in rows else UNSPECIFIED for k in keys}
    return rows.assign(**filled)


def _keys_of(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return _with_keys(rows, keys)[keys].astype("str").drop_duplicates()


def _placed(budget: pd.DataFrame, fiscal_year_start: int) -> pd.DataFrame:
    """Budget rows with period, version and date filled in, and the span each covers."""
    need_columns(budget, ["month", "amount"], metric="budget execution (budget)")
    rows = budget.reset_index(drop=True)
    period = rows["period"].fillna("month") if "period" in rows else pd.Series("month", rows.index)
    version = rows["version"].fillna("original") if "version" in rows else pd.Series("original", rows.index)
    _known(version, ("original", "adjustment"), "version")
    date = pd.to_datetime(rows["date"]) if "date" in rows else pd.Series(pd.NaT, rows.index)
    date = date.astype("datetime64[us]")
    first: pd.Series = pd.to_datetime(rows["month"]).astype("datetime64[us]").fillna(date)
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


def _overlap(plan: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    """How many months of each row's span lie between two months."""
    first = plan["first"].dt.year * 12 + plan["first"].dt.month
    low, high = start.year * 12 + start.month, end.year * 12 + end.month
    months: pd.Series = (first + plan["span"] - 1).clip(upper=high) - first.clip(lower=low) + 1
    return months.clip(lower=0).fillna(0)


def _filled(rows: pd.DataFrame, dimension: str) -> float:
    if dimension not in rows or rows.empty:
        return 0.0
    weight = rows["amount"].abs()
    total = float(weight.sum())
    return float(weight[rows[dimension].notna()].sum()) / total if total else 0.0


def _known(values: pd.Series, allowed: tuple[str, ...], name: str) -> None:
    strange = sorted(set(values.astype("str")) - set(allowed))
    if strange:
        raise MetricError(
            f"unknown {name}", found=", ".join(strange), expected=", ".join(allowed), todo="map it to one"
        )


def _one_currency(*frames: pd.DataFrame) -> None:
    found = sorted({str(c) for f in frames if "currency" in f for c in f["currency"].dropna().unique()})
    if len(found) > 1:
        raise MetricError(
            "mixed currencies can't be summed",
            found=", ".join(found),
            expected="one currency",
            todo="convert them first",
        )


def _all_months(budget: pd.DataFrame, spend: pd.DataFrame) -> list[pd.Timestamp]:
    months = [f["month"].dropna() for f in (budget, spend) if "month" in f and len(f)]
    return list(pd.concat(months).unique()) if months else []


def _no_lines() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": pd.Series(dtype="datetime64[us]"),
            "amount": pd.Series(dtype="float64"),
            "stage": pd.Series(dtype="str"),
            "unphased": pd.Series(dtype="bool"),
        }
    )
