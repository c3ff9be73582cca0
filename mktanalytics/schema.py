"""What a spreadsheet kind is: frozen descriptions, no behaviour. Everything else reads these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal[
    "text",  # free text, kept as written
    "code",  # an identifier: kept as text, leading zeros and twenty digits included
    "category",  # a name that rows are grouped by
    "money",  # in CNY, whatever the sheet's unit
    "number",  # a plain number
    "count",  # a number of things
    "rate",  # a share or rate, as a fraction: 31.2% is 0.312
    "date",
    "month",  # the first day of the span the row speaks of
    "flag",
]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column, the same object in every table that has it."""

    name: str
    kind: Kind
    zh: str
    en: str
    about: str  # what it holds, in one English clause, for the data dictionary
    about_zh: str
    aliases: tuple[str, ...] = ()  # headers met in the wild, beside zh, en and name
    unit: str = ""  # the unit it is stored in
    minimum: float | None = None
    maximum: float | None = None
    allowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # stored value -> spellings met
    sensitive: bool = (
        False  # a person's data: masked in messages and descriptions; only a report about persons shows it
    )
    additive: bool = False  # may be summed over rows

    @property
    def is_number(self) -> bool:
        return self.kind in ("money", "number", "count", "rate")

    @property
    def is_time(self) -> bool:
        return self.kind in ("date", "month")


@dataclass(frozen=True, kw_only=True)
class Wide:
    """Headers that are values: `over` names the column they go to, `value` the column the cells go to.

    `over="month"` takes every header that is a period, `over="date"` every one that is a day; any other `over` takes every header
    that no column of the table claims (brands, questions, KPIs across the sheet), or, where `named`,
    the headers that are known for values of it by themselves (华东, 上海, 电商, 人民广场店).
    """

    over: str
    value: str
    named: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """The only description of a spreadsheet kind."""

    name: str
    zh: str
    en: str
    about: str
    about_zh: str
    columns: tuple[Column, ...]
    grain: tuple[str, ...]  # what one row is
    unique: bool = True  # may two rows share a grain? (sales lines may)
    required: tuple[str, ...] = ()  # without these a block is not this table
    one_of: tuple[tuple[str, ...], ...] = ()  # at least one of each group
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # headers this table reads so
    second_choice: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # headers read so, the first of them, where no other header of the sheet is the column
    defaults: Mapping[str, str] = field(default_factory=dict)  # what a blank means, where a sheet never says
    wide: tuple[Wide, ...] = ()
    words: tuple[str, ...] = ()  # in a title, sheet or file name these speak for this table
    marks: tuple[str, ...] = ()  # columns, and words in headers, that speak for it where no title does
    foreign: tuple[str, ...] = ()  # and these against it, as other tables' words do
    foreign_headers: tuple[str, ...] = ()  # in the header of figures these mark another kind of sheet
    ignore_sheets: tuple[str, ...] = ()  # sheet names that never hold this table

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if the table has none."""
        return self._by_name.get(name) or _missing(self, name)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {c.name: c for c in self.columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def over_time(self) -> Wide | None:
        """How the table reads periods across a sheet, or days, where a row of it is of a day."""
        return next((w for w in self.wide if w.over in ("month", "date")), None)

    @property
    def additive(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.additive)


def _missing(table: Table, name: str) -> Column:
    raise KeyError(f"{table.name} has no column {name!r}; it has {', '.join(table.names)}")


SOURCE = ("source_file", "source_sheet", "source_row")  # on every tidy row; row as Excel shows it
EXTRA = "extra"  # a JSON object: the columns of the sheet that the table doesn't know, header -> text
