"""Daily figures of web shops: what was sold, beside visitors, buyers and conversions."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


DAYS = ("2026-10-01", "2026-10-02")


@pytest.mark.parametrize(("heads", "cells", "found"), [
    (["统计日期", "访客数", "浏览量", "支付金额", "支付买家数", "支付件数", "支付转化率", "客单价", "加购人数"], [1000, 5000, "12,345.60", 100, 130, "10.00%", 123.46, 50], (12345.6, 130)),
    (["时间", "访客数", "浏览量", "成交金额", "成交单量", "成交客户数", "成交商品件数", "成交转化率", "客单价"], [1000, 5000, 12345.6, 100, 95, 130, "10%", 123.46], (12345.6, 130)),
    (["日期", "店铺访客数", "支付买家数", "支付订单数", "支付金额", "支付件数", "支付转化率"], [1000, 100, 110, 12345.6, 130, "10%"], (12345.6, 130)),
    (["Date", "Sessions", "Page Views", "Units Ordered", "Ordered Product Sales", "Total Order Items"], [1000, 1500, 130, "US$12,345.60", 45], (12345.6, 130)),
    (["Date", "Visitors", "Buyers", "Orders", "Revenue", "Conversion Rate", "Units Sold"], [1000, 45, 50, 12345.6, "5%", 130], (12345.6, 130)),
    (["Day", "Orders", "Gross sales", "Discounts", "Net sales", "Taxes", "Total sales", "Units sold"], [10, 13000, -654.4, 12345.6, 30, 12375.6, 130], (12345.6, 130)),
])  # fmt: skip
def test_what_a_shop_sold_is_read_beside_what_it_counts(
    heads: list[str], cells: list[object], found: tuple[float, float]
) -> None:
    block = one([heads, *([day, *cells] for day in DAYS)], file="店铺日报.xlsx")
    assert block.u.table == "sales"
    assert records(block, "date", "amount", "units") == [("2026-10", *found), ("2026-10-02", *found)]
    assert "order_id" not in block.frame  # Orders are how many


def test_the_platform_of_a_shop_is_its_channel() -> None:
    block = one([["店铺", "日期", "平台", "访客数", "销售额"], ["A店", DAYS[0], "天猫", 100, 1000], ["B店", DAYS[0], "京东", 80, 800]])  # fmt: skip
    assert records(block, "channel", "amount") == [("天猫", 1000), ("京东", 800)]


@pytest.mark.parametrize("heads", [
    ["日期", "访客数", "浏览量", "跳失率", "加购人数"], ["日期", "支付金额", "奖金", "底薪", "扣款", "补发"], ["日期", "支付金额", "商品曝光人数", "商品点击人数", "浏览时段"],
])  # fmt: skip
def test_what_is_no_sale_is_not_taken(heads: list[str]) -> None:
    """Visitors alone; figures that no shop counts; what may be only what advertising is said to have sold."""
    assert not len(one([heads, *([day, 1, 2, 3, 4, 5][: len(heads)] for day in DAYS)]).records)


# ---- expenses that say until when they are to be paid


@pytest.mark.parametrize("beside", [
    ["已付金额", "应付余额", "到期日"], ["已付金额", "未付金额", "付款到期日"], ["Paid", "Outstanding", "Due date"],
])  # fmt: skip
def test_what_is_still_to_be_paid_of_expenses(beside: list[str]) -> None:
    head = ["日期", "供应商", "费用类别", "费用金额", *beside]
    block = one([head, [DAYS[0], "蓝海", "广告费", 100, 60, 40, "2026-11-30"], [DAYS[1], "众合", "印刷费", 200, 200, 0, "2026-11-30"]], file="市场费用.xlsx")  # fmt: skip
    assert block.u.table == "spend"
    assert records(block, "supplier", "amount") == [("蓝海", 100), ("众合", 200)]


@pytest.mark.parametrize(("whole", "paid"), [("费用金额", 160), ("合同金额", 60)])
def test_more_paid_than_spent_or_agreed_is_held(whole: str, paid: float) -> None:
    """Of a contract what is paid may be all that was spent."""
    block = one([["日期", "供应商", "费用类别", whole, "已付金额"], [DAYS[0], "蓝海", "广告费", 100, paid], [DAYS[1], "众合", "印刷费", 200, 20]], file="市场费用.xlsx")  # fmt: skip
    assert block.trouble is not None
    assert block.trouble.code == "duplicate_header"


@pytest.mark.parametrize("file", ["应付账款.xlsx", "市场费用应付.xlsx"])
def test_what_is_owed_is_no_spend(file: str) -> None:
    head = ["日期", "供应商", "费用类别", "费用金额", "未付金额", "到期日"]
    block = one([head, [DAYS[0], "蓝海", "广告费", 100, 40, "2026-11-30"], [DAYS[1], "众合", "印刷费", 200, 0, "2026-11-30"]], file=file)  # fmt: skip
    assert not len(block.records)


def test_the_report_of_a_marketplace_says_what_was_ordered() -> None:
    head = ["(Child) ASIN", "Title", "Sessions - Total", "Session Percentage - Total", "Page Views - Total", "Featured Offer (Buy Box) Percentage",
            "Units Ordered", "Unit Session Percentage", "Ordered Product Sales", "Total Order Items"]  # fmt: skip
    line = ["B0CHILD01", "Lotion", "1,234", "12.3%", "2,345", "98%", "112", "9.08%", "US$1,454.88", "110"]
    (block,) = taken(sheet([head, line]), file="BusinessReport-2026-09.csv")
    assert block.frame[["units", "amount", "currency"]].to_numpy().tolist() == [[112, 1454.88, "USD"]]
