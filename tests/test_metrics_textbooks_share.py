"""Worked examples that others have published, of shares, distribution, concentration and sales against plan.

Where it says "from memory" the figures weren't looked up when the test was written.
"""

from __future__ import annotations

import pandas as pd
import pytest

from mktanalytics import metrics as mm

OCTOBER = pd.Timestamp("2026-10-01")

# ---- distribution (methods 1.1)


def distribution(outlets: dict[str, float], stocked: list[tuple[str, ...]], by: list[str]) -> pd.DataFrame:
    universe = pd.DataFrame(list(outlets.items()), columns=["outlet", "category_sales"])
    found = mm.outlet_distribution(universe, pd.DataFrame(stocked, columns=["outlet", *by]), by=by)
    return found.pivot(index=by, columns="metric", values="value")


def test_numeric_and_weighted_distribution_as_published() -> None:
    """A. Charan, Marketing Analytics, exhibit 28.12: X is in shops A, B, C of 5, 20, 25 %: 75 % and 50 %; Z: 50 % and 70 %."""
    stocked = [("A", "X"), ("B", "X"), ("C", "X"), ("B", "Z"), ("D", "Z")]
    found = distribution({"A": 5.0, "B": 20.0, "C": 25.0, "D": 50.0}, stocked, ["brand"])
    assert found.loc["X"].tolist() == [0.75, 0.5] and found.loc["Z"].tolist() == [0.5, 0.7]


def test_all_commodity_volume_as_published() -> None:
    """taezapresents.blogspot.com 2024/08, ACV & TDP: stores of 50, 70, 80 million, in the last two: 67 % and 75 % ACV.

    It prints 57.9 % for the first two, where its own formula gives 120 / 200: ours is 60 %.
    """
    stocked = [("B", "ours"), ("C", "ours"), ("A", "theirs"), ("B", "theirs")]
    found = distribution({"A": 50e6, "B": 70e6, "C": 80e6}, stocked, ["brand"])
    assert found.loc["ours"].round(2).tolist() == [0.67, 0.75]
    assert found.loc["theirs", "weighted_distribution"] == pytest.approx(0.60)


def test_numeric_distribution_of_a_pack_as_published() -> None:
    """Farris, Management by the Numbers, Distribution Measures: the twelve-count of Padre's tortillas: 2 of 4 stores, 50 %."""
    tortillas = {"Store 1": 1_000.0, "Store 2": 500.0, "Store 3": 300.0, "Store 4": 400.0}
    stores = {"12 ct": "14", "24 ct": "124"}
    stocked = [(f"Store {n}", "Padre's", pack) for pack, carrying in stores.items() for n in carrying]
    found = distribution(tortillas, stocked, ["brand", "pack"])
    assert found.loc[("Padre's", "12 ct"), "numeric_distribution"] == 0.5


# ---- where a brand is strong (methods 1.1)


@pytest.mark.parametrize(
    ("sold", "people", "published"),
    [
        # studylib.net/doc/8347697, Brand Development Index: 2.4 % of sales, 3.8 % of people; 2.9 % and 3.0 %
        (2.4, 3.8, 63), (2.9, 3.0, 97),
        # Farris et al., Marketing Metrics, 2.3, Oaties: a packet per 100 childless households, per 80 of all: 0.8;
        # were half of all households childless, they would buy 40 %
        (40.0, 50.0, 80),
    ],
)  # fmt: skip
def test_brand_development_as_published(sold, people, published) -> None:
    sales = pd.DataFrame({"region": ["here", "rest"], "amount": [sold, 100 - sold]})
    index = mm.development_index(sales, {"here": people, "rest": 100 - people}).set_index("region")["value"]
    assert round(index["here"]) == published


def test_share_index_of_cities_as_published() -> None:
    """M. Hillman, Index Numbers (coursehero 6225500): % of brand dollars over % of category dollars: 114, 65, 91."""
    cities = {
        "Seattle": (3.09, 2.71),
        "Portland": (6.74, 10.41),
        "Boston": (3.49, 3.85),
        "rest": (86.68, 83.03),
    }
    rows = [(city, "ours", 0.1 * own) for city, (own, _) in cities.items()]
    rows += [(city, "合计", whole) for city, (_, whole) in cities.items()]
    market = pd.DataFrame(rows, columns=["region", "brand", "amount"]).assign(month=OCTOBER)
    found = mm.share_index(market, OCTOBER, by="region")
    ours = found[found["brand"] == "ours"].set_index("region")["value"]
    assert ours[["Seattle", "Portland", "Boston"]].round().tolist() == [114, 65, 91]


