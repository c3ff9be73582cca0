"""What calamine hides in an .xlsx sheet, read from its XML: errors, uncached formulas, hidden rows, merges, extent.

Byte patterns do it at the speed of a scan. Where they can't account for every cell (another prefix, another order of
attributes, comments), the same is read element by element.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from typing import Any, Final

from mktanalytics.ingest.readers.cells import MAX_COLUMNS, Cell, CellError, Range, Uncached, address
from mktanalytics.ingest.readers.finish import MAX_AREA

MAX_ROWS: Final = 1_048_576
# Codes of 16 and more digits stored as numbers: a float no longer tells the last ones.
_LONG_NUMBER: Final = re.compile(rb"<v>\d{16,}</v>")
_FORMULA_TAG: Final = re.compile(rb"<f[\s>/]")
_COMPUTED: Final = re.compile(rb"(?:</f>|<f [^>]*/>)<v>(?!0</v>)[^<]")
_ERROR_TYPE: Final = re.compile(rb' t="e"')
_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(?:<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>))?(<v\s*/>|<v>([^<]*)</v>)?</c>'
)
_HIDDEN_ROW: Final = re.compile(rb'<row r="(\d{1,7})"[^>]*? hidden="(?:1|true)"')
_HIDDEN_COLUMNS: Final = re.compile(rb'<col [^>]*?hidden="(?:1|true)"[^>]*>')
_MERGE: Final = re.compile(rb'<mergeCell ref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"')
_FAR_COLUMN: Final = re.compile(rb'<c r="([A-Z]{2,3})\d')
_DECLARATION: Final = re.compile(rb"<!")  # comments and CDATA, where a pattern may see what isn't there
_CELL_UNPLACED: Final = re.compile(rb'<c(?! r=")')
_ROW: Final = re.compile(rb'<row r="(\d{1,7})"')


@dataclass
class Overlay:
    """What to lay over the values of one sheet; rows and columns are 1-based."""

    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    zeros: dict[tuple[int, int], str] = field(default_factory=dict)  # formulas whose value is exactly 0
    computed: bool = False  # some formula has a value other than 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merges: list[Range] = field(default_factory=list)
    percents: list[tuple[int, int]] = field(default_factory=list)  # numbers shown as percentages
    long_number: str = ""  # the address of the first
    last_row: int = 0
    last_column: int = 0
    cell_count: int = 0  # counted only where the extent is large

    def add(self, other: Overlay) -> None:
        """What the next rows of the sheet have to be laid over."""
        self.cells |= other.cells
        self.zeros |= other.zeros
        self.computed |= other.computed
        self.hidden_rows |= other.hidden_rows
        self.hidden_columns |= other.hidden_columns
        self.merges += other.merges
        self.percents += other.percents
        self.long_number = self.long_number or other.long_number
        self.last_row = max(self.last_row, other.last_row)
        self.last_column = max(self.last_column, other.last_column)
        self.cell_count += other.cell_count


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_overlay(xml: bytes) -> Overlay:
    """The overlay of one worksheet part."""
    return _by_pattern(xml) or by_element(xml)


def _by_pattern(xml: bytes) -> Overlay | None:
    """The overlay by byte patterns; None where the XML isn't written as they expect."""
    reached = read_extent(xml)
    return filled(reached, xml) if reached else None


def read_extent(xml: bytes) -> Overlay | None:
    """How far the sheet reaches, and nothing else yet; None where the XML isn't written as the patterns expect."""
    start, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    rows = _ROW.findall(xml, max(start, 0))
    unusual = not 0 <= start < end or _DECLARATION.search(xml) or len(rows) != xml.count(b"<row", start, end)
    if unusual or _CELL_UNPLACED.search(xml, start, end):
        return None
    found = Overlay(last_row=max(map(int, rows), default=0))
    found.last_column = max(map(column_number, _far_columns(xml)), default=26)
    if found.last_row * found.last_column > MAX_AREA:
        found.cell_count = xml.count(b"<c ", start, end)
    return found


def first_row(xml: bytes) -> int:
    """The number of the first row; 0 where there is none."""
    found = _ROW.search(xml)
    return int(found[1]) if found else 0


