"""Page filters of a pivot table: 年 | 2025 over 行标签 says the year as 年：2025 would."""

from __future__ import annotations

import re
from dataclasses import replace

from mktanalytics.ingest.readers.cells import Cell, Sheet
from mktanalytics.numbers import normalise

_LOOKED_AT = 20  # rows in which a pivot's own header is looked for
_PIVOT = re.compile(
    r"行标签|列标签|row labels|column labels|(求和|计数|平均值)项\s*:|(sum|count|average) of ", re.IGNORECASE
)
_NUMBERED = {
    "月": "月",
    "月份": "月",
    "month": "月",
    "季度": "季度",
    "quarter": "季度",
    "年": "年",
    "年份": "年",
    "year": "年",
}


def with_filters(sheet: Sheet) -> Sheet:
    """The sheet, the filters above its pivot written as `年：` and `2025年`; the same where there are none."""
    top = next((i for i, row in enumerate(sheet.rows[:_LOOKED_AT]) if any(map(_of_pivot, row))), 0)
    above = [_told(row) for row in sheet.rows[:top]]
    return replace(sheet, rows=[*above, *sheet.rows[top:]]) if above != sheet.rows[:top] else sheet


def _of_pivot(cell: Cell) -> bool:
    return isinstance(cell, str) and _PIVOT.match(normalise(cell)) is not None


def _told(row: list[Cell]) -> list[Cell]:
    """A row of a name and, in the next cell, its value."""
    filled = [i for i, v in enumerate(row) if v is not None and v != ""]
    if len(filled) != 2 or filled[1] != filled[0] + 1:
        return row
    name, value = (row[i] for i in filled)
    if not isinstance(name, str) or name.rstrip().endswith((":", "：")):
        return row
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else value
    if isinstance(text, str) and (month := re.fullmatch(r"\s*(20\d\d)(0[1-9]|1[0-2])\s*", text)):
        text = f"{month[1]}年{month[2]}月"
    elif isinstance(text, str) and re.fullmatch(r"\s*\d{1,4}\s*", text):
        text = text.strip() + _NUMBERED.get(normalise(name).casefold(), "")
    told = list(row)
    told[filled[0]], told[filled[1]] = f"{name.strip()}：", text
    return told
