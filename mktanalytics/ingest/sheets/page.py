"""Titles of a page of numbered sections: what stands above 一、 is heard by 二、 too."""

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


def page_titles(grid: Grid, blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """For each block the titles above the first section's, where the block is a later section."""
    sections = [_section_row(grid, b) for b in blocks]
    first = next((i for i, row in enumerate(sections) if row is not None), None)
    if first is None:
        return [()] * len(blocks)
    above = tuple(t for r in blocks[first].titles if r < (sections[first] or 0) for t in _row_texts(grid, r))
    return [above if i > first and row is not None else () for i, row in enumerate(sections)]


def _section_row(grid: Grid, block: Block) -> int | None:
    rows = [r for r in block.titles if any(_SECTION.match(t) for t in _row_texts(grid, r))]
    return rows[0] if rows and block.header else None


def _row_texts(grid: Grid, row: int) -> list[str]:
    return row_texts(grid.cells[row].tolist())
