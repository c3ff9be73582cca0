"""Reading .xlsx: what calamine hides is there, with true addresses."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import CellError, Percent, Range, Sheet, Uncached, Workbook
from mktanalytics.ingest.readers.formats import read_bytes
from mktanalytics.ingest.readers.overlay import by_element, read_overlay


def written(fill: Callable[[xlsxwriter.Workbook], None], **options: object) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    fill(book)
    book.close()
    return buffer.getvalue()


def read(data: bytes, file: str = "a.xlsx") -> Workbook:
    return read_bytes(data, file, "")


def one(data: bytes) -> Sheet:
    (sheet,) = read(data).sheets
    return sheet


def edited(data: bytes, edits: dict[str, Callable[[bytes], bytes] | None]) -> bytes:
    """The same archive with some parts rewritten, or dropped where the edit is None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            edit = edits.get(name, lambda body: body)
            if edit:
                new.writestr(name, edit(old.read(name)))
    return buffer.getvalue()


SHEET1 = "xl/worksheets/sheet1.xml"


def raw_sheet(body: str, before: str = "", after: str = "") -> bytes:
    """A workbook whose first sheet holds this XML."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{before}<sheetData>{body}</sheetData>{after}</worksheet>"
    )
    return edited(written(lambda book: book.add_worksheet("表")), {SHEET1: lambda _: xml.encode()})


def test_types_are_kept_and_rows_have_their_true_numbers() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("销售")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        chinese = book.add_format({"num_format": 31})  # Excel's own number for yyyy年m月d日
        sheet.write_row("C3", ["数量", 12, 0.5, True])
        sheet.write_string("C4", "00123")
        sheet.write_datetime("D4", dt.datetime.fromisoformat("2026-10-01"), day)
        sheet.write_datetime("E4", dt.datetime.fromisoformat("2026-10-01T08:30"), day)
        sheet.write_number("F4", 46296, chinese)
        sheet.write_rich_string("C5", "销售", book.add_format({"bold": True}), "额", "（元）")
        sheet.write_string("D5", " 空格\r\n换行 ")

    sheet = one(written(fill))
    assert sheet.name == "销售"
    assert sheet.rows[:2] == [[None] * 6] * 2
    assert sheet.rows[2] == [None, None, "数量", 12.0, 0.5, True]
    assert [type(value) for value in sheet.rows[2][2:]] == [str, float, float, bool]
    assert sheet.rows[3][2:] == [
        "00123",
        dt.date(2026, 10, 1),
        dt.datetime.fromisoformat("2026-10-01T08:30"),
        dt.date(2026, 10, 1),
    ]
    assert sheet.rows[4][2:4] == ["销售额（元）", " 空格\r\n换行 "]


def test_days_of_1904_are_the_same_days() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet().write_datetime("A1", dt.datetime.fromisoformat("2026-10-01"), day)

    assert one(written(fill, date_1904=True)).rows == [[dt.date(2026, 10, 1)]]


def test_zero_and_negative_numbers_under_a_date_format_stay_numbers() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_column("A1", [0, -5, 0.5, 20261101], day)

    rows = one(written(fill)).rows
    assert rows == [[0.0], [-5.0], [dt.time(12)], [20261101.0]]


def test_error_cells_are_errors() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B1", "=1+1", None, 2)
        sheet.write_formula("D9", "=NA()", None, "#N/A")  # the last cell: calamine's range ends before it

    rows = one(written(fill)).rows
    assert rows[0] == [CellError("#DIV/0!"), 2.0, None, None]
    assert rows[8] == [None, None, None, CellError("#N/A")]


def test_formulas_never_computed_are_unknown_not_zero() -> None:
    def by_xlsxwriter(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row("A1", [1, 0])
        sheet.write_formula("C1", "=A1+B1")
        sheet.write_formula("D1", '=IF(A1>0,"是","")', None, "")

    row = one(written(by_xlsxwriter)).rows[0]
    assert row == [1.0, 0.0, Uncached("A1+B1"), Uncached('IF(A1>0,"是","")')]

    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append([1, "=A1<2"])
    book.save(buffer)
    assert one(buffer.getvalue()).rows == [[1.0, Uncached("A1<2")]]


def test_computed_zeros_are_zeros() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet().write_formula("A1", "=1-1", None, 0)
        book.worksheets()[0].write_formula("B1", "=1+1", None, 2)

    # as Excel saves it: a calcChain, and no request to compute on loading
    saved = edited(written(fill), {"xl/workbook.xml": lambda xml: xml.replace(b' fullCalcOnLoad="1"', b"")})
    assert one(saved).rows == [[0.0, 2.0]]


def test_all_formulas_zero_is_believed_only_of_a_program_that_computes() -> None:
    data = edited(
        written(lambda book: book.add_worksheet().write_formula("A1", "=1-1")),
        {"xl/workbook.xml": lambda xml: xml.replace(b' fullCalcOnLoad="1"', b"")},
    )
    assert one(data).rows == [[Uncached("1-1")]]
    by_wps = {"docProps/app.xml": lambda xml: xml.replace(b"Microsoft Excel", "WPS 表格".encode())}
    assert one(edited(data, by_wps)).rows == [[0.0]]


def test_an_empty_text_result_is_empty() -> None:
    assert one(
        raw_sheet('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>')
    ).rows == [[None, 1.0]]


def test_hidden_rows_columns_and_sheets_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("一")
        for row in range(5):
            sheet.write_row(row, 0, [row, 1, 2, 3])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("B:C", None, None, {"hidden": True})
        sheet.set_column("E:XFD", None, None, {"hidden": True})
        book.add_worksheet("二").hide()
        book.add_worksheet("三").very_hidden()

    first, second, third = read(written(fill)).sheets
    assert first.hidden_rows == {3}
    assert first.hidden_columns == {2, 3}
    assert [first.hidden, second.hidden, third.hidden] == [False, True, True]
    assert second.rows == []


def test_merges_are_one_based_and_inclusive() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C1", "2026年销售")
        sheet.merge_range("A2:A4", "华东")
        sheet.write("C4", 1)

    assert one(written(fill)).merges == (Range(1, 1, 1, 3), Range(2, 1, 4, 1))


def test_chart_sheets_are_noted_and_keep_their_place() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("甲").write("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=甲!$A$1:$A$1"})
        book.add_chartsheet("图").set_chart(chart)
        book.add_worksheet("乙").write("A1", 2)

    book = read(written(fill))
    assert [(sheet.name, sheet.position) for sheet in book.sheets] == [("甲", 0), ("乙", 2)]
    assert [code for code, _, _ in book.notes] == ["chart_sheet"]


def test_codes_too_long_for_a_number_are_told() -> None:
    body = '<row r="2"><c r="B2"><v>110101199003070011</v></c><c r="C2"><v>0.30000000000000004</v></c></row>'
    (note,) = read(raw_sheet(body)).notes
    assert note[0] == "long_number"
    assert "B2" in note[2]


def test_trailing_blanks_are_cut_and_rows_are_of_one_length() -> None:
    body = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="D1" t="inlineStr"><is><t></t></is></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row><row r="9"><c r="A9" s="0"/></row>'
    )
    assert one(raw_sheet(body)).rows == [[1.0, None], [1.0, 2.0]]


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD1500", "B1048576"])
def test_a_far_cell_is_refused_with_its_address_and_never_expanded(cell: str) -> None:
    row = re.sub("[A-Z]", "", cell)
    body = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="{cell}"><v>1</v></c></row>'
    if cell == "B1048576":  # two columns: large, but a reader can bear it
        assert len(one(raw_sheet(body)).rows) == 1_048_576
        return
    with pytest.raises(FileError) as caught:
        read(raw_sheet(body))
    assert caught.value.code == "far_cell"
    assert f"表!{cell}" in caught.value.sentence("zh")


def test_a_far_format_without_content_harms_nothing() -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert one(raw_sheet(body)).rows == [[1.0]]


def test_a_merge_over_the_whole_grid_is_cut_to_the_cells() -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert one(raw_sheet(body, after=merge)).merges == (Range(1, 1, 1, 2),)


UNUSUAL = (
    '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:cols>'
    '<x:col hidden="1" min="2" max="2"/></x:cols><x:sheetData>'
    '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"><x:f>A1*2</x:f></x:c></x:row>'
    '<x:row hidden="1" r="3"><x:c t="e" r="A3"><x:v>#REF!</x:v></x:c><x:c r="C3"><x:v>7</x:v></x:c></x:row>'
    '</x:sheetData><x:mergeCells><x:mergeCell ref="A1:B1"/></x:mergeCells></x:worksheet>'
)


def test_unusual_xml_is_read_element_by_element() -> None:
    sheet = one(edited(written(lambda book: book.add_worksheet()), {SHEET1: lambda _: UNUSUAL.encode()}))
    assert sheet.rows == [[1.0, Uncached("A1*2"), None], [None] * 3, [CellError("#REF!"), None, 7.0]]
    assert sheet.merges == (Range(1, 1, 1, 2),)
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {2})


def test_cells_without_addresses_are_counted() -> None:
    body = "<row><c><v>1</v></c><c t='e'><v>#N/A</v></c></row><row><c><f>A1</f></c></row>"
    assert one(raw_sheet(body)).rows == [[1.0, CellError("#N/A")], [Uncached("A1"), None]]


CELLS = st.sampled_from(
    [
        '<c r="{a}"><v>5</v></c>',
        '<c r="{a}" t="e"><v>#N/A</v></c>',
        '<c r="{a}" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c r="{a}"><f>A1&amp;"x"</f></c>',
        '<c r="{a}"><f>SUM(A1)</f><v></v></c>',
        '<c r="{a}"><f t="shared" si="0"/><v>0</v></c>',
        '<c r="{a}"><f t="shared" si="0"/></c>',
        '<c r="{a}" t="str"><f>""</f><v></v></c>',
        '<c r="{a}" t="str"><f>"x"</f><v>x</v></c>',
        '<c r="{a}" t="b"><f>1=2</f><v>0</v></c>',
        '<c r="{a}" s="0"/>',
    ]
)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=5), st.sets(st.integers(1, 5)))
def test_patterns_and_elements_find_the_same(grid: list[list[str]], hidden: set[int]) -> None:
    rows = "".join(
        f'<row r="{r}"{" hidden=" + chr(34) + "1" + chr(34) if r in hidden else ""}>'
        + "".join(cell.format(a=f"{'ABCD'[c]}{r}") for c, cell in enumerate(line))
        + "</row>"
        for r, line in enumerate(grid, 1)
    )
    xml = f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()
    fast, slow = read_overlay(xml), by_element(xml)
    assert (fast.cells, fast.zeros, fast.hidden_rows) == (slow.cells, slow.zeros, slow.hidden_rows)
    assert fast.computed == slow.computed


def test_two_reads_give_equal_workbooks() -> None:
    data = written(lambda book: book.add_worksheet().write_row(0, 0, ["a", 1, True]))
    assert read(data) == read(data)


def test_altered_text_inside_the_archive_is_noticed() -> None:
    plain, buffer = written(lambda book: book.add_worksheet().write("A1", "华东")), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    altered = buffer.getvalue().replace("华东".encode(), "华西".encode())
    with pytest.raises(FileError) as caught:
        read(altered)
    assert caught.value.code == "broken"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('0.00"万元"', True),
        ("0.00万", True),
        ('#,##0"亿"', True),
        ('0!.0,"万"', False),  # divides by ten thousand: 元 are stored
        ('#,##0,"千元"', False),
        ("#,##0.00", False),
        ('yyyy"年"m"月"', False),
        ('0;-0"万"', False),
    ],
)
def test_a_unit_that_only_the_format_shows_is_told(code: str, told: bool) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("预算")
        sheet.write("A1", "预算")
        sheet.write("A2", 12.5, book.add_format({"num_format": code}))

    notes = read(written(fill)).notes
    assert [note[0] for note in notes] == ["unit_in_format"] * told
    assert all("A2" in zh and "预算" in zh for _, zh, _ in notes)


PERCENTS = {"B2": "0%", "B3": "0.0%", "B4": '0.0"%"', "B5": "General", "B6": "[Red]0%;-0%"}


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_numbers_shown_as_percentages(tmp_path, ending):
    """The format decides what 0.85 means; a percent sign that is only text shows nothing a hundredfold."""
    path = tmp_path / f"a.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        for row in [["指标", "目标（%）"], *([f"甲{i}", 0.85] for i in range(5))]:
            book.active.append(row)
        for cell, code in PERCENTS.items():
            book.active[cell].number_format = code
        book.save(path)
    else:
        old = xlwt.Workbook()
        table = old.add_sheet("a")
        for row, code in enumerate(PERCENTS.values(), 1):
            table.write(row, 1, 0.85, xlwt.easyxf(num_format_str=code))
        old.save(str(path))
    cells = [row[1] for row in read_bytes(path.read_bytes(), path.name, "").sheets[0].rows[1:]]
    assert [isinstance(c, Percent) for c in cells] == [True, True, False, False, True]
    assert cells == [0.85] * 5
