"""A column of cells → a typed column: right by the evidence of the column, or told."""

from __future__ import annotations

import csv
import datetime as dt
import math
import random

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from mktanalytics import columns as c
from mktanalytics.ingest.readers.cells import CellError, Uncached
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import missing
from mktanalytics.ingest.values.values import Code, NoteCode, ParsedColumn, parse_column
from mktanalytics.numbers import parse_unit, split_header
from mktanalytics.periods import split_span
from mktanalytics.schema import Column
from mktanalytics.unit_notes import find_units

WAN, PERCENT = parse_unit("万元"), parse_unit("%")


def column(kind: str, **more: object) -> Column:
    return Column(name="x", kind=kind, zh="列", en="Column", about="a column", about_zh="列", **more)


MONEY, NUMBER, UNITS, RATE = column("money"), column("number"), column("number", unit="units"), column("rate")
SHARE = column("rate", maximum=1)
DATE, MONTH, CODE, CATEGORY, TEXT, FLAG = (
    column(k) for k in ("date", "month", "code", "category", "text", "flag")
)


def day(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # noqa: DTZ001 - cells have no zone


def plain(parsed: ParsedColumn) -> list[object]:
    """The values with every kind of missing as None, dates as ISO text."""
    return [
        None if pd.isna(v) else v.date().isoformat() if isinstance(v, dt.datetime) else v
        for v in parsed.values.tolist()
    ]


def faults(parsed: ParsedColumn) -> dict[int, Code]:
    return {p.place: p.code for p in parsed.problems}


def told(parsed: ParsedColumn) -> set[NoteCode]:
    return {n.code for n in parsed.notes}


# ---- numbers -------------------------------------------------------------------------------------------------


def test_mixed_units_come_to_one_scale():
    parsed = parse_column(["1052,75元", "11,50万元", "129,58元", None, "-", 8.0], MONEY)
    assert plain(parsed) == [1052.75, 115000.0, 129.58, None, None, 8.0]
    assert parsed.units.tolist() == ["CNY", "CNY", "CNY", "", "", ""] and not parsed.problems
    assert told(parsed) == {NoteCode.MIXED_SCALES, NoteCode.DECIMAL_COMMA}


def test_a_unit_in_the_cell_outranks_the_header():
    parsed = parse_column([1.1, "11.5万元", "8元", "2"], MONEY, unit=WAN)
    assert plain(parsed) == [11000.0, 115000.0, 8.0, 20000.0]


def test_a_currency_sign_is_no_scale():
    assert faults(parse_column([1.5, "¥8"], MONEY, unit=WAN)) == {1: Code.AMBIGUOUS_UNIT}
    assert plain(parse_column(["¥1.5", "¥8"], MONEY, unit=WAN)) == [15000.0, 80000.0]
    assert plain(parse_column([1.5, "¥8"], MONEY)) == [1.5, 8.0]


def test_currencies_travel_with_the_values():
    parsed = parse_column(["$5", "¥8", 3.0], MONEY)
    assert parsed.units.tolist() == ["USD", "CNY", ""] and told(parsed) == {NoteCode.MIXED_CURRENCIES}


def test_what_is_no_number_is_told_and_missing():
    cells = [
        "约1.2万",
        "Closed",
        "3件",
        "30%",
        True,
        CellError("#REF!"),
        "#REF!",
        Uncached("SUM(A1:A9)"),
        day(2026, 1, 1),
    ]
    parsed = parse_column(cells, MONEY)
    assert [p.code for p in parsed.problems] == [
        Code.NOT_A_NUMBER, Code.NOT_A_NUMBER, Code.UNIT_MISMATCH, Code.UNIT_MISMATCH, Code.WRONG_TYPE,
        Code.ERROR_CELL, Code.ERROR_CELL, Code.UNCACHED_FORMULA, Code.WRONG_TYPE,
    ]  # fmt: skip
    assert plain(parsed) == [None] * 9
    assert parsed.problems[7].value == "=SUM(A1:A9)"


def test_one_cell_alone_may_be_certain_and_ambiguous_beside_others():
    assert plain(parse_column(["1,234", "5"], MONEY)) == [1234.0, 5.0]
    assert faults(parse_column(["1,234", "12,5"], MONEY)) == {0: Code.AMBIGUOUS_NUMBER}
    assert faults(parse_column(["1,234,567", "12,5"], MONEY)) == {1: Code.AMBIGUOUS_NUMBER}
    assert plain(parse_column(["1.234", "5"], MONEY)) == [1.234, 5.0]
    assert faults(parse_column(["1.234", "1.234,56"], MONEY)) == {0: Code.AMBIGUOUS_NUMBER}


def test_true_is_not_one():
    parsed = parse_column([1.0, True, "1", 1], NUMBER)
    assert plain(parsed) == [1.0, None, 1.0, 1.0] and faults(parsed) == {1: Code.WRONG_TYPE}


def test_counts_of_different_things_are_not_mixed():
    assert plain(parse_column(["3.5万件", "200件", 7.0], UNITS)) == [35000.0, 200.0, 7.0]
    assert faults(parse_column(["3箱", "10件", 5.0], UNITS)) == {0: Code.MIXED_UNITS, 1: Code.MIXED_UNITS}
    assert faults(parse_column(["3箱", 5.0], UNITS, unit=parse_unit("件"))) == {0: Code.MIXED_UNITS}
    assert faults(parse_column([5.0], UNITS, unit=WAN)) == {0: Code.UNIT_MISMATCH}
    assert faults(parse_column([5.0], MONEY, unit=PERCENT)) == {0: Code.UNIT_MISMATCH}


def test_a_column_of_targets_takes_the_unit_of_each_row():
    parsed = parse_column([5.0, 95.0, 300.0, "90%"], NUMBER, unit=[WAN, PERCENT, parse_unit("件"), None])
    assert plain(parsed) == [50000.0, 0.95, 300.0, 0.9]
    assert parsed.units.tolist() == ["CNY", "fraction", "件", "fraction"]


@pytest.mark.parametrize(
    ("cells", "unit", "expected"),
    [
        (["30.00%", 0.28], None, [0.3, 0.28]),
        ([31.2, 45.1, 5.0], None, [0.312, 0.451, 0.05]),
        (
            [31.2, 0.4, 1.6, 9.5],
            None,
            [0.312, 0.004, 0.016, 0.095],
        ),  # small percents go on from the large ones
        ([0.312, 0.05, 0.0], None, [0.312, 0.05, 0.0]),
        ([31.2, 0.9], PERCENT, [0.312, 0.009]),
        (["31.2", "0"], PERCENT, [0.312, 0.0]),
        ([5.0], parse_unit("‰"), [0.005]),
    ],
)
def test_rates_are_fractions(cells, unit, expected):
    parsed = parse_column(cells, SHARE, unit=unit)
    assert plain(parsed) == expected and not parsed.problems and set(parsed.units.tolist()) == {"fraction"}


@pytest.mark.parametrize(
    ("cells", "kind", "unit", "expected"),
    [
        ([31.2, 0.28], SHARE, None, [0.312, None]),  # 28% typed as a fraction, or 0.28%?
        ([0.85, 0.9], RATE, PERCENT, [None, None]),  # percent as the header says, or 85% as Excel shows it?
        ([0.85, 2.5], RATE, None, [None, None]),  # growth of 250%, or of 2.5%?
        (["4折", 0.4], SHARE, None, [None, 0.4]),
    ],
)
def test_an_ambiguous_rate_is_told(cells, kind, unit, expected):
    parsed = parse_column(cells, kind, unit=unit)
    assert plain(parsed) == expected
    assert set(faults(parsed)) == {i for i, v in enumerate(expected) if v is None}


@given(
    st.lists(
        st.one_of(st.none(), st.floats(-1e9, 1e9), st.integers(-(10**6), 10**6).map(lambda n: n / 100)),
        max_size=30,
    )
)
@example([26843.585246368573])
def test_the_short_way_over_plain_numbers_gives_what_the_long_way_gives(cells):
    short = parse_column(cells, MONEY, unit=WAN)
    long = parse_column([*cells, "1元"], MONEY, unit=WAN)  # a text sends the column the long way
    assert plain(short) == plain(long)[:-1]


def test_endless_numbers_are_told():
    assert faults(parse_column([1.0, math.inf], MONEY)) == {1: Code.NOT_A_NUMBER}


# ---- dates ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["2026-7-30", "2026/7/30", "2026.7.30", "2026年7月30日", "20260730", "7月30日", "30/07/2026", "07/30/2026", 20260730.0, 46233.0,
     "46233", day(2026, 7, 30, 23, 59), dt.date(2026, 7, 30), "2026-07-30 12:30:05", "2026-07-30T12:00:00Z", "2026/7/30 下午 3:05",
     "2026年7月30日 星期四", "2026-07-30（周四）", "30 Jul 2026", "July 30, 2026", "30-Jul-26", " 2026-7-30 ", "'2026-7-30", "２０２６－７－３０"],
)  # fmt: skip
def test_spellings_of_one_day(cell):
    parsed = parse_column([cell], DATE, year=2026)
    assert plain(parsed) == ["2026-07-30"] and parsed.values.dtype == "datetime64[us]"


