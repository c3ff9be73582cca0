"""What a block laid out anew gave, told at the cells and rows of the sheet itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.matching.layout import Layout
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.readers.cells import address, rectangle
from mktanalytics.ingest.sheets.vocabulary import is_derived
from mktanalytics.ingest.taking.fates import TIDY, Fate, Fates, block_fates
from mktanalytics.ingest.taking.taken import Taken

EXACT = 0.9


def certain(taken: Taken) -> bool:
    """Whether every header of the new layout is known, every row taken, and every gate passed."""
    u = taken.u
    if (
        taken.trouble
        or not u.match
        or not len(taken.records)
        or any(kind == "quarantined" for kind, _ in taken.fates.counts())
    ):
        return False
    return _all_known(u, u.match)


def _all_known(u: Understood, match: Match) -> bool:
    figures = 0
    for role, heading, profile in zip(match.roles, u.headings, u.profiles, strict=True):
        if role.kind == "column" and role.score < EXACT:
            return False
        if role.kind == "extra" and not is_derived(heading.written):
            return False
        if role.kind == "label" or (role.kind == "blank" and profile.filled):
            return False
        named = role.column or u.measure
        figures += role.kind in ("column", "period") and bool(named) and match.table.column(named).additive
    return figures > 0


def restored(taken: Taken, at: Understood, layout: Layout) -> Taken:
    """`taken` from a layout of the block `at`, its rows and addresses those of the sheet.

    A record that several rows make goes by the first of them, and the others share its fate.
    """
    whole = {r for rows in layout.rows.values() for r in rows}
    if whole & set(at.block.header):  # the first field stood in what looked like the header
        at = replace(
            at, block=replace(at.block, header=(), data=tuple(sorted((*at.block.header, *at.block.data))))
        )
    home = {row: _home(taken, layout, row) for row in layout.block.data}
    homes = np.array([home[row] for row in taken.data.tolist()], dtype=np.int64)
    data = np.array(at.block.data, dtype=np.int64)
    records = replace(taken.records, rows=homes[np.searchsorted(taken.data, taken.records.rows)])
    sums = {name: _summed(values, homes, data) for name, values in taken.sums.items()}
    fates = {row: taken.fates[row] for row in taken.data.tolist()}
    back = Taken(_placed(taken.u, at, layout), records, _fates(at, layout, fates), data, sums)
    back.beside = {
        home[row]: tuple(r for r in sources if r != home[row]) for row, sources in layout.rows.items()
    }
    for place, (row, (fate, _)) in enumerate(fates.items()):
        if fate != back.fates[home[row]][0]:
            _move(back, {name: float(values[place]) for name, values in taken.sums.items()}, fate)
    back.issues = [_told(issue, taken.u, at, layout) for issue in taken.issues]
    back.issues.append(back.issue(layout.code))
    return back


def _summed(
    values: NDArray[np.float64], homes: NDArray[np.int64], data: NDArray[np.int64]
) -> NDArray[np.float64]:
    """What the rows of the layout hold, at the sheet's rows they go by."""
    sums = np.zeros(len(data))
    np.add.at(sums, np.searchsorted(data, homes), values)
    return sums


def _home(taken: Taken, layout: Layout, row: int) -> int:
    """The sheet's row that a record goes by: that of its first figure."""
    assert taken.u.match is not None
    figures = [
        h.column
        for h, r in zip(taken.u.headings, taken.u.match.roles, strict=True)
        if r.kind == "period" or (r.kind == "column" and taken.u.match.table.column(r.column).additive)
    ]
    return next((layout.cells[row, c][0] for c in figures if (row, c) in layout.cells), layout.rows[row][0])


def _fates(at: Understood, layout: Layout, fates: Mapping[int, Fate]) -> Fates:
    """A row is tidy where any record it belongs to is."""
    found: dict[int, Fate] = {}
    for row, fate in fates.items():
        for source in layout.rows[row]:
            if source not in found or found[source] != TIDY:
                found[source] = fate
    back = block_fates(at.block)
    for row, fate in found.items():
        back.put([row], fate)
    return back


def _move(back: Taken, sums: dict[str, float], fate: str) -> None:
    moved = back.moved.setdefault(fate, {})
    for name, value in sums.items():
        moved[name] = moved.get(name, 0.0) + value


def _placed(u: Understood, at: Understood, layout: Layout) -> Understood:
    """The reading of the layout, over the sheet's own cells."""
    headings = tuple(
        replace(h, column=layout.cells.get((layout.block.header[-1], h.column), (0, at.block.area.left))[1])
        for h in u.headings
    )
    return replace(u, grid=at.grid, block=at.block, headings=headings)


def _told(issue: Issue, u: Understood, at: Understood, layout: Layout) -> Issue:
    if issue.cell == u.block.range:
        return issue._replace(cell=at.block.range)
    area = rectangle(issue.cell)
    if area is None:
        return issue
    ends = [layout.cells.get((r - 1, c - 1)) for r, c in ((area.top, area.left), (area.bottom, area.right))]
    places = [address(r + 1, c + 1) for r, c in (e for e in ends if e)]
    row = ends[0][0] + 1 if issue.row and ends[0] else 0
    return issue._replace(row=row, cell=":".join(dict.fromkeys(places)) or at.block.range)
