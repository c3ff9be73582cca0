"""A sheet → its blocks as understood: the table each one is, or why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from mktanalytics.ingest.knowledge import Knowledge, rule_for
from mktanalytics.ingest.matching.headless import only_explains, without_header
from mktanalytics.ingest.matching.heard import outside_titles, own_notes, own_titles, scale_unread, units_said
from mktanalytics.ingest.matching.layout import Layout, turned
from mktanalytics.ingest.matching.match import match_block
from mktanalytics.ingest.matching.reading import Context, Profile
from mktanalytics.ingest.matching.said import Place, Said, said_around
from mktanalytics.ingest.matching.section_titles import section_names
from mktanalytics.ingest.matching.settle import settled
from mktanalytics.ingest.matching.sheet_names import SheetName, sheet_names
from mktanalytics.ingest.matching.torn import hold_torn
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.matching.unfold import unfolded
from mktanalytics.ingest.matching.unstack import find_measures, overlooked, unstacked
from mktanalytics.ingest.matching.when import period_around
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.blocks import find_blocks
from mktanalytics.ingest.sheets.filters import with_filters
from mktanalytics.ingest.sheets.grid import BAD, DATE, Grid, read_grid
from mktanalytics.ingest.sheets.header import Heading, read_headings
from mktanalytics.ingest.sheets.page import page_titles
from mktanalytics.ingest.sheets.shape import Shape, shape_of
from mktanalytics.ingest.sheets.vocabulary import facts, is_total
from mktanalytics.numbers import is_blank, is_currency
from mktanalytics.settings import FileRule


@dataclass(frozen=True)
class _Sheet:
    """A sheet, where it stands, and what a person or the other sheets say of it."""

    file: str
    sheet: Sheet
    named: SheetName | None
    rule: FileRule | None
    known: Knowledge


@dataclass(frozen=True)
class _Around:
    """What stands around a block on its sheet: titles it only hears, those of the other blocks, the name of its section."""

    outside: Sequence[str]
    beside: Sequence[str]
    section: SheetName | None


def understand_workbook(book: Workbook, known: Knowledge) -> list[Understood]:
    """Every block of every sheet, in order."""
    named = sheet_names(book.file, book.sheets)
    return [u for s in book.sheets for u in understand_sheet(book.file, s, known, named.get(s.name))]


def understand_sheet(
    file: str, sheet: Sheet, known: Knowledge, named: SheetName | None = None
) -> list[Understood]:
    """The blocks of one sheet; `named` is what its name stands for among the sheets that are alike."""
    sheet = with_filters(sheet)
    grid = read_grid(sheet)
    at = _Sheet(file, sheet, named, rule_for(known.settings, file, sheet.name), known)
    found = facts(grid, known.words)
    shape = shape_of(grid, found)
    blocks = find_blocks(grid, shape, at.rule.header_row if at.rule else 0)
    outside = outside_titles(grid, blocks)
    sections = section_names(grid, blocks)
    over = page_titles(grid, blocks, [s is not None for s in sections])
    outside = [(*o, *p) for o, p in zip(outside, over, strict=True)]
    titles = [own_titles(grid, b) for b in blocks]
    result: list[Understood] = []
    for i, block in enumerate(blocks):
        around = _Around(outside[i], [t for j, o in enumerate(titles) if j != i for t in o], sections[i])
        u = _understand(at, grid, shape, block, around)
        result.append(_with_layouts(at, u, around))
    return hold_torn(result)


def _with_layouts(at: _Sheet, u: Understood, around: _Around) -> Understood:
    """Add readings of the block laid out anew where it is no table as it stands, or only seems to be one."""
    if not u.headings:
        return u
    measures = find_measures(u, list(at.known.tables.values()), at.known.words)
    if u.trouble is None and (several := overlooked(u, measures, at.known.words)):
        u = replace(u, trouble=Trouble("measures_down", value=several[:80]))
    if u.trouble is None:
        return u
    words = at.known.words
    found = [unstacked(u, measures) if measures else None, turned(u.grid, u.block, words), unfolded(u, words)]
    return replace(u, layouts=tuple((_laid_out(at, u, x, around), x) for x in found if x))


def _laid_out(at: _Sheet, u: Understood, layout: Layout, around: _Around) -> Understood:
    grid = layout.grid
    found = shape_of(grid, facts(grid, at.known.words))
    return _understand(at, grid, found, layout.block, replace(around, outside=u.context.titles))


def _understand(at: _Sheet, grid: Grid, shape: Shape, block: Block, around: _Around) -> Understood:
    rule, known = at.rule, at.known
    u = Understood(
        at.file, at.sheet.name, at.sheet.position, grid, block, preferred=bool(rule and rule.prefer)
    )
    if rule and rule.ignore:
        return replace(u, trouble=Trouble("ignored_by_rule", {"detail": rule.reason}, "ignored"))
    if only_explains(at.sheet.name, grid, block):
        return replace(u, trouble=Trouble("notes", {}, "ignored"))
    if not block.header:
        return replace(u, trouble=without_header(grid, shape, block))
    titles = (*own_titles(grid, block), *around.outside)
    when = period_around(titles, u.sheet, at.file, rule.month if rule else "")
    headings = read_headings(grid, block, known.words)
    profiles = _profiles(grid, shape, block, headings)
    said = _said_names(at, grid, block, around)
    length = "" if when.period is None or when.period.cumulative else when.period.length
    section = around.section.value if around.section and not around.section.column else ""
    context = Context(titles, u.sheet, at.file, when.period is not None, said, length, _unplaced(at), section)
    tables = {rule.table: known.tables[rule.table]} if rule and rule.table in known.tables else known.tables
    matches = match_block(headings, profiles, context, tables, known.words, known.settings.own_brands)
    notes = (titles, own_notes(grid, block), at.sheet.name, at.file)
    units = units_said(*notes)
    u = replace(
        u, headings=headings, profiles=profiles, context=context, when=when, matches=tuple(matches),
        units=units, scale_unread=scale_unread(*notes, units),
    )  # fmt: skip
    return settled(u, matches, known)


def _unplaced(at: _Sheet) -> str:
    """The sheet's name, where it is one of a kind that nobody names."""
    return at.named.value if at.named and not at.named.column else ""