def test_dates_that_are_none_are_told():
    cells = ["待定", "2026年10月", "2026-02-30", "2026", 12.5, "31/31/2026", True, "#REF!", "soon"]
    parsed = parse_column(cells, DATE, year=2026)
    assert plain(parsed) == [None] * 9
    assert set(faults(parsed)) == {1, 2, 3, 4, 5, 6, 7, 8}
    assert faults(parse_column(["7月30日"], DATE)) == {0: Code.NO_YEAR}


def test_the_column_tells_day_from_month():
    assert plain(parse_column(["03/04/2026", "25/04/2026"], DATE)) == ["2026-04-03", "2026-04-25"]
    assert plain(parse_column(["03/04/2026", "04/25/2026"], DATE)) == ["2026-03-04", "2026-04-25"]
    undecided = parse_column(["03/04/2026", "05/05/2026"], DATE)
    assert plain(undecided) == [None, "2026-05-05"] and faults(undecided) == {0: Code.AMBIGUOUS_DATE}
    assert plain(parse_column(["03/04/2026"], DATE, header="Date (dd/mm/yyyy)")) == ["2026-04-03"]
    assert plain(parse_column(["03/04/2026"], DATE, header="Date (MM/DD/YYYY)")) == ["2026-03-04"]
    both = parse_column(["25/04/2026", "04/25/2026", "03/04/2026"], DATE)
    assert plain(both) == ["2026-04-25", "2026-04-25", None]


