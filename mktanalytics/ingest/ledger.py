"""The ledger: for each block, how many rows went in and what became of each, and the same for its amounts."""

from __future__ import annotations

import json
from collections import Counter

from mktanalytics.ingest.taking.taken import Taken

COLUMNS = {
    "file": "str", "sha256": "str", "sheet": "str", "range": "str", "table": "str", "header_rows": "str", "score": "float64",
    "rows_in": "int64", "rows_tidy": "int64", "rows_quarantined": "int64", "rows_ignored": "int64", "records": "int64",
    "reason": "str", "sums": "str", "nearest": "str", "missing": "str",
}  # fmt: skip


def ledger_row(taken: Taken, sha256: str) -> dict[str, object]:
    """One block's line."""
    u = taken.u
    counts: Counter[str] = Counter()
    for (fate, _), n in taken.fates.counts().items():
        counts[fate] += n
    match = u.match if u.table else None
    return {
        "file": u.file, "sha256": sha256, "sheet": u.sheet, "range": u.block.range, "table": u.table,
        "header_rows": ",".join(str(r + 1) for r in u.block.header), "score": min(match.score, 1.0) if match else 0.0,
        "rows_in": len(taken.fates), "rows_tidy": counts["tidy"], "rows_quarantined": counts["quarantined"],
        "rows_ignored": counts["ignored"], "records": len(taken.records), "reason": _reason(taken),
        "sums": json.dumps(sums_of(taken), ensure_ascii=False), **_nearest(taken),
    }  # fmt: skip


def _nearest(taken: Taken) -> dict[str, str]:
    """For a block that is none of the tables: which came closest, and the labels of what the block lacks of it."""
    if taken.u.table or not taken.u.matches:
        return {"nearest": "", "missing": "[]"}
    best = taken.u.matches[0]
    missing = [best.table.column(c).zh for c in best.missing]
    return {"nearest": best.table.name, "missing": json.dumps(missing, ensure_ascii=False)}


def whole_file_row(file: str, sha256: str, sheet: str, reason: str) -> dict[str, object]:
    """The line of a file or sheet that has no rows to count."""
    empty: dict[str, object] = {k: "" if v == "str" else 0 for k, v in COLUMNS.items()}
    return empty | {
        "file": file,
        "sha256": sha256,
        "sheet": sheet,
        "reason": reason,
        "sums": "{}",
        "missing": "[]",
    }


def _reason(taken: Taken) -> str:
    """Why the block was not taken; else why some of its rows were not, with their numbers."""
    if taken.trouble:
        return taken.trouble.code
    why: Counter[str] = Counter()
    for (fate, reason), n in taken.fates.counts().items():
        if fate != "tidy" and reason != "header":
            why[reason] += n
    return ", ".join(f"{reason} {n}" for reason, n in sorted(why.items()))


def sums_of(taken: Taken) -> dict[str, dict[str, float]]:
    """For each additive measure, its sum in the block, and in the tidy, quarantined and ignored rows."""
    return {name: {k: round(v, 6) for k, v in parts.items()} for name, parts in taken.balance().items()}
