"""What a notebook shows: HTML in Jupyter, and JSON from which the PDF and the workbook are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from mktanalytics.display import jupyter
from mktanalytics.display.wording import W
from mktanalytics.language import spoken
from mktanalytics.metrics.result import Figure, as_row

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


def records(figures: Iterable[Figure]) -> list[dict[str, object]]:
    """The figures of a block as JSON, by which each can be traced."""
    return [as_row(f) for f in figures]


@dataclass(frozen=True)
class Headline(Block):
    """The one sentence a director reads; `figures` are the ones it speaks of, kept so that it can be traced."""

    type: ClassVar[str] = "headline"
    text: str
    figures: Sequence[Figure] = ()

    def content(self) -> dict[str, Any]:
        return {"text": self.text, "records": records(self.figures)}


@dataclass(frozen=True)
class Text(Block):
    """Markdown written by code, where a notebook's own markdown cell can't know the words."""

    type: ClassVar[str] = "text"
    markdown: str
    figures: Sequence[Figure] = ()

    def content(self) -> dict[str, Any]:
        return {"markdown": self.markdown, "records": records(self.figures)}


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


def show(blocks: Iterable[Block]) -> None:
    """Display each block in turn, in a notebook."""
    from IPython.display import display

    for block in blocks:
        display(block)  # type: ignore[no-untyped-call]
