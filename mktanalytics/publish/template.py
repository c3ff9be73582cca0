"""A blank workbook for people who fill sheets in: Chinese headers, drop-downs, notes, units."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from mktanalytics.disk import write_whole
from mktanalytics.errors import UsageError
from mktanalytics.schema import Column, Table

ROWS = 1000  # rows prepared for filling in
_FORMATS = {
    "money": "#,##0.00",
    "number": "#,##0.##",
    "count": "#,##0",
    "rate": "0.0%",
    "date": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
_UNITS = {"CNY": "元", "units": ""}
_HOW = {
    "money": "填数字，单位：元", "number": "填数字", "count": "填整数", "rate": "填百分比，如 31.2%", "date": "填日期，如 2026-10-05",
    "month": "填月份，如 2026-10", "code": "编码，按文本填写，保留前导零", "text": "文字", "category": "名称，同一名称写法一致", "flag": "是 / 否",
}  # fmt: skip


def write_template(kind: Table, path: Path) -> None:
    """Write a blank workbook for the table `kind` to `path`, whole or not at all.

    Raises
    ------
    UsageError
        There is a file of that name, which somebody may have filled in.
    """
    if path.exists():
        raise UsageError(
            ("已有同名文件", "there is a file of that name"),
            where=str(path),
            todo=("另取名字：--output FILE，或先移走它", "name another: --output FILE, or move it away"),
        )
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": kind.zh, "created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  the same bytes each time
    _sheet(book, kind)
    _guide(book, kind)
    book.close()
    write_whole({path: buffer.getvalue()})


def _needed(kind: Table) -> set[str]:
    return {*kind.required, *(name for group in kind.one_of for name in group)}


def header(column: Column) -> str:
    """The Chinese header with its unit, as our own reader understands it: 金额(元)."""
    unit = _UNITS.get(column.unit, "")
    return f"{column.zh}({unit})" if unit else column.zh


def _choices(column: Column) -> list[str]:
    """What the drop-down offers: the Chinese spelling of every allowed value."""

    def chinese(text: str) -> bool:
        return any("一" <= ch <= "鿿" for ch in text)

    return [
        next((s for s in (value, *spellings) if chinese(s)), value)
        for value, spellings in column.allowed.items()
    ]


def _sheet(book: Any, kind: Table) -> None:
    sheet = book.add_worksheet(kind.zh)
    sheet.freeze_panes(1, 0)
    base = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    must = book.add_format(base | {"bg_color": "#1f4e79", "font_color": "#ffffff"})
    may = book.add_format(base | {"bg_color": "#dfe8f1"})
    sheet.set_row(0, 30)
    for i, column in enumerate(kind.columns):
        cell_format = book.add_format(
            {"num_format": _FORMATS.get(column.kind, "@" if column.kind == "code" else "General")}
        )
        sheet.set_column(i, i, max(11, 2 * len(header(column)) + 4), cell_format)
        sheet.write_string(0, i, header(column), must if column.name in _needed(kind) else may)
        sheet.write_comment(
            0, i, f"{column.about_zh}。{_HOW[column.kind]}", {"visible": False, "x_scale": 1.6}
        )
        _validate(sheet, i, column)


def _validate(sheet: Any, i: int, column: Column) -> None:
    rule: dict[str, Any] = {
        "ignore_blank": True,
        "error_title": column.zh,
        "error_message": _HOW[column.kind],
    }
    if column.allowed:
        rule |= {"validate": "list", "source": _choices(column), "error_message": "请从下拉列表中选择"}
    elif column.kind in ("date", "month"):
        rule |= {"validate": "date", "criteria": ">=", "value": dt.date(2000, 1, 1)}
    elif column.is_number:
        rule |= {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12}
    else:
        return
    sheet.data_validation(1, i, ROWS, i, rule)


def _guide(book: Any, kind: Table) -> None:
    """The second sheet says what each column holds; our reader knows the sheet's name and passes over it."""
    sheet = book.add_worksheet("填写说明")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 48, wrap)
    sheet.set_column(2, 2, 30, wrap)
    sheet.set_column(3, 3, 40, wrap)
    sheet.write_string(0, 0, f"{kind.zh}：{kind.about_zh}", bold)
    sheet.write_string(1, 0, "深色表头为必填或至少填其一的列；不要合并单元格，不要加合计行；金额一律用元。")
    for j, text in enumerate(("列", "说明", "怎样填写", "可选值")):
        sheet.write_string(3, j, text, bold)
    for i, column in enumerate(kind.columns, start=4):
        for j, text in enumerate(
            (column.zh, column.about_zh, _HOW[column.kind], "、".join(_choices(column)))
        ):
            sheet.write_string(i, j, text, wrap)
