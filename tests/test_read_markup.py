"""Reading HTML, web archives, XML of 2003, .ods and .xlsb."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile

import pytest

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import CellError, Range, Sheet, Uncached, Workbook
from mktanalytics.ingest.readers.formats import read_bytes

PAGE = """<html><head><meta charset="gb2312"><title>不要</title><style>td {color: red}</style></head><body>
<h2>2026年10月 销售报表</h2>
<table border="1"><thead><tr><th rowspan="2">地区</th><th colspan="2">销售额<br>（万元）</th></tr>
<tr><th>本月</th><th>累计</th></tr></thead>
<tr><td>华东&nbsp;</td><td>1,234.5</td><td>
   12,345 </td></tr><tr><td>A &amp; B</td><td></td><td>&nbsp;</td></tr></table>
<p>单位：万元</p>
<table><tr><td>x</td></tr></table><table><tr><td>y</td><td x:err="#REF!">#REF!</td></tr></table>
</body></html>"""


def one(data: bytes, file: str) -> Sheet:
    (sheet,) = read_bytes(data, file, "").sheets
    return sheet


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_becomes_one_sheet_as_excel_shows_it(encoding: str) -> None:
    sheet = one(PAGE.encode(encoding), "导出.xls")
    assert sheet.rows == [
        ["2026年10月 销售报表", None, None],
        ["地区", "销售额\n（万元）", None],
        [None, "本月", "累计"],
        ["华东", "1,234.5", "12,345"],
        ["A & B", None, None],
        ["单位：万元", None, None],
        ["x", None, None],
        [None, None, None],
        ["y", CellError("#REF!"), None],
    ]
    assert sheet.merges == (Range(2, 1, 3, 1), Range(2, 2, 2, 3))


def test_layout_tables_are_looked_into() -> None:
    page = b"<table><tr><td>menu</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert one(page, "a.xls").rows == [["menu", None], ["a", "b"]]


def test_a_page_without_a_table_is_refused() -> None:
    with pytest.raises(FileError) as caught:
        read_bytes(b"<html><body>please log in</body></html>", "a.xls", "")
    assert "without a table" in caught.value.sentence("en")


def test_a_span_beyond_reason_is_refused() -> None:
    row = b"<tr>" + b'<td rowspan="9999" colspan="16000">x</td>' + b"</tr>"
    with pytest.raises(FileError):
        read_bytes(b"<table>" + row * 3000 + b"</table>", "a.xls", "")


def test_tags_nested_beyond_the_parser_are_refused_not_dropped() -> None:
    def page(depth: int) -> bytes:
        return b"<table><tr><td>" + b"<b>" * depth + b"x" + b"</b>" * depth + b"</td><td>y</td></tr></table>"

    assert one(page(1000), "a.xls").rows == [["x", "y"]]
    with pytest.raises(FileError) as caught:
        read_bytes(page(5000), "a.xls", "")
    assert caught.value.code == "suspicious"


def test_a_web_archive_is_read() -> None:
    archive = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=xyz\n\n--xyz\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "<table><tr><td>地区</td><td>1</td></tr></table>\n--xyz--\n"
    )
    book = read_bytes(archive.encode(), "a.xls", "")
    assert book.container == "html"
    assert book.sheets[0].rows == [["地区", "1"]]


XML = """<?xml version="1.0" encoding="{encoding}"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="销售"><Table>
<Column ss:Width="50"/><Column ss:Index="3" ss:Hidden="1"/>
<Row><Cell ss:MergeAcross="2"><Data ss:Type="String">标题 &amp; 一</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1"><Cell ss:Index="2"><Data ss:Type="Number">12.5</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-10-01T00:00:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell>
<Cell ss:Formula="=R1C1"/></Row></Table></Worksheet>
<Worksheet ss:Name="二"><Table/><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>
</Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_xml_of_2003(encoding: str) -> None:
    first, second = read_bytes(XML.format(encoding=encoding).encode(encoding), "a.xls", "").sheets
    assert first.rows == [
        ["标题 & 一", None, None],
        [None] * 3,
        [None, 12.5, dt.date(2026, 10, 1)],
        [True, CellError("#N/A"), Uncached("R1C1")],
    ]
    assert first.merges == (Range(1, 1, 1, 3),)
    assert (first.hidden_rows, first.hidden_columns) == ({3}, {3})
    assert (first.hidden, second.hidden) == (False, True)


