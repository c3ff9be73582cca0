"""What was seen of the competition: shelf prices, and ten items scored brand by brand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from company.book import Book, Cell, Sheet
from company.chance import Dice
from company.names import OWN, RIVALS
from mktanalytics.tables.competitor_profile import ITEMS

SHELF = (
    ("岚溪", "岚溪天然水550ml", "550ml", "2.00"), ("岚溪", "岚溪茉莉绿茶500ml", "500ml", "4.00"),
    ("橙序", "橙序鲜橙汁1L", "1L", "13.80"), ("谷屿", "谷屿燕麦饮1L", "1L", "16.80"),
    ("沐原", "沐原山泉水550ml", "550ml", "2.50"), ("沐原", "沐原青柑绿茶500ml", "500ml", "4.50"),
    ("朔泉", "朔泉纯净水555ml", "555ml", "2.00"), ("茗栈", "茗栈冷泡乌龙500ml", "500ml", "5.00"),
    ("果塘", "果塘百分百橙汁1L", "1L", "14.90"), ("果塘", "果塘杏仁露1L", "1L", "17.90"),
)  # fmt: skip
PLACES = (
    ("万邻超市五角场店", "华东", "上海"), ("好悦便利天河店", "华南", "广州"), ("万邻超市朝阳店", "华北", "北京"),
    ("邻里鲜生春熙店", "西南", "成都"), ("云集优品（线上）", "华东", "杭州"),
)  # fmt: skip
DATES = tuple(dt.date(2026, m, 15) for m in (1, 4, 7, 8, 9, 10))
OFFERS = ("第二件半价", "满减", "直降", "会员价")
# how each brand stands on the ten items in October 2026, out of five
STANDING = {
    "岚溪": "4.0 4.5 4.0 4.0 4.5 4.0 4.0 3.5 4.0 4.0", "橙序": "3.5 4.0 3.0 4.0 3.5 3.0 3.5 3.5 3.5 3.5",
    "谷屿": "3.5 4.5 3.5 4.5 3.0 3.0 3.5 3.5 4.0 4.5", "沐原": "4.5 4.0 4.0 4.0 5.0 4.5 4.5 4.5 4.0 4.0",
    "果塘": "4.0 4.0 3.5 3.5 4.0 4.0 4.0 4.0 3.5 3.5", "茗栈": "4.5 4.5 3.0 5.0 3.5 4.0 3.0 5.0 3.5 4.5",
    "朔泉": "3.0 3.5 4.5 3.0 4.0 3.5 3.5 3.0 3.0 3.5",
}  # fmt: skip
A_YEAR_BEFORE = {("橙序", "价格"): "4.0", ("橙序", "市场占有率"): "3.5", ("沐原", "经销商政策"): "4.0", ("茗栈", "销售渠道"): "3.0",
                 ("岚溪", "广告促销方式"): "3.0", ("谷屿", "市场占有率"): "2.5"}  # fmt: skip


def books() -> list[Book]:
    return [_prices(), _profile()]


def _prices() -> Book:
    """Prices as jotted down: 13.8, ¥13.80, 13.80元; dates with dots."""
    book, dice = Book("2026年竞品采价记录.xlsx"), Dice("prices")
    sheet = book.sheet("采价记录", "competitor_prices")
    sheet.row(1, ["2026年竞品采价记录"])
    sheet.row(
        2,
        [
            "采价日期",
            "采价门店",
            "区域",
            "城市",
            "品牌",
            "产品名称",
            "规格",
            "标价",
            "促销价",
            "促销方式",
            "备注",
        ],
    )
    row = 2
    for day in DATES:
        for outlet, region, city in PLACES:
            for brand, product, pack, usual in SHELF:
                if dice.chance(0.08):  # out of stock that day
                    continue
                row += 1
                _price(sheet, row, dice, day, (outlet, region, city), (brand, product, pack, usual))
    return book


def _price(
    sheet: Sheet,
    row: int,
    dice: Dice,
    day: dt.date,
    place: tuple[str, str, str],
    item: tuple[str, str, str, str],
) -> None:
    brand, product, pack, usual = item
    outlet, region, city = place
    price = Decimal(usual) + dice.pick((Decimal("0.00"), Decimal("0.00"), Decimal("0.20"), Decimal("-0.10")))
    offer = dice.pick(OFFERS) if dice.chance(0.28) else None
    reduced = (price * Decimal("0.85")).quantize(Decimal("0.1")) if offer else None
    ways: tuple[Cell, ...] = (price, price, f"¥{price:.2f}", f"{price:.2f}元")
    written = dice.pick(ways)
    when: Cell = f"{day.year}.{day.month}.{day.day}" if day.month % 2 else day
    note = "堆头陈列" if dice.chance(0.06) else None
    sheet.row(row, [when, outlet, region, city, brand, product, pack, written, reduced, offer, note])
    sheet.means(row, {
        "date": day, "brand": brand, "product": product, "outlet": outlet, "region": region, "city": city,
        "price": float(price), "promotion_price": float(reduced) if reduced else None, "promotion": offer,
        "pack": pack, "currency": "CNY", "note": note,
    })  # fmt: skip


def _profile() -> Book:
    """Brands across, a sheet an edition; two items under the names people use for them."""
    book = Book("竞品概况评估.xlsx")
    brands = (*OWN, *RIVALS)
    spoken = {"市场占有率": "市场份额", "价格": "价格水平"}
    for year in (2025, 2026):
        sheet = book.sheet(f"{year}年10月", "competitor_profile")
        sheet.merge(1, 1, 1, 8, f"{year}年10月竞品概况评估（1-5分）")
        sheet.row(2, ["比较项目", *brands])
        for row, item in enumerate(ITEMS, 3):
            sheet.row(row, [spoken.get(item, item)])
            for column, brand in enumerate(brands, 2):
                score = STANDING[brand].split()[row - 3]
                score = A_YEAR_BEFORE.get((brand, item), score) if year == 2025 else score
                sheet.row(row, [Decimal(score)], column)
                tidy = {"month": dt.date(year, 10, 1), "brand": brand, "item": item, "score": float(score)}
                sheet.means(row, tidy, column=column)
    return book
