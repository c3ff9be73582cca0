"""Pages → .ods, and what some systems export under the name .xls: HTML tables, XML of Excel 2003."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from html import escape

from hostile.draft import ErrorCell, Formatted, Formula
from hostile.pages import Page

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(pages: list[Page]) -> bytes:
    """An .ods with typed cells and merges."""
    body = "".join(
        f'<table:table table:name="{escape(p.name)}">{"".join(_ods_row(p, r) for r in range(p.height))}</table:table>'
        for p in pages
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} {_CALC}>'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in (
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", "<manifest/>"),
            ("content.xml", content),
        ):
            archive.writestr(zipfile.ZipInfo(name), text)
    return target.getvalue()


def _spans(page: Page, row: int, column: int) -> tuple[int, int] | None:
    """Rows and columns that a cell is merged over; (0, 0) for a covered one."""
    for top, left, bottom, right in page.merges:
        if top <= row <= bottom and left <= column <= right:
            return (bottom - top + 1, right - left + 1) if (row, column) == (top, left) else (0, 0)
    return None


def _ods_row(page: Page, row: int) -> str:
    cells = []
    for column in range(page.width):
        spans = _spans(page, row, column)
        if spans == (0, 0):
            cells.append("<table:covered-table-cell/>")
            continue
        merged = (
            f' table:number-rows-spanned="{spans[0]}" table:number-columns-spanned="{spans[1]}"'
            if spans
            else ""
        )
        kind, text = _ods_value(page.cells.get((row, column)))
        cells.append(f"<table:table-cell{merged}{kind}>{text}</table:table-cell>")
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _ods_value(value: object) -> tuple[str, str]:
    match value:
        case None:
            return "", ""
        case Formula(text=text):
            return f' table:formula="of:={escape(text)}"', ""
        case ErrorCell(code=code):
            return ' office:value-type="string" calcext:value-type="error"', f"<text:p>{code}</text:p>"
        case Formatted(value=v, format=text) if text.endswith("%"):
            return f' office:value-type="percentage" office:value="{float(v)!r}"', ""
        case Formatted(value=v):
            return f' office:value-type="float" office:value="{float(v)!r}"', ""
        case dt.date():
            return f' office:value-type="date" office:date-value="{value.isoformat()}"', ""
        case Decimal() | int() | float():
            return f' office:value-type="float" office:value="{float(value)!r}"', ""
        case _:
            lines = str(value).split("\n")
            return ' office:value-type="string"', "".join(f"<text:p>{_kept(x)}</text:p>" for x in lines)


def _kept(text: str) -> str:
    """Text whose spaces and tabs survive in XML."""
    return escape(text).replace("  ", '<text:s text:c="2"/>').replace("\t", "<text:tab/>")


def html(page: Page) -> bytes:
    """One table of strings, merged cells included."""
    from hostile.writer import shown

    rows = []
    for row in range(page.height):
        cells = []
        for column in range(page.width):
            spans = _spans(page, row, column)
            if spans == (0, 0):
                continue
            merged = f' rowspan="{spans[0]}" colspan="{spans[1]}"' if spans else ""
            text = escape(shown(page.cells.get((row, column)))).replace("\n", "<br>")
            cells.append(f"<td{merged}>{text}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    whole = f'<html><head><meta charset="utf-8"></head><body><table>{"".join(rows)}</table></body></html>'
    return whole.encode("utf-8")


_XML = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="percent"><NumberFormat ss:Format="0.0%"/></Style><Style ss:ID="date"><NumberFormat ss:Format="yyyy\\-mm\\-dd"/></Style></Styles>
"""


def xml2003(pages: list[Page]) -> bytes:
    """Excel 2003's XML, with typed cells and merges."""
    sheets = "".join(
        f'<Worksheet ss:Name="{escape(p.name)}"><Table>{"".join(_xml_row(p, r) for r in range(p.height))}</Table></Worksheet>'
        for p in pages
    )
    return f"{_XML}{sheets}</Workbook>".encode()


def _xml_row(page: Page, row: int) -> str:
    cells = []
    for column in range(page.width):
        spans = _spans(page, row, column)
        value = page.cells.get((row, column))
        if spans == (0, 0) or (value is None and spans is None):
            continue
        merged = f' ss:MergeDown="{spans[0] - 1}" ss:MergeAcross="{spans[1] - 1}"' if spans else ""
        style, kind, text = _xml_value(value)
        data = f'<Data ss:Type="{kind}">{text}</Data>' if kind else ""
        cells.append(f'<Cell ss:Index="{column + 1}"{style}{merged}>{data}</Cell>')
    return f'<Row ss:Index="{row + 1}">{"".join(cells)}</Row>'


def _xml_value(value: object) -> tuple[str, str, str]:
    match value:
        case None:
            return "", "", ""
        case ErrorCell(code=code):
            return "", "Error", code
        case Formatted(value=v, format=text):
            return ' ss:StyleID="percent"' if text.endswith("%") else "", "Number", repr(float(v))
        case dt.date():
            return ' ss:StyleID="date"', "DateTime", f"{value.isoformat()}T00:00:00.000"
        case Decimal() | int() | float():
            return "", "Number", repr(float(value))
        case _:
            return "", "String", escape(str(value)).replace("\n", "&#10;")
