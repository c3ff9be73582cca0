"""Rows → records: a long row is one, a wide row one for each period, brand or question across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.measures import Figures
from mktanalytics.ingest.taking.survey import answers, options_of, question_of
from mktanalytics.periods import Period, Span

Pieces = list[tuple[int, pd.DataFrame]]  # (first column, records with their row position in `_i`)


def long_records(figures: Sequence[Figures], rows: int) -> pd.DataFrame:
    """One record a row."""
    values = {f.column.name: f.values for f in figures if f.role == "column"}
    return pd.DataFrame({"_i": np.arange(rows), **values})


def wide_records(
    u: Understood,
    match: Match,
    figures: Sequence[Figures],
    rows: Sequence[int],
    years: NDArray[np.float64] | None,
) -> pd.DataFrame:
    """A record for each row and each period or label across, its measures side by side; none where all are blank."""
    if match.over == "question":
        pieces = _questions(u, match, rows)
    else:
        pieces = _groups(u, match, figures, len(rows), years)
    pieces.sort(key=lambda p: p[0])
    parts = [frame.assign(_order=order) for order, (_, frame) in enumerate(pieces) if len(frame)]
    if not parts:
        return pd.DataFrame({"_i": np.array([], dtype=np.int64)})
    joined = pd.concat(parts, ignore_index=True)
    return joined.sort_values(["_i", "_order"], kind="stable", ignore_index=True).drop(columns="_order")


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
        frame = pd.DataFrame({"_i": np.arange(rows), **{f.column.name: f.values for f in group}})
        frame = frame[np.isfinite(frame.drop(columns="_i").to_numpy()).any(axis=1)]
        pieces.append((group[0].position, _with_name(frame, named, match.over, years)))
    return pieces


def _name(u: Understood, match: Match, f: Figures) -> Span | Period | str | None:
    """What a wide column's figures belong to; None for columns that are not wide."""
    if f.role == "period":
        return u.periods.periods.get(f.position) or u.periods.spans.get(f.position)
    return match.roles[f.position].label if f.role == "label" else None


def _with_name(
    frame: pd.DataFrame, named: Span | Period | str, over: str, years: NDArray[np.float64] | None
) -> pd.DataFrame:
    if isinstance(named, str):
        return frame.assign(**{over: named})
    if isinstance(named, Span):
        assert years is not None
        found = [named.at(int(y)) if np.isfinite(y) else None for y in years[frame["_i"].to_numpy()]]
        starts: Sequence[object] = [np.datetime64(p.month) if p else np.datetime64("NaT") for p in found]
        return frame.assign(month=np.array(starts, dtype="datetime64[us]"), period=named.length)
    if named.length == "day":
        frame = frame.assign(date=np.datetime64(named.start, "us"))
    return frame.assign(month=np.datetime64(named.month, "us"), period=named.length)


def _questions(u: Understood, match: Match, rows: Sequence[int]) -> Pieces:
    places = [i for i, role in enumerate(match.roles) if role.kind == "label"]
    columns = [column_cells(u.grid, rows, u.headings[i].column, merged=False).tolist() for i in places]
    questions = options_of([question_of(u.headings[i].written) for i in places], columns)
    return [(i, answers(q, cells)) for i, q, cells in zip(places, questions, columns, strict=True)]


def joined(records: pd.DataFrame, fields: Mapping[str, pd.Series]) -> pd.DataFrame:
    """The records with the fields of their row beside them; what a header says outranks what the row says."""
    at = records["_i"].to_numpy()
    added = {
        name: values.take(at).reset_index(drop=True)
        for name, values in fields.items()
        if name not in records.columns
    }
    return pd.concat([records.reset_index(drop=True), pd.DataFrame(added)], axis=1)
