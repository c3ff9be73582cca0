"""The actual of a target: derived from the tables, else as somebody wrote it down (methods 5)."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.kpi._kpi_rows import Query, Tables, whole_company
from mktanalytics.metrics.kpi.kpi_actuals import derived_actual, derived_kpi
from mktanalytics.metrics.kpi.kpi_targets import SpanTarget, filled, is_flow, is_mark, is_money
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status, need_columns
from mktanalytics.settings import Settings


@checked
def actual_of(target: SpanTarget, tables: Tables, settings: Settings, *, company: bool) -> tuple[Figure, str]:
    """The actual of a target and the tables it came from ("" if none): derived, else `actuals`, else the sheet's own.

    Derived figures win, and the note says so where a written actual differs. `company` means that rows of
    the whole company may stand for the entity's, in tables that don't name such entities.

    Parameters
    ----------
    target : what `span_targets` returns. tables : tidy tables by name.

    Source
    ------
    methods 5, 0.6.

    Examples
    --------
    >>> targets = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "entity": "李明", "kpi": "工作态度",
    ...     "target": 90.0, "unit": "分", "actual": 93.0})
    >>> from mktanalytics.metrics.kpi.kpi_targets import span_targets
    >>> target = span_targets(targets, [2026 * 12 + 9], "month")[0]
    >>> found, table = actual_of(target, {}, Settings(), company=False)
    >>> found.value, table
    (93.0, 'targets')
    """
    query = Query(target.entity_level, target.entity, target.months, company=company)
    found = _in_unit(derived_actual(target.kpi, tables, query, settings), target.unit, settings.currency)
    stated, table = _stated(target, tables)
    if found.value is None:
        if stated.value is not None:
            return stated, table
        return replace(found, note=join(found.note, stated.note)), ""
    entry = derived_kpi(target.kpi)
    differs = stated.value is not None and not math.isclose(stated.value, found.value, rel_tol=1e-6)
    note = join(
        found.note,
        say("company_wide") if company and entry and whole_company(target.entity_level, entry.tables) else "",
        say("stated_differs", table, f"{stated.value:g}") if differs else "",
    )
    return replace(found, note=note), "+".join(entry.tables) if entry else ""


def _in_unit(found: Figure, unit: str, currency: str) -> Figure:
    """A derived figure in the unit the target is written in; none where the two can't be compared.

    A target of money that names no currency is in that of the settings.
    """
    if found.value is None:
        return found
    written = unit.lower()
    if found.unit == "pp" and written not in ("fraction", "pp"):  # NPS in points, as it is usually written
        return replace(found, value=found.value * 100)
    fits = {
        "fraction": written in ("fraction", ""),
        "pp": True,
        "units": not is_money(written) and written != "fraction",
    }
    if fits.get(found.unit, (written or currency.lower()) == found.unit):
        return found
    note = say("unit_differs", found.unit.upper() if is_money(found.unit) else found.unit, unit or currency)
    return Figure(None, unit, Status.MISSING, note=note)


def _stated(target: SpanTarget, tables: Tables) -> tuple[Figure, str]:
    """The actual somebody wrote down: in the table `actuals`, else beside the target."""
    if "actuals" in tables and len(tables["actuals"]):
        rows = _written(tables["actuals"], target)
        if len(rows):
            return _combined(rows, target), "actuals"
    if not math.isnan(target.stated):
        return Figure(target.stated, target.unit), "targets"
    return Figure(None, target.unit, Status.MISSING, note=say("no_actual")), ""


def _written(actuals: pd.DataFrame, target: SpanTarget) -> pd.DataFrame:
    need_columns(actuals, ["month", "entity", "kpi", "actual"], metric="scorecard (actuals)")
    rows = filled(actuals).assign(m=month_numbers(actuals["month"]))
    same = (rows["entity"] == target.entity) & (rows["kpi"] == target.kpi) & rows["m"].isin(target.months)
    same &= rows["entity_level"].isin(["", target.entity_level]) & rows["actual"].notna()
    return rows[same & rows["period"].isin([target.period, "month"])].sort_values("m")


def _combined(rows: pd.DataFrame, target: SpanTarget) -> Figure:
    """Written actuals of the span: its own row, else its months together."""
    unit = target.unit or str(rows["unit"].iloc[-1])
    other = sorted(set(rows["unit"]) - {"", unit})
    own = rows[(rows["period"] == target.period) & (target.period != "month")]
    rows = own if len(own) else rows
    gaps = [] if len(own) else sorted(set(target.months) - set(rows["m"]))
    if other:
        return _none(unit, say("actuals_unit", other[0], unit))
    if gaps:
        return _none(unit, say("no_months", "actuals", "、".join(month_label(m) for m in gaps)))
    if rows["m"].duplicated().any():
        return _none(unit, say("actuals_double"))
    if len(rows) == 1:
        return Figure(float(rows["actual"].iloc[0]), unit)
    if is_flow(target.kpi, unit):
        return Figure(float(rows["actual"].sum()), unit, note=say("sum_actuals"))
    if is_mark(unit):
        return Figure(float(rows["actual"].mean()), unit, note=say("mean_marks"))
    return _none(unit, say("no_parts"))


def _none(unit: str, note: str) -> Figure:
    return Figure(None, unit, Status.MISSING, note=note)
