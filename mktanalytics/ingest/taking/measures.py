"""The figures of a block: every column that holds a measure, parsed, whatever shape it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood, last_digit, resolution, unit_for
from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.values import ParsedColumn, as_written, parse_column
from mktanalytics.numbers import Unit, parse_unit, split_header
from mktanalytics.schema import Column
from mktanalytics.tables.targets import LEVELS

UNIT_TABLES = ("targets", "actuals")  # each row says its own unit
IN_ROW_UNIT = ("target", "actual", "lower_limit", "upper_limit", *(c.name for c in LEVELS))


@dataclass(frozen=True)
class Figures:
    """One column of figures: where it stands, what it measures, and its values."""

    position: int
    role: str  # column, period, label or total
    column: Column
    parsed: ParsedColumn
    unit: Unit | None
    digit: float  # the size of the last one written

    @property
    def scale(self) -> float:
        """What one of the sheet's unit is in ours."""
        return self.unit.scale if self.unit and self.unit.kind in ("money", "scale", "count") else 1.0

    @property
    def resolution(self) -> float:
        """How far a total over all rows may be off by rounding alone."""
        return resolution(self.digit, self.scale, len(self.values))

    @property
    def values(self) -> NDArray[np.float64]:
        values = self.parsed.values
        assert not isinstance(values, Texts)
        return values.astype(np.float64, copy=False)


def row_units(u: Understood, match: Match, rows: NDArray[np.int64]) -> list[Unit | None] | None:
    """The unit of each row, where the table keeps units: of its own column, else of its KPI's name (销售额（万元）)."""
    if match.table.name not in UNIT_TABLES:
        return None
    found: list[Unit | None] = [None] * len(rows)
    for column in ("unit", "kpi"):
        if (place := match.mapped.get(column)) is not None:
            cells = column_cells(u.grid, rows, u.headings[place].column, merged=True)
            said = [
                split_name(as_written(c))[1] if column == "kpi" else parse_unit(as_written(c)) for c in cells
            ]
            found = [first or then for first, then in zip(found, said, strict=True)]
    return found if any(found) else None


def split_name(kpi: str) -> tuple[str, Unit | None]:
    """销售额 and 万元 of the KPI 销售额（万元）; a name that is nothing but a unit stays a name."""
    name, unit = split_header(kpi)
    return (name, unit) if name else (kpi, None)


def read_figures(u: Understood, match: Match, rows: NDArray[np.int64]) -> list[Figures]:
    """All columns of figures of the block, totals included, in sheet order."""
    units = row_units(u, match, rows)
    found: list[Figures] = []
    for position, role in enumerate(match.roles):
        column = _column(u, match, position)
        if column is None or not column.is_number:
            continue
        heading = u.headings[position]
        unit = unit_for(column, heading, u.units) or (
            _unit_of_total(u, match) if role.kind == "period" else None
        )
        cells: list[Cell] = column_cells(u.grid, rows, heading.column, merged=False).tolist()
        per_row = units is not None and column.name in IN_ROW_UNIT
        parsed = parse_column(
            cells,
            column,
            unit=[r or unit for r in units] if per_row and units is not None else unit,
            header=heading.written,
        )
        kind = "total" if position in u.periods.sums else role.kind  # a quarter among months
        figures = Figures(position, kind, column, parsed, unit, 0.0)
        found.append(replace(figures, digit=last_digit(cells, figures.values, figures.scale)))
    return found


def _unit_of_total(u: Understood, match: Match) -> Unit | None:
    """万元 of 全年（万元） beside months whose headers say no unit."""
    totals = (h for i, h in enumerate(u.headings) if i in u.periods.sums or match.roles[i].kind == "total")
    return next((h.unit for h in totals if h.unit is not None), None)


def _column(u: Understood, match: Match, position: int) -> Column | None:
    """The measure that a column's cells hold; None where it holds none."""
    role = match.roles[position]
    if role.kind in ("period", "label"):
        named = role.column or u.measure
        return match.table.column(named) if named else None
    if role.kind == "total":
        named = role.column if role.column in match.table.names else ""
        parts = {
            match.roles[i].column for i, r in enumerate(match.roles) if r.kind in ("period", "label")
        } - {""}
        if not named and len(parts) > 1:
            return None
        named = named or next(iter(parts), "") or u.measure
        return match.table.column(named) if named else None
    return match.table.column(role.column) if role.kind == "column" else None


def summed(figures: Sequence[Figures], match: Match) -> list[Figures]:
    """The figures that a total row may sum: additive measures; targets where nothing is additive."""
    additive = [f for f in figures if f.column.additive and f.role != "total"]
    wide = [f for f in figures if f.role in ("period", "label") and f.column.kind != "rate"]
    chosen = additive or wide or [f for f in figures if f.column.name in ("target", "actual")]
    return chosen + [f for f in figures if f.role == "total" and f.column.kind != "rate"] if chosen else []


def matrix(figures: Sequence[Figures], rows: int) -> NDArray[np.float64]:
    """Rows × figures."""
    return np.column_stack([f.values for f in figures]) if figures else np.empty((rows, 0))


def row_sums(figures: Sequence[Figures], names: Sequence[str], rows: int) -> dict[str, NDArray[np.float64]]:
    """For each additive measure, what each sheet row holds of it, whatever becomes of the row."""
    sums = {n: np.zeros(rows) for n in names}
    for f in figures:
        if f.column.name in sums and f.role != "total":
            sums[f.column.name] = sums[f.column.name] + np.nan_to_num(f.values)
    return sums
