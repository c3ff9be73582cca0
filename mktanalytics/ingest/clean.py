"""Workbooks → tidy tables, a ledger of every row, and issues: the stages in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mktanalytics.errors import FileError
from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.files import fingerprint, list_files
from mktanalytics.ingest.frames import table_frame
from mktanalytics.ingest.issues import Issue, issues_frame, tell
from mktanalytics.ingest.knowledge import Knowledge, knowledge
from mktanalytics.ingest.ledger import ledger_frame, ledger_row, whole_file_row
from mktanalytics.ingest.matching.sheet_names import SheetName, sheet_names
from mktanalytics.ingest.matching.understand import understand_sheet
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.readers.read import read_many
from mktanalytics.ingest.readers.worker import uncollected
from mktanalytics.ingest.taking.take import take
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.language import LANGUAGES, pick
from mktanalytics.settings import Settings
from mktanalytics.tables import all_tables

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Cleaned:
    """What a folder of workbooks gave."""

    tables: dict[str, pd.DataFrame]
    ledger: pd.DataFrame
    issues: pd.DataFrame
    inputs: list[tuple[str, str, int]]  # file, sha256, bytes


@dataclass
class FileTaken:
    """One file: its blocks, or why it could not be read."""

    file: str
    sha256: str
    blocks: list[Taken]
    issues: list[Issue]
    lines: list[dict[str, object]]  # ledger lines of what has no block


def clean(raw: Path, settings: Settings, *, progress: Progress | None = None) -> Cleaned:
    """Read every file under `raw`; nothing is written.

    Returns
    -------
    Tidy tables as docs/architecture.md has them (only those with rows), the ledger with one row a block,
    the issues, and the inputs with their hashes. Files in the order of their names; the same inputs give the same result.
    """
    paths = list_files(raw)
    known = knowledge(settings)
    taken: list[FileTaken] = []
    for done, (file, answer) in enumerate(read_many((p, name) for name, p in paths), 1):
        taken.append(take_file(file, answer, known))
        if progress:
            progress(done, len(paths), file)
    sizes: dict[str, int] = {}
    for f, (_, path) in zip(taken, paths, strict=True):
        f.sha256, sizes[f.file] = _fingerprint(f, path)
    same_files(taken)
    validate([b for f in taken for b in f.blocks])
    return assemble(taken, sizes, settings)


def _fingerprint(f: FileTaken, path: Path) -> tuple[str, int]:
    """The hash of the bytes that were read, and their number; a file may have vanished since."""
    try:
        return (f.sha256, path.stat().st_size) if f.sha256 else fingerprint(path)
    except OSError:
        return f.sha256, 0


def take_file(file: str, answer: Workbook | FileError, known: Knowledge) -> FileTaken:
    """One file's blocks with their records."""
    if isinstance(answer, FileError):
        words = (pick(part, language) for part in (answer.what, answer.todo) for language in LANGUAGES)
        grave = "info" if answer.code == "skipped" else "error"
        told = Issue(grave, "unreadable", file, "", 0, "", "", "", "", *words)
        return FileTaken(file, "", [], [told], [whole_file_row(file, "", "", "unreadable")])
    result = FileTaken(file, answer.sha256, [], [], [])
    result.issues += [tell("reader_note", file=file, zh=zh, en=en) for _, zh, en in answer.notes]
    with uncollected():
        named = sheet_names(file, answer.sheets)
        for sheet in answer.sheets:
            _take_sheet(result, sheet, known, named.get(sheet.name))
    if not answer.sheets:
        result.lines.append(whole_file_row(file, answer.sha256, "", "empty_sheet"))
    return result


def _take_sheet(result: FileTaken, sheet: Sheet, known: Knowledge, named: SheetName | None) -> None:
    try:
        blocks = [take(u) for u in understand_sheet(result.file, sheet, known, named)]
    except Exception as error:  # our own fault: it costs this sheet, is told, and spares all others
        _tell_failure(result, sheet, error)
        return
    if not blocks:
        result.lines.append(whole_file_row(result.file, result.sha256, sheet.name, "empty_sheet"))
        return
    if sheet.hidden and any(b.table for b in blocks):
        result.issues.append(tell("hidden_sheet", file=result.file, sheet=sheet.name))
    if sheet.hidden_rows and any(b.table for b in blocks):
        result.issues.append(
            tell("hidden_rows", file=result.file, sheet=sheet.name, n=len(sheet.hidden_rows))
        )
    result.blocks += blocks


def _tell_failure(result: FileTaken, sheet: Sheet, error: Exception) -> None:
    """A sheet that our own code failed on is quarantined whole."""
    rows = sum(any(v is not None for v in row) for row in sheet.rows)
    line = whole_file_row(result.file, result.sha256, sheet.name, "internal")
    result.lines.append(line | {"rows_in": rows, "rows_quarantined": rows})
    result.issues.append(
        tell("internal", file=result.file, sheet=sheet.name, detail=f"{type(error).__name__}: {error}"[:200])
    )


def same_files(taken: Sequence[FileTaken]) -> None:
    """A file that is there twice counts once: the first by name."""
    first: dict[str, str] = {}
    for f in taken:
        other = first.setdefault(f.sha256, f.file)
        if other != f.file:
            for block in f.blocks:
                block.hold(Trouble("same_file", {"other": other}, "ignored"))


def assemble(taken: Sequence[FileTaken], sizes: dict[str, int], settings: Settings) -> Cleaned:
    """Tables, ledger and issues of all files."""
    blocks = [b for f in taken for b in f.blocks]
    tables = {
        name: table_frame(table, mine, settings)
        for name, table in all_tables().items()
        if (mine := [b for b in blocks if b.table is table and len(b.records)])
    }
    lines = [row for f in taken for row in (*f.lines, *(ledger_row(b, f.sha256) for b in f.blocks))]
    issues = [i for f in taken for i in (*f.issues, *(x for b in f.blocks for x in b.issues))]
    return Cleaned(
        tables,
        ledger_frame(lines),
        issues_frame(issues),
        [(f.file, f.sha256, sizes.get(f.file, 0)) for f in taken],
    )
