"""Survey figures: published examples, other packages' results, and the laws of methods 6."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom, mannwhitneyu

from mktanalytics import language
from mktanalytics.errors import MetricError
from mktanalytics.metrics.survey.crosstab import chi_square, column_letters, column_tests, cross_table
from mktanalytics.metrics.survey.multiple_response import mcnemar, multiple_response
from mktanalytics.metrics.survey.precision import (
    difference_interval,
    kish_n_eff,
    margin_of_error,
    nps_error,
    shown,
    weighting_efficiency,
    wilson_interval,
)
from mktanalytics.metrics.survey.rolling_waves import rolling_waves
from mktanalytics.metrics.survey.satisfaction import customer_effort, net_promoter_score, satisfaction
from mktanalytics.metrics.survey.scales import cronbach_alpha, flipped, likert_distribution, rank_test
from mktanalytics.metrics.survey.survey_answers import nps_questions, satisfaction_questions
from mktanalytics.metrics.survey.survey_design import Design
from mktanalytics.metrics.survey.survey_estimates import design_difference
from mktanalytics.metrics.survey.survey_waves import wave_changes
from mktanalytics.settings import Settings, Thresholds


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=30)


def answers(**counts: int) -> pd.DataFrame:
    """A survey of one question with so many of each answer."""
    texts = [a for a, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"respondent": range(len(texts)), "question": "总体满意度", "answer": texts})


# ---- precision


@pytest.mark.parametrize(
    ("count", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
)  # fmt: skip
def test_wilson_interval_as_published(count, n, low, high):
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3 (Wilson 1927)."""
    assert wilson_interval(count / n, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0), (10, 10, 0, 10, 0.6075, 1.0),
    ],
)  # fmt: skip
def test_difference_of_two_shares_as_published(a, m, b, n, low, high):
    """Newcombe 1998, Statistics in Medicine 17:873, table II, method 10: all eight of its examples."""
    assert difference_interval(a / m, m, b / n, n) == pytest.approx((low, high), abs=5e-5)


def test_margin_of_error_as_published():
    """The ±3.1 points of 1000 respondents every poll prints; drawn from few, the hypergeometric's own deviation."""
    assert margin_of_error(0.5, 1000) == pytest.approx(0.031, abs=5e-5)
    drawn = hypergeom(M=4000, n=2000, N=300).std() / 300
    assert margin_of_error(0.5, 300, population=4000) == pytest.approx(1.959964 * drawn, rel=1e-6)
    assert margin_of_error(0.5, 200, population=200) == 0
    assert math.isnan(margin_of_error(0.5, 0)) and math.isnan(margin_of_error(math.nan, 50))


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(5, 500), st.integers(5, 500), st.floats(-1, 1))
def test_a_difference_is_antisymmetric_and_narrows_with_correlation(p, q, n, m, r):
    low, high = difference_interval(p, n, q, m, correlation=r)
    assert -1 - 1e-9 <= low <= p - q + 1e-12
    assert p - q - 1e-12 <= high <= 1 + 1e-9
    assert difference_interval(q, m, p, n, correlation=r) == pytest.approx((-high, -low), abs=1e-12)
    wide = difference_interval(p, n, q, m, correlation=min(r, 0.0))
    assert high - low <= wide[1] - wide[0] + 1e-12


@settings(deadline=None)
@given(WEIGHTS, st.floats(0.001, 1000))
def test_kish_is_at_most_n_and_knows_no_scale(weights, factor):
    n_eff = kish_n_eff(weights)
    assert 0 < n_eff <= len(weights) * (1 + 1e-12)
    assert kish_n_eff([w * factor for w in weights]) == pytest.approx(n_eff, rel=1e-9)
    assert weighting_efficiency(weights) == pytest.approx(n_eff / len(weights))


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(1, 1e6))
def test_wilson_holds_its_share_and_stays_between_0_and_1(share, n):
    low, high = wilson_interval(share, n)
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_nps_error_by_hand():
    # p = 0.5, d = 0.2, n = 400: sqrt((0.7 - 0.09) / 400)
    assert nps_error(0.5, 0.2, 400) == pytest.approx(math.sqrt(0.61 / 400), rel=1e-14)


def test_negative_weights_are_refused():
    with pytest.raises(MetricError):
        kish_n_eff([1, -1])


# ---- satisfaction and NPS


