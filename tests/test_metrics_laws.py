"""Laws that budget, KPI and survey figures keep on any frame: missing months, zeros, negatives, ties, keys that come and go."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from mktanalytics import metrics
from mktanalytics.errors import MetricError
from mktanalytics.metrics.budget.cost_to_sales import cost_to_sales
from mktanalytics.metrics.budget.marginal_returns import equal_marginals
from mktanalytics.metrics.budget.response import Curve
from mktanalytics.metrics.budget.returns_on_spend import return_measures
from mktanalytics.metrics.kpi.scorecard import scorecard
from mktanalytics.metrics.kpi.scorecard_totals import scorecard_totals
from mktanalytics.metrics.survey.multiple_response import multiple_response
from mktanalytics.metrics.survey.satisfaction import net_promoter_score, satisfaction
from mktanalytics.metrics.survey.survey_design import Design

QUICK = settings(deadline=None, max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
MONEY = st.sampled_from([0.0, -300.0, 100.0, 100.0, 2500.0, 1e6, math.nan])
REGION = st.sampled_from(["华东", "华南", "西南"])
MONTH = st.sampled_from(["2025-10-01", "2026-08-01", "2026-09-01", "2026-10-01"])


def frame(rows: list[tuple], columns: str) -> pd.DataFrame:
    out = pd.DataFrame(rows, columns=columns.split())
    if "month" in out:
        out["month"] = pd.to_datetime(out["month"])
    return out


def shuffled(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    return table.sample(frac=1, random_state=seed)


def records_hold(table: pd.DataFrame) -> None:
    """A value exactly where the status allows one, and never an infinity (methods 0.1)."""
    allowed = table["status"].isin(["ok", "clamped", "discontinued"])
    assert (table["value"].notna() == allowed).all()
    assert not np.isinf(table["value"].fillna(0.0)).any()


@QUICK
@given(
    st.lists(st.tuples(MONTH, REGION, MONEY), min_size=1, max_size=12),
    st.lists(st.tuples(MONTH, REGION, MONEY), min_size=1, max_size=12),
    st.sampled_from([0.001, 1000.0]),
    st.integers(0, 99),
)
def test_cost_to_sales_knows_no_unit_and_no_order(costs, sold, factor, seed):
    spend = frame(costs, "month region amount").assign(status="paid")
    sales = frame(sold, "month region amount")
    assume(spend["amount"].notna().any() and sales["amount"].notna().any())

    def ratio(s: pd.DataFrame, t: pd.DataFrame) -> pd.DataFrame:
        return cost_to_sales(s.iloc[:0], s, t, month="2026-10", by=["region"])

    found = ratio(spend, sales)
    records_hold(found)
    pd.testing.assert_frame_equal(found, ratio(shuffled(spend, seed), shuffled(sales, seed)))
    bigger = ratio(
        spend.assign(amount=spend["amount"] * factor), sales.assign(amount=sales["amount"] * factor)
    )
    np.testing.assert_allclose(bigger["value"], found["value"], rtol=1e-9, equal_nan=True)
    assert bigger["status"].tolist() == found["status"].tolist()


@QUICK
@given(
    st.lists(st.tuples(REGION, MONEY, MONEY, st.sampled_from([0.0, 1.0, 7.0])), min_size=1, max_size=10),
    st.sampled_from([0.001, 1000.0]),
    st.integers(0, 99),
)
def test_returns_are_ratios_of_sums_in_any_unit_and_order(rows, factor, seed):
    data = frame(rows, "region spend revenue new_customers").assign(acquisition_cost=lambda d: d["spend"])
    wanted = {"measures": ["roas", "cac"], "cost_scope": "媒介"}
    found = return_measures(data, by=["region"], **wanted)
    records_hold(found)
    pd.testing.assert_frame_equal(found, return_measures(shuffled(data, seed), by=["region"], **wanted))
    whole = data.dropna(subset=["spend", "revenue"])
    total = return_measures(data, **wanted).set_index("measure").loc["roas"]
    if whole["spend"].sum() > 0:
        assert total["value"] == pytest.approx(whole["revenue"].sum() / whole["spend"].sum())
    else:
        assert total["status"] != "ok"
    money = ["spend", "revenue", "acquisition_cost"]
    bigger = return_measures(data.assign(**data[money] * factor), by=["region"], **wanted)
    scale = np.where(found["measure"] == "cac", factor, 1.0)
    np.testing.assert_allclose(bigger["value"], found["value"] * scale, rtol=1e-9, equal_nan=True)


@QUICK
@given(
    st.lists(
        st.tuples(st.floats(0.01, 1), st.sampled_from([0.0, 60.0, 90.0, 90.0, 120.0, math.nan])),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["rescale", "neutral", "zero"]),
    st.floats(0.9, 1.1),
    st.integers(0, 99),
)
def test_weights_sum_to_a_hundred_percent_or_are_refused(parts, policy, off, seed):
    card = frame([(f"指标{i}", w, v) for i, (w, v) in enumerate(parts)], "kpi weight value")
    card = card.assign(entity_level="region", entity="华东", weight=card["weight"] / card["weight"].sum())
    policies = dict.fromkeys(card["kpi"], policy)
    total = scorecard_totals(card, policies=policies)
    records_hold(total)
    percent = scorecard_totals(card.assign(weight=card["weight"] * 100), policies=policies)
    turned = scorecard_totals(shuffled(card, seed), policies=policies)
    for other in (percent, turned):
        np.testing.assert_allclose(other["value"], total["value"], rtol=1e-9, equal_nan=True)
        assert other["grade"].tolist() == total["grade"].tolist()
    if abs(off - 1) > 1e-3:
        with pytest.raises(MetricError):
            scorecard_totals(card.assign(weight=card["weight"] * off))


@QUICK
@given(
    st.lists(st.tuples(MONTH, REGION, MONEY), min_size=1, max_size=12),
    st.lists(st.tuples(REGION, st.sampled_from([0.0, -100.0, 100.0, 5000.0, math.nan])), min_size=1, max_size=3,
             unique_by=lambda t: t[0]),
    st.sampled_from([0.001, 1000.0]),
    st.integers(0, 99),
)  # fmt: skip
def test_scores_know_no_unit_of_money_and_no_order(sold, goals, factor, seed):
    sales = frame(sold, "month region amount")
    targets = frame([("2026-10-01", r, t) for r, t in goals], "month entity target").assign(
        entity_level="region", kpi="销售额", unit="CNY", weight=1.0
    )
    card = scorecard({"targets": targets, "sales": sales}, "2026-10")
    records_hold(card)
    assert (card["actual_status"] == "ok").tolist() == card["actual"].notna().tolist()
    again = scorecard({"targets": shuffled(targets, seed), "sales": shuffled(sales, seed)}, "2026-10")
    np.testing.assert_allclose(again["value"], card["value"], rtol=1e-9, equal_nan=True)
    bigger = scorecard(
        {
            "targets": targets.assign(target=targets["target"] * factor),
            "sales": sales.assign(amount=sales["amount"] * factor),
        },
        "2026-10",
    )
    np.testing.assert_allclose(bigger["value"], card["value"], rtol=1e-9, atol=1e-9, equal_nan=True)
    assert bigger["status"].tolist() == card["status"].tolist()


ANSWERS = st.sampled_from(["非常满意", "满意", "一般", "不满意", "说不清", None])


@QUICK
@given(
    st.lists(
        st.tuples(REGION, ANSWERS, st.integers(0, 10), st.sampled_from([0.0, 0.5, 1.0, 3.0])),
        min_size=40,
        max_size=80,
    ),
    st.integers(0, 99),
)
def test_survey_shares_are_whole_whatever_the_weights(rows, seed):
    people = frame(rows, "region answer score sample_weight").assign(respondent=range(len(rows)))
    asked = people.drop(columns="score").assign(question="总体满意度")
    csat, nps = satisfaction(asked), net_promoter_score(people.drop(columns="answer").assign(question="推荐"))
    for table, shares in (
        (csat, ["top", "middle", "bottom"]),
        (nps, ["promoters", "passives", "detractors"]),
    ):
        if table.empty:  # nobody gave a valid answer, or no score above 5
            continue
        records_hold(table)
        told = table[table["status"] == "ok"]
        np.testing.assert_allclose(told[shares].sum(axis=1), 1.0, rtol=1e-9)
        assert (told["n_eff"] <= told["n"] + 1e-9).all()
        assert ((told["lower"] <= told["value"] + 1e-9) & (told["value"] <= told["upper"] + 1e-9)).all()
    pd.testing.assert_frame_equal(csat, satisfaction(shuffled(asked, seed)))
    chosen = multiple_response(asked.assign(question="渠道"), "渠道")
    if len(chosen):
        assert chosen["value"].dropna().between(0, 1).all()
        assert chosen["mentions"].sum() in (pytest.approx(1.0), 0.0)
        pd.testing.assert_frame_equal(
            chosen, multiple_response(shuffled(asked.assign(question="渠道"), seed), "渠道"), rtol=1e-9
        )


@QUICK
@given(
    st.lists(
        st.tuples(st.sampled_from(["hill", "power"]), st.floats(0.5, 50), st.floats(1, 500), st.floats(0.2, 0.95)),
        min_size=2, max_size=4,
    ),
    st.floats(10, 2000),
)  # fmt: skip
def test_marginal_returns_are_equal_inside_the_bounds(shapes, budget):
    curves = [
        Curve(
            channel=f"渠道{i}", source="专家区间", kind=kind, scale=s, low=s, high=s, half=half, shape=shape
        )
        for i, (kind, s, half, shape) in enumerate(shapes)
    ]
    spends = pd.DataFrame({"channel": [c.channel for c in curves], "spend": budget / len(curves)})
    for most_move in (math.inf, 0.2):
        plan = equal_marginals(curves, spends, most_move=most_move)
        assert plan["scenario"].sum() == pytest.approx(budget, rel=1e-9)
        assert plan["gain"].iloc[0] >= -1e-9
        inside = plan.loc[~plan["at_bound"], "marginal"]
        if len(inside) > 1:
            assert inside.max() == pytest.approx(inside.min(), rel=1e-5)
        if math.isfinite(most_move):
            assert (plan["scenario"] / plan["spend"] - 1).abs().max() <= most_move + 1e-9


LINE = {"variable_rate": 1.0, "fixed": 0.0, "planned_activity": 1.0, "actual_activity": 1.0, "actual": 1.0}
AMOUNTS = {"scope": "year", "b0": 1.0, "ba": 1.0, "committed": 0.0, "recognised": 1.0, "paid": 1.0}
CARD = {"entity_level": "region", "entity": "华东", "kpi": "销售额", "weight": 0.5, "value": 90.0}
NUMBERS = [
    ("earned_value", {"pv": 1.0, "ev": 1.0, "ac": 1.0, "bac": 2.0}, "ev", {}),
    ("flexible_budget", LINE, "actual_activity", {}),
    ("execution_rates", AMOUNTS, "recognised", {}),
    ("budget_variance", AMOUNTS | {"scope": "month"}, "ba", {}),
    ("return_measures", {"spend": 1.0, "revenue": 2.0}, "revenue", {"measures": ["roas"]}),
    ("scorecard_totals", CARD, "weight", {}),
    ("forced_distribution", CARD, "value", {"shares": {"A": 1.0}, "key": ["entity"]}),
    ("ranked", CARD, "value", {"key": ["entity"]}),
    ("weighted_rollup", CARD, "weight", {"to": "entity", "weight": "weight"}),
    ("design_mean", {"y": 1.0, "w": 1.0}, "w", {"value": "y", "design": Design(weight="w")}),
    ("design_total", {"y": 1.0}, "y", {"value": "y"}),
    ("cross_table", {"a": "x", "b": "y", "w": 1.0}, "w", {"row": "a", "column": "b", "weight": "w"}),
    ("rake", {"g": "x", "w": 1.0}, "w", {"margins": {"g": {"x": 1.0}}, "start": "w"}),
    ("satisfaction", {"question": "满意", "score": 5.0, "sample_weight": 1.0}, "sample_weight", {}),
    ("customer_effort", {"question": "Q", "score": 5.0}, "score", {"question": "Q"}),
    ("forecast", {"month": "2026-01-01", "value": 1.0}, "value", {"horizon": 1}),
]


@pytest.mark.parametrize(("name", "row", "column", "options"), NUMBERS, ids=[n for n, *_ in NUMBERS])
def test_text_where_numbers_belong_is_named(name, row, column, options):
    metric = getattr(metrics, name)
    good = pd.DataFrame([row] * 2).drop_duplicates() if name == "forecast" else pd.DataFrame([row, row])
    metric(good, **options)
    metric(good.astype({column: object}), **options)  # numbers, whatever the column's type
    with pytest.raises(MetricError, match=rf"{column} 须为数值；实际：十"):
        metric(good.astype({column: object}).assign(**{column: "十"}), **options)
