"""What spares a long sheet the slow way gives what the slow way gives."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import columns
from mktanalytics.ingest.matching.understood import last_digit
from mktanalytics.ingest.readers.cells import CellError, Range, Sheet
from mktanalytics.ingest.sheets import vocabulary
from mktanalytics.ingest.sheets.grid import TEXT, is_code, read_grid
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.sections import _marked
from mktanalytics.ingest.taking.totals import sums_up
from mktanalytics.ingest.values.values import parse_column
from mktanalytics.numbers import is_blank
from mktanalytics.settings import Settings
from mktanalytics.span_patterns import HINT, PATTERNS, Pattern
from mktanalytics.units import COUNTERS, CURRENCIES, SCALES

WORDS = vocabulary.vocabulary(Settings())
LATIN = sorted(
    {
        w
        for w in (*WORDS, *SCALES, *COUNTERS, *" ".join(CURRENCIES.values()).split())
        if re.fullmatch("[a-z]{1,9}", w)
    }
    | {
        "q",
        "h",
        "w",
        "wk",
        "week",
        "fy",
        "cy",
        "jan",
        "sept",
        "mon",
        "in",
        "unit",
        "note",
        "total",
        "average",
        "t",
    }
)
CODES = st.builds(
    "{}{}{}".format,
    st.sampled_from(LATIN) | st.from_regex("[A-Za-z]{1,8}", fullmatch=True),
    st.sampled_from(("", "2026", "202610", "20261005", "000")),
    st.from_regex("[0-9]{0,8}", fullmatch=True),
)


@given(CODES)
@settings(max_examples=500)
def test_a_code_is_nothing_that_a_header_or_a_total_is(text: str) -> None:
    if not is_code(text) or text.casefold() in WORDS:
        return
    assert not vocabulary.claims_on(text, WORDS)
    assert not any(vocabulary._facts(text, False))
    assert not vocabulary.is_note(text)
    assert not vocabulary.is_total(text)
    assert not sums_up(text)
    assert not _marked(text)
    assert not is_blank(text)


@pytest.mark.parametrize(
    "text",
    ["RMB100000", "USD250000.5", "2026100112345", "SO123", "金额202610", "SalesMay202610", "NOvA000000"],
)
def test_an_amount_or_a_period_is_no_code(text: str) -> None:
    assert not is_code(text)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda p: p.regex.pattern[-30:])
def test_every_spelling_of_a_span_passes_the_first_look(pattern: Pattern) -> None:
    @given(st.from_regex(pattern.regex, fullmatch=True))
    @settings(max_examples=20, deadline=None)
    def passes(text: str) -> None:
        assert HINT.search(text)

    passes()


def test_equal_values_of_different_types_stay_apart() -> None:
    """True == 1.0: by value alone one would be read as the other."""
    text = "".join(("a", "b")), "".join(("a", "b"))  # equal, not one object
    parsed = parse_column([True, 1.0, *text, None, CellError("#REF!")], columns.NOTE)
    assert parsed.values.tolist()[:4] == ["TRUE", "1", "ab", "ab"]
    assert [p.place for p in parsed.problems] == [5]


def test_a_sheet_becomes_arrays_cell_by_cell() -> None:
    grid = read_grid(Sheet("", 0, [["a", 1.0, None], [" ", "a", True]]))
    assert grid.cells.tolist() == [["a", 1.0, None], [" ", "a", True]]
    assert grid.texts[grid.text_ids[0, 0]] == "a" == grid.texts[grid.text_ids[1, 1]]
    assert grid.kinds[1, 0] != TEXT  # only spaces


MERGES = st.builds(
    lambda top, left, high, wide: Range(top, left, top + high, left + wide),
    *(st.integers(1, 6), st.integers(1, 3), st.integers(0, 2), st.integers(0, 2)),
)


@given(st.lists(MERGES, max_size=2), st.sets(st.integers(0, 5), min_size=1, max_size=2), st.integers(0, 2))
def test_a_column_is_seen_through_merges_as_each_of_its_cells_is(
    merges: list[Range], rows: set[int], column: int
) -> None:
    grid = read_grid(Sheet("", 0, [[f"{r}.{c}" for c in range(3)] for r in range(6)], tuple(merges)))
    wanted = sorted(rows)
    assert grid.values(wanted, column) == [grid.value(r, column) for r in wanted]
    found = column_cells(grid, np.array(wanted), column, merged=True)
    assert found.tolist() == grid.values(wanted, column)


FIGURES = st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-(10**9), 10**9, places=4).map(float)


@given(st.lists(FIGURES | st.integers(0, 999).map(lambda n: n / 100), min_size=1, max_size=9))
@settings(max_examples=500)
def test_the_last_digit_of_figures_is_that_of_their_spelling(figures: list[float]) -> None:
    spelt = [repr(f) for f in figures]
    most = max(len(s.partition(".")[2].removesuffix("0")) for s in spelt)
    expected = 0.0 if most > 6 or any("e" in s for s in spelt) else 10.0**-most
    cells = [*figures, "x", None, True]
    assert last_digit(cells, np.array([*figures, np.nan, np.nan, np.nan]), 1.0) == expected


@pytest.mark.parametrize(
    ("text", "value", "digit"),
    [
        ("32%", 0.32, 0.01),
        ("11,50万元", 115_000.0, 100.0),
        ("¥8", 8.0, 1.0),
        ("1,234.50", 1234.5, 0.01),
        ("4折", 0.4, 0.1),
    ],
)
def test_the_last_digit_of_a_text_is_what_it_counts(text: str, value: float, digit: float) -> None:
    assert last_digit([text, "-"], np.array([value, np.nan]), 1.0) == pytest.approx(digit)
