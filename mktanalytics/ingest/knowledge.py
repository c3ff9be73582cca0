"""What is known before a file is opened: the settings, the tables, and every word they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

from mktanalytics.ingest.sheets.vocabulary import Vocabulary, vocabulary
from mktanalytics.schema import Table
from mktanalytics.settings import FileRule, Settings
from mktanalytics.tables import all_tables


@dataclass(frozen=True)
class Knowledge:
    """What is known before a file is opened."""

    settings: Settings
    words: Vocabulary
    tables: Mapping[str, Table]


def knowledge(settings: Settings) -> Knowledge:
    """The tables and every word they are known by."""
    return Knowledge(settings, vocabulary(settings), all_tables())


def rule_for(settings: Settings, file: str, sheet: str) -> FileRule | None:
    """What a person has said about this sheet of this file."""
    name = file.rpartition("/")[2]
    return next(
        (r for r in settings.files
         if (fnmatch(name, r.file) or fnmatch(file, r.file)) and (not r.sheet or fnmatch(sheet, r.sheet))),
        None,
    )  # fmt: skip
