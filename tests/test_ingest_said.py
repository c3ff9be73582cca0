"""Names that a sheet says once, for all its rows: in a title, the sheet's name or the file's."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.settings import Settings

N = None
LINES: Rows = [["日期", "产品", "销售额"], ["2026-10-01", "甲", 10], ["2026-10-02", "乙", 20]]


def regions(rows: Rows, file: str = "book.xlsx", name: str = "Sheet1") -> set[object]:
    (block,) = taken(sheet(rows, name=name), file=file)
    assert len(block.frame) == 2
    return {r[0] for r in records(block, "region")}


@pytest.mark.parametrize(("file", "name", "title"), [
    ("华东区10月销售.xlsx", "Sheet1", []),
    ("10月销售.xlsx", "华东", []),
    ("10月销售.xlsx", "Sheet1", ["华东大区2026年10月销售明细"]),
    ("10月销售.xlsx", "Sheet1", ["区域：华东", N, "制表人：王芳"]),
    ("10月销售.xlsx", "Sheet1", ["区域：华东 月份：2026年10月"]),
    ("华东10月销售.xlsx", "华东", ["华东区销售明细"]),
])  # fmt: skip
def test_the_one_region_that_is_named_holds_for_every_row(file: str, name: str, title: list[object]) -> None:
    rows = [title, *LINES] if title else LINES
    (block,) = taken(sheet(rows, name=name), file=file)
    assert records(block, "region", "product", "amount") == [("华东", "甲", 10), ("华东", "乙", 20)]
    (told,) = [i for i in block.issues if i.code == "said_name"]
    assert (told.severity, told.column, told.value) == ("info", "region", "华东")


@pytest.mark.parametrize(("file", "name", "title"), [
    ("华东华南10月销售.xlsx", "Sheet1", []),
    ("华东10月销售.xlsx", "华南", []),
    ("10月销售.xlsx", "Sheet1", ["华东商贸有限公司2026年10月销售明细"]),
    ("10月销售.xlsx", "Sheet1", ["填报区域：华东"]),
    ("East-West Trading sales.xlsx", "Sheet1", []),
])  # fmt: skip
def test_two_names_or_part_of_another_are_none(file: str, name: str, title: list[object]) -> None:
    assert regions([title, *LINES] if title else LINES, file, name) == {None}


def test_a_column_or_a_cell_that_says_otherwise_outranks_the_name() -> None:
    own = [["日期", "区域", "销售额"], ["2026-10-01", "华东", 10], ["2026-10-02", "华南", 20]]
    assert regions(own, "华东区10月销售.xlsx") == {"华东", "华南"}
    other = [["日期", "所属战区", "销售额"], ["2026-10-01", "华东", 10], ["2026-10-02", "华南", 20]]
    (block,) = taken(sheet(other), file="华东区10月销售.xlsx")
    assert "region" not in block.frame


@pytest.mark.parametrize(("title", "sheet_name", "expected"), [
    ("East Region sales October 2026", "Sheet1", "East"), ("Sales October 2026", "West", "West"),
    ("Region: North", "Sheet1", "North"),
])  # fmt: skip
def test_english_names(title: str, sheet_name: str, expected: str) -> None:
    rows = [[title], ["Date", "Product", "Revenue"], ["2026-10-01", "A", 10], ["2026-10-02", "B", 20]]
    assert regions(rows, "sales.xlsx", sheet_name) == {expected}


def test_a_department_in_the_title_of_a_budget() -> None:
    rows = [["市场部2026年费用预算"], ["科目", "1月", "2月"], ["广告费", 1, 2]]
    (block,) = taken(sheet(rows), file="预算.xlsx")
    assert records(block, "department", "category", "month", "amount") == [
        ("市场部", "广告费", "2026-01", 1), ("市场部", "广告费", "2026-02", 2)
    ]  # fmt: skip
    (block,) = taken(sheet([["2026年费用预算"], ["填报部门：财务部"], *rows[1:]]), file="预算.xlsx")
    assert "department" not in block.frame


def test_one_sheet_for_each_region() -> None:
    rows = [["2026年3月销售"], ["产品", "销售额"], ["甲", 1], ["乙", 2]]
    east, south = taken(sheet(rows, name="华东"), sheet(rows, name="华南", position=1))
    assert records(east, "region", "product", "amount") == [("华东", "甲", 1), ("华东", "乙", 2)]
    assert records(south, "region", "product", "amount") == [("华南", "甲", 1), ("华南", "乙", 2)]
    assert not [i for b in (east, south) for i in b.issues if i.severity != "info"]


SCORES: Rows = [
    ["指标", "权重", "目标", "实际", "得分"],
    ["回款率", "60%", "90%", "81%", 90],
    ["拜访次数", "40%", 10, 12, 120],
]


def test_a_score_card_for_each_person() -> None:
    books = [
        sheet([[f"{who}2026年3月绩效考核表"], *SCORES], name=who, position=i)
        for i, who in enumerate(("张三", "李四"))
    ]
    blocks = taken(*books, file="3月KPI考核.xlsx")
    assert [records(b, "entity", "kpi", "weight", "target", "actual") for b in blocks] == [
        [(who, "回款率", 0.6, 0.9, 0.81), (who, "拜访次数", 0.4, 10, 12)] for who in ("张三", "李四")
    ]  # fmt: skip


def test_whom_a_score_card_is_about_as_a_pair() -> None:
    rows = [["绩效考核表"], ["姓名：张三", N, "部门：市场部", "考核期间：2026年3月"], *SCORES]
    (block,) = taken(sheet(rows), file="KPI.xlsx")
    assert records(block, "entity", "entity_level", "month")[0] == ("张三", "person", "2026-03")
    english: Rows = [
        ["Scorecard March 2026"],
        ["Employee: Ann Lee"],
        ["KPI", "Weight", "Target", "Actual"],
        ["Visits", "100%", 10, 12],
    ]
    (block,) = taken(sheet(english), file="kpi.xlsx")
    assert records(block, "entity", "entity_level", "target", "actual") == [("Ann Lee", "person", 10, 12)]


def test_a_score_card_of_nobody_is_held() -> None:
    (block,) = taken(sheet([["2026年3月绩效考核表"], *SCORES], name="绩效考核表"), file="KPI.xlsx")
    assert block.trouble is not None
    assert block.trouble.code == "missing_columns"


def test_brand_blocks_side_by_side() -> None:
    rows = [
        ["甲品牌 2026年3月销售（万元）", N, N, "乙品牌 2026年3月销售（元）"],
        ["区域", "销售额", N, "区域", "销售额"],
        ["华东", 1, N, "华东", 3],
        ["华南", 2, N, "华南", 4],
    ]
    left, right = taken(sheet(rows))
    assert records(left, "brand", "region", "amount") == [("甲", "华东", 10000), ("甲", "华南", 20000)]
    assert records(right, "brand", "region", "amount") == [("乙", "华东", 3), ("乙", "华南", 4)]
    (lone,) = taken(sheet([["甲品牌 2026年3月销售"], *[r[:2] for r in rows[1:]]]))
    assert "brand" not in lone.frame
    (own,) = taken(
        sheet([["甲品牌 2026年3月销售"], *[r[:2] for r in rows[1:]]]), settings=Settings(own_brands=("甲",))
    )
    assert {r[0] for r in records(own, "brand")} == {"甲"}


@pytest.mark.parametrize(
    "made", ["导出时间：2026-09-30 10:23:11", "制表日期:2026年9月30日", "Exported on 30 September 2026"]
)
def test_the_day_a_sheet_was_made_is_no_period(made):
    lines = [(made,), ("区域", "销售额"), ("华东", 10), ("华南", 11)]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert block.trouble.code == "no_period"
    (block,) = taken(sheet([(f"2026年8月销售 {made}",), *lines[1:]]), file="a.xlsx")
    assert records(block, "month", "period")[0] == ("2026-08", "month")


def test_the_current_period_is_the_one_of_the_title():
    lines = [
        ("2026年8月销售（元）",),
        ("区域", "本期销售额", "上年同期销售额"),
        ("华东", 10, 9),
        ("华南", 11, 8),
    ]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert records(block, "month", "amount") == [("2026-08", 10), ("2026-08", 11)]


def test_dates_under_merges_and_beside_totals_are_dates():
    lines = [
        ("日期", "客户", "金额"),
        ("2026-09-02", "甲", 1),
        (None, "甲", 2),
        ("小计", None, 3),
        ("2026-09-03", "乙", 4),
        (None, "乙", 5),
        ("小计", None, 9),
        ("合计", None, 12),
    ]
    (block,) = taken(sheet(lines, merges=((2, 1, 3, 1), (5, 1, 6, 1))), file="销售.xlsx")
    assert records(block, "date", "amount") == [
        ("2026-09-02", 1),
        ("2026-09-02", 2),
        ("2026-09-03", 4),
        ("2026-09-03", 5),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "查询日期：2026-07-01~2026-07-31",
        "查询时间：2026-07-01 00:00 至 2026-07-31 23:59",
        "查询日期：2026-07-01 ~ 2026-07-31",
    ],
)
def test_days_from_and_to_that_were_asked_for_are_the_period(title):
    lines = [(title,), ("区域", "销售额"), ("华东", 10), ("华南", 11)]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert records(block, "month", "period")[0] == ("2026-07", "month")


def test_a_column_of_days_that_nobody_knows_is_named_where_there_is_no_period():
    lines = [("到仓日期", "客户", "销售额"), ("2026-07-03", "甲", 10), ("2026-07-04", "乙", 11)]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert (block.trouble.code, block.trouble.cell) == ("nearly_named", "A1")