def test_top_two_box_leaves_dont_know_out_of_the_base():
    row = satisfaction(answers(非常满意=30, 满意=20, 一般=25, 不满意=15, 非常不满意=10, 不清楚=25)).iloc[0]
    assert row[["value", "n", "dont_know"]].tolist() == pytest.approx([0.5, 100, 0.2])
    assert row[["top", "middle", "bottom"]].tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize(
    "texts",
    [
        ["非常满意", "比较满意", "一般", "不太满意", "很不满意"],
        ["A. 非常满意", "B. 满意", "C. 一般", "D. 不满意", "E. 非常不满意"],
        ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"],
        ["5", "4", "3", "2", "1"],
        ["５分", "4分", "3分", "2分", "1分"],
    ],
)
def test_every_way_to_write_five_points(texts):
    rows = pd.DataFrame({"question": "满意度", "answer": texts * 20})
    assert satisfaction(rows)[["value", "top", "middle", "bottom"]].iloc[0].tolist() == pytest.approx(
        [0.4, 0.4, 0.2, 0.4]
    )


def test_questions_are_told_apart():
    rows = pd.DataFrame(
        {"question": ["总体满意度"] * 3 + ["对哪方面不满意（可多选）"] * 2 + ["推荐意愿"] * 2 + ["推荐程度（1-5）"] * 2,
         "answer": ["满意", "一般", "说不清", "价格", "包装", "9", "0", "5", "1"]}
    )  # fmt: skip
    assert satisfaction_questions(rows) == ["总体满意度"]
    assert nps_questions(rows) == ["推荐意愿"]


def test_nps_cuts_at_six_and_nine():
    rows = pd.DataFrame({"question": "推荐", "score": [0, 6, 7, 8, 9, 10] * 10})
    row = net_promoter_score(rows).iloc[0]
    assert row[["value", "promoters", "passives", "detractors"]].tolist() == pytest.approx(
        [0, 1 / 3, 1 / 3, 1 / 3]
    )


@pytest.mark.parametrize(
    "wording", ["NPS", "Net Promoter Score", "您有多大可能推荐我们", "Would you recommend us?"]
)
def test_a_question_may_be_called_by_the_name_of_its_metric(wording):
    rows = pd.DataFrame({"question": wording, "score": [10] * 50 + [8] * 30 + [3] * 20})
    assert net_promoter_score(rows)["value"].tolist() == pytest.approx([0.3])
    assert satisfaction(rows.assign(question="CSAT", score=[5] * 50 + [3] * 50))["value"].tolist() == [0.5]


def test_small_bases_are_hidden_and_middling_ones_grey():
    assert [shown(n) for n in (29.99, 30, 49.99, 50)] == ["hide", "grey", "grey", "show"]
    row = satisfaction(answers(满意=20, 一般=9)).iloc[0]
    assert row["status"] == "suppressed_small_base"
    assert row[["value", "lower", "upper", "top", "numerator"]].isna().all()
    assert row["n"] == 29


def test_weights_count_and_a_wave_without_weights_counts_each_once():
    rows = pd.concat([answers(满意=50, 一般=50).assign(survey="春", sample_weight=[3.0] * 50 + [1.0] * 50),
                      answers(满意=50, 一般=50).assign(survey="秋", sample_weight=math.nan)])  # fmt: skip
    result = satisfaction(rows, by=["survey"])
    assert result["value"].tolist() == [0.75, 0.5]
    assert result["n_eff"].tolist() == pytest.approx([80, 100])
    assert result["denominator"].tolist() == [200.0, 100.0]


def test_a_wave_change_with_its_interval():
    rows = pd.concat(
        [answers(满意=48, 一般=32).assign(month="2026-04"), answers(满意=56, 一般=14).assign(month="2026-10")]
    )
    change = wave_changes(satisfaction(rows, by=["month"]))
    assert change["status"].tolist() == ["na_missing", "ok"]
    assert change.loc[1, ["value", "lower", "upper"]].astype(float).tolist() == pytest.approx(
        [0.2, 0.0524, 0.3339], abs=5e-5
    )
    assert change["significant"].tolist() == [False, True]


