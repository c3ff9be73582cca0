"""Columns torn from their table by an empty one: 报销金额 again to the right of a gap, with nothing that says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mktanalytics.ingest.matching.understood import Trouble, Understood


def hold_torn(found: Sequence[Understood]) -> list[Understood]:
    """Blocks as they are, but those held beside which stands, on the same rows, a measure of theirs once more."""
    return [_held(u, found) for u in found]


def _held(u: Understood, found: Sequence[Understood]) -> Understood:
    if u.trouble is not None:
        return u
    beside = (o for o in found if o is not u and o.block.header == u.block.header)
    torn = next((name for o in beside if (name := _measured_twice(u, o))), "")
    return replace(u, trouble=Trouble("torn", {"header": torn})) if torn else u


def _measured_twice(u: Understood, other: Understood) -> str:
    """The header of a measure that both hold, where the other is no table by itself; else ""."""
    if other.trouble is None or other.trouble.code != "missing_columns" or not other.matches:
        return ""
    match, rest = u.matches[0], other.matches[0]
    if rest.table.name != match.table.name:
        return ""
    both = {*match.mapped} & {*rest.mapped}
    twice = [c.name for c in match.table.columns if c.is_number and c.name in both]
    return other.header_of(rest.mapped[twice[0]]) if twice else ""
