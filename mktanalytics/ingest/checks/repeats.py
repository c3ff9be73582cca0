"""Sheets and files that say again what others say: counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken

ENOUGH = 5  # rows without a number of their own that, all found elsewhere, are a repetition and no chance
Hashes = NDArray[np.uint64]
VIEWED = ("sales", "spend", "budget")  # tables whose rows add up to one whole


def content(frame: pd.DataFrame, columns: Sequence[str]) -> Hashes:
    """One number per record for what it says, wherever it stands."""
    told = frame.reindex(columns=list(columns))
    return np.asarray(pd.util.hash_pandas_object(told, index=False), dtype=np.uint64)


def ignore_repeats(blocks: Sequence[Taken]) -> None:
    """A block whose every record another block holds too is a view of it, or the same again."""
    by_table: dict[str, list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.frame):
            by_table.setdefault(block.table.name, []).append(block)
    for group in by_table.values():
        if len(group) > 1:
            _ignore_in(group)


def _ignore_in(group: list[Taken]) -> None:
    """The last first: a view, a summary, a copy comes after what it repeats, in one block or in several."""
    columns = [c.name for c in group[0].table.columns] if group[0].table else []
    counts = [Counter(content(b.frame, columns).tolist()) for b in group]
    whole: Counter[int] = Counter()
    for mine in counts:
        whole.update(mine)
    for block, mine in reversed(list(zip(group, counts, strict=True))):
        elsewhere = all(whole[said] >= 2 * n for said, n in mine.items())
        if not elsewhere or not (len(block.frame) >= ENOUGH or has_numbers(block)):
            continue
        whole.subtract(mine)
        others = [
            b for b, c in zip(group, counts, strict=True) if b is not block and b.trouble is None and mine & c
        ]
        block.hold(Trouble("repeats", {"other": _places(block, others)}, "ignored"))


def _places(block: Taken, others: Sequence[Taken]) -> str:
    """Where a block's rows stand as well: sheets of its own file, or files and sheets."""
    names = [o.u.sheet if o.u.file == block.u.file else f"{o.u.file} {o.u.sheet}".strip() for o in others]
    return "、".join(names[:4]) + (" …" if len(names) > 4 else "")


def has_numbers(block: Taken) -> bool:
    """Whether every record carries an order or voucher number."""
    return any(
        c in block.frame and bool(block.frame[c].notna().all()) for c in ("order_id", "voucher", "respondent")
    )


def ignore_views(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook with the same amount in each month under other headings, one is a view."""
    groups: dict[tuple[str, str], list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.frame) and block.table.name in VIEWED:
            groups.setdefault((block.u.file, block.table.name), []).append(block)
    for group in groups.values():
        order = sorted(range(len(group)), key=lambda i: (-len(group[i].frame), i))
        for n, i in enumerate(order):
            whole = next(
                (group[k] for k in order[:n] if group[k].trouble is None and _is_view(group[i], group[k])),
                None,
            )
            if whole is not None:
                place = whole.u.sheet if whole.u.sheet != group[i].u.sheet else whole.u.block.range
                group[i].hold(Trouble("view", {"other": place}, "ignored"))
        _ignore_summary(group)


def _ignore_summary(group: Sequence[Taken]) -> None:
    """汇总 before a sheet for each region: one block of the same amounts as all the others of the workbook together."""
    left = [b for b in group if b.trouble is None]
    for block in left:
        others = [b for b in left if b is not block]
        if len(others) < 2 or sum(len(b.frame) for b in others) < len(block.frame):
            continue
        if _same_months(block.frame, pd.concat([b.frame for b in others], ignore_index=True)):
            block.hold(Trouble("view", {"other": _places(block, others)}, "ignored"))
            return


def _is_view(part: Taken, whole: Taken) -> bool:
    """Whether two blocks differ in what their rows are, and agree in each month to the cent."""
    if _dimensions(part) == _dimensions(whole):
        return False
    return _same_months(part.frame, whole.frame)


def _same_months(part: pd.DataFrame, whole: pd.DataFrame) -> bool:
    """Whether the figures of each month of one are those of the other to the cent."""
    for name in ("amount", "units"):
        if name in part and name in whole and part[name].notna().any():
            mine, its = (f.groupby("month")[name].sum() for f in (part, whole))
            return set(mine.index) <= set(its.index) and bool(
                np.allclose(mine, its.reindex(mine.index), rtol=1e-9, atol=0.005)
            )
    return False


def _dimensions(block: Taken) -> set[str]:
    assert block.table is not None
    return {
        c.name
        for c in block.table.columns
        if c.kind == "category" and c.name in block.frame and block.frame[c.name].notna().any()
    }


def ignore_calculations(blocks: Sequence[Taken]) -> None:
    """A small block without a period beside the detail it sums up, in the same workbook, is a calculation."""
    detail: dict[tuple[str, str], int] = Counter()
    for block in blocks:
        if block.table is not None:
            detail[block.u.file, block.table.name] += len(block.frame)
    for block in blocks:
        if (
            block.trouble is None
            or block.trouble.code not in ("no_period", "measure_unknown")
            or block.table is None
        ):
            continue
        if detail[block.u.file, block.table.name] >= 10 * len(block.u.block.data):
            name = block.table.zh
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("calculation_sheet", {"near": name}, "ignored"))


def ignore_held_repeats(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook that are held back and say the same, one is the repetition."""
    seen: dict[tuple[object, ...], str] = {}
    for block in blocks:
        if block.trouble is None or block.trouble.fate != "quarantined" or not block.u.match:
            continue
        said = (block.u.file, block.u.table, _cells(block))
        other = seen.setdefault(said, block.u.sheet)
        if other != block.u.sheet:
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("repeats", {"other": other}, "ignored"))


def _cells(block: Taken) -> tuple[object, ...]:
    """The cells of the columns that the table knows."""
    match = block.u.match
    assert match is not None
    known = [
        h.column
        for h, r in zip(block.u.headings, match.roles, strict=True)
        if r.kind in ("column", "period", "label")
    ]
    return tuple(str(v) for v in block.u.grid.cells[list(block.u.block.data)][:, known].ravel())
