"""The unit of the figures, wherever and however a workbook says it: read, or held; a guess is wrong a thousandfold."""

from __future__ import annotations

import pytest
from sheets import Rows, cleaned, sheet

from mktanalytics.unit_notes import find_units, unread_scale

READ = {  # what is said: the scale it says
    "Currency: CNY 000s": 1e3, "Currency: CNY (000s)": 1e3, "Currency: CNY in thousands": 1e3, "Currency: RMB million": 1e6,
    "币种：人民币 单位：万元": 1e4, "币种：人民币（万元）": 1e4, "Currency: CNY; Unit: thousands": 1e3, "Unit: 10K RMB": 1e4,
    "Unit: CNY 10,000": 1e4, "Unit: 1,000 CNY": 1e3, "单位:10,000元": 1e4, "单位：1000元": 1e3, "单位：仟元": 1e3, "单位：萬元": 1e4,
    "unit: ten thousand yuan": 1e4, "Sales in '000": 1e3, "Sales by store - in thousands": 1e3, "Monthly sales RMB'000s": 1e3,
    "In RMB thousands unless otherwise stated": 1e3, "All values in K RMB": 1e3, "Amounts in RMB 10k": 1e4, "销售数据/万元": 1e4,
    "金额以万元计": 1e4, "以万元为单位": 1e4, "（金额：万元）": 1e4, "注：以上金额均为千元": 1e3,
    "Currency: CNY": 1, "All prices in CNY": 1, "单位：元": 1,
}  # fmt: skip
IN_DOUBT = (
    "单位：元/万元", "values x1000", "Values (x1,000)", "in 1000 RMB", "(10,000 RMB)", "RMB 10 thousand", "Sales (10k)",
    "2026年销售额万元", "Sales in 10K", "面额（1000元）", "10,000 yuan",
)  # fmt: skip
SAYS_NONE = (
    "2026年3月破百万元活动", "突破500万元", "3 million customers served", "目标1000万元以上奖励", "注：单笔超过5万元须审批",
    "满1000元减50", "Top 1000 stores in China", "活动预算不超过十万元", "Made in China 2026", "百万元俱乐部", "以旧换新", "按月计",
    "in March 2026", "Vouchers in 1000 stores", "编制单位：万达分公司",
)  # fmt: skip
HEADER = ["区域", "月份", "销售额"]
ROWS = [["华东", "2026-03", 120.5], ["华南", "2026-03", 110]]


def amounts(rows: Rows, name: str = "明细", file: str = "销售.xlsx") -> tuple[list[float], set[str]]:
    """The amounts that are read, and what is told."""
    result = cleaned({file: [sheet(rows, name=name)]})
    found = result.tables["sales"]["amount"].tolist() if "sales" in result.tables else []
    return found, set(result.issues["code"])


@pytest.mark.parametrize(("text", "scale"), READ.items(), ids=list(READ))
def test_the_unit_of_a_title_or_a_footnote_is_read(text: str, scale: float) -> None:
    units = [u.scale for u in find_units(text) if u.kind in ("money", "scale")]
    assert set(units) == {scale}
    assert not unread_scale(text)
    for rows in ([[text], HEADER, *ROWS], [HEADER, *ROWS, [text]]):
        assert amounts(rows) == ([120.5 * scale, 110 * scale], set())


def test_two_units_of_two_measures_are_both_read() -> None:
    assert [(u.kind, u.scale) for u in find_units("销量单位：件，金额单位：万元")] == [
        ("count", 1),
        ("money", 1e4),
    ]


@pytest.mark.parametrize("text", IN_DOUBT)
def test_a_unit_that_nobody_can_read_is_in_doubt(text: str) -> None:
    assert unread_scale(text)


@pytest.mark.parametrize("text", SAYS_NONE)
def test_an_amount_in_a_title_is_no_unit(text: str) -> None:
    assert not unread_scale(text)
    assert not any(u.scale > 1 for u in find_units(text))
    assert amounts([[text], HEADER, *ROWS])[0] == [120.5, 110]


@pytest.mark.parametrize(
    ("rows", "scale"),
    [
        ([["Currency: CNY"], ["Unit: thousands"], HEADER, *ROWS], 1e3),
        ([["币种：人民币", None, "单位：万元"], HEADER, *ROWS], 1e4),
        ([["单位：", "万元"], HEADER, *ROWS], 1e4),
        ([[*HEADER, None, "单位：万元"], *ROWS], 1e4),
        ([HEADER, [*ROWS[0], None, "单位：万元"], ROWS[1]], 1e4),
    ],
)
def test_the_unit_is_read_wherever_it_stands(rows: Rows, scale: float) -> None:
    assert amounts(rows)[0] == [120.5 * scale, 110 * scale]


@pytest.mark.parametrize(
    "rows",
    [
        [["单位：万元"], HEADER, *ROWS, ["注：单位：元"]],
        [["values x1000"], HEADER, *ROWS],
        [HEADER, *ROWS, ["单位：元/万元"]],
        [["Region", "Month", "Sales K"], *ROWS],
    ],
)
def test_figures_whose_unit_is_in_doubt_are_held(rows: Rows) -> None:
    assert amounts(rows) == ([], {"unread_unit"})


@pytest.mark.parametrize(
    ("name", "file"), [("销售额-万元", "销售.xlsx"), ("明细", "sales in thousands.xlsx")]
)
def test_a_unit_that_only_a_name_says_is_in_doubt(name: str, file: str) -> None:
    assert amounts([HEADER, *ROWS], name, file) == ([], {"unread_unit"})


def test_a_unit_in_the_header_settles_what_a_note_says_twice() -> None:
    rows = [["单位：元/万元"], ["区域", "月份", "销售额（万元）"], *ROWS]
    assert amounts(rows)[0] == [1_205_000, 1_100_000]
