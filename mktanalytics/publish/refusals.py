"""Why a report is not published: a table nobody delivered, or one that doesn't reach its month."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence

from mktanalytics import store
from mktanalytics.errors import NotPublishedError
from mktanalytics.schema import Column
from mktanalytics.tables import table


def missing(name: str) -> NotPublishedError:
    """The refusal for want of a table: its columns, and the block that came closest to being it."""
    kind = table(name)
    groups = [[kind.column(c)] for c in kind.required] + [[kind.column(c) for c in g] for g in kind.one_of]
    near = _nearest(name)
    return NotPublishedError(
        (f"缺少数据表“{kind.zh}”（{name}）", f"the table {kind.en} ({name}) is missing"),
        found=(
            f"最接近的是 {near}" if near else "没有工作簿包含它",
            f"nearest: {near}" if near else "no workbook with it",
        ),
        expected=(
            "列：" + "、".join(_either(g, "zh") for g in groups),
            "columns " + ", ".join(_either(g, "en") for g in groups),
        ),
        todo=(
            f"把工作簿放进 data/raw 后重新运行；空白模板：mktanalytics template {name}",
            f"drop a workbook into data/raw and run again; a blank one: mktanalytics template {name}",
        ),
    )


def too_early(names: Sequence[str], month: str, end: dt.date | None) -> NotPublishedError:
    """The refusal of a month that the tables don't reach: `end` is the last day they know."""
    kinds = [table(name) for name in names]
    reach = f"{end:%Y-%m-%d}" if end else "—"
    return NotPublishedError(
        (
            f"{'、'.join(k.zh for k in kinds)}没有 {month} 的数据",
            f"{', '.join(k.en for k in kinds)} has no monthly rows for {month}",
        ),
        found=(f"数据截至 {reach}", f"data through {reach}"),
        todo=("补充该月工作簿，或选择更早的月份", "add that month's workbooks, or choose an earlier month"),
    )


def _either(columns: Sequence[Column], language: str) -> str:
    """The columns of which one is needed."""
    return " / ".join(c.zh if language == "zh" else c.en for c in columns)


def _nearest(name: str) -> str:
    """The block that came closest to being this table, with what it lacks."""
    ledger = store.load("ledger")
    close = ledger[(ledger["table"] == "") & (ledger["nearest"] == name)].sort_values(
        "score", ascending=False, kind="stable"
    )
    if close.empty:
        return ""
    block = close.iloc[0]
    return f"{block['file']} {block['sheet']} {block['range']} ({', '.join(json.loads(block['missing']))})"
