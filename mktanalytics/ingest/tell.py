"""What `clean` says: one line a block, what to do about problems, and the sums of it all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from mktanalytics.ingest.clean import Cleaned
from mktanalytics.ingest.returning.send_back import FOLDER, GRAVE
from mktanalytics.ingest.wording import reason_text
from mktanalytics.tables import all_tables

_WORDS = {
    "zh": {"rows": "{rows_in} 行 = {rows_tidy} 入表 + {rows_quarantined} 隔离 + {rows_ignored} 忽略", "none": "不是数据", "records": "{n} 条记录", "files": "个文件", "back": "{n} 个工作簿有待改正，已标出问题单元格的副本在 {folder}，可发回填表人", "todo": "→ "},
    "en": {"rows": "{rows_in} rows = {rows_tidy} tidy + {rows_quarantined} quarantined + {rows_ignored} ignored", "none": "no data", "records": "{n} records", "files": "files", "back": "{n} workbooks to correct: copies with the problem cells marked are in {folder}, to be sent back", "todo": "→ "},
}  # fmt: skip
SHOWN_TODOS = 3  # a line each; the rest is in issues.parquet


def tell_blocks(cleaned: Cleaned, language: str = "zh") -> str:
    """One line a block: file, sheet, range, table, rows in = tidy + quarantined + ignored, and what to do."""
    words, grave = _WORDS[language], _by_sheet(cleaned.issues)
    lines: list[str] = []
    for line in cleaned.ledger.to_dict("records"):
        block = {str(k): v for k, v in line.items()}
        place = " ".join(p for p in (block["file"], block["sheet"], block["range"]) if p)
        name = _name(str(block["table"]), language) if block["table"] else words["none"]
        why = _why(str(block["reason"]), language)
        lines.append(f"{place}  {name}  {words['rows'].format(**block)}{f'  {why}' if why else ''}")
        lines += _todos(grave.get((str(block["file"]), str(block["sheet"])), ()), block, language)
    return "\n".join(lines)


def tell_totals(cleaned: Cleaned, language: str = "zh") -> str:
    """The last lines: how much there is of each table, and how much was held back."""
    words = _WORDS[language]
    ledger = cleaned.ledger
    sums = {c: int(ledger[c].sum()) for c in ("rows_in", "rows_tidy", "rows_quarantined", "rows_ignored")}
    lines = [f"{len(cleaned.inputs)} {words['files']}  {words['rows'].format(**sums)}"]
    for name, frame in sorted(cleaned.tables.items()):
        lines.append(f"  {_name(name, language)}: {words['records'].format(n=len(frame))}")
    return "\n".join(lines)


def tell_send_back(cleaned: Cleaned, processed: Path, language: str = "zh") -> str:
    """Where the marked copies are; "" if there is none."""
    issues = cleaned.issues
    n = issues.loc[issues["severity"].isin(GRAVE), "file"].nunique()
    return _WORDS[language]["back"].format(n=n, folder=processed / FOLDER) if n else ""


def _name(table: str, language: str) -> str:
    found = all_tables()[table]
    return f"{found.zh}（{table}）" if language == "zh" else table


def _why(reason: str, language: str) -> str:
    """`subtotal 3, total 1` in words."""
    parts = [p.rpartition(" ") for p in reason.split(", ") if p]
    told = [f"{reason_text(code or n, language)}{f' {n}' if code else ''}" for code, _, n in parts]
    return ("；" if language == "zh" else "; ").join(told)


def _by_sheet(issues: pd.DataFrame) -> dict[tuple[str, str], list[Any]]:
    """(file, sheet) → its errors and warnings, the first of each kind for each table and column."""
    grave = issues[issues["severity"] != "info"].drop_duplicates(["file", "sheet", "table", "code", "column"])
    found: dict[tuple[str, str], list[Any]] = {}
    for issue in grave.itertuples(index=False):
        found.setdefault((str(issue.file), str(issue.sheet)), []).append(issue)
    return found


def _todos(issues: Sequence[Any], block: dict[str, object], language: str) -> list[str]:
    """The first errors and warnings of the block, with what to do."""
    of_block = [
        i for i in issues if not block["range"] or i.table == block["table"] or i.cell == block["range"]
    ]
    first: dict[tuple[str, str], Any] = {}
    for issue in of_block:
        first.setdefault((issue.code, issue.column), issue)
    found = list(first.values())
    lines = []
    for issue in found[:SHOWN_TODOS]:
        message, todo = str(getattr(issue, f"message_{language}")), str(getattr(issue, f"todo_{language}"))
        lines.append(f"    {issue.cell} {message}" + (f" → {todo}" if todo else ""))
    if len(found) > SHOWN_TODOS:
        lines.append(f"    … +{len(found) - SHOWN_TODOS}")
    return lines
