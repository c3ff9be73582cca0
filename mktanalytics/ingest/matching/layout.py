"""A block laid out anew, so that each record is a row: records that stood across, measures that stood down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mktanalytics.ingest.readers.cells import Cell, Sheet
from mktanalytics.ingest.sheets.area import Area, Block
from mktanalytics.ingest.sheets.grid import Grid, read_grid
from mktanalytics.ingest.sheets.vocabulary import Vocabulary
from mktanalytics.numbers import key
from mktanalytics.periods import parse_span

MOST_FIELDS, MOST_RECORDS = 60, 2000
Place = tuple[int, int]  # row and column, 0-based


@dataclass(frozen=True)
class Layout:
    """A block's cells in another order, and where each of them stands on the sheet."""

    code: str  # what is told of it: turned, unstacked, unfolded
    grid: Grid
    block: Block
    cells: Mapping[Place, Place]  # of the new grid → of the sheet
    rows: Mapping[int, tuple[int, ...]]  # data row of the new grid → the sheet's rows it is made of


def laid_out(
    code: str,
    like: Sheet,
    rows: Sequence[Sequence[tuple[Cell, Place | None]]],
    header: int,
    sources: Sequence[tuple[int, ...]],
) -> Layout:
    """The layout of these cells, the first `header` rows being the header."""
    sheet = Sheet(like.name, like.position, [[cell for cell, _ in row] for row in rows])
    cells = {
        (r, c): place for r, row in enumerate(rows) for c, (_, place) in enumerate(row) if place is not None
    }
    block = Block(
        Area(0, 0, len(rows), len(rows[0])), header=tuple(range(header)), data=tuple(range(header, len(rows)))
    )
    return Layout(code, read_grid(sheet), block, cells, dict(zip(block.data, sources, strict=True)))


def turned(grid: Grid, block: Block, words: Vocabulary) -> Layout | None:
    """The block with its columns as rows: headers down the first column, a record in each of the others."""
    area = block.area
    rows = sorted((*block.header, *block.data))
    columns = [c for c in range(area.left, area.right) if grid.filled[rows, c].any()]
    if not (2 <= len(rows) <= MOST_FIELDS and 3 <= len(columns) <= MOST_RECORDS) or block.repeated:
        return None
    if any(
        m.bottom > rows[0] and m.top - 1 <= rows[-1] and m.right > area.left and m.left <= area.right
        for m in grid.sheet.merges
    ):
        return None  # fmt: skip
    heads = [grid.cells[r, columns[0]] for r in rows]
    if any(not isinstance(h, str) or not h.strip() for h in heads[1:]):
        return None
    cells: list[list[tuple[Cell, Place | None]]] = [
        [(grid.cells[r, c], (r, c)) for r in rows] for c in columns
    ]
    if all(_is_period(row[0][0]) for row in cells[1:]) and not _is_time(heads[0], words):
        cells[0][0] = ("月份", cells[0][0][1])  # the corner names the headers, not the months beside it
    return laid_out("turned", grid.sheet, cells, 1, [tuple(rows)] * (len(columns) - 1))


def _is_period(cell: Cell) -> bool:
    return isinstance(cell, dt.date) or (isinstance(cell, str) and parse_span(cell) is not None)


def _is_time(cell: Cell, words: Vocabulary) -> bool:
    return isinstance(cell, str) and bool({"month", "date"} & {c.column for c in words.get(key(cell), ())})
