"""Figures of a whole year beside its parts, budgets of the year in the report of a month, and departments across."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(
    rows: Rows, *, file: str = "book.xlsx", merges: list[tuple[int, int, int, int]] | None = None
) -> Taken:
    (block,) = taken(sheet(rows, merges=merges or []), file=file)
    return block


def codes(block: Taken) -> set[str]:
    return {i.code for i in block.issues}


QUARTERS = [("2026-01", 20), ("2026-04", 30), ("2026-07", 25), ("2026-10", 25)]


@pytest.mark.parametrize("heads", [
    ["年度目标", "一季度", "二季度", "三季度", "四季度"], ["年度目标", "Q1目标", "Q2目标", "Q3目标", "Q4目标"], ["全年任务", "1季度任务", "2季度任务", "3季度任务", "4季度任务"],
    ["Annual target", "Q1 target", "Q2 target", "Q3 target", "Q4 target"],
])  # fmt: skip
def test_the_parts_of_a_year_are_taken_and_the_year_proves_them(heads: list[str]) -> None:
    rows: Rows = [
        ["2026年销售目标（元）"],
        ["区域", *heads],
        ["华东", 100, 20, 30, 25, 25],
        ["华南", 80, 20, 20, 20, 20],
    ]
    block = one(rows)
    assert records(block, "month", "target")[:4] == QUARTERS
    assert "year_unread" not in codes(block)
    wrong = one([*rows[:2], ["华东", 101, 20, 30, 25, 25], rows[3]])
    assert wrong.trouble is not None
    assert (wrong.trouble.code, wrong.trouble.cell) == ("total_mismatch", "B3")


def test_the_year_beside_some_of_its_parts_is_told() -> None:
    block = one([["2026年销售目标完成（元）"], ["区域", "年度目标", "Q1目标", "Q1实际", "Q2目标", "Q2实际"], ["华东", 100, 20, 21, 30, 29], ["华南", 80, 20, 19, 20, 22]])  # fmt: skip
    assert records(block, "month", "target", "actual")[:2] == [("2026-01", 20, 21), ("2026-04", 30, 29)]
    assert [(i.code, i.cell) for i in block.issues] == [("year_unread", "B2")]


@pytest.mark.parametrize(
    ("year", "parts", "taken_"),
    [(40, (36, 37, 38, 40), True), (38, (38, 37, 39, 38), True), (45, (36, 37, 38, 40), False)],
)
def test_the_year_of_a_rate_is_its_end_or_its_mean(year: int, parts: tuple[int, ...], taken_: bool) -> None:
    rows: Rows = [["2026年KPI目标"], ["部门", "KPI", "单位", "全年目标", "Q1", "Q2", "Q3", "Q4"], ["市场部", "知晓度", "%", year, *parts], ["市场部", "活动", "场", 12, 3, 3, 3, 3]]  # fmt: skip
    assert bool(len(one(rows).records)) == taken_


# ---- of the year, of the month and so far, on one sheet


@pytest.mark.parametrize(("title", "heads"), [
    ("2026年10月预算执行（元）", ["科目", "年度预算", "本月预算", "本月实际", "累计预算", "累计实际", "执行率"]),
    ("2026年10月预算执行（元）", ["科目", "全年预算", "10月预算", "10月实际", "1-10月累计预算", "1-10月累计实际", "执行率"]),
    ("Budget tracking October 2026 (CNY)", ["Category", "Annual budget", "Month budget", "Month actual", "YTD budget", "YTD actual", "Execution rate"]),
])  # fmt: skip
def test_the_month_is_taken_and_the_rest_is_told(title: str, heads: list[str]) -> None:
    block = one([[title], heads, ["广告费", 120, 10, 9, 100, 95, "95%"], ["差旅费", 12, 1, 1, 10, 9, "90%"]])
    assert block.u.table == "budget"
    assert records(block, "month", "period", "amount", "actual_amount") == [
        ("2026-10", "month", 10, 9),
        ("2026-10", "month", 1, 1),
    ]
    told = {i.cell for i in block.issues if i.severity == "warning"}
    assert told == {"B2", "E2", "F2"}


@pytest.mark.parametrize("beside", ["本月发生", "实际", "10月实际支出"])
def test_a_budget_of_the_year_in_the_report_of_a_month(beside: str) -> None:
    """What stands beside it may be of the month: it is told, and is no part of the year's record."""
    block = one([["2026年10月预算执行（元）"], ["科目", "年度预算", beside, "执行率"], ["广告费", 120, 9, "79%"], ["差旅费", 12, 1, "75%"]])  # fmt: skip
    if block.trouble is None:
        assert records(block, "month", "period", "amount", "actual_amount") == [
            ("2026-01", "year", 120, N),
            ("2026-01", "year", 12, N),
        ]
        assert [(i.code, i.cell) for i in block.issues] == [("unmapped_measure", "C2")]
    else:
        assert block.trouble.code == "another_span"


