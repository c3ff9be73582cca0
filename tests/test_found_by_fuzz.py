"""What hostile workbooks by the thousand have found, each at its smallest."""

from __future__ import annotations

import pytest
from sheets import fates, records, sheet, taken

from mktanalytics.periods import find_span

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
