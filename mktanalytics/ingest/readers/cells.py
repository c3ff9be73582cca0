"""What reading a file gives: sheets of typed cells with true addresses, and nothing interpreted."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

MAX_COLUMNS: Final = 16_384  # of a sheet of Excel: XFD is the last


@dataclass(frozen=True)
class CellError:
    """An error cell such as #REF! or #N/A."""

    code: str


@dataclass(frozen=True)
class Uncached:
    """A formula whose value the file doesn't hold: unknown, never zero."""

    formula: str = ""


_RANGE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})(?::([A-Z]{1,3})([1-9]\d{0,6}))?")


class Percent(float):
    """A number that the workbook shows as a percentage: 0.85 as 85%."""


# None is an empty cell. Text is as stored, spaces and line breaks included. Numbers are float, as Excel keeps them;
# a .csv cell is always text.
Cell = None | str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | CellError | Uncached


class Range(NamedTuple):
    """A rectangle, 1-based and inclusive, as Excel counts."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is row 1, `rows[r][0]` is column A; every row has the same length."""

    name: str  # "" for a text file
    position: int  # 0-based order in the workbook
    rows: list[list[Cell]]
    merges: tuple[Range, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()  # 1-based
    hidden_columns: frozenset[int] = frozenset()  # 1-based


@dataclass(frozen=True)
class Workbook:
    """One file as read: its sheets, and what the reader has to tell (code, sentence in Chinese, in English)."""

    file: str  # path inside the raw folder, "/" between parts
    sha256: str
    container: str  # xlsx, xls, xlsb, ods, csv, html, xml2003
    encoding: str = ""
    sheets: tuple[Sheet, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = field(default=())


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1-style address of a 1-based row and column."""
    return f"{column_letters(column)}{row}"


def rectangle(cell: str) -> Range | None:
    """B3 or A1:D9 as a rectangle; None where the text is no address."""
    found = _RANGE.fullmatch(cell)
    if not found:
        return None
    left, top, right, bottom = found.groups()
    last = (_column(right), int(bottom)) if right else (_column(left), int(top))
    return Range(int(top), _column(left), last[1], last[0])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