def filled(found: Overlay, xml: bytes) -> Overlay | None:
    """What `read_extent` began with all the rest; None where a cell isn't written as the patterns expect."""
    head, tail = xml[: xml.find(b"<sheetData")], xml[xml.rfind(b"</sheetData>") :]
    formulas = sum(1 for _ in _FORMULA_TAG.finditer(xml))
    computed = sum(1 for _ in _COMPUTED.finditer(xml)) if formulas else 0
    found.computed = computed > 0
    # only where some formula isn't plainly computed is each of them looked at
    for formula in _cells_around(_FORMULA_TAG, xml) if computed < formulas else ():
        if formula is None:
            return None
        column, row, attributes, text, value, content = formula.groups()
        key = (int(row), column_number(column.decode()))
        _judge_formula(found, key, _type_of(attributes), unescape((text or b"").decode()), value, content)
    for error in _cells_around(_ERROR_TYPE, xml):
        if error is None:
            return None
        found.cells[int(error[2]), column_number(error[1].decode())] = CellError(
            unescape((error[6] or b"").decode())
        )
    if b"hidden=" in xml:
        found.hidden_rows = {int(row) for row in _HIDDEN_ROW.findall(xml)}
        for columns in _HIDDEN_COLUMNS.findall(head):
            span = dict(re.findall(rb'(min|max)="(\d+)"', columns))
            _hide_columns(found, int(span.get(b"min", 1)), int(span.get(b"max", 1)))
    for left, top, right, bottom in _MERGE.findall(tail):
        corner = (int(top), column_number(left.decode()), int(bottom), column_number(right.decode()))
        found.merges.append(Range(*corner))
    for number in _LONG_NUMBER.finditer(xml):
        reference = re.match(
            rb'<c r="([A-Z]+\d+)"', xml[xml.rfind(b"<c ", 0, number.start()) : number.start()]
        )
        found.long_number = reference[1].decode() if reference else "?"
        break
    return found


def _far_columns(xml: bytes) -> set[str]:
    """The columns beyond Z in use, found piece by piece: a list of twelve million hits would be half a gigabyte."""
    piece, found = 1 << 24, set[bytes]()
    for start in range(0, len(xml), piece):
        found.update(_FAR_COLUMN.findall(xml, start, start + piece + 20))
    return {letters.decode() for letters in found}


def _cells_around(pattern: re.Pattern[bytes], xml: bytes) -> Iterator[re.Match[bytes] | None]:
    """The cell around each hit: looking back from the rare hit is faster than trying every cell."""
    for hit in pattern.finditer(xml):
        yield _CELL.match(xml, xml.rfind(b"<c ", max(0, hit.start() - 300), hit.start()))


def _type_of(attributes: bytes) -> str:
    kind = re.search(rb'\bt="(\w+)"', attributes)
    return kind[1].decode() if kind else "n"


def _judge_formula(
    found: Overlay,
    key: tuple[int, int],
    kind: str,
    text: str,
    value: bytes | str | None,
    content: bytes | str | None,
) -> None:
    """A formula's cached value: there, exactly zero, or missing."""
    if not content:
        # Excel stores the result "" as t="str" with an empty <v>; anything else without a value was never computed
        if not (kind == "str" and value is not None):
            found.cells[key] = Uncached(text)
    elif kind == "n" and content in (b"0", "0"):
        found.zeros[key] = text
    else:
        found.computed = True


def _hide_columns(found: Overlay, first: int, last: int) -> None:
    found.hidden_columns.update(range(max(first, 1), min(last, MAX_COLUMNS) + 1))


def by_element(xml: bytes) -> Overlay:
    """The overlay read element by element: slower, and indifferent to how the XML is written."""
    found = Overlay()
    row = column = 0
    for event, element in _elements(xml):
        name = element.tag.rpartition("}")[2]
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 1), 0
                if element.get("hidden") in ("1", "true"):
                    found.hidden_rows.add(row)
            continue
        if name == "c":
            reference = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", element.get("r") or "")
            column = column_number(reference[1]) if reference else column + 1
            _add_cell(found, (int(reference[2]) if reference else row, column), element)
        elif name == "mergeCell":
            merge = re.fullmatch(r"\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)", element.get("ref") or "")
            if merge:
                corner = (int(merge[2]), column_number(merge[1]), int(merge[4]), column_number(merge[3]))
                found.merges.append(Range(*corner))
        elif name == "col" and element.get("hidden") in ("1", "true"):
            _hide_columns(found, int(element.get("min", 1)), int(element.get("max", 1)))
        if name in ("c", "row"):
            element.clear()
    return found


def _add_cell(found: Overlay, key: tuple[int, int], element: Any) -> None:
    parts = {child.tag.rpartition("}")[2]: child for child in element}
    kind = element.get("t") or "n"
    value = parts["v"].text or "" if "v" in parts else None
    if "f" in parts:
        _judge_formula(found, key, kind, parts["f"].text or "", value, value)
    if kind == "e" and value:
        found.cells[key] = CellError(value)
    if value or "is" in parts or key in found.cells:
        found.cell_count += 1
        found.last_row, found.last_column = max(found.last_row, key[0]), max(found.last_column, key[1])
    if kind == "n" and value and value.isdigit() and len(value) >= 16 and not found.long_number:
        found.long_number = address(*key)


def _elements(xml: bytes) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    yield from etree.iterparse(
        BytesIO(xml), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=True
    )
