"""Sheets that hold columns of sales and are none: rebates, stock, receivables, contracts, quotations."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, sheet, taken

from mktanalytics.settings import FileRule, Settings

DAY = ["2026-09-03", "2026-09-04"]
BY_DEALER = ("经销商", "区域", "季度销售额")
REBATES = [
    (*BY_DEALER, "返利比例", "返利金额"),
    ("康达", "浙江", 500000, 0.03, 15000),
    ("瑞丰", "浙江", 300000, 0.02, 6000),
]
PLAIN = [("日期", "客户", "产品", "数量", "金额"), (DAY[0], "甲", "A", 2, 20), (DAY[1], "乙", "B", 3, 30)]


def plain_and(*more: tuple[object, ...]) -> Rows:
    return [(*row, *beside) for row, beside in zip(PLAIN, zip(*more, strict=True), strict=True)]


def held(rows: Rows, **names: str) -> str:
    """The code by which the only block is held; nothing of it may be tidy."""
    (block,) = taken(sheet(rows, name=names.get("name", "Sheet1")), file=names.get("file", "book.xlsx"))
    assert "tidy" not in {f for f, _ in block.fates.values()}, fates(block)
    return block.trouble.code if block.trouble else ""


def read(rows: Rows, **names: str) -> int:
    """The rows of the only block that are read as sales."""
    (block,) = taken(sheet(rows, name=names.get("name", "Sheet1")), file=names.get("file", "book.xlsx"))
    assert block.trouble is None, block.trouble
    assert block.table is not None and block.table.name == "sales"
    return len(block.frame)


@pytest.mark.parametrize(
    "title", ["2026年第三季度经销商返利核算表", "2026年第三季度", "2026年第三季度销售返利"]
)
def test_what_rebates_are_computed_from_is_no_sale(title: str) -> None:
    assert held([(title,), *REBATES]) == "other_kind"


@pytest.mark.parametrize(
    "title", ["2026年9月采购订单", "样品出库明细", "销售报价单", "客户对账单", "2026年合同台账", "库存日报", "Sales quotation", "Stock transfer 2026-09", "生产日报"]
)  # fmt: skip
def test_a_title_that_names_another_object_holds_plain_columns(title: str) -> None:
    assert held([(title,), *PLAIN]) == "other_kind"


@pytest.mark.parametrize(
    "beside", [("合同编号", "HT-1", "HT-2"), ("投标结果", "中标", "未中标"), ("期末库存", 5, 6), ("成交概率", 0.5, 0.2), ("逾期天数", 12, 0), ("拜访目的", "送货", "回访")]
)  # fmt: skip
def test_a_header_of_another_object_holds_plain_columns(beside: tuple[object, ...]) -> None:
    assert held(plain_and(beside)) == "other_kind"


def test_figures_most_of_which_nobody_knows_are_held() -> None:
    more = [(f"{name}工时", 1, 2) for name in "甲乙丙丁戊"]
    assert held(plain_and(*more)) == "mostly_unknown"
    assert read(plain_and(*more), file="9月销售明细.xlsx") == 2


@pytest.mark.parametrize(
    "file", ["9月销售明细.xlsx", "某某物流有限公司9月销售明细.xlsx", "采购部要的销售明细.xlsx"]
)
def test_what_a_title_calls_sales_may_have_such_columns_beside_it(file: str) -> None:
    assert read(plain_and(("合同编号", "HT-1", "HT-2"), ("未收金额", 0, 10)), file=file) == 2


def test_named_figures_of_an_order_may_have_commission_and_freight_beside_them() -> None:
    rows = [("订单编号", "付款时间", "商品名称", "实付金额", "达人佣金", "运费"), ("1001", DAY[0], "A", 20, 2, 5), ("1002", DAY[1], "B", 30, 3, 5)]  # fmt: skip
    assert read(rows) == 2


def test_sales_and_stock_by_shop_are_sales_where_the_figures_say_so() -> None:
    rows = [("日期", "门店", "商品", "销售数量", "销售金额", "库存数量"), (DAY[0], "甲店", "A", 2, 20, 9), (DAY[1], "乙店", "A", 3, 30, 8)]  # fmt: skip
    assert read(rows) == 2
    assert read([("供应商销售库存查询",), *rows]) == 2
    assert held([("库存查询",), *rows]) == "other_kind"
    assert held([("销售应收明细",), *rows]) == "other_kind"


def test_lines_of_receipts_may_say_what_was_due_and_what_was_paid() -> None:
    rows = [("小票号", "交易时间", "商品名称", "数量", "应收金额", "实收金额"), ("1001", DAY[0], "A", 2, 20, 18), ("1002", DAY[1], "B", 3, 30, 30)]  # fmt: skip
    (block,) = taken(sheet(rows))
    assert block.frame["amount"].tolist() == [18, 30]
    bills = [("日期", "单据编号", "客户", "应收金额", "实收金额"), (DAY[0], "1001", "甲", 20, 18), (DAY[1], "1002", "乙", 30, 30)]  # fmt: skip
    assert held(bills) == "other_kind"


def test_a_rule_of_the_settings_says_that_it_is_sales_all_the_same() -> None:
    settings = Settings(files=(FileRule(file="*.xlsx", reason="they are net sales", table="sales"),))
    (block,) = taken(sheet([("2026年第三季度",), *REBATES]), settings=settings)
    assert block.frame["amount"].sum() == 800000


@pytest.mark.parametrize("rows", [
    [("日期", "类型", "金额", "备注"), (DAY[0], "充值", 3000, "微信"), (DAY[1], "扣款", -1200, "广告")],
    [("日期", "摘要", "收入", "支出", "余额"), (DAY[0], "收货款", 3000, None, 8000), (DAY[1], "付广告费", None, 1200, 6800)],
    [("Date", "Type", "Amount (USD)", "Reference"), (DAY[0], "topup", 500, "card"), (DAY[1], "spend", -310.5, "x")],
    [("Date", "Description", "Amount", "Balance"), (DAY[0], "INV-1", 500, 1500), (DAY[1], "Ads", -200, 1300)],
    [("日期", "区域", "金额"), (DAY[0], "华东", 10), (DAY[1], "华南", 20)],
])  # fmt: skip
def test_a_date_and_an_amount_alone_are_no_sales(rows: Rows) -> None:
    assert held(rows)
    assert held(rows, file="2026年9月.xlsx")


@pytest.mark.parametrize("header", ["销售额", "GMV", "成交额", "Revenue"])
def test_an_amount_that_speaks_of_selling_is_one(header: str) -> None:
    (block,) = taken(sheet([("日期", "区域", header), (DAY[0], "华东", 10), (DAY[1], "华南", 20)]))
    assert block.frame["amount"].sum() == 30


def test_the_bill_of_a_wallet_is_no_list_of_sales() -> None:
    rows: Rows = [
        ("交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态"),
        (DAY[0], "商户消费", "某超市", "饮料", "支出", 12.5, "零钱", "支付成功"),
        (DAY[1], "转账", "某人", "转账备注", "收入", 200, "/", "已存入零钱"),
    ]
    assert held(rows) == "other_kind"


def test_the_accounts_of_a_municipality_are_no_list_of_sales() -> None:
    rows: Rows = [
        ("id", "year", "expend", "revenue", "grants"),
        (114, 2025, 22.9, 18.1, 5.4),
        (115, 2025, 26.6, 20.9, 5.7),
    ]
    assert held(rows) == "other_kind"
