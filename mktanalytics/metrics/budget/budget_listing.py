"""Lists of a budget report, cut to the largest with the rest counted: lines and vouchers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import DIMENSIONS, texts
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_numbers

SEPARATOR = " · "


@checked
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


@checked
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

    Raises
    ------
    MetricError
        A column to sum is missing or holds no numbers.

    Source
    ------
    methods 0.2.

    Examples
    --------
    >>> largest_and_rest(pd.DataFrame({"k": list("abc"), "v": [3, 2, 1]}), most=2, sums=["v"], label="k",
    ...                  rest="其余 {n} 项").values.tolist()
    [['a', 3], ['其余 2 项', 3]]
    """
    need_numbers(rows, list(sums), metric="largest_and_rest")
    if len(rows) <= most:
        return rows.reset_index(drop=True)
    head, tail = rows.iloc[: most - 1], rows.iloc[most - 1 :]
    words = {c: "—" for c in rows if not pd.api.types.is_numeric_dtype(rows[c]) and rows[c].dtype.kind != "M"}
    last = words | {label: rest.format(n=len(tail))} | {c: tail[c].sum() for c in sums}
    out = pd.concat([head, pd.DataFrame([last])], ignore_index=True)
    return out[list(rows.columns)]


@checked
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
    need_numbers(vouchers, ["amount"], metric="largest_vouchers")
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


def _sources(rows: pd.DataFrame) -> list[str]:
    columns = [c for c in ("source_file", "source_sheet", "source_row") if c in rows]
    parts = rows[columns].astype("str").fillna("").to_numpy().tolist()
    return [" › ".join(p for p in row if p) for row in parts]
