"""The actuals of targets: derived from the tables, else as somebody wrote it down (methods 5)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.kpi._kpi_rows import Query, Tables, whole_company
from mktanalytics.metrics.kpi.kpi_actuals import derived_actuals, derived_kpi
from mktanalytics.metrics.kpi.kpi_targets import SpanTarget, filled, is_flow, is_mark, is_money
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status, need_columns
from mktanalytics.settings import Settings


@checked
def actuals_of(targets: Sequence[SpanTarget], tables: Tables, settings: Settings) -> list[tuple[Figure, str]]:
    """The actual of each target and the tables it came from ("" if none): derived, else `actuals`, else the sheet's own.

    Derived figures win, and the note says so where a written actual differs. Rows of the whole company stand for a
    department's in tables that don't name departments, where no other department answers for the same money.

    Parameters
    ----------
    targets : what `span_targets` returns. tables : tidy tables by name.

    Source
    ------
    methods 5, 0.6.

    Examples
    --------
    >>> targets = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "entity": "李明", "kpi": "工作态度",
    ...     "target": 90.0, "unit": "分", "actual": 93.0})
    >>> from mktanalytics.metrics.kpi.kpi_targets import span_targets
    >>> [(found, table)] = actuals_of(span_targets(targets, [2026 * 12 + 9], "month"), {}, Settings())
    >>> found.value, table
    (93.0, 'targets')
    """
    # several departments may answer for the company's rate; the company's money is only one department's
    departments = Counter(t.kpi for t in targets if t.entity_level == "department")
    written = _written(tables)
    derived: dict[tuple[str, Query], Callable[[str], Figure]] = {}
    found = []
    for target in targets:
        single = departments[target.kpi] == 1 or not is_flow(target.kpi, target.unit)
        query = Query(target.entity_level, target.months, target.entity_level == "department" and single)
        if (target.kpi, query) not in derived:  # what its entities share is computed once
            derived[target.kpi, query] = derived_actuals(target.kpi, tables, query, settings)
        figure = _in_unit(derived[target.kpi, query](target.entity), target.unit, settings.currency)
        stated = _stated(target, written.get((target.entity, target.kpi)))
        found.append(_first_of(figure, stated, target, company=query.company))
    return found


def _first_of(
    found: Figure, beside: tuple[Figure, str], target: SpanTarget, *, company: bool
) -> tuple[Figure, str]:
    """The derived figure where there is one, else the stated one, and whence it is."""
    stated, table = beside
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


def _stated(target: SpanTarget, written: pd.DataFrame | None) -> tuple[Figure, str]:
    """The actual somebody wrote down: in the table `actuals`, else beside the target."""
    if written is not None:
        same = written["m"].isin(target.months) & written["entity_level"].isin(["", target.entity_level])
        rows = written[same & written["period"].isin([target.period, "month"])]
        if len(rows):
            return _combined(rows.sort_values("m"), target), "actuals"
    if not math.isnan(target.stated):
        return Figure(target.stated, target.unit), "targets"
    return Figure(None, target.unit, Status.MISSING, note=say("no_actual")), ""


def _written(tables: Tables) -> dict[tuple[str, str], pd.DataFrame]:
    """What the table `actuals` holds of each entity and KPI."""
    if "actuals" not in tables or tables["actuals"].empty:
        return {}
    actuals = tables["actuals"]
    need_columns(actuals, ["month", "entity", "kpi", "actual"], metric="scorecard (actuals)")
    rows = filled(actuals).assign(m=month_numbers(actuals["month"]))
    return {
        (str(entity), str(kpi)): group
        for (entity, kpi), group in rows[rows["actual"].notna()].groupby(["entity", "kpi"])
    }


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
