"""A corrected file replaces the one it corrects, where name, table and period say so; and says what it replaced."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import alike, one_after_another
from mktanalytics.schema import EXTRA, SOURCE

_TIMES = ("date", "month", "period")
NUMBERS = {"sales": "order_id", "spend": "voucher", "survey": "respondent"}  # by which a line is known again
_OF_FILE = "survey"  # named after its file where the sheet gives no name

# (更正版), _修订, 终稿v2, -final, v3: what people add to a name when they send a file again
_MARK = re.compile(
    r"[\s_\-—.（(【\[]*(?P<word>更正|修订|修正|改正|修改|更新|终稿|定稿|最终|重发|final|revised|rev(?=[\s_.\d)]|$)|corrected|v(?=\d))"
    r"[版稿件后]*\s*v?(?P<number>\d{0,3})\s*[版稿]?[）)】\]]*",
    re.IGNORECASE,
)


def base_and_rank(file: str) -> tuple[str, int]:
    """The name without its marks, and how late the version is: 0 unmarked, then v1, v2 …, then 更正 and 终稿."""
    path = PurePosixPath(file)
    rank, stem = 0, path.stem
    for mark in _MARK.finditer(stem):
        number = int(mark["number"] or 0)
        rank += number if mark["word"].casefold() == "v" else 1000 + number
    return f"{path.parent}/{_MARK.sub('', stem).strip(' _-')}".casefold(), rank


def replace_corrected(blocks: Sequence[Taken]) -> None:
    """Rows of a file whose months a later version of it covers are ignored in favour of that version."""
    versions: dict[tuple[str, str], list[Taken]] = defaultdict(list)
    for block in blocks:
        if block.table is not None and (len(block.records) or block.trouble):
            versions[base_and_rank(block.u.file)[0], block.table.name].append(block)
    for group in versions.values():
        ranks = {b.u.file: base_and_rank(b.u.file)[1] for b in group}
        newest = max(ranks, key=lambda f: (ranks[f], f))
        old = [b for b in group if ranks[b.u.file] < ranks[newest] and len(b.records)]
        new = [b for b in group if b.u.file == newest]
        _hold_where_corrected(old, [b for b in new if b.trouble and b.trouble.fate == "quarantined"])
        if good := [b for b in new if len(b.records)]:
            _replace(old, good, newest)


def _hold_where_corrected(old: Sequence[Taken], held: Sequence[Taken]) -> None:
    """Where the correction of a sheet is held back, what it corrects is known to be wrong, and doesn't stand in for it."""
    for block in old:
        other = next((h for h in held if h.u.sheet == block.u.sheet), None)
        if other is not None:
            block.hold(Trouble("correction_held", {"other": other.u.file}))


def _replace(old: Sequence[Taken], new: Sequence[Taken], newest: str) -> None:
    months = [b.records.days("month") for b in new if "month" in b.records]
    covering = np.concatenate([*months, np.array([], dtype="datetime64[us]")])
    for block in (b for b in old if len(b.records)):
        covered = np.ones(len(block.records), dtype=bool)
        if "month" in block.records:
            covered = np.isin(block.records.days("month"), covering) & ~block.records.missing("month")
            covered |= _moved(block, new)
        if not covered.any():
            continue
        block.drop(covered, "ignored", "replaced_by")
        block.issues.append(block.issue("replaced_by", words={"other": newest, "n": int(covered.sum())}))
        new[0].issues.append(new[0].issue("replaces", words={"other": block.u.file}))


def _moved(block: Taken, new: Sequence[Taken]) -> Mask:
    """Lines that the correction has too, number and all, with another date."""
    number = NUMBERS.get(block.table.name if block.table else "", "")
    if number not in block.records:
        return np.zeros(len(block.records), dtype=bool)
    whole = one_after_another([block.records, *(b.records for b in new)])
    said = alike(whole, [c for c in whole if c not in (*_TIMES, *SOURCE, EXTRA, _OF_FILE)])
    n = len(block.records)
    found: Mask = np.isin(said[:n], said[n:]) & ~block.records.missing(number)
    return found