def _said_names(at: _Sheet, grid: Grid, block: Block, around: _Around) -> dict[str, dict[str, Said]]:
    """The names that hold for the whole block; its own titles come before those it only hears, the sheet's after both."""
    within = np.zeros(len(grid.texts) + 1, dtype=bool)
    within[grid.text_ids[[*block.header, *block.data], block.area.left : block.area.right]] = True
    inside = list(compress(grid.texts, within.tolist()))
    own = own_titles(grid, block)
    found: dict[str, dict[str, Said]] = {}
    for titles in dict.fromkeys(((*own, *around.outside), tuple(own))):
        said = said_around(
            at.known.tables.values(), titles, at.sheet.name, at.file, inside, at.known.words, at.known.settings.own_brands, around.beside
        )  # fmt: skip
        for name, names in said.items():
            found.setdefault(name, {}).update(names)
    kinds: tuple[tuple[SheetName | None, Place], ...] = ((around.section, "title"), (at.named, "sheet"))
    for kind, place in kinds:
        if kind and kind.column:
            for table in (t for t in at.known.tables.values() if kind.column in t.names):
                found.setdefault(table.name, {}).setdefault(kind.column, Said(kind.value, place))
    return found


def _profiles(grid: Grid, shape: Shape, block: Block, headings: Sequence[Heading]) -> tuple[Profile, ...]:
    """What the data cells under each heading are; marks for "no value", 合计 and what no formula gave count as nothing."""
    rows = np.asarray(block.data, dtype=np.intp)
    blank = grid.those(lambda text: is_blank(text) or is_total(text))
    columns = [h.column for h in headings]
    filled = (shape.filled & ~blank & (grid.kinds != BAD))[rows][:, columns]
    dates = ((grid.kinds == DATE) | (shape.period & shape.filled))[rows][:, columns]
    numbers = (shape.number | grid.text_mask(shape.header_of.numeric) | (grid.kinds == 2))[rows][:, columns]
    money = grid.those(is_currency)[rows][:, columns]
    counts = ((kind & filled).sum(axis=0).tolist() for kind in (filled, numbers, dates, money))
    return tuple(Profile(*each) for each in zip(*counts, strict=True))