def overlapping(same: int) -> pd.DataFrame:
    """Two waves of 80 of whom `same` answer both times, most of them alike."""
    first = [5] * 48 + [3] * 32
    second = [5] * 44 + [2] * 4 + [4] * 12 + [3] * 20
    return pd.DataFrame(
        {"respondent": [*range(80), *range(80 - same, 160 - same)], "question": "总体满意度",
         "month": ["2026-04"] * 80 + ["2026-10"] * 80, "score": [*first, *(second[80 - same :] + second[: 80 - same])]}
    )  # fmt: skip


def test_the_same_people_asked_again_make_a_narrower_interval():
    """Newcombe 1998, Statistics in Medicine 17:2635, method 8: φ is the correlation of the two answers."""
    rows = overlapping(80)
    waves = satisfaction(rows, by=["month"])
    alone, panel = wave_changes(waves).iloc[-1], wave_changes(waves, panel=rows).iloc[-1]
    assert panel["value"] == alone["value"]
    assert panel["upper"] - panel["lower"] < 0.8 * (alone["upper"] - alone["lower"])
    now, before = (rows["score"].to_numpy()[80:] >= 4), (rows["score"].to_numpy()[:80] >= 4)
    phi = np.corrcoef(now, before)[0, 1]
    expected = difference_interval(now.mean(), 80, before.mean(), 80, correlation=phi)
    assert (panel["lower"], panel["upper"]) == pytest.approx(expected, rel=1e-9)


def test_who_answered_once_only_counts_as_independent():
    rows = overlapping(0)
    waves = satisfaction(rows, by=["month"])
    pd.testing.assert_frame_equal(wave_changes(waves), wave_changes(waves, panel=rows))
    part = overlapping(40)
    change = wave_changes(satisfaction(part, by=["month"]), panel=part).iloc[-1]
    whole = overlapping(80)
    narrow = wave_changes(satisfaction(whole, by=["month"]), panel=whole).iloc[-1]
    wide = wave_changes(satisfaction(part, by=["month"])).iloc[-1]
    widths = [c["upper"] - c["lower"] for c in (narrow, change, wide)]
    assert widths == sorted(widths)
    with pytest.raises(MetricError, match="respondent"):
        wave_changes(waves, panel=rows.drop(columns="respondent"))


def test_nps_of_a_panel_by_the_paired_formula():
    scores = [10] * 30 + [8] * 30 + [3] * 20, [10] * 34 + [8] * 24 + [4] * 22
    rows = pd.DataFrame({"respondent": [*range(80)] * 2, "question": "推荐", "month": ["a"] * 80 + ["b"] * 80,
                         "score": scores[0] + scores[1]})  # fmt: skip
    change = wave_changes(net_promoter_score(rows, by=["month"]), panel=rows).iloc[-1]
    net = [np.select([np.array(s) >= 9, np.array(s) <= 6], [1, -1], 0) for s in scores]
    gap = net[1] - net[0]
    half = 1.959964 * gap.std() / math.sqrt(80)
    assert (change["lower"], change["upper"]) == pytest.approx(
        (gap.mean() - half, gap.mean() + half), rel=1e-6
    )


def test_a_question_may_be_named_whatever_its_wording():
    rows = pd.DataFrame({"question": "Q7", "score": [5, 4, 4, 3, 1] * 8})
    assert satisfaction(rows).empty
    assert satisfaction(rows, question="Q7")["value"].tolist() == [0.6]
    ten = pd.DataFrame({"question": "Q8", "score": [10, 9, 8, 6] * 10})
    assert net_promoter_score(ten, question="Q8")["value"].tolist() == [0.25]
    with pytest.raises(MetricError, match="no such question; found Q9; expected Q7"):
        satisfaction(rows, question="Q9")


def test_answers_on_another_scale_are_refused():
    seven = pd.DataFrame({"question": "Q7", "score": [7, 6, 5, 1] * 10})
    for ask in (
        lambda: satisfaction(seven, question="Q7"),
        lambda: likert_distribution(seven, "Q7"),
        lambda: customer_effort(seven.assign(score=seven["score"] + 1), "Q7"),
        lambda: net_promoter_score(seven.assign(score=seven["score"] * 2), question="Q7"),
    ):
        with pytest.raises(MetricError, match="outside the scale"):
            ask()
    assert likert_distribution(seven, "Q7", points=7)["value"].sum() == 1


