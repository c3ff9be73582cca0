"""Compact pivots: 华东, its products below it in the same column; laid out anew with a column for each of the two levels."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.across.names import is_cost
from mktanalytics.ingest.matching.layout import MOST_RECORDS, Layout, Place, laid_out
from mktanalytics.ingest.matching.said import is_name_of
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.sheets.places import one_kind
from mktanalytics.ingest.sheets.vocabulary import Vocabulary, is_total
from mktanalytics.numbers import key

FEWEST_GROUPS = 2
_CORNER = re.compile(r"\s*[\\/|＼／>›]\s*")
_NEARLY = 1e-9


def unfolded(u: Understood, words: Vocabulary) -> Layout | None:
    """Groups and their members in columns of their own, by indentation or by sums; None where neither tells."""
    if len(u.block.header) != 1 or u.block.repeated or not 0 < len(u.block.data) <= MOST_RECORDS:
        return None
    first, rest = (
        u.headings[0],
        [(h, p) for h, p in zip(u.headings[1:], u.profiles[1:], strict=True) if p.filled],
    )
    if u.profiles[0].numeric or not rest or not all(p.numeric for _, p in rest):
        return None
    rows = [r for r in u.block.data if isinstance(u.grid.cells[r, first.column], str)]
    if len(rows) < len(u.block.data):
        return None
    texts = [str(u.grid.cells[r, first.column]) for r in rows]
    columns = [h.column for h, _ in rest]
    figures = [[v if isinstance(v := u.grid.cells[r, c], float) else np.nan for c in columns] for r in rows]
    groups = _by_indent(texts) or _by_sums(texts, np.array(figures))
    if groups is None:
        return None
    outer = [t for t, group in zip(texts, groups, strict=True) if group and not is_total(t)]
    inner = [t for t, group in zip(texts, groups, strict=True) if not group]
    heads = _heads(first.written, outer, inner, words)
    if len(outer) < FEWEST_GROUPS or not inner or heads is None:
        return None
    head = u.block.header[0]
    line: list[tuple[Cell, Place | None]] = [(h, (head, first.column)) for h in heads]
    cells = [line + [(u.grid.value(head, c), (head, c)) for c in columns]]
    for row, text, group in zip(rows, texts, groups, strict=True):
        said: tuple[Cell, Place | None] = (text.strip(), (row, first.column))
        labels = [said, (None, None)] if group else [(None, None), said]
        cells.append(labels + [(u.grid.cells[row, c], (row, c)) for c in columns])
    return laid_out("unfolded", u.grid.sheet, cells, 1, [(r,) for r in rows])


def _by_indent(texts: Sequence[str]) -> list[bool] | None:
    """Which rows name groups, where all others stand further in."""
    depths = [len(t) - len(t.lstrip()) for t in texts]
    steps = sorted(set(depths))
    return [d == steps[0] for d in depths] if len(steps) == 2 and depths[0] == steps[0] else None


def _by_sums(texts: Sequence[str], figures: NDArray[np.float64]) -> list[bool] | None:
    """Which rows name groups, where each is the sum of the rows up to the next one and no other parting is as good."""
    groups = [is_total(t) for t in texts]
    values = np.nan_to_num(figures)
    rows = [i for i, total in enumerate(groups) if not total]
    if any(groups[: len(rows)]) or not (values[rows] != 0).any(axis=1).all():
        return None  # a row of nothing could be of either of two groups
    at = 0
    while at < len(rows):
        sums = np.cumsum(values[at + 1 : len(rows)], axis=0)
        fits = np.nonzero((np.abs(sums - values[at]) <= _NEARLY * np.abs(values[at])).all(axis=1))[0]
        if len(fits) != 1:
            return None
        groups[at] = True
        at += int(fits[0]) + 2
    return groups


def _heads(
    written: str, outer: Sequence[str], inner: Sequence[str], words: Vocabulary
) -> tuple[str, str] | None:
    """What the two levels are called: both by 区域/产品 over them, or each by its names."""
    parts = [p for p in _CORNER.split(written) if p]
    if len(parts) == 2 and all(key(p) in words for p in parts):
        return parts[0], parts[1]
    kinds = (_kind(outer), _kind(inner))
    return kinds if all(kinds) and kinds[0] != kinds[1] else None


def _kind(names: Sequence[str]) -> str:
    """The column that all the names are values of; "" where they don't say."""
    plain = [n.strip() for n in names]
    if all(is_name_of("department", n) for n in plain):
        return "department"
    return "category" if all(map(is_cost, plain)) else one_kind(plain)
