"""Pivot layouts with a row for each group: 华东 | – | 30 over – | 上海 | 10 and – | 江苏 | 20; believed only where all tie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.vocabulary import is_total
from mktanalytics.ingest.taking.labels import Cells
from mktanalytics.ingest.taking.totals import TotalRow, Totals, tolerance

Figures = NDArray[np.float64]
FEWEST = 2  # one row over others may be a row like them


@dataclass(frozen=True)
class Parent:
    """A row that names a group and holds its sum, and the rows below it that are of the group."""

    row: int
    members: range


def find_parents(
    columns: Sequence[Cells], figures: Figures, resolution: Sequence[float]
) -> tuple[Parent, ...]:
    """The parent rows of a block, from its leading label columns; none unless each ties with the details below it."""
    if len(columns) < 2 or not len(figures):
        return ()
    depths = [_depth(columns, i) for i in range(len(figures))]
    inner = len(columns) - 1
    parents = [Parent(i, _members(depths, i)) for i, depth in enumerate(depths) if 0 <= depth < inner]
    if len(parents) < FEWEST or not all(_ties(p, depths, inner, figures, resolution) for p in parents):
        return ()
    under = {i for p in parents for i in p.members}
    alone = [i for i, depth in enumerate(depths) if depth == inner and i not in under]
    return () if alone else tuple(parents)


def looks_grouped(columns: Sequence[Cells]) -> bool:
    """Whether every row either names a group or lies under one without naming it: parents, whether they tie or not."""
    if len(columns) < 2 or not len(columns[0]):
        return False
    depths = [_depth(columns, i) for i in range(len(columns[0]))]
    inner = len(columns) - 1
    parents = sum(0 <= d < inner for d in depths)
    bare = all(columns[0][i] is None for i, d in enumerate(depths) if d == inner)
    return parents >= FEWEST and inner in depths and 0 <= depths[0] < inner and bare


def _depth(columns: Sequence[Cells], row: int) -> int:
    """The innermost label column that the row fills; -1 for rows that say total, or nothing."""
    depth = -1
    for i, column in enumerate(columns):
        text = column[row]
        if isinstance(text, str) and is_total(text):
            return -1
        if text is not None and str(text).strip():
            depth = i
    return depth


def _members(depths: Sequence[int], row: int) -> range:
    end = next((i for i in range(row + 1, len(depths)) if depths[i] <= depths[row]), len(depths))
    return range(row + 1, end)


def _ties(
    parent: Parent, depths: Sequence[int], inner: int, figures: Figures, resolution: Sequence[float]
) -> bool:
    details = [i for i in parent.members if depths[i] == inner]
    stated = figures[parent.row]
    if not details or not np.isfinite(stated).any():
        return False
    computed = np.nansum(figures[details], axis=0)
    both = np.isfinite(stated)
    return bool((np.abs(stated - computed) <= tolerance(stated, computed, resolution))[both].all())


def with_parents(found: Totals, parents: Sequence[Parent], rest: Sequence[int]) -> Totals:
    """The totals found among the `rest` of a block's rows, at their places in it, and the parents as subtotals."""
    rows = [
        *(replace(t, row=rest[t.row]) for t in found.rows),
        *(TotalRow(p.row, "subtotal") for p in parents),
    ]
    return Totals(
        tuple(sorted(rows, key=lambda t: t.row)),
        tuple(replace(m, row=rest[m.row]) for m in found.mismatches),
        tuple(rest[i] for i in found.unproved),
    )


def fill_members(cells: Cells, parents: Sequence[Parent]) -> int:
    """Give the members of each group the label of its parent row, in place, where they have none; how many."""
    filled = 0
    for parent in parents:
        for i in parent.members:
            if cells[i] is None and cells[parent.row] is not None:
                cells[i] = cells[parent.row]
                filled += 1
    return filled
