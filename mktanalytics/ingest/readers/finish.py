"""What every reader does last: lay cells over rows, cut empty margins, bound merges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from mktanalytics.ingest.readers.cells import MAX_COLUMNS, Cell, Range, Sheet
from mktanalytics.ingest.readers.refusals import refuse

Note = tuple[str, str, str]  # code, sentence in Chinese, in English
MAX_AREA: Final = 10_000_000  # cells of the rectangle from A1 that a sheet may span when most of it is empty


def left_out(sheet: str) -> Note:
    """The note for a sheet without cells."""
    return (
        "chart_sheet",
        f"“{sheet}”是图表或宏表，没有数据，未读",
        f"{sheet!r} is a chart or macro sheet without data: not read",
    )


def put(rows: list[list[Cell]], cells: Mapping[tuple[int, int], Cell]) -> None:
    """Write cells by 1-based address, growing the rows where they lie outside."""
    for (row, column), value in cells.items():
        while len(rows) < row:
            rows.append([None] * (len(rows[0]) if rows else 0))
        line = rows[row - 1]
        if len(line) < column:
            line.extend([None] * (column - len(line)))
        line[column - 1] = value


def finished(
    name: str,
    position: int,
    rows: list[list[Cell]],
    merges: Sequence[Range] = (),
    hidden: bool = False,
    hidden_rows: set[int] | frozenset[int] = frozenset(),
    hidden_columns: set[int] | frozenset[int] = frozenset(),
) -> Sheet:
    """The sheet with trailing empty rows and columns cut off and every row of one length."""
    trim(rows)
    height, width = len(rows), len(rows[0]) if rows else 0
    return Sheet(
        name=name,
        position=position,
        rows=rows,
        merges=apart(sorted({bounded(merge, height, width) for merge in merges}), height, width),
        hidden=hidden,
        hidden_rows=frozenset(row for row in hidden_rows if row <= height),
        hidden_columns=frozenset(column for column in hidden_columns if column <= width),
    )


def trim(rows: list[list[Cell]]) -> None:
    """Cut trailing empty rows and columns, and pad short rows, in place."""
    while rows and all(value is None for value in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    while width and all(len(row) < width or row[width - 1] is None for row in rows):
        width -= 1
    if width > MAX_COLUMNS:
        raise refuse(
            "too_large",
            f"{width:,} 列，工作表最多 {MAX_COLUMNS:,} 列",
            f"{width:,} columns, where a sheet has {MAX_COLUMNS:,} at most",
        )
    area = width * len(rows)
    if area > MAX_AREA and sum(map(len, rows)) * 4 < area:
        longest = max(range(len(rows)), key=lambda index: len(rows[index]))
        raise refuse("far_cell", f"第 {longest + 1} 行第 {width} 列", f"row {longest + 1}, column {width},")
    for row in rows:
        if len(row) > width:
            del row[width:]
        elif len(row) < width:
            row.extend([None] * (width - len(row)))


def apart(merges: Sequence[Range], height: int, width: int) -> tuple[Range, ...]:
    """The merges without those that overlap an earlier one, which no program makes: ten thousand over one area would
    be followed cell by cell."""
    if len(merges) < 2:
        return tuple(merges)
    covered = np.zeros((height, width), dtype=bool)
    kept = []
    for merge in merges:
        area = covered[merge.top - 1 : merge.bottom, merge.left - 1 : merge.right]
        if not area.any():
            area[:] = True
            kept.append(merge)
    return tuple(kept)


def bounded(merge: Range, height: int, width: int) -> Range:
    """A merge as it is, unless it covers whole rows or columns of the grid: then as far as the sheet has cells."""
    if (merge.bottom - merge.top + 1) * (merge.right - merge.left + 1) <= 1_000_000:
        return merge
    return merge._replace(
        bottom=max(merge.top, min(merge.bottom, height)), right=max(merge.left, min(merge.right, width))
    )
