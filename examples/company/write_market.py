"""The panel's workbooks: months across, then brands across, then a long list with distribution."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from company.book import Book
from company.market import SOURCE, Cell, cells
from company.names import BRANDS, TOTAL, regions
from company.time import year_of
from company.truth import times

WAN = 10000


def books() -> list[Book]:
    return [_months_across(), _brands_across(), _long(), _october()]


def _tidy(cell: Cell, published: dt.date, **more: object) -> dict[str, object]:
    return {
        "month": cell.month, "period": "month", "region": cell.region, "category": cell.category, "brand": cell.brand,
        "units": float(cell.units), "amount": float(cell.amount), "source": SOURCE, "vintage": published,
        "currency": "CNY",
    } | more  # fmt: skip


def _wan(number: Decimal | int) -> Decimal:
    return Decimal(number) / WAN


def _months_across() -> Book:
    """2024: each month over volume and value, the year at the end, merged region and category labels."""
    book, published = Book("2024年市场零售监测.xlsx"), dt.date(2025, 1, 16)
    sheet = book.sheet("全年监测", "market")
    sheet.merge(1, 1, 1, 31, "2024年饮料市场零售监测（分区域、分品类、分品牌）")
    for column, head in enumerate(("区域", "品类", "品牌", "数据来源", "发布日期"), 1):
        sheet.merge(3, column, 4, column, head)
    for i, head in enumerate((*[f"2024年{m}月" for m in range(1, 13)], "全年合计")):
        sheet.merge(3, 6 + 2 * i, 3, 7 + 2 * i, head)
        sheet.row(4, ["销量（万箱）", "销售额（万元）"], 6 + 2 * i)
    counted = {(c.region, c.category, c.brand, c.month): c for c in cells() if c.month.year == 2024}
    row = 5
    lines = list(dict.fromkeys(k[:3] for k in counted))
    lines.sort(key=lambda k: regions(2024).index(k[0]))
    for region, group in groupby(lines, lambda k: k[0]):
        part = list(group)
        sheet.merge(row, 1, row + len(part) - 1, 1, region)
        for category, brands in groupby(part, lambda k: k[1]):
            names = [k[2] for k in brands]
            sheet.merge(row, 2, row + len(names) - 1, 2, category)
            for brand in names:
                sheet.row(row, [brand, SOURCE, published], 3)
                year = [counted[region, category, brand, m] for m in year_of(2024)]
                for i, cell in enumerate(year):
                    sheet.row(row, [_wan(cell.units), _wan(cell.amount)], 6 + 2 * i)
                    sheet.means(row, _tidy(cell, published), column=6 + 2 * i)
                sheet.row(row, [_wan(sum(c.units for c in year)), _wan(sum(c.amount for c in year))], 30)
                row += 1
    sheet.row(row + 1, ["注：“合计”为该品类全部品牌；销售额按零售价计。"])
    return book


def _brands_across() -> Book:
    """2025: value of every brand, then volume of every brand; a brand that isn't in a category is blank."""
    book, published = Book("2025年市场监测（品牌横排）.xlsx"), dt.date(2026, 1, 15)
    cover = book.sheet("封面")
    cover.row(3, ["2025年饮料市场监测报告附表"], 2)
    cover.row(5, ["本附表仅供委托方内部使用"], 2)
    sheet = book.sheet("数据", "market")
    for column, head in enumerate(("月份", "区域", "品类", "数据来源", "发布日期"), 1):
        sheet.merge(1, column, 2, column, head)
    for i, head in enumerate(("销售额（万元）", "销量（万箱）")):
        sheet.merge(1, 6 + 9 * i, 1, 14 + 9 * i, head)
        sheet.row(2, BRANDS, 6 + 9 * i)
    year = [c for c in cells() if c.month.year == 2025]
    for row, (key, group) in enumerate(groupby(year, lambda c: (c.month, c.region, c.category)), 3):
        sheet.row(row, [f"2025年{key[0].month}月", key[1], key[2], SOURCE, published])
        for cell in group:
            column = 6 + BRANDS.index(cell.brand)
            sheet.row(row, [_wan(cell.amount)], column)
            sheet.row(row, [_wan(cell.units)], column + 9)
            sheet.means(row, _tidy(cell, published), column=column)
    return book


LONG = ("月份", "区域", "品类", "品牌", "销量（箱）", "销售额（元）", "销售额份额", "铺货网点数", "网点总数", "加权铺货率",
        "数据来源", "发布日期")  # fmt: skip


def _share(cell: Cell, totals: dict[tuple[dt.date, str, str], Decimal]) -> Decimal:
    """Percent with one decimal, as the panel prints it."""
    whole = totals[cell.month, cell.region, cell.category]
    return (100 * cell.amount / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _totals(taken: Sequence[Cell]) -> dict[tuple[dt.date, str, str], Decimal]:
    return {(c.month, c.region, c.category): c.amount for c in taken if c.brand == TOTAL}


def _long_tidy(cell: Cell, share: Decimal, published: dt.date) -> dict[str, object]:
    seen = cell.outlets_stocking > 0
    return _tidy(
        cell, published, value_share=times(share, "0.01"), outlets_total=float(cell.outlets_total),
        outlets_stocking=float(cell.outlets_stocking) if seen else None,
        weighted_distribution=times(cell.weighted_distribution, "0.01") if seen else None,
    )  # fmt: skip


def _long(last: int = 9) -> Book:
    """2026: a sheet a quarter, percents as text, outlets where they were counted."""
    book, published = Book("2026年1-9月市场监测数据.xlsx"), dt.date(2026, 10, 15)
    taken = [c for c in cells() if c.month.year == 2026 and c.month.month <= last]
    totals = _totals(taken)
    for quarter, name in enumerate(("一季度", "二季度", "三季度")):
        sheet = book.sheet(name, "market")
        sheet.row(1, [f"2026年{name}饮料市场监测"])
        sheet.row(3, LONG)
        part = [c for c in taken if (c.month.month - 1) // 3 == quarter]
        for row, c in enumerate(part, 4):
            share, seen = _share(c, totals), c.outlets_stocking > 0
            sheet.row(row, [c.month.strftime("%Y-%m"), c.region, c.category, c.brand, c.units, c.amount, f"{share}%",
                            c.outlets_stocking if seen else None, c.outlets_total,
                            f"{c.weighted_distribution}%" if seen else None, SOURCE, published])  # fmt: skip
            sheet.means(row, _long_tidy(c, share, published))
    return book


def _october() -> Book:
    """The newest month as the panel mails it: GB18030 text."""
    book, published = Book("市场监测2026年10月.csv", encoding="gb18030"), dt.date(2026, 11, 16)
    sheet = book.sheet("", "market")
    sheet.row(1, LONG)
    taken = [c for c in cells() if c.month == dt.date(2026, 10, 1)]
    totals = _totals(taken)
    for row, c in enumerate(taken, 2):
        share, seen = _share(c, totals), c.outlets_stocking > 0
        sheet.row(row, ["2026年10月", c.region, c.category, c.brand, f"{c.units:,}", f"{c.amount:,}", f"{share}%",
                        c.outlets_stocking if seen else None, c.outlets_total,
                        f"{c.weighted_distribution}%" if seen else None, SOURCE, "2026-11-16"])  # fmt: skip
        sheet.means(row, _long_tidy(c, share, published))
    return book
