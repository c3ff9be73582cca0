"""From a block as understood to its records: every row of it tidy, quarantined or ignored, with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.sheets.account_words import is_running, sums_an_account
from mktanalytics.ingest.sheets.vocabulary import is_average
from mktanalytics.ingest.taking.derive import derive
from mktanalytics.ingest.taking.fates import block_fates
from mktanalytics.ingest.taking.faults import (
    quarantine_lacking,
    quarantine_nameless,
    quarantine_outside,
    quarantine_unproved,
    tell_faults,
    tell_pending,
)
from mktanalytics.ingest.taking.fields import Fields, leading_labels, read_fields
from mktanalytics.ingest.taking.gates import pass_gates
from mktanalytics.ingest.taking.headers_told import tell_columns
from mktanalytics.ingest.taking.labels import Cells, column_cells
from mktanalytics.ingest.taking.measures import matrix, read_figures, row_sums, summed
from mktanalytics.ingest.taking.orders import tell_order_totals
from mktanalytics.ingest.taking.parents import Parent, find_parents, looks_grouped, with_parents
from mktanalytics.ingest.taking.restore import certain, restored
from mktanalytics.ingest.taking.rows import fit_sums, records_of
from mktanalytics.ingest.taking.sections import Section, as_parents, column_of, find_sections, names_of
from mktanalytics.ingest.taking.taken import Taken, Work
from mktanalytics.ingest.taking.totals import Totals, find_totals, find_unsummed, sums_up
from mktanalytics.ingest.taking.whole_market import called_whole, sums_up_brands
from mktanalytics.ingest.taking.year_totals import tell_years
from mktanalytics.ingest.values.tidy import NONE, missing
from mktanalytics.ingest.values.values import as_written

LONGEST_SUM = 24  # letters of 本月合计 or Balance carried forward
KINDS_NOT_TOTALLED = ("kpi", "item", "question", "text", "note", "answer")  # words there are no row labels


def take(u: Understood, above: Mapping[str, float] | None = None) -> Taken:
    """Parse the block, tell total rows from data, and sort out what can't be read.

    Where the block as it stands is no table, a layout of it counts in which everything is certain. `above` is what the
    blocks above hold of each measure, where the last row may sum them up too.
    """
    for other, layout in u.layouts:
        if certain(taken := _take_as_it_is(other, above)):
            return restored(taken, u, layout)
    return _take_as_it_is(u, above)


def _take_as_it_is(u: Understood, above: Mapping[str, float] | None) -> Taken:
    taken = Taken(u, NONE, block_fates(u.block), np.array(u.block.data, dtype=np.int64), {})
    if u.match is None or not u.table:
        if u.trouble:
            taken.hold(u.trouble)
        return taken
    return _take(_work(taken, u.match, above or {}))


def _work(taken: Taken, match: Match, above: Mapping[str, float]) -> Work:
    """The block's figures parsed, and what each of its rows holds of every additive measure."""
    rows = taken.data
    figures = read_figures(taken.u, match, rows)
    taken.sums = row_sums(figures, match.table.additive, len(rows))
    return Work(taken.u, match, rows, figures, taken, np.zeros(len(rows), dtype=bool), above)


