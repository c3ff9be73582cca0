"""Label columns as a reader sees them: merged cells and pivot blanks filled down, and only those."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.grid import EMPTY, Grid

Cells = NDArray[np.object_]


def column_cells(grid: Grid, rows: NDArray[np.int64], column: int, *, merged: bool) -> Cells:
    """The cells of a column in these rows; with `merged`, a covered cell takes the value of its merge."""
    cells: Cells = grid.cells[rows, column].copy()
    cells[grid.kinds[rows, column] == EMPTY] = None
    if merged and grid.has_merges(rows, column):
        for i, row in enumerate(rows.tolist()):
            source = grid.merged_from.get((row, column))
            if source is not None:
                cells[i] = grid.cells[source]
    return cells


def merged_down(grid: Grid, rows: NDArray[np.int64], column: int) -> list[int]:
    """Rows whose cell in `column` lies in a merge that reaches over several rows."""
    tall = [m for m in grid.sheet.merges if m.bottom > m.top and m.left - 1 <= column < m.right]
    return [r for r in rows.tolist() if any(m.top - 1 <= r < m.bottom for m in tall)] if tall else []


def fill_pivot(
    columns: Sequence[Cells], last: int, skip: NDArray[np.bool_], rows: NDArray[np.int64]
) -> list[int]:
    """Fill the blanks of leading label columns downwards, in place, where the layout is a pivot's.

    A pivot names each group once, over the rows that follow. So: the first row is filled, no name comes twice under
    the same outer name (but after a break in the rows, where it is said again), the columns lead the table, and the
    innermost (`last`) is never blank. Gives the positions of the columns that were filled. Rows in `skip` (totals)
    neither give nor take.
    """
    filled: list[int] = []
    if last <= 0 or any(v is None for v in columns[last][~skip]):
        return filled
    outer = np.zeros(len(skip), dtype=np.int64)
    broken = np.diff(rows, prepend=-2) > 1
    for position in range(last):
        cells = columns[position]
        named = np.array([v is not None for v in cells], dtype=bool) & ~skip
        rest = ~skip
        if not rest.any() or named[rest].all():
            outer = _groups(cells, outer)
            continue
        first = int(np.nonzero(rest)[0][0])
        pairs: list[tuple[int, str]] = []
        for i in np.nonzero(named)[0]:
            pair = (int(outer[i]), str(cells[i]))
            if not (pairs and pairs[-1] == pair and broken[i]):
                pairs.append(pair)
        if not named[first] or len(set(pairs)) < len(pairs) or int(named.sum()) * 10 > int(rest.sum()) * 9:
            break
        _fill(cells, named, rest)
        filled.append(position)
        outer = _groups(cells, outer)
    return filled


def _fill(cells: Cells, named: NDArray[np.bool_], rest: NDArray[np.bool_]) -> None:
    current = None
    for i in range(len(cells)):
        if named[i]:
            current = cells[i]
        elif rest[i]:
            cells[i] = current


def _groups(cells: Cells, outer: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the runs of equal labels within the outer groups."""
    numbers = np.zeros(len(cells), dtype=np.int64)
    begins = (cells[1:] != cells[:-1]) | (outer[1:] != outer[:-1])
    numbers[1:] = np.cumsum(begins)
    return numbers
