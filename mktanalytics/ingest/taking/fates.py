"""What became of each row of a block, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.area import Block

Fate = tuple[str, str]  # tidy, quarantined or ignored; and the reason
TIDY: Fate = ("tidy", "")


class Fates(Mapping[int, Fate]):
    """Sheet row (0-based) → its fate; all rows are tidy until something else is found."""

    def __init__(self, rows: Iterable[int]) -> None:
        ordered = np.sort(np.fromiter(rows, dtype=np.int64), kind="stable")  # they come nearly in order
        self.rows: NDArray[np.int64] = ordered[np.diff(ordered, prepend=-1) > 0]
        self._codes = np.zeros(len(self.rows), dtype=np.int16)
        self._known: list[Fate] = [TIDY]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows.tolist())

    def __getitem__(self, row: int) -> Fate:
        place = int(np.searchsorted(self.rows, row))
        if place == len(self.rows) or self.rows[place] != row:
            raise KeyError(row)
        return self._known[int(self._codes[place])]

    def put(self, rows: Iterable[int] | NDArray[np.int64], fate: Fate) -> None:
        """These rows, of the block all of them, come to this."""
        places = np.searchsorted(self.rows, np.asarray(rows, dtype=np.int64))
        self._codes[places] = self._code(fate)

    def hold(self, fate: Fate) -> None:
        """Whatever is not ignored already comes to this."""
        ignored = np.array([kind == "ignored" for kind, _ in self._known], dtype=bool)
        self._codes[~ignored[self._codes]] = self._code(fate)

    def kind_of(self, rows: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """For each kind of fate, which of these rows came to it."""
        codes = self._codes[np.searchsorted(self.rows, rows)]
        known = [kind for kind, _ in self._known]
        return {k: np.array([k == kind for kind in known])[codes] for k in ("tidy", "quarantined", "ignored")}

    def counts(self) -> Counter[Fate]:
        """How many rows came to each fate."""
        numbers = np.bincount(self._codes, minlength=len(self._known)).tolist()
        return Counter({fate: n for fate, n in zip(self._known, numbers, strict=True) if n})

    def _code(self, fate: Fate) -> int:
        if fate not in self._known:
            self._known.append(fate)
        return self._known.index(fate)


def block_fates(block: Block) -> Fates:
    """Titles, headers and notes are ignored; data rows are tidy until something else is found."""
    outer = {
        "title": block.titles, "header": block.header, "note": block.notes, "repeated_header": block.repeated,
    }  # fmt: skip
    fates = Fates(chain(block.data, *outer.values()))
    for reason, rows in outer.items():
        fates.put(rows, ("ignored", reason))
    return fates
