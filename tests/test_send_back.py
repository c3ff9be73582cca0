"""Workbooks sent back: problem cells marked in a copy, with a list that leads to them; read back with openpyxl."""

# ruff: noqa: DTZ001  the times of a sheet know no zone

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import sheet

from mktanalytics.__main__ import main
from mktanalytics.ingest.clean import clean
from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.readers.cells import CellError, Uncached, Workbook, rectangle
from mktanalytics.ingest.readers.read import read_workbook
from mktanalytics.ingest.returning import marked
from mktanalytics.ingest.returning.marked import MARKS
from mktanalytics.ingest.returning.send_back import _write, language_of, write_send_back
from mktanalytics.ingest.returning.send_back_names import output_names, sheet_names
from mktanalytics.settings import Settings

ZH = [
    ("华东区销售明细", None, None, None),
    ("日期", "产品", "数量", "金额"),
    (dt.datetime(2026, 9, 5), "甲", 1, 100.5),
    (dt.datetime(2026, 9, 6), "乙", 2, "约两百"),
    (dt.datetime(2026, 9, 7), "=cmd|'/c calc'!A1", 3, 300),
    (dt.datetime(2026, 9, 8), "http://example.com/丁", 4, 400),
    (dt.datetime(2026, 9, 9), "戊", 5, 500),
]
EN = [("Date", "Product", "Units", "Amount"), *((dt.datetime(2026, 10, d), f"P{d}", 1, 10.0) for d in (1, 2, 3, 4)), (dt.datetime(2026, 10, 5), "P5", 2, "about ten")]  # fmt: skip


def book(path, **sheets):
    path.parent.mkdir(parents=True, exist_ok=True)
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        target = made.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                cell = target.cell(r, c, value)
                if isinstance(value, str) and value.startswith("="):
                    cell.data_type = "s"
    if "明细" in sheets:
        made["明细"].merge_cells("A1:D1")
    made.save(path)


def sent_back(tmp_path, language=""):
    raw, out = tmp_path / "raw", tmp_path / "out"
    found = clean(raw, Settings())
    return write_send_back(raw, found.issues, found.ledger, out, language)


@pytest.fixture
def chinese(tmp_path):
    book(tmp_path / "raw" / "华东.xlsx", 明细=ZH)
    (path,) = sent_back(tmp_path)
    return openpyxl.load_workbook(path)


def test_a_problem_cell_is_coloured_and_commented_in_the_language_of_the_sheet(chinese):
    cell = chinese["明细"]["D4"]
    assert cell.value == "约两百"
    assert cell.fill.fgColor.rgb == "FF" + MARKS["error"][1:]
    assert cell.comment.text.strip().startswith("无法读懂")
    assert "改正该单元格" in cell.comment.text
    assert chinese["明细"]["D3"].comment is None
    assert chinese["明细"]["D3"].fill.fill_type is None


def test_the_first_sheet_lists_each_problem_with_a_link_to_its_cell(chinese):
    first = chinese.worksheets[0]
    assert first.title == "问题清单"
    line = next(row for row in first.iter_rows() if row[0].value == "D4")
    assert line[0].hyperlink.location == "'明细'!D4"
    assert [c.value for c in line[1:4]] == ["明细", "错误", "约两百"]
    assert "无法读懂" in line[4].value
    assert line[5].value == "改正该单元格"


def test_the_copy_holds_what_the_original_holds(chinese):
    copy = chinese["明细"]
    rows = [tuple(c.value for c in row) for row in copy.iter_rows()]
    assert rows == [tuple(r) for r in ZH]
    assert copy["A3"].is_date
    assert copy["A3"].number_format == "yyyy-mm-dd"
    assert [str(m) for m in copy.merged_cells.ranges] == ["A1:D1"]


def test_text_never_becomes_a_formula_or_a_link(chinese):
    assert chinese["明细"]["B5"].data_type == "s"
    assert chinese["明细"]["B5"].quotePrefix
    assert chinese["明细"]["B6"].hyperlink is None


def test_an_english_sheet_is_answered_in_english(tmp_path):
    book(tmp_path / "raw" / "oct.xlsx", Data=EN)
    (path,) = sent_back(tmp_path)
    made = openpyxl.load_workbook(path)
    assert made.sheetnames == ["Issues", "Data"]
    assert "can't be read" in made["Data"]["D6"].comment.text


