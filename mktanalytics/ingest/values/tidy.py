"""Tidy records as plain arrays, a column each: cheap for sixty rows and for a million."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.values.texts import Mask, Texts, chained, everywhere

# text; figures (NaN is missing); or days and months (NaT is missing)
Values: TypeAlias = Texts | NDArray[np.float64] | NDArray[np.datetime64]
Numbers = NDArray[np.int64]
_FULL = 1 << 62  # numbers of records are numbered anew before they outgrow 63 bits


@dataclass(frozen=True)
class Records:
    """Records, and the row that each comes from."""

    rows: NDArray[np.int64]
    columns: Mapping[str, Values]

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Values:
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def where(self, index: NDArray[Any]) -> Records:
        """These records, by mask or place."""
        return Records(self.rows[index], {name: values[index] for name, values in self.columns.items()})

    def having(self, **columns: Values) -> Records:
        """The records with these columns added, or in the place of others."""
        return replace(self, columns={**self.columns, **columns})

    def figures(self, name: str) -> NDArray[np.float64]:
        """A column of figures."""
        values = self.columns[name]
        assert not isinstance(values, Texts)
        return values.astype(np.float64, copy=False)

    def days(self, name: str) -> NDArray[np.datetime64]:
        """A column of days or months."""
        values = self.columns[name]
        assert not isinstance(values, Texts)
        return values.astype("datetime64[us]", copy=False)

    def texts(self, name: str) -> Texts:
        """A column of text."""
        values = self.columns[name]
        assert isinstance(values, Texts)
        return values

    def missing(self, name: str) -> Mask:
        """Which records have nothing in a column."""
        return missing(self.columns[name])

    def all_missing(self, names: Sequence[str]) -> Mask:
        """Which records have nothing in any of the columns."""
        return all_of([self.missing(name) for name in names], len(self))


def all_of(masks: Sequence[Mask], n: int) -> Mask:
    """Where each of the masks of length `n` is true."""
    result = np.ones(n, dtype=bool)
    for mask in masks:
        result &= mask
    return result


NONE = Records(np.array([], dtype=np.int64), {})


def missing(values: Values) -> Mask:
    """Where a column says nothing."""
    if isinstance(values, Texts):
        return values.missing
    mask: Mask = np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)
    return mask


def one_after_another(parts: Sequence[Records]) -> Records:
    """All records, with every column that any of the parts has."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part.columns)
    rows = np.concatenate([part.rows for part in parts]) if parts else NONE.rows
    return Records(rows, {name: _column(parts, name) for name in names})


def _column(parts: Sequence[Records], name: str) -> Values:
    like = next(part[name] for part in parts if name in part)
    return end_to_end([part[name] if name in part else _nothing(like, len(part)) for part in parts])


def end_to_end(parts: Sequence[Values]) -> Values:
    """One column of several of one kind."""
    if isinstance(parts[0], Texts):
        return chained([values for values in parts if isinstance(values, Texts)])
    return np.concatenate([values for values in parts if not isinstance(values, Texts)])


def _nothing(like: Values, n: int) -> Values:
    if isinstance(like, Texts):
        return everywhere(None, n)
    if like.dtype.kind == "M":
        return np.full(n, np.datetime64("NaT", "us"))
    return np.full(n, np.nan)


def alike(records: Records, names: Sequence[str]) -> Numbers:
    """For each record a number: the same for those, and only those, that say the same in every one of these columns."""
    numbers, count = np.zeros(len(records), dtype=np.int64), 1
    for name in names:
        codes, more = _numbered(records[name])
        if count * more >= _FULL:
            numbers, count = _renumbered(numbers)
        numbers, count = numbers * more + codes, count * more
    return _renumbered(numbers)[0]


def _numbered(values: Values) -> tuple[Numbers, int]:
    if isinstance(values, Texts):
        return values.codes.astype(np.int64) + 1, len(values.distinct) + 1
    whole = values.view(np.int64) if values.dtype.kind == "M" else values
    return _renumbered(whole)


def _renumbered(values: NDArray[Any]) -> tuple[Numbers, int]:
    distinct, numbers = np.unique(values, return_inverse=True)
    return numbers.astype(np.int64, copy=False), max(len(distinct), 1)


def firsts(numbers: Numbers) -> Numbers:
    """For each record the place of the first with its number."""
    first = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
    first[numbers[::-1]] = np.arange(len(numbers))[::-1]  # of several the last to be written stays
    return first[numbers]


def again(numbers: Numbers) -> Mask:
    """Which records say what one before them says."""
    mask: Mask = firsts(numbers) != np.arange(len(numbers))
    return mask


def twice(numbers: Numbers) -> Mask:
    """Which records are not the only one of their number."""
    mask: Mask = np.bincount(numbers)[numbers] > 1
    return mask
