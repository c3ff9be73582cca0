"""Rows without a header over them: records that nobody can name are held, anything else is passed over."""

from __future__ import annotations

import re

import numpy as np

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.readers.cells import column_letters
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import DATE, NUMBER, TEXT, Grid
from mktanalytics.ingest.sheets.shape import Shape
from mktanalytics.ingest.wording import Both
from mktanalytics.numbers import parse_number

FEWEST_ROWS, FEWEST_COLUMNS = 2, 3
_EXPLAINS = re.compile(
    r"(填写|填表|填报|编制|使用)(说明|须知|指南)|^(说明|instructions?|read ?me|how to)\b", re.IGNORECASE
)
_KINDS = {"date": Both("日期", "dates"), "number": Both("数字", "figures"), "text": Both("文字", "words")}


def only_explains(sheet: str, grid: Grid, block: Block) -> bool:
    """Whether a block is the instructions of a form (填写说明): on a sheet called so, words and not a single figure or day."""
    if not _EXPLAINS.search(sheet.strip()):
        return False
    area = block.area
    rows = range(area.top, area.bottom)
    cells = [grid.cells[r, c] for r in rows for c in range(area.left, area.right)]
    return all(c is None or (isinstance(c, str) and parse_number(c) is None) for c in cells)


def without_header(grid: Grid, shape: Shape, block: Block) -> Trouble:
    """Why a block without a header is not taken; where its columns each hold one kind of thing, what they hold."""
    if not block.data:
        return Trouble("notes", {}, "ignored")
    columns = range(block.area.left, block.area.right)
    kinds = {c: _kind(grid, shape, block, c) for c in columns}
    whole = len(block.data) >= FEWEST_ROWS and len(columns) >= FEWEST_COLUMNS and all(kinds.values())
    if not whole or not {"number", "text"} <= set(kinds.values()):
        return Trouble("no_header", {}, "ignored")
    letters = {column_letters(c + 1): _KINDS[kind] for c, kind in kinds.items()}
    told = Both(
        "、".join(f"{letter} {kind}" for letter, kind in letters.items()),
        ", ".join(f"{letter} {kind.en}" for letter, kind in letters.items()),
    )
    return Trouble("headless_rows", {"columns": told})


def _kind(grid: Grid, shape: Shape, block: Block, column: int) -> str:
    """What all filled cells of a column are; "" where they differ, or where a third of them is empty."""
    rows = np.asarray(block.data, dtype=np.intp)
    filled = shape.filled[rows, column]
    if filled.sum() * 3 < len(rows) * 2:
        return ""
    kinds = grid.kinds[rows, column]
    dates = (kinds == DATE) | shape.period[rows, column]
    figures = (kinds == NUMBER) | shape.number[rows, column]
    for name, one in (("date", dates), ("number", figures), ("text", (kinds == TEXT) & ~figures)):
        if one[filled].all():
            return name
    return ""
