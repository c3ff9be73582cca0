"""The tables behind a report as .xlsx: raw numbers, units in the headers, and the parts of each figure."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from mktanalytics.display.format import CURRENCIES, head_text, scale_for
from mktanalytics.display.jupyter import Data
from mktanalytics.display.wording import W
from mktanalytics.publish.document import Document

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's times know no zone; a clock would change the bytes
EVIDENCE = ("table", "row", "column", "value", "unit", "status", "numerator", "denominator", "n", "remark")


class Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
        head = base | {"bold": True, "bg_color": "#12355b", "font_color": "white", "text_wrap": True}
        self._book, self._base = book, base
        self.title: Format = book.add_format(base | {"bold": True, "font_size": 14})
        self.head: Format = book.add_format(head)
        self.head_right: Format = book.add_format(head | {"align": "right"})
        self.word: Format = book.add_format(base | {"text_wrap": True})
        self.faint: Format = book.add_format(base | {"font_color": "#5b6470", "font_size": 9})
        self._numbers: dict[tuple[str, bool], Format] = {}

    def number(self, layout: str, *, total: bool = False) -> Format:
        """The format for numbers laid out so."""
        if (layout, total) not in self._numbers:
            extra = {"bold": True, "top": 1} if total else {}
            self._numbers[layout, total] = self._book.add_format(
                self._base | {"num_format": layout, "align": "right"} | extra
            )
        return self._numbers[layout, total]


def tables(document: Document) -> list[Data]:
    """The tables of a document, in their order."""
    return [b for b in document["blocks"] if b["type"] == "table"]


def make_workbook(document: Document) -> bytes:
    """The workbook: what it is, a sheet a table, and the evidence; the same bytes each time."""
    buffer, language = io.BytesIO(), document["language"]
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": document["title"], "company": document["company"], "created": CREATED})
        styles, found = Styles(book), tables(document)
        cover = book.add_worksheet(W("contents", language))
        _write_cover(cover, document, found, styles)
        for i, table in enumerate(found, 1):
            _write_table(book.add_worksheet(f"{W('table', language)} {i}"), table, styles, language)
        _write_evidence(book.add_worksheet(W("evidence", language)), found, styles, language)
    return buffer.getvalue()


def _write_cover(sheet: Worksheet, document: Document, found: list[Data], styles: Styles) -> None:
    language = document["language"]
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, document["title"], styles.title)
    lines = [document["sample"], document["company"], *document["band"], W("yuan_sheet", language)]
    at = 1
    for line in filter(None, lines):
        sheet.write_string(at, 0, line, styles.faint)
        at += 1
    for i, table in enumerate(found, 1):
        sheet.write_url(
            at + i, 0, f"internal:'{W('table', language)} {i}'!A1", None, f"{W('table', language)} {i}"
        )
        sheet.write_string(at + i, 1, table["caption"], styles.word)


def _write_table(sheet: Worksheet, table: Data, styles: Styles, language: str) -> None:
    sheet.write_string(0, 0, table["caption"], styles.title)
    for j, column in enumerate(table["columns"]):
        units = {r["cells"][j]["record"]["unit"] for r in table["rows"] if r["cells"][j]["record"]}
        head = head_text(
            _full_label(column), raw_unit(next(iter(units)), language) if len(units) == 1 else "", language
        )
        sheet.write_string(2, j, head, styles.head_right if column["numeric"] else styles.head)
        longest = max([len(head), *(len(r["cells"][j]["text"]) for r in table["rows"])])
        sheet.set_column(j, j, min(60, max(10, 2 * longest)))
    for i, row in enumerate(table["rows"], 3):
        for j, cell in enumerate(row["cells"]):
            _write_cell(sheet, i, j, cell, styles, total=row["total"])
    sheet.freeze_panes(3, 1)
    for k, words in enumerate(filter(None, (table["footnote"], table["note"]))):
        sheet.write_string(len(table["rows"]) + 4 + k, 0, words, styles.faint)


def _full_label(column: Data) -> str:
    return " · ".join(filter(None, (column["group"], column["label"])))


def _write_cell(sheet: Worksheet, i: int, j: int, cell: Data, styles: Styles, *, total: bool) -> None:
    record = cell["record"]
    if record is None or record["value"] is None:
        sheet.write_string(
            i, j, cell["text"], styles.number("General", total=total) if record else styles.word
        )
    else:
        value, layout = raw_value(record)
        sheet.write_number(i, j, value, styles.number(layout, total=total))


def raw_value(record: Data) -> tuple[float, str]:
    """The number as it is written, unrounded, and how Excel lays it out; points are × 100, as their unit says."""
    unit, value = record["unit"].lower(), record["value"]
    if unit == "fraction":
        return value, "0.0%"
    if unit == "pp":
        return value * 100, "+0.0;-0.0;0.0"
    if unit in CURRENCIES:
        return value, "#,##0.00"
    whole = float(value).is_integer()
    return value, "#,##0" if whole else "#,##0.00"


def raw_unit(unit: str, language: str) -> str:
    """The unit that numbers of `unit` have in the workbook: money is never in 万."""
    if unit.lower() in CURRENCIES:
        return CURRENCIES[unit.lower()] if language == "zh" else unit.upper()
    return scale_for(unit, [], language).head


def _write_evidence(sheet: Worksheet, found: list[Data], styles: Styles, language: str) -> None:
    """One line a figure: what it was computed from."""
    for j, key in enumerate(EVIDENCE):
        sheet.write_string(0, j, W(key, language), styles.head)
    sheet.set_column(0, 2, 24)
    sheet.set_column(3, len(EVIDENCE) - 1, 16)
    for i, line in enumerate(_evidence(found, language), 1):
        for j, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(i, j, value, styles.word)
            elif value is not None:
                sheet.write_number(i, j, value, styles.number("General"))
    sheet.freeze_panes(1, 0)


def _evidence(found: list[Data], language: str) -> Iterator[tuple[Any, ...]]:
    for t, table in enumerate(found, 1):
        for row in table["rows"]:
            words = " · ".join(c["text"] for c in row["cells"] if c["record"] is None)
            for column, cell in zip(table["columns"], row["cells"], strict=True):
                if record := cell["record"]:
                    parts = (record[k] for k in EVIDENCE[3:-1])
                    yield (f"{W('table', language)} {t}", words, _full_label(column), *parts, record["note"])
