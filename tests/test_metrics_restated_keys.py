"""Keys that changed: regions reorganised, products recoded, dealers merged (methods 0.8)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError

NAMES = ["key_old", "key_new", "valid_from", "valid_to"]


def mapping(*rows: tuple[object, ...]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=NAMES)
    return out.assign(valid_from=pd.to_datetime(out["valid_from"]), valid_to=pd.to_datetime(out["valid_to"]))


def sales(*rows: tuple[str, str, float]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=["month", "region", "amount"])
    return out.assign(month=pd.to_datetime(out["month"]))


def test_a_reorganised_region_is_neither_new_nor_ended():
    frame = sales(("2025-10", "华中", 60), ("2025-10", "华南", 40), ("2026-10", "中南", 110))
    assert set(mm.yoy(frame, "2026-10", by=["region"])["status"]) == {"new", "discontinued"}
    merged = mapping(("华中", "中南", None, "2025-12-31"), ("华南", "中南", None, "2025-12-31"))
    out = mm.yoy(mm.restate_keys(frame, merged, key="region"), "2026-10", by=["region"])
    assert out[["region", "value", "status"]].values.tolist() == [["中南", pytest.approx(0.1), "ok"]]


def test_a_key_is_renamed_only_while_it_was_valid_and_through_every_step():
    frame = sales(
        ("2023-05", "甲", 1),
        ("2024-05", "甲", 1),
        ("2024-05", "乙", 1),
        ("2025-05", "乙", 1),
        ("2025-05", "丁", 1),
    )
    steps = mapping(("甲", "乙", None, "2023-12-31"), ("乙", "丙", None, "2024-12-31"))
    assert mm.restate_keys(frame, steps, key="region")["region"].tolist() == ["丙", "甲", "丙", "乙", "丁"]
    days = frame.assign(
        date=pd.to_datetime(["2023-12-31", "2024-01-01", "2024-12-31", "2025-01-01", "2025-05-05"])
    )
    assert mm.restate_keys(days, steps, key="region")["region"].tolist() == ["丙", "甲", "丙", "乙", "丁"]


def test_the_first_and_the_last_day_of_a_validity_are_inside():
    days = ["2023-12-31 23:59", "2024-01-01", "2024-12-31 18:30", "2025-01-01"]
    frame = pd.DataFrame({"date": pd.to_datetime(days, format="mixed"), "region": "甲"})
    steps = mapping(("甲", "乙", "2024-01-01", "2024-12-31"), ("甲", "丙", "2025-01-01", None))
    assert mm.restate_keys(frame, steps, key="region")["region"].tolist() == ["甲", "乙", "乙", "丙"]
    shared = mapping(("甲", "乙", "2024-01-01", "2024-12-31"), ("甲", "丙", "2024-12-31", None))
    with pytest.raises(MetricError, match="甲"):
        mm.restate_keys(frame, shared, key="region")


def test_rows_need_a_day_or_a_month():
    steps = mapping(("甲", "乙", None, None))
    with pytest.raises(MetricError, match="month"):
        mm.restate_keys(pd.DataFrame({"region": ["甲"]}), steps, key="region")
    daily = pd.DataFrame({"date": [pd.Timestamp("2026-10-05")], "region": ["甲"]})
    assert mm.restate_keys(daily, steps, key="region")["region"].tolist() == ["乙"]


def test_a_mapping_that_is_not_certain_is_refused():
    frame = sales(("2025-10", "华中", 60))
    split = mapping(("华中", "中南", None, None), ("华中", "华东", "2025-06-01", None))
    with pytest.raises(MetricError, match="华中"):
        mm.restate_keys(frame, split, key="region")
    circle = mapping(("华中", "中南", None, None), ("中南", "华中", None, None))
    with pytest.raises(MetricError, match="循环"):
        mm.restate_keys(frame, circle, key="region")
    backwards = mapping(("华中", "中南", "2025-12-31", "2025-01-01"))
    with pytest.raises(MetricError, match="2025-12-31"):
        mm.restate_keys(frame, backwards, key="region")
    with pytest.raises(MetricError, match="valid_to"):
        mm.restate_keys(frame, split.drop(columns="valid_to"), key="region")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 23), st.sampled_from("甲乙丙丁"), st.integers(-9, 99)),
        min_size=1,
        max_size=20,
    ),
    st.integers(0, 23),
)
def test_restating_moves_rows_between_keys_and_loses_nothing(rows, until):
    frame = pd.DataFrame(rows, columns=["m", "region", "amount"])
    frame["month"] = [pd.Timestamp(2025 + m // 12, m % 12 + 1, 1) for m in frame["m"]]
    end = pd.Timestamp(2025 + until // 12, until % 12 + 1, 1) + pd.offsets.MonthEnd(0)
    out = mm.restate_keys(frame, mapping(("甲", "乙", None, end)), key="region")
    assert out.drop(columns="region").equals(frame.drop(columns="region"))
    moved = (frame["region"] == "甲") & (frame["m"] <= until)
    assert (out.loc[moved, "region"] == "乙").all() and out.loc[~moved, "region"].equals(
        frame.loc[~moved, "region"]
    )
