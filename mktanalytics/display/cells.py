"""From a frame to the cells of a table: each keeps its record beside its text (law 4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from mktanalytics.display.format import DASH, Scale, cell_text, round_half_up, scale_for
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import RECORD, Figure, Status, as_row, figure

Good = Literal["up", "down"]
Tone = Literal["", "good", "bad", "faint"]


@dataclass(frozen=True)
class Col:
    """One column of a table: where its cells come from, its header, how it is shown.

    `unit` is for plain numbers (figures bring their own) and may be `month` or `date` for times.
    `good` says which direction is good news and colours the cell. `group` is the header above
    the header. `tones` colours words: `{"冻结": "bad"}`. `blank` is shown where a plain number is
    missing because there can be none (the first has nobody before it), not because data are.
    """

    key: str
    head: str
    unit: str = ""
    good: Good | None = None
    signed: bool = False
    group: str = ""
    tones: Mapping[str, Tone] = field(default_factory=dict)
    blank: str = ""


@dataclass(frozen=True)
class Cell:
    """What is shown, how it is coloured, and the record or value behind it."""

    text: str
    tone: Tone = ""
    figure: Figure | None = None

    def data(self) -> dict[str, Any]:
        """The cell as JSON."""
        record = None if self.figure is None else as_row(self.figure)
        return {"text": self.text, "tone": self.tone, "record": record}


def side_by_side(parts: Mapping[str, pd.DataFrame], *, keys: Sequence[str]) -> pd.DataFrame:
    """Record frames side by side: the key columns, then one column of figures for each part.

    Parameters
    ----------
    parts
        Column name -> record frame (the key columns and `value, unit, status, …`).
    keys
        The columns that name a row in every frame.

    Returns
    -------
    pandas.DataFrame
        A row per key, in the order the frames name them; a key one frame lacks is `na_missing` there.

    Raises
    ------
    MetricError
        A frame lacks a column, or names a key twice.
    """
    columns: dict[str, dict[tuple[Hashable, ...], Figure]] = {}
    order: dict[tuple[Hashable, ...], None] = {}
    for name, frame in parts.items():
        lacking = [c for c in (*keys, *RECORD) if c not in frame.columns]
        if lacking:
            raise MetricError(
                (
                    f"{name!r} 不是按 {'、'.join(keys)} 的指标结果",
                    f"{name!r} is not a record frame by {', '.join(keys)}",
                ),
                found=", ".join(map(str, frame.columns)),
                expected=", ".join(lacking),
                todo=(
                    "传入指标的结果，并用各结果都有的键",
                    "give a metric's result, and keys that all of them have",
                ),
            )
        rows = frame.to_dict("records")
        columns[name] = {_key(row, keys): figure({str(k): v for k, v in row.items()}) for row in rows}
        if len(columns[name]) < len(rows):
            raise MetricError(
                (
                    f"{name!r} 中同一 {' × '.join(keys)} 有多行",
                    f"{name!r} has several rows for one {' × '.join(keys)}",
                ),
                todo=("先筛选，或补充键", "filter it, or name more keys"),
            )
        order |= dict.fromkeys(columns[name])
    out = pd.DataFrame(list(order), columns=list(keys))
    for name, found in columns.items():
        unit = next((f.unit for f in found.values()), "")
        cells = [found.get(key, Figure(None, unit, Status.MISSING)) for key in order]
        out[name] = pd.Series(cells, dtype=object)
    return out


def _key(row: Mapping[Hashable, Any], keys: Sequence[str]) -> tuple[Hashable, ...]:
    return tuple(None if pd.isna(row[k]) else row[k] for k in keys)


def figures(values: Iterable[float], units: Iterable[str]) -> list[Figure]:
    """Plain numbers as figures, each in the unit of its row; a missing one says so."""
    return [
        as_figure(float(v), u) or Figure(None, u, Status.MISSING) for v, u in zip(values, units, strict=True)
    ]


def as_figure(value: object, unit: str) -> Figure | None:
    """`value` as a figure if it is one or is a number; None for words and times."""
    if isinstance(value, Figure):
        return value
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    if not np.isfinite(float(value)):
        return Figure(None, unit, Status.MISSING)
    return Figure(float(value), unit)


def column_cells(
    values: Sequence[object], col: Col, language: str, scale: Scale | None = None
) -> tuple[list[Cell], Scale | None]:
    """The cells of one column, and its scale if it is a column of figures: `scale`, or the one that suits them."""
    numeric = any(as_figure(v, col.unit) is not None for v in values)
    if not numeric or col.unit in ("month", "date"):
        return [_word_cell(v, col) for v in values], None
    missing = Figure(None, col.unit, Status.MISSING)
    if col.blank:
        shown, scale = column_cells(values, replace(col, blank=""), language, scale)
        none = [
            not isinstance(v, Figure) and as_figure(v, "") == Figure(None, "", Status.MISSING) for v in values
        ]
        return [Cell(col.blank, "faint") if n else c for n, c in zip(none, shown, strict=True)], scale
    figures = [as_figure(v, col.unit) or missing for v in values]
    units = {f.unit for f in figures if f.value is not None}
    if len(units) > 1:  # a row of CNY above a row of points has no common header: each says its own
        return [_mixed_cell(f, col, language) for f in figures], None
    unit = next(iter(units), col.unit)
    scale = scale or scale_for(unit, [f.value for f in figures if f.value is not None], language)
    return [
        Cell(cell_text(f, scale, language, signed=col.signed), figure_tone(f, scale, col.good), f)
        for f in figures
    ], scale


def _mixed_cell(value: Figure, col: Col, language: str) -> Cell:
    scale = scale_for(value.unit, [] if value.value is None else [value.value], language, one=True)
    text = cell_text(value, scale, language, signed=col.signed)
    shown = scale.before + text + scale.after if value.value is not None else text
    return Cell(shown, figure_tone(value, scale, col.good), value)


def _word_cell(value: object, col: Col) -> Cell:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return Cell(DASH, "faint")
    if isinstance(value, dt.date | np.datetime64):
        text = pd.Timestamp(value).strftime("%Y-%m" if col.unit == "month" else "%Y-%m-%d")
        return Cell(text)
    text = str(value)
    return Cell(text, col.tones.get(text, ""))


def figure_tone(value: Figure, scale: Scale, good: Good | None) -> Tone:
    """Good or bad news, as it is shown: a change that rounds to zero is neither."""
    if value.value is None:
        return "faint"
    shown = round_half_up(value.value, scale.shift, scale.places)
    if good is None or shown == 0:
        return ""
    return "good" if (shown > 0) == (good == "up") else "bad"
