"""Which rows of an area are headers, and how deep a header is."""

from __future__ import annotations

import numpy as np

from mktanalytics.ingest.sheets.area import Area
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.shape import Shape, year_of
from mktanalytics.ingest.sheets.vocabulary import is_meta
from mktanalytics.numbers import key
from mktanalytics.periods import parse_span

DEEPEST_HEADER = 4


def header_spans(area: Area, grid: Grid, shape: Shape) -> list[tuple[int, int]]:
    """Spans of header rows, first and last, of each table stacked in the area; a repeated header is not a new table."""
    spans: list[tuple[int, int]] = []
    texts: list[tuple[str, ...]] = []
    for row in header_candidates(area, shape):
        if spans and row <= spans[-1][1]:
            continue
        span = grown(row, row, area, grid, shape)
        text = row_key(row, area, grid)
        if text in texts and not _titled(span[0], area, shape):
            continue
        if spans and text not in texts and not _stands_out(spans[-1][1], span[0], area, grid, shape):
            continue
        spans.append(span)
        texts.append(text)
    if not spans and (first := unknown_header(area, shape)) is not None:
        spans = [grown(first, first, area, grid, shape)]
    return spans


def row_key(row: int, area: Area, grid: Grid) -> tuple[str, ...]:
    return tuple(key(str(v)) if v is not None else "" for v in grid.cells[row, area.left : area.right])


def _stands_out(header: int, row: int, area: Area, grid: Grid, shape: Shape) -> bool:
    """Whether a row below a header and its data heads another table: 品牌 | 促销 | 见附件 may be data too."""
    cells = slice(area.left, area.right)
    mine, above = grid.text_ids[row, cells], grid.text_ids[max(header + 1, row - 200) : row, cells]
    again = ((above == mine) & (mine >= 0)).any(axis=0)
    if again.sum() * 2 > (mine >= 0).sum():
        return False  # its words stand in the same columns of the data
    if int(shape.filled[row - 1, cells].sum()) <= 2:
        return True
    named = (shape.known | shape.period)[row, cells].sum()
    return bool(named * 4 >= shape.filled[row, cells].sum() * 3)


def _titled(row: int, area: Area, shape: Shape) -> bool:
    """Whether the row above is a lone title, so that this header opens a table of its own."""
    if row <= area.top:
        return False
    above = slice(area.left, area.right)
    return int(shape.filled[row - 1, above].sum()) == 1 and bool(shape.text[row - 1, above].any())


def header_candidates(area: Area, shape: Shape) -> list[int]:
    """Rows that look like headers: words that tables know, and periods, and no figures."""
    window = (slice(area.top, area.bottom), slice(area.left, area.right))
    filled, known = shape.filled[window].sum(axis=1), (shape.known & shape.text)[window].sum(axis=1)
    period, number = shape.period[window].sum(axis=1), shape.number[window].sum(axis=1)
    words = shape.text[window].sum(axis=1)
    recognised = known + period
    good = (number == 0) & (filled >= 2) & (recognised * 3 >= filled)
    enough = (
        (known >= 2)
        | ((known >= 1) & (period >= 2))
        | ((words >= 1) & (period >= 3) & (words + period == filled))
    )
    small = (known >= 1) & (filled == 2) & (words == 2)
    form = shape.said[window].sum(axis=1) == filled  # 单位：万元 | 币种：美元
    rows = np.nonzero(good & (enough | small) & ~form)[0] + area.top
    return [int(r) for r in rows if _has_data_below(int(r), area, shape)]


def _has_data_below(row: int, area: Area, shape: Shape) -> bool:
    below = shape.filled[row + 1 : row + 4, area.left : area.right]
    return bool(below.sum() >= 1)


def unknown_header(area: Area, shape: Shape) -> int | None:
    """The first row of two or more words over a row with figures, where no word is known."""
    for row in range(area.top, min(area.bottom - 1, area.top + 40)):
        cells = slice(area.left, area.right)
        filled = int(shape.filled[row, cells].sum())
        if shape.said[row, cells].sum() == filled:
            continue
        words = int((shape.text | shape.period)[row, cells].sum())
        figures = int(shape.number[row + 1 : row + 3, cells].sum())
        if filled >= 2 and words == filled and (figures or int(shape.filled[row + 1, cells].sum()) >= 2):
            return row
    return None


