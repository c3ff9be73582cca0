"""Read web pages and web archives, which many systems export under the name .xls."""

from __future__ import annotations

import email
import email.policy
import re
from typing import Any, Final

from lxml import html as lxml_html

from mktanalytics.ingest.readers.cells import MAX_COLUMNS, Cell, CellError, Range, Sheet
from mktanalytics.ingest.readers.finish import MAX_AREA, Note, finished
from mktanalytics.ingest.readers.read_text import decoded
from mktanalytics.ingest.readers.refusals import refuse

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
    parser = lxml_html.HTMLParser(huge_tree=True)
    root = lxml_html.document_fromstring(text, parser=parser) if text.strip() else None
    if any(
        "depth" in entry.message for entry in parser.error_log
    ):  # what lies deeper is dropped without a word
        raise refuse("suspicious", "网页标签嵌套过深", "its tags are nested too deep")
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
    return min(max(int(text), 1), MAX_COLUMNS) if text.isdecimal() and len(text) < 8 else 1


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
