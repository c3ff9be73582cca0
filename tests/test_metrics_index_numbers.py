"""Index numbers against the manuals and R: Laspeyres, Paasche, Fisher, chains, and who moved them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError

# PPI Manual 2004, tables 19.1 and 19.2: six products over five periods (price6 and quantity6 of R's gpindex)
PRICES = [[1, 1.2, 1, 0.8, 1], [1, 3, 1, 0.5, 1], [1, 1.3, 1.5, 1.6, 1.6],
          [1, 0.7, 0.5, 0.3, 0.1], [1, 1.4, 1.7, 1.9, 2], [1, 0.8, 0.6, 0.4, 0.2]]  # fmt: skip
UNITS = [[1, 0.8, 1, 1.2, 0.9], [1, 0.9, 1.1, 1.2, 1.2], [2, 1.9, 1.8, 1.9, 2],
         [1, 1.3, 3, 6, 12], [4.5, 4.7, 5, 5.6, 6.5], [0.5, 0.6, 0.8, 1.3, 2.5]]  # fmt: skip
# Diewert & Fox 2017: four products over twelve periods (CES_sigma_2 of R's IndexNumR)
CES_PRICES = np.array([[2, 1.75, 1.6, 1.5, 1.45, 1.4, 1.35, 1.3, 1.25, 1.2, 1.15, 1.1],
                       [1, 0.5, 1.05, 1.1, 1.12, 1.15, 1.18, 0.6, 1.2, 1.25, 1.28, 1.3],
                       [1, 0.95, 0.9, 0.85, 0.4, 0.8, 0.75, 0.72, 0.7, 0.4, 0.7, 0.65],
                       [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.7, 0.65, 0.7, 0.75, 0.75, 0.8]])  # fmt: skip
CES_SPENT = np.array([10, 13, 11, 12, 15, 13, 14, 17, 15, 18, 16, 17.0])


def panel(prices: np.ndarray, units: np.ndarray) -> pd.DataFrame:
    rows = [
        (t, f"p{i}", float(q), float(p * q))
        for i, (ps, qs) in enumerate(zip(prices, units, strict=True))
        for t, (p, q) in enumerate(zip(ps, qs, strict=True), start=1)
    ]
    return pd.DataFrame(rows, columns=["time", "product", "units", "amount"])


def manual() -> pd.DataFrame:
    return panel(np.array(PRICES), np.array(UNITS))


def ces() -> pd.DataFrame:
    weights = np.array([[0.2], [0.2], [0.2], [0.4]]) / CES_PRICES
    return panel(CES_PRICES, weights / weights.sum(axis=0) * CES_SPENT / CES_PRICES)


def test_fixed_base_indices_on_the_data_of_the_ppi_manual():
    frame = manual()
    old = frame[frame["time"] == 1]
    out = {
        t: mm.price_quantity_indices(old, frame[frame["time"] == t]).set_index("index") for t in (2, 3, 4, 5)
    }
    # the definitions on the manual's data: sum p_t q_1 / sum p_1 q_1 and sum p_t q_t / sum p_1 q_t, to the manual's four digits
    assert [round(out[t].loc["laspeyres", "price"] / 100, 4) for t in out] == [1.42, 1.345, 1.355, 1.44]
    assert [round(out[t].loc["paasche", "price"] / 100, 4) for t in out] == [1.3824, 1.2031, 1.0209, 0.7968]


def test_chained_indices_of_the_ppi_manual():
    # PPI Manual 2004, chapter 19, the chained Laspeyres, Paasche and Fisher prices of the same data (from memory)
    published = {
        "laspeyres": [1.0, 1.42, 1.3646, 1.3351, 1.3306], "paasche": [1.0, 1.3824, 1.2740, 1.2060, 1.1234],
        "fisher": [1.0, 1.4011, 1.3185, 1.2689, 1.2226],
    }  # fmt: skip
    out = mm.chained_indices(manual(), time="time").pivot(index="time", columns="index", values="price") / 100
    for name, prices in published.items():
        assert out[name].tolist() == pytest.approx(prices, abs=1e-4)


def test_contributions_to_a_fisher_index_as_r_gives_them():
    # gpindex, fisher_contributions2, the decomposition of van IJzeren in Balk 2008, 4.2.2: prices from period 1 to 2.
    # Ours is that of volumes: with prices and quantities exchanged it is the same sum
    items = pd.DataFrame(
        {"product": list("abcdef"), "price_base": [q[0] for q in UNITS], "price_now": [q[1] for q in UNITS],
         "units_base": [p[0] for p in PRICES], "units_now": [p[1] for p in PRICES]}
    )  # fmt: skip
    expected = [0.01782865, 0.18815627, 0.05792735, -0.03414531, 0.18217135, -0.01088828]
    assert mm.fisher_contributions(items)["contribution"].tolist() == pytest.approx(expected, abs=5e-9)


def test_the_chained_laspeyres_index_of_r():
    # IndexNumR, vignette: priceIndex(CES_sigma_2, indexMethod = "laspeyres", output = "chained")
    expected = [1, 0.9673077, 1.2905504, 1.3382002, 1.2482444, 1.7346552, 1.6530619, 1.4524186, 1.8386215,
                1.7126802, 2.1810170, 2.2000474]  # fmt: skip
    out = mm.chained_indices(ces(), time="time")
    price = out.loc[out["index"] == "laspeyres", "price"] / 100
    assert price.tolist() == pytest.approx(expected, abs=5e-8)


def test_the_chain_of_contributions_is_the_chained_fisher_volume():
    chain, links = mm.chained_indices(manual(), time="time"), mm.chained_fisher(manual(), time="time")
    fisher = chain[chain["index"] == "fisher"].set_index("time")["quantity"]
    volume = links.groupby("time")["chained_volume"].first()
    assert volume.tolist() == pytest.approx(fisher.loc[2:].tolist())
    growth = links.groupby("time").agg(parts=("contribution", "sum"), whole=("volume_growth", "first"))
    assert growth["whole"].tolist() == pytest.approx((fisher / fisher.shift() - 1).loc[2:].tolist())
    assert growth["parts"].tolist() == pytest.approx(growth["whole"].tolist())


def test_an_item_of_one_period_is_left_out_of_the_link_and_counted():
    frame = manual()
    gap = frame[~((frame["product"] == "p0") & (frame["time"] == 3))]
    out = mm.chained_indices(gap, time="time").drop_duplicates("time").set_index("time")["left_out"]
    assert out.to_dict() == {1: 0, 2: 0, 3: 1, 4: 1, 5: 0}
    other = frame.assign(product=frame["product"] + frame["time"].astype(str))
    with pytest.raises(MetricError, match="更粗"):
        mm.chained_indices(other, time="time")


def test_an_item_with_a_row_but_no_units_is_left_out_of_both_periods():
    old = pd.DataFrame({"product": ["a", "b"], "units": [10.0, 5.0], "amount": [20.0, 50.0]})
    new = pd.DataFrame({"product": ["a", "b"], "units": [12.0, 0.0], "amount": [36.0, 0.0]})
    for first, second, price, quantity in ((old, new, 150, 120), (new, old, 100 / 1.5, 100 / 1.2)):
        out = mm.price_quantity_indices(first, second)
        assert set(out["status"]) == {"ok"}
        assert out["price"].tolist() == pytest.approx([price] * 3)
        assert out["quantity"].tolist() == pytest.approx([quantity] * 3)
    chain = mm.chained_indices(pd.concat([old.assign(time=1), new.assign(time=2)]), time="time")
    assert chain.query("time == 2")["left_out"].tolist() == [1, 1, 1]
    assert chain.query("time == 2")["price"].tolist() == pytest.approx([150] * 3)


@pytest.mark.parametrize("price", ["price_base", "price_now"])
def test_a_gift_has_no_contribution(price):
    items = pd.DataFrame(
        {"product": ["a", "b"], "price_base": 2.0, "units_base": 5.0, "price_now": 3.0, "units_now": 6.0}
    )
    with pytest.raises(MetricError, match="价格"):
        mm.fisher_contributions(items.assign(**{price: [0.0, 2.0]}))


def test_indices_that_cannot_be_say_why():
    one = manual().query("time == 1")
    none = mm.price_quantity_indices(one, one.iloc[:0])
    assert set(none["status"]) == {"na_missing"} and none["price"].isna().all()
    free = mm.price_quantity_indices(one, one.assign(amount=0.0))
    assert set(free["status"]) == {"na_zero_base"} and free["price"].isna().all()


grids = st.lists(st.tuples(*[st.integers(1, 60)] * 8), min_size=1, max_size=5)


@settings(max_examples=40, deadline=None)
@given(grids, st.integers(0, 2**31 - 1))
def test_pairs_multiply_to_the_value_ratio_along_the_chain_and_rows_may_come_in_any_order(rows, seed):
    values = np.array(rows, dtype=float)
    frame = panel(values[:, :4], values[:, 4:])
    out = mm.chained_indices(frame.sample(frac=1, random_state=seed), time="time")
    pd.testing.assert_frame_equal(out, mm.chained_indices(frame, time="time"))
    wide = out.pivot(index="time", columns="index", values=["price", "quantity"]) / 100
    worth = frame.groupby("time")["amount"].sum()
    for price, quantity in (("laspeyres", "paasche"), ("paasche", "laspeyres"), ("fisher", "fisher")):
        product = wide["price", price] * wide["quantity", quantity]
        assert np.allclose(product, worth / worth.loc[1])
    between = wide["price"].sort_index(axis=1)
    low, high = between[["laspeyres", "paasche"]].min(axis=1), between[["laspeyres", "paasche"]].max(axis=1)
    assert ((between["fisher"] >= low - 1e-9) & (between["fisher"] <= high + 1e-9)).all()
    same_prices = panel(np.tile(values[:, :1], 4), values[:, 4:])
    assert np.allclose(mm.chained_indices(same_prices, time="time")["price"], 100)
    dearer = mm.chained_indices(
        frame.assign(amount=frame["amount"] * 1000, units=frame["units"] * 7), time="time"
    )
    assert np.allclose(dearer[["price", "quantity"]], out[["price", "quantity"]])
