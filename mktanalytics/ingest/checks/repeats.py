"""Sheets and files that say again what others say: counted once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np

from mktanalytics.ingest.matching.lacking import named
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.tidy import alike, one_after_another
from mktanalytics.schema import Table

ENOUGH = 5  # rows without a number of their own that, all found elsewhere, are a repetition and no chance


def by_table(blocks: Sequence[Taken]) -> list[list[Taken]]:
    """The blocks with records, those of each table together."""
    groups: dict[str, list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.records):
            groups.setdefault(block.table.name, []).append(block)
    return list(groups.values())


def ignore_repeats(blocks: Sequence[Taken]) -> None:
    """A block whose every record another block holds too is a view of it, or the same again."""
    for group in by_table(blocks):
        if len(group) > 1:
            _ignore_in(group)


def _ignore_in(group: Sequence[Taken]) -> None:
    """The last first: a view, a summary, a copy comes after what it repeats, in one block or in several."""
    counts = _contents(group)
    whole: Counter[int] = Counter()
    for mine in counts:
        whole.update(mine)
    for block, mine in reversed(list(zip(group, counts, strict=True))):
        elsewhere = all(whole[said] >= 2 * n for said, n in mine.items())
        if not elsewhere or not (len(block.records) >= ENOUGH or has_numbers(block)):
            continue
        whole.subtract(mine)
        others = [
            b for b, c in zip(group, counts, strict=True) if b is not block and b.trouble is None and mine & c
        ]
        block.hold(Trouble("repeats", {"other": places(block, others)}, "ignored"))


def _contents(group: Sequence[Taken]) -> list[Counter[int]]:
    """For each block a number for what each of its records says, wherever it stands, and how often."""
    table = group[0].table
    whole = one_after_another([b.records for b in group])
    said = alike(whole, [c for c in table.names if c in whole] if table else [])
    ends = np.cumsum([len(b.records) for b in group])[:-1]
    return [Counter(part.tolist()) for part in np.split(said, ends)]


def places(block: Taken, others: Sequence[Taken]) -> str:
    """Where a block's rows stand as well: sheets of its own file, or files and sheets."""
    names = [o.u.sheet if o.u.file == block.u.file else f"{o.u.file} {o.u.sheet}".strip() for o in others]
    return "、".join(names[:4]) + (" …" if len(names) > 4 else "")


def has_numbers(block: Taken) -> bool:
    """Whether every record carries an order or voucher number."""
    numbers = (c for c in ("order_id", "voucher", "respondent") if c in block.records)
    return any(not block.records.missing(c).any() for c in numbers)


def ignore_calculations(blocks: Sequence[Taken]) -> None:
    """A small block without a period beside the detail it sums up, in the same workbook, is a calculation."""
    detail: dict[tuple[str, str], int] = Counter()
    for block in blocks:
        if block.table is not None:
            detail[block.u.file, block.table.name] += len(block.records)
    for block in blocks:
        table = _without_period(block)
        if table is None or block.trouble is None:
            continue
        if detail[block.u.file, table.name] >= 10 * len(block.data):
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("calculation_sheet", {"near": named(table)}, "ignored"))


def _without_period(block: Taken) -> Table | None:
    """The table that a block held back would be of, if it said when its figures were."""
    if block.trouble is None:
        return None
    if block.trouble.code == "unsaid":
        nearest = block.u.matches[0]
        return nearest.table if nearest.lacks_only_time else None
    return block.table if block.trouble.code in ("no_period", "measure_unknown") else None


def ignore_held_repeats(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook that are held back and say the same, one is the repetition."""
    seen: dict[tuple[object, ...], str] = {}
    for block in blocks:
        if block.trouble is None or block.trouble.fate != "quarantined" or not block.u.match:
            continue
        said = (block.u.file, block.u.table, block.held)
        other = seen.setdefault(said, block.u.sheet)
        if other != block.u.sheet:
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("repeats", {"other": other}, "ignored"))


def digest(block: Taken) -> str:
    """Of a block held back, the cells of the columns that its table knows, as a digest; "" of any other."""
    match = block.u.match
    if match is None or block.trouble is None or block.trouble.fate != "quarantined":
        return ""
    known = [
        h.column
        for h, r in zip(block.u.headings, match.roles, strict=True)
        if r.kind in ("column", "period", "label")
    ]
    cells = block.u.grid.cells[block.data][:, known].ravel()
    return hashlib.sha256("\0".join(map(str, cells)).encode("utf-8", "surrogatepass")).hexdigest()
