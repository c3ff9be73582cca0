"""Rows that can't be used: a cell nobody can read, a value that is missing or impossible."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.private import quoted
from mktanalytics.ingest.taking.fields import Fields
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.taking.totals import sums_up
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.ingest.values.values import Code, ParsedColumn, as_written
from mktanalytics.ingest.wording import PROBLEMS
from mktanalytics.schema import Column
from mktanalytics.text import PENDING


def tell_faults(
    work: Work, fields: Fields, kept: NDArray[np.bool_], untied: Collection[int]
) -> dict[int, NDArray[np.bool_]]:
    """Tell every unreadable cell; in a column that matters it costs the row, elsewhere the cell is kept in `extra`.

    The label of a total that doesn't tie (a row of `untied`) is no cell to correct: its figure is told, by a gate.
    """
    spoilt: dict[int, NDArray[np.bool_]] = {}
    parts = [(f.position, f.column, f.parsed) for f in fields.fields]
    parts += [(f.position, f.column, f.parsed) for f in work.figures if f.role != "total"]
    for position, column, parsed in parts:
        hard = _matters(work, column)
        for problem in parsed.problems:
            if not kept[problem.place]:
                continue
            if hard:
                work.bad[problem.place] = True
                work.taken.fates.put(work.rows[[problem.place]], ("quarantined", "bad_value"))
            else:
                spoilt.setdefault(position, np.zeros(len(work.rows), dtype=bool))[problem.place] = True
            if problem.place in untied and sums_up(problem.value):
                continue
            _tell_cell(
                work,
                "bad_value" if hard else "bad_optional",
                problem.place,
                position,
                column,
                problem.value,
                problem.code,
            )
        _tell_notes(work, position, column, parsed)
    return spoilt


def tell_pending(work: Work, kept: NDArray[np.bool_]) -> None:
    """Figures that are still to come (待定): missing, and told."""
    grid = work.u.grid
    words = np.array([t in PENDING for t in grid.texts], dtype=bool)
    if not words.any():
        return
    pending = grid.text_mask(words)[work.rows]
    for f in work.figures:
        for i in np.flatnonzero(pending[:, work.u.headings[f.position].column] & kept).tolist():
            row = int(work.rows[i])
            cell = work.u.cell(row, f.position)
            value = as_written(grid.value(row, work.u.headings[f.position].column))
            told = work.taken.issue("pending", row=row + 1, cell=cell, column=f.column.name, value=value)
            work.taken.issues.append(told)


def _matters(work: Work, column: Column) -> bool:
    """Whether a row without this value would be wrong rather than merely poorer."""
    table = work.table
    wide = {w.value for w in table.wide}
    one_of = {c for group in table.one_of for c in group}
    return (
        column.name in {*table.required, *one_of, *wide}
        or column.additive
        or (bool(column.allowed) and column.name in table.grain)
    )


def _tell_cell(work: Work, code: str, i: int, position: int, column: Column, value: str, why: Code) -> None:
    zh, en = PROBLEMS[why]
    shown = quoted(value, column)[:80]
    row = int(work.rows[i])
    work.taken.issues.append(
        work.taken.issue(
            code,
            row=row + 1,
            cell=work.u.cell(row, position),
            column=column.name,
            value=shown,
            words={"why": zh, "why_en": en},
        )
    )


def _tell_notes(work: Work, position: int, column: Column, parsed: ParsedColumn) -> None:
    for note in parsed.notes:
        zh, en = PROBLEMS[note.code]
        example = quoted(note.example, column)
        work.taken.issues.append(
            work.taken.issue(
                "value_note", cell=work.u.cell(work.u.block.header[-1], position), column=column.name, value=example,
                words={"zh": f"{zh}（{note.n}）", "en": f"{en} ({note.n})"},
            )
        )  # fmt: skip


def quarantine_lacking(work: Work, records: Records, kept: NDArray[np.bool_]) -> None:
    """Rows without a value that every record needs, or without any figure."""
    at = records.rows
    for name in _needed(work, records):
        _quarantine(work, np.unique(at[records.missing(name)]), "missing_value", name, kept)
    figures = [c for c in _any_of(work) if c in records]
    if figures:
        _quarantine(work, np.unique(at[records.all_missing(figures)]), "missing_measure", "", kept)
    recorded = np.zeros(len(work.rows), dtype=bool)
    recorded[at] = True
    _quarantine(work, np.flatnonzero(~recorded), "missing_measure", "", kept)


def quarantine_unproved(work: Work, rows: Sequence[int], kept: NDArray[np.bool_]) -> None:
    """Rows that say total or average, which their rows don't prove."""
    _quarantine(work, np.asarray(rows, dtype=np.int64), "unproved_summary", "", kept)


