"""Categories that no column holds and the header of the figures says: 调整金额 is an adjustment, 合同金额 is committed."""

from __future__ import annotations

import re

from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.values.texts import Texts, everywhere
from mktanalytics.numbers import key
from mktanalytics.schema import Column

SHORTEST, AROUND = 2, 3  # letters of a spelling that is heard in a header, and in a title


def implied(work: Work) -> dict[str, Texts]:
    """For each such category the value that holds for every row; told."""
    headers = [
        work.u.headings[f.position].label
        for f in work.figures
        if f.column.name in work.table.required and f.role != "total"
    ]
    around = (*work.u.context.titles, work.u.sheet, work.u.file)
    found: dict[str, Texts] = {}
    for column in _unsaid(work):
        said, place = _heard(column, headers, SHORTEST), ("表头", "header")
        if not said:
            said, place = _heard(column, around, AROUND), ("标题或名称", "title or name")
        if len(said) == 1 and said[0] != work.table.defaults[column.name]:
            found[column.name] = everywhere(said[0], len(work.rows))
            words = {"zh": place[0], "en": place[1]}
            work.taken.issues.append(
                work.taken.issue("said_name", column=column.name, value=said[0], words=words)
            )
    return found


def _unsaid(work: Work) -> list[Column]:
    """Categories of the key that have a default, and no heading that is or may be theirs."""
    heads = {x for r in work.match.roles for x in (r.column, r.also, r.near)}
    names = [n for n in work.table.grain if n in work.table.defaults and n != "period" and n not in heads]
    return [c for c in map(work.table.column, names) if c.allowed]


def _heard(column: Column, texts: list[str] | tuple[str, ...], shortest: int) -> list[str]:
    """The stored values one of whose spellings stands in one of the texts."""
    plain = [key(t) for t in texts]
    return [
        stored
        for stored, spellings in column.allowed.items()
        if any(len(s) >= shortest and _says(key(s), text) for s in spellings for text in plain)
    ]


def _says(word: str, text: str) -> bool:
    """Whether a text says the word of itself: 调整后预算 is the budget, not what was adjusted."""
    return re.search(rf"{re.escape(word)}(?![前后])", text) is not None