def _take(work: Work) -> Taken:
    if work.u.trouble:
        work.taken.hold(work.u.trouble)
        return work.taken
    work.whole = _whole_of(work)
    labels = _pivot_labels(work)
    parents = _parents_of(work, labels)
    if looks_grouped(labels) and not parents:
        work.taken.hold(Trouble("hierarchy", {"column": work.u.header_of(leading_labels(work.match)[0])}))
        return work.taken
    sections = () if parents else find_sections(work)
    if (untied := next((s for s in sections if s.tied is False), None)) is not None:
        cell = f"A{work.rows[untied.row] + 1}"
        work.taken.hold(Trouble("section_mismatch", {"name": untied.name}, cell=cell))
        return work.taken
    totals = _totals_of(work, parents or as_parents(sections))
    if totals.rows and len(totals.rows) == len(work.rows) and all(t.reason == "running" for t in totals.rows):
        words = {"said": next(w for w in _row_labels(work, _label_places(work))[0] if is_running(w))}
        work.taken.hold(Trouble("cumulative", words))
        return work.taken
    dropped = np.zeros(len(work.rows), dtype=bool)
    _open_sections(work, sections, dropped)
    for t in totals.rows:
        dropped[t.row] = True
        work.taken.fates.put(work.rows[[t.row]], ("ignored", t.reason))
    fields = read_fields(work.u, work.match, work.rows, dropped, parents)
    _tell_filled(work, fields)
    tell_columns(work)
    tell_years(work)
    kept = ~dropped
    spoilt = tell_faults(work, fields, kept, {m.row for m in totals.mismatches})
    tell_pending(work, kept)
    records, told = derive(work.u, work.match, records_of(work, fields, spoilt, kept), work.rows)
    work.taken.issues += told
    tell_order_totals(work, records)
    _tell_blanks(work, fields, kept)
    quarantine_unproved(work, totals.unproved, kept)
    quarantine_nameless(work, kept)
    quarantine_lacking(work, records, kept)
    quarantine_outside(work, records)
    if told and "amount" in records:
        fit_sums(work, records)
    good = records.where((~work.bad & kept)[records.rows])
    work.taken.records = replace(good, rows=work.rows[good.rows])
    pass_gates(work, totals, kept)
    return work.taken


def _open_sections(work: Work, sections: Sequence[Section], dropped: NDArray[np.bool_]) -> None:
    """Rows that only name a section are no data; their names stand beside the rows below, which is told."""
    if not sections:
        return
    for section in sections:
        if section.tied is None:
            dropped[section.row] = True
            work.taken.fates.put(work.rows[[section.row]], ("ignored", "section"))
    column = column_of(work, sections)
    work.sections = (column, names_of(sections, len(work.rows)))
    words = {"n": len(sections)}
    work.taken.issues.append(work.taken.issue("section_names", column=column or "extra", words=words))


def _pivot_labels(work: Work) -> list[Cells]:
    """The leading label columns, where the innermost has blanks, so that rows may name groups; else none."""
    columns = [work.u.headings[i].column for i in leading_labels(work.match)]
    if len(columns) < 2 or not work.figures or work.u.grid.filled[work.rows, columns[-1]].all():
        return []
    return [column_cells(work.u.grid, work.rows, c, merged=False) for c in columns]


def _parents_of(work: Work, labels: Sequence[Cells]) -> tuple[Parent, ...]:
    """The rows of a pivot that name a group and sum it up."""
    sums = summed(work.figures, work.match)
    return find_parents(labels, matrix(sums, len(work.rows)), [f.resolution for f in sums]) if sums else ()


def _totals_of(work: Work, parents: Sequence[Parent]) -> Totals:
    """The rows that sum up others; only blocks in which some row could be one are searched."""
    sums = summed(work.figures, work.match)
    figures = sums or work.figures
    places = _label_places(work)
    if not figures or not _may_have_totals(work, places):
        return with_parents(Totals(), parents, ())
    rest = np.setdiff1d(np.arange(len(work.rows)), [p.row for p in parents])
    words = _row_labels(work, places)
    labels, values = [words[i] for i in rest], matrix(figures, len(work.rows))[rest]
    digits = [f.resolution for f in figures]
    if any(f.column.additive for f in sums):
        above = np.array([work.above.get(f.column.name, np.nan) for f in sums]) if work.above else None
        found = find_totals(labels, values, digits, above)
    else:
        found = find_unsummed(labels, values, digits)
    return with_parents(found, parents, rest.tolist()) if parents else found


def _label_places(work: Work) -> list[int]:
    """Positions of the columns whose words may say total: not figures, nor free text."""
    return [
        i
        for i, role in enumerate(work.match.roles)
        if i not in work.wordless and role.kind != "label" and not _untotalled(role.column)
    ]


def _may_have_totals(work: Work, places: Sequence[int]) -> bool:
    """Whether any row has a label that says so, or none at all."""
    grid = work.u.grid
    columns = [work.u.headings[i].column for i in places]
    rows = work.rows
    if not columns or not len(rows):
        return False
    says = grid.those(sums_up)[rows]
    notes = [work.u.headings[i].column for i in _notes(work)]
    return bool(says[:, [*columns, *notes]].any() or (~grid.filled[rows][:, columns].any(axis=1)).any())


