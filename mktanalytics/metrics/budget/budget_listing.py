"""Lists of a budget report, cut to the largest with the rest counted: lines, vouchers, approved changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from mktanalytics.metrics.budget._budget_rows import DIMENSIONS, approved_plan, fiscal_months, texts
from mktanalytics.metrics.budget.budget_execution import transfer_balance
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns

SEPARATOR = " · "
# gravest first; what only says how full a line is comes last
CODES = (
    "unbudgeted", "overspent", "transfer_unbalanced", "unplaced", "frozen", "forecast_over", "over_pace",
    "behind", "watch", "warning",
)  # fmt: skip
CODE_WORDS = {
    "zh": ("预算外", "超支", "调剂不平", "无月份", "冻结", "预计超支", "超进度", "滞后", "关注", "预警"),
    "en": ("Unbudgeted", "Overspent", "Transfers unbalanced", "No month", "Frozen", "Forecast over", "Over pace",
           "Behind", "Watch", "Warning"),
}  # fmt: skip


def line_names(rows: pd.DataFrame) -> pd.Series:
    """The budget line of each row in words: its dimensions, joined.

    Parameters
    ----------
    rows : any of department, category, activity, region, channel.

    Returns
    -------
    One text a row.

    Source
    ------
    methods 4.1 (a line is what the plan names).

    Examples
    --------
    >>> line_names(pd.DataFrame({"department": ["市场部"], "category": ["会展费"]})).tolist()
    ['市场部 · 会展费']
    """
    keys = [d for d in DIMENSIONS if d in rows]
    parts = rows[keys].astype("str").fillna("").to_numpy().tolist()
    return texts([SEPARATOR.join(p for p in row if p) for row in parts]).set_axis(rows.index)


def largest_and_rest(
    rows: pd.DataFrame, *, most: int, sums: Sequence[str], label: str, rest: str
) -> pd.DataFrame:
    """The first `most` rows, and one row that sums the others, so that totals stay right.

    Parameters
    ----------
    rows : in the order wanted. sums : columns to add. label : the column that names a row.
    rest : its words for the others, with {n}.

    Returns
    -------
    At most `most` rows; in the last one, words other than the label are — and numbers not summed are missing.

    Source
    ------
    methods 0.2.

    Examples
    --------
    >>> largest_and_rest(pd.DataFrame({"k": list("abc"), "v": [3, 2, 1]}), most=2, sums=["v"], label="k",
    ...                  rest="其余 {n} 项").values.tolist()
    [['a', 3], ['其余 2 项', 3]]
    """
    if len(rows) <= most:
        return rows.reset_index(drop=True)
    head, tail = rows.iloc[: most - 1], rows.iloc[most - 1 :]
    words = {c: "—" for c in rows if not pd.api.types.is_numeric_dtype(rows[c]) and rows[c].dtype.kind != "M"}
    last = words | {label: rest.format(n=len(tail))} | {c: tail[c].sum() for c in sums}
    out = pd.concat([head, pd.DataFrame([last])], ignore_index=True)
    return out[list(rows.columns)]


def largest_vouchers(
    vouchers: pd.DataFrame, *, most: int = 3, lines: int = 8, rest: str = "其余 {n} 张"
) -> pd.DataFrame:
    """The largest vouchers of each line and the sum of its others.

    Parameters
    ----------
    vouchers : from `line_vouchers`. most : vouchers a line shows, the sum of the others included.
    lines : lines shown. rest : the words for the others, with {n}, in the column voucher.

    Returns
    -------
    line, voucher, date, amount (CNY), supplier, status, source (file › sheet!row); a line's rows add to
    all its vouchers.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2; every figure can be traced to its rows.

    Examples
    --------
    >>> v = pd.DataFrame({"category": "会展", "voucher": list("ABC"), "amount": [5.0, 3.0, 1.0],
    ...     "source_file": "费用.xlsx", "source_sheet": "3月", "source_row": [4, 5, 6]})
    >>> largest_vouchers(v, most=2)[["voucher", "amount", "source"]].values.tolist()
    [['A', 5.0, '费用.xlsx › 3月 › 4'], ['其余 2 张', 4.0, '—']]
    """
    need_columns(vouchers, ["amount"], metric="largest_vouchers")
    currency_of(vouchers)
    named = vouchers.assign(line=line_names(vouchers), source=_sources(vouchers))
    for column in ("voucher", "date", "supplier", "status"):
        named[column] = named[column] if column in named else pd.Series(pd.NA, named.index)
    shown = ["line", "voucher", "date", "amount", "supplier", "status", "source"]
    words = ["voucher", "supplier", "status"]
    named[words] = named[words].astype("str").fillna("—")
    parts = []
    for line in list(dict.fromkeys(named["line"]))[:lines]:
        rows = named.loc[named["line"] == line, shown]
        part = largest_and_rest(rows, most=most, sums=["amount"], label="voucher", rest=rest)
        parts.append(part.assign(line=line))
    return pd.concat(parts, ignore_index=True) if parts else named[shown]


def adjustment_ledger(
    budget: pd.DataFrame, *, month: str | pd.Timestamp, fiscal_year_start: int = 1
) -> pd.DataFrame:
    """The approved changes of `transfer_balance`, each with its reasons and the lines it moves.

    Parameters
    ----------
    budget, month : as in `transfer_balance`.

    Returns
    -------
    The columns of `transfer_balance`, the reasons as written, and lines (the lines moved, joined).

    Raises
    ------
    MetricError
        A frame lacks a column; names it, and what was there.

    Source
    ------
    methods 4.6.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-03-01"] * 2), "version": "adjustment", "amount": [5e4, -5e4],
    ...     "date": pd.to_datetime(["2026-03-05"] * 2), "approver": "王磊", "category": ["直播", "会展"],
    ...     "reason": ["由会展调入", "调出至直播"]})
    >>> adjustment_ledger(b, month="2026-03")[["reason", "lines", "net"]].values.tolist()
    [['由会展调入；调出至直播', '直播；会展', 0.0]]
    """
    moved = transfer_balance(budget, month=month, fiscal_year_start=fiscal_year_start)
    plan = approved_plan(budget, month=month, fiscal_year_start=fiscal_year_start)
    year = fiscal_months(month, fiscal_year_start)
    rows = plan[(plan["version"] == "adjustment") & plan["first"].between(year[0], year[-1])]
    rows = rows.assign(line=line_names(rows))
    for column in ("approver", "reason"):
        rows[column] = rows[column].astype("str").fillna("") if column in rows else ""
    reasons, lines = [], []
    for group in moved.to_dict("records"):
        mine = rows[rows["date"].isna() if pd.isna(group["date"]) else rows["date"] == group["date"]]
        mine = mine[mine["approver"] == group["approver"]]
        if group["kind"] == "supplement":
            mine = mine[mine["reason"] == group["reason"]]
        reasons.append("；".join(dict.fromkeys(r for r in mine["reason"] if r)))
        lines.append("；".join(dict.fromkeys(v for v in mine["line"] if v)))
    return moved.assign(reason=texts(reasons), lines=texts(lines))


def gravest_first(warnings: pd.DataFrame) -> pd.DataFrame:
    """The warnings of `budget_warnings` in order of gravity: what is over budget, then what is off its pace.

    Parameters
    ----------
    warnings : from `budget_warnings`.

    Returns
    -------
    The same rows, with `line`, the line in words.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> w = pd.DataFrame({"category": ["会展", "直播"], "code": ["warning", "overspent"], "amount": [9.0, 1.0],
    ...                   "value": [0.9, float("nan")]})
    >>> gravest_first(w)["line"].tolist()
    ['直播', '会展']
    """
    need_columns(warnings, ["code", "amount", "value"], metric="gravest_first")
    rank = warnings["code"].map({c: i for i, c in enumerate(CODES)})
    out = warnings.assign(line=line_names(warnings), _rank=rank, _full=-warnings["value"].fillna(0.0))
    # behind is graver the lower it is
    out.loc[out["code"] == "behind", "_full"] *= -1
    out["_size"] = -out["amount"].abs()
    return out.sort_values(["_rank", "_full", "_size", "line"], ignore_index=True).drop(
        columns=["_rank", "_full", "_size"]
    )


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
    return dict(zip(CODES, CODE_WORDS[language], strict=True))


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


def _sources(rows: pd.DataFrame) -> list[str]:
    columns = [c for c in ("source_file", "source_sheet", "source_row") if c in rows]
    parts = rows[columns].astype("str").fillna("").to_numpy().tolist()
    return [" › ".join(p for p in row if p) for row in parts]