@pytest.mark.parametrize(("own", "rival", "published"), [(0.20, 0.40, 0.5), (0.30, 0.20, 1.5)])
def test_relative_share_as_published(own, rival, published) -> None:
    """marketingstudyguide.com, BCG matrix formulas: 20 % against 40 % is 0.5, 30 % against 20 % is 1.5."""
    shares = pd.DataFrame({"brand": ["ours", "rival", "third"], "value": [own, rival, 0.1]})
    found = mm.relative_market_share(shares).set_index("brand")["value"]
    assert found["ours"] == pytest.approx(published)


# ---- concentration (methods 1.1, 1.4)


def points(percents: list[float]) -> float:
    firms = pd.DataFrame(
        {"brand": [f"firm {i}" for i in range(len(percents))], "value": [p / 100 for p in percents]}
    )
    return float(mm.hhi(firms)["value"].iloc[0]) * 10_000


@pytest.mark.parametrize(
    ("merged", "published"),
    [([25, 20, 15, 10, 8, 7, 6, 9], 1580), ([45, 15, 10, 8, 7, 6, 5, 4], 2540)],
)
def test_mergers_of_nine_firms_as_published(merged, published) -> None:
    """industrialorganization.blogspot.com, March 2006: 1,540 before; the two smallest merge: 1,580; the two largest: 2,540."""
    nine = [25, 20, 15, 10, 8, 7, 6, 5, 4]
    assert points(nine) == pytest.approx(1540)
    assert points(merged) == pytest.approx(published)


def test_a_merger_raises_the_index_by_twice_the_product_of_the_shares_as_published() -> None:
    """brainmass.com 171119: two firms of 20 % each: + 800, whatever the others have."""
    for others in ([60], [30, 30], [15] * 4):
        assert points([40, *others]) - points([20, 20, *others]) == pytest.approx(800)


def test_concentration_where_some_firms_are_unknown_as_published() -> None:
    """brainmass.com 70503, HHI: 70, 15 and 5 %, the rest unknown: 5,150, and 5,300 after the last two merge."""
    for percents, published in (([70, 15, 5], 5150), ([70, 20], 5300)):
        names = [f"firm {i}" for i in range(len(percents))]
        known = pd.DataFrame(
            {"brand": [*names, "其他"], "value": [*(p / 100 for p in percents), 1 - sum(percents) / 100]}
        )
        found = mm.hhi(known).iloc[0]
        assert found["value"] * 10_000 == pytest.approx(published) and found["upper"] > found["value"]
        assert mm.hhi_band(mm.hhi(known))["band"].item() == "high"


# ---- against plan (methods 1.2, 3)


@pytest.mark.parametrize(
    ("market", "share", "margin", "published"),
    [
        # Horngren, Cost Accounting ch. 14, Space Infonautics (scribd 488802133): 1,751,400 F and 1,251,000 U
        ((444_000, 500_000), (0.25, 0.23), 125.10, (1_751_400, -1_251_000)),
        # Kaplan, ACCA PM, Spike Co, December 2007 (opentuition.com/?p=405400): 20,000 and 16,000 units at 7
        ((1_800_000, 1_600_000), (0.10, 0.11), 7, (-140_000, 112_000)),
        # Fort co (opentuition.com/?p=504950): 900,000 adverse and 8,550,000 favourable
        ((300_000, 285_000), (0.10, 0.15), 600, (-900_000, 8_550_000)),
        # Leaf Limited, Kaplan Q138 (opentuition.com/topic/market-share-and-market-size-variances-kaplan-q137q138):
        # 302,400 adverse; 478,800 units at the planned share, 532,000 sold
        ((2_800_000, 2_660_000), (0.18, 0.20), 12, (-302_400, (532_000 - 478_800) * 12)),
        # Ice cream, solutioninn.com 10912316, questions 31 and 32: share 208 F, together 455 F
        ((60_000, 64_000), (0.0475, 0.05), 1.30, (455 - 208, 208)),
    ],
)
def test_market_size_and_share_variances_as_published(market, share, margin, published) -> None:
    item = {"item": "all", "market_plan": market[0], "market_actual": market[1],
            "share_plan": share[0], "share_actual": share[1], "margin_plan": float(margin)}  # fmt: skip
    found = mm.market_variances(pd.DataFrame([item])).iloc[0]
    assert found[["market_size", "market_share"]].tolist() == pytest.approx(published)
    assert found["sales_quantity"] == pytest.approx(sum(published))


def lines(**products: tuple[float, float]) -> pd.DataFrame:
    """One line per product: (units, price)."""
    rows = [(name, q, q * p) for name, (q, p) in products.items()]
    return pd.DataFrame(rows, columns=["product", "units", "amount"])


