"""A proposal: lines for mktanalytics.toml that may make a block readable, and what the settings are with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from glob import escape
from typing import Literal

from mktanalytics.ingest.knowledge import knowledge, rule_for
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.take_file import FileTaken, take_file
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.settings import FileRule, Settings

Kind = Literal["alias", "month", "table", "header_row", "ignore"]
TRIED_ROWS = 2000  # of a sheet, on which proposals are made and tried


@dataclass(frozen=True)
class Alias:
    """One more header by which a table's column goes."""

    table: str
    column: str
    header: str


@dataclass(frozen=True)
class Proposal:
    """Lines for mktanalytics.toml. Where `asks_month`, the rule lacks the month that only a person knows."""

    kind: Kind
    file: str
    sheet: str
    range: str
    reason_zh: str
    reason_en: str
    aliases: tuple[Alias, ...] = ()
    rule: FileRule | None = None
    asks_month: bool = False

    def with_month(self, month: str) -> Proposal:
        """The proposal, once the month is known."""
        rule = self.rule or rule_about(self.file, self.sheet)
        return replace(self, rule=replace(rule, month=month), asks_month=False)


def taught(settings: Settings, proposal: Proposal, reason: str) -> Settings:
    """The settings with the proposal in them; its rule stands before the others and keeps what they said."""
    aliases: dict[str, Mapping[str, tuple[str, ...]]] = dict(settings.aliases)
    for a in proposal.aliases:
        columns = dict(aliases.get(a.table, {}))
        columns[a.column] = (a.header, *columns.get(a.column, ()))
        aliases[a.table] = columns
    rule = merged_rule(settings, proposal, reason)
    return replace(settings, aliases=aliases, files=(rule, *settings.files) if rule else settings.files)


def merged_rule(settings: Settings, proposal: Proposal, reason: str) -> FileRule | None:
    """The proposal's rule with what an older rule says of the same sheet, as only the first that fits counts."""
    new = proposal.rule
    if new is None:
        return None
    old = rule_for(settings, proposal.file, proposal.sheet) or FileRule(file="", reason="")
    return FileRule(
        file=new.file,
        sheet=new.sheet,
        reason="; ".join(r for r in (old.reason, reason) if r),
        ignore=new.ignore or old.ignore,
        prefer=new.prefer or old.prefer,
        table=new.table or old.table,
        month=new.month or old.month,
        header_row=new.header_row or old.header_row,
    )


def works(book: Workbook, settings: Settings, proposal: Proposal) -> bool:
    """Whether the proposal does what it is for: rows become tidy, or a sheet is ignored by rule."""
    sheet = head(next(s for s in book.sheets if s.name == proposal.sheet))
    if proposal.kind == "ignore":
        blocks = take_sheet(book.file, sheet, taught(settings, proposal, "-"))
        return all(b.trouble and b.trouble.code == "ignored_by_rule" for b in blocks)
    return records_with(book.file, sheet, settings, proposal) > tidy_records(
        take_sheet(book.file, sheet, settings)
    )


def records_with(file: str, sheet: Sheet, settings: Settings, proposal: Proposal) -> int:
    """How many records the sheet gives with the proposal."""
    return tidy_records(take_sheet(file, sheet, taught(settings, proposal, "-")))


def rule_about(file: str, sheet: str) -> FileRule:
    """A rule without content for one sheet; names are patterns, so that their brackets must be escaped."""
    return FileRule(file=escape(file.rpartition("/")[2]), sheet=escape(sheet), reason="")


def head(sheet: Sheet) -> Sheet:
    """As much of a sheet as proposals are made from."""
    merges = tuple(m for m in sheet.merges if m.bottom <= TRIED_ROWS)
    return replace(sheet, rows=sheet.rows[:TRIED_ROWS], merges=merges)


def take_sheet(file: str, sheet: Sheet, settings: Settings) -> list[Taken]:
    """The blocks of one sheet by itself."""
    found: FileTaken = take_file(file, Workbook(file, "", "", sheets=(sheet,)), knowledge(settings))
    return found.blocks


def tidy_records(blocks: Sequence[Taken]) -> int:
    """How many records the blocks give."""
    return sum(len(b.records) for b in blocks)
