"""Shapes that marketing departments send every month: spend lists, shares, weeks, halves, ticked questionnaires."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(
    rows: Rows, *, file: str = "book.xlsx", merges: list[tuple[int, int, int, int]] | None = None
) -> Taken:
    (block,) = taken(sheet(rows, merges=merges or []), file=file)
    return block


# ---- spend without vouchers


@pytest.mark.parametrize(
    "file", ["3月费用明细.xlsx", "市场部3月费用.xlsx", "2026年3月支出流水.xlsx", "March expenses.xlsx"]
)
def test_words_stand_for_vouchers(file: str) -> None:
    block = one(
        [["日期", "部门", "金额"], ["2026-03-01", "市场部", 10], ["2026-03-02", "市场部", 20]], file=file
    )
    assert block.u.table == "spend"
    assert records(block, "date", "department", "amount") == [
        ("2026-03", "市场部", 10),
        ("2026-03-02", "市场部", 20),
    ]


@pytest.mark.parametrize(
    "file",
    ["费用申请.xlsx", "费用标准.xlsx", "费用计划.xlsx", "合同支出.xlsx", "Expense request.xlsx", "book.xlsx"],
)
def test_money_that_was_not_spent_is_no_spend(file: str) -> None:
    block = one(
        [["日期", "部门", "金额"], ["2026-03-01", "市场部", 10], ["2026-03-02", "市场部", 20]], file=file
    )
    assert not len(block.frame)


# ---- shares


@pytest.mark.parametrize("rows", [
    [["2026年市场份额"], ["月份", "青禾", "云朵"], ["1月", "31.2%", "68.8%"], ["2月", "30%", "70%"]],
    [["2026年市场占有率"], ["月份", "青禾", "云朵"], ["1月", 0.312, 0.688], ["2月", 0.3, 0.7]],
    [["Market share 2026"], ["Month", "青禾", "云朵"], ["Jan", "31.2%", "68.8%"], ["Feb", "30%", "70%"]],
])  # fmt: skip
def test_shares_of_brands_across(rows: Rows) -> None:
    block = one(rows)
    assert block.u.table == "market"
    assert records(block, "month", "brand", "value_share") == [
        ("2026-01", "青禾", 0.312), ("2026-01", "云朵", 0.688), ("2026-02", "青禾", 0.3), ("2026-02", "云朵", 0.7)
    ]  # fmt: skip
    assert "amount" not in block.frame


def test_shares_by_year() -> None:
    block = one([["市场份额"], ["品牌", "2024年", "2025年"], ["甲", "10%", "20%"], ["乙", "90%", "80%"]])
    assert records(block, "brand", "month", "period", "value_share")[:2] == [
        ("甲", "2024-01", "year", 0.1),
        ("甲", "2025-01", "year", 0.2),
    ]


@pytest.mark.parametrize("title", ["2026年市场规模及市场份额", "2026年市场数据"])
def test_shares_or_amounts_nobody_can_tell(title: str) -> None:
    block = one([[title], ["月份", "青禾", "云朵"], ["1月", 31, 69], ["2月", 30, 70]])
    assert not len(block.frame)


# ---- pivots


PIVOT: Rows = [
    ["2026年3月销售额"], ["区域", "省份", "销售额"],
    ["华东", N, 30], [N, "上海", 10], [N, "江苏", 20], ["华南", N, 70], [N, "广东", 40], [N, "广西", 30], ["总计", N, 100],
]  # fmt: skip


def test_rows_that_name_a_group_and_sum_it_up() -> None:
    block = one(PIVOT)
    assert records(block, "region", "province", "amount") == [
        ("华东", "上海", 10), ("华东", "江苏", 20), ("华南", "广东", 40), ("华南", "广西", 30)
    ]  # fmt: skip
    assert {r: f for r, f in fates(block).items() if f not in ("tidy", "title", "header")} == {
        3: "subtotal",
        6: "subtotal",
        9: "total",
    }
    repeated = [[r[0] or ("华东" if i < 5 else "华南"), *r[1:]] if i > 1 else r for i, r in enumerate(PIVOT)]
    assert records(one(repeated), "region", "amount") == records(block, "region", "amount")


def test_three_levels_and_several_measures() -> None:
    rows: Rows = [
        ["Sales March 2026"], ["Region", "Province", "Product", "Units", "Revenue"],
        ["East", N, N, 6, 60], [N, "Shanghai", N, 3, 30], [N, N, "A", 1, 10], [N, N, "B", 2, 20], [N, "Jiangsu", N, 3, 30], [N, N, "A", 3, 30],
        ["West", N, N, 4, 40], [N, "Sichuan", N, 4, 40], [N, N, "A", 4, 40], ["Grand Total", N, N, 10, 100],
    ]  # fmt: skip
    assert records(one(rows), "region", "province", "product", "units", "amount") == [
        ("East", "Shanghai", "A", 1, 10), ("East", "Shanghai", "B", 2, 20), ("East", "Jiangsu", "A", 3, 30), ("West", "Sichuan", "A", 4, 40)
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", [31, 29])
def test_groups_that_do_not_tie_are_held(wrong: float) -> None:
    rows = [*PIVOT[:2], ["华东", N, wrong], *PIVOT[3:]]
    for block in (one(rows), one(rows[:-1])):
        assert not len(block.frame)
        assert block.trouble is not None


# ---- spans


def test_weeks_across_are_weeks() -> None:
    block = one([["2026年周销售额"], ["区域", "第35周", "W36"], ["华东", 1, 2]])
    assert records(block, "month", "period", "amount") == [
        ("2026-08-24", "week", 1),
        ("2026-08-31", "week", 2),
    ]


def test_weeks_without_a_year_or_over_new_year_are_held() -> None:
    for rows in (
        [["周销售额"], ["区域", "第35周", "第36周"], ["华东", 1, 2]],
        [["2026年周销售额"], ["区域", "W52", "W1"], ["华东", 1, 2]],
    ):
        assert not len(one(rows).frame)


def test_halves_across() -> None:
    block = one(
        [["2026年预算"], ["部门", "科目", "上半年", "下半年", "合计"], ["市场部", "广告", 1, 2, 3]],
        file="预算.xlsx",
    )
    assert records(block, "month", "period", "amount") == [("2026-01", "half", 1), ("2026-07", "half", 2)]
    block = one([["Sales value 2026"], ["Region", "H1", "H2", "Total"], ["East", 1, 2, 3]])
    assert records(block, "month", "period", "amount") == [("2026-01", "half", 1), ("2026-07", "half", 2)]


# ---- questionnaires

CHOSEN = [("1", "超市"), ("1", "便利店"), ("2", "电商")]


@pytest.mark.parametrize("rows", [
    [["序号", "2、渠道(超市)", "2、渠道(电商)", "2、渠道(便利店)"], [1, 1, 0, 1], [2, 0, 1, 0]],
    [["序号", "2、渠道（超市）", "2、渠道（电商）", "2、渠道（便利店）"], [1, "√", N, "√"], [2, N, "√", N]],
    [["序号", "第2题(超市)", "第2题(电商)", "第2题(便利店)"], [1, "√", N, "√"], [2, N, "√", N]],
    [["序号", "第2题(超市)", "第2题(电商)", "第2题(便利店)"], [1, 1, -1, 1], [2, -1, 1, -1]],
])  # fmt: skip
def test_ticked_options_are_answers_of_one_question(rows: Rows) -> None:
    block = one(rows, file="问卷.xlsx")
    assert records(block, "respondent", "answer") == CHOSEN
    assert set(block.frame["kind"]) == {"multiple"}
    assert block.frame["question"].nunique() == 1


def test_scores_in_brackets_are_no_options() -> None:
    rows: Rows = [["序号", "2、评分(价格)", "2、评分(质量)"], [1, 1, 5], [2, 0, 4]]
    assert records(one(rows, file="满意度问卷.xlsx"), "respondent", "question", "score") == [
        ("1", "评分(价格)", 1), ("1", "评分(质量)", 5), ("2", "评分(价格)", 0), ("2", "评分(质量)", 4)
    ]  # fmt: skip


@pytest.mark.parametrize("merges", [[(1, 3, 1, 5)], []])
def test_a_matrix_question_is_named_once(merges: list[tuple[int, int, int, int]]) -> None:
    rows: Rows = [
        ["序号", "1、性别", "2、您对以下各项的满意度", N, N, "3、推荐可能性（0-10分）"], [N, N, "价格", "质量", "服务", N], [1, "男", 5, 4, 3, 9], [2, "女", 3, 4, 5, 8],
    ]  # fmt: skip
    block = one(rows, file="满意度调查.xlsx", merges=merges)
    assert records(block, "respondent", "gender", "question", "score")[:4] == [
        ("1", "男", "您对以下各项的满意度 价格", 5), ("1", "男", "您对以下各项的满意度 质量", 4),
        ("1", "男", "您对以下各项的满意度 服务", 3), ("1", "男", "推荐可能性（0-10分）", 9),
    ]  # fmt: skip


def test_a_matrix_without_its_items_is_held() -> None:
    block = one(
        [
            ["序号", "1、性别", "2、满意度", N, "3、推荐可能性（0-10分）"],
            [1, "男", 5, 4, 9],
            [2, "女", 3, 4, 8],
        ],
        file="满意度调查.xlsx",
    )
    assert block.trouble is not None
    assert (block.trouble.code, block.trouble.cell) == ("nameless_column", "D1")
    assert fates(block)[2] == "nameless_column"
