"""What a tidy table holds, at a glance."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mktanalytics.schema import Column
from mktanalytics.store import load
from mktanalytics.tables import table


def describe(name: str, *, language: str = "zh", processed: Path | None = None) -> pd.DataFrame:
    """The columns of a tidy table: label, kind, unit, rows with a value, distinct values, smallest, largest, meaning.

    Parameters
    ----------
    name : a tidy table.
    language : of labels and meanings, `zh` or `en`.

    Returns
    -------
    One row per column, indexed by its name. A sensitive column shows no values.

    Raises
    ------
    TableError
        There is no such table, or it holds no rows.
    """
    rows = [_row(column, _values(name, column.name, processed), language) for column in table(name).columns]
    return pd.DataFrame(rows).set_index("column")


def _values(name: str, column: str, processed: Path | None) -> pd.Series:
    """One column alone: all together may be more than the memory holds."""
    return load(name, columns=[column], processed=processed)[column]


def _row(column: Column, values: pd.Series, language: str) -> dict[str, object]:
    zh = language == "zh"
    present = values.dropna()
    shown = len(present) > 0 and not column.sensitive
    return {
        "column": column.name,
        "label": column.zh if zh else column.en,
        "kind": column.kind,
        "unit": column.unit,
        "rows": len(present),
        "distinct": present.nunique(),
        "smallest": present.min() if shown else None,
        "largest": present.max() if shown else None,
        "about": column.about_zh if zh else column.about,
    }
