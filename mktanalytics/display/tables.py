"""Tables of figures on the page, and the footnote that says what their marks mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from mktanalytics.display.blocks import Block
from mktanalytics.display.cells import Cell, Col, column_cells
from mktanalytics.display.format import head_text, one_scale
from mktanalytics.display.wording import FOOTNOTES, W
from mktanalytics.errors import MetricError
from mktanalytics.language import pick
from mktanalytics.metrics.result import Status


@dataclass(frozen=True)
class Table(Block):
    """A table of figures; see `Col` for its columns and `side_by_side` for frames of records.

    `total` marks the last row, or the rows a mask names, as totals. `note` says which method was
    used. `landscape` turns the page; too wide a table turns it by itself.
    """

    type: ClassVar[str] = "table"
    frame: pd.DataFrame
    caption: str
    columns: Sequence[Col] = ()
    total: bool | Sequence[bool] = False
    note: str = ""
    landscape: bool = False

    def __post_init__(self) -> None:
        unknown = [c.key for c in self.columns if c.key not in self.frame.columns]
        if unknown:
            shown = ", ".join(unknown)
            raise MetricError(
                (f"表“{self.caption}”要显示的列不在数据中：{shown}",
                 f"the table “{self.caption}” shows {shown}, which its frame lacks"),
                found=", ".join(map(str, self.frame.columns)),
                todo=("更正各列的键", "correct the keys of its columns"),
            )  # fmt: skip

    def _totals(self) -> list[bool]:
        if isinstance(self.total, bool):
            return [self.total and i == len(self.frame) - 1 for i in range(len(self.frame))]
        return [bool(v) for v in self.total]

    def content(self) -> dict[str, Any]:
        heads, cells = [], []
        columns = list(self.columns) or [Col(str(c), str(c)) for c in self.frame.columns]
        drawn = [column_cells(self.frame[c.key].tolist(), c, self.language) for c in columns]
        common = one_scale([scale for _, scale in drawn])
        for col, (shown, scale) in zip(columns, drawn, strict=True):
            if scale and scale.currency in common and (scale.shift or _nothing(shown)):
                shown, scale = column_cells(
                    self.frame[col.key].tolist(), col, self.language, common[scale.currency]
                )
            unit = scale.head if scale else ""
            numeric = any(c.figure is not None for c in shown)
            heads.append({
                "key": col.key, "label": col.head, "unit": unit, "group": col.group, "numeric": numeric,
                "head": head_text(col.head, unit, self.language),
            })  # fmt: skip
            cells.append(shown)
        rows = [
            {"total": total, "cells": [c.data() for c in row]}
            for total, row in zip(self._totals(), zip(*cells, strict=True), strict=True)
        ]
        return {
            "caption": self.caption, "columns": heads, "rows": rows, "note": self.note,
            "footnote": _footnote(cells, self.language) if rows else W("no_rows", self.language), "landscape": self.landscape,
        }  # fmt: skip


def _nothing(cells: Sequence[Cell]) -> bool:
    """Whether a column of figures holds none but zeros, which have no size to be scaled by."""
    return not any(c.figure and c.figure.value for c in cells)


def _footnote(columns: Sequence[Sequence[Cell]], language: str) -> str:
    """What the * in the cells mean."""
    marked = {
        c.figure.status
        for cells in columns
        for c in cells
        if c.figure and c.figure.value is not None and c.figure.status is not Status.OK
    }
    words = [pick(FOOTNOTES[s], language) for s in FOOTNOTES if s in marked]
    if not words:
        return ""
    return "* " + ("；".join(words) + "。" if language == "zh" else "; ".join(words) + ".")
