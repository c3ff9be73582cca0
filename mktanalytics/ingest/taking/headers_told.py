"""What is told of a block's headers: those read with some doubt, those not read, and columns that have none."""

from __future__ import annotations

import re

from mktanalytics.ingest.matching.evidence import planned_word
from mktanalytics.ingest.matching.fiscal import fiscal_words
from mktanalytics.ingest.matching.reading import Role
from mktanalytics.ingest.sheets.vocabulary import is_money_word, is_total
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.values.values import as_written
from mktanalytics.numbers import key

_BACK = re.compile(
    r"(退货|退款|返还|拒收).{0,4}(额|款|金|GMV)|\b(returns?|returned|refunds?|refunded)\b.*(amount|value)?",
    re.IGNORECASE,
)
_NET = re.compile(r"净|实收|结算|\bnet\b|nsv", re.IGNORECASE)
_OF_NOW = re.compile(r"[本当][年月季周日期]")  # 本月完成 beside 年度目标
_UNITS = frozenset(map(key, ("单位", "计量单位", "unit")))


def tell_columns(work: Work) -> None:
    """Headers read with some doubt, figures that no column of the table takes, and columns without a header."""
    if said := fiscal_words(work.u):
        work.taken.issues.append(work.taken.issue("fiscal_as_calendar", words={"said": said}))
    for i, role in enumerate(work.match.roles):
        if role.kind == "column" and role.runner_up:
            _tell(work, i, "fuzzy_header", role.column, score=f"{role.score / 0.9:.0%}")
        elif role.kind == "blank" and work.u.profiles[i].filled:
            _tell(work, i, "no_heading", "")
        elif role.kind == "extra":
            _tell_extra(work, i, role)


def _tell_extra(work: Work, i: int, role: Role) -> None:
    header = work.u.header_of(i)
    if key(header) in _UNITS and "units" in work.match.mapped:
        _tell_units(work, i, header)
    near = work.match.nearest.get(i)
    if role.near:
        _tell(work, i, "unread_header", role.near, near=work.table.column(role.near).zh)
    elif near is not None:
        _tell(work, i, "near_header", near)
    doubled = bool(role.also) and work.table.column(role.also).is_number
    unit = work.u.headings[i].unit
    money = unit is not None and unit.kind == "money"
    dated = work.u.headings[i].span is not None or work.u.headings[i].cumulative  # 10月预测 beside 10月目标
    if work.u.profiles[i].numeric and _taken_back(work, header):
        _tell(work, i, "gross_of_returns", "amount", amount=work.u.header_of(work.match.mapped["amount"]))
    elif work.u.profiles[i].numeric and (
        doubled
        or money
        or dated
        or is_money_word(header)
        or planned_word(header)
        or _the_amount(work, header)
    ):
        _tell(work, i, "unmapped_measure", header)


def _the_amount(work: Work, header: str) -> bool:
    """Whether a total at the end of each row may be the amount that no column gives, and no units × price proves."""
    given = {"amount", "price"} & set(work.match.mapped)
    return "amount" in work.table.names and not work.match.wide and not given and is_total(header)


def _taken_back(work: Work, header: str) -> bool:
    """Whether a column beside the amounts of sales holds the money that was given back, which no word says is taken off."""
    place = work.match.mapped.get("amount") if work.table.name == "sales" else None
    return place is not None and bool(_BACK.search(header)) and not _NET.search(work.u.header_of(place))


def _tell(work: Work, i: int, code: str, column: str, **words: object) -> None:
    cell = work.u.cell(work.u.block.header[-1], i)
    told = work.taken.issue(code, cell=cell, column=column, words={"header": work.u.header_of(i), **words})
    work.taken.issues.append(told)


def _tell_units(work: Work, i: int, header: str) -> None:
    """箱 in one row and 瓶 in another: their quantities are no sum."""
    cells = column_cells(work.u.grid, work.rows, work.u.headings[i].column, merged=True)
    units = list(dict.fromkeys(as_written(c).strip() for c in cells if c is not None))
    if len(units) > 1:
        _tell(work, i, "mixed_units_column", "units", units="、".join(units[:5]))
