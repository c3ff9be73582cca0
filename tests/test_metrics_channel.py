"""Dealers, receivables, funnels: worked examples and identities that hold for any data."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Status

money = st.integers(-50_000, 100_000).map(lambda cents: cents / 100)


@st.composite
def ledgers(draw: st.DrawFn) -> pd.DataFrame:
    """Balances made by their own flows, months in any order."""
    rows = []
    for customer in draw(st.lists(st.sampled_from(["苏州", "杭州", "宁波"]), min_size=1, unique=True)):
        balance = draw(money)
        for month in range(draw(st.integers(1, 5))):
            sales, collections, write_offs, other = (draw(money) for _ in range(4))
            closing = balance + sales - collections - write_offs + other
            rows.append((customer, month, balance, sales, collections, write_offs, other, closing))
            balance = closing
    columns = ["customer", "month", "opening", "sales", "collections", "write_offs", "other", "closing"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["month"] = pd.to_datetime([f"2026-{m + 1:02d}-01" for m in frame["month"]])
    return frame.sample(frac=1, random_state=draw(st.integers(0, 99)))


@settings(max_examples=40, deadline=None)
@given(ledgers(), st.data())
def test_a_roll_forward_closes_and_one_changed_balance_shows(ledger, data):
    assert mm.receivables_rollforward(ledger)["closes"].all()
    at = data.draw(st.sampled_from(list(ledger.index)))
    changed = ledger.copy()
    changed.loc[at, "closing"] += 1.0
    out = mm.receivables_rollforward(changed)
    row = out[(out["customer"] == ledger.loc[at, "customer"]) & (out["month"] == ledger.loc[at, "month"])]
    assert row["difference"].item() == pytest.approx(1.0) and not row["closes"].item()


def test_a_month_that_is_missing_leaves_no_gap_to_judge():
    ledger = pd.DataFrame(
        {
            "customer": "苏州",
            "month": pd.to_datetime(["2026-01-01", "2026-03-01"]),
            "opening": [0.0, 70.0],
            "sales": [10.0, 0.0],
            "collections": 0.0,
            "write_offs": 0.0,
            "other": 0.0,
            "closing": [10.0, 70.0],
        }
    )
    assert mm.receivables_rollforward(ledger)["gap"].isna().all()


def test_collection_rate_has_three_meanings_and_needs_one():
    ledger = pd.DataFrame(
        {
            "customer": ["苏州", "苏州"],
            "opening": [100.0, 0.0],
            "sales": [80.0, 20.0],
            "collections": [60.0, 60.0],
        }
    ).assign(due_collected=[30.0, 15.0], due=[40.0, 20.0])
    values = {m: mm.collection_rate(ledger, meaning=m)["value"].item() for m in ("sales", "balance", "due")}
    assert values == {"sales": 1.2, "balance": 0.6, "due": 0.75}
    with pytest.raises(MetricError, match="sales, balance, due"):
        mm.collection_rate(ledger, meaning="anything")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), money, st.one_of(st.none(), st.integers(-40, 500))), min_size=1
    ),
    st.sets(st.integers(1, 400), min_size=1, max_size=4),
)
def test_ageing_loses_no_money(items, edges):
    day = pd.Timestamp("2026-10-31")
    frame = pd.DataFrame(items, columns=["customer", "amount", "age"])
    frame["due_date"] = [pd.NaT if pd.isna(a) else day - pd.Timedelta(days=int(a)) for a in frame["age"]]
    out = mm.ageing(frame, day, edges=sorted(edges)).set_index("customer")
    assert np.allclose(out["total"], frame.groupby("customer")["amount"].sum())
    assert np.allclose(out.drop(columns="total").sum(axis=1), out["total"])
    assert (out.drop(columns=["total", "unapplied"]) >= 0).all().all() and (out["unapplied"] <= 0).all()


def test_buckets_end_with_their_last_day_included():
    ages = [0, 1, 30, 31, 60, 61]
    items = pd.DataFrame({"customer": "苏州", "amount": 1.0, "age": ages})
    items["due_date"] = pd.Timestamp("2026-10-31") - pd.to_timedelta(items["age"], unit="D")
    out = mm.ageing(items, "2026-10-31", edges=(30, 60))
    assert out[["current", "1-30", "31-60", "over 60"]].iloc[0].tolist() == [1.0, 2.0, 2.0, 1.0]


def test_the_allowance_tops_up_to_what_ageing_asks_for():
    """The ageing-of-receivables method, with a credit and with a debit balance in the books."""
    balances, rates = {"1-30": 48_000.0, "31-60": 12_000.0, "over 60": 6_000.0}, None
    rates = {"1-30": 0.005, "31-60": 0.05, "over 60": 0.25}
    required = 48_000 * 0.005 + 12_000 * 0.05 + 6_000 * 0.25
    assert mm.expected_loss(balances, rates, allowance=340.0) == {
        "required": required,
        "top_up": required - 340,
    }
    assert mm.expected_loss(balances, rates, allowance=-60.0)["top_up"] == required + 60
    with pytest.raises(MetricError):
        mm.expected_loss(balances, {"1-30": 0.01})


def test_days_of_sales_by_both_methods():
    assert (
        mm.days_sales_outstanding(1000.0, [1000.0, 2000.0], [31, 30], method="simple").value
        == 1000 / 3000 * 61
    )
    turnover = 3600.0 / 600.0  # 360 / turnover
    assert mm.days_sales_outstanding(600.0, [3600.0], [360], method="simple").value == 360 / turnover
    exact = mm.days_sales_outstanding(1100.0, [800.0, 500.0, 600.0], [31, 30, 31], method="count_back")
    assert exact.value == 61.0
    more = mm.days_sales_outstanding(9000.0, [800.0], [31], method="count_back")
    assert more.value is None and more.status is Status.INCOMPLETE_PERIOD
    assert mm.days_sales_outstanding(10.0, [0.0], [31], method="simple").status is Status.ZERO_BASE


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=1, max_size=6), st.floats(0, 1))
def test_counting_back_agrees_with_the_simple_form_for_level_sales(sales, part):
    level = [sales[0]] * len(sales)
    receivables = part * sum(level)
    counted = mm.days_sales_outstanding(receivables, level, [30] * len(level), method="count_back")
    simple = mm.days_sales_outstanding(receivables, level, [30] * len(level), method="simple")
    assert counted.value == pytest.approx(simple.value, abs=1e-2)


def test_forecast_error_of_dealers_knows_zero_forecasts_and_missing_rows():
    rows = pd.DataFrame(
        {
            "dealer": ["甲", "甲", "甲", "乙", "丙"],
            "actual": [80.0, 5.0, 0.0, 1000.0, np.nan],
            "forecast": [100.0, 0.0, 0.0, 100.0, 10.0],
        }
    )
    out = mm.dealer_forecast_error(rows).set_index("dealer")
    assert out.loc["甲", "value"] == pytest.approx((0.2 + 1.0 + 0.0) / 3)
    assert out.loc["乙", "value"] == 1.0, "an error is capped"
    assert out.loc["丙", "status"] == Status.MISSING and "1" in out.loc["丙", "note"]
    by_actual = mm.dealer_forecast_error(rows, base="actual").set_index("dealer")
    assert by_actual.loc["甲", "value"] == pytest.approx((0.25 + 1.0 + 0.0) / 3)


def test_stock_figures_are_ratios_of_sums():
    stock = pd.DataFrame(
        {"dealer": ["甲", "甲"], "opening": [10.0, 30.0], "sell_in": [90.0, 70.0], "sell_out": [50.0, 100.0]}
    )
    assert mm.sell_through_rate(stock)["value"].item() == 150 / 200
    days = mm.inventory_days(
        pd.DataFrame({"dealer": ["甲"], "opening": [1.0], "closing": [1.0], "sold": [0.0]}), days=30
    )
    assert days["status"].item() == Status.ZERO_BASE


STAGES = ["线索", "商机", "方案", "签约"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(STAGES), st.integers(0, 200)), min_size=1))
def test_a_funnel_never_widens_and_order_of_rows_never_matters(rows):
    entries = pd.DataFrame(rows, columns=["opportunity", "stage", "day"])
    entries["date"] = pd.Timestamp("2026-01-05") + pd.to_timedelta(entries["day"], unit="D")
    out = mm.funnel_conversion(entries, STAGES)
    assert (out["numerator"] <= out["denominator"]).all() and out["value"].between(0, 1).all()
    assert ((out["low"] <= out["value"] + 1e-12) & (out["value"] <= out["high"] + 1e-12)).all()
    entered = out.groupby("stage")["n"].sum().reindex(STAGES[:-1]).fillna(0)
    assert entered.is_monotonic_decreasing, "who reached a stage has passed those before it"
    assert entered["线索"] == entries["opportunity"].nunique()
    pd.testing.assert_frame_equal(out, mm.funnel_conversion(entries.iloc[::-1], STAGES))


def test_win_rates_by_count_and_value_differ_and_open_deals_wait():
    deals = pd.DataFrame(
        {
            "team": ["华东"] * 3 + ["华北"],
            "outcome": ["won", "lost", "open", "open"],
            "value": [300.0, 100.0, 900.0, 1.0],
        }
    )
    count = mm.win_rate(deals, by="team").set_index("team")
    assert count.loc["华东", "value"] == 0.5 and count.loc["华北", "status"] == Status.ZERO_BASE
    value = mm.win_rate(deals, by="team", measure="value").set_index("team").loc["华东"]
    assert value["value"] == 0.75 and np.isnan(value["low"])


def test_a_win_rate_has_its_interval():
    """Newcombe 1998, table I, method 3: 81 of 263 lies between 0.2553 and 0.3662."""
    deals = pd.DataFrame({"team": "华东", "outcome": ["won"] * 81 + ["lost"] * 182 + ["open"] * 9})
    found = mm.win_rate(deals, by="team").iloc[0]
    assert (found["low"], found["high"]) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_an_outcome_nobody_knows_is_refused():
    deals = pd.DataFrame({"team": ["华东"], "outcome": ["open"]})
    with pytest.raises(MetricError, match="won, lost, open"):
        mm.win_rate(deals.assign(outcome="赢"), by="team")


def test_time_to_win_by_hand():
    """Kaplan-Meier by hand: 5 deals, won at 10, censored at 15, won at 20, lost at 25, open to 40."""
    start = pd.Timestamp("2026-01-01")
    deals = pd.DataFrame({"opened": [start] * 5, "days": [10, 15, 20, 25, 40]})
    deals["outcome"] = ["won", "lost", "won", "lost", "open"]
    deals["closed"] = [
        start + pd.Timedelta(days=d) if o != "open" else pd.NaT
        for d, o in zip(deals["days"], deals["outcome"], strict=True)
    ]
    out = mm.time_to_win(deals, start + pd.Timedelta(days=40))
    assert out["days"].tolist()[0] == 10 and out["won"].tolist()[0] == pytest.approx(1 / 5)
    assert out.loc[out["days"] == 20, "won"].item() == pytest.approx(1 - 4 / 5 * 2 / 3)
    assert mm.time_to_win(deals.assign(outcome="open"), "2026-06-01").empty


def test_detours_are_logged():
    dates = ["2026-01-05", "2026-01-05", "2026-02-01", "2026-02-09", "2026-03-01", "2026-01-02", "2026-01-03"]
    entries = pd.DataFrame(
        {"opportunity": [1, 1, 1, 1, 1, 2, 3], "date": pd.to_datetime(dates),
         "stage": [STAGES[1], STAGES[0], STAGES[2], STAGES[0], STAGES[2], STAGES[2], STAGES[0]]}
    )  # fmt: skip
    out = mm.funnel_detours(entries, STAGES)
    found = list(
        zip(out["opportunity"], out["kind"], out["stage"], out["date"].dt.strftime("%m-%d"), strict=True)
    )
    assert found == [  # two stages on one day went forwards; the second visit of the third is an entry again
        (1, "back", STAGES[0], "02-09"), (1, "back", STAGES[2], "03-01"),
        (2, "skipped", STAGES[0], "01-02"), (2, "skipped", STAGES[1], "01-02"),
    ]  # fmt: skip
    pd.testing.assert_frame_equal(out, mm.funnel_detours(entries.iloc[::-1], STAGES))
    straight = mm.funnel_detours(entries[entries["opportunity"] == 3], STAGES)
    assert straight.empty and list(straight) == ["opportunity", "kind", "stage", "date"]
    with pytest.raises(MetricError, match="火星"):
        mm.funnel_detours(entries.assign(stage="火星"), STAGES)


def test_probabilities_are_held_against_what_was_won():
    deals = pd.DataFrame(
        {"stage": ["方案"] * 22 + ["签约"] * 10, "outcome": ["won"] * 3 + ["lost"] * 17 + ["open"] * 2 + ["won"] * 8 + ["lost"] * 2}
    )  # fmt: skip
    out = mm.pipeline_calibration(deals, {"方案": 0.4, "签约": 0.8}).set_index("stage")
    assert out["n"].tolist() == [20, 10] and out["expected"].tolist() == pytest.approx([8, 8])
    assert out["value"].tolist() == [0.15, 0.8] and out["fits"].tolist() == [False, True]
    undecided = mm.pipeline_calibration(deals.assign(outcome="open"), {"方案": 0.4, "签约": 0.8})
    assert undecided["status"].eq("na_zero_base").all() and not undecided["fits"].any()
    with pytest.raises(MetricError, match="签约"):
        mm.pipeline_calibration(deals, {"方案": 0.4})


def test_velocity_is_inverse_in_the_days_and_a_pipeline_is_weighted():
    usual, faster = mm.sales_velocity(50, 0.2, 30_000, 60), mm.sales_velocity(50, 0.2, 30_000, 48)
    assert faster.value / usual.value == pytest.approx(1.25)
    assert mm.sales_velocity(1, 0.5, 10, 0).status is Status.ZERO_BASE
    deals = pd.DataFrame({"stage": ["方案", "签约"], "value": [100.0, 80.0], "outcome": ["open", "won"]})
    assert mm.weighted_pipeline(deals, {"方案": 0.4})["weighted"].tolist() == [40.0]
    with pytest.raises(MetricError, match="方案"):
        mm.weighted_pipeline(deals, {"方案": math.nan})


def test_a_span_of_months_has_one_opening_balance_and_no_missing_figure_counts_as_zero():
    ledger = pd.DataFrame({"customer": "苏州", "month": pd.to_datetime(["2026-10-01", "2026-09-01"])})
    ledger = ledger.assign(opening=[130.0, 100.0], sales=[50.0, 80.0], collections=[65.0, 50.0])
    assert mm.collection_rate(ledger, meaning="balance")["value"].item() == 115 / 230
    lost = ledger.assign(collections=[65.0, np.nan])
    assert mm.collection_rate(lost, meaning="sales")["status"].item() == Status.MISSING
    items = pd.DataFrame(
        {"customer": ["苏州", None], "amount": [1.0, 2.0], "due_date": pd.Timestamp("2026-10-01")}
    )
    assert mm.ageing(items, "2026-10-31")["total"].sum() == 3.0
    with pytest.raises(MetricError):
        mm.ageing(items.assign(amount=[1.0, np.nan]), "2026-10-31")
    assert mm.days_sales_outstanding(0.0, [0.0], [31], method="count_back").value == 0.0
    assert mm.days_sales_outstanding(np.nan, [5.0], [31], method="simple").status is Status.MISSING
