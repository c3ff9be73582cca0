"""What stands beside labels across a sheet: their total, and the corner of a matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mktanalytics.ingest.matching.across.levels import measure_and_label
from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.matching.reading import Candidate, Role
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.vocabulary import is_total_heading

WHOLE_MARKET = "合计"  # in `market`, the brand that is the whole market
_OF_YEAR = re.compile(
    r"\s*(本年度?|年度|全年|年(?=目标|任务|预算|计划)|annual|full[- ]year|yearly|year(?=\s+(target|budget|plan)))",
    re.IGNORECASE,
)
_CORNER = re.compile(r"\s*[\\/|＼／×]\s*")


def corner_roles(block: Candidate, roles: list[Role], over: str) -> list[Role]:
    """产品\\区域 over the labels of a matrix, with 区域 across: the column of products."""
    wide = [i for i, r in enumerate(roles) if r.kind in ("period", "label")]
    corner = next((i for i, r in enumerate(roles[: min(wide, default=0)]) if r.kind == "extra"), None)
    if corner is None:
        return roles
    taken = {r.column for r in roles} | {over or "month"}
    parts = [p for p in _CORNER.split(block.headings[corner].label) if p]
    claims = [c for p in parts for c in claims_of(block.table, p, block.words)]
    if not {c.column for c in claims} & ({over} if over else {"month", "date"}):
        return roles  # 区域/产品 over months: two levels of labels in one column
    free = [c for c in claims if c.column not in taken and not block.table.column(c.column).is_number]
    if len(parts) != 2 or not free:
        return roles
    product = Role("column", free[0].column, score=free[0].score)
    return [product if i == corner else r for i, r in enumerate(roles)]


def total_roles(block: Candidate, roles: list[Role], over: str) -> list[Role]:
    """合计 beside months is their sum, a check; 总量 too, though it may name the units elsewhere.

    Beside brands it is the whole market, a brand of its own.
    """
    if sum(r.kind in ("period", "label") for r in roles) < 2:
        return roles
    result, value = list(roles), _value_of_bare_months(block, roles)
    parts = {r.column or value for r in roles if r.kind == "period"}
    for i, (heading, role) in enumerate(zip(block.headings, roles, strict=True)):
        if role.kind not in ("extra", "column", "label"):
            continue
        is_the_measure = role.kind == "column" and role.column == value
        is_the_measure |= is_of_the_year(heading) and _measure_of(block, heading) in parts
        if not _is_total_heading(heading, role) and not is_the_measure:
            continue
        measure = _measure_of(block, heading) or role.column
        result[i] = Role("label", measure, WHOLE_MARKET) if over == "brand" else Role("total", measure)
    return result


def is_of_the_year(heading: Heading) -> bool:
    """Whether a header names a figure of the whole year (年度目标, 全年预算, Annual budget), not one so far."""
    return bool(_OF_YEAR.match(heading.written)) and not heading.cumulative


def _measure_of(block: Candidate, heading: Heading) -> str:
    levels = tuple(filled for x in heading.levels if (filled := _OF_YEAR.sub("", x).strip()))
    return measure_and_label(block.table, replace(heading, levels=levels), block.words)[0]


def _value_of_bare_months(block: Candidate, roles: Sequence[Role]) -> str | None:
    """What bare months across hold: a column of it beside them (年度任务 beside Q1 … Q4) is their sum, to be checked."""
    across = [r for r in roles if r.kind == "period"]
    bare = bool(across) and not any(r.column for r in across)
    return block.table.over_time.value if bare and block.table.over_time else None


def _is_total_heading(heading: Heading, role: Role) -> bool:
    if heading.span is not None and role.kind != "extra":
        return False
    return any(is_total_heading(level) for level in heading.levels)
