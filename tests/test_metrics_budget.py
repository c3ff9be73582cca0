"""Budget execution, pace and the full year: published figures, a hand-made department, and the laws."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mktanalytics import language
from mktanalytics.errors import MetricError
from mktanalytics.ingest.clean import clean
from mktanalytics.metrics.budget import budget_execution as be
from mktanalytics.metrics.budget import transfers
from mktanalytics.metrics.budget.budget_words import word
from mktanalytics.metrics.budget.year_forecast import full_year_forecast
from mktanalytics.metrics.budget.year_methods import METHODS, year_forecasts
from mktanalytics.metrics.budget.year_outlook import year_outlook
from mktanalytics.settings import Settings, Thresholds


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


RECORD_STATUS = {"ok", "na_missing", "na_zero_base", "na_nonpositive_base", "unbudgeted"}


def months(*texts: str) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(list(texts))


def budget_frame(rows: list[tuple], columns: str = "month category amount") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns.split())
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[us]")
    if "date" in frame:
        frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame


def spend_frame(rows: list[tuple], columns: str = "month category status amount") -> pd.DataFrame:
    return budget_frame(rows, columns)


@pytest.fixture
def department() -> tuple[pd.DataFrame, pd.DataFrame]:
    """A year of 市场部 to March: a transfer, a supplement, an overspent and an unbudgeted line."""
    original = [
        (f"2026-{m:02d}-01", c, "original", None, a, None)
        for m in range(1, 13)
        for c, a in (("会展", 10e4), ("直播", 20e4))
    ]
    changes = [
        ("2026-06-01", "会展", "adjustment", "2026-03-10", -30e4, "由会展调剂至直播"),
        ("2026-06-01", "直播", "adjustment", "2026-03-10", 30e4, "由会展调剂至直播"),
        ("2026-09-01", "直播", "adjustment", "2026-08-01", 50e4, "追加"),  # approved after March
    ]
    budget = budget_frame(original + changes, "month category version date amount reason")
    spend = spend_frame(
        [
            ("2026-01-01", "会展", "paid", 60e4), ("2026-03-01", "会展", "paid", 40e4),
            ("2026-02-01", "直播", "recognised", 30e4), ("2026-03-01", "直播", "committed", 25e4),
            ("2026-03-01", "代言", "recognised", 8e4), ("2026-05-01", "直播", "paid", 99e4),
        ]
    ).assign(voucher=list("ABCDEF"), source_file="费用.xlsx", source_sheet="明细", source_row=range(2, 8))  # fmt: skip
    return budget, spend


# ---- amounts


def test_amounts_of_a_department_by_hand(department) -> None:
    a = be.budget_amounts(*department, month="2026-03", by=["category"]).set_index(["category", "scope"])
    assert a.loc[("会展", "year"), ["b0", "adjustment", "ba"]].tolist() == [120e4, -30e4, 90e4]
    assert a.loc[("直播", "year"), "ba"] == 270e4  # the supplement of August isn't approved yet
    assert a.loc[("直播", "ytd"), ["ba", "committed", "recognised", "paid", "available"]].tolist() == [
        60e4,
        25e4,
        30e4,
        0,
        5e4,
    ]
    assert a.loc[("会展", "month"), ["ba", "recognised", "paid"]].tolist() == [10e4, 40e4, 40e4]
    assert a.loc[("代言", "year"), ["ba", "recognised"]].tolist() == [0, 8e4]


def test_supplement_counts_once_it_is_approved(department) -> None:
    a = be.budget_amounts(*department, month="2026-08", by=["category"]).set_index(["category", "scope"])
    assert a.loc[("直播", "year"), "ba"] == 320e4
    assert a.loc[("直播", "ytd"), "ba"] == 190e4  # 8 × 20 + 30; the 50 are planned for September


def test_undated_adjustment_counts_from_its_month() -> None:
    b = budget_frame(
        [("2026-01-01", "original", 10.0), ("2026-05-01", "adjustment", 4.0)], "month version amount"
    )
    none = spend_frame([])
    assert be.budget_amounts(b, none, month="2026-04")["ba"].tolist() == [0.0, 10.0, 10.0]
    assert be.budget_amounts(b, none, month="2026-05")["ba"].tolist() == [4.0, 14.0, 14.0]


def test_year_and_quarter_rows_are_spread_but_sum_to_the_last_bit() -> None:
    b = budget_frame(
        [("2026-01-01", "year", "会展", 1000001.1), ("2026-04-01", "quarter", "直播", 0.3)],
        "month period category amount",
    )
    a = be.budget_amounts(b, spend_frame([]), month="2026-05").set_index("scope")["ba"]
    assert a["year"] == 1000001.1 + 0.3
    assert a["month"] == pytest.approx(1000001.1 / 12 + 0.1)
    assert be.monthly_plan(b, month="2026-05")["ba"].sum() == pytest.approx(a["year"])


def test_line_planned_by_year_and_by_month_counts_once() -> None:
    b = budget_frame(
        [("2026-01-01", "year", 120.0), *[(f"2026-{m:02d}-01", "month", 8.0) for m in range(1, 11)]],
        "month period amount",
    )
    a = be.budget_amounts(b, spend_frame([]), month="2026-06").set_index("scope")["ba"]
    assert a["year"] == pytest.approx(120.0)
    assert a["ytd"] == pytest.approx(6 * 8 + 40 / 2)
    assert be.budget_amounts(b, spend_frame([]), month="2026-06")["note"].str.contains("以全年数为准").all()


def test_january_and_february_alone_carry_a_flag() -> None:
    b, s = budget_frame([("2026-02-01", "会展", 1.0)]), spend_frame([("2026-02-01", "会展", "paid", 1.0)])
    notes = be.budget_amounts(b, s, month="2026-02").set_index("scope")["note"]
    assert "春节" in notes["month"] and "春节" not in notes["ytd"]


def test_fiscal_year_from_april() -> None:
    b = budget_frame(
        [("2026-01-01", "year", 120.0), ("2026-03-01", "month", 7.0), ("2026-04-01", "month", 9.0)],
        "month period amount",
    )
    a = be.budget_amounts(b, spend_frame([]), month="2026-05", fiscal_year_start=4).set_index("scope")["ba"]
    assert a["year"] == 129.0 - 9.0  # 2026年 is the year from April 2026; its month row is within it
    assert be.budget_amounts(b, spend_frame([]), month="2026-03", fiscal_year_start=4)["ba"].tolist() == [
        7.0,
        7.0,
        7.0,
    ]


def test_actuals_on_the_budget_sheet_stand_in_and_say_so() -> None:
    b = budget_frame([("2026-01-01", 10.0, 8.0), ("2026-02-01", 10.0, 13.0)], "month amount actual_amount")
    old = spend_frame([("2025-02-01", "会展", "paid", 99.0)])
    a = be.budget_amounts(b, old, month="2026-02").set_index("scope")
    assert a.loc["ytd", "recognised"] == 21.0
    assert a.loc["ytd", "available"] == -1.0
    assert np.isnan(a.loc["ytd", "paid"])
    assert "预算表自带" in a.loc["ytd", "note"]
    r = be.execution_rates(a.reset_index()).set_index(["scope", "metric"])
    assert r.loc[("ytd", "execution_rate"), "value"] == pytest.approx(1.05)
    assert r.loc[("ytd", "payment_rate"), "status"] == "na_missing"


def test_missing_month_is_missing_and_named() -> None:
    b = budget_frame([("2026-01-01", "会展", 10.0)])
    s = spend_frame([("2026-01-01", "会展", "paid", 4.0), ("2026-03-01", "会展", "paid", 2.0)])
    a = be.budget_amounts(b, s, month="2026-03").set_index("scope")
    assert a.loc["ytd", "missing_months"] == 1 and "2026-02" in a.loc["ytd", "note"]
    assert be.budget_amounts(b, s, month="2026-02").set_index("scope")["recognised"].isna()["month"]


def test_no_budget_is_not_unbudgeted() -> None:
    s = spend_frame([("2026-01-01", "会展", "paid", 4.0)])
    a = be.budget_amounts(budget_frame([]), s, month="2026-01", by=["category"])
    assert set(be.execution_rates(a)["status"]) == {"na_missing"}
    assert a["note"].str.contains("无预算").all()
    assert be.unbudgeted_lines(a).empty


def test_dimensions_are_those_both_sides_name(department) -> None:
    budget, spend = department
    spend = spend.assign(region="华东", department="市场部")
    assert be.budget_dimensions(budget, spend, month="2026-03") == ("category",)


def test_wrong_input_is_told() -> None:
    b, s = budget_frame([("2026-01-01", "会展", 1.0)]), spend_frame([("2026-01-01", "会展", "paid", 1.0)])
    with pytest.raises(MetricError, match="amount"):
        be.budget_amounts(b.drop(columns="amount"), s, month="2026-01")
    with pytest.raises(MetricError, match="报销"):
        be.budget_amounts(b, s.assign(status="报销"), month="2026-01")
    with pytest.raises(MetricError, match="USD"):
        be.budget_amounts(b.assign(currency="CNY"), s.assign(currency="USD"), month="2026-01")
    with pytest.raises(MetricError, match="brand"):
        be.budget_amounts(b, s, month="2026-01", by=["brand"])
    with pytest.raises(MetricError, match="2026-10"):
        be.budget_amounts(b, s, month="十月")


# ---- rates


def test_rate_of_the_national_budget_2019() -> None:
    # 财政部, 关于2019年中央和地方预算执行情况与2020年中央和地方预算草案的报告: 全国一般公共预算支出 238874.02 亿元,
    # 完成预算的 101.5% (预算 235244 亿元)
    b = budget_frame([("2019-01-01", "year", 235244e8)], "month period amount")
    s = spend_frame([("2019-12-01", "支出", "paid", 238874.02e8)])
    r = be.execution_rates(be.budget_amounts(b, s, month="2019-12")).set_index(["scope", "metric"])
    assert round(r.loc[("year", "execution_rate"), "value"] * 100, 1) == 101.5


def test_rates_name_their_denominators(department) -> None:
    r = be.execution_rates(be.budget_amounts(*department, month="2026-03", by=["category"]))
    r = r.set_index(["category", "scope", "metric"])
    assert r.loc[("会展", "year", "execution_rate"), "value"] == pytest.approx(100 / 90)
    assert r.loc[("会展", "year", "original_execution_rate"), "value"] == pytest.approx(100 / 120)
    assert "调整后预算（全年）" in r.loc[("会展", "year", "execution_rate"), "note"]
    assert "年初预算（全年）" in r.loc[("会展", "year", "original_execution_rate"), "note"]
    assert r.loc[("直播", "ytd", "occupancy_rate"), "value"] == pytest.approx(55 / 60)
    assert r.loc[("代言", "year", "execution_rate"), "status"] == "unbudgeted"
    english = be.execution_rates(
        be.budget_amounts(*department, month="2026-03", language="en"), language="en"
    )
    assert english["note"].str.contains("denominator").all()


def test_what_is_carried_over_stands_beside_the_budget() -> None:
    b = budget_frame(
        [("2026-01-01", "year", "original", "会展", 80.0), ("2026-01-01", "year", "carry_over", "会展", 20.0),
         ("2026-01-01", "year", "original", "直播", 40.0)], "month period version category amount",
    )  # fmt: skip
    s = spend_frame([("2026-03-01", "会展", "paid", 50.0)])
    a = be.budget_amounts(b, s, month="2026-03", by=["category"])
    year = a[a["scope"] == "year"].set_index("category")
    assert year.loc["会展", ["b0", "ba", "carry_over", "available"]].tolist() == [80.0, 80.0, 20.0, 30.0]
    assert a["note"].str.contains("上年结转 20.00").all()
    plain, whole = (
        be.execution_rates(a, with_carry_over=w).set_index(["category", "scope", "metric"])
        for w in (False, True)
    )
    rate = ("会展", "year", "execution_rate")
    assert (plain.loc[rate, "value"], whole.loc[rate, "value"]) == (50 / 80, 50 / 100)
    assert "含结余" in whole.loc[rate, "note"] and "含结余" not in plain.loc[rate, "note"]
    original = ("会展", "year", "original_execution_rate")
    assert whole.loc[original, ["value", "note"]].tolist() == plain.loc[original, ["value", "note"]].tolist()
    assert be.budget_pace(b, month="2026-03")["pace"].tolist() == [0.25]
    assert be.monthly_plan(b, month="2026-03")["ba"].sum() == pytest.approx(120.0)
    with pytest.raises(MetricError, match="carry_over"):
        be.execution_rates(a.drop(columns="carry_over"), with_carry_over=True)
    assert (
        not be.budget_amounts(b[b["version"] == "original"], s, month="2026-03")["note"]
        .str.contains("结转")
        .any()
    )


def test_a_workbook_may_carry_over(tmp_path) -> None:
    book = openpyxl.Workbook()
    for line in (
        ("月份", "部门", "费用类别", "预算版本", "预算金额"),
        ("2026-01", "市场部", "会展", "年初预算", 80000),
        ("2026-02", "市场部", "会展", "年初预算", 80000),
        ("2026-01", "市场部", "会展", "结转", 20000),
    ):
        book.active.append(line)
    book.save(tmp_path / "2026年市场费用预算.xlsx")
    budget = clean(tmp_path, Settings()).tables["budget"]
    a = be.budget_amounts(budget, budget.iloc[:0], month="2026-01").set_index("scope")
    assert a.loc["month", ["ba", "carry_over"]].tolist() == [80e3, 20e3]


def test_credit_line_has_no_rate() -> None:
    b, s = (
        budget_frame([("2026-01-01", "返利收入", -10.0)]),
        spend_frame([("2026-01-01", "返利收入", "paid", -4.0)]),
    )
    a = be.budget_amounts(b, s, month="2026-01", by=["category"])
    r = be.execution_rates(a)
    assert set(r["status"]) == {"na_nonpositive_base"} and r["value"].isna().all()
    assert be.overspent_lines(a).empty
    pace = be.execution_pace(b, s, month="2026-01", by=["category"])
    assert pace["band"].tolist() == ["none"]


def test_variance_in_words_webb_company() -> None:
    # Horngren, Datar & Rajan, Cost Accounting ch. 7 (Webb Company, April): direct materials flexible budget
    # 600,000, actual 621,600: 21,600 U; revenues 1,200,000 against 1,250,000: 50,000 F
    cost = pd.DataFrame({"scope": ["month"], "ba": [600_000.0], "recognised": [621_600.0]})
    revenue = pd.DataFrame({"scope": ["month"], "ba": [1_200_000.0], "recognised": [1_250_000.0]})
    assert be.budget_variance(cost)[["variance", "word"]].values.tolist() == [[-21_600.0, "不利"]]
    assert be.budget_variance(revenue, kind="revenue")[["variance", "word"]].values.tolist() == [
        [50_000.0, "有利"]
    ]
    nothing = pd.DataFrame({"scope": ["month"], "ba": [0.0], "recognised": [5.0]})
    assert be.budget_variance(nothing)["status"].tolist() == ["unbudgeted"]
    with pytest.raises(MetricError, match="cost, revenue"):
        be.budget_variance(cost, kind="成本")


# ---- lines, vouchers, warnings


def test_overspent_and_unbudgeted_lines_with_their_vouchers(department) -> None:
    budget, spend = department
    a = be.budget_amounts(budget, spend, month="2026-03", by=["category"])
    over = be.overspent_lines(a)
    assert over[["category", "excess", "spent"]].values.tolist() == [["会展", 10e4, True]]
    assert be.unbudgeted_lines(a)["category"].tolist() == ["代言"]
    v = be.line_vouchers(spend, over, month="2026-03")
    assert v[["voucher", "source_row"]].values.tolist() == [["A", 2], ["B", 3]]
    assert v["amount"].sum() == over["recognised"].sum()
    assert set(v.columns) >= {"source_file", "source_sheet"}


def test_full_use_is_not_overspent() -> None:
    b = budget_frame([("2026-01-01", "year", "会展", 0.1 + 0.2)], "month period category amount")
    s = spend_frame([("2026-01-01", "会展", "paid", 0.3)])
    assert be.overspent_lines(be.budget_amounts(b, s, month="2026-01", by=["category"])).empty


def test_warnings_say_each_thing_once(department) -> None:
    w = be.budget_warnings(*department, month="2026-03", by=["category"])
    assert w[["category", "code", "severity"]].values.tolist() == [
        ["代言", "unbudgeted", "red"], ["会展", "overspent", "red"], ["直播", "behind", "amber"],
    ]  # fmt: skip


def test_transfers_must_cancel(department) -> None:
    budget, spend = department
    assert be.transfer_balance(budget, month="2026-12")[["kind", "net", "balanced"]].values.tolist() == [
        ["transfer", 0.0, True],
        ["supplement", 50e4, True],
    ]
    broken = budget[~((budget["version"] == "adjustment") & (budget["category"] == "直播"))]
    assert not be.transfer_balance(broken, month="2026-03")["balanced"].any()
    w = be.budget_warnings(broken, spend, month="2026-03", by=["category"])
    assert "transfer_unbalanced" in set(w["code"])


def test_a_transfer_and_a_supplement_of_one_day_keep_their_own_reasons() -> None:
    rows = [
        ("2026-03-01", "会展", -30.0, "调出", "由会展调出"), ("2026-03-01", "直播", 30.0, "", "调入"),
        ("2026-01-01", "物料", 50.0, "新品上市", ""), ("2026-12-01", "代言", -5.0, "压缩", ""),
    ]  # fmt: skip
    b = budget_frame(rows, "month category amount reason note").assign(
        version="adjustment", date=pd.Timestamp("2026-03-10"), approver="王磊"
    )
    ledger = transfers.adjustment_ledger(b, month="2026-03")
    assert ledger[["kind", "reason", "lines", "rows", "net", "balanced"]].values.tolist() == [
        ["supplement", "压缩", "代言", 1, -5.0, True],
        ["supplement", "新品上市", "物料", 1, 50.0, True],
        ["transfer", "调出", "会展；直播", 2, 0.0, True],
    ]
    assert ledger[["increase", "decrease"]].values.tolist() == [[0.0, -5.0], [50.0, 0.0], [30.0, -30.0]]
    shuffled = transfers.adjustment_ledger(b.iloc[[2, 0, 3, 1]], month="2026-03")
    pd.testing.assert_frame_equal(shuffled.drop(columns="lines"), ledger.drop(columns="lines"))
    balance = be.transfer_balance(b, month="2026-03")
    pd.testing.assert_frame_equal(balance, ledger[list(balance)].assign(reason=["压缩", "新品上市", ""]))
    others = [("2025-12-01", "会展", 9.0, "上年", ""), ("2027-01-01", "会展", 9.0, "下年", "")]
    other = budget_frame(others, "month category amount reason note").assign(
        version="adjustment", date=pd.Timestamp("2025-12-10")
    )
    original = b.assign(version="original", reason="年初")
    whole = pd.concat([b, other, original], ignore_index=True)
    pd.testing.assert_frame_equal(be.transfer_balance(whole, month="2026-03"), balance)


def test_adjustments_may_say_little() -> None:
    b = budget_frame([("2026-02-01", 7.0), ("2026-03-01", -7.0)], "month amount").assign(version="adjustment")
    columns = ["kind", "approver", "reason", "rows", "net"]
    assert be.transfer_balance(b, month="2026-03")[columns].values.tolist() == [
        ["supplement", "", "", 2, 0.0]
    ]
    said = b.assign(note="budget TRANSFER", approver=["王磊", None])
    assert be.transfer_balance(said, month="2026-03")[["kind", "approver", "balanced"]].values.tolist() == [
        ["transfer", "", False],
        ["transfer", "王磊", False],
    ]
    assert transfers.adjustment_ledger(b, month="2025-03").empty


def test_unplaced_budget_is_told() -> None:
    b = budget_frame([("2026-01-01", "会展", 5.0), (None, "会展", 7.0)])
    s = spend_frame([("2026-01-01", "会展", "paid", 5.0)])
    w = be.budget_warnings(b, s, month="2026-01", by=["category"])
    assert w.loc[w["code"] == "unplaced", "amount"].tolist() == [7.0]


# ---- pace


def test_elapsed_share_keeps_its_digits() -> None:
    # methods 4.2: offices that print 58% for 7/12 show gaps that are tenths of a point off
    assert be.elapsed_share("2026-07") == 7 / 12
    assert be.elapsed_share("2024-02", rule="days") == 60 / 366
    assert be.elapsed_share("2026-03", fiscal_year_start=4) == 1.0
    assert be.elapsed_share("2026-02", data_through=pd.Timestamp("2026-02-14")) == pytest.approx(1.5 / 12)


def test_phased_plan_sets_the_pace_and_year_rows_fall_back() -> None:
    phased = budget_frame(
        [("2026-02-01", "会展", 10.0), ("2026-11-01", "会展", 90.0), ("2026-01-01", "直播", 0.0)]
    )
    p = be.budget_pace(phased, month="2026-03", by=["category"]).set_index("category")
    assert p.loc["会展", ["pace", "reference", "rule"]].tolist() == [0.1, 0.25, "phased"]
    assert p.loc["直播", "rule"] == "months"
    yearly = budget_frame([("2026-01-01", "year", 100.0)], "month period amount")
    p = be.budget_pace(yearly, month="2026-03")
    assert p["pace"].tolist() == [0.25] and "月数/12" in p["note"].iloc[0]


def test_bands_begin_where_the_settings_say() -> None:
    t = Thresholds(pace_low=0.5, pace_high=0.9, pace_over=1.0)
    assert [be.pace_band(x, t) for x in (0.49, 0.5, 0.9, 0.95, 1.0, 1.01)] == [
        "behind", "normal", "normal", "watch", "watch", "over_pace",
    ]  # fmt: skip
    assert be.pace_band(float("nan")) == "none"
    assert be.pace_band(0.1, early=True) == "grey"


def test_the_last_bit_of_a_float_moves_no_band() -> None:
    # 0.1 + 0.2 of a plan of 0.3 is on pace, and 0.7 + 0.1 of 1 is the 80 % that warns
    assert be.pace_band((0.1 + 0.2) / 0.3) == "normal"
    assert be.pace_band(0.8 - 1e-14) == "normal"
    assert be.pace_band(1.1 + 1e-14) == "watch"
    assert be.occupancy_band(0.7 + 0.1) == "warning"
    assert be.occupancy_band(1 - 1e-14) == "frozen"
    assert [be.pace_band(0.7999999), be.pace_band(1.0000001)] == ["behind", "watch"]


def test_refunds_without_a_budget_are_not_spending_outside_it() -> None:
    refund = pd.DataFrame({"scope": ["month"], "b0": [0.0], "ba": [0.0], "committed": [0.0], "recognised": [-5.0],
                           "paid": [-5.0]})  # fmt: skip
    assert set(be.execution_rates(refund)["status"]) == {"na_zero_base"}
    assert be.budget_variance(refund)["status"].tolist() == ["na_zero_base"]
    assert set(be.execution_rates((-refund.drop(columns="scope")).assign(scope="month"))["status"]) == {
        "unbudgeted"
    }


def test_more_revenue_than_planned_is_no_fault() -> None:
    assert [be.pace_band(x, kind="revenue") for x in (0.79, 0.8, 1.1, 3.0)] == [
        "behind",
        "normal",
        "normal",
        "normal",
    ]
    assert be.pace_band(3.0, kind="revenue", early=True) == "grey"
    with pytest.raises(MetricError, match="cost, revenue"):
        be.pace_band(1.0, kind="收入")
    b = budget_frame([("2026-01-01", "year", 120.0)], "month period amount")
    s = spend_frame([("2026-03-01", "会展", "paid", 90.0)])
    assert be.execution_pace(b, s, month="2026-03")["band"].tolist() == ["over_pace"]
    assert be.execution_pace(b, s, month="2026-03", kind="revenue")["band"].tolist() == ["normal"]


def test_pace_says_what_it_is_made_of() -> None:
    b = budget_frame(
        [("2026-01-01", "year", "会展", 60.0), ("2026-03-01", "month", "直播", 40.0), ("2026-01-01", "month", "代言", 0.0)],
        "month period category amount",
    )  # fmt: skip
    s = spend_frame([("2026-03-01", "会展", "paid", 20.0), ("2026-03-01", "会展", "committed", 10.0)])
    p = be.execution_pace(b, s, month="2026-03", by=["category"]).set_index("category")
    assert p.loc["会展", ["execution_rate", "occupancy_rate"]].tolist() == pytest.approx([1 / 3, 1 / 2])
    assert p.loc["会展", "occupancy_band"] == "normal" and p.loc["直播", "pace"] == 1.0
    assert p.loc["代言", ["band", "occupancy_band"]].tolist() == ["none", "none"] and np.isnan(
        p.loc["代言", "execution_rate"]
    )
    whole = be.budget_pace(b, month="2026-03").iloc[0]
    assert whole["pace"] == pytest.approx((60 * 3 / 12 + 40) / 100) and "60%" in whole["note"]
    assert "1月" not in whole["note"]
    days = be.budget_pace(b, month="2026-03", rule="days").iloc[0]
    assert days["pace"] == 90 / 365 and days["rule"] == "days" and days["reference"] == 0.25
    months = be.budget_pace(b, month="2026-01", rule="months").iloc[0]
    assert months["pace"] == 1 / 12 and months["rule"] == "months"
    fallback = be.budget_pace(b[b["period"] == "year"], month="2026-03").iloc[0]["note"]
    assert fallback == word("pace_fallback") and fallback != months["note"] != days["note"]
    full = be.budget_pace(b, month="2026-03", data_through=pd.Timestamp("2026-03-31")).iloc[0]
    part = be.budget_pace(b, month="2026-03", data_through=pd.Timestamp("2026-03-10")).iloc[0]
    assert full["pace"] == whole["pace"] and full["note"] == whole["note"]
    assert part["pace"] == pytest.approx((60 * (2 + 10 / 31) / 12 + 40 * 10 / 31) / 100)
    assert "2026-03-10" in part["note"]
    before = be.elapsed_share("2026-03", data_through=pd.Timestamp("2026-02-10"))
    assert before == pytest.approx(2 / 12), "a month without any day counts for nothing"
    cut = budget_frame([("2026-02-01", 50.0), ("2026-03-01", -80.0), ("2026-09-01", 60.0)], "month amount")
    assert be.budget_pace(cut, month="2026-03")["rule"].tolist() == ["months"], "a share below 0 is no pace"
    assert be.budget_pace(cut, month="2026-02")["rule"].tolist() == ["months"], "nor one above 1"
    nothing = be.budget_pace(b.iloc[:0], month="2026-03", by=["category"])
    assert nothing.empty and list(nothing) == ["category", "pace", "reference", "rule", "note"]


def test_a_plan_that_begins_later_has_no_pace_yet() -> None:
    b = budget_frame([("2026-09-01", "会展", 0.5)])
    s = spend_frame([("2026-03-01", "会展", "paid", 0.1), ("2026-03-01", "代言", "paid", 1.0)])
    p = be.execution_pace(b, s, month="2026-03", by=["category"]).set_index("category")
    assert p.loc["会展", ["pace", "execution_rate", "gap_pp"]].tolist() == pytest.approx([0.0, 0.2, 0.2])
    assert np.isnan(p.loc["会展", "relative_pace"]) and p.loc["会展", "band"] == "none"
    assert be.budget_pace(b, month="2026-03")["note"].tolist() == [word("pace_phased")], (
        "all of it phased, in no special month"
    )
    assert np.isnan(p.loc["代言", "pace"]) and p.loc["代言", "band"] == "none", (
        "without a plan there is no pace"
    )
    early, later = (
        be.execution_pace(b, s, month=m, by=["category"])["note"].iloc[0] for m in ("2026-01", "2026-02")
    )
    grey, january = word("pace_grey", n=2), word("pace_january")
    assert grey in early and january in early and grey not in later and january not in later


def test_no_colour_in_january() -> None:
    b = budget_frame([("2026-01-01", "year", 120.0)], "month period amount")
    s = spend_frame([("2026-01-01", "会展", "paid", 1.0), ("2026-02-01", "会展", "paid", 1.0)])
    p = be.execution_pace(b, s, month="2026-01")
    assert p["band"].tolist() == ["grey"] and "春节" in p["note"].iloc[0]
    assert be.execution_pace(b, s, month="2026-02")["band"].tolist() == ["behind"]


def test_words_exist_for_every_code() -> None:
    for code in (
        "behind",
        "normal",
        "watch",
        "over_pace",
        "grey",
        "warning",
        "frozen",
        "none",
        "favourable",
        "unfavourable",
        "nil",
    ):
        assert word(code) and word(code, "en")
    with pytest.raises(MetricError):
        word("behind", "fr")


# ---- 费销比


def test_cost_to_sales_counts_the_same_months_on_both_sides() -> None:
    s = spend_frame([("2026-01-01", "会展", "paid", 10.0), ("2026-02-01", "会展", "paid", 30.0)])
    sales = pd.DataFrame({"month": months("2026-01-01", "2026-03-01"), "amount": [200.0, 100.0]})
    r = be.cost_to_sales(budget_frame([]), s, sales, month="2026-03").set_index("scope")
    assert r.loc["ytd", ["value", "n"]].tolist() == [0.05, 1]
    assert "2026-02" in r.loc["ytd", "note"] and "2026-03" in r.loc["ytd", "note"]
    assert r.loc["month", "status"] == "na_missing"


# ---- the year


def test_forecast_methods_by_hand() -> None:
    history = pd.Series(
        [*[5.0] * 6, *[10.0] * 6, *[4.0] * 6, *[16.0] * 6, *[6.0] * 6],
        pd.date_range("2024-01-01", periods=30, freq="MS"),
    )
    plan = pd.Series(8.0, pd.date_range("2026-01-01", periods=12, freq="MS"))
    f = year_forecasts(history, month="2026-06", plan=plan, committed=60.0)
    assert f["linear"] == 72.0
    assert f["seasonal_share"] == pytest.approx(36 / (54 / 210))  # pooled: (30 + 24) / (90 + 120)
    assert f["last_year_growth"] == 36 + 96 * 36 / 24
    assert f["phased_plan"] == 36 + 48
    assert f["last_year_rest"] == 36 + 96
    assert f["bottom_up"] == 36 + 60  # commitments are above what the plan has left
    assert f["mean_of_bf"] == pytest.approx(f[["seasonal_share", "theta", "ets"]].mean())
    assert year_forecasts(history.drop(pd.Timestamp("2026-03-01")), month="2026-06").isna().all()


def test_short_history_falls_back_and_says_so() -> None:
    b = budget_frame([("2026-01-01", "year", 120e4)], "month period amount")
    s = spend_frame([(f"2026-0{m}-01", "会展", "paid", 9e4) for m in range(1, 7)])
    f = full_year_forecast(b, s, month="2026-06").iloc[0]
    assert f["method"] == "bottom_up" and f["value"] == pytest.approx(54e4 + 60e4)
    assert f["range_from"] == "m3" and f["low"] < f["value"] < f["high"]
    assert "历史不足12个月" in f["note"] and "M3" in f["note"]


def test_the_plan_is_the_main_number_and_statistics_the_cross_check() -> None:
    b = budget_frame([("2026-01-01", "year", 120e4)], "month period amount")
    s = spend_frame(
        [
            (f"{y}-{m:02d}-01", "会展", "paid", 9e4)
            for y in (2024, 2025, 2026)
            for m in range(1, 13)
            if (y, m) <= (2026, 6)
        ]
    )
    rows = {
        x: year_outlook(b, s, month="2026-06", known="2026-06", method=x).iloc[0]
        for x in ("bottom_up", "mean_of_bf")
    }
    plan, mean = 54e4 + 60e4, 108e4
    assert year_outlook(b, s, month="2026-06", known="2026-06")["method"].tolist() == ["bottom_up"]
    assert rows["bottom_up"][["value", "cross_check"]].tolist() == pytest.approx([plan, mean])
    assert rows["mean_of_bf"][["value", "cross_check"]].tolist() == pytest.approx([mean, plan])
    assert "没有往年计划可比" in rows["bottom_up"]["notes"] and "历史不足" not in rows["bottom_up"]["notes"]


def test_range_from_past_errors_of_all_lines() -> None:
    rng = np.random.default_rng(7)
    rows = [
        (f"{y}-{m:02d}-01", f"科目{k}", "paid", float(rng.integers(5, 20)))
        for y in (2023, 2024, 2025, 2026) for m in range(1, 13) for k in range(4) if (y, m) <= (2026, 6)
    ]  # fmt: skip
    b = budget_frame(
        [("2026-01-01", "year", f"科目{k}", 150.0) for k in range(4)], "month period category amount"
    )
    f = full_year_forecast(b, spend_frame(rows), month="2026-06", by=["category"], method="seasonal_share")
    assert set(f["range_from"]) == {"past"} and (f["errors"] == 8).all()  # 4 lines × 2024, 2025
    assert (f["low"] <= f["value"]).all() and (f["value"] <= f["high"]).all()
    assert (f["low"] >= f["actual_ytd"]).all()


def test_forecast_stops_where_a_month_is_missing() -> None:
    b = budget_frame([("2026-01-01", "year", 120.0)], "month period amount")
    s = spend_frame([("2026-01-01", "会展", "paid", 9.0), ("2026-03-01", "会展", "paid", 9.0)])
    f = full_year_forecast(b, s, month="2026-03").iloc[0]
    assert f["status"] == "na_missing" and np.isnan(f["value"]) and "缺 1 个月" in f["note"]


def test_the_finished_year_is_its_actual() -> None:
    b = budget_frame([("2026-01-01", "year", 120.0)], "month period amount")
    s = spend_frame([(f"2026-{m:02d}-01", "会展", "paid", 9.0) for m in range(1, 13)])
    f = full_year_forecast(b, s, month="2026-12").iloc[0]
    assert f[["low", "value", "high"]].tolist() == [108.0] * 3


# ---- laws

QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # shrinking frames takes minutes and tells little more
AMOUNT = st.integers(-500, 5000).map(lambda x: x * 100.0)
CATEGORY = st.sampled_from(["会展", "直播", "代言", None])
REGION = st.sampled_from(["华东", "华南"])
MONTH = st.integers(1, 12).map(lambda m: f"2026-{m:02d}-01")


@st.composite
def plans_and_spends(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    plan = draw(
        st.lists(
            st.tuples(MONTH, st.sampled_from(["month", "quarter", "year"]), CATEGORY, REGION,
                      st.sampled_from(["original", "adjustment"]), AMOUNT), min_size=1, max_size=12,
        )
    )  # fmt: skip
    used = draw(
        st.lists(st.tuples(MONTH, CATEGORY, REGION, st.sampled_from(be_stages()), AMOUNT), max_size=15)
    )
    b = budget_frame(plan, "month period category region version amount")
    return b, spend_frame(used, "month category region status amount"), draw(st.integers(1, 12))


def be_stages() -> list[str]:
    return ["committed", "recognised", "paid"]


@settings(max_examples=20, deadline=None, phases=QUICK)
@given(plans_and_spends(), st.randoms())
def test_laws_of_amounts(case, random) -> None:
    b, s, m = case
    month = f"2026-{m:02d}"
    kept_b, kept_s = b.copy(deep=True), s.copy(deep=True)
    a = be.budget_amounts(b, s, month=month, by=["category", "region"])
    assert_frame_equal(b, kept_b)
    assert_frame_equal(s, kept_s)
    # available = BA - C - A, BA = B0 + adjustments, P ≤ A in stages
    known = a.dropna(subset=["recognised"])
    np.testing.assert_allclose(
        known["available"], known["ba"] - known["committed"] - known["recognised"], atol=1e-6
    )
    np.testing.assert_allclose(a["ba"], a["b0"] + a["adjustment"], atol=1e-6)
    # members sum to the whole
    whole = be.budget_amounts(b, s, month=month).set_index("scope")
    for column in ("b0", "ba", "committed", "recognised", "paid"):
        sums = a.groupby("scope")[column].sum(min_count=1)
        np.testing.assert_allclose(sums.reindex(whole.index), whole[column], atol=1e-6)
    # no double count: C + A is every yuan of the vouchers so far
    so_far = s.loc[s["month"] <= pd.Timestamp(f"{month}-01"), "amount"].sum()
    if len(s) and not whole.loc["ytd", ["recognised"]].isna().any():
        assert whole.loc["ytd", "committed"] + whole.loc["ytd", "recognised"] == pytest.approx(
            so_far, abs=1e-6
        )
    # the months of the plan sum to the year
    plan = be.monthly_plan(b, month=month, by=["category", "region"])
    if not np.isnan(whole.loc["year", "ba"]):  # no row stands yet: missing, not zero
        assert plan["ba"].sum() == pytest.approx(whole.loc["year", "ba"], abs=1e-6)
    # the order of the rows doesn't matter
    order_b, order_s = list(range(len(b))), list(range(len(s)))
    random.shuffle(order_b)
    random.shuffle(order_s)
    assert_frame_equal(
        a, be.budget_amounts(b.iloc[order_b], s.iloc[order_s], month=month, by=["category", "region"])
    )


@settings(max_examples=20, deadline=None, phases=QUICK)
@given(plans_and_spends())
def test_laws_of_rates(case) -> None:
    b, s, m = case
    month = f"2026-{m:02d}"
    r = be.execution_rates(be.budget_amounts(b, s, month=month, by=["category"]))
    assert set(r["status"]) <= RECORD_STATUS
    assert (r["value"].notna() == (r["status"] == "ok")).all() and not np.isinf(r["value"].fillna(0)).any()
    big = [f.assign(amount=f["amount"] * 1000) for f in (b, s)]
    scaled = be.execution_rates(be.budget_amounts(*big, month=month, by=["category"]))
    np.testing.assert_allclose(r["value"], scaled["value"], rtol=1e-9, equal_nan=True)
    pace = be.execution_pace(b, s, month=month, by=["category"])
    assert pace["pace"].dropna().between(0, 1).all()
    np.testing.assert_allclose(pace["gap_pp"], pace["execution_rate"] - pace["pace"], equal_nan=True)
    be.budget_warnings(b, s, month=month, by=["category"])


def test_warnings_where_no_line_has_a_budget_or_an_actual_yet() -> None:
    """An adjustment of April and a refund of October, seen in February."""
    keys = {"category": ["代言"], "region": ["华东"]}
    budget = pd.DataFrame(
        {"month": pd.to_datetime(["2026-04-01"]), **keys, "version": "adjustment", "amount": 15500.0}
    )
    spend = pd.DataFrame(
        {"month": pd.to_datetime(["2026-10-01"]), **keys, "status": "paid", "amount": -5700.0}
    )
    for by in (["category"], []):
        codes = set(be.budget_warnings(budget, spend, month="2026-02", by=by)["code"])
        assert codes <= {"transfer_unbalanced", "missing_months"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 900), min_size=13, max_size=23), st.integers(1, 1000))
def test_forecasts_scale_and_hold_what_is_spent(values, factor) -> None:
    series = pd.Series(
        [float(v) for v in values], pd.date_range("2025-01-01", periods=len(values), freq="MS")
    )
    month = series.index[-1]
    f = year_forecasts(series, month=month)
    np.testing.assert_allclose(
        year_forecasts(series * factor, month=month), f * factor, rtol=1e-9, equal_nan=True
    )
    assert (f.dropna() >= series[series.index.year == month.year].sum() - 1e-9).all()
    assert set(f.index) == set(METHODS)
