"""KPIs across a sheet, each with its target and what was reached."""

from __future__ import annotations

import re

from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.matching.reading import Candidate, Role
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.schema import Wide

_MEASURED = re.compile(
    r"(?P<kpi>\S.*?\S)\s*[-_—]?(?P<measure>目标值?|任务|实际值?|实际完成|完成值?|实绩|(?<=\s)(?:target|actual))",
    re.IGNORECASE,
)

_TIME = re.compile(  # 本月目标 and 年度目标 are of the same KPI
    r"[本上下当去前今明同][年月季周日期]度?|年度?|全年|月度?|季度?|半年度?|同期|累计|[上下]半年|(this|last|current) (month|year|quarter|week)|annual|month(ly)?|quarter(ly)?|year(ly)?|ytd|mtd|qtd",
    re.IGNORECASE,
)


def kpi_groups(block: Candidate, wide: Wide) -> dict[int, Role]:
    """目标 and 实际 (得分 aside) under each of several names, or behind each: KPIs across, with their measures."""
    found: dict[int, Role] = {}
    for i, heading in enumerate(block.headings):
        name, measure = _kpi_and_measure(block, heading)
        if measure in (wide.value, "actual"):
            found[i] = Role("label", measure, label=name, score=1.0)
    named = {r.label for r in found.values() if r.column == wide.value}
    levels = {i: len(block.headings[i].levels) for i in found}
    flat = {r.label for i, r in found.items() if r.column != wide.value and levels[i] == 1}
    deep = {r.label for i, r in found.items() if r.column == wide.value and levels[i] == 2}
    return {i: r for i, r in found.items() if r.label in named} if len(deep) >= 2 or named & flat else {}


def _kpi_and_measure(block: Candidate, heading: Heading) -> tuple[str, str]:
    """客流 and `target` of 客流目标, or of 客流 over 目标; nothing where the heading is a column by itself."""
    if heading.span is not None or heading.cumulative or claims_of(block.table, heading.label, block.words):
        return "", ""
    levels = heading.levels
    if len(levels) == 1 and (parts := _MEASURED.fullmatch(levels[0])):
        levels = (parts["kpi"], parts["measure"])
    if len(levels) != 2 or _TIME.fullmatch(levels[0]) or claims_of(block.table, levels[0], block.words):
        return "", ""
    claims = (c.column for c in claims_of(block.table, levels[1], block.words))
    return levels[0], next((c for c in claims if block.table.column(c).is_number), "")


def beside_groups(block: Candidate, roles: list[Role], groups: dict[int, Role]) -> list[Role]:
    """The roles with the groups, and what else stands under their names (得分, 完成率) left aside."""
    tops = {block.headings[i].levels[0] for i in groups}
    spare = [
        Role("extra") if h.levels and h.levels[0] in tops else r
        for h, r in zip(block.headings, roles, strict=True)
    ]
    return [groups.get(i, r) for i, r in enumerate(spare)]
