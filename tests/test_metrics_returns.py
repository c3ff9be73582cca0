"""The return rate: of the same shipments where they can be traced, of the same months otherwise (methods 0.5)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm

OCTOBER = "2026-10"


def sales(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=["month", "product", "order_id", "amount"])
    return out.assign(month=pd.to_datetime(out["month"]))


LINES = sales(
    ("2026-09", "甲", "1", 100), ("2026-10", "甲", "2", 200), ("2026-10", "乙", "3", 50),
    ("2026-10", "甲", "1", -40), ("2026-11", "甲", "2", -10), ("2026-10", "丙", "4", -5),
)  # fmt: skip


def test_of_the_same_month():
    out = mm.return_rate(LINES, OCTOBER, by=["product"]).set_index("product")
    assert out.loc["甲", ["value", "numerator", "denominator"]].tolist() == [0.2, 40.0, 200.0]
    assert out.loc["乙", "value"] == 0.0
    assert out.loc["丙", "status"] == "na_zero_base"  # a month with only returns is no base
    assert "当期" in out.loc["甲", "note"]


def test_of_the_same_shipments():
    out = mm.return_rate(LINES, OCTOBER, by=["product"], order="order_id").set_index("product")
    assert out.loc["甲", ["value", "numerator", "denominator"]].tolist() == [0.05, 10.0, 200.0]
    assert out.loc["乙", "value"] == 0.0 and "丙" not in out.index
    assert "同批" in out.loc["甲", "note"]


def test_of_everything_and_of_single_yuan():
    whole = mm.return_rate(LINES, OCTOBER).iloc[0]
    assert whole[["value", "numerator", "denominator", "n"]].tolist() == [0.18, 45.0, 250.0, 2]
    small = sales(("2026-10", "甲", "1", 1), ("2026-10", "甲", "1", -0.5), ("2026-10", "乙", "2", 0))
    found = mm.return_rate(small, OCTOBER, by="product")
    assert found[["product", "value"]].values.tolist() == [["甲", 0.5]]


def test_a_month_without_data_is_missing():
    assert "缺" in mm.return_rate(LINES, "2026-12")["note"].item()
    assert "缺" not in mm.return_rate(LINES, OCTOBER)["note"].item()
    assert mm.return_rate(LINES, "2026-12")["status"].tolist() == ["na_missing"]
    assert mm.return_rate(LINES, "2026-08", order="order_id")["status"].tolist() == ["na_missing"]


amounts = st.lists(st.tuples(st.sampled_from("甲乙"), st.integers(-99, 99)), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(amounts, st.integers(0, 2**31 - 1))
def test_the_total_is_the_ratio_of_the_sums(rows, seed):
    frame = pd.DataFrame(rows, columns=["product", "amount"]).assign(month=pd.Timestamp("2026-10-01"))
    frame["amount"] = frame["amount"].astype(float)
    parts, whole = mm.return_rate(frame, OCTOBER, by=["product"]), mm.return_rate(frame, OCTOBER).iloc[0]
    assert (
        whole["numerator"] == parts["numerator"].sum() and whole["denominator"] == parts["denominator"].sum()
    )
    pd.testing.assert_frame_equal(
        parts, mm.return_rate(frame.sample(frac=1, random_state=seed), OCTOBER, by=["product"])
    )
    big = mm.return_rate(frame.assign(amount=frame["amount"] * 1000), OCTOBER).iloc[0]
    assert big["status"] == whole["status"] and (
        big["value"] == pytest.approx(whole["value"]) or whole["status"] != "ok"
    )
