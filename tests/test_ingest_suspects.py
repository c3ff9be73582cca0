"""What reads well and may be wrong all the same is held, with the word that makes it doubtful."""

from __future__ import annotations

import pytest
from sheets import fates, records, sheet, taken

from mktanalytics.settings import Settings

MONTHS = ("区域", "2026年1月", "2026年2月", "2026年3月")


def rows(title):
    return [(title,), MONTHS, ("华东", 10, 20, 30), ("华南", 11, 21, 31)]


@pytest.mark.parametrize(
    "title", ["2026年各区域销售额（累计，万元）", "Cumulative sales 2026, CNY", "2026年销售额 口径：本年累计"]
)
def test_months_that_a_title_calls_cumulative_are_held(title):
    (block,) = taken(sheet(rows(title)), file="销售.xlsx")
    assert block.frame.empty
    assert block.trouble.code == "cumulative"


@pytest.mark.parametrize("title", ["2026年各区域销售额（元）", "2026年各区域分月销售额，累计见附表（元）"])
def test_months_that_no_title_calls_so_are_read(title):
    (block,) = taken(sheet(rows(title)), file="销售.xlsx")
    assert block.frame["amount"].sum() == 123


def test_days_may_be_in_a_file_that_says_cumulative():
    lines = [("日期", "产品", "金额"), ("2026-10-05", "甲", 1), ("2026-10-06", "乙", 2)]
    (block,) = taken(sheet(lines), file="10月累计销售明细.xlsx")
    assert len(block.frame) == 2


def test_a_unit_of_its_own_takes_a_row_out():
    lines = [
        ("日期", "产品", "金额", "单位"),
        ("2026-10-05", "甲", 1.5, "万元"),
        ("2026-10-06", "乙", 15000, "元"),
    ]
    (block,) = taken(sheet(lines), file="销售.xlsx")
    assert block.frame["amount"].tolist() == [15000]
    assert block.fates[1] == ("quarantined", "unit_beside")


@pytest.mark.parametrize(("amount", "kept"), [(30, 1), (-30, 2)])
def test_a_return_above_zero_is_held_and_one_below_is_read(amount, kept):
    lines = [
        ("日期", "产品", "数量", "金额", "业务类型"),
        ("2026-10-05", "甲", 1, 100, "销售"),
        ("2026-10-06", "甲", amount / 30, amount, "退货"),
    ]
    (block,) = taken(sheet(lines), file="销售.xlsx")
    assert len(block.frame) == kept


def test_a_field_too_many_takes_a_row_of_a_text_file_out():
    lines = [
        ("日期", "产品", "金额"),
        *((f"2026-10-{d:02d}", "甲", 5) for d in range(1, 9)),
        ("2026-10-09", "乙", 5, "7"),
    ]
    (block,) = taken(sheet(lines, name=""), file="销售.csv")
    assert len(block.frame) == 8
    assert block.fates[9] == ("quarantined", "surplus_field")


@pytest.mark.parametrize(
    "state",
    ["已取消", "交易关闭", "订单已取消", "退款成功", "待付款", "等待买家付款", "Cancelled", "Refunded"],
)
def test_orders_that_came_to_nothing_are_held_row_by_row(state):
    lines = [
        ("A1", "2026-09-01", "水", 1, 10, "已完成"),
        ("A2", "2026-09-02", "茶", 2, 20, state),
        ("A3", "2026-09-03", "水", 1, 10, "退款关闭"),
    ]
    (block,) = taken(sheet([("订单号", "下单时间", "商品", "数量", "金额", "订单状态"), *lines]))
    assert list(block.frame["order_id"]) == ["A1", "A3"]
    assert [(i.code, i.row) for i in block.issues] == [("no_sale", 3)]


def test_a_column_of_days_that_nobody_knows_is_told():
    (block,) = taken(
        sheet(
            [
                ("2026年9月销售",),
                ("客户", "到仓日期", "金额"),
                ("甲", "2026-09-01", 10),
                ("乙", "2026-09-02", 20),
            ]
        )
    )
    assert [(i.code, i.column) for i in block.issues] == [("unread_header", "date")]