def _whole_of(work: Work) -> str:
    """What a market calls itself among its brands, beyond the words that always say so."""
    place = work.match.mapped.get("brand") if work.table.name == "market" else None
    if place is None:
        return ""
    cells = column_cells(work.u.grid, work.rows, work.u.headings[place].column, merged=True)
    figures = matrix(summed(work.figures, work.match), len(work.rows))
    return called_whole(["" if c is None else as_written(c) for c in cells], figures)


def _words_of(work: Work, place: int) -> Cells:
    """The cells of a column that may say total; in a market only brands that sum up or average others may."""
    cells = column_cells(work.u.grid, work.rows, work.u.headings[place].column, merged=True)
    if not _is_market_brand(work, work.match.roles[place].column):
        return cells
    summing = [isinstance(c, str) and c != work.whole and (sums_up_brands(c) or is_average(c)) for c in cells]
    cells[~np.array(summing, dtype=bool)] = None
    return cells


def _row_labels(work: Work, places: Sequence[int]) -> list[list[str]]:
    """The words of each row that may say total."""
    columns = [_words_of(work, i) for i in places]
    words = [
        [c.strip() if isinstance(c, str) else "" if c is None else as_written(c) for c in row]
        for row in zip(*columns, strict=True)
    ] or [[] for _ in work.rows]
    others = [
        i
        for i, r in enumerate(work.match.roles)
        if r.kind == "column" and (_untotalled(r.column) or _is_market_brand(work, r.column))
    ]
    filled = work.u.grid.filled[work.rows][:, [work.u.headings[i].column for i in others]]
    found = [w if any(w) or not n.any() else ["·"] for w, n in zip(words, filled, strict=True)]
    return [[*w, said] if said else w for w, said in zip(found, _account_sums(work), strict=True)]


def _notes(work: Work) -> list[int]:
    """Positions of the remarks (摘要)."""
    return [i for i, r in enumerate(work.match.roles) if r.kind == "column" and r.column == "note"]


def _account_sums(work: Work) -> list[str]:
    """For each row the remark by which an account book sums up (本月合计), where the row has no number of its own."""
    grid, said, notes = work.u.grid, [""] * len(work.rows), [work.u.headings[i].column for i in _notes(work)]
    if not notes:
        return said
    roles = enumerate(work.match.roles)
    codes = [i for i, r in roles if r.kind == "column" and work.table.column(r.column).kind == "code"]
    held = grid.filled[work.rows][:, [work.u.headings[i].column for i in codes]]
    words = np.array([len(t) <= LONGEST_SUM and sums_an_account(t) for t in grid.texts], dtype=bool)
    sums = grid.text_mask(words)[work.rows][:, notes] & (held.sum(axis=1) == 0)[:, None]
    for row, note in np.argwhere(sums).tolist():
        said[row] = str(grid.cells[work.rows[row], notes[note]]).strip()
    return said


def _untotalled(column: str) -> bool:
    return column in KINDS_NOT_TOTALLED


def _is_market_brand(work: Work, column: str) -> bool:
    """Whether a column holds the brands of a market, among which 合计 is one."""
    return column == "brand" and work.table.name == "market"


def _tell_filled(work: Work, fields: Fields) -> None:
    for name, n in fields.filled:
        work.taken.issues.append(work.taken.issue("filled_down", column=name, words={"n": n}))


def _tell_blanks(work: Work, fields: Fields, kept: NDArray[np.bool_]) -> None:
    """Labels that are blank in some rows only: the row counts, but not under that label."""
    for f in fields.fields:
        if f.column.kind != "category" or f.column.name not in work.table.grain:
            continue
        blank = missing(f.parsed.values) & kept & ~work.bad
        if 0 < blank.sum() < (kept & ~work.bad).sum():
            first = int(work.rows[blank][0])
            words = {"n": int(blank.sum())}
            cell = work.u.cell(first, f.position)
            told = work.taken.issue(
                "blank_labels", row=first + 1, cell=cell, column=f.column.name, words=words
            )
            work.taken.issues.append(told)
