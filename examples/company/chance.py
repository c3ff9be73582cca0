"""Chance that falls the same everywhere: only `Random.random`, whose sequence Python promises to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
SEED = "岚溪饮品/20261120"


class Dice:
    """One stream of chance for each purpose, so that a change in one workbook leaves the others alone."""

    def __init__(self, purpose: str) -> None:
        self._random = Random(f"{SEED}/{purpose}").random

    def chance(self, probability: float) -> bool:
        return self._random() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random()

    def noise(self, width: float) -> float:
        """A factor around 1, bell-shaped, never further off than `width`."""
        return 1 + width * (sum(self._random() for _ in range(4)) / 2 - 1)

    def whole(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        return items[int(self._random() * len(items))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, with a chance proportional to its weight."""
        mark = self._random() * sum(weights.values())
        for key, weight in weights.items():
            mark -= weight
            if mark < 0:
                return key
        return key
