"""The rate at which each entity has used its budget, as a KPI (methods 4.2)."""

from __future__ import annotations

from functools import cache

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.budget.budget_months import monthly_actual, monthly_plan
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.kpi._kpi_rows import OfEntity, Query, Tables, entity_column, of_each, ratio
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure
from mktanalytics.settings import Settings


def execution_rates_of(tables: Tables, query: Query, settings: Settings) -> OfEntity:
    """Recognised cost over the adjusted plan of the same months (执行率 = A / BA), each entity in its own currency."""
    budget = tables["budget"]
    spend = tables.get("spend", pd.DataFrame({"month": [], "amount": []}))
    column = entity_column(budget, "budget", query)

    @cache  # which currencies are wanted shows entity by entity, and few have several
    def months_in(currency: str) -> list[pd.DataFrame]:
        kept, spent = (f[f["currency"] == currency] if "currency" in f else f for f in (budget, spend))
        return _months(kept, spent, [column] if column else [], query, settings.fiscal_year_start)

    def rate(rows: pd.DataFrame) -> Figure:
        entity = str(rows[column].iloc[0]) if column else ""
        spent = spend[spend[column] == entity] if column in spend else spend
        sums = []
        for frame, table in zip(months_in(currency_of(rows, spent)), ("budget", "spend"), strict=True):
            own = frame[frame[column] == entity] if column else frame
            if own["m"].nunique() < len(query.months):
                raise MetricError(say("some_months", table))
            sums.append(float(own["sum"].sum()))
        return ratio(sums[1], sums[0], note=say("rate_execution"))

    return of_each(budget, "budget", query, rate)


def _months(
    budget: pd.DataFrame, spend: pd.DataFrame, by: list[str], query: Query, fiscal_year_start: int
) -> list[pd.DataFrame]:
    """Plan and recognised cost of every entity in each of the months: `by`, m, sum."""
    last = pd.Timestamp(month_label(query.months[-1]))
    plan = monthly_plan(budget, month=last, by=by, fiscal_year_start=fiscal_year_start)
    used = monthly_actual(budget, spend, by=by, fiscal_year_start=fiscal_year_start)
    sums = [plan.rename(columns={"ba": "sum"}), used.rename(columns={"recognised": "sum"})]
    found = (s.assign(m=month_numbers(s["month"])) for s in sums)
    return [s[s["m"].isin(query.months)] for s in found]
