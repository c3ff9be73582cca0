"""Blocks of a workbook that sum up, under other headings, what another says line by line: counted once."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.checks.repeats import has_numbers, places
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.tidy import Records, one_after_another

MONTHS = {"quarter": 3, "half": 6, "year": 12}
Months = tuple[int, int]
Sums = dict[Months, tuple[float, int]]  # by period: a sum, and how many blocks it is of
NOTHING = (0.0, 0)
FIGURES = ("amount", "units")
VIEWED = ("sales", "spend", "budget")  # tables whose rows add up to one whole


@dataclass(frozen=True, eq=False)
class Outline:
    """What is compared of a block: found once, since each is compared with all others."""

    block: Taken
    dimensions: frozenset[str]
    longest: int
    sums: Mapping[str, Sums]

    def unlike(self, whole: Outline) -> bool:
        """Whether its rows are other things than those of `whole`, or its periods longer."""
        return self.dimensions != whole.dimensions or self.longest > whole.longest


def ignore_views(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook with the same amount in each month under other headings, one is a view."""
    groups: dict[tuple[str, str], list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.records) and block.table.name in VIEWED:
            groups.setdefault((block.u.file, block.table.name), []).append(block)
    for group in groups.values():
        _ignore_summary_of_lines(group)
        outlines = [outline_of(b) for b in group if b.trouble is None]
        _ignore_view(outlines)
        _ignore_summary([o for o in outlines if o.block.trouble is None])


def _ignore_view(group: Sequence[Outline]) -> None:
    """The shorter of two blocks that say the same of each period is a view of the longer one."""
    longest_first = sorted(group, key=lambda o: -len(o.block.records))
    for n, part in enumerate(longest_first):
        wholes = (o.block for o in longest_first[:n] if o.block.trouble is None and _is_view(part, o))
        if whole := next(wholes, None):
            place = whole.u.sheet if whole.u.sheet != part.block.u.sheet else whole.u.block.range
            part.block.hold(Trouble("view", {"other": place}, "ignored"))


def _ignore_summary_of_lines(group: Sequence[Taken]) -> None:
    """科目 by months beside the vouchers of these months: the lines count, however few they are."""
    lines = [b for b in group if b.trouble is None and (_dated(b) or has_numbers(b))]
    rest = [b for b in group if b.trouble is None and all(b is not x for x in lines)]
    whole = one_after_another([b.records for b in lines]) if lines else None
    for block in rest:
        if whole is not None and _same_money(block.records, whole):
            block.hold(Trouble("view", {"other": places(block, lines)}, "ignored"))


def _dated(block: Taken) -> bool:
    return "date" in block.records and not block.records.missing("date").any()


def _ignore_summary(group: Sequence[Outline]) -> None:
    """汇总 before a sheet for each region: one block of the same amounts as all the others of the workbook together."""
    if len(group) < 3:
        return
    rows = sum(len(o.block.records) for o in group)
    having = Counter(name for o in group for name in o.sums)
    whole = {name: added([o.sums[name] for o in group if name in o.sums]) for name in having}
    for o in group:
        others = {
            n: less(whole[n], o.sums.get(n, {})) for n, blocks in having.items() if blocks > (n in o.sums)
        }
        if rows >= 2 * len(o.block.records) and same_sums(o.sums, others):
            rest = [x.block for x in group if x is not o]
            o.block.hold(Trouble("view", {"other": places(o.block, rest)}, "ignored"))
            return


def added(sums: Sequence[Sums]) -> Sums:
    """The sums of several blocks together."""
    out: Sums = {}
    for of_block in sums:
        for span, (figure, blocks) in of_block.items():
            before, n = out.get(span, (0.0, 0))
            out[span] = (before + figure, n + blocks)
    return out


def less(whole: Sums, part: Sums) -> Sums:
    """The sums of all blocks but one; periods that only this one has are gone."""
    rest = {s: (f - part.get(s, NOTHING)[0], n - part.get(s, NOTHING)[1]) for s, (f, n) in whole.items()}
    return {span: (figure, n) for span, (figure, n) in rest.items() if n}


def _is_view(part: Outline, whole: Outline) -> bool:
    """Whether two blocks differ in what their rows are or how long their periods, and agree in each to the cent."""
    return part.unlike(whole) and same_sums(part.sums, whole.sums)


def _same_money(part: Records, whole: Records) -> bool:
    """Whether the figures of each period of one are those of the other within it, to the cent."""
    return same_sums(_sums(part), _sums(whole))


def same_sums(part: Mapping[str, Sums], whole: Mapping[str, Sums]) -> bool:
    """Whether the sums of each period of one are those of the other within it: by amount, else by units."""
    name = next((n for n in FIGURES if part.get(n) and n in whole), None)
    if name is None:
        return False
    return all(_alike(figure, _within(span, whole[name])) for span, (figure, _) in part[name].items())


def _alike(figure: float, other: float | None) -> bool:
    return other is not None and math.isclose(figure, other, rel_tol=1e-9, abs_tol=0.005)


def _sums(records: Records) -> dict[str, Sums]:
    """The sums by period of the figures that the records have a column for; none where it is blank."""
    return {n: {} if records.missing(n).all() else _by_span(records, n) for n in FIGURES if n in records}


def _by_span(records: Records, name: str) -> Sums:
    """The sum of a figure in each period: its first month, and how many it has."""
    dated = records.where(~records.missing("month"))
    firsts = dated.days("month").astype("datetime64[M]").astype(np.int64)
    spans, where = np.unique(np.column_stack([firsts, _lengths(dated)]), axis=0, return_inverse=True)
    sums = np.bincount(where.ravel(), weights=np.nan_to_num(dated.figures(name)), minlength=len(spans))
    return {(int(a), int(n)): (float(s), 1) for (a, n), s in zip(spans, sums, strict=True)}


def _within(span: Months, sums: Sums) -> float | None:
    """The sum of all periods inside this one; None where there are none."""
    first, months = span
    inside = [s for (a, n), (s, _) in sums.items() if first <= a and a + n <= first + months]
    return sum(inside) if inside else None


def _lengths(records: Records) -> NDArray[np.int64]:
    """How many months the period of each record has, one at least."""
    if "period" not in records:
        return np.ones(len(records), dtype=np.int64)
    periods = records.texts("period")
    return np.array([*(MONTHS.get(p, 1) for p in periods.distinct), 1], dtype=np.int64)[periods.codes]


def _longest(records: Records) -> int:
    return int(_lengths(records).max(initial=1))


def outline_of(block: Taken) -> Outline:
    assert block.table is not None
    categories = [c.name for c in block.table.columns if c.kind == "category" and c.name in block.records]
    dimensions = frozenset(c for c in categories if not block.records.missing(c).all())
    return Outline(block, dimensions, _longest(block.records), _sums(block.records))
