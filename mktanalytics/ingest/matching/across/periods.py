"""Months, quarters, years or days across a sheet."""

from __future__ import annotations

from mktanalytics.ingest.matching.across.levels import measure_and_label
from mktanalytics.ingest.matching.reading import Candidate, Role
from mktanalytics.numbers import key


def period_roles(block: Candidate, roles: list[Role]) -> list[Role]:
    """The roles, with each heading that is a period of the table's read as one."""
    wide = block.table.over_time
    if wide is None:
        return roles
    result = list(roles)
    spans = [h for h in block.headings if h.span is not None and not h.cumulative]
    if not spans:
        return roles
    dated = any(r.column == "date" for r in roles)
    if wide.over == "date" and (dated or any(h.span.length != "day" for h in spans if h.span)):
        return roles
    labels = {h.label for h in spans}
    shared = labels if len(labels) == 1 and not any(key(x) in block.words for x in labels) else set()
    for i, heading in enumerate(block.headings):
        if heading.span is None or heading.cumulative:
            continue
        measure, label = measure_and_label(block.table, heading, block.words)
        if heading.levels and (not measure or label) and heading.label not in shared:
            continue
        result[i] = Role("period", measure, score=1.0, specific=bool(measure))
    return result
