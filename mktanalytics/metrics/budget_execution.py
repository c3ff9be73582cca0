"""预算执行: rates with named denominators, variances in words, lines to look at, 费销比 and warnings (methods 4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.budget_amounts import (
    DIMENSIONS,
    FEN,
    SCOPES,
    approved_plan,
    budget_amounts,
    budget_dimensions,
    first_of_month,
    fiscal_months,
    monthly_actual,
    monthly_plan,
    texts,
)
from mktanalytics.metrics.budget_words import UNSPECIFIED, join_notes, word
from mktanalytics.metrics.pace import budget_pace, elapsed_share, execution_pace, occupancy_band, pace_band
from mktanalytics.metrics.result import RECORD, Status, need_columns, ratio_frame
from mktanalytics.settings import Thresholds

__all__ = [
    "DIMENSIONS", "SCOPES", "budget_amounts", "budget_dimensions", "budget_pace", "budget_variance", "budget_warnings",
    "cost_to_sales", "elapsed_share", "execution_course", "execution_pace", "execution_rates", "line_vouchers",
    "monthly_actual", "monthly_plan", "occupancy_band", "overspent_lines", "pace_band", "transfer_balance",
    "unbudgeted_lines", "unplaced_budget",
]  # fmt: skip

# metric -> (numerator, denominator)
RATES = {
    "execution_rate": (("recognised",), "ba"),  # 执行率
    "occupancy_rate": (("recognised", "committed"), "ba"),  # 占用率
    "payment_rate": (("paid",), "ba"),  # 支付率
    "original_execution_rate": (("recognised",), "b0"),  # 年初口径执行率
}
TRANSFER_WORDS = "调剂|调拨|划转|划拨|调入|调出|transfer|reallocat"


def execution_rates(amounts: pd.DataFrame, *, language: str = "zh") -> pd.DataFrame:
    """执行率, 占用率, 支付率 and 年初口径执行率 as records, each naming its denominator.

    Parameters
    ----------
    amounts : from `budget_amounts`: any keys, scope, b0, ba, committed, recognised, paid (CNY),
        missing_months, note.

    Returns
    -------
    One row per key, scope and metric (execution_rate, occupancy_rate, payment_rate,
    original_execution_rate) with the record columns. Status `unbudgeted` where the budget is 0 and
    money was spent, `na_zero_base` where both are 0, `na_nonpositive_base` for a credit line.

    Raises
    ------
    MetricError
        A column is missing.

    Source: methods 4.2, 0.2.

    >>> a = pd.DataFrame({"scope": ["year"], "b0": [100e4], "ba": [120e4], "committed": [12e4],
    ...                   "recognised": [60e4], "paid": [48e4]})
    >>> execution_rates(a)[["metric", "value", "note"]].values.tolist()[:2]
    [['execution_rate', 0.5, '分母：调整后预算（全年）'], ['occupancy_rate', 0.6, '分母：调整后预算（全年）']]
    """
    need_columns(amounts, ["scope", "b0", "ba", "committed", "recognised", "paid"], metric="execution_rates")
    keys = [d for d in DIMENSIONS if d in amounts]
    frames = []
    for metric, (tops, bottom) in RATES.items():
        top = amounts[tops[0]].astype("float64")
        for more in tops[1:]:
            top = top + amounts[more]
        base = amounts[bottom].where(amounts[bottom].abs() >= FEN, 0.0).where(amounts[bottom].notna())
        out = ratio_frame(amounts[[*keys, "scope"]].assign(metric=metric), top, base)
        outside = (base == 0).to_numpy() & (top.abs() >= FEN).to_numpy()
        out.loc[outside, "status"] = str(Status.UNBUDGETED)
        named = [word(f"per_{bottom}_{s}", language) for s in amounts["scope"]]
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
    whole = pd.concat(frames, ignore_index=True).sort_values("_row", kind="stable", ignore_index=True)
    return whole[[*keys, "scope", "metric", *RECORD]]


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

    Source: methods 4.2 (variance sign); Horngren ch. 7: favourable raises operating income.

    >>> a = pd.DataFrame({"scope": ["month"], "ba": [40e4], "recognised": [50e4]})
    >>> budget_variance(a)[["variance", "word", "value"]].values.tolist()
    [[-100000.0, '不利', -0.25]]
    """
    need_columns(amounts, ["scope", "ba", "recognised"], metric="budget_variance")
    if kind not in ("cost", "revenue"):
        raise MetricError(
            "unknown kind of line", found=repr(kind), expected="cost or revenue", todo="use one of them"
        )
    keys = [d for d in DIMENSIONS if d in amounts]
    rows = amounts[amounts["scope"] != "year"].reset_index(drop=True)
    gap = (rows["ba"] - rows["recognised"]) * (1 if kind == "cost" else -1)
    way = np.select([gap >= FEN, gap <= -FEN], ["favourable", "unfavourable"], "nil")
    way = np.where(gap.isna(), "none", way)
    base = rows["ba"].abs()
    out = ratio_frame(rows[[*keys, "scope", "ba", "recognised"]], gap, base.where(~(base < FEN), 0.0))
    out.loc[((base < FEN) & (rows["recognised"].abs() >= FEN)).to_numpy(), "status"] = str(Status.UNBUDGETED)
    out["variance"] = gap
    out["direction"] = texts(way)
    out["word"] = texts([word(w, language) for w in way])
    return out[[*keys, "scope", "ba", "recognised", "variance", "direction", "word", *RECORD]]


