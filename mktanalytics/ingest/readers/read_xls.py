"""Read .xls by xlrd: typed values, merges, errors, hidden rows; formulas never computed by the record stream."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import xlrd
from xlrd.compdoc import CompDoc

from mktanalytics.ingest.readers.cells import Cell, CellError, Percent, Range, Sheet, Uncached, address
from mktanalytics.ingest.readers.finish import Note, finished, left_out, put
from mktanalytics.ingest.readers.number_formats import is_percent, tells_a_unit, unit_in_format
from mktanalytics.ingest.readers.refusals import refuse

_BOUNDSHEET: Final = 0x85
_FORMULA: Final = (0x0006, 0x0206, 0x0406)
_EOF: Final = 0x0A
_BOF: Final = (0x0809, 0x0409, 0x0209, 0x0009)
_EMPTY_RESULTS: Final = (bytes(8), b"\x03\0\0\0\0\0\xff\xff")  # the number 0; the text ""
Key = tuple[int, int]


class _Part(NamedTuple):
    """A sheet as the workbook's directory lists it."""

    offset: int
    kind: int  # 0 is a worksheet
    name: str


def read_xls(data: bytes) -> tuple[tuple[Sheet, ...], list[Note]]:
    """Every worksheet of an .xls, with notes."""
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=_Silent())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise refuse("protected") from error
        raise refuse("broken", "xls 结构不完整", "its .xls structure is damaged") from error
    stream = _stream(data)
    parts = _parts(stream)
    worksheets = [(position, part) for position, part in enumerate(parts) if part.kind == 0]
    if len(worksheets) != book.nsheets:  # Excel 2 to 4: one sheet, no directory
        worksheets = [(position, _Part(-1, 0, "")) for position in range(book.nsheets)]
    uncached = _never_computed([_formulas(stream, part.offset) for _, part in worksheets])
    sheets = tuple(
        _sheet(book, index, position, uncached[index]) for index, (position, _) in enumerate(worksheets)
    )
    notes = [left_out(part.name) for part in parts if part.kind != 0]
    return sheets, notes + [note for index in range(book.nsheets) for note in _units(book, index)]


def _units(book: Any, index: int) -> Iterator[Note]:
    """The note on a unit that a number format of this sheet shows."""
    telling = {
        number: book.format_map[style.format_key].format_str
        for number, style in enumerate(book.xf_list)
        if style.format_key in book.format_map and tells_a_unit(book.format_map[style.format_key].format_str)
    }
    sheet = book.sheet_by_index(index)
    for row in range(sheet.nrows if telling else 0):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in telling:
                code = telling[sheet.cell_xf_index(row, column)]
                yield unit_in_format(sheet.name, address(row + 1, column + 1), code)
                return


class _Silent:
    """xlrd prints warnings; nobody reads them here."""

    def write(self, text: str) -> None:
        """Drop it."""


def _sheet(book: Any, index: int, position: int, uncached: set[Key]) -> Sheet:
    sheet = book.sheet_by_index(index)
    texts: dict[str, str | None] = {"": None}
    rows = [
        [
            _value(kind, value, book.datemode, texts)
            for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
        ]
        for row in range(sheet.nrows)
    ]
    for row, column in _percents(book, sheet):
        rows[row][column] = Percent(sheet.cell_value(row, column))
    put(rows, dict.fromkeys(uncached, Uncached()))
    return finished(
        sheet.name,
        position,
        rows,
        [Range(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells],
        sheet.visibility != 0,
        {row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden},
        {column + 1 for column, info in sheet.colinfo_map.items() if info.hidden},
    )


def _percents(book: Any, sheet: Any) -> list[Key]:
    """The numbers that are shown as percentages, by row and column from 0."""
    formats = [book.format_map.get(style.format_key) for style in book.xf_list]
    shown = {i for i, f in enumerate(formats) if f is not None and is_percent(f.format_str)}
    return [
        (row, column)
        for row in range(sheet.nrows if shown else 0)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_NUMBER and sheet.cell_xf_index(row, column) in shown
    ]


def _value(kind: int, value: Any, datemode: int, texts: dict[str, str | None]) -> Cell:
    if kind == xlrd.XL_CELL_TEXT:
        text: str = value
        return texts.setdefault(text, text)
    if kind == xlrd.XL_CELL_NUMBER:
        return float(value)
    if kind == xlrd.XL_CELL_DATE:
        return date_of(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return CellError(xlrd.error_text_from_code.get(value, f"#ERR{value}"))
    return None


def date_of(serial: float, datemode: int) -> Cell:
    """A serial as calamine gives it: date, datetime, a time below one day; the number where no such day exists."""
    if not 0 < serial < 2_958_466:
        return serial
    moment: dt.datetime = xlrd.xldate.xldate_as_datetime(serial, datemode)
    if serial < 1 and not datemode:
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment


def _stream(data: bytes) -> bytes:
    """The workbook stream inside the OLE wrapper; the file itself where there is none."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    document = CompDoc(data, logfile=_Silent())
    return document.get_named_stream("Workbook") or document.get_named_stream("Book") or b""


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """Record number, start and length, from an offset to the end of its substream."""
    depth, unpack, end = 0, struct.Struct("<HH").unpack_from, len(stream) - 4
    while 0 <= offset <= end:
        number, length = unpack(stream, offset)
        yield number, offset + 4, length
        depth += (number in _BOF) - (number == _EOF)  # charts are substreams inside the sheet
        if number == _EOF and depth <= 0:
            return
        offset += 4 + length


def _parts(stream: bytes) -> list[_Part]:
    """The sheets the workbook lists, charts and macro sheets included."""
    parts = []
    for number, start, length in _records(stream, 0):
        if number == _BOUNDSHEET and length >= 8:
            offset, _, kind, size, wide = struct.unpack_from("<IBBBB", stream, start)
            raw = stream[start + 8 : start + length]
            name = raw[: size * 2].decode("utf-16-le", "replace") if wide & 1 else raw.decode("latin-1")
            parts.append(_Part(offset, kind & 0x0F, name))
    return parts


def _formulas(stream: bytes, offset: int) -> dict[Key, bool]:
    """Every formula of a sheet, and whether its stored result is 0 or empty."""
    found = {}
    for number, start, length in _records(stream, offset):
        if number in _FORMULA and length >= 14:
            row, column = struct.unpack_from("<HH", stream, start)
            result = stream[start + 6 : start + 14]
            found[row + 1, column + 1] = result in _EMPTY_RESULTS
    return found


def _never_computed(sheets: list[dict[Key, bool]]) -> list[set[Key]]:
    """The formulas of each sheet whose result is unknown: all, where no formula of the workbook has a result.

    Libraries that write .xls store 0 or "" for every formula and let Excel compute it on opening.
    """
    if all(empty for sheet in sheets for empty in sheet.values()):
        return [set(sheet) for sheet in sheets]
    return [set() for _ in sheets]
