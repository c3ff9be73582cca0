"""Rows that name the section below them: 一、广告费 over 电视 and 户外, with or without the section's sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.said import is_name_of
from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.sheets.vocabulary import is_total
from mktanalytics.ingest.taking.labels import Cells
from mktanalytics.ingest.taking.measures import matrix, summed
from mktanalytics.ingest.taking.parents import Parent
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.taking.totals import tolerance

_NUMERAL = re.compile(r"(?:第)?[一二三四五六七八九十]{1,3}(?:[、.．:：]|部分)?|[IVX]{1,4}[.、]?|[A-H][.、]")
_NUMBERED = re.compile(
    r"\s*(?:(?:第)?[一二三四五六七八九十]{1,3}(?:[、.．:：]|部分[:：]?)|[IVX]{1,4}[.、]\s|[A-H][.、]\s?)\s*(?P<name>\S.*)"
)


@dataclass(frozen=True)
class Section:
    """A row that names a section, and the rows below it; `tied` where it holds their sum, None where it holds nothing."""

    row: int
    name: str
    members: range
    tied: bool | None


def find_sections(work: Work) -> tuple[Section, ...]:
    """The sections of a block; none where no row is numbered as one, or none has details below it."""
    figures = summed(work.figures, work.match)
    if not figures or not _some_row_is_numbered(work):
        return ()
    values = matrix(figures, len(work.rows))
    words = _words(work)
    names = [_name(row) for row in words]
    heads = [i for i, name in enumerate(names) if name]
    total = np.array([any(is_total(w) for w in row) for row in words], dtype=bool)
    found: list[Section] = []
    for head, end in pairwise([*heads, len(names)]):
        details = [i for i in range(head + 1, end) if not total[i]]
        if details:
            tied = _tied(values, head, details, [f.resolution for f in figures])
            found.append(Section(head, names[head], range(head + 1, end), tied))
    return tuple(found)


def _some_row_is_numbered(work: Work) -> bool:
    """Whether any cell is a numeral or begins with one: each distinct text is asked once."""
    grid = work.u.grid
    left, right = work.u.block.area.left, work.u.block.area.right
    return bool(grid.those(_marked)[:, left:right][work.rows].any())


def _marked(text: str) -> bool:
    plain = text.strip()
    return bool(_NUMERAL.fullmatch(plain) or _NUMBERED.fullmatch(plain))


def _words(work: Work) -> list[list[str]]:
    """The texts of each row, figures aside."""
    figures = {f.position for f in work.figures}
    columns = [h.column for i, h in enumerate(work.u.headings) if i not in figures]
    cells = work.u.grid.cells[work.rows][:, columns]
    filled = work.u.grid.filled[work.rows][:, columns]
    return [[_text(c) for c in row[full]] for row, full in zip(cells, filled, strict=True)]


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else "·"


def _name(words: Sequence[str]) -> str:
    """广告费 of `一、广告费`, and of `一` beside 广告费; "" for a row that is no head of a section."""
    rest = [w for w in words if not _NUMERAL.fullmatch(w)]
    if len(rest) != 1 or is_total(rest[0]):
        return ""
    numbered = _NUMBERED.fullmatch(rest[0])
    if numbered:
        return numbered["name"].rstrip(":：")
    return rest[0] if len(words) == 2 and words[1] == rest[0] else ""


def _tied(
    values: NDArray[np.float64], head: int, details: Sequence[int], resolution: Sequence[float]
) -> bool | None:
    stated = values[head]
    held = np.isfinite(stated)
    if not held.any():
        return None
    computed = np.nansum(values[details], axis=0)
    return bool((np.abs(stated - computed) <= tolerance(stated, computed, resolution))[held].all())


def as_parents(sections: Sequence[Section]) -> tuple[Parent, ...]:
    """The sections that hold their sum, as the rows to leave out of any other total."""
    return tuple(Parent(s.row, s.members) for s in sections if s.tied)


def column_of(work: Work, sections: Sequence[Section]) -> str:
    """Where the names belong: departments, regions, else the category, if no column of the sheet is it; else ""."""
    for column in ("department", "region"):
        if column in work.table.names and all(is_name_of(column, s.name) for s in sections):
            return "" if column in work.match.mapped else column
    return "category" if "category" in work.table.names and "category" not in work.match.mapped else ""


def names_of(sections: Sequence[Section], rows: int) -> Cells:
    """The name of each row's section; None above the first."""
    names: Cells = np.full(rows, None, dtype=object)
    for section in sections:
        names[section.members.start : section.members.stop] = section.name
    return names
