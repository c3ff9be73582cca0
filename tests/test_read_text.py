"""Reading delimited text: encodings, delimiters, quotes, and the true number of each line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.formats import read_bytes

TEXT = '地区,月份,金额\n华东,2026年10月,"1,234.50"\n华北,2026年11月,\n'
ROWS = [["地区", "月份", "金额"], ["华东", "2026年10月", "1,234.50"], ["华北", "2026年11月", None]]


def read(data: bytes, file: str = "a.csv") -> Workbook:
    return read_bytes(data, file, "")


def rows(text: str) -> list[list[object]]:
    (sheet,) = read(text.encode()).sheets
    return sheet.rows  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
    ],
)
def test_every_encoding_gives_the_same_cells(data: bytes, encoding: str) -> None:
    book = read(data)
    assert book.encoding == encoding
    assert book.container == "csv"
    assert book.sheets[0].rows == ROWS
    assert book.sheets[0].name == ""


@pytest.mark.parametrize("text", ["省\n", "金额\n中\n", "地区,量\n沪,1\n"])
def test_short_gbk_is_not_taken_for_another_encoding(text: str) -> None:
    assert read(text.encode("gbk")).sheets[0].rows[0][0] == text.splitlines()[0].split(",")[0]


def test_bytes_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(FileError) as caught:
        read("地区,金额\n".encode("gb18030") + b"\xff\xfe\xff,\n")
    assert caught.value.code == "encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_consistent_one(delimiter: str) -> None:
    lines = ["品牌", "金额", "日期"], ["甲", "1,5", "2026/1/1"], ["乙", "12,75", "2026/1/2"]
    text = "\n".join(delimiter.join(f'"{v}"' if delimiter == "," else v for v in line) for line in lines)
    assert rows(text) == [list(line) for line in lines]


def test_a_banner_before_the_table_does_not_decide_the_delimiter() -> None:
    text = "销售报表, 导出, 系统\n******\n\nNr;Betrag;Ort\n1;1.234,50;A\n2;7,5;B\n3;8,25;C\n"
    assert rows(text)[3:5] == [["Nr", "Betrag", "Ort"], ["1", "1.234,50", "A"]]


def test_blank_lines_keep_the_numbers_of_those_below() -> None:
    assert rows("a,b\n\n\n1,2\n\n") == [["a", "b"], [None, None], [None, None], ["1", "2"]]


def test_a_record_with_line_breaks_is_one_row() -> None:
    assert rows('a,b\n"x\ny",2\n3,4\n') == [["a", "b"], ["x\ny", "2"], ["3", "4"]]


def test_cells_stay_text() -> None:
    assert rows("code,n,t\n00123,1e5,TRUE\n") == [["code", "n", "t"], ["00123", "1e5", "TRUE"]]


def test_a_single_column_is_one_column() -> None:
    assert rows("name\n甲\n乙\n") == [["name"], ["甲"], ["乙"]]


def test_excels_own_directive_is_no_row() -> None:
    assert rows("sep=;\r\na;b\r\n1,5;2\r\n") == [["a", "b"], ["1,5", "2"]]


def test_an_unclosed_quote_costs_its_own_line_and_is_told() -> None:
    book = read(b'a,b\n1,"12 inch\n2,y\n3,z\n')
    assert book.sheets[0].rows == [["a", "b"], ["1", '"12 inch'], ["2", "y"], ["3", "z"]]
    assert [(code, "2" in zh) for code, zh, _ in book.notes] == [("stray_quote", True)]


def test_text_after_a_closing_quote_is_kept() -> None:
    book = read(b'a,b\n1,"x" y\n2,z\n')
    assert book.sheets[0].rows[1:] == [["1", '"x" y'], ["2", "z"]]
    assert book.notes


def test_many_stray_quotes_neither_hang_nor_lose_a_line() -> None:
    text = "a,b\n" + "".join(f'{n},"{n} inch\n' for n in range(3000))
    found = rows(text)
    assert len(found) == 3001
    assert found[-1] == ["2999", '"2999 inch']


def test_a_tsv_named_xls_is_read_and_said_to_be_misnamed() -> None:
    book = read("地区\t金额\n华东\t1\n".encode("utf-16"), "a.xls")
    assert book.sheets[0].rows == [["地区", "金额"], ["华东", "1"]]
    assert [code for code, _, _ in book.notes] == ["misnamed"]


def test_one_endless_line_does_not_widen_all_others() -> None:
    with pytest.raises(FileError) as caught:
        read(b"a\n" * 20_000 + b"," * 16_000 + b"x")
    assert caught.value.code == "far_cell"
    assert "20001" in caught.value.sentence("zh")


CELL = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=8)


def test_more_columns_than_a_sheet_can_have_are_refused_at_once() -> None:
    wide = ",".join("a" * 16_384)
    assert len(rows(wide)[0]) == 16_384
    with pytest.raises(FileError, match="100,000"):
        read(",".join("a" * 100_000).encode())


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_csv_writes_is_read_back(table: list[list[str]], delimiter: str) -> None:
    table = [["first", "second", "third"], *table]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(table)
    found = rows(buffer.getvalue())
    expected = [[value or None for value in line] for line in table]
    while expected[-1] == [None] * 3:
        expected.pop()
    assert found == expected
