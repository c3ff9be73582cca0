"""Account books, expense matrices and questionnaires: rows that are no lines, columns that are categories, people told apart."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import Rows, cleaned, fates, records, sheet, taken

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


def test_a_second_header_row_is_no_respondent() -> None:
    second = ["编号", "您的性别", "整体满意度"]
    block = one([["id", "Q1", "Q2"], second, [1, "男", 5], [2, "女", 4]], file="survey.xlsx")
    assert block.trouble is not None
    assert block.trouble.code == "second_header"
    assert block.trouble.cell == "A2"


def test_variables_of_a_coded_export_are_questions() -> None:
    rows = [["RespID", "Weight", "Q1_Gender", "Q9_NPS"], [1001, 1.1, 1, 9], [1002, 0.9, 2, 7]]
    block = one(rows, file="brand survey 2026.xlsx")
    assert records(block, "respondent", "sample_weight", "question", "score")[1] == ("1001", 1.1, "Q9_NPS", 9)


# ---- targets and budgets


def test_each_kpi_across_has_its_own_unit() -> None:
    rows = [
        ["2026年9月目标"],
        ["姓名", "销售额（万元）", "新客户数（个）", "回款率"],
        ["王磊", 100, 10, "90%"],
    ]
    assert records(one(rows), "kpi", "target", "unit") == [
        ("销售额", 1000000, "CNY"), ("新客户数", 10, "个"), ("回款率", 0.9, "fraction")
    ]  # fmt: skip


def test_target_and_actual_under_each_kpi() -> None:
    rows = [
        ["2026年9月绩效考核汇总"],
        ["姓名", "部门", "销售额（万元）", N, N, "新客户数（个）", N, N],
        [N, N, "目标", "实际", "得分", "目标", "实际", "得分"],
        ["王磊", "销售一部", 100, 95, 95, 10, 12, 100],
        ["李娜", "销售二部", 80, 88, 100, 8, 6, 75],
    ]
    merges = [(2, 3, 2, 5), (2, 6, 2, 8), (2, 1, 3, 1), (2, 2, 3, 2)]
    (block,) = taken(sheet(rows, merges=merges))
    assert records(block, "entity", "kpi", "target", "actual", "unit") == [
        ("王磊", "销售额", 1000000, 950000, "CNY"), ("王磊", "新客户数", 10, 12, "个"),
        ("李娜", "销售额", 800000, 880000, "CNY"), ("李娜", "新客户数", 8, 6, "个"),
    ]  # fmt: skip


def test_sales_tasks_by_month_are_targets_and_no_sales() -> None:
    rows = [["2026年销售任务分解表（单位：万元）"], ["区域", "业务员", "全年任务", "1月", "2月"], ["华东", "王磊", 18, 10, 8], ["华南", "陈刚", 16, 8, 8]]  # fmt: skip
    block = one(rows)
    assert block.table is not None
    assert block.table.name == "targets"
    assert block.frame["target"].sum() == 340000


def test_a_budget_after_its_change_is_no_change() -> None:
    rows = [
        ["2026年预算调整审批记录（元）"],
        ["调整日期", "部门", "费用科目", "月份", "调增", "调减", "调整后预算"],
        [day(3, 5), "市场部", "广告费", "2026年4月", 50000, N, 150000],
        [day(6, 10), "市场部", "展会费", "2026年7月", N, 20000, 30000],
    ]
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "after_change"


# ---- what is answered


def asked(question: str, *cells: object) -> list[tuple[object, ...]]:
    """(kind, answer) of one question about several respondents."""
    rows: Rows = [["序号", "1、您的性别", f"2、{question}"], *([i, "女", c] for i, c in enumerate(cells, 1))]
    found = records(one(rows, file="问卷.xlsx"), "question_no", "kind", "answer")
    return [(kind, answer) for number, kind, answer in found if number == "2"]


@pytest.mark.parametrize("sign", [", ", "、", "；", "|", "\n"])
def test_options_in_one_cell_are_parted_where_the_question_allows_several(sign: str) -> None:
    found = asked("您的购买渠道（可多选）", f"超市{sign}电商", "电商", f"便利店{sign}超市")
    assert found == [("multiple", a) for a in ("超市", "电商", "电商", "便利店", "超市")]


def test_an_option_with_a_comma_is_not_torn() -> None:
    found = asked("您喜欢的原因（可多选）", "好，快", "好，快", "便宜，实惠", "便宜，实惠")
    assert [a for _, a in found] == ["好，快", "好，快", "便宜，实惠", "便宜，实惠"]


def test_a_scale_around_zero_keeps_its_negative_answers() -> None:
    assert [a for _, a in asked("变化打分", -2, -1, 0, 1, 2)] == ["-2", "-1", "0", "1", "2"]
    assert [a for _, a in asked("推荐意愿打分", 9, -3, 0, 7)] == ["9", "0", "7"]


def test_an_address_is_no_question() -> None:
    rows = [["Timestamp", "电子邮件地址", "您满意吗？", "您的年龄？"], [day(9, 1), "a@x.com", 5, "20"], [day(9, 2), "b@x.com", 4, "30"]]  # fmt: skip
    block = one(rows, file="用户问卷（回复）.xlsx")
    assert set(block.frame["question"]) == {"您满意吗？", "您的年龄？"}
    assert "a@x.com" in block.frame["extra"].iloc[0]


def test_what_a_campaign_brought_is_no_sale() -> None:
    rows = [["2026年11月活动投放效果"], ["渠道", "投放费用（元）", "曝光量", "成交金额（元）"], ["抖音", 20, 500, 640], ["小红书", 8, 120, 152]]  # fmt: skip
    block = one(rows)
    assert records(block, "channel", "amount") == [("抖音", 20), ("小红书", 8)]
    assert block.u.table == "spend"  # what was paid, not 成交金额


# ---- months across, and months in a column that nobody knows


COSTS = [["费用科目", "1月", "2月", "合计"], ["广告费", 100, 200, 300], ["差旅费", 10, 20, 30]]


@pytest.mark.parametrize("title", ["2026年市场部费用统计表（元）", "2026 Marketing Expenses (RMB)"])
def test_what_was_spent_by_month_is_spend(title: str) -> None:
    block = one([[title], *COSTS])
    assert records(block, "month", "category", "amount")[:2] == [("2026-01", "广告费", 100), ("2026-02", "广告费", 200)]  # fmt: skip


@pytest.mark.parametrize("title", ["2026年市场部费用（元）", "2026年市场部费用预测表（元）"])
def test_costs_by_month_that_may_be_plans_are_held(title: str) -> None:
    assert not len(one([[title], *COSTS]).records)


def test_a_quarter_across_is_no_month_of_a_voucher() -> None:
    rows = [["2026年市场部费用统计表（元）"], ["费用科目", "一季度", "二季度"], ["广告费", 100, 200], ["差旅费", 1, 2]]  # fmt: skip
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "no_period"


def test_months_in_an_unknown_column_are_told() -> None:
    rows = [
        ["2026年市场活动预算"],
        ["活动名称", "活动时间", "预算金额"],
        ["发布会", "3月", 50],
        ["促销", "6月", 30],
    ]
    block = one(rows)
    assert "unread_header" in {i.code for i in block.issues}
    assert set(block.frame["period"]) == {"year"}


def test_coupons_that_were_used_are_no_sales() -> None:
    rows = [["代金券核销明细（2026年9月）"], ["核销时间", "门店", "订单号", "订单金额"], [day(9, 1), "一店", "O1", 156], [day(9, 2), "二店", "O2", 66]]  # fmt: skip
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "foreign"


# ---- whose currency, whose name, what is still to come


@pytest.mark.parametrize("head", ["本位币金额", "人民币金额", "本币金额"])
def test_converted_amounts_are_not_in_the_currency_of_the_original(head: str) -> None:
    rows = [
        ["日期", "凭证号", "科目名称", "币种", "原币金额", head],
        [day(9, 3), "记-3", "广告费", "USD", 1000, 7200],
        [day(9, 4), "记-4", "差旅费", "CNY", 1500, 1500],
    ]
    block = one(rows, file="凭证2026-09.xlsx")
    assert records(block, "amount", "currency") == [(7200, N), (1500, N)]  # ours
    assert '"币种": "USD"' in block.frame["extra"].iloc[0]


def test_unknown_figures_before_a_total_that_needs_them_are_kinds_of_expense() -> None:
    rows = [
        ["2026年9月各部门费用支出统计（元）"],
        ["部门", "人数", "办公费", "工资及奖金", "招待费", "合计"],
        ["市场部", 9, 3200, 85000, 8000, 96200],
        ["销售部", 12, 4500, 120000, 35000, 159500],
    ]
    block = one(rows)
    assert block.frame["amount"].sum() == 255700
    assert set(block.frame["category"]) == {"办公费", "工资及奖金", "招待费"}


def test_a_name_that_is_placed_is_not_told_as_lost() -> None:
    heads: Rows = [["2026年费用预算（元）"], ["科目", "1月", "2月"], ["广告费", 1, 2], ["差旅费", 3, 4]]
    blocks = taken(sheet(heads, name="市场部"), sheet(heads, name="销售部", position=1), file="预算.xlsx")
    assert [set(b.frame["department"]) for b in blocks] == [{"市场部"}, {"销售部"}]
    assert "unplaced_name" not in {i.code for b in blocks for i in b.issues}


def test_a_figure_that_is_still_to_come_is_told() -> None:
    block = one([["2026年费用预算（元）"], ["科目", "1月", "2月"], ["广告费", 1, "待定"], ["差旅费", 3, 4]])
    assert [(i.cell, i.value) for i in block.issues if i.code == "pending"] == [("C3", "待定")]
    assert len(block.records) == 3


def test_figures_of_a_month_that_nobody_takes_are_told() -> None:
    rows = [["2026年Q4销售目标与预测"], ["区域", "10月目标", "10月预测"], ["华东", 100, 95], ["华南", 80, 82]]
    block = one(rows)
    assert records(block, "target") == [(100,), (80,)]
    assert [i.cell for i in block.issues if i.code == "unmapped_measure"] == ["C2"]


@pytest.mark.parametrize("heads", [
    [["编号", "3.购买渠道-超市", "3.购买渠道-电商", "4.满意度打分"]],
    [["编号", "3.购买渠道", N, "4.满意度打分"], [N, "超市", "电商", N]],
])  # fmt: skip
def test_ticks_below_options_are_choices_of_one_question(heads: Rows) -> None:
    rows = [*heads, ["S1", "√", "√", 5], ["S2", N, "√", 4], ["S3", "√", N, 3]]
    merges = [(1, 2, 1, 3), (1, 1, 2, 1), (1, 4, 2, 4)] if len(heads) == 2 else []
    (block,) = taken(sheet(rows, merges=merges), file="问卷录入.xlsx")
    found = [r for r in records(block, "respondent", "question", "kind", "answer") if r[2] == "multiple"]
    assert found == [
        ("S1", "购买渠道", "multiple", "超市"), ("S1", "购买渠道", "multiple", "电商"),
        ("S2", "购买渠道", "multiple", "电商"), ("S3", "购买渠道", "multiple", "超市"),
    ]  # fmt: skip


def test_questions_with_words_after_their_number_are_no_quarters() -> None:
    rows = [
        [
            "编号",
            "开始答题时间",
            "Q1.贵公司所在区域",
            "Q2.合作年限",
            "Q3.供货满意度",
            "Q4.价格满意度",
            "Q5.建议",
        ],
        [1, day(9, 3), "华东", "1-3年", 4, 3, "无"],
        [2, day(9, 3), "华南", "3年以上", 5, 4, "返利"],
    ]
    block = one(rows, file="问卷导出2026.xlsx")
    assert len(block.records) == 10
    assert set(block.frame["question_no"]) == {"1", "2", "3", "4", "5"}


def test_debit_and_credit_below_each_span_are_two_sides() -> None:
    rows = [
        ["科目余额表 2026年9月"],
        ["科目名称", "期初余额", N, "本期发生额", N],
        [N, "借方", "贷方", "借方", "贷方"],
        ["广告费", 0, 0, 95000, 95000],
        ["差旅费", 0, 0, 25000, 25000],
    ]
    (block,) = taken(sheet(rows, merges=[(2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 2, 5)]))
    assert block.trouble is not None
    assert block.trouble.code == "double_entry"


@pytest.mark.parametrize("place", [0, 2])
def test_the_lines_count_and_not_their_summary_by_months(place: int) -> None:
    heads: list[object] = ["日期", "费用类别", "供应商", "金额", "凭证号"]
    august = sheet([heads, [day(8, 3), "广告费", "甲", 300, "记-3"], [day(8, 9), "物料费", "乙", 50, "记-4"]], name="8月", position=0)  # fmt: skip
    september = sheet([heads, [day(9, 8), "会务费", "丙", 520, "记-9"]], name="9月", position=1)
    summary = sheet([["费用类别", "8月", "9月", "合计"], ["广告费", 300, 0, 300], ["物料费", 50, 0, 50], ["会务费", 0, 520, 520]], name="汇总", position=2)  # fmt: skip
    sheets = [august, september]
    sheets.insert(place, summary)
    result = cleaned({"费用台账2026.xlsx": sheets})
    assert sorted(result.tables["spend"]["voucher"]) == ["记-3", "记-4", "记-9"]


def test_a_fifth_question_shows_that_the_first_four_are_no_quarters() -> None:
    rows = [["编号", "开始答题时间", "Q1", "Q2", "Q3", "Q4", "Q5"], [1, day(9, 3), 1, 2, 3, 4, 5], [2, day(9, 3), 2, 1, 2, 3, 4]]  # fmt: skip
    assert len(one(rows, file="问卷导出2026.xlsx").records) == 10


def test_a_row_that_sums_up_a_questionnaire_is_no_interview() -> None:
    block = one([*[ASKED], [1, "男", 5], [2, "女", 4], ["平均值", N, 4.5]], file="问卷.xlsx")
    assert fates(block)[4] == "no_interview"
    assert set(block.frame["respondent"]) == {"1", "2"}


def test_a_score_beyond_its_scale_is_not_counted() -> None:
    rows = [
        ["序号", "1、您的性别", "2、满意度（1-5分）", "3、推荐意愿(0-10)"],
        [1, "男", 6, 10],
        [2, "女", 5, 0],
    ]
    block = one(rows, file="问卷.xlsx")
    assert sorted(block.frame["score"].dropna()) == [0, 5, 10]
    assert fates(block)[2] == "tidy"
    assert [i.row for i in block.issues if i.code == "off_scale"] == [2]


PAID = ["付款日期", "付款单号", "收款单位", "费用类别", "申请金额", "实付金额"]


def test_what_was_paid_for_expenses_is_no_sale() -> None:
    rows = [PAID, [day(9, 2), "FK1", "甲", "广告费", 30, 30], [day(9, 3), "FK2", "乙", "展会费", 52, 26]]
    block = one(rows, file="2026年9月费用支付台账.xlsx")
    assert block.table is not None
    assert (block.table.name, block.frame["amount"].sum()) == ("spend", 56)
    held = one(
        [[*PAID[:3], *PAID[4:]], *([*r[:3], *r[4:]] for r in rows[1:])], file="2026年9月费用支付台账.xlsx"
    )
    assert held.table is None or held.table.name != "sales" or held.trouble is not None


def test_a_total_amount_beside_kinds_of_expense_is_their_total() -> None:
    rows = [["2026年9月员工报销汇总"], ["部门", "交通费", "餐费", "合计金额"], ["市场部", 320, 450, 770], ["销售部", 1200, 980, 2180]]  # fmt: skip
    assert one(rows).frame["amount"].sum() == 2950


def test_target_and_actual_behind_each_kpi() -> None:
    rows = [
        ["门店KPI周报（2026年9月）"],
        ["门店", "客流目标", "客流实际", "成交率目标", "成交率实际", "销售目标（元）", "销售实际（元）"],
        ["一店", 5000, 5200, "12%", "11.5%", 150000, 148000],
    ]
    assert records(one(rows), "kpi", "target", "actual", "unit") == [
        ("客流", 5000, 5200, N), ("成交率", 0.12, 0.115, "fraction"), ("销售", 150000, 148000, "CNY")
    ]  # fmt: skip


@pytest.mark.parametrize(("file", "head", "across"), [
    ("2026年KPI目标.xlsx", ["部门", "KPI", "年度目标"], ["Q1实际", "Q2实际"]),
    ("2026年KPI目标.xlsx", ["部门", "KPI", "目标"], ["1月实际", "2月实际"]),
    ("2026年预算.xlsx", ["部门", "科目", "年度预算"], ["1月实际", "2月实际"]),
    ("2026年预算.xlsx", ["部门", "科目", "预算金额"], ["1月实际", "2月实际"]),
])  # fmt: skip
def test_a_figure_of_the_year_does_not_count_in_every_period(
    file: str, head: list[object], across: list[object]
) -> None:
    rows = [[*head, *across], ["市场部", "线索", 1200, 280, 310], ["市场部", "拜访", 300, 25, 27]]
    block = one(rows, file=file)
    held = block.frame
    assert not len(held) or not {"target", "amount"} & {c for c in held if held[c].notna().any()}
