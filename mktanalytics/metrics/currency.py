"""In which currency amounts are, and units of what: those of several are never added (methods 0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked

MONEY = frozenset({"amount", "cost", "price", "actual_amount"})  # measures in the currency of their row
DEFAULT = "CNY"  # of a frame that names none


def currency_of(*frames: pd.DataFrame, measure: str = "amount") -> str:
    """The one currency of what the frames hold of `measure`; "" where that is no money.

    Raises
    ------
    MetricError
        There are several; or, of `units`, several units of measure.

    >>> currency_of(pd.DataFrame({"amount": [1.0, 2.0], "currency": ["USD", "USD"]}))
    'USD'
    """
    if measure == "units":
        found = _told_by("unit", frames, measure)
        if len(found) > 1:
            raise MetricError(
                ("不同计量单位不能相加", "mixed units of measure can't be summed"),
                found=", ".join(found),
                expected=("一种", "one"),
                todo=("先折算", "convert first"),
            )
    if measure not in MONEY:
        return ""
    found = _told_by("currency", frames, measure)
    if len(found) > 1:
        raise MetricError(
            ("不同币种的金额不能相加", "amounts of several currencies can't be added"),
            found=", ".join(found),
            expected=("一种币种", "one currency"),
            todo=("先折算为同一币种，或只取其中一种", "convert them first, or take the rows of one"),
        )
    return next(iter(found), DEFAULT)


def _told_by(column: str, frames: Iterable[pd.DataFrame], measure: str) -> list[str]:
    """What a column says of the rows that have the measure."""
    held = (f[f[measure].notna()] if measure in f.columns else f for f in frames if column in f.columns)
    return sorted({str(v) for f in held for v in f[column].dropna().unique()})


@checked
def one_currency(
    frames: Mapping[str, pd.DataFrame], *, preferred: str = DEFAULT
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame, str]:
    """The tables in one currency, and what had to be left out: different currencies can't be summed.

    Parameters
    ----------
    frames : name -> tidy table, or sums of it with the number of its `rows`; the first that names a currency decides. preferred : the currency to keep if it has it.

    Returns
    -------
    name -> table; the rows left out by table and currency (table, currency, rows, amount); the currency.

    Source
    ------
    methods 0.4.

    Examples
    --------
    >>> b = pd.DataFrame({"currency": ["USD", "USD", "EUR"], "amount": [1.0, 2.0, 5.0]})
    >>> kept, left, currency = one_currency({"budget": b})
    >>> currency, left.values.tolist()
    ('USD', [['budget', 'EUR', 1, 5.0]])
    """
    counts = [_rows_of(f).groupby(f["currency"]).sum() for f in frames.values() if "currency" in f.columns]
    first = next((c for c in counts if len(c)), pd.Series(dtype="int64"))
    most = sorted(first.index, key=lambda c: (-first[c], c))
    chosen = preferred if preferred in first.index or not most else str(most[0])
    kept, left = {}, []
    for name, frame in frames.items():
        if "currency" not in frame.columns:
            kept[name] = frame
            continue
        other = frame["currency"].fillna(chosen) != chosen
        kept[name] = frame[~other] if other.any() else frame
        for currency, rows in frame[other].groupby("currency"):
            amount = float(rows["amount"].sum()) if "amount" in rows else float("nan")
            left.append((name, str(currency), int(_rows_of(rows).sum()), amount))
    return kept, pd.DataFrame(left, columns=["table", "currency", "rows", "amount"]), chosen


def _rows_of(frame: pd.DataFrame) -> pd.Series:
    return frame["rows"] if "rows" in frame.columns else pd.Series(1, frame.index)
