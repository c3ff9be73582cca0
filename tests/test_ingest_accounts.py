"""Account books, expense matrices and questionnaires: rows that are no lines, columns that are categories, people told apart."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import Rows, fates, records, sheet, taken

N = None


def one(rows: Rows, *, name: str = "Sheet1", file: str = "book.xlsx"):  # type: ignore[no-untyped-def]
    """The only block of a sheet."""
    (block,) = taken(sheet(rows, name=name), file=file)
    return block


def day(month: int, number: int) -> dt.datetime:
    return dt.datetime(2026, month, number)  # noqa: DTZ001


# ---- rows of an account book that are no lines

BOOK = [
    ["销售费用明细账 2026年8-9月"],
    ["日期", "凭证号", "科目名称", "摘要", "借方金额"],
    [day(8, 1), N, N, "期初余额", 5000],
    [day(8, 5), "记-12", "广告费", "朋友圈", 30000],
    [day(8, 18), "记-45", "差旅费", "出差", 2300],
    [day(8, 31), N, N, "本月合计", 32300],
    [day(8, 31), N, N, "本年累计", 332300],
    [day(9, 5), "记-10", "广告费", "抖音", 10000],
    [day(9, 30), N, N, "本月合计", 10000],
    [day(9, 30), N, N, "本年累计", 342300],
]


def test_sums_and_balances_of_an_account_book_are_no_lines() -> None:
    block = one(BOOK)
    assert records(block, "voucher", "amount") == [("记-12", 30000), ("记-45", 2300), ("记-10", 10000)]
    assert [fates(block)[row] for row in (3, 6, 7, 9, 10)] == ["running", "subtotal", "running", "subtotal", "running"]  # fmt: skip


def test_a_sum_under_the_remarks_that_does_not_tie_holds_the_block() -> None:
    rows = [list(r) for r in BOOK]
    rows[5][4] = 32301
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "total_mismatch"


def test_a_numbered_line_whose_remark_is_a_sum_is_a_line() -> None:
    rows = [
        *BOOK[:2],
        [day(8, 5), "记-12", "广告费", "合计", 30000],
        [day(8, 6), "记-13", "差旅费", "出差", 1],
    ]
    assert records(one(rows), "amount") == [(30000,), (1,)]


def test_a_cumulative_row_among_labels_is_no_line() -> None:
    rows = [
        ["2026年9月费用预算"],
        ["部门", "预算金额"],
        ["市场部", 100],
        ["销售部", 50],
        ["合计", 150],
        ["本年累计", 1350],
    ]
    block = one(rows)
    assert records(block, "amount") == [(100,), (50,)]
    assert fates(block)[6] == "running"


def test_rows_that_are_all_cumulative_are_held() -> None:
    rows = [["2026年9月费用预算"], ["部门", "口径", "预算金额"], ["市场部", "本年累计", 100], ["销售部", "本年累计", 50]]  # fmt: skip
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "cumulative"


def test_a_carry_over_to_the_result_is_no_money_back() -> None:
    rows = [*BOOK[:2], BOOK[3], [day(8, 31), "记-99", "广告费", "结转本期损益", -30000], BOOK[4], BOOK[7]]
    block = one(rows)
    assert [r[0] for r in records(block, "voucher")] == ["记-12", "记-45", "记-10"]
    assert fates(block)[4] == "carried_to_result"


def test_a_year_is_no_month_of_a_voucher() -> None:
    rows = [["2026年费用台账"], ["供应商", "费用类别", "金额"], ["甲", "广告费", 100], ["乙", "展会费", 50]]
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "no_period"


# ---- kinds of expense across

MATRIX = [
    ["2026年9月各部门营销费用明细（万元）"],
    ["部门", "广告费", "差旅费", "餐补", "其他", "合计"],
    ["市场部", 12, 4.5, 1, 0.5, 18],
    ["销售部", 2, 10, 3, N, 15],
    ["合计", 14, 14.5, 4, 0.5, 33],
]


def test_kinds_of_expense_across_are_categories() -> None:
    block = one(MATRIX)
    assert records(block, "department", "category", "amount")[:2] == [
        ("市场部", "广告费", 120000),
        ("市场部", "差旅费", 45000),
    ]
    assert len(block.records) == 7
    assert block.frame["amount"].sum() == 330000


def test_kinds_of_expense_that_do_not_tie_with_their_total_are_held() -> None:
    rows = [["2026年9月各部门营销费用明细（元）"], *(list(r) for r in MATRIX[1:])]
    rows[2][5] = 19
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "total_mismatch"


def test_the_rows_of_a_long_sheet_do_not_loosen_the_total_beside_a_row() -> None:
    rows: list[list[object]] = [["2026年预算（万元）"], ["科目", "1月", "2月", "合计"]]
    rows += [[f"科目{i}", 10, 20, 30] for i in range(400)]
    rows[7][3] = 34
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.cell == "D8"


@pytest.mark.parametrize("other", ["已付费用", "预算费用", "上年同期费用", "累计费用", "人均费用"])
def test_amounts_of_another_sort_are_no_kind_of_expense(other: str) -> None:
    rows = [["2026年9月费用明细"], ["部门", "广告费", other], ["市场部", 12, 4], ["销售部", 2, 10]]
    assert not len(one(rows).records)


# ---- whose answers they are


ASKED = ["序号", "1、您的性别", "2、满意度打分"]


def test_numbers_that_begin_again_on_a_sheet_are_other_people() -> None:
    block = one([ASKED, [1, "男", 5], [2, "女", 4], [1, "女", 4], [2, "男", 3]], file="问卷.xlsx")
    assert list(block.frame["respondent"].unique()) == ["1-1", "1-2", "2-1", "2-2"]
    assert len(block.records) == 8
    assert "respondents_restart" in {i.code for i in block.issues}


def test_numbers_that_begin_again_on_the_next_sheet_are_other_people() -> None:
    first = sheet([ASKED, [1, "男", 5], [2, "女", 4], [3, "女", 3]], name="一店")
    other = sheet([ASKED, [1, "女", 4], [2, "男", 2], [3, "女", 3]], name="二店", position=1)
    blocks = taken(first, other, file="问卷.xlsx")
    assert sum(len(b.records) for b in blocks) == 12
    assert {r for b in blocks for r in b.frame["respondent"]} == {"1-1", "1-2", "1-3", "2-1", "2-2", "2-3"}


def test_one_number_on_two_interviews_is_held() -> None:
    block = one([ASKED, [1, "男", 5], [2, "女", 4], [2, "男", 4], [3, "男", 3]], file="问卷.xlsx")
    assert fates(block) == {1: "header", 2: "tidy", 3: "respondent_twice", 4: "respondent_twice", 5: "tidy"}


def test_other_questions_of_the_same_people_stay_theirs() -> None:
    first = sheet([ASKED, [1, "男", 5], [2, "女", 4]], name="一")
    other = sheet([["序号", "3、您的年龄", "4、服务打分"], [1, "20-30", 4], [2, "30-40", 2]], name="二", position=1)  # fmt: skip
    blocks = taken(first, other, file="问卷.xlsx")
    assert {r for b in blocks for r in b.frame["respondent"]} == {"1", "2"}


def test_each_row_of_a_stamped_export_is_a_respondent() -> None:
    rows = [
        ["Timestamp", "How satisfied are you with us?", "What is your age?"],
        [day(9, 1), 5, "25-34"],
        [day(9, 1), 5, "25-34"],
    ]
    block = one(rows, file="Survey (Responses).xlsx")
    assert records(block, "respondent", "answer") == [("2", "5"), ("2", "25-34"), ("3", "5"), ("3", "25-34")]
    assert "row_is_respondent" in {i.code for i in block.issues}


def test_rows_without_a_stamp_may_be_no_respondents() -> None:
    rows = [["门店", "1、满意度打分", "2、推荐打分"], ["一店", 4.2, 8.1], ["二店", 4.4, 7.9]]
    assert not len(one(rows, file="问卷.xlsx").records)
