"""The list of defects: each a function that changes a draft, or says that it doesn't fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hostile.draft import Draft

Change = Callable[[Draft], bool]

# In this order defects are applied: what the table holds, its units, its rows, how cells look, how headers look,
# what nobody can know, keys left out, the sheet around it, the files.
DATA, UNITS, ROWS, CELLS, HEADERS, UNSURE, KEYS, SHEET, FILES = range(9)


@dataclass(frozen=True)
class Defect:
    """One defect; of a group only one is applied."""

    name: str
    stage: int
    group: str
    change: Change


DEFECTS: dict[str, Defect] = {}


def defect(stage: int, group: str = "") -> Callable[[Change], Change]:
    """Register a function under its own name."""

    def put(change: Change) -> Change:
        name = getattr(change, "__name__", "")
        DEFECTS[name] = Defect(name, stage, group or name, change)
        return change

    return put
