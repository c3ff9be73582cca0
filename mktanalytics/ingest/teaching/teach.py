"""Teaching it: what a person would have to say once so that a block that was not understood becomes readable.

Every proposal but a month's is tried before it is made: with it, rows of the sheet become tidy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from rapidfuzz import fuzz

from mktanalytics.ingest.knowledge import knowledge
from mktanalytics.ingest.matching.match import too_close
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.sheets.vocabulary import Vocabulary
from mktanalytics.ingest.teaching.proposal import (
    Alias,
    Kind,
    Proposal,
    head,
    records_with,
    rule_about,
    take_sheet,
    tidy_records,
)
from mktanalytics.numbers import key
from mktanalytics.schema import Column, Table
from mktanalytics.settings import FileRule, Settings

TRIED = 16  # choices of aliases that are tried for one reading
OFFERED = 4  # and how many of those that work are offered
HEADERS_WITHIN = 30  # rows in which a header is looked for
NEAR = 70.0  # similarity from which a header by itself hints at a column; any two words share some letters
# figures that count nothing
_NUMBERED = re.compile(
    r"编[码号]|代码|序号|汇率|号码?$|手机|电话|邮编|\b_?(id|no|code|zip|phone)\b", re.IGNORECASE
)
_ANY_MONTH = "2026-01"  # stands in for the month that will be asked for
_TIMELESS = ("no_period", "period_conflict", "months_backwards")
_UNSAID = ("unsaid", "mostly_unknown")
_TEACHABLE = (
    *_TIMELESS,
    "ambiguous",
    *_UNSAID,
    "missing_columns",
    "nearly_named",
    "unknown_headers",
    "no_labels",
    "no_table",
    "no_header",
    "headless_rows",
)


def propose(book: Workbook, settings: Settings) -> list[Proposal]:
    """What could be said about each block that was not understood, the likeliest first; nothing is written."""
    return [p for sheet in book.sheets for p in _for_sheet(book.file, head(sheet), settings)]


@dataclass(frozen=True)
class _Case:
    """One block that was not understood, on a sheet short enough to try things on."""

    file: str
    sheet: Sheet
    u: Understood
    settings: Settings
    tidy: int  # records that the sheet gives as it is

    @property
    def code(self) -> str:
        """Why the block was not understood."""
        return self.u.trouble.code if self.u.trouble else ""

    def proposal(
        self,
        kind: Kind,
        zh: str,
        en: str,
        *,
        aliases: tuple[Alias, ...] = (),
        rule: FileRule | None = None,
    ) -> Proposal:
        return Proposal(kind, self.file, self.u.sheet, self.u.block.range, zh, en, aliases, rule)

    def that_works(self, proposal: Proposal) -> Proposal | None:
        """The proposal if rows become tidy by it, alone or with a month that is still to be asked for."""
        if records_with(self.file, self.sheet, self.settings, proposal) > self.tidy:
            return proposal
        timed = proposal.with_month(_ANY_MONTH)
        if records_with(self.file, self.sheet, self.settings, timed) > self.tidy:
            return replace(
                proposal, rule=proposal.rule or rule_about(self.file, self.u.sheet), asks_month=True
            )
        return None


# ---- what to try


def _for_sheet(file: str, sheet: Sheet, settings: Settings) -> list[Proposal]:
    """Another header row first, then what each block lacks; last, that the sheet is no data at all."""
    blocks = take_sheet(file, sheet, settings)
    lacking = [
        _Case(file, sheet, b.u, settings, tidy_records(blocks))
        for b in blocks
        if b.u.trouble and b.u.trouble.code in _TEACHABLE and b.u.block.data
    ]
    if not lacking:
        return []
    found = [p for case in lacking for p in _for_block(case)]
    if tidy_records(blocks):
        return found
    misread = [c for c in lacking if c.code != "ambiguous"]
    heads = [p for c in misread[:1] for p in _header_rows(c, [r for b in blocks for r in b.u.block.header])]
    ignoring = [] if any(_is_ours(c.u) for c in lacking) else [_ignoring(lacking[0])]
    return [*heads, *found, *ignoring]


def _is_ours(u: Understood) -> bool:
    """Whether title or file speak of the table that the block is held back as: figures that somebody waits for."""
    return (
        u.match is not None
        and u.trouble is not None
        and u.trouble.fate == "quarantined"
        and bool(u.match.words)
    )


def _for_block(case: _Case) -> list[Proposal]:
    if case.code in _TIMELESS:
        zh, en = "文件没有写清期间", "the file doesn't say its period clearly"
        asked = case.proposal("month", zh, en, rule=rule_about(case.file, case.u.sheet))
        return [replace(asked, asks_month=True)]
    if case.code == "ambiguous" or case.code in _UNSAID:
        offers = list(map(case.that_works, _tables(case)))
        # one table offered alone, where others are as likely, invites a hasty yes
        return [p for p in offers if p] if case.code == "ambiguous" or all(offers) else []
    readings = [m for m in case.u.matches[:2] if m.missing or case.code == "no_labels"]
    for match in readings:
        known = any(r.kind == "column" for r in match.roles)
        ways = (
            (way, near)
            for way, near in _aliases(case, match)
            if (known or near or match.words) and _explains(match, len(way.aliases))
        )
        working = ((p, near) for way, near in islice(ways, TRIED) if (p := case.that_works(way)))
        fitting = (p for p, near in working if known or near or (match.words and not p.asks_month))
        if found := list(islice(fitting, OFFERED)):
            return found
    return []


def _ignoring(case: _Case) -> Proposal:
    rule = replace(rule_about(case.file, case.u.sheet), ignore=True)
    return case.proposal("ignore", "不是数据表", "not a table of data", rule=rule)


def _tables(case: _Case) -> Iterator[Proposal]:
    """One rule for each of the tables it could be, or, where nobody says which it is, that its columns look like."""
    alike = [m for m in case.u.matches if not m.missing and m.over != "question"][:OFFERED]
    unsaid = alike if case.code in _UNSAID else ()
    for match in unsaid or too_close(case.u.matches, case.u.context.texts) or ():
        rule = replace(rule_about(case.file, case.u.sheet), table=match.table.name)
        zh, en = f"已确认是{match.table.zh}", f"confirmed to be {match.table.name}"
        yield case.proposal("table", zh, en, rule=rule)


def _header_rows(case: _Case, tried: Sequence[int]) -> list[Proposal]:
    """The first row that makes a header, where none or another was taken for it."""
    zh, en = "自动识别没有找到正确的表头", "the header was not found where it is"
    rows = (
        row
        for row in range(min(HEADERS_WITHIN, len(case.sheet.rows)))
        if row not in tried and any(isinstance(v, str) for v in case.sheet.rows[row])
    )
    rule = rule_about(case.file, case.u.sheet)
    heads = (case.proposal("header_row", zh, en, rule=replace(rule, header_row=row + 1)) for row in rows)
    working = (p for p in map(case.that_works, heads) if p and not (p.asks_month and case.code in _TIMELESS))
    return list(islice(working, 1))


def _aliases(case: _Case, match: Match) -> Iterator[tuple[Proposal, bool]]:
    """Each way to give the missing columns a header of the block that no column has, the likeliest first.

    The flag says whether the headers by themselves are near to what they are taken for: all of them, or, where title,
    sheet or file speak of the table, one.
    """
    lacking = [_choices(match, name) for name in match.missing]
    named = {r.column for r in match.roles if r.kind == "column"} | set(match.missing)
    labels = [c for c in match.table.columns if c.kind == "category" and not c.allowed]
    if not named & {c.name for c in labels}:  # nothing says what a row is
        lacking.append(labels)
    options = [_pairs(case.u, match, columns, case.settings) for columns in lacking]
    ways = sorted(
        (w for w in product(*options) if _apart(w)), key=lambda way: -sum(score for score, _, _ in way)
    )
    for way in ways:
        pairs = [(column, header) for _, column, header in way if header]
        if pairs:
            names = "、".join(f"“{header}”即{match.table.column(c).zh}" for c, header in pairs)
            english = ", ".join(f"{header!r} is {c}" for c, header in pairs)
            aliases = tuple(Alias(match.table.name, c, header) for c, header in pairs)
            near = [score >= NEAR for score, _, header in way if header]
            told = any(near) if match.words else all(near)
            yield case.proposal("alias", names, english, aliases=aliases), told


def _explains(match: Match, more: int) -> bool:
    """Whether half of the headings would be understood, with so `more`: else it is another kind of sheet."""
    told = [r for r in match.roles if r.kind not in ("blank", "total")]
    return match.wide or (sum(r.kind == "column" for r in told) + more) * 2 >= len(told)


def _choices(match: Match, name: str) -> list[Column]:
    """The columns of which the table needs one: `name`, or any of its group."""
    table = match.table
    group = next((g for g in table.one_of if name in g and name not in table.required), (name,))
    return [table.column(c) for c in group]


def _apart(way: Sequence[tuple[float, str, str]]) -> bool:
    headers = [header for _, _, header in way if header]
    return len(headers) == len(set(headers))


def _pairs(
    u: Understood, match: Match, columns: Sequence[Column], settings: Settings
) -> list[tuple[float, str, str]]:
    """(similarity, column, header) for the headers that none has yet; a time may also be asked for: no header."""
    free = [
        (i, heading.label or heading.written)
        for i, (heading, role) in enumerate(zip(u.headings, match.roles, strict=True))
        if role.kind in ("extra", "blank")
        and heading.written
        and heading.span is None
        and u.profiles[i].filled
    ]
    known = knowledge(settings).words
    found = [
        (_likeness(match.table, column, header) + _fitness(u, column, i), column.name, header)
        for column in columns
        for i, header in free
        if _suits(u, column, i, header) and not _is_another(known, column, header)
    ]
    timeless = any(c.is_time for c in columns)
    return sorted(found, key=lambda p: -p[0])[:TRIED] + ([(0.0, "", "")] if timeless else [])


def _suits(u: Understood, column: Column, position: int, header: str) -> bool:
    profile = u.profiles[position]
    if column.is_time:
        return profile.dates > 0
    return profile.numeric == column.is_number and not (column.is_number and _NUMBERED.search(header))


def _is_another(known: Vocabulary, column: Column, header: str) -> bool:
    """Whether a header is a word for other columns, and for none of this name: 数据来源 is nobody who is assessed."""
    claims = known.get(key(header), ())
    return bool(claims) and column.name not in {c.column for c in claims}


def _likeness(table: Table, column: Column, header: str) -> float:
    """How near a header comes to a word the column goes by, 0 to 100; 0 where it only shares a few letters."""
    words = (column.zh, column.en, column.name, *column.aliases, *table.aliases.get(column.name, ()))
    wanted = key(header)
    likeness = max((fuzz.ratio(wanted, key(w)) + fuzz.partial_ratio(wanted, key(w))) / 2 for w in words)
    return likeness if likeness >= NEAR else 0.0


def _fitness(u: Understood, column: Column, position: int) -> float:
    """What the cells themselves speak for: a date rather than its month, money with cents, whole numbers counted."""
    cells = [u.grid.cells[row, u.headings[position].column] for row in u.block.data]
    numbers = [v for v in cells if isinstance(v, float)]
    whole = all(v.is_integer() for v in numbers)
    fits = {"date": 60.0, "money": 5.0 * (not whole), "number": 5.0 * whole, "count": 5.0 * whole}
    return fits.get(column.kind, 0.0)