def unbudgeted_lines(amounts: pd.DataFrame) -> pd.DataFrame:
    """The lines with money spent or committed and no budget at all (预算外), largest first.

    Parameters
    ----------
    amounts : from `budget_amounts` at the grain of a line.

    Returns
    -------
    keys, ba, committed, recognised, paid, available (CNY); scope year only.

    Source: methods 4.2 (B = 0 and A > 0).

    >>> a = pd.DataFrame({"category": ["直播"], "scope": ["year"], "b0": [0.0], "ba": [0.0], "committed": [0.0],
    ...                   "recognised": [3e4], "paid": [3e4], "available": [-3e4]})
    >>> unbudgeted_lines(a)["category"].tolist()
    ['直播']
    """
    rows = _year(amounts, "unbudgeted_lines")
    # a line with an original budget that was moved away entirely is overspent, not unbudgeted
    none = (rows["ba"].abs() < FEN) & (rows["b0"].abs() < FEN)
    used = rows["recognised"].fillna(0.0) + rows["committed"].fillna(0.0)
    return _largest(rows.assign(_size=used)[none & (used >= FEN)])


def overspent_lines(amounts: pd.DataFrame) -> pd.DataFrame:
    """The budgeted lines whose A + C is above the full-year BA (超支), largest excess first.

    Parameters
    ----------
    amounts : from `budget_amounts` at the grain of a line.

    Returns
    -------
    keys, ba, committed, recognised, paid, available, excess (CNY: A + C - BA), spent (True where A alone
    is above BA, False where only the open commitments take it there).

    Source: methods 4.2.

    >>> a = pd.DataFrame({"category": ["会展"], "scope": ["year"], "b0": [10e4], "ba": [10e4], "committed": [1e4],
    ...                   "recognised": [12e4], "paid": [9e4], "available": [-3e4]})
    >>> overspent_lines(a)[["excess", "spent"]].values.tolist()
    [[30000.0, True]]
    """
    rows = _year(amounts, "overspent_lines")
    planned = (rows["ba"].abs() >= FEN) | (rows["b0"].abs() >= FEN)
    excess = rows["recognised"] + rows["committed"].fillna(0.0) - rows["ba"]
    # a credit line (BA < 0) is no ceiling: nothing was allowed to be spent in the first place
    over = planned & (rows["ba"] > -FEN) & (excess >= FEN)
    out = rows.assign(excess=excess, spent=rows["recognised"] - rows["ba"] >= FEN, _size=excess)
    return _largest(out[over])


