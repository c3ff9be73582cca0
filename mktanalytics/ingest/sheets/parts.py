"""Several tables in one area: stacked, each under its titles, or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from mktanalytics.ingest.sheets.area import Area
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.header_rows import header_candidates, is_group, row_key, unknown_header
from mktanalytics.ingest.sheets.shape import Shape


def stacks(area: Area, spans: list[tuple[int, int]], shape: Shape) -> list[Area]:
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


def sides(area: Area, grid: Grid, shape: Shape) -> list[Area]:
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
    titles = shape.filled & ~shape.unit & ~shape.note  # 单位：万元 at the right end is said of the whole
    titled = [bool(titles[above, a:b].any()) for a, b in groups[1:]]
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
    rows = header_candidates(part, shape)
    return rows[0] if rows else unknown_header(part, shape)


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
    below = slice(header + 1, part.bottom)
    said = (shape.text | shape.period)[below, cells]
    return bool(names.any()) and bool(shape.number[window].any()) and bool(said.any())


def _repeat_width(area: Area, grid: Grid, shape: Shape) -> tuple[int, int]:
    """Width of a header that stands twice or more in one row without a gap (客户 金额 客户 金额), and how often; 0 if none."""
    rows = header_candidates(area, shape)
    total = area.right - area.left
    if not rows or total < 4:
        return 0, 0
    names = row_key(rows[0], area, grid)
    while names and not names[-1]:  # a remark far to the right has no header
        names = names[:-1]
    total = len(names)
    if any(row_key(r, area, grid)[:total] != names for r in rows[1:]):
        return 0, 0  # another table stands below: first part the two
    if not total or not names[0] or shape.period[rows[0], area.left : area.right].any():
        return 0, 0
    if rows[0] > area.top and is_group(rows[0] - 1, rows[0], area, grid, shape):
        return 0, 0
    for width in range(2, -(-total // 2) + 1):
        unit = names[:width]
        again = (unit * -(-total // width))[:total]
        named = [n for n in unit if n]
        if names == again and 2 <= len(named) == len(set(named)) and total - width >= len(named):
            return width, -(-total // width)
    return 0, 0
