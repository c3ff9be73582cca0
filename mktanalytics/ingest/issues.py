"""Issues: what was not understood or not taken, where, and what to do about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from mktanalytics.ingest.private import unreachable
from mktanalytics.ingest.wording import WORDINGS


class Issue(NamedTuple):
    """One line of `issues.parquet`."""

    severity: str
    code: str
    file: str
    sheet: str
    row: int
    cell: str
    table: str
    column: str
    value: str
    message_zh: str
    message_en: str
    todo_zh: str
    todo_en: str


def tell(
    code: str,
    *,
    file: str,
    sheet: str = "",
    row: int = 0,
    cell: str = "",
    table: str = "",
    column: str = "",
    value: str = "",
    **words: Any,
) -> Issue:
    """The issue for `code`, its sentences filled in with `words`."""
    wording = WORDINGS[code]
    value = unreachable(value)
    said = {k: unreachable(w) if isinstance(w, str) else w for k, w in words.items()}
    fill = {"value": value, "column": column, **said}
    return Issue(
        wording.severity, code, file, sheet, row, cell, table, column, value,
        *(text.format(**fill) for text in (wording.zh, wording.en, wording.todo_zh, wording.todo_en)),
    )  # fmt: skip
