"""What hostile workbooks by the thousand have found, each at its smallest."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import cleaned, fates, records, sheet, taken

from mktanalytics.periods import find_span, parse_span

MARKET = ("Month", "Region", "Category", "Brand", "Volume", "Value")
PANEL = [
    (f"2026-0{m}", "East", "Juice", brand, 10.0 * m, 90.0 * m)
    for m in (1, 2, 3)
    for brand in ("Acorn", "Bluebell")
]


def test_a_key_nearly_named_is_not_left_out_so_that_another_table_fits() -> None:
    """品牌名秤 is a typing error: what a market sheet says of brands is not the region's own sales."""
    head = ("月份", "销售区域", "品类", "品牌名秤", "零售量", "销售额")
    rows = [(f"2026-0{m}", "华南", "果汁", b, 10, 900 + m) for m in (4, 5, 6) for b in ("青禾", "山泉")]
    (block,) = taken(sheet([head, *rows], name="市场零售监测"))
    assert block.trouble is not None
    assert set(fates(block).values()) <= {"header", block.trouble.code}


@pytest.mark.parametrize("text", ["Market panelMay 2025", "SalesMay2025", "salesMay 2025 final"])
def test_a_month_begins_where_capitals_begin(text: str) -> None:
    span = find_span(text)
    assert span is not None
    assert (span.length, span.number, span.year) == ("month", 5, 2025)


def test_a_sheet_that_says_nothing_is_no_other_table_than_its_sister() -> None:
    """The headers of "Market panel" again on a sheet "View", below a line that speaks of sales."""
    named = sheet([MARKET, *PANEL], name="Market panel")
    view = sheet([("Department: Sales", *[None] * 5), MARKET, *PANEL[:4]], name="View", position=1)
    blocks = taken(named, view)
    assert [b.table.name for b in blocks if len(b.records) and b.table] == ["market"]


@pytest.mark.parametrize("months", [("12月", "1月"), ("1月", "12月"), ("11月", "12月", "1月")])
def test_bare_months_take_their_year_from_the_range_in_the_title(months: tuple[str, ...]) -> None:
    first = min(m for m in (11, 12) if f"{m}月" in months)
    title = (f"2025年{first}月至2026年1月市场费用预算表", *[None] * (len(months) + 1))
    rows = [("市场部", a, *(100.0 + i for i in range(len(months)))) for a in ("陈列", "路演", "试饮")]
    (block,) = taken(sheet([title, ("部门", "活动名称", *months), *rows], name="预算"))
    found = {month for (month,) in records(block, "month")}
    assert found == {f"{2026 if m == '1月' else 2025}-{int(m[:-1]):02d}" for m in months}


VOUCHERS = [(f"2025-11-{d:02d}", f"0000{d}", "市场部", "广告费", f"路演{d}", 100.5 * d) for d in range(2, 8)]


def test_a_group_and_its_column_are_no_third_column_that_stands_there_itself() -> None:
    """科目 under 明细 would be 明细科目, an activity, were there no 活动 beside it."""
    top = ("凭证日期", "明细", None, None, "活动", "金额")
    head = (None, "凭证编号", "部门", "科目", None, None)
    merges = [(1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 2, 5), (1, 6, 2, 6)]
    (block,) = taken(sheet([top, head, *VOUCHERS], name="费用凭证", merges=merges))
    assert records(block, "category", "activity")[0] == ("广告费", "路演2")


def test_a_unit_at_the_right_end_is_said_of_the_whole_table() -> None:
    """An empty column spaces the table out; 万元 above its last columns is not theirs alone."""
    note = (None, None, None, None, None, None, "单位：万元")
    head = ("大区", "产品名称", "7月", "8月", None, "9月", "累计")
    rows = [(r, "纯净水", 1.5, 2.5, None, 3.0, 7.0) for r in ("华东", "华南", "华北")]
    (block,) = taken(sheet([("2025年销售额", *[None] * 6), note, head, *rows], name="销售"))
    assert {amount for (amount,) in records(block, "amount")} == {15000.0, 25000.0, 30000.0}


