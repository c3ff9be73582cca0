"""Amounts of several currencies are never added, and a figure's unit is its data's currency (methods 0.4)."""

from __future__ import annotations

import datetime as dt
import doctest
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from mktanalytics import metrics
from mktanalytics.display import say
from mktanalytics.errors import MktError
from mktanalytics.metrics.result import Figure
from mktanalytics.publish.inputs import Inputs
from mktanalytics.publish.one_currency import in_one_currency
from mktanalytics.settings import Settings
from mktanalytics.units import CURRENCIES

MONEY = ("amount", "cost", "price", "pv")  # the columns by which a frame of a metric's example holds money


ADDS_NONE = {
    "cohort_activity": "counts customers",
    "fold_small": "gives its frames back, with names folded",
    "pvm_bridge": "adds the parts that price_volume_mix gave, which refuses several currencies",
    "weighted_distribution": "its example has one row of the whole market",
}


def mixed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its rows in two currencies by turns."""
    return frame.assign(currency=[("CNY", "USD")[i % 2] for i in range(len(frame))])


def holds_money(value: object) -> bool:
    return isinstance(value, pd.DataFrame) and len(value) > 1 and bool(set(MONEY) & set(value.columns))


class Replayed:
    """Calls a metric as its example does, and once more with the amounts in two currencies."""

    def __init__(self, function: Any) -> None:
        self.function, self.tried, self.added = function, 0, []

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any(map(holds_money, (*args, *kwargs.values()))):
            self.tried += 1
            again = [mixed(v) if holds_money(v) else v for v in args]
            named = {k: mixed(v) if holds_money(v) else v for k, v in kwargs.items()}
            try:
                result = self.function(*again, **named)
            except MktError:
                pass
            else:
                if not (isinstance(result, pd.DataFrame) and "currency" in result):
                    self.added.append(result)
        return self.function(*args, **kwargs)


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_no_metric_adds_amounts_of_two_currencies(name):
    function = metrics.all_metrics()[name]
    replayed = Replayed(function)
    space = {**vars(import_module(function.__module__)), name: replayed}
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in doctest.DocTestFinder(recurse=False).find(function, name, globs=space):
        runner.run(test, out=lambda text: None)
    if not replayed.tried or name in ADDS_NONE:
        pytest.skip(ADDS_NONE.get(name, "its example has no amounts of several rows"))
    assert replayed.added == []


# ---- scorecards, sales against target, prices on a shelf: each in the currency of its rows

OCTOBER = pd.Timestamp("2026-10-01")


def company(**currencies: str) -> dict[str, pd.DataFrame]:
    """Sales and a sales target of each region, in its own currency: 380 of 400."""
    sales = [
        {"month": m, "period": "day", "region": r, "amount": 380.0, "units": 4.0, "currency": c}
        for r, c in currencies.items()
        for m in (OCTOBER, OCTOBER - pd.DateOffset(years=1))
    ]
    targets = [
        {"month": OCTOBER, "period": "month", "entity_level": "region", "entity": r, "kpi": "销售额", "target": 400.0, "unit": c}
        for r, c in currencies.items()
    ]  # fmt: skip
    return {"sales": pd.DataFrame(sales), "targets": pd.DataFrame(targets)}


def card(tables: dict[str, pd.DataFrame], **options: Any) -> pd.DataFrame:
    return metrics.scorecard(tables, "2026-10", **options).set_index("entity")


def test_a_target_in_dollars_meets_sales_in_dollars():
    row = card(company(North="USD")).loc["North"]
    assert (row["actual"], row["kpi_unit"], row["source"]) == (380.0, "USD", "sales")
    assert row["achievement"] == pytest.approx(0.95)


def test_each_region_is_scored_in_its_own_currency():
    rows = card(company(华东="CNY", North="USD"))
    assert rows["achievement"].tolist() == pytest.approx([0.95, 0.95])
    assert rows["kpi_unit"].to_dict() == {"华东": "CNY", "North": "USD"}


def test_a_target_in_another_currency_than_its_sales_is_not_compared():
    tables = company(North="USD")
    tables["targets"]["unit"] = "CNY"
    row = card(tables).loc["North"]
    assert row["status"] == "na_missing" and "USD" in row["note"]


@pytest.mark.parametrize(("currency", "status"), [("USD", "ok"), ("CNY", "na_missing")])
def test_a_target_that_names_no_currency_is_in_that_of_the_settings(currency, status):
    tables = company(North="USD")
    tables["targets"]["unit"] = ""
    assert card(tables, settings=Settings(currency=currency)).loc["North", "status"] == status


def test_a_department_over_two_currencies_has_no_sum():
    tables = company(华东="CNY", North="USD")
    tables["targets"] = tables["targets"].iloc[:1].assign(entity_level="department", entity="销售部")
    row = card(tables).loc["销售部"]
    assert row["status"] == "na_missing" and "币种混合" in row["note"]


def test_cost_and_sales_of_two_currencies_are_not_divided():
    tables = company(North="USD")
    tables["spend"] = tables["sales"].assign(status="paid", currency="CNY", department="市场部")
    tables["targets"] = tables["targets"].assign(kpi="费销比", unit="fraction", target=0.1)
    row = card(tables).loc["North"]
    assert row["status"] == "na_missing" and "不能相除" in row["note"]


def test_months_of_money_add_up_in_any_currency():
    assert metrics.is_flow("回款额", "USD") and not metrics.is_flow("毛利率", "fraction")


def test_sales_in_dollars_are_compared_with_targets_in_dollars():
    north = metrics.sales_performance(company(North="USD"), "2026-10").set_index("entity").loc["North"]
    assert north["achievement"] == pytest.approx(0.95)
    tables = company(North="USD")
    tables["targets"]["unit"] = "CNY"
    north = metrics.sales_performance(tables, "2026-10").set_index("entity").loc["North"]
    assert pd.isna(north["target"]) and "CNY" in north["note"] and "USD" in north["note"]


def test_sales_per_point_and_earned_value_are_in_the_currency_of_their_rows():
    points = pd.DataFrame({"brand": ["North"], "value": [125.0], "unit": ["points"]})
    sold = pd.DataFrame({"brand": ["North"], "amount": [250.0], "currency": ["USD"]})
    assert metrics.sales_per_point(sold, points)["unit"].tolist() == ["usd"]
    work = pd.DataFrame(
        {"activity": ["a", "b"], "pv": 5.0, "ev": 4.0, "ac": 5.0, "bac": 10.0, "currency": ["CNY", "USD"]}
    )
    units = metrics.earned_value(work).set_index(["activity", "metric"])["unit"]
    assert (units["a", "cv"], units["b", "cv"], units["b", "cpi"]) == ("cny", "usd", "ratio")


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_every_currency_that_is_read_is_shown_by_name(code):
    assert say(Figure(2.5e6, code.lower()), language="zh").startswith("250.0万")
    assert say(Figure(2.5e6, code.lower()), language="en") == f"{code} 2.50 m"


def test_rows_of_another_currency_are_told_with_their_sum():
    tables = company(华东="CNY", North="USD")
    month = dt.date(2026, 10, 31)
    data = Inputs(OCTOBER, "zh", Settings(), {"sales": tables["sales"]}, ("sales",), month)
    sums = in_one_currency(data, ["sales"])
    assert (sums.unit, len(sums["sales"])) == ("cny", 2)
    assert [n.text for n in sums.cautions()] == [
        "销售明细中 2 行为 USD（合计 760），不与 CNY 相加，未计入以 CNY 表示的金额。"
    ]
