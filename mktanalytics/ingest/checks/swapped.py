"""Dates beside a sheet whose days and months a spreadsheet had exchanged: where nothing shows it, they may be exchanged too."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.parsed import NoteCode
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.ingest.wording import PROBLEMS

_PUT_RIGHT = PROBLEMS[NoteCode.DAY_MONTH_SWAPPED][1]
_LAST = 12  # a later day can be no month


def hold_perhaps_swapped(blocks: Sequence[Taken]) -> None:
    """Hold a block of days up to the 12th where another block of its file and table was put right."""
    put_right = {b.table.name: b for b in blocks if b.table is not None and _was_swapped(b)}
    for block in blocks:
        other = put_right.get(block.table.name) if block.table is not None else None
        if other is None or _was_swapped(block) or block.trouble is not None:
            continue
        if _only_early(block.records):
            block.hold(Trouble("perhaps_swapped", {"other": other.u.sheet or other.u.block.range}))


def _was_swapped(block: Taken) -> bool:
    return any(
        i.code == "value_note" and i.column == "date" and _PUT_RIGHT in i.message_en for i in block.issues
    )


def _only_early(records: Records) -> bool:
    if "date" not in records or not len(records):
        return False
    days = records.days("date")[~records.missing("date")].tolist()
    return bool(days) and all(d.day <= _LAST for d in days) and any(d.day != d.month for d in days)
