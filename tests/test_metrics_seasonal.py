"""Seasonal indices against R and statsmodels, and the rules for series that are short, or reach zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.seasonal import seasonal_decompose

from mktanalytics import metrics as mm
from mktanalytics.metrics.result import Status

# Box & Jenkins, series G: international airline passengers, thousands, 1949 to 1960 (R: AirPassengers)
PASSENGERS = [
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
]  # fmt: skip


def monthly(values: list[float], start: str = "2022-01-01") -> pd.DataFrame:
    return pd.DataFrame({"month": pd.date_range(start, periods=len(values), freq="MS"), "amount": values})


def test_the_figure_of_rs_decompose():
    # R: decompose(AirPassengers, "multiplicative")$figure
    expected = [0.9102304, 0.8836253, 1.0073663, 0.9759060, 0.9813780, 1.1127758,
                1.2265555, 1.2199110, 1.0604919, 0.9217572, 0.8011781, 0.8988244]  # fmt: skip
    out = mm.seasonal_indices(monthly([float(v) for v in PASSENGERS], "1949-01-01"))
    assert out["value"].tolist() == pytest.approx(expected, abs=5e-8)
    assert out["calendar_month"].tolist() == list(range(1, 13)) and set(out["n"]) == {11}


def test_less_than_three_years_say_so_and_less_than_two_have_no_index():
    values = [100.0 + m % 12 for m in range(40)]
    assert "36" in mm.seasonal_indices(monthly(values[:30]))["note"].iloc[0]
    assert not mm.seasonal_indices(monthly(values))["note"].str.contains("36").any()
    short = mm.seasonal_indices(monthly(values[:23]))
    assert set(short["status"]) == {str(Status.MISSING)} and short["value"].isna().all()


def test_a_missing_month_or_a_zero_has_no_multiplicative_index():
    values = [100.0 + m % 12 for m in range(40)]
    gap = monthly(values).drop(index=20)
    assert set(mm.seasonal_indices(gap)["status"]) == {str(Status.MISSING)}
    zero = monthly([0.0, *values])
    assert set(mm.seasonal_indices(zero)["status"]) == {str(Status.NONPOSITIVE_BASE)}
    added = mm.seasonal_indices(zero, model="additive")
    assert set(added["status"]) == {"ok"} and added["value"].sum() == pytest.approx(0, abs=1e-9)


def by_definition(values: list[float], start: int) -> list[float]:
    """2x12 moving average, ratio, mean by calendar month, normalised to a mean of 1."""
    ratios: dict[int, list[float]] = {}
    for i in range(6, len(values) - 6):
        trend = (values[i - 6] / 2 + sum(values[i - 5 : i + 6]) + values[i + 6] / 2) / 12
        ratios.setdefault((start + i) % 12, []).append(values[i] / trend)
    means = [float(np.mean(ratios[m])) for m in range(12)]
    return [m / np.mean(means) for m in means]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(1, 1e6), min_size=24, max_size=60), st.integers(1, 12), st.integers(0, 2**31 - 1))
def test_indices_are_those_of_the_definition_and_of_statsmodels(values, start, seed):
    frame = monthly(values, f"2021-{start:02d}-01")
    out = mm.seasonal_indices(frame.sample(frac=1, random_state=seed))
    assert out["value"].mean() == pytest.approx(1)
    assert out["value"].tolist() == pytest.approx(by_definition(values, start - 1))
    theirs = seasonal_decompose(
        frame.set_index("month")["amount"], model="multiplicative", period=12
    ).seasonal
    assert out["value"].tolist() == pytest.approx(theirs.groupby(theirs.index.month).first().tolist())
    scaled = mm.seasonal_indices(frame.assign(amount=frame["amount"] * 1000))
    assert np.allclose(scaled["value"], out["value"])
