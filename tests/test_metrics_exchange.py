"""Exchange: flows at the average rate, balances at the closing one, growth at constant currency (methods 0.4)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError

MONTHS = pd.to_datetime(["2025-10-01", "2026-10-01"])
RATES = pd.DataFrame(
    {
        "month": [*MONTHS] * 2,
        "currency": ["USD"] * 2 + ["EUR"] * 2,
        "average": [7.0, 7.2, 8.0, 7.6],
        "closing": [7.1, 7.3, 8.1, 7.5],
    }
)


def sales(currency: str = "USD") -> pd.DataFrame:
    return pd.DataFrame({"month": MONTHS, "amount": [100.0, 110.0], "currency": currency})


def test_growth_as_reported_and_at_constant_currency():
    reported = mm.yoy(mm.convert_currency(sales(), RATES), "2026-10")["value"].iloc[0]
    constant = mm.yoy(mm.convert_currency(sales(), RATES, at="2025-10"), "2026-10")["value"].iloc[0]
    assert reported == pytest.approx(1.1 * 7.2 / 7 - 1) and constant == pytest.approx(0.10)
    assert mm.convert_currency(sales(), RATES, rate="closing")["amount"].tolist() == pytest.approx([710, 803])


def test_the_exchange_effect_of_a_bridge_is_the_rest():
    old, new = (mm.convert_currency(sales().iloc[[i]].assign(product="a", units=10), RATES) for i in (0, 1))
    at_old = mm.convert_currency(sales().iloc[[1]], RATES, at="2025-10")["amount"].to_numpy()
    row = mm.price_volume_mix(old, new.assign(restated=at_old), restated="restated").iloc[0]
    assert (row["fx"], row["price"], row["change"]) == pytest.approx((792 - 770, 70, 92))


def test_the_originals_are_kept_and_our_own_currency_needs_no_rate():
    mixed = pd.concat([sales(), sales("CNY"), sales("USD").assign(currency=None)], ignore_index=True)
    out = mm.convert_currency(mixed, RATES)
    assert out["amount_original"].equals(mixed["amount"]) and out["currency_original"].equals(
        mixed["currency"]
    )
    assert out["amount"].tolist() == pytest.approx([700, 792, 100, 110, 100, 110])
    assert set(out["currency"]) == {"CNY"} and "currency_original" not in mixed


def test_a_rate_that_is_missing_doubled_or_zero_is_named():
    with pytest.raises(MetricError, match="JPY 2025-10"):
        mm.convert_currency(sales("JPY"), RATES)
    with pytest.raises(MetricError, match="USD 2025-10"):
        mm.convert_currency(sales(), pd.concat([RATES, RATES]))
    with pytest.raises(MetricError, match="0"):
        mm.convert_currency(sales(), RATES.assign(average=0.0))
    with pytest.raises(MetricError, match="closing"):
        mm.convert_currency(sales(), RATES.drop(columns="closing"), rate="closing")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 1]), st.sampled_from(["USD", "EUR", "CNY"]), st.integers(-99, 99)),
        min_size=1,
    )
)
def test_every_row_takes_the_rate_of_its_month_and_currency(rows):
    frame = pd.DataFrame(
        [(MONTHS[m], c, float(v)) for m, c, v in rows], columns=["month", "currency", "amount"]
    )
    out = mm.convert_currency(frame, RATES)
    by_row = {(r.month, r.currency): r.average for r in RATES.itertuples()}
    expected = [
        v * by_row.get((m, c), 1.0)
        for m, c, v in zip(frame["month"], frame["currency"], frame["amount"], strict=True)
    ]
    assert out["amount"].tolist() == pytest.approx(expected)
