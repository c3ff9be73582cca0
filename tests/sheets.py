"""Small sheets made in code, cleaned without a file: what the tests of shapes share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.clean import Cleaned, assemble
from mktanalytics.ingest.knowledge import knowledge
from mktanalytics.ingest.readers.cells import Cell, Range, Sheet, Workbook
from mktanalytics.ingest.take_file import FileTaken, take_file
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.settings import Settings

Rows = Sequence[Sequence[object]]


def cell(value: object) -> Cell:
    """Numbers are floats, as a reader gives them."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value  # type: ignore[return-value]


def sheet(
    rows: Rows, *, name: str = "Sheet1", position: int = 0, merges: Sequence[tuple[int, int, int, int]] = ()
) -> Sheet:
    """A sheet from rows of any length; merges as (top, left, bottom, right), 1-based."""
    width = max(len(r) for r in rows)
    cells = [[cell(v) for v in r] + [None] * (width - len(r)) for r in rows]
    return Sheet(name, position, cells, tuple(Range(*m) for m in merges))


def taken(*sheets: Sheet, file: str = "book.xlsx", settings: Settings | None = None) -> list[Taken]:
    """The blocks of one workbook, cleaned."""
    found = take_file(
        file,
        Workbook(file, f"sha of {file}", "xlsx", sheets=tuple(sheets)),
        knowledge(settings or Settings()),
    )
    validate(found.blocks)
    return found.blocks


def cleaned(books: dict[str, Sequence[Sheet]], settings: Settings | None = None) -> Cleaned:
    """Several workbooks, cleaned together."""
    settings = settings or Settings()
    known = knowledge(settings)
    files: list[FileTaken] = [
        take_file(name, Workbook(name, f"sha of {name}", "xlsx", sheets=tuple(sheets)), known)
        for name, sheets in sorted(books.items())
    ]
    validate([b for f in files for b in f.blocks])
    return assemble(files, {}, settings)


def records(block: Taken, *columns: str) -> list[tuple[object, ...]]:
    """The records of a block as tuples, months as 2026-03, missing as None."""
    frame = block.frame.reindex(columns=list(columns))
    return [tuple(_plain(v) for v in row) for row in frame.itertuples(index=False)]


def _plain(value: object) -> object:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m") if value.day == 1 else value.strftime("%Y-%m-%d")
    return None if value is None or value != value or value is pd.NaT else value


def fates(block: Taken) -> dict[int, str]:
    """Sheet row (as Excel counts) → tidy, or the reason why not."""
    return {
        row + 1: fate if fate == "tidy" else reason for row, (fate, reason) in sorted(block.fates.items())
    }