@pytest.mark.parametrize(
    "title",
    [
        "2026年1-8月出口销售额（元）", "截至2026年8月销售额（元）", "2026年8月滚动12个月销售额（元）", "Sales L3M Aug 2026, CNY",
        "近30天销售额 2026-08-31（元）", "Sales MAT Aug 2026, CNY", "Sales of the last 30 days, 2026-08-31, CNY",
    ],
)  # fmt: skip
def test_one_figure_over_more_than_the_month_that_is_named_is_held(title):
    (block,) = taken(sheet([(title,), ("区域", "销售额"), ("华东", 10), ("华南", 11)]), file="a.xlsx")
    assert block.frame.empty
    assert block.trouble.code == "cumulative"


@pytest.mark.parametrize(
    "title", ["2026年8月销售额（元）", "2026年1月销售额（元）", "过去的2026年8月销售额（元）"]
)
def test_one_figure_of_the_month_that_is_named_is_read(title):
    (block,) = taken(sheet([(title,), ("区域", "销售额"), ("华东", 10), ("华南", 11)]), file="a.xlsx")
    assert block.frame["amount"].sum() == 21


@pytest.mark.parametrize(
    "title", ["2026年双11销售额（元）", "2026年春节销售额（元）", "Sales Black Friday 2026, CNY"]
)
def test_a_feast_is_no_whole_year(title):
    (block,) = taken(sheet([(title,), ("区域", "销售额"), ("华东", 10), ("华南", 11)]), file="a.xlsx")
    assert block.frame.empty
    assert block.trouble.code == "no_period"


def test_months_across_are_read_whatever_feast_the_title_names():
    (block,) = taken(
        sheet([("2026年双11销售额（元）",), ("区域", "10月", "11月"), ("华东", 10, 11)]), file="a.xlsx"
    )
    assert block.frame["amount"].sum() == 21


@pytest.mark.parametrize("header", ["Curr.", "Crcy", "币", "XYZ"])
def test_a_column_of_currencies_is_one_whatever_its_header(header):
    lines = [
        ("日期", "产品", "金额", header),
        ("2026-10-05", "甲", 1, "EUR"),
        ("2026-10-06", "乙", 2, "美元"),
    ]
    (block,) = taken(sheet(lines), file="销售.xlsx")
    assert block.frame["currency"].tolist() == ["EUR", "USD"]


FISCAL = [("Sales by region (USD)",), ("Region", "FY26 Q1", "FY26 Q2"), ("East", 10, 11), ("West", 20, 21)]


@pytest.mark.parametrize("lines", [
    FISCAL, [("2026财年Q1销售额（元）",), ("区域", "销售额"), ("华东", 10), ("华南", 20)],
    [("区域", "财年", "销售额"), ("华东", "FY25", 10), ("华南", "FY26", 20)],
])  # fmt: skip
def test_fiscal_periods_are_held_where_the_fiscal_year_is_not_the_calendar_year(lines):
    (block,) = taken(sheet(lines), file="sales.xlsx", settings=Settings(fiscal_year_start=4))
    assert block.frame.empty
    assert block.trouble.code == "fiscal_period"


def test_fiscal_periods_read_as_of_the_calendar_are_told():
    (block,) = taken(sheet(FISCAL), file="sales.xlsx")
    assert block.frame["amount"].sum() == 62
    assert [i.code for i in block.issues if i.severity == "warning"] == ["fiscal_as_calendar"]


def test_months_of_the_calendar_need_no_fiscal_year():
    lines = [("Sales FY26 (USD)",), ("Region", "2026-04", "2026-05"), ("East", 10, 11), ("West", 20, 21)]
    (block,) = taken(sheet(lines), file="sales.xlsx", settings=Settings(fiscal_year_start=4))
    assert block.frame["amount"].sum() == 62


def order_lines(amounts):
    heads = ("订单号", "付款时间", "商品", "数量", "商品单价", "实付金额")
    lines = [
        ("1", "2026-09-02", "A", 1, 60),
        ("1", "2026-09-02", "B", 1, 40),
        ("2", "2026-09-03", "A", 1, 50),
    ]
    return [heads, *((*line, a) for line, a in zip(lines, amounts, strict=True))]


