"""A column of cells → a typed column: each distinct value read once, nothing guessed, everything told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.values.date_values import read_dates, read_months
from mktanalytics.ingest.values.number_values import read_numbers
from mktanalytics.ingest.values.parsed import (
    MISSING,
    Code,
    Note,
    NoteCode,
    ParsedColumn,
    Problem,
    Reading,
    as_written,
    fault_of,
    note,
)
from mktanalytics.ingest.values.texts import Texts, everywhere, numbered, texts
from mktanalytics.ingest.values.tidy import Values, end_to_end
from mktanalytics.numbers import Unit, exact, is_blank, key, name, prose
from mktanalytics.schema import Column

__all__ = ["Code", "Note", "NoteCode", "ParsedColumn", "Problem", "as_written", "parse_column"]

_FLAGS = {
    **dict.fromkeys("是 有 对 y yes true t 1 √ ✓ ✔ 已 on".split(), True),  # noqa: SIM905
    **dict.fromkeys("否 无 没有 错 不是 n no false f 0 × ✗ ✘ 未 off".split(), False),  # noqa: SIM905
}
_NUMBERS = ("money", "number", "count", "rate")


def parse_column(
    cells: Sequence[Cell],
    column: Column,
    *,
    unit: Unit | Sequence[Unit | None] | None = None,
    year: int | Sequence[int | None] | None = None,
    month: int | None = None,
    header: str = "",
) -> ParsedColumn:
    """`cells` as `column` wants them.

    Parameters
    ----------
    unit
        What header, unit row or note say; a unit in a cell outranks it. One for each cell where a column of the
        sheet holds the units (targets).
    year, month
        What completes `10月` or `5日`. One year for each cell where a column of the sheet holds the years.
    header
        The header as written: 日期(月.日) says that 8.15 is 15 August.
    """
    if _per_row(unit) or _per_row(year):
        return _by_group(cells, column, unit, year, month, header)
    one_unit = unit if isinstance(unit, Unit) else None
    one_year = year if isinstance(year, int) else None
    if _all_numbers(cells) and _only_scaled(column, one_unit):
        return _numbers_as_they_are(cells, one_unit)
    if column.kind == "code" and (codes := _lettered_codes(cells)) is not None:
        return ParsedColumn(codes)

    def read(distinct: list[Cell]) -> tuple[list[Reading], list[Note]]:
        if column.kind in _NUMBERS:
            return read_numbers(distinct, column, one_unit)
        if column.kind == "date":
            return read_dates(distinct, year=one_year, month=month, header=header)
        if column.kind == "month":
            return read_months(distinct, year=one_year), []
        return _read_text(distinct, column)

    return _spread(cells, column, read)


def _per_row(value: object) -> bool:
    return value is not None and not isinstance(value, int | Unit)


def _all_numbers(cells: Sequence[Cell]) -> bool:
    return set(map(type, cells)) <= {float, type(None)}


def _only_scaled(column: Column, unit: Unit | None) -> bool:
    """Whether numbers need nothing but the unit's scale; rates need evidence, a wrong unit a fault."""
    fitting = {
        "money": ("money", "scale"),
        "number": ("count", "other", "scale"),
        "count": ("count", "other", "scale"),
    }
    return column.kind in fitting and (unit is None or unit.kind in fitting[column.kind])


def _numbers_as_they_are(cells: Sequence[Cell], unit: Unit | None) -> ParsedColumn:
    """The column as an export has it: numbers and empty cells, one unit, nothing to decide."""
    values = np.array(cells, dtype="float64")  # None becomes NaN
    endless = np.isinf(values)
    problems = tuple(Problem(int(i), Code.NOT_A_NUMBER, repr(values[i])) for i in np.flatnonzero(endless))
    values[endless] = np.nan
    word = unit.currency or unit.base if unit else ""
    units = Texts(np.isnan(values).astype(np.int32), (word, "")) if word else everywhere("", len(values))
    return ParsedColumn(_scaled(values, unit.scale if unit else 1.0), problems, units=units)


