"""Buyers, areas and portfolios: identities that hold exactly, golden examples, ties."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Status


@st.composite
def purchases(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abcdef"),
                st.sampled_from(["云岭", "清泉", "山谷"]),
                st.integers(-3, 9),
                st.integers(1, 4),
            ),
            min_size=1,
            max_size=30,
        )
    )
    frame = pd.DataFrame(rows, columns=["buyer", "brand", "units", "order_id"])
    return frame.assign(units=frame["units"].astype(float), order_id=frame["order_id"].astype(str))


@settings(max_examples=30, deadline=None)
@given(purchases())
def test_share_is_penetration_share_times_sor_times_heavy_usage(frame):
    drivers = mm.share_drivers(frame)
    product = drivers["penetration_share"] * drivers["share_of_requirements"] * drivers["heavy_usage_index"]
    assert np.allclose(drivers["share"], product)
    if len(drivers):
        assert drivers["share"].sum() == pytest.approx(1)
    parts = [mm.penetration_share(frame), mm.share_of_requirements(frame), mm.heavy_usage_index(frame)]
    for part, name in zip(
        parts, ("penetration_share", "share_of_requirements", "heavy_usage_index"), strict=True
    ):
        assert np.allclose(part["value"], drivers[name])


@settings(max_examples=20, deadline=None)
@given(purchases(), purchases())
def test_multiplicative_effects_add_exactly(now, base):
    out = mm.multiplicative_effects(mm.share_drivers(now), mm.share_drivers(base))
    ok = out[out["status"] == Status.OK]
    assert np.allclose(
        ok[["penetration_share", "share_of_requirements", "heavy_usage_index"]].sum(axis=1),
        ok["change"],
        atol=1e-9,
    )
    assert out.loc[out["status"] != Status.OK, "penetration_share"].isna().all()


@settings(max_examples=20, deadline=None)
@given(purchases(), st.integers(10, 1000))
def test_volume_is_population_times_penetration_times_frequency_times_units(frame, population):
    frame = frame[frame["units"] > 0]
    reach, often = mm.penetration(frame, population=population), mm.purchase_frequency(frame)
    both = reach.merge(often, on="brand", suffixes=("", "_f"))
    for row in both.itertuples():
        mine = frame[frame["brand"] == row.brand]
        per_purchase = mine["units"].sum() / row.numerator_f
        assert population * row.value * row.value_f * per_purchase == pytest.approx(mine["units"].sum())


def test_factors_of_a_product_share_its_change_by_their_logarithms():
    # ln 1.2 and ln 1.25 of ln 1.5, times the change of 0.1
    columns = ["brand", "share", "reach", "depth"]
    base = pd.DataFrame(
        [("甲", 0.2, 0.5, 0.4), ("乙", 0.0, 0.0, 0.3), ("丁", 0.1, 0.5, 0.2)], columns=columns
    )
    now = pd.DataFrame([("甲", 0.3, 0.6, 0.5), ("乙", 0.1, 0.2, 0.5), ("丙", 0.1, 0.2, 0.5)], columns=columns)
    out = mm.multiplicative_effects(now, base, factors=["reach", "depth"]).set_index("brand")
    assert out.loc["甲", ["reach", "depth"]].tolist() == pytest.approx([0.044966, 0.055034], abs=5e-7)
    assert out["status"].to_dict() == {"甲": "ok", "乙": "na_zero_base", "丙": "new", "丁": "discontinued"}
    assert out.loc[["乙", "丙", "丁"], ["reach", "depth"]].isna().all(axis=None)
    assert out.loc["乙", "change"] == pytest.approx(0.1)
    with pytest.raises(MetricError, match="share"):
        mm.multiplicative_effects(now.assign(share=0.9), base, factors=["reach", "depth"])


def test_what_came_back_is_no_purchase_and_who_returned_everything_no_buyer():
    rows = [
        ("a", "1", 1.0),
        ("a", "2", -0.5),
        ("a", "3", 0.0),
        ("b", "4", 2.0),
        ("b", "5", -2.0),
        (None, "6", None),
    ]
    purchases = pd.DataFrame(rows, columns=["buyer", "order_id", "units"]).assign(brand="云岭")
    often = mm.purchase_frequency(purchases).iloc[0]
    assert (often["value"], often["numerator"], often["denominator"]) == (1.0, 1, 1)
    again = pd.concat([purchases, purchases.head(1).assign(order_id="7")])
    assert mm.purchase_frequency(again)["value"].item() == 2.0
    assert mm.penetration(purchases, population=10)["value"].item() == 0.1


def test_more_buyers_than_people_are_told():
    purchases = pd.DataFrame({"buyer": list("abc"), "brand": "云岭", "units": 1.0})
    assert mm.penetration(purchases, population=3)["value"].item() == 1.0
    with pytest.raises(MetricError, match="3"):
        mm.penetration(purchases, population=2)


def test_an_area_where_nobody_lives_is_left_out_on_both_sides():
    sales = pd.DataFrame({"region": ["华东", "华南", "仓库"], "amount": [60.0, 40.0, 500.0]})
    out = mm.development_index(sales, {"华东": 2.0, "华南": 3.0, "仓库": 0.0}).set_index("region")
    assert out["value"].round(1).dropna().to_dict() == {"华东": 150.0, "华南": 66.7}
    assert out.loc["仓库", "status"] == Status.MISSING
    assert (out["note"] != "").to_dict() == {"华东": False, "华南": False, "仓库": True}
    gap = pd.concat([sales.head(2), pd.DataFrame({"region": ["华南"], "amount": [np.nan]})])
    status = mm.development_index(gap, {"华东": 2.0, "华南": 3.0}).set_index("region")["status"]
    assert status.to_dict() == {"华东": "ok", "华南": "na_missing"}
    nothing = mm.development_index(sales.assign(amount=0.0), {"华东": 2.0, "华南": 3.0, "仓库": 1.0})
    assert set(nothing["status"]) == {"na_zero_base"} and nothing["value"].isna().all()


def test_farris_penetration_and_the_flea_fogger():
    # Farris et al., Marketing Metrics, 2.4: 500 of 10,000 households bought Big Bomb, 2,000 any brand: 5 % and 25 %
    buyers = [f"h{i}" for i in range(2000)]
    frame = pd.DataFrame({"buyer": buyers, "brand": ["Big Bomb"] * 500 + ["other"] * 1500, "units": 1.0})
    assert mm.penetration(frame, population=10_000)["value"].iloc[0] == 0.05
    assert mm.penetration_share(frame)["value"].iloc[0] == 0.25


def test_farris_eat_wheats():
    # Farris et al. 2.4: a share of 6 %, a heavy usage index of 0.75 and an SOR of 40 % mean a penetration share of 20 %.
    # 100 category buyers; 20 buy Eat Wheats, 7.5 units a head of the category's 10, of which 40 % are Eat Wheats
    rows = [(f"w{i}", "Eat Wheats", 3.0) for i in range(20)] + [(f"w{i}", "other", 4.5) for i in range(20)]
    rows += [(f"o{i}", "other", 850 / 80) for i in range(80)]
    row = mm.share_drivers(pd.DataFrame(rows, columns=["buyer", "brand", "units"])).iloc[0]
    assert row[
        ["share", "penetration_share", "share_of_requirements", "heavy_usage_index"]
    ].tolist() == pytest.approx([0.06, 0.20, 0.40, 0.75])


def test_farris_heavy_usage_of_shower_fun():
    # Farris et al. 2.6: its buyers take six bottles, the average shampoo buyer four: 1.5
    rows = [("a", "Shower Fun", 6.0), ("b", "other", 2.0)]
    out = mm.heavy_usage_index(pd.DataFrame(rows, columns=["buyer", "brand", "units"]))
    assert out["value"].iloc[0] == 1.5


def test_bdi_and_cdi_of_exterior_paint_in_toledo():
    # Babson College, BDI/CDI: 1.17 % of brand sales, 0.72 % of category sales and 0.387 % of people: 302 and 186
    heads = {"Toledo": 0.387, "rest": 99.613}
    for share, index in ((1.17, 302), (0.72, 186)):
        sales = pd.DataFrame({"region": ["Toledo", "rest"], "amount": [share, 100 - share]})
        assert round(mm.development_index(sales, heads).set_index("region").loc["Toledo", "value"]) == index


def test_market_variances_of_dryers_and_washers():
    # an exercise after Horngren ch. 14: share 97,020 F and 414,750 U, size 161,920 U and 1,631,250 U
    items = pd.DataFrame(
        [
            ("dryer", 35_280.0, 50_000.0, 0.25, 0.20, 55.0),
            ("washer", 138_250.0, 160_000.0, 0.24, 0.25, 300.0),
        ],
        columns=["item", "market_actual", "market_plan", "share_actual", "share_plan", "margin_plan"],
    )
    out = mm.market_variances(items)
    assert out["market_share"].tolist() == pytest.approx([97_020, -414_750])
    assert out["market_size"].tolist() == pytest.approx([-161_920, -1_631_250])


def test_market_share_variance_of_a_textbook_case():
    # management accounting exercise: 160,000 units as planned, 16,000 sold for 15,000, a margin of $29: 29,000 F and 0
    item = pd.DataFrame(
        [("all", 160_000.0, 160_000.0, 0.1, 15 / 160, 29.0)],
        columns=["item", "market_actual", "market_plan", "share_actual", "share_plan", "margin_plan"],
    )
    row = mm.market_variances(item).iloc[0]
    assert (row["market_size"], row["market_share"]) == (0, pytest.approx(29_000))


def test_development_indices_leave_an_area_without_heads_out_on_both_sides():
    sales = pd.DataFrame({"region": ["华东", "华南", "西藏"], "amount": [60.0, 40.0, 9.0]})
    out = mm.development_index(sales, {"华东": 2.0, "华南": 3.0}).set_index("region")
    assert out.loc["华东", "value"] == pytest.approx(150)
    assert out.loc["西藏", "status"] == Status.MISSING
    assert out.loc["华东", "denominator"] == 20.0


numbers = st.floats(0, 1e6)


@settings(max_examples=30, deadline=None)
@given(numbers, numbers, st.floats(0, 1), st.floats(0, 1), st.floats(-100, 100))
def test_market_size_and_share_variances_sum_in_both_orders(m1, m0, s1, s0, margin):
    item = pd.DataFrame(
        [("水", m1, m0, s1, s0, margin)],
        columns=["item", "market_actual", "market_plan", "share_actual", "share_plan", "margin_plan"],
    )
    for order in ("size_first", "share_first"):
        row = mm.market_variances(item, order=order).iloc[0]
        assert row["market_size"] + row["market_share"] == pytest.approx(
            (m1 * s1 - m0 * s0) * margin, abs=1e-3
        )
        assert row["sales_quantity"] == pytest.approx(row["market_size"] + row["market_share"])


def test_on_the_cut_counts_as_high_and_without_a_competitor_a_unit_is_listed_only():
    units = pd.DataFrame(
        {
            "unit": list("甲乙丙丁戊"),
            "amount": 1.0,
            "relative_share": [1.0, 1.0, 0.9, 0.9, None],
            "market_growth": [0.10, 0.09, 0.10, 0.09, 0.5],
        }
    )
    out = mm.growth_share_matrix(units)
    assert out["quadrant"].tolist() == ["明星", "金牛", "问题", "瘦狗", ""]
    assert out["plotted"].tolist() == [True, True, True, True, False]
    assert mm.growth_share_matrix(units, growth_cut="mean")["growth_cut"].iloc[0] == pytest.approx(0.095)


def test_the_mean_growth_is_weighted_with_sales_and_there_is_none_without():
    units = pd.DataFrame(
        {"unit": list("甲乙丙"), "amount": [0.3, 0.1, -0.5], "relative_share": 2.0, "market_growth": [0.04, 0.12, 0.9]}
    )  # fmt: skip
    out = mm.growth_share_matrix(units, growth_cut="mean")
    assert out["growth_cut"].tolist() == pytest.approx([0.06] * 3)
    assert out["quadrant"].tolist() == ["金牛", "明星", "明星"]
    none = mm.growth_share_matrix(units.assign(amount=0.0), growth_cut="mean")
    assert none["growth_cut"].isna().all() and not none["plotted"].any() and set(none["quadrant"]) == {""}


def test_equal_growth_is_on_its_own_weighted_mean():
    units = pd.DataFrame(
        {"unit": list("甲乙丙"), "amount": [7.1, 3.3, 5.7], "relative_share": 2.0, "market_growth": 0.1}
    )
    for factor in (1, 3, 7, 1000):
        out = mm.growth_share_matrix(units.assign(amount=units["amount"] * factor), growth_cut="mean")
        assert set(out["quadrant"]) == {"明星"}


def test_the_item_that_crosses_the_line_goes_where_the_rule_says():
    items = pd.DataFrame({"product": list("甲乙丙丁"), "amount": [60.0, 30.0, 6.0, 4.0]})
    assert mm.abc_classes(items)["abc"].tolist() == ["A", "B", "C", "C"]
    assert mm.abc_classes(items, crossing="up")["abc"].tolist() == ["A", "A", "B", "C"]
    assert mm.abc_classes(pd.DataFrame({"product": ["甲", "乙"], "amount": [99.0, 1.0]}))["abc"].tolist() == [
        "A",
        "C",
    ]
    with pytest.raises(MetricError):
        mm.abc_classes(items, lines=(0.9, 0.5))


def test_an_item_that_ends_on_the_line_is_above_it():
    items = pd.DataFrame({"product": list("甲乙丙丁"), "amount": [50.0, 30.0, 15.0, 5.0]})
    for crossing in ("down", "up"):
        assert mm.abc_classes(items, crossing=crossing)["abc"].tolist() == ["A", "A", "B", "C"]
        in_yi = items.assign(amount=items["amount"] / 1000)
        assert mm.abc_classes(in_yi, crossing=crossing)["abc"].tolist() == ["A", "A", "B", "C"]


@pytest.mark.parametrize("edges", [(0.0, 0.9), (0.8, 0.8), (0.8, 1.0)])
def test_lines_between_classes_rise_within_the_whole(edges):
    with pytest.raises(MetricError, match="递增"):
        mm.abc_classes(pd.DataFrame({"product": ["甲"], "amount": [1.0]}), lines=edges)


def test_items_without_a_positive_value_are_none_of_the_top():
    items = pd.DataFrame({"product": list("甲乙丙丁戊"), "amount": [60.0, 40.0, 0.0, 0.0, -9.0]})
    half = mm.pareto_shares(items, tops=(0.5,)).iloc[0]
    assert (half["value"], half["n"], half["denominator"]) == (0.6, 1, 100)
    assert mm.pareto_shares(items, tops=(1.0,))["value"].item() == 1.0
    assert mm.pareto_shares(items.tail(3))["status"].tolist() == [Status.MISSING] * 3
    for top in (0.0, 1.1):
        with pytest.raises(MetricError, match="占比"):
            mm.pareto_shares(items, tops=(top,))
    single = mm.pareto_shares(items.head(1).assign(amount=0.5), tops=(1.0,))
    assert single["value"].item() == 1.0


def test_an_item_that_sold_nothing_is_c_and_one_below_zero_is_listed_apart():
    items = pd.DataFrame({"product": list("甲乙丙丁"), "amount": [80.0, 20.0, 0.0, -5.0]})
    assert mm.abc_classes(items)["abc"].tolist() == ["A", "C", "C", ""]
    assert mm.abc_classes(items, crossing="up")["abc"].tolist() == ["A", "B", "C", ""]
    assert set(mm.abc_classes(items.tail(2))["abc"]) == {""}  # nothing to share out


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-5, 30), min_size=1, max_size=20), st.sampled_from(["down", "up"]))
def test_abc_keeps_equal_values_together_and_classes_in_order(amounts, crossing):
    items = pd.DataFrame(
        {"product": [f"p{i:02d}" for i in range(len(amounts))], "amount": [float(a) for a in amounts]}
    )
    out = mm.abc_classes(items, crossing=crossing)
    inside = out[out["abc"] != ""]
    assert inside.groupby("value")["abc"].nunique().le(1).all()
    assert inside["abc"].is_monotonic_increasing and set(out.loc[out["value"] < 0, "abc"]) <= {""}
    assert inside.empty or (
        inside["abc"].iloc[0] == "A" and inside["cumulative"].iloc[-1] == pytest.approx(1)
    )
    pd.testing.assert_frame_equal(out, mm.abc_classes(items.iloc[::-1], crossing=crossing))


def test_the_true_concentration_is_reported():
    items = pd.DataFrame({"product": range(10), "amount": [10.0] * 10})
    assert mm.pareto_shares(items)["value"].tolist() == pytest.approx([0.1, 0.2, 0.5])
