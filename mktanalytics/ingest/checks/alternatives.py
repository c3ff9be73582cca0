"""Rows that say one thing several times: 实际, 预算 and 同期 of one region, 含税 and 不含税, 快报 and 终报."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import numpy as np

from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.schema import EXTRA

_OF_WHAT_WAS = ("sales", "market")
_OTHER = re.compile(  # figures of another kind, or of another time, than the row's month says
    r"(年度|月度|全年|本年|本月|本期)?(预算|目标|计划|任务|预测|预估)(数|值|额)?|(去年|上年|前年|昨年)?同期(数|值|额)?|去年|上年|上期|上月|(本年|年度|当年)?累计(数|值|额)?|差异|差额"
    r"|budget|bud|plan|target|forecast|fcst|last year|prior year|previous year|l\.?y\.?|p\.?y\.?|ytd|variance|var",
    re.IGNORECASE,
)
_TAX = (re.compile(r"含税|税前|gross|incl\.? ?(vat|tax)", re.IGNORECASE), re.compile(r"(不含|未|无|去)税|税后|net|excl\.? ?(vat|tax)", re.IGNORECASE))  # fmt: skip
_VERSION = re.compile(r"快报|终报|月报|正式|正式版|终稿|初稿|修订|修订版|调整版|更正|更正版|[初终]版|第?[一二三\d]版|v\d+(\.\d+)?|preliminary|provisional|final|revised|restated", re.IGNORECASE)  # fmt: skip


def other_figures(table: str, records: Records) -> Mask:
    """Which records of what was are by a word beside them plans, sums so far, or those of another year."""
    if table not in _OF_WHAT_WAS or EXTRA not in records:
        return np.zeros(len(records), dtype=bool)
    return records.texts(EXTRA).those(
        lambda text: any(_OTHER.fullmatch(v.strip()) for v in _said(text).values())
    )


def said_twice(table: str, records: Records) -> str:
    """The header of a column by whose words rows give the same figures twice: 含税 and 不含税; "" where there is none."""
    if table not in _OF_WHAT_WAS or EXTRA not in records:
        return ""
    values: dict[str, set[str]] = defaultdict(set)
    texts = records.texts(EXTRA)
    for code in np.unique(texts.codes[texts.codes >= 0]).tolist():
        for header, value in _said(texts.distinct[code]).items():
            values[header].add(value.strip().casefold())
    return next((h for h, said in values.items() if len(said) > 1 and _alternatives(said)), "")


def _alternatives(said: set[str]) -> bool:
    taxed = all(any(way.fullmatch(v) for v in said) for way in _TAX)
    return taxed or all(_VERSION.fullmatch(v) for v in said)


_ANY = re.compile("|".join(p.pattern for p in (_OTHER, *_TAX, _VERSION)), re.IGNORECASE)


def _said(text: str) -> dict[str, str]:
    """The words beside a record, by header; nothing where none of ours is among them."""
    found: dict[str, str] = json.loads(text) if text and _ANY.search(text) else {}
    return found
