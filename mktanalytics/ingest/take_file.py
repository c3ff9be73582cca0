"""One file: its sheets → blocks with their records, and what is told of the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mktanalytics.errors import FileError
from mktanalytics.ingest.checks.validate import validate_file
from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.knowledge import Knowledge, knowledge
from mktanalytics.ingest.ledger import whole_file_row
from mktanalytics.ingest.matching.sheet_names import SheetName, sheet_names
from mktanalytics.ingest.matching.understand import understand_sheet
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.readers.messages import uncollected
from mktanalytics.ingest.taking.stacked import take_all
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.language import LANGUAGES, pick
from mktanalytics.settings import Settings


@dataclass
class FileTaken:
    """One file: its blocks, or why it could not be read."""

    file: str
    sha256: str
    blocks: list[Taken]
    issues: list[Issue]
    lines: list[dict[str, object]]  # ledger lines of what has no block


def unreadable(file: str, error: FileError) -> FileTaken:
    """A file that can't be read: told, and nothing more."""
    words = (pick(part, language) for part in (error.what, error.todo) for language in LANGUAGES)
    grave = "info" if error.code == "skipped" else "error"
    told = Issue(grave, "unreadable", file, "", 0, "", "", "", "", *words)
    return FileTaken(file, "", [], [told], [whole_file_row(file, "", "", "unreadable")])


def take_file(file: str, answer: Workbook | FileError, known: Knowledge) -> FileTaken:
    """One file's blocks with their records."""
    if isinstance(answer, FileError):
        return unreadable(file, answer)
    result = FileTaken(file, answer.sha256, [], [], [])
    result.issues += [tell("reader_note", file=file, zh=zh, en=en) for _, zh, en in answer.notes]
    with uncollected():
        named = sheet_names(file, answer.sheets)
        for sheet in answer.sheets:
            _take_sheet(result, sheet, known, named.get(sheet.name))
        validate_file(result.blocks)
    if not answer.sheets:
        result.lines.append(whole_file_row(file, answer.sha256, "", "empty_sheet"))
    return result


def _take_sheet(result: FileTaken, sheet: Sheet, known: Knowledge, named: SheetName | None) -> None:
    try:
        blocks = take_all(understand_sheet(result.file, sheet, known, named))
    except MemoryError:
        raise  # a fresh process may have enough
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


@dataclass(frozen=True)
class Taking:
    """What a worker makes of a workbook: its blocks without their cells, which stay behind."""

    settings: Settings

    @cached_property
    def _known(self) -> Knowledge:
        return knowledge(self.settings)

    def __call__(self, book: Workbook) -> FileTaken:
        taken = take_file(book.file, book, self._known)
        taken.blocks = [b.without_cells() for b in taken.blocks]
        return taken
