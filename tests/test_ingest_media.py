"""What was spent on media: channels down or across, and names across that only a total can prove."""

from __future__ import annotations

import pytest
from sheets import Rows, cleaned, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


ACROSS = [
    ("2026-01", "抖音", 10),
    ("2026-01", "小红书", 12),
    ("2026-02", "抖音", 5),
    ("2026-02", "小红书", 6),
]


@pytest.mark.parametrize("rows", [
    [["2026年媒体投放花费（元）"], ["媒体", "1月", "2月", "合计"], ["抖音", 10, 5, 15], ["小红书", 12, 6, 18], ["合计", 22, 11, 33]],
    [["2026 Media Spend by Channel (RMB)"], ["Channel", "Jan", "Feb", "Total"], ["抖音", 10, 5, 15], ["小红书", 12, 6, 18]],
    [["2026年媒体实际投放（元）"], ["平台", "1月", "2月"], ["抖音", 10, 5], ["小红书", 12, 6]],
    [["2026年广告投放花费（元）"], ["月份", "抖音", "小红书"], ["1月", 10, 12], ["2月", 5, 6]],
    [["Marketing spend 2026 (CNY)"], ["Month", "抖音", "小红书", "Total"], ["Jan", 10, 12, 22], ["Feb", 5, 6, 11]],
])  # fmt: skip
def test_media_down_or_across(rows: Rows) -> None:
    block = one(rows)
    assert block.u.table == "spend"
    assert sorted(records(block, "month", "channel", "amount")) == sorted(ACROSS)


@pytest.mark.parametrize(
    "title",
    ["2026年媒体投放费用（元）", "2026年媒体投放计划（元）", "2026 media spend plan", "2026年投放数据"],
)
def test_money_that_may_be_planned_is_no_spend(title: str) -> None:
    block = one([[title], ["渠道", "1月", "2月"], ["电梯", 10, 5], ["地铁", 12, 6]])
    assert not len(block.records)
    assert block.trouble is not None


@pytest.mark.parametrize("head", ["花费", "投放金额", "Spend", "Ad spend"])
def test_a_header_that_says_spent_stands_for_a_voucher(head: str) -> None:
    block = one([["日期", "媒体", head], ["2026-10-01", "抖音", 100], ["2026-10-03", "小红书", 200]], file="台账.xlsx")  # fmt: skip
    assert block.u.table == "spend"
    assert records(block, "channel", "amount") == [("抖音", 100), ("小红书", 200)]


@pytest.mark.parametrize("file", ["花费申请.xlsx", "投放报价.xlsx", "投放预算.xlsx"])
def test_a_header_that_says_spent_is_no_word_against_the_title(file: str) -> None:
    block = one([["日期", "媒体", "投放金额"], ["2026-10-01", "抖音", 100], ["2026-10-03", "小红书", 200]], file=file)  # fmt: skip
    assert not len(block.records)


def test_a_budget_by_media() -> None:
    block = one([["2026年媒体投放预算（元）"], ["月份", "抖音", "户外", "合计"], ["1月", 10, 12, 22], ["2月", 5, 6, 11]])  # fmt: skip
    assert block.u.table == "budget"
    assert records(block, "month", "channel", "amount")[:2] == [("2026-01", "抖音", 10), ("2026-01", "户外", 12)]  # fmt: skip


@pytest.mark.parametrize(
    "heads",
    [
        ["电视", "广播", "户外"],
        ["市场部", "销售部", "品牌部"],
        ["华东", "华南", "华北"],
        ["广告费", "差旅费", "会务费"],
    ],
)
def test_known_names_across_say_nothing_of_what_the_figures_are(heads: list[str]) -> None:
    block = one([["月份", *heads], ["2026-01", 10, 12, 9], ["2026-02", 5, 6, 7]], file="book.xlsx")
    assert not len(block.records)
    assert block.trouble is not None


def test_what_is_used_up_of_materials_is_no_money() -> None:
    block = one([["日期", "活动", "物料", "消耗"], ["2026-10-01", "国庆", "海报", 30], ["2026-10-02", "国庆", "单页", 20]], file="推广活动物料.xlsx")  # fmt: skip
    assert not len(block.records)


# ---- a name among names that nobody knows

SALES = "2026年各渠道销售额（元）"


@pytest.mark.parametrize("heads", [["天猫", "京东", "微商城"], ["微商城", "天猫", "京东"]])
def test_a_name_that_nobody_knows_holds_the_block(heads: list[str]) -> None:
    """Taken without it, its sales would be lost without a word."""
    block = one([["2026年销售额（元）"], ["月份", *heads], ["1月", 1, 2, 3], ["2月", 4, 5, 6]])
    assert block.trouble is not None
    assert block.trouble.code == "unknown_name"


@pytest.mark.parametrize("heads", [["天猫", "京东", "微商城"], ["微商城", "天猫", "京东"]])
def test_a_name_that_the_total_proves_is_one_more(heads: list[str]) -> None:
    block = one([[SALES], ["月份", *heads, "合计"], ["1月", 1, 2, 3, 6], ["2月", 4, 5, 6, 15]])
    assert records(block, "channel", "amount")[:3] == list(zip(heads, [1, 2, 3], strict=True))


@pytest.mark.parametrize("heads", [["天猫", "京东", "微商城"], ["私域", "天猫", "官网"]])
def test_names_that_the_title_announces(heads: list[str]) -> None:
    block = one([[SALES], ["月份", *heads], ["1月", 1, 2, 3], ["2月", 4, 5, 6]])
    assert records(block, "channel", "amount")[:3] == list(zip(heads, [1, 2, 3], strict=True))


@pytest.mark.parametrize(
    "heads", [["目标", "实际"], ["库存", "发货"], ["私域", "官网"], ["天猫", "销量"], ["天猫", "成本"]]
)
def test_a_title_announces_no_measures(heads: list[str]) -> None:
    """Nor names of which none is known, where no total proves them."""
    block = one([[SALES], ["月份", *heads], ["1月", 1, 2], ["2月", 4, 5]])
    assert not len(block.records)


@pytest.mark.parametrize(
    "beside", ["客单价", "订单数", "同比", "转化率", "上年", "计划", "去年同期", "Target", "平均"]
)
def test_a_measure_beside_names_is_no_name(beside: str) -> None:
    block = one([[SALES], ["月份", "天猫", "京东", beside], ["1月", 1, 2, 3], ["2月", 4, 5, 6]])
    assert block.frame["amount"].sum() == 12


def test_months_down_and_unknown_products_across_are_held_and_told() -> None:
    rows: Rows = [["2026年家电销售额（万元）"], ["月份", "电视", "音箱", "冰箱"], ["1月", 10, 12, 3], ["2月", 5, 6, 4]]  # fmt: skip
    found = cleaned({"家电.xlsx": [sheet(rows)]})
    assert not found.tables
    assert "internal" not in set(found.issues["code"])


def test_the_weekday_beside_shops_is_no_shop() -> None:
    rows: Rows = [["2026年9月门店日销售额（元）"], ["日期", "星期", "人民广场店", "中山路店"], ["9月1日", "二", 10, 20], ["9月2日", "三", 30, 40]]  # fmt: skip
    assert one(rows).frame["amount"].sum() == 100
