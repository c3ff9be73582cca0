"""Bands and standard values as workbooks carry them: read, and scored, against arithmetic by hand (methods 5.2)."""

from __future__ import annotations

import math

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics import metrics
from mktanalytics.ingest.clean import clean
from mktanalytics.metrics.kpi.score import BandTable
from mktanalytics.metrics.kpi.standards import FULL, Standard, read_standard
from mktanalytics.settings import Settings

LEFT = BandTable((0.8, 0.9, 1.0), (0.0, 5.0, 8.0, FULL))


@pytest.mark.parametrize(
    ("text", "table", "of"),
    [
        ("完成率≥100%得满分；90%-100%得8分；80%-90%得5分；低于80%不得分", LEFT, "achievement"),
        (
            "完成率 100%以上（含）得满分，90%（含）-100%得8分，80%（含）-90%得5分，80%以下得0分",
            LEFT,
            "achievement",
        ),
        ("完成率＞＝100％：满分\n90％～100％：8分\n80％～90％：5分\n＜80％：0分", LEFT, "achievement"),
        ("不足80%不得分；80%至90%得5分；90%至100%得8分；达到100%得满分", LEFT, ""),
        (">=100%: 100; 90%-100%: 80; <90%: 0", BandTable((0.9, 1.0), (0.0, 80.0, 100.0)), ""),
        ("(6%,18%] 80分；>18% 100分；<=6% 60分", BandTable((0.06, 0.18), (60.0, 80.0, 100.0), "right"), ""),
        ("90≤X<100：8分；X≥100：10分；X<90：0分", BandTable((90.0, 100.0), (0.0, 8.0, 10.0)), ""),
        ("实际值≥85%得100分;80%-85%得80分;<80%得0分", BandTable((0.8, 0.85), (0.0, 80.0, 100.0)), "actual"),
    ],
)
def test_bands_are_read_as_forms_write_them(text, table, of):
    found = read_standard(text)
    assert isinstance(found, Standard)
    assert (found.table, found.of) == (table, of)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("视完成情况由主管评定", "standard_unread"),
        ("每低于目标1%扣2分，扣完为止", "standard_unread"),
        ("完成率≥100%得满分，每低1个百分点扣2分", "standard_unread"),
        ("≥100%得100分", "standard_unread"),
        ("≥100%得100分；90%-99%得80分；<90%得0分", "standard_gap"),
        ("≥100%得100分；85%-100%得80分；<90%得0分", "standard_gap"),
        (">100%得100分；[90%,100%)得80分；<90%得0分", "standard_contradicts"),
        ("完成率≥100%得100分；实际值<100%得80分", "standard_contradicts"),
    ],
)
def test_what_is_not_certain_is_not_read(text, why):
    assert read_standard(text) == why


def test_a_band_nobody_described_has_no_points():
    found = read_standard("100%-120%得100分；80%-100%得80分")
    assert isinstance(found, Standard)
    assert found.table.edges == (0.8, 1.0, 1.2)
    assert [math.isnan(p) for p in found.table.scores] == [True, False, False, True]


