"""The KPI report says what the truth says, recomputed in plain Python (`recompute.kpi`, `survey`, `bridge`)."""

from __future__ import annotations

import re

import pytest
from recompute import kpi, survey
from recompute.bridge import bridge
from recompute.report import (
    Report,
    close,
    differences,
    drawn,
    not_of_its_parts,
    numbers_in,
    printed,
    records,
    rows_of,
    subject_tables,
    unprinted,
    value_of,
)
from recompute.rows import minus
from truth_reports import EDITIONS, published

LEVELS = ("department", "region", "person")
SCORES = ("place", "entity", "score", "grade", "to_better", "to_worse", "ytd", "ytd_grade")
DETAILS = ("entity", "kpi", "weight", "target", "actual", "rate", "score", "origin")
RULED = (*DETAILS[:-1], "rule", "origin")  # departments are scored by more than proportion
SALES = ("entity", "amount", "target", "gap", "rate", "last_year", "growth")
KPIS = {
    "销售额": "Sales", "市场份额": "Market share", "顾客满意度": "Customer satisfaction",
    "预算执行率": "Budget execution rate", "费销比": "Cost to sales",
}  # fmt: skip
GRADES = {"优": "Excellent", "良": "Good", "中": "Fair", "差": "Poor"}
WORDS = {"department": ("部门", "Department"), "region": ("区域", "Region"), "person": ("个人", "Person")}
SPANS = {"month": ("当月", "Month"), "ytd": ("本年累计", "Year to date")}


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    month, language = request.param
    return published(tmp_path_factory, "kpi", month, language)


def company(report: Report, scope: str) -> dict[str, float | None]:
    return kpi.performance("region", report.month, scope)["合计"]


def all_lines(report: Report) -> dict[str, list[kpi.Line]]:
    return {level: list(kpi.card(level, report.month, "month").values()) for level in LEVELS}


# ---- the sentence and the cards


def test_headline_says_what_its_records_hold(report: Report) -> None:
    (headline,) = report.of("headline")
    lines = all_lines(report)
    scored = [li for group in lines.values() for li in group if li.score is not None and li.rate is not None]
    met = [li for li in scored if (li.rate or 0.0) >= 1]
    weakest = min(
        (li for li in lines["department"] if li.rate is not None and li.rate < 1),
        key=lambda li: li.rate or 0.0,
    )
    sold = company(report, "month")
    values = [sold["rate"], sold["amount"], float(len(scored)), float(len(met)), weakest.rate]
    assert [close(r["value"], v) for r, v in zip(headline["records"], values, strict=True)] == [True] * 5
    order = report.either("0234", "0324")  # English names the KPIs met before all of them
    said = numbers_in(headline["text"])
    assert len(said) == 4
    assert all(printed(values[int(i)], text) for i, text in zip(order, said, strict=True)), said
    assert weakest.entity in headline["text"] and name_of(report, weakest.kpi) in headline["text"]


def name_of(report: Report, kpi_name: str) -> str:
    """A KPI's name as the report shows it; one that no table yields keeps the name it was given."""
    return report.either(kpi_name, KPIS.get(kpi_name, kpi_name))


def test_cards(report: Report) -> None:
    (block,) = report.of("cards")
    expected: list[list[float | None]] = [
        [company(report, "month")["amount"]],
        [company(report, "month")["rate"]],
        [company(report, "month")["growth"]],
        [company(report, "ytd")["rate"]],
    ]
    for kind in ("t2b", "nps"):
        before, last = (wave["level"] for _, wave in survey.overall(kind, report.month)[-2:])
        expected.append([last, minus(last, before)])
    for card, values in zip(block["cards"], expected, strict=True):
        found = [r["value"] for r in card["records"]]
        assert all(close(f, v, scale=1.0) for f, v in zip(found, values, strict=True)), (card, values)
        assert printed(values[0], card["text"]), card
        # the change of a share is in percentage points, that of NPS in its own points
        assert len(values) == 1 or printed(values[1], card["change"]), card
    parts = block["cards"][3]["records"][0]
    assert close(parts["numerator"], company(report, "ytd")["amount"])
    assert close(parts["denominator"], company(report, "ytd")["target"])


def test_every_cell_prints_its_record(report: Report) -> None:
    assert [w for table in report.of("table") for w in unprinted(table)] == []


