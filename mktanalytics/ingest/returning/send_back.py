"""Sending it back: for each workbook with problems a copy with its problem cells marked, for whoever filled it in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import xlsxwriter

from mktanalytics.errors import FileError
from mktanalytics.ingest.files import list_files
from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.readers.cells import Cell, Sheet, Workbook, rectangle
from mktanalytics.ingest.readers.read import read_many
from mktanalytics.ingest.returning.marked import MARKS, Styles, copy_sheet, place_of, plain_text
from mktanalytics.ingest.returning.send_back_names import output_names, sheet_names
from mktanalytics.ingest.values.parsed import as_written

FOLDER = "send_back"
GRAVE = ("error", "warning")
LISTED = 2000  # problems told in one workbook
# "in_memory" leaves no temporary files; the rest keeps =cmd|… and http://… what they were: text
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001  the same bytes each time

_WORDS = {
    "zh": {
        "sheet": "问题清单", "title": "{file}：{n} 处需要确认或改正", "how": "点击“位置”可跳到副本中的单元格（红色：错误，黄色：请确认）。请在原文件中改正后重新提交。",
        "head": ("位置", "工作表", "程度", "现有内容", "问题", "怎么办"), "error": "错误", "warning": "请确认", "whole": "整个文件", "all": "整张表",
        "more": "另有 {n} 处未逐一列出", "part": "工作表“{sheet}”太大，副本只含表头和有问题的行，行号与原文件一致",
    },
    "en": {
        "sheet": "Issues", "title": "{file}: {n} to check or correct", "how": "Click a cell to go to it in the copy (red: error, yellow: please check). Correct the original file and send it again.",
        "head": ("Cell", "Sheet", "How grave", "Found", "What is wrong", "What to do"), "error": "error", "warning": "check", "whole": "whole file", "all": "whole sheet",
        "more": "{n} more are not listed one by one", "part": "the sheet {sheet} is too large: its copy holds the header and the rows with problems only, with their row numbers",
    },
}  # fmt: skip


def write_send_back(
    raw: Path, issues: pd.DataFrame, ledger: pd.DataFrame, folder: Path, language: str = ""
) -> list[Path]:
    """Write `folder`/<name>.xlsx for each file of `raw` with errors or warnings.

    Parameters
    ----------
    raw : where the files are; only read.
    issues, ledger : as `clean` gives them.
    folder : made if there is anything to write.
    language : "zh" or "en"; "" takes the language of each sheet.

    Returns
    -------
    The workbooks written, in the order of the files' names.
    """
    grave = issues[issues["severity"].isin(GRAVE)]
    names = output_names(sorted(set(grave["file"])))
    if names:
        folder.mkdir(parents=True, exist_ok=True)
    paths = dict(list_files(raw))
    for file, book in read_many((paths.get(f, raw / f), f) for f in names):
        mine = [Issue(*row) for row in grave[grave["file"] == file].itertuples(index=False)]
        _write(folder / names[file], file, book, mine, _header_rows(ledger, file), language)
    return [folder / name for name in names.values()]


def language_of(rows: Iterable[Sequence[Cell]]) -> str:
    """zh if most of the words are Chinese, each counted once; codes and numbers say nothing; "" without words."""
    words = {v for row in rows for v in row if isinstance(v, str)}
    chinese = sum(any("一" <= ch <= "鿿" for ch in w) for w in words)
    latin = sum(w.isascii() and any(map(str.isalpha, w)) and not any(map(str.isdigit, w)) for w in words)
    return "" if not chinese + latin else "zh" if chinese >= latin else "en"


def _header_rows(ledger: pd.DataFrame, file: str) -> dict[str, list[int]]:
    """Sheet → its header rows (1-based), by the ledger."""
    rows: dict[str, list[int]] = {}
    for line in ledger[ledger["file"] == file].itertuples():
        found = [int(r) for r in str(line.header_rows).split(",") if r]
        rows.setdefault(str(line.sheet), []).extend(found)
    return rows


# ---- one workbook


@dataclass(frozen=True)
class _Copy:
    """A sheet, the name of its copy, and the language its reader reads."""

    sheet: Sheet
    name: str
    language: str


def _write(
    path: Path,
    file: str,
    book: Workbook | FileError,
    issues: Sequence[Issue],
    headers: dict[str, list[int]],
    language: str,
) -> None:
    issues = sorted(issues, key=lambda i: GRAVE.index(i.severity))
    sheets = () if isinstance(book, FileError) else book.sheets
    whole = language or language_of(r for s in sheets for r in s.rows) or language_of([[file]]) or "zh"
    title = _WORDS[whole]["sheet"]
    stem = PurePosixPath(file).stem
    copies = [
        _Copy(sheet, name, language or language_of(sheet.rows) or whole)
        for sheet, name in zip(
            sheets, sheet_names([s.name or stem for s in sheets], str(title), "Sheet"), strict=True
        )
    ]
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as out:
        out.set_properties({"title": plain_text(file), "created": _CREATED})
        styles = Styles(out)
        first = out.add_worksheet(title)
        parts = [c for c in copies if _copy(out, c, issues, headers, styles)]
        _list(first, plain_text(file), issues, copies, parts, styles, whole)
    path.write_bytes(buffer.getvalue())


def _copy(
    out: Any, copy: _Copy, issues: Sequence[Issue], headers: dict[str, list[int]], styles: Styles
) -> bool:
    """Write a sheet's copy; whether only a part of it."""
    mine = [i for i in issues[:LISTED] if i.sheet == copy.sheet.name]
    target = out.add_worksheet(copy.name)
    if copy.sheet.hidden and not mine:
        target.hide()
    told = [(i, i.severity, _told(i, copy.language)) for i in mine]
    return copy_sheet(target, copy.sheet, told, headers.get(copy.sheet.name, []), styles)


