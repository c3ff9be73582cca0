"""Read tables that only call themselves .xls: HTML, web archives, and Excel's XML of 2003."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from mktanalytics.ingest.cells import Cell, CellError, Range, Sheet, Uncached
from mktanalytics.ingest.finish import MAX_AREA, Note, finished
from mktanalytics.ingest.read_text import decoded
from mktanalytics.ingest.refusals import refuse

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_IGNORED: Final = frozenset(("head", "script", "style", "title", "template", "noscript", "colgroup"))
_SS: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
_EXCEL: Final = "{urn:schemas-microsoft-com:office:excel}"


def read_mhtml(data: bytes) -> tuple[tuple[Sheet, ...], list[Note], str]:
    """Each page of a web archive that holds a table, as one sheet."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    sheets: list[Sheet] = []
    notes: list[Note] = []
    encoding = ""
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes) and b"<table" in body.lower():
            pages, more, encoding = read_html(body, len(sheets))
            sheets += pages
            notes += more
    if not sheets:
        raise refuse("not_a_workbook", "不含表格的网页存档", "a web archive without a table")
    return tuple(sheets), notes, encoding


def read_html(data: bytes, position: int = 0) -> tuple[tuple[Sheet, ...], list[Note], str]:
    """A web page as one sheet, as Excel opens it: text and tables one below the other."""
    text, encoding = decoded(data)  # what a page declares is often wrong
    # an encoding declaration inside the text would be taken for the text's own
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    root = lxml_html.document_fromstring(text) if text.strip() else None
    if root is None or root.find(".//table") is None:
        raise refuse("not_a_workbook", "不含表格的网页", "a web page without a table")
    page = _Page()
    page.walk(root)
    page.end_line()
    return (finished("", position, page.rows, page.merges),), [], encoding


class _Page:
    """The sheet a page becomes, while it is walked."""

    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.merges: list[Range] = []
        self._line: list[str] = []
        self._after_table = False

    def walk(self, element: Any) -> None:
        """Add an element and what follows inside its parent."""
        stack = [(element, False)]
        while stack:  # not recursive: pages nest deeper than Python's stack
            node, after = stack.pop()
            name = node.tag if isinstance(node.tag, str) else ""
            if after:
                if name in _BLOCKS:
                    self.end_line()
                self._line.append(node.tail or "")
                continue
            stack.append((node, True))
            if not name or name in _IGNORED:
                continue
            if name in _BLOCKS or name == "br":
                self.end_line()
            if name == "table" and node.find(".//table") is None:
                self._add_table(node)
                continue
            self._line.append(node.text or "")
            stack.extend((child, False) for child in reversed(node))

    def end_line(self) -> None:
        """Text outside tables becomes a row of one cell."""
        text = squeezed("".join(self._line))
        self._line.clear()
        if text:
            self.rows.append([text])
            self._after_table = False

    def _add_table(self, table: Any) -> None:
        caption = table.find("caption")
        if caption is not None:
            self._line.append(caption.text_content())
            self.end_line()
        if self._after_table:
            self.rows.append([])  # two tables stay two
        self._after_table = True
        top = len(self.rows)
        lines = list(table.iter("tr"))
        self.rows.extend([] for _ in lines)
        taken: set[tuple[int, int]] = set()
        for index, line in enumerate(lines):
            column = 0
            for cell in line.iterchildren("td", "th"):
                while (index, column) in taken:
                    column += 1
                down = min(_span(cell, "rowspan"), len(lines) - index)
                right = _span(cell, "colspan")
                if len(taken) + down * right > MAX_AREA:
                    raise refuse("too_large", "合并单元格过大", "cells merged beyond reason")
                self._put(top + index, column, cell_of(cell))
                if down * right > 1:
                    taken.update((index + i, column + j) for i in range(down) for j in range(right))
                    row = top + index + 1
                    self.merges.append(Range(row, column + 1, row + down - 1, column + right))
                column += right

    def _put(self, row: int, column: int, value: Cell) -> None:
        line = self.rows[row]
        line.extend([None] * (column + 1 - len(line)))
        line[column] = value


def _span(cell: Any, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), 16_384) if text.isdecimal() and len(text) < 8 else 1


def cell_of(cell: Any) -> Cell:
    """A cell's text, its line breaks kept; Excel's own pages mark errors."""
    if cell.get("x:err"):
        return CellError(cell.get("x:err"))
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "").lstrip("\r\n")
    lines = [squeezed(line) for line in re.split("\n", _flow(cell))]
    return "\n".join(lines).strip("\n") or None


def _flow(cell: Any) -> str:
    """The text with the source's own line ends as spaces, and only <br> as line breaks."""
    parts = []
    for node in cell.iter():
        if not isinstance(node.tag, str) or node.tag in _IGNORED:
            text = ""
        else:
            text = (node.text or "").replace("\r", " ").replace("\n", " ")
        tail = node.tail or "" if node is not cell else ""
        head = "\n" if node.tag == "br" else ""
        parts.append(text + head + tail.removeprefix(head).replace("\r", " ").replace("\n", " "))
    return "".join(parts)


def squeezed(text: str) -> str:
    """White space as a browser shows it."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" \xa0")


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
            hidden_columns.update(range(column, min(last, 16_384) + 1))
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
        if column > 16_384:
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