def test_two_digit_years_belong_together():
    assert plain(parse_column(["26-10-05", "26-10-31"], DATE)) == ["2026-10-05", "2026-10-31"]
    assert plain(parse_column(["26-10-05"], DATE, year=2026)) == ["2026-10-05"]
    assert faults(parse_column(["26-10-05"], DATE)) == {0: Code.AMBIGUOUS_DATE}


def test_a_decimal_is_a_day_only_where_the_header_says_so():
    cells = [8.15, "8.2", 8.31, "12.20"]
    assert plain(parse_column(cells, DATE, year=2026, header="日期(月.日)")) == [
        "2026-08-15",
        None,
        "2026-08-31",
        "2026-12-20",
    ]
    assert set(faults(parse_column(cells, DATE, year=2026, header="日期"))) == {0, 1, 2, 3}


def test_days_and_months_a_spreadsheet_swapped_are_put_back_and_told():
    truth = [dt.date(2026, m, d) for m in (1, 2, 3) for d in (2, 5, 9, 11, 14, 20, 28)]
    cells = [f"{d:%d/%m/%Y}" if d.day > 12 else day(d.year, d.day, d.month) for d in truth]
    parsed = parse_column(cells, DATE)
    assert plain(parsed) == [d.isoformat() for d in truth]
    assert NoteCode.DAY_MONTH_SWAPPED in told(parsed)


def test_real_dates_that_fit_as_they_stand_stay():
    cells = ["13/01/2026", "25/04/2026", day(2026, 4, 8)]
    assert plain(parse_column(cells, DATE)) == ["2026-01-13", "2026-04-25", "2026-04-08"]
    mixed = ["2026-01-13", "2026/04/25", day(2026, 4, 8)]
    assert plain(parse_column(mixed, DATE)) == ["2026-01-13", "2026-04-25", "2026-04-08"]


def test_real_dates_that_fit_both_ways_are_told():
    parsed = parse_column(["13/01/2026", "25/12/2026", day(2026, 4, 1), day(2026, 3, 3)], DATE)
    assert plain(parsed) == ["2026-01-13", "2026-12-25", None, "2026-03-03"]
    assert faults(parsed) == {2: Code.AMBIGUOUS_DATE}


def test_months_and_their_lengths():
    cells = [
        "2026年10月",
        "2026-10",
        day(2026, 10, 1),
        202610.0,
        "10月",
        10.0,
        "2026Q1",
        2026.0,
        "2026.0",
        None,
    ]
    parsed = parse_column(cells, MONTH, year=2026)
    assert plain(parsed) == ["2026-10-01"] * 6 + ["2026-01-01"] * 3 + [None]
    assert parsed.lengths.tolist() == ["month"] * 6 + ["quarter", "year", "year", ""]


