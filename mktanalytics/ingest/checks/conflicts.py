"""Sources that disagree: every side is kept as it stands, and none counts but the one that a person prefers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mktanalytics.ingest.checks.completing import complete, note_origin
from mktanalytics.ingest.private import quoted
from mktanalytics.ingest.taking.taken import Claim, Taken
from mktanalytics.ingest.values.parsed import as_written
from mktanalytics.ingest.values.texts import Mask, Texts
from mktanalytics.ingest.values.tidy import Numbers, Records, Values
from mktanalytics.schema import Column, Table


@dataclass(frozen=True)
class Side:
    """What one record says: its block, its place among the block's records, and each column as text ("" is missing)."""

    block: Taken
    place: int
    said: dict[str, str]

    @property
    def row(self) -> int:
        """Its row, as Excel counts."""
        return int(self.block.records.rows[self.place]) + 1

    @property
    def address(self) -> str:
        """File, sheet and first cell of its row."""
        return f"{self.block.u.file} {self.block.u.sheet}".strip() + f" A{self.row}"


class _Fate(NamedTuple):
    fate: str
    reason: str


HELD, OUTVOTED = _Fate("quarantined", "conflict"), _Fate("ignored", "outvoted")
REPEATED, JOINED = _Fate("quarantined", "duplicate_elsewhere"), _Fate("ignored", "joined")


def settle(group: Sequence[Taken], whole: Records, block: Numbers, key: Numbers, contested: Mask) -> None:
    """Settle each key that several records have: `block` says whose each record of `whole` is, in order."""
    table = group[0].table
    assert table is not None
    leaving: dict[int, dict[int, _Fate]] = defaultdict(dict)
    for sides in _contests(group, whole, block, key, contested):
        for side, fate in _settled(table, sides).items():
            leaving[group.index(sides[side].block)][sides[side].place] = fate
    for n, fates in leaving.items():
        _leave(group[n], fates)


def _contests(
    group: Sequence[Taken], whole: Records, block: Numbers, key: Numbers, contested: Mask
) -> Iterable[list[Side]]:
    places = np.concatenate([np.arange(n) for n in np.bincount(block, minlength=len(group))])
    index = np.flatnonzero(contested)
    said = {name: _as_texts(whole[name][index]) for name in whole}
    contests: dict[int, list[Side]] = defaultdict(list)
    for i, at in enumerate(index.tolist()):
        texts = {name: column[i] for name, column in said.items()}
        contests[int(key[at])].append(Side(group[block[at]], int(places[at]), texts))
    return contests.values()


def _as_texts(values: Values) -> list[str]:
    if isinstance(values, Texts):
        return [text or "" for text in values.tolist()]
    if values.dtype.kind == "M":
        return ["" if np.isnat(v) else str(v.astype("datetime64[D]")) for v in values]
    return ["" if np.isnan(v) else as_written(float(v)) for v in values]


def _settled(table: Table, sides: Sequence[Side]) -> dict[int, _Fate]:
    """Which sides leave the tidy rows, and why."""
    differing = [c for c in table.columns if len({s.said.get(c.name, "") for s in sides}) > 1]
    clash = [
        c for c in differing if c.kind != "text" and len({s.said.get(c.name, "") for s in sides} - {""}) > 1
    ]
    if not clash:
        fullest = max(range(len(sides)), key=lambda i: sum(map(bool, sides[i].said.values())))
        rest = [i for i in range(len(sides)) if i != fullest]
        if all(sides[fullest].said.get(c.name) for c in differing):
            return _repeated(sides, fullest, rest)
        if not table.additive:
            return _joined(sides, fullest, rest, differing)
    return _told(table, sides, clash or differing)


def _repeated(sides: Sequence[Side], kept: int, rest: Sequence[int]) -> dict[int, _Fate]:
    """The others say nothing that the fullest doesn't say as well."""
    for i in rest:
        words = {"other": sides[kept].address, "n": 1}
        _tell(sides[i], "duplicate_elsewhere", words)
    return dict.fromkeys(rest, REPEATED)


def _joined(
    sides: Sequence[Side], kept: int, rest: Sequence[int], differing: Sequence[Column]
) -> dict[int, _Fate]:
    """Nothing contradicts: what one source leaves out the other says (a target with its weight, and with its actual)."""
    for i in rest:
        own = [c.name for c in differing if sides[i].said.get(c.name) and not sides[kept].said.get(c.name)]
        to, source = (sides[kept].block, sides[kept].place), (sides[i].block.records, sides[i].place)
        complete(*to, *source, own)
        note_origin(*to, *source, f"{sides[i].address}: {', '.join(own)}")
        _tell(sides[i], "joined", {"other": sides[kept].address, "columns": "、".join(own)})
    return dict.fromkeys(rest, JOINED)


def _told(table: Table, sides: Sequence[Side], clash: Sequence[Column]) -> dict[int, _Fate]:
    """The side that counts, if one and only one is preferred; each side told of the next, and noted with its values."""
    preferred = [i for i, s in enumerate(sides) if s.block.u.preferred]
    winner = preferred[0] if len(preferred) == 1 else None
    key, among = _key(table, sides[0]), "、".join(s.address for s in sides)
    for i, side in enumerate(sides):
        other = sides[winner if winner not in (None, i) else (i + 1) % len(sides)]
        words = {"key": key, "other": other.address, "differences": _differences(side, other, clash)}
        if i != winner:
            _tell(side, (HELD if winner is None else OUTVOTED).reason, words)
        for c in clash:
            claim = (among, table.name, key, c.name, _shown(c, side), i == winner, *_source(side))
            side.block.claims.append(Claim(*claim))
    left = [i for i in range(len(sides)) if i != winner]
    return dict.fromkeys(left, HELD if winner is None else OUTVOTED)


def _source(side: Side) -> tuple[str, str, int]:
    return side.block.u.file, side.block.u.sheet, side.row


def _key(table: Table, side: Side) -> str:
    """What the record is of; that a month is a month goes without saying."""
    columns = [table.column(n) for n in table.grain if side.said.get(n)]
    return "、".join(
        f"{c.zh} {_shown(c, side)}" for c in columns if (c.name, side.said[c.name]) != ("period", "month")
    )


def _shown(column: Column, side: Side) -> str:
    return quoted(side.said.get(column.name, ""), column)


def _differences(side: Side, other: Side, clash: Sequence[Column]) -> str:
    parts = [f"{c.zh} {_shown(c, side) or '—'} / {_shown(c, other) or '—'}" for c in clash]
    return "；".join(parts[:3]) + ("；…" if len(parts) > 3 else "")


def _tell(side: Side, code: str, words: Mapping[str, object]) -> None:
    told = side.block.issue(code, row=side.row, cell=f"A{side.row}", words=words)
    side.block.issues.append(told)


def _leave(block: Taken, fates: dict[int, _Fate]) -> None:
    """Take the records out, those of one fate together."""
    numbers = np.full(len(block.records), -1)
    known = list(dict.fromkeys(fates.values()))
    for place, fate in fates.items():
        numbers[place] = known.index(fate)
    for n, fate in enumerate(known):
        mask = numbers == n
        numbers = numbers[~mask]
        block.drop(mask, *fate)
