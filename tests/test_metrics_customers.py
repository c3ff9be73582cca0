"""Customers: RFM, cohorts, and the models of contracts, repeat buying and spend against their authors' figures."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import beta as beta_function

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Status

SNAPSHOT = pd.Timestamp("2026-10-31")
# CDNOW, 2,357 customers over 39 weeks: Fader, Hardie & Lee 2005; more digits in the Quickstart of the library lifetimes
CDNOW = mm.RepeatBuying(r=0.242593, alpha=4.413532, a=0.792886, b=2.425752)
SPEND = mm.SpendModel(p=6.25, q=3.74, v=15.44)  # CDNOW: Fader & Hardie, note 025


def lines(rows: list[tuple]) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=["customer", "date", "amount"])
    out["date"] = pd.to_datetime(out["date"])
    return out.assign(month=out["date"].dt.to_period("M").dt.to_timestamp())


@st.composite
def purchases(draw: st.DrawFn) -> pd.DataFrame:
    """Two years of sales lines: returns, zeros, days with several orders, customers who come once, shuffled."""
    row = st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 729), st.integers(-50, 200))
    rows = draw(st.lists(row, min_size=1, max_size=40))
    return lines([(c, SNAPSHOT - pd.Timedelta(days=d), float(v)) for c, d, v in rows])


# ---- RFM


def test_returns_reduce_the_money_and_never_the_frequency():
    sales = lines(
        [("甲", "2026-10-01", 100), ("甲", "2026-10-01", 50), ("甲", "2026-10-05", -30), ("乙", "2026-09-01", -5),
         ("丙", "2026-08-01", 40), ("丙", "2026-08-02", -40), ("丁", "2025-10-31", 9), ("戊", "2026-11-01", 9)]
    )  # fmt: skip
    out = mm.rfm(sales, SNAPSHOT).set_index("customer")
    assert out.loc["甲", ["recency", "frequency", "monetary", "kind"]].tolist() == [30, 1, 120.0, "ok"]
    assert out.loc[["乙", "丙"], "kind"].tolist() == [
        "无净消费",
        "无净消费",
    ]  # only a return; netted to nothing
    assert set(out.index) == {"甲", "乙", "丙"}  # a year and a day ago, and tomorrow, are outside the window
    assert (
        mm.rfm(sales.assign(order_id=range(8)), SNAPSHOT, order="order_id")
        .set_index("customer")
        .loc["甲", "frequency"]
        == 2
    )
    assert mm.rfm(sales, SNAPSHOT, monetary="mean").set_index("customer").loc["甲", "monetary"] == 120.0


def test_scores_are_quintiles_of_type_7_and_recency_is_reversed():
    # 1 to 10: numpy's and R's default quintiles are 2.8, 4.6, 6.4, 8.2
    table = pd.DataFrame({"customer": range(10), "recency": range(1, 11), "frequency": range(1, 11),
                          "monetary": np.arange(1.0, 11.0), "kind": "ok"})  # fmt: skip
    out = mm.rfm_scores(table)
    assert out["f"].tolist() == out["m"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert out["r"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_few_values_give_few_levels_and_say_so():
    table = pd.DataFrame({"customer": range(10), "recency": range(10), "frequency": [1] * 8 + [2] * 2,
                          "monetary": np.arange(10.0), "kind": "ok"})  # fmt: skip
    out = mm.rfm_scores(table)
    assert out["f"].tolist() == [1] * 8 + [5] * 2
    assert out["note"].iloc[0] == "F只有2档"


def test_fixed_cuts_are_closed_below():
    table = pd.DataFrame({"customer": list("abcd"), "recency": [30, 31, 180, 181], "frequency": [1, 2, 4, 9],
                          "monetary": [100.0, 101.0, 500.0, 9000.0], "kind": "ok"})  # fmt: skip
    cuts = {"recency": [30, 60, 90, 180], "frequency": [1, 2, 4, 8], "monetary": [100, 500, 1000, 5000]}
    out = mm.rfm_scores(table, cuts=cuts)
    assert out[["r", "f", "m"]].values.tolist() == [[5, 1, 1], [4, 2, 2], [2, 3, 2], [1, 5, 5]]
    with pytest.raises(MetricError, match="四个递增"):
        mm.rfm_scores(table, cuts={"recency": [30, 20, 10, 5]})


def test_every_triple_of_scores_has_one_segment():
    grid = pd.DataFrame(list(product(range(1, 6), repeat=3)), columns=["r", "f", "m"]).assign(kind="ok")
    out = mm.rfm_segments(grid)
    assert len(out) == 125 and out["segment"].ne("").all() and out["segment"].notna().all()
    first = mm.rfm_segments(grid, [("全部", (1, 5), (1, 5), (1, 5)), ("从不", (1, 5), (1, 5), (1, 5))])
    assert set(first["segment"]) == {"全部"}  # the first match wins


def test_the_eight_classes_of_chinese_practice():
    names = ["重要价值", "重要发展", "重要保持", "重要挽留", "一般价值", "一般发展", "一般保持", "一般挽留"]
    rows = [(r, f, m) for m in (9.0, 1.0) for r in (1, 9) for f in (9, 1)]
    table = pd.DataFrame(rows, columns=["recency", "frequency", "monetary"]).assign(
        customer=range(8), kind="ok"
    )
    order = [0, 1, 2, 3, 4, 5, 6, 7]
    assert mm.rfm_classes(table, line="mean")["class"].tolist() == [names[i] for i in order]
    assert mm.rfm_classes(table.assign(kind="无净消费"), line={"recency": 5, "frequency": 5, "monetary": 5})["class"].eq("无净消费").all()  # fmt: skip
    with pytest.raises(MetricError, match="median"):
        mm.rfm_classes(table, line="mode")


@settings(max_examples=40, deadline=None)
@given(purchases(), st.integers(0, 2**31 - 1))
def test_equal_values_have_equal_scores_and_every_customer_one_name(sales, seed):
    table = mm.rfm(sales, SNAPSHOT)
    scores = mm.rfm_scores(table)
    for value, score in (("recency", "r"), ("frequency", "f"), ("monetary", "m")):
        ok = scores[scores["kind"] == "ok"]
        assert ok.groupby(value)[score].nunique().le(1).all()
        ordered = ok.sort_values(value)[score].astype(int)
        assert ordered.is_monotonic_decreasing if score == "r" else ordered.is_monotonic_increasing
    named = mm.rfm_segments(scores)
    assert named["segment"].ne("").all() and (named["segment"].eq("无净消费") == named["kind"].ne("ok")).all()
    shuffled = mm.rfm(sales.sample(frac=1, random_state=seed), SNAPSHOT)
    pd.testing.assert_frame_equal(table, shuffled)
    dearer = mm.rfm_scores(mm.rfm(sales.assign(amount=sales["amount"] * 1000), SNAPSHOT))
    assert dearer["rfm"].tolist() == scores["rfm"].tolist()


# ---- cohorts


def test_the_lower_right_of_the_triangle_is_censored_and_a_month_nobody_has_is_missing():
    sales = lines([("甲", "2026-06-03", 1), ("乙", "2026-06-09", 1), ("甲", "2026-08-01", 1), ("丙", "2026-08-07", 1),
                   ("丙", "2026-08-09", -1), ("乙", "2026-08-09", -1)])  # fmt: skip
    out = mm.cohort_activity(sales, through="2026-09").set_index(["cohort", "k"])
    june, august = pd.Timestamp("2026-06-01"), pd.Timestamp("2026-08-01")
    assert out.loc[(june, 0), ["value", "numerator", "n"]].tolist() == [1.0, 2.0, 2]
    assert out.loc[(june, 1), "status"] == Status.MISSING  # nobody delivered July
    assert out.loc[(june, 2), "value"] == 0.5  # who only returned isn't active
    assert out.loc[(june, 3), "status"] == Status.MISSING
    assert out.loc[(august, 2), "status"] == Status.INCOMPLETE_PERIOD
    assert "截尾" in out.loc[(august, 2), "note"] and "老客户" in out.loc[(june, 0), "note"]


@settings(max_examples=40, deadline=None)
@given(purchases(), st.integers(0, 2**31 - 1))
def test_a_cohort_begins_whole_and_its_members_are_counted_once(sales, seed):
    out = mm.cohort_activity(sales)
    start = out[out["k"] == 0]
    assert start["value"].eq(1).all() and (start["numerator"] == start["n"]).all()
    assert start["n"].sum() == sales.loc[sales["amount"] > 0, "customer"].nunique()
    assert out.loc[out["status"] == Status.OK, "value"].between(0, 1).all()
    last = sales["month"].max()
    reached = [c + pd.DateOffset(months=k) for c, k in zip(out["cohort"], out["k"], strict=True)]
    assert [s == Status.INCOMPLETE_PERIOD for s in out["status"]] == [m > last for m in reached]
    pd.testing.assert_frame_equal(out, mm.cohort_activity(sales.sample(frac=1, random_state=seed)))


# ---- contracts


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta"),
    [
        ([100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1], 0.668, 3.806),
        ([100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1], 0.704, 1.182),
    ],
)
def test_fader_and_hardie_high_end_and_regular(survivors, alpha, beta):
    # Fader & Hardie 2007, How to project customer retention: the first seven years of both data sets
    model = mm.fit_retention(survivors)
    assert (round(model.alpha, 3), round(model.beta, 3)) == (alpha, beta)


def test_the_projection_holds_for_the_years_held_back():
    # the same paper's actual survival of years 8 to 12, which the fit hasn't seen
    actual = {"high": [46.8, 44.5, 42.7, 40.9, 39.4], "regular": [22.3, 20.7, 19.4, 18.3, 17.3]}
    for name, (a, b) in {"high": (0.668, 3.806), "regular": (0.704, 1.182)}.items():
        curve = mm.retention_curve(a, b, periods=12)["survival"].tail(5) * 100
        assert np.abs(curve.to_numpy() - actual[name]).max() < 2


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 20), st.floats(0.05, 20))
def test_retention_rises_and_survival_is_its_product(a, b):
    curve = mm.retention_curve(a, b, periods=9)
    assert curve["retention"].is_monotonic_increasing
    assert np.allclose(curve["retention"].cumprod(), curve["survival"])
    assert np.allclose(curve["churn"].cumsum(), 1 - curve["survival"])
    by_hand = [beta_function(a, b + t) / beta_function(a, b) for t in curve["t"]]
    assert np.allclose(curve["survival"], by_hand)


@pytest.mark.parametrize("survivors", [[100, 90], [100, 110, 90], [100, 100, 100], [100, 90, None]])
def test_survivors_that_say_nothing_are_refused(survivors):
    with pytest.raises(MetricError, match="留存"):
        mm.fit_retention([np.nan if s is None else s for s in survivors])
    with pytest.raises(MetricError):
        mm.retention_curve(0, 1, periods=3)


# ---- repeat buying and spend


def test_expected_purchases_of_cdnow():
    # Hardie's spreadsheet to Fader, Hardie & Lee 2005, as tested in the library lifetimes
    expected = {0.1429: 0.0078, 1.0: 0.0532, 3.0: 0.1506, 31.8571: 1.0405, 32.0: 1.0437, 78.0: 1.8576}
    for weeks, purchases_ in expected.items():
        assert mm.expected_purchases(CDNOW, weeks) == pytest.approx(purchases_, abs=5e-4)


def test_future_purchases_of_single_customers_of_cdnow():
    # Fader, Hardie & Lee 2005: x = 2, t_x = 30.43, T = 38.86, 39 weeks ahead: 1.226
    one = pd.DataFrame({"x": [2], "t_x": [30.43], "T": [38.86]})
    assert mm.future_purchases(one, CDNOW, 39)["expected"].iloc[0] == pytest.approx(1.226, abs=1e-3)
    # lifetimes, Quickstart: the customers with the highest expectation for one week
    best = pd.DataFrame([(18, 35.14, 35.86), (19, 34.00, 34.14), (29, 37.71, 38.00), (26, 30.86, 31.00)],
                        columns=["x", "t_x", "T"])  # fmt: skip
    assert mm.future_purchases(best, CDNOW, 1)["expected"].tolist() == pytest.approx(
        [0.424877, 0.474738, 0.662396, 0.710623], abs=1e-6
    )
    nobody = pd.DataFrame({"x": [0], "t_x": [0.0], "T": [1.0]})
    assert mm.future_purchases(nobody, CDNOW, 1)["alive"].iloc[0] == 1


def test_expected_spend_and_lifetime_value_of_cdnow():
    # lifetimes, Quickstart: p 6.25, q 3.74, v 15.45; 12 periods of 30 units at a rate of 1 %
    customers = pd.DataFrame(
        [
            (2, 30.43, 38.86, 22.35),
            (1, 1.71, 38.86, 11.77),
            (0, 0.0, 38.86, np.nan),
            (7, 29.43, 38.86, 73.74),
        ],
        columns=["x", "t_x", "T", "spend"],
    )
    assert mm.expected_spend(customers, SPEND).tolist() == pytest.approx(
        [24.659, 18.911, 35.171, 71.463], rel=2e-3
    )
    value = mm.customer_lifetime_value(
        customers, CDNOW, SPEND, periods=12, margin=1.0, discount_rate=0.01, units=30
    )
    assert value["clv"].tolist() == pytest.approx([140.096, 18.943, 38.181, 1003.868], rel=2e-3)
    half = mm.customer_lifetime_value(
        customers, CDNOW, SPEND, periods=12, margin=0.5, discount_rate=0.01, units=30
    )
    assert np.allclose(half["clv"], value["clv"] / 2)


def test_repeats_are_counted_from_the_first_purchase_and_by_days():
    sales = lines([("甲", "2026-01-01", 5), ("甲", "2026-01-01", 7), ("甲", "2026-01-15", 3), ("甲", "2026-01-15", 4),
                   ("甲", "2026-01-20", -3), ("乙", "2026-01-08", 9), ("乙", "2026-03-01", 9)])  # fmt: skip
    out = mm.repeat_purchases(sales, "2026-01-29").set_index("customer")
    assert out.loc["甲"].tolist() == [1, 2.0, 4.0, 7.0]
    assert out.loc["乙", ["x", "t_x", "T"]].tolist() == [0, 0.0, 3.0] and np.isnan(out.loc["乙", "spend"])


def test_tracking_counts_the_customers_of_the_fit_and_what_they_bought_again():
    sales = lines([("甲", "2026-01-01", 5), ("甲", "2026-01-05", 5), ("甲", "2026-01-05", 5), ("甲", "2026-01-20", 5),
                   ("乙", "2026-01-08", 5), ("乙", "2026-01-22", -5), ("丙", "2026-01-16", 5), ("丙", "2026-01-18", 5)])  # fmt: skip
    out = mm.repeat_tracking(sales, CDNOW, fitted_through="2026-01-15", through="2026-01-29")
    assert out["end"].dt.strftime("%m-%d").tolist() == ["01-08", "01-15", "01-22", "01-29"]
    assert out["actual"].tolist() == [1, 1, 2, 2]  # 丙 came after the fit; a return is no purchase
    assert out["held_out"].tolist() == [False, False, True, True]
    expected = [
        mm.expected_purchases(CDNOW, w) + mm.expected_purchases(CDNOW, max(w - 1, 0)) for w in (1, 2, 3, 4)
    ]
    assert out["expected"].tolist() == pytest.approx(expected)
    nobody = mm.repeat_tracking(sales, CDNOW, fitted_through="2025-01-01", through="2026-01-29")
    assert nobody.empty


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    """3,000 customers who behave as the model says: r 1, alpha 5, a 1.5, b 4; spend p 4, q 5, v 40."""
    random = np.random.default_rng(7)
    rows = []
    for _ in range(3000):
        rate, leave, whole = random.gamma(1.0, 1 / 5), random.beta(1.5, 4), random.uniform(20, 52)
        t = last = 0.0
        count = 0
        while (t := t + random.exponential(1 / rate)) < whole:
            count, last = count + 1, t
            if random.random() < leave:
                break
        scale = random.gamma(5.0, 1 / 40)
        rows.append((count, last, whole, random.gamma(4.0, 1 / scale, count).mean() if count else np.nan))
    return pd.DataFrame(rows, columns=["x", "t_x", "T", "spend"])


def test_the_fits_find_what_made_the_data(simulated):
    model, spend = mm.fit_repeat_buying(simulated), mm.fit_spend(simulated)
    assert (model.r, model.alpha) == pytest.approx((1, 5), rel=0.2)
    assert model.a / (model.a + model.b) == pytest.approx(1.5 / 5.5, rel=0.2)
    assert spend.p * spend.v / (spend.q - 1) == pytest.approx(40, rel=0.1)
    assert abs(spend.correlation) < 0.1
    # within the sample, the model expects as many repeats as there were
    expected = np.mean([mm.expected_purchases(model, t) for t in simulated["T"].sample(400, random_state=1)])
    assert expected == pytest.approx(simulated["x"].mean(), rel=0.1)


def test_the_unit_of_time_and_of_money_only_scales(simulated):
    few = simulated.head(600)
    weeks, days = (
        mm.fit_repeat_buying(few),
        mm.fit_repeat_buying(few.assign(t_x=few["t_x"] * 7, T=few["T"] * 7)),
    )
    assert (days.r, days.alpha / 7, days.a, days.b) == pytest.approx(
        (weeks.r, weeks.alpha, weeks.a, weeks.b), rel=1e-3
    )
    yuan, fen = mm.fit_spend(few), mm.fit_spend(few.assign(spend=few["spend"] * 100))
    assert (fen.p, fen.q, fen.v / 100) == pytest.approx((yuan.p, yuan.q, yuan.v), rel=1e-3)


def test_thin_or_contradictory_data_are_refused(simulated):
    with pytest.raises(MetricError, match="300"):
        mm.fit_repeat_buying(simulated.head(299))
    with pytest.raises(MetricError, match="300"):
        mm.fit_spend(simulated.head(299))
    with pytest.raises(MetricError, match="repeat_purchases"):
        mm.fit_repeat_buying(simulated.assign(t_x=simulated["T"] + 1))
    with pytest.raises(MetricError, match="有限"):
        mm.expected_spend(simulated, mm.SpendModel(1, 0.9, 1))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.floats(0, 1), st.floats(1, 60), st.floats(0.1, 50))
def test_alive_is_a_probability_and_expectation_grows_with_the_horizon(x, part, whole, t):
    one = pd.DataFrame({"x": [x], "t_x": [part * whole if x else 0.0], "T": [whole]})
    near, far = (mm.future_purchases(one, CDNOW, h).iloc[0] for h in (t, 2 * t))
    assert 0 <= near["alive"] <= 1 and -1e-9 <= near["expected"] <= far["expected"] + 1e-9