def test_entities_of_xml_are_refused() -> None:
    laughs = XML.format(encoding="utf-8").replace("<Workbook", '<!DOCTYPE w [<!ENTITY a "b">]><Workbook', 1)
    with pytest.raises(FileError) as caught:
        read_bytes(laughs.encode(), "a.xls", "")
    assert caught.value.code == "suspicious"


def test_broken_xml_is_not_half_read() -> None:
    with pytest.raises(FileError) as caught:
        read_bytes(XML.format(encoding="utf-8")[:-80].encode(), "a.xls", "")
    assert caught.value.code == "broken"


ODS = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="销售"><table:table-column/><table:table-column table:visibility="collapse"/>
<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>标<text:s
 text:c="2"/>题</text:p><text:p>二<office:annotation><text:p>note</text:p></office:annotation></text:p>
</table:table-cell><table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row><table:table-row table:number-rows-repeated="2" table:visibility="collapse">
<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50%</text:p></table:table-cell>
<table:table-cell office:value-type="date" office:date-value="2026-10-01"/>
<table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row><table:table-row>
<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
<table:table-cell table:formula="of:=[.A1]"/><table:table-cell office:value-type="time"
 office:time-value="PT12H30M00S"/></table:table-row><table:table-row table:number-rows-repeated="1048570">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="二" table:style-name="ta2"/></office:spreadsheet></office:body></office:document-content>"""


def ods(content: str, manifest: str = "<manifest/>") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def test_ods() -> None:
    first, second = read_bytes(ods(ODS), "a.ods", "").sheets
    line = [0.5, dt.date(2026, 10, 1), True]
    assert first.rows == [
        ["标  题\n二", None, None],
        [None] * 3,
        [None] * 3,
        line,
        line,
        [CellError("#DIV/0!"), Uncached("of:=[.A1]"), dt.time(12, 30)],
    ]
    assert first.merges == (Range(1, 1, 1, 2),)
    assert (first.hidden_rows, first.hidden_columns) == ({4, 5}, {2})
    assert (first.hidden, second.hidden) == (False, True)


def test_an_ods_bomb_of_repeats_is_refused() -> None:
    bomb = ODS.replace(
        'table:number-rows-repeated="2" table:visibility', 'table:number-rows-repeated="99999999" x'
    )
    with pytest.raises(FileError) as caught:
        read_bytes(ods(bomb.replace(' x="', ' office:x="')), "a.ods", "")
    assert caught.value.code == "far_cell"


def test_a_protected_ods_says_so() -> None:
    with pytest.raises(FileError) as caught:
        read_bytes(ods("x", "<manifest:encryption-data/>"), "a.ods", "")
    assert caught.value.code == "protected"


def record(number: int, body: bytes = b"") -> bytes:
    head = bytes([number]) if number < 128 else bytes([number & 0x7F | 0x80, number >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb() -> bytes:
    """A workbook of one sheet: A1 text, B1 5, A3 #REF!, row 3 and column B hidden, A1:B1 merged."""

    def row(number: int, hidden: bool = False) -> bytes:
        return record(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0x10 if hidden else 0, 0) + bytes(4))

    def cell(column: int) -> bytes:
        return struct.pack("<II", column, 0)

    sheet = b"".join(
        [
            record(129),
            record(148, struct.pack("<IIII", 0, 2, 0, 1)),
            record(390),
            record(60, struct.pack("<IIIIH", 1, 1, 2000, 0, 1)),
            record(391),
            record(145),
            row(0),
            record(6, cell(0) + wide("标题")),
            record(5, cell(1) + struct.pack("<d", 5.0)),
            row(2, hidden=True),
            record(3, cell(0) + b"\x17"),
            record(146),
            record(177, struct.pack("<I", 1)),
            record(176, struct.pack("<IIII", 0, 0, 0, 1)),
            record(178),
            record(130),
        ]
    )
    workbook = b"".join(
        [
            record(131),
            record(143),
            record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("销售")),
            record(144),
            record(132),
        ]
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.bin"/></Relationships>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def test_xlsb() -> None:
    book: Workbook = read_bytes(xlsb(), "a.xlsb", "")
    (sheet,) = book.sheets
    assert (book.container, sheet.name) == ("xlsb", "销售")
    assert sheet.rows == [["标题", 5.0], [None, None], [CellError("#REF!"), None]]
    assert sheet.merges == (Range(1, 1, 1, 2),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {2})
