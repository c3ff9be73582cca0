"""Reading .xls: types, dates, merges, errors, hidden parts, and formulas that were never computed."""

from __future__ import annotations

import datetime as dt
import io

import msoffcrypto.format.ooxml
import pytest
import xlwt

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import Range, Sheet, Uncached
from mktanalytics.ingest.readers.formats import PASSWORD_VARIABLE, read_bytes
from mktanalytics.ingest.readers.read_xls import _never_computed, date_of


def saved(book: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def book_with(**cells: object) -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("销售")
    for place, value in cells.items():
        sheet.write(int(place[1:]) - 1, ord(place[0]) - 65, value)
    return book, sheet


def one(book: xlwt.Workbook) -> Sheet:
    (sheet,) = read_bytes(saved(book), "a.xls", "").sheets
    return sheet


def test_types_and_addresses() -> None:
    book, sheet = book_with(B2="地区", C2=12, D2=True, B3="00123", C3=0.5)
    sheet.write(2, 3, dt.date(2026, 10, 1), xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"'))
    sheet.write(
        3, 3, dt.datetime.fromisoformat("2026-10-01T08:30"), xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    )
    found = one(book)
    assert found.rows == [
        [None] * 4,
        [None, "地区", 12.0, True],
        [None, "00123", 0.5, dt.date(2026, 10, 1)],
        [None, None, None, dt.datetime.fromisoformat("2026-10-01T08:30")],
    ]
    assert isinstance(found.rows[1][2], float)


def test_days_of_1904() -> None:
    book, sheet = book_with(A1="日期")
    book.dates_1904 = True
    sheet.write(1, 0, 100, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    assert one(book).rows[1] == [dt.date(1904, 4, 10)]


def test_merges_hidden_rows_columns_and_sheets() -> None:
    book, sheet = book_with(A3="x", C3="y", A4="z")
    sheet.write_merge(0, 1, 0, 2, "标题")
    sheet.row(3).hidden = True
    sheet.col(1).hidden = True
    other = book.add_sheet("二")
    other.write(0, 0, 1)
    other.visibility = 1
    first, second = read_bytes(saved(book), "a.xls", "").sheets
    assert first.merges == (Range(1, 1, 2, 3),)
    assert first.hidden_rows == {4}
    assert first.hidden_columns == {2}
    assert (first.hidden, second.hidden) == (False, True)


def test_formulas_a_library_wrote_are_unknown() -> None:
    book, sheet = book_with(A1=1, B1=2)
    sheet.write(0, 2, xlwt.Formula("A1+B1"))
    assert one(book).rows == [[1.0, 2.0, Uncached()]]


def test_one_computed_formula_vouches_for_the_others() -> None:
    assert _never_computed([{(1, 1): True, (2, 1): False}, {(5, 5): True}]) == [set(), set()]
    assert _never_computed([{(1, 1): True}, {}]) == [{(1, 1)}, set()]


@pytest.mark.parametrize(
    ("serial", "expected"),
    [(46296.0, dt.date(2026, 10, 1)), (0.25, dt.time(6)), (0.0, 0.0), (-3.0, -3.0), (20261001.0, 20261001.0)],
)
def test_serials_without_a_day_stay_numbers(serial: float, expected: object) -> None:
    assert date_of(serial, 0) == expected


def test_an_xls_of_any_name_is_read_as_what_it_is() -> None:
    book, _ = book_with(A1=1)
    found = read_bytes(saved(book), "a.xlsx", "")
    assert found.container == "xls"
    assert [code for code, _, _ in found.notes] == ["misnamed"]


def protected(data: bytes, password: str) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(data)).encrypt(password, buffer)
    return buffer.getvalue()


@pytest.fixture
def plain() -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["密", 1])
    return buffer.getvalue()


def test_a_protected_file_asks_for_its_password(plain: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    locked = protected(plain, "秘密")
    with pytest.raises(FileError) as caught:
        read_bytes(locked, "a.xlsx", "")
    assert caught.value.code == "protected"
    assert PASSWORD_VARIABLE in caught.value.sentence()
    with pytest.raises(FileError) as caught:
        read_bytes(locked, "a.xlsx", "", "wrong")
    assert caught.value.code == "wrong_password"
    assert read_bytes(locked, "a.xlsx", "", "秘密").sheets[0].rows == [["密", 1.0]]
    monkeypatch.setenv(PASSWORD_VARIABLE, "秘密")
    assert read_bytes(locked, "a.xlsx", "").sheets[0].rows == [["密", 1.0]]


def test_excels_default_password_needs_no_asking(plain: bytes) -> None:
    assert read_bytes(protected(plain, "VelvetSweatshop"), "a.xlsx", "").sheets[0].rows == [["密", 1.0]]


def test_a_unit_that_only_the_format_shows_is_told() -> None:
    book, sheet = book_with(A1="预算", B1=1)
    sheet.write(1, 1, 12.5, xlwt.easyxf(num_format_str='0.00"万元"'))
    ((code, zh, _),) = read_bytes(saved(book), "a.xls", "").notes
    assert code == "unit_in_format"
    assert "B2" in zh
