"""Measures down the rows: 销售额, 销量, 成本 as labels of a column become columns of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.matching.layout import Layout, Place, laid_out
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.vocabulary import Vocabulary, is_derived
from mktanalytics.numbers import is_blank, key, split_header
from mktanalytics.schema import Table

_UNIT = frozenset(map(key, ("单位", "计量单位", "unit")))
_ENOUGH = 1000  # rows to learn from what a column's words are
_VALUE = frozenset(map(key, ("数值", "值", "数据", "value", "figure")))


@dataclass(frozen=True)
class Measures:
    """A column whose cells name measures: its position, the table they are of, and each word's column."""

    position: int
    table: str
    columns: Mapping[str, str]


def find_measures(u: Understood, tables: Sequence[Table], words: Vocabulary) -> Measures | None:
    """The column that names the measure of each row, if there is one that does so in every row."""
    for position, (heading, profile) in enumerate(zip(u.headings, u.profiles, strict=True)):
        if profile.numeric or not profile.filled or heading.span is not None:
            continue
        texts = _labels(u, heading.column)
        if not any(key(t) in words for t in texts):
            continue
        for table in (t for t in tables if t.additive):
            named = {t: _column(table, t, words) for t in texts}
            stated = [c for c in named.values() if c]
            if (
                stated
                and len(set(stated)) == len(stated)
                and all(c or is_derived(t) for t, c in named.items())
            ):
                return Measures(position, table.name, {t: c for t, c in named.items() if c})
    return None


def _labels(u: Understood, column: int) -> set[str]:
    """What the cells of a column say."""
    cells = set(u.grid.values(u.block.data[:_ENOUGH], column))
    return {_label(cell) for cell in cells if not _empty(cell)}


def _label(cell: Cell) -> str:
    return split_header(str(cell))[0]


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and is_blank(cell))


def _column(table: Table, text: str, words: Vocabulary) -> str:
    claims = claims_of(table, text, words)
    return next((c.column for c in claims if table.column(c.column).is_number), "")


def unstacked(u: Understood, measures: Measures) -> Layout | None:
    """A row for each group of rows that differ only in their measure; None where the groups are not alike."""
    if len(u.block.header) != 1 or u.block.repeated or len(u.block.data) > _ENOUGH:
        return None
    at = u.headings[measures.position].column
    unit = next((h.column for h in u.headings if key(h.written) in _UNIT), None)
    values = [
        h.column
        for h, p in zip(u.headings, u.profiles, strict=True)
        if p.numeric and h.column not in (at, unit)
    ]
    keys = [h.column for h in u.headings if h.written and h.column not in (at, unit, *values)]
    groups = _groups(u.grid, u.block.data, at, keys)
    if not values or not keys or groups is None or any(c > min(values) for c in keys):
        return None
    names = _names(u.grid, groups, at, unit)
    return _layout(u, groups, names, keys, values) if names else None


def _groups(grid: Grid, rows: Sequence[int], at: int, keys: Sequence[int]) -> list[dict[str, int]] | None:
    """For each group its rows by measure; a group ends where a measure comes again or another label begins."""
    groups: list[dict[str, int]] = []
    current: dict[int, Cell] = {}
    for row in rows:
        cell = grid.value(row, at)
        if _empty(cell):
            return None
        label = _label(cell)
        said = {c: v for c in keys if not _empty(v := grid.value(row, c))}
        if not groups or label in groups[-1] or any(current.get(c) != v for c, v in said.items()):
            groups.append({})
            current = said
        groups[-1][label] = row
    alike = all(set(g) == set(groups[0]) for g in groups)
    return groups if alike else None


def _names(grid: Grid, groups: Sequence[dict[str, int]], at: int, unit: int | None) -> dict[str, str]:
    """Each measure with its unit, as a header has it; nothing where a measure's unit changes."""
    names: dict[str, str] = {}
    for group in groups:
        for label, row in group.items():
            name = str(grid.value(row, at)).strip()
            if unit is not None and not _empty(stated := grid.value(row, unit)):
                name = f"{label}（{stated}）"
            if names.setdefault(label, name) != name:
                return {}
    return names


def _layout(
    u: Understood,
    groups: Sequence[dict[str, int]],
    names: Mapping[str, str],
    keys: Sequence[int],
    values: Sequence[int],
) -> Layout:
    head = u.block.header[0]
    single = len(values) == 1 and key(str(u.grid.value(head, values[0]))) in _VALUE
    wide = [(c, label) for c in values for label in names]
    top: list[tuple[Cell, Place | None]] = [(u.grid.value(head, c), (head, c)) for c in keys]
    rows = [top + [(u.grid.value(head, c), (head, c)) for c, _ in wide]]
    below: list[tuple[Cell, Place | None]] = [(names[label], (head, c)) for c, label in wide]
    blank: list[tuple[Cell, Place | None]] = [(None, None)] * len(keys)
    rows = [top + below] if single else [*rows, blank + below]
    header = len(rows)
    for group in groups:
        first = next(iter(group.values()))
        labels = [_first(u.grid, list(group.values()), c) for c in keys]
        rows.append(
            [(v, (first, c)) for v, c in zip(labels, keys, strict=True)]
            + [(u.grid.cells[group[label], c], (group[label], c)) for c, label in wide]
        )
    return laid_out("unstacked", u.grid.sheet, rows, header, [tuple(sorted(g.values())) for g in groups])


def _first(grid: Grid, rows: Sequence[int], column: int) -> Cell:
    return next((v for r in rows if not _empty(v := grid.value(r, column))), None)


def overlooked(u: Understood, measures: Measures | None, words: Vocabulary) -> str:
    """The measures that the reading of the block as it stands takes for one; "" where it takes none so."""
    assert u.match is not None
    table = u.match.table
    for i, (heading, role) in enumerate(zip(u.headings, u.match.roles, strict=True)):
        if u.profiles[i].numeric or role.column in ("kpi", "item", "question", "answer", "unit"):
            continue
        if measures is not None and measures.position == i and set(measures.columns.values()) != {u.measure}:
            return "、".join(measures.columns)
        texts = _labels(u, heading.column)
        named = {t: c for t in sorted(texts) if (c := _column(table, t, words))}
        if len(set(named.values())) > 1:
            return "、".join(named)
    return ""
