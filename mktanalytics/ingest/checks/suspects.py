"""Rows that read well and may be wrong all the same: what stands beside the figures says that they are something else."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.numbers import key, parse_unit

CUMULATIVE = re.compile(r"累计|累積|\bYTD\b|cumulative|year[- ]to[- ]date", re.IGNORECASE)
BY_MONTH = re.compile(
    r"当月|本月|月度|分月|单月|各月|monthly|by month", re.IGNORECASE
)  # 当月及累计: both are there
UNIT_HEADERS = frozenset(
    map(key, ("单位", "金额单位", "计量单位", "货币单位", "unit", "units of money", "currency unit"))
)
RETURNS = frozenset(
    map(
        key,
        (
            "退货",
            "退款",
            "销售退货",
            "销退",
            "退货单",
            "return",
            "returns",
            "returned",
            "refund",
            "sales return",
        ),
    )
)
KINDS = re.compile(
    r"类型|类别|性质|方向|业务|单据|type|kind|transaction", re.IGNORECASE
)  # headers that say what a row is
RARE = 0.2  # of the rows of a text file: a field more than this often is a column, not a slip

Mask = NDArray[np.bool_]


def hold_suspects(block: Taken) -> None:
    """Hold the block, or the rows, that a word beside the figures makes doubtful."""
    if block.table is None or not len(block.frame):
        return
    if said := _cumulative(block):
        block.hold(Trouble("cumulative", {"said": said}))
        return
    beside = _beside(block.frame)
    for code, rows in (
        ("unit_beside", _other_unit(block, beside)),
        ("unsigned_return", _unsigned_return(block, beside)),
        ("surplus_field", _surplus(block, beside)),
    ):
        if rows.any():
            _quarantine(block, rows, code)
            beside = [b for b, gone in zip(beside, rows, strict=True) if not gone]


def _cumulative(block: Taken) -> str:
    """The title, sheet or file name by which figures of months run from the start of the year; "" if none says so."""
    if "period" not in block.frame or (block.frame["period"] == "day").all():
        return ""
    texts = (*block.u.context.titles, block.u.sheet, block.u.file.rsplit("/", 1)[-1])
    return next((t for t in texts if CUMULATIVE.search(t) and not BY_MONTH.search(t)), "")


def _beside(frame: pd.DataFrame) -> list[dict[str, str]]:
    """What each record keeps beside its columns."""
    return [json.loads(text) if text else {} for text in frame["extra"].fillna("")]


def _other_unit(block: Taken, beside: list[dict[str, str]]) -> Mask:
    """Rows with a money unit of their own, in a table that has no column for it."""
    assert block.table is not None
    money = [c.name for c in block.table.columns if c.kind == "money" and c.name in block.frame]
    if "unit" in block.table.names or not money:
        return np.zeros(len(beside), dtype=bool)
    units = [next((parse_unit(v) for k, v in b.items() if key(k) in UNIT_HEADERS), None) for b in beside]
    other = [
        u is not None and u.kind in ("money", "scale") and (u.scale != 1 or u.currency not in ("", "CNY"))
        for u in units
    ]
    mask: Mask = np.array(other, dtype=bool) & block.frame[money].notna().any(axis=1).to_numpy()
    return mask


def _unsigned_return(block: Taken, beside: list[dict[str, str]]) -> Mask:
    """Sales rows that a word calls returns, with figures above zero: sold or brought back, nobody can tell."""
    assert block.table is not None
    if block.table.name != "sales":
        return np.zeros(len(beside), dtype=bool)
    called = np.array(
        [any(key(v) in RETURNS and KINDS.search(k) for k, v in b.items()) for b in beside], dtype=bool
    )
    if "note" in block.frame:
        called |= (
            block.frame["note"].map(lambda v: isinstance(v, str) and key(v) in RETURNS).to_numpy(dtype=bool)
        )
    figures = [c for c in ("units", "amount") if c in block.frame]
    mask: Mask = called & (block.frame[figures] > 0).any(axis=1).to_numpy()
    return mask


def _surplus(block: Taken, beside: list[dict[str, str]]) -> Mask:
    """Rows of a text file with more fields than its header: a comma inside a number, most likely."""
    rows = np.array([any(re.fullmatch(r"\([A-Z]{1,2}\)", k) for k in b) for b in beside], dtype=bool)
    text_file = block.u.sheet == ""
    return (
        rows if text_file and rows.sum() <= max(1.0, RARE * len(rows)) else np.zeros(len(beside), dtype=bool)
    )


def _quarantine(block: Taken, rows: Mask, code: str) -> None:
    for row in sorted(set(block.frame["source_row"][rows].tolist())):
        block.issues.append(block.issue(code, row=int(row), cell=f"A{int(row)}"))
    block.drop(rows, "quarantined", code)
