"""Where and in what order a table stands, and in what container, changes nothing but addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pandas as pd
import pytest
from hostile import layouts
from hostile.around import moved, notes_below
from hostile.compose import Case, compose
from hostile.draft import Draft, Line
from hostile.judge import run
from hostile.rows import spacer_columns
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mktanalytics.tables import table

SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=20, deadline=None, derandomize=True)
Change = Callable[[Draft, Random], object]


def draft(seed: int) -> Draft:
    """A table without a defect, titled, so that what it is doesn't depend on the names of sheet and file."""
    rng = Random(seed)
    d = layouts.draft(rng, rng.choice(layouts.TABLES), rng.choice(("zh", "en")))
    d.plan["title"] = "plain"
    return d


def content(case: Case) -> Counter[tuple[str, ...]]:
    """What the tidy rows say, wherever they stand."""
    _, cleaned = run(case)
    return Counter(
        (name, *("" if pd.isna(v) else str(v) for v in row))
        for name, frame in cleaned.tables.items()
        for row in frame[[c for c in table(name).names if c != "survey"]].itertuples(index=False)
    )


def same_after(seed: int, change: Change) -> None:
    """The table as it is and as changed say the same, and something."""
    before, after = draft(seed), draft(seed)
    if change(after, Random(seed + 1)) is False:
        assume(False)
    one = content(compose(before, seed))
    assert one, before.table
    assert one == content(compose(after, seed))


@FEW
@given(SEEDS)
def test_row_order(seed: int) -> None:
    same_after(seed, lambda d, rng: rng.shuffle(d.lines))


@FEW
@given(SEEDS)
def test_column_order(seed: int) -> None:
    def change(d: Draft, rng: Random) -> None:
        movable = [i for i, c in enumerate(d.columns) if c.role != "wide" or not d.wide]
        order = rng.sample(movable, len(movable)) + [i for i in range(len(d.columns)) if i not in movable]
        d.columns = [d.columns[i] for i in order]
        for line in d.lines:
            line.cells = [line.cells[i] for i in order]

    same_after(seed, change)


@FEW
@given(SEEDS)
def test_blank_rows(seed: int) -> None:
    def change(d: Draft, rng: Random) -> None:
        for _ in range(3):
            d.lines.insert(rng.randint(1, len(d.lines) - 1), Line([None] * len(d.columns), kind="blank"))

    same_after(seed, change)


@FEW
@given(SEEDS)
def test_blank_columns(seed: int) -> None:
    same_after(seed, lambda d, rng: spacer_columns(d))


@FEW
@given(SEEDS)
def test_an_extra_title(seed: int) -> None:
    same_after(seed, lambda d, rng: d.plan.update(meta=["内部资料" if d.zh else "Internal"], title_gap=1))


@FEW
@given(SEEDS)
def test_a_moved_table(seed: int) -> None:
    same_after(seed, lambda d, rng: moved(d))


@FEW
@given(SEEDS)
def test_notes_below(seed: int) -> None:
    same_after(seed, lambda d, rng: notes_below(d))


@FEW
@given(SEEDS, st.sampled_from(["Tabelle1", "资料", "最终", "Data (2)"]))
def test_a_renamed_sheet(seed: int, name: str) -> None:
    case, renamed = compose(draft(seed), seed), compose(draft(seed), seed)
    (page,) = renamed.books[0].pages
    assume(page.name == "Sheet1")
    page.name = name
    assert content(case) == content(renamed)


@pytest.mark.parametrize(
    "container", ["xls", "ods", "html", "csv:utf-8", "csv:gb18030", "tab:utf-16", "semicolon:utf-8-sig"]
)
def test_another_container(container: str) -> None:
    """Text files have neither merges nor types: dates and numbers are told by how they look."""
    for seed in range(20):
        d, other = draft(seed), draft(seed)
        other.plan["container"] = container
        one, two = content(compose(d, seed)), content(compose(other, seed))
        assert one and one == two, (seed, d.table, d.layout)
