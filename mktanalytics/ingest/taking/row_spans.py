"""Rows of more than a day: from 报告开始日期 to 报告结束日期; and of more than a month, which not every table can say."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.taking.labels import Cells
from mktanalytics.ingest.values.parsed import Code, ParsedColumn, Problem
from mktanalytics.ingest.values.texts import Texts, everywhere
from mktanalytics.ingest.values.tidy import Values, missing
from mktanalytics.ingest.values.values import as_written, parse_column
from mktanalytics.schema import Column, Table

_START = re.compile(r"开始|起始|\bstarts?\b|\bfrom\b", re.IGNORECASE)
_END = re.compile(r"结束|截止|终止|\bends?\b|\bto\b", re.IGNORECASE)
_WITHIN = ("day", "month")  # what a table without `period` can hold
_COARSE = ("quarter", "half", "year")


def end_place(u: Understood, match: Match) -> int | None:
    """Position of the column that says until when the day of each row lasts: Reporting ends beside Reporting starts."""
    start = match.mapped.get("date")
    if start is None or "month" not in match.table.names or not _START.search(u.headings[start].written):
        return None
    ends = [
        i
        for i, (heading, role) in enumerate(zip(u.headings, match.roles, strict=True))
        if role.kind == "extra" and u.profiles[i].dates and _END.search(heading.written)
    ]
    return ends[0] if len(ends) == 1 else None


def longer_than_a_day(table: Table, starts: Cells, ends: Cells) -> tuple[Column, Cells] | None:
    """`month` and the span of each row as one text, where some row ends on another day than it begins."""
    column = table.column("date")
    first, last = (_days(parse_column(cells.tolist(), column).values) for cells in (starts, ends))
    if not (np.isfinite(first) & np.isfinite(last) & (first != last)).any():
        return None
    spans = np.array(
        [f"{as_written(a)} 至 {as_written(b)}" if a != b else a for a, b in zip(starts, ends, strict=True)],
        dtype=object,
    )
    return table.column("month"), spans


def by_date(months: ParsedColumn, dates: Values) -> ParsedColumn:
    """The months of a column, that of the row's own date where the column only says the year, the quarter or 008."""
    if months.lengths is None:
        return months
    coarse = months.lengths.those(lambda length: length in _COARSE) & ~missing(dates)
    days = _days(dates)
    of_date = [
        p.place
        for p in months.problems
        if p.code is Code.NO_YEAR and _month_of(days[p.place]) == p.value.lstrip("0")
    ]
    coarse[of_date] = True
    if not coarse.any():
        return months
    lengths = months.lengths.blank(coarse).filled(everywhere("day", len(coarse)))
    problems = tuple(p for p in months.problems if p.place not in of_date)
    values = np.where(coarse, days, _days(months.values))
    return replace(months, values=values, lengths=lengths, problems=problems)


def _month_of(day: np.datetime64) -> str:
    """The number of its month; "" where the day is missing."""
    return "" if np.isnat(day) else str(int(day.astype("datetime64[M]").astype(int)) % 12 + 1)


def within_a_month(table: Table, months: ParsedColumn, cells: Cells) -> ParsedColumn:
    """The months of a column, a quarter or a year among them left missing where the table can't say how long it is."""
    if "period" in table.names or months.lengths is None:
        return months
    longer = months.lengths.those(lambda length: bool(length) and length not in _WITHIN)
    if not longer.any():
        return months
    places = np.flatnonzero(longer).tolist()
    problems = tuple(Problem(i, Code.NOT_A_MONTH, as_written(cells[i])) for i in places)
    values = np.where(longer, np.datetime64("NaT", "us"), _days(months.values))
    return replace(months, values=values, problems=(*months.problems, *problems))


def _days(values: Values) -> NDArray[np.datetime64]:
    assert not isinstance(values, Texts)
    return values.astype("datetime64[us]")
