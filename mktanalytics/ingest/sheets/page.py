"""Titles of a page of sections: what stands above 一、 is heard by 二、 too, what stands above 华东 by 华南."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.texts import row_texts

_SECTION = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．]|(?:part|section|table)\s*[\dA-H]\b|表\s*[\d一二三四五六七八九十])",
    re.IGNORECASE,
)


def page_titles(grid: Grid, blocks: Sequence[Block], named: Sequence[bool]) -> list[tuple[str, ...]]:
    """For each block the titles above the first section's, where the block is a later section; `named` are those with a name."""
    sections = [_section_row(grid, b, n) for b, n in zip(blocks, named, strict=True)]
    first = next((i for i, row in enumerate(sections) if row is not None), None)
    if first is None:
        return [()] * len(blocks)
    above = tuple(t for r in blocks[first].titles if r < (sections[first] or 0) for t in _row_texts(grid, r))
    return [above if i > first and row is not None else () for i, row in enumerate(sections)]


def _section_row(grid: Grid, block: Block, named: bool) -> int | None:
    rows = [r for r in block.titles if any(_SECTION.match(t) for t in _row_texts(grid, r))]
    if rows and block.header:
        return rows[0]
    return block.titles[-1] if named else None


def _row_texts(grid: Grid, row: int) -> list[str]:
    return row_texts(grid.cells[row].tolist())
