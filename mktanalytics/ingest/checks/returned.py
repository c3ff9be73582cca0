"""Goods brought back whose figures are above zero: sold or brought back, nobody can tell."""

from __future__ import annotations

import re

import numpy as np

from mktanalytics.ingest.checks.states import above_zero, beside_those
from mktanalytics.ingest.matching.reading import Context
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.numbers import key, simplified

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
_BROUGHT_BACK = re.compile(
    r"退换?货(?!率|政策|说明|流程)|退款(?!率)|销退|\b(returns?|returned|refunds?|refunded|credit notes?)\b(?! on| rate)",
    re.IGNORECASE,
)
_SOLD = re.compile(r"销售(?!退)|销量|订单|出库|流水|净额|[含扣除剔]退|\b(sales(?! returns?)|orders?|net)\b", re.IGNORECASE)  # fmt: skip


def unsigned_return(block: Taken, records: Records) -> Mask:
    """Sales rows that a word beside them, or the title of them all, calls returns, with no figure below zero."""
    assert block.table is not None
    if block.table.name != "sales":
        return np.zeros(len(records), dtype=bool)
    if _all_returned(block.u.context) and not _below_zero(records):
        return above_zero(records)
    called = beside_those(records, lambda b: any(key(v) in RETURNS and KINDS.search(k) for k, v in b.items()))
    if "note" in records:
        called |= records.texts("note").those(lambda v: key(v) in RETURNS)
    return called & above_zero(records)


def _below_zero(records: Records) -> bool:
    """Whether some figure is below zero, so that the sign tells what was sold (the 834 of 9,089 rows of a 销售退货表)."""
    figures = [records.figures(c) for c in ("units", "amount") if c in records]
    return any(bool((values < 0).any()) for values in figures)


def _all_returned(context: Context) -> bool:
    """Whether the nearest of title, sheet and file that speaks of sales or returns speaks of returns alone."""
    for place in (context.titles, (context.sheet,), (context.file,)):
        texts = [simplified(t).replace("_", " ") for t in place]
        if any(_SOLD.search(t) for t in texts):
            return False
        if any(_BROUGHT_BACK.search(t) for t in texts):
            return True
    return False