def test_months_that_need_a_year_take_that_of_their_row_or_say_so():
    assert plain(parse_column(["10月", 10.0, "2024-10"], MONTH, year=[2025, 2026, None])) == [
        "2025-10-01",
        "2026-10-01",
        "2024-10-01",
    ]
    assert faults(parse_column(["10月", 10.0, "目标", "1-10月"], MONTH)) == {
        0: Code.NO_YEAR, 1: Code.NO_YEAR, 2: Code.NOT_A_PERIOD, 3: Code.NO_YEAR,
    }  # fmt: skip
    assert faults(parse_column(["1-10月"], MONTH, year=2026)) == {
        0: Code.NOT_A_PERIOD
    }  # a running total is no month


def test_real_dates_in_a_month_column_are_months_unless_one_lies_inside():
    ends = parse_column([day(2026, 9, 30), day(2026, 10, 31)], MONTH)
    assert ends.lengths.tolist() == ["month", "month"] and plain(ends) == ["2026-09-01", "2026-10-01"]
    assert parse_column([day(2026, 9, 30), day(2026, 10, 5)], MONTH).lengths.tolist() == ["day", "day"]


def test_a_month_that_lost_its_zero_is_october_or_told():
    assert plain(parse_column([2026.09, 2026.1, 2026.11], MONTH)) == [
        "2026-09-01",
        "2026-10-01",
        "2026-11-01",
    ]
    assert plain(parse_column(["2026.1", "2026.2"], MONTH)) == ["2026-01-01", "2026-02-01"]
    assert plain(parse_column(["2026.1", "2026.10"], MONTH)) == ["2026-01-01", "2026-10-01"]
    assert faults(parse_column([2026.1], MONTH)) == {0: Code.NOT_A_PERIOD}


# ---- text ----------------------------------------------------------------------------------------------------


def test_codes_stay_as_written():
    cells = [1000.0, "007", "'0012", "12345678901234567890", "A-1 ", "NA", None]
    parsed = parse_column(cells, CODE)
    assert plain(parsed) == ["1000", "007", "0012", "12345678901234567890", "A-1", None, None]
    assert isinstance(parsed.values, Texts) and not parsed.problems


def test_codes_that_excel_damaged_are_told():
    assert set(faults(parse_column([1.2345678e19, "1.23457E+17", day(2026, 1, 1)], CODE))) == {0, 1, 2}


def test_point_zero_goes_only_where_all_codes_are_whole():
    parsed = parse_column(["10002.0", "552278"], CODE)
    assert plain(parsed) == ["10002", "552278"] and told(parsed) == {NoteCode.FLOAT_CODES}
    assert plain(parse_column(["10002.0", "2.1.0"], CODE)) == ["10002.0", "2.1.0"]


def test_categories():
    cells = ["温　进", "韩  闲", "华东 一区", "NA", "'null", "无", "蛋糕\r\n", 5.0, True, "ＡＢ１"]
    assert plain(parse_column(cells, CATEGORY)) == [
        "温进",
        "韩闲",
        "华东 一区",
        None,
        None,
        "无",
        "蛋糕",
        "5",
        "TRUE",
        "AB1",
    ]
    assert faults(parse_column([day(2026, 10, 5), CellError("#N/A"), "#REF!"], CATEGORY)) == {
        0: Code.WRONG_TYPE, 1: Code.ERROR_CELL, 2: Code.ERROR_CELL,
    }  # fmt: skip


def test_free_text_stays_as_written():
    assert plain(parse_column([" 好  的\r\n", day(2026, 10, 5), 1.5, "null"], TEXT)) == [
        "好  的",
        "2026-10-05",
        "1.5",
        None,
    ]


def test_flags():
    parsed = parse_column(["是", "否", "Y", "n", 1.0, 0.0, True, "FALSE", "?", "√", "大概"], FLAG)
    assert plain(parsed) == [True, False, True, False, True, False, True, False, None, True, None]
    assert faults(parsed) == {10: Code.NOT_A_FLAG}


def test_allowed_values_by_their_spellings():
    parsed = parse_column(["人民币", "rmb", "￥", "CNY", "USD", "泰铢", None, "-"], c.CURRENCY)
    assert plain(parsed) == ["CNY", "CNY", "CNY", "CNY", "USD", None, None, None]
    assert faults(parsed) == {5: Code.UNKNOWN_SPELLING}