def test_the_interval_of_an_effort_score_is_that_of_a_mean():
    """By hand: mean ± 1.96 × sd / √n, the sd with n - 1; one weighted respondent counts for as many as its weight says."""
    scores = [7.0] * 20 + [5.0] * 15 + [4.0] * 15 + [1.0] * 10
    row = customer_effort(pd.DataFrame({"question": "轻松", "score": scores}), "轻松").iloc[0]
    half = 1.959964 * np.std(scores, ddof=1) / math.sqrt(60)
    assert [row["value"], row["lower"], row["upper"]] == pytest.approx(
        [np.mean(scores), np.mean(scores) - half, np.mean(scores) + half], rel=1e-6
    )
    share = customer_effort(pd.DataFrame({"question": "轻松", "score": scores}), "轻松", form="share").iloc[0]
    assert (share["value"], row["unit"], share["unit"]) == (35 / 60, "score", "fraction") and row[
        "note"
    ] != share["note"]
    assert (row["numerator"], row["denominator"], row["n"]) == (sum(scores), 60.0, 60)
    settings_ = Settings(thresholds=Thresholds(small_base_hide=0, small_base_grey=0))
    alone = customer_effort(
        pd.DataFrame({"question": "轻松", "score": [5.0]}), "轻松", settings=settings_
    ).iloc[0]
    assert alone["value"] == 5.0 and np.isnan(alone["lower"]) and alone["shown"] == "show"


def test_who_has_no_weight_or_no_opinion_is_told():
    rows = answers(满意=40, 一般=20, 不清楚=20).assign(sample_weight=1.0)
    rows.loc[[0, 79], "sample_weight"] = float("nan")
    row = satisfaction(rows).iloc[0]
    assert (row["value"], row["n"], row["dont_know"]) == pytest.approx((39 / 59, 59, 19 / 78)) and "2" in row[
        "note"
    ]
    nobody = satisfaction(answers(满意=1, 不清楚=40).assign(sample_weight=[0.0] + [1.0] * 40)).iloc[0]
    assert (
        nobody["status"] == "na_missing"
        and nobody["note"]
        and np.isnan(nobody["value"])
        and nobody["dont_know"] == 1.0
    )
    assert satisfaction(rows.iloc[:0])["value"].empty
    twice = pd.concat(
        [answers(满意=30, 一般=30), answers(满意=30, 一般=30).assign(question="对包装的满意度")]
    )
    assert satisfaction(twice)["value"].tolist() == [0.5, 0.5]
    unplaced = satisfaction(
        answers(满意=80).assign(region=["b"] * 35 + ["a"] * 35 + [None] * 10), by="region"
    )
    assert unplaced["region"].tolist()[:2] == ["a", "b"] and unplaced["denominator"].tolist() == [
        35.0,
        35.0,
        10.0,
    ]
    assert unplaced["shown"].tolist() == ["grey", "grey", "hide"] and "10.0" in unplaced["note"].iloc[2]


def test_the_two_forms_of_ces_differ():
    rows = pd.DataFrame({"question": "轻松", "score": [7.0] * 50 + [4.0] * 50})
    assert customer_effort(rows, "轻松")["value"].tolist() == [5.5]
    assert customer_effort(rows, "轻松", form="share")["value"].tolist() == [0.5]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["非常满意", "满意", "一般", "不满意", "非常不满意"]), min_size=30, max_size=60),
       st.floats(0.01, 50), st.integers(0, 99))  # fmt: skip
def test_a_constant_weight_and_row_order_change_nothing(texts, weight, seed):
    rows = pd.DataFrame({"question": "满意度", "answer": texts})
    plain, before = satisfaction(rows), rows.copy(deep=True)
    other = satisfaction(rows.sample(frac=1, random_state=seed).assign(sample_weight=weight))
    columns = ["value", "n_eff", "lower", "upper", "top", "middle", "bottom"]
    assert plain[columns].iloc[0].astype(float).tolist() == pytest.approx(
        other[columns].iloc[0].astype(float).tolist()
    )
    assert plain[["top", "middle", "bottom"]].iloc[0].sum() == pytest.approx(1)
    pd.testing.assert_frame_equal(rows, before)


# ---- cross tables


def people(*groups: tuple[str, int, int]) -> pd.DataFrame:
    """Groups of (name, satisfied, not satisfied)."""
    rows = [(g, a) for g, yes, no in groups for a in [1] * yes + [0] * no]
    return pd.DataFrame(rows, columns=["区域", "满意"])


