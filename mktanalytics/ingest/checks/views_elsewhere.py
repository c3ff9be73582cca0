"""A summary in one workbook of what other workbooks say line by line: counted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mktanalytics.ingest.checks.repeats import by_table, places
from mktanalytics.ingest.checks.views import VIEWED, Outline, added, outline_of, same_sums
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken

MUCH_LONGER = 2  # times the rows of its summary


def ignore_views_elsewhere(blocks: Sequence[Taken]) -> None:
    """Of blocks in different workbooks with the same amount in each period, the summary is a view of the lines.

    It may sum up one block, one workbook, or all others together.
    """
    for group in by_table(blocks):
        table = group[0].table
        if table is None or table.name not in VIEWED or len({b.u.file for b in group}) == 1:
            continue
        outlines = [outline_of(b) for b in group if b.trouble is None]
        for part in sorted(outlines, key=lambda o: len(o.block.records)):
            rest = [o for o in outlines if o.block.u.file != part.block.u.file and o.block.trouble is None]
            if whole := next((w for w in _wholes(rest) if _sums_up(part, w)), None):
                others = places(part.block, [o.block for o in whole])
                part.block.hold(Trouble("view", {"other": others}, "ignored"))


def _wholes(rest: Sequence[Outline]) -> Iterator[Sequence[Outline]]:
    """What a summary may be of: each block, each workbook, all together."""
    yield from ([o] for o in rest)
    files = dict.fromkeys(o.block.u.file for o in rest)
    if len(rest) > 1:
        yield from ([o for o in rest if o.block.u.file == file] for file in files if len(files) > 1)
        yield rest


def _sums_up(part: Outline, wholes: Sequence[Outline]) -> bool:
    lines = sum(len(o.block.records) for o in wholes)
    if lines < MUCH_LONGER * len(part.block.records) or not all(part.unlike(o) for o in wholes):
        return False
    names = {name for o in wholes for name in o.sums}
    return same_sums(part.sums, {n: added([o.sums[n] for o in wholes if n in o.sums]) for n in names})
