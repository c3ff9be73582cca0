"""Read .ods from its content.xml: calamine would give error cells and formulas without a value as empty."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from io import BytesIO
from typing import Any, Final

from lxml import etree

from mktanalytics.ingest.readers.cells import MAX_COLUMNS, Cell, CellError, Percent, Range, Sheet, Uncached
from mktanalytics.ingest.readers.finish import MAX_AREA, Note, finished
from mktanalytics.ingest.readers.read_xml2003 import iso_date
from mktanalytics.ingest.readers.refusals import refuse

_T: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_X: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_S: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALCEXT: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")


def read_ods(data: bytes) -> tuple[tuple[Sheet, ...], list[Note]]:
    """Every table of an OpenDocument spreadsheet."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                zh, en = (
                    "（ods 的密码只能在原程序中取消）",
                    " (of an .ods it can only be removed in its own program)",
                )
                raise refuse("protected", zh, en)
            content = archive.read("content.xml")
        if b"<!ENTITY" in content or b"<!\0E\0N\0T\0I" in content:
            raise refuse("suspicious", "XML 中定义了实体", "its XML defines entities")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root = etree.fromstring(content, parser)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError) as error:
        raise refuse("broken", "ods 内容不完整", "its content is damaged") from error
    hidden_styles = {
        style.get(f"{_S}name")
        for style in root.iter(f"{_S}style")
        if any(part.get(f"{_T}display") == "false" for part in style.iterchildren(f"{_S}table-properties"))
    }
    tables = root.iterfind(f"{_O}body/{_O}spreadsheet/{_T}table")
    return tuple(_sheet(table, position, hidden_styles) for position, table in enumerate(tables)), []


def _sheet(table: Any, position: int, hidden_styles: set[str]) -> Sheet:
    rows: list[list[Cell]] = []
    merges: list[Range] = []
    hidden_rows: set[int] = set()
    row = area = 0
    name = table.get(f"{_T}name") or ""
    for item in table.iter(f"{_T}table-row"):
        repeat = _count(item, "number-rows-repeated")
        line = _row(item, row + 1, merges)
        if any(value is not None for value in line):
            area = max(area, (row + repeat) * len(line))
            if area > MAX_AREA:
                raise refuse("far_cell", f"{name} 第 {row + 1} 行", f"{name}, row {row + 1}")
            rows.extend([] for _ in range(row - len(rows)))
            rows.extend(list(line) for _ in range(repeat))
            if item.get(f"{_T}visibility") in ("collapse", "filter"):
                hidden_rows.update(range(row + 1, row + repeat + 1))
        row += repeat
    hidden_columns = _hidden_columns(table)
    hidden = table.get(f"{_T}style-name") in hidden_styles
    return finished(name, position, rows, merges, hidden, hidden_rows, hidden_columns)


def _hidden_columns(table: Any) -> set[int]:
    found: set[int] = set()
    column = 0
    for item in table.iter(f"{_T}table-column"):
        repeat = _count(item, "number-columns-repeated")
        if item.get(f"{_T}visibility") in ("collapse", "filter"):
            found.update(range(column + 1, min(column + repeat, MAX_COLUMNS) + 1))
        column += repeat
    return found


def _count(item: Any, name: str) -> int:
    return max(int(item.get(f"{_T}{name}") or 1), 1)


def _row(item: Any, row: int, merges: list[Range]) -> list[Cell]:
    line: list[Cell] = []
    column = 0
    for cell in item.iterchildren(f"{_T}table-cell", f"{_T}covered-table-cell"):
        repeat = _count(cell, "number-columns-repeated")
        value = _value(cell) if cell.tag == f"{_T}table-cell" else None
        if value is not None:
            if column + repeat > MAX_COLUMNS:
                raise refuse("far_cell", f"第 {row} 行第 {column + 1} 列", f"row {row}, column {column + 1}")
            line.extend([None] * (column - len(line)))
            line.extend([value] * repeat)
        down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if down * right > 1:
            merges.append(Range(row, column + 1, row + down - 1, column + right))
        column += repeat
    return line


def _value(cell: Any) -> Cell:
    kind = cell.get(f"{_O}value-type")
    if cell.get(f"{_CALCEXT}value-type") == "error":
        return CellError(_text(cell))
    if kind is None:
        formula = cell.get(f"{_T}formula")
        return Uncached(formula) if formula else _text(cell) or None
    if kind == "percentage":
        return Percent(cell.get(f"{_O}value"))
    if kind in ("float", "currency"):
        return float(cell.get(f"{_O}value"))
    if kind == "boolean":
        return bool(cell.get(f"{_O}boolean-value") == "true")
    if kind == "date":
        return iso_date(cell.get(f"{_O}date-value"))
    if kind == "time":
        return _duration(cell.get(f"{_O}time-value"))
    return cell.get(f"{_O}string-value") or _text(cell) or None


def _duration(text: str) -> Cell:
    match = _DURATION.fullmatch(text)
    if not match:
        return text
    hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    span = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return span if span >= dt.timedelta(days=1) else (dt.datetime(1900, 1, 1) + span).time()  # noqa: DTZ001


def _text(cell: Any) -> str:
    """The paragraphs of a cell; notes pinned to it aren't its text."""
    return "\n".join(_paragraph(paragraph) for paragraph in cell.iterchildren(f"{_X}p"))


def _paragraph(node: Any) -> str:
    parts = [node.text or ""]
    for child in node:
        if child.tag == f"{_X}s":
            parts.append(" " * int(child.get(f"{_X}c") or 1))
        elif child.tag == f"{_X}tab":
            parts.append("\t")
        elif child.tag == f"{_X}line-break":
            parts.append("\n")
        elif child.tag != f"{_O}annotation" and isinstance(child.tag, str):
            parts.append(_paragraph(child))
        parts.append(child.tail or "")
    return "".join(parts)
