"""A block: its rectangle, and what each of its rows is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mktanalytics.ingest.readers.cells import address


class Area(NamedTuple):
    """A rectangle, 0-based, end exclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Block:
    """One table, or one piece of text, and what each of its non-empty rows is (0-based sheet rows)."""

    area: Area
    titles: tuple[int, ...] = ()
    header: tuple[int, ...] = ()
    data: tuple[int, ...] = ()
    notes: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()  # the header again, among the data

    @property
    def rows(self) -> int:
        """Non-empty rows, whatever they are."""
        return sum(map(len, (self.titles, self.header, self.data, self.notes, self.repeated)))

    @property
    def range(self) -> str:
        """The block's rectangle in A1 style."""
        top, left, bottom, right = self.area
        return f"{address(top + 1, left + 1)}:{address(bottom, right)}"
