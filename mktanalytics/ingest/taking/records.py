"""Rows → records: a long row is one, a wide row one for each period, brand or question across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.measures import Figures
from mktanalytics.ingest.taking.survey import answers, options_of, question_of
from mktanalytics.ingest.values.texts import everywhere, first_said
from mktanalytics.ingest.values.tidy import Records, Values, all_of, one_after_another
from mktanalytics.periods import Period, Span

Pieces = list[tuple[int, Records]]  # (first column, records at the place of their row among the data)


def long_records(figures: Sequence[Figures], rows: int) -> Records:
    """One record a row."""
    return Records(np.arange(rows), {f.column.name: f.values for f in figures if f.role == "column"})


def wide_records(
    u: Understood,
    match: Match,
    figures: Sequence[Figures],
    rows: NDArray[np.int64],
    years: NDArray[np.float64] | None,
) -> Records:
    """A record for each row and each period or label across, its measures side by side; none where all are blank."""
    if match.over == "question":
        pieces = _questions(u, match, rows)
    else:
        pieces = _groups(u, match, figures, len(rows), years)
    pieces.sort(key=lambda p: p[0])
    joined = one_after_another([records for _, records in pieces if len(records)])
    return joined.where(np.argsort(joined.rows, kind="stable"))


def _groups(
    u: Understood, match: Match, figures: Sequence[Figures], rows: int, years: NDArray[np.float64] | None
) -> Pieces:
    together: dict[Span | Period | str, list[Figures]] = {}
    for f in figures:
        named = _name(u, match, f)
        if named is not None:
            together.setdefault(named, []).append(f)
    pieces: Pieces = []
    for named, group in together.items():
        held = {f.column.name: f.values for f in group}
        records = Records(np.arange(rows), held)
        if match.over == "kpi":  # 销售额（万元） beside 新客户数（个）: each has a unit of its own
            records = records.having(unit=first_said([f.parsed.units for f in group], rows))
        records = records.where(~all_of([~np.isfinite(values) for values in held.values()], rows))
        pieces.append((group[0].position, _with_name(records, named, match, years)))
    return pieces


def _name(u: Understood, match: Match, f: Figures) -> Span | Period | str | None:
    """What a wide column's figures belong to; None for columns that are not wide."""
    if f.role == "period":
        return u.periods.periods.get(f.position) or u.periods.spans.get(f.position)
    return match.roles[f.position].label if f.role == "label" else None


def _with_name(
    records: Records, named: Span | Period | str, match: Match, years: NDArray[np.float64] | None
) -> Records:
    n = len(records)
    if isinstance(named, str):
        return records.having(**{match.over: everywhere(named, n)})
    dated = match.table.over_time is not None and match.table.over_time.over == "date"
    if dated and isinstance(named, Period):
        return records.having(date=np.full(n, np.datetime64(named.start, "us")))
    length = everywhere(named.length, n)
    if isinstance(named, Span):
        assert years is not None
        found = [named.at(int(y)) if np.isfinite(y) else None for y in years[records.rows]]
        months = np.array([p.month if p else None for p in found], dtype="datetime64[us]")
        return records.having(month=months, period=length)
    if named.length == "day":
        records = records.having(date=np.full(n, np.datetime64(named.start, "us")))
    return records.having(month=np.full(n, np.datetime64(named.month, "us")), period=length)


def _questions(u: Understood, match: Match, rows: NDArray[np.int64]) -> Pieces:
    places = [i for i, role in enumerate(match.roles) if role.kind == "label"]
    columns = [column_cells(u.grid, rows, u.headings[i].column, merged=False).tolist() for i in places]
    questions = options_of([question_of(u.headings[i].written) for i in places], columns)
    return [(i, answers(q, cells)) for i, q, cells in zip(places, questions, columns, strict=True)]


def joined(records: Records, fields: Mapping[str, Values]) -> Records:
    """The records with the fields of their row beside them; what a header says outranks what the row says."""
    return records.having(**{n: values[records.rows] for n, values in fields.items() if n not in records})
