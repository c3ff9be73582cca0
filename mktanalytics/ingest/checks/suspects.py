"""Rows that read well and may be wrong all the same: what stands beside the figures says that they are something else."""

from __future__ import annotations

import re

import numpy as np

from mktanalytics.ingest.checks.alternatives import other_figures, said_twice
from mktanalytics.ingest.checks.income import income_among
from mktanalytics.ingest.checks.order_amounts import repeats_orders
from mktanalytics.ingest.checks.part_of_year import part_of_year
from mktanalytics.ingest.checks.returned import unsigned_return
from mktanalytics.ingest.checks.states import (
    beside_those,
    invalid_interview,
    no_sale,
    not_approved,
)
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.sheets.vocabulary import is_average, is_total
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.numbers import key, parse_unit

CUMULATIVE = re.compile(
    r"累计|累積|\bYTD\b|cumulative|year[- ]to[- ]date|\bMAT\b|moving (annual|average|total)|\brolling\b|滚动|移动(年度?|平均|合计)", re.IGNORECASE
)  # fmt: skip
LATEST = re.compile(
    r"[近过][去来]?\s*\d+\s*[个]?[天日周月年]|\b(last|past|latest|trailing)\s+\d+\s+(days?|weeks?|months?)\b|\bL\d{1,2}[DWM]\b", re.IGNORECASE
)  # 近30天 2025-09-30: some days, of which the one that is named is the last  # fmt: skip
BY_MONTH = re.compile(
    r"当月|本月|月度|分月|单月|各月|monthly|by month", re.IGNORECASE
)  # 当月及累计: both are there
TRANSFER = (
    re.compile(r"调出|转出|划出|from\b", re.IGNORECASE),
    re.compile(r"调入|转入|划入|to\b", re.IGNORECASE),
)
UNIT_HEADERS = frozenset(
    map(key, ("单位", "金额单位", "计量单位", "货币单位", "unit", "units of money", "currency unit"))
)
AFTER = re.compile(
    r"(调整|调剂|修订|变更|追加|调[增减])[之以]?后|后预算|\b(after|revised|adjusted) ", re.IGNORECASE
)
SUMMARY = re.compile(
    r"(平均|最[大小高低]|中位)[值数分]?|标准差|方差|众数|总[体分]|(有效)?(样本|填写)?(人次|人数|样本量|计数)|max|min|median|std\.?( dev\.?)?|count|n",
    re.IGNORECASE,
)
SCALE = re.compile(r"[(（]\s*(\d{1,3})\s*分?\s*[-–—~～至到]\s*(\d{1,3})\s*分?[^()（）]{0,12}[)）]")
CARRIED = re.compile(
    r"结转.{0,8}损益|损益.{0,2}结转|结转.{0,2}本年利润|clos\w+ (entry|to) (profit|income|p&l)", re.IGNORECASE
)
RARE = 0.2  # of the rows of a text file: a field more than this often is a column, not a slip


def hold_suspects(block: Taken) -> None:
    """Hold the block, or the rows, that a word beside the figures makes doubtful."""
    if block.table is None or not len(block.records):
        return
    if said := _cumulative(block):
        block.hold(Trouble("cumulative", {"said": said}))
        return
    if (trouble := part_of_year(block)) is not None:
        block.hold(trouble)
        return
    if headers := _transfer(block):
        block.hold(Trouble("transfer", {"headers": headers}))
        return
    if block.table.name == "sales" and repeats_orders(block.records):
        block.hold(
            Trouble(
                "order_amounts",
                {"column": block.u.header_of(block.u.match.mapped["amount"]) if block.u.match else "amount"},
            )
        )
        return
    if said := income_among(block):
        block.hold(Trouble("income_among", {"said": said}))
        return
    if header := said_twice(block.table.name, block.records):
        block.hold(Trouble("said_twice", {"header": header}))
        return
    if header := _after_change(block):
        block.hold(Trouble("after_change", {"header": header}))
        return
    for code, suspect in (
        ("unit_beside", _other_unit),
        ("unsigned_return", unsigned_return),
        ("no_sale", no_sale),
        ("not_approved", not_approved),
        ("other_figures", lambda b, r: other_figures(b.table.name if b.table else "", r)),
        ("carried_to_result", _carried),
        ("no_interview", _no_interview),
        ("invalid_interview", invalid_interview),
        ("off_scale", _off_scale),
        ("surplus_field", _surplus),
    ):
        rows = suspect(block, block.records)
        if rows.any():
            _quarantine(block, rows, code)


