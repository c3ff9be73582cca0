"""A column of text as numbers: each distinct text held once, and for each record which of them it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Texts:
    """`codes` are places in `distinct`, -1 where the text is missing."""

    codes: NDArray[np.int32]
    distinct: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: NDArray[np.generic]) -> Texts:
        return Texts(self.codes[index], self.distinct)

    @property
    def missing(self) -> Mask:
        """Which records have none."""
        mask: Mask = self.codes < 0
        return mask

    def tolist(self) -> list[str | None]:
        """The texts, None where missing."""
        known = (*self.distinct, None)
        return [known[code] for code in self.codes.tolist()]

    def those(self, wanted: Callable[[str], bool]) -> Mask:
        """Which records have a text that is `wanted`; each distinct text is asked once."""
        flags = np.array([*map(wanted, self.distinct), False], dtype=bool)
        mask: Mask = flags[self.codes]
        return mask

    def changed(self, change: Callable[[str], str]) -> Texts:
        """Each distinct text as `change` has it."""
        return _spread([*map(change, self.distinct)], self.codes)

    def blank(self, mask: Mask) -> Texts:
        """Missing where `mask` is true."""
        return Texts(np.where(mask, np.int32(-1), self.codes), self.distinct)

    def filled(self, other: Texts) -> Texts:
        """Where missing, what `other` says."""
        both = chained((self, other))
        mine, its = both.codes[: len(self)], both.codes[len(self) :]
        return Texts(np.where(mine < 0, its, mine), both.distinct)


def numbered(values: Sequence[T]) -> tuple[NDArray[np.int32], list[T]]:
    """For each value the number of it among the distinct ones, and these, in the order they come."""
    numbers: defaultdict[T, int] = defaultdict(count().__next__)
    return np.fromiter(map(numbers.__getitem__, values), np.int32, len(values)), list(numbers)


def texts(values: Iterable[str | None]) -> Texts:
    """A column of these texts."""
    codes, distinct = numbered([None, *values])
    return Texts(codes[1:] - np.int32(1), tuple(cast(list[str], distinct[1:])))


def everywhere(text: str | None, n: int) -> Texts:
    """`n` times the same text."""
    return Texts(np.full(n, -1 if text is None else 0, dtype=np.int32), () if text is None else (text,))


def first_said(columns: Sequence[Texts | None], n: int) -> Texts:
    """For each of `n` records the first of the columns that says anything; missing where none does."""
    held = everywhere(None, n)
    for column in columns:
        if column is not None:
            held = held.filled(column.blank(column.those(lambda text: not text)))
    return held


def chained(parts: Sequence[Texts]) -> Texts:
    """One column after the other."""
    return _spread(
        [text for part in parts for text in part.distinct],
        np.concatenate([_shifted(part.codes, n) for part, n in zip(parts, _starts(parts), strict=True)]),
    )


def _spread(found: Sequence[str], codes: NDArray[np.int32]) -> Texts:
    """The column of `found[code]`, where `found` may say the same twice."""
    column = texts(found)
    if len(column.distinct) == len(found):
        return Texts(codes, column.distinct)
    return Texts(np.append(column.codes, np.int32(-1))[codes], column.distinct)


def _starts(parts: Sequence[Texts]) -> list[int]:
    starts: list[int] = np.cumsum([0, *(len(part.distinct) for part in parts)])[:-1].tolist()
    return starts


def _shifted(codes: NDArray[np.int32], by: int) -> NDArray[np.int32]:
    return np.where(codes < 0, codes, codes + np.int32(by)) if by else codes
