"""KPI figures: published examples, edges of methods 5, and the laws that hold whatever the data."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import language
from mktanalytics.errors import DataError, MetricError
from mktanalytics.metrics.budget.budget_months import monthly_plan
from mktanalytics.metrics.kpi import _execution, kpi
from mktanalytics.metrics.kpi.achievement import achievement
from mktanalytics.metrics.kpi.forced_distribution import forced_distribution, quotas
from mktanalytics.metrics.kpi.grades import grade
from mktanalytics.metrics.kpi.kpi_figures import performance_figures
from mktanalytics.metrics.kpi.kpi_policies import (
    months_in_post,
    prorated_target,
    time_weighted_score,
    weighted_rollup,
    year_beside_halves,
)
from mktanalytics.metrics.kpi.ranking import ranked
from mktanalytics.metrics.kpi.score import (
    BandTable,
    band_score,
    deduction_score,
    difference_score,
    min_max_score,
    proportional_score,
)
from mktanalytics.metrics.kpi.score_schemes import adjusted_total, efficacy_score, two_way_coefficient
from mktanalytics.metrics.notes import note_text
from mktanalytics.settings import Methods, Settings, Thresholds


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


NUMBER = st.floats(-1e9, 1e9, allow_nan=False)
POSITIVE = st.floats(0.01, 1e9)


def months(*texts: str) -> pd.DatetimeIndex:
    return pd.to_datetime([f"{t}-01" for t in texts])


# ---- achievement (methods 5.1)


@pytest.mark.parametrize(
    ("actual", "target", "options", "value"),
    [
        (95, 100, {}, 0.95),
        (-80, -100, {}, 1.2),
        (-120, -100, {}, 0.8),
        (0.06, 0.05, {"direction": "lower"}, 0.8),
        (0.04, 0.05, {"direction": "lower", "lower_is_better": "convex"}, 1.25),
        (0.96, 0.95, {"lower_limit": 0.90}, 1.2),
        (1.0, math.nan, {"direction": "milestone"}, 1.0),
        (0.5, math.nan, {"direction": "milestone"}, 0.5),
        (30, math.nan, {"direction": "band", "lower_limit": 30, "upper_limit": 45}, 1.0),
        (45, math.nan, {"direction": "band", "lower_limit": 30, "upper_limit": 45}, 1.0),
        (50, math.nan, {"direction": "band", "lower_limit": 30, "upper_limit": 45, "outer_upper": 55}, 0.5),
        (55, math.nan,
         {"direction": "band", "lower_limit": 30, "upper_limit": 45, "outer_upper": 55, "band_floor": 0.6}, 0.6),
        (24, math.nan, {"direction": "band", "lower_limit": 30, "upper_limit": 45}, 0.8),
    ],
)  # fmt: skip
def test_achievement_by_type(actual, target, options, value):
    result = achievement(actual, target, **options)
    assert result.value == pytest.approx(value, rel=1e-12)
    assert result.status == "ok"


@pytest.mark.parametrize(
    ("actual", "target", "options", "value", "status"),
    [
        (3, 0, {}, None, "na_zero_base"),
        (0, 0, {"direction": "lower"}, None, "na_zero_base"),
        (math.nan, 5, {}, None, "na_missing"),
        (5, math.nan, {}, None, "na_missing"),
        (-5, 100, {}, 0.0, "clamped"),
        (30, 10, {"direction": "lower"}, 0.0, "clamped"),
        (0, 5, {"direction": "lower", "lower_is_better": "convex"}, 2.0, "clamped"),
        (-1, 5, {"direction": "lower", "lower_is_better": "convex"}, None, "na_nonpositive_base"),
        (5, math.nan, {"direction": "band"}, None, "na_missing"),
        (60, math.nan, {"direction": "band", "upper_limit": 45, "outer_upper": 55}, 0.0, "clamped"),
    ],
)
def test_achievement_edges(actual, target, options, value, status):
    result = achievement(actual, target, **options)
    assert (result.value, result.status) == (value, status)


@settings(deadline=None, max_examples=60)
@given(NUMBER, NUMBER.filter(lambda t: abs(t) > 1e-3), st.sampled_from(["higher", "lower"]))
def test_achievement_has_no_unit(actual, target, direction):
    one = achievement(actual, target, direction=direction).value
    thousand = achievement(actual * 1000, target * 1000, direction=direction).value
    assert one == pytest.approx(thousand, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(NUMBER, NUMBER, NUMBER.filter(lambda t: abs(t) > 1e-3))
def test_a_better_actual_never_achieves_less(a, b, target):
    low, high = sorted([a, b])
    assert achievement(high, target).value >= achievement(low, target).value
    assert (
        achievement(low, target, direction="lower").value
        >= achievement(high, target, direction="lower").value
    )


def test_a_milestone_counts_its_evidence():
    """3 of 4 outlets opened; without a target the evidence itself, from 0 to 1."""
    assert achievement(3, 4, direction="milestone").value == 0.75
    assert achievement(0.5, direction="milestone").value == 0.5
    assert [achievement(a, 4, direction="milestone").status for a in (5, -1)] == ["clamped"] * 2


def test_a_score_lacks_nothing_it_needs():
    for score in (
        deduction_score(math.nan, step=0.01, points=2), deduction_score(0.02, step=0.01, points=math.nan),
        difference_score(math.nan, step=1, points=2), difference_score(0.02, step=1, points=math.nan),
        min_max_score(math.nan, worst=6, best=2), min_max_score(3, worst=math.nan, best=2), min_max_score(3, worst=6, best=math.nan),
    ):  # fmt: skip
        assert (score.value, score.status) == (None, "na_missing")


def test_an_unknown_direction_is_named():
    with pytest.raises(MetricError, match="sideways"):
        achievement(1, 2, direction="sideways")


# ---- scores (methods 5.2)


def test_efficacy_coefficient_of_the_2006_rules():
    """国资委 2006 实施细则: 本档基础分 + 功效系数 × (上档基础分 - 本档基础分), by hand.

    净资产收益率 8.0%, weight 20; standard values 优秀 12.5, 良好 9.3, 平均 6.4, 较低 2.1, 较差 -3.5:
    base 20 × 0.6 = 12, next 16, efficacy (8.0 - 6.4)/(9.3 - 6.4) = 0.551724…, score 14.2069.
    """
    levels = [12.5, 9.3, 6.4, 2.1, -3.5]
    assert efficacy_score(8.0, levels, full=20).value == pytest.approx(12 + 1.6 / 2.9 * 4, abs=1e-12)
    assert efficacy_score(12.5, levels, full=20).value == 20
    assert efficacy_score(-3.5, levels, full=20).value == pytest.approx(4)
    assert efficacy_score(-3.6, levels, full=20).value == 0


def test_efficacy_coefficient_of_a_published_example():
    """中级会计教材《财务管理》综合绩效评价, 大型普通机械制造业: 净资产收益率 8%, 良好 9.5%, 平均 1.7%, 权数 20.

    基础分 12, 调整分 (8 - 1.7)/(9.5 - 1.7) × (16 - 12) = 3.23. (A copy on the web, jikaoti.com/ti/545oFFFM, slips to 18 for 16.)
    The older 功效系数法, 60 + 40 × …, is the same with two levels.
    """
    found = efficacy_score(8.0, [16.5, 9.5, 1.7, -3.6, -20.0], full=20)
    assert (round(found.value, 2), found.numerator) == (15.23, 12)
    old = efficacy_score(8.0, [10.0, 5.0], coefficients=(1.0, 0.6))  # 满意值 10, 不允许值 5
    assert old.value == pytest.approx(60 + (8 - 5) / (10 - 5) * 40)


def test_efficacy_where_lower_is_better_and_where_levels_are_equal():
    debt = [40, 50, 60, 75, 90]  # 资产负债率
    assert efficacy_score(55, debt, full=10).value == pytest.approx(6 + 0.5 * 2)
    assert efficacy_score(50, [40, 50, 50, 75, 90], full=10).value == pytest.approx(8)  # the better level


@settings(deadline=None, max_examples=60)
@given(st.lists(NUMBER, min_size=5, max_size=5), NUMBER)
def test_efficacy_stays_within_its_item(levels, actual):
    value = efficacy_score(actual, sorted(levels, reverse=True), full=20).value
    assert 0 <= value <= 20 + 1e-9


@pytest.mark.parametrize(
    ("value", "score"), [(0.05999, 60), (0.06, 60), (0.0600001, 80), (0.18, 80), (0.19, 100), (-1, 0)]
)
def test_bands_are_half_open_and_declare_their_closed_end(value, score):
    growth = BandTable(edges=(0.0, 0.06, 0.18), scores=(0, 60, 80, 100), closed="right")  # (6%,18%] → 80
    assert band_score(value, growth).value == score


def test_deduction_counts_whole_steps_in_spite_of_floats():
    assert deduction_score(1 - 0.97, step=0.01, points=2).value == 94  # 1 - 0.97 is 0.0300000…27
    assert deduction_score(0.3 - 0.2, step=0.1, points=5).value == 95  # 0.3 - 0.2 is 0.09999…
    assert deduction_score(0.9, step=0.01, points=2).value == 0  # 扣完为止
    assert deduction_score(-0.2, step=0.01, points=2).value == 100


def test_min_max_and_difference_and_floor_and_cap():
    assert min_max_score(3, worst=6, best=2).value == 75
    assert min_max_score(9, worst=2, best=6, full=20).value == 20
    assert difference_score(0.03, step=0.01, points=10, cap=120).value == 120
    assert proportional_score(0.5999, floor=0.6, cap=120).value == 0
    assert proportional_score(1.5, floor=0.6, cap=110).status == "clamped"


def test_the_last_bit_of_a_float_costs_nobody_a_band():
    """1.2 of 1.5 is 80 %, though a float calls it 0.7999…; a total of nothing but 90s is 90."""
    reached = achievement(1.2, 1.5)
    assert reached.value < 0.8
    assert proportional_score(reached.value, floor=0.8, cap=120).value == pytest.approx(80)
    table = BandTable(edges=(0.8,), scores=(0, 80))
    assert band_score(reached.value, table).value == 80
    assert band_score(1.2 - 0.6, BandTable(edges=(0.6,), scores=(0, 80), closed="right")).value == 0
    sum_of_nineties = 0.7 * 90 + 0.2 * 90 + 0.1 * 90
    assert [grade(90 - 1e-13), grade(sum_of_nineties), grade(90 - 1e-9)] == ["优", "优", "良"]
    people = pd.DataFrame(
        {"entity": list("甲乙丙丁戊己庚辛壬癸"), "value": [95, 90, 90 - 1e-13, *[80.0] * 7]}
    )
    shares = {"A": 0.2, "B": 0.8}
    assert "".join(forced_distribution(people, shares, key=["entity"])["grade"]) == "AAABBBBBBB"


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(1, 1000))
def test_a_band_is_that_of_the_exact_fraction(actual, target, scale):
    """Against exact arithmetic: bands of fifths, and money in any unit."""
    edges = (0.2, 0.4, 0.6, 0.8, 1.0)
    table = BandTable(edges=edges, scores=(0, 20, 40, 60, 80, 100))
    value = achievement(actual / scale, target / scale).value
    exact = sum(Fraction(actual, target) >= Fraction(k, 5) for k in range(1, 6))
    assert band_score(value, table).value == 20 * exact
    assert grade(100 * value, [("五", 80), ("四", 60), ("三", 40), ("二", 0)]) == (
        "五" if exact >= 4 else "四" if exact == 3 else "三" if exact == 2 else "二"
    )


def test_a_two_way_table_reads_both_bands():
    rows, columns = BandTable(edges=(0.8, 1.0), scores=(0, 0, 0)), BandTable(edges=(0.9,), scores=(0, 0))
    table = [[0, 0.5], [0.6, 0.9], [0.9, 1.2]]
    assert two_way_coefficient(1.0, 0.9, rows=rows, columns=columns, table=table).value == 1.2
    assert two_way_coefficient(0.79, 0.95, rows=rows, columns=columns, table=table).value == 0.5
    with pytest.raises(MetricError, match="fit"):
        two_way_coefficient(1, 1, rows=rows, columns=columns, table=table[:2])


def test_additions_are_capped_each_and_in_total():
    result = adjusted_total(100, [("创新", 8, 5), ("获奖", 9, 10)], total_cap=110)
    assert result.value == 110
    assert "创新 +8 按 +5 计" in result.note


# ---- grades and ranks (methods 5.4, 0.9)


def test_grades_of_the_ministry_of_finance():
    """财预〔2020〕10号: 优 ≥ 90, 良 ≥ 80, 中 ≥ 60, 差 < 60; 89.5 is no gap."""
    assert [grade(s) for s in (100, 90, 89.5, 80, 79.999, 60, 59.999, -5)] == list("优优良良中中差差")


@settings(deadline=None, max_examples=60)
@given(NUMBER, NUMBER)
def test_grading_is_total_and_monotone(a, b):
    order = [name for name, _ in reversed(Thresholds.grades)]
    low, high = sorted([a, b])
    assert order.index(grade(low)) <= order.index(grade(high))


def test_grades_out_of_order_are_refused():
    with pytest.raises(MetricError):
        grade(80, [("良", 80), ("优", 90)])
    with pytest.raises(MetricError):
        grade(80, [("优", 80), ("良", 80)])


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([60.0, 70.0, 80.0, 95.5, math.nan]), min_size=1, max_size=12), st.randoms())
def test_ranks_do_not_depend_on_row_order(scores, random):
    frame = pd.DataFrame({"entity": [f"区{i:02d}" for i in range(len(scores))], "value": scores})
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 999))
    pd.testing.assert_frame_equal(ranked(frame, key=["entity"]), ranked(shuffled, key=["entity"]))


def test_the_three_ways_to_rank_ties():
    frame = pd.DataFrame({"entity": list("甲乙丙丁"), "value": [90.0, 80.0, 80.0, 70.0]})
    got = {
        m: ranked(frame, key=["entity"], method=m)["rank"].tolist()
        for m in ("competition", "dense", "average")
    }
    assert got == {"competition": [1, 2, 2, 4], "dense": [1, 2, 2, 3], "average": [1, 2.5, 2.5, 4]}
    row = ranked(frame, key=["entity"]).iloc[1]
    assert (row["rank_n"], row["tied"], row["to_better"], row["to_worse"]) == (4, 2, 10, 10)


# ---- scorecards


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    both = [*months("2026-09", "2026-10")]
    targets = pd.DataFrame(
        [
            (m, "month", level, entity, name, target, unit, weight, direction, rule, step, points, actual)
            for m in both
            for level, entity, name, target, unit, weight, direction, rule, step, points, actual in [
                ("region", "华东", "销售额", 4e6, "CNY", 0.5, "higher", "proportional", None, None, None),
                ("region", "华东", "市场份额", 0.25, "fraction", 0.2, "higher", "deduction", 0.01, 5, None),
                ("region", "华东", "费销比", 0.10, "fraction", 0.2, "lower", "proportional", None, None, None),
                ("region", "华东", "工作态度", 90, "分", 0.1, "higher", "proportional", None, None, None),
                ("region", "华南", "销售额", 2e6, "CNY", 0.7, "higher", "proportional", None, None, None),
                ("region", "华南", "新增网点", 10, "家", 0.3, "higher", "proportional", None, None, 12),
                ("person", "李明", "销售额", 1e6, "CNY", 1.0, "higher", "proportional", None, None, None),
                ("department", "市场部", "预算执行率", 1.0, "fraction", 0.5, "higher", "proportional", None, None, None),
                ("department", "市场部", "顾客满意度", 0.8, "fraction", 0.3, "higher", "proportional", None, None, None),
                ("department", "市场部", "NPS", 40, "分", 0.2, "higher", "proportional", None, None, None),
            ]
        ],
        columns=["month", "period", "entity_level", "entity", "kpi", "target", "unit", "weight", "direction",
                 "score_rule", "step", "points", "actual"],
    )  # fmt: skip
    sales = pd.DataFrame(
        {
            "month": months("2026-09", "2026-09", "2026-10", "2026-10", "2026-10", "2025-10", "2025-10"),
            "period": "day",
            "region": ["华东", "华南", "华东", "华东", "华南", "华东", "华南"],
            "salesperson": ["李明", "王芳", "李明", "赵强", "王芳", "李明", "王芳"],
            "units": [400, 150, 100, 280, 220, 300, 200],
            "amount": [4e6, 1.5e6, 1e6, 2.8e6, 2.2e6, 3e6, 2e6],
            "currency": "CNY",
        }
    )
    market = pd.DataFrame(
        {
            "month": months(*["2026-09"] * 3, *["2026-10"] * 3),
            "period": "month",
            "region": "华东",
            "category": "饮料",
            "channel": pd.NA,
            "brand": ["甘泉", "竞品", "合计"] * 2,
            "units": 1.0,
            "amount": [4e6, 12e6, 16e6, 3.8e6, 13e6, 20e6],
            "source": "尼达",
            "vintage": pd.NaT,
        }
    ).astype({"channel": "str", "units": "float64"})
    spend = pd.DataFrame(
        {
            "month": months("2026-09", "2026-10", "2026-10", "2026-10"),
            "date": pd.to_datetime(["2026-09-05", "2026-10-05", "2026-10-09", "2026-10-20"]),
            "department": "市场部",
            "region": ["华东", "华东", "华南", "华东"],
            "status": ["paid", "recognised", "paid", "committed"],
            "amount": [3e5, 4.56e5, 1e5, 9e5],
            "currency": "CNY",
        }
    )
    budget = pd.DataFrame(
        {"month": months("2026-09", "2026-10"), "period": "month", "department": "市场部", "version": "original",
         "date": pd.NaT, "amount": [5e5, 6e5], "currency": "CNY"}
    )  # fmt: skip
    actuals = pd.DataFrame(
        {"month": both, "period": "month", "entity_level": "region", "entity": "华东", "kpi": "工作态度",
         "actual": [80.0, 90.0], "unit": "分"}
    )  # fmt: skip
    people = [str(i) for i in range(100)]
    survey = pd.concat(
        [
            pd.DataFrame({"respondent": people, "question": "总体满意度", "score": math.nan,
                          "answer": ["非常满意"] * 30 + ["满意"] * 42 + ["一般"] * 18 + ["不满意"] * 10}),
            pd.DataFrame({"respondent": people, "question": "您是否愿意推荐给朋友", "answer": pd.NA,
                          "score": [10.0] * 50 + [7.0] * 30 + [4.0] * 20}),
        ]
    ).assign(month=months("2026-09")[0])  # fmt: skip
    return {"targets": targets, "sales": sales, "market": market, "spend": spend, "budget": budget,
            "actuals": actuals, "survey": survey}  # fmt: skip


SETTINGS = Settings(own_brands=("甘泉",))


def test_what_entities_share_is_computed_once(tables, monkeypatch):
    calls = []
    monkeypatch.setattr(_execution, "monthly_plan", lambda *a, **k: calls.append(1) or monthly_plan(*a, **k))
    budget = pd.concat([tables["budget"].assign(department=f"部门{i}") for i in range(3)])
    rate = tables["targets"][tables["targets"]["kpi"] == "预算执行率"]
    targets = pd.concat([rate.assign(entity=f"部门{i}", weight=1.0) for i in range(3)])
    spend = pd.concat([tables["spend"].assign(department=f"部门{i}", amount=1e5 * (i + 1)) for i in range(3)])
    card = kpi.scorecard({"targets": targets, "budget": budget, "spend": spend}, "2026-10")
    assert card["actual"].tolist() == [2e5 / 6e5, 4e5 / 6e5, 6e5 / 6e5] and len(calls) == 1


def card_of(tables, scope="month", **options):
    card = kpi.scorecard(tables, "2026-10", scope=scope, settings=SETTINGS, **options)
    return card.set_index(["entity", "kpi"])


def test_every_actual_comes_from_the_table_that_yields_it(tables):
    card = card_of(tables)
    expected = {
        ("华东", "销售额"): (3.8e6, "sales", 95.0),
        ("华东", "市场份额"): (0.19, "market", 70.0),  # 6 points of percent short, 5 points each
        ("华东", "费销比"): (0.12, "spend+sales", 80.0),
        ("华东", "工作态度"): (90.0, "actuals", 100.0),
        ("华南", "销售额"): (2.2e6, "sales", 110.0),
        ("华南", "新增网点"): (12.0, "targets", 120.0),
        ("李明", "销售额"): (1e6, "sales", 100.0),
        ("市场部", "预算执行率"): (5.56e5 / 6e5, "budget", 100 * 5.56 / 6),
        ("市场部", "顾客满意度"): (0.72, "survey", 90.0),
        ("市场部", "NPS"): (30.0, "survey", 75.0),
    }
    for key, (actual, source, score) in expected.items():
        row = card.loc[key]
        assert row["actual"] == pytest.approx(actual, rel=1e-12), key
        assert row["source"] == source, key
        assert row["value"] == pytest.approx(score, rel=1e-9), key


def test_year_to_date_recomputes_ratios_and_sums_flows(tables):
    tables["targets"] = tables["targets"][tables["targets"]["month"] >= "2026-09"]
    card = card_of(tables, "quarter")  # October to December: two months have no data yet
    assert card.loc[("华东", "销售额"), "target"] == 4e6
    ytd = card_of(tables, "ytd")
    assert ytd.loc[("华东", "销售额"), ["target", "actual"]].tolist() == [8e6, 7.8e6]
    assert ytd.loc[("华东", "市场份额"), "actual"] == pytest.approx(7.8 / 36)
    assert ytd.loc[("华东", "费销比"), "actual"] == pytest.approx(7.56 / 78)
    assert ytd.loc[("华东", "工作态度"), "actual"] == 85
    assert ytd.loc[("市场部", "预算执行率"), "actual"] == pytest.approx(8.56 / 11)
    assert ytd.loc[("华东", "销售额"), "months"] == "2026-09、2026-10"


def test_totals_grades_and_ranks(tables):
    totals = kpi.scorecard_totals(kpi.scorecard(tables, "2026-10", settings=SETTINGS)).set_index("entity")
    assert totals.loc["华东", "value"] == pytest.approx(0.5 * 95 + 0.2 * 70 + 0.2 * 80 + 0.1 * 100)
    assert totals.loc["华南", "value"] == pytest.approx(0.7 * 110 + 0.3 * 120)
    assert totals.loc[["华南", "华东"], "grade"].tolist() == ["优", "良"]
    assert totals.loc["华东", ["rank", "rank_n"]].tolist() == [2, 2]
    assert totals.loc["华东", "to_better"] == pytest.approx(113 - 87.5)


@pytest.mark.parametrize(("policy", "total"), [("rescale", 100 * 0.95), ("neutral", 97.5), ("zero", 47.5)])
def test_a_missing_kpi_follows_the_policy(tables, policy, total):
    del tables["market"], tables["spend"], tables["actuals"]
    settings = Settings(own_brands=("甘泉",), methods=Methods(missing_kpi=policy))
    card = kpi.scorecard(tables, "2026-10", settings=settings)
    row = kpi.scorecard_totals(card, settings=settings).set_index("entity").loc["华东"]
    assert row["value"] == pytest.approx(total)
    assert row["missing_kpis"] == 3
    assert "市场份额" in row["note"]
    missing = card[(card["entity"] == "华东") & (card["kpi"] == "市场份额")].iloc[0]
    assert missing["status"] == "na_missing"
    assert "market" in missing["note"]


def test_weights_that_miss_100_percent_name_the_entity(tables):
    targets = tables["targets"]
    targets.loc[targets["kpi"] == "费销比", "weight"] = 0.3
    with pytest.raises(MetricError, match=r"华东 110%"):
        card_of(tables)


def test_wrong_weights_name_file_sheet_and_rows(tables):
    targets = tables["targets"].assign(source_file="目标.xlsx", source_sheet="区域", source_row=range(2, 22))
    targets.loc[targets["kpi"] == "费销比", "weight"] = 0.3
    tables["targets"] = targets
    with pytest.raises(DataError) as caught:
        card_of(tables)
    assert "华东 110% (目标.xlsx › 区域 › 第 12–15 行)" in caught.value.sentence("zh")
    assert "目标.xlsx › 区域 › rows 12–15" in caught.value.sentence("en")


def test_a_month_without_sales_still_shows_its_target(tables):
    tables["sales"] = tables["sales"][tables["sales"]["month"] != "2026-10-01"]
    total = kpi.sales_performance(tables, "2026-10").set_index("entity").loc["合计"]
    assert total["target"] == 6e6
    assert math.isnan(total["achievement"]) and "2026-10" in total["note"]


def test_a_month_missing_from_sales_is_missing_not_zero(tables):
    tables["sales"] = tables["sales"][tables["sales"]["month"] != "2026-09-01"]
    row = card_of(tables, "ytd").loc[("华东", "销售额")]
    assert math.isnan(row["actual"])
    assert row["status"] == "na_missing"
    assert "2026-09" in row["note"]


def test_two_departments_do_not_each_get_the_company(tables):
    more = (
        tables["targets"].iloc[[0]].assign(entity_level="department", weight=1.0, month=months("2026-10")[0])
    )
    tables["targets"] = pd.concat(
        [tables["targets"], more.assign(entity="电商部"), more.assign(entity="销售部")]
    )
    card = card_of(tables)
    assert card.loc[("电商部", "销售额"), "source"] == ""
    tables["targets"] = tables["targets"][tables["targets"]["entity"] != "电商部"]
    alone = card_of(tables).loc[("销售部", "销售额")]
    assert alone["actual"] == 6e6
    assert "全公司口径" in alone["note"]


def test_a_written_actual_that_differs_is_told(tables):
    tables["targets"]["actual"] = tables["targets"]["actual"].astype("float64")
    tables["targets"].loc[tables["targets"]["entity"] == "李明", "actual"] = 2e6
    row = card_of(tables).loc[("李明", "销售额")]
    assert row["actual"] == 1e6
    assert "2e+06 与此不同" in row["note"]


def test_a_unit_that_does_not_fit_is_not_used(tables):
    tables["targets"].loc[tables["targets"]["kpi"] == "顾客满意度", ["target", "unit"]] = [85, "分"]
    row = card_of(tables).loc[("市场部", "顾客满意度")]
    assert row["source"] == ""
    assert "未采用" in row["note"]


def test_two_targets_for_one_kpi_are_refused(tables):
    tables["targets"] = pd.concat([tables["targets"], tables["targets"].iloc[[10]]])
    with pytest.raises(MetricError, match="share an entity"):
        card_of(tables)


def test_sales_against_target_and_last_year(tables):
    result = kpi.sales_performance(tables, "2026-10").set_index("entity")
    assert result.index.tolist() == ["华东", "华南", "合计"]
    assert result["achievement"].tolist() == pytest.approx([0.95, 1.1, 1.0])
    assert result["yoy"].tolist() == pytest.approx([3.8 / 3 - 1, 0.1, 0.2])
    people = kpi.sales_performance(tables, "2026-10", level="person").set_index("entity")
    assert people.loc["赵强", "yoy_status"] == "new"
    assert people.loc["合计", "achievement"] == pytest.approx(1.0)  # 李明 alone has a target
    assert "只计有目标" in people.loc["合计", "note"]


def test_where_returns_outweigh_sales_there_is_a_word_and_no_percent(tables):
    sales = pd.DataFrame(
        {
            "month": [*months("2025-10", "2026-10")] * 2,
            "region": list("甲甲乙乙"),
            "amount": [5e4, -2e4, -1e4, 3e4],
        }
    )
    result = kpi.sales_performance(tables | {"sales": sales}, "2026-10").set_index("entity")
    assert result.loc[["甲", "乙", "合计"], "yoy"].isna().tolist() == [True, True, False]
    assert result.loc[["甲", "乙"], "yoy_status"].eq("na_nonpositive_base").all()
    growth = performance_figures(result.reset_index(), "cny").set_index("entity")["growth"]
    assert ["转亏" in growth["甲"].note, "扭亏" in growth["乙"].note, growth["合计"].value] == [
        True,
        True,
        -0.75,
    ]


def test_neither_inputs_nor_row_order_matter(tables):
    before = {name: frame.copy(deep=True) for name, frame in tables.items()}
    first = kpi.scorecard(tables, "2026-10", scope="ytd", settings=SETTINGS)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, before[name])
    shuffled = {name: frame.sample(frac=1, random_state=7) for name, frame in tables.items()}
    again = kpi.scorecard(shuffled, "2026-10", scope="ytd", settings=SETTINGS)
    pd.testing.assert_frame_equal(first, again)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(0, 120)), min_size=1, max_size=6))
def test_a_total_lies_between_its_scores(parts):
    weights = np.array([w for w, _ in parts])
    scores = [s for _, s in parts]
    card = pd.DataFrame({"entity_level": "region", "entity": "华东", "kpi": [f"指标{i}" for i in range(len(parts))],
                         "weight": weights / weights.sum(), "value": scores})  # fmt: skip
    total = kpi.scorecard_totals(card)["value"].iloc[0]
    assert min(scores) - 1e-9 <= total <= max(scores) + 1e-9


# ---- policies (methods 5.3, 5.4)


def test_quotas_add_up_and_ceilings_are_floors():
    assert quotas({"A": 0.2, "B": 0.7, "C": 0.1}, 13) == {"A": 3, "B": 9, "C": 1}  # 2.6, 9.1, 1.3
    assert quotas({"A": 0.2, "B": 0.8}, 14, at_most=["A"]) == {"A": 2, "B": 12}  # 优秀不超过 20%
    assert quotas({"A": 0.0, "B": 1.0}, 3) == {"A": 0, "B": 3}
    with pytest.raises(MetricError):
        quotas({"A": 1.1, "B": -0.1}, 3)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 500), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_quotas_sum_to_n_and_stay_within_one(n, parts):
    shares = {str(i): p / sum(parts) for i, p in enumerate(parts)}
    counts = quotas(shares, n)
    assert sum(counts.values()) == n
    assert all(abs(counts[g] - shares[g] * n) < 1 + 1e-6 for g in shares)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(60, 70), min_size=8, max_size=30),
    st.sampled_from(["up", "down"]),
    st.integers(0, 99),
)
def test_equal_scores_get_equal_grades_whatever_the_order(scores, ties, seed):
    frame = pd.DataFrame({"entity": [f"员工{i:02d}" for i in range(len(scores))], "value": scores})
    shares = {"A": 0.2, "B": 0.7, "C": 0.1}
    result = forced_distribution(frame, shares, key=["entity"], ties=ties)
    assert result.groupby("value")["grade"].nunique().max() == 1
    assert [g for g in "ABC" if (result["grade"] == g).any()] == list(dict.fromkeys(result["grade"]))
    shuffled = forced_distribution(frame.sample(frac=1, random_state=seed), shares, key=["entity"], ties=ties)
    pd.testing.assert_frame_equal(result, shuffled)


def test_ties_on_a_cut_are_logged_and_small_groups_have_no_quota():
    frame = pd.DataFrame(
        {"entity": list("甲乙丙丁戊己庚辛壬癸"), "value": [99, 95, 95, 90, 88, 85, 82, 80, 70, 60]}
    )
    result = forced_distribution(frame, {"A": 0.2, "B": 0.7, "C": 0.1}, key=["entity"], ties="key")
    assert "".join(result["grade"]) == "AABBBBBBBC"
    assert result["note"].tolist() == ["", *["2 人同分跨档，按次序分开"] * 2, *[""] * 7]
    small = forced_distribution(frame.head(5), {"A": 0.2, "B": 0.8}, key=["entity"])
    assert set(small["grade"]) == {""}


def test_targets_changed_mid_period_and_time_in_post():
    assert prorated_target([(1200.0, 4), (1500.0, 8)]).value == 1400
    whole = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert months_in_post(None, None, *whole) == pytest.approx(12)
    assert months_in_post(dt.date(2026, 3, 17), dt.date(2026, 6, 30), *whole) == pytest.approx(15 / 31 + 3)
    assert months_in_post(dt.date(2027, 1, 1), None, *whole) == 0
    assert time_weighted_score([(90, 6), (80, 6), (math.nan, 2)]).value == 85
    assert time_weighted_score([(90, 2.9)]).status == "na_incomplete_period"


def test_roll_ups_never_average_averages_silently():
    people = pd.DataFrame(
        {"region": ["华东", "华东", "华南"], "value": [90.0, 80.0, math.nan], "headcount": [1, 3, 2]}
    )
    result = weighted_rollup(people, to="region", weight="headcount").set_index("region")
    assert result.loc["华东", ["value", "numerator", "denominator"]].tolist() == [82.5, 330, 4]
    assert result.loc["华南", "status"] == "na_missing"


def test_the_year_is_recomputed_from_its_months():
    """Achievement of the year is neither the mean of the months nor of the halves."""
    months_ = pd.date_range("2026-01-01", periods=12, freq="MS")
    amounts = [1e6] * 6 + [3e6] * 6
    goals = [2e6] * 6 + [3e6] * 6
    tables = {
        "sales": pd.DataFrame({"month": months_, "region": "华东", "amount": amounts}),
        "targets": pd.DataFrame({"month": months_, "entity_level": "region", "entity": "华东", "kpi": "销售额",
                                 "target": goals, "unit": "CNY", "weight": 1.0}),
    }  # fmt: skip
    spans = [("year", "2026-12"), ("ytd", "2026-12"), ("half", "2026-03"), ("half", "2026-12")]
    got = [kpi.scorecard(tables, month, scope=scope)["achievement"].iloc[0] for scope, month in spans]
    assert got == pytest.approx([24 / 30, 24 / 30, 0.5, 1.0])
    assert year_beside_halves(80.0, [50.0, 100.0]).numerator == 75


def test_a_target_of_the_quarter_outranks_its_months(tables):
    quarter = tables["targets"].iloc[[0]].assign(period="quarter", month=months("2026-07")[0], target=9e6)
    tables["targets"] = pd.concat([tables["targets"], quarter])
    card = kpi.scorecard(tables, "2026-09", scope="quarter", settings=SETTINGS).set_index(["entity", "kpi"])
    assert card.loc[("华东", "销售额"), "target"] == 9e6
    assert card.loc[("华东", "销售额"), "status"] == "na_missing"  # July and August have no sales


def test_a_department_bears_its_own_cost_over_company_sales(tables):
    extra = tables["targets"][tables["targets"]["kpi"] == "费销比"].assign(
        entity_level="department", weight=1.0
    )
    tables["targets"] = pd.concat(
        [tables["targets"], extra.assign(entity="销售部"), extra.assign(entity="行政部")]
    )
    tables["spend"].loc[1, "department"] = "销售部"
    card = card_of(tables)
    assert card.loc[("销售部", "费销比"), "actual"] == pytest.approx(4.56e5 / 6e6)
    assert card.loc[("行政部", "费销比"), "source"] == ""  # no vouchers of theirs: missing, not 0


def test_every_note_can_be_said_in_english(tables):
    del tables["market"]
    notes = "；".join(card_of(tables, "ytd")["note"])
    english = note_text(notes, "en").replace("market", "")
    left = [part for part in english.split("; ") if any("\u4e00" <= c <= "\u9fff" for c in part)]
    assert all("survey of" in part for part in left)  # the question's own wording


def test_weights_may_be_written_in_percent():
    """On most forms weights sum to 100; tidy tables hold fractions."""
    card = pd.DataFrame({"entity_level": "region", "entity": "华东", "kpi": ["甲", "乙", "丙"],
                         "weight": [50.0, 30.0, 20.0], "value": [90.0, 80.0, math.nan]})  # fmt: skip
    total = kpi.scorecard_totals(card).iloc[0]
    assert (total["value"], total["denominator"], total["missing_weight"]) == pytest.approx((86.25, 0.8, 0.2))
    with pytest.raises(MetricError, match="99"):
        kpi.scorecard_totals(card.assign(weight=[50.0, 30.0, 19.0]))


def test_each_kpi_may_have_its_own_policy_for_missing_actuals():
    card = pd.DataFrame({"entity_level": "region", "entity": "华东", "kpi": ["销售额", "态度", "投诉"],
                         "weight": [0.6, 0.2, 0.2], "value": [90.0, math.nan, math.nan]})  # fmt: skip
    total = kpi.scorecard_totals(card, policies={"态度": "zero"}).iloc[0]
    assert total["value"] == pytest.approx(0.6 * 90 / 0.8)  # 态度 counts as 0, 投诉 falls away
    assert "（态度），按 0 分计" in total["note"]
    with pytest.raises(MetricError, match="missing_kpi"):
        kpi.scorecard_totals(card, policies={"态度": "guess"})


def test_a_blank_level_is_filled_only_where_it_is_certain(tables):
    tables["targets"] = tables["targets"].assign(entity_level=None)
    card = card_of(tables)
    assert card.loc[("华东", "销售额"), ["entity_level", "actual"]].tolist() == ["region", 3.8e6]
    tables["sales"].loc[0, "salesperson"] = "华东"  # now a person, too
    row = card_of(tables).loc[("华东", "销售额")]
    assert (row["entity_level"], row["source"]) == ("", "")


def test_scores_know_no_unit_of_money(tables):
    before = card_of(tables, "ytd")
    for name, column in (
        ("sales", "amount"),
        ("market", "amount"),
        ("spend", "amount"),
        ("budget", "amount"),
    ):
        tables[name][column] = tables[name][column] * 1000
    money = tables["targets"]["unit"] == "CNY"
    tables["targets"]["target"] = tables["targets"]["target"].where(
        ~money, tables["targets"]["target"] * 1000
    )
    after = card_of(tables, "ytd")
    assert after["value"].tolist() == pytest.approx(before["value"].tolist(), rel=1e-9, nan_ok=True)
    assert after["achievement"].tolist() == pytest.approx(
        before["achievement"].tolist(), rel=1e-9, nan_ok=True
    )
