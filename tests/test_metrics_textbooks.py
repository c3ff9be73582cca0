"""Worked examples that others have published, of budgets, scores, surveys, customers, channels and campaigns.

Where it says "from memory" the figures weren't looked up when the test was written.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mktanalytics import metrics as mm
from mktanalytics.metrics.result import Status
from mktanalytics.metrics.survey.precision import nps_error
from mktanalytics.metrics.survey.survey_design import Design

# ---- budget (methods 4)

REVENUE, COST = "revenue", "cost"
FLEXIBLE = {
    # line: kind, static, fixed part of it, actual; then the published variances: flexible-budget, volume
    "CIMA C1 Official Learning System, Fundamentals of Management Accounting, p. 332": (
        (12_600, 13_200),
        [
            (REVENUE, 277_200, 0, 303_600, 13_200, 13_200), (COST, 75_600, 0, 78_350, 850, -3_600),
            (COST, 50_400, 0, 51_700, 1_100, -2_400), (COST, 12_600, 0, 14_160, -960, -600),
            (COST, 13_450, 13_450, 13_710, -260, 0), (COST, 10_220, 10_220, 10_160, 60, 0),
        ],
        (13_990, 6_600, 20_590),
    ),
    "ACCA F2 Management Accounting (Emile Woolf 2010), p. 254": (
        (10_000, 15_000),
        [
            (REVENUE, 200_000, 0, 286_000, -14_000, 100_000), (COST, 60_000, 0, 94_000, -4_000, -30_000),
            (COST, 70_000, 0, 97_000, 8_000, -35_000), (COST, 20_000, 0, 23_000, 7_000, -10_000),
            (COST, 30_000, 30_000, 34_000, -4_000, 0),
        ],
        (-7_000, 25_000, 18_000),
    ),
    "Lumen Learning, Managerial Accounting, Flexible Budget Performance Report (RockChuck Company)": (
        (172_405, 180_000),
        [
            (REVENUE, 5_861_770, 0, 6_030_000, -90_000, 258_230),
            (COST, 3_220_525, 0, 3_420_000, -57_600, -141_875),
            (COST, 2_452_694, 2_452_694, 2_650_000, -197_306, 0),
        ],
        (-344_906, 116_355, -228_551),
    ),
}  # fmt: skip


@pytest.mark.parametrize("source", FLEXIBLE)
def test_flexible_budgets_as_published(source) -> None:
    (planned, done), rows, totals = FLEXIBLE[source]
    lines = pd.DataFrame(rows, columns=["kind", "budget", "fixed", "actual", "flexible", "volume"])
    found = mm.flexible_budget(
        pd.DataFrame(
            {
                "kind": lines["kind"], "fixed": lines["fixed"], "actual": lines["actual"],
                "variable_rate": (lines["budget"] - lines["fixed"]) / planned,
                "planned_activity": planned, "actual_activity": done,
            }
        )
    )  # fmt: skip
    assert found["flexible_variance"].tolist() == pytest.approx(lines["flexible"].tolist(), abs=1)
    assert found["activity_variance"].tolist() == pytest.approx(lines["volume"].tolist(), abs=1)
    sums = found[["flexible_variance", "activity_variance", "static_variance"]].sum()
    assert sums.tolist() == pytest.approx(totals, abs=1)


EARNED = [
    # PMI exam question, briefmenow.org: SPI 0.80
    ({"bac": 100e3, "pv": 50e3, "ac": 80e3, "ev": 40e3}, {"spi": 0.8, "cpi": 0.5}),
    # Tap University, "Carl's car", tapuniversity.wordpress.com 2013: 4 million, a quarter done after two months
    ({"bac": 4e6, "pv": 4e6 / 6, "ac": 2e6, "ev": 1e6}, {"cpi": 0.5, "spi": 1.5}),
    # ceboardexamgenerator.com, project control: EAC of the first, TCPI of the second
    ({"bac": 5e6, "pv": 1.5e6, "ac": 1.8e6, "ev": 1.5e6}, {"eac_cpi": 6e6, "vac": -1e6}),
    ({"bac": 10e6, "pv": 3e6, "ac": 3.5e6, "ev": 3e6}, {"tcpi": 1.077, "cpi": 0.857}),
    # Simplilearn, Earned Value Management part IV, example I: 110 of 100 hours spent, 10 to go, at 100 an hour
    (
        {"bac": 10e3, "pv": 10e3, "ac": 11e3, "ev": 10e3 * 11 / 12, "etc": 1e3},
        {"eac_bottom_up": 12e3, "sv": -833.33, "spi": 0.9167},
    ),
]


@pytest.mark.parametrize(("project", "published"), EARNED)
def test_earned_value_as_published(project, published) -> None:
    found = mm.earned_value(pd.DataFrame([project])).set_index("metric")["value"]
    assert found[list(published)].tolist() == pytest.approx(list(published.values()), rel=1e-3)


def test_return_on_marketing_as_published() -> None:
    """kameir.com, Marketing ROI (after Farris): 10,000 spent bring 50,000 at a margin of 60 %: 5.0, and 2 a dollar."""
    mail = pd.DataFrame({"spend": [10e3], "incremental_revenue": [50e3], "revenue": [50e3], "contribution_margin": [0.6]})  # fmt: skip
    found = mm.return_measures(mail, measures=["roas", "margin_roas", "roi"], basis="incremental")
    assert found["value"].tolist() == pytest.approx([5.0, 3.0, 2.0])
    known = pd.DataFrame({"spend": [10e3], "incremental_margin": [30e3]})
    assert mm.return_measures(known, measures=["roi"])["value"].item() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("cost", "customers", "revenue", "margin", "cac", "months"),
    [  # calculatey.pages.dev, CAC payback calculator, its five common examples
        (50e3, 100, 100, 0.70, 500, 7.1), (100e3, 200, 75, 0.80, 500, 8.3), (30e3, 50, 200, 0.65, 600, 4.6),
        (200e3, 100, 150, 0.75, 2000, 17.8), (25e3, 500, 30, 0.85, 50, 2.0),
    ],
)  # fmt: skip
def test_payback_as_published(cost, customers, revenue, margin, cac, months) -> None:
    row = pd.DataFrame({"acquisition_cost": [cost], "new_customers": [customers], "gross_margin": margin,
                        "monthly_revenue": [float(revenue * customers)]})  # fmt: skip
    found = mm.return_measures(row, measures=["cac", "payback_months"], cost_scope="sales and marketing")
    assert found["value"].round(1).tolist() == [cac, months]
    each = row.drop(columns="monthly_revenue").assign(monthly_revenue_per_customer=float(revenue))
    alike = mm.return_measures(each, measures=["cac", "payback_months"], cost_scope="sales and marketing")
    assert alike["value"].tolist() == pytest.approx(found["value"].tolist())


# ---- KPI (methods 5)


def test_largest_remainder_as_published() -> None:
    """Wikipedia, Largest remainder method, Hare quota: 100,000 votes for 10 seats (from memory)."""
    votes = {"yellow": 0.47, "white": 0.16, "red": 0.159, "blue": 0.12, "green": 0.061, "pink": 0.03}
    assert list(mm.quotas(votes, 10).values()) == [5, 2, 1, 1, 1, 0]


# ---- surveys (methods 6)


def test_standard_error_of_an_nps_as_published() -> None:
    """W. Huber, stats.stackexchange.com/a/18609: 1/2 promoters, 1/6 detractors: variance 5/9; n = 324: 4.1 %."""
    assert nps_error(1 / 2, 1 / 6, 1) ** 2 == pytest.approx(5 / 9)
    assert round(nps_error(1 / 2, 1 / 6, 324), 3) == 0.041


def test_chi_square_of_education_and_marriage_as_published() -> None:
    """spss-tutorials.com, chi-square test with pairwise z-tests: chi-square (12) = 23.57 (counts from memory).

    Its smallest expected count is 3.3, so no p is given here: categories are to be merged.
    """
    counts = np.array([[18, 36, 21, 9, 6], [12, 36, 45, 36, 21], [6, 9, 9, 3, 3], [3, 9, 9, 6, 3]])
    cells = [(i, j) for (i, j), n in np.ndenumerate(counts) for _ in range(n)]
    found = mm.chi_square(pd.DataFrame(cells, columns=["marital", "education"]), "marital", "education")
    assert (round(found.numerator, 2), found.denominator, found.n) == (23.57, 12, 300)
    assert found.value is None and found.status is Status.SMALL_BASE


def test_a_total_of_a_simple_sample_as_published() -> None:
    """Cochran, *Sampling Techniques* 3rd ed., section 2.8: petition signatures on 676 sheets, 50 of them counted.

    Published: 19,888, and with 80 % confidence 18,107 to 21,669 by the normal quantile 1.28 (from memory).
    """
    seen = {42: 23, 41: 4, 36: 1, 32: 1, 29: 1, 27: 2, 23: 1, 19: 1, 16: 2, 15: 2, 14: 1, 11: 1, 10: 1, 9: 1, 7: 1,
            6: 3, 5: 2, 4: 1, 3: 1}  # fmt: skip
    sheets = pd.DataFrame({"signatures": [float(v) for v, n in seen.items() for _ in range(n)]})
    sheets = sheets.assign(weight=676 / 50, sheets=676.0)
    found = mm.design_total(sheets, "signatures", Design(weight="weight", population="sheets"))
    assert round(found.value) == 19_888
    limits = (found.value - 1.28 * found.error, found.value + 1.28 * found.error)
    assert limits == pytest.approx((18_107, 21_669), abs=1.5)


def test_raking_of_a_table_as_published() -> None:
    """Lohr, *Sampling: Design and Analysis*, section 8.5 (raking): race by sex, to 1510 women and 1490 men (from memory)."""
    races = ["Black", "White", "Asian", "Native American", "Other"]
    sampled = {"female": [300, 1200, 60, 30, 30], "male": [150, 1080, 90, 30, 30]}
    cells = pd.DataFrame(
        [(sex, race, float(n)) for sex, row in sampled.items() for race, n in zip(races, row, strict=True)],
        columns=["sex", "race", "n"],
    )
    margins = {
        "sex": {"female": 1510.0, "male": 1490.0},
        "race": dict(zip(races, [600.0, 2120.0, 150.0, 100.0, 30.0], strict=True)),
    }
    raked = mm.rake(cells, margins, start="n", tolerance=1e-10).weights.to_numpy() * 3000 / len(cells)
    assert raked[[0, 2, 3, 4]] == pytest.approx([375.59, 53.72, 45.56, 13.67], abs=0.005)
    assert raked[:5].sum() == pytest.approx(1510) and raked[5:].sum() == pytest.approx(1490)


# ---- customers and products (methods 7)

HOUSE = {  # cost of each part of an eight-storey house, and its cumulative share as printed
    "框架": (75149.86, 34.73), "墙体": (41909.53, 54.1), "门窗": (33777.31, 69.71), "基础": (29113.01, 83.17),
    "装饰": (20571.49, 92.68), "楼地面": (10446.04, 97.51), "其他": (5390.59, 100.0),
}  # fmt: skip


def test_abc_of_a_house_as_published() -> None:
    """工程经济学计算题 (desk33.com/d-8765): "应选框架、墙体、门窗或包含基础": 基础 crosses the 80 %, so both are right, by rule."""
    parts = pd.DataFrame({"part": list(HOUSE), "cost": [cost for cost, _ in HOUSE.values()]})
    down = mm.abc_classes(parts, key="part", measure="cost").set_index("part")
    assert (down["cumulative"] * 100).tolist() == pytest.approx([c for _, c in HOUSE.values()], abs=0.01)
    assert down.index[down["abc"] == "A"].tolist() == ["框架", "墙体", "门窗"]
    up = mm.abc_classes(parts, key="part", measure="cost", crossing="up").set_index("part")
    assert up.index[up["abc"] == "A"].tolist() == ["框架", "墙体", "门窗", "基础"]


# ---- channel (methods 8)


@pytest.mark.parametrize(
    ("owed", "sales", "days", "published"),
    [
        # Benji Pays support, "Mastering DSO calculation"; trymesha.com prints the same: 73.7 days
        (212e3, [70e3, 80e3, 100e3], [30, 30, 30], 73.7),
        # snowdaycalculatornow.com, debtor days by count-back: January to March
        (2.1e6, [0.7e6, 0.8e6, 0.9e6], [31, 28, 31], 76.7),
    ],
)
def test_counting_back_as_published(owed, sales, days, published) -> None:
    assert round(mm.days_sales_outstanding(owed, sales, days, method="count_back").value, 1) == published


def test_days_of_sales_as_published() -> None:
    """trymesha.com, simple DSO: 150,000 owed, 1,800,000 sold in a year: 30.4 days."""
    assert round(mm.days_sales_outstanding(150e3, [1.8e6], [365], method="simple").value, 1) == 30.4


def test_allowance_by_age_as_published() -> None:
    """Pennsylvania State University, ACCTG 211 lesson 6: four customers, 25,200 owed, 455 of it expected lost."""
    rates = {"1-30": 0.01, "31-60": 0.015, "61-90": 0.05, "over 90": 0.5}
    due = pd.Timestamp("2018-12-31") - pd.to_timedelta([20, 50, 30, 80, 120], unit="D")
    items = pd.DataFrame({"customer": ["Schmidt", "Stocker", "Allen", "Roberts", "Klein"], "invoice_date": due,
                          "amount": [10_000.0, 5_000.0, 8_000.0, 2_000.0, 200.0]})  # fmt: skip
    aged = mm.ageing(items, "2018-12-31", since="invoice_date", edges=(30, 60, 90)).sum(numeric_only=True)
    assert aged[[*rates, "total"]].tolist() == [18_000, 5_000, 2_000, 200, 25_200]
    assert mm.expected_loss({b: aged[b] for b in rates}, rates)["required"] == pytest.approx(455)


def test_inventory_days_as_published() -> None:
    """Question "Opa" (qammunity.org/6577421): stock 88,800 to 111,200, cost of sales 484,000: 75.41 days, 4.84 turns."""
    stock = pd.DataFrame(
        {"dealer": ["Opa"], "opening": [88_800.0], "closing": [111_200.0], "sold": [484_000.0]}
    )
    days = mm.inventory_days(stock, days=365)["value"].item()
    assert (round(days, 2), round(365 / days, 2)) == (75.41, 4.84)


@pytest.mark.parametrize(
    ("numbers", "published"),
    [
        ((40, 0.25, 25_000.0, 90), 2_777),  # mavenlb.com, the sales velocity formula
        ((18, 0.24, 42_000.0, 78), 2_326),  # winsabove.pages.dev, glossary
        ((100, 0.25, 30_000.0, 60), 12_500),  # pipelineroad.com, glossary
    ],
)
def test_sales_velocity_as_published(numbers, published) -> None:
    assert int(mm.sales_velocity(*numbers).value) == published


def test_kaplan_meier_as_published() -> None:
    """Miller, *Survival Analysis* 1981 (R survival, `aml`, maintained): S = .909 .818 .716 .614 .491 .368 .184 (from memory)."""
    weeks = [
        (9, 1),
        (13, 1),
        (13, 0),
        (18, 1),
        (23, 1),
        (28, 0),
        (31, 1),
        (34, 1),
        (45, 0),
        (48, 1),
        (161, 0),
    ]
    start = pd.Timestamp("2026-01-01")
    deals = pd.DataFrame({"opened": start, "closed": [start + pd.Timedelta(days=t) for t, _ in weeks],
                          "outcome": ["won" if event else "lost" for _, event in weeks]})  # fmt: skip
    found = mm.time_to_win(deals, "2026-12-31")
    assert found["days"].tolist() == [9, 13, 18, 23, 31, 34, 48]
    assert (1 - found["won"]).round(3).tolist() == [0.909, 0.818, 0.716, 0.614, 0.491, 0.368, 0.184]


# ---- campaigns (methods 8.4)


def test_a_trial_of_two_shares_as_published() -> None:
    """OpenIntro Statistics 4th ed., section 6.2.3: mammograms, 500 of 44,925 against 505 of 44,910: p = 0.8650 (from memory).

    The book rounds its z to -0.17; unrounded p is 0.8698. The p is that of the pooled z test, chi-square's own root.
    """
    arms = pd.DataFrame({"arm": ["control", "mammogram"], "n": [44_910, 44_925], "conversions": [505, 500]})
    found = mm.conversion_lift(arms, "control").iloc[0]
    assert found["p"] == pytest.approx(0.8650, abs=0.006)
    cells = [(a, y) for a, n, d in zip(arms["arm"], arms["n"], arms["conversions"], strict=True) for y in [1] * d + [0] * (n - d)]  # fmt: skip
    table = mm.chi_square(pd.DataFrame(cells, columns=["arm", "died"]), "arm", "died")
    assert found["p"] == pytest.approx(table.value, rel=1e-9)


def test_aspirin_and_heart_attacks_as_published() -> None:
    """Agresti, *Categorical Data Analysis*, Physicians' Health Study: 189 of 11,034 against 104 of 11,037: .0077 (.005, .011)."""
    arms = pd.DataFrame({"arm": ["aspirin", "placebo"], "n": [11_037, 11_034], "conversions": [104, 189]})
    found = mm.conversion_lift(arms, "aspirin").iloc[0]
    assert found[["difference", "low", "high"]].astype(float).round(3).tolist() == [0.008, 0.005, 0.011]
    assert round(found["difference"], 4) == 0.0077


