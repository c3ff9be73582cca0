"""Rows that sum up or average others where nothing can be added up: prices, shares, interviews."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

DAY = "2026-03-05"
PRICES = [
    ["品牌", "产品", "渠道", "日期", "价格"],
    ["甲", "甲水", "天猫", DAY, 10],
    ["乙", "乙水", "天猫", DAY, 12],
    ["丙", "丙水", "天猫", DAY, 17],
]
SHARES = [
    ["品牌", "市场份额", "月份"],
    ["甲", "30%", "2026-03"],
    ["乙", "25%", "2026-03"],
    ["丙", "45%", "2026-03"],
]


def last(rows: Rows, name: str) -> str:
    """What became of the last row, where all others are records."""
    (block,) = taken(sheet(rows, name=name))
    assert sorted(set(block.records.rows)) == list(range(1, len(rows) - 1))
    return fates(block)[len(rows)]


@pytest.mark.parametrize(
    ("labels", "price", "fate"),
    [
        (["合计", "合计", "天猫", DAY], 39, "total"),
        (["Total", "Total", "天猫", DAY], 39, "total"),
        (["合计", "合计", "天猫", DAY], 13, "unproved_summary"),  # what it is of, nobody knows
        (["平均", "平均", "天猫", DAY], 13, "average"),
        (["Average", "Average", "天猫", DAY], 13, "average"),
        (["平均", "平均", "天猫", DAY], 12, "unproved_summary"),
        (["甲", "小计", "天猫", DAY], 10, "unproved_summary"),
        (["甲", "平均", "天猫", DAY], 10, "unproved_summary"),
    ],
)
def test_a_row_that_sums_up_prices_is_no_price(labels: list[object], price: float, fate: str) -> None:
    assert last([*PRICES, [*labels, price]], "竞品价格") == fate


def test_the_mean_of_shares_is_no_brand() -> None:
    assert last([*SHARES, ["平均", "33.3%", "2026-03"]], "市场份额") == "average"


def test_the_whole_market_is_one_of_its_brands() -> None:
    (block,) = taken(sheet([*SHARES, ["合计", "100%", "2026-03"]], name="市场份额"))
    assert records(block, "brand", "value_share")[-1] == ("合计", 1.0)


@pytest.mark.parametrize("labels", [["总体", "女"], ["总分", "女"], ["女", "小计"], ["9", "平均"]])
def test_a_row_that_sums_up_interviews_is_none(labels: list[object]) -> None:
    rows = [["受访者", "性别", "Q1.满意度(1-10)", "Q2.推荐意愿"], ["a1", "男", 8, 9], ["a2", "女", 7, 10], ["a3", "男", 9, 8]]  # fmt: skip
    assert last([*rows, [*labels, 8, 9]], "问卷") == "no_interview"


RATES = [
    ["指标", "部门", "月份", "目标值"],
    ["毛利率", "甲", "2026-03", "32%"],
    ["毛利率", "乙", "2026-03", "28%"],
]


@pytest.mark.parametrize(
    ("unit", "total", "fate"),
    [
        ("%", "30%", "unproved_summary"),
        ("%", "60%", "total"),
        ("%", "61%", "total_mismatch"),
        ("", 45, "total"),
    ],
)
def test_a_total_of_rates_is_proved_to_their_last_digit(unit: str, total: object, fate: str) -> None:
    rows = [[*r[:3], r[3] if unit else 20 + i] for i, r in enumerate(RATES[1:], 2)]
    (block,) = taken(sheet([RATES[0], *rows, ["毛利率", "合计", "2026-03", total]], name="KPI目标"))
    assert fates(block)[4] == fate


def test_a_mean_of_returns_holds_its_own_row_only() -> None:
    rows = [["渠道", "月份", "目标 ROI"], ["天猫", "2026-03", 3.2], ["京东", "2026-03", 2.8], ["合计", "2026-03", 3.0]]  # fmt: skip
    assert last(rows, "目标") == "unproved_summary"
