"""The figures that matter, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mktanalytics.display.blocks import Block, records
from mktanalytics.display.cells import Good, figure_tone
from mktanalytics.display.format import say, scale_for
from mktanalytics.language import spoken
from mktanalytics.metrics.result import Figure


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
            "tone": tone, "arrow": arrow, "note": self.note, "records": records(figures),
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
