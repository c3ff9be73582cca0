"""Exports of trading systems and web shops: their many columns, and which of them are ours."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


@pytest.mark.parametrize(("heads", "columns"), [
    (["单据日期", "单据编号", "客户简称", "存货编码", "存货名称", "数量", "含税单价", "价税合计"], ["date", "order_id", "customer", "product_code", "product", "units", "price", "amount"]),
    (["日期", "单据编号", "购货单位", "产品代码", "产品名称", "实发数量", "销售单价", "销售金额"], ["date", "order_id", "customer", "product_code", "product", "units", "price", "amount"]),
    (["Billing Date", "Billing Doc.", "Name 1", "Material", "Material Description", "Billed Quantity", "Price", "Net Value"], ["date", "order_id", "customer", "product_code", "product", "units", "price", "amount"]),
    (["支付完成时间", "主订单编号", "客户", "商品ID", "选购商品", "商品数量", "商品单价", "订单应付金额"], ["date", "order_id", "customer", "product_code", "product", "units", "price", "amount"]),
    (["訂單日期", "訂單編號", "客戶名稱", "產品編號", "產品名稱", "數量", "單價", "銷售金額"], ["date", "order_id", "customer", "product_code", "product", "units", "price", "amount"]),
])  # fmt: skip
def test_headers_of_trading_systems(heads: list[str], columns: list[str]) -> None:
    block = one(
        [
            heads,
            ["2026-10-03", "X1", "甲", "010203", "水", 2, 24, 48],
            ["2026-10-04", "X2", "乙", "010204", "茶", 1, 36, 36],
        ]
    )
    assert block.u.table == "sales"
    assert records(block, *columns)[0] == ("2026-10-03", "X1", "甲", "010203", "水", 2, 24, 48)


@pytest.mark.parametrize(("heads", "chosen"), [
    (["商品总价(元)", "用户实付金额(元)", "商家实收金额(元)"], 2),
    (["商家实收金额(元)", "商品总价(元)", "订单金额"], 3),
    (["订单金额", "应付金额", "优惠金额"], 1),
    (["价税合计", "税额", "无税金额"], 1),
])  # fmt: skip
def test_of_several_amounts_the_one_that_was_paid(heads: list[str], chosen: int) -> None:
    """The others stay beside the row, and are told."""
    block = one(
        [
            ["订单号", "支付时间", "商品", *heads],
            ["1", "2026-10-03", "水", 1, 2, 3],
            ["2", "2026-10-04", "茶", 1, 2, 3],
        ]
    )
    assert list(block.frame["amount"]) == [chosen, chosen]
    assert {i.code for i in block.issues} == {"unmapped_measure"}


def test_two_amounts_of_one_worth_are_held() -> None:
    block = one(
        [
            ["订单号", "销售日期", "商品", "销售金额", "实付金额"],
            ["1", "2026-10-03", "水", 1, 2],
            ["2", "2026-10-04", "茶", 1, 2],
        ]
    )
    assert block.trouble is not None
    assert block.trouble.code == "duplicate_header"


@pytest.mark.parametrize(
    ("header", "column"), [("未出库数量", "units"), ("收货地址", "province"), ("不含税销售单价", "price")]
)
def test_a_letter_more_or_less_is_another_word(header: str, column: str) -> None:
    block = one(
        [
            ["订单号", "销售日期", "商品", "金额", header],
            ["1", "2026-10-03", "水", 5, 2],
            ["2", "2026-10-04", "茶", 6, 3],
        ]
    )
    assert column not in block.frame
    assert block.frame["extra"].str.contains(header).all()


def test_an_id_of_goods_is_no_line_of_an_order() -> None:
    block = one([["订单号", "下单时间", "商品ID", "订购数量", "金额"], ["1", "2026-10-03", "100012", 2, 5]])
    assert records(block, "product_code", "order_line", "units") == [("100012", N, 2)]


@pytest.mark.parametrize("rows", [
    [["日期", "存货编码", "存货名称", "入库数量", "出库数量", "结存数量"], ["2026-10-03", "01", "水", 5, 2, 3], ["2026-10-04", "01", "水", 0, 1, 2]],
    [["2026年10月"], ["产品", "期初库存", "本期进货", "销售数量", "期末库存"], ["水", 5, 5, 2, 8], ["茶", 5, 5, 2, 8]],
])  # fmt: skip
def test_a_flow_of_stock_is_no_list_of_sales(rows: Rows) -> None:
    block = one(rows)
    assert block.trouble is not None
    assert block.trouble.code == "other_kind"
    assert any(w in str(block.trouble.words) for w in ("入库", "进货"))


def test_totals_in_traditional_letters_are_totals() -> None:
    block = one(
        [["2026年9月銷售"], ["區域", "金額"], ["華東", 10], ["華南", 20], ["合計", 30], ["註：不含稅", N]]
    )
    assert records(block, "region", "amount") == [("華東", 10), ("華南", 20)]


def test_an_amount_that_nobody_knows_is_not_computed_anew() -> None:
    rows: Rows = [
        ["订单号", "销售日期", "商品", "数量", "单价", "券后金额"],
        ["1", "2026-10-03", "水", 2, 99, 188],
        ["2", "2026-10-04", "茶", 1, 66, 66],
    ]
    block = one(rows)
    assert "amount" not in block.frame
    assert {"unmapped_measure"} <= {i.code for i in block.issues}


def test_the_day_of_a_file_is_not_that_of_orders_with_days_of_their_own() -> None:
    rows: Rows = [
        ["订单号", "买家结账时间", "商品", "数量", "金额"],
        ["1", "2026-10-03", "水", 2, 99],
        ["2", "2026-10-04", "茶", 1, 66],
    ]
    block = one(rows, file="订单列表20261008.csv")
    assert block.trouble is not None
    assert (block.trouble.code, block.trouble.cell) == ("nearly_named", "B1")


@pytest.mark.parametrize("amount", ["支付金额", "GMV"])
def test_money_given_back_beside_the_amounts_is_told(amount: str) -> None:
    block = one(
        [["日期", "店铺", amount, "退款金额"], ["2026-10-03", "A", 100, 20], ["2026-10-04", "A", 50, 0]]
    )
    assert block.frame["amount"].tolist() == [100, 50]
    assert [(i.code, i.cell) for i in block.issues if i.severity == "warning"] == [("gross_of_returns", "D1")]


def test_net_amounts_come_before_gross_ones() -> None:
    heads = ["日期", "店铺", "GMV", "退款金额", "净GMV"]
    block = one([heads, ["2026-10-03", "A", 100, 20, 80], ["2026-10-04", "A", 50, 0, 50]])
    assert block.frame["amount"].tolist() == [80, 50]
    assert "gross_of_returns" not in [i.code for i in block.issues]
