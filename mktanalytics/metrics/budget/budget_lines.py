"""Budget lines to look at: unbudgeted, overspent, unplaced, and the vouchers behind them (methods 4.2)."""

from __future__ import annotations

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics.budget._budget_rows import DIMENSIONS, FEN, first_of_month, fiscal_months
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED
from mktanalytics.metrics.result import need_columns, need_numbers

_AMOUNTS = ("b0", "ba", "committed", "recognised", "paid", "available")


@checked
def unbudgeted_lines(amounts: pd.DataFrame) -> pd.DataFrame:
    """The lines with money spent or committed and no budget at all (预算外), largest first.

    Parameters
    ----------
    amounts : from `budget_amounts` at the grain of a line.

    Returns
    -------
    keys, ba, committed, recognised, paid, available (CNY); scope year only.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2 (B = 0 and A > 0).

    Examples
    --------
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


@checked
def overspent_lines(amounts: pd.DataFrame) -> pd.DataFrame:
    """The budgeted lines whose A + C is above the full-year BA (超支), largest excess first.

    Parameters
    ----------
    amounts : from `budget_amounts` at the grain of a line.

    Returns
    -------
    keys, ba, committed, recognised, paid, available, excess (CNY: A + C - BA), spent (True where A alone
    is above BA, False where only the open commitments take it there).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2.

    Examples
    --------
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


@checked
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

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.2; every figure can be traced to its rows.

    Examples
    --------
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"]), "category": "会展", "amount": [12e4],
    ...                   "status": "paid", "voucher": "记-0317", "source_file": "费用.xlsx",
    ...                   "source_sheet": "3月", "source_row": 18})
    >>> line_vouchers(s, pd.DataFrame({"category": ["会展"]}), month="2026-03")[["voucher", "source_row"]].values.tolist()
    [['记-0317', 18]]
    """
    need_columns(spend, ["month", "amount"], metric="line_vouchers")
    spend = spend.assign(month=stamps(spend["month"]))
    keys = [d for d in DIMENSIONS if d in lines]
    lines = lines.astype(dict.fromkeys(keys, "str"))
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


@checked
def unplaced_budget(budget: pd.DataFrame) -> pd.DataFrame:
    """The budget rows that name no month and no date: they are in no figure, and must be told.

    Parameters
    ----------
    budget : month, amount; optional date.

    Returns
    -------
    Those rows, all columns.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 0.6.

    Examples
    --------
    >>> unplaced_budget(pd.DataFrame({"month": pd.to_datetime([None]), "amount": [5e4]}))["amount"].tolist()
    [50000.0]
    """
    need_columns(budget, ["month", "amount"], metric="unplaced_budget")
    placed = budget["month"].notna()
    if "date" in budget:
        placed |= budget["date"].notna()
    return budget[~placed].reset_index(drop=True)


# ---- the parts


def _year(amounts: pd.DataFrame, metric: str) -> pd.DataFrame:
    need_columns(amounts, ["scope", *_AMOUNTS], metric=metric)
    need_numbers(amounts, _AMOUNTS, metric=metric)
    keys = [d for d in DIMENSIONS if d in amounts]
    rows = amounts[amounts["scope"] == "year"]
    return rows[[*keys, *_AMOUNTS]].astype(dict.fromkeys(_AMOUNTS, "float64"))


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    keys = [d for d in DIMENSIONS if d in rows]
    order = rows.sort_values(["_size", *keys], ascending=[False, *[True] * len(keys)], ignore_index=True)
    return order.drop(columns=["_size", "b0"])