def test_the_month_and_what_it_adds_up_to_are_no_two_kpis() -> None:
    rows: Rows = [["2026年10月销售目标完成（元）"], ["区域", "年度目标", "本月目标", "本月实际", "累计目标", "累计实际"], ["华东", 120, 10, 9, 100, 95], ["华南", 60, 5, 6, 50, 48]]  # fmt: skip
    block = one(rows)
    assert records(block, "entity", "month", "target", "actual") == [("华东", "2026-10", 10, 9), ("华南", "2026-10", 5, 6)]  # fmt: skip
    assert "kpi" not in block.frame


# ---- departments and regions across


def test_departments_that_the_title_announces() -> None:
    rows: Rows = [["2026年各部门预算（元）"], ["费用项目", "市场部", "华东销售", "电商组"], ["广告费", 10, 20, 30], ["差旅费", 1, 2, 3]]  # fmt: skip
    block = one(rows)
    assert records(block, "department", "amount")[:3] == [("市场部", 10), ("华东销售", 20), ("电商组", 30)]


@pytest.mark.parametrize("beside", ["上年", "去年同期", "计划", "本月实际", "Last year"])
def test_what_is_of_another_year_is_no_department(beside: str) -> None:
    block = one([["2026年各部门预算（元）"], ["费用项目", "市场部", "销售部", beside], ["广告费", 10, 20, 30], ["差旅费", 1, 2, 3]])  # fmt: skip
    assert set(block.frame.get("department", ())) <= {"市场部", "销售部"}


@pytest.mark.parametrize("rows", [
    [["2026年10月各部门目标"], ["指标", "单位", "市场部", "销售部"], ["活动", "场", 10, 20], ["新增客户", "个", 1, 2]],
    [["2026年10月目标"], ["指标", "单位", "市场部", N, "销售部", N], [N, N, "目标", "实际", "目标", "实际"], ["活动", "场", 10, 9, 20, 21], ["新增客户", "个", 1, 2, 2, 4]],
])  # fmt: skip
def test_targets_of_departments_across(rows: Rows) -> None:
    merges = [(2, 3, 2, 4), (2, 5, 2, 6)] if len(rows) == 5 else []
    block = one(rows, merges=merges)
    assert block.u.table == "targets"
    assert sorted(records(block, "entity", "kpi", "target")) == [
        ("市场部", "新增客户", 1), ("市场部", "活动", 10), ("销售部", "新增客户", 2), ("销售部", "活动", 20)
    ]  # fmt: skip


def test_tasks_of_regions_across_are_targets_and_no_sales() -> None:
    block = one([["2026年销售任务（元）"], ["月份", "华东", "华南", "合计"], ["1月", 10, 20, 30], ["2月", 1, 2, 3]])  # fmt: skip
    assert block.u.table == "targets"
    assert records(block, "month", "entity", "target")[:2] == [("2026-01", "华东", 10), ("2026-01", "华南", 20)]  # fmt: skip


@pytest.mark.parametrize(
    "title", ["2026年10月各部门考核得分", "2026年10月各部门KPI完成", "2026年10月各部门考核"]
)
def test_scores_of_departments_across_are_no_targets(title: str) -> None:
    block = one([[title], ["指标", "市场部", "销售部"], ["工作态度", 90, 95], ["协作", 80, 85]])
    assert block.u.table != "targets" or not len(block.records)


def test_the_total_under_a_quarter_is_of_its_months() -> None:
    rows: Rows = [
        ["2026年销售目标分解（万元）"],
        ["区域", "年度目标", "第一季度", N, N, N, "第二季度", N, N, N],
        [N, N, "1月", "2月", "3月", "小计", "4月", "5月", "6月", "小计"],
        ["华东", 21, 1, 2, 3, 6, 4, 5, 6, 15], ["华南", 42, 2, 4, 6, 12, 8, 10, 12, 30],
    ]  # fmt: skip
    merges = [(2, 3, 2, 6), (2, 7, 2, 10)]
    block = one(rows, merges=merges)
    assert block.frame["target"].sum() == 630_000
    rows[3][5] = 26  # type: ignore[index]
    wrong = one(rows, merges=merges)
    assert wrong.trouble is not None
    assert (wrong.trouble.code, wrong.trouble.cell) == ("total_mismatch", "F4")