def _told(issue: Issue, language: str) -> str:
    message, todo = _message(issue, language)
    return f"{message}\n→ {todo}" if todo else message


def _message(issue: Issue, language: str) -> tuple[str, str]:
    zh = language == "zh"
    return (issue.message_zh, issue.todo_zh) if zh else (issue.message_en, issue.todo_en)


def _list(
    target: Any,
    file: str,
    issues: Sequence[Issue],
    copies: Sequence[_Copy],
    parts: Sequence[_Copy],
    styles: Styles,
    whole: str,
) -> None:
    """The first sheet: what is wrong, where, and what to do."""
    words: dict[str, Any] = _WORDS[whole]
    for column, width in enumerate((12, 18, 9, 24, 60, 44)):
        target.set_column(column, column, width)
    target.write_string(0, 0, words["title"].format(file=file, n=len(issues)), styles.get(bold=True))
    notes = [words["how"]] if copies else []
    notes += [words["part"].format(sheet=c.name) for c in parts]
    notes += [words["more"].format(n=len(issues) - LISTED)] if len(issues) > LISTED else []
    for at, note in enumerate(notes, 1):
        target.write_string(at, 0, note, styles.get())
    top = len(notes) + 2
    for column, text in enumerate(words["head"]):
        target.write_string(top, column, text, styles.get(bold=True, bg_color="#D9E1F2", border=1))
    target.freeze_panes(top + 1, 0)
    places = {c.sheet.name: c for c in copies}
    for at, issue in enumerate(issues[:LISTED], top + 1):
        _line(target, at, issue, places.get(issue.sheet), styles, words)


def _line(
    target: Any, at: int, issue: Issue, copy: _Copy | None, styles: Styles, words: dict[str, Any]
) -> None:
    cell = place_of(issue)
    wrap = styles.get(text_wrap=True, valign="top")
    if copy is None:
        target.write_string(at, 0, words["whole"], wrap)
    else:
        quoted = copy.name.replace("'", "''")
        link = f"internal:'{quoted}'!{cell or 'A1'}"
        style = styles.get(font_color="#0563C1", underline=1, valign="top")
        target.write_url(at, 0, link, style, cell or words["all"])
    message, todo = _message(issue, "zh" if words is _WORDS["zh"] else "en")
    mark = styles.get(bg_color=MARKS[issue.severity], valign="top")
    found = issue.value or (_value_at(copy.sheet, cell) if copy else "")
    parts = (copy.name if copy else "", words[issue.severity], found, message, todo)
    for column, text in enumerate(parts, 1):
        target.write_string(at, column, plain_text(text), mark if column == 2 else wrap)


def _value_at(sheet: Sheet, cell: str) -> str:
    """What a single cell holds, as text."""
    area = rectangle(cell)
    if area is None or area[:2] != area[2:] or area[0] > len(sheet.rows) or area[1] > len(sheet.rows[0]):
        return ""
    value = sheet.rows[area[0] - 1][area[1] - 1]
    return "" if value is None else as_written(value)
