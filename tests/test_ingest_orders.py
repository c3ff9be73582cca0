"""Lists of orders by lines: what is said on an order's first line only, and totals of orders beside the lines."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "orders.csv") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


def codes(block: Taken) -> list[str]:
    return [i.code for i in block.issues]


@pytest.mark.parametrize("heads", [
    ["PO Number", "Order Date", "SKU", "Qty Ordered", "Unit Price", "Line Total"],
    ["SO Number", "Order Date", "Item Code", "Quantity Ordered", "Unit Price", "Extended Price"],
    ["订单号", "下单时间", "商品编码", "数量", "单价", "小计"],
])  # fmt: skip
def test_lines_of_orders(heads: list[str]) -> None:
    rows = [["1001", "2026-10-13", "A01", 10, 2.5, 25], ["1001", "2026-10-13", "A02", 5, 3, 15], ["1002", "2026-10-14", "A01", 4, 2.5, 10]]  # fmt: skip
    block = one([heads, *rows])
    assert block.u.table == "sales"
    assert records(block, "order_id", "product_code", "units", "price", "amount") == [
        ("1001", "A01", 10, 2.5, 25), ("1001", "A02", 5, 3, 15), ("1002", "A01", 4, 2.5, 10)
    ]  # fmt: skip


@pytest.mark.parametrize("seller", ["Vendor", "Supplier name", "供应商"])
def test_what_was_ordered_from_others_is_no_sale(seller: str) -> None:
    head = ["PO Number", "Order Date", seller, "SKU", "Qty Ordered", "Line Total"]
    block = one([head, ["1", "2026-10-13", "X", "A01", 10, 25], ["2", "2026-10-14", "X", "A02", 1, 3]], file="list.csv")  # fmt: skip
    assert block.trouble is not None
    assert block.trouble.code == "foreign"


SHOPIFY = ["Name", "Financial Status", "Currency", "Subtotal", "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Billing Name"]  # fmt: skip
FIRST = ["#1001", "paid", "USD", 55, 60, "2026-10-01 09:59:00 +0800", 2, "Water", "20.00", "Zhang San"]
SECOND = ["#1001", N, N, N, N, "2026-10-01 09:59:00 +0800", 1, "Tea", "15.00", N]


def test_a_web_shop_says_an_order_on_its_first_line() -> None:
    block = one([SHOPIFY, FIRST, SECOND])
    assert records(block, "order_id", "customer", "currency", "product", "amount") == [
        ("#1001", "Zhang San", "USD", "Water", 40), ("#1001", "Zhang San", "USD", "Tea", 15)
    ]  # fmt: skip
    assert "order_totals" not in codes(block)  # 55 are the lines


@pytest.mark.parametrize("status", ["refunded", "voided", "pending", "partially_refunded", "expired"])
def test_no_line_of_an_order_that_was_given_back_is_a_sale(status: str) -> None:
    other = [["#1002", "paid", *FIRST[2:]], ["#1002", *SECOND[1:]]]
    block = one([SHOPIFY, ["#1001", status, *FIRST[2:]], SECOND, *other])
    assert set(block.frame["order_id"]) == {"#1002"}


def test_orders_with_two_currencies_are_not_filled() -> None:
    rows = [FIRST, ["#1001", "paid", "EUR", *SECOND[3:]], SECOND]
    assert records(one([SHOPIFY, *rows]), "currency") == [("USD",), ("EUR",), (N,)]


@pytest.mark.parametrize("header", ["订单总额", "订单实付金额", "Order Total", "Invoice total"])
@pytest.mark.parametrize("first_only", [True, False])
def test_the_total_of_an_order_is_counted_on_none_of_its_lines(header: str, first_only: bool) -> None:
    head = ["订单号", "下单时间", "商品名称", "数量", "单价", header]
    rows: Rows = [["1", "2026-10-01", "水", 2, 20, 55], ["1", "2026-10-01", "茶", 1, 15, N if first_only else 55], ["2", "2026-10-02", "水", 1, 20, 18]]  # fmt: skip
    block = one([head, *rows])
    assert list(block.frame["amount"]) == [40, 15, 20]
    (told,) = (i for i in block.issues if i.code == "order_totals")
    assert "-2.00" in told.message_en


def test_the_total_of_an_order_without_its_lines_is_held() -> None:
    head = ["订单号", "下单时间", "商品名称", "订单总额"]
    block = one([head, ["1", "2026-10-01", "水", 55], ["1", "2026-10-01", "茶", N], ["2", "2026-10-02", "水", 20]])  # fmt: skip
    assert block.trouble is not None
