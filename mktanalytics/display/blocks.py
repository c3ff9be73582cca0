"""What a notebook shows: HTML in Jupyter, and JSON from which the PDF and the workbook are made."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text as DrawnText

from mktanalytics.display import jupyter
from mktanalytics.display.cells import Cell, Col, Good, column_cells, figure_tone
from mktanalytics.display.fonts import FAMILY, chart_style
from mktanalytics.display.format import head_text, say, scale_for
from mktanalytics.display.wording import FOOTNOTES, W
from mktanalytics.errors import MetricError, UsageError
from mktanalytics.language import pick, spoken
from mktanalytics.metrics.result import Figure, Status, as_row

MIME = "application/vnd.mktanalytics.block+json"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Anything a report shows; `language` is the one spoken when it was made."""

    type: ClassVar[str]
    language: str = field(default_factory=spoken)

    def content(self) -> dict[str, Any]:
        """What is shown, as JSON; each kind of block says its own."""
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        """The block as JSON, with its type and language."""
        return {"type": self.type, "language": self.language, **self.content()}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        data = self.data()
        return {MIME: data, "text/html": jupyter.as_html(data), "text/plain": jupyter.as_text(data)}


def _records(figures: Iterable[Figure]) -> list[dict[str, object]]:
    return [as_row(f) for f in figures]


@dataclass(frozen=True)
class Headline(Block):
    """The one sentence a director reads; `figures` are the ones it speaks of, kept so that it can be traced."""

    type: ClassVar[str] = "headline"
    text: str
    figures: Sequence[Figure] = ()

    def content(self) -> dict[str, Any]:
        return {"text": self.text, "records": _records(self.figures)}


@dataclass(frozen=True)
class Text(Block):
    """Markdown written by code, where a notebook's own markdown cell can't know the words."""

    type: ClassVar[str] = "text"
    markdown: str
    figures: Sequence[Figure] = ()

    def content(self) -> dict[str, Any]:
        return {"markdown": self.markdown, "records": _records(self.figures)}


@dataclass(frozen=True)
class Note(Block):
    """A remark in a frame: `info`, or a `warning` that must not be overlooked."""

    type: ClassVar[str] = "note"
    text: str
    kind: Literal["info", "warning"] = "info"

    def content(self) -> dict[str, Any]:
        return {"text": self.text, "kind": self.kind, "word": W(self.kind, self.language)}


@dataclass(frozen=True)
class PageBreak(Block):
    """What follows begins on a new page."""

    type: ClassVar[str] = "pagebreak"

    def content(self) -> dict[str, Any]:
        return {}


@dataclass(frozen=True)
class DataThrough(Block):
    """The last day the data knows; shown in the title band of the PDF."""

    type: ClassVar[str] = "through"
    day: dt.date

    def content(self) -> dict[str, Any]:
        return {"day": self.day.strftime("%Y-%m-%d"), "word": W("data_through", self.language)}


@dataclass(frozen=True)
class Card:
    """One figure that matters, how it changed, and whether that is good news."""

    label: str
    figure: Figure
    change: Figure | None = None
    good: Good | None = None
    note: str = ""  # what the change is against (同比), or a remark where there is no change

    def content(self, language: str) -> dict[str, Any]:
        """The card as JSON."""
        change, tone, arrow = "", "", ""
        if self.change is not None:
            change = say(self.change, signed=True, language=language)
            value = self.change.value
            scale = scale_for(self.change.unit, [] if value is None else [value], language, one=True)
            tone = figure_tone(self.change, scale, self.good)
            up = value is not None and tone in ("good", "bad") and value > 0
            arrow = {"good": "▲" if up else "▼", "bad": "▲" if up else "▼"}.get(tone, "")
        figures = [self.figure] if self.change is None else [self.figure, self.change]
        return {
            "label": self.label, "text": say(self.figure, language=language), "change": change,
            "tone": tone, "arrow": arrow, "note": self.note, "records": _records(figures),
        }  # fmt: skip


@dataclass(frozen=True, init=False)
class Cards(Block):
    """Three to five cards in a row; more of them wrap."""

    type: ClassVar[str] = "cards"
    cards: tuple[Card, ...]

    def __init__(self, *cards: Card, language: str | None = None) -> None:
        object.__setattr__(self, "cards", cards)
        object.__setattr__(self, "language", language or spoken())

    def content(self) -> dict[str, Any]:
        return {"cards": [card.content(self.language) for card in self.cards]}


@dataclass(frozen=True)
class Chart(Block):
    """A drawing with its caption, the words for who can't see it (`alt`), and a note on the method."""

    type: ClassVar[str] = "chart"
    fig: Drawing
    caption: str
    alt: str
    note: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip() or not self.caption.strip():
            raise UsageError(
                "a chart needs a caption and an alt text",
                found=repr(self.caption),
                todo="say in one sentence what the chart shows",
            )

    def content(self) -> dict[str, Any]:
        return {"svg": draw(self.fig), "caption": self.caption, "alt": self.alt, "note": self.note}


def draw(fig: Drawing) -> str:
    """The drawing as SVG, the same bytes each time, in the font of the reports."""
    buffer = io.StringIO()
    with chart_style():
        for text in fig.findobj(DrawnText):
            text.set_fontfamily(FAMILY)
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(fig)
    return buffer.getvalue()


@dataclass(frozen=True)
class Row(Block):
    """Two or three charts side by side; draw them with `half=True`."""

    type: ClassVar[str] = "row"
    charts: Sequence[Chart]

    def content(self) -> dict[str, Any]:
        return {"charts": [chart.data() for chart in self.charts]}


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
            raise MetricError(
                f"the table “{self.caption}” shows {', '.join(unknown)}, which its frame lacks",
                found=", ".join(map(str, self.frame.columns)),
                todo="correct the keys of its columns",
            )

    def _totals(self) -> list[bool]:
        if isinstance(self.total, bool):
            return [self.total and i == len(self.frame) - 1 for i in range(len(self.frame))]
        return [bool(v) for v in self.total]

    def content(self) -> dict[str, Any]:
        heads, cells = [], []
        for col in self.columns or [Col(str(c), str(c)) for c in self.frame.columns]:
            shown, scale = column_cells(self.frame[col.key].tolist(), col, self.language)
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


def show(blocks: Iterable[Block]) -> None:
    """Display each block in turn, in a notebook."""
    from IPython.display import display

    for block in blocks:
        display(block)  # type: ignore[no-untyped-call]
