"""Read .xlsx and .xlsm: values by calamine, and an overlay from the XML for what calamine hides."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from typing import Any, Final

import python_calamine as calamine

from mktanalytics.ingest.cells import Cell, Sheet, Uncached, address
from mktanalytics.ingest.finish import Note, finished, left_out, put
from mktanalytics.ingest.overlay import Overlay, by_element, read_overlay
from mktanalytics.ingest.refusals import refuse

MAX_AREA: Final = 20_000_000  # cells of the rectangle from A1 that a sheet may span when most of it is empty
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def read_xlsx(data: bytes) -> tuple[tuple[Sheet, ...], list[Note]]:
    """Every worksheet of an .xlsx, with notes on what was left out or is doubtful."""
    notes: list[Note] = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts, never_computed = _sheet_parts(archive)
        overlays = {name: _overlay(archive, part, name) for name, part in parts.items()}
    book = calamine.load_workbook(BytesIO(data))
    sheets: list[Sheet] = []
    for position, meta in enumerate(book.sheets_metadata):
        if meta.typ is not calamine.SheetTypeEnum.WorkSheet:
            notes.append(left_out(meta.name))
            continue
        overlay = overlays.get(meta.name)
        if overlay is None:
            raise refuse(
                "broken", f"找不到工作表“{meta.name}”的内容", f"the part of sheet {meta.name!r} is missing"
            )
        rows = plain_rows(book.get_sheet_by_name(meta.name))
        hidden = meta.visible is not calamine.SheetVisibleEnum.Visible
        sheets.append(_laid_over(rows, overlay, meta.name, position, hidden, never_computed, notes))
    return tuple(sheets), notes


def _sheet_parts(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Sheet name → part name; and whether the file says that its formulas were never computed."""
    from lxml import etree

    names = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read(names["xl/workbook.xml"]), parser)
    relations = etree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]), parser)
    targets = {
        relation.get("Id"): posixpath.normpath(
            posixpath.join("/xl", relation.get("Target").replace("\\", "/"))
        )
        for relation in relations
        if isinstance(relation.tag, str)
    }
    parts = {}
    for sheet in book.iter("{*}sheet"):
        part = targets.get(sheet.get(_REL) or sheet.get(_STRICT_REL), "").lstrip("/").lower()
        if part in names and "/chartsheets/" not in part:
            parts[sheet.get("name")] = names[part]
    calculation = next(iter(book.iter("{*}calcPr")), None)
    # xlsxwriter and its kin store 0 for every formula and ask Excel to compute on load; Excel itself keeps a calcChain
    on_load = calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true")
    return parts, on_load and "xl/calcchain.xml" not in names


def _overlay(archive: zipfile.ZipFile, part: str, sheet: str) -> Overlay:
    try:
        xml = archive.read(part)
    except Exception as error:
        raise refuse("broken", f"工作表“{sheet}”无法解压", f"sheet {sheet!r} can't be inflated") from error
    overlay = read_overlay(xml)
    if _too_sparse(overlay):
        overlay = by_element(xml)  # counts only cells that hold something: a stray format isn't far away
        if _too_sparse(overlay):
            where = f"{sheet}!{address(overlay.last_row, overlay.last_column)}"
            raise refuse("far_cell", where)
    return overlay


def _too_sparse(overlay: Overlay) -> bool:
    area = overlay.last_row * overlay.last_column
    return area > MAX_AREA and overlay.cell_count * 4 < area


def plain_rows(sheet: Any) -> list[list[Cell]]:
    """calamine's rows with empty text as None, whole numbers as float, and each distinct text held once."""
    texts: dict[str, str | None] = {"": None}
    keep = texts.setdefault
    return [
        [
            keep(value, value)
            if value.__class__ is str
            else float(value)
            if value.__class__ is int
            else value
            for value in row
        ]
        for row in sheet.to_python(skip_empty_area=False)
    ]


def _laid_over(
    rows: list[list[Cell]],
    overlay: Overlay,
    name: str,
    position: int,
    hidden: bool,
    never_computed: bool,
    notes: list[Note],
) -> Sheet:
    cells = dict(overlay.cells)
    if never_computed:
        cells |= {key: Uncached(formula) for key, formula in overlay.zeros.items()}
    if overlay.long_number:
        notes.append(long_number(name, overlay.long_number))
    put(rows, cells)
    return finished(name, position, rows, overlay.merges, hidden, overlay.hidden_rows, overlay.hidden_columns)


def long_number(sheet: str, cell: str) -> Note:
    """The note for a code stored as a number that a float can't hold."""
    return (
        "long_number",
        f"“{sheet}”{cell} 等数字超过 15 位，Excel 按数字保存时末位已不可靠；编码应存为文本",
        f"{sheet!r} {cell} and maybe others have more than 15 digits: as numbers their last digits aren't reliable",
    )
