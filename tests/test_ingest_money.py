"""Budgets and spend as finance and marketing departments write them: currencies, sections, ledgers, adjustments."""

from __future__ import annotations

import pytest
from sheets import Rows, cleaned, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx", name: str = "Sheet1") -> Taken:
    (block,) = [b for b in taken(sheet(rows, name=name), file=file) if b.u.block.data]
    return block


# ---- the currency


@pytest.mark.parametrize("said", [
    [["Marketing budget 2026"], ["All figures in USD"]],
    [["Marketing budget 2026"], ["Currency: USD"]],
    [["Marketing budget 2026", N, "Currency:", "USD"]],
    [["2026年市场预算"], ["币种：美元"]],
    [["Marketing budget 2026, amounts are stated in USD"]],
    [["2026年市场预算", N, "单位：元", "币种：美元"]],
])  # fmt: skip
def test_a_currency_stated_above_the_table(said: Rows) -> None:
    block = one([*said, ["Category", "Jan", "Feb"], ["Media", 10, 20], ["Events", 30, 40]])
    assert records(block, "amount", "currency") == [(10, "USD"), (20, "USD"), (30, "USD"), (40, "USD")]


def test_the_scale_of_one_note_and_the_currency_of_another() -> None:
    block = one(
        [["2026年市场预算"], ["单位：万元", N, "币种：美元"], ["科目", "1月", "2月"], ["广告费", 1, 2], ["会务费", 3, 4]]
    )  # fmt: skip
    assert records(block, "amount", "currency")[:2] == [(10000, "USD"), (20000, "USD")]


def test_two_currencies_stated_above_the_table_hold_it() -> None:
    block = one(
        [["2026年市场预算"], ["币种：美元"], ["币种：欧元"], ["科目", "1月"], ["广告费", 1], ["会务费", 3]]
    )
    assert not len(block.frame)
    assert block.trouble is not None


# ---- how money is called


@pytest.mark.parametrize(("planned", "spent"), [
    ("预算数", "执行数"), ("预算额度", "实际费用"), ("预算总额", "已执行"), ("批准预算", "实际执行"), ("核定预算", "已使用金额"), ("预算金额", "决算数"),
])  # fmt: skip
def test_budget_and_execution_side_by_side(planned: str, spent: str) -> None:
    rows = [["2026年3月市场费用"], ["科目", planned, spent, "执行率", "结余"], ["广告费", 10, 8, 0.8, 2], ["会务费", 5, 4, 0.8, 1]]  # fmt: skip
    block = one(rows, file="预算执行表.xlsx")
    assert records(block, "category", "amount", "actual_amount") == [("广告费", 10, 8), ("会务费", 5, 4)]


def test_budget_and_execution_of_each_month() -> None:
    rows: Rows = [
        ["2026年一季度预算执行表"],
        ["科目", "1月", N, N, N, "2月", N, N, N],
        [N, *["预算数", "执行数", "执行率", "结余"] * 2],
        ["广告费", 10, 8, 0.8, 2, 20, 15, 0.75, 5],
        ["差旅费", 4, 2, 0.5, 2, 4, 3, 0.75, 1],
    ]
    assert records(one(rows), "month", "category", "amount", "actual_amount") == [
        ("2026-01", "广告费", 10, 8), ("2026-02", "广告费", 20, 15), ("2026-01", "差旅费", 4, 2), ("2026-02", "差旅费", 4, 3)
    ]  # fmt: skip


