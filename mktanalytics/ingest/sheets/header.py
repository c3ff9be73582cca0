"""A block's header: for each column its words, its unit, and the span of time it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.sheets.area import Block
from mktanalytics.ingest.sheets.grid import Grid
from mktanalytics.ingest.sheets.header_rows import is_import_row
from mktanalytics.ingest.sheets.places import one_kind
from mktanalytics.ingest.sheets.vocabulary import Vocabulary, is_total, without_caption
from mktanalytics.numbers import Unit, join_cjk, key, parse_unit, split_header
from mktanalytics.periods import Span, is_cumulative, parse_span, split_span


@dataclass(frozen=True)
class Heading:
    """One column of a block: the words above it, from the outermost to the innermost."""

    column: int  # 0-based, on the sheet
    levels: tuple[str, ...] = ()  # without units and periods
    unit: Unit | None = None
    span: Span | None = None
    written: str = ""  # as the sheet has it, for messages and `extra`
    cumulative: bool = False  # 本年累计: no period of its own

    @cached_property
    def label(self) -> str:
        """All levels as one text."""
        return join_cjk(" ".join(self.levels))

    @property
    def leaf(self) -> str:
        return self.levels[-1] if self.levels else ""


def read_headings(grid: Grid, block: Block, words: Vocabulary) -> tuple[Heading, ...]:
    """The heading of every column of the block; columns without one are named by their letter later."""
    rows = block.header
    if len(rows) > 1 and is_import_row(
        rows[-1], block.area, grid
    ):  # Q1, Which do you use?, {"ImportId":"QID1"}
        rows = rows[-2:-1]
    texts = [[grid.value(r, c) for c in range(block.area.left, block.area.right)] for r in rows]
    for level in range(len(rows) - 1):
        texts[level] = _fill_right(texts, level, grid, block)
    firsts = _all_firsts([v for row in texts for v in row])
    found = tuple(
        _heading(block.area.left + i, [row[i] for row in texts], firsts, words)
        for i in range(block.area.right - block.area.left)
    )
    return _as_months(tuple(_by_values(h, grid, block) for h in found))


def _by_values(heading: Heading, grid: Grid, block: Block) -> Heading:
    """行标签 of a pivot, or 市场 of a panel, over 全国, 华东, 华南 … is the column of regions."""
    if key(heading.label) not in _ROW_LABELS:
        return heading
    values = [v for r in block.data if isinstance(v := grid.value(r, heading.column), str) and v.strip()]
    kind = one_kind([v for v in values if not is_total(v) and key(v) not in _EVERYWHERE])
    return replace(heading, levels=(kind,)) if kind else heading


def _as_months(headings: tuple[Heading, ...]) -> tuple[Heading, ...]:
    """2024-04-01, 2024-05-01 … as texts: first days that stand for their months."""
    days = [h.span for h in headings if h.span and h.span.length == "day"]
    if len(days) < 2 or any(s.number % 100 != 1 for s in days) or len(set(days)) == 1:
        return headings
    return tuple(
        replace(h, span=Span("month", h.span.number // 100, h.span.year))
        if h.span and h.span.length == "day"
        else h
        for h in headings
    )


def _fill_right(texts: list[list[Cell]], level: int, grid: Grid, block: Block) -> list[Cell]:
    """A group's name stands over its first column only: '1月', '', '2月', '' over 目标 实际 目标 实际."""
    row, below = list(texts[level]), texts[level + 1]
    sheet_row = block.header[level]
    for i in range(1, len(row)):
        column = block.area.left + i
        group = (
            _blank(row[i]) and not _blank(row[i - 1]) and not _blank(below[i]) and not _blank(below[i - 1])
        )
        if group and (sheet_row, column) not in grid.merged_from and below[i - 1] != row[i - 1]:
            row[i] = row[i - 1]
    return row


def _blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _all_firsts(values: Sequence[Cell]) -> bool:
    """Whether all days in a header are the first of a month, so that they name months (2024-04-01 as text too)."""
    dates = [v for v in values if isinstance(v, dt.date)]
    texts = [s for v in values if isinstance(v, str) and (s := parse_span(v)) and s.length == "day"]
    firsts = [d.day == 1 for d in dates] + [s.number % 100 == 1 and s.year is not None for s in texts]
    return len(firsts) > len(texts[:1]) and all(firsts)


def _heading(column: int, values: list[Cell], firsts: bool, words: Vocabulary) -> Heading:
    written = [_as_text(v) for v in values if not _blank(v)]
    written = [t for i, t in enumerate(written) if i == 0 or t != written[i - 1]]
    levels: list[str] = []
    unit: Unit | None = None
    span: Span | None = None
    for value in dict.fromkeys(v for v in values if not _blank(v)):
        named, rest = _span(value, firsts, words)
        span = _joined(span, named)
        label, own = _label(rest, words)
        unit = own or unit
        if label:
            levels.append(label)
    whole = " ".join(written)
    return Heading(
        column, tuple(levels), unit, span, " ".join(whole.split()),
        is_cumulative(whole) or bool(span and span.cumulative),
    )  # fmt: skip


def _as_text(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value).strip()


_ROW_LABELS = frozenset(map(key, ("行标签", "row labels", "市场", "地域", "market", "markets", "geography")))
_EVERYWHERE = frozenset(map(key, ("全国", "全部", "national", "all")))


def _label(text: str, words: Vocabulary) -> tuple[str, Unit | None]:
    """The text without its unit; a known word that is also a unit (`Units`) stays a word."""
    text = without_caption(text)
    if key(text) in words and parse_unit(text) is not None:
        return join_cjk(text), None
    return split_header(text)


def _span(value: Cell, firsts: bool, words: Vocabulary) -> tuple[Span | None, str]:
    """The span a header cell names, and the words beside it (1月目标 → 1月, 目标)."""
    if isinstance(value, dt.date):
        if firsts:
            return Span("month", value.month, value.year), ""
        return Span("day", value.month * 100 + value.day, value.year), ""
    text = _as_text(value)
    if key(text) in words or key(split_header(text)[0]) in words:
        return None, text
    span, rest = split_span(text)
    if firsts and span is not None and span.length == "day" and not rest:
        span = Span("month", span.number // 100, span.year)
    return span, rest


def _joined(outer: Span | None, inner: Span | None) -> Span | None:
    """2026年 over 1月 is one span: the inner, in the outer's year."""
    if outer is None or inner is None:
        return inner or outer
    if inner.year is None and outer.length == "year":
        return Span(inner.length, inner.number, outer.year, inner.cumulative)
    if outer.year is None and inner.length == "year":
        return Span(outer.length, outer.number, inner.year, outer.cumulative)
    return inner
