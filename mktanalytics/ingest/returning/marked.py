"""A copy of a sheet as it was read, its problem cells coloured and commented; text stays text whatever it begins with."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.readers.cells import Cell, Sheet, address, rectangle
from mktanalytics.ingest.values.parsed import as_written

COPIED = 50_000  # cells of one sheet; of a larger one only headers and rows with problems
MARKS = {"error": "#F8A5A5", "warning": "#FFE699"}
LONGEST_TEXT = 32_767  # Excel's limit for a cell
LONGEST_COMMENT = 1_500
NARROWEST, WIDEST, MEASURED = 9, 42, 200  # column widths, and how many rows decide them
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LIVE = ("=", "+", "-", "@")  # text that editing would turn into a formula

Told = tuple[Issue, str, str]  # the issue, how grave, what to say


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        """The format with these properties."""
        wanted = tuple(sorted(properties.items()))
        if wanted not in self._made:
            self._made[wanted] = self._book.add_format({"font_size": 10, **properties})
        return self._made[wanted]


def plain_text(text: str) -> str:
    """Text that a cell can hold."""
    safe = _NOT_XML.sub("�", text)
    return safe if len(safe) <= LONGEST_TEXT else safe[: LONGEST_TEXT - 1] + "…"


def place_of(issue: Issue) -> str:
    """The issue's cells: a cell, the cells of its row, or the first cell of its block; "" without an address."""
    area = rectangle(issue.cell)
    if area is None:
        return ""
    row = issue.row if area.top <= issue.row <= area.bottom else area.top
    first = address(row, area.left)
    if area.left == area.right or (area.top != area.bottom and row != issue.row):
        return first
    return f"{first}:{address(row, area.right)}"


def copy_sheet(
    target: Any, sheet: Sheet, told: Sequence[Told], headers: Iterable[int], styles: Styles
) -> bool:
    """Write `sheet` to the xlsxwriter sheet `target`; whether only a part of it, being too large.

    `told` are the sheet's issues, the gravest first; `headers` its header rows, 1-based. Rows stay where they are.
    """
    width = len(sheet.rows[0]) if sheet.rows else 0
    rows = _kept(sheet, width, told, headers)
    part = len(rows) < len(sheet.rows)
    if part:
        target.set_default_row(hide_unused_rows=True)
    anchors = {} if part else _merge(target, sheet, width, styles)
    marks, comments = _marks(told, anchors, set(rows), width)
    for row in rows:
        for i, value in enumerate(sheet.rows[row - 1]):
            colour = marks.pop((row, i + 1), "")
            if value is not None or colour:
                _write(target, row - 1, i, value, colour, styles)
    for (row, column), colour in sorted(marks.items()):
        target.write_blank(row - 1, column - 1, None, styles.get(bg_color=colour))
    for (row, column), texts in sorted(comments.items()):
        _comment(target, row - 1, column - 1, list(dict.fromkeys(texts)))
    for i, size in enumerate(_widths(sheet, rows[:MEASURED], width)):
        target.set_column(i, i, size)
    return part


def _kept(sheet: Sheet, width: int, told: Sequence[Told], headers: Iterable[int]) -> list[int]:
    """The rows that are copied, 1-based."""
    if len(sheet.rows) * width <= COPIED:
        return list(range(1, len(sheet.rows) + 1))
    found = dict.fromkeys(sorted(headers))
    found |= dict.fromkeys(area.top for i, _, _ in told if (area := rectangle(place_of(i))))
    inside = [r for r in found if r <= len(sheet.rows)]
    return sorted(inside[: max(COPIED // width, 1)])


def _merge(target: Any, sheet: Sheet, width: int, styles: Styles) -> dict[tuple[int, int], tuple[int, int]]:
    """Merge as the sheet does, within its used part; each merged cell → the cell that shows its value."""
    anchors: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merges:
        bottom, right = min(bottom, len(sheet.rows)), min(right, width)
        area = [(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)]
        if len(area) < 2 or any(a in anchors for a in area):  # a damaged file may merge a cell twice
            continue
        anchors |= dict.fromkeys(area, (top, left))
        style = styles.get(align="center", valign="vcenter")
        target.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", style)
    return anchors


def _marks(
    told: Sequence[Told], anchors: dict[tuple[int, int], tuple[int, int]], rows: set[int], width: int
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], list[str]]]:
    """Cell → its colour, and cell → what is said there; the gravest first."""
    colours: dict[tuple[int, int], str] = {}
    comments: dict[tuple[int, int], list[str]] = {}
    for issue, severity, text in told:
        area = rectangle(place_of(issue))
        if area is None or area.top not in rows:
            continue
        cells = [(area.top, c) for c in range(area.left, min(area.right, max(width, area.left)) + 1)]
        for cell in cells:
            colours.setdefault(anchors.get(cell, cell), MARKS[severity])
        comments.setdefault(anchors.get(cells[0], cells[0]), []).append(text)
    return colours, comments


def _comment(target: Any, row: int, column: int, texts: list[str]) -> None:
    text = plain_text("\n".join(texts))[:LONGEST_COMMENT]
    lines = sum(1 + _length(line) // 30 for line in text.split("\n"))
    target.write_comment(row, column, text, {"x_scale": 1.8, "y_scale": max(0.6, min(lines * 0.24, 4.0))})


def _write(target: Any, row: int, column: int, value: Cell, colour: str, styles: Styles) -> None:
    """One cell, as what it is."""
    mark: dict[str, object] = {"bg_color": colour} if colour else {}
    layout = _layout(value)
    if isinstance(value, bool):
        target.write_boolean(row, column, value, styles.get(**mark))
    elif isinstance(value, float) and math.isfinite(value):
        target.write_number(row, column, value, styles.get(**mark) if mark else None)
    elif layout:
        target.write_datetime(row, column, value, styles.get(num_format=layout, **mark))
    elif value is None:
        target.write_blank(row, column, None, styles.get(**mark))
    else:
        text = plain_text(as_written(value))
        quoted = {"quote_prefix": True} if text.startswith(_LIVE) else {}
        style = styles.get(**mark, **quoted) if mark or quoted else None
        target.write_string(row, column, text, style)


def _layout(value: Cell) -> str:
    """How a date or time is shown; "" for anything else, and for dates that Excel doesn't know."""
    if isinstance(value, dt.datetime):
        known = value.year >= 1900
        return "" if not known else "yyyy-mm-dd" if value.time() == dt.time() else "yyyy-mm-dd hh:mm:ss"
    if isinstance(value, dt.date):
        return "yyyy-mm-dd" if value.year >= 1900 else ""
    if isinstance(value, dt.timedelta):
        return "[h]:mm:ss" if value >= dt.timedelta(0) else ""
    return "hh:mm:ss" if isinstance(value, dt.time) else ""


def _widths(sheet: Sheet, rows: Sequence[int], width: int) -> Iterator[int]:
    """For each column the width its texts want, in bounds; titles that run over other columns don't count."""
    told = [sheet.rows[r - 1] for r in rows]
    told = [row for row in told if width == 1 or sum(v is not None for v in row) > 1]
    for i in range(width):
        cells = [row[i] for row in told]
        longest = max((_length(as_written(v)) for v in cells if v is not None), default=0)
        yield max(NARROWEST, min(longest + 2, WIDEST))


def _length(text: str) -> int:
    """How wide a text is, in Latin letters; Chinese ones count double."""
    return max((sum(2 if ord(ch) > 0x2E7F else 1 for ch in line) for line in text.split("\n")), default=0)
