"""全年预计: what the year will cost, by the methods a to h and with a range from past errors (methods 4.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.metrics.budget._budget_rows import (
    actual_lines,
    first_of_month,
    fiscal_months,
    missing_months,
    month_of_year,
    texts,
)
from mktanalytics.metrics.budget.budget_amounts import budget_amounts, monthly_actual, monthly_plan
from mktanalytics.metrics.budget.budget_words import join_notes
from mktanalytics.metrics.forecasting.forecast import SEASONAL_FROM, point_forecast
from mktanalytics.metrics.result import Status, need_known

# name -> the letter of methods 4.4
METHODS = {
    "linear": "a", "seasonal_share": "b", "last_year_growth": "c", "phased_plan": "d", "last_year_rest": "e",
    "ets": "f", "theta": "f", "mean_of_bf": "g", "bottom_up": "h",
}  # fmt: skip
ENOUGH_ERRORS = 5  # past years (of all lines together) that a range needs
LOW, HIGH = 0.10, 0.90
# Mean absolute % error of the year total after 3, 6, 9 months on the M3 monthly series (methods 4.4):
# the range of last resort. Campaign spend is lumpier, so the note says to expect worse.
_M3_MONTHS = (3, 6, 9, 12)
_M3 = {
    "linear": (8.0, 5.2, 2.7, 0.0), "seasonal_share": (7.9, 4.7, 2.5, 0.0), "last_year_growth": (8.4, 5.1, 3.1, 0.0),
    "last_year_rest": (7.1, 5.3, 3.4, 0.0), "theta": (6.7, 4.6, 2.1, 0.0), "ets": (7.0, 4.4, 2.1, 0.0),
    "mean_of_bf": (6.5, 4.2, 2.0, 0.0),
}  # fmt: skip
_TENTH = (
    1.2816 * (np.pi / 2) ** 0.5
)  # 10th and 90th percentile over the mean absolute error, were errors normal

_NOTES = {
    "past": ("区间为过去 {n} 次同月预计误差的 10%–90% 分位", "range: 10th–90th percentile of {n} past errors at the same month"),
    "m3": (
        "历史不足，区间按一般商业序列（M3）同月误差估计；营销费用波动更大，实际误差可能更大",
        "too little history: the range is that of general business series (M3); campaign spend is lumpier, expect worse",
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
NAMES = {
    "linear": "按月均外推", "seasonal_share": "历年同期占比", "last_year_growth": "上年形态×本年增长", "phased_plan": "累计实际+剩余分月预算",
    "last_year_rest": "累计实际+上年剩余月份", "ets": "ETS", "theta": "Theta", "mean_of_bf": "占比、Theta、ETS 均值", "bottom_up": "累计实际+已承诺+未承诺计划",
}  # fmt: skip


def year_forecasts(
    actual: pd.Series,
    *,
    month: str | pd.Timestamp,
    fiscal_year_start: int = 1,
    plan: pd.Series | None = None,
    committed: float = 0.0,
    spring: bool = True,
) -> pd.Series:
    """The full year by each method of 4.4 that the data allow, NaN where they don't.

    Parameters
    ----------
    actual : recognised cost by month (first days, CNY), past years and this one; months without data absent.
    month : the last month known. plan : BA by month of this fiscal year (CNY).
    committed : open commitments due this year (CNY). spring : model 1-2月 as one in Theta and ETS.

    Returns
    -------
    CNY by method name: linear (a: 12Y/m), seasonal_share (b, pooled: sum YTD / sum year over complete past
    years), last_year_growth (c), phased_plan (d), last_year_rest (e), ets and theta (f, on the history,
    from 24 months), mean_of_bf (g: the mean of b, theta and ets, or b alone below 24 months),
    bottom_up (h: Y + open commitments + remaining plan not yet committed).

    Raises
    ------
    MetricError
        `month` is not a month.

    Source
    ------
    methods 4.4.

    Examples
    --------
    >>> past = pd.Series([10.0] * 6 + [30.0] * 6, pd.date_range("2025-01-01", periods=12, freq="MS"))
    >>> now = pd.Series([12.0] * 6, pd.date_range("2026-01-01", periods=6, freq="MS"))
    >>> f = year_forecasts(pd.concat([past, now]), month="2026-06")
    >>> f[["linear", "seasonal_share", "last_year_growth", "last_year_rest"]].round(6).tolist()
    [144.0, 288.0, 288.0, 252.0]
    """
    now, months = first_of_month(month), fiscal_months(month, fiscal_year_start)
    m = month_of_year(now, fiscal_year_start)
    known = actual[actual.index <= now].sort_index().dropna()
    out = pd.Series(np.nan, index=list(METHODS))
    so_far = known.reindex(months[:m])
    if so_far.isna().any():
        return out
    spent = float(so_far.sum())
    if m == 12:
        return out.fillna(spent)
    out["linear"] = spent * 12 / m
    if plan is not None:
        rest = float(plan.reindex(months[m:]).fillna(0.0).sum())
        out["phased_plan"] = spent + rest
        out["bottom_up"] = spent + committed + max(rest - committed, 0.0)
    years = _complete_years(known, months[0], m)
    if years:
        share = sum(y for y, _ in years) / whole if (whole := sum(t for _, t in years)) else 0.0
        before, total = years[-1]
        out["seasonal_share"] = spent / share if 0 < share <= 1 else np.nan
        out["last_year_growth"] = spent + (total - before) * spent / before if before > 0 else np.nan
        out["last_year_rest"] = spent + total - before
    out["theta"], out["ets"] = (_modelled(known, spent, 12 - m, name, spring) for name in ("theta", "ets"))
    parts = out[["seasonal_share", "theta", "ets"]].dropna()
    out["mean_of_bf"] = float(parts.mean()) if len(parts) else np.nan
    return out


def full_year_forecast(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
    method: str = "mean_of_bf",
    fiscal_year_start: int = 1,
    spring: bool = True,
    language: str = "zh",
) -> pd.DataFrame:
    """The full year per key by the chosen method, with a range, beside all other methods and the budget.

    Parameters
    ----------
    budget, spend, by : as in `budget_amounts`, `spend` with the past years. month : the last month known.
    method : one of METHODS; where the data don't allow it, bottom_up, else phased_plan, else linear.

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
    methods 4.4; the range is the 10th to 90th percentile of past errors, never a point alone.

    Examples
    --------
    >>> m = pd.date_range("2025-01-01", periods=18, freq="MS")
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [10e4] * 12 + [11e4] * 6})
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "period": "year", "amount": [126e4]})
    >>> f = full_year_forecast(b, s, month="2026-06").iloc[0]
    >>> round(f["value"]), f["method"], f["range_from"], bool(f["low"] <= f["value"] <= f["high"])
    (1320000, 'mean_of_bf', 'm3', True)
    """
    need_known(method, METHODS, ("方法", "method"))
    keys, now = list(by), first_of_month(month)
    amounts = budget_amounts(budget, spend, month=now, by=keys, fiscal_year_start=fiscal_year_start)
    year = amounts[amounts["scope"] == "year"].reset_index(drop=True)
    plans = _by_key(monthly_plan(budget, month=now, by=keys, fiscal_year_start=fiscal_year_start), keys, "ba")
    history = monthly_actual(budget, spend, by=keys, fiscal_year_start=fiscal_year_start)
    history = history[history["month"] <= now]
    actuals = _by_key(history, keys, "recognised")
    used_lines, _ = actual_lines(budget, spend, month=now, fiscal_year_start=fiscal_year_start)
    gaps = missing_months(
        used_lines, fiscal_months(now, fiscal_year_start)[: month_of_year(now, fiscal_year_start)]
    )
    known = pd.DatetimeIndex(sorted(history["month"].unique()))
    errors = _past_errors(actuals, now, method, fiscal_year_start, spring)
    rows = []
    for record in year.to_dict("records"):
        key = tuple(record[k] for k in keys)
        series = actuals.get(key, pd.Series(0.0, known))
        committed = 0.0 if pd.isna(record["committed"]) else float(record["committed"])
        every = year_forecasts(
            series,
            month=now,
            fiscal_year_start=fiscal_year_start,
            plan=plans.get(key),
            committed=committed,
            spring=spring,
        )
        rows.append(
            {k: record[k] for k in keys}
            | {"ba": record["ba"], "actual_ytd": record["recognised"]}
            | _chosen(
                every,
                method,
                float(record["recognised"]),
                errors,
                now,
                fiscal_year_start,
                len(series),
                gaps,
                language,
            )
            | every.rename(lambda name: f"by_{name}").to_dict()
        )
    out = pd.DataFrame(rows)
    for column in ("method", "range_from", "status", "note", *keys):
        out[column] = texts(out[column])
    out.insert(list(out.columns).index("high") + 1, "difference", out["value"] - out["ba"])
    return out


# ---- the parts


def _chosen(
    every: pd.Series,
    method: str,
    spent: float,
    errors: npt.NDArray[np.float64],
    now: pd.Timestamp,
    fiscal_year_start: int,
    n: int,
    gaps: list[str],
    language: str,
) -> dict[str, object]:
    m = month_of_year(now, fiscal_year_start)
    order = [method, "bottom_up", "phased_plan", "linear"]
    used = next((x for x in order if not np.isnan(every[x])), "")
    base: dict[str, object] = {"method": used, "history_months": n, "errors": len(errors)}
    if not used:
        note = _note("gap", language, n=len(gaps))
        return base | {
            "value": np.nan,
            "low": np.nan,
            "high": np.nan,
            "range_from": "none",
            "status": str(Status.MISSING),
            "note": note,
        }
    value = float(every[used])
    if m == 12:
        note = _note("done", language)
        return base | {
            "value": value,
            "low": value,
            "high": value,
            "range_from": "none",
            "status": str(Status.OK),
            "note": note,
        }
    past = used == method and len(errors) >= ENOUGH_ERRORS
    low, high = _range(value, used, m, errors if past else None)
    # what is spent stays spent: a range can't end below it where nothing is coming back
    low = max(low, min(spent, value))
    notes = [
        _note("past", language, n=len(errors)) if past else _note("m3", language),
        _note("short", language) if n < 12 else "",
        _note("share_only", language) if used == "mean_of_bf" and np.isnan(every["theta"]) else "",
        _note("instead", language, asked=_name(method, language), used=_name(used, language))
        if used != method
        else "",
    ]
    return base | {
        "value": value, "low": low, "high": high, "range_from": "past" if past else "m3",
        "status": str(Status.OK), "note": join_notes(*notes, language=language),
    }  # fmt: skip


def _range(value: float, method: str, m: int, errors: npt.NDArray[np.float64] | None) -> tuple[float, float]:
    if errors is not None:
        # errors are (actual - forecast) / |forecast|; the forecast itself always lies inside
        down, up = min(float(np.quantile(errors, LOW)), 0.0), max(float(np.quantile(errors, HIGH)), 0.0)
        return value + down * abs(value), value + up * abs(value)
    worst = np.max(list(_M3.values()), axis=0)  # plans have no published errors: take the widest
    mean_error = float(np.interp(m, _M3_MONTHS, _M3.get(method, tuple(worst)))) / 100
    return value - _TENTH * mean_error * abs(value), value + _TENTH * mean_error * abs(value)


def _past_errors(
    actuals: dict[tuple[object, ...], pd.Series], now: pd.Timestamp, method: str, start: int, spring: bool
) -> npt.NDArray[np.float64]:
    """(actual year - forecast) / |forecast| at the same month of every past year of every key."""
    errors = []
    for series in actuals.values():
        for back in range(1, 11):
            then = now - pd.DateOffset(years=back)
            total = series.reindex(fiscal_months(then, start))
            if total.isna().any():
                continue
            value = float(year_forecasts(series, month=then, fiscal_year_start=start, spring=spring)[method])
            if np.isfinite(value) and value != 0:
                errors.append((float(total.sum()) - value) / abs(value))
    return np.asarray(sorted(errors), dtype="float64")


def _complete_years(known: pd.Series, this_year: pd.Timestamp, m: int) -> list[tuple[float, float]]:
    """(spent after m months, spent in the year) of each complete past year, oldest first."""
    years = []
    for back in range(10, 0, -1):
        months = pd.date_range(this_year - pd.DateOffset(years=back), periods=12, freq="MS")
        values = known.reindex(months)
        if values.notna().all():
            years.append((float(values.iloc[:m].sum()), float(values.sum())))
    return years


def _modelled(known: pd.Series, spent: float, ahead: int, name: str, spring: bool) -> float:
    # only the unbroken run of months up to now can be modelled: missing is not zero
    steps = known.index.to_series().diff() > pd.Timedelta(days=31)
    run = known[steps.cumsum().to_numpy() == steps.sum()]
    if len(run) < SEASONAL_FROM:
        return np.nan
    points, used = point_forecast(run, ahead, name, spring=spring)
    return spent + float(points.sum()) if used == name else np.nan


def _by_key(frame: pd.DataFrame, keys: list[str], column: str) -> dict[tuple[object, ...], pd.Series]:
    if not keys:
        return {(): frame.set_index("month")[column]} if len(frame) else {}
    groups = frame.groupby(keys, sort=True)
    return {k if isinstance(k, tuple) else (k,): g.set_index("month")[column] for k, g in groups}


def _note(key: str, language: str, **values: object) -> str:
    zh, en = _NOTES[key]
    return (zh if language == "zh" else en).format(**values)


def _name(method: str, language: str) -> str:
    return NAMES[method] if language == "zh" else method