@pytest.mark.parametrize(("outer", "inner"), [
    ("一级科目", "二级科目"), ("费用大类", "费用明细"), ("预算类别", "明细科目"), ("Category", "Line item"),
])  # fmt: skip
def test_two_levels_of_accounts(outer: str, inner: str) -> None:
    rows: Rows = [
        ["2026年市场费用预算"], [outer, inner, "1月", "2月", "合计"],
        ["广告费", "电视", 1, 2, 3], [N, "户外", 3, 4, 7], [N, "小计", 4, 6, 10], ["促销费", "赠品", 5, 6, 11], [N, "小计", 5, 6, 11], ["合计", N, 9, 12, 21],
    ]  # fmt: skip
    assert records(one(rows), "category", "activity", "month", "amount") == [
        ("广告费", "电视", "2026-01", 1), ("广告费", "电视", "2026-02", 2), ("广告费", "户外", "2026-01", 3), ("广告费", "户外", "2026-02", 4),
        ("促销费", "赠品", "2026-01", 5), ("促销费", "赠品", "2026-02", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head", [("年", "月"), ("年度", "月份"), ("Year", "Month"), ("会计年度", "会计期间")]
)
def test_year_and_month_in_columns_of_their_own(head: tuple[str, str]) -> None:
    rows: Rows = [
        [*head, "部门", "费用科目", "预算金额"],
        [2025, 12, "市场部", "广告费", 10],
        [2026, 1, "市场部", "广告费", 20],
    ]
    assert records(one(rows, file="预算.csv", name=""), "month", "period", "amount") == [
        ("2025-12", "month", 10), ("2026-01", "month", 20)
    ]  # fmt: skip


# ---- sections

SECTIONS: Rows = [
    ["2026年市场部预算明细"], ["序号", "项目", "年度预算"],
    ["一", "广告宣传费", N], [1, "电视", 120], [2, "户外", 48], [N, "小计", 168],
    ["二", "公关活动费", N], [1, "发布会", 35], [2, "沙龙", 8], [N, "小计", 43], ["合计", N, 211],
]  # fmt: skip


def test_a_section_names_the_rows_below_it() -> None:
    block = one(SECTIONS)
    assert records(block, "category", "activity", "amount") == [
        ("广告宣传费", "电视", 120), ("广告宣传费", "户外", 48), ("公关活动费", "发布会", 35), ("公关活动费", "沙龙", 8)
    ]  # fmt: skip
    assert {r: f for r, f in fates(block).items() if f not in ("tidy", "title", "header")} == {
        3: "section", 6: "subtotal", 7: "section", 10: "subtotal", 11: "total"
    }  # fmt: skip


def test_sections_numbered_in_their_own_words() -> None:
    rows: Rows = [
        ["2026年市场部预算"], ["项目", "1月", "2月"], ["一、广告费", N, N], ["电视", 1, 2], ["户外", 3, 4], ["二、会务费", N, N], ["年会", 5, 6], ["沙龙", 7, 8],
    ]  # fmt: skip
    assert records(one(rows), "category", "activity", "amount")[::2] == [
        ("广告费", "电视", 1), ("广告费", "户外", 3), ("会务费", "年会", 5), ("会务费", "沙龙", 7)
    ]  # fmt: skip


def test_a_row_that_merely_lacks_its_figure_is_no_section() -> None:
    rows: Rows = [
        ["2026年市场部预算"],
        ["序号", "项目", "年度预算"],
        [1, "电视", 120],
        [2, "户外", N],
        [3, "会务", 5],
        [4, "沙龙", 6],
        [5, "物料", 6],
    ]
    assert fates(one(rows))[4] == "missing_measure"


# ---- what is no plain budget, and no plain spend


def test_an_adjustment_is_no_original_budget() -> None:
    rows: Rows = [["2026年预算调整记录"], ["调整日期", "月份", "部门", "科目", "调整金额", "调整原因"], ["2026-04-02", "2026-06", "市场部", "广告费", 12, "备战"], ["2026-05-12", "2026-06", "渠道部", "促销费", -3, "压缩"]]  # fmt: skip
    assert records(one(rows), "month", "version", "amount") == [
        ("2026-06", "adjustment", 12), ("2026-06", "adjustment", -3)
    ]  # fmt: skip


def test_a_transfer_from_one_month_to_another_is_held() -> None:
    rows: Rows = [["2026年预算调整记录"], ["调整日期", "部门", "科目", "调出月份", "调入月份", "调整金额"], ["2026-04-02", "市场部", "广告费", "2026-04", "2026-06", 12], ["2026-05-12", "渠道部", "促销费", "2026-05", "2026-06", 3]]  # fmt: skip
    block = one(rows)
    assert not len(block.frame)
    assert block.trouble is not None
    assert block.trouble.code == "transfer"


@pytest.mark.parametrize(("header", "status"), [("合同金额", "committed"), ("已付金额", "paid"), ("报销金额", "recognised")])  # fmt: skip
def test_a_header_says_how_far_the_money_is(header: str, status: str) -> None:
    rows: Rows = [
        ["日期", "凭证号", "科目", header],
        ["2026-03-01", "记-1", "广告费", 10],
        ["2026-03-02", "记-2", "广告费", 20],
    ]
    frame = cleaned({"费用清单.xlsx": [sheet(rows)]}).tables["spend"]
    assert set(frame["status"]) == {status}


def test_purchase_orders_are_spend_where_each_says_its_status() -> None:
    rows: Rows = [
        ["PO Number", "PO Date", "Vendor", "Department", "Category", "Amount (USD)", "Status"],
        ["PO-1", "2026-01-05", "Ogilvy", "Marketing", "Agency", 10, "Open"], ["PO-2", "2026-01-08", "Meta", "Marketing", "Media", 20, "Paid"], ["PO-3", "2026-02-08", "PrintCo", "Marketing", "Print", 30, "Invoiced"],
    ]  # fmt: skip
    block = one(rows, file="Purchase orders 2026.xlsx")
    assert records(block, "voucher", "status", "amount") == [
        ("PO-1", "committed", 10), ("PO-2", "paid", 20), ("PO-3", "recognised", 30)
    ]  # fmt: skip
    held = one([r[:-1] for r in rows], file="Purchase orders 2026.xlsx")
    assert not len(held.frame)  # ordered, but nobody says whether it was spent


@pytest.mark.parametrize("rows", [
    [["日期", "凭证字号", "摘要", "科目名称", "部门", "借方金额", "贷方金额"], ["2026-03-03", "记-1", "投放", "广告费", "市场部", 10, N], ["2026-03-03", "记-1", "投放", "银行存款", N, N, 10]],
    [["科目明细账"], ["科目：销售费用-广告费", N, N, "期间：2026.01-2026.02"], ["日期", "凭证号数", "摘要", "借方", "贷方", "方向", "余额"], ["2026-01-08", "记-12", "投放", 52, N, "借", 52], ["2026-01-31", "记-78", "结转损益", N, 52, "平", 0]],
    [["Date", "Voucher No", "Account", "Debit", "Credit"], ["2026-03-03", "V1", "Advertising", 10, N], ["2026-03-03", "V1", "Bank", N, 10]],
])  # fmt: skip
def test_two_sides_of_a_ledger_are_held(rows: Rows) -> None:
    block = one(rows, file="凭证.xlsx")
    assert not len(block.frame)
    assert block.trouble is not None
    assert (block.trouble.code, block.trouble.fate) == ("double_entry", "quarantined")


# ---- what is told of a table that is none


def test_unknown_headers_are_named() -> None:
    rows: Rows = [
        ["2026年市场部预算执行情况"],
        ["事项", "盘子", "花掉", "剩下"],
        ["广告", 120, 63, 57],
        ["展会", 30, 12, 18],
    ]
    result = cleaned({"预算.xlsx": [sheet(rows)]})
    (told,) = [i for i in result.issues.itertuples() if i.severity == "error"]
    assert told.code == "unknown_headers"
    assert "预算 budget" in told.message_zh
    assert all(word in told.message_zh for word in ("事项", "盘子", "花掉"))
    assert result.ledger["rows_quarantined"].sum() == 2


# ---- what one workbook says twice, or beside the table


def test_a_unit_in_the_name_of_the_file() -> None:
    rows: Rows = [["2026年预算"], ["科目", "1月", "2月"], ["广告费", 1, 2], ["会务费", 3, 4]]
    assert one(rows, file="2026年市场预算（万元）.xlsx").frame["amount"].sum() == 100000
    assert (
        one([[rows[0][0], "单位：元"], *rows[1:]], file="2026年市场预算（万元）.xlsx").frame["amount"].sum()
        == 10
    )


def test_a_summary_by_half_years_of_months_on_other_sheets() -> None:
    quarter = lambda *months: [["科目", *months], ["广告费", 1, 2, 3], ["会务费", 4, 5, 6]]  # noqa: E731
    book = [
        sheet(quarter("1月", "2月", "3月"), name="Q1"), sheet(quarter("4月", "5月", "6月"), name="Q2", position=1),
        sheet([["科目", "上半年预算"], ["广告费", 12], ["会务费", 30], ["合计", 42]], name="汇总", position=2),
    ]  # fmt: skip
    frame = cleaned({"2026年上半年市场预算.xlsx": book}).tables["budget"]
    assert frame["amount"].sum() == 42
    assert set(frame["period"]) == {"month"}


def test_a_year_beside_its_months_counts_once() -> None:
    months: Rows = [
        ["2026年预算"],
        ["科目", *[f"{m}月" for m in range(1, 13)]],
        ["广告费", *[1] * 12],
        ["会务费", *[2] * 12],
    ]
    year: Rows = [["2026年预算"], ["科目", "年度预算"], ["广告费", 12], ["会务费", 24]]
    frame = cleaned({"预算.xlsx": [sheet(months, name="分月"), sheet(year, name="年度", position=1)]}).tables[
        "budget"
    ]
    assert frame["amount"].sum() == 36


def test_versions_side_by_side_are_held() -> None:
    rows: Rows = [
        ["2026年市场费用预算"],
        ["科目", "年初预算", "调整金额", "调整后预算"],
        ["广告费", 500, 50, 550],
        ["促销费", 300, -20, 280],
    ]
    block = one(rows)
    assert not len(block.frame)
    assert block.trouble is not None


@pytest.mark.parametrize("header", ["年初预算", "调整后预算"])
def test_a_budget_after_its_adjustments_is_no_adjustment(header: str) -> None:
    rows: Rows = [["2026年市场费用预算"], ["科目", header], ["广告费", 500], ["促销费", 300]]
    frame = cleaned({"预算.xlsx": [sheet(rows)]}).tables["budget"]
    assert set(frame["version"]) == {"original"}


def test_a_form_with_pairs_above_its_items() -> None:
    rows: Rows = [
        ["市场活动预算表"], ["活动名称：", "国庆大促", N, "区域：", "华东"], ["部门：", "市场部", N, "预算月份：", "2026年10月"],
        ["费用科目", "明细", "数量", "单价", "预算金额（元）"], ["物料费", "海报", 200, 15, 3000], ["人员费", "促销员", 60, 220, 13200], ["合计", N, N, N, 16200], ["申请人：", "王芳", N, "批准人：", "赵总"],
    ]  # fmt: skip
    block = one(rows)
    assert records(block, "month", "region", "department", "category", "amount") == [
        ("2026-10", "华东", "市场部", "物料费", 3000), ("2026-10", "华东", "市场部", "人员费", 13200)
    ]  # fmt: skip


def test_vouchers_with_a_period_and_local_money() -> None:
    rows: Rows = [["会计期间", "凭证号", "摘要", "科目名称", "部门", "本币金额"], ["2026-03", "记-3", "广告", "广告费", "市场部", "86,000.00"], ["2026-03", "记-9", "红冲", "广告费", "市场部", "-3,000.00"], [N, N, N, N, "合计", "83,000.00"]]  # fmt: skip
    assert records(one(rows, file="销售费用明细账.xlsx"), "month", "voucher", "amount") == [
        ("2026-03", "记-3", 86000), ("2026-03", "记-9", -3000)
    ]  # fmt: skip


@pytest.mark.parametrize(("title", "table"), [("2026年3月各部门费用统计表（元）", "spend"), ("2026年3月各部门费用预算（元）", "budget")])  # fmt: skip
def test_departments_across(title: str, table: str) -> None:
    rows: Rows = [
        [title],
        ["费用类别", "市场部", "销售部", "合计"],
        ["差旅费", 12, 35, 47],
        ["广告费", 98, 0, 98],
        ["合计", 110, 35, 145],
    ]
    block = one(rows)
    assert block.u.table == table
    assert records(block, "month", "category", "department", "amount") == [
        ("2026-03", "差旅费", "市场部", 12), ("2026-03", "差旅费", "销售部", 35), ("2026-03", "广告费", "市场部", 98), ("2026-03", "广告费", "销售部", 0)
    ]  # fmt: skip
    wrong = one([*rows[:3], ["广告费", 98, 0, 99]])
    assert not len(wrong.frame)


@pytest.mark.parametrize("header", ["合计", "小计", "折后金额", "Total", "Line Total"])
def test_a_total_at_the_end_of_each_row_is_the_amount_only_where_units_and_price_prove_it(
    header: str,
) -> None:
    head = ["日期", "产品", "数量", "单价", header]
    proved = one(
        [head, ["2026-10-01", "甲", 3, 3.33, 10], ["2026-10-02", "乙", 2, 4, 8]], file="销售明细.xlsx"
    )
    assert records(proved, "units", "amount") == [(3, 10), (2, 8)]
    assert [i.severity for i in proved.issues if i.code == "amount_derived"] == ["info"]
    discounted = one(
        [head, ["2026-10-01", "甲", 3, 3, 8.5], ["2026-10-02", "乙", 2, 4, 8]], file="销售明细.xlsx"
    )
    assert records(discounted, "units", "amount") == [(3, N), (2, N)]
    assert [i.column for i in discounted.issues if i.code == "amount_unclear"] == [header]


def test_a_total_without_a_price_is_told() -> None:
    block = one(
        [["日期", "产品", "数量", "合计"], ["2026-10-01", "甲", 3, 8.5], ["2026-10-02", "乙", 2, 8]],
        file="销售明细.xlsx",
    )
    assert [i.column for i in block.issues if i.code == "unmapped_measure"] == ["合计"]
