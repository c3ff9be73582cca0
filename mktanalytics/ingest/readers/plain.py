"""calamine's rows as cells: empty text as None, whole numbers as float, and days before the first as the numbers they are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from mktanalytics.ingest.readers.cells import Cell, address

MIDNIGHT: Final = dt.time()


class Distinct(dict[Any, Any]):
    """What is met again is the one object that was met first."""

    def __missing__(self, value: Any) -> Any:
        return self.setdefault(value, value)


def plain_rows(sheet: Any) -> list[list[Cell]]:
    """All rows of a sheet."""
    left = sheet.start[1] if sheet.start else 0
    # row by row: all at once would hold every text as often as it stands there
    return cells_of(sheet.iter_rows(), left, Distinct({"": None}))


def cells_of(rows: Iterable[list[Any]], left: int, seen: Distinct) -> list[list[Cell]]:
    """Rows that begin after `left` columns; whatever is no number is held once, by `seen`."""
    keep = seen.__getitem__
    margin = [None] * left
    return [
        margin
        + [
            value if (kind := value.__class__) is float else float(value) if kind is int else keep(value)
            for value in row
        ]
        for row in rows
    ]


def restore_day_zero(rows: list[list[Cell]], top: int, xml: Callable[[], bytes]) -> None:
    """Put back 0 and negative numbers in cells with a date format: calamine makes both midnight.

    `top` is the first row, 0-based; `xml` gives the sheet's XML, and is only asked where there is a midnight.
    """
    found = [(row, column) for row, line in enumerate(rows, top + 1) for column in _midnights(line)]
    if not found:
        return
    wanted = {address(*key).encode(): key for key in found}
    for cell, number in re.findall(rb'<c r="([A-Z]+\d+)"[^>]*>(?:<f.*?)?<v>([^<]+)</v>', xml()):
        if cell in wanted:
            row, column = wanted[cell]
            rows[row - top - 1][column - 1] = float(number)


def _midnights(line: list[Cell]) -> list[int]:
    if MIDNIGHT not in line:
        return []
    return [column for column, value in enumerate(line, 1) if value == MIDNIGHT]
