"""Whole years under a title that speaks of a part of one: 2024年 and 2023年 under 2024年1-6月."""

from __future__ import annotations

import datetime as dt

import numpy as np

from mktanalytics.ingest.matching.evidence import OF_WHAT_WAS
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.matching.when import shown
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.periods import Span


def part_of_year(block: Taken) -> Trouble | None:
    """The part of a year that title, sheet or file name, where figures of that very year are read as the whole of it."""
    span = block.u.when.span
    if block.table is None or block.table.name not in OF_WHAT_WAS or span is None or span.length == "year":
        return None
    if "period" not in block.records:
        return None
    whole = block.records.texts("period").those(lambda length: length == "year")
    years = np.unique(block.records.days("month")[whole].astype("datetime64[Y]").astype(int) + 1970).tolist()
    named = span.year or max(years, default=0)
    if named not in years or _up_to_its_end(span, named):
        return None
    words = {"first": f"{block.u.when.source}: {shown(span)}", "second": f"{named}年"}
    return Trouble("period_conflict", words)


def _up_to_its_end(span: Span, year: int) -> bool:
    """1-12月, or an export of 31 December."""
    period = span.at(year)
    through = span.cumulative or span.length == "day"
    return through and period is not None and period.end == dt.date(year, 12, 31)
