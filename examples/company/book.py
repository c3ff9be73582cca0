"""A workbook in the making: cells as somebody typed them, and beside them what they mean."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

import xlsxwriter
import xlwt

MADE = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)  # no clock: the same bytes every time


@dataclass(frozen=True)
class Formula:
    """A formula saved by a program that didn't calculate it: the file holds no value."""

    text: str


Cell = str | int | float | Decimal | dt.date | Formula | None


class Record(NamedTuple):
    """What one row (or one column of a wide row) means: a row of the truth."""

    row: int
    column: int
    values: Mapping[str, object]
    extra: Mapping[str, str]


@dataclass
class Sheet:
    name: str
    table: str = ""  # "" where the sheet holds no data
    hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def row(self, row: int, values: Iterable[Cell], column: int = 1) -> None:
        """Write `values` from `column` on; None leaves a cell empty."""
        for i, value in enumerate(values, column):
            if value is not None:
                self.cells[row, i] = value

    def merge(self, top: int, left: int, bottom: int, right: int, value: Cell) -> None:
        self.cells[top, left] = value
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    def means(
        self,
        row: int,
        values: Mapping[str, object],
        *,
        column: int = 0,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        """Say what was written in `row`."""
        self.records.append(Record(row, column, values, extra or {}))


@dataclass
class Book:
    file: str
    sheets: list[Sheet] = field(default_factory=list)
    encoding: str = "utf-8-sig"  # of a .csv
    untaken: str = ""  # why a careful reader takes nothing from this file

    def sheet(self, name: str = "", table: str = "", *, hidden: bool = False) -> Sheet:
        self.sheets.append(Sheet(name, table, hidden))
        return self.sheets[-1]


def render(book: Book) -> bytes:
    """The bytes of the file."""
    kind: Literal["xlsx", "xls", "csv"] = book.file.rpartition(".")[2]  # type: ignore[assignment]
    return {"xlsx": _xlsx, "xls": _xls, "csv": _csv}[kind](book)


def _xlsx(book: Book) -> bytes:
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(out, options)
    workbook.set_properties({"created": MADE, "author": "岚溪饮品"})
    look = {
        "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "merged": workbook.add_format({"align": "center", "valign": "vcenter", "border": 1}),
        "plain": None,
    }
    for sheet in book.sheets:
        page = workbook.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        for top, left, bottom, right in sheet.merges:
            page.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", look["merged"])
        merged = {(top, left) for top, left, _, _ in sheet.merges}
        for (row, column), value in sheet.cells.items():
            at = (row - 1, column - 1)
            shape = look["merged"] if (row, column) in merged else look["plain"]
            if isinstance(value, str):
                page.write_string(*at, value, shape)
            elif isinstance(value, Formula):
                page.write_formula(*at, value.text, shape, "")
            elif isinstance(value, dt.date):
                page.write_datetime(*at, dt.datetime(value.year, value.month, value.day), look["date"])  # noqa: DTZ001
            elif value is not None:
                page.write_number(*at, float(value), shape)
        page.set_column(0, max((c for _, c in sheet.cells), default=1), 12)
    workbook.close()
    return out.getvalue()


def _xls(book: Book) -> bytes:
    workbook = xlwt.Workbook(encoding="utf-8")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in book.sheets:
        page = workbook.add_sheet(sheet.name)
        merged = {(top, left) for top, left, _, _ in sheet.merges}
        for top, left, bottom, right in sheet.merges:
            page.write_merge(top - 1, bottom - 1, left - 1, right - 1, sheet.cells[top, left])
        for (row, column), value in sheet.cells.items():
            if (row, column) in merged:
                continue
            if isinstance(value, dt.date):
                page.write(row - 1, column - 1, value, date)
            else:
                page.write(row - 1, column - 1, float(value) if isinstance(value, Decimal) else value)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _csv(book: Book) -> bytes:
    (sheet,) = book.sheets
    width = max(c for _, c in sheet.cells)
    height = max(r for r, _ in sheet.cells)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in range(1, height + 1):
        cells = [sheet.cells.get((row, c)) for c in range(1, width + 1)]
        writer.writerow(["" if c is None else str(c) for c in cells])
    mark = b"\xff\xfe" if book.encoding == "utf-16-le" else b""
    return mark + out.getvalue().encode(book.encoding)
