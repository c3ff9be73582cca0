"""Invented workbooks to be cleaned: one large plain sheet, and many small messy ones."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import xlsxwriter

HEAD = (
    "日期",
    "订单号",
    "产品编码",
    "产品",
    "品牌",
    "品类",
    "区域",
    "渠道",
    "客户",
    "销售员",
    "数量",
    "金额",
)
REGIONS = ("华东", "华南", "华北", "西南", "华中", "西北", "东北")


def write_large(path: Path, rows: int) -> None:
    """One sheet of `rows` × 12 sales lines under one header row."""
    chance = random.Random(rows)
    start = dt.date(2025, 1, 1)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet("销售明细"), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, HEAD)
    for i in range(1, rows + 1):
        units = chance.randrange(1, 20)
        sheet.write_datetime(
            i, 0, dt.datetime.combine(start + dt.timedelta(days=chance.randrange(660)), dt.time()), day
        )
        sheet.write_row(i, 1, (
            f"SO{i:08d}", f"P{units:03d}", f"山泉水 {units}00 毫升", "云岭", "饮用水", REGIONS[i % 7], "商超",
            f"客户{chance.randrange(5000)}", f"员工{chance.randrange(60)}", units, units * chance.randrange(200, 4000) / 100,
        ))  # fmt: skip
    book.close()


def write_small(folder: Path, count: int) -> None:
    """`count` workbooks of one month and region each, as people make them: title, unit line, subtotals, notes."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        chance = random.Random(n)
        region, month = REGIONS[n % 7], 1 + n // 7 % 12
        year = 2025 - n // 84
        book = xlsxwriter.Workbook(str(folder / f"{region}{year}年{month}月销售_{n}.xlsx"))
        sheet, wide = book.add_worksheet(f"{month}月"), book.add_format({"align": "center", "bold": True})
        sheet.merge_range(0, 0, 0, 5, f"{region}大区{year}年{month}月销售明细表", wide)
        sheet.write(1, 5, "单位：万元")
        sheet.write_row(3, 0, ("日期", "产品名称", "客户名称", "业务员", "数量", "销售额"))
        row, total = 4, 0.0
        for product in ("山泉水", "果茶", "气泡水"):
            part = 0.0
            for _ in range(20):
                amount = chance.randrange(100, 90000) / 10000
                sheet.write_row(row, 0, (
                    f"{year}年{month}月{chance.randrange(1, 28)}日", product, f"{region}客户{chance.randrange(30)}",
                    chance.choice(("张伟", "李娜", "王芳")), f"{chance.randrange(1000, 5000):,}", amount,
                ))  # fmt: skip
                row, part = row + 1, part + amount
            sheet.write_row(row, 1, ("小计", "", "", "", round(part, 4)))
            row, total = row + 1, total + part
        sheet.write(row, 0, "合计")
        sheet.write(row, 5, round(total, 4))
        sheet.write(row + 2, 0, "注：以上数据由各区域填报，退货已扣除")
        book.close()