def grown(first: int, last: int, area: Area, grid: Grid, shape: Shape) -> tuple[int, int]:
    """The header's other rows: groups above (1月 over 目标/实际), sub-headers and units below."""
    while (
        first > area.top
        and last - first < DEEPEST_HEADER - 1
        and is_group(first - 1, first, area, grid, shape)
    ):
        first -= 1
    while last < area.bottom - 2 and last - first < DEEPEST_HEADER - 1 and _is_below(last, area, grid, shape):
        last += 1
    below = range(last + 1, min(last + DEEPEST_HEADER - 1, area.bottom - 1))
    return first, next((r for r in below if is_import_row(r, area, grid)), last)


def is_import_row(row: int, area: Area, grid: Grid) -> bool:
    """Whether a survey tool wrote its own names of the columns there: {"ImportId":"QID1"}, the last row of a header."""
    return any(
        isinstance(v, str) and v.lstrip().startswith('{"ImportId"')
        for v in grid.cells[row, area.left : area.right]
    )


def _spans_across(row: int, area: Area, grid: Grid) -> list[tuple[int, int]]:
    """Horizontal merges that begin in the row: (first column, last column), 0-based."""
    return [
        (m.left - 1, min(m.right, area.right) - 1)
        for m in grid.sheet.merges
        if m.top - 1 <= row < m.bottom and m.right > m.left and area.left <= m.left - 1 < area.right
    ]


def is_group(row: int, below: int, area: Area, grid: Grid, shape: Shape) -> bool:
    cells = slice(area.left, area.right)
    filled = np.nonzero(shape.filled[row, cells])[0] + area.left
    figures = np.nonzero(shape.number[row, cells])[0] + area.left
    if not len(filled) or any(year_of(grid.cells[row, c]) is None for c in figures):
        return False
    if any(isinstance(v := grid.cells[row, c], str) and is_meta(v) for c in filled):
        return False
    width = int(shape.filled[below, cells].sum())
    merged = _spans_across(row, area, grid)
    if any(left == area.left and (right - left + 1) * 2 > max(width, 2) for left, right in merged):
        return False  # a title merged over most of the table
    if len(filled) == 1:
        column = int(filled[0])
        inside = column > area.left or any(
            left == column and right < area.right - 1 for left, right in merged
        )
        value = grid.cells[row, column]  # 销售报表2026年6月 is a title, not a month over its columns
        named = bool(shape.period[row, column]) and not (isinstance(value, str) and parse_span(value) is None)
        return inside and (bool(merged) or named)
    repeats = len(set(row_key(below, area, grid))) < width
    return bool(merged) or repeats or bool(shape.period[row, cells].sum() >= 2)


def _is_below(row: int, area: Area, grid: Grid, shape: Shape) -> bool:
    """Whether the row after `row` still belongs to the header: units, or words under merged groups."""
    cells = slice(area.left, area.right)
    filled = shape.filled[row + 1, cells]
    if not filled.any() or shape.number[row + 1, cells].any():
        return False
    units = int(shape.unit[row + 1, cells].sum())
    if units and units * 2 >= int(filled.sum()):
        return True
    if not (shape.text | shape.period)[row + 1, cells][filled].all():
        return False
    above = shape.filled[row, cells]
    named = bool((shape.known | shape.period)[row + 1, cells][filled].all())
    if (filled & ~above).any() and (above & ~filled).any() and (named or not filled[0]):
        return True  # 区域 | 1月 | – over – | 目标 | 实际: each row fills the other's blanks
    under = [c for left, right in _spans_across(row, area, grid) for c in range(left, right + 1)]
    columns = set((np.nonzero(filled)[0] + area.left).tolist())
    beside = [c - area.left for c in columns - set(under)]  # Brand, beside JUL 2025 under Sales Value
    return bool(under) and (not beside or (named and not above[beside].any() and bool(columns & set(under))))