def quarantine_nameless(work: Work, kept: NDArray[np.bool_]) -> None:
    """A row of figures without a word, where the others have words, and that sums nothing up: of what, nobody knows."""
    words = [h.column for i, h in enumerate(work.u.headings) if i not in work.wordless]
    named = np.zeros(len(work.rows), dtype=bool)
    for column in words:
        cells = column_cells(work.u.grid, work.rows, column, merged=True)
        named |= cells != None  # noqa: E711  each of them
    if named.sum() * 2 < len(named):
        return
    held = [np.isfinite(f.values) for f in work.figures if f.role != "total"]
    filled = np.column_stack(held).any(axis=1) if held else np.zeros(len(named), dtype=bool)
    _quarantine(work, np.nonzero(~named & filled)[0], "nameless_row", "", kept)


def _needed(work: Work, records: Records) -> list[str]:
    needed = [c for c in work.table.required if c in records and c not in _any_of(work)]
    for group in work.table.one_of:
        if {"month", "date"} & set(group):
            needed += [c for c in ("date", "month") if c in records and c in group][:1]
    return list(dict.fromkeys(needed))


def _any_of(work: Work) -> list[str]:
    """Columns of which a row needs at least one."""
    groups = [
        g
        for g in work.table.one_of
        if all(c in work.table.names and (work.table.column(c).is_number or c == "text") for c in g)
    ]
    if groups:
        return list(groups[0])
    return [c for c in work.table.required if work.table.column(c).is_number]


def _quarantine(work: Work, places: NDArray[np.int64], code: str, name: str, kept: NDArray[np.bool_]) -> None:
    position = work.match.mapped.get(name)
    wanted = places[kept[places] & ~work.bad[places]]
    work.bad[wanted] = True
    work.taken.fates.put(work.rows[wanted], ("quarantined", code))
    for row in work.rows[wanted].tolist():
        cell = (
            work.u.cell(row, position)
            if position is not None
            else f"{work.u.cell(row, 0)}:{work.u.cell(row, len(work.u.headings) - 1)}"
        )
        work.taken.issues.append(work.taken.issue(code, row=row + 1, cell=cell, column=name))


def quarantine_outside(work: Work, records: Records) -> None:
    """Rows with a figure below the least or above the most that its column allows."""
    for column in work.table.columns:
        bounded = column.minimum is not None or column.maximum is not None
        if column.name in records and column.is_number and bounded:
            _outside(work, records, column)


def _outside(work: Work, records: Records, column: Column) -> None:
    values = records.figures(column.name)
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    outside = np.unique(records.rows[(values < low) | (values > high)])
    wanted = outside[~work.bad[outside]]
    work.bad[wanted] = True
    work.taken.fates.put(work.rows[wanted], ("quarantined", "out_of_bounds"))
    position = work.match.mapped.get(column.name)
    words = {"low": "-∞" if column.minimum is None else low, "high": "∞" if column.maximum is None else high}
    for row in work.rows[wanted].tolist():
        value = (
            "" if position is None else as_written(work.u.grid.cells[row, work.u.headings[position].column])
        )
        cell = work.u.cell(row, position or 0)
        told = work.taken.issue(
            "out_of_bounds",
            row=row + 1,
            cell=cell,
            column=column.name,
            value=quoted(value, column),
            words=words,
        )
        work.taken.issues.append(told)
