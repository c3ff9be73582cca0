"""A sheet → its blocks as understood: the table each one is, or why it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mktanalytics.ingest.knowledge import Knowledge, rule_for
from mktanalytics.ingest.matching.heard import outside_titles, own_titles
from mktanalytics.ingest.matching.layout import Layout, turned
from mktanalytics.ingest.matching.match import match_block
from mktanalytics.ingest.matching.reading import Context, Profile
from mktanalytics.ingest.matching.said import Said, said_around
from mktanalytics.ingest.matching.settle import settled
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.matching.unstack import find_measures, overlooked, unstacked
from mktanalytics.ingest.matching.when import period_around
from mktanalytics.ingest.readers.cells import Sheet, Workbook
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.blocks import find_blocks
from mktanalytics.ingest.sheets.grid import DATE, Grid, read_grid
from mktanalytics.ingest.sheets.header import Heading, read_headings
from mktanalytics.ingest.sheets.page import page_titles
from mktanalytics.ingest.sheets.shape import Shape, shape_of
from mktanalytics.ingest.sheets.vocabulary import facts
from mktanalytics.numbers import find_units, in_one_currency, is_blank
from mktanalytics.settings import FileRule


def understand_workbook(book: Workbook, known: Knowledge) -> list[Understood]:
    """Every block of every sheet, in order."""
    return [u for sheet in book.sheets for u in understand_sheet(book.file, sheet, known)]


def understand_sheet(file: str, sheet: Sheet, known: Knowledge) -> list[Understood]:
    """The blocks of one sheet."""
    grid = read_grid(sheet)
    rule = rule_for(known.settings, file, sheet.name)
    found = facts(grid, known.words)
    shape = shape_of(grid, found)
    blocks = find_blocks(grid, shape, rule.header_row if rule else 0)
    outside = outside_titles(grid, blocks)
    outside = [(*o, *p) for o, p in zip(outside, page_titles(grid, blocks), strict=True)]
    titles = [own_titles(grid, b) for b in blocks]
    result: list[Understood] = []
    for i, block in enumerate(blocks):
        beside = [t for j, o in enumerate(titles) if j != i for t in o]
        u = _understand(file, sheet, grid, shape, block, outside[i], beside, rule, known)
        result.append(_with_layouts(u, sheet, beside, rule, known))
    return result


def _with_layouts(
    u: Understood, sheet: Sheet, beside: Sequence[str], rule: FileRule | None, known: Knowledge
) -> Understood:
    """Add readings of the block laid out anew where it is no table as it stands, or only seems to be one."""
    if not u.headings:
        return u
    measures = find_measures(u, list(known.tables.values()), known.words)
    if u.trouble is None and (several := overlooked(u, measures, known.words)):
        u = replace(u, trouble=Trouble("measures_down", value=several[:80]))
    if u.trouble is None:
        return u
    found = [unstacked(u, measures) if measures else None, turned(u.grid, u.block, known.words)]
    return replace(u, layouts=tuple((_laid_out(u, x, sheet, beside, rule, known), x) for x in found if x))


def _laid_out(
    u: Understood,
    layout: Layout,
    sheet: Sheet,
    beside: Sequence[str],
    rule: FileRule | None,
    known: Knowledge,
) -> Understood:
    grid = layout.grid
    found = shape_of(grid, facts(grid, known.words))
    return _understand(u.file, sheet, grid, found, layout.block, u.context.titles, beside, rule, known)


def _understand(
    file: str,
    sheet: Sheet,
    grid: Grid,
    shape: Shape,
    block: Block,
    outside: tuple[str, ...],
    beside: Sequence[str],
    rule: FileRule | None,
    known: Knowledge,
) -> Understood:
    u = Understood(file, sheet.name, sheet.position, grid, block)
    if rule and rule.ignore:
        return replace(u, trouble=Trouble("ignored_by_rule", {"detail": rule.reason}, "ignored"))
    if not block.header:
        return replace(u, trouble=Trouble("no_header" if block.data else "notes", {}, "ignored"))
    titles = (*own_titles(grid, block), *outside)
    when = period_around(titles, sheet.name, file, rule.month if rule else "")
    headings = read_headings(grid, block, known.words)
    profiles = _profiles(grid, shape, block, headings)
    said = _said_names(grid, block, outside, beside, sheet.name, file, known)
    length = "" if when.period is None or when.period.cumulative else when.period.length
    context = Context(titles, sheet.name, file, when.period is not None, said, length)
    tables = {rule.table: known.tables[rule.table]} if rule and rule.table in known.tables else known.tables
    matches = match_block(headings, profiles, context, tables, known.words, known.settings.own_brands)
    u = replace(
        u, headings=headings, profiles=profiles, context=context, when=when, matches=tuple(matches),
        units=in_one_currency(tuple(unit for t in titles for unit in find_units(t))),
    )  # fmt: skip
    return settled(u, matches, known)


def _said_names(
    grid: Grid,
    block: Block,
    outside: Sequence[str],
    beside: Sequence[str],
    sheet: str,
    file: str,
    known: Knowledge,
) -> dict[str, dict[str, Said]]:
    """The names that hold for the whole block; its own titles come before those it only hears."""
    ids = np.unique(grid.text_ids[[*block.header, *block.data], block.area.left : block.area.right])
    inside = [grid.texts[i] for i in ids.tolist() if i >= 0]
    own = own_titles(grid, block)
    found: dict[str, dict[str, Said]] = {}
    for titles in dict.fromkeys(((*own, *outside), tuple(own))):
        said = said_around(
            known.tables.values(), titles, sheet, file, inside, known.words, known.settings.own_brands, beside
        )
        for name, names in said.items():
            found.setdefault(name, {}).update(names)
    return found


def _profiles(grid: Grid, shape: Shape, block: Block, headings: Sequence[Heading]) -> tuple[Profile, ...]:
    """What the data cells under each heading are; marks for "no value" count as nothing."""
    rows = np.asarray(block.data, dtype=np.intp)
    blank = grid.text_mask(np.array([is_blank(t) for t in grid.texts], dtype=bool))
    columns = [h.column for h in headings]
    filled = (shape.filled & ~blank)[rows][:, columns]
    dates = ((grid.kinds == DATE) | (shape.period & shape.filled))[rows][:, columns]
    numbers = (shape.number | grid.text_mask(shape.header_of.numeric) | (grid.kinds == 2))[rows][:, columns]
    return tuple(
        Profile(int(f), int(n), int(d))
        for f, n, d in zip(
            filled.sum(axis=0), (numbers & filled).sum(axis=0), (dates & filled).sum(axis=0), strict=True
        )
    )
