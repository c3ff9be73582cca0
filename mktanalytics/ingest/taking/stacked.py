"""The blocks of a sheet one after the other: a grand total under the last of several sections sums up all of them."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.taking.take import take
from mktanalytics.ingest.taking.taken import Taken


def take_all(blocks: Sequence[Understood]) -> list[Taken]:
    """Every block taken; one whose last row doesn't tie by itself may sum up those above it too."""
    taken: list[Taken] = []
    for u in blocks:
        found = take(u)
        if found.trouble and found.trouble.code == "total_mismatch" and (above := _above(found, taken)):
            again = take(u, above)
            found = found if again.trouble else again
        taken.append(found)
    return taken


def _above(block: Taken, others: Sequence[Taken]) -> dict[str, float]:
    """What the blocks of the same table above hold of each measure; nothing where one of them was not taken."""
    area = block.u.block.area
    same = [b for b in others if b.table is block.table and b.u.block.area.bottom <= area.top]
    if not same or any(b.trouble or (b.u.match and b.u.match.wide) for b in same):
        return {}
    counted = {id(b): ~b.fates.kind_of(b.data)["ignored"] for b in same}
    return {name: sum(float(b.sums[name][counted[id(b)]].sum()) for b in same) for name in block.sums}
