"""Designs and weights: what R's survey package publishes of its samples, other packages' results, and the laws."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import schools
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import language
from mktanalytics.errors import MetricError
from mktanalytics.metrics.survey.crosstab import chi_square
from mktanalytics.metrics.survey.rao_scott import rao_scott
from mktanalytics.metrics.survey.survey_design import Design
from mktanalytics.metrics.survey.survey_estimates import (
    design_difference,
    design_mean,
    design_ratio,
    design_total,
)
from mktanalytics.metrics.survey.weighting import rake


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


# ---- R's samples of schools: Lumley, vignette "A survey analysis example" and the help pages of survey 4.4

STRATIFIED = Design(weight="w", strata="stype", population="N")
CLUSTERED = Design(weight="w", clusters="district", population="N")
TWO_STAGES = Design(weight="w", clusters=("district", "school"), population=("N", "schools"))


def both(estimate) -> tuple[float, float]:
    return estimate.value, estimate.error


def printed(*figures: float, like: str) -> bool:
    """Whether figures round to those printed, each to its own number of decimals."""
    digits = [len(text.partition(".")[2]) for text in like.split()]
    return " ".join(f"{x:.{d}f}" for x, d in zip(figures, digits, strict=True)) == like


def test_apistrat_as_published():
    sample = schools.stratified()
    assert printed(*both(design_mean(sample, "api00", STRATIFIED)), like="662.29 9.4089")
    assert printed(*both(design_total(sample, "enroll", STRATIFIED)), like="3687178 114642")


def test_apiclus1_as_published():
    sample = schools.clustered()
    mean = design_mean(sample, "api00", CLUSTERED)
    assert printed(*both(mean), like="644.17 23.542")
    assert mean.df == 14
    assert printed(*both(design_mean(sample, "enroll", CLUSTERED)), like="549.72 45.191")
    assert printed(*both(design_total(sample, "enroll", CLUSTERED)), like="3404940 932235")
    published = {"E": "4873.97 1333.32", "H": "473.86 158.70", "M": "846.17 167.55"}
    for stype, figures in published.items():
        counted = sample.assign(one=(sample["stype"] == stype) * 1.0)
        assert printed(*both(design_total(counted, "one", CLUSTERED)), like=figures)


def test_ratios_of_apiclus1_as_published():
    """Tested of those enrolled, and the same in the domain of high schools (missing outside it)."""
    sample = schools.clustered()
    found = design_ratio(sample, "tested", "enroll", CLUSTERED)
    assert printed(*both(found), like="0.8497087 0.008386297")
    high = sample.assign(tested=sample["tested"].where(sample["stype"] == "H"))
    found = design_ratio(high, "tested", "enroll", CLUSTERED)
    assert printed(*both(found), like="0.8300683 0.01472607")


def test_apiclus2_as_published():
    """Two stages, each with its population; the two districts that don't know their enrolment are outside the domain."""
    sample = schools.two_stages()
    assert printed(*both(design_mean(sample, "api00", TWO_STAGES)), like="670.81 30.099")
    assert printed(*both(design_total(sample, "enroll", TWO_STAGES)), like="2639273 799638")


def raked(sample: pd.DataFrame, **margins: dict[object, float]) -> pd.DataFrame:
    weights = rake(sample, margins, start="w", tolerance=1e-12, rounds=1000).weights
    return sample.assign(w=weights * sum(schools.POPULATION.values()) / weights.sum())


def test_post_stratified_samples_as_published():
    """R, help(postStratify): one margin. Raked weights know its totals, so the error of a total falls."""
    sample = raked(schools.clustered(), stype=schools.POPULATION)
    design = Design(weight="w", clusters="district", population="N", margins=("stype",))
    assert printed(design_mean(sample, "api00", design).value, like="642.31")
    assert printed(*both(design_total(sample, "enroll", design)), like="3680893 406293")
    sample = raked(schools.two_stages(), stype=schools.POPULATION)
    design = Design(
        weight="w", clusters=("district", "school"), population=("N", "schools"), margins=("stype",)
    )
    assert printed(*both(design_mean(sample, "api00", design)), like="673 28.832")
    assert printed(*both(design_total(sample, "enroll", design)), like="3074076 292584")