def test_amounts_of_orders_on_each_of_their_lines_are_held():
    (block,) = taken(sheet(order_lines([100, 100, 50])), file="订单.xlsx")
    assert block.trouble.code == "order_amounts"


@pytest.mark.parametrize("amounts", [[60, 40, 50], [50, 50, 50], [100, 0, 50]])
def test_amounts_of_lines_are_read(amounts):
    (block,) = taken(sheet(order_lines(amounts)), file="订单.xlsx")
    assert block.frame["amount"].tolist() == amounts


def of_two_kinds(other):
    lines = [
        ("2026年区域销售（元）",),
        ("区域", "类型", "1月", "2月"),
        ("华东", "实际", 10, 11),
        ("华东", other, 12, 13),
    ]
    (block,) = taken(sheet([*lines, ("华南", "实际", 20, 21), ("华南", other, 22, 23)]), file="a.xlsx")
    return block


@pytest.mark.parametrize("other", ["目标", "同期", "去年同期", "LY"])
def test_rows_of_targets_and_of_other_years_are_no_sales(other):
    block = of_two_kinds(other)
    assert block.frame["amount"].tolist() == [10, 11, 20, 21]
    assert block.fates[3] == ("quarantined", "other_figures")


@pytest.mark.parametrize("other", ["预算", "Budget"])
def test_rows_of_budgets_among_sales_hold_the_block(other):
    assert of_two_kinds(other).trouble.code == "measures_down"


def test_rows_of_plans_are_quarantined_one_by_one():
    lines = [
        ("日期", "客户", "性质", "金额"),
        ("2026-09-02", "甲", "实际", 10),
        ("2026-09-03", "乙", "预测", 20),
        ("2026-09-04", "丙", "实际", 30),
    ]
    (block,) = taken(sheet(lines), file="销售.xlsx")
    assert block.frame["amount"].tolist() == [10, 30]
    assert block.fates[2] == ("quarantined", "other_figures")


@pytest.mark.parametrize("words", [("含税", "不含税"), ("快报", "终报"), ("V1", "V2"), ("Gross", "Net")])
def test_the_same_figures_in_two_versions_are_held(words):
    lines = [
        ("月份", "区域", "口径", "销售额"),
        ("2026-08", "华东", words[0], 113),
        ("2026-08", "华东", words[1], 100),
    ]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert block.trouble.code == "said_twice"


@pytest.mark.parametrize("words", [("含税", "含税"), ("线上", "线下"), ("新品", "老品")])
def test_words_beside_the_rows_that_are_no_versions_hold_nothing(words):
    lines = [
        ("月份", "区域", "口径", "销售额"),
        ("2026-08", "华东", words[0], 113),
        ("2026-08", "华南", words[1], 100),
    ]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert block.frame["amount"].sum() == 213


def test_drafts_are_no_sales():
    lines = [
        ("单据日期", "客户", "金额", "单据状态"),
        ("2026-09-02", "甲", 10, "已审核"),
        ("2026-09-03", "乙", 20, "草稿"),
        ("2026-09-04", "丙", 30, "未审核"),
    ]
    (block,) = taken(sheet(lines), file="销售.xlsx")
    assert block.frame["amount"].tolist() == [10]


@pytest.mark.parametrize(("amounts", "kept"), [((710, 355), 2), ((710, 900), 4)])
def test_the_same_rows_in_another_currency_count_once(amounts, kept):
    dollars = [("2026年8月海外销售（USD）",), ("国家", "销售额"), ("US", 100), ("UK", 50)]
    yuan = [("2026年8月海外销售（人民币元）",), ("国家", "销售额"), *zip(("US", "UK"), amounts, strict=True)]
    blocks = taken(sheet(dollars, name="USD"), sheet(yuan, name="RMB", position=1), file="海外销售.xlsx")
    assert sum(len(b.frame) for b in blocks) == kept
    assert [b.trouble.code for b in blocks if b.trouble] == ["converted"] * (kept == 2)


