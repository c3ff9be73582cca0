"""A profit and loss account read as expenses: its revenue and profit are none."""

from __future__ import annotations

import re

from mktanalytics.ingest.taking.taken import Taken

_INCOME = re.compile(
    r"(?:[一二三四五六七八九十\d]+[、.])?\s*(?:[减加其中]*[:：])?\s*(?:主营|营业|业务|销售|其他|净|总)*(?:业务)?(?:收入|毛利|利润|销售额|营业额)(?:总额|净额|合计)?"
    r"|(?:net |gross |total |operating )*(?:sales|revenues?|profit|margin|income|turnover)",
    re.IGNORECASE,
)


def income_among(block: Taken) -> str:
    """The row of a profit and loss account that stands among expenses; "" where none does."""
    if block.table is None or block.table.name not in ("budget", "spend"):
        return ""
    labels = (block.records.texts(c) for c in ("category", "activity") if c in block.records)
    return next((t for column in labels for t in column.distinct if _INCOME.fullmatch(t.strip())), "")
