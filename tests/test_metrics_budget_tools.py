"""Flexible budget, earned value, reallocation, return measures and response curves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mktanalytics import language
from mktanalytics.errors import MetricError
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_execution import transfer_balance
from mktanalytics.metrics.budget.channel_effects import REFUSAL, channel_effects
from mktanalytics.metrics.budget.earned_value import earned, earned_value
from mktanalytics.metrics.budget.flexible_budget import flexible_budget
from mktanalytics.metrics.budget.marginal_returns import equal_marginals
from mktanalytics.metrics.budget.reallocation import adjustments, reallocate
from mktanalytics.metrics.budget.response import Curve, adstock, hill, response_scenarios
from mktanalytics.metrics.budget.returns_on_spend import MEASURES, return_measures


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


# ---- flexible budget


def webb() -> pd.DataFrame:
    rows = [
        ("revenues", "revenue", 120.0, 0.0, 1_250_000.0), ("direct materials", "cost", 60.0, 0.0, 621_600.0),
        ("direct labour", "cost", 16.0, 0.0, 198_000.0), ("variable overhead", "cost", 12.0, 0.0, 130_500.0),
        ("fixed costs", "cost", 0.0, 276_000.0, 285_000.0),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["line", "kind", "variable_rate", "fixed", "actual"])
    return frame.assign(planned_activity=12_000.0, actual_activity=10_000.0)


def test_webb_company() -> None:
    # Horngren, Datar & Rajan, Cost Accounting ch. 7, Webb Company, April: 12,000 jackets planned, 10,000 made.
    # Operating income: static 108,000, flexible 44,000, actual 14,900; static-budget variance 93,100 U =
    # flexible-budget variance 29,100 U + sales-volume variance 64,000 U
    f = flexible_budget(webb()).set_index("line")
    sign = np.where(f["kind"] == "revenue", 1, -1)
    assert [(f[c] * sign).sum() for c in ("static", "flexible", "actual")] == [108_000, 44_000, 14_900]
    variances = f[["static_variance", "flexible_variance", "activity_variance"]].sum()
    assert variances.tolist() == [-93_100, -29_100, -64_000]
    assert (
        f.loc["direct materials", "flexible_word"] == "不利" and f.loc["revenues", "flexible_word"] == "有利"
    )
    assert f.loc["fixed costs", "activity_word"] == "无差异"


def test_flexible_budget_of_business_solutions() -> None:
    """Wild & Shaw, *Financial and Managerial Accounting*, serial problem SP 21: second quarter of 2020."""
    lines = pd.DataFrame({
        "line": ["desks", "chairs", "desk costs", "chair costs", "fixed"],
        "kind": ["revenue", "revenue", "cost", "cost", "cost"],
        "variable_rate": [178100 / 137, 27000 / 54, 113710 / 137, 14580 / 54, 0.0], "fixed": [0, 0, 0, 0, 34000.0],
        "planned_activity": [137, 54, 137, 54, None], "actual_activity": [143, 62, 143, 62, None],
        "actual": [184470.0, 31930, 135720 - 16740, 16740, 35500],
    })  # fmt: skip
    found = flexible_budget(lines).set_index("line")
    assert found["flexible"].tolist() == pytest.approx([185900, 31000, 118690, 16740, 34000])
    assert found["flexible_variance"].round(6).tolist() == [-1430, 930, -290, 0, -1500]
    sign = np.where(found["kind"] == "revenue", 1, -1)
    assert float((found["flexible"] * sign).sum()) == pytest.approx(47470)
    assert float(found["flexible_variance"].sum()) == pytest.approx(45180 - 47470)


def test_flexible_budget_wants_the_activity() -> None:
    with pytest.raises(MetricError, match="1 lines flex"):
        flexible_budget(webb().assign(actual_activity=[1.0, None, 1.0, 1.0, None]))
    with pytest.raises(MetricError, match="收入"):
        flexible_budget(webb().assign(kind="收入"))


MONEY = st.integers(-(10**6), 10**6).map(float)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["cost", "revenue"]), st.integers(0, 500), MONEY, st.integers(0, 9999), st.integers(0, 9999), MONEY), min_size=1, max_size=8))  # fmt: skip
def test_static_variance_is_flexible_plus_activity(rows) -> None:
    names = ["kind", "variable_rate", "fixed", "planned_activity", "actual_activity", "actual"]
    lines = pd.DataFrame(rows, columns=names)
    kept = lines.copy(deep=True)
    f = flexible_budget(lines)
    assert_frame_equal(lines, kept)
    np.testing.assert_allclose(
        f["static_variance"], f["flexible_variance"] + f["activity_variance"], atol=1e-6
    )
    assert (f.loc[lines["variable_rate"] == 0, "activity_variance"] == 0).all()


# ---- earned value


def campaign(**values: float) -> pd.DataFrame:
    return pd.DataFrame({"activity": ["双11"], **{k: [float(v)] for k, v in values.items()}})


def values_of(frame: pd.DataFrame) -> pd.Series:
    return frame.set_index("metric")["value"]


def test_earned_value_of_schwalbe() -> None:
    # Schwalbe, Information Technology Project Management ch. 7, exercise: BAC 200,000; PV 120,000, EV 100,000,
    # AC 90,000 → CV 10,000, SV −20,000, CPI 111.11%, SPI 83.33%, EAC 180,000
    v = values_of(earned_value(campaign(bac=200e3, pv=120e3, ev=100e3, ac=90e3)))
    assert v[["cv", "sv"]].tolist() == [10_000, -20_000]
    assert v[["cpi", "spi"]].round(4).tolist() == [1.1111, 0.8333]
    assert v["eac_cpi"] == pytest.approx(180_000) and v["vac"] == pytest.approx(20_000)


def test_earned_value_of_the_fence() -> None:
    """Mulcahy, *PMP Exam Prep*, earned value exercise (the fence of four sides): day three of four."""
    fence = pd.DataFrame({"pv": [3000.0], "ev": [2500.0], "ac": [2800.0], "bac": [4000.0]})
    found = earned_value(fence).set_index("metric")["value"]
    assert (found["cv"], found["sv"], round(found["cpi"], 3), round(found["spi"], 3)) == (
        -300,
        -500,
        0.893,
        0.833,
    )
    # the book divides by the rounded CPI and prints 4479, 1679, -479
    assert found["eac_cpi"] == pytest.approx(4480)
    assert (found["eac_cpi"] - 2800, found["vac"]) == pytest.approx((1680, -480))
    sides = pd.DataFrame({"activity": "fence", "budget": [1000.0] * 4, "done": [1.0, 1.0, 0.5, 0.0]})
    assert earned(sides, rule="percent")[["bac", "ev"]].values.tolist() == [[4000, 2500]]


def test_every_eac_rule_by_hand() -> None:
    c = campaign(bac=1000, pv=500, ev=400, ac=500, etc=700)
    v = values_of(earned_value(c))
    assert v["eac_cpi"] == pytest.approx(1000 / 0.8)
    assert v["eac_plan"] == 500 + 600
    assert v["eac_cpi_spi"] == pytest.approx(500 + 600 / (0.8 * 0.8))
    assert v["eac_bottom_up"] == 1200
    assert v["tcpi"] == pytest.approx(600 / 500)
    for rule, eac in (("cpi", 1250), ("plan", 1100), ("cpi_spi", 1437.5), ("bottom_up", 1200)):
        assert values_of(earned_value(c, eac_rule=rule))["vac"] == pytest.approx(1000 - eac)


def test_earned_value_statuses() -> None:
    none = earned_value(campaign(bac=100, pv=10, ev=0, ac=0)).set_index("metric")
    assert none.loc[["cpi", "eac_cpi", "eac_cpi_spi", "vac"], "status"].eq("na_zero_base").all()
    assert none.loc["eac_plan", "value"] == 100
    # EV / PV of work planned and not begun: nought, and said, while without PV there is no ratio
    assert none.loc["spi", ["value", "status", "note"]].tolist() == [0.0, "ok", "尚无产出"]
    begun = earned_value(campaign(bac=100, pv=10, ev=1, ac=1)).set_index("metric")
    assert begun.loc["spi", "note"] == ""
    assert none.loc["eac_bottom_up", "status"] == "na_missing"
    gone = earned_value(campaign(bac=100, pv=90, ev=80, ac=120)).set_index("metric").loc["tcpi"]
    assert gone["status"] == "na_nonpositive_base" and "用尽" in gone["note"]
    early = earned_value(campaign(bac=100, pv=10, ev=10, ac=12)).set_index("metric")
    assert "20%" in early.loc["cpi", "note"]
    unplanned = earned_value(campaign(bac=100, pv=0, ev=10, ac=12)).set_index("metric")
    assert unplanned.loc[["spi", "eac_cpi_spi"], "status"].eq("na_zero_base").all()
    with pytest.raises(MetricError, match="bac"):
        earned_value(campaign(pv=1, ev=1, ac=1))


def test_why_there_is_no_tcpi_is_said() -> None:
    done = {"pv": 100.0, "ev": 100.0, "ac": 100.0, "bac": 100.0}
    gone, unplanned = done | {"ev": 60.0}, done | {"ev": 5.0, "ac": 0.0, "bac": 0.0}
    table = earned_value(pd.DataFrame([done, gone, unplanned]).assign(activity=list("完超无")))
    notes = table[table["metric"] == "tcpi"].set_index("activity")["note"]
    assert notes.tolist() == ["已完成，无剩余工作", "预算已用尽，TCPI 无意义", "预算已用尽，TCPI 无意义"]
    assert set(table.loc[table["metric"] == "tcpi", "status"]) == {"na_zero_base"}


def test_earning_rules() -> None:
    d = pd.DataFrame(
        {"activity": "双11", "budget": [100.0, 200.0, 300.0], "started": [True, True, False],
         "finished": [True, False, False], "done": [1.0, 0.4, 0.0]}
    )  # fmt: skip
    assert [earned(d, rule=r)["ev"].iloc[0] for r in ("0/100", "50/50", "percent")] == [100, 200, 180]
    with pytest.raises(MetricError, match="0 to 1"):
        earned(d.assign(done=40.0), rule="percent")
    with pytest.raises(MetricError, match="50/50"):
        earned(d, rule="spent")


@settings(max_examples=40, deadline=None)
@given(*[st.integers(0, 10**6)] * 4, st.integers(2, 1000))
def test_earned_value_is_finite_and_scales(pv, ev, ac, bac, factor) -> None:
    a = earned_value(campaign(pv=pv, ev=ev, ac=ac, bac=bac))
    b = earned_value(campaign(pv=pv * factor, ev=ev * factor, ac=ac * factor, bac=bac * factor))
    assert (a["value"].notna() == (a["status"] == "ok")).all() and not np.isinf(a["value"].fillna(0)).any()
    money = (a["unit"] == "cny").map({True: factor, False: 1})
    np.testing.assert_allclose(b["value"], a["value"] * money, rtol=1e-9, equal_nan=True)


# ---- reallocation


@pytest.fixture
def lines() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "category": ["会展", "直播", "物料"],
            "ba": [100.0, 50.0, 30.0],
            "recognised": [30.0, 45.0, 0.0],
            "committed": [10.0, 0.0, 0.0],
        }
    )


def moves(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["from", "to", "amount", "date", "approver", "reason"])
    return frame.assign(date=pd.to_datetime(frame["date"]))


def test_moves_go_in_the_order_of_their_dates(lines) -> None:
    m = moves(
        ("直播", "物料", 60.0, "2026-06-02", "王磊", "加投"),
        ("会展", "直播", 60.0, "2026-05-08", "王磊", "618"),
    )
    after, ledger = reallocate(lines, m)
    assert after["ba"].tolist() == [40.0, 50.0, 90.0] and after["moved"].sum() == 0
    assert ledger["from"].tolist() == ["会展", "直播"]
    assert ledger[["from_rate", "from_rate_after"]].iloc[0].tolist() == [0.3, 0.75]
    assert np.isnan(after["execution_rate"]).sum() == 0


@pytest.mark.parametrize(
    ("move", "message"),
    [
        (("会展", "直播", 60.01, "2026-05-08", "王磊", "618"), "below what it has spent"),
        (("会展", "直播", 0.0, "2026-05-08", "王磊", "618"), "above 0"),
        (("会展", "会展", 5.0, "2026-05-08", "王磊", "618"), "itself"),
        (("会展", "电梯", 5.0, "2026-05-08", "王磊", "618"), "电梯"),
        (("会展", "直播", 5.0, "2026-05-08", "", "618"), "approver"),
        (("会展", "直播", 5.0, None, "王磊", "618"), "date"),
    ],
)
def test_moves_that_may_not_be(lines, move, message) -> None:
    with pytest.raises(MetricError, match=message):
        reallocate(lines, moves(move))


def test_what_is_left_after_a_move(lines) -> None:
    move = pd.DataFrame({"from": ["会展"], "to": ["直播"], "amount": [1.0], "date": pd.to_datetime(["2026-05-08"]),
                         "approver": ["王磊"], "reason": ["加投"]})  # fmt: skip
    after, _ = reallocate(lines, move)
    used = after["recognised"] + after["committed"]
    assert (after["available"] == after["ba"] - used).all()
    assert after["available"].sum() == pytest.approx(
        (lines["ba"] - lines["recognised"] - lines["committed"]).sum()
    )


def test_adjustments_feed_the_budget_and_cancel() -> None:
    plan = pd.DataFrame(
        {
            "month": pd.to_datetime(["2026-01-01"] * 2),
            "category": ["会展", "直播"],
            "period": "year",
            "version": "original",
            "amount": [100.0, 50.0],
        }
    )
    rows = adjustments(moves(("会展", "直播", 20.0, "2026-05-08", "王磊", "会展调剂至直播")))
    budget = pd.concat([plan, rows], ignore_index=True)
    balance = transfer_balance(budget, month="2026-06")
    assert balance[["kind", "net", "balanced"]].values.tolist() == [["transfer", 0.0, True]]
    a = budget_amounts(budget, plan.iloc[:0].assign(status="paid"), month="2026-06", by=["category"])
    assert a.loc[a["scope"] == "year", "ba"].tolist() == [80.0, 70.0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["会展", "直播", "物料"]), st.sampled_from(["会展", "直播", "物料"]), st.integers(1, 40)), max_size=8))  # fmt: skip
def test_transfers_sum_to_zero_and_never_break_the_floor(rows) -> None:
    start = pd.DataFrame(
        {
            "category": ["会展", "直播", "物料"],
            "ba": [100.0, 50.0, 30.0],
            "recognised": [30.0, 45.0, 0.0],
            "committed": 0.0,
        }
    )
    m = moves(*[(a, b, float(x), "2026-05-08", "王磊", "调剂") for a, b, x in rows])
    try:
        after, _ = reallocate(start, m)
    except MetricError:
        return
    assert after["moved"].sum() == 0 and (after["available"] >= -0.005).all()
    assert adjustments(m)["amount"].sum() == 0


# ---- return measures


def test_returns_by_their_formulas() -> None:
    d = pd.DataFrame(
        {"channel": ["抖音", "电梯"], "spend": [100.0, 50.0], "revenue": [400.0, 100.0], "incremental_revenue": [300.0, 50.0],
         "contribution_margin": [0.4, 0.4], "experiment": ["华南停投", None], "acquisition_cost": [120.0, 60.0], "new_customers": [6, 0],
         "monthly_revenue": [60.0, 0.0], "gross_margin": [0.5, 0.5]}
    )  # fmt: skip
    r = return_measures(d, by=["channel"], cost_scope="媒介+销售薪酬").set_index(["channel", "measure"])
    assert r.loc["抖音", "value"][list(MEASURES)].tolist() == pytest.approx([4.0, 1.2, 0.2, 0.2, 20.0, 4.0])
    assert r.loc[("电梯", "cac"), "status"] == "na_zero_base"
    assert ("电梯", "iroi") not in r.index  # no experiment, no incremental return
    whole = return_measures(d, measures=["roas", "roi"]).set_index("measure")
    assert whole.loc["roas", "value"] == pytest.approx(500 / 150)  # from sums, not a mean of 4 and 2
    assert "归因营收" in whole.loc["roas", "note"]
    assert "媒介+销售薪酬" in r.loc[("抖音", "cac"), "note"]


def test_payback_of_a_published_example() -> None:
    # https://jamcreative.ru/en/blog/ad-budget-calc-cac-ltv-roi : CAC 200, 150 a month, margin 60% → 2.2 months
    d = pd.DataFrame(
        {"acquisition_cost": [200.0], "new_customers": [1], "monthly_revenue": [150.0], "gross_margin": [0.6]}
    )
    v = return_measures(d, measures=["cac", "payback_months"], cost_scope="ads").set_index("measure")["value"]
    assert v["cac"] == 200.0 and round(v["payback_months"], 1) == 2.2


def test_returns_that_cannot_be_known_say_why() -> None:
    d = pd.DataFrame({"spend": [10.0], "revenue": [20.0]})
    r = return_measures(d).set_index("measure")
    assert r.loc["roi", "status"] == "na_missing" and "incremental_margin" in r.loc["roi", "note"]
    with pytest.raises(MetricError, match="scope"):
        return_measures(d.assign(acquisition_cost=1.0, new_customers=1), measures=["cac"])
    with pytest.raises(MetricError, match="attributed"):
        return_measures(d, basis="platform")


RETURNS = {  # value of the row below, unit, formula in Chinese and English
    "roas": (4.0, "ratio", "ROAS（营收口径）＝增量营收 ÷ 费用", "ROAS = incremental revenue / spend"),
    "margin_roas": (1.2, "ratio", "毛利 ROAS＝增量营收×边际贡献率 ÷ 费用",
                    "margin ROAS = incremental revenue × contribution margin / spend"),
    "roi": (0.2, "fraction", "ROI（净）＝（增量边际贡献－费用）÷ 费用", "ROI = (incremental margin − spend) / spend"),
    "iroi": (0.2, "fraction", "iROI＝（实验证实的增量边际贡献－费用）÷ 费用",
             "iROI = (incremental margin proven by an experiment − spend) / spend"),
    "cac": (20.0, "usd", "CAC＝获客费用（媒介）÷ 同期新客户数", "CAC = acquisition cost (媒介) / new customers of the same window"),
    "payback_months": (4.0, "months", "回本月数＝CAC ÷（每客户月营收×毛利率）",
                       "payback = CAC / (monthly revenue per customer × gross margin)"),
}  # fmt: skip


def test_each_return_has_its_unit_and_prints_its_formula() -> None:
    row = pd.DataFrame(
        {"channel": ["抖音"], "spend": 100.0, "revenue": 400.0, "incremental_revenue": 300.0, "contribution_margin": 0.4,
         "experiment": "华南停投", "acquisition_cost": 120.0, "new_customers": 6, "monthly_revenue": 60.0, "gross_margin": 0.5,
         "currency": "USD"}
    )  # fmt: skip
    assert tuple(RETURNS) == MEASURES
    for said, tongue in ((2, "zh"), (3, "en")):
        found = return_measures(row, basis="incremental", cost_scope="媒介", language=tongue)
        assert found["measure"].tolist() == list(MEASURES) and found["note"].tolist() == [
            f[said] for f in RETURNS.values()
        ]
    assert found["value"].tolist() == pytest.approx([f[0] for f in RETURNS.values()])
    assert found["unit"].tolist() == [f[1] for f in RETURNS.values()]
    for column in ("spend", "incremental_revenue", "contribution_margin", "acquisition_cost", "new_customers",
                   "monthly_revenue", "gross_margin"):  # fmt: skip
        with pytest.raises(MetricError, match=column):
            return_measures(row.assign(**{column: "12万"}), cost_scope="媒介")


def test_what_a_return_lacks_is_said_in_both_languages() -> None:
    row = pd.DataFrame({"channel": ["b", "a", None], "spend": [10.0, 20.0, 30.0], "revenue": 60.0})
    chinese, english = (
        return_measures(row, measures=["roi"], language=x)["note"].item() for x in ("zh", "en")
    )
    assert chinese.endswith("；缺 incremental_margin") and english.endswith("; lacks incremental_margin")
    by = return_measures(row, by="channel", measures=["roas"])
    assert by["channel"].tolist()[:2] == ["a", "b"] and by["value"].tolist() == [3.0, 6.0, 2.0]
    assert by.index.tolist() == [0, 1, 2], "who names no channel is a row of its own"
    untested = row.assign(incremental_revenue=90.0, contribution_margin=0.5)
    proven = return_measures(untested, measures=["roi", "iroi"])
    assert proven["status"].tolist() == ["ok", "na_missing"] and proven.index.tolist() == [0, 1]
    unnamed = return_measures(untested.assign(experiment=[None, "", None]), measures=["iroi"]).iloc[0]
    assert unnamed["status"] == "na_missing" and "incremental_margin" in unnamed["note"]
    with pytest.raises(MetricError, match="no measure"):
        return_measures(row, measures=[])
    with pytest.raises(MetricError, match="nothing a return is made of"):
        return_measures(row[["channel"]])


# ---- response curves


def test_adstock_forms() -> None:
    assert adstock([100, 0, 0, 0], 0.5, window=2).tolist() == [100, 50, 0, 0]
    assert adstock([100, 0, 0, 0], 0.5, window=2, normalised=True).tolist() == pytest.approx(
        [100 / 1.5, 50 / 1.5, 0, 0]
    )
    assert adstock([7, 3], 0.0).tolist() == [7, 3]
    x, a = np.arange(1, 30.0), [0.0]
    for value in x:
        a.append(value + 0.7 * a[-1])
    np.testing.assert_allclose(adstock(x, 0.7), a[1:])
    with pytest.raises(MetricError):
        adstock([1], 1.0)


def test_hill_keeps_to_its_range() -> None:
    assert hill([5e8], half=5e8, shape=9).tolist() == [0.5]
    assert (np.diff(hill(np.linspace(0, 10, 50), half=3, shape=2)) > 0).all()
    with pytest.raises(MetricError):
        hill([1], half=0, shape=1)


def curve(channel: str, **values: object) -> Curve:
    scale = values.pop("scale", 1.0)
    return Curve(channel=channel, source="2025 区域实验", scale=scale, low=scale, high=scale, **values)


def test_a_curve_needs_its_source() -> None:
    with pytest.raises(MetricError, match="source"):
        Curve(channel="抖音", source=" ", scale=1.0, low=1.0, high=1.0)
    with pytest.raises(MetricError, match="电梯"):
        response_scenarios([curve("抖音")], pd.DataFrame({"channel": ["电梯"], "spend": [1.0]}))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.5, 5), min_size=2, max_size=5), st.floats(10, 1e6))
def test_square_roots_share_by_the_square(scales, budget) -> None:
    # methods 4.8: a_i sqrt(x): x_i proportional to a_i²
    cs = [curve(f"c{i}", scale=a, kind="power", shape=0.5) for i, a in enumerate(scales)]
    s = pd.DataFrame({"channel": [c.channel for c in cs], "spend": budget / len(cs)})
    out = equal_marginals(cs, s, most_move=float("inf"))
    weights = np.square(scales) / np.square(scales).sum()
    np.testing.assert_allclose(out["scenario"], weights * budget, rtol=1e-6)
    np.testing.assert_allclose(out["marginal"], out["marginal"].iloc[0], rtol=1e-6)
    assert out["gain"].iloc[0] >= -1e-9


def test_michaelis_menten_by_the_closed_form() -> None:
    # methods 4.8: V x / (K + x): x_i = sqrt(V_i K_i / λ) − K_i
    cs = [curve("a", scale=100.0, half=10.0), curve("b", scale=60.0, half=20.0)]
    out = equal_marginals(
        cs, pd.DataFrame({"channel": ["a", "b"], "spend": [30.0, 30.0]}), most_move=float("inf")
    )
    price = out["marginal"].iloc[0]
    np.testing.assert_allclose(
        out["scenario"], [np.sqrt(1000 / price) - 10, np.sqrt(1200 / price) - 20], rtol=1e-6
    )
    assert out["scenario"].sum() == pytest.approx(60)


def test_moves_stay_within_their_limit() -> None:
    cs = [curve("a", scale=9.0, kind="power", shape=0.5), curve("b", scale=1.0, kind="power", shape=0.5)]
    out = equal_marginals(cs, pd.DataFrame({"channel": ["a", "b"], "spend": [50.0, 50.0]}))
    assert out["scenario"].tolist() == pytest.approx([60.0, 40.0]) and out["at_bound"].all()
    with pytest.raises(MetricError, match="concave"):
        equal_marginals([curve("a", shape=2.0)], pd.DataFrame({"channel": ["a"], "spend": [1.0]}))
    with pytest.raises(MetricError, match="within the limits"):
        equal_marginals(cs, pd.DataFrame({"channel": ["a", "b"], "spend": [50.0, 50.0]}), budget=500.0)


def panel(regions: int, months: int, roi=(3.0, 0.5)) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    frames = []
    for r in range(regions):
        m = pd.date_range("2023-01-01", periods=months, freq="MS")
        x = rng.uniform(5, 15, (months, 2))
        y = 500 + 20 * np.sin(m.month * np.pi / 6) + x @ np.asarray(roi) + rng.normal(0, 2, months)
        frames.append(
            pd.DataFrame({"month": m, "region": f"r{r}", "amount": y, "抖音": x[:, 0], "电梯": x[:, 1]})
        )
    return pd.concat(frames, ignore_index=True)


def test_thin_data_rank_nothing() -> None:
    r = channel_effects(panel(1, 36), ["抖音", "电梯"])
    assert r["value"].isna().all() and r["rank"].isna().all() and r["note"].str.startswith(REFUSAL).all()


def test_pooled_regions_tell_apart_only_what_differs() -> None:
    r = channel_effects(panel(20, 30), ["抖音", "电梯"], region="region").set_index("channel")
    assert r["rank"].tolist() == [1, 2] and r["status"].eq("ok").all()
    assert (r["low"] < pd.Series({"抖音": 3.0, "电梯": 0.5})).all() and (
        r["high"] > pd.Series({"抖音": 3.0, "电梯": 0.5})
    ).all()
    same = channel_effects(panel(20, 30, roi=(1.0, 1.0)), ["抖音", "电梯"], region="region")
    assert same["rank"].isna().all() and same["note"].str.startswith(REFUSAL).all()