@given(
    st.lists(st.integers(1, 200), min_size=1, max_size=5, unique=True).map(sorted),
    st.lists(st.integers(0, 120), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_any_band_table_written_down_is_read_back_whatever_its_order(edges, points, order):
    parts = [f"<{edges[0]}%得{points[0]}分"]
    parts += [f"{a}%-{b}%得{p}分" for a, b, p in zip(edges, edges[1:], points[1:], strict=False)]
    parts += [f"≥{edges[-1]}%得{points[len(edges)]}分"]
    order.shuffle(parts)
    found = read_standard("；".join(parts))
    assert isinstance(found, Standard)
    assert found.table.edges == tuple(e / 100 for e in edges)
    assert found.table.scores == tuple(float(p) for p in points[: len(edges) + 1])


# ---- from a workbook to the score


HEAD = ("月份", "层级", "考核对象", "指标", "目标", "实际", "单位", "权重", "方向", "评分标准", "优秀值", "良好值", "平均值", "较低值", "较差值", "满意值", "不允许值")  # fmt: skip
BANDS = "完成率≥100%得满分；90%-100%得8分；80%-90%得5分；低于80%不得分"


def scored(tmp_path, **row: object) -> pd.Series:
    """The score card line of one KPI that weighs 10 %, beside another of 90 %, as a workbook says it."""
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    whole = {
        "月份": "2026-10",
        "层级": "部门",
        "考核对象": "市场部",
        "指标": "新媒体活动",
        "单位": "场",
        "权重": 0.1,
    } | row
    rest = {
        "月份": "2026-10",
        "层级": "部门",
        "考核对象": "市场部",
        "指标": "工作态度",
        "单位": "分",
        "权重": 0.9,
        "目标": 90,
        "实际": 90,
    }
    for line in (whole, rest):
        book.active.append([line.get(h) for h in HEAD])
    book.save(tmp_path / "2026年10月KPI目标.xlsx")
    tables = clean(tmp_path, Settings()).tables
    card = metrics.scorecard({"targets": tables["targets"]}, "2026-10")
    return card.set_index("kpi").loc[whole["指标"]]


@pytest.mark.parametrize(("actual", "score"), [(20, 100.0), (19, 80.0), (18, 80.0), (16, 50.0), (15, 0.0)])
def test_bands_of_a_workbook_score_the_achievement(tmp_path, actual, score):
    line = scored(tmp_path, 目标=20, 实际=actual, 评分标准=BANDS)
    assert (line["value"], line["rule"]) == (score, "bands")  # 8 of 10 points are 80 of 100
    assert "按权重 10 分折算" in line["note"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"评分标准": "由主管评定"}, "看不懂"),
        ({"评分标准": "≥100%得满分；90%-99%得8分；<90%得0分"}, "空隙"),
        ({"评分标准": "≥100%得6分；<100%得3分"}, "分值"),
        ({"评分标准": "90%-100%得8分；80%-90%得满分"}, "没有这一档"),
        ({"评分标准": "≥20：10分；<20：0分"}, "完成率还是实际值"),
        ({"优秀值": 30, "良好值": 25, "平均值": 20, "较低值": 22, "较差值": 10}, "由优到差"),
        ({"满意值": 10, "不允许值": 30}, "方向不符"),
        ({"满意值": 30}, "缺标准值"),
    ],
)
def test_what_cannot_be_scored_for_certain_is_left_unscored_and_told(tmp_path, row, told):
    line = scored(tmp_path, 目标=20, 实际=25, **row)
    assert math.isnan(line["value"]) and told in line["note"]


@pytest.mark.parametrize(
    ("row", "score"),
    [
        # 良好 25 reached (0.8), half way to 优秀 35 (1.0)
        ({"实际": 30, "优秀值": 35, "良好值": 25, "平均值": 20, "较低值": 15, "较差值": 10}, 90.0),
        ({"实际": 9, "优秀值": 35, "良好值": 25, "平均值": 20, "较低值": 15, "较差值": 10}, 0.0),
        ({"实际": 8, "优秀值": 5, "良好值": 10, "平均值": 15, "较低值": 20, "较差值": 25, "方向": "逆向"}, 80 + 20 * 2 / 5),
        ({"实际": 25, "满意值": 30, "不允许值": 20}, 60 + 40 * 5 / 10),
        ({"实际": 2.5, "满意值": 2, "不允许值": 4, "方向": "逆向"}, 60 + 40 * 1.5 / 2),
        ({"实际": 90, "目标": 85, "单位": "%", "满意值": 95, "不允许值": 75}, 60 + 40 * 15 / 20),
    ],
)  # fmt: skip
def test_standard_values_of_a_workbook_score_the_actual(tmp_path, row, score):
    line = scored(tmp_path, **({"目标": 20} | row))
    assert line["value"] == pytest.approx(score, rel=1e-12)
    assert line["rule"] == "efficacy"


def test_a_standard_may_be_no_more_than_the_name_of_a_rule(tmp_path):
    line = scored(tmp_path, 目标=20, 实际=19, 评分标准="按完成率计分")
    assert (line["value"], line["rule"]) == (95.0, "proportional")
