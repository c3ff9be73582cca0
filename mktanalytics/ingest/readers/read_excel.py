"""Read .xlsx and .xlsm: values by calamine, and an overlay from the XML for what calamine hides."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from io import BytesIO
from typing import Any, Final, NamedTuple

import python_calamine as calamine
from lxml import etree

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import Cell, Percent, Sheet, Uncached, address
from mktanalytics.ingest.readers.finish import MAX_AREA, Note, finished, left_out, put
from mktanalytics.ingest.readers.guard import check_sums
from mktanalytics.ingest.readers.number_formats import (
    Formats,
    first_with_unit,
    percent_cells,
    read_formats,
    unit_in_format,
)
from mktanalytics.ingest.readers.overlay import Overlay, by_element, filled, read_extent
from mktanalytics.ingest.readers.pieces import read_in_pieces
from mktanalytics.ingest.readers.plain import plain_rows, restore_day_zero
from mktanalytics.ingest.readers.refusals import refuse

_RELATION: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
# These compute what they save, and keep no calcChain.
_COMPUTING: Final = re.compile(rb"<(?:\w+:)?Application>[^<]*(LibreOffice|OpenOffice|WPS|Numbers)", re.I)
_MIDNIGHT: Final = dt.time()
_SMALL: Final = 1 << 18  # bytes that are searched before a thread would have begun


_Hidden = tuple[Overlay, tuple[str, str] | None]  # and the first cell whose number format says a unit


class _Part(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str  # "" if the file lacks it
    hidden: bool
    chart: bool


def read_xlsx(data: bytes) -> tuple[tuple[Sheet, ...], list[Note]]:
    """Every worksheet of an .xlsx, with notes on what was left out or is doubtful."""
    notes: list[Note] = []
    values = cache(partial(_values, data))  # only once a first sheet is known to end somewhere near
    with zipfile.ZipFile(BytesIO(data)) as archive:
        with _intact():
            check_sums(archive)
            parts, on_load = _parts(archive)
            styles = _part(archive, "xl/styles.xml")
            formats = read_formats(styles) if styles else Formats()
        read = {
            item.name: _read(data, archive, item, formats, values, notes) for item in parts if not item.chart
        }
        with _intact():
            doubted = on_load or _all_zero_and_unknown(archive, [overlay for _, overlay in read.values()])
        sheets: list[Sheet] = []
        for position, item in enumerate(parts):
            if item.chart:
                notes.append(left_out(item.name))
                continue
            rows, overlay = read[item.name]
            sheets.append(_laid_over(rows, overlay, item, position, doubted, notes))
    return tuple(sheets), notes


@contextmanager
def _intact() -> Iterator[None]:
    """Whatever fails inside is damage in the parts of the archive."""
    try:
        yield
    except (FileError, MemoryError):
        raise
    except Exception as error:
        raise refuse("broken", "内部结构不完整", "its inner structure is damaged") from error


def _parts(archive: zipfile.ZipFile) -> tuple[list[_Part], bool]:
    """The sheets the workbook lists; and whether it asks to be computed on loading, without having been before."""
    names = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read(names["xl/workbook.xml"]), parser)
    relations = etree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]), parser)
    targets = {}
    for relation in relations.iter("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/xl", relation.get("Target").replace("\\", "/")))
        targets[relation.get("Id")] = (relation.get("Type").rpartition("/")[2], target.lstrip("/").lower())
    parts = []
    for sheet in book.iter("{*}sheet"):
        relation_id = sheet.get(_RELATION[0]) or sheet.get(_RELATION[1])
        kind, target = targets.get(relation_id, ("worksheet", ""))
        hidden = sheet.get("state", "visible") != "visible"
        parts.append(_Part(sheet.get("name"), names.get(target, ""), hidden, kind != "worksheet"))
    calculation = next(book.iter("{*}calcPr"), None)
    # xlsxwriter and its kin store 0 for every formula and ask Excel to compute it; Excel itself keeps a calcChain
    on_load = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
    return parts, on_load and "xl/calcchain.xml" not in names


def _all_zero_and_unknown(archive: zipfile.ZipFile, overlays: Iterable[Overlay]) -> bool:
    """Whether every formula of the file is 0, and no program that computes wrote it."""
    if any(overlay.computed for overlay in overlays) or _part(archive, "xl/calcchain.xml"):
        return False
    return not _COMPUTING.search(_part(archive, "docprops/app.xml"))


def _part(archive: zipfile.ZipFile, wanted: str) -> bytes:
    """A part by its name in lower case; empty if the file lacks it."""
    names = {name.lower(): name for name in archive.namelist()}
    return archive.read(names[wanted]) if wanted in names else b""


def _read(
    data: bytes,
    archive: zipfile.ZipFile,
    item: _Part,
    formats: Formats,
    values: Callable[[], Callable[[str], list[list[Cell]]]],
    notes: list[Note],
) -> tuple[list[list[Cell]], Overlay]:
    """A sheet's values and what calamine hides of them; a large sheet in pieces, where it can be cut."""
    with _intact():
        pieces = read_in_pieces(data, item.part, item.name, formats) if item.part else None
    if pieces and not is_sparse(pieces.overlay):
        rows, overlay, shown = pieces.rows, pieces.overlay, pieces.shown
    else:
        rows, overlay, shown = _read_whole(archive, item, formats, values)
    if shown:
        notes.append(unit_in_format(item.name, *shown))
    return rows, overlay


