"""The same row twice: inside a block, and between blocks that overlap; and rows that contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.checks.repeats import content
from mktanalytics.ingest.taking.taken import Taken

Mask = NDArray[np.bool_]

NUMBERED = {
    "sales": ("order_id",),
    "spend": ("voucher",),
}  # what makes a line of these tables one of its kind
WITH = {"sales": ("order_id", "order_line", "product_code", "product", "date"), "spend": ("voucher", "date", "category", "activity", "department")}  # fmt: skip
MUCH = 0.5  # of the rows of a month found elsewhere: files that overlap, not lines that are alike
FEW = 5  # fewer prove nothing


def duplicates_inside(block: Taken) -> None:
    """Rows identical in every cell: a repetition where they carry a number, else perhaps two true lines."""
    frame, table = block.frame, block.table
    if table is None or not len(frame):
        return
    columns = [c for c in frame.columns if c not in ("_row", "source_row")]
    again = frame.duplicated(columns, keep="first").to_numpy()
    if again.any():
        _same_again(block, again, columns)
    if table.unique:
        _same_grain(block)


def _same_again(block: Taken, again: Mask, columns: list[str]) -> None:
    frame, table = block.frame, block.table
    assert table is not None
    numbers = [c for c in (*NUMBERED.get(table.name, ()), "order_line") if c in frame]
    known = again & (frame[numbers].notna().any(axis=1).to_numpy() if numbers else np.bool_(table.unique))
    if (again & ~known).any():
        block.issues.append(block.issue("identical_rows", words={"n": int((again & ~known).sum())}))
    if not known.any():
        return
    first = frame.groupby(columns, dropna=False, sort=False)["source_row"].transform("first")
    for row, other in zip(frame["source_row"][known], first[known], strict=True):
        block.issues.append(
            block.issue("exact_duplicate", row=int(row), cell=f"A{int(row)}", words={"other": int(other)})
        )
    block.drop(known, "quarantined", "exact_duplicate")


def _same_grain(block: Taken) -> None:
    """Two rows for one key: finer lines where an unknown column or a note parts them, else a contradiction."""
    frame, table = block.frame, block.table
    assert table is not None
    grain = [c for c in table.grain if c in frame]
    twice = frame.duplicated(grain, keep=False).to_numpy()
    if not twice.any() or table.name == "survey":
        return
    parted = ~frame.duplicated([*grain, *[c for c in ("extra", "note") if c in frame]], keep=False).to_numpy()
    if table.name == "budget" or (twice & parted).sum() == twice.sum():
        block.issues.append(block.issue("repeated_grain", words={"n": int(twice.sum())}))
        return
    place = block.u.sheet or block.u.file
    for row in frame["source_row"][twice].unique():
        block.issues.append(
            block.issue("conflict", row=int(row), cell=f"A{int(row)}", words={"other": place})
        )
    block.drop(twice, "quarantined", "conflict")


def duplicates_between(blocks: Sequence[Taken]) -> None:
    """Blocks of one table that overlap: a row that is there already is not counted again; one that differs is told."""
    by_table: dict[str, list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.frame):
            by_table.setdefault(block.table.name, []).append(block)
    for group in by_table.values():
        if len(group) > 1:
            _between(group)


def _between(group: list[Taken]) -> None:
    table = group[0].table
    assert table is not None
    columns = [c.name for c in table.columns]
    whole = pd.concat(
        [pd.DataFrame({"block": n, "place": np.arange(len(b.frame)), "said": content(b.frame, columns),
                       "key": content(b.frame, _key(table.name, table.grain)), "numbered": _numbered(b, table.name),
                       "month": b.frame["month"].to_numpy() if "month" in b.frame else np.datetime64("NaT")})
         for n, b in enumerate(group)], ignore_index=True,
    )  # fmt: skip
    first = whole.groupby("said")["block"].transform("first")
    again = first.to_numpy() != whole["block"].to_numpy()
    firm = whole["numbered"].to_numpy() | table.unique
    overlap = again & (firm | _overlapping(whole, again))
    _drop(group, whole, overlap, first.to_numpy(), "duplicate_elsewhere")
    _tell_alike(group, whole[again & ~overlap])
    left = whole[~overlap]
    left = left.assign(
        place=left.groupby("block").cumcount()
    )  # where each row stands, now that others are gone
    _contradictions(group, left[firm[~overlap]])


def _key(name: str, grain: Sequence[str]) -> Sequence[str]:
    return WITH.get(name, grain)


def _numbered(block: Taken, name: str) -> Mask:
    wanted = [c for c in NUMBERED.get(name, ()) if c in block.frame]
    if not wanted:
        return np.zeros(len(block.frame), dtype=bool)
    result: Mask = block.frame[wanted].notna().all(axis=1).to_numpy()
    return result


def _overlapping(whole: pd.DataFrame, again: Mask) -> Mask:
    """Rows found in an earlier block, where two blocks share most rows of a month of the smaller one, five at least."""
    sizes = whole.groupby(["block", "month"], dropna=False).size()
    shared = whole.assign(first=whole.groupby("said")["block"].transform("first"))[again]
    result = np.zeros(len(whole), dtype=bool)
    for (first, block, month), part in shared.groupby(["first", "block", "month"], dropna=False):
        smaller = min(int(sizes.get((b, month), len(part))) for b in (first, block))
        result[part.index.to_numpy()] = len(part) >= max(FEW, MUCH * smaller)
    return result


def _contradictions(group: list[Taken], whole: pd.DataFrame) -> None:
    """The same key with another value in another block: neither is taken."""
    blocks = whole.groupby("key")["block"].transform("nunique")
    wrong = whole[blocks > 1]
    if not len(wrong):
        return
    others = {k: sorted(set(g)) for k, g in wrong.groupby("key")["block"]}
    for n in sorted(set(wrong["block"])):
        part, block = wrong[wrong["block"] == n], group[n]
        mask = np.zeros(len(block.frame), dtype=bool)
        mask[part["place"].to_numpy()] = True
        for row, key in zip(
            block.frame["source_row"].to_numpy()[part["place"].to_numpy()], part["key"], strict=True
        ):
            other = next(group[o] for o in others[key] if o != n)
            block.issues.append(
                block.issue(
                    "conflict",
                    row=int(row),
                    cell=f"A{int(row)}",
                    words={"other": f"{other.u.file} {other.u.sheet}".strip()},
                )
            )
        block.drop(mask, "quarantined", "conflict")


def _tell_alike(group: list[Taken], alike: pd.DataFrame) -> None:
    """Lines without a number that another block has too, but too few to be an overlap: kept, and told."""
    for n in sorted(set(alike["block"])):
        words = {"n": int((alike["block"] == n).sum())}
        group[n].issues.append(group[n].issue("alike_elsewhere", words=words))


def _drop(group: list[Taken], whole: pd.DataFrame, which: Mask, first: Mask, reason: str) -> None:
    chosen = whole[which].assign(first=first[which])
    for n in sorted(set(chosen["block"])):
        part, block = chosen[chosen["block"] == n], group[n]
        mask = np.zeros(len(block.frame), dtype=bool)
        mask[part["place"].to_numpy()] = True
        for other in sorted(set(part["first"])):
            rows, source = part[part["first"] == other], group[other]
            at = block.frame["source_row"].to_numpy()[rows["place"].to_numpy()]
            place = f"{source.u.file} {source.u.sheet}".strip()
            block.issues.append(
                block.issue(
                    reason, row=int(at[0]), cell=f"A{int(at[0])}", words={"other": place, "n": len(at)}
                )
            )
        block.drop(mask, "quarantined", reason)