def test_calibration_to_the_population_size_as_published():
    """R, vignette "Pre-calibrated weights": known to be 6194 schools, the total's error is that of the mean × 6194."""
    sample = schools.clustered().assign(all="all")
    design = Design(weight="w", clusters="district", population="N", margins=("all",))
    assert printed(*both(design_total(sample, "enroll", design)), like="3404940 279915")
    counted = design_total(sample.assign(one=1.0), "one", design)
    assert both(counted) == pytest.approx((6194, 0), abs=1e-6)
    assert (counted.lower, counted.upper) == pytest.approx((6194, 6194))


def test_raking_on_two_margins_against_the_jackknife():
    """R, help(rake): 641.23 and 3,647,280; the error beside the raking done again without each district in turn."""
    margins = {"stype": schools.POPULATION, "missed": {True: 1072, False: 5122}}
    full = schools.clustered()
    sample = raked(full, **margins)
    design = Design(weight="w", clusters="district", population="N", margins=("stype", "missed"))
    mean, total = design_mean(sample, "api00", design), design_total(sample, "enroll", design)
    assert (mean.value, total.value) == pytest.approx((641.23, 3647280), rel=1e-5)
    totals = [
        float((part["w"] * part["enroll"]).sum())
        for d in full["district"].unique()
        if len(part := raked(full[full["district"] != d], **margins))
    ]
    jackknife = math.sqrt((1 - 15 / 757) * 14 / 15 * sum((t - np.mean(totals)) ** 2 for t in totals))
    assert total.error == pytest.approx(jackknife, rel=0.25)
    assert total.error < 0.5 * design_total(full, "enroll", CLUSTERED).error
    for stype, known in schools.POPULATION.items():
        counted = sample.assign(one=(sample["stype"] == stype) * 1.0)
        assert both(design_total(counted, "one", design)) == pytest.approx((known, 0), abs=1e-5)


def test_rao_scott_of_apiclus1_as_published():
    """R, help(svychisq): F = 5.1934, ndf = 1.4946, ddf = 20.925, p = 0.02175."""
    found = rao_scott(schools.clustered(), "missed", "stype", CLUSTERED)
    assert printed(found.statistic, found.df, found.df_error, found.p, like="5.1934 1.4946 20.925 0.02175")


def test_a_difference_of_groups_that_share_clusters():
    """By the algebra of R's svycontrast: Var(a - b) = Var(a) + Var(b) - 2 Cov, from the joint linearised scores."""
    sample = schools.clustered()
    found = design_difference(sample, "api00", "stype", of="E", less="M", design=CLUSTERED)
    e, m = (
        design_mean(sample.assign(y=sample["api00"].where(sample["stype"] == s)), "y", CLUSTERED)
        for s in "EM"
    )
    assert found.value == pytest.approx(e.value - m.value, rel=1e-12)
    assert found.error < math.hypot(e.error, m.error)  # good districts are good in both
    w = sample["w"].to_numpy()
    u = sum(
        sign * w * (sample["api00"] - mean) * (sample["stype"] == s) / w[sample["stype"] == s].sum()
        for s, sign, mean in (("E", 1, e.value), ("M", -1, m.value))
    )
    sums = u.groupby(sample["district"]).sum()
    assert found.error == pytest.approx(
        math.sqrt((1 - 15 / 757) * 15 / 14 * ((sums - sums.mean()) ** 2).sum())
    )


def test_a_panel_of_the_same_people_is_the_paired_error():
    people = pd.DataFrame({"who": [*range(40)] * 2, "wave": ["春"] * 40 + ["秋"] * 40})
    people["y"] = [i % 3 for i in range(40)] + [i % 3 + (i % 7 == 0) for i in range(40)]
    found = design_difference(people, "y", "wave", of="秋", less="春", design=Design(clusters="who"))
    gaps = people["y"].to_numpy()[40:] - people["y"].to_numpy()[:40]
    assert both(found) == pytest.approx((gaps.mean(), gaps.std(ddof=1) / math.sqrt(40)))


# ---- edges


def test_a_census_has_no_error_and_its_strata_may_hold_one():
    dealers = pd.DataFrame({"省": list("甲乙乙丙丙丙"), "y": [1, 0, 1, 1, 0, 0], "N": [1.0, 2, 2, 3, 3, 3]})
    found = design_mean(dealers, "y", Design(strata="省", population="N"))
    assert (found.error, found.lower, found.upper) == (0, 0.5, 0.5)


