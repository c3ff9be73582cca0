"""Where the tables on a sheet are: side by side, stacked, after titles, above notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.cells import address
from mktanalytics.ingest.grid import DATE, NUMBER, TEXT, Grid
from mktanalytics.ingest.vocabulary import Facts, is_meta
from mktanalytics.numbers import key
from mktanalytics.periods import parse_span

DEEPEST_HEADER = 4
_YEARS = (1980.0, 2079.0)
LOOKED_AT = 400  # figures of a row, to tell whether they are years


class Area(NamedTuple):
    """A rectangle, 0-based, end exclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Block:
    """One table, or one piece of text, and what each of its non-empty rows is (0-based sheet rows)."""

    area: Area
    titles: tuple[int, ...] = ()
    header: tuple[int, ...] = ()
    data: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()  # the header again, among the data

    @property
    def rows(self) -> int:
        """Non-empty rows, whatever they are."""
        return sum(map(len, (self.titles, self.header, self.data, self.notes, self.repeated)))

    @property
    def range(self) -> str:
        """The block's rectangle in A1 style."""
        top, left, bottom, right = self.area
        return f"{address(top + 1, left + 1)}:{address(bottom, right)}"


@dataclass(frozen=True)
class Shape:
    """Per cell of a sheet, what finding headers needs."""

    filled: NDArray[np.bool_]
    text: NDArray[np.bool_]
    known: NDArray[np.bool_]
    period: NDArray[np.bool_]
    measure: NDArray[np.bool_]  # a header that some table knows as a figure
    label: NDArray[np.bool_]  # … as what a row is about
    header_of: Facts
    number: NDArray[np.bool_]  # a figure, also as text; a lone year is none
    note: NDArray[np.bool_]
    unit: NDArray[np.bool_]

    def claims(self, grid: Grid, row: int, column: int) -> frozenset[tuple[str, str]]:
        """(table, column) for each column of each table that a header cell may be."""
        text = int(grid.text_ids[row, column])
        return self.header_of.claims[text] if text >= 0 else frozenset()


def shape_of(grid: Grid, facts: Facts) -> Shape:
    """Which cells are filled, words, known headers, periods, figures, footnotes, units."""
    numeric_text = grid.text_mask(facts.numeric)
    named = _numbered_periods(grid, facts.numeric, numeric_text)
    period = grid.text_mask(facts.period) | (grid.kinds == DATE) | named
    return Shape(
        filled=grid.filled,
        text=(grid.kinds == TEXT) & ~numeric_text,
        known=grid.text_mask(facts.known),
        period=period,
        measure=grid.text_mask(facts.measure),
        label=grid.text_mask(facts.label),
        header_of=facts,
        number=((grid.kinds == NUMBER) | numeric_text) & ~period,
        note=grid.text_mask(facts.note),
        unit=grid.text_mask(facts.unit),
    )


