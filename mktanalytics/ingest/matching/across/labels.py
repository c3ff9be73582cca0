"""Which labels stand across a sheet, if any: known names, KPIs, questions, brands."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.matching.across.kpis import beside_groups, kpi_groups
from mktanalytics.ingest.matching.across.levels import measure_above_label
from mktanalytics.ingest.matching.across.names import names_over
from mktanalytics.ingest.matching.across.questions import (
    are_coded,
    are_evident,
    asks,
    is_numbered,
    is_paradata,
    is_private,
    is_worded,
    several_numbered,
)
from mktanalytics.ingest.matching.reading import Candidate, Role
from mktanalytics.ingest.sheets.vocabulary import is_derived, is_serial
from mktanalytics.numbers import key
from mktanalytics.schema import Wide


def label_roles(
    block: Candidate, roles: list[Role], spoken: bool, own_brands: Sequence[str]
) -> tuple[list[Role], str]:
    """The roles with the labels across, and the column that these go to; unchanged where there are none.

    `spoken` is whether the words around the block speak for the table: without them the headings have to be evident.
    """
    if any(r.kind == "period" for r in roles):
        return roles, ""
    mapped = {r.column for r in roles if r.kind == "column"}
    for wide in (w for w in block.table.wide if w != block.table.over_time):
        if wide.named:
            if found := names_over(block, wide.over, roles):
                return _with(roles, found), wide.over
            continue
        if wide.over == "kpi" and "kpi" not in mapped and (groups := kpi_groups(block, wide)):
            return beside_groups(block, roles, groups), wide.over
        if wide.over in mapped or wide.value in mapped:
            continue
        found = _questions(block, wide, roles) if wide.over == "question" else _labels(block, wide, roles)
        if len(found) >= 2 and (spoken or _evident(block, wide, found, own_brands)):
            return _with(roles, found), wide.over
    return roles, ""


def _with(roles: Sequence[Role], found: dict[int, Role]) -> list[Role]:
    return [found.get(i, r) for i, r in enumerate(roles)]


def _questions(block: Candidate, wide: Wide, roles: Sequence[Role]) -> dict[int, Role]:
    """The headers that ask; none where nothing does: a title that says 调查 makes no questionnaire of a list of prices."""
    if not any(asks(h.written) for h in block.headings):
        return {}
    numbered = several_numbered(block.headings)
    coded = are_coded(block.headings, roles)
    quarters = {
        i: Role("label", label=h.written, score=1.0)
        for i, h in enumerate(block.headings)
        if h.span is not None and (coded or is_worded(h.written))
    }
    asked = {
        i: r
        for i, r in _labels(block, wide, roles).items()
        if not is_private(h := block.headings[i].written) and not is_paradata(h)
        if is_numbered(h) or not numbered
    }
    return quarters | asked


def _labels(block: Candidate, wide: Wide, roles: Sequence[Role]) -> dict[int, Role]:
    """The headers that no column claims, over what the table holds under labels."""
    found: dict[int, Role] = {}
    figures = block.table.column(wide.value).is_number
    for i, (heading, profile, role) in enumerate(zip(block.headings, block.profiles, roles, strict=True)):
        if role.kind != "extra" or (role.also and not heading.levels):
            continue
        if heading.span is not None or heading.cumulative:
            continue
        measure, label = measure_above_label(block.table, heading, block.words)
        if not label or (figures and profile.filled and not profile.numeric):
            continue
        if figures and (is_derived(label) or is_serial(label)):
            continue
        found[i] = Role("label", measure, label=label, score=1.0)
    return found


def _evident(block: Candidate, wide: Wide, found: dict[int, Role], own_brands: Sequence[str]) -> bool:
    """Whether the headings themselves say what they are: numbered questions, own brands, allowed values."""
    if wide.over == "question":
        return are_evident(block.headings)
    names = {key(r.label) for r in found.values()}
    if wide.over == "brand" and {key(b) for b in own_brands} & names:
        return True
    return len(names & {key(v) for v in block.table.column(wide.over).allowed}) >= 2
