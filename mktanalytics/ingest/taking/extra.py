"""Columns that a table doesn't know are kept beside the row: a JSON object, header → text."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.readers.cells import Cell, CellError, Uncached
from mktanalytics.ingest.values.texts import Texts, everywhere, texts
from mktanalytics.numbers import prose


def cell_text(value: Cell) -> str:
    """A cell as a reader would type it: 3.0 is 3, midnight is only a date; "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, str):
        return prose(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, Uncached):
        return f"={value.formula}".replace("==", "=")
    return str(value)


def extra_json(columns: Mapping[str, Sequence[Cell] | NDArray[np.object_]], rows: int) -> Texts:
    """One JSON object per row ("" where nothing is kept); each distinct cell is written once."""
    if not columns:
        return everywhere("", rows)
    parts: list[list[str]] = [[] for _ in range(rows)]
    for header, cells in columns.items():
        name = json.dumps(header, ensure_ascii=False)
        known: dict[tuple[type, object], str] = {}
        for i, cell in enumerate(cells):
            if cell is None:
                continue
            tagged = (type(cell), cell)
            text = known.get(tagged)
            if text is None:
                plain = cell_text(cell)
                text = f"{name}: {json.dumps(plain, ensure_ascii=False)}" if plain else ""
                known[tagged] = text
            if text:
                parts[i].append(text)
    return texts(f"{{{', '.join(p)}}}" if p else "" for p in parts)
