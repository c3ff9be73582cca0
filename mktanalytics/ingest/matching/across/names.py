"""Regions, channels, departments, shops or kinds of expense across a sheet: headers that are known values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from mktanalytics.ingest.matching.across.levels import measure_above_label
from mktanalytics.ingest.matching.reading import Candidate, Role
from mktanalytics.ingest.matching.said import is_name_of
from mktanalytics.ingest.sheets.places import is_shop, known_as
from mktanalytics.ingest.sheets.vocabulary import is_derived, is_serial, is_total_heading
from mktanalytics.numbers import key

_OTHERS = re.compile(r"其[他它余](区域|地区|省份|城市|渠道)?|others?", re.IGNORECASE)
_PAID_FOR = ("spend", "budget")  # whose channels are media too: 电视 is a product elsewhere
_MEASURE = re.compile(r"[率数量额价]$|[率数量额价][(（]|%|\b(units|price|count|rate|no)\b", re.IGNORECASE)
_OF_ANOTHER = re.compile(
    r"[本上去前今同明][年月季期周日]|同比|累计|年度|全年|期[初末]|[近前]\d|预[算计测估]|计划|目标|任务|指标|实[际绩]|完成|达成|平均"
    r"|(target|plan|budget|forecast|actual|last|prior|previous|this|ytd|mtd|py|ly|average|avg)\b",
    re.IGNORECASE,
)
_PARTED_BY = {
    "department": re.compile(r"[各分按]部门|\bby (department|team)\b", re.IGNORECASE),
    "entity": re.compile(
        r"[各分按](部门|大区|区域|地区|片区|团队|小组)|\bby (department|team|region|area)\b", re.IGNORECASE
    ),
    "region": re.compile(r"[各分按](大区|区域|地区|片区)|\bby (region|area)\b", re.IGNORECASE),
    "channel": re.compile(
        r"[各分按](销售)?(渠道|平台|媒体|媒介)|\bby (channel|media|platform)\b", re.IGNORECASE
    ),
}
_COST = re.compile(r"[\u4e00-\u9fff/&、]{1,10}费用?|[\u4e00-\u9fff/&、]{0,10}(补贴|补助|餐补)")
_OF_COST = re.compile(
    r"预算|计划|预计|预提|预付|实际|实付|应付|已|未|累计|本[年季月周日期]|[上去]年|上月|同期|剩余|可用|平均|人均|单[位场次件]|总|合计|小计|申请|批准|核[定销]|每"
)


def names_over(block: Candidate, over: str, roles: Sequence[Role]) -> dict[int, Role]:
    """Figures under headers that are all values of the column: 华东, 华南 and 其他, or 销量 and 销售额 under each of them."""
    found: dict[int, Role] = {}
    paid = over == "channel" and block.table.name in _PAID_FOR
    for i, (heading, profile) in enumerate(zip(block.headings, block.profiles, strict=True)):
        if heading.span is not None or not heading.levels or not (profile.numeric or not profile.filled):
            continue
        measure, label = measure_above_label(block.table, heading, block.words)
        if _is_value_of(over, label, roles[i]) or (paid and "media" in known_as(label)):
            found[i] = Role("label", measure, label=label, score=1.0)
    if over in block.announced:
        found |= _announced(block, roles, found)
    names = {key(r.label) for r in found.values() if not _OTHERS.fullmatch(r.label)}
    if len(names) >= 2:
        found |= _summed_beside(block, roles, found)
    rest = [r for i, r in enumerate(roles) if i not in found and r.kind == "column"]
    taken = {r.column for r in rest} & {over, *(r.column for r in found.values()), *block.table.additive}
    return found if len(names) >= 2 and not taken else {}


def announced_by(texts: Iterable[str]) -> frozenset[str]:
    """The columns by whose values a title says that its figures are parted: 各部门预算, 分渠道, budget by department."""
    return frozenset(
        c for c, said in _PARTED_BY.items() if any(said.search(t.replace("_", " ")) for t in texts)
    )


def _announced(block: Candidate, roles: Sequence[Role], found: Mapping[int, Role]) -> dict[int, Role]:
    """All figures of a block whose title announces what stands across, where one name is known or a total proves them."""
    proved = any(any(map(is_total_heading, h.levels)) for h in block.headings)
    rest: dict[int, Role] = {}
    for i, (heading, role) in enumerate(zip(block.headings, roles, strict=True)):
        total = any(map(is_total_heading, heading.levels))
        if i in found or total or not block.profiles[i].numeric or is_serial(heading.label):
            continue
        label = heading.label
        if (
            role.kind != "extra"
            or len(heading.levels) != 1
            or key(label) in block.words
            or not is_nameable(label)
        ):
            return {}
        rest[i] = Role("label", label=label, score=1.0)
    return rest if len(rest) + len(found) >= 2 and (found or proved) else {}


def _is_value_of(over: str, label: str, role: Role) -> bool:
    """Whether a header is known to be a value of the column, or 其他."""
    if over in known_as(label) or _OTHERS.fullmatch(label):
        return True
    if over == "customer":
        return is_shop(label)
    if over == "entity":
        return is_name_of("department", label) or "region" in known_as(label)
    if over == "department":
        return is_name_of(over, label)
    return over == "category" and role.kind == "extra" and is_cost(label)


def _summed_beside(block: Candidate, roles: Sequence[Role], found: Mapping[int, Role]) -> dict[int, Role]:
    """Unknown figures before the total of the names (工资及奖金, 微商城 before 合计), which has to prove them."""
    headings = block.headings
    last = max((i for i, h in enumerate(headings) if any(map(is_total_heading, h.levels))), default=0)
    return {
        i: Role("label", label=headings[i].label, score=1.0)
        for i in range(last)
        if i not in found
        and roles[i].kind == "extra"
        and block.profiles[i].numeric
        and len(headings[i].levels) == 1
        and is_nameable(headings[i].label)
    }


def is_nameable(label: str) -> bool:
    """Whether an unknown header may be one more name: nothing computed, no total, measure (客单价), plan or other time (上年)."""
    computed = is_derived(label) or is_total_heading(label)
    return not (computed or is_serial(label) or _MEASURE.search(label) or _OF_ANOTHER.match(label))


def is_cost(label: str) -> bool:
    """Whether a header names a kind of expense (差旅费, 餐补), and no amount of another sort (已付费用, 预算费用)."""
    return bool(_COST.fullmatch(label)) and not _OF_COST.search(label) and not is_derived(label)