# ---- laws ----------------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2070, 1, 1)),  # noqa: DTZ001
    st.sampled_from(
        [
            "1,234",
            "12,5",
            "3件",
            "8元",
            "30%",
            "0.28",
            "31.2",
            "03/04/2026",
            "25/04/2026",
            "10月",
            "2026.1",
            "-",
        ]
    ),
    st.sampled_from([CellError("#REF!"), Uncached("A1")]),
)
KINDS = [MONEY, NUMBER, UNITS, RATE, SHARE, DATE, MONTH, CODE, CATEGORY, TEXT, FLAG, c.CURRENCY]


@given(
    st.lists(CELLS, max_size=25),
    st.sampled_from(KINDS),
    st.sampled_from([None, WAN, PERCENT]),
    st.sampled_from([None, 2026]),
)
def test_every_cell_is_a_value_missing_or_told(cells, kind, unit, year):
    parsed = parse_column(cells, kind, unit=unit, year=year)
    assert len(parsed.values) == len(cells)
    places = [p.place for p in parsed.problems]
    assert places == sorted(set(places)) and missing(parsed.values)[places].all()
    for cell, value, place in zip(cells, missing(parsed.values), range(len(cells)), strict=True):
        if value and place not in places:  # missing and not told: only what says that there is nothing
            assert cell is None or (isinstance(cell, str) and len(cell.strip()) < 8), cell


@given(st.lists(CELLS, max_size=25), st.sampled_from(KINDS), st.integers())
def test_the_order_of_rows_changes_nothing(cells, kind, seed):
    order = random.Random(seed).sample(range(len(cells)), len(cells))
    one = parse_column(cells, kind, year=2026)
    other = parse_column([cells[i] for i in order], kind, year=2026)
    assert plain(other) == [plain(one)[i] for i in order]
    assert faults(other) == {order.index(i): code for i, code in faults(one).items()}


@pytest.mark.parametrize(
    "text",
    ["1" * 30_000, "1," * 15_000, "1" + " " * 30_000 + "x", "(" * 30_000, "1-" * 15_000, "万 元 " * 10_000],
)
def test_a_cell_full_of_anything_is_read_at_once(text):
    for kind in KINDS:
        parse_column([text], kind, year=2026, header=text)
    assert split_header(text)[1] is None and split_span(text)[0] is None and not find_units(text)


# ---- real files ----------------------------------------------------------------------------------------------


def test_amounts_of_a_real_export(shared_workbooks):
    with (shared_workbooks / "sales" / "data_wuliu.csv").open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    cells = [r["销售金额"] for r in rows]
    parsed = parse_column(cells, MONEY)
    expected = [float(t.replace(",", ".").rstrip("万元")) * (10000 if "万" in t else 1) for t in cells]
    assert not parsed.problems and plain(parsed) == pytest.approx(expected)
    dates = parse_column([r["销售时间"] for r in rows], DATE)
    assert not dates.problems and not missing(dates.values).any()


def test_shares_of_a_real_sheet_are_percents(shared_workbooks):
    book = CalamineWorkbook.from_path(shared_workbooks / "market_share" / "Market Share.xlsx")
    head, *rows = book.get_sheet_by_index(0).to_python()
    area, year, share = (head.index(h) for h in ("Wilayah", "Tahun", "market_share"))
    parsed = parse_column([r[share] for r in rows], SHARE)
    assert not parsed.problems and told(parsed) == {NoteCode.PERCENT_BY_SIZE}
    keys = [(r[area], r[year]) for r in rows]
    totals = pd.Series(parsed.values).groupby(pd.MultiIndex.from_tuples(keys)).sum()
    assert totals.between(0.97, 1.03).all()


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["9.10", "9.11", "9.1"], [(9, 10), (9, 11), (9, 1)]),
        (["9.12", "9.1"], [(9, 12), None]),  # 9.1 may have been 9.10
        ([9.12, 9.1], [(9, 12), None]),
        (["9.10", "10.9"], [(9, 10), None]),  # of another month, or day and month
    ],
)
def test_decimals_in_the_month_of_the_sheet_are_its_days(cells, days):
    parsed = parse_column(cells, DATE, year=2026, month=9)
    assert [None if str(v) == "NaT" else (v.item().month, v.item().day) for v in parsed.values] == days


def test_decimals_of_no_known_month_stay_ambiguous():
    assert faults(parse_column(["9.10"], DATE, year=2026))