def test_a_measure_on_both_sides_of_a_gap_is_taken_from_neither() -> None:
    """Which of the two 报销金额 is meant, nobody can tell; 凭证状态 beside the second makes it no table of its own."""
    head = ("日期", "部门", "科目", "报销金额", None, "报销金额", "凭证状态")
    rows = [
        (f"2025-01-{d:02d}", "市场部", "差旅费", 160.0 + d, None, 45.0 + d, "已报销") for d in (9, 10, 13)
    ]
    found = taken(sheet([head, *rows], name="费用凭证登记表"))
    assert [len(b.records) for b in found] == [0] * len(found)
    assert {b.u.trouble.code for b in found if b.u.trouble} == {"torn", "missing_columns"}


def test_one_word_of_a_header_among_the_data_above_hides_no_table() -> None:
    """Brand is a department of the budget, and a header of the price check below."""
    budget = [("January", d, "Events", a, 100.0) for d in ("Marketing", "Brand") for a in ("Show", "Launch")]
    prices = [("2025-11-04", "Acorn", f"Water {n}", "QuickStop", 60.5 + n) for n in range(4)]
    both = [
        ("Marketing budget 2026", None, None, None, None),
        ("Month", "Dept", "Category", "Activity", "Budget"),
        *budget,
        (None, None, None, None, None),
        ("Competitor price check", None, None, None, None),
        ("Date", "Brand", "Product", "Store", "List Price"),
        *prices,
    ]
    found = {b.table.name: len(b.records) for b in taken(sheet(both, name="Sheet1")) if b.table}
    assert found == {"budget": 4, "competitor_prices": 4}


def test_an_option_that_nobody_of_a_sheet_chose_is_an_option_still() -> None:
    """On the sheet of one city nobody buys online: the other column of the question is no question of its own."""
    head = ("序号", "城市", "2、购买渠道(商超)", "2、购买渠道(电商)")
    (block,) = taken(
        sheet([head, (1, "成都", 1, 0), (2, "成都", 1, 0), (3, "成都", 1, 0)], name="满意度调查")
    )
    assert set(records(block, "question", "answer")) == {("购买渠道", "商超")}


def test_no_half_of_a_table_is_taken_without_the_other() -> None:
    """An empty column parts the order lines: quantities to the left, regions and amounts to the right."""
    head = ("产品", "数量", "业务员", "日期", "订单号", None, "区域", "货号", "客户", "金额")
    rows = [
        (
            "纯净水",
            10 + n,
            "李娜",
            f"2026-10-{n:02d}",
            f"SO{n}",
            None,
            "华东",
            f"0000{n}",
            "惠民超市",
            99.5 * n,
        )
        for n in range(2, 9)
    ]
    found = taken(sheet([head, *rows], name="销售明细"))
    whole = [r for b in found for r in records(b, "units", "amount", "region")] if found else []
    assert whole in ([], [(10.0 + n, 99.5 * n, "华东") for n in range(2, 9)])


@pytest.mark.parametrize(
    ("names", "column"), [(("East", "1. South"), "region"), (("Marketing", "Brand"), "department")]
)
def test_the_name_above_each_part_of_a_form_is_its_rows(names: tuple[str, ...], column: str) -> None:
    head = {
        "region": ("Order Date", "Product", "Units", "Sales Amount"),
        "department": ("Voucher Date", "Voucher No", "Expense Category", "Amount"),
    }[column]
    rows = [
        [(name, None, None, None), head, *((f"2026-10-0{d}", f"A{d}", d, 10.5 * d) for d in (1, 2, 3))]
        for name in names
    ]
    if column == "department":
        rows = [
            [r[0], r[1], *((d, f"V{i}", "Travel", a) for i, (d, _, _, a) in enumerate(r[2:]))] for r in rows
        ]
    blocks = taken(
        sheet([*rows[0], *rows[1]], name="Data"),
        file="Sales report.xlsx" if column == "region" else "Vouchers.xlsx",
    )
    assert [set(records(b, column)) for b in blocks] == [{(n.removeprefix("1. "),)} for n in names]


