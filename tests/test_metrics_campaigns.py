"""What a campaign did: published examples, brute force by definition, and what must not depend on order or unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError

HILLSTROM = pd.DataFrame(  # MineThatData e-mail test, 2008: visits of the three arms; counts from memory
    {"arm": ["No E-Mail", "Mens", "Womens"], "n": [21306, 21307, 21387], "conversions": [2262, 3894, 3238]}
)


def test_hillstrom_visits():
    """Published: visit rates of 10.6 %, 18.3 % and 15.1 % (Hillstrom 2008), so +7.66 and +4.52 points."""
    out = mm.conversion_lift(HILLSTROM, "No E-Mail").set_index("arm")
    assert out["difference"].round(4).to_dict() == {"Mens": 0.0766, "Womens": 0.0452}
    assert (out["low"] > 0).all() and (out["p"] < 1e-6).all()
    assert out.loc["Mens", "incremental"] == pytest.approx(3894 - 21307 * 2262 / 21306)


def test_several_arms_widen_every_interval():
    alone = mm.conversion_lift(HILLSTROM[HILLSTROM["arm"] != "Womens"], "No E-Mail").iloc[0]
    among = mm.conversion_lift(HILLSTROM, "No E-Mail").set_index("arm").loc["Mens"]
    assert among["low"] < alone["low"] < alone["high"] < among["high"]
    assert among["p"] >= alone["p"]


def test_arms_without_control_are_refused():
    with pytest.raises(MetricError, match="No E-Mail"):
        mm.conversion_lift(HILLSTROM.iloc[1:], "No E-Mail")


def test_mean_lift_is_near_the_normal_interval_and_repeats_itself():
    rng = np.random.default_rng(7)
    a, b = rng.normal(105, 10, 400), rng.normal(100, 10, 400)
    out = mm.mean_lift(a, b)
    error = np.sqrt(a.var(ddof=1) / 400 + b.var(ddof=1) / 400)
    assert out["difference"] == pytest.approx(a.mean() - b.mean())
    assert out["low"] == pytest.approx(out["difference"] - 1.96 * error, abs=0.15)
    assert out["high"] == pytest.approx(out["difference"] + 1.96 * error, abs=0.15)
    assert mm.mean_lift(a, b) == out
    with pytest.raises(MetricError):
        mm.mean_lift([1.0], b)


def _card_krueger() -> pd.DataFrame:
    """Employment in fast food, Card & Krueger 1994, table 3: the four cell means (from memory)."""
    cells = {("NJ", 0): 20.44, ("NJ", 1): 21.03, ("PA", 0): 23.33, ("PA", 1): 21.17}
    rows = [{"region": s, "treated": s == "NJ", "post": bool(p), "fte": v} for (s, p), v in cells.items()]
    return pd.DataFrame(rows)


def test_card_and_krueger():
    """Published: +0.59 in New Jersey, -2.16 in Pennsylvania, a difference of 2.76 (2.75 from the rounded means)."""
    out = mm.difference_in_differences(_card_krueger(), value="fte").iloc[0]
    assert out["effect"] == pytest.approx(2.76, abs=0.011)
    assert out["treated_after"] - out["treated_before"] == pytest.approx(0.59)
    assert out["control_after"] - out["control_before"] == pytest.approx(-2.16)


def _panel(clusters: int, seed: int, effect: float = 5.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = [
        (f"区{c}", c % 2 == 0, post, 100 + c + 3 * post + effect * post * (c % 2 == 0) + rng.normal())
        for c in range(clusters)
        for post in (False, True)
        for _ in range(3)
    ]
    return pd.DataFrame(rows, columns=["region", "treated", "post", "sales"])


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999), st.sampled_from([4, 6, 12, 20]))
def test_the_effect_is_the_double_difference_and_has_the_unit_of_the_value(seed, clusters):
    panel = _panel(clusters, seed)
    out = mm.difference_in_differences(panel, value="sales").iloc[0]
    means = panel.groupby(["treated", "post"])["sales"].mean()
    assert out["effect"] == pytest.approx(
        (means[True, True] - means[True, False]) - (means[False, True] - means[False, False])
    )
    scaled = mm.difference_in_differences(
        panel.assign(sales=panel["sales"] * 1000).iloc[::-1], value="sales"
    ).iloc[0]
    assert scaled["effect"] == pytest.approx(1000 * out["effect"]) and scaled["p"] == pytest.approx(
        out["p"], abs=1e-6
    )
    assert out["method"] == ("clustered" if clusters >= 10 else "permutation")
    assert np.isnan(out["standard_error"]) == (clusters < 10)


def test_few_clusters_are_judged_by_every_other_choice_of_treated_ones():
    """With 3 of 6 treated and a clear effect, only the true choice and its mirror reach it: 2 of 20."""
    assert mm.difference_in_differences(_panel(6, 1, effect=50.0), value="sales")[
        "p"
    ].item() == pytest.approx(2 / 20)


def test_a_comparison_without_one_of_its_cells_is_refused():
    panel = _panel(4, 1)
    with pytest.raises(MetricError):
        mm.difference_in_differences(panel[panel["treated"] | ~panel["post"]], value="sales")
    mixed = panel.assign(treated=panel["treated"] & panel["post"])
    with pytest.raises(MetricError, match="区0"):
        mm.difference_in_differences(mixed, value="sales")


def test_parallel_trends_show_as_a_flat_gap():
    months = pd.date_range("2026-01-01", periods=8, freq="MS")
    panel = pd.concat(
        [
            pd.DataFrame({"month": months, "treated": treated, "sales": np.arange(8) * 2.0 + 10 * treated})
            for treated in (True, False)
        ]
    )
    out = mm.pre_trend(panel, "2026-07", value="sales")
    assert len(out) == 6 and (out["gap"] == 10).all() and (out["change"].dropna() == 0).all()


def _regions(seed: int, effect: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    months = pd.date_range("2025-01-01", periods=18, freq="MS")
    donors = {f"区{i}": rng.normal(100, 10, 18).cumsum() / 5 + 50 for i in range(5)}
    mix = 0.6 * donors["区1"] + 0.4 * donors["区3"] + rng.normal(0, 0.05, 18)  # the donors are much alike
    mix[12:] += effect
    parts = [
        pd.DataFrame({"month": months, "region": k, "amount": v}) for k, v in (donors | {"华东": mix}).items()
    ]
    return pd.concat(parts, ignore_index=True)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 999))
def test_synthetic_weights_are_a_mix_and_find_the_one_that_made_the_data(seed):
    panel = _regions(seed)
    weights = mm.synthetic_weights(panel, "华东", "2026-01")
    assert sum(weights.values()) == pytest.approx(1) and min(weights.values()) >= 0
    assert weights["区1"] == pytest.approx(0.6, abs=0.15) and weights["区3"] == pytest.approx(0.4, abs=0.15)
    larger = mm.synthetic_weights(panel.assign(amount=panel["amount"] * 1e6), "华东", "2026-01")
    assert larger == pytest.approx(weights, abs=1e-3), "the unit of the value doesn't matter"


def test_the_gap_of_fixed_weights_is_arithmetic():
    panel = _regions(3, effect=8.0)
    out = mm.synthetic_gap(panel, "华东", "2026-01", {"区1": 0.6, "区3": 0.4})
    wide = panel.pivot(index="month", columns="region", values="amount")
    assert np.allclose(out["gap"], wide["华东"] - 0.6 * wide["区1"] - 0.4 * wide["区3"])
    assert out["pre_rmspe"].iloc[0] == pytest.approx(np.sqrt((out.loc[~out["post"], "gap"] ** 2).mean()))
    assert out.loc[out["post"], "gap"].mean() == pytest.approx(8.0, abs=0.3)
    for wrong in ({"区1": 0.6}, {"区1": 1.4, "区3": -0.4}, {"火星": 1.0}):
        with pytest.raises(MetricError):
            mm.synthetic_gap(panel, "华东", "2026-01", wrong)


def test_a_real_effect_stands_out_among_placebos_and_none_does_not_always():
    ranks = mm.placebo_ranks(_regions(3, effect=15.0), "华东", "2026-01")
    treated = ranks[ranks["treated"]].iloc[0]
    assert treated["rank"] == 1 and treated["p"] == pytest.approx(1 / 6) and len(ranks) == 6
    quiet = [
        mm.placebo_ranks(_regions(s), "华东", "2026-01").set_index("treated").loc[True, "rank"]
        for s in range(6)
    ]
    assert max(quiet) > 1


def test_an_effect_is_shown_without_each_donor_that_made_it():
    """By definition: the same panel without that region gives the same figures; donors of no weight aren't tried."""
    panel = _regions(3, effect=8.0)
    out = mm.leave_one_out(panel, "华东", "2026-01")
    weights = mm.synthetic_weights(panel, "华东", "2026-01")
    used = [d for d in sorted(weights, key=lambda d: -weights[d]) if weights[d] > 1e-6]
    assert out["dropped"].tolist() == ["", *used] and out["change"].iloc[0] == 0
    assert out["weight"].tolist()[1:] == pytest.approx([weights[d] for d in used])
    for dropped, row in out.set_index("dropped").iterrows():
        kept = panel[panel["region"] != dropped]
        gap = mm.synthetic_gap(kept, "华东", "2026-01", mm.synthetic_weights(kept, "华东", "2026-01"))
        assert row["effect"] == pytest.approx(gap.loc[gap["post"], "gap"].mean())
        assert row["pre_rmspe"] == pytest.approx(gap["pre_rmspe"].iloc[0])
    assert out.loc[1, "pre_rmspe"] > out.loc[0, "pre_rmspe"], "without its heaviest donor the mix fits worse"


