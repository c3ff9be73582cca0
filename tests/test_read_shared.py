"""Real workbooks: the same cells, merges and hidden parts as openpyxl, xlrd and csv see in them."""

from __future__ import annotations

import csv
import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlrd

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import CellError, Range, Sheet, Uncached, Workbook
from mktanalytics.ingest.readers.finish import trim
from mktanalytics.ingest.readers.read import read_many, read_workbook

SHARED = Path(os.environ.get("MKTANALYTICS_SHARED", Path(__file__).parents[1].parent / "shared"))
BOOKS = SHARED / "workbooks"
pytestmark = pytest.mark.skipif(not BOOKS.is_dir(), reason="the folder of real workbooks isn't here")

REFUSED = {
    "robustness/pass_protected.xlsx": "protected",
    "robustness/电子商务交易推广数据练习.xlsx": "not_what_it_says",
}


def files(*suffixes: str) -> list[str]:
    if not BOOKS.is_dir():
        return []
    found = (path for path in BOOKS.rglob("*") if path.suffix in suffixes)
    return sorted(path.relative_to(BOOKS).as_posix() for path in found)


def same(ours: Any, theirs: Any) -> bool:
    """Equal up to how each library shows errors, dates and whole numbers."""
    if isinstance(ours, CellError):
        return bool(ours.code == theirs)
    if isinstance(ours, Uncached):
        return theirs is None
    if theirs == "":
        theirs = None
    if isinstance(ours, dt.date) and not isinstance(ours, dt.datetime):
        return isinstance(theirs, dt.datetime) and theirs == dt.datetime.combine(ours, dt.time())
    if isinstance(ours, dt.datetime) and isinstance(theirs, dt.datetime):
        return abs(ours - theirs) < dt.timedelta(seconds=1)
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    return bool(ours == theirs)


def assert_same_cells(sheet: Sheet, theirs: list[list[Any]]) -> None:
    for line in theirs:
        line[:] = [None if value == "" else value for value in line]
    keep = [list(line) for line in theirs]
    trim(keep)
    unknown = any(isinstance(value, Uncached) for line in sheet.rows for value in line)
    if not unknown:  # others see nothing there, and cut it off
        assert (len(sheet.rows), len(sheet.rows[:1][0]) if sheet.rows else 0) == (
            len(keep),
            len(keep[:1][0]) if keep else 0,
        )
    wrong = [
        (r + 1, c + 1, value, theirs[r][c])
        for r, line in enumerate(sheet.rows)
        for c, value in enumerate(line)
        if not (
            same(value, theirs[r][c])
            if r < len(theirs) and c < len(theirs[r])
            else isinstance(value, Uncached)
        )
    ]
    assert wrong == []


def test_every_file_is_read_or_refused_with_a_sentence() -> None:
    names = files(".xlsx", ".xls", ".xlsb", ".csv")
    assert len(names) > 40
    refused = {}
    for name, answer in read_many((BOOKS / name, name) for name in names):
        if isinstance(answer, FileError):
            refused[name] = answer.code
            assert answer.where == name
            assert all(answer.todo)
        else:
            assert answer.file == name
            assert answer.sheets
            assert all(len({len(row) for row in sheet.rows}) <= 1 for sheet in answer.sheets)
    assert refused == REFUSED


@pytest.mark.parametrize("name", [name for name in files(".xlsx") if name not in REFUSED])
def test_xlsx_as_openpyxl_sees_it(name: str) -> None:
    book = read_workbook(BOOKS / name, file=name)
    if (BOOKS / name).stat().st_size > 500_000:
        theirs = openpyxl.load_workbook(BOOKS / name, data_only=True, read_only=True)
    else:
        theirs = openpyxl.load_workbook(BOOKS / name, data_only=True)
    assert [sheet.name for sheet in book.sheets] == [sheet.title for sheet in theirs.worksheets]
    for sheet, their in zip(book.sheets, theirs.worksheets, strict=True):
        assert sheet.hidden == (their.sheet_state != "visible")
        # openpyxl needs ten seconds for fifty thousand rows
        head = replace(sheet, rows=sheet.rows[:2000])
        assert_same_cells(head, [list(row) for row in their.iter_rows(values_only=True, max_row=2000)])
        if hasattr(their, "merged_cells"):
            spans = (Range(m.min_row, m.min_col, m.max_row, m.max_col) for m in their.merged_cells.ranges)
            assert sheet.merges == tuple(sorted(spans))
            hidden = {r for r, d in their.row_dimensions.items() if d.hidden and r <= len(sheet.rows)}
            assert sheet.hidden_rows == hidden


@pytest.mark.parametrize("name", files(".xls"))
def test_xls_as_xlrd_sees_it(name: str) -> None:
    book = read_workbook(BOOKS / name, file=name)
    theirs = xlrd.open_workbook(BOOKS / name)
    for sheet, their in zip(book.sheets, theirs.sheets(), strict=True):
        assert sheet.name == their.name
        assert_same_cells(
            sheet, [[_xlrd(c, theirs.datemode) for c in their.row(r)] for r in range(their.nrows)]
        )


def _xlrd(cell: Any, datemode: int) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate.xldate_as_datetime(cell.value, datemode)
    return bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("sales/data_wuliu.csv", "gb18030", ","),
        ("sales/sales_data_types.csv", "utf-8", ","),
        ("competitor/双十一淘宝美妆数据.csv", "utf-8-sig", ","),
        ("market_share/market_share.csv", "utf-8", ","),
        ("robustness/utf-16le_encoded.csv", "utf-16", ","),
        ("robustness/weird_head_padding.csv", "utf-8", ";"),
        ("robustness/excel_pasting.csv", "utf-8", ","),
    ],
)
def test_csv_as_csv_sees_it(name: str, encoding: str, delimiter: str) -> None:
    book: Workbook = read_workbook(BOOKS / name, file=name)
    assert book.encoding == encoding
    with (BOOKS / name).open(encoding=encoding, newline="") as stream:
        theirs = [list(row) for row in csv.reader(stream, delimiter=delimiter)]
    width = max(map(len, theirs))
    assert_same_cells(book.sheets[0], [[*row, *[None] * (width - len(row))] for row in theirs])


def test_the_hidden_sheets_of_an_xlsb() -> None:
    book = read_workbook(BOOKS / "robustness/any_sheets.xlsb", file="any_sheets.xlsb")
    assert [(s.name, s.position, s.hidden) for s in book.sheets] == [
        ("Visible", 0, False),
        ("Hidden", 1, True),
        ("VeryHidden", 2, True),
    ]
    assert [code for code, _, _ in book.notes] == ["chart_sheet"]


def test_days_of_1904() -> None:
    book = read_workbook(BOOKS / "robustness/date_1904.xlsx", file="date_1904.xlsx")
    dates = [value for row in book.sheets[0].rows for value in row if isinstance(value, dt.date)]
    assert dates
    assert all(value.year >= 1904 for value in dates)
