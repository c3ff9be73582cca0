"""预算预警: every line that crosses a threshold, and transfers that don't cancel (methods 4.2, 4.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import FEN, texts
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_lines import overspent_lines, unbudgeted_lines, unplaced_budget
from mktanalytics.metrics.budget.budget_listing import line_names
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED
from mktanalytics.metrics.budget.pace import execution_pace
from mktanalytics.metrics.budget.transfers import transfer_balance
from mktanalytics.metrics.result import dimensions, need_columns, need_numbers
from mktanalytics.settings import Thresholds

# code -> severity and words, gravest first; what only says how full a line is comes last
CODES = {
    "unbudgeted": ("red", "预算外", "Unbudgeted"),
    "overspent": ("red", "超支", "Overspent"),
    "transfer_unbalanced": ("red", "调剂不平", "Transfers unbalanced"),
    "unplaced": ("red", "无月份", "No month"),
    "frozen": ("red", "冻结", "Frozen"),
    "forecast_over": ("amber", "预计超支", "Forecast over"),
    "over_pace": ("amber", "超进度", "Over pace"),
    "behind": ("amber", "滞后", "Behind"),
    "watch": ("amber", "关注", "Watch"),
    "warning": ("amber", "预警", "Warning"),
    "missing_months": ("info", "缺月份", "Months missing"),
}


@checked
def budget_warnings(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: str | Sequence[str] = (),
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
    `by`, line (in words), code (one of `CODES`), severity (red, amber, info), amount (CNY the warning is
    about), value (a fraction, ×, or the number of missing months) and threshold (NaN where none).

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
    by = dimensions(by)
    keys = list(by)
    amounts = budget_amounts(
        budget, spend, month=month, by=keys, fiscal_year_start=fiscal_year_start, language=language
    )
    pace = execution_pace(
        budget, spend, month=month, by=keys, rule=rule, thresholds=thresholds,
        fiscal_year_start=fiscal_year_start, data_through=data_through, language=language,
    )  # fmt: skip
    over, outside = overspent_lines(amounts), unbudgeted_lines(amounts)
    moved = transfer_balance(budget, month=month, fiscal_year_start=fiscal_year_start)
    broken, lost = moved[~moved["balanced"]], unplaced_budget(budget)
    lost = lost[lost["amount"].notna()]
    gaps = amounts.loc[amounts["missing_months"] > 0, ["missing_months"]].head(1)
    used = outside["recognised"].fillna(0.0) + outside["committed"].fillna(0.0)
    found = [
        _warn(outside, keys, "unbudgeted", used),
        _warn(over, keys, "overspent", over["excess"]),
        _warn(broken, keys, "transfer_unbalanced", broken["net"]),
        _warn(lost, keys, "unplaced", lost["amount"]),
        *_crossed(_not_in(pace, over, keys), keys, thresholds),
        _warn(gaps, keys, "missing_months", gaps["missing_months"] * 0.0, gaps["missing_months"]),
    ]
    if forecast is not None:
        need_numbers(forecast, ["ba", "value"], metric="budget_warnings (forecast)")
        need_columns(forecast, keys, metric="budget_warnings (forecast)")
        above = forecast[(forecast["ba"] > 0) & (forecast["value"] - forecast["ba"] >= FEN)]
        ratio = above["value"] / above["ba"]
        found.append(_warn(above, keys, "forecast_over", above["value"] - above["ba"], ratio, 1.0))
    return _gravest_first(pd.concat(found, ignore_index=True))


@checked
def code_words(language: str = "zh") -> dict[str, str]:
    """The word for each code of `budget_warnings`, gravest first.

    Parameters
    ----------
    language : zh or en.

    Returns
    -------
    code -> word.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> code_words()["frozen"]
    '冻结'
    """
    return {code: zh if language == "zh" else en for code, (_, zh, en) in CODES.items()}


@checked
def count_words(codes: Iterable[str], language: str = "zh") -> str:
    """How often each code of `budget_warnings` is met, in words: 关注 2、预警 12.

    Parameters
    ----------
    codes : of warnings. language : zh or en.

    Returns
    -------
    Text, in the order of gravity.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> count_words(["warning", "watch", "warning"])
    '关注 1、预警 2'
    """
    met = Counter(codes)
    parts = [f"{name} {met[code]}" for code, name in code_words(language).items() if met[code]]
    return ("、" if language == "zh" else ", ").join(parts)


# ---- the parts


def _not_in(pace: pd.DataFrame, over: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The lines that are not overspent: such a line is frozen and over its pace by definition, and told once."""
    if not keys:
        return pace.head(0) if len(over) else pace
    told = set(map(tuple, over[keys].to_numpy()))
    new = [tuple(k) not in told for k in pace[keys].to_numpy()]
    return pace[np.array(new, dtype=bool)]  # an empty list would choose no columns


def _crossed(pace: pd.DataFrame, keys: list[str], limits: Thresholds) -> list[pd.DataFrame]:
    """The lines in each band that is worth a word, of occupancy and of pace."""
    full = {"warning": limits.occupancy_warning, "frozen": limits.occupancy_freeze}
    paced = {"behind": limits.pace_low, "watch": limits.pace_high, "over_pace": limits.pace_over}
    left = pace["ba"] - pace["recognised"] - pace["committed"]
    apart = pace["gap_pp"] * pace["ba"]
    found = []
    for bands, band, amount, value in (
        (full, "occupancy_band", left, pace["occupancy_rate"]),
        (paced, "band", apart, pace["relative_pace"]),
    ):
        for code, limit in bands.items():
            hit = pace[band] == code
            found.append(_warn(pace[hit], keys, code, amount[hit], value[hit], limit))
    return found


def _warn(
    rows: pd.DataFrame,
    keys: list[str],
    code: str,
    amount: pd.Series,
    value: pd.Series | None = None,
    threshold: float = np.nan,
) -> pd.DataFrame:
    out = pd.DataFrame(index=range(len(rows)))
    for k in keys:  # a warning about the whole plan belongs to no line
        out[k] = texts(rows[k] if k in rows else [UNSPECIFIED] * len(rows))
    out["line"] = line_names(out)
    out["code"], out["severity"] = texts([code] * len(rows)), texts([CODES[code][0]] * len(rows))
    out["amount"] = amount.to_numpy(dtype="float64")
    out["value"] = np.full(len(rows), np.nan) if value is None else value.to_numpy(dtype="float64")
    out["threshold"] = np.full(len(rows), threshold)
    return out


def _gravest_first(warnings: pd.DataFrame) -> pd.DataFrame:
    rank = warnings["code"].map({code: i for i, code in enumerate(CODES)})
    full = warnings["value"].fillna(0.0)
    full = full.where(warnings["code"] == "behind", -full)  # behind is graver the lower it is
    order = warnings.assign(_rank=rank, _full=full, _size=-warnings["amount"].abs())
    order = order.sort_values(["_rank", "_full", "_size", "line"], ignore_index=True)
    return order.drop(columns=["_rank", "_full", "_size"])
