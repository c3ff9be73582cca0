"""One block as understood, before any value is parsed: which table, which columns, when, and in what units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.layout import Layout
from mktanalytics.ingest.matching.reading import Context, Match, Profile
from mktanalytics.ingest.matching.when import HeadPeriods, When
from mktanalytics.ingest.readers.cells import address, column_letters
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import NO_CELLS, Grid
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.numbers import Unit
from mktanalytics.schema import Column


@dataclass(frozen=True)
class Trouble:
    """Why a block is held back or passed over: a code of `wording`, and what fills its sentence."""

    code: str
    words: Mapping[str, object] = field(default_factory=dict)
    fate: str = "quarantined"  # or ignored
    cell: str = ""
    value: str = ""


@dataclass(frozen=True)
class Understood:
    """A block, its place, and our reading of it; `trouble` says why nothing of it is taken."""

    file: str
    sheet: str
    position: int
    grid: Grid
    block: Block
    headings: tuple[Heading, ...] = ()
    profiles: tuple[Profile, ...] = ()
    context: Context = field(default_factory=lambda: Context((), "", ""))
    when: When = field(default_factory=When)
    periods: HeadPeriods = field(default_factory=lambda: HeadPeriods({}, {}, {}))
    units: tuple[Unit, ...] = ()  # stated above the table, or below it
    scale_unread: str = ""  # the text that seems to state one, and can't be read
    matches: tuple[Match, ...] = ()
    measure: str = ""  # what cells under bare months or labels hold
    trouble: Trouble | None = None
    preferred: bool = False  # by a rule of the settings, where another source disagrees
    layouts: tuple[
        tuple[Understood, Layout], ...
    ] = ()  # readings of the block laid out anew, where as it is none is good

    @property
    def match(self) -> Match | None:
        """The best reading, if it is one at all."""
        return self.matches[0] if self.matches else None

    @property
    def table(self) -> str:
        """The table's name; "" where the block is none."""
        taken = self.match is not None and (self.trouble is None or self.trouble.fate == "quarantined")
        return self.match.table.name if taken and self.match else ""

    @property
    def timed_around(self) -> bool:
        """Whether all its figures are of the one period that title, sheet or file name say."""
        own = {"month", "date"} & set(self.match.mapped) if self.match else set()
        return self.when.period is not None and not (own or self.periods.periods or self.periods.spans)

    def without_cells(self) -> Understood:
        """Which table the block is, and where it stands."""
        best = tuple(replace(m, roles=(), nearest={}) for m in self.matches[:1])
        block = replace(self.block, data=())
        return Understood(
            self.file, self.sheet, self.position, NO_CELLS, block, matches=best, trouble=self.trouble
        )

    def header_of(self, position: int) -> str:
        """A heading as written; a nameless column goes by its letter."""
        heading = self.headings[position]
        return heading.written or f"({column_letters(heading.column + 1)})"

    def cell(self, row: int, position: int) -> str:
        """The A1 address of a block's column in a 0-based sheet row."""
        return address(row + 1, self.headings[position].column + 1)


def unit_for(column: Column, heading: Heading, stated: Sequence[Unit]) -> Unit | None:
    """The unit of a column's cells: its header's, else the note's that suits it."""
    if heading.unit is not None:
        return heading.unit
    suits = {
        "money": ("money", "scale"),
        "rate": ("rate",),
        "count": ("count", "scale"),
        "number": ("count", "scale"),
    }
    free = column.kind == "number" and not column.unit
    kinds = ("money", "count", "rate", "scale", "other") if free else suits.get(column.kind, ())
    return next((u for u in stated if u.kind in kinds), None)


def last_digit(cells: Sequence[object], values: NDArray[np.float64], scale: float) -> float:
    """The size of a column's last written digit, in the units of its values; 0 where they are computed to the last bit."""
    texts = [(c, v) for c, v in zip(cells, values.tolist(), strict=True) if isinstance(c, str)]
    sizes = [_digit_of_text(text, value) for text, value in texts if np.isfinite(value) and value]
    figures = [c for c in cells if isinstance(c, float)]
    if figures:
        sizes.append(scale * _digit_of_floats(figures))
    return min(sizes, default=scale)


def _digit_of_text(text: str, value: float) -> float:
    """What the last digit of 32% or `11,50万元` counts, of the value that was read."""
    return abs(value) / max(int("".join(c for c in text if c.isdecimal()) or 0), 1)


def _digit_of_floats(figures: Sequence[float]) -> float:
    decimals = _decimals(np.array(figures))
    if decimals is None:
        places = [len(repr(c).partition(".")[2].removesuffix("0")) for c in set(figures)]
        decimals = max(places, default=0)
    if decimals > 6 or "e" in "".join(repr(c) for c in figures[:50]):
        return 0.0
    return float(10.0**-decimals)


def _decimals(figures: NDArray[np.float64]) -> int | None:
    """The most decimals that any figure is written with, 7 for more than six; None where some may be written with an
    exponent, or are too large for so many."""
    sizes = np.abs(figures[figures != 0])
    if not ((sizes >= 1e-4) & (sizes < 1e9)).all():
        return None
    for decimals in range(7):
        scale = 10.0**decimals
        # n / scale is the very double that so many decimals are read as
        figures = figures[np.rint(figures * scale) / scale != figures]
        if not len(figures):
            return decimals
    return 7


def resolution(digit: float, scale: float, addends: int) -> float:
    """The last digit of a sum; where a unit such as 万元 rounds every addend, what rounding may add up to."""
    return digit * max(1.0, 1.2 * float(np.sqrt(addends))) if scale > 1 else digit