def test_letters_mark_the_larger_column_after_bonferroni():
    table = cross_table(people(("华东", 80, 20), ("华南", 50, 50), ("西南", 66, 34)), "满意", "区域")
    tests = column_tests(table, "满意", "区域").query("满意 == 1").set_index(["larger", "smaller"])
    # by hand, 80 % against 50 % of 100 each: p 0.65, z = 0.3 / sqrt(0.65 × 0.35 × 0.02)
    assert tests.loc[("华东", "华南"), "statistic"] == pytest.approx(0.3 / math.sqrt(0.65 * 0.35 * 0.02))
    assert tests.loc[("西南", "华南"), "p"] == pytest.approx(0.02186, abs=5e-5)
    assert not tests.loc[("西南", "华南"), "significant"]  # 0.022 × 3 pairs
    letters = column_letters(table, "满意", "区域").query("满意 == 1")
    assert dict(zip(letters["区域"], letters["exceeds"], strict=True)) == {
        "华东": "B",
        "华南": "",
        "西南": "",
    }


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=2, max_size=5), st.integers(0, 99)
)
def test_adjusted_p_is_never_below_raw_p(sizes, seed):
    sample = people(*((f"区{i}", yes + 1, no) for i, (yes, no) in enumerate(sizes)))
    table = cross_table(sample.sample(frac=1, random_state=seed), "满意", "区域")
    assert table.groupby("区域")["value"].sum().tolist() == pytest.approx([1.0] * len(sizes))
    for adjust in ("bonferroni", "bh"):
        tests = column_tests(table, "满意", "区域", adjust=adjust)
        assert (tests["p_adjusted"] >= tests["p"] - 1e-12).all()
        assert (tests["p_adjusted"] <= 1).all()
    pd.testing.assert_frame_equal(table, cross_table(sample, "满意", "区域"))


def test_small_bases_and_equal_extremes_are_not_tested():
    small = cross_table(people(("华东", 20, 9), ("华南", 10, 40)), "满意", "区域")
    assert column_tests(small, "满意", "区域").empty
    all_yes = cross_table(people(("华东", 40, 0), ("华南", 40, 0), ("西南", 1, 40)), "满意", "区域")
    assert ("华东", "华南") not in set(
        zip(*column_tests(all_yes, "满意", "区域")[["larger", "smaller"]].values.T, strict=True)
    )


def test_weighted_columns_are_tested_on_their_effective_bases():
    sample = people(("华东", 40, 40), ("华南", 60, 20)).assign(w=[1.0, 3.0] * 80)
    table = cross_table(sample, "满意", "区域", weight="w")
    assert table["n_eff"].tolist() == pytest.approx([64.0] * 4)
    assert column_tests(table, "满意", "区域")["df"].tolist() == pytest.approx([126.0, 126.0])


def test_chi_square_and_fisher_as_published():
    """Fisher's tea taster (1935): 3 of 4 right, p 0.4857 two-sided; Agresti 2002, table 2.5 for the residuals."""
    tea = pd.DataFrame(
        {"倒": ["奶"] * 4 + ["茶"] * 4, "猜": ["奶", "奶", "奶", "茶", "奶", "茶", "茶", "茶"]}
    )
    found = chi_square(tea, "猜", "倒")
    assert found.value == pytest.approx(0.4857, abs=5e-5)
    assert "Fisher" in found.note
    table = cross_table(people(("华东", 40, 10), ("华南", 25, 25)), "满意", "区域")
    assert table["residual"].abs().tolist() == pytest.approx([math.sqrt(9.89010989)] * 4)  # of a 2 × 2: √χ²


def test_what_decides_whether_a_table_is_tested():
    """Expected counts of 5, not of less; bases of 30, not of less; two categories each."""
    five = people(("华东", 9, 41), ("华南", 1, 49))  # 10 of 100 satisfied: 5 expected in each
    found = chi_square(five, "满意", "区域")
    assert (found.unit, found.denominator) == ("fraction", 1.0) and found.numerator == pytest.approx(64 / 9)
    fewer = people(("华东", 8, 41), ("华南", 1, 49))
    exact = chi_square(fewer, "满意", "区域")
    assert exact.numerator is None and exact.unit == "fraction" and exact.value != found.value
    three = people(("华东", 8, 41), ("华南", 1, 49), ("西南", 1, 40))
    merged = chi_square(three, "满意", "区域")
    assert (merged.value, merged.unit, merged.status) == (
        None,
        "fraction",
        "suppressed_small_base",
    ) and "合并" in merged.note
    with pytest.raises(MetricError, match="two categories"):
        chi_square(five.assign(满意=1), "满意", "区域")
    small = cross_table(people(("华东", 25, 5), ("华南", 10, 20)), "满意", "区域")
    assert len(column_tests(small, "满意", "区域")) == 2
    assert small["count"].tolist() == [5, 20, 25, 10] and small["numerator"].tolist() == [
        5.0,
        20.0,
        25.0,
        10.0,
    ]
    assert column_tests(
        cross_table(people(("华东", 25, 5), ("华南", 10, 19)), "满意", "区域"), "满意", "区域"
    ).empty


