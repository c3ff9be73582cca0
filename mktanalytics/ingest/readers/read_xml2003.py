"""Read Excel's XML of 2003, which report servers still write under the name .xls."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from lxml import etree

from mktanalytics.ingest.readers.cells import MAX_COLUMNS, Cell, CellError, Range, Sheet, Uncached
from mktanalytics.ingest.readers.finish import MAX_AREA, Note, finished
from mktanalytics.ingest.readers.read_text import decoded
from mktanalytics.ingest.readers.refusals import refuse

_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL: Final = "{urn:schemas-microsoft-com:office:excel}"


def read_xml2003(data: bytes) -> tuple[tuple[Sheet, ...], list[Note], str]:
    """Every worksheet of an XML spreadsheet of 2003."""
    if b"<!ENTITY" in data or b"<!\0E\0N\0T\0I" in data:
        raise refuse("suspicious", "XML 中定义了实体", "its XML defines entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(_declared(data), parser)
    except etree.XMLSyntaxError as error:
        raise refuse("broken", "XML 不完整", "its XML isn't well-formed") from error
    encoding = root.getroottree().docinfo.encoding or "utf-8"
    sheets = [_xml_sheet(node, position) for position, node in enumerate(root.iter(f"{_SS}Worksheet"))]
    return tuple(sheets), [], encoding.lower()


def _declared(data: bytes) -> bytes:
    """The bytes as their declaration says; "gb2312" really means its superset."""
    head = data[:200]
    if re.search(rb'encoding=["\'](gb2312|gbk)["\']', head, re.I):
        text, _ = decoded(data)
        return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).strip().encode()
    return data.strip()


def _xml_sheet(node: Any, position: int) -> Sheet:
    rows: list[list[Cell]] = []
    merges: list[Range] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    row = column = 0
    for item in node.iter(f"{_SS}Column"):
        column = int(item.get(f"{_SS}Index") or column + 1)
        last = column + int(item.get(f"{_SS}Span") or 0)
        if item.get(f"{_SS}Hidden") == "1":
            hidden_columns.update(range(column, min(last, MAX_COLUMNS) + 1))
        column = last
    for item in node.iter(f"{_SS}Row"):
        row = int(item.get(f"{_SS}Index") or row + 1)
        last = row + int(item.get(f"{_SS}Span") or 0)
        if item.get(f"{_SS}Hidden") == "1":
            hidden_rows.update(range(row, min(last, 1_048_576) + 1))
        line = _xml_row(item, row, merges)
        if any(value is not None for value in line):
            if row * len(line) > MAX_AREA:
                raise refuse("far_cell", f"{node.get(f'{_SS}Name')} 第 {row} 行", f"row {row}")
            rows.extend([] for _ in range(row - len(rows)))
            rows[row - 1] = line
        row = last
    visible = node.find(f"{_EXCEL}WorksheetOptions/{_EXCEL}Visible")
    hidden = visible is not None and (visible.text or "").startswith("SheetHidden")
    hidden = hidden or (visible is not None and visible.text == "SheetVeryHidden")
    return finished(node.get(f"{_SS}Name") or "", position, rows, merges, hidden, hidden_rows, hidden_columns)


def _xml_row(item: Any, row: int, merges: list[Range]) -> list[Cell]:
    line: list[Cell] = []
    column = 0
    for cell in item.iterchildren(f"{_SS}Cell"):
        column = int(cell.get(f"{_SS}Index") or column + 1)
        if column > MAX_COLUMNS:
            raise refuse("far_cell", f"第 {row} 行第 {column} 列", f"row {row}, column {column}")
        line.extend([None] * (column - len(line)))
        line[column - 1] = _xml_value(cell)
        across, down = int(cell.get(f"{_SS}MergeAcross") or 0), int(cell.get(f"{_SS}MergeDown") or 0)
        if across or down:
            merges.append(Range(row, column, row + down, column + across))
        column += across
    return line


def _xml_value(cell: Any) -> Cell:
    data = cell.find(f"{_SS}Data")
    if data is None:
        formula = cell.get(f"{_SS}Formula")
        return Uncached(formula.lstrip("=")) if formula else None
    text, kind = "".join(data.itertext()), data.get(f"{_SS}Type")
    if kind == "Error":
        return CellError(text)
    if kind == "Number":
        return float(text)
    if kind == "Boolean":
        return text.strip() in ("1", "true", "True")
    if kind == "DateTime":
        return iso_date(text)
    return text or None


def iso_date(text: str) -> Cell:
    """`2026-10-01T00:00:00.000` as date, datetime, or (Excel's day zero) time."""
    moment = dt.datetime.fromisoformat(text)
    if moment.date() <= dt.date(1899, 12, 31):
        return moment.time()
    return moment.date() if moment.time() == dt.time() else moment
