"""Pages → the bytes of a file: .xlsx, .xls, or text in several encodings."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from decimal import Decimal

import xlsxwriter
import xlwt

from hostile.containers import DELIMITERS
from hostile.draft import ErrorCell, Formatted, Formula
from hostile.markup import html, ods, xml2003
from hostile.pages import Book, Page

_EPOCH = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - a workbook's creation time has no zone

_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def write(book: Book) -> bytes:
    """The file's bytes; the same each time."""
    kind, _, encoding = book.container.partition(":")
    if kind in DELIMITERS:
        return _text(book.pages[0], DELIMITERS[kind], encoding)
    match kind:
        case "ods":
            return ods(book.pages)
        case "html":
            return html(book.pages[0])
        case "xls":
            return _xls(book.pages)
        case "xml2003":
            return xml2003(book.pages)
        case "xlsm":
            return with_macros(_xlsx(book.pages))
        case _:
            return _xlsx(book.pages, since_1904=kind == "xlsx-1904")


def with_macros(data: bytes) -> bytes:
    """The workbook as one that may hold macros."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "[Content_Types].xml":
                body = body.replace(_PLAIN_TYPE, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
            new.writestr(zipfile.ZipInfo(part.filename), body)
    return target.getvalue()


def _xlsx(pages: list[Page], *, since_1904: bool = False) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "date_1904": since_1904})
    book.set_properties({"created": _EPOCH})
    formats: dict[str, object] = {}

    def style(text: str) -> object:
        if text not in formats:
            formats[text] = book.add_format({"num_format": text})
        return formats[text]

    for page in pages:
        sheet = book.add_worksheet(page.name)
        for top, left, bottom, right in page.merges:
            sheet.merge_range(top, left, bottom, right, "")
        for (r, c), value in sorted(page.cells.items()):
            match value:
                case Formula(text=text, cached=cached):
                    sheet.write_formula(r, c, f"={text}", None, "" if cached is None else cached)
                case ErrorCell(code=code):
                    sheet.write_formula(r, c, "=1/0", None, code)
                case Formatted(value=v, format=text):
                    sheet.write_number(r, c, float(v), style(text))
                case dt.datetime() | dt.date():
                    sheet.write_datetime(r, c, value, style("yyyy-mm-dd"))
                case Decimal() | int() | float():
                    sheet.write_number(r, c, float(value))
                case _:
                    sheet.write_string(r, c, str(value))
        for row in page.hidden_rows:
            sheet.set_row(row, None, None, {"hidden": True})
        for column in page.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        if page.hidden:
            sheet.hide()
    if pages[0].hidden is False:
        book.worksheets()[0].activate()
    book.close()
    return target.getvalue()


def _xls(pages: list[Page]) -> bytes:
    book = xlwt.Workbook()
    date = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for page in pages:
        sheet = book.add_sheet(page.name, cell_overwrite_ok=True)
        for (r, c), value in sorted(page.cells.items()):
            match value:
                case Formatted(value=v, format=text):
                    sheet.write(r, c, float(v), xlwt.easyxf(num_format_str=text))
                case dt.datetime() | dt.date():
                    sheet.write(r, c, value, date)
                case Decimal() | int() | float():
                    sheet.write(r, c, float(value))
                case ErrorCell(code=code):
                    sheet.row(r).set_cell_error(c, code)
                case _:
                    sheet.write(r, c, str(value))
        for top, left, bottom, right in page.merges:
            sheet.merge(top, bottom, left, right)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def shown(value: object, comma: bool = False) -> str:
    """A cell as a text file holds it."""
    match value:
        case None:
            return ""
        case Formatted(value=v, format=text):
            return shown(v * 100, comma) + "%" if text.endswith("%") else shown(v, comma)
        case ErrorCell(code=code):
            return code
        case Decimal():
            text = f"{value:f}"
            text = text.rstrip("0").rstrip(".") if "." in text else text
            return text.replace(".", ",") if comma else text
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _text(page: Page, delimiter: str, encoding: str) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    for r in range(page.height):
        writer.writerow([shown(page.cells.get((r, c)), delimiter == ";") for c in range(page.width)])
    return target.getvalue().encode(encoding)