@pytest.mark.parametrize(
    ("change", "design", "text"),
    [
        ({"N": [5.0, 5, 6, 6]}, {"clusters": "c", "population": "N"}, "two populations"),
        ({"N": [1.0] * 4}, {"clusters": "c", "population": "N"}, "below the 2 sampled"),
        ({"h": list("xyyy")}, {"strata": "h", "clusters": "c"}, "two strata"),
        ({"h": list("xyyy"), "c": list("abcd")}, {"strata": "h", "clusters": "c"}, "one cluster only"),
        ({"c": ["a", None, "b", "b"]}, {"clusters": "c"}, "no stratum or no cluster"),
        ({"g": ["a", None, "b", "b"]}, {"margins": ("g",)}, "no category"),
        ({"N": [5.0, np.nan, 5, 5]}, {"population": "N"}, "population is missing"),
    ],
)  # fmt: skip
def test_designs_that_cannot_be_are_refused(change, design, text):
    sample = pd.DataFrame({"c": list("aabb"), "y": [1.0, 2, 3, 4]}).assign(**change)
    with pytest.raises(MetricError, match=text):
        design_mean(sample, "y", Design(**design))


def test_a_group_or_base_that_is_not_there_is_named():
    sample = schools.clustered()
    with pytest.raises(MetricError, match=r"no valid answers; found X; expected H, E, M"):
        design_difference(sample, "api00", "stype", of="X", less="E")
    with pytest.raises(MetricError, match="sums to 0"):
        design_ratio(sample.assign(nothing=0.0), "api00", "nothing")
    with pytest.raises(MetricError, match="no_such"):
        design_total(sample, "no_such")


# ---- laws


@st.composite
def samples(draw: st.DrawFn) -> pd.DataFrame:
    """Two strata of two to four clusters, with zeros, negatives, ties and missing answers."""
    rows = [
        (h, f"{h}{c}", value, weight)
        for h in range(2)
        for c in range(draw(st.integers(2, 4)))
        for value, weight in draw(
            st.lists(
                st.tuples(st.sampled_from([-3.0, 0.0, 1.0, 1.0, 7.5, math.nan]), st.floats(0.2, 5)),
                min_size=1,
                max_size=4,
            )
        )
    ]
    return pd.DataFrame([*rows, (0, "00", 2.0, 1.0)], columns=["h", "c", "y", "w"])


@settings(deadline=None, max_examples=60)
@given(samples(), st.floats(0.01, 1000), st.integers(0, 99))
def test_laws_of_design_based_errors(sample, factor, seed):
    design = Design(weight="w", strata="h", clusters="c")
    found = design_mean(sample, "y", design)
    assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9
    shuffled = design_mean(sample.sample(frac=1, random_state=seed), "y", design)
    assert both(shuffled) == pytest.approx(both(found), rel=1e-9, abs=1e-12)
    # the scale of the weights changes no mean; that of the values both figures alike
    assert both(design_mean(sample.assign(w=sample["w"] * factor), "y", design)) == pytest.approx(
        both(found), rel=1e-9, abs=1e-12
    )
    assert both(design_mean(sample.assign(y=sample["y"] * factor), "y", design)) == pytest.approx(
        [x * factor for x in both(found)], rel=1e-9, abs=1e-9
    )
    # drawing all there are leaves nothing to chance
    sizes = [sample.groupby("h")["c"].transform("nunique") * k for k in (1.0, 2.0, 1e9)]
    errors = [
        design_mean(
            sample.assign(N=n), "y", Design(weight="w", strata="h", clusters="c", population="N")
        ).error
        for n in sizes
    ]
    assert errors[0] == 0
    assert all(a <= b + 1e-12 for a, b in pairwise(errors))
    assert errors[2] == pytest.approx(found.error, rel=1e-6, abs=1e-12)
    # a mean is the total over the number
    whole = sample.assign(one=sample["y"].notna() * 1.0)
    assert design_ratio(whole.assign(y=whole["y"].fillna(0.0)), "y", "one", design).error == pytest.approx(
        found.error
    )


# ---- designs