def test_a_name_above_each_part_that_nobody_knows_is_told_and_kept() -> None:
    head = ("日期", "产品", "数量", "金额")
    rows = [(f"2026-10-0{d}", "纯净水", d, 10.5 * d) for d in (1, 2, 3)]
    blocks = taken(
        sheet([("甲组", None, None, None), head, *rows, ("乙组", None, None, None), head, *rows], name="销售")
    )
    assert [[i.value for i in b.issues if i.code == "unplaced_section"] for b in blocks] == [
        ["甲组"],
        ["乙组"],
    ]
    assert [set(records(b, "extra")) for b in blocks] == [{('{"小节": "甲组"}',)}, {('{"小节": "乙组"}',)}]


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("2025年11月至2026年2月市场零售监测", ("11月", "12月", "1月", "2月")),
        ("Market panel Nov 2025 - Feb 2026", ("Nov", "Dec", "Jan", "Feb")),
    ],
)
def test_bare_months_take_their_year_from_the_range_in_the_title_down_a_column_too(
    title: str, months: tuple[str, ...]
) -> None:
    rows = [(m, "华东", "果汁", b, 10, 90) for m in months for b in ("青禾", "山泉")]
    (block,) = taken(sheet([(title, *[None] * 5), ("月份", "区域", "品类", "品牌", "销量", "销售额"), *rows]))
    assert [m for (m,) in records(block, "month")][::2] == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_a_month_outside_the_range_in_the_title_is_of_no_year() -> None:
    rows = [(m, "华东", "果汁", "青禾", 10, 90) for m in ("11月", "12月", "1月", "5月")]
    title = ("2025年11月至2026年2月市场零售监测", *[None] * 5)
    (block,) = taken(sheet([title, ("月份", "区域", "品类", "品牌", "销量", "销售额"), *rows]))
    assert "2026-05" not in {m for (m,) in records(block, "month")}
    assert any(i.cell == "A6" for i in block.issues if i.severity == "error")


def test_english_range_across() -> None:
    rows = [("East", n, 10.0, 20.0, 30.0) for n in ("Tea", "Soda")]
    head = ("Region", "Product", "Dec", "Jan", "Feb")
    (block,) = taken(sheet([("Sales amount Dec 2025 - Feb 2026", *[None] * 4), head, *rows]))
    assert records(block, "month")[:3] == [("2025-12",), ("2026-01",), ("2026-02",)]


@pytest.mark.parametrize("text", ["10 May", "10th May", "10 May 2026"])
def test_an_english_day(text: str) -> None:
    span = parse_span(text)
    assert span is not None
    assert (span.length, span.number) == ("day", 510)


def test_decimals_that_can_only_be_months_and_days_are_days_and_shortened_ones_are_held() -> None:
    head = ("日期", "产品", "区域", "数量", "金额")
    days = (8.4, 8.15, 8.27, 8.31, 9.5, 9.16, 9.1)
    rows = [(d, f"品{n}", "华东", n, 9.5 * n) for n, d in enumerate(days, 1)]
    (block,) = taken(sheet([("2026年销售明细", *[None] * 4), head, *rows]))
    assert [d for (d,) in records(block, "date")] == [
        "2026-08-04", "2026-08-15", "2026-08-27", "2026-08-31", "2026-09-05", "2026-09-16",
    ]  # fmt: skip
    assert [i.cell for i in block.issues if i.severity == "error"] == ["A9"]
    prices = [(d, f"品{n}", "华东", n, 9.5 * n) for n, d in enumerate((8.4, 8.15, 8.99), 1)]
    (block,) = taken(sheet([("2026年销售明细", *[None] * 4), head, *prices]))
    assert not len(block.records)


def test_days_and_months_that_a_spreadsheet_swapped_are_put_back_in_a_text_file_too() -> None:
    """Saved as .csv, the cells that it took for dates are 2024-07-03 (7 March), the others are 15/03/2024 still."""
    days = ("2024-07-03", "2024-08-03", "15/03/2024", "22/03/2024", "2024-09-03", "28/03/2024")
    rows = [(d, f"品{n}", "华东", n, 9.5 * n) for n, d in enumerate(days, 1)]
    (block,) = taken(sheet([("日期", "产品", "区域", "数量", "金额"), *rows]), file="销售明细.csv")
    assert [d for (d,) in records(block, "date")] == [f"2024-03-{d:02d}" for d in (7, 8, 15, 22, 9, 28)]


LINES = ("凭证日期", "凭证号", "部门", "费用类别", "活动", "金额", "状态")


def vouchers(*days: str | dt.date, first: int = 1) -> list[tuple[object, ...]]:
    return [
        (d, f"{n:05d}", "市场部", "广告费", f"路演{n}", 100.5 * n, "已付款")
        for n, d in enumerate(days, first)
    ]


