"""Workbooks → tidy tables, a ledger of every row, and issues: the stages in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mktanalytics.errors import FileError
from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.files import fingerprint, list_files
from mktanalytics.ingest.frames import claims_frame, issues_frame, ledger_frame, table_frame
from mktanalytics.ingest.ledger import ledger_row
from mktanalytics.ingest.readers.read import make_of_many
from mktanalytics.ingest.take_file import FileTaken, Taking, same_files, unreadable
from mktanalytics.settings import Settings
from mktanalytics.tables import all_tables

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Cleaned:
    """What a folder of workbooks gave."""

    tables: dict[str, pd.DataFrame]
    ledger: pd.DataFrame
    issues: pd.DataFrame
    conflicts: pd.DataFrame  # what sources that disagree say, each side as it stands
    inputs: list[tuple[str, str, int]]  # file, sha256, bytes


def clean(raw: Path, settings: Settings, *, progress: Progress | None = None) -> Cleaned:
    """Read every file under `raw`; nothing is written.

    Returns
    -------
    Tidy tables as docs/architecture.md has them (only those with rows), the ledger with one row a block,
    the issues, and the inputs with their hashes. Files in the order of their names; the same inputs give the same result.
    """
    paths = list_files(raw)
    taken: list[FileTaken] = []
    for done, (file, answer) in enumerate(make_of_many([(p, n) for n, p in paths], Taking(settings)), 1):
        taken.append(unreadable(file, answer) if isinstance(answer, FileError) else answer)
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
        claims_frame([c for b in blocks for c in b.claims]),
        [(f.file, f.sha256, sizes.get(f.file, 0)) for f in taken],
    )
