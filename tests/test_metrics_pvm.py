"""Price, volume and mix: published variances, a hand-made bridge, and the laws of the five conventions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy.integrate import quad

from mktanalytics.errors import MetricError
from mktanalytics.metrics.means import log_mean
from mktanalytics.metrics.sales.index_numbers import price_quantity_indices
from mktanalytics.metrics.sales.price_volume_mix import BUCKETS, CONVENTIONS, price_volume_mix, pvm_bridge

EFFECTS = ["price", "volume", "mix_product", "cross", *BUCKETS]


def lines(**products: tuple[float, float]) -> pd.DataFrame:
    """One line per product: (units, price)."""
    rows = [(name, q, q * p) for name, (q, p) in products.items()]
    return pd.DataFrame(rows, columns=["product", "units", "amount"])


# ---- published examples


def test_sales_margin_variances_of_milano() -> None:
    # Drury, Management and Cost Accounting, example 18.3: mix 32,900 adverse, quantity 28,900 favourable, volume 4,000 adverse
    budget, actual = (
        lines(x=(8000, 20), y=(7000, 12), z=(5000, 9)),
        lines(x=(6000, 20), y=(7000, 12), z=(9000, 9)),
    )
    total = pvm_bridge(price_volume_mix(budget, actual, convention="paasche")).iloc[0]
    assert total[["price", "volume", "mix", "change"]].tolist() == pytest.approx([0, 28_900, -32_900, -4_000])


def test_sales_variances_of_tickets() -> None:
    # an exercise after Horngren: 12,500 tickets planned at 44 % lower tier, 10,000 sold at 32 %; margins $14 and $3:
    # quantity 19,600 U, mix 13,200 U
    plan, actual = lines(lower=(5500, 14), upper=(7000, 3)), lines(lower=(3200, 14), upper=(6800, 3))
    total = pvm_bridge(price_volume_mix(plan, actual, convention="paasche")).iloc[0]
    assert total[["volume", "mix"]].tolist() == pytest.approx([-19_600, -13_200])


def test_sales_mix_of_dryers_and_washers() -> None:
    # an exercise after Horngren: 50,000 planned at 20 % dryers, 42,000 sold at 21 %; margins $275 and $375: mix 42,000 U
    plan, actual = (
        lines(dryer=(10_000, 275), washer=(40_000, 375)),
        lines(dryer=(8820, 275), washer=(33_180, 375)),
    )
    assert pvm_bridge(price_volume_mix(plan, actual, convention="paasche"))["mix"].iloc[0] == pytest.approx(
        -42_000
    )


def test_the_cross_term_of_one_product() -> None:
    # pongora.com, Price-Volume-Mix Analysis: 1,000 at $50, then 1,100 at $52: price 2,000, volume 5,000, cross 200
    total = pvm_bridge(
        price_volume_mix(lines(a=(1000, 50)), lines(a=(1100, 52)), convention="three_term")
    ).iloc[0]
    assert total[["price", "volume", "mix", "cross"]].tolist() == pytest.approx([2000, 5000, 0, 200])


def test_opentuition_quantity_and_mix() -> None:
    # https://opentuition.com/topic/sales-quantity-variance-2 : budget 500 A, 500 B at contribution 5 and 10;
    # actual 550 and 650: volume 1,750 F = quantity 1,500 F + mix 250 F
    d = price_volume_mix(lines(a=(500, 5), b=(500, 10)), lines(a=(550, 5), b=(650, 10)), convention="paasche")
    assert d[["change", "price", "volume", "mix_product"]].sum().tolist() == [1750.0, 0.0, 1500.0, 250.0]


def test_opentuition_mix_of_x_and_y() -> None:
    # https://opentuition.com/topic/variances-f5-2 : budget 7,000 X and 3,000 Y at 9 and 12, actual 8,000 and 7,000:
    # standard mix 148,500, actual mix 156,000, mix variance 7,500 F
    d = price_volume_mix(
        lines(x=(7000, 9), y=(3000, 12)), lines(x=(8000, 9), y=(7000, 12)), convention="paasche"
    )
    assert d["mix_product"].sum() == pytest.approx(7500)
    assert d["volume"].sum() == pytest.approx(148_500 - 99_000)


def test_form_two_reads_right_per_product() -> None:
    # methods 3.2: selling more of the product that is cheaper than the average is unfavourable
    d = price_volume_mix(
        lines(低价=(100, 4), 高价=(100, 6)), lines(低价=(150, 4), 高价=(50, 6)), convention="paasche"
    )
    by = d.set_index("product")["mix_product"]
    assert by["低价"] == -50.0 and by["高价"] == -50.0 and d["volume"].sum() == 0.0


def test_montgomery_by_its_formula() -> None:
    # Montgomery 1929 / Ang 2005: sum L(v1, v0) ln(p1/p0) and sum L(v1, v0) ln(q1/q0)
    old, new = lines(a=(10, 4), b=(10, 6)), lines(a=(20, 5), b=(8, 6))
    d = price_volume_mix(old, new, convention="montgomery").set_index("product")
    weight = (100 - 40) / np.log(100 / 40)
    assert d.loc["a", "price"] == pytest.approx(weight * np.log(5 / 4))
    assert d.loc["a", ["volume", "mix_product"]].sum() == pytest.approx(weight * np.log(2))
    assert d.loc["b", "price"] == 0.0
    assert d[EFFECTS].to_numpy().sum() == pytest.approx(48.0)
    with pytest.raises(MetricError, match="大于0"):
        price_volume_mix(old, lines(a=(20, 0), b=(8, 6)), convention="montgomery")


def test_log_mean_near_equality() -> None:
    # R's gpindex: logmean(2, 3) is 2.466303, and so is its definition by quadrature
    assert float(log_mean(2.0, 3.0)) == pytest.approx(2.466303, abs=5e-7)
    assert float(log_mean(2.0, 3.0)) == pytest.approx(quad(lambda t: 2 ** (1 - t) * 3**t, 0, 1)[0])
    assert float(log_mean(7.0, 7.0)) == 7.0
    assert float(log_mean(1e8 * (1 + 1e-12), 1e8)) == pytest.approx(1e8, rel=1e-11)
    assert float(log_mean(2.0, 3.0)) == pytest.approx(float(log_mean(3.0, 2.0)), rel=1e-14)
    assert np.isnan(log_mean([0.0, -1.0, np.nan], 2.0)).all()


def test_conventions_by_hand() -> None:
    old, new = lines(a=(10, 5.0)), lines(a=(14, 6.0))
    got = {
        c: price_volume_mix(old, new, convention=c)[["price", "volume", "cross"]].iloc[0].tolist()
        for c in CONVENTIONS
    }
    assert got["laspeyres"] == [10.0, 24.0, 0.0]
    assert got["paasche"] == [14.0, 20.0, 0.0]
    assert got["three_term"] == [10.0, 20.0, 4.0]
    assert got["bennet"] == [12.0, 22.0, 0.0]
    assert sum(got["montgomery"]) == pytest.approx(34.0)


# ---- buckets


def test_each_bucket_takes_its_own() -> None:
    old = pd.DataFrame(
        [
            ("茶饮", 10, 50.0),
            ("停售品", 4, 20.0),
            ("茶饮", -1, -5.0),
            ("服务费", np.nan, 7.0),
            ("赠品", 2, 6.0),
        ],
        columns=["product", "units", "amount"],
    )
    new = pd.DataFrame(
        [
            ("茶饮", 12, 60.0),
            ("新品", 5, 30.0),
            ("茶饮", -3, -15.0),
            ("返利", 0, -4.0),
            ("赠品", 3, 0.0),
            ("坏行", 3, np.nan),
        ],
        columns=["product", "units", "amount"],
    )
    total = pvm_bridge(price_volume_mix(old, new)).iloc[0]
    assert total[["new", "lost", "returns", "other", "fx"]].tolist() == [30.0, -20.0, -10.0, -11.0, 0.0]
    assert total["missing_rows"] == 1
    assert total["price"] < 0  # free goods lower the price, and stay
    assert total["amount_old"] + total[["price", "volume", "mix", "cross", *BUCKETS]].sum() == pytest.approx(
        total["amount_new"]
    )


def test_units_and_amounts_are_net_of_returns_rebates_and_exchange() -> None:
    columns = ["product", "units", "amount", "restated"]
    old = pd.DataFrame([("茶饮", 10, 50.0), ("茶饮", -1, -5.0), ("茶饮", 0, 7.0)], columns=columns[:3])
    new = pd.DataFrame(
        [
            ("茶饮", 12, 66.0, 60.0), ("茶饮", -2, -11.0, -10.0), ("茶饮", -1, 0.0, 0.0),  # a gift came back too
            ("茶饮", 0, -4.4, -4.0), ("茶饮", 3, 9.0, np.nan),
        ],
        columns=columns,
    )  # fmt: skip
    d = price_volume_mix(old, new, restated="restated").iloc[0]
    assert d[["units_old", "units_new", "missing_rows"]].tolist() == [9.0, 9.0, 1]
    assert d[["amount_old", "amount_new", "change"]].tolist() == pytest.approx([52.0, 50.6, -1.4])
    assert d[["price", "volume", "returns", "other", "fx"]].tolist() == pytest.approx([0, 10, -5, -11, 4.6])
    assert d[["new", "lost", "cross", "mix_product"]].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_new_and_lost_products_leave_volume_and_mix_of_the_others_alone(convention) -> None:
    old, new = lines(a=(1, 4), b=(3, 6)), lines(a=(2, 5), b=(1, 7))
    alone = price_volume_mix(old, new, convention=convention).set_index("product")
    both = price_volume_mix(
        pd.concat([old, lines(c=(1, 450))]), pd.concat([new, lines(d=(1, 80))]), convention=convention
    ).set_index("product")
    assert_frame_equal(both.loc[["a", "b"]], alone)
    effects = alone[["price", "volume", "mix_product", "cross"]].sum(axis=1)
    assert effects.tolist() == pytest.approx([6, -11])
    assert (alone["change"] == [6, -11]).all() and (alone[["new", "lost"]] == 0).all(axis=None)
    assert both.loc[["c", "d"], ["new", "lost"]].values.tolist() == [[0, -450], [80, 0]]
    assert (both.loc[["c", "d"], ["price", "volume", "mix_product", "cross"]] == 0).all(axis=None)


def test_free_goods_have_no_logarithm_in_either_period() -> None:
    for old, new in ((lines(a=(5, 0)), lines(a=(5, 2))), (lines(a=(5, 2)), lines(a=(5, 0)))):
        with pytest.raises(MetricError, match="bennet"):
            price_volume_mix(old, new, convention="montgomery")


def test_exchange_rate_is_kept_apart() -> None:
    old = lines(a=(10, 5.0))
    new = lines(a=(10, 6.0)).assign(amount_at_old_rate=55.0)
    d = price_volume_mix(old, new, restated="amount_at_old_rate").iloc[0]
    assert d[["price", "volume", "fx", "change"]].tolist() == [5.0, 0.0, 5.0, 10.0]


def test_mix_between_and_within_regions_adds() -> None:
    old = pd.DataFrame(
        [("华东", "a", 10, 40.0), ("华东", "b", 10, 60.0), ("华南", "a", 20, 60.0)],
        columns=["region", "product", "units", "amount"],
    )
    new = pd.DataFrame(
        [("华东", "a", 10, 40.0), ("华东", "b", 30, 180.0), ("华南", "a", 20, 60.0)],
        columns=["region", "product", "units", "amount"],
    )
    d = price_volume_mix(old, new, levels=["region"], convention="paasche")
    # 40 → 60 units at the average 4; 华东 from 1/2 to 2/3 of the units at 5 against 3
    assert d["volume"].sum() == pytest.approx(80.0)
    assert d["mix_region"].sum() == pytest.approx(60 * (2 / 3 - 1 / 2) * (5 - 3))
    assert d["mix_product"].sum() == pytest.approx(40 * (3 / 4 - 1 / 2) * (6 - 4))
    flat = price_volume_mix(
        old.assign(product=old["region"] + old["product"]),
        new.assign(product=new["region"] + new["product"]),
        convention="paasche",
    )
    assert d[["mix_region", "mix_product"]].to_numpy().sum() == pytest.approx(flat["mix_product"].sum())
    by_region = pvm_bridge(d, by=["region"]).set_index("region")
    assert by_region.loc["华南", ["price", "change"]].tolist() == [0.0, 0.0]


def test_mix_between_regions_by_logarithms() -> None:
    # sum L(v1, v0) of each level's share of units: region's of all, product's of its region
    keys = [("华东", "a"), ("华东", "b"), ("华南", "a")]
    q0, q1, price = np.array([10.0, 10, 20]), np.array([10.0, 30, 20]), np.array([4.0, 6, 3])
    old, new = (
        pd.DataFrame(keys, columns=["region", "product"]).assign(units=q, amount=q * price) for q in (q0, q1)
    )
    d = price_volume_mix(old, new, levels=["region"], convention="montgomery")
    weight = log_mean(q1 * price, q0 * price)
    region0, region1 = np.array([20.0, 20, 20]), np.array([40.0, 40, 20])
    whole = np.log(60 / 40)
    assert d["volume"].tolist() == pytest.approx(weight * whole)
    assert d["mix_region"].tolist() == pytest.approx(weight * (np.log(region1 / region0) - whole))
    assert d["mix_product"].tolist() == pytest.approx(weight * (np.log(q1 / q0) - np.log(region1 / region0)))
    assert d["price"].tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    order = ["amount_old", "price", "volume", "mix", "mix_region", "mix_product", "cross", *BUCKETS]
    assert pvm_bridge(d).columns.tolist() == [*order, "amount_new", "change", "missing_rows"]


def test_empty_sides_are_all_new_or_all_lost() -> None:
    some, none = lines(a=(10, 5.0)), lines()
    assert price_volume_mix(none, some)[["new", "change"]].values.tolist() == [[50.0, 50.0]]
    assert price_volume_mix(some, none)[["lost", "change"]].values.tolist() == [[-50.0, -50.0]]
    assert price_quantity_indices(none, some)["price"].isna().all()


def test_wrong_input_is_told() -> None:
    a = lines(a=(1, 1))
    with pytest.raises(MetricError, match="units"):
        price_volume_mix(a.drop(columns="units"), a)
    with pytest.raises(MetricError, match="bennet"):
        price_volume_mix(a, a, convention="marshall")
    with pytest.raises(MetricError, match="USD"):
        price_volume_mix(a.assign(currency="CNY"), a.assign(currency="USD"))
    with pytest.raises(MetricError, match="price"):
        pvm_bridge(a)


# ---- laws

PRODUCT = st.sampled_from(["a", "b", "c", "d"])
REGION = st.sampled_from(["华东", "华南"])
LINE = st.tuples(REGION, PRODUCT, st.integers(-3, 50), st.integers(-200, 9000))
SALES = st.lists(LINE, max_size=14).map(
    lambda rows: pd.DataFrame(rows, columns=["region", "product", "units", "amount"]).astype(
        {"region": "str", "product": "str", "units": "float64", "amount": "float64"}
    )
)
WITHOUT_LOGS = [c for c in CONVENTIONS if c != "montgomery"]


def effects_of(d: pd.DataFrame) -> pd.DataFrame:
    return d[["price", "volume", *[c for c in d if c.startswith("mix_")], "cross", *BUCKETS]]


@settings(max_examples=30, deadline=None)
@given(SALES, SALES, st.sampled_from(WITHOUT_LOGS), st.randoms())
def test_every_row_adds_up(old, new, convention, random) -> None:
    kept_old, kept_new = old.copy(deep=True), new.copy(deep=True)
    d = price_volume_mix(old, new, levels=["region"], convention=convention)
    assert_frame_equal(old, kept_old)
    assert_frame_equal(new, kept_new)
    np.testing.assert_allclose(effects_of(d).sum(axis=1), d["change"], atol=1e-6)
    assert d["amount_new"].sum() - d["amount_old"].sum() == pytest.approx(
        new["amount"].sum() - old["amount"].sum()
    )
    order = list(range(len(new)))
    random.shuffle(order)
    assert_frame_equal(d, price_volume_mix(old, new.iloc[order], levels=["region"], convention=convention))


@settings(max_examples=30, deadline=None)
@given(SALES, SALES)
def test_swapping_the_periods_flips_every_bennet_effect(old, new) -> None:
    there = effects_of(price_volume_mix(old, new, levels=["region"]))
    back = effects_of(price_volume_mix(new, old, levels=["region"]))
    back = back.rename(columns={"new": "lost", "lost": "new"})[there.columns]
    np.testing.assert_allclose(there, -back, atol=1e-6)


POSITIVE = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 90)), min_size=1, max_size=6)


def priced(rows: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"p{i}", float(q), float(q * p)) for i, (q, p) in enumerate(rows)],
        columns=["product", "units", "amount"],
    )


@settings(max_examples=30, deadline=None)
@given(POSITIVE, st.integers(1, 7), st.sampled_from(list(CONVENTIONS)))
def test_equal_prices_no_price_effect_and_equal_growth_no_mix(rows, k, convention) -> None:
    old = priced(rows)
    grown = old.assign(units=old["units"] * k, amount=old["amount"] * k)
    d = price_volume_mix(old, grown, convention=convention)
    np.testing.assert_allclose(d["price"], 0, atol=1e-6)
    assert d["mix_product"].sum() == pytest.approx(0, abs=1e-6)
    dearer = old.assign(amount=old["amount"] * k)
    d = price_volume_mix(old, dearer, convention=convention)
    np.testing.assert_allclose(d[["volume", "mix_product"]], 0, atol=1e-6)
    np.testing.assert_allclose(d["price"], d["change"], atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.integers(1, 60)] * 4), min_size=1, max_size=6), st.integers(2, 1000))
def test_pairs_of_indices_make_the_value_ratio_and_effects_scale(rows, factor) -> None:
    old = priced([(q0, p0) for q0, p0, _, _ in rows])
    new = priced([(q1, p1) for _, _, q1, p1 in rows])
    i = price_quantity_indices(old, new).set_index("index")
    ratio = new["amount"].sum() / old["amount"].sum()
    for price, quantity in (("laspeyres", "paasche"), ("paasche", "laspeyres"), ("fisher", "fisher")):
        assert i.loc[price, "price"] * i.loc[quantity, "quantity"] / 1e4 == pytest.approx(ratio)
    for convention in CONVENTIONS:
        d = price_volume_mix(old, new, convention=convention)
        np.testing.assert_allclose(effects_of(d).sum(axis=1), d["change"], atol=1e-6)
        big = price_volume_mix(
            old.assign(amount=old["amount"] * factor),
            new.assign(amount=new["amount"] * factor),
            convention=convention,
        )
        np.testing.assert_allclose(effects_of(big), effects_of(d) * factor, rtol=1e-9, atol=1e-5)
