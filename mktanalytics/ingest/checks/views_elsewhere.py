"""A summary in one workbook of what other workbooks say line by line: counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mktanalytics.ingest.checks.repeats import by_table, places
from mktanalytics.ingest.checks.views import VIEWED, Outline, Sums, added, less, outline_of, same_sums
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken

MUCH_LONGER = 2  # times the rows of its summary


@dataclass(frozen=True)
class _Lines:
    """What a summary may be of: a block, those of a workbook, or all but those of its own."""

    outlines: Sequence[Outline]
    sums: Mapping[str, Sums]
    rows: int


def ignore_views_elsewhere(blocks: Sequence[Taken]) -> None:
    """Of blocks in different workbooks with the same amount in each period, the summary is a view of the lines."""
    for group in by_table(blocks):
        table = group[0].table
        if table is not None and table.name in VIEWED and len({b.u.file for b in group}) > 1:
            _ignore_in([outline_of(b) for b in group if b.trouble is None])


def _ignore_in(outlines: Sequence[Outline]) -> None:
    """The shortest first: what is held as a view is no line of another."""
    files: dict[str, list[Outline]] = {}
    for o in outlines:
        files.setdefault(o.block.u.file, []).append(o)
    lines = [_together(own) for own in ([o] for o in outlines)]
    lines += [_together(own) for own in files.values() if len(own) > 1]
    everything = _together(outlines)
    for part in sorted(outlines, key=lambda o: len(o.block.records)):
        elsewhere = _without(everything, files[part.block.u.file])
        whole = next((w for w in (*lines, elsewhere) if _sums_up(part, w)), None)
        if whole is not None:
            others = places(part.block, [o.block for o in whole.outlines])
            part.block.hold(Trouble("view", {"other": others}, "ignored"))
            everything = _without(everything, [part])
            files[part.block.u.file].remove(part)
            lines = [w for w in lines if part not in w.outlines]


def _together(outlines: Sequence[Outline]) -> _Lines:
    names = {name for o in outlines for name in o.sums}
    sums = {n: added([o.sums[n] for o in outlines if n in o.sums]) for n in sorted(names)}
    return _Lines(outlines, sums, sum(len(o.block.records) for o in outlines))


def _without(whole: _Lines, some: Sequence[Outline]) -> _Lines:
    away = _together(some)
    rest = [o for o in whole.outlines if o not in some]
    sums = {n: less(of, away.sums.get(n, {})) for n, of in whole.sums.items()}
    return _Lines(rest, sums, whole.rows - away.rows)


def _sums_up(part: Outline, whole: _Lines) -> bool:
    if whole.rows < MUCH_LONGER * len(part.block.records):
        return False
    unlike = all(o.block.u.file != part.block.u.file and part.unlike(o) for o in whole.outlines)
    return unlike and same_sums(part.sums, whole.sums)
