"""What is taken for none of our tables though its columns fit: payroll, loans, debts, headcounts, revenue budgets."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None
LINES = [("2026-03-02", "R01", "市场部", "差旅费", 120.0), ("2026-03-09", "R02", "市场部", "会议费", 80.0)]
MONTHS: Rows = [("部门", "1月", "2月"), ("市场部", 20, 21), ("销售部", 60, 62)]


def one(rows: Rows, *, file: str = "book.xlsx", name: str = "Sheet1") -> Taken:
    (block,) = taken(sheet(rows, name=name), file=file)
    return block


def word(block: Taken, code: str = "other_kind") -> str:
    assert not len(block.records)
    assert block.trouble is not None
    assert block.trouble.code == code
    return str(block.trouble.words["word"])


@pytest.mark.parametrize(
    ("file", "about"),
    [
        ("费用及员工借款.xlsx", "借款"), ("报销人员花名册.xlsx", "花名册"), ("3月费用应付账款.xlsx", "应付"),
        ("Marketing expenses payable.xlsx", "payable"), ("Expense loans of staff.xlsx", "loans"), ("费用工资表（含预算）.xlsx", "工资"),
    ],
)  # fmt: skip
def test_the_last_thing_a_name_says_is_what_the_sheet_is_about(file: str, about: str) -> None:
    assert word(one([("日期", "凭证号", "部门", "费用科目", "金额"), *LINES], file=file)) == about


@pytest.mark.parametrize(
    "file",
    ["工资费用明细.xlsx", "招聘费用.xlsx", "会议室租赁费用支出.xlsx", "费用明细（含工资）.xlsx", "Spend on exhibition bookings.xlsx", "员工借款报销明细.xlsx"],
)  # fmt: skip
def test_what_is_spent_on_it_is_spend(file: str) -> None:
    block = one([("日期", "凭证号", "部门", "费用科目", "金额"), *LINES], file=file)
    assert records(block, "amount") == [(120.0,), (80.0,)]


def test_the_nearest_name_decides() -> None:
    head = ("日期", "凭证号", "部门", "费用科目", "金额")
    assert len(one([("3月费用明细", N, N, N, N), head, *LINES], file="工资.xlsx").records) == 2
    assert word(one([("员工借款登记", N, N, N, N), head, *LINES], file="费用.xlsx")) == "借款"


@pytest.mark.parametrize("beside", [("未还金额", "已还金额"), ("逾期天数", "到期日"), ("应发数", "个税")])
def test_two_headers_of_another_kind_of_sheet(beside: tuple[str, str]) -> None:
    rows = [(*line, 10.0 * n, 5.0) for n, line in enumerate(LINES, 1)]
    block = one([("日期", "凭证号", "部门", "费用科目", "金额", *beside), *rows], file="3月费用.xlsx")
    assert word(block) == "、".join(beside)
    single = [(*line, 10.0 * n) for n, line in enumerate(LINES, 1)]
    block = one([("日期", "凭证号", "部门", "费用科目", "金额", beside[0]), *single], file="3月费用.xlsx")
    assert len(block.records) == 2


@pytest.mark.parametrize(
    ("file", "about"),
    [
        ("2026年人员编制预算.xlsx", "人员编制"), ("2026年销售收入预算.xlsx", "销售收入"), ("2026年回款预算.xlsx", "回款"),
        ("Revenue budget 2026.xlsx", "Revenue"), ("Headcount budget 2026.xlsx", "Headcount"),
    ],
)  # fmt: skip
def test_a_budget_of_no_expense_is_no_budget(file: str, about: str) -> None:
    assert word(one(MONTHS, file=file), "foreign") == about


@pytest.mark.parametrize(
    "file", ["2026年预算.xlsx", "2026年费用预算编制表.xlsx", "2026年收入与费用预算.xlsx", "Marketing budget 2026.xlsx"]
)  # fmt: skip
def test_a_budget_of_expenses_is_one(file: str) -> None:
    assert len(one(MONTHS, file=file).records) == 4


@pytest.mark.parametrize("income", ["销售收入", "减：销售额", "毛利", "Net sales", "Gross profit"])
def test_income_among_expenses_holds_the_block(income: str) -> None:
    rows: Rows = [("项目", "1月", "2月"), (income, 900, 950), ("广告费", 20, 21), ("差旅费", 6, 5)]
    block = one(rows, file="2026年预算.xlsx")
    assert block.trouble is not None
    assert block.trouble.code == "income_among"


def test_telephones_beside_the_answers_make_no_contact_list() -> None:
    head = ("序号", "手机号", "邮箱", "1、总体满意度", "2、购买渠道")
    block = one([head, (1, N, N, "满意", "电商"), (2, N, N, "一般", "商超")], file="满意度调查.xlsx")
    assert block.table is not None
    assert block.table.name == "survey"
    assert len(block.records) == 4


def test_targets_of_several_units_need_their_kpi() -> None:
    head = ("部门", "关键结果", "目标值", "进度")
    rows = [("市场部", "曝光3000万", "3000万", "1200万"), ("市场部", "转化率25%", "25%", "21%")]
    block = one([head, *rows], file="2026年第四季度目标.xlsx")
    assert block.trouble is not None
    assert block.trouble.code == "kpi_unknown"


@pytest.mark.parametrize("head", [
    ["大区", "保底目标", "挑战目标"], ["大区", "基本目标", "奋斗目标"], ["Region", "Base target", "Stretch target"],
])  # fmt: skip
def test_tiers_of_one_target_are_no_kpis(head: list[str]) -> None:
    block = one([["2026年销售目标分解"], head, ["华东", 1000, 1200], ["华南", 800, 900]])
    assert block.trouble is not None and block.trouble.code == "target_tiers"


def test_kpis_across_are_no_tiers() -> None:
    block = one([["2026年目标"], ["大区", "销售额", "新客户数"], ["华东", 1000, 12], ["华南", 800, 9]])
    assert block.trouble is None and len(block.frame) == 4
