"""A workbook on the drawing board: lines of cells, and for each line the tidy rows that a careful human reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from hostile.pages import Page

Record = dict[str, object]  # column -> value: str, Decimal, date; what it lacks is missing


@dataclass(frozen=True)
class Formula:
    """A formula cell; `cached` None means that the file doesn't hold its value."""

    text: str
    cached: float | None = None


@dataclass(frozen=True)
class ErrorCell:
    code: str


@dataclass(frozen=True)
class Formatted:
    """A number with a cell format."""

    value: Decimal
    format: str


@dataclass
class Col:
    """One column of the sheet."""

    name: str  # of the tidy table; "" for a column the table doesn't know
    header: list[object]  # one cell for each header row, outermost first
    role: str = "key"  # key, measure, wide (one period or label), total, filler
    kind: str = "category"
    label: object = None  # of a wide column: the period's first day, the brand, …
    scale: Decimal = Decimal(1)

    @property
    def figures(self) -> bool:
        return self.kind in ("money", "number", "count", "rate")


@dataclass
class Line:
    """One row of the table: what is shown, and what it means."""

    cells: list[object]
    records: list[Record] = field(default_factory=list)
    kind: str = "data"  # data, total, header, blank
    held: bool = False  # nobody can know what it means: it must be quarantined and told
    figures: dict[int, Decimal] = field(default_factory=dict)  # column -> the number shown, for totals
    place: tuple[int, str, int] = (0, "", 0)  # file number, sheet, row as Excel counts; set by the composer


@dataclass
class Draft:
    """One table as it will be laid out; defects change it step by step."""

    rng: Random
    table: str
    lang: str
    layout: str  # long, months, months2, labels
    columns: list[Col]
    lines: list[Line]
    length: str = "month"  # of the periods
    titles: list[str] = field(default_factory=list)  # lone cells above the header
    notes: list[str] = field(default_factory=list)
    header_merges: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # level, column to level, column
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # line, column to line, column
    facts: set[str] = field(default_factory=set)  # what defects have to know of each other
    defects: list[str] = field(default_factory=list)
    all_held: bool = False  # nothing of the table can be known
    may_hold: bool = False  # a total can't be proved because of a held line: holding all is right too
    year: int = 2026
    plan: dict[str, object] = field(default_factory=dict)  # what the composer is to do around it
    views: list[Callable[[Draft], Page]] = field(
        default_factory=list
    )  # further sheets that say the same again
    hidden_columns: list[int] = field(default_factory=list)

    @property
    def zh(self) -> bool:
        return self.lang == "zh"

    @property
    def data(self) -> list[Line]:
        return [x for x in self.lines if x.kind == "data"]

    @property
    def measures(self) -> list[int]:
        """Columns that hold figures of the table, totals left out."""
        return [i for i, c in enumerate(self.columns) if c.role in ("measure", "wide") and c.figures]

    @property
    def wide(self) -> bool:
        return self.layout != "long"

    def at(self, name: str) -> int:
        """The position of a column; -1 if the table lacks it."""
        return next((i for i, c in enumerate(self.columns) if c.name == name and c.role != "wide"), -1)

    def insert(self, position: int, column: Col, cells: list[object]) -> None:
        """Put a column in; `cells` one for each line."""
        self.columns.insert(position, column)
        for line, value in zip(self.lines, cells, strict=True):
            line.cells.insert(position, value)
            line.figures = {i + (i >= position): v for i, v in line.figures.items()}

        def moved(c: int) -> int:
            return c + (c >= position)

        self.header_merges = [(a, moved(b), c, moved(d)) for a, b, c, d in self.header_merges]
        self.merges = [(a, moved(b), c, moved(d)) for a, b, c, d in self.merges]

    def remove(self, position: int) -> None:
        """Take a column out."""
        del self.columns[position]
        for line in self.lines:
            del line.cells[position]
            line.figures = {i - (i > position): v for i, v in line.figures.items() if i != position}
