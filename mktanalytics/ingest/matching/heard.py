"""The titles of a block: its own, and those that stand over its neighbours and hold for it too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.texts import row_texts
from mktanalytics.numbers import Unit
from mktanalytics.periods import find_span
from mktanalytics.unit_notes import find_units, hints_at_scale, in_one_currency, scales_said, unread_scale

_BRACKET = re.compile(r"[(（\[【]|单位")
_DECLARES = re.compile(
    r"\W*(?:注\W*)?(?:(?:金额|货币|数据|计量)?单位|units?|币种|currency)\s*[:：]", re.IGNORECASE
)
_NEAR = 20  # rows of the data, from either end


def own_titles(grid: Grid, block: Block) -> list[str]:
    return _texts(grid, block.titles, block.area.left, block.area.right)


def outside_titles(grid: Grid, blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Titles that stand over several blocks side by side belong to the first, and are heard by the others."""
    heard: list[tuple[str, ...]] = []
    for block in blocks:
        top = block.header[0] if block.header else block.area.top
        others = [b for b in blocks if b is not block and b.area.bottom <= top and not b.data]
        beside = [
            b
            for b in blocks
            if b is not block and b.header and b.header[0] == top and b.area.left < block.area.left
        ]
        mine = set(block.titles)  # 2026年8月 here stands for itself, whatever 2026年9月 says beside it
        rows = [r for b in beside for r in b.titles if r not in mine]
        rows += [r for b in others for r in (*b.titles, *b.notes)]
        above = next((b for b in blocks if b.area.bottom <= top and _same_header(grid, b, block)), None)
        said = _texts(grid, above.titles, 0, grid.cells.shape[1]) if above else []
        if block.titles:  # it has a title of its own, but the unit is not said again
            said = [t for t in said if find_units(t) and find_span(t) is None]
        heard.append((*_texts(grid, rows, 0, grid.cells.shape[1]), *said))
    return heard


def _same_header(grid: Grid, one: Block, other: Block) -> bool:
    """Whether two stacked blocks are parts of one table."""
    if not one.header or not other.header or one.area.left != other.area.left:
        return False
    mine, its = (grid.text_ids[b.header[-1], b.area.left : b.area.right] for b in (one, other))
    return np.array_equal(mine, its) and bool((mine >= 0).any())


def _texts(grid: Grid, rows: Sequence[int], left: int, right: int) -> list[str]:
    return [text for r in rows for text in row_texts(grid.cells[r, left:right].tolist())]


def own_notes(grid: Grid, block: Block) -> list[str]:
    """The notes below a block, and what is written beside its header or its first and last rows: 单位：万元."""
    left, right = block.area.left, block.area.right
    beside = _texts(grid, [*block.header, *block.data[:_NEAR], *block.data[-_NEAR:]], left, right)
    return [
        *_texts(grid, block.notes, left, right),
        *(t for t in dict.fromkeys(beside) if _DECLARES.match(t)),
    ]


def units_said(titles: Sequence[str], notes: Sequence[str], sheet: str, file: str) -> tuple[Unit, ...]:
    """The units that titles and notes declare; where none does, the unit of money that sheet or file are called by."""
    if said := tuple(unit for t in (*titles, *notes) for unit in find_units(t)):
        return in_one_currency(said)
    names = _names(sheet, file)
    return tuple(u for n in names if _BRACKET.search(n) for u in find_units(n) if u.kind == "money")[:1]


def scale_unread(
    titles: Sequence[str], notes: Sequence[str], sheet: str, file: str, said: Sequence[Unit]
) -> str:
    """The title, note or name that seems to say in what scale the figures are, and was not read so; else ""."""
    names = [] if scales_said(said) else _names(sheet, file)
    return next(
        (t for t in (*titles, *notes) if unread_scale(t)), next((n for n in names if hints_at_scale(n)), "")
    )


def _names(sheet: str, file: str) -> tuple[str, str]:
    return sheet, PurePosixPath(file).stem