def test_early_days_beside_a_sheet_whose_days_were_exchanged_are_held() -> None:
    """The sheet of the first days shows nothing of it: all of its cells were taken for dates."""
    part = [dt.date(2026, n, 3) for n in (2, 5, 9, 11)]
    mixed = [*part[:2], "14/03/2026", "20/03/2026", part[2], "28/03/2026"]
    found = cleaned({"凭证.xlsx": [
        sheet([LINES, *vouchers(*mixed)], name="一"), sheet([LINES, *vouchers(*part, first=50)], name="二", position=1)
    ]})  # fmt: skip
    assert set(found.tables["spend"]["date"].dt.month) == {3}
    assert list(found.ledger["reason"]) == ["", "perhaps_swapped"]


def test_a_line_that_its_correction_moved_to_another_month_counts_once() -> None:
    days = [f"2026-03-{d:02d}" for d in (3, 9, 17, 21)]
    older = sheet([LINES, *vouchers("2026-02-27", *days[1:])])
    found = cleaned({"凭证.xlsx": [older], "凭证（更正版）.xlsx": [sheet([LINES, *vouchers(*days)])]})
    assert sorted(found.tables["spend"]["voucher"]) == ["00001", "00002", "00003", "00004"]
    assert set(found.tables["spend"]["date"].dt.month) == {3}


def test_what_is_corrected_does_not_stand_in_for_a_correction_that_is_held() -> None:
    days = [f"2026-03-{d:02d}" for d in (3, 9, 17, 21)]
    total = ("合计", None, None, None, None, 77.0, None)
    found = cleaned({
        "凭证.xlsx": [sheet([LINES, *vouchers(*days)])], "凭证（更正版）.xlsx": [sheet([LINES, *vouchers(*days), total])],
    })  # fmt: skip
    assert not found.tables
    assert sorted(found.ledger["reason"]) == ["correction_held", "total_mismatch"]


def test_first_days_of_months_in_a_text_file_are_months_above_a_line_of_averages_too() -> None:
    rows = [(f"2026-0{m}-01", "市场部", "差旅费", f"路演{m}", 100.0 * m) for m in (2, 3, 4)]
    average = ("平均", None, None, None, 300.0)
    (block,) = taken(
        sheet([("期间", "部门", "费用类别", "活动", "预算金额"), *rows, average]), file="预算.csv"
    )
    assert set(records(block, "period")) == {("month",)}


def test_records_across_are_not_read_without_a_row_of_theirs() -> None:
    """¥ and commas in the first row made it look like no row of figures."""
    rows = [
        ("Value", *(f"¥{n}25,453.00" for n in (1, 2, 3))), ("Month", "Nov 2025", "Dec 2025", "Jan 2026"), ("Category", *["Water"] * 3),
        ("Volume", "69551", "75465", "40707"), ("Region", *["South"] * 3), ("Brand", "Acorn", "Acorn", "Acorn"),
    ]  # fmt: skip
    found = [r for b in taken(sheet(rows), file="Market panel.csv") for r in records(b, "units", "amount")]
    assert all(amount is not None for _, amount in found)


def test_a_measure_again_beyond_a_gap_is_taken_from_neither_where_little_else_stands_there() -> None:
    head = (*LINES[:6], None, "金额", "状态", None)
    rows = [
        (*v[:6], None, 45.0 + n, "已付款", "ok")
        for n, v in enumerate(vouchers("2025-01-09", "2025-01-10", "2025-01-13", "2025-01-14"))
    ]
    assert not any(len(b.records) for b in taken(sheet([head, *rows], name="费用凭证登记表")))


def test_an_interview_that_its_correction_moved_to_another_month_counts_once() -> None:
    """7.6 becomes 8.6 in the corrected file: the same respondent with the same answers, the survey named after each file."""
    head = ("序号", "提交答卷时间", "1、总体满意度", "2、购买渠道")
    later = [(2, "2026-08-07", "满意", "电商"), (3, "2026-08-08", "一般", "商超")]
    older = sheet([head, (1, "2026-07-06", "一般", "餐饮"), *later], name="满意度调查")
    newer = sheet([head, (1, "2026-08-06", "一般", "餐饮"), *later], name="满意度调查")
    found = cleaned({"报送.xlsx": [older], "报送（更正版）.xlsx": [newer]})
    assert set(found.tables["survey"]["source_file"]) == {"报送（更正版）.xlsx"}
    assert len(found.tables["survey"]) == 6