@pytest.fixture
def stores() -> pd.DataFrame:
    i = np.arange(120)  # no generator: the same on any machine
    k = i * 11 % 17
    return pd.DataFrame(
        {"store": i // 10, "stratum": i // 40, "w": 1.0 + (i % 7) / 10, "pop": np.array([20.0, 30.0, 25.0])[i // 40],
         "y": ((i * 37 + (i // 10) * 11) % 23 < 12 + (i // 10) % 3).astype(float), "g": (i * 13 + i // 3) % 3,
         "score": (i * i) % 11 * 1.0, "性别": np.where(i * 7 % 10 < 6, "男", "女"),
         "城市": np.where(k < 5, "一线", np.where(k < 12, "二线", "三线"))}
    )  # fmt: skip


def test_designs_as_svy_finds_them(stores):
    """svy 0.35.0 (validated against R survey): mean, deff and Rao–Scott F, without and with fpc."""
    design = Design(weight="w", strata="stratum", clusters="store")
    mean = design_mean(stores, "score", design)
    assert (mean.value, mean.error, mean.df) == pytest.approx((4.0193, 0.0905, 9), abs=5e-5)
    assert (mean.lower, mean.upper, mean.deff) == pytest.approx((3.8147, 4.2239, 0.1224), abs=5e-5)
    finite = Design(weight="w", strata="stratum", clusters="store", population="pop")
    assert design_mean(stores, "score", finite).error == pytest.approx(0.0828, abs=5e-5)
    test = rao_scott(stores, "y", "g", design)
    assert (test.statistic, test.p) == pytest.approx((29.989804456157504, 4.4302032310428174e-06), rel=1e-9)
    assert (test.df, test.df_error) == pytest.approx((1.8364814077318303, 16.528332669586472), rel=1e-9)
    assert rao_scott(stores, "y", "g", finite).statistic == pytest.approx(35.94687551061575, rel=1e-9)


def test_a_cluster_sample_as_published():
    """Lohr, *Sampling: Design and Analysis*, example 5.2: GPA of five suites of four out of 100: 2.826, SE 0.164."""
    gpa = [3.08, 2.60, 3.44, 3.04, 2.36, 3.04, 3.28, 2.68, 2.00, 2.56, 2.52, 1.88, 3.00, 2.88, 3.44, 3.64,
           2.68, 1.92, 3.28, 3.20]  # fmt: skip
    suites = pd.DataFrame({"gpa": gpa, "suite": np.repeat(range(5), 4), "w": 20.0, "N": 100.0})
    found = design_mean(suites, "gpa", Design(weight="w", clusters="suite", population="N"))
    assert (found.value, found.error) == pytest.approx((2.826, 0.164), abs=5e-4)


def test_a_stratified_sample_as_published():
    """Lohr, example 3.2 (agstrat): regions' n, mean and variance give a total of 909,736,035, SE 50,417,248.

    The sample itself is rebuilt from those moments: any data with them give the same estimate.
    """
    strata = [("NE", 220, 21, 97629.8, 7647472708), ("NC", 1054, 103, 300504.2, 29618183543),
              ("S", 1382, 135, 211315.0, 53587487856), ("W", 422, 41, 662295.5, 396185950266)]  # fmt: skip
    parts = []
    for name, population, n, mean, variance in strata:
        shape = np.arange(n) - (n - 1) / 2
        acres = mean + shape * math.sqrt(variance / shape.var(ddof=1))
        parts.append(
            pd.DataFrame({"region": name, "N": float(population), "w": population / n, "acres": acres})
        )
    found = design_mean(pd.concat(parts), "acres", Design(weight="w", strata="region", population="N"))
    assert found.value * 3078 == pytest.approx(909_736_035, rel=2e-6)
    assert found.error * 3078 == pytest.approx(50_417_248, rel=2e-6)


def test_a_simple_sample_is_the_textbook_formula(stores):
    found = design_mean(stores, "score")
    assert found.error == pytest.approx(stores["score"].std() / math.sqrt(120), rel=1e-12)
    assert found.deff == pytest.approx(1, rel=1e-12)


def test_rao_scott_of_a_simple_sample_is_pearson(stores):
    """With equal weights and no clusters F is chi-square / df × (n - 1)/n."""
    plain, scott = chi_square(stores, "y", "g"), rao_scott(stores, "y", "g")
    assert scott.statistic == pytest.approx(plain.numerator / plain.denominator * 119 / 120, rel=1e-9)


def test_lonely_clusters_and_missing_weights_are_refused(stores):
    with pytest.raises(MetricError, match="one cluster only"):
        design_mean(
            stores[stores["store"] != 11].query("store < 9"), "y", Design(strata="stratum", clusters="store")
        )
    with pytest.raises(MetricError, match="weight"):
        design_mean(stores.assign(w=0.0), "y", Design(weight="w"))


# ---- raking


def test_raking_as_weightipy_rakes(stores):
    """weightipy 0.4.2: the first weights of this sample, and the efficiency."""
    margins = {"性别": {"男": 49, "女": 51}, "城市": {"一线": 25, "二线": 35, "三线": 40}}
    result = rake(stores, margins, tolerance=1e-10)
    assert result.weights.head(4).tolist() == pytest.approx(
        [0.709944038398921, 1.0613262823671596, 0.6765190579059741, 1.1172335016415067], rel=1e-9
    )
    assert result.efficiency == pytest.approx(0.9004028404372974, rel=1e-9)
    other = rake(stores, dict(reversed(margins.items())), tolerance=1e-10)
    assert other.weights.tolist() == pytest.approx(result.weights.tolist(), rel=1e-8)


def test_raked_cells_keep_the_odds_ratios_of_the_design_weights():
    """What defines the fitted table, beside its margins (Deming & Stephan 1940): row and column factors, nothing else."""
    seed = np.array([[40.0, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]])
    cells = [(i, j, seed[i, j]) for i in range(4) for j in range(4)]
    sample = pd.DataFrame(cells, columns=["行", "列", "起"])
    margins = {"行": dict(enumerate([150, 300, 400, 150])), "列": dict(enumerate([200, 300, 400, 100]))}
    result = rake(sample, margins, start="起", tolerance=1e-12)
    fitted = (result.weights * 1000 / 16).to_numpy().reshape(4, 4)
    assert fitted.sum(axis=1) == pytest.approx([150, 300, 400, 150])
    assert fitted.sum(axis=0) == pytest.approx([200, 300, 400, 100])
    factors = np.log(fitted / seed)
    assert factors - factors[:1] - factors[:, :1] + factors[0, 0] == pytest.approx(np.zeros((4, 4)), abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("男女"), st.sampled_from("一二三")), min_size=12, max_size=60),
       st.floats(0.2, 0.8), st.floats(0.2, 0.5))  # fmt: skip
def test_raked_margins_are_the_targets(people, male, first):
    # every combination occurs, so that the margins can be met
    full = people + [(g, c) for g in "男女" for c in "一二三"]
    sample = pd.DataFrame(full, columns=["性别", "城市"])
    margins = {"性别": {"男": male, "女": 1 - male}, "城市": {"一": first, "二": 0.3, "三": 0.7 - first}}
    result = rake(sample, margins, tolerance=1e-10, rounds=1000)
    assert result.margins["after"].tolist() == pytest.approx(result.margins["target"].tolist(), abs=1e-9)
    assert result.weights.mean() == pytest.approx(1)
    assert 0 < result.efficiency <= 1 + 1e-12


def test_trimmed_weights_stay_inside_and_meet_the_margins():
    sample = pd.DataFrame({"城市": ["一线"] * 5 + ["二线"] * 95, "性别": ["男", "女"] * 50})
    margins = {"城市": {"一线": 0.12, "二线": 0.88}, "性别": {"男": 0.7, "女": 0.3}}
    loose = rake(sample, margins)
    tight = rake(sample, margins, trim=(0.3, 2.6))
    assert loose.largest > 2.6 >= tight.largest - 1e-5
    assert tight.margins["after"].tolist() == pytest.approx(tight.margins["target"].tolist(), abs=1e-5)
    assert tight.trimmed > 0
    assert tight.spread < loose.spread


@pytest.mark.parametrize(
    ("column", "margins", "text"),
    [
        (["男", "女"], {"男": 0.5, "女": 0.3, "未知": 0.2}, "targets without respondents"),
        (["男", "其他"], {"男": 1.0}, "categories without a target"),
        (["男", None], {"男": 1.0}, "without a category"),
        (["男", "女"], {"男": 1.0, "女": 0.0}, "target is 0"),
    ],
)
def test_impossible_margins_are_named(column, margins, text):
    with pytest.raises(MetricError, match=text):
        rake(pd.DataFrame({"性别": column}), {"性别": margins})


def test_margins_that_exclude_each_other_do_not_pass_for_weights():
    sample = pd.DataFrame({"性别": ["男", "女"], "城市": ["一线", "二线"]})
    with pytest.raises(MetricError, match="settle"):
        rake(sample, {"性别": {"男": 0.5, "女": 0.5}, "城市": {"一线": 0.9, "二线": 0.1}})