def _numbered_periods(
    grid: Grid, numeric: NDArray[np.bool_], numeric_text: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Cells of rows whose figures are all years or months in a row (2021 2022; 202411 202412; 2024.11): names, not amounts."""
    figures = (grid.kinds == NUMBER) | numeric_text
    named = np.zeros(figures.shape, dtype=bool)
    count = figures.sum(axis=1)
    hopeless = (figures & ~_may_name(grid, numeric)).any(axis=1) & (count <= LOOKED_AT)
    for row in np.nonzero((count >= 2) & ~hopeless)[0]:
        for counted in (_year, _month):
            places = [counted(v) for v in grid.cells[row][figures[row]][:LOOKED_AT]]
            steps = {None} if None in places else set(np.diff(np.array(places, dtype=np.int64)).tolist())
            if steps <= {1, 0} or steps <= {-1, 0}:
                named[row] = figures[row]
    return named


def _may_name(grid: Grid, numeric: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which figures, taken alone, can be a year or a month."""
    texts = [
        n and (_year(t) is not None or _month(t) is not None)
        for t, n in zip(grid.texts, numeric.tolist(), strict=True)
    ]
    possible = grid.text_mask(np.array(texts, dtype=bool))
    numbers = grid.kinds == NUMBER
    values = grid.cells[numbers].astype("float64")
    possible[numbers] = ((values >= _YEARS[0]) & (values <= _YEARS[1])) | (
        (values >= 198_001) & (values <= 207_912)
    )
    return possible


def _year(value: object) -> int | None:
    """A number, or its text, that can be a year."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{4}\s*", value):
        value = float(value)
    whole = isinstance(value, float) and value.is_integer() and _YEARS[0] <= value <= _YEARS[1]
    return int(value) if isinstance(value, float) and whole else None


def _month(value: object) -> int | None:
    """Months since year 0, where a number or its text can be one: 202411, "2024.11"."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else value
    found = (
        re.fullmatch(r"(19[89]\d|20[0-7]\d)\.?(0[1-9]|1[0-2])", text.strip())
        if isinstance(text, str)
        else None
    )
    return int(found[1]) * 12 + int(found[2]) if found else None


def find_blocks(grid: Grid, shape: Shape, header_row: int = 0) -> list[Block]:
    """The blocks of a sheet, top to bottom, left to right; every filled cell is in exactly one.

    `header_row` (1-based), where a person has named it, is the first header row of the only block.
    """
    whole = _trim(Area(0, 0, *grid.cells.shape), shape)
    if whole is None:
        return []
    if header_row:
        span = _grow(header_row - 1, header_row - 1, whole, grid, shape)
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
    sides = _sides(area, grid, shape)
    if len(sides) > 1:
        return [b for side in sides for b in _cut(side, grid, shape, depth + 1)]
    spans = _headers(area, grid, shape)
    stacked = _stacks(area, spans, shape)
    if len(stacked) > 1 and depth < 20:
        return [b for part in stacked for b in _cut(part, grid, shape, depth + 1)]
    return [_block(area, spans[0] if spans else None, grid, shape)]


# ---- header rows


def _headers(area: Area, grid: Grid, shape: Shape) -> list[tuple[int, int]]:
    """Spans of header rows, first and last, of each table stacked in the area; a repeated header is not a new table."""
    spans: list[tuple[int, int]] = []
    texts: list[tuple[str, ...]] = []
    for row in _candidates(area, shape):
        if spans and row <= spans[-1][1]:
            continue
        span = _grow(row, row, area, grid, shape)
        text = _row_key(row, area, grid)
        if text in texts and not _titled(span[0], area, shape):
            continue
        if spans and text not in texts and not _stands_out(spans[-1][1], span[0], area, grid, shape):
            continue
        spans.append(span)
        texts.append(text)
    if not spans and (first := _unknown_header(area, shape)) is not None:
        spans = [_grow(first, first, area, grid, shape)]
    return spans


def _row_key(row: int, area: Area, grid: Grid) -> tuple[str, ...]:
    return tuple(key(str(v)) if v is not None else "" for v in grid.cells[row, area.left : area.right])


def _stands_out(header: int, row: int, area: Area, grid: Grid, shape: Shape) -> bool:
    """Whether a row below a header and its data heads another table: 品牌 | 促销 | 见附件 may be data too."""
    cells = slice(area.left, area.right)
    mine, above = grid.text_ids[row, cells], grid.text_ids[max(header + 1, row - 200) : row, cells]
    if ((above == mine) & (mine >= 0)).any():
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


def _candidates(area: Area, shape: Shape) -> list[int]:
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
    rows = np.nonzero(good & (enough | small))[0] + area.top
    return [int(r) for r in rows if _has_data_below(int(r), area, shape)]


def _has_data_below(row: int, area: Area, shape: Shape) -> bool:
    below = shape.filled[row + 1 : row + 4, area.left : area.right]
    return bool(below.sum() >= 1)


def _unknown_header(area: Area, shape: Shape) -> int | None:
    """The first row of two or more words over a row with figures, where no word is known."""
    for row in range(area.top, min(area.bottom - 1, area.top + 40)):
        cells = slice(area.left, area.right)
        filled = int(shape.filled[row, cells].sum())
        words = int((shape.text | shape.period)[row, cells].sum())
        figures = int(shape.number[row + 1 : row + 3, cells].sum())
        if filled >= 2 and words == filled and (figures or int(shape.filled[row + 1, cells].sum()) >= 2):
            return row
    return None


def _grow(first: int, last: int, area: Area, grid: Grid, shape: Shape) -> tuple[int, int]:
    """The header's other rows: groups above (1月 over 目标/实际), sub-headers and units below."""
    while (
        first > area.top
        and last - first < DEEPEST_HEADER - 1
        and _is_group(first - 1, first, area, grid, shape)
    ):
        first -= 1
    while last < area.bottom - 2 and last - first < DEEPEST_HEADER - 1 and _is_below(last, area, grid, shape):
        last += 1
    return first, last


def _spans_across(row: int, area: Area, grid: Grid) -> list[tuple[int, int]]:
    """Horizontal merges that begin in the row: (first column, last column), 0-based."""
    return [
        (m.left - 1, min(m.right, area.right) - 1)
        for m in grid.sheet.merges
        if m.top - 1 <= row < m.bottom and m.right > m.left and area.left <= m.left - 1 < area.right
    ]


def _is_group(row: int, below: int, area: Area, grid: Grid, shape: Shape) -> bool:
    cells = slice(area.left, area.right)
    filled = np.nonzero(shape.filled[row, cells])[0] + area.left
    figures = np.nonzero(shape.number[row, cells])[0] + area.left
    if not len(filled) or any(_year(grid.cells[row, c]) is None for c in figures):
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
    repeats = len(set(_row_key(below, area, grid))) < width
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
    columns = np.nonzero(filled)[0] + area.left
    return bool(under) and set(columns.tolist()) <= set(under)


# ---- stacked and side by side


def _stacks(area: Area, spans: list[tuple[int, int]], shape: Shape) -> list[Area]:
    """One area for each stacked table, its titles included; a first part without known header stays with titles."""
    tops = [
        _title_top(span[0], area, shape, area.top if i == 0 else spans[i - 1][1] + 1)
        for i, span in enumerate(spans)
    ]
    if tops and tops[0] > area.top and _is_only_text(Area(area.top, area.left, tops[0], area.right), shape):
        tops[0] = area.top
    cuts = sorted({area.top, *tops})
    return [Area(a, area.left, b, area.right) for a, b in zip(cuts, [*cuts[1:], area.bottom], strict=True)]


def _is_only_text(area: Area, shape: Shape) -> bool:
    """Whether rows above a header are titles: no figures, and never more than a few cells in a row."""
    window = (slice(area.top, area.bottom), slice(area.left, area.right))
    return (
        not shape.number[window].any()
        and int(shape.filled[window].sum(axis=1).max()) <= 4 + (area.right - area.left) // 4
    )


def _title_top(row: int, area: Area, shape: Shape, lowest: int) -> int:
    """The first of the title rows directly above a header."""
    cells = slice(area.left, area.right)
    top = row
    while top > lowest:
        filled = shape.filled[top - 1, cells]
        lone = (
            int(filled.sum()) <= 2
            and not shape.number[top - 1, cells].any()
            and not shape.note[top - 1, cells].any()
        )
        if filled.any() and not lone:
            break
        top -= 1
    while top < row and not shape.filled[top, cells].any():
        top += 1
    return top


def _sides(area: Area, grid: Grid, shape: Shape) -> list[Area]:
    """Tables side by side: parted by empty columns, or the same header again to the right."""
    width, times = _repeat_width(area, grid, shape)
    if width:
        edges = [*(area.left + width * n for n in range(times)), area.right]
        return [Area(area.top, left, area.bottom, right) for left, right in pairwise(edges)]
    groups = _standing_groups(area, shape)
    if len(groups) > 1 and not _is_one_table(groups, area, grid, shape):
        return [Area(area.top, left, area.bottom, right) for left, right in groups]
    return [area]


def _column_groups(area: Area, shape: Shape) -> list[tuple[int, int]]:
    filled = shape.filled[area.top : area.bottom, area.left : area.right].any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [(area.left + int(a), area.left + int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _standing_groups(area: Area, shape: Shape) -> list[tuple[int, int]]:
    """Groups of columns that can each be a table; a group that can't (a column of remarks) goes with the one before."""
    found: list[tuple[int, int]] = []
    for left, right in _column_groups(area, shape):
        if not found or (_stands_alone((left, right), area, shape) and _stands_alone(found[-1], area, shape)):
            found.append((left, right))
        else:
            found[-1] = (found[-1][0], right)
    return found


def _is_one_table(groups: Sequence[tuple[int, int]], area: Area, grid: Grid, shape: Shape) -> bool:
    """Whether an empty column only spaces out one table: the same rows, one title, and columns of one table, none twice."""
    headers = [_header_of(Area(area.top, a, area.bottom, b), shape) for a, b in groups]
    header = headers[0]
    if header is None or any(h != header for h in headers):
        return False
    below, above = slice(header, area.bottom), slice(area.top, header)
    rows = [shape.filled[below, a:b].any(axis=1) for a, b in groups]
    titled = [bool(shape.filled[above, a:b].any()) for a, b in groups[1:]]
    if any(titled) or any(not np.array_equal(r, rows[0]) for r in rows):
        return False
    claims = [one for a, b in groups for c in range(a, b) if (one := shape.claims(grid, header, c))]
    tables = {t for one in claims for t, _ in one if all(t in {x for x, _ in other} for other in claims)}
    return any(_all_different([{c for t, c in one if t == table} for one in claims]) for table in tables)


def _all_different(columns: Sequence[set[str]]) -> bool:
    """Whether each set can give a column of its own."""
    taken: set[str] = set()
    for one in sorted(columns, key=len):
        free = sorted(one - taken)
        if not free:
            return False
        taken.add(free[0])
    return True


def _header_of(part: Area, shape: Shape) -> int | None:
    rows = _candidates(part, shape)
    return rows[0] if rows else _unknown_header(part, shape)


def _stands_alone(group: tuple[int, int], area: Area, shape: Shape) -> bool:
    """Whether a group of columns has labels and figures, and a header row, of its own."""
    if group[1] - group[0] < 2:
        return False
    part = Area(area.top, group[0], area.bottom, group[1])
    window = (slice(part.top, part.bottom), slice(part.left, part.right))
    header = _header_of(part, shape)
    if header is None:
        return False
    cells = slice(part.left, part.right)
    measured, labelled = (shape.measure | shape.period)[header, cells], shape.label[header, cells]
    if shape.known[header, cells].any() and not (measured.any() and labelled.any()):
        return False  # 日期 凭证号, or 3月 备注: no table by itself
    names = shape.text[header, part.left : part.right] & ~shape.period[header, part.left : part.right]
    return bool(names.any()) and bool(shape.number[window].any()) and bool(shape.text[window][1:].any())


def _repeat_width(area: Area, grid: Grid, shape: Shape) -> tuple[int, int]:
    """Width of a header that stands twice or more in one row without a gap (客户 金额 客户 金额), and how often; 0 if none."""
    rows = _candidates(area, shape)
    total = area.right - area.left
    if not rows or total < 4:
        return 0, 0
    names = _row_key(rows[0], area, grid)
    while names and not names[-1]:  # a remark far to the right has no header
        names = names[:-1]
    total = len(names)
    if any(_row_key(r, area, grid)[:total] != names for r in rows[1:]):
        return 0, 0  # another table stands below: first part the two
    if not total or not names[0] or shape.period[rows[0], area.left : area.right].any():
        return 0, 0
    if rows[0] > area.top and _is_group(rows[0] - 1, rows[0], area, grid, shape):
        return 0, 0
    for width in range(2, -(-total // 2) + 1):
        unit = names[:width]
        again = (unit * -(-total // width))[:total]
        named = [n for n in unit if n]
        if names == again and 2 <= len(named) == len(set(named)) and total - width >= len(named):
            return width, -(-total // width)
    return 0, 0


# ---- one block


def _block(area: Area, header: tuple[int, int] | None, grid: Grid, shape: Shape) -> Block:
    cells = slice(area.left, area.right)
    filled = (np.nonzero(shape.filled[area.top : area.bottom, cells].any(axis=1))[0] + area.top).tolist()
    if header is None:
        return _headless(area, filled, shape)
    titles = tuple(r for r in filled if r < header[0])
    heads = tuple(r for r in filled if header[0] <= r <= header[1])
    rest = [r for r in filled if r > header[1]]
    notes = _footer(rest, area, shape)
    leaf = _row_key(header[1], area, grid)
    same = {
        r
        for r in _candidates(area, shape)
        if r > header[1] and _row_key(r, area, grid) in {leaf, _row_key(header[0], area, grid)}
    }
    same |= _copies(header[1], rest, area, grid, shape)
    data = tuple(r for r in rest if r not in notes and r not in same)
    return Block(area, titles, heads, data, notes, tuple(sorted(same - set(notes))))


def _copies(header: int, rest: Sequence[int], area: Area, grid: Grid, shape: Shape) -> set[int]:
    """Rows that hold the very texts of the header."""
    cells = slice(area.left, area.right)
    texts = grid.text_ids[header, cells]
    places = np.nonzero(texts >= 0)[0]
    if len(places) < 2 or len(places) < int(shape.filled[header, cells].sum()):
        return set()
    rows = np.asarray(rest, dtype=np.intp)
    again = (grid.text_ids[rows][:, area.left + places] == texts[places]).all(axis=1)
    return set(rows[again].tolist())


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
        noted = bool(shape.note[row, cells].any())
        if not (words and not shape.number[row, cells].any() and (noted or (count == 1 and wide))):
            break
        notes.append(row)
    return tuple(sorted(notes))
