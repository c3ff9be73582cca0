"""Score cards, assessments and questionnaires as people fill them in."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.readers.cells import Percent
from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx", name: str = "Sheet1") -> Taken:
    (block,) = [b for b in taken(sheet(rows, name=name), file=file) if b.u.block.data]
    return block


def test_the_unit_of_a_kpi_in_its_name() -> None:
    rows: Rows = [
        ["2026年4月市场部KPI"], ["部门", "KPI指标", "目标值", "实际完成"],
        ["市场部", "销售额（万元）", 500, 480], ["市场部", "费用率（%）", 12, 11.5], ["市场部", "新开网点(家)", 30, 33], ["市场部", "拜访次数", 40, 44],
    ]  # fmt: skip
    assert records(one(rows), "kpi", "target", "actual", "unit") == [
        ("销售额", 5000000, 4800000, "CNY"), ("费用率", 0.12, 0.115, "fraction"), ("新开网点", 30, 33, "家"), ("拜访次数", 40, 44, N)
    ]  # fmt: skip


def test_a_unit_column_outranks_the_name() -> None:
    rows: Rows = [
        ["2026年4月KPI"],
        ["部门", "指标", "单位", "目标"],
        ["市场部", "销售额（万元）", "元", 500],
        ["市场部", "费用率（%）", N, 12],
    ]
    assert records(one(rows), "target", "unit") == [(500, "CNY"), (0.12, "fraction")]


@pytest.mark.parametrize("footer", [
    [["被考核人签字：", N, N, "主管签字："]],
    [["签字", N, N, N, "日期："]],
    [["编制：王芳", N, N, "审核：李强"], ["日期：2026年5月6日"]],
])  # fmt: skip
def test_lines_to_sign_are_no_data(footer: Rows) -> None:
    rows: Rows = [
        ["2026年4月KPI"],
        ["部门", "指标", "权重", "目标", "实际"],
        ["市场部", "拜访次数", 0.5, 40, 44],
        ["市场部", "场次", 0.5, 5, 6],
        *footer,
    ]
    found = fates(one(rows))
    assert {found[5 + i] for i in range(len(footer))} == {"note"}


def test_totals_of_an_assessment_are_no_dimension_of_it() -> None:
    rows: Rows = [
        ["2026年3月工作态度考核评分表"], ["姓名", "责任心", "协作性", "主动性", "总分", "平均分"],
        ["王芳", 22, 23, 20, 65, 21.67], ["李强", 20, 21, 19, 60, 20], ["平均分", 21, 22, 19.5, 62.5, 20.83],
    ]  # fmt: skip
    block = one(rows)
    assert records(block, "entity", "kpi", "actual") == [
        ("王芳", "责任心", 22), ("王芳", "协作性", 23), ("王芳", "主动性", 20), ("李强", "责任心", 20), ("李强", "协作性", 21), ("李强", "主动性", 19)
    ]  # fmt: skip
    assert fates(block)[5] == "average"


@pytest.mark.parametrize("header", ["渠道", "门店", "经销商", "团队", "责任部门"])
def test_whom_a_target_is_set(header: str) -> None:
    rows: Rows = [
        ["2026年第二季度目标"],
        [header, "指标", "单位", "目标"],
        ["甲", "销售额", "万元", 8],
        ["乙", "销售额", "万元", 9],
    ]
    assert records(one(rows), "entity", "period", "target") == [
        ("甲", "quarter", 80000),
        ("乙", "quarter", 90000),
    ]


CODED: Rows = [["序号", "Q1", "Q2", "Q3", "Q4"], [1, 1, 2, 5, 10], [2, 2, 3, 4, 7]]


def test_questions_that_look_like_quarters() -> None:
    block = one(CODED, file="2026年3月消费者调查.xlsx")
    assert block.u.table == "survey"
    assert len(block.frame) == 8
    assert list(dict.fromkeys(block.frame["question"])) == ["Q1", "Q2", "Q3", "Q4"]


def test_quarters_of_a_budget_for_surveys_stay_quarters() -> None:
    rows: Rows = [
        ["2026年消费者调查费用预算"],
        ["序号", "项目", "Q1", "Q2", "Q3", "Q4"],
        [1, "入户", 1, 2, 5, 10],
        [2, "焦点小组", 2, 3, 4, 7],
    ]
    block = one(rows)
    assert block.u.table == "budget"
    assert set(block.frame["period"]) == {"quarter"}


def test_the_person_is_assessed_and_not_the_region() -> None:
    rows: Rows = [
        ["2026年度任务分解"],
        ["区域", "姓名", "年度任务（万元）", "Q1", "Q2", "Q3", "Q4"],
        ["华东", "张伟", 8, 1, 2, 2, 3],
        ["华东", "李娜", 6, 1, 1, 2, 2],
    ]
    block = one(rows)
    assert records(block, "entity", "month", "target")[:2] == [
        ("张伟", "2026-01", 10000),
        ("张伟", "2026-04", 20000),
    ]
    assert len(block.frame) == 8


TENCENT: Rows = [
    ["编号", "开始答题时间", "结束答题时间", "答题时长", "1.您的年龄段", "2.购买渠道:天猫", "2.购买渠道:京东", "3.满意度打分"],
    [1, "2026-06-01 12:00:00", "2026-06-01 12:03:00", "3分0秒", "18-25", "天猫", N, 4], [2, "2026-06-02 12:00:00", "2026-06-02 12:05:00", "5分0秒", "26-35", "天猫", "京东", 5],
]  # fmt: skip


def test_options_that_say_their_own_names() -> None:
    block = one(TENCENT, file="用户满意度问卷结果.xlsx")
    assert records(block, "respondent", "question_no", "answer", "kind") == [
        ("1", "1", "18-25", "single"), ("1", "2", "天猫", "multiple"), ("1", "3", "4", "score"),
        ("2", "1", "26-35", "single"), ("2", "2", "天猫", "multiple"), ("2", "2", "京东", "multiple"), ("2", "3", "5", "score"),
    ]  # fmt: skip
    assert set(block.frame["date"].astype(str).str[:10]) == {"2026-06-01", "2026-06-02"}


def test_the_format_of_a_cell_says_what_percent_means() -> None:
    rows: Rows = [
        ["2026年5月渠道KPI"], ["部门", "指标", "目标（%）", "权重（%）"],
        ["渠道部", "费用率", Percent(0.012), Percent(0.4)], ["渠道部", "退货率", Percent(0.008), Percent(0.6)],
    ]  # fmt: skip
    assert records(one(rows), "target", "unit", "weight") == [
        (0.012, "fraction", 0.4),
        (0.008, "fraction", 0.6),
    ]
    plain = [[*rows[1][:2], "目标"], *[r[:3] for r in rows[2:]], ["渠道部", "拜访数", 320]]
    block = one([rows[0], *plain])
    assert records(block, "target", "unit") == [(0.012, "fraction"), (0.008, "fraction"), (320, N)]
    assert not [i for i in block.issues if i.code == "value_note"]


def test_money_shown_as_a_percentage_is_held() -> None:
    rows: Rows = [
        ["2026年5月预算"],
        ["科目", "预算金额"],
        ["广告费", Percent(0.5)],
        ["会务费", 300],
        ["差旅费", 200],
        ["物料费", 100],
    ]
    assert fates(one(rows))[3] == "bad_value"