def _cumulative(block: Taken) -> str:
    """The title, sheet or file name by which figures run over more than the period that is named; "" if none says so."""
    if "period" not in block.records:
        return ""
    texts = (*block.u.context.titles, block.u.sheet, block.u.file.rsplit("/", 1)[-1])
    if block.u.timed_around:
        said = next(
            (t for t in texts if LATEST.search(t) or (CUMULATIVE.search(t) and not BY_MONTH.search(t))), ""
        )
        whole = block.u.when.period
        return said or (whole.label() if whole and whole.cumulative else "")
    if block.records.texts("period").those(lambda p: p == "day").all():
        return ""
    return next((t for t in texts if CUMULATIVE.search(t) and not BY_MONTH.search(t)), "")


def _transfer(block: Taken) -> str:
    """调出月份 and 调入月份 beside one amount, which belongs to both; "" where no two such columns are."""
    heads = [
        h.written
        for h, p in zip(block.u.headings, block.u.profiles, strict=True)
        if p.filled and not p.numeric
    ]
    pair = [next((h for h in heads if way.match(h)), "") for way in TRANSFER]
    return "、".join(pair) if all(pair) else ""


def _after_change(block: Taken) -> str:
    """The header by which amounts are the budget after a change, where the rows are read as changes; else ""."""
    assert block.table is not None
    if block.table.name != "budget" or "version" not in block.records or block.u.match is None:
        return ""
    changes = block.records.texts("version").those(lambda v: v == "adjustment").any()
    header = block.u.header_of(place) if (place := block.u.match.mapped.get("amount")) is not None else ""
    return header if changes and AFTER.search(header) else ""


def _other_unit(block: Taken, records: Records) -> Mask:
    """Rows with a money unit of their own, in a table that has no column for it."""
    assert block.table is not None
    money = [c.name for c in block.table.columns if c.kind == "money" and c.name in records]
    if "unit" in block.table.names or not money:
        return np.zeros(len(records), dtype=bool)
    return beside_those(records, _has_other_unit) & ~records.all_missing(money)


def _has_other_unit(beside: dict[str, str]) -> bool:
    unit = next((parse_unit(v) for k, v in beside.items() if key(k) in UNIT_HEADERS), None)
    money = unit is not None and unit.kind in ("money", "scale")
    return unit is not None and money and (unit.scale != 1 or unit.currency not in ("", "CNY"))


def _no_interview(block: Taken, records: Records) -> Mask:
    """Rows of a questionnaire that sum it up: 平均值 or 合计 where the respondent's number stands."""
    assert block.table is not None
    if block.table.name != "survey":
        return np.zeros(len(records), dtype=bool)
    of_all = records.texts("respondent").those(lambda t: bool(SUMMARY.fullmatch(t)))
    who = [c for c in ("respondent", "gender", "age") if c in records]
    return np.asarray(
        of_all | np.any([records.texts(c).those(lambda t: is_total(t) or is_average(t)) for c in who], axis=0)
    )


def _off_scale(block: Taken, records: Records) -> Mask:
    """Scores beyond the scale that their question states: 6 under （1-5分）."""
    assert block.table is not None
    if block.table.name != "survey" or "question" not in records or "score" not in records:
        return np.zeros(len(records), dtype=bool)
    questions = records.texts("question")
    found = [SCALE.search(q) for q in questions.distinct]
    lows, highs = (np.array([*(float(f[n]) if f else np.nan for f in found), np.nan]) for n in (1, 2))
    scores = records.figures("score")
    return np.asarray((scores < lows[questions.codes]) | (scores > highs[questions.codes]), dtype=bool)


def _carried(block: Taken, records: Records) -> Mask:
    """Vouchers that empty an account of expenses into the year's result: their negative amount is no money back."""
    assert block.table is not None
    if block.table.name != "spend" or "note" not in records:
        return np.zeros(len(records), dtype=bool)
    return records.texts("note").those(lambda v: bool(CARRIED.search(v)))


def _surplus(block: Taken, records: Records) -> Mask:
    """Rows of a text file with more fields than its header: a comma inside a number, most likely."""
    rows = beside_those(records, lambda b: any(re.fullmatch(r"\([A-Z]{1,2}\)", k) for k in b))
    text_file = block.u.sheet == ""
    return rows if text_file and rows.sum() <= max(1.0, RARE * len(rows)) else np.zeros_like(rows)


def _quarantine(block: Taken, rows: Mask, code: str) -> None:
    for row in np.unique(block.records.rows[rows] + 1).tolist():
        block.issues.append(block.issue(code, row=row, cell=f"A{row}"))
    block.drop(rows, "quarantined", code)
