"""A sheet as arrays: what kind each cell is, and each distinct text once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.readers.cells import Cell, CellError, Percent, Sheet, Uncached
from mktanalytics.ingest.values.texts import numbered

EMPTY, TEXT, NUMBER, DATE, OTHER, BAD = range(6)


# SO00000001: nearly every text of a long list of orders is one of a kind; SalesMay202610 is none
_CODE = re.compile(
    r"(?!(?i:rmb|cny|usd|hkd|eur|jpy|gbp|twd|idr|rp)\d)(?:[A-Z]{1,12}|[A-Z]?[a-z]{1,11})[0-9]{6,}", re.ASCII
)


def is_code(text: str) -> bool:
    """Whether a text is letters and six digits or more: no number, period, unit, note or total, whatever the digits."""
    return _CODE.fullmatch(text) is not None


_SPACES = " \t\r\n\u3000\xa0\ufeff\u200b"


class _Kinds(dict[type, int]):
    """The kind of each type of cell."""

    def __missing__(self, _: type) -> int:
        return OTHER


_KIND = _Kinds({
    type(None): EMPTY, str: TEXT, float: NUMBER, Percent: NUMBER, int: NUMBER, dt.datetime: DATE, dt.date: DATE,
    bool: OTHER, dt.time: OTHER, dt.timedelta: OTHER, CellError: BAD, Uncached: BAD,
})  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """The cells of a sheet (0-based), their kinds, and for text cells the number of the text in `texts`."""

    sheet: Sheet
    cells: NDArray[np.object_]
    kinds: NDArray[np.int8]
    text_ids: NDArray[np.int64]
    texts: tuple[str, ...]

    @property
    def filled(self) -> NDArray[np.bool_]:
        result: NDArray[np.bool_] = self.kinds != EMPTY
        return result

    @cached_property
    def merged_from(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Every covered cell of a merge → the cell that holds its value; far-reaching merges are cut to the sheet."""
        rows, columns = self.cells.shape
        return {
            (r, c): (m.top - 1, m.left - 1)
            for m in self.sheet.merges
            for r in range(m.top - 1, min(m.bottom, rows))
            for c in range(m.left - 1, min(m.right, columns))
            if (r, c) != (m.top - 1, m.left - 1)
        }

    def value(self, row: int, column: int) -> Cell:
        """The cell, seen through merges."""
        row, column = self.merged_from.get((row, column), (row, column))
        cell: Cell = self.cells[row, column]
        return cell

    def has_merges(self, rows: Sequence[int] | NDArray[np.int64], column: int) -> bool:
        """Whether a merge may cover cells of a column in these rows, which are in order; that of a title above doesn't."""
        return len(rows) > 0 and any(
            m.left - 1 <= column < m.right and m.top - 1 <= rows[-1] and rows[0] < m.bottom
            for m in self.sheet.merges
        )

    def values(self, rows: Sequence[int], column: int) -> list[Cell]:
        """The cells of a column, seen through merges."""
        if self.has_merges(rows, column):
            return [self.value(row, column) for row in rows]
        cells: list[Cell] = self.cells[list(rows), column].tolist()
        return cells

    def text_mask(self, of_texts: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which cells hold a text for which `of_texts` (one flag per distinct text) is true."""
        if not of_texts.any():
            return np.zeros(self.text_ids.shape, dtype=bool)
        flags = np.append(of_texts, False)
        result: NDArray[np.bool_] = flags[self.text_ids]
        return result

    @cached_property
    def words(self) -> tuple[tuple[int, str], ...]:
        """The distinct texts with their numbers, codes left out."""
        codes = map(_CODE.fullmatch, self.texts)
        return tuple((i, t) for i, (t, code) in enumerate(zip(self.texts, codes, strict=True)) if not code)

    def those(self, wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
        """Which cells hold a text that is `wanted`; each distinct text is asked once, and no code is."""
        flags = np.zeros(len(self.texts), dtype=bool)
        flags[[i for i, text in self.words if wanted(text)]] = True
        return self.text_mask(flags)


def read_grid(sheet: Sheet) -> Grid:
    """The arrays of a sheet; text that is only spaces is an empty cell."""
    rows = sheet.rows
    columns = len(rows[0]) if rows else 0
    flat = np.fromiter(chain.from_iterable(rows), object, len(rows) * columns)
    cells = flat.reshape(len(rows), columns)
    kinds = np.fromiter(map(_KIND.__getitem__, map(type, chain.from_iterable(rows))), np.int8, flat.size)
    is_text = kinds == TEXT
    ids = np.full(flat.size, -1, dtype=np.int64)
    codes, texts = numbered(flat[is_text].tolist())
    ids[is_text] = codes
    blank = [i for i, text in enumerate(texts) if not text.strip(_SPACES)]
    if blank:
        empty = np.isin(ids, blank)
        kinds[empty] = EMPTY
        ids[empty] = -1
    shape = (len(rows), columns)
    return Grid(sheet, cells, kinds.reshape(shape), ids.reshape(shape), tuple(texts))


NO_CELLS = read_grid(Sheet("", 0, []))