def test_every_ratio_is_made_of_its_parts(report: Report) -> None:
    assert [r for r in records(report) if not_of_its_parts(r)] == []


# ---- scores, grades and ranks


@pytest.mark.parametrize("level", LEVELS)
def test_scores_grades_ranks_and_distances(report: Report, level: str) -> None:
    table = report.tables(*SCORES)[LEVELS.index(level)]
    assert table["columns"][1]["label"] == report.either(*WORDS[level])
    expected = kpi.table(level, report.month)
    figures = {
        key: {k: v for k, v in line.items() if not isinstance(v, str)} for key, line in expected.items()
    }
    assert differences(table, ("place", "entity"), figures, scale=100.0) == []  # numbers of a hundred points
    rows = rows_of(table, "place", "entity")
    for key, line in expected.items():
        assert rows[key]["grade"]["text"] == report.either(line["grade"], GRADES[line["grade"]])
        assert rows[key]["ytd_grade"]["text"] == report.either(line["ytd_grade"], GRADES[line["ytd_grade"]])
    scores = [value_of(cells["score"]) for cells in rows.values()]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("place", "level", "scope"),
    [(0, "department", "month"), (0, "region", "month"), (1, "person", "month"), (1, "department", "ytd")],
)
def test_target_actual_achievement_and_score_of_each_kpi(
    report: Report, place: int, level: str, scope: str
) -> None:
    table = report.tables(*(RULED if level == "department" else DETAILS))[place]
    for words in (WORDS[level], SPANS[scope]):
        assert report.either(*words).lower() in table["caption"].lower()
    expected = {
        (entity, name_of(report, name)): {
            "weight": li.weight,
            "target": li.target,
            "actual": li.actual,
            "rate": li.rate,
            "score": li.score,
        }
        for (entity, name), li in kpi.card(level, report.month, scope).items()
    }
    assert differences(table, ("entity", "kpi"), expected) == []
    if level == "department":
        rules = {k: cells["rule"]["text"] for (_, k), cells in rows_of(table, "entity", "kpi").items()}
        assert rules[name_of(report, "顾客满意度")] == report.either("分档", "bands")
        assert rules["NPS"] == report.either("功效系数", "efficacy")


def test_a_kpi_without_actual_is_left_out_of_the_total(report: Report) -> None:
    """西南 and 西北 had no survey before April 2026: their other weights count in full."""
    lines = kpi.card("region", report.month, "month")
    gone = [li.entity for li in lines.values() if li.actual is None]
    assert sorted(gone) == (["西北", "西南"] if report.month == "2026-03" else [])
    cells = rows_of(report.tables(*DETAILS)[0], "entity", "kpi")
    assert {e for (e, _), c in cells.items() if value_of(c["actual"]) is None} == set(gone)


# ---- sales against target and last year


@pytest.mark.parametrize(
    ("place", "level", "scope"),
    [(0, "region", "month"), (1, "region", "ytd"), (2, "person", "month"), (3, "person", "ytd")],
)
def test_sales_against_target_and_last_year(report: Report, place: int, level: str, scope: str) -> None:
    table = report.tables(*SALES)[place]
    for words in (WORDS[level], SPANS[scope]):
        assert report.either(*words).lower() in table["caption"].lower()
    lines = kpi.performance(level, report.month, scope)
    expected = {(report.either("合计", "Total") if e == "合计" else e,): v for e, v in lines.items()}
    largest = max(v["amount"] or 0.0 for v in lines.values())
    assert differences(table, ("entity",), expected, scale=largest) == []
    rows = rows_of(table, "entity")
    amounts = [value_of(c["amount"]) for c in rows.values()][:-1]
    known = [a for a in amounts if a is not None]
    assert known == sorted(known, reverse=True) and amounts[: len(known)] == known
    if level == "region":  # 西部 was divided: no growth is told of it or of its parts
        status = {e: rows[e,]["growth"]["record"]["status"] for e in ("西部", "西南", "西北")}
        assert status == {"西部": "discontinued", "西南": "new", "西北": "new"}


def test_achievement_by_region_is_drawn(report: Report) -> None:
    words = drawn(report.chart("各区域销售额完成率", "Sales against target by region"))
    lines = kpi.performance("region", report.month, "month")
    names = [w for w in words if w in lines]
    assert set(names) == {e for e, v in lines.items() if v["rate"] is not None} - {"合计"}
    values = [w for w in words if numbers_in(w)]
    assert len(values) == len(names)
    assert all(printed(lines[e]["rate"], text) for e, text in zip(names, values, strict=True))