def test_a_weighted_table_has_the_residuals_of_its_shares():
    """By hand: the weighted table brought to n respondents, whatever the scale of the weights."""
    sample = people(("华东", 30, 20), ("华南", 20, 30)).assign(w=lambda d: np.where(d["满意"] == 1, 2.0, 1.0))
    once, tiny = (
        cross_table(sample.assign(w=sample["w"] * f), "满意", "区域", weight="w") for f in (1.0, 1e-6)
    )
    weighted = np.array([[20.0, 30.0], [60.0, 40.0]]) * 100 / 150
    r, c, n = weighted.sum(axis=1, keepdims=True), weighted.sum(axis=0, keepdims=True), 100
    by_hand = (weighted - r * c / n) / np.sqrt(r * c / n * (1 - r / n) * (1 - c / n))
    assert once["residual"].tolist() == pytest.approx(by_hand.ravel().tolist())
    assert tiny["residual"].tolist() == pytest.approx(once["residual"].tolist())


def test_benjamini_hochberg_goes_over_the_whole_table():
    """By definition: the i-th smallest of m p-values × m / i, and never above the next."""
    table = cross_table(people(("华东", 80, 20), ("华南", 50, 50), ("西南", 66, 34)), "满意", "区域")
    found = column_tests(table, "满意", "区域", adjust="bh").sort_values("p", ignore_index=True)
    raw = found["p"] * len(found) / np.arange(1, len(found) + 1)
    assert found["p_adjusted"].tolist() == pytest.approx(raw[::-1].cummin()[::-1].tolist())
    bonferroni = column_tests(table, "满意", "区域")
    assert bonferroni["p_adjusted"].tolist() == pytest.approx((bonferroni["p"] * 3).clip(upper=1).tolist())
    pairs = bonferroni[bonferroni["满意"] == 1].set_index(["larger", "smaller"])["difference"]
    assert pairs.round(9).to_dict() == {("华东", "华南"): 0.3, ("华东", "西南"): 0.14, ("西南", "华南"): 0.16}
    assert found["significant"].sum() == 6 and bonferroni["significant"].sum() == 2


def test_columns_beyond_z_have_two_letters():
    groups = [(f"{i:02d}", 40 if i == 27 else 20, 0 if i == 27 else 20) for i in range(28)]
    letters = column_letters(cross_table(people(*groups), "满意", "区域"), "满意", "区域").query("满意 == 1")
    assert letters["letter"].tolist() == [*map(chr, range(65, 91)), "AA", "AB"]
    assert (
        letters["exceeds"].tolist()[-1] == "".join(sorted(letters["letter"][:-1]))
        and not letters["exceeds"][:-1].any()
    )


def test_columns_that_share_respondents_are_compared_with_their_covariance():
    """A banner of several answers, stacked, respondents as clusters: by hand the sum of squares of each one's part.

    Where the shares are equal in size it is Unicom's overlap formula, p(1 - p)(1/n1 + 1/n2 - 2 n12/(n1 n2)), within 3 %.
    """
    likes = np.tile([1, 0], 60)
    used = pd.DataFrame({"甲": np.arange(120) < 80, "乙": np.arange(120) >= 30})
    stacked = pd.concat(
        [pd.DataFrame({"who": np.flatnonzero(used[b]), "brand": b}) for b in used], ignore_index=True
    )
    stacked["likes"] = (likes * (np.arange(120) < 110))[stacked["who"]]
    found = design_difference(stacked, "likes", "brand", of="甲", less="乙", design=Design(clusters="who"))
    shares, sizes = stacked.groupby("brand")["likes"].mean(), stacked.groupby("brand").size()
    sign = stacked["brand"].map({"甲": 1.0, "乙": -1.0}) / stacked["brand"].map(sizes)
    parts = (sign * (stacked["likes"] - stacked["brand"].map(shares))).groupby(stacked["who"]).sum()
    assert found.error == pytest.approx(math.sqrt(120 / 119 * (parts**2).sum()))
    pooled, both = stacked["likes"].mean(), int((used["甲"] & used["乙"]).sum())
    unicom = pooled * (1 - pooled) * (1 / 80 + 1 / 90 - 2 * both / (80 * 90))
    assert found.error == pytest.approx(math.sqrt(unicom), rel=0.03)
    assert found.error < 0.8 * math.sqrt(pooled * (1 - pooled) * (1 / 80 + 1 / 90)), (
        "as if they shared nobody"
    )


