"""Fiscal years: FY25 Q1 is a quarter of the calendar only where the fiscal year begins in January."""

from __future__ import annotations

import re

from mktanalytics.ingest.matching.understood import Understood

_FISCAL = re.compile(
    r"\bFY\s*[-'’]?\s*\d{2,4}|\d{2,4}\s*财年|财年|财政年度|\bfiscal (?:year|quarter|month)\b", re.IGNORECASE
)
_LOOKED_AT = 200  # cells of a column of periods


def fiscal_words(u: Understood) -> str:
    """The first words by which a block's periods are parts of a fiscal year; "" if none says so."""
    if u.match is None or u.when.source == "rule":
        return ""
    across = [h.written for h, r in zip(u.headings, u.match.roles, strict=True) if r.kind == "period"]
    yearless = bool(across) and not all(s.year for s in u.periods.spans.values())
    place = u.match.mapped.get("month")
    down = [] if place is None else [u.headings[place].written, *_cells(u, u.headings[place].column)]
    around = u.context.texts if u.timed_around or yearless else ()
    found = (_FISCAL.search(t.replace("_", " ")) for t in (*across, *down, *around))
    return next((m[0] for m in found if m), "")


def _cells(u: Understood, column: int) -> list[str]:
    cells = (u.grid.cells[r, column] for r in u.block.data[:_LOOKED_AT])
    return [c for c in cells if isinstance(c, str)]
