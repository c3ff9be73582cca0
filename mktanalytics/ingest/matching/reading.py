"""How a table reads a block: a role for each heading, and what speaks for the reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from mktanalytics.ingest.matching.said import Said, without_departments
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.vocabulary import Vocabulary
from mktanalytics.numbers import simplified
from mktanalytics.schema import Table

RoleKind = Literal["column", "period", "label", "total", "extra", "blank"]


@dataclass(frozen=True)
class Role:
    """How one table reads one heading."""

    kind: RoleKind
    column: str = ""  # the table's column; for periods and labels, the measure the cells hold
    label: str = ""  # for labels: the brand, question or KPI the heading names
    score: float = 0.0
    specific: bool = False  # by a word that this table has for itself
    runner_up: str = ""
    also: str = ""  # a second heading for a column that is already taken
    near: str = ""  # a column this might be, were its content or its letters another


@dataclass(frozen=True)
class Profile:
    """What the data cells under a heading are."""

    filled: int = 0
    numbers: int = 0
    dates: int = 0
    currencies: int = 0

    @property
    def numeric(self) -> bool:
        return self.numbers * 2 > self.filled > 0


@dataclass(frozen=True)
class Candidate:
    """A block as one table looks at it: the headings, what stands under them, and the words that are known."""

    table: Table
    headings: Sequence[Heading]
    profiles: Sequence[Profile]
    words: Vocabulary
    announced: frozenset[str] = (
        frozenset()
    )  # columns whose values the title says it parts the figures by: 各部门


@dataclass(frozen=True)
class Match:
    """A block read as one table."""

    table: Table
    roles: tuple[Role, ...]
    score: float
    missing: tuple[str, ...] = ()
    over: str = ""  # the column that labels across the sheet go to
    words: tuple[str, ...] = ()  # of the table, found in title, sheet or file name
    unsaid: bool = False  # neither a word around the block nor a header of its own speaks for it
    foreign: tuple[str, ...] = ()  # words there that speak for something else
    of_year: bool = False  # its figures are of the whole year, though the title speaks of a part of it
    reported: bool = False  # its figures stand beside what was shown and clicked
    # position of an unknown header → the column it resembles
    nearest: Mapping[int, str] = field(default_factory=dict)

    @property
    def mapped(self) -> dict[str, int]:
        """Column → position of its heading."""
        return {r.column: i for i, r in enumerate(self.roles) if r.kind == "column"}

    @property
    def wide(self) -> bool:
        return any(r.kind in ("period", "label") for r in self.roles)

    @property
    def lacks_only_time(self) -> bool:
        return bool(self.missing) and set(self.missing) <= {"month", "date"}


@dataclass(frozen=True)
class Context:
    """What is said around a block: its titles, its sheet, its file."""

    titles: tuple[str, ...]
    sheet: str
    file: str
    has_period: bool = False
    said: Mapping[str, Mapping[str, Said]] = field(default_factory=dict)  # table → column → its one name
    length: str = ""  # of the period: month, quarter, year …
    unplaced: str = ""  # the sheet's name, one of several of a kind, and nobody says of which
    # the name above the block's header, where its sister blocks have others, and nobody says of what
    section: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.titles, self.sheet, self.file)

    @cached_property
    def heard(self) -> tuple[str, ...]:
        """The texts as the words of tables are looked for in them."""
        return tuple(without_departments(simplified(t)).casefold() for t in self.texts)
