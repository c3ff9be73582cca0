"""A sheet read in pieces is the sheet read as a whole."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from test_read_excel import SHEET1, edited, raw_sheet, written

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers import pieces, processes, read_excel
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.formats import read_bytes
from mktanalytics.ingest.readers.guard import MEGABYTE
from mktanalytics.ingest.readers.helper import helper

Fill = Callable[[xlsxwriter.Workbook], None]


def read(data: bytes, monkeypatch: pytest.MonkeyPatch, large: int, piece: int) -> tuple[Workbook, bool]:
    """The workbook, and whether its first sheet was read in pieces."""
    taken: list[bool] = []

    def noted(*given: object) -> object:
        found = pieces.read_in_pieces(*given)  # type: ignore[arg-type]
        taken.append(found is not None)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(pieces, "LARGE", large)
        patched.setattr(pieces, "PIECE", piece)
        patched.setattr(read_excel, "read_in_pieces", noted)
        return read_bytes(data, "a.xlsx", ""), taken[0]


def both(data: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[Workbook, Workbook, bool]:
    """The workbook read as a whole and in pieces of a few rows, and whether pieces were possible."""
    whole, _ = read(data, monkeypatch, MEGABYTE, MEGABYTE)
    pieced, cut = read(data, monkeypatch, 0, 300)
    return whole, pieced, cut


def messy(book: xlsxwriter.Workbook) -> None:
    """Everything that is laid over the values, early and late in the sheet."""
    sheet = book.add_worksheet("明细")
    day, percent = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.0%"})
    money = book.add_format({"num_format": '0.00"万元"'})
    sheet.set_column(3, 3, None, None, {"hidden": True})
    for row in range(3, 60):
        sheet.write_row(row, 1, ["华东", f"SO{row:04d}", row % 7, row / 8])
        sheet.write_datetime(row, 5, dt.date(2026, 1, 1 + row % 28), day)
        sheet.write_number(row, 6, row / 100, percent)
        sheet.write_boolean(row, 7, row % 2 == 0)
        sheet.write_number(row, 10, 0, day)  # day 0, which calamine takes for midnight
    sheet.write_formula(20, 8, "=B1", None, "")
    sheet.write_formula(21, 8, "=1+1", None, 2)
    sheet.write_formula(22, 8, "=NA()", None, "#N/A")
    sheet.write_number(50, 8, 7.5, money)
    sheet.write_number(51, 8, 1234567890123456)
    sheet.write_string(58, 8, "")
    sheet.set_row(30, None, None, {"hidden": True})
    sheet.merge_range(70, 1, 71, 4, "合并 & <注>")
    book.add_worksheet("另一页").write(0, 0, "x")


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}, {"date_1904": True}])
def test_whatever_a_sheet_holds(options: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    whole, pieced, cut = both(written(messy, **options), monkeypatch)
    assert cut
    assert pieced == whole
    assert whole.sheets[0].hidden_rows == {31}
    assert {code for code, _, _ in whole.notes} == {"unit_in_format", "long_number"}


CELL = st.one_of(
    st.none(),
    st.sampled_from(["", "华东", "a&b", "x\ny", " 前", "_x0041_"]),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.booleans(),
)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=3, max_size=30), st.booleans())
def test_any_grid(grid: list[list[object]], inline: bool) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("a")
        for row, line in enumerate(grid):
            sheet.write_row(row, 0, line)

    with pytest.MonkeyPatch.context() as patched:
        whole, pieced, _ = both(written(fill, constant_memory=inline), patched)
    assert pieced == whole


ROWS = "".join(
    f'<row r="{r}"><c r="A{r}"><v>{r}</v></c><c r="B{r}"><v>{r}</v></c></row>' for r in range(1, 40)
)


@pytest.mark.parametrize(
    "body",
    [
        ROWS.replace('<row r="20">', '<row r="20"><!-- 注 -->'),
        ROWS.replace('<c r="A20">', "<c>"),
        ROWS.replace(' r="20"', "").replace("20", "19"),
        ROWS.replace('<row r="39"><c r="A39"', '<row r="2"><c r="A2"'),
    ],
    ids=["comment", "unplaced cell", "unplaced row", "rows out of order"],
)
def test_what_the_patterns_do_not_expect_is_read_as_a_whole(
    body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, pieced, cut = both(raw_sheet(body), monkeypatch)
    assert not cut
    assert pieced == whole


def test_another_encoding_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    data = edited(raw_sheet(ROWS), {SHEET1: lambda xml: xml.replace(b'encoding="UTF-8"', b'encoding="gbk"')})
    whole, pieced, cut = both(data, monkeypatch)
    assert not cut
    assert pieced == whole


def test_shared_texts_whose_cells_are_written_otherwise_are_read_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = edited(written(messy), {SHEET1: lambda xml: xml.replace(b' t="s"><v>', b' t="s" x="1"><v>')})
    whole, pieced, cut = both(data, monkeypatch)
    assert not cut
    assert pieced == whole


def test_a_far_cell_is_refused_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    far = ROWS + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(FileError) as refused:
        read(raw_sheet(far), monkeypatch, 0, 300)
    assert refused.value.code == "far_cell"


def test_a_large_sheet_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("a")
    for row in range(1000):
        sheet.write_row(row, 0, [f"{row:_>2000}", row])
    book.close()
    data = buffer.getvalue()
    assert not read(data, monkeypatch, 16 * MEGABYTE, pieces.PIECE)[1]
    assert read(data, monkeypatch, MEGABYTE, pieces.PIECE)[1]


def test_a_sheet_whose_helper_breaks_is_read_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    helper().close()
    with monkeypatch.context() as patched:
        patched.setattr(processes, "COMMAND", [sys.executable, "-c", "pass"])
        whole, pieced, cut = both(written(messy), monkeypatch)
    assert not cut
    assert pieced == whole
