"""Forced distribution of grades (强制分布): quotas that add up, ties decided by a named policy and logged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import on_edge
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import need_columns, need_known, need_numbers

SMALLEST_GROUP = 8  # methods 5.4: groups below five to eight are pooled or have no quota [choice]
TIES = ("up", "down", "key")


@checked
def quotas(shares: Mapping[str, float], n: int, *, at_most: Sequence[str] = ()) -> dict[str, int]:
    """How many of `n` people get each grade: largest remainder, so that the counts add to `n`.

    Parameters
    ----------
    shares : grade -> share (fraction), best first; they sum to 1.
    at_most : grades whose share is a ceiling ("不超过20%"): rounded down, and never given a remainder.

    Raises
    ------
    MetricError
        The shares don't sum to 1, or every grade is a ceiling and people are left over.

    Source
    ------
    Hamilton's largest remainder; methods 5.4. Equal remainders go to the better grade.

    Examples
    --------
    >>> quotas({"A": 0.2, "B": 0.7, "C": 0.1}, 13)
    {'A': 3, 'B': 9, 'C': 1}
    >>> quotas({"A": 0.2, "B": 0.7, "C": 0.1}, 13, at_most=["A"])
    {'A': 2, 'B': 9, 'C': 2}
    """
    if abs(math.fsum(shares.values()) - 1) > 1e-9 or any(s < 0 for s in shares.values()):
        raise MetricError(
            ("强制分布的比例之和不为 1", "shares of a forced distribution don't sum to 1"),
            found=str(dict(shares)),
        )
    exact = {g: s * n for g, s in shares.items()}
    counts = {g: math.floor(x + 1e-9) for g, x in exact.items()}
    open_grades = [g for g in shares if g not in at_most]
    if not open_grades and sum(counts.values()) < n:
        raise MetricError(
            ("每个等级都是上限，余下的人无处可归", "every grade is a ceiling: nobody may take the rest"),
            found=str(dict(shares)),
        )
    # rounded, so that 0.1 × 30 and 0.2 × 15 leave the same remainder
    order = sorted(open_grades, key=lambda g: (-round(exact[g] - counts[g], 9), list(shares).index(g)))
    left = n - sum(counts.values())
    for i in range(left):
        counts[order[i % len(order)]] += 1
    return counts


@checked
def forced_distribution(
    frame: pd.DataFrame,
    shares: Mapping[str, float],
    *,
    value: str = "value",
    key: Sequence[str],
    at_most: Sequence[str] = (),
    ties: str = "up",
    tolerance: float = 0.0,
    smallest: int = SMALLEST_GROUP,
) -> pd.DataFrame:
    """The grade of every member under quotas, with the quota, and a note wherever a tie was decided.

    Parameters
    ----------
    frame : columns `value` (score) and `key`, one row a member; a missing score gets no grade.
    shares : grade -> share, best first.
    ties : members within `tolerance` of each other on a cut all go up, all go down, or are split in the
        order of `key` (a tie-break KPI may lead it, as its negative).
    smallest : groups below this size get no quota: grades stay empty and the note says so.

    Returns
    -------
    DataFrame
        `frame` from best to worst with grade and note. All-up and all-down may leave quotas unfilled or
        overfilled; the note of each tied member tells it.

    Raises
    ------
    MetricError
        A column is missing, the shares don't sum to 1, or the tie policy is unknown.

    Source
    ------
    methods 5.4.

    Examples
    --------
    >>> people = pd.DataFrame({"entity": list("甲乙丙丁戊己庚辛壬癸"), "value": [99, 95, 95, 90, 88, 85, 82, 80, 70, 60]})
    >>> shares = {"A": 0.2, "B": 0.7, "C": 0.1}
    >>> "".join(forced_distribution(people, shares, key=["entity"], ties="up")["grade"])
    'AAABBBBBBC'
    >>> "".join(forced_distribution(people, shares, key=["entity"], ties="down")["grade"])
    'ABBBBBBBBC'
    """
    need_columns(frame, [value, *key], metric="forced_distribution")
    need_numbers(frame, [value], metric="forced_distribution")
    need_known(ties, TIES, ("同分规则", "tie policy"))
    out = frame.sort_values([value, *key], ascending=[False, *[True] * len(key)], ignore_index=True)
    scores = out[value].dropna().tolist()
    grades, notes = [""] * len(out), [""] * len(out)
    if len(scores) < smallest:
        text = say("too_few", len(scores), smallest)
        return out.assign(grade=pd.array(grades, dtype="str"), note=pd.array([text] * len(out), dtype="str"))
    counts = quotas(shares, len(scores), at_most=at_most)
    start = 0
    for name, count in counts.items():
        for i in range(start, start + count):
            grades[i] = name
        start += count
    _settle_ties(scores, list(shares), grades, notes, ties, tolerance)
    return out.assign(grade=pd.array(grades, dtype="str"), note=pd.array(notes, dtype="str"))


def _settle_ties(
    scores: list[float], order: list[str], grades: list[str], notes: list[str], ties: str, tolerance: float
) -> None:
    """Give the members of each tie that straddles a cut one grade, or note that their order decided."""
    start = 0
    for end in range(1, len(scores) + 1):
        if end < len(scores) and on_edge(scores[start], [scores[end] + tolerance]) <= scores[end] + tolerance:
            continue
        tied = range(start, end)
        held = {grades[i] for i in tied}
        if len(held) > 1:
            one = min(held, key=order.index) if ties == "up" else max(held, key=order.index)
            for i in tied:
                grades[i] = grades[i] if ties == "key" else one
                notes[i] = say(f"tie_{ties}", len(tied))
        start = end
