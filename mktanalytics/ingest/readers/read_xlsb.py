"""Read .xlsb: values by calamine, and errors, merges and hidden parts from the binary records."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import python_calamine as calamine
from lxml import etree

from mktanalytics.ingest.readers.cells import CellError, Range, Sheet
from mktanalytics.ingest.readers.finish import Note, finished, left_out, put
from mktanalytics.ingest.readers.guard import check_sums
from mktanalytics.ingest.readers.overlay import Overlay
from mktanalytics.ingest.readers.plain import plain_rows
from mktanalytics.ingest.readers.read_excel import check_extent
from mktanalytics.ingest.readers.refusals import refuse

# Record numbers of [MS-XLSB] 2.3
_ROW, _CELL_ERROR, _CELLS_END, _FORMULA_ERROR, _COLUMN, _SHEET, _MERGE = 0, 3, 12, 11, 60, 156, 176
_BLANK: Final = 1
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}


def read_xlsb(data: bytes) -> tuple[tuple[Sheet, ...], list[Note]]:
    """Every worksheet of an .xlsb, with notes."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        try:
            check_sums(archive)
            overlays = {name: _overlay(archive.read(part)) for name, part in _parts(archive)}
        except (KeyError, struct.error, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
            raise refuse("broken", "xlsb 结构不完整", "its .xlsb structure is damaged") from error
    for name, overlay in overlays.items():
        check_extent(overlay, name)
    notes: list[Note] = []
    sheets = []
    book = calamine.load_workbook(BytesIO(data))
    for position, meta in enumerate(book.sheets_metadata):
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            notes.append(left_out(meta.name))
            continue
        overlay = overlays[meta.name]
        rows = plain_rows(book.get_sheet_by_name(meta.name))
        put(rows, overlay.cells)
        hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append(
            finished(
                meta.name, position, rows, overlay.merges, hidden, overlay.hidden_rows, overlay.hidden_columns
            )
        )
    return tuple(sheets), notes


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names and their parts."""
    relations = etree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    targets = {item.get("Id"): posixpath.join("/xl", item.get("Target")).lstrip("/") for item in relations}
    for number, body in records(archive.read("xl/workbook.bin")):
        if number == _SHEET:
            relation, at = _wide(body, 8)
            name, _ = _wide(body, at)
            part = targets.get(relation, "")
            if "worksheets/" in part:
                yield name, part


def _wide(body: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part: number and body."""
    at, end = 0, len(stream)
    while at < end:
        number = stream[at]
        at += 1
        if number & 0x80:
            number = (number & 0x7F) | ((stream[at] & 0x7F) << 7) if at < end else number
            at += 1
        length = shift = 0
        while at < end:
            byte = stream[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        yield number, stream[at : at + length]
        at += length


def _overlay(stream: bytes) -> Overlay:
    found = Overlay()
    row = 0
    unpack = struct.unpack_from
    for number, body in records(stream):
        if number == _ROW and len(body) >= 12:
            row = unpack("<I", body)[0] + 1
            if body[11] & 0x10:
                found.hidden_rows.add(row)
        elif number < _CELLS_END and number != _BLANK and len(body) > 8:
            column = unpack("<I", body)[0] + 1
            found.cell_count += 1
            found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
            if number in (_CELL_ERROR, _FORMULA_ERROR):
                found.cells[row, column] = CellError(_ERRORS.get(body[8], f"#ERR{body[8]}"))
        elif number == _COLUMN and body[16] & 1:
            first, last = unpack("<II", body)
            found.hidden_columns.update(range(first + 1, min(last, 16_383) + 2))
        elif number == _MERGE:
            top, bottom, left, right = unpack("<IIII", body)
            found.merges.append(Range(top + 1, left + 1, bottom + 1, right + 1))
    return found
