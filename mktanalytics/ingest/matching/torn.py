"""Columns torn from their table by an empty one: 报销金额 again to the right of a gap, with nothing that says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.numbers import key


def hold_torn(found: Sequence[Understood]) -> list[Understood]:
    """Blocks as they are, but those held beside which stands, on the same rows, a measure of theirs once more, or their other half."""
    return [_held(u, found) for u in found]


def _held(u: Understood, found: Sequence[Understood]) -> Understood:
    if u.trouble is not None:
        return replace(u, layouts=()) if u.layouts and any(_touches(u, o) for o in found) else u
    beside = [o for o in found if o is not u and o.block.header == u.block.header]
    torn = next((name for o in beside if (name := _measured_twice(u, o))), "")
    if torn:
        return replace(u, trouble=Trouble("torn", {"header": torn}))
    half = next((o for o in beside if _is_other_half(u, o)), None)
    return replace(u, trouble=Trouble("halved", {"range": half.block.range})) if half else u


def _touches(u: Understood, other: Understood) -> bool:
    """Whether rows without a header stand right above or below a block, as wide as it: no block to be laid out without them."""
    mine, its = u.block.area, other.block.area
    if other is u or other.block.header or (its.left, its.right) != (mine.left, mine.right):
        return False
    return bool(other.block.data) and (its.bottom == mine.top or its.top == mine.bottom)


def _is_other_half(u: Understood, other: Understood) -> bool:
    """Whether a block that can't stand alone goes on row by row where this one ends, with other columns of its table."""
    if other.trouble is None or other.trouble.code not in ("missing_columns", "no_period"):
        return False
    if not u.matches or not other.matches or u.matches[0].table.name != other.matches[0].table.name:
        return False
    mine, its = {*u.matches[0].mapped}, {*other.matches[0].mapped}
    return u.block.data == other.block.data and not mine & its


def _measured_twice(u: Understood, other: Understood) -> str:
    """The header of a measure that both hold, where the other is no table by itself; else ""."""
    if other.trouble is not None and other.trouble.code == "no_table":
        return _headed_twice(u, other)
    if other.trouble is None or other.trouble.code != "missing_columns" or not other.matches:
        return ""
    match, rest = u.matches[0], other.matches[0]
    if rest.table.name != match.table.name:
        return ""
    both = {*match.mapped} & {*rest.mapped}
    twice = [c.name for c in match.table.columns if c.is_number and c.name in both]
    return other.header_of(rest.mapped[twice[0]]) if twice else ""


def _headed_twice(u: Understood, other: Understood) -> str:
    """The header of a measure that stands over the same rows again, among what is no table by itself; else ""."""
    if u.match is None or other.block.data != u.block.data:
        return ""
    again = {key(h.written) for h in other.headings}
    measures = (c.name for c in u.match.table.columns if c.is_number and c.name in u.match.mapped)
    headers = (u.header_of(u.match.mapped[name]) for name in measures)
    return next((h for h in headers if key(h) in again), "")