def line_vouchers(
    spend: pd.DataFrame, lines: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The vouchers of the fiscal year to date behind some lines, each with its file, sheet and row.

    Parameters
    ----------
    spend : voucher lines: month, amount, the dimensions, and voucher, date, supplier, status,
        source_file, source_sheet, source_row where it has them.
    lines : the keys to explain (from `overspent_lines` or `unbudgeted_lines`), in their order.

    Returns
    -------
    The keys and all those columns; lines in the given order, vouchers by amount, largest first.

    Source: methods 4.2; every figure can be traced to its rows.

    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"]), "category": "会展", "amount": [12e4],
    ...                   "status": "paid", "voucher": "记-0317", "source_file": "费用.xlsx",
    ...                   "source_sheet": "3月", "source_row": 18})
    >>> line_vouchers(s, pd.DataFrame({"category": ["会展"]}), month="2026-03")[["voucher", "source_row"]].values.tolist()
    [['记-0317', 18]]
    """
    need_columns(spend, ["month", "amount"], metric="line_vouchers")
    keys = [d for d in DIMENSIONS if d in lines]
    year, now = fiscal_months(month, fiscal_year_start), first_of_month(month)
    rows = spend[spend["month"].between(year[0], now)]
    rows = rows.assign(
        **{k: rows[k].astype("str").fillna(UNSPECIFIED) if k in rows else UNSPECIFIED for k in keys}
    )
    wanted = lines[keys].drop_duplicates().assign(_line=lambda f: range(len(f)))
    rows = rows.merge(wanted, on=keys, how="inner") if keys else rows.assign(_line=0)
    shown = [
        "date",
        "month",
        "voucher",
        "supplier",
        "status",
        "amount",
        "note",
        "source_file",
        "source_sheet",
        "source_row",
    ]
    shown = [c for c in shown if c in rows]
    order = [c for c in ("source_file", "source_sheet", "source_row", "voucher") if c in rows]
    rows = rows.sort_values(["_line", "amount", *order], ascending=[True, False, *[True] * len(order)])
    return rows[[*keys, *shown]].reset_index(drop=True)


def cost_to_sales(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    sales: pd.DataFrame,
    *,
    month: str | pd.Timestamp,
    by: Sequence[str] = (),
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """费销比: recognised marketing cost over sales, for the month and the year to date.

    Parameters
    ----------
    budget, spend : as in `budget_amounts` (the budget is read only where there are no vouchers).
    sales : month, amount (CNY) and the columns of `by`; lines or a rollup of them.
    by : region and/or channel, as both tables have them.

    Returns
    -------
    `by`, scope (month, ytd) and the record columns: numerator cost, denominator sales (CNY), n months.
    Only months that both sides have are counted, and the note names those left out.

    Source: methods 4.7, 0.2.

    >>> m = pd.to_datetime(["2026-01-01", "2026-02-01"])
    >>> s = pd.DataFrame({"month": m, "status": "paid", "amount": [12e4, 8e4]})
    >>> cost_to_sales(s.iloc[:0], s, pd.DataFrame({"month": m, "amount": [100e4, 150e4]}), month="2026-02")["value"].tolist()
    [0.05333333333333334, 0.08]
    """
    keys = list(by)
    need_columns(sales, ["month", "amount", *keys], metric="cost_to_sales (sales)")
    now, year = first_of_month(month), fiscal_months(month, fiscal_year_start)
    cost = monthly_actual(budget, spend, by=keys, fiscal_year_start=fiscal_year_start)
    lines = sales.assign(**{k: sales[k].astype("str").fillna(UNSPECIFIED) for k in keys})
    lines = lines[lines["amount"].notna()].sort_values([*keys, "month", "amount"])
    sold = lines.groupby([*keys, "month"], as_index=False)[["amount"]].sum()
    both = set(cost["month"]) & set(sold["month"])
    frames = []
    for scope, start in (("month", now), ("ytd", year[0])):
        months = [m for m in year if start <= m <= now]
        common = [m for m in months if m in both]
        gone = [f"{m:%Y-%m}" for m in months if m not in both]
        top = _sum_over(cost, "recognised", common, keys)
        bottom = _sum_over(sold, "amount", common, keys)
        joined = top.merge(bottom, on=keys, how="outer") if keys else pd.concat([top, bottom], axis=1)
        n = pd.Series([len(common)] * len(joined))
        out = ratio_frame(joined[keys].assign(scope=scope), joined["recognised"], joined["amount"], n=n)
        left_out = word("missing_sales", language, n=len(gone), months="、".join(gone)) if gone else ""
        out["note"] = join_notes(word("per_sales", language), left_out, language=language)
        frames.append(out)
    whole = pd.concat(frames, ignore_index=True)
    return whole.sort_values([*keys, "scope"], kind="stable", ignore_index=True) if keys else whole


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

    Source: methods 4.2.

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

    Source: methods 4.6: transfers sum to 0.

    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"] * 2), "version": "adjustment", "amount": [5e4, -5e4],
    ...     "date": pd.to_datetime(["2026-03-05"] * 2), "approver": "王磊", "reason": ["由会展调剂至直播", "由会展调剂至直播"]})
    >>> transfer_balance(b, month="2026-03")[["kind", "net", "balanced"]].values.tolist()
    [['transfer', 0.0, True]]
    """
    rows = approved_plan(budget, month=month, fiscal_year_start=fiscal_year_start)
    year = fiscal_months(month, fiscal_year_start)
    rows = rows[(rows["version"] == "adjustment") & rows["first"].between(year[0], year[-1])]
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