def test_adjusted_residuals_as_published():
    """Agresti 2007, *An Introduction to Categorical Data Analysis*, tables 2.5 and 2.6: party by gender, GSS 1991."""
    counts = {("女", "民主"): 762, ("女", "独立"): 327, ("女", "共和"): 468, ("男", "民主"): 484, ("男", "独立"): 239,
              ("男", "共和"): 477}  # fmt: skip
    sample = pd.DataFrame([k for k, n in counts.items() for _ in range(n)], columns=["性别", "党派"])
    found = chi_square(sample, "性别", "党派")
    assert (round(found.numerator, 2), found.denominator) == (30.07, 2)
    assert found.value < 0.0001
    table = cross_table(sample, "性别", "党派").set_index(["性别", "党派"])["residual"]
    assert [round(table[("女", p)], 2) for p in ("民主", "独立", "共和")] == [4.50, 0.70, -5.32]
    assert [round(table[("男", p)], 2) for p in ("民主", "独立", "共和")] == [-4.50, -0.70, 5.32]


# ---- multiple response


def test_the_base_is_who_saw_the_question():
    rows = pd.DataFrame({"respondent": [*range(40), *range(20), *range(40, 60)], "question": "渠道",
                         "answer": ["超市"] * 40 + ["电商"] * 20 + [None] * 20})  # fmt: skip
    result = multiple_response(rows, "渠道").set_index("answer")
    assert result["value"].to_dict() == pytest.approx({"超市": 40 / 60, "电商": 20 / 60})
    assert result["n"].tolist() == [60, 60]
    assert result["mentions"].sum() == pytest.approx(1)


def test_choosing_none_and_something_is_told():
    rows = pd.DataFrame(
        {"respondent": [*range(40), 0], "question": "渠道", "answer": ["超市"] * 40 + ["以上都没有"]}
    )
    assert "1 人同时选了" in multiple_response(rows, "渠道")["note"].iloc[0]


def test_mcnemar_as_published():
    """Agresti 2002, table 10.1: 150 and 86 of 1600 changed their mind; z² = 64²/236 = 17.36, p = 0.00003."""
    both = [("甲", i) for i in range(794 + 150)] + [("乙", i) for i in [*range(794), *range(944, 1030)]]
    silent = [(None, i) for i in range(1030, 1600)]
    rows = pd.DataFrame(both + silent, columns=["answer", "respondent"]).assign(question="赞成")
    found = mcnemar(rows, "赞成", "甲", "乙")
    assert (found.numerator, found.denominator, found.n) == (150, 86, 1600)
    assert found.value == pytest.approx(3.1e-05, abs=2e-6)


# ---- scales


def test_cronbach_alpha_by_hand_and_its_edges():
    items = pd.DataFrame({"口味": [1, 2, 3, 4, 5], "包装": [2, 2, 3, 5, 4], "价格": [1, 3, 3, 4, 4]})
    # variances 2.5 + 1.7 + 1.5 = 5.7, of the total 15.2: 1.5 × (1 - 5.7/15.2)
    assert cronbach_alpha(items).value == pytest.approx(0.9375)
    assert cronbach_alpha(items.assign(口味=3, 包装=3, 价格=3)).status == "na_zero_base"
    assert cronbach_alpha(items.head(1)).status == "na_missing"
    with pytest.raises(MetricError, match="two items"):
        cronbach_alpha(items[["口味"]])
    assert flipped(items["口味"], 5).tolist() == [5, 4, 3, 2, 1]


