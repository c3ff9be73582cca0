"""Market share: golden examples, and the laws of methods 1 and appendix B on generated markets."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import RECORD, Status

BRANDS = ["云岭", "清泉", "山谷", "晨露"]
REGIONS = ["华东", "华南"]
CATEGORIES = ["水", "茶"]
OCTOBER = pd.Timestamp("2026-10-01")


def frame(rows: list[tuple], columns: str = "month region brand amount") -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=columns.split())
    return out.assign(month=pd.to_datetime(out["month"]))


def one(result: pd.DataFrame, **keys: str) -> pd.Series:
    for column, value in keys.items():
        result = result[result[column] == value]
    assert len(result) == 1, result
    return result.iloc[0]


@st.composite
def markets(draw: st.DrawFn, months: int = 2, total: bool | None = None, gaps: bool = False) -> pd.DataFrame:
    """A market of up to 4 brands x 2 regions x 2 categories, with zeros, new and vanished keys, shuffled."""
    printed = draw(st.booleans()) if total is None else total
    rows = []
    for number in range(months):
        month = OCTOBER - pd.DateOffset(months=12 * (months - 1 - number))
        for region in REGIONS:
            for category in CATEGORIES:
                if gaps and draw(st.booleans()):
                    continue
                amounts = draw(st.lists(st.integers(0, 10**6), min_size=len(BRANDS), max_size=len(BRANDS)))
                here = [b for b in BRANDS if not gaps or draw(st.booleans())]
                rows += [
                    (month, region, category, b, float(a), float(a // 7))
                    for b, a in zip(here, amounts, strict=False)
                ]
                if printed:
                    rest = draw(st.integers(0, 10**6))
                    rows.append(
                        (
                            month,
                            region,
                            category,
                            "合计",
                            sum(amounts) + rest,
                            sum(a // 7 for a in amounts) + rest // 7,
                        )
                    )
    out = frame(rows, "month region category brand amount units")
    return out.sample(frac=1, random_state=draw(st.integers(0, 99))).reset_index(drop=True)


def test_the_market_is_the_printed_total_and_the_remainder_is_the_others():
    market = frame(
        [("2026-10", "华东", "云岭", 30), ("2026-10", "华东", "清泉", 50), ("2026-10", "华东", "合计", 100)]
    )
    shares = mm.market_share(market, "2026-10")
    assert one(shares, brand="云岭")["value"] == 0.3
    assert one(shares, brand="其他")["numerator"] == 20
    assert "差额" in one(shares, brand="其他")["note"]


def test_without_a_total_the_market_is_the_sum_of_the_brands_and_the_note_says_so():
    shares = mm.market_share(
        frame([("2026-10", "华东", "云岭", 30), ("2026-10", "华东", "清泉", 50)]), "2026-10"
    )
    assert one(shares, brand="云岭")["value"] == 30 / 80
    assert "各品牌之和" in one(shares, brand="云岭")["note"]


def test_a_region_is_never_counted_twice_when_the_sheet_has_a_national_row():
    market = frame(
        [("2026-10", r, b, v) for r, b, v in
         [("华东", "云岭", 30), ("华南", "云岭", 10), ("全国", "云岭", 40), ("华东", "清泉", 30), ("华南", "清泉", 30), ("全国", "清泉", 60)]]
    )  # fmt: skip
    assert one(mm.market_share(market, "2026-10"), brand="云岭")["denominator"] == 100
    assert set(mm.market_share(market, "2026-10", by=["region"])["region"]) == {"华东", "华南"}


def test_a_month_missing_from_the_span_is_missing_not_zero():
    market = frame([(f"2026-{m:02d}", "华东", b, 10) for m in (1, 2, 4) for b in ("云岭", "清泉")])
    ytd = one(mm.market_share(market, "2026-04", span="ytd"), brand="云岭")
    assert (ytd["status"], ytd["note"].split("；")[0]) == (Status.MISSING, "缺1个月的数据")
    assert np.isnan(ytd["value"])


def test_a_region_missing_from_one_month_makes_the_national_share_missing_but_not_the_other_regions():
    rows = [(f"2026-{m:02d}", r, b, 10) for m in (8, 9, 10) for r in REGIONS for b in BRANDS]
    market = frame([r for r in rows if r[:2] != ("2026-10", "华南")])
    assert set(mm.market_share(market, "2026-10")["status"]) == {str(Status.MISSING)}
    by_region = mm.market_share(market, "2026-10", by=["region"]).groupby("region")["status"].first()
    assert by_region.to_dict() == {"华东": "ok", "华南": "na_missing"}


def test_quarters_are_never_mixed_with_months():
    market = frame(
        [("2026-10", "华东", "云岭", 10), ("2026-10", "华东", "清泉", 10), ("2026-10", "华东", "云岭", 99)]
    )
    market["period"] = ["month", "month", "quarter"]
    assert one(mm.market_share(market, "2026-10"), brand="云岭")["numerator"] == 10
    assert one(mm.market_share(market, "2026-10", period="quarter"), brand="云岭")["numerator"] == 99


def test_a_market_of_quarters_alone_is_refused_for_a_month():
    market = frame([("2026-10", "华东", "云岭", 10)]).assign(period="quarter")
    with pytest.raises(MetricError, match="quarter"):
        mm.market_share(market, "2026-10")


def test_the_brand_is_a_key_whether_asked_for_or_not():
    market = frame([("2026-10", "华东", "云岭", 10), ("2026-10", "华东", "清泉", 30)])
    pd.testing.assert_frame_equal(
        mm.market_share(market, "2026-10", by=["region", "brand"]),
        mm.market_share(market, "2026-10", by=["region"]),
    )


def test_a_source_is_chosen_and_named_and_an_unknown_one_refused():
    market = frame(
        [("2026-10", "华东", "云岭", 10), ("2026-10", "华东", "清泉", 10), ("2026-10", "华东", "云岭", 50)]
    )
    market["source"] = ["协会", "协会", "零售监测"]
    assert "协会" in mm.market_share(market, "2026-10")["note"].iloc[0]
    assert one(mm.market_share(market, "2026-10", source="零售监测"), brand="云岭")["value"] == 1.0
    with pytest.raises(MetricError, match="协会, 零售监测"):
        mm.market_share(market, "2026-10", source="海关")


def test_levels_use_the_latest_vintage_and_changes_one_vintage_for_both_sides():
    rows = [
        ("2025-10", "华东", "云岭", 20),
        ("2025-10", "华东", "合计", 100),
        ("2026-10", "华东", "云岭", 30),
        ("2026-10", "华东", "合计", 100),
    ]
    old = frame(rows[:2]).assign(vintage=pd.Timestamp("2025-11-15"))
    new = frame([*[(m, r, b, v + (5 if b == "云岭" else 0)) for m, r, b, v in rows]]).assign(
        vintage=pd.Timestamp("2026-11-15")
    )
    market = pd.concat([old, new])
    assert one(mm.market_share(market, "2025-10"), brand="云岭")["value"] == 0.25
    assert one(mm.market_share_change(market, "2026-10"), brand="云岭")["value"] == pytest.approx(0.10)
    only_now = pd.concat(
        [
            old.assign(amount=old["amount"] + 1),
            old.assign(vintage=pd.Timestamp("2025-12-15")),
            new[new["month"] == OCTOBER],
        ]
    )
    split = one(mm.market_share_change(only_now, "2026-10"), brand="云岭")
    assert (split["status"], "版本" in split["note"]) == (Status.MISSING, True)


def test_printed_shares_are_used_as_they_are_and_never_summed():
    market = frame(
        [("2026-10", "华东", "云岭", 0.3), ("2026-10", "华南", "云岭", 0.1)], "month region brand value_share"
    )
    assert one(mm.market_share(market, "2026-10", by=["region"]), region="华东")["value"] == 0.3
    whole = one(mm.market_share(market, "2026-10"), brand="云岭")
    assert (whole["status"], "不能跨细分相加" in whole["note"]) == (Status.MISSING, True)


def test_printed_shares_of_own_brands_in_one_market_may_be_added():
    market = frame(
        [("2026-10", "华东", "云岭", 0.3), ("2026-10", "华东", "清泉", 0.1)], "month region brand value_share"
    )
    whole = one(mm.market_share(market, "2026-10", groups={"自有": ["云岭", "清泉"]}), brand="自有")
    assert (whole["value"], whole["status"]) == (pytest.approx(0.4), "ok")


def test_a_region_that_was_reorganised_is_not_missing_but_a_brand_nobody_reported_is():
    rows = [(f"2026-{m:02d}", "华中", b, 10) for m in (8, 9) for b in BRANDS]
    rows += [("2026-10", "中南", b, 10) for b in BRANDS]
    assert set(mm.market_share(frame(rows), "2026-10")["status"]) == {"ok"}
    rows = [(f"2026-{m:02d}", "华中", b, 10) for m in (8, 9) for b in BRANDS]
    rows += [("2026-10", "华中", b, 10) for b in [*BRANDS[1:], "新品牌"]]
    assert set(mm.market_share(frame(rows), "2026-10")["status"]) == {"na_missing"}


def test_the_source_says_how_much_of_the_market_it_sees():
    market = frame([("2026-10", "华东", "云岭", 30), ("2026-10", "华东", "清泉", 70)]).assign(coverage=0.85)
    assert "来源覆盖市场的85%" in mm.market_share(market, "2026-10")["note"].iloc[0]


def test_change_is_in_points_with_the_relative_change_beside_it():
    market = frame(
        [
            ("2025-10", "华东", "云岭", 20),
            ("2025-10", "华东", "合计", 100),
            ("2026-10", "华东", "云岭", 25),
            ("2026-10", "华东", "合计", 100),
        ]
    )
    row = one(mm.market_share_change(market, "2026-10"), brand="云岭")
    assert (row["value"], row["unit"], row["relative_change"]) == (
        pytest.approx(0.05),
        "pp",
        pytest.approx(0.25),
    )
    assert one(mm.evolution_index(market, "2026-10"), brand="云岭")["value"] == pytest.approx(125)


def test_a_new_brand_is_new_and_a_missing_base_month_is_missing():
    market = frame(
        [("2025-10", "华东", "清泉", 20), ("2026-10", "华东", "清泉", 20), ("2026-10", "华东", "云岭", 5)]
    )
    assert one(mm.market_share_change(market, "2026-10"), brand="云岭")["status"] == Status.NEW
    assert set(mm.market_share_change(market[market["month"] == OCTOBER], "2026-10")["status"]) == {
        "na_missing"
    }


def test_an_own_group_is_missing_when_a_member_is():
    rows = [(f"2026-{m:02d}", "华东", b, 10) for m in (8, 9, 10) for b in [*BRANDS, "合计"]]
    market = frame([r for r in rows if r[:3] != ("2026-10", "华东", "清泉")])
    shares = mm.market_share(market, "2026-10", groups={"自有": ["云岭", "清泉"]})
    assert one(shares, brand="自有")["status"] == Status.MISSING
    assert one(shares, brand="云岭")["status"] == Status.OK


def test_ranks_name_their_method_and_ties_are_in_the_order_of_the_name():
    shares = pd.DataFrame(
        {"brand": ["丁", "丙", "乙", "甲", "其他"], "value": [0.1, 0.2, 0.2, 0.3, 0.2], "status": "ok"}
    )
    assert mm.share_rank(shares)["rank"].tolist()[:4] == [1, 2, 2, 4]
    assert mm.share_rank(shares, method="dense")["rank"].tolist()[:4] == [1, 2, 2, 3]
    assert mm.share_rank(shares, method="average")["rank"].tolist()[:4] == [1, 2.5, 2.5, 4]
    assert mm.share_rank(shares)["brand"].tolist() == ["甲", "丙", "乙", "丁", "其他"]


def test_two_tied_leaders_have_a_relative_share_of_exactly_one():
    shares = pd.DataFrame({"brand": ["云岭", "清泉", "山谷"], "value": [0.4, 0.4, 0.2], "status": "ok"})
    relative = mm.relative_market_share(shares)
    assert one(relative, brand="云岭")["value"] == 1.0
    assert one(relative, brand="清泉")["value"] == 1.0
    assert one(relative, brand="山谷")["value"] == 0.5


def test_concentration_is_of_four_firms_unless_said_and_of_one_at_least():
    shares = pd.DataFrame({"brand": list("甲乙丙丁戊"), "value": [0.1, 0.3, 0.15, 0.25, 0.2]})
    assert mm.concentration_ratio(shares)["value"].item() == pytest.approx(0.9)
    largest = mm.concentration_ratio(shares, 1).iloc[0]
    assert largest[["value", "numerator", "denominator", "n"]].tolist() == [0.3, 0.3, 1.0, 1]
    with pytest.raises(MetricError, match="CRn"):
        mm.concentration_ratio(shares, 0)


def test_without_a_known_firm_there_is_no_concentration():
    rest = pd.DataFrame({"brand": ["其他"], "value": [1.0]})
    assert mm.hhi(rest)["status"].item() == mm.concentration_ratio(rest)["status"].item() == Status.MISSING
    alone = pd.DataFrame({"brand": ["甲"], "value": [1.0]})
    assert mm.concentration_ratio(alone)["value"].item() == mm.hhi(alone)["value"].item() == 1
    nothing = pd.DataFrame({"brand": ["甲", "其他"], "value": [0.0, 1.0]})
    bounds = mm.hhi(nothing).iloc[0]
    assert bounds["value"] == 0 and np.isnan(bounds["upper"]) and np.isnan(bounds["effective_firms"])


def test_concentration_of_segments_by_one_column_and_by_two():
    rows = [(r, c, b, v) for r, c, v in (("华东", "水", 0.5), ("华东", "茶", 0.2), ("华南", "水", 0.1)) for b, v in (("甲", v), ("乙", 1 - v))]  # fmt: skip
    shares = pd.DataFrame(rows, columns=["region", "category", "brand", "value"])
    two = mm.hhi(shares, by=["region", "category"]).set_index(["region", "category"])["value"]
    assert two.to_dict() == pytest.approx({("华东", "水"): 0.5, ("华东", "茶"): 0.68, ("华南", "水"): 0.82})
    water = shares[shares["category"] == "水"]
    one_column = mm.concentration_ratio(water, 1, by="region").set_index("region")["value"]
    assert one_column.to_dict() == {"华东": 0.5, "华南": 0.9}


def test_prices_against_the_market_and_against_the_competitors_alone():
    market = frame([(OCTOBER, b, v, q) for b, v, q in (("云岭", 60, 10), ("清泉", 30, 10), ("山谷", 30, 20))], "month brand amount units")  # fmt: skip
    index = {v: mm.relative_price_index(market, OCTOBER, versus=v).set_index("brand") for v in ("market", "competitors")}  # fmt: skip
    assert index["market"]["value"].to_dict() == pytest.approx({"云岭": 2.0, "清泉": 1.0, "山谷": 0.5})
    assert index["competitors"]["value"].to_dict() == pytest.approx({"云岭": 3.0, "清泉": 1.0, "山谷": 1 / 3})
    assert index["competitors"]["denominator"].to_dict() == pytest.approx({"云岭": 2, "清泉": 3, "山谷": 4.5})
    unsold = mm.relative_price_index(market.assign(units=[0.0, 10, 20]), OCTOBER).set_index("brand")
    assert unsold.loc["云岭", "status"] == Status.ZERO_BASE and unsold.loc["清泉", "status"] == Status.OK
    gap = pd.concat([market, frame([(OCTOBER, "晨露", 80, None)], "month brand amount units")])
    half = mm.relative_price_index(gap, OCTOBER).set_index("brand")["value"]
    assert half.to_dict() == pytest.approx(
        {"云岭": 2.0, "清泉": 1.0, "山谷": 0.5}
    )  # a row without units counts on no side


def test_prices_of_printed_shares_have_no_side_without_the_brand():
    printed = frame(
        [(OCTOBER, "云岭", 0.3, 0.2), (OCTOBER, "清泉", 0.7, 0.8)], "month brand value_share volume_share"
    )
    found = mm.relative_price_index(printed, OCTOBER)["value"].tolist()
    assert found == pytest.approx([1.5, 0.875])
    others = mm.relative_price_index(printed, OCTOBER, versus="competitors")
    assert others["value"].isna().all() and set(others["status"]) == {Status.MISSING}


def test_the_others_are_no_competitor_and_a_missing_share_may_be_the_largest():
    shares = pd.DataFrame({"brand": ["云岭", "清泉", "其他"], "value": [0.3, 0.2, 0.5]})
    found = mm.relative_market_share(shares).set_index("brand")
    assert found["competitor"].to_dict() == {"云岭": "清泉", "清泉": "云岭", "其他": ""}
    assert found["status"].to_dict() == {"云岭": "ok", "清泉": "ok", "其他": "na_missing"}
    assert set(found["note"]) == {""} and found["n"].tolist() == [2, 2, 2]
    alone = mm.relative_market_share(shares.drop(index=1)).set_index("brand")
    assert alone["status"].to_dict() == {"云岭": "na_missing", "其他": "na_missing"}
    assert (alone["note"] != "").to_dict() == {"云岭": True, "其他": False}
    gap = mm.relative_market_share(shares.assign(value=[0.3, None, 0.5]))
    assert set(gap["status"]) == {Status.MISSING} and set(gap["competitor"]) == {""}
    nothing = mm.relative_market_share(shares.assign(value=[0.3, 0.0, 0.7])).set_index("brand")
    assert nothing.loc["云岭", "status"] == Status.ZERO_BASE and nothing.loc["清泉", "value"] == 0


def test_relative_shares_and_ranks_in_each_segment():
    rows = [
        ("华东", "甲", 0.5),
        ("华东", "乙", 0.25),
        ("华东", "丙", 0.25),
        ("华南", "甲", 0.2),
        ("华南", "乙", 0.8),
    ]
    shares = pd.DataFrame(rows, columns=["region", "brand", "value"])
    found = mm.relative_market_share(shares, by="region").set_index(["region", "brand"])
    assert found["value"].tolist() == pytest.approx([0.5, 0.5, 2.0, 4.0, 0.25])
    assert found["competitor"].tolist() == ["甲", "甲", "丙", "甲", "乙"]
    assert found.loc["华东", "n"].tolist() == [3, 3, 3] and found.loc["华南", "n"].tolist() == [2, 2]
    ranks = mm.share_rank(shares, by="region")
    assert ranks["rank"].tolist() == [1, 2, 2, 1, 2] and ranks["of"].tolist() == [3, 3, 3, 2, 2]
    assert ranks["tied"].tolist() == [False, True, True, False, False]


def test_a_negative_share_is_none_of_the_largest():
    shares = pd.DataFrame({"brand": list("甲乙丙"), "value": [0.6, 0.5, -0.1]})
    row = mm.concentration_ratio(shares, 3).iloc[0]
    assert (row["value"], row["n"]) == (pytest.approx(1.1), 2)
    squares = mm.hhi(shares.assign(value=[0.6, 0.4, -0.1])).iloc[0]
    assert (squares["value"], squares["n"]) == (pytest.approx(0.52), 2) and "丙" in squares["note"]
    assert mm.hhi(shares.head(2).assign(value=[0.6, 0.4]))["note"].item() == ""


def test_hhi_points_bounds_and_effective_number():
    # Farris et al. ch. 2: five equal firms have an HHI of 2000 points
    equal = pd.DataFrame({"brand": list("abcde"), "value": [0.2] * 5, "status": "ok"})
    row = mm.hhi(equal).iloc[0]
    assert row["value"] * 10_000 == pytest.approx(2000)
    assert (row["upper"], row["effective_firms"]) == (pytest.approx(0.2), pytest.approx(5))
    # US DOJ, "Herfindahl-Hirschman Index": shares of 30, 30, 20 and 20 percent have an HHI of 2600
    doj = pd.DataFrame({"brand": list("abcd"), "value": [0.3, 0.3, 0.2, 0.2], "status": "ok"})
    assert mm.hhi(doj)["value"].iloc[0] * 10_000 == pytest.approx(2600)


def test_bands_of_the_guidelines_are_open_above():
    # US Merger Guidelines 2023: "greater than 1,800" is highly concentrated; on 1,800 or 1,000 a market isn't above it
    values = [0.18, 0.1 + 0.08, 0.1800001, 0.1, 0.0999999, 0.3**2 + 0.1**2]
    index = pd.DataFrame({"value": values, "upper": values})
    expected = ["moderate", "moderate", "high", "moderate", "unconcentrated", "moderate"]
    assert mm.hhi_band(index)["band"].tolist() == expected


def test_concentration_of_published_examples_and_the_bounds_hold_the_truth():
    # CFA reading: 50, 30 and 20 of 200 and ten firms of 10 each: CR3 0.50, HHI 0.12
    sizes = [50, 30, 20, *[10] * 10]
    full = pd.DataFrame(
        {"brand": [f"f{i}" for i in range(13)], "value": [s / 200 for s in sizes], "status": "ok"}
    )
    assert mm.concentration_ratio(full, 3)["value"].iloc[0] == pytest.approx(0.50)
    assert mm.hhi(full)["value"].iloc[0] == pytest.approx(0.12)
    known = pd.concat([full.head(3), pd.DataFrame({"brand": ["其他"], "value": [0.5], "status": ["ok"]})])
    bounds = mm.hhi(known).iloc[0]
    assert bounds["value"] < 0.12 < bounds["upper"]
    assert mm.concentration_ratio(known, 3)["value"].iloc[0] == pytest.approx(0.50)
    # Investopedia, CFA level 1: 30, 30, 20, 15 and 5 percent: CR3 80 %, HHI 0.245
    five = pd.DataFrame({"brand": list("abcde"), "value": [0.3, 0.3, 0.2, 0.15, 0.05], "status": "ok"})
    assert mm.concentration_ratio(five, 3)["value"].iloc[0] == pytest.approx(0.8)
    assert mm.hhi(five)["value"].iloc[0] == pytest.approx(0.245)


def test_the_small_urban_cars_of_farris():
    # Farris et al., Marketing Metrics, 2.2: five makers, 50,000 cars; A-One's relative share is 50 % of revenue and 30 % of
    # units, the three largest make 85 % of the units, and the Herfindahl index is 0.325
    names = ["Zipper", "Twister", "A-One", "Bowlz", "Chien"]
    cars = pd.DataFrame(
        {"month": OCTOBER, "brand": names, "units": [25_000.0, 10_000, 7_500, 5_000, 2_500],
         "amount": [375_000.0, 200_000, 187_500, 125_000, 50_000]}
    )  # fmt: skip
    units, revenue = (mm.market_share(cars, OCTOBER, measure=m) for m in ("units", "amount"))
    assert one(mm.relative_market_share(revenue), brand="A-One")["value"] == pytest.approx(0.5)
    assert one(mm.relative_market_share(units), brand="A-One")["value"] == pytest.approx(0.3)
    assert mm.concentration_ratio(units, 3)["value"].iloc[0] == pytest.approx(0.85)
    assert mm.hhi(units)["value"].iloc[0] == pytest.approx(0.325)


def test_a_plain_table_of_shares_is_enough_and_percents_are_refused():
    # US DOJ, "Herfindahl-Hirschman Index": 30, 30, 20 and 20 percent: 2,600
    plain = pd.DataFrame({"brand": list("abcd"), "value": [0.3, 0.3, 0.2, 0.2]})
    assert mm.hhi(plain)["value"].iloc[0] * 10_000 == pytest.approx(2600)
    assert mm.concentration_ratio(plain, 2)["value"].iloc[0] == pytest.approx(0.6)
    assert mm.relative_market_share(plain)["value"].tolist() == pytest.approx([1, 1, 2 / 3, 2 / 3])
    assert mm.share_rank(plain)["rank"].tolist() == [1, 1, 3, 3]
    percent = plain.assign(value=plain["value"] * 100)
    for metric in (mm.hhi, mm.concentration_ratio, mm.relative_market_share, mm.share_rank):
        with pytest.raises(MetricError, match="小数"):
            metric(percent)
    gap = plain.assign(value=[0.3, None, 0.2, 0.2])
    assert mm.hhi(gap)["status"].iloc[0] == Status.MISSING


def test_total_distribution_points_of_three_ice_creams():
    # SPINS, "What is TDP?": vanilla and chocolate in all stores, cookie dough in about half of them: 250
    products = pd.DataFrame(
        {"brand": "ice", "product": list("vck"), "weighted_distribution": [1.0, 1.0, 0.5]}
    )
    assert mm.total_distribution_points(products)["value"].iloc[0] == pytest.approx(250)
    percents = products.assign(weighted_distribution=[100.0, 100.0, 50.0])
    with pytest.raises(MetricError, match="小数"):
        mm.total_distribution_points(percents)


def test_a_share_index_compares_a_segment_with_the_whole():
    market = frame(
        [("2026-10", "华东", "云岭", 30), ("2026-10", "华东", "合计", 100),
         ("2026-10", "华南", "云岭", 10), ("2026-10", "华南", "合计", 100), ("2026-10", "华北", "清泉", 10)]
    )  # fmt: skip
    out = mm.share_index(market[market["region"] != "华北"], "2026-10", by=["region"])
    mine = out[out["brand"] == "云岭"].set_index("region")
    assert mine["value"].to_dict() == pytest.approx({"华东": 150, "华南": 50})
    assert mine.loc["华东", ["numerator", "denominator"]].tolist() == pytest.approx([0.3, 0.2])
    nothing = market.assign(amount=[0.0, 100, 0, 100, 10])
    assert (
        one(mm.share_index(nothing, "2026-10", by=["region"]), brand="云岭", region="华东")["status"]
        == Status.ZERO_BASE
    )
    with pytest.raises(MetricError, match="细分"):
        mm.share_index(market, "2026-10", by=[])


def test_a_brand_missing_from_one_region_leaves_every_effect_missing():
    months = ["2025-09", "2025-10", "2025-11", "2026-10"]
    rows = [(m, r, b, v) for m in months for r in REGIONS for b, v in (("云岭", 30), ("合计", 100))]
    whole = mm.share_change_effects(frame(rows, "month region brand amount"), OCTOBER, brands="云岭")
    assert set(whole["status"]) == {"ok"} and (whole["total"] == 0).all() and set(whole["note"]) == {""}
    gap = [row for row in rows if row[:3] != ("2025-10", "华南", "云岭")]
    out = mm.share_change_effects(frame(gap, "month region brand amount"), OCTOBER, brands="云岭")
    assert set(out["status"]) == {Status.MISSING} and "缺1项" in out["note"].iloc[0]
    assert out[["within", "mix", "total", "weight_now"]].isna().all(axis=None)


def test_the_lines_of_a_mix_depend_on_what_it_is_measured_against_and_their_sum_does_not():
    # weights 1/2 and 1/2, then 3/5 and 2/5; shares 0.4 and 0.2, then 0.4 and 0.25: whole 0.30, then 0.34
    segments = pd.DataFrame(
        {"segment": ["a", "b"], "market_base": 50.0, "market_now": [60.0, 40.0], "own_base": [20.0, 10.0], "own_now": [24.0, 10.0]}
    )  # fmt: skip
    lines = {form: mm.share_effects(segments, form=form) for form in ("mean", "kitagawa", "three_term")}
    assert lines["mean"]["mix"].tolist() == pytest.approx([0.1 * (0.4 - 0.32), -0.1 * (0.225 - 0.32)])
    assert lines["kitagawa"]["mix"].tolist() == pytest.approx([0.1 * 0.4, -0.1 * 0.225])
    assert lines["three_term"]["mix"].tolist() == pytest.approx([0.1 * 0.4, -0.1 * 0.2])
    assert lines["three_term"]["interaction"].tolist() == pytest.approx([0, -0.1 * 0.05])
    for form in ("mean", "kitagawa"):
        assert lines[form]["within"].tolist() == pytest.approx([0, 0.05 * 0.45])
        assert (lines[form]["interaction"] == 0).all()
    assert [line["total"].sum() for line in lines.values()] == pytest.approx([0.04] * 3)
    numbers = ["market_base", "market_now", "own_base", "own_now"]
    in_yi = mm.share_effects(segments.assign(**{c: segments[c] / 1e4 for c in numbers}))
    assert in_yi["total"].tolist() == pytest.approx(lines["mean"]["total"].tolist())


@pytest.mark.parametrize("side", ["market_base", "market_now"])
def test_effects_need_a_market_in_both_periods(side):
    segments = pd.DataFrame(
        {"segment": ["a"], "market_base": 9.0, "market_now": 9.0, "own_base": 1.0, "own_now": 1.0}
    )
    with pytest.raises(MetricError, match="市场总量"):
        mm.share_effects(segments.assign(**{side: 0.0}))


def test_distribution_of_madres_tortillas():
    # Farris, Management by the Numbers, numeric distribution: 3 of 4 stores: 75 %; PCV 1,800 of 2,200: 81.8 %
    outlets = pd.DataFrame({"outlet": ["1", "2", "3", "4"], "category_sales": [1000.0, 500.0, 300.0, 400.0]})
    stocked = pd.DataFrame(
        {"outlet": ["1", "1", "2", "3", "1", "2", "4"], "brand": ["Madre"] * 4 + ["Padre"] * 3}
    )
    out = mm.outlet_distribution(outlets, stocked)
    assert out.loc[out["brand"] == "Madre", "value"].tolist() == pytest.approx([0.75, 1800 / 2200])
    with pytest.raises(MetricError, match="9"):
        mm.outlet_distribution(outlets, pd.DataFrame({"outlet": ["9"], "brand": ["Madre"]}))


def test_weighted_distribution_is_rolled_up_by_category_sales_and_needs_them():
    market = frame([("2026-10", "华东", "云岭", 20), ("2026-10", "华南", "云岭", 10)]).assign(
        weighted_distribution=[0.8, 0.4]
    )
    assert mm.weighted_distribution(market, "2026-10")["status"].iloc[0] == Status.MISSING
    total = frame([("2026-10", "华东", "合计", 300), ("2026-10", "华南", "合计", 100)])
    whole = mm.weighted_distribution(pd.concat([market, total]), "2026-10")
    assert whole["value"].iloc[0] == pytest.approx(0.7)


def test_numeric_distribution_is_not_summed_over_categories():
    market = frame(
        [("2026-10", "水", "云岭", 60, 100), ("2026-10", "茶", "云岭", 30, 100)],
        "month category brand outlets_stocking outlets_total",
    )
    assert mm.numeric_distribution(market, "2026-10")["status"].iloc[0] == Status.MISSING
    assert mm.numeric_distribution(market, "2026-10", by=["category"])["value"].tolist() == [0.6, 0.3]


def test_numeric_distribution_leaves_half_rows_out_and_says_so():
    market = frame(
        [("2026-10", "华东", "云岭", 60, 100), ("2026-10", "华南", "云岭", 30, 200), ("2026-10", "华北", "云岭", 9, None),
         ("2026-10", "华东", "清泉", None, 100), ("2026-10", "华东", "合计", 90, 100), ("2026-09", "华东", "云岭", 1, 100)],
        "month region brand outlets_stocking outlets_total",
    )  # fmt: skip
    out = mm.numeric_distribution(market, "2026-10").set_index("brand")
    assert out.loc["云岭", ["value", "numerator", "denominator", "n"]].tolist() == [0.3, 90, 300, 2]
    assert out.loc["清泉", "status"] == Status.MISSING and out.loc["清泉", "n"] == 0
    assert "1" in out.loc["云岭", "note"] and "合计" not in out.index
    east = mm.numeric_distribution(market, "2026-10", by="region").set_index(["region", "brand"])
    assert east.loc[("华东", "云岭"), ["value", "note"]].tolist() == [0.6, ""]


def test_one_printed_rate_is_used_as_it_is_and_a_gap_among_several_is_missing():
    market = frame(
        [("2026-10", "华东", "云岭", 20, 0.8), ("2026-10", "华南", "云岭", 10, 0.4), ("2026-10", "华东", "合计", 300, None),
         ("2026-10", "华南", "合计", 100, None), ("2026-10", "华南", "清泉", 90, 0.9)],
        "month region brand amount weighted_distribution",
    )  # fmt: skip
    out = mm.weighted_distribution(market, "2026-10").set_index("brand")
    assert out.loc["云岭", ["value", "numerator", "denominator", "n"]].tolist() == pytest.approx(
        [0.7, 280, 400, 2]
    )
    assert out.loc["清泉", ["value", "n", "note"]].tolist() == [0.9, 1, ""]
    each = mm.weighted_distribution(market, "2026-10", by="region").set_index(["region", "brand"])["value"]
    assert each.to_dict() == {("华东", "云岭"): 0.8, ("华南", "云岭"): 0.4, ("华南", "清泉"): 0.9}
    gap = market.assign(weighted_distribution=[0.8, None, None, None, 0.9])
    row = mm.weighted_distribution(gap, "2026-10").set_index("brand").loc["云岭"]
    assert row["status"] == Status.MISSING and row["note"] != ""


def test_a_single_rate_needs_no_weights_and_one_category_no_choice():
    printed = frame([("2026-10", "水", "云岭", 0.8)], "month category brand weighted_distribution")
    assert mm.weighted_distribution(printed, "2026-10")["value"].item() == 0.8
    with pytest.raises(MetricError, match="数值"):
        mm.weighted_distribution(printed.assign(weighted_distribution="80%"), "2026-10")
    rows = [("2026-10", "水", "云岭", 60, 100, "month"), ("2026-10", "水", "云岭", 90, 100, "quarter"),
            ("2026-10", "水", None, 99, 100, "month"), (None, "水", "云岭", 1, 100, "month"),
            ("2026-10", "水", "清泉", 30, 100, None)]  # fmt: skip
    market = frame(rows, "month category brand outlets_stocking outlets_total period")
    out = mm.numeric_distribution(market, "2026-10").set_index("brand")
    assert out["value"].to_dict() == {"云岭": 0.6, "清泉": 0.3}


def test_outlets_are_listed_once_and_one_without_sales_has_no_weight():
    outlets = pd.DataFrame({"outlet": ["1", "2", "3"], "category_sales": [50.0, 30.0, None]})
    stocked = pd.DataFrame({"outlet": ["1", "1", "2"], "brand": "云岭"})
    out = mm.outlet_distribution(outlets, stocked).set_index("metric")
    assert out.loc["numeric_distribution", ["value", "numerator", "denominator", "n"]].tolist() == [
        2 / 3,
        2,
        3,
        2,
    ]
    assert out.loc["weighted_distribution", "status"] == Status.MISSING
    with pytest.raises(MetricError, match="重复"):
        mm.outlet_distribution(pd.concat([outlets, outlets.head(1)]), stocked)


def test_sales_per_point_reads_fractions_as_points():
    sales = pd.DataFrame({"brand": ["云岭", "云岭", "清泉"], "amount": [150_000.0, 100_000.0, 8.0]})
    points = pd.DataFrame({"brand": ["云岭", "清泉", "山谷"], "value": [125.0, 0.0, 5.0], "unit": "points"})
    out = mm.sales_per_point(sales, points).set_index("brand")
    assert out.loc["云岭", ["value", "numerator", "denominator"]].tolist() == [2_000, 250_000, 125]
    assert out["status"].to_dict() == {"云岭": "ok", "清泉": "na_zero_base", "山谷": "na_missing"}
    rates = pd.DataFrame({"brand": ["云岭"], "value": [0.8], "unit": ["fraction"]})
    assert mm.sales_per_point(sales, rates)["value"].item() == pytest.approx(250_000 / 80)


def test_points_of_a_product_without_a_rate_are_missing():
    products = pd.DataFrame({"brand": ["a", "a", "b"], "weighted_distribution": [0.8, None, 0.45]})
    out = mm.total_distribution_points(products).set_index("brand")
    assert out["status"].to_dict() == {"a": "na_missing", "b": "ok"} and out.loc["b", "value"] == 45
    assert out["n"].tolist() == [2, 1]


def test_an_evolution_index_needs_a_share_to_start_from():
    market = frame(
        [("2025-10", "云岭", 0), ("2025-10", "清泉", 80), ("2025-10", "合计", 100), ("2026-10", "云岭", 30),
         ("2026-10", "清泉", 72), ("2026-10", "山谷", 10), ("2026-10", "合计", 120)],
        "month brand amount",
    )  # fmt: skip
    out = mm.evolution_index(market, OCTOBER).set_index("brand")
    assert out.loc["清泉", ["value", "numerator", "denominator"]].tolist() == pytest.approx([75, 0.6, 0.8])
    assert out.loc["云岭", "status"] == Status.ZERO_BASE and out.loc["云岭", "note"] != ""
    assert out.loc["山谷", "status"] == Status.NEW and out.loc["清泉", "note"] == ""


def test_wrong_columns_are_named_together_with_what_was_there():
    with pytest.raises(MetricError, match="region") as error:
        mm.market_share(frame([("2026-10", "云岭", 1)], "month brand amount"), "2026-10", by=["region"])
    assert "month, brand, amount" in str(error.value)


@settings(max_examples=15, deadline=None)
@given(markets())
def test_shares_add_to_one_in_every_segment(market):
    for by in ([], ["region"], ["region", "category"]):
        shares = mm.market_share(market, OCTOBER, by=by)
        ok = shares[shares["status"] == Status.OK]
        sums = ok.groupby(by)["value"].sum() if by else pd.Series([ok["value"].sum()] if len(ok) else [])
        assert np.allclose(sums, 1)


@settings(max_examples=15, deadline=None)
@given(markets())
def test_share_indices_weighted_by_the_segments_are_100(market):
    out = mm.share_index(market, OCTOBER, by=["region"])
    shares = mm.market_share(market, OCTOBER, by=["region"])
    both = out.merge(
        shares[["region", "brand", "denominator"]], on=["region", "brand"], suffixes=("", "_market")
    )
    for _, part in both[both["status"] == Status.OK].groupby("brand"):
        weights = part["denominator_market"]
        if len(part) == len(REGIONS):
            assert np.average(part["value"], weights=weights) == pytest.approx(100)


@settings(max_examples=15, deadline=None)
@given(markets(gaps=True))
def test_no_value_is_ever_infinite_and_only_some_statuses_have_one(market):
    for result in (mm.market_share(market, OCTOBER), mm.market_share_change(market, OCTOBER, by=["region"])):
        assert list(result.columns[:1]) and set(RECORD) <= set(result.columns)
        assert not np.isinf(result[["value", "numerator", "denominator"]].to_numpy(dtype=float)).any()
        assert result.loc[result["value"].notna(), "status"].isin([Status.OK]).all()
        assert result.loc[result["status"] == Status.OK, "value"].notna().all()


@settings(max_examples=15, deadline=None)
@given(markets(gaps=True), st.integers(0, 10**6))
def test_row_order_and_units_of_money_never_matter(market, seed):
    shares = mm.market_share(market, OCTOBER, by=["region"])
    shuffled = market.sample(frac=1, random_state=seed % 2**31)
    pd.testing.assert_frame_equal(shares, mm.market_share(shuffled, OCTOBER, by=["region"]))
    thousand = mm.market_share(market.assign(amount=market["amount"] * 1000), OCTOBER, by=["region"])
    pd.testing.assert_series_equal(shares["value"], thousand["value"])


@settings(max_examples=15, deadline=None)
@given(
    markets(), st.sampled_from(["mean", "kitagawa", "three_term"]), st.sampled_from(["region", "category"])
)
def test_effects_add_exactly_to_the_change_of_the_share(market, form, segment):
    change = mm.market_share_change(market, OCTOBER, groups={"自有": BRANDS[:2]})
    whole = change[change["brand"] == "自有"]
    if whole.empty or whole["status"].iloc[0] != Status.OK:
        return
    effects = mm.share_change_effects(market, OCTOBER, brands=BRANDS[:2], segment=segment, form=form)
    assert effects["total"].sum() == pytest.approx(whole["value"].iloc[0], abs=1e-12)
    parts = effects[["within", "mix", "interaction", "new", "vanished"]].sum(axis=1)
    assert np.allclose(parts, effects["total"], atol=1e-12)


amounts = st.one_of(st.just(0.0), st.floats(1, 1e6))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(amounts, amounts, st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6),
    st.sampled_from(["mean", "kitagawa", "three_term"]),
)
def test_new_and_vanished_segments_are_whole_and_add_exactly(cells, form):
    m0, m1, s0, s1 = (np.array(x) for x in zip(*cells, strict=True))
    if m0.sum() <= 0 or m1.sum() <= 0:
        return
    segments = pd.DataFrame(
        {
            "segment": range(len(cells)),
            "market_base": m0,
            "market_now": m1,
            "own_base": m0 * s0,
            "own_now": m1 * s1,
        }
    )
    effects = mm.share_effects(segments, form=form)
    assert effects["total"].sum() == pytest.approx(
        (m1 * s1).sum() / m1.sum() - (m0 * s0).sum() / m0.sum(), abs=1e-9
    )
    born = effects[effects["kind"] == "new"]
    assert np.allclose(born["new"], born["weight_now"] * born["share_now"])
    gone = effects[effects["kind"] == "vanished"]
    assert np.allclose(gone["vanished"], -gone["weight_base"] * gone["share_base"])


shares_lists = st.lists(st.integers(1, 1000), min_size=2, max_size=8)


@settings(max_examples=30, deadline=None)
@given(shares_lists, st.integers(0, 500))
def test_hhi_bounds_hold_and_merging_raises_it_by_twice_the_product(sizes, rest):
    whole = sum(sizes) + rest
    values = [s / whole for s in sizes]
    frame_ = pd.DataFrame({"brand": [f"b{i}" for i in range(len(sizes))], "value": values, "status": "ok"})
    row = mm.hhi(frame_).iloc[0]
    assert row["value"] <= row["upper"] + 1e-12 and row["upper"] <= 1 + 1e-12
    merged = pd.concat(
        [frame_.iloc[2:], pd.DataFrame({"brand": ["ab"], "value": [sum(values[:2])], "status": ["ok"]})]
    )
    assert mm.hhi(merged)["value"].iloc[0] - row["value"] == pytest.approx(2 * values[0] * values[1])
    assert mm.concentration_ratio(frame_, len(sizes))["value"].iloc[0] == pytest.approx(sum(values))


@settings(max_examples=40, deadline=None)
@given(shares_lists, st.lists(st.floats(0.01, 1), max_size=20))
def test_whatever_the_remainder_is_made_of_the_hhi_lies_between_its_bounds(sizes, others):
    """The others are firms no larger than the smallest that is known."""
    rest = [part * min(sizes) for part in others]
    whole = sum(sizes) + sum(rest)
    known = pd.DataFrame(
        {"brand": [*map(str, range(len(sizes))), "其他"], "value": [s / whole for s in [*sizes, sum(rest)]]}
    )
    row, truth = mm.hhi(known).iloc[0], sum((s / whole) ** 2 for s in [*sizes, *rest])
    assert row["value"] - 1e-12 <= truth <= row["upper"] + 1e-12
    # and the upper bound is reached: as many firms of that size as fit, and what is left
    full, left = divmod(sum(rest) / whole, min(sizes) / whole)
    reached = sum((s / whole) ** 2 for s in sizes) + full * (min(sizes) / whole) ** 2 + left**2
    assert row["upper"] == pytest.approx(reached, abs=1e-9)


def test_more_outlets_stocking_than_there_are_is_an_error_of_coverage():
    rows = pd.DataFrame(
        {
            "month": pd.Timestamp("2026-10-01"),
            "brand": ["云岭", "清泉"],
            "outlets_stocking": [120.0, 100.0],
            "outlets_total": 100.0,
        }
    )
    out = mm.numeric_distribution(rows, "2026-10").set_index("brand")
    assert out["status"].to_dict() == {"云岭": "error_coverage", "清泉": "ok"}
    assert np.isnan(out.loc["云岭", "value"]) and out.loc["云岭", ["numerator", "denominator"]].tolist() == [
        120.0,
        100.0,
    ]


def test_a_brand_of_which_only_the_total_is_known_is_not_lost_beside_brands_in_parts():
    rows = pd.DataFrame(
        [("云岭", "水", 30.0), ("云岭", "茶", 20.0), ("清泉", "合计", 50.0)],
        columns=["brand", "category", "amount"],
    ).assign(month=pd.Timestamp("2026-10-01"))
    out = mm.market_share(rows, "2026-10").set_index("brand")["value"]
    assert out.loc[["云岭", "清泉"]].tolist() == [0.5, 0.5]
