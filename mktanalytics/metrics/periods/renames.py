"""Keys that change: a region reorganised, a brand renamed; what was one thing under two names is compared as one (methods 0.8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number
from mktanalytics.settings import Rename

JOINT = "+"  # 西南+西北: several keys of today that were one


@dataclass(frozen=True)
class KeyGroup:
    """Keys that are compared as one: what they were called, what they are called, and since when."""

    column: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    since: str

    @property
    def label(self) -> str:
        """The one name of today, or the names of today together."""
        return JOINT.join(self.now)

    @property
    def split(self) -> bool:
        """Is it several keys today? Then only their sum has a past."""
        return len(self.now) > 1


@checked
def key_groups(
    renames: Iterable[Rename], month: MonthLike, base: MonthLike, *, column: str = ""
) -> list[KeyGroup]:
    """The keys that changed their names between `base` and `month`, joined where one change follows another.

    Parameters
    ----------
    renames : as the settings hold them. month, base : the last month compared and the first one it is compared with.
    column : only keys of this column; all by default.

    Source
    ------
    methods 0.8: a mapping table with validity dates.

    Examples
    --------
    >>> west = Rename(column="region", was="西部", now=("西南", "西北"), since="2026-01", reason="大区调整")
    >>> [g.label for g in key_groups([west], "2026-10", "2025-10")], key_groups([west], "2025-10", "2024-10")
    (['西南+西北'], [])
    """
    first, last = month_number(base), month_number(month)
    told = [
        r for r in renames
        if (not column or r.column == column) and first < month_number(r.since) <= last
        and (not r.until or last <= month_number(r.until))
    ]  # fmt: skip
    groups: list[list[Rename]] = []
    for rename in sorted(told, key=lambda r: (r.since, r.was)):
        names = {rename.was, *rename.now}
        touched = [
            g for g in groups if g[0].column == rename.column and any(names & {r.was, *r.now} for r in g)
        ]
        groups = [g for g in groups if g not in touched] + [[*(r for g in touched for r in g), rename]]
    return [_group(g) for g in groups]


def _group(renames: Sequence[Rename]) -> KeyGroup:
    names = list(dict.fromkeys(n for r in renames for n in r.now))
    gone = {r.was for r in renames if r.was not in r.now}
    now = tuple(n for n in names if n not in gone)
    was = tuple(dict.fromkeys(r.was for r in renames if not any(r.was in other.now and other is not r for other in renames)))  # fmt: skip
    return KeyGroup(renames[0].column, was, now, max(r.since for r in renames))


@checked
def by_one_name(frame: pd.DataFrame, groups: Iterable[KeyGroup], *, splits: bool = False) -> pd.DataFrame:
    """The frame with each changed key under its name of today, in every month; a new frame where anything changed.

    Parameters
    ----------
    frame : any columns; those that a group speaks of are renamed where they are there.
    splits : also put keys that were divided together under their joint name.

    Returns
    -------
    DataFrame
        The same rows and columns; in targets and actuals it is the entity of that level that is renamed.

    Source
    ------
    methods 0.8.

    Examples
    --------
    >>> sales = pd.DataFrame({"brand": ["清泉", "清泉山泉"], "amount": [1.0, 2.0]})
    >>> group = KeyGroup("brand", ("清泉",), ("清泉山泉",), "2026-01")
    >>> by_one_name(sales, [group])["brand"].tolist()
    ['清泉山泉', '清泉山泉']
    """
    for group in groups:
        if group.split and not splits:
            continue
        names = dict.fromkeys((*group.was, *group.now), group.label)
        if group.column in frame:
            frame = _renamed(frame, group.column, frame[group.column].isin(list(names)), names)
        elif {"entity", "entity_level"} <= set(frame) and len(group.was) == 1:
            # the targets of two that became one stay apart: nobody has added them up
            level = frame["entity_level"] == _LEVELS.get(group.column, "")
            frame = _renamed(frame, "entity", level & frame["entity"].isin(list(names)), names)
    return frame


_LEVELS = {"region": "region", "salesperson": "person", "department": "department"}


def _renamed(frame: pd.DataFrame, column: str, held: pd.Series, names: dict[str, str]) -> pd.DataFrame:
    if not held.any():
        return frame
    return frame.assign(**{column: frame[column].where(~held, frame[column].map(names))})
