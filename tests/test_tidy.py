"""Records as arrays say what the same records as lists say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics.ingest.taking.fates import TIDY, Fates
from mktanalytics.ingest.values.texts import Texts, chained, everywhere, texts
from mktanalytics.ingest.values.tidy import Records, again, alike, firsts, missing, one_after_another, twice

WORDS = st.lists(st.sampled_from(["华东", "华南", "", "a"]) | st.none(), max_size=12)
NUMBERS = st.sampled_from([0.0, -0.0, 1.0, float("nan")])
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), NUMBERS, st.sampled_from([None, 3, 4])), max_size=15
)


def records(rows: list[tuple[str | None, float, int | None]]) -> Records:
    days = np.array(
        [None if d is None else np.datetime64(d, "D") for _, _, d in rows], dtype="datetime64[us]"
    )
    return Records(
        np.arange(len(rows)),
        {"word": texts(w for w, _, _ in rows), "figure": np.array([f for _, f, _ in rows]), "day": days},
    )


def said(row: tuple[str | None, float, int | None]) -> tuple[object, ...]:
    return (row[0], None if row[1] != row[1] else row[1], row[2])


@given(WORDS, WORDS)
def test_texts_are_the_texts_given(one, other):
    assert texts(one).tolist() == one
    assert texts(one).missing.tolist() == [w is None for w in one]
    assert chained([texts(one), texts(other), everywhere("a", 2)]).tolist() == [*one, *other, "a", "a"]
    assert texts(one).changed(lambda w: w[:1]).tolist() == [w if w is None else w[:1] for w in one]
    assert texts(one).those(lambda w: w == "a").tolist() == [w == "a" for w in one]


@given(WORDS)
def test_a_text_is_held_once(one):
    changed = chained([texts(one), texts(one)]).changed(lambda w: w[:1])
    assert len(set(changed.distinct)) == len(changed.distinct)


@given(st.lists(st.tuples(st.sampled_from("ab") | st.none(), st.sampled_from("xy") | st.none())))
def test_a_gap_is_filled_from_another_column(pairs):
    mine, its = texts(m for m, _ in pairs), texts(i for _, i in pairs)
    assert mine.filled(its).tolist() == [i if m is None else m for m, i in pairs]


@given(ROWS)
def test_records_are_alike_where_they_say_the_same(rows):
    numbers = alike(records(rows), ["word", "figure", "day"]).tolist()
    for i, row in enumerate(rows):
        for j, other in enumerate(rows):
            assert (numbers[i] == numbers[j]) == (said(row) == said(other))


@given(ROWS)
def test_what_was_said_before(rows):
    numbers = alike(records(rows), ["word", "figure", "day"])
    whole = [said(row) for row in rows]
    assert firsts(numbers).tolist() == [whole.index(s) for s in whole]
    assert again(numbers).tolist() == [whole.index(s) < i for i, s in enumerate(whole)]
    assert twice(numbers).tolist() == [whole.count(s) > 1 for s in whole]


def test_many_columns_of_many_values_do_not_run_over():
    """Six columns of 4,096 values would need 72 bits."""
    column = np.arange(4096.0)
    wide = Records(np.arange(4096), {str(n): column for n in range(6)})
    assert len(set(alike(wide, list(wide)).tolist())) == 4096


@given(ROWS, ROWS)
def test_a_column_that_one_part_lacks_is_missing_there(rows, others):
    less = Records(np.arange(len(others)), {"word": records(others)["word"]})
    whole = one_after_another([records(rows), less])
    assert whole.texts("word").tolist() == [w for w, _, _ in (*rows, *others)]
    assert missing(whole["day"]).tolist() == [d is None for _, _, d in rows] + [True] * len(others)
    assert missing(whole["figure"])[len(rows) :].all()


def test_fates_of_rows():
    fates = Fates([3, 9, 4])
    fates.put([4], ("ignored", "total"))
    assert dict(fates) == {3: TIDY, 4: ("ignored", "total"), 9: TIDY}
    fates.hold(("quarantined", "no_period"))
    assert fates.counts() == {("ignored", "total"): 1, ("quarantined", "no_period"): 2}
    assert fates.kind_of(np.array([9, 4]))["ignored"].tolist() == [False, True]
    with pytest.raises(KeyError):
        fates[5]


def test_records_keep_their_rows():
    kept = Records(np.array([5, 7]), {"word": texts(["a", None])}).where(np.array([False, True]))
    assert kept.rows.tolist() == [7]
    assert isinstance(kept["word"], Texts)
    assert kept.missing("word").all()
