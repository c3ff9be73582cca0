"""Interviews under one number: serial numbers that begin again are made distinct, any other repetition is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Texts, texts

Answers = frozenset[tuple[str, str]]  # of one interview: question, answer
MOST = 0.5  # of the numbers on two sheets with other answers: not the same people


def part_respondents(blocks: Sequence[Taken]) -> None:
    """Give every interview of a file a respondent of its own, where the numbers show that they began again."""
    asked = [b for b in blocks if _is_survey(b)]
    for block in asked:
        _inside(block)
    asked = [b for b in asked if b.trouble is None and len(b.records)]
    _between(asked)


def _is_survey(block: Taken) -> bool:
    match = block.u.match
    wide = match is not None and match.over == "question" and "survey" not in match.mapped
    return block.table is not None and block.table.name == "survey" and wide and bool(len(block.records))


def _numbers(block: Taken) -> dict[int, str]:
    """Sheet row → the number of its respondent."""
    ids = block.records.texts("respondent").tolist()
    return {row: one for row, one in zip(block.records.rows.tolist(), ids, strict=True) if one is not None}


def _interviews(block: Taken) -> dict[int, Answers]:
    """Sheet row → what was answered there."""
    questions, given = (block.records.texts(c).tolist() for c in ("question", "answer"))
    found: dict[int, set[tuple[str, str]]] = {}
    for row, question, answer in zip(block.records.rows.tolist(), questions, given, strict=True):
        found.setdefault(row, set()).add((question or "", answer or ""))
    return {row: frozenset(said) for row, said in found.items()}


# ---- on one sheet


def _inside(block: Taken) -> None:
    numbers, said = _numbers(block), _interviews(block)
    rows: dict[str, list[int]] = {}
    for row, number in sorted(numbers.items()):
        rows.setdefault(number, []).append(row)
    unlike = {r for same in rows.values() if len({said[r] for r in same}) > 1 for r in same}
    if not unlike:
        return
    batches = _batches([numbers[r] for r in sorted(numbers)])
    if batches:
        _rename(block, dict(zip(sorted(numbers), batches, strict=True)))
    else:
        _hold(block, sorted(unlike))


def _batches(numbers: Sequence[str]) -> list[str]:
    """1-1 1-2 2-1 2-2 of 1 2 1 2; nothing where the numbers are no series that each begin with 1."""
    found: list[str] = []
    batch, last = 0, -1
    for number in numbers:
        if not number.isascii() or not number.isdigit():
            return []
        if int(number) == 1:
            batch, last = batch + 1, 0
        if int(number) != last + 1:
            return []
        last = int(number)
        found.append(f"{batch}-{number}")
    return found


# ---- on several sheets


def _between(blocks: Sequence[Taken]) -> None:
    """Sheets that ask the same: of another series each, or of the same people twice."""
    people = {id(b): _by_respondent(b) for b in blocks}
    again: dict[int, Taken] = {}
    for one, other in combinations(blocks, 2):
        mine, its = people[id(one)], people[id(other)]
        both = sorted(mine.keys() & its.keys())
        unlike = [n for n in both if _contradict(mine[n], its[n])]
        if not unlike:
            continue
        if len(unlike) > MOST * len(both) and _is_series(one) and _is_series(other):
            again |= {id(one): one, id(other): other}
        else:
            for block in (one, other):
                _hold(block, sorted(r for r, n in _numbers(block).items() if n in set(unlike)))
    for place, block in enumerate(blocks, 1):
        if id(block) in again:
            _rename(block, {row: f"{place}-{n}" for row, n in _numbers(block).items()})


def _by_respondent(block: Taken) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = {}
    numbers = _numbers(block)
    for row, said in _interviews(block).items():
        for question, answer in said:
            found.setdefault(numbers.get(row, ""), {}).setdefault(question, set()).add(answer)
    return found


def _contradict(one: Mapping[str, set[str]], other: Mapping[str, set[str]]) -> bool:
    return any(one[question] != other[question] for question in one.keys() & other.keys())


def _is_series(block: Taken) -> bool:
    """Whether the numbers are 1, 2, 3 … in the order of the rows."""
    numbers = _numbers(block)
    return bool(_batches([numbers[r] for r in sorted(numbers)]))


# ---- what becomes of them


def _rename(block: Taken, names: Mapping[int, str]) -> None:
    ids = [names.get(row) for row in block.records.rows.tolist()]
    renamed: Texts = texts(ids)
    block.records = block.records.having(respondent=renamed)
    words = {"n": len(names)}
    block.issues.append(block.issue("respondents_restart", column="respondent", words=words))


def _hold(block: Taken, rows: Sequence[int]) -> None:
    for row in rows:
        told = block.issue("respondent_twice", row=row + 1, cell=f"A{row + 1}", column="respondent")
        block.issues.append(told)
    block.drop(np.isin(block.records.rows, rows), "quarantined", "respondent_twice")
