"""What each cell of a sheet could be, as arrays: a word, a known header, a period, a figure, a note, a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.grid import DATE, NUMBER, TEXT, Grid
from mktanalytics.ingest.sheets.vocabulary import Facts

_YEARS = (1980.0, 2079.0)
LOOKED_AT = 400  # figures of a row, to tell whether they are years


@dataclass(frozen=True)
class Shape:
    """Per cell of a sheet, what finding headers needs."""

    filled: NDArray[np.bool_]
    text: NDArray[np.bool_]
    known: NDArray[np.bool_]
    period: NDArray[np.bool_]
    measure: NDArray[np.bool_]  # a header that some table knows as a figure
    label: NDArray[np.bool_]  # … as what a row is about
    header_of: Facts
    number: NDArray[np.bool_]  # a figure, also as text; a lone year is none
    note: NDArray[np.bool_]
    unit: NDArray[np.bool_]
    said: NDArray[np.bool_]  # part of a form: 部门：市场部, or 部门： and the cell after it

    def claims(self, grid: Grid, row: int, column: int) -> frozenset[tuple[str, str]]:
        """(table, column) for each column of each table that a header cell may be."""
        text = int(grid.text_ids[row, column])
        return self.header_of.claims[text] if text >= 0 else frozenset()


def shape_of(grid: Grid, facts: Facts) -> Shape:
    """Which cells are filled, words, known headers, periods, figures, footnotes, units."""
    numeric_text = grid.text_mask(facts.numeric)
    named = _numbered_periods(grid, facts.numeric, numeric_text)
    period = grid.text_mask(facts.period) | (grid.kinds == DATE) | named
    return Shape(
        filled=grid.filled,
        text=(grid.kinds == TEXT) & ~numeric_text,
        known=grid.text_mask(facts.known),
        period=period,
        measure=grid.text_mask(facts.measure),
        label=grid.text_mask(facts.label),
        header_of=facts,
        number=((grid.kinds == NUMBER) | numeric_text) & ~period,
        note=grid.text_mask(facts.note),
        unit=grid.text_mask(facts.unit),
        said=_said(grid, grid.text_mask(facts.pair)),
    )


def _said(grid: Grid, pair: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Cells that say a thing and its value, and the values of those that end with a colon."""
    said = pair.copy()
    for row, column in np.argwhere(pair).tolist():
        if str(grid.cells[row, column]).rstrip().endswith((":", "：")):
            after = np.nonzero(grid.filled[row, column + 1 :])[0]
            said[row, column + 1 + after[:1]] = True
    return said


def _numbered_periods(
    grid: Grid, numeric: NDArray[np.bool_], numeric_text: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Cells of rows whose figures are all years or months in a row (2021 2022; 202411 202412; 2024.11): names, not amounts."""
    figures = (grid.kinds == NUMBER) | numeric_text
    named = np.zeros(figures.shape, dtype=bool)
    count = figures.sum(axis=1)
    hopeless = (figures & ~_may_name(grid, numeric)).any(axis=1) & (count <= LOOKED_AT)
    for row in np.nonzero((count >= 2) & ~hopeless)[0]:
        for counted in (year_of, _month):
            places = [counted(v) for v in grid.cells[row][figures[row]][:LOOKED_AT]]
            steps = {None} if None in places else set(np.diff(np.array(places, dtype=np.int64)).tolist())
            if steps <= {1, 0} or steps <= {-1, 0}:
                named[row] = figures[row]
    return named


def _may_name(grid: Grid, numeric: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which figures, taken alone, can be a year or a month."""
    named = np.zeros(len(grid.texts), dtype=bool)
    for i in np.flatnonzero(numeric).tolist():
        named[i] = year_of(grid.texts[i]) is not None or _month(grid.texts[i]) is not None
    possible = grid.text_mask(named)
    numbers = grid.kinds == NUMBER
    values = grid.cells[numbers].astype("float64")
    possible[numbers] = ((values >= _YEARS[0]) & (values <= _YEARS[1])) | (
        (values >= 198_001) & (values <= 207_912)
    )
    return possible


def year_of(value: object) -> int | None:
    """A number, or its text, that can be a year."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{4}\s*", value):
        value = float(value)
    whole = isinstance(value, float) and value.is_integer() and _YEARS[0] <= value <= _YEARS[1]
    return int(value) if isinstance(value, float) and whole else None


def _month(value: object) -> int | None:
    """Months since year 0, where a number or its text can be one: 202411, "2024.11"."""
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else value
    found = (
        re.fullmatch(r"(19[89]\d|20[0-7]\d)\.?(0[1-9]|1[0-2])", text.strip())
        if isinstance(text, str)
        else None
    )
    return int(found[1]) * 12 + int(found[2]) if found else None
