"""The same row twice: inside a block, and between blocks that overlap; and rows that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mktanalytics.ingest.checks.conflicts import settle
from mktanalytics.ingest.checks.repeats import by_table
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import (
    Numbers,
    Records,
    again,
    alike,
    all_of,
    firsts,
    one_after_another,
    twice,
)
from mktanalytics.schema import Table

NUMBERED = {
    "sales": ("order_id",),
    "spend": ("voucher",),
}  # what makes a line of these tables one of its kind
WITH = {"sales": ("order_id", "order_line", "product_code", "product", "date"), "spend": ("voucher", "date", "category", "activity", "department")}  # fmt: skip
MUCH = 0.5  # of the rows of a month found elsewhere: files that overlap, not lines that are alike
FEW = 5  # fewer prove nothing


def duplicates_inside(block: Taken) -> None:
    """Rows identical in every cell: a repetition where they carry a number, else perhaps two true lines."""
    if block.table is None or not len(block.records):
        return
    said = alike(block.records, list(block.records))
    if again(said).any():
        _same_again(block, block.table, said)
    if block.table.unique:
        _same_grain(block, block.table)


def _same_again(block: Taken, table: Table, said: Numbers) -> None:
    records, repeated = block.records, again(said)
    numbers = [c for c in (*NUMBERED.get(table.name, ()), "order_line") if c in records]
    known = repeated & (~records.all_missing(numbers) if numbers else np.bool_(table.unique))
    if (repeated & ~known).any():
        block.issues.append(block.issue("identical_rows", words={"n": int((repeated & ~known).sum())}))
    if not known.any():
        return
    rows = records.rows + 1
    for row, other in zip(rows[known].tolist(), rows[firsts(said)][known].tolist(), strict=True):
        block.issues.append(block.issue("exact_duplicate", row=row, cell=f"A{row}", words={"other": other}))
    block.drop(known, "quarantined", "exact_duplicate")


def _same_grain(block: Taken, table: Table) -> None:
    """Two rows for one key: finer lines where an unknown column or a note parts them, else a contradiction."""
    records = block.records
    grain = [c for c in table.grain if c in records]
    repeated = twice(alike(records, grain))
    if not repeated.any() or table.name == "survey":
        return
    if "kpi" in table.grain and "kpi" not in grain and _unlike_units(records, grain):
        block.hold(Trouble("kpi_unknown"))
        return
    parted = ~twice(alike(records, [*grain, *(c for c in ("extra", "note") if c in records)]))
    if table.name == "budget" or parted[repeated].all():
        block.issues.append(block.issue("repeated_grain", words={"n": int(repeated.sum())}))
        return
    numbers = alike(records, grain)
    settle([block], records, np.zeros(len(records), dtype=np.int64), numbers, repeated)


def _unlike_units(records: Records, grain: Sequence[str]) -> bool:
    """Whether one key has figures of several units, 30000000 and 25%: they are of several KPIs, and nobody says which."""
    if "unit" not in records:
        return False
    keys, units = alike(records, grain), alike(records, [*grain, "unit"])
    return len(np.unique(units)) > len(np.unique(keys))


def duplicates_between(blocks: Sequence[Taken]) -> None:
    """Blocks of one table that overlap: a row that is there already is not counted again; one that differs is told."""
    for group in by_table(blocks):
        if len(group) > 1:
            _between(group)


def _between(group: Sequence[Taken]) -> None:
    table = group[0].table
    assert table is not None
    whole = one_after_another([b.records for b in group])
    block = np.repeat(np.arange(len(group)), [len(b.records) for b in group])
    said = alike(whole, [c for c in table.names if c in whole])
    first = block[firsts(said)]
    repeated = first != block
    firm = _numbered(whole, table.name) | table.unique
    overlap = repeated & (firm | _overlapping(whole, block, first, repeated))
    key = alike(whole, [c for c in WITH.get(table.name, table.grain) if c in whole])
    _drop(group, block, overlap, first)
    _tell_alike(group, block[repeated & ~overlap])
    left = ~overlap
    _contradictions(group, whole.where(left), block[left], key[left], firm[left])


def _numbered(records: Records, name: str) -> Mask:
    """Which records carry the number that makes a line of the table one of its kind."""
    wanted = [c for c in NUMBERED.get(name, ()) if c in records]
    return all_of([~records.missing(c) for c in wanted], len(records)) & bool(wanted)


def _overlapping(whole: Records, block: Numbers, first: Numbers, repeated: Mask) -> Mask:
    """Rows found in an earlier block, where two blocks share most rows of a month of the smaller one, five at least."""
    month = alike(whole, [c for c in ("month",) if c in whole])
    months, blocks = int(month.max(initial=0)) + 1, int(block.max(initial=0)) + 1
    sizes = np.bincount(block * months + month, minlength=blocks * months)
    pairs, where, shared = np.unique(
        ((first * blocks + block) * months + month)[repeated], return_inverse=True, return_counts=True
    )
    earlier, rest = np.divmod(pairs, blocks * months)
    smaller = np.minimum(sizes[earlier * months + rest % months], sizes[rest])
    result = np.zeros(len(whole), dtype=bool)
    result[repeated] = (shared >= np.maximum(FEW, MUCH * smaller))[where]
    return result


def _contradictions(group: Sequence[Taken], whole: Records, block: Numbers, key: Numbers, firm: Mask) -> None:
    """The same key in several blocks, with other values. Of each record its block, key and firmness."""
    pairs = np.unique(key[firm] * len(group) + block[firm]) // len(group)
    keys, blocks = np.unique(pairs, return_counts=True)
    contested = firm & np.isin(key, keys[blocks > 1])
    if contested.any():
        settle(group, whole, block, key, contested)


def _tell_alike(group: Sequence[Taken], block: Numbers) -> None:
    """Lines without a number that another block has too, but too few to be an overlap: kept, and told."""
    for n, count in zip(*(x.tolist() for x in np.unique(block, return_counts=True)), strict=True):
        group[n].issues.append(group[n].issue("alike_elsewhere", words={"n": count}))


def _drop(group: Sequence[Taken], block: Numbers, overlap: Mask, first: Numbers) -> None:
    """The rows that an earlier block has already; told once for each of the earlier blocks."""
    for n in np.unique(block[overlap]).tolist():
        mine, mask, sources = group[n], overlap[block == n], first[block == n]
        for other in np.unique(sources[mask]).tolist():
            rows = mine.records.rows[mask & (sources == other)] + 1
            place = f"{group[other].u.file} {group[other].u.sheet}".strip()
            words = {"other": place, "n": len(rows)}
            row = int(rows[0])
            mine.issues.append(mine.issue("duplicate_elsewhere", row=row, cell=f"A{row}", words=words))
        mine.drop(mask, "quarantined", "duplicate_elsewhere")
