"""Issues: what was not understood or not taken, where, and what to do about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from mktanalytics.ingest.private import unreachable
from mktanalytics.ingest.wording import WORDINGS, Both


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
    zh, en = (
        {"value": value, "column": column, **{k: _in(language, w) for k, w in words.items()}}
        for language in ("zh", "en")
    )
    return Issue(
        wording.severity, code, file, sheet, row, cell, table, column, value,
        wording.zh.format(**zh), wording.en.format(**en), wording.todo_zh.format(**zh), wording.todo_en.format(**en),
    )  # fmt: skip


def _in(language: str, word: object) -> object:
    """A word as the sentence of that language has it, without what nobody but its owner should read."""
    if isinstance(word, Both) and language == "en":
        word = word.en
    return unreachable(str(word)) if isinstance(word, str) else word
