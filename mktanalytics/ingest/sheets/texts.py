"""The texts of a row as a reader hears them: a label and the cell after it are one."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.values.parsed import as_written


def row_texts(cells: Sequence[Cell]) -> list[str]:
    """The texts of a row; a label and what stands in the next cell are one (`区域：` | `华东`, `月份：` | a date)."""
    texts: list[str] = []
    waiting = False
    for cell in (c for c in cells if c is not None and as_written(c).strip()):
        if waiting and not is_label(cell):
            texts[-1] += as_written(cell).strip()
        elif isinstance(cell, str):
            texts.append(cell)
        waiting = is_label(cell)
    return texts


def is_label(cell: Cell) -> bool:
    """Whether a cell ends with a colon, so that its value stands in the next."""
    return isinstance(cell, str) and cell.strip().endswith((":", "："))
