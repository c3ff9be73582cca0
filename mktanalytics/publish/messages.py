"""The reference of the messages: what `issues` and the ledger say, and what to do about each."""

from __future__ import annotations

from mktanalytics.ingest.wording import PROBLEMS, WORDINGS, Wording

_HEAD = """# Messages

What `issues.parquet`, the workbooks sent back and the ledger's reasons say, by code. `{…}` is filled in with what was
found. An **error** holds rows or a block back, or leaves a value out; a **warning** was read, or left out for a reason
that wants a look; an **info** only tells. How workbooks are read is in [reading.md](reading.md)."""
_SEVERITIES = {"error": "错误 error", "warning": "注意 warning", "info": "说明 info"}


def messages_reference() -> str:
    """All messages as Markdown: by severity, each in both languages with what to do; then why a cell has no value."""
    parts = [_HEAD]
    for severity, title in _SEVERITIES.items():
        rows = [_row(code, w) for code, w in WORDINGS.items() if w.severity == severity]
        head = "| code | 中文 | English | 怎么办 | what to do |\n" + "|---" * 5 + "|"
        parts.append("\n".join([f"## {title}\n", head, *rows]))
    cells = [_line(f"`{code}`", zh, en) for code, (zh, en) in PROBLEMS.items()]
    parts.append("\n".join(["## 单元格 cells\n", "| code | 中文 | English |\n|---|---|---|", *cells]))
    return "\n\n".join(parts) + "\n"


def _row(code: str, wording: Wording) -> str:
    return _line(f"`{code}`", wording.zh, wording.en, wording.todo_zh, wording.todo_en)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
