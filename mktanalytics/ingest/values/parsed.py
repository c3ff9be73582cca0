"""What parsing a column gives: typed values, what could not be understood, and what was inferred."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from mktanalytics.ingest.readers.cells import Cell, CellError, Uncached
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import Values
from mktanalytics.text import word_set


class Code(StrEnum):
    """Why a cell has no value: it is left missing and told, never guessed."""

    NOT_A_NUMBER = "not_a_number"  # 约1.2万, Closed
    AMBIGUOUS_NUMBER = "ambiguous_number"  # 1,234 where the column writes 12,5 for 12.5
    AMBIGUOUS_UNIT = "ambiguous_unit"  # ¥8 in a column of 万元
    UNIT_MISMATCH = "unit_mismatch"  # 3件 in a column of money
    MIXED_UNITS = "mixed_units"  # 3箱 beside 10件
    AMBIGUOUS_RATE = "ambiguous_rate"  # 0.28 beside 31.2: 28% or 0.28%?
    NOT_A_DATE = "not_a_date"
    AMBIGUOUS_DATE = "ambiguous_date"  # 03/04/2026 where nothing in the column tells which is the day
    NOT_A_PERIOD = "not_a_period"
    NOT_A_MONTH = "not_a_month"  # 2026Q1 where each row is of a month
    NO_YEAR = "no_year"  # 10月 where neither sheet nor file says the year
    UNKNOWN_SPELLING = "unknown_spelling"  # not among the values the column allows
    NOT_A_FLAG = "not_a_flag"
    DAMAGED_CODE = "damaged_code"  # 1.23457E+17: Excel has dropped digits
    WRONG_TYPE = "wrong_type"  # a date where a name belongs, TRUE among numbers
    ERROR_CELL = "error_cell"  # #REF!
    UNCACHED_FORMULA = "uncached_formula"  # a formula whose value the file doesn't hold


class NoteCode(StrEnum):
    """What was inferred from the column as a whole; worth telling, not a fault."""

    MIXED_SCALES = "mixed_scales"  # 1052,75元 beside 11,50万元: each brought to one scale
    MIXED_CURRENCIES = "mixed_currencies"
    DECIMAL_COMMA = "decimal_comma"
    PERCENT_BY_SIZE = "percent_by_size"  # 31.2 with no % anywhere: must be percent
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"  # 26-10-05
    DAY_MONTH_SWAPPED = "day_month_swapped"  # real dates whose day and month a spreadsheet exchanged
    EXCEL_SERIALS = "excel_serials"  # 39690 read as a date
    FLOAT_CODES = "float_codes"  # 10002.0 read as 10002


class Problem(NamedTuple):
    """One cell without a value: its place in the column, why, and what stood there."""

    place: int
    code: Code
    value: str


class Note(NamedTuple):
    """One inference: what, for how many cells, and one of them as an example."""

    code: NoteCode
    n: int
    example: str


class Reading(NamedTuple):
    """What one distinct cell became: a value (None is missing), or a fault."""

    value: object = None
    unit: str = ""  # CNY, fraction, or the unit as written
    length: str = ""  # of a period
    fault: Code | None = None


@dataclass(frozen=True)
class ParsedColumn:
    """A typed column, row for row as the cells were; flags are 1 and 0.

    `units` (number kinds) holds for each value CNY or another currency, `fraction`, the unit counted (件), or "";
    `lengths` (kind month) holds day, week, month, quarter, half or year.
    """

    values: Values
    problems: tuple[Problem, ...] = ()
    notes: tuple[Note, ...] = ()
    units: Texts | None = None
    lengths: Texts | None = None


MISSING = Reading()
_ERRORS = word_set(
    "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #SPILL! #CALC!"
)  # as a .csv holds them; #N/A is missing


def fault_of(cell: Cell) -> Reading | None:
    """The fault that a cell is by itself, whatever its column wants."""
    if isinstance(cell, CellError) or (
        isinstance(cell, str) and "#" in cell and cell.strip().upper() in _ERRORS
    ):
        return Reading(fault=Code.ERROR_CELL)
    return Reading(fault=Code.UNCACHED_FORMULA) if isinstance(cell, Uncached) else None


def as_written(cell: Cell) -> str:
    """A cell as its reader would say it: 1000, not 1000.0; 2026-10-05, not 2026-10-05 00:00:00."""
    if cell is None:
        return ""
    if isinstance(cell, CellError):
        return cell.code
    if isinstance(cell, Uncached):
        return f"={cell.formula.removeprefix('=')}"
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return cell if isinstance(cell, str) else str(cell)


def note(code: NoteCode, cells: Sequence[Cell]) -> list[Note]:
    """A note about `cells`, none if there are none."""
    return [Note(code, len(cells), as_written(cells[0]))] if cells else []
