"""Comparing periods: the base cases of methods 2.2, moving holidays, and the laws of appendix B."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError
from mktanalytics.metrics.notes import NOTES, note_text
from mktanalytics.metrics.result import Status
from mktanalytics.periods import spring_festival

OCTOBER = "2026-10"


def series(values: dict[str, float | None], **extra: object) -> pd.DataFrame:
    return pd.DataFrame({"month": pd.to_datetime(list(values)), "amount": list(values.values())}).assign(
        **extra
    )


@pytest.mark.parametrize(
    ("now", "base", "status", "note", "value"),
    [
        (112.0, 100.0, Status.OK, "", 0.12),
        (5.0, 0.0, Status.NEW, "基数为零", None),
        (0.0, 0.0, Status.ZERO_BASE, "基数为零", None),
        (-5.0, 0.0, Status.ZERO_BASE, "基数为零", None),
        (0.0, 5.0, Status.OK, "本期为零", -1.0),
        (30.0, -50.0, Status.NONPOSITIVE_BASE, "扭亏", None),
        (-20.0, -50.0, Status.NONPOSITIVE_BASE, "减亏", None),
        (0.0, -50.0, Status.NONPOSITIVE_BASE, "减亏", None),
        (-80.0, -50.0, Status.NONPOSITIVE_BASE, "增亏", None),
        (-50.0, -50.0, Status.NONPOSITIVE_BASE, "亏损持平", None),
        (-20.0, 50.0, Status.NONPOSITIVE_BASE, "转亏", None),
        (None, 50.0, Status.MISSING, "", None),
        (50.0, float("nan"), Status.MISSING, "", None),
        (float("inf"), 50.0, Status.MISSING, "", None),
    ],
)
def test_every_base_case_has_its_status_and_word(now, base, status, note, value):
    figure = mm.growth(now, base)
    assert (figure.status, figure.value) == (status, None if value is None else pytest.approx(value))
    assert note in figure.note
    assert figure.numerator is None or np.isfinite(figure.numerator)


def test_a_tiny_base_is_flagged_but_shown():
    sales = pd.concat(
        [
            series({"2025-10": 1000.0, OCTOBER: 1100.0}, region="华东"),
            series({"2025-10": 1.0, OCTOBER: 9.0}, region="西藏"),
        ]
    )
    out = mm.yoy(sales, OCTOBER, by=["region"]).set_index("region")
    assert out.loc["西藏", "value"] == pytest.approx(8.0)
    assert "基数很小" in out.loc["西藏", "note"] and not out.loc["华东", "note"]


def test_sales_and_returns_that_cancel_out_are_no_base():
    dust = [0.1, 0.2, -0.3]  # 5.6e-17 in floats: growth over it would be quintillions of percent
    months = pd.to_datetime(["2025-10-01"] * 3 + ["2026-10-01"] * 3)
    born = mm.yoy(pd.DataFrame({"month": months, "amount": [*dust, 100.0, 0.0, 0.0]}), OCTOBER).iloc[0]
    assert (born["status"], born["denominator"], born["difference"]) == (Status.NEW, 0.0, 100.0)
    fell = mm.yoy(pd.DataFrame({"month": months, "amount": [100.0, 0.0, 0.0, *dust[::-1]]}), OCTOBER).iloc[0]
    assert (fell["value"], fell["numerator"]) == (-1.0, 0.0) and "转亏" not in fell["note"]
    spans = pd.DataFrame(
        {"month": [f"{y}-{m:02d}" for y in (2025, 2026) for m in (1, 2, 3)], "amount": [*dust, 1.0, 2.0, 3.0]}
    )
    assert mm.yoy(spans, "2026-03", span="ytd")["status"].tolist() == [Status.NEW]
    parts = pd.DataFrame(
        {
            "month": ["2025-10", OCTOBER] * 3,
            "region": list("aabbcc"),
            "amount": [0.1, 1.0, 0.2, 1.0, -0.3, 1.0],
        }
    )
    assert mm.contributions(parts, OCTOBER, by="region")["status"].eq(Status.ZERO_BASE).all()
    market = pd.DataFrame({"month": months, "brand": "甲", "amount": [*dust, 1.0, 1.0, 1.0]})
    assert mm.market_share(market, "2025-10")["status"].tolist() == [Status.ZERO_BASE]


def test_a_row_of_zero_has_not_left():
    sales = pd.DataFrame(
        {"month": ["2025-10", OCTOBER] * 2, "product": list("aabb"), "amount": [5.0, 0.0, 1.0, 1.0]}
    )
    row = mm.yoy(sales, OCTOBER, by="product").iloc[0]
    assert (row["status"], row["value"], row["note"]) == (Status.OK, -1.0, "本期为零")
    assert mm.contributions(sales, OCTOBER, by="product")["status"].tolist() == [Status.OK, Status.OK]


@pytest.mark.parametrize("figure", ["yoy", "market_share", "ytd", "span_ratio", "return_rate"])
def test_several_units_of_measure_are_never_added(figure):
    rows = pd.DataFrame(
        {"month": OCTOBER, "brand": ["甲", "乙"], "units": [10.0, 20.0], "amount": 1.0, "unit": ["箱", "吨"]}
    )
    options = (
        {"numerator": "amount", "denominator": "units"} if figure == "span_ratio" else {"measure": "units"}
    )
    with pytest.raises(MetricError, match="吨"):
        getattr(mm, figure)(rows, OCTOBER, **options)
    getattr(mm, figure)(rows.assign(unit="箱"), OCTOBER, **options)


def test_a_key_that_has_left_fell_by_all_of_it():
    rows = [("2025-08", "甲", 5.0), ("2025-10", "甲", 5.0), ("2025-10", "乙", 8.0), ("2026-09", "乙", 8.0), ("2026-10", "乙", 9.0),
            ("2025-10", "丙", -4.0)]  # fmt: skip
    sales = pd.DataFrame(rows, columns=["month", "product", "amount"]).assign(
        month=lambda f: pd.to_datetime(f["month"])
    )
    out = mm.yoy(sales, OCTOBER, by=["product"]).set_index("product")
    assert out.loc["甲", ["value", "status", "difference"]].tolist() == [-1.0, "discontinued", -5.0]
    assert out.loc["丙", ["status", "difference"]].tolist() == ["discontinued", 4.0] and np.isnan(
        out.loc["丙", "value"]
    )


def test_indices_on_a_base_that_moves():
    sales = series({"2025-09": 80.0, "2025-10": 100.0, "2026-09": 120.0, OCTOBER: 90.0})
    yearly = mm.moving_base_index(sales, against="year_ago").set_index("month")
    assert yearly.loc["2026-09-01", ["value", "unit", "status"]].tolist() == [150.0, "index", "ok"]
    assert yearly.loc["2026-10-01", "value"] == pytest.approx(90)
    assert yearly.loc["2026-03-01", "status"] == Status.MISSING
    monthly = mm.moving_base_index(sales, against="previous").set_index("month")
    assert monthly.loc["2026-10-01", "value"] == pytest.approx(75)
    assert monthly.loc["2025-09-01", "status"] == Status.MISSING
    with pytest.raises(MetricError, match="year_ago"):
        mm.moving_base_index(sales, against="fixed")


def test_a_first_quarter_with_an_early_festival_says_that_stocking_began_in_december():
    # 初一: 22 January 2023, 10 February 2024, 29 January 2025
    values = {f"{y}-{m:02d}": 100.0 for y in (2022, 2023, 2024, 2025) for m in range(1, 13)}
    notes = {y: mm.yoy(series(values), f"{y}-03", span="quarter")["note"].iloc[0] for y in (2023, 2024, 2025)}
    assert "备货" in notes[2023] and "备货" in notes[2024] and not notes[2025]


def test_shifts_go_by_the_calendar_and_never_by_rows():
    sales = series({"2025-09": 1.0, "2025-11": 2.0, "2026-09": 3.0, "2026-10": 4.0})
    assert mm.yoy(sales, OCTOBER)["status"].iloc[0] == Status.MISSING
    assert mm.mom(sales, OCTOBER)["value"].iloc[0] == pytest.approx(1 / 3)
    assert mm.mom(sales, "2025-11")["status"].iloc[0] == Status.MISSING


def test_a_blank_is_missing_and_a_zero_is_zero():
    assert mm.ytd(series({"2026-01": 5.0, "2026-02": None}), "2026-02")["status"].iloc[0] == Status.MISSING
    assert mm.ytd(series({"2026-01": 5.0, "2026-02": 0.0}), "2026-02")["value"].iloc[0] == 5.0


def test_in_transaction_lines_an_absent_key_may_mean_that_it_sold_nothing():
    rows = [
        ("2025-10", "甲", 5.0),
        ("2025-10", "乙", 5.0),
        ("2026-09", "甲", 5.0),
        ("2026-09", "乙", 5.0),
        ("2026-10", "甲", 6.0),
    ]
    sales = pd.DataFrame(rows, columns=["month", "product", "amount"])
    sales["month"] = pd.to_datetime(sales["month"])
    strict = mm.yoy(sales, OCTOBER, by=["product"]).set_index("product")
    assert (strict.loc["甲", "status"], strict.loc["乙", "status"]) == (Status.OK, Status.MISSING)
    lines = mm.yoy(sales, OCTOBER, by=["product"], absent="zero").set_index("product")
    assert (lines.loc["乙", "status"], lines.loc["乙", "value"]) == (Status.OK, -1.0)
    assert mm.contributions(sales, OCTOBER, by=["product"])["contribution"].isna().all()
    assert mm.contributions(sales, OCTOBER, by=["product"], absent="zero")[
        "contribution"
    ].sum() == pytest.approx(-0.4)
    assert mm.yoy(sales, "2026-11", by=["product"], absent="zero")["status"].eq(Status.MISSING).all()


def test_a_part_missing_on_both_sides_is_not_forgotten():
    months = pd.date_range("2025-09-01", "2026-11-01", freq="MS")
    sales = pd.DataFrame([(m, r, 10.0) for m in months for r in ("华东", "华南") if r == "华东" or m.month != 10],
                         columns=["month", "region", "amount"])  # fmt: skip
    assert mm.contributions(sales, OCTOBER, by=["region"])["contribution"].isna().all()
    assert mm.yoy(sales, OCTOBER, by=["region"])["status"].tolist() == ["ok", "na_missing"]


def test_several_currencies_are_never_added():
    sales = series({"2025-10": 100.0, OCTOBER: 50.0}).assign(currency=["CNY", "USD"])
    with pytest.raises(MetricError, match="CNY, USD"):
        mm.yoy(sales, OCTOBER)


def test_a_running_month_has_no_growth_until_it_is_over():
    sales = series({"2025-10": 100.0, OCTOBER: 40.0})
    row = mm.yoy(sales, OCTOBER, through="2026-10-12").iloc[0]
    assert (row["status"], np.isnan(row["value"])) == (Status.INCOMPLETE_PERIOD, True)
    assert mm.yoy(sales, OCTOBER, through="2026-10-31")["status"].iloc[0] == Status.OK


def test_nbs_two_year_average():
    # NBS, retail sales of consumer goods: 408,017 (2019), 391,981 (2020) and 440,823 (2021), in 亿元; published: -3.9 %,
    # +12.5 %, 两年平均增长 3.9 %. The published rates, rounded, would give 4.0 %: nothing is rounded before it is used.
    first, second = mm.growth(391_981, 408_017).value, mm.growth(440_823, 391_981).value
    assert (round(first, 3), round(second, 3)) == (-0.039, 0.125)
    assert round(mm.two_year_average(first, second).value, 3) == 0.039
    assert mm.two_year_average(first, second).value == pytest.approx(mm.cagr(408_017, 440_823, 2).value)


def test_cagr_counts_the_years_between():
    # 100 -> 200 in 10 years: 7.18 %
    assert mm.cagr(100, 200, 10).value == pytest.approx(0.0717735)
    assert mm.cagr(-5, 200, 10).status == Status.NONPOSITIVE_BASE
    assert mm.cagr(0, 200, 10).status == Status.ZERO_BASE
    with pytest.raises(MetricError):
        mm.cagr(1, 2, 0)


def test_ratios_over_a_span_are_recomputed_from_their_parts_and_stocks_are_not_summed():
    frame = series({"2026-01": 100.0, "2026-02": 300.0}).assign(units=[10.0, 20.0])
    assert mm.span_ratio(frame, "2026-02", numerator="amount", denominator="units", span="ytd")["value"].iloc[
        0
    ] == pytest.approx(400 / 30)
    assert mm.span_balance(frame, "2026-02", measure="amount", span="ytd")["value"].iloc[0] == 200
    assert mm.span_balance(frame, "2026-02", measure="amount", span="ytd", how="end")["value"].iloc[0] == 300


def test_a_sum_is_in_the_currency_of_its_rows_or_in_units():
    frame = series({"2026-01": 100.0, "2026-02": 300.0}).assign(units=[10.0, 20.0])
    assert mm.ytd(frame, "2026-02")["unit"].iloc[0] == "cny"
    assert mm.ytd(frame.assign(currency="USD"), "2026-02")["unit"].iloc[0] == "usd"
    assert mm.ytd(frame, "2026-02", measure="units")["unit"].iloc[0] == "units"
    assert mm.span_balance(frame, "2026-02", measure="units", span="ytd", unit="箱")["unit"].iloc[0] == "箱"


def test_a_part_that_is_new_or_gone_contributes_whole_and_a_flat_total_has_no_shares():
    rows = [
        ("2025-10", "华东", 60.0),
        ("2025-10", "华南", 40.0),
        ("2026-10", "华东", 70.0),
        ("2026-10", "华北", 40.0),
    ]
    sales = pd.DataFrame([("2025-11", "华南", 1.0), *rows], columns=["month", "region", "amount"])
    sales["month"] = pd.to_datetime(sales["month"])
    out = mm.contributions(sales, OCTOBER, by=["region"]).set_index("region")
    assert out["contribution"].to_dict() == pytest.approx({"华东": 0.1, "华北": 0.4, "华南": -0.4})
    assert out["status"].to_dict() == {"华东": "ok", "华北": "new", "华南": "discontinued"}
    flat = sales[sales["month"] != pd.Timestamp("2025-11-01")].assign(amount=[60.0, 40.0, 60.0, 40.0])
    assert mm.contributions(flat, OCTOBER, by=["region"])["share_of_growth"].isna().all()


def test_january_and_february_are_one_row():
    values = {f"{y}-{m:02d}": 100.0 + y - 2025 for y in (2025, 2026) for m in range(1, 5)}
    assert mm.yoy_table(series(values), "2026-04")["period"].tolist() == ["1-2月", "3月", "4月"]
    assert mm.yoy_table(series(values), "2026-01")["period"].tolist() == ["1月"]
    assert "春节" in mm.yoy_table(series(values), "2026-01")["note"].iloc[0]


def test_days_are_aligned_to_the_first_day_of_the_lunar_year():
    # 初一: 10 February 2024, 29 January 2025, 17 February 2026 (State Council holiday notices)
    assert [spring_festival(y) for y in (2024, 2025, 2026)] == [
        dt.date(2024, 2, 10),
        dt.date(2025, 1, 29),
        dt.date(2026, 2, 17),
    ]
    days = pd.date_range("2025-01-01", "2026-03-31")
    daily = pd.DataFrame(
        {"date": days, "amount": [float((d.date() - spring_festival(d.year)).days) for d in days]}
    )
    aligned = mm.align_to_event(daily, [2025, 2026])
    assert aligned[2025].tolist() == aligned[2026].tolist() == list(range(-20, 21))
    assert mm.event_growth(daily, 2025)["status"].iloc[0] == Status.MISSING


def test_the_same_days_are_compared_and_a_whole_month_with_a_whole_month():
    days = pd.date_range("2024-01-01", "2026-03-31")
    daily = pd.DataFrame({"date": days, "month": days.to_period("M").to_timestamp(), "amount": 1.0})
    cut = mm.same_days(daily, "2026-03-10").iloc[0]
    assert (cut["numerator"], cut["denominator"], cut["value"]) == (10, 10, 0)
    leap = mm.same_days(daily, "2025-02-28").iloc[0]
    assert (leap["numerator"], leap["denominator"]) == (28, 29)
    month = mm.same_days(daily, "2026-03-30", against="mom").iloc[0]
    assert (month["denominator"], month["base_through"]) == (28, pd.Timestamp("2026-02-28"))
    # 2025-10-01..12 has 3 working days (9th to 11th, the 11th a make-up Saturday); 2024-10-01..10 has 3 too (8th to 10th)
    working = mm.same_days(daily, "2025-10-12", count="working_days").iloc[0]
    assert working["base_through"] == pd.Timestamp("2024-10-10")


def test_rows_without_a_day_cannot_be_cut():
    sales = series({"2025-10": 100.0, OCTOBER: 50.0}).assign(date=pd.NaT)
    row = mm.same_days(sales, "2026-10-12").iloc[0]
    assert (row["status"], "无日期" in row["note"]) == (Status.INCOMPLETE_PERIOD, True)


def test_like_for_like_counts_the_members_of_both_periods():
    rows = [
        ("2025-10", "甲", 100.0),
        ("2025-10", "丙", 50.0),
        ("2025-11", "丙", 1.0),
        ("2026-10", "甲", 110.0),
        ("2026-10", "乙", 90.0),
    ]
    sales = pd.DataFrame(rows, columns=["month", "dealer", "amount"]).assign(region="华东")
    sales["month"] = pd.to_datetime(sales["month"])
    out = mm.like_for_like(sales, OCTOBER, key="dealer", by=["region"])
    assert out["scope"].tolist() == ["全部", "同口径"]
    assert out["value"].tolist() == pytest.approx([200 / 150 - 1, 0.10])
    assert out["members"].tolist() == [3, 1]


def test_nrf_calendar_has_a_53rd_week_in_fiscal_2023():
    # NRF 4-5-4 calendar: fiscal 2023 ended on 3 February 2024 with 53 weeks, fiscal 2024 on 1 February 2025
    calendar = mm.fiscal_calendar([2023, 2024, 2025], pattern=(4, 5, 4), end_month=1)
    ends = calendar.groupby("fiscal_year").agg(end=("end", "max"), weeks=("weeks", "sum"))
    assert ends["end"].dt.strftime("%Y-%m-%d").tolist() == ["2023-01-28", "2024-02-03", "2025-02-01"]
    assert ends["weeks"].tolist() == [52, 53, 52]


def test_a_period_after_a_53rd_week_is_compared_with_the_same_days_of_52_weeks_before():
    # NRF: for fiscal 2024 the weeks of the 53-week fiscal 2023 are restated one week later, 4 February 2024 against 5 February 2023
    days = pd.date_range("2023-01-01", "2024-12-31")
    daily = pd.DataFrame({"date": days, "amount": np.arange(len(days), dtype=float)})
    calendar = mm.fiscal_calendar([2023, 2024], pattern=(4, 5, 4), end_month=1, named_by="start")
    out = mm.fiscal_yoy(daily, calendar, 2024, 1).set_index("scope")
    window = daily[daily["date"].between("2023-02-05", "2023-03-04")]["amount"].sum()
    assert out.loc["equal_weeks", "denominator"] == window
    assert (
        out.loc["as_reported", "denominator"]
        == daily[daily["date"].between("2023-01-29", "2023-02-25")]["amount"].sum()
    )


def test_the_nrf_names_its_years_by_the_one_they_begin_in():
    # NRF 4-5-4 calendar: fiscal 2023 began on 29 January 2023 and had 53 weeks, January of five
    calendar = mm.fiscal_calendar([2023], pattern=(4, 5, 4), end_month=1, named_by="start")
    assert calendar["start"].iloc[0] == pd.Timestamp("2023-01-29") and calendar["weeks"].sum() == 53
    assert calendar["weeks"].tolist() == [4, 5, 4] * 3 + [4, 5, 5]
    assert mm.fiscal_year_end(2022, end_month=1, named_by="start") == pd.Timestamp("2023-01-28")
    calendar_year = mm.fiscal_calendar([2026], named_by="start")
    pd.testing.assert_frame_equal(calendar_year, mm.fiscal_calendar([2026]))
    with pytest.raises(MetricError, match="start"):
        mm.fiscal_year_end(2023, named_by="middle")


def test_53_week_years_of_the_nrf():
    # NRF: the 53-week years since 2000 are fiscal 2000, 2006, 2012, 2017 and 2023
    calendar = mm.fiscal_calendar(range(2000, 2026), pattern=(4, 5, 4), end_month=1, named_by="start")
    weeks = calendar.groupby("fiscal_year")["weeks"].sum()
    assert weeks[weeks == 53].index.tolist() == [2000, 2006, 2012, 2017, 2023]
    assert (
        calendar["start"].iloc[1:].to_numpy() - calendar["end"].iloc[:-1].to_numpy() == np.timedelta64(1, "D")
    ).all()


def test_every_note_can_be_shown_in_english():
    for code, (zh, en) in NOTES.items():
        assert note_text(zh.format(*"甲乙丙丁"), "en") == en.format(*"甲乙丙丁"), code
    assert note_text("缺2个月的数据；没有人知道", "en") == "data for 2 month(s) missing; 没有人知道"


money = st.one_of(st.just(0.0), st.integers(-(10**6), 10**6).map(float))


@st.composite
def histories(draw: st.DrawFn, lowest: float = -1e6) -> pd.DataFrame:
    """24 months of up to 4 regions: missing months, zeros, negatives, regions that come and go, shuffled."""
    rows = []
    for region in ["华东", "华南", "华北", "西南"][: draw(st.integers(1, 4))]:
        first, last = sorted((draw(st.integers(0, 23)), draw(st.integers(0, 23))))
        skip = draw(st.sets(st.integers(0, 23), max_size=2))
        months = [m for m in range(first, last + 1) if m not in skip]
        amounts = draw(st.lists(money, min_size=24, max_size=24))
        rows += [
            (pd.Timestamp(2025 + m // 12, m % 12 + 1, 1), region, max(lowest, amounts[m])) for m in months
        ]
    rows = rows or [(pd.Timestamp(2026, 12, 1), "华东", 1.0)]
    return pd.DataFrame(draw(st.permutations(rows)), columns=["month", "region", "amount"])


@settings(max_examples=15, deadline=None)
@given(histories(), st.sampled_from(["month", "ytd", "mat"]))
def test_growth_is_never_infinite_and_only_ok_or_discontinued_has_a_value(history, span):
    for out in (
        mm.yoy(history, "2026-12", by=["region"], span=span),
        mm.mom(history, "2026-12", by=["region"]),
    ):
        assert not np.isinf(out[["value", "difference"]].to_numpy(dtype=float)).any()
        assert out.loc[out["value"].notna(), "status"].isin([Status.OK, Status.DISCONTINUED]).all()
        assert out.loc[out["status"] == Status.OK, ["value", "difference"]].notna().all(axis=None)


@settings(max_examples=15, deadline=None)
@given(histories())
def test_ytd_of_december_is_the_year_and_the_last_twelve_months(history):
    results = [mm.span_total(history, "2026-12", span=s, by=["region"]) for s in ("ytd", "mat", "year")]
    for other in results[1:]:
        pd.testing.assert_frame_equal(results[0], other)
    known = results[0][results[0]["status"] == Status.OK]
    for row in known.itertuples():
        mine = history[(history["region"] == row.region) & (history["month"].dt.year == 2026)]
        assert row.value == pytest.approx(mine["amount"].sum())


@settings(max_examples=15, deadline=None)
@given(histories())
def test_contributions_add_to_the_growth_of_the_total(history):
    out = mm.contributions(history, "2026-12", by=["region"])
    usable = out["status"].isin([Status.OK, Status.NEW, Status.DISCONTINUED]).all()
    assert out["contribution"].notna().all() == usable
    if usable:
        base = out["base"].fillna(0)
        total = out["now"].fillna(0).sum() / base.sum() - 1
        assert out["contribution"].sum() == pytest.approx(total, abs=1e-9)
        if out["share_of_growth"].notna().all():
            assert out["share_of_growth"].sum() == pytest.approx(1)
            assert np.allclose(out["contribution"], out["share_of_growth"] * total)
        parts = out["growth"].where(base > 0)
        if (
            base > 0
        ).all() and parts.notna().all():  # growth of the total = base-weighted mean of the parts' growth
            assert np.average(parts, weights=base) == pytest.approx(total, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(histories(), st.integers(0, 2**31 - 1))
def test_row_order_and_the_unit_of_money_never_matter(history, seed):
    shuffled = history.sample(frac=1, random_state=seed)
    for span in ("month", "ytd"):
        out = mm.yoy(history, "2026-12", by=["region"], span=span)
        pd.testing.assert_frame_equal(out, mm.yoy(shuffled, "2026-12", by=["region"], span=span))
        thousand = mm.yoy(
            history.assign(amount=history["amount"] * 1000), "2026-12", by=["region"], span=span
        )
        pd.testing.assert_series_equal(out["value"], thousand["value"])
        assert out["status"].tolist() == thousand["status"].tolist()


items = st.lists(
    st.tuples(st.floats(0.5, 50), st.floats(1, 1000), st.floats(0.5, 50), st.floats(0, 1000)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=10, deadline=None)
@given(items)
def test_fisher_contributions_add_exactly_to_the_volume_growth(rows):
    frame = pd.DataFrame(rows, columns=["price_base", "units_base", "price_now", "units_now"])
    if frame["units_now"].sum() < 1:
        return
    out = mm.fisher_contributions(frame.assign(product=[f"p{i}" for i in range(len(frame))]))
    p0, q0, p1, q1 = (frame[c].to_numpy() for c in frame.columns)
    laspeyres, paasche = (p0 @ q1) / (p0 @ q0), (p1 @ q1) / (p1 @ q0)
    assert out["volume_growth"].iloc[0] == pytest.approx((laspeyres * paasche) ** 0.5 - 1)
    assert out["contribution"].sum() == pytest.approx(out["volume_growth"].iloc[0], abs=1e-9)
    # factor reversal: value ratio = price index x volume index
    assert out["price_index"].iloc[0] * out["volume_index"].iloc[0] == pytest.approx((p1 @ q1) / (p0 @ q0))


def test_holiday_regressors_are_centred_on_the_calendar_month():
    months = [f"{y}-{m:02d}" for y in range(1901, 2099) for m in range(1, 13)]
    out = mm.holiday_regressors(months)
    means = out.groupby(out["month"].dt.month)[["before", "holiday", "after"]].mean()
    assert np.allclose(means, 0, atol=1e-12)
    # a window is whole in a year: its parts differ only by the means, which add to 1
    yearly = out.groupby(out["month"].dt.year)[["before", "holiday", "after"]].sum()
    assert np.allclose(yearly, 0, atol=1e-9)