def test_what_was_sold_beside_a_target_is_no_target():
    lines = [
        ("门店目标完成进度表 2026年9月10日",),
        ("门店", "日销售(元)", "月目标(元)"),
        ("A店", 100, 3000),
        ("B店", 200, 4000),
    ]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert block.frame.empty
    assert block.trouble.code == "foreign"


def test_the_markets_of_a_panel_are_its_regions():
    lines = [
        ("2026年8月液态奶零售额（元）",),
        ("市场", "品牌", "零售额"),
        ("全国", "甲", 30),
        ("全国", "乙", 28),
        ("华东", "甲", 10),
        ("华东", "乙", 9),
    ]
    (block,) = taken(sheet(lines), file="a.xlsx")
    assert block.frame["region"].tolist() == ["全国", "全国", "华东", "华东"]


@pytest.mark.parametrize(
    "state", ["驳回", "审批中", "已撤销", "不同意", "待审批", "rejected", "Pending approval"]
)
@pytest.mark.parametrize("header", ["审批状态", "审批结果", "Approval status"])
def test_what_was_not_approved_is_no_budget_and_no_expense(state: str, header: str) -> None:
    head = ("日期", "凭证号", "部门", "费用科目", "金额", header)
    rows = [
        ("2026-05-06", "R1", "市场部", "广告费", 800, "已完成"),
        ("2026-05-07", "R2", "市场部", "差旅费", 200, state),
    ]
    (block,) = taken(sheet([head, *rows]), file="报销明细.xlsx")
    assert records(block, "amount") == [(800.0,)]
    assert fates(block)[3] == "not_approved"
    head = ("月份", "部门", "费用科目", "预算金额", header)
    rows = [("2026-05", "市场部", "广告费", 800, "已批准"), ("2026-05", "市场部", "差旅费", 200, state)]
    (block,) = taken(sheet([head, *rows]), file="预算.xlsx")
    assert fates(block)[3] == "not_approved"


@pytest.mark.parametrize(("title", "held"), [
    ("2026年9月退货明细", True), ("销售退货清单", True), ("Returns September 2026", True), ("2026年9月销售明细（含退货）", False),
    ("2026年9月销售及退货明细", False), ("销售明细 扣除退货", False), ("各店退货率", False),
])  # fmt: skip
def test_a_list_of_returns_with_figures_above_zero_is_no_list_of_sales(title: str, held: bool) -> None:
    rows = [["日期", "产品", "数量", "金额"], ["2026-09-01", "甲", 1, 10], ["2026-09-02", "乙", 2, 20]]
    (block,) = taken(sheet([[title], *rows]), file="book.xlsx")
    assert records(block, "units", "amount") == ([] if held else [(1, 10), (2, 20)])
    (signed,) = taken(
        sheet([[title], *rows, ["2026-09-03", "乙", -2, -20]]), file="book.xlsx"
    )  # the sign tells
    assert len(signed.frame) == 3
    assert ("unsigned_return" in {i.code for i in block.issues}) == held


@pytest.mark.parametrize("number", ["序号", "No."])
def test_a_running_number_makes_no_sales_of_what_may_be_a_market(number):
    header = ["季度", "区域", "品类", "品牌", "销量", "销售额"]
    lines = [[q, r, "果汁", b, 65_706 + len(q + r), 5_122_553] for q in ("2026Q3", "2026Q4") for r in ("华南", "西南") for b in ("青禾", "果然")]  # fmt: skip
    bare = [header, *lines]
    numbered = [[number, *header], *([i, *line] for i, line in enumerate(lines, 1))]
    troubles = [
        taken(sheet(rows, name="2026年"), file="报送.xlsx")[0].trouble.code for rows in (bare, numbered)
    ]
    assert troubles == ["ambiguous", "ambiguous"]


@pytest.mark.parametrize("headers", [("预算金额", "预算算金额"), ("预算算金额", "预算金额")])
def test_a_misspelt_repetition_of_a_measure_holds_the_block(headers):
    rows = [["部门", "科目", "月份", *headers], ["市场部", "差旅费", "2026-03", 100, 200], ["市场部", "会务费", "2026-03", 300, 400]]  # fmt: skip
    (block,) = taken(sheet(rows, name="市场费用预算表"))
    assert block.trouble.code == "duplicate_header"
