"""Blocks of one form below each other on a sheet: what the line above each one's header names (华东 over one, 华南 over the next)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile

from mktanalytics.ingest.matching.said import is_name_of
from mktanalytics.ingest.matching.sheet_names import SheetName
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.places import known_as, one_kind
from mktanalytics.ingest.sheets.texts import row_texts
from mktanalytics.numbers import key, normalise
from mktanalytics.periods import find_span
from mktanalytics.text import word_set
from mktanalytics.unit_notes import find_units

_LONGEST = 20  # letters of a name; a sentence is a remark
_NUMBER = re.compile(
    r"^[【\[]?\s*(?:[（(]?[一二三四五六七八九十]{1,3}[)）、.．]|[（(]?\d{1,2}[)）、.．]|[IVX]{1,4}[.、]|[A-H][.、])?\s*"
)
_DEPARTMENTS = word_set(
    "marketing sales brand trade finance product digital operations media pr ecommerce legal procurement logistics"
)


def section_names(grid: Grid, blocks: Sequence[Block]) -> list[SheetName | None]:
    """For each block the name above its header, where other blocks with its header have names of their own."""
    names = [_name(grid, b) for b in blocks]
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, block in enumerate(blocks):
        if names[i]:
            groups[_form(grid, block)].append(i)
    found: list[SheetName | None] = [None] * len(blocks)
    for group in groups.values():
        values = [names[i] for i in group]
        if len(set(values)) > 1:
            column = _column(values)
            for i in group:
                found[i] = SheetName(names[i], column)
    return found


def _form(grid: Grid, block: Block) -> tuple[object, ...]:
    """What blocks of one form share: where they begin and how they are headed, up to the first empty column."""
    area = block.area
    ids = grid.text_ids[block.header[-1], area.left : area.right].tolist()
    return (area.left, *takewhile(lambda i: i >= 0, ids))


def _name(grid: Grid, block: Block) -> str:
    """The lone text in the last row above the header, its number taken off; "" where it says something else than a name."""
    if not block.titles or not block.header:
        return ""
    area = block.area
    said = row_texts(grid.cells[block.titles[-1], area.left : area.right].tolist())
    text = _NUMBER.sub("", normalise(said[0])).rstrip("】]:： ") if len(said) == 1 else ""
    if not text or len(text) > _LONGEST or ":" in text or find_span(text) or find_units(text):
        return ""
    return text


def _column(names: Sequence[str]) -> str:
    """The column whose values all the names are; "" where nothing says which."""
    kind = one_kind(names)
    if kind and kind != "outlet":
        return kind
    if all(known_as(n) & {"region", "province", "city"} for n in names):
        return "region"
    departments = all(key(n) in _DEPARTMENTS or is_name_of("department", n) for n in names)
    return "department" if departments else ""