def test_a_language_can_be_asked_for(tmp_path):
    book(tmp_path / "raw" / "oct.xlsx", Data=EN)
    (path,) = sent_back(tmp_path, "zh")
    assert "无法读懂" in openpyxl.load_workbook(path)["Data"]["D6"].comment.text


def test_a_workbook_without_problems_is_not_sent_back(tmp_path):
    book(tmp_path / "raw" / "好.xlsx", 销售=[*ZH[1:3], ZH[6]])
    assert sent_back(tmp_path) == []
    assert not (tmp_path / "out").exists()


def test_an_unreadable_file_is_told_in_a_list(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "坏.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (path,) = sent_back(tmp_path)
    made = openpyxl.load_workbook(path)
    assert made.sheetnames == ["问题清单"]
    texts = [c.value for row in made.active.iter_rows() for c in row if c.value]
    assert "整个文件" in texts


def test_same_names_in_subfolders_do_not_clash(tmp_path):
    for folder in ("东", "西"):
        book(
            tmp_path / "raw" / folder / "销售.xlsx", 明细=[*ZH[:6], (dt.datetime(2026, 9, 9), folder, 5, 500)]
        )
    assert [p.name for p in sent_back(tmp_path)] == ["东_销售.xlsx", "西_销售.xlsx"]


def test_same_names_with_another_ending_do_not_clash():
    assert list(output_names(["a/销售.csv", "a/销售.xlsx", "a_销售.xls", "市场.xlsx"]).values()) == [
        "a_销售.csv.xlsx", "a_销售.xlsx.xlsx", "a_销售.xlsx", "市场.xlsx"
    ]  # fmt: skip


@given(st.lists(st.text("aA/.b销", min_size=1, max_size=6), unique=True, max_size=8))
def test_output_names_are_all_different_and_in_one_folder(files):
    names = list(output_names(sorted(files)).values())
    assert len({n.casefold() for n in names}) == len(files)
    assert not any("/" in n for n in names)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_sheet_names_are_those_that_excel_takes(names):
    valid = sheet_names(names, "问题清单", "Sheet")
    assert len({n.casefold() for n in valid} | {"问题清单", "history"}) == len(names) + 2
    for name in valid:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'") and not name.endswith("'")


def test_the_same_inputs_give_the_same_bytes(tmp_path):
    book(tmp_path / "raw" / "华东.xlsx", 明细=ZH)
    one = sent_back(tmp_path)[0].read_bytes()
    assert sent_back(tmp_path)[0].read_bytes() == one


# ---- one workbook, made in code


def issue(cell, severity="error", row=0, sheet_name="S"):
    return Issue(
        severity,
        "bad_value",
        "f.xlsx",
        sheet_name,
        row,
        cell,
        "",
        "",
        "",
        f"问题 {cell}",
        "wrong",
        "改",
        "mend",
    )


def written(tmp_path, *sheets, issues=(), headers=None):
    path = tmp_path / "copy.xlsx"
    _write(path, "f.xlsx", Workbook("f.xlsx", "", "xlsx", sheets=sheets), issues, headers or {}, "")
    return openpyxl.load_workbook(path)


def test_every_kind_of_cell_is_shown(tmp_path):
    row = (
        True, CellError("#REF!"), Uncached("A1+B1"), float("nan"), dt.date(2026, 2, 3), dt.time(9, 30), dt.timedelta(hours=30),
        dt.timedelta(hours=-1), dt.datetime(1850, 1, 1), dt.datetime(2026, 2, 3, 4, 5, 6), "x" * 40_000, "\ud800￿",
    )  # fmt: skip
    made = written(tmp_path, sheet([row], name="S"))["S"]
    values = [c.value for c in made[1]]
    assert values[:5] == [True, "#REF!", "=A1+B1", "nan", dt.datetime(2026, 2, 3)]
    assert values[5:9] == [dt.time(9, 30), dt.timedelta(hours=30), "-1 day, 23:00:00", "1850-01-01"]
    assert made["C1"].data_type == "s"
    assert values[9] == dt.datetime(2026, 2, 3, 4, 5, 6)
    assert len(values[10]) == 32_767
    assert values[11] == "��"


def test_a_row_is_coloured_whole_and_a_block_at_its_first_cell(tmp_path):
    s = sheet([("a", "b", "c")] * 4, name="S")
    made = written(tmp_path, s, issues=[issue("A2:C2", row=2), issue("A3:C4", "warning")])["S"]
    colours = [[c.fill.fgColor.rgb[2:] if c.fill.fill_type else "" for c in row] for row in made.iter_rows()]
    red, yellow = MARKS["error"][1:], MARKS["warning"][1:]
    assert colours == [["", "", ""], [red] * 3, [yellow, "", ""], ["", "", ""]]


def test_the_graver_colour_stays_and_both_are_told(tmp_path):
    made = written(tmp_path, sheet([("甲",)], name="S"), issues=[issue("A1", "warning"), issue("A1:A1")])["S"]
    assert made["A1"].fill.fgColor.rgb[2:] == MARKS["error"][1:]
    assert "问题 A1:A1\n" in made["A1"].comment.text
    assert "问题 A1\n" in made["A1"].comment.text


def test_merges_that_overlap_or_reach_out_of_the_sheet_do_no_harm(tmp_path):
    s = sheet([("a", "b"), ("c", "d")], name="S", merges=[(1, 1, 1, 2), (1, 2, 2, 2), (2, 1, 1_048_576, 1)])
    made = written(tmp_path, s, issues=[issue("B1")])["S"]
    assert [str(m) for m in made.merged_cells.ranges] == ["A1:B1"]
    assert made["A1"].comment is not None  # where a reader sees it


def test_what_is_wrong_with_a_sheet_as_a_whole_leads_to_the_sheet(tmp_path):
    made = written(tmp_path, sheet([("甲",)], name="S"), issues=[issue("", "warning")])
    (link,) = [c for row in made.worksheets[0].iter_rows() for c in row if c.hyperlink]
    assert (link.value, link.hyperlink.location) == ("整张表", "'S'!A1")
    assert made["S"]["A1"].fill.fill_type is None


def test_of_a_large_sheet_only_headers_and_problem_rows_are_copied_in_place(tmp_path, monkeypatch):
    monkeypatch.setattr(marked, "COPIED", 12)
    s = sheet([(f"行{r}", r, "x") for r in range(1, 11)], name="S")
    made = written(tmp_path, s, issues=[issue("B7", row=7)], headers={"S": [1]})
    copied = {c.row for row in made["S"].iter_rows() for c in row if c.value is not None}
    assert copied == {1, 7}
    assert made["S"]["B7"].comment is not None
    assert any("太大" in str(c.value) for row in made.worksheets[0].iter_rows() for c in row)


def test_a_sheet_named_like_the_list_gets_another_name_and_links_follow(tmp_path):
    made = written(tmp_path, sheet([("甲's",)], name="问题清单"), issues=[issue("A1", sheet_name="问题清单")])
    assert made.sheetnames == ["问题清单", "问题清单 (2)"]
    links = [c.hyperlink.location for row in made.worksheets[0].iter_rows() for c in row if c.hyperlink]
    assert links == ["'问题清单 (2)'!A1"]


@given(st.lists(st.lists(st.none() | st.text(max_size=5) | st.floats() | st.booleans() | st.datetimes() | st.timedeltas() | st.dates() | st.times(), min_size=2, max_size=2), min_size=1, max_size=3))  # fmt: skip
@settings(deadline=None)
def test_no_cell_breaks_the_copy(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("any")
    written(folder, sheet(rows, name="S"), issues=[issue("A1"), issue("?"), issue("XFD9")])
    again = read_workbook(folder / "copy.xlsx", file="copy.xlsx")
    assert [s.name for s in again.sheets][1] == "S"


@pytest.mark.parametrize(
    ("text", "area"),
    [("B3", (3, 2, 3, 2)), ("A1:AA9", (1, 1, 9, 27)), ("", None), ("A0", None), ("表!A1", None)],
)
def test_addresses(text, area):
    assert rectangle(text) == area


def test_codes_say_nothing_about_the_language():
    assert language_of([["产品", "SKU-1", "SKU-2", "SKU-3"]]) == "zh"
    assert language_of([["Product", "Amount", "华东"]]) == "en"
    assert language_of([[1.0, None, "12"]]) == ""


# ---- as part of `clean`


def test_clean_puts_the_copies_beside_the_tables_and_says_where(tmp_path, capsys):
    book(tmp_path / "raw" / "华东.xlsx", 明细=ZH)
    before = (tmp_path / "raw" / "华东.xlsx").read_bytes()
    options = ["--raw", str(tmp_path / "raw"), "--processed", str(tmp_path / "processed")]
    assert main(["clean", *options]) == 0
    assert (tmp_path / "processed" / "send_back" / "华东.xlsx").is_file()
    assert str(tmp_path / "processed" / "send_back") in capsys.readouterr().out
    assert (tmp_path / "raw" / "华东.xlsx").read_bytes() == before