def test_rank_test_as_published():
    """Hollander & Wolfe 1973, p. 116 (R, help(kruskal.test)): mucociliary efficiency, H = 0.77143, df = 2, p = 0.68."""
    rates = {"常": [2.9, 3.0, 2.5, 2.6, 3.2], "阻": [3.8, 2.7, 4.0, 2.4], "石": [2.8, 3.4, 3.7, 2.2, 2.0]}
    sample = pd.DataFrame([(g, x) for g, xs in rates.items() for x in xs], columns=["组", "分"])
    found = rank_test(sample, "分", "组")
    assert (round(found.numerator, 5), found.denominator, round(found.value, 2), found.n) == (
        0.77143,
        2,
        0.68,
        14,
    )
    two = sample[sample["组"] != "石"].round(0)
    mann = mannwhitneyu(*(g["分"] for _, g in two.groupby("组")), use_continuity=False, method="asymptotic")
    assert rank_test(two, "分", "组").value == pytest.approx(mann.pvalue, rel=1e-9)
    assert rank_test(sample.assign(分=3), "分", "组").status == "na_zero_base"
    with pytest.raises(MetricError, match="two groups"):
        rank_test(sample[sample["组"] == "石"], "分", "组")


def test_a_distribution_lists_every_code_and_sums_to_one():
    result = likert_distribution(answers(非常满意=6, 一般=4), "总体满意度")
    assert result["value"].tolist() == [0, 0, 0.4, 0, 0.6]
    assert result["code"].tolist() == [1, 2, 3, 4, 5]


def test_a_scale_from_one_is_told():
    rows = pd.DataFrame({"question": "推荐意愿（1-10分）", "score": [10.0] * 40 + [1.0] * 10})
    assert "不可比" in net_promoter_score(rows)["note"].iloc[0]
    zero = rows.assign(question="推荐意愿（0-10分）")
    assert net_promoter_score(zero)["note"].iloc[0] == ""


def test_rolling_waves_are_the_answers_of_all_their_waves_together():
    waves = [
        answers(满意=20 + 10 * k, 一般=40).assign(
            month=f"2026-{k + 1:02d}", sample_weight=[1.0 + k] * (60 + 10 * k)
        )
        for k in range(4)
    ]
    rolled = rolling_waves(satisfaction(pd.concat(waves), by=["month"]))
    assert rolled["status"].tolist() == ["na_missing"] * 2 + ["ok"] * 2
    for i in (2, 3):
        together = satisfaction(pd.concat(waves[i - 2 : i + 1])).iloc[0]
        assert rolled.loc[i, ["value", "lower", "upper", "base", "n"]].astype(
            float
        ).tolist() == pytest.approx(
            together[["value", "lower", "upper", "n_eff", "n"]].astype(float).tolist(), rel=1e-12
        )
    assert rolled["first_wave"].tolist()[2:] == ["2026-01", "2026-02"]
    with pytest.raises(MetricError, match="n_eff"):
        wave_changes(rolled)


def test_rolling_nps_and_a_hidden_wave():
    scores = [[10] * 50 + [3] * 10, [9] * 30 + [8] * 30 + [2] * 40, [10] * 40 + [7] * 40, [10] * 5, [9] * 60]
    rows = pd.concat(
        [
            pd.DataFrame({"question": "是否愿意推荐", "score": s, "month": f"2026-0{k + 1}"})
            for k, s in enumerate(scores)
        ]
    )
    rolled = rolling_waves(net_promoter_score(rows, by=["month"]), window=2)
    together = net_promoter_score(rows[rows["month"] < "2026-03"]).iloc[0]
    assert rolled.loc[1, ["value", "lower", "upper"]].tolist() == pytest.approx(
        together[["value", "lower", "upper"]].tolist()
    )
    assert rolled["status"].tolist() == ["na_missing", "ok", "ok", "na_missing", "na_missing"]


def test_rolling_waves_refuse_a_mean_and_a_window_of_one():
    rows = answers(满意=40, 一般=40).assign(month="2026-01")
    with pytest.raises(MetricError, match="two waves"):
        rolling_waves(satisfaction(rows, by=["month"]), window=1)
    efforts = pd.DataFrame({"question": "易用", "score": [5, 6] * 40, "month": "2026-01"})
    with pytest.raises(MetricError, match="net promoter"):
        rolling_waves(customer_effort(efforts, "易用", by=["month"]))
