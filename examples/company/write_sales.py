"""The sales workbooks: one list for 2024, twelve sheets for 2025, a file per quarter and area for 2026."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from company.book import Book, Cell, Formula, Sheet
from company.chance import Dice
from company.names import COMPANY, NORTH, SOUTH
from company.sales import Line, lines
from company.time import chinese
from company.truth import times

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
WAN = 10000


def books() -> list[Book]:
    march, june, september = (dt.date(2026, m, 1) for m in (3, 6, 9))
    october = _area(
        "2026年10月南区销售明细.xlsx", "2026年10月", SOUTH, dt.date(2026, 10, 1), dt.date(2026, 10, 1)
    )
    again = Book(
        "南区10月销售（发财务）.xlsx",
        october.sheets,
        untaken="sent twice: same content as 2026年10月南区销售明细.xlsx",
    )
    return [
        _year_2024(),
        _year_2025(),
        _area("2026年一季度南区销售明细.xlsx", "2026年一季度", SOUTH, dt.date(2026, 1, 1), march),
        _area("2026年二季度南区销售明细.xlsx", "2026年二季度", SOUTH, dt.date(2026, 4, 1), june),
        _area("2026年三季度南区销售明细.xlsx", "2026年三季度", SOUTH, dt.date(2026, 7, 1), september),
        october,
        again,
        _export("北区2026年1-6月销售.csv", "gb18030", dt.date(2026, 1, 1), june),
        _export("北区2026年7-8月销售.csv", "utf-16-le", dt.date(2026, 7, 1), dt.date(2026, 8, 1)),
        *_september(),
        _october_north(),
        _november(),
    ]


def _taken(first: dt.date, last: dt.date, area: Sequence[str] = ()) -> list[Line]:
    return [x for x in lines() if first <= x.month <= last and (not area or x.territory in area)]


def _tidy(x: Line, **more: object) -> dict[str, object]:
    """What every sales sheet says of a line."""
    return {
        "date": x.date, "month": x.month, "period": "day", "product_code": x.product.code, "product": x.product.name,
        "brand": x.product.brand, "category": x.product.category, "region": x.region, "channel": x.channel,
        "dealer": x.dealer, "salesperson": x.salesperson, "units": float(x.units), "amount": float(x.amount),
        "currency": "CNY", "note": x.note or None,
    } | more  # fmt: skip


def _year_2024() -> Book:
    """One order list: a notes sheet before it, text numbers, full-width digits, trailing spaces, blank rows."""
    book, dice = Book("2024年销售订单明细.xlsx"), Dice("2024")
    notes = book.sheet("填表说明")
    for i, text in enumerate(("填表说明", "1. 本表由销售内勤从订单系统导出后整理。", "2. 金额为含税出厂金额，单位元；退货以负数列示。",
                              "3. 西部含川、渝、滇、陕、甘、新。"), 1):  # fmt: skip
        notes.row(i, [text])
    sheet = book.sheet("订单明细", "sales")
    sheet.merge(1, 1, 1, 17, f"{COMPANY}2024年销售订单明细")
    sheet.row(2, ["导出时间：2025-01-06 08:31"])
    sheet.row(3, ["订单号", "行号", "订单日期", "产品编码", "产品名称", "品牌", "品类", "大区", "省份", "城市", "渠道",
                  "经销商", "业务员", "数量（箱）", "单价（元）", "金额（元）", "备注", "发货仓"])  # fmt: skip
    row = 3
    for month, group in groupby(_taken(dt.date(2024, 1, 1), dt.date(2024, 12, 1)), lambda x: x.month):
        row += 1 if month.month > 1 else 0  # a blank row between months
        for x in group:
            row += 1
            amount: Cell = f"{x.amount:,.2f}" if dice.chance(0.06) else x.amount
            units: Cell = str(x.units).translate(FULL_WIDTH) if dice.chance(0.02) else x.units
            category = x.product.category + ("  " if dice.chance(0.05) else "")
            depot = f"{x.province}仓"
            sheet.row(row, [x.order_id, x.order_line, x.date, x.product.code, x.product.name, x.product.brand, category,
                            x.region, x.province, x.city, x.channel, x.dealer, x.salesperson, units, x.price, amount,
                            x.note or None, depot])  # fmt: skip
            sheet.means(
                row,
                _tidy(x, order_id=x.order_id, order_line=str(x.order_line), province=x.province, city=x.city,
                      price=float(x.price)),
                extra={"发货仓": depot},
            )  # fmt: skip
    return book


def _year_2025() -> Book:
    """Twelve sheets of one schema; dates written in four ways; totals that were never calculated."""
    book = Book("2025年销售明细（1-12月）.xlsx")
    ways: tuple[Callable[[dt.date], Cell], ...] = (
        lambda d: d, chinese, lambda d: f"{d.year}.{d.month}.{d.day}", lambda d: f"{d:%Y/%m/%d}",
    )  # fmt: skip
    for month in range(1, 13):
        first = dt.date(2025, month, 1)
        sheet = book.sheet(f"{month}月", "sales")
        sheet.row(1, [f"{month}月销售明细"])
        sheet.row(3, ["单号", "销售日期", "产品编码", "产品", "品牌", "品类", "区域", "省份", "渠道", "经销商", "销售员",
                      "销量(箱)", "销售额(元)", "备注"])  # fmt: skip
        taken = _taken(first, first)
        for row, x in enumerate(taken, 4):
            amount: Cell = f"{x.amount:,.2f}" if month in (5, 11) else x.amount
            sheet.row(row, [x.order_id, ways[month % 4](x.date), x.product.code, x.product.name, x.product.brand,
                            x.product.category, x.region, x.province, x.channel, x.dealer, x.salesperson, x.units,
                            amount, x.note or None])  # fmt: skip
            sheet.means(row, _tidy(x, order_id=x.order_id, province=x.province))
        end = 3 + len(taken)
        sheet.row(end + 1, ["合计", *[None] * 10, Formula(f"=SUM(L4:L{end})"), Formula(f"=SUM(M4:M{end})")])
        sheet.row(end + 3, ["注：退货以负数列示。"])
    return book


def _area(file: str, period: str, area: Sequence[str], first: dt.date, last: dt.date) -> Book:
    """A printed form: title, unit note, two header rows, merged regions, subtotals, 万元."""
    book = Book(file)
    sheet = book.sheet("销售明细", "sales")
    sheet.merge(1, 1, 1, 11, f"南区{period}销售明细表")
    sheet.row(2, ["单位：万元", *[None] * 8, "制表：南区内勤"])
    for column, head in (
        (1, "区域"),
        (2, "销售日期"),
        (3, "业务员"),
        (4, "经销商"),
        (5, "渠道"),
        (12, "备注"),
    ):
        sheet.merge(3, column, 4, column, head)
    sheet.merge(3, 6, 3, 9, "产品信息")
    sheet.merge(3, 10, 3, 11, "销售")
    sheet.row(4, ["产品编码", "产品名称", "品牌", "品类", "数量（箱）", "金额"], 6)
    taken = sorted(_taken(first, last, area), key=lambda x: (area.index(x.territory), x.date))
    row, units, money = 5, 0, Decimal(0)
    for region, group in groupby(taken, lambda x: x.region):
        part = list(group)
        sub_units, sub_money = _block(sheet, row, part)
        row += len(part)
        sheet.row(row, [f"{region}小计", *[None] * 8, sub_units, sub_money])
        row, units, money = row + 2, units + sub_units, money + sub_money
    sheet.row(row, ["合计", *[None] * 8, units, money])
    sheet.row(row + 2, ["填表人：南区内勤", *[None] * 3, "复核："])
    return book


def _block(sheet: Sheet, top: int, part: Sequence[Line]) -> tuple[int, Decimal]:
    """The lines of one region under a merged label; gives their sums as shown."""
    sheet.merge(top, 1, top + len(part) - 1, 1, part[0].region)
    shown_sum = Decimal(0)
    for row, x in enumerate(part, top):
        shown = (x.amount / WAN).quantize(Decimal("0.0001"), ROUND_HALF_UP)  # 万元 with four decimals
        shown_sum += shown
        day: Cell = chinese(x.date) if x.territory in ("华南", "西南") else x.date
        name = x.product.name + (" " if x.product.code.endswith("3") else "")
        sheet.row(row, [day, x.salesperson, x.dealer, x.channel, x.product.code, name, x.product.brand,
                        x.product.category, x.units, shown, x.note or None], 2)  # fmt: skip
        sheet.means(row, _tidy(x, amount=times(shown, WAN)))
    return sum(x.units for x in part), shown_sum


def _export(file: str, encoding: str, first: dt.date, last: dt.date) -> Book:
    """A text export of the order system: thousands separators, dates without leading zeros."""
    book = Book(file, encoding=encoding)
    sheet = book.sheet("", "sales")
    sheet.row(1, ["订单编号", "行号", "下单日期", "商品编码", "商品名称", "品牌", "产品分类", "销售区域", "省", "城市",
                  "销售渠道", "经销商名称", "业务员", "销售数量", "单价", "销售金额", "备注"])  # fmt: skip
    for row, x in enumerate(_taken(first, last, NORTH), 2):
        d = x.date
        sheet.row(row, [x.order_id, x.order_line, f"{d.year}/{d.month}/{d.day}", x.product.code, x.product.name,
                        x.product.brand, x.product.category, x.region + " " * (row % 7 == 0), x.province, x.city,
                        x.channel, x.dealer, x.salesperson, f"{x.units:,}", x.price, f"{x.amount:,.2f}",
                        x.note or None])  # fmt: skip
        sheet.means(row, _ordered(x))
    return book


def _ordered(x: Line) -> dict[str, object]:
    return _tidy(
        x,
        order_id=x.order_id,
        order_line=str(x.order_line),
        province=x.province,
        city=x.city,
        price=float(x.price),
    )


HEADS = ("订单号", "行号", "日期", "产品编码", "产品名称", "品牌", "品类", "区域", "省份", "城市", "渠道", "经销商",
         "业务员", "销量", "单价", "销售额", "备注")  # fmt: skip


def _list(sheet: Sheet, taken: Iterable[Line]) -> None:
    sheet.row(1, HEADS)
    for row, x in enumerate(taken, 2):
        sheet.row(row, [x.order_id, x.order_line, x.date, x.product.code, x.product.name, x.product.brand,
                        x.product.category, x.region, x.province, x.city, x.channel, x.dealer, x.salesperson, x.units,
                        x.price, x.amount, x.note or None])  # fmt: skip
        sheet.means(row, _ordered(x))


def _september() -> list[Book]:
    """A month sent with 39 lines missing and some quantities wrong, then sent again, corrected."""
    right = _taken(dt.date(2026, 9, 1), dt.date(2026, 9, 1), NORTH)
    wrong = [x if i % 17 else _tenfold(x) for i, x in enumerate(right) if i % 11 != 3]
    first = Book("北区2026年9月销售.xlsx", untaken="replaced by 北区2026年9月销售（更正版）.xlsx")
    _list(first.sheet("9月", "sales"), wrong)
    mended = Book("北区2026年9月销售（更正版）.xlsx")
    _list(mended.sheet("9月", "sales"), right)
    return [first, mended]


def _tenfold(x: Line) -> Line:
    return Line(
        x.date, x.order_id, x.order_line, x.product, x.territory, x.province, x.city, x.channel, x.dealer,
        x.salesperson, x.units * 10, x.price, x.note,
    )  # fmt: skip


def _october_north() -> Book:
    """An old .xls with a title and a total that was typed in."""
    book = Book("北区2026年10月销售.xls")
    sheet = book.sheet("10月", "sales")
    sheet.merge(1, 1, 1, 12, "北区2026年10月销售明细（单位：元）")
    sheet.row(2, ["日期", "产品编码", "产品名称", "品牌", "品类", "区域", "省份", "城市", "渠道", "经销商", "业务员",
                  "销量", "销售额", "备注"])  # fmt: skip
    taken = _taken(dt.date(2026, 10, 1), dt.date(2026, 10, 1), NORTH)
    for row, x in enumerate(taken, 3):
        sheet.row(row, [x.date, x.product.code, x.product.name, x.product.brand, x.product.category, x.region, x.province,
                        x.city, x.channel, x.dealer, x.salesperson, x.units, x.amount, x.note or None])  # fmt: skip
        sheet.means(row, _tidy(x, province=x.province, city=x.city))
    total = sum(x.units for x in taken), sum(x.amount for x in taken)
    sheet.row(3 + len(taken), ["总计", *[None] * 10, *total])
    return book


def _november() -> Book:
    """The month so far: a dashboard in front, a hidden list of choices behind."""
    book = Book("2026年11月销售快报（截至20日）.xlsx")
    taken = _taken(dt.date(2026, 11, 1), dt.date(2026, 11, 1))
    board = book.sheet("看板")
    board.merge(1, 1, 2, 6, "11月销售看板")
    total = (sum((x.amount for x in taken), Decimal(0)) / WAN).quantize(Decimal("0.1"), ROUND_HALF_UP)
    board.row(4, ["本月累计（万元）", None, "数据截至", None, "时间进度"])
    board.row(5, [total, None, "11月20日", None, "66.7%"])
    board.row(8, ["数据取自“明细”表，每日更新。"])
    _list(book.sheet("明细", "sales"), taken)
    choices = book.sheet("参数", hidden=True)
    for i, text in enumerate(("渠道选项", "现代渠道", "传统渠道", "电商", "餐饮", "特通"), 1):
        choices.row(i, [text])
    return book
