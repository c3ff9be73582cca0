"""全年预计: what the year will cost by the method chosen, with a range and all others beside it (methods 4.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import (
    actual_lines,
    first_of_month,
    fiscal_months,
    missing_months,
    month_of_year,
    texts,
)
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_months import monthly_actual, monthly_plan
from mktanalytics.metrics.budget.budget_words import join_notes
from mktanalytics.metrics.budget.year_methods import (
    CROSS_CHECK,
    MAIN,
    METHODS,
    PLANS,
    method_words,
    year_forecasts,
)
from mktanalytics.metrics.budget.year_ranges import ENOUGH_ERRORS, Floats, past_errors_of_years, year_range
from mktanalytics.metrics.result import Status, dimensions, need_known

_NOTES = {
    "past": ("区间为过去 {n} 次同月预计误差的 10%–90% 分位", "range: 10th–90th percentile of {n} past errors at the same month"),
    "m3": (
        "历史不足，区间按一般商业序列（M3）同月误差估计；营销费用波动更大，实际误差可能更大",
        "too little history: the range is that of general business series (M3); campaign spend is lumpier, expect worse",
    ),
    "plan": (
        "没有往年计划可比，区间按一般商业序列（M3）同月误差估计；营销费用波动更大，实际误差可能更大",
        "no past plans to compare with: the range is that of general business series (M3); campaign spend is lumpier, expect worse",
    ),
    "short": ("历史不足12个月，无季节形态可循", "fewer than 12 months of history: no seasonal pattern"),
    "share_only": (
        "Theta、ETS 需 24 个月以上历史，仅用历年同期占比",
        "Theta and ETS need 24 months: the seasonal share alone",
    ),
    "instead": ("“{asked}”不可用，改用“{used}”", "{asked} not possible, {used} instead"),
    "gap": ("本年缺 {n} 个月数据，无法预计全年", "{n} months of this year missing: no forecast"),
    "done": ("全年已结束，即实际数", "the year is over: this is the actual"),
}  # fmt: skip


@checked
def full_year_forecast(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
    method: str = MAIN,
    fiscal_year_start: int = 1,
    spring: bool = True,
    language: str = "zh",
) -> pd.DataFrame:
    """The full year per key by the chosen method, with a range, beside all other methods and the budget.

    Parameters
    ----------
    budget, spend, by : as in `budget_amounts`, `spend` with the past years. month : the last month known.
    method : one of METHODS; where the data don't allow it, bottom_up, else mean_of_bf, else linear.

    Returns
    -------
    `by`, ba, actual_ytd (CNY), method (the one used), value, low, high (CNY), difference (value - ba),
    history_months (count), range_from (past: own past errors at the same month of the year, pooled over the
    keys; m3: the published errors of methods 4.4), errors (count), one column per method, status, note.
    Where months of this year are missing, value is NaN and status `na_missing`.

    Raises
    ------
    MetricError
        The method is unknown or a column is missing.

    Source
    ------
    methods 4.4: bottom_up is the main number of a budget, statistics are the cross-check; the range is the
    10th to 90th percentile of past errors, never a point alone.

    Examples
    --------
    >>> m = pd.date_range("2025-01-01", periods=18, freq="MS")
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [10e4] * 12 + [11e4] * 6})
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [126e4]})
    >>> f = full_year_forecast(b, s, month="2026-06", method="mean_of_bf").iloc[0]
    >>> round(f["value"]), f["method"], f["range_from"], bool(f["low"] <= f["value"] <= f["high"])
    (1320000, 'mean_of_bf', 'm3', True)
    """
    by = dimensions(by)
    need_known(method, METHODS, ("方法", "method"))
    keys, now, start = list(by), first_of_month(month), fiscal_year_start
    amounts = budget_amounts(budget, spend, month=now, by=keys, fiscal_year_start=start)
    plans = _by_key(monthly_plan(budget, month=now, by=keys, fiscal_year_start=start), keys, "ba")
    history = monthly_actual(budget, spend, by=keys, fiscal_year_start=start)
    history = history[history["month"] <= now]
    actuals = _by_key(history, keys, "recognised")
    silent = pd.Series(0.0, pd.DatetimeIndex(sorted(history["month"].unique())))
    m = month_of_year(now, start)
    lines, _ = actual_lines(budget, spend, month=now, fiscal_year_start=start)
    gaps = len(missing_months(lines, fiscal_months(now, start)[:m]))
    errors = past_errors_of_years(actuals, now, method, start, spring)
    rows = []
    for record in amounts[amounts["scope"] == "year"].to_dict("records"):
        key = tuple(record[k] for k in keys)
        series, committed = actuals.get(key, silent), record["committed"]
        every = year_forecasts(
            series, month=now, fiscal_year_start=start, plan=plans.get(key),
            committed=0.0 if pd.isna(committed) else float(committed), spring=spring,
        )  # fmt: skip
        rows.append(
            {k: record[k] for k in keys}
            | {"ba": record["ba"], "actual_ytd": record["recognised"]}
            | _chosen(every, method, float(record["recognised"]), errors, m, len(series), gaps, language)
            | every.rename(lambda name: f"by_{name}").to_dict()
        )
    out = pd.DataFrame(rows)
    for column in ("method", "range_from", "status", "note", *keys):
        out[column] = texts(out[column])
    out.insert(list(out.columns).index("high") + 1, "difference", out["value"] - out["ba"])
    return out


# ---- the parts


def _chosen(
    every: pd.Series, method: str, spent: float, errors: Floats, m: int, n: int, gaps: int, language: str
) -> dict[str, object]:
    order = [method, MAIN, CROSS_CHECK, "linear"]
    used = next((x for x in order if not np.isnan(every[x])), "")
    value = float(every[used]) if used else np.nan
    low, high, source, status = value, value, "none", Status.OK
    if not used:
        status, notes = Status.MISSING, [_note("gap", language, n=gaps)]
    elif m == 12:
        notes = [_note("done", language)]
    else:
        past = used == method and len(errors) >= ENOUGH_ERRORS
        source = "past" if past else "m3"
        low, high = year_range(value, used, m, errors if past else None)
        # what is spent stays spent: a range can't end below it where nothing is coming back
        low = max(low, min(spent, value))
        names = method_words(language)
        notes = [
            _note("plan" if source == "m3" and used in PLANS else source, language, n=len(errors)),
            _note("short", language) if n < 12 else "",
            _note("share_only", language) if used == "mean_of_bf" and np.isnan(every["theta"]) else "",
            _note("instead", language, asked=names[method], used=names[used]) if used != method else "",
        ]
    return {
        "method": used, "history_months": n, "errors": len(errors), "value": value, "low": low, "high": high,
        "range_from": source, "status": str(status), "note": join_notes(*notes, language=language),
    }  # fmt: skip


def _by_key(frame: pd.DataFrame, keys: list[str], column: str) -> dict[tuple[object, ...], pd.Series]:
    if not keys:
        return {(): frame.set_index("month")[column]} if len(frame) else {}
    groups = frame.groupby(keys, sort=True)
    return {k if isinstance(k, tuple) else (k,): g.set_index("month")[column] for k, g in groups}


def _note(key: str, language: str, **values: object) -> str:
    zh, en = _NOTES[key]
    return (zh if language == "zh" else en).format(**values)