def _scaled(values: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """`numbers.exact` on an array: products that are short decimals at once, the others one by one."""
    if scale == 1:
        return values
    short = np.round(values * scale, 6)
    near = (short / scale == values) & (np.abs(short) < 1e9)  # fifteen digits: no other decimal is this float
    short[~near] = [exact(float(v), scale) if v == v else v for v in values[~near]]
    return short


def _spread(
    cells: Sequence[Cell],
    column: Column,
    read: Callable[[list[Cell]], tuple[list[Reading], list[Note]]],
) -> ParsedColumn:
    """Read each distinct cell once and put the readings back in their places."""
    where, distinct = _numbered(cells)
    filled: list[Cell] = [c for c in distinct if c is not None]
    found, notes = read(filled) if filled else ([], [])
    ordered = iter(found)
    readings = [MISSING if c is None else next(ordered) for c in distinct]
    faulty = np.array([r.fault is not None for r in readings], dtype=bool)
    problems = tuple(
        Problem(i, readings[where[i]].fault or Code.WRONG_TYPE, as_written(cells[i]))
        for i in (np.flatnonzero(faulty[where]).tolist() if faulty.any() else ())
    )
    return ParsedColumn(
        _typed([r.value for r in readings], column)[where],
        problems,
        tuple(notes),
        texts([r.unit for r in readings])[where] if column.kind in _NUMBERS else None,
        texts([r.length for r in readings])[where] if column.kind == "month" else None,
    )


def _numbered(cells: Sequence[Cell]) -> tuple[NDArray[np.int32], list[Cell]]:
    """For each cell the number of its value, and the values."""
    several = len(set(map(type, cells)) - {type(None)}) > 1
    if several:  # by type too: True == 1 == 1.0
        places, distinct = numbered([(type(c), c) for c in cells])
        return places, [value for _, value in distinct]
    return numbered(cells)


def _typed(values: Sequence[Any], column: Column) -> Values:
    if column.kind in (*_NUMBERS, "flag"):
        return np.array(values, dtype="float64")
    if column.is_time:
        return np.array(values, dtype="datetime64[us]")
    return texts(values)


def _by_group(
    cells: Sequence[Cell], column: Column, unit: Any, year: Any, month: int | None, header: str
) -> ParsedColumn:
    """Rows that share a unit and a year are read together: each group is its own evidence."""
    units = unit if _per_row(unit) else [unit] * len(cells)
    years = year if _per_row(year) else [year] * len(cells)
    groups: dict[tuple[Unit | None, int | None], list[int]] = {}
    for i, pair in enumerate(zip(units, years, strict=True)):
        groups.setdefault(pair, []).append(i)
    parts = [
        (rows, parse_column([cells[i] for i in rows], column, unit=u, year=y, month=month, header=header))
        for (u, y), rows in groups.items()
    ]
    order = np.argsort([i for rows, _ in parts for i in rows], kind="stable")

    def joined(found: Sequence[Values | None]) -> Any:
        kept = [values for values in found if values is not None]
        return end_to_end(kept)[order] if kept else None

    problems = sorted(p._replace(place=rows[p.place]) for rows, part in parts for p in part.problems)
    values = joined([p.values for _, p in parts])
    return ParsedColumn(
        _typed([], column) if values is None else values,
        tuple(problems),
        tuple(n for _, p in parts for n in p.notes),
        joined([p.units for _, p in parts]),
        joined([p.lengths for _, p in parts]),
    )


# ---- text, codes, categories, flags --------------------------------------------------------------------------


def _read_text(cells: list[Cell], column: Column) -> tuple[list[Reading], list[Note]]:
    if column.kind == "flag":
        return [_flag(c) for c in cells], []
    if column.allowed:
        known = {key(s): stored for stored, spellings in column.allowed.items() for s in (stored, *spellings)}
        return [_allowed(c, known) for c in cells], []
    if column.kind == "code":
        return _codes(cells)
    return [_text(c, column) for c in cells], []


def _flag(cell: Cell) -> Reading:
    if isinstance(cell, str) and is_blank(cell, words=False):
        return MISSING
    value = _FLAGS.get(as_written(cell).strip().casefold())
    return (fault_of(cell) or Reading(fault=Code.NOT_A_FLAG)) if value is None else Reading(value)


def _allowed(cell: Cell, known: dict[str, str]) -> Reading:
    if fault := fault_of(cell):
        return fault
    stored = known.get(key(as_written(cell)))
    if stored is not None:
        return Reading(stored)
    return MISSING if isinstance(cell, str) and is_blank(cell) else Reading(fault=Code.UNKNOWN_SPELLING)


def _text(cell: Cell, column: Column) -> Reading:
    if fault := fault_of(cell):
        return fault
    if isinstance(cell, str):
        if is_blank(cell, words=False):
            return MISSING
        return Reading(prose(cell) if column.kind == "text" else name(cell))
    if isinstance(cell, dt.date | dt.time | dt.timedelta) and column.kind == "category":
        return Reading(fault=Code.WRONG_TYPE)  # a spreadsheet made 10-5 a date; what it was is gone
    return Reading(as_written(cell))


_WHOLE = re.compile(r"\d+(?:\.0+)?")
_LETTERED = re.compile(r"[A-Z]{2,}\d+", re.ASCII)  # SO00000001: nothing to decide
_SHORTENED = re.compile(r"\d\.\d+e\+?\d+", re.IGNORECASE)


def _lettered_codes(cells: Sequence[Cell]) -> Texts | None:
    """The column as an export has it: letters and digits, nothing to decide; None where any code is written otherwise."""
    if not set(map(type, cells)) <= {str, type(None)}:
        return None
    found = texts(cells)  # type: ignore[arg-type]
    return found if all(map(_LETTERED.fullmatch, found.distinct)) else None


def _codes(cells: list[Cell]) -> tuple[list[Reading], list[Note]]:
    """Codes as text; "10002.0" loses its .0 only where every code of the column is a whole number."""
    texts = [name(c).removeprefix("'") if isinstance(c, str) else "" for c in cells]
    whole = all(_WHOLE.fullmatch(t) for t in texts if t and not is_blank(t, words=False))
    readings = [_code(c, t, whole) for c, t in zip(cells, texts, strict=True)]
    cut = [c for c, t in zip(cells, texts, strict=True) if whole and "." in t]
    return readings, note(NoteCode.FLOAT_CODES, cut)


def _code(cell: Cell, text: str, whole: bool) -> Reading:
    if fault := fault_of(cell):
        return fault
    if isinstance(cell, str):
        if is_blank(text, words=False):
            return MISSING
        damaged = bool(_SHORTENED.fullmatch(text))
        return Reading(fault=Code.DAMAGED_CODE) if damaged else Reading(text.split(".")[0] if whole else text)
    if isinstance(cell, float) and abs(cell) >= 2**53:  # sixteen digits and more: the last ones are lost
        return Reading(fault=Code.DAMAGED_CODE)
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return Reading(fault=Code.WRONG_TYPE)
    return Reading(as_written(cell))