SMOKING = pd.DataFrame(  # packs a head; Abadie, Diamond & Hainmueller 2010, their data
    {
        "California": [127.1, 120.2, 90.1, 41.6], "Colorado": [131.0, 131.0, 94.6, 73.0],
        "Connecticut": [110.2, 118.0, 104.8, 71.4], "Montana": [123.7, 122.0, 87.1, 75.5],
        "Nevada": [205.2, 177.7, 141.9, 93.2], "Utah": [75.8, 74.8, 55.0, 40.7],
    },
    index=pd.to_datetime(["1975-01-01", "1980-01-01", "1988-01-01", "2000-01-01"]).rename("month"),
)  # fmt: skip


def test_synthetic_california_as_published() -> None:
    """Abadie, Diamond & Hainmueller 2010, tables 1 and 2: 126.99, 120.43 and 91.62 packs; in 2000 some 26 packs fewer."""
    panel = SMOKING.rename_axis(columns="region").stack().rename("amount").reset_index()
    weights = {"Colorado": 0.164, "Connecticut": 0.069, "Montana": 0.199, "Nevada": 0.234, "Utah": 0.334}
    found = mm.synthetic_gap(panel, "California", "1989-01", weights)
    assert found["synthetic"].tolist()[:3] == pytest.approx([126.99, 120.43, 91.62], abs=0.06)
    assert round(found["gap"].iloc[-1]) == -26


def test_several_arms_against_control_as_published() -> None:
    """Dunnett 1955, blood counts, as in SciPy's tutorial: p = 0.62 and 0.0059, mean 0.65 and 2.63 above control."""
    arms = {"control": [7.40, 8.50, 7.20, 8.24, 9.84, 8.32], "drug A": [9.76, 8.80, 7.68, 9.36],
            "drug B": [12.80, 9.68, 12.16, 9.20, 10.55]}  # fmt: skip
    animals = pd.DataFrame([(a, v) for a, values in arms.items() for v in values], columns=["arm", "value"])
    found = mm.mean_lifts(animals, "control")
    assert found["arm"].tolist() == ["drug A", "drug B"]
    assert found["difference"].tolist() == pytest.approx([0.65, 2.628], abs=5e-4)
    assert found["p"].tolist() == pytest.approx([0.62, 0.0059], abs=5e-3)
    assert found[["low", "high"]].values.tolist()[1] == pytest.approx([0.839, 4.417], abs=0.01)
