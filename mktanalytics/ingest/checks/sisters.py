"""Blocks of one file under the same headers that were read as different tables: the one that less speaks for is held."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.matching.lacking import named
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.numbers import key


def hold_unlike_sisters(blocks: Sequence[Taken]) -> None:
    """A sheet "View" with the headers of "Market panel" isn't sales because its own name says nothing."""
    sisters: dict[tuple[str, tuple[str, ...]], list[Taken]] = {}
    for block in blocks:
        if block.table is not None and block.trouble is None:
            headers = tuple(key(h.written) for h in block.u.headings)
            sisters.setdefault((block.u.file, headers), []).append(block)
    for alike in sisters.values():
        called = max(alike, key=_spoken)
        for block in alike:
            if block.table is not called.table and _spoken(block) < _spoken(called):
                block.hold(_either(block, called))


def _spoken(block: Taken) -> int:
    """How loudly the words around a block speak for its table."""
    return len("".join(block.u.match.words)) if block.u.match else 0


def _either(block: Taken, called: Taken) -> Trouble:
    assert block.table is not None
    assert called.table is not None
    scores = " / ".join(f"{b.u.match.score:.2f}" for b in (block, called) if b.u.match)
    return Trouble(
        "ambiguous", {"first": named(block.table), "second": named(called.table), "scores": scores}
    )
