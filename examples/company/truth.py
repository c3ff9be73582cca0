"""The truth: the tidy rows a careful reader takes from the workbooks, as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable
from decimal import Decimal

from company.book import Book
from mktanalytics.schema import EXTRA, SOURCE
from mktanalytics.tables import all_tables


def times(value: Decimal | int | str, scale: int | str = 1) -> float:
    """A cell's number in its stored unit, scaled exactly before it becomes a float."""
    return float(Decimal(str(value)) * Decimal(str(scale)))


def truth_files(books: Iterable[Book]) -> dict[str, str]:
    """Every table's truth by file name, and the ledger of sheets."""
    ordered = sorted(books, key=lambda b: b.file)
    rows: dict[str, list[list[str]]] = {name: [] for name in all_tables()}
    ledger: list[list[str]] = []
    for book in ordered:
        for sheet in book.sheets:
            records = [] if book.untaken else sorted(sheet.records, key=lambda r: (r.row, r.column))
            name = "" if book.file.endswith(".csv") else sheet.name
            ledger.append(
                [book.file, name, sheet.table, str(len({r.row for r in records})), str(len(records)),
                 book.untaken or ("" if sheet.table else "not data")]
            )  # fmt: skip
            for record in records:
                unknown = set(record.values) - set(all_tables()[sheet.table].names)
                if unknown:
                    raise KeyError(f"{sheet.table} has no {unknown}")
                source = [book.file, name, str(record.row)]
                values = [_text(record.values.get(c)) for c in all_tables()[sheet.table].names]
                extra = json.dumps(record.extra, ensure_ascii=False) if record.extra else ""
                rows[sheet.table].append([*values, *source, extra])
    heads = {name: [*table.names, *SOURCE, EXTRA] for name, table in all_tables().items()}
    files = {f"{name}.csv": _csv([heads[name], *body]) for name, body in rows.items()}
    files["ledger.csv"] = _csv([["file", "sheet", "table", "rows", "records", "why_not"], *ledger])
    return files


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return value
    raise TypeError(f"the truth holds text, dates and floats, not {value!r}")


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