def test_price_volume_mix_is_drawn(report: Report) -> None:
    parts = bridge(report.month)
    steps = {k: v for k, v in parts.items() if k not in ("before", "now")}
    assert close(parts["before"] + sum(steps.values()), parts["now"])
    shown = ["volume", "mix", "price", *(k for k in ("new", "lost", "returns") if steps[k])]
    words = drawn(report.chart("销售额同比变动", "What moved sales"))
    (unit,) = re.findall(r"万元|CNY k|CNY m", " ".join(words))
    numbers = [w for w in words if numbers_in(w)]
    expected = [parts["before"], parts["now"], *(steps[k] for k in shown)]
    assert len(numbers) == len(expected)
    assert all(printed(v, text, unit) for text, v in zip(numbers, expected, strict=True)), (numbers, expected)


# ---- satisfaction


def waves_expected(report: Report, kind: str, *shown: str) -> dict[tuple[str, ...], dict[str, float | None]]:
    """By question and wave, with the change on the wave before."""
    found = survey.waves(kind, report.month)
    expected: dict[tuple[str, ...], dict[str, float | None]] = {}
    for (question, wave), values in found.items():
        earlier = [w for q, w in found if q == question and w < wave]
        before = found[question, max(earlier)]["level"] if earlier else None
        expected[question, wave] = {k: values[k] for k in ("level", *shown, "n", "n_eff")} | {
            "change": minus(values["level"], before)
        }
    return expected


def check_intervals(rows: dict, found: dict, unit: str) -> None:
    for name, cells in rows.items():
        texts, ends = numbers_in(cells["range"]["text"]), (found[name]["lower"], found[name]["upper"])
        assert len(texts) == 2 and all(printed(v, t, unit) for v, t in zip(ends, texts, strict=True)), name


def test_top_two_boxes_by_question_and_wave(report: Report) -> None:
    (table,) = report.tables(
        "question", "month", "level", "range", "change", "middle", "bottom", "n", "n_eff"
    )
    expected = waves_expected(report, "t2b", "middle", "bottom")
    assert differences(table, ("question", "month"), expected, scale=1.0) == []
    check_intervals(rows_of(table, "question", "month"), survey.waves("t2b", report.month), "%")


def test_net_promoter_score_by_wave(report: Report) -> None:
    (table,) = report.tables(
        "month", "level", "range", "change", "promoters", "passives", "detractors", "n", "n_eff"
    )
    found = survey.waves("nps", report.month)
    assert len({q for q, _ in found}) == 1
    expected = waves_expected(report, "nps", "promoters", "passives", "detractors")
    by_wave = {(wave,): values for (_, wave), values in expected.items()}
    assert differences(table, ("month",), by_wave, scale=1.0) == []
    check_intervals(rows_of(table, "month"), {(wave,): v for (_, wave), v in found.items()}, "")


def test_satisfaction_by_region_in_the_latest_wave(report: Report) -> None:
    (table,) = report.tables("region", "level", "range", "n", "n_eff", "use")
    latest = survey.overall("t2b", report.month)[-1][0]
    assert latest in table["caption"]
    regions = {r["region"] for r in survey.truth("survey") if r["month"][:7] == latest}
    found = {(region,): survey.overall("t2b", latest, region)[-1][1] for region in regions}
    expected = {key: {k: wave[k] for k in ("level", "n", "n_eff")} for key, wave in found.items()}
    assert differences(table, ("region",), expected) == []
    rows = rows_of(table, "region")
    check_intervals({k: c for k, c in rows.items() if found[k]["level"] is not None}, found, "%")
    for key, cells in rows.items():
        n_eff = found[key]["n_eff"] or 0.0
        words = (
            ("不列", "not shown")
            if n_eff < 30
            else ("仅供参考", "indicative")
            if n_eff < 50
            else ("可用", "usable")
        )
        assert cells["use"]["text"] == report.either(*words)


def test_every_table_was_compared(report: Report) -> None:
    """A table added to the report has to be recomputed here too."""
    assert [len(report.tables(*keys)) for keys in (SCORES, DETAILS, RULED, SALES)] == [3, 2, 2, 4]
    assert len(subject_tables(report)) == 3 + 4 + 4 + 3
