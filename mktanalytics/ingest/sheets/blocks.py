"""Where the tables on a sheet are: side by side, stacked, after titles, above notes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from mktanalytics.ingest.sheets.area import Area, Block
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.header_rows import grown, header_candidates, header_spans, row_key
from mktanalytics.ingest.sheets.parts import sides, stacks
from mktanalytics.ingest.sheets.shape import Shape


def find_blocks(grid: Grid, shape: Shape, header_row: int = 0) -> list[Block]:
    """The blocks of a sheet, top to bottom, left to right; every filled cell is in exactly one.

    `header_row` (1-based), where a person has named it, is the first header row of the only block.
    """
    whole = _trim(Area(0, 0, *grid.cells.shape), shape)
    if whole is None:
        return []
    if header_row:
        span = grown(header_row - 1, header_row - 1, whole, grid, shape)
        return [_block(whole, (header_row - 1, span[1]), grid, shape)]
    return sorted(_cut(whole, grid, shape), key=lambda b: b.area)


def _trim(area: Area, shape: Shape) -> Area | None:
    filled = shape.filled[area.top : area.bottom, area.left : area.right]
    rows, columns = np.nonzero(filled.any(axis=1))[0], np.nonzero(filled.any(axis=0))[0]
    if not len(rows):
        return None
    return Area(
        area.top + rows[0], area.left + columns[0], area.top + rows[-1] + 1, area.left + columns[-1] + 1
    )


def _cut(area: Area | None, grid: Grid, shape: Shape, depth: int = 0) -> list[Block]:
    """Cut into columns where each side has its own header, then into stacked tables, until nothing more parts."""
    area = _trim(area, shape) if area else None
    if area is None:
        return []
    beside = sides(area, grid, shape)
    if len(beside) > 1:
        return [b for side in beside for b in _cut(side, grid, shape, depth + 1)]
    spans = header_spans(area, grid, shape)
    stacked = stacks(area, spans, shape)
    if len(stacked) > 1 and depth < 20:
        return [b for part in stacked for b in _cut(part, grid, shape, depth + 1)]
    return [_block(area, spans[0] if spans else None, grid, shape)]


def _block(area: Area, header: tuple[int, int] | None, grid: Grid, shape: Shape) -> Block:
    cells = slice(area.left, area.right)
    filled = (np.nonzero(shape.filled[area.top : area.bottom, cells].any(axis=1))[0] + area.top).tolist()
    if header is None:
        return _headless(area, filled, shape)
    first, after = bisect_left(filled, header[0]), bisect_right(filled, header[1])
    titles, heads, rest = tuple(filled[:first]), tuple(filled[first:after]), filled[after:]
    notes = _footer(rest, area, shape)
    leaf = row_key(header[1], area, grid)
    same = {
        r
        for r in header_candidates(area, shape)
        if r > header[1] and row_key(r, area, grid) in {leaf, row_key(header[0], area, grid)}
    }
    same |= _copies(header[1], rest, area, grid, shape)
    aside = same | set(notes)
    data = tuple(r for r in rest if r not in aside) if aside else tuple(rest)
    return Block(area, titles, heads, data, notes, tuple(sorted(same - set(notes))))


def _copies(header: int, rest: Sequence[int], area: Area, grid: Grid, shape: Shape) -> set[int]:
    """Rows that hold the very texts of the header."""
    cells = slice(area.left, area.right)
    texts = grid.text_ids[header, cells]
    places = np.nonzero(texts >= 0)[0]
    if len(places) < 2 or len(places) < int(shape.filled[header, cells].sum()):
        return set()
    rows = np.asarray(rest, dtype=np.intp)
    for place in places:
        rows = rows[grid.text_ids[rows, area.left + place] == texts[place]]
    return set(rows.tolist())


def _headless(area: Area, filled: list[int], shape: Shape) -> Block:
    window = (slice(area.top, area.bottom), slice(area.left, area.right))
    if shape.number[window].any():
        return Block(area, data=tuple(filled))
    return Block(area, notes=tuple(filled))


def _footer(rows: list[int], area: Area, shape: Shape) -> tuple[int, ...]:
    """The trailing rows that hold one or two texts and no figure: 注, 数据来源, 制表人."""
    cells = slice(area.left, area.right)
    wide = area.right - area.left >= 3
    notes: list[int] = []
    for row in reversed(rows):
        count = int(shape.filled[row, cells].sum())
        words = bool((shape.text[row, cells] | shape.period[row, cells])[shape.filled[row, cells]].all())
        noted = bool((shape.note | shape.said)[row, cells].any())
        if not (words and not shape.number[row, cells].any() and (noted or (count == 1 and wide))):
            break
        notes.append(row)
    return tuple(sorted(notes))
