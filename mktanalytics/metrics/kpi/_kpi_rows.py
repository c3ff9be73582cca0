"""Whose rows of a table, and of which months, a KPI is made of (methods 0.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, need_columns

Tables = Mapping[str, pd.DataFrame]
LEVELS = {
    "region": {
        "sales": "region",
        "market": "region",
        "survey": "region",
        "budget": "region",
        "spend": "region",
    },
    "person": {"sales": "salesperson"},
    "department": {"budget": "department", "spend": "department"},
}  # which column of which table holds the entities of a level


@dataclass(frozen=True)
class Query:
    """Whose value, over which months (numbers, in order), and whether company-wide rows may stand for it."""

    level: str
    entity: str
    months: tuple[int, ...]
    company: bool = False


def rows_of(tables: Tables, table: str, query: Query) -> pd.DataFrame:
    """The entity's rows of a table; all rows where the table can't tell entities apart and a whole one stands in.

    Budget and spend name departments; sales, market and survey never do.
    """
    frame = tables[table]
    column = LEVELS.get(query.level, {}).get(table, "")
    known = column in frame and bool(frame[column].notna().any())
    if not known:
        if query.company:
            return frame
        raise MetricError(say("not_by_entity", table, query.entity))
    rows = frame[frame[column].astype("str") == query.entity]
    if rows.empty:
        raise MetricError(say("no_entity", table, query.entity))
    return rows


def whole_company(level: str, tables: Sequence[str]) -> bool:
    """Whether the figure of an entity of this level is taken from rows of the whole company in some table."""
    return any(t not in LEVELS.get(level, {}) for t in tables)


def sum_of(tables: Tables, table: str, column: str, query: Query) -> Figure:
    """The sum of a column over the query's months, every one of which the table must hold; money in its own currency."""
    frame = tables[table]
    if column not in frame or frame[column].isna().all():
        raise MetricError(say("no_column", table, column))
    held = monthly(frame)
    gaps = sorted(set(query.months) - set(held["m"]))
    if gaps:
        raise MetricError(say("no_months", table, "、".join(month_label(m) for m in gaps)))
    rows = monthly(rows_of(tables, table, query))
    rows = rows[rows["m"].isin(query.months) & rows[column].notna()]
    if rows.empty:
        raise MetricError(say("no_entity_now", table, query.entity))
    if "currency" in rows and rows["currency"].nunique() > 1:
        raise MetricError(say("mixed_currency", table, "、".join(sorted(rows["currency"].dropna().unique()))))
    unit = currency_of(rows, measure=column).lower() or column
    silent = len(query.months) - rows["m"].nunique()
    note = say("silent_months", silent) if silent else ""
    total = float(rows[column].sum())
    return Figure(total, unit, numerator=total, n=len(rows), note=note)


def monthly(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows that lie within one month (days and months), with the month's number `m`."""
    need_columns(frame, ["month"], metric="scorecard")
    rows = frame[frame["period"].fillna("month").isin(["day", "month"])] if "period" in frame else frame
    return rows.assign(m=month_numbers(rows["month"]))


def with_levels(tables: Tables) -> pd.DataFrame:
    """The targets, their blank entity levels filled where the other tables know the entity as one thing only."""
    targets = tables["targets"]
    given = (
        targets["entity_level"] if "entity_level" in targets else pd.Series(pd.NA, targets.index, dtype="str")
    )
    if given.notna().all():
        return targets
    names: dict[str, set[str]] = {}
    for level, columns in LEVELS.items():
        held = [tables[t][c] for t, c in columns.items() if t in tables and c in tables[t]]
        names[level] = {str(name) for column in held for name in column.dropna().unique()}
    found = {
        e: [v for v, known in names.items() if str(e) in known] for e in targets["entity"].dropna().unique()
    }
    only = {e: levels[0] for e, levels in found.items() if len(levels) == 1}
    return targets.assign(entity_level=given.fillna(targets["entity"].map(only)))
