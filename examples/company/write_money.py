"""The finance desk's workbooks: budgets as forms, vouchers as registers."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from company.book import Book, Cell, Sheet
from company.chance import Dice
from company.money import Plan, Voucher, adjustments, plans, vouchers
from company.names import COMPANY
from company.time import chinese
from company.truth import times

WAN = 10000
WORDS_2025 = {"committed": "已签约", "recognised": "已报销", "paid": "已付款"}
WORDS_2026 = {"committed": "已占用", "recognised": "已入账", "paid": "已支付"}


def books() -> list[Book]:
    return [_budget_2025(), _budget_2026(), _register_2025(), _register_2026()]


def _lines(year: int) -> list[list[Plan]]:
    """Twelve months of one budget line each, departments together."""
    lines = [list(g) for _, g in groupby(plans(year), lambda p: (p.item.activity, p.region))]
    return sorted(lines, key=lambda g: ("市场部", "销售部", "电商部").index(g[0].item.department))


def _form(sheet: Sheet, year: int, top: int, *, with_total: bool) -> int:
    """A department's lines under a merged label, a subtotal after each, the grand total last; gives its row."""
    row, grand = top, [Decimal(0)] * 12
    for department, group in groupby(_lines(year), lambda g: g[0].item.department):
        part = list(group)
        sheet.merge(row, 1, row + len(part) - 1, 1, department)
        sums = [sum((line[m].amount for line in part), Decimal(0)) for m in range(12)]
        for line in part:
            first = line[0]
            year_sum = sum((p.amount for p in line), Decimal(0))
            cells: list[Cell] = [
                first.item.category,
                first.item.activity,
                first.region,
                *(p.amount for p in line),
            ]
            sheet.row(row, [*cells, year_sum] if with_total else cells, 2)
            for m, plan in enumerate(line):
                sheet.means(row, _tidy(plan), column=5 + m)
            row += 1
        sheet.row(row, [f"{department}小计", None, None, None, *sums, *([sum(sums)] if with_total else [])])
        grand = [a + b for a, b in zip(grand, sums, strict=True)]
        row += 1
    sheet.row(row, ["总计", None, None, None, *grand, *([sum(grand)] if with_total else [])])
    return row


def _tidy(plan: Plan) -> dict[str, object]:
    return {
        "month": plan.month, "period": "month", "department": plan.item.department, "category": plan.item.category,
        "activity": plan.item.activity, "region": plan.region, "version": "original",
        "amount": times(plan.amount, WAN), "currency": "CNY",
    }  # fmt: skip


def _budget_2025() -> Book:
    """Months across, a year's total at the end, the unit in a note."""
    book = Book("2025年市场费用预算.xlsx")
    sheet = book.sheet("预算", "budget")
    sheet.merge(1, 1, 1, 17, f"{COMPANY}2025年度市场费用预算表")
    sheet.row(2, ["单位：万元"], 17)
    sheet.row(3, ["部门", "费用类别", "活动", "区域", *[f"{m}月" for m in range(1, 13)], "合计"])
    _form(sheet, 2025, 4, with_total=True)
    return book


def _budget_2026() -> Book:
    """Notes, the plan under a two-row header, and a sheet of approved changes."""
    book = Book("2026年度预算（含调整）.xlsx")
    notes = book.sheet("编制说明")
    for i, text in enumerate(
        (
            "编制说明",
            "一、预算按权责发生制编制，金额单位为万元。",
            "二、年中调整须经审批，登记在“预算调整”表。",
        ),
        1,
    ):
        notes.row(i, [text])
    sheet = book.sheet("年初预算", "budget")
    sheet.row(1, ["2026年年初预算"])
    for column, head in enumerate(("责任部门", "费用科目", "活动名称", "区域"), 1):
        sheet.merge(3, column, 4, column, head)
    sheet.merge(3, 5, 3, 16, "2026年预算（万元）")
    sheet.row(4, [f"{m}月" for m in range(1, 13)], 5)
    end = _form(sheet, 2026, 5, with_total=False)
    sheet.row(end + 2, ["编制：财务BP　　审核：周敏"])
    changes = book.sheet("预算调整", "budget")
    changes.row(
        1,
        [
            "调整日期",
            "预算类型",
            "所属月份",
            "部门",
            "费用类别",
            "活动",
            "区域",
            "调整金额（万元）",
            "审批人",
            "调整原因",
        ],
    )
    for row, a in enumerate(adjustments(), 2):
        changes.row(row, [chinese(a.date), a.kind, f"2026年{a.month.month}月", a.item.department, a.item.category,
                          a.item.activity, a.region, a.amount, a.approver, a.reason])  # fmt: skip
        tidy = _tidy(Plan(a.month, a.item, a.region, a.amount))
        changes.means(
            row, tidy | {"version": "adjustment", "date": a.date, "approver": a.approver, "reason": a.reason}
        )
    return book


def _register_2025() -> Book:
    """A plain register; some amounts as ￥ text."""
    book, dice = Book("2025年费用台账.xlsx"), Dice("register 2025")
    sheet = book.sheet("台账", "spend")
    sheet.row(
        1,
        [
            "凭证日期",
            "凭证号",
            "部门",
            "费用类别",
            "项目",
            "渠道",
            "区域",
            "供应商",
            "金额（元）",
            "状态",
            "摘要",
        ],
    )
    for row, v in enumerate(vouchers(2025), 2):
        money: Cell = f"￥{v.amount:,.2f}" if dice.chance(0.08) else v.amount
        sheet.row(row, [v.date, v.number, v.item.department, v.item.category, v.item.activity, v.item.channel, v.region,
                        v.supplier, money, WORDS_2025[v.status], v.text])  # fmt: skip
        sheet.means(row, _spend(v))
    return book


def _spend(v: Voucher) -> dict[str, object]:
    return {
        "date": v.date, "month": v.date.replace(day=1), "department": v.item.department, "category": v.item.category,
        "activity": v.item.activity, "channel": v.item.channel, "region": v.region, "amount": float(v.amount),
        "status": v.status, "voucher": v.number, "supplier": v.supplier, "currency": "CNY", "note": v.text,
    }  # fmt: skip


def _register_2026() -> Book:
    """Three sheets by time of year, a title and a sum on each, statuses in other words than last year."""
    book = Book("2026年费用登记表.xlsx")
    for name, first, last in (("上半年", 1, 6), ("三季度", 7, 9), ("四季度（至11月20日）", 10, 12)):
        sheet = book.sheet(name, "spend")
        sheet.merge(1, 1, 1, 11, f"2026年{name}市场费用登记表")
        sheet.row(2, ["入账日期", "凭证编号", "费用部门", "费用科目", "活动名称", "渠道", "所属区域", "收款单位",
                      "费用金额(元)", "单据状态", "摘要"])  # fmt: skip
        taken = [v for v in vouchers(2026) if first <= v.date.month <= last]
        for row, v in enumerate(taken, 3):
            day: Cell = chinese(v.date) if first == 7 else v.date
            sheet.row(row, [day, v.number, v.item.department, v.item.category, v.item.activity, v.item.channel, v.region,
                            v.supplier, v.amount, WORDS_2026[v.status], v.text])  # fmt: skip
            sheet.means(row, _spend(v))
        sheet.row(3 + len(taken), ["本页合计", *[None] * 7, sum(v.amount for v in taken)])
    return book