def test_a_single_donor_cannot_be_left_out():
    panel = _regions(3)
    alone = panel[panel["region"].isin(["华东", "区1"])]
    assert mm.leave_one_out(alone, "华东", "2026-01")["dropped"].tolist() == [""]
    with pytest.raises(MetricError, match="2027-01"):
        mm.leave_one_out(panel, "华东", "2027-01")


def test_means_of_several_arms():
    """With one arm beside control Dunnett's test is Student's, and more arms widen its interval."""
    rng = np.random.default_rng(11)
    people = pd.DataFrame({"arm": list("abc") * 30, "value": rng.normal(100, 10, 90)})
    two = people[people["arm"] != "c"]
    alone = mm.mean_lifts(two, "a").iloc[0]
    a, b = (two.loc[two["arm"] == x, "value"] for x in "ab")
    student = stats.ttest_ind(b, a)
    assert alone["difference"] == pytest.approx(b.mean() - a.mean()) and alone["mean"] == pytest.approx(
        b.mean()
    )
    assert alone["p"] == pytest.approx(student.pvalue, abs=1e-4) and alone["n"] == 30
    assert (alone["low"], alone["high"]) == pytest.approx(tuple(student.confidence_interval(0.95)), abs=0.02)
    among = mm.mean_lifts(people, "a")
    assert among["arm"].tolist() == ["b", "c"] and mm.mean_lifts(people, "a").equals(among)
    for wrong in (people[people["arm"] == "a"], people[people["arm"] != "a"], people.iloc[[0, 1, 2, 3]]):
        with pytest.raises(MetricError):
            mm.mean_lifts(wrong, "a")


def test_units_with_holes_are_named():
    panel = _regions(1)
    with pytest.raises(MetricError, match="区2"):
        mm.synthetic_weights(
            panel[(panel["region"] != "区2") | (panel["month"] > "2025-02-01")], "华东", "2026-01"
        )


def test_brand_steps_are_ratios_of_one_base():
    waves = pd.DataFrame(
        {"brand": ["云岭"], "wave": ["2026-10"], "aided_awareness": [0.0], "consideration": [0.0]}
    )
    out = mm.brand_funnel(waves, steps=["aided_awareness", "consideration"])
    assert out["status"].item() == "na_zero_base"
    with pytest.raises(MetricError, match="云岭"):
        mm.brand_funnel(waves.assign(consideration=1.0), steps=["aided_awareness", "consideration"])
    assert mm.wave_verdict(-0.05, -0.09, -0.01) == "降"