def unplaced_budget(budget: pd.DataFrame) -> pd.DataFrame:
    """The budget rows that name no month and no date: they are in no figure, and must be told.

    Parameters
    ----------
    budget : month, amount; optional date.

    Returns
    -------
    Those rows, all columns.

    Source: methods 0.6.

    >>> unplaced_budget(pd.DataFrame({"month": pd.to_datetime([None]), "amount": [5e4]}))["amount"].tolist()
    [50000.0]
    """
    need_columns(budget, ["month", "amount"], metric="unplaced_budget")
    placed = budget["month"].notna()
    if "date" in budget:
        placed |= budget["date"].notna()
    return budget[~placed].reset_index(drop=True)


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
    is about), value and threshold (fractions or ×, NaN where none).

    Source: methods 4.2, 4.6.

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
    out = pd.concat(frames, ignore_index=True)
    rank = out["severity"].map({"red": 0, "amber": 1})
    out = out.assign(_r=rank, _s=-out["amount"].abs()).sort_values(
        ["_r", "_s", "code", *keys], ignore_index=True
    )
    return out.drop(columns=["_r", "_s"])


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


def _year(amounts: pd.DataFrame, metric: str) -> pd.DataFrame:
    need_columns(
        amounts, ["scope", "b0", "ba", "committed", "recognised", "paid", "available"], metric=metric
    )
    keys = [d for d in DIMENSIONS if d in amounts]
    rows = amounts[amounts["scope"] == "year"]
    return rows[[*keys, "b0", "ba", "committed", "recognised", "paid", "available"]]


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    keys = [d for d in DIMENSIONS if d in rows]
    order = rows.sort_values(["_size", *keys], ascending=[False, *[True] * len(keys)], ignore_index=True)
    return order.drop(columns=["_size", "b0"])


def _sum_over(rows: pd.DataFrame, column: str, months: list[pd.Timestamp], keys: list[str]) -> pd.DataFrame:
    inside = rows[rows["month"].isin(months)]
    if keys:
        sums: pd.DataFrame = inside.groupby(keys, as_index=False)[[column]].sum(min_count=1)
        return sums
    return pd.DataFrame({column: [inside[column].sum(min_count=1)]})