@pytest.mark.parametrize(
    ("plan", "actual", "published"),
    [
        # Kaplan, CIMA BA2 Integrated Workbook 2018, p. 129: contribution 60, price 15,000 A, volume 6,000 F, 9,000 A in all
        (lines(a=(2_000, 60)), lines(a=(2_100, 60 - 15_000 / 2_100)), {"price": -15_000, "volume": 6_000, "change": -9_000}),
        # BPP, CIMA C1 Fundamentals of Management Accounting, p. 180: 2,000 sold at 15.30 where 15 was standard: 600 F
        (lines(x=(2_000, 15)), lines(x=(2_000, 15.30)), {"price": 600, "volume": 0}),
        # CIMA Official Learning System C1, p. 130: 800 units more at a contribution of 35: 28,000 F
        (lines(a=(1_600, 35)), lines(a=(2_400, 35)), {"price": 0, "volume": 28_000}),
        # acowtancy.com, ACCA MA E2: 8,900 sold where 8,500 were planned, 700,000 taken where 100 each was standard
        (lines(a=(8_500, 100)), lines(a=(8_900, 700_000 / 8_900)), {"price": -190_000}),
        (lines(a=(8_500, 28)), lines(a=(8_900, 28)), {"volume": 11_200}),
        # acowtancy.com, CIMA BA2: 1,630 sold at 390 where 1,500 at 400 were planned: 16,300 A
        (lines(a=(1_500, 400)), lines(a=(1_630, 390)), {"price": -16_300}),
        # Paris Perfumery, solutioninn.com 10912316, question 21: margins 40 and 3.40, quantity 156,750 U
        (lines(amour=(10_000, 40), plaisir=(50_000, 3.4)), lines(amour=(7_500, 40), plaisir=(36_000, 3.4)), {"volume": -156_750}),
        # Kaplan, ACCA PM Integrated Workbook 2018-19, p. 282: tables, chairs, sideboards in the budgeted mix: 2,124,600 F
        (
            lines(tables=(8_000, 760), chairs=(26_000, 94), sideboards=(6_000, 940)),
            lines(tables=(9_200, 760), chairs=(29_900, 94), sideboards=(6_900, 940)),
            {"volume": 2_124_600, "mix": 0},
        ),
    ],
)  # fmt: skip
def test_sales_variances_as_published(plan, actual, published) -> None:
    total = mm.pvm_bridge(mm.price_volume_mix(plan, actual, convention="paasche")).iloc[0]
    assert total[list(published)].tolist() == pytest.approx(list(published.values()), abs=1e-6)


def test_what_some_call_mix_is_the_cross_term() -> None:
    """accountancyindex.com, Price Volume Mix Analysis: A, B, C; price on old units, units at old prices, "mix" the rest.

    By its formulas 2,500, 4,500 and 900 of a change of 7,900. The 900 would be 0 at unchanged prices, whatever the
    mix does: here it is the cross term, and of the 4,500 the mix is what the change of units alone doesn't explain.
    """
    old, new = lines(A=(1_000, 10), B=(800, 15), C=(500, 20)), lines(A=(1_000, 11), B=(700, 15), C=(800, 23))
    total = mm.pvm_bridge(mm.price_volume_mix(old, new, convention="three_term")).iloc[0]
    assert total[["price", "cross", "change"]].tolist() == pytest.approx([2_500, 900, 7_900])
    assert total["volume"] + total["mix"] == pytest.approx(4_500)
    assert total["volume"] == pytest.approx(200 * 32_000 / 2_300)


# ---- index numbers (methods 3.4)


def basket(**items: tuple[float, float, float, float]) -> pd.DataFrame:
    """The indices of items given by old price, old units, new price, new units."""
    old = lines(**{name: (q0, p0) for name, (p0, q0, _, _) in items.items()})
    new = lines(**{name: (q1, p1) for name, (_, _, p1, q1) in items.items()})
    return mm.price_quantity_indices(old, new).set_index("index")


def test_indices_of_fruit_as_published() -> None:
    """zhidao.baidu.com 489306742667416172: 拉氏价格指数 109.16 %, 帕氏销售量指数 112.77 %."""
    found = basket(
        a=(1.10, 120_000, 1.15, 150_000), b=(0.80, 200_000, 0.85, 210_000),
        c=(1.80, 80_000, 2.10, 70_000), d=(2.20, 30_000, 2.40, 50_000),
    )  # fmt: skip
    assert round(found.loc["laspeyres", "price"], 2) == 109.16
    assert round(found.loc["paasche", "quantity"], 2) == 112.77


def test_indices_of_food_as_published() -> None:
    """atozmath.com, index numbers, example 1: rice, milk, bread, bananas: 110.61, 110.16, 110.39."""
    found = basket(
        rice=(39, 1, 40, 1.5), milk=(40, 12, 44, 10), bread=(45, 2, 50, 1.5), banana=(30, 2, 36, 1.5)
    )
    assert found["price"].round(2).to_dict() == {"laspeyres": 110.61, "paasche": 110.16, "fisher": 110.39}