def _read_whole(
    archive: zipfile.ZipFile,
    item: _Part,
    formats: Formats,
    values: Callable[[], Callable[[str], list[list[Cell]]]],
) -> tuple[list[list[Cell]], Overlay, tuple[str, str] | None]:
    """A sheet's values, and beside them, on the other core while calamine parses, what calamine hides."""
    with _intact():
        xml = _xml(archive, item)
        reached = read_extent(xml)
        known = None
        if reached is None or is_sparse(reached):
            reached = known = by_element(
                xml
            )  # counts only cells that hold something: a stray format isn't far away
        check_extent(reached, item.name)
    with ThreadPoolExecutor(1) as beside:
        search: Callable[[], _Hidden]
        if len(xml) < _SMALL:
            search = partial(_hidden, xml, reached, known, formats)
        else:
            search = beside.submit(_hidden, xml, reached, known, formats).result
        del xml  # half a gigabyte for a million rows: it goes when it has been searched
        rows = values()(item.name)
        with _intact():
            overlay, shown = search()
            check_extent(overlay, item.name)
    restore_day_zero(rows, 0, partial(archive.read, item.part))
    return rows, overlay, shown


def _hidden(xml: bytes, reached: Overlay, known: Overlay | None, formats: Formats) -> _Hidden:
    overlay = known or filled(reached, xml) or by_element(xml)
    overlay.percents = percent_cells(xml, formats.percents)
    return overlay, first_with_unit(xml, formats.units)


def _xml(archive: zipfile.ZipFile, item: _Part) -> bytes:
    if not item.part:
        raise refuse(
            "broken", f"找不到工作表“{item.name}”的内容", f"the part of sheet {item.name!r} is missing"
        )
    return archive.read(item.part)


def is_sparse(overlay: Overlay) -> bool:
    """Whether the sheet spans far more cells than it has."""
    area = overlay.last_row * overlay.last_column
    return area > MAX_AREA and overlay.cell_count * 4 < area


def check_extent(overlay: Overlay, sheet: str) -> None:
    """Refuse a sheet with a cell far away: readers would make every cell between."""
    if is_sparse(overlay):
        raise refuse("far_cell", f"{sheet}!{address(overlay.last_row, overlay.last_column)}")


def _values(data: bytes) -> Callable[[str], list[list[Cell]]]:
    """How to get a sheet's values: calamine, or openpyxl where calamine refuses the file."""
    try:
        book = calamine.load_workbook(BytesIO(data))
    except BaseException as error:  # its PanicException isn't an Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        return _openpyxl_values(data)
    return lambda name: plain_rows(book.get_sheet_by_name(name))


def _openpyxl_values(data: bytes) -> Callable[[str], list[list[Cell]]]:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)

    def rows(name: str) -> list[list[Cell]]:
        sheet = book[name]
        sheet.reset_dimensions()  # what the file says of them is often wrong
        return [[_as_calamine(value) for value in row] for row in sheet.iter_rows(values_only=True)]

    return rows


def _as_calamine(value: Any) -> Cell:
    if isinstance(value, dt.datetime) and value.time() == _MIDNIGHT:
        return value.date()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    plain: Cell = value
    return plain if plain != "" else None


def _laid_over(
    rows: list[list[Cell]], overlay: Overlay, item: _Part, position: int, doubted: bool, notes: list[Note]
) -> Sheet:
    for row, column in overlay.percents:
        if isinstance(number := rows[row - 1][column - 1], float):
            rows[row - 1][column - 1] = Percent(number)
    put(rows, overlay.cells)
    if doubted:
        put(rows, {key: Uncached(formula) for key, formula in overlay.zeros.items()})
    if overlay.long_number:
        notes.append(_long_number(item.name, overlay.long_number))
    return finished(
        item.name, position, rows, overlay.merges, item.hidden, overlay.hidden_rows, overlay.hidden_columns
    )


def _long_number(sheet: str, cell: str) -> Note:
    return (
        "long_number",
        f"“{sheet}”{cell} 等数字超过 15 位，Excel 按数字保存时末位已不可靠；编码应存为文本",
        f"{sheet!r} {cell} and maybe others have more than 15 digits: as numbers their last digits aren't reliable",
    )
