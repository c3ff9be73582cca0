"""Blocks, number formats, charts and the data-quality pages."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from mktanalytics import display as d
from mktanalytics.display import axes
from mktanalytics.display.cells import Cell, column_cells
from mktanalytics.display.drawings import draw
from mktanalytics.display.fonts import RC
from mktanalytics.display.format import number, round_half_up, say, scale_for
from mktanalytics.display.quality import MOST_FILES, PLACE, SEVERITIES, problem_kinds
from mktanalytics.display.wording import FOOTNOTES, STATUS_WORDS, WORDS
from mktanalytics.errors import MetricError, UsageError
from mktanalytics.metrics.periods.growth import growth
from mktanalytics.metrics.result import Figure, Status, ratio_frame, record_frame

finite = st.floats(-1e12, 1e12, allow_nan=False)


@pytest.fixture(autouse=True)
def chinese():
    d.speak("zh")
    yield
    d.speak("zh")


# ---- figures as words


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (2.951e8, "cny", "2.95亿元", "CNY 295.10 m"),
        (-12_345, "cny", "-1.2万元", "-CNY 12,345"),
        (48.2, "cny", "48.20元", "CNY 48.20"),
        (0.2345, "fraction", "23.5%", "23.5%"),  # half to even would say 23.4
        (0.012, "pp", "+1.2个百分点", "+1.2 pp"),
        (-0.0004, "pp", "0.0个百分点", "0.0 pp"),  # never -0.0
        (1234, "units", "1,234件", "1,234 units"),
        (1.355, "ratio", "1.36倍", "1.36x"),
        (103.25, "index", "103.3", "103.3"),
        (4.0, "门店", "4门店", "4 门店"),
    ],
)
def test_a_sentence_says_a_figure_with_its_unit(value, unit, zh, en):
    assert d.say(Figure(value, unit), language="zh") == zh
    assert d.say(Figure(value, unit), language="en") == en


def test_a_figure_without_a_value_says_why():
    assert d.say(Figure(None, "fraction", Status.ZERO_BASE)) == "无基数"
    assert d.say(Figure(None, "fraction", Status.SMALL_BASE), language="en") == "small n"


def test_where_there_is_a_loss_the_cell_says_the_word_and_no_percent():
    turned = [growth(-20.0, 50.0), growth(30.0, -50.0), growth(60.0, 50.0)]
    cells = column_cells(turned, d.Col("growth", "同比"), "zh")[0]
    assert [c.text for c in cells] == ["转亏", "扭亏", "20.0%"]
    assert d.say(turned[0], language="en") == "profit turned into loss"


def test_every_status_has_its_words():
    assert set(STATUS_WORDS) == set(Status) - {Status.OK}
    assert set(FOOTNOTES) <= set(STATUS_WORDS)
    assert all(zh and en for zh, en in [*WORDS.values(), *STATUS_WORDS.values(), *FOOTNOTES.values()])


def test_wordings_take_the_same_values_in_both_languages():
    for key, pair in WORDS.items():
        zh, en = (set(re.findall(r"{(\w+)}", words)) for words in pair)
        assert zh == en, key


@given(finite, st.sampled_from(["cny", "fraction", "pp", "units", "index"]), st.sampled_from(["zh", "en"]))
def test_shown_digits_are_within_half_a_last_place(value, unit, language):
    scale = scale_for(unit, [value], language)
    shown = number(value, scale)
    assert shown[:2] != "-0" or any(c in "123456789" for c in shown)
    exact = Decimal(repr(value)).scaleb(scale.shift)
    digits = Decimal(shown.replace(",", "").replace("%", "").replace("+", ""))
    assert abs(digits - exact) <= Decimal(5).scaleb(-scale.places - 1)


def test_halves_go_up_whatever_binary_makes_of_them():
    assert str(round_half_up(0.285, 2, 0)) == "29"
    assert str(round_half_up(2.675, 0, 2)) == "2.68"
    assert str(round_half_up(-0.125, 0, 2)) == "-0.13"


def test_a_column_has_one_unit_in_which_its_smallest_amounts_stay_visible():
    both = scale_for("cny", [123_000.0, 2.95e9], "zh")
    assert both.head == "万元" and number(123_000.0, both) == "12.3"
    assert scale_for("cny", [2.0e8, 2.95e9], "zh").head == "亿元"
    assert scale_for("cny", [12.5, 99.0], "zh").places == 2


# ---- tables


def keys(*brands):
    return pd.DataFrame({"brand": brands})


def share(*brands, of=100.0):
    return ratio_frame(keys(*brands), pd.Series([20.0] * len(brands)), pd.Series([of] * len(brands)))


def test_frames_stand_side_by_side_and_none_loses_a_row():
    frame = d.side_by_side({"now": share("清泉", "山泉坊"), "was": share("清泉", "茶语")}, keys=["brand"])
    assert frame["brand"].tolist() == ["清泉", "山泉坊", "茶语"]
    assert frame["was"][1].status is Status.MISSING and frame["now"][2].status is Status.MISSING
    assert frame["now"][0].numerator == 20.0


def test_side_by_side_refuses_two_rows_for_one_key():
    with pytest.raises(MetricError, match="有多行"):
        d.side_by_side({"now": share("清泉", "清泉")}, keys=["brand"])


def test_side_by_side_names_the_columns_a_frame_lacks():
    with pytest.raises(MetricError, match="region"):
        d.side_by_side({"now": share("清泉")}, keys=["brand", "region"])


def table_of(value, **col):
    frame = pd.DataFrame({"brand": ["清泉"], "x": pd.Series([value], dtype=object)})
    return d.Table(frame, "表", [d.Col("brand", "品牌"), d.Col("x", "值", **col)]).data()


def test_a_cell_keeps_its_record():
    record = table_of(Figure(0.2345, "fraction", Status.OK, 23.45, 100.0, 40))["rows"][0]["cells"][1][
        "record"
    ]
    assert record == {
        "value": 0.2345, "unit": "fraction", "status": "ok", "numerator": 23.45, "denominator": 100.0, "n": 40, "note": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "good", "tone"),
    [
        (0.01, "up", "good"),
        (0.01, "down", "bad"),
        (-0.01, "up", "bad"),
        (0.00001, "up", ""),
        (0.01, None, ""),
    ],
)
def test_colour_says_whether_a_change_is_good_news(value, good, tone):
    assert table_of(Figure(value, "pp"), good=good)["rows"][0]["cells"][1]["tone"] == tone


def test_a_figure_with_a_reservation_has_a_footnote():
    data = table_of(Figure(1.2, "score", Status.CLAMPED))
    assert data["rows"][0]["cells"][1]["text"] == "1.2*"
    assert data["footnote"] == "* 按上下限截断。"


def test_the_unit_stands_in_the_header():
    data = table_of(2.5e6, unit="cny")
    assert data["columns"][1]["head"] == "值（万元）" and data["rows"][0]["cells"][1]["text"] == "250.0"


def test_mixed_units_in_a_column_are_said_in_each_cell():
    cells, scale = column_cells([Figure(2.5e6, "cny"), Figure(0.8, "fraction")], d.Col("x", "值"), "zh")
    assert scale is None and [c.text for c in cells] == ["250.0万元", "80.0%"]


def test_words_times_and_blanks_are_cells_too():
    column = [pd.Timestamp("2026-10-01"), None, "冻结"]
    cells, _ = column_cells(column, d.Col("x", "x", unit="month", tones={"冻结": "bad"}), "zh")
    assert cells == [Cell("2026-10"), Cell("—", "faint"), Cell("冻结", "bad")]


def test_a_table_refuses_a_column_its_frame_lacks():
    with pytest.raises(MetricError, match="amount"):
        d.Table(keys("清泉"), "表", [d.Col("amount", "金额")])


def test_a_mask_marks_totals_and_the_frame_stays_as_it_was():
    frame = pd.DataFrame({"brand": ["a", "小计", "b"], "x": [1.0, 2.0, 3.0]})
    before = frame.copy(deep=True)
    rows = d.Table(frame, "表", total=[False, True, False]).data()["rows"]
    assert [r["total"] for r in rows] == [False, True, False]
    pd.testing.assert_frame_equal(frame, before)


def test_a_table_of_no_rows_is_a_table():
    data = d.Table(pd.DataFrame({"x": []}), "空表", total=True).data()
    assert data["rows"] == [] and data["footnote"] == "没有符合条件的记录。"


# ---- other blocks


def test_blocks_show_html_in_jupyter_and_escape_it():
    bundle = d.Headline("<b>&")._repr_mimebundle_()
    assert "&lt;b&gt;&amp;" in bundle["text/html"] and bundle[d.MIME]["text"] == "<b>&"


def test_blocks_speak_the_language_they_were_made_in():
    d.speak("en")
    assert d.Note("late", kind="warning").data()["word"] == "Warning"
    with pytest.raises(UsageError, match="zh or en"):
        d.speak("fr")


def test_a_card_shows_an_arrow_only_for_a_real_change():
    card = d.Card("份额", Figure(0.2, "fraction"), Figure(-0.02, "pp"), "up", "同比").content("zh")
    assert (card["arrow"], card["tone"], card["change"]) == ("▼", "bad", "-2.0个百分点")
    flat = d.Card("份额", Figure(0.2, "fraction"), Figure(0.0, "pp"), "up").content("zh")
    assert (flat["arrow"], flat["tone"]) == ("", "")


def test_prose_keeps_the_figures_it_speaks_of():
    figure = Figure(0.2, "fraction", Status.OK, 2.0, 10.0)
    assert d.Headline(d.say(figure), [figure]).data()["records"][0]["denominator"] == 10.0


@pytest.mark.parametrize(("caption", "alt"), [("", "折线"), ("图", " ")])
def test_a_chart_without_words_is_refused(caption, alt):
    with pytest.raises(UsageError, match="替代文字"):
        d.Chart(d.plot_lines(trend()), caption, alt)


# ---- charts


def trend(brands=("清泉",), months=24):
    when = pd.date_range("2024-11-01", periods=months, freq="MS")
    parts = [
        pd.DataFrame({"month": when, "brand": b, "value": 0.2 + i / 50, "unit": "fraction"})
        for i, b in enumerate(brands)
    ]
    return pd.concat(parts, ignore_index=True)


ACHIEVED = pd.DataFrame(
    {"kpi": ["销售额", "铺货率"], "value": [1.03, np.nan], "plan": [1.0, 1.1], "unit": "fraction"}
)
GRID = pd.DataFrame({"b": ["清泉", "茶语"], "r": ["华东", "华南"], "v": [0.01, -0.02]})
CHARTS = {
    "lines": lambda: d.plot_lines(trend(("清泉", "茶语")), series="brand", highlight=["清泉"], target=0.25),
    "bars": lambda: d.plot_bars(ACHIEVED, label="kpi", bars={"value": "实际", "plan": "计划"}),
    "ranked": lambda: d.plot_ranked(ACHIEVED, label="kpi", highlight=["销售额"]),
    "targets": lambda: d.plot_targets(ACHIEVED, label="kpi", target="plan"),
    "waterfall": lambda: d.plot_waterfall(("销售额", 10.0), [("价", 2.0), ("量", -1.0)], ("铺货率", 11.0), unit="cny"),
    "heat": lambda: d.plot_heat(GRID, rows="b", columns="r", value="v", unit="pp", centre=0),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_the_same_bytes_each_time_in_the_reports_font(name):
    before = {k: mpl.rcParams[k] for k in RC}
    first, second = draw(CHARTS[name]()), draw(CHARTS[name]())
    assert first == second
    assert set(re.findall(r"font-family: '([^']+)'", first)) == {"Noto Sans CJK SC"}
    assert "−" not in first  # U+2212 is full-width in this font
    assert {k: mpl.rcParams[k] for k in RC} == before


@pytest.mark.parametrize(
    ("name", "words"), [("bars", "缺数据"), ("ranked", "缺数据"), ("targets", "缺数据"), ("heat", "—")]
)
def test_a_missing_value_is_seen_in_the_chart(name, words):
    assert words in draw(CHARTS[name]())


def test_a_missing_month_is_a_gap():
    frame = trend(months=6).drop(index=3)
    line = d.plot_lines(frame).axes[0].lines[0].get_ydata()
    assert np.isnan(line[3]) and np.isfinite(np.delete(line, 3)).all()


def test_month_names_follow_the_language_and_the_last_month_is_named():
    months = list(pd.date_range("2024-11-01", periods=24, freq="MS"))
    assert axes.positions(months, "zh")[1][-1] == (23, "10月")
    assert axes.positions(months, "en")[1][-1] == (23, "Oct")


def test_a_waterfall_refuses_steps_that_do_not_add_up():
    with pytest.raises(MetricError, match="不等于终点"):
        d.plot_waterfall(("a", 10.0), [("b", 1.0)], ("c", 12.0), unit="cny")


@pytest.mark.parametrize(("language", "words"), [("zh", "+1.0个百分点"), ("en", "+1.0 pp")])
def test_steps_between_shares_are_in_points(language, words):
    drawing = d.plot_waterfall(("a", 0.20), [("b", 0.01)], ("c", 0.21), unit="fraction", language=language)
    said = [t.get_text() for t in drawing.findobj(Text)]
    assert words in said and "+1.0%" not in said


def test_a_chart_of_too_many_lines_is_refused():
    with pytest.raises(UsageError, match="最多选 10"):
        d.plot_lines(trend([f"b{i}" for i in range(11)], 3), series="brand")


@pytest.mark.parametrize(
    "plot", [lambda f: d.plot_lines(f), lambda f: d.plot_heat(f, rows="brand", columns="month")]
)
def test_two_rows_for_one_point_are_refused(plot):
    with pytest.raises(MetricError, match="有多行"):
        plot(pd.concat([trend(months=2)] * 2))


def test_a_chart_names_the_columns_there_are():
    with pytest.raises(MetricError, match="month, brand, value, unit"):
        d.plot_lines(trend(), y="share")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10), st.floats(0.01, 0.1))
def test_labels_never_collide_and_keep_their_order(wanted, gap):
    placed = axes.spread(wanted, gap)
    order = np.argsort(wanted, kind="stable")
    assert all(
        b - a >= gap - 1e-9 for a, b in zip(np.take(placed, order), np.take(placed, order)[1:], strict=False)
    )
    assert min(placed) >= -1e-9 and max(placed) <= 1 + 1e-9


@given(st.text("华东abc 区域X-1", min_size=1, max_size=30), st.floats(2, 12))
def test_wrapping_loses_no_letter(text, ems):
    assert re.sub(r"\s", "", axes.wrapped(text, ems)) == re.sub(r"\s", "", text)


# ---- data quality

LEDGER = pd.DataFrame(
    [("华东.xlsx", "sales", 120, 112, 3, 5), ("市场.xlsx", "market", 80, 80, 0, 0), ("纪要.xlsx", "", 12, 0, 12, 0),
     ("预算.xlsx", "budget", 9, 9, 0, 0)],
    columns=["file", "table", "rows_in", "rows_tidy", "rows_quarantined", "rows_ignored"],
)  # fmt: skip
ISSUES = pd.DataFrame(
    [("warning", "no_table", "纪要.xlsx", "Sheet1", 1, "A1", ""), ("error", "bad_number", "华东.xlsx", "10月", 17, "F17", "sales"),
     ("error", "bad_number", "华东.xlsx", "10月", 18, "F18", "sales"), ("info", "total", "华东.xlsx", "10月", 20, "A20", "sales")],
    columns=["severity", "code", "file", "sheet", "row", "cell", "table"],
).assign(message_zh="看不懂", message_en="unreadable", todo_zh="改", todo_en="mend")  # fmt: skip


def quality(**change):
    given_ = {"ledger": LEDGER, "issues": ISSUES, "tables": ["sales", "market", "survey"]} | change
    return d.quality_blocks(
        given_["ledger"],
        kinds(given_["issues"]),
        {"sample": True},
        given_["tables"],
        dt.date(2026, 10, 31),
        "zh",
    )


def kinds(issues):
    found = problem_kinds(issues[issues["severity"].isin(SEVERITIES)])
    return found.merge(issues, on=PLACE)


def texts(block):
    return [[c["text"] for c in r["cells"]] for r in block.data()["rows"]]


def test_quality_pages_account_for_every_row_this_report_needs():
    _, table = (b for b in quality() if isinstance(b, d.Table))
    assert texts(table) == [
        ["市场数据", "市场.xlsx", "80", "80", "0", "0"],
        ["销售明细", "华东.xlsx", "120", "112", "3", "5"],
        ["未识别", "纪要.xlsx", "12", "0", "12", "0"],
        ["", "合计", "212", "192", "15", "5"],
    ]
    assert "示例数据" in table.data()["note"]


def test_quality_pages_warn_of_what_is_missing_or_held_back():
    notes = [b.text for b in quality() if isinstance(b, d.Note)]
    assert any("问卷" in n for n in notes) and any("15" in n for n in notes)


def test_quality_pages_say_it_when_rows_do_not_balance():
    uneven = LEDGER.assign(rows_tidy=LEDGER["rows_tidy"] - (LEDGER["table"] == "sales"))
    assert any("华东.xlsx" in b.text for b in quality(ledger=uneven) if isinstance(b, d.Note))


def test_quality_pages_list_each_kind_of_problem_once_the_worst_first():
    table, _ = (b for b in quality() if isinstance(b, d.Table))
    assert texts(table) == [
        ["错误", "华东.xlsx › 10月!F17", "看不懂", "改", "2"],
        ["注意", "纪要.xlsx › Sheet1!A1", "看不懂", "改", "1"],
    ]


def test_quality_pages_without_problems_say_so():
    assert any("未发现" in b.text for b in quality(issues=ISSUES.head(0)) if isinstance(b, d.Note))


def test_a_record_frame_is_plotted_as_it_comes():
    frame = record_frame(
        keys("清泉", "茶语"), value=[0.2, np.nan], unit="fraction", status=["ok", "na_zero_base"]
    )
    assert "无基数" in draw(d.plot_ranked(frame, label="brand"))


def test_many_files_of_a_table_are_cut_with_their_sum():
    files = [f"{n:02d}.xlsx" for n in range(MOST_FILES + 4)]
    ledger = pd.DataFrame({
        "file": [*files, "封面.xlsx", "看板.xlsx"], "table": ["sales"] * len(files) + ["", ""],
        "rows_in": [*range(10, 10 + len(files)), 3, 4], "rows_tidy": [*range(10, 10 + len(files)), 0, 0],
        "rows_quarantined": 0, "rows_ignored": [0] * len(files) + [3, 4],
    })  # fmt: skip
    blocks = d.quality_blocks(
        ledger, problem_kinds(ISSUES.head(0)), {}, ["sales"], dt.date(2026, 10, 31), "zh"
    )
    rows = next(b for b in blocks if b.type == "table").content()["rows"]
    shown = [[c["text"] for c in row["cells"]] for row in rows]
    assert [row[1] for row in shown[-3:]] == ["其余 4 个文件", "2 个文件", "合计"]
    assert len(shown) == MOST_FILES + 3
    assert shown[-1][2] == str(sum(range(10, 10 + len(files))) + 7)


def test_amounts_and_the_gaps_between_them_stand_on_one_scale_in_english():
    amounts = scale_for("cny", [11_648_900.0, 3_240_000.0, 41_768_000.0], "en")
    gaps = scale_for("cny", [-1_000.0, 106_200.0, 6_800.0], "en")
    assert (amounts.head, gaps.head) == ("CNY k", "CNY k")
    assert number(11_648_900.0, amounts) == "11,649"
    assert scale_for("cny", [2.4e7, 5.8e7], "en").head == "CNY m"


@pytest.mark.parametrize(
    ("unit", "zh", "en"), [("分", "85分", "85 points"), ("个", "12个", "12"), ("points", "85分", "85 points")]
)
def test_units_of_a_sheet_are_said_in_the_language_of_the_report(unit, zh, en):
    value = 12.0 if unit == "个" else 85.0
    assert (say(Figure(value, unit), language="zh"), say(Figure(value, unit), language="en")) == (zh, en)


@pytest.mark.parametrize(("language", "heads", "cells"), [
    ("en", ["CNY k"] * 4, ["120,310", "-338", "120,650", "0", "99.7%"]),
    ("zh", ["万元"] * 4, ["12,031.0", "-33.8", "12,065.0", "0.0", "99.7%"]),
])  # fmt: skip
def test_amounts_of_one_table_have_one_scale(language: str, heads: list[str], cells: list[str]) -> None:
    frame = pd.DataFrame(
        {
            "actual": [12031e4],
            "gap": [-33.8e4],
            "target": [12065e4],
            "none": [0.0],
            "rate": [0.997],
            "price": [12.5],
        }
    )
    columns = [d.Col(c, c, unit="cny") for c in ("actual", "gap", "target", "none")] + [
        d.Col("rate", "rate", unit="fraction"),
        d.Col("price", "price", unit="cny"),
    ]
    content = d.Table(frame, "t", columns, language=language).content()
    assert [c["unit"] for c in content["columns"]][:4] == heads
    assert [c["text"] for c in content["rows"][0]["cells"]] == [*cells, "12.50"]
