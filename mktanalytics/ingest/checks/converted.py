"""Sheets of a workbook that give the same rows in another currency: USD and RMB of the same months and countries."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from mktanalytics.ingest.checks.repeats import by_table
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.tidy import Records, alike, one_after_another

_FEWEST = 2  # rows with amounts: one ratio proves nothing
_SPREAD = 0.05  # rates of the months of a year stay as near to one another


def ignore_conversions(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook whose rows are alike but for the currency, at one rate, the first counts."""
    for group in by_table(blocks):
        if group[0].table is None or not {"amount", "currency"} <= set(group[0].table.names):
            continue
        for first, later in combinations(group, 2):
            free = first.trouble is None and later.trouble is None
            if free and first.u.file == later.u.file and _converted(first.records, later.records):
                place = first.u.sheet if first.u.sheet != later.u.sheet else first.u.block.range
                later.hold(Trouble("converted", {"other": place}, "ignored"))


def _converted(one: Records, other: Records) -> bool:
    """Whether both say the same of the same rows, each in one currency of its own, at a rate that hardly moves."""
    wanted = {"amount", "currency"}
    if len(one) != len(other) or len(one) < _FEWEST or not wanted <= set(one) or set(one) != set(other):
        return False
    currencies = [set(r.texts("currency").tolist()) for r in (one, other)]
    if any(len(c) != 1 for c in currencies) or currencies[0] == currencies[1]:
        return False
    keys = [c for c in one if c not in (*wanted, "price", "cost", "note", "extra")]
    both = alike(one_after_another([one, other]), keys)
    mine, its = both[: len(one)], both[len(one) :]
    if len(np.unique(mine)) < len(one) or not np.array_equal(np.sort(mine), np.sort(its)):
        return False
    amounts = one.figures("amount")[np.argsort(mine)], other.figures("amount")[np.argsort(its)]
    told = np.isfinite(amounts[0]) & np.isfinite(amounts[1]) & (amounts[0] != 0)
    rates = amounts[1][told] / amounts[0][told]
    return len(rates) >= _FEWEST and bool(rates.min() > 0 and rates.max() <= rates.min() * (1 + _SPREAD))
