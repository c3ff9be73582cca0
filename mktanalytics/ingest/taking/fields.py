"""The other columns of a block: labels filled down where merged, dates, codes, shares; and what can't be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.matching.when import When, year_of
from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.taking.labels import Cells, column_cells, fill_pivot
from mktanalytics.ingest.taking.orders import fill_orders
from mktanalytics.ingest.taking.parents import Parent, fill_members
from mktanalytics.ingest.taking.row_spans import by_date, end_place, longer_than_a_day, within_a_month
from mktanalytics.ingest.values.values import ParsedColumn, as_written, parse_column
from mktanalytics.periods import parse_span
from mktanalytics.schema import Column


@dataclass(frozen=True)
class Field:
    """A column of the block that is no figure: where it stands and its parsed values."""

    position: int
    column: Column
    parsed: ParsedColumn


@dataclass(frozen=True)
class Fields:
    fields: tuple[Field, ...]
    filled: tuple[tuple[str, int], ...]  # column, how many blanks were filled from above
    years: NDArray[np.float64] | None  # of each row, where a column of its own holds them


def leading_labels(match: Match) -> list[int]:
    """Positions of the columns that a pivot may group by, from the outermost."""
    named = [(i, r.column) for i, r in enumerate(match.roles) if r.kind == "column"]
    return [i for i, c in named if match.table.column(c).kind in ("category", "month")][:4]


def label_cells(
    u: Understood, match: Match, rows: NDArray[np.int64], totals: NDArray[np.bool_], parents: Sequence[Parent]
) -> tuple[dict[int, Cells], tuple[tuple[str, int], ...]]:
    """The cells of every mapped column that holds no figure, filled down with evidence."""
    places = [
        i
        for i, r in enumerate(match.roles)
        if r.kind == "column" and not match.table.column(r.column).is_number
    ]
    cells = {i: column_cells(u.grid, rows, u.headings[i].column, merged=True) for i in places}
    leading = leading_labels(match)
    before = {i: _empty(cells[i]) for i in leading}
    grouped = [p for p, i in enumerate(leading[:-1]) if fill_members(cells[i], parents)]
    filled = fill_pivot([cells[i] for i in leading], len(leading) - 1, totals, rows)
    told = tuple(
        (match.roles[leading[p]].column, before[leading[p]] - _empty(cells[leading[p]]))
        for p in dict.fromkeys((*grouped, *filled))
    )
    return cells, (*told, *fill_orders(match, cells))


def _empty(cells: Cells) -> int:
    return int(np.count_nonzero(cells == None))  # noqa: E711  each of them


def read_fields(
    u: Understood,
    match: Match,
    rows: NDArray[np.int64],
    totals: NDArray[np.bool_],
    parents: Sequence[Parent] = (),
) -> Fields:
    """Parse every mapped column that holds no figure."""
    cells, filled = label_cells(u, match, rows, totals, parents)
    years, months = _years(u, match, rows, cells)
    fields: list[Field] = []
    for position, values in cells.items():
        column = match.table.column(match.roles[position].column)
        if column.name == "month" and match.wide and years is not None:
            continue  # a column of years beside months across
        source = months if column.name == "month" and months is not None else values
        year: int | list[int | None] | None = u.when.year
        if column.name == "month" and months is not None and years is not None:
            year = [int(y) if np.isfinite(y) else None for y in years]
        elif column.name == "month" and u.when.begins is not None:
            year = _rolled(source, u.when)
        if column.name == "date" and (ends := end_place(u, match)) is not None:
            last = column_cells(u.grid, rows, u.headings[ends].column, merged=True)
            column, source = longer_than_a_day(match.table, source, last) or (column, source)
        given: list[Cell] = source.tolist()
        month = u.when.span.number if u.when.span and u.when.span.length == "month" else None
        parsed = parse_column(
            given,
            column,
            year=year if column.is_time else None,
            month=month,
            header=u.headings[position].written,
        )
        fields.append(Field(position, column, parsed))
    return Fields(tuple(_months_settled(match, fields, cells)), filled, years)


def _months_settled(match: Match, fields: Sequence[Field], cells: Mapping[int, Cells]) -> Iterator[Field]:
    """The fields, those of months by the dates beside them where these say more, and no longer than the table can hold."""
    either = any(
        {"date", "month"} <= set(group) for group in match.table.one_of
    )  # a budget's date is when it changed
    dates = next((f.parsed.values for f in fields if either and f.column.name == "date"), None)
    for field in fields:
        if field.column.name != "month":
            yield field
            continue
        months = field.parsed if dates is None else by_date(field.parsed, dates)
        yield replace(field, parsed=within_a_month(match.table, months, cells[field.position]))


def _years(
    u: Understood, match: Match, rows: NDArray[np.int64], cells: dict[int, Cells]
) -> tuple[NDArray[np.float64] | None, Cells | None]:
    """The year of each row, where one column holds years and another (or the header) the months."""
    place = match.mapped.get("month")
    if place is None:
        return None, None
    others = [i for i, r in enumerate(match.roles) if r.also == "month"]
    candidates = {place: cells[place]} | {
        i: column_cells(u.grid, rows, u.headings[i].column, merged=True) for i in others
    }
    numbers = {i: _as_years(c) for i, c in candidates.items()}
    of_years = next((i for i, n in numbers.items() if n is not None), None)
    if of_years is None:
        return None, None
    if any(r.kind == "period" for r in match.roles):
        return numbers[of_years], None
    rest = [i for i in candidates if i != of_years]
    return (numbers[of_years], candidates[rest[0]]) if rest else (None, None)


def _rolled(months: Cells, when: When) -> list[int | None]:
    """The year of each month of a column, under a title that says from when to when."""
    known: dict[str, int | None] = {}
    for text in {c for c in months if isinstance(c, str)}:
        span = parse_span(text)
        known[text] = year_of(span.number, when) if span and span.length == "month" else None
    return [known.get(c) if isinstance(c, str) else None for c in months]


def _as_years(cells: Cells) -> NDArray[np.float64] | None:
    """The years a column holds (2026, 2026年); None if it holds anything else."""
    texts = [
        "" if c is None else as_written(c).strip().removesuffix("年").removesuffix("年度") for c in cells
    ]
    good = [t.isdigit() and len(t) == 4 and 1980 <= int(t) <= 2079 for t in texts]
    if not any(good) or any(t and not g for t, g in zip(texts, good, strict=True)):
        return None
    return np.array([float(t) if g else np.nan for t, g in zip(texts, good, strict=True)])
