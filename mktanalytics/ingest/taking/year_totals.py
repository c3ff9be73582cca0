"""What stands beside the parts of a row and sums them up: 合计 beside months, 年度目标 beside quarters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.across.totals import is_of_the_year
from mktanalytics.ingest.matching.understood import resolution
from mktanalytics.ingest.taking.measures import UNIT_TABLES, Figures, matrix
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.taking.totals import Mismatch, tolerance

_ROUNDED = 0.005  # a mean is written with fewer digits
_IN_A_YEAR = {"month": 12, "quarter": 4, "half": 2}


def untied_total(work: Work) -> tuple[Figures, Mismatch] | None:
    """The first figure beside a row's parts that says something else than they do."""
    for total, parts in _totals(work):
        off, computed = _untied(work, total, parts)
        if off.any() and not _of_more(work, total, parts):
            i = int(np.nonzero(off)[0][0])
            return total, Mismatch(i, total.position, float(total.values[i]), float(computed[i]))
    return None


def tell_years(work: Work) -> None:
    """Figures of a whole year beside some of its parts: nothing proves them, and they are not read."""
    for total, parts in _totals(work):
        if _of_more(work, total, parts) and _untied(work, total, parts)[0].any():
            cell = work.u.cell(work.u.block.header[-1], total.position)
            words = {"header": work.u.header_of(total.position)}
            told = work.taken.issue("year_unread", cell=cell, column=total.column.name, words=words)
            work.taken.issues.append(told)


def _totals(work: Work) -> Iterator[tuple[Figures, list[Figures]]]:
    for total in (f for f in work.figures if f.role == "total" and f.column.kind != "rate"):
        parts = _parts_of(work, total)
        if parts:
            yield total, parts


def _parts_of(work: Work, total: Figures) -> list[Figures]:
    inside = work.u.periods.sums.get(total.position)
    return [
        f
        for f in work.figures
        if f.role in ("period", "label") and f.column.name == total.column.name
        if not inside or f.position in inside
    ]


def _untied(
    work: Work, total: Figures, parts: Sequence[Figures]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which rows say something else than their parts, and what these make."""
    computed, stated = _sum(parts, len(work.rows)), total.values
    digit = max(resolution(f.digit, f.scale, len(parts)) for f in (*parts, total))
    close = tolerance(stated, computed, [digit])
    off = np.isfinite(stated) & np.isfinite(computed) & (np.abs(stated - computed) > close) & ~work.bad
    return off & ~_a_level(work, total, parts), computed


def _of_more(work: Work, total: Figures, parts: Sequence[Figures]) -> bool:
    """Whether a figure is of the year, and its parts are but some months or quarters of it."""
    spans = [work.u.periods.periods.get(f.position) or work.u.periods.spans.get(f.position) for f in parts]
    lengths = {s.length for s in spans if s}
    if not is_of_the_year(work.u.headings[total.position]) or len(lengths) != 1:
        return False
    return len(set(spans)) < _IN_A_YEAR.get(lengths.pop(), 0)


def _a_level(work: Work, total: Figures, parts: Sequence[Figures]) -> NDArray[np.bool_]:
    """Rows of a KPI that no sum makes: the year's target of a rate or a headcount is that of its end, or the mean."""
    n = len(work.rows)
    if work.table.name not in UNIT_TABLES or total.parsed.units is None:
        return np.zeros(n, dtype=bool)
    values = matrix(parts, n)
    filled = np.isfinite(values).all(axis=1)
    end, mean = values[:, -1], _sum(parts, n) / len(parts)
    close = np.isclose(total.values, end, rtol=1e-9) | np.isclose(total.values, mean, rtol=_ROUNDED)
    counted = ~total.parsed.units.those(lambda unit: unit == "CNY")
    level: NDArray[np.bool_] = counted & filled & close
    return level


def _sum(parts: Sequence[Figures], n: int) -> NDArray[np.float64]:
    values = matrix(parts, n)
    return np.where(np.isfinite(values).any(axis=1), np.nansum(values, axis=1), np.nan)
