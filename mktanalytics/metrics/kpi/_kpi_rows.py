"""Whose rows of a table, and of which months, a KPI is made of (methods 0.6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._months import month_label, month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status, need_columns

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
    """Entities of which level, over which months (numbers, in order), and whether company-wide rows may stand for them."""

    level: str
    months: tuple[int, ...]
    company: bool = False


OfEntity = Callable[[str], Figure]  # the figure of an entity; a `MetricError` where it has none


def of_each(
    frame: pd.DataFrame, table: str, query: Query, compute: Callable[[pd.DataFrame], Figure]
) -> OfEntity:
    """The figure of each entity's rows; of all rows where the table can't tell entities apart and a whole one stands in.

    Budget and spend name departments; sales, market and survey never do.
    """
    column = entity_column(frame, table, query)
    if not column and query.company:
        whole = compute(frame)
        return lambda entity: whole
    parts = dict(iter(frame.groupby(frame[column].astype("str")))) if column else {}

    def of(entity: str) -> Figure:
        if entity not in parts:
            raise MetricError(say("no_entity" if column else "not_by_entity", table, entity))
        return compute(parts[entity])

    return of


def entity_column(frame: pd.DataFrame, table: str, query: Query) -> str:
    """The column that names the entities of a level, "" where the table doesn't."""
    column = LEVELS.get(query.level, {}).get(table, "")
    return column if column in frame and frame[column].notna().any() else ""


def whole_company(level: str, tables: Sequence[str]) -> bool:
    """Whether the figure of an entity of this level is taken from rows of the whole company in some table."""
    return any(t not in LEVELS.get(level, {}) for t in tables)


def sums_of(tables: Tables, table: str, column: str, query: Query) -> OfEntity:
    """The sums of a column over the query's months, every one of which the table must hold; money in its own currency."""
    frame = tables[table]
    if column not in frame or frame[column].isna().all():
        raise MetricError(say("no_column", table, column))
    frame = frame.assign(m=_month_of(frame))
    gaps = sorted(set(query.months) - set(frame["m"]))
    if gaps:
        raise MetricError(say("no_months", table, "、".join(month_label(m) for m in gaps)))

    needed = ["m", column, "currency", "unit", entity_column(frame, table, query)]
    rows = frame[[c for c in needed if c in frame]]
    total = of_each(rows, table, query, lambda own: _total(own, table, column, query))

    def of(entity: str) -> Figure:
        found = total(entity)
        if not found.n:
            raise MetricError(say("no_entity_now", table, entity))
        return found

    return of


def _total(rows: pd.DataFrame, table: str, column: str, query: Query) -> Figure:
    rows = rows[rows["m"].isin(query.months) & rows[column].notna()]
    if "currency" in rows and rows["currency"].nunique() > 1:
        raise MetricError(say("mixed_currency", table, "、".join(sorted(rows["currency"].dropna().unique()))))
    unit = currency_of(rows, measure=column).lower() or column
    silent = len(query.months) - rows["m"].nunique()
    note = say("silent_months", silent) if silent else ""
    total = float(rows[column].sum())
    return Figure(total, unit, numerator=total, n=len(rows), note=note)


def _month_of(frame: pd.DataFrame) -> pd.Series:
    """The number of the month that each row lies in; none for a quarter, half or year."""
    need_columns(frame, ["month"], metric="scorecard")
    numbers = pd.Series(month_numbers(frame["month"]), frame.index)
    if "period" not in frame:
        return numbers
    return numbers.where(frame["period"].fillna("month").isin(["day", "month"]))


def ratio(top: float, bottom: float, *, n: int | None = None, note: str = "") -> Figure:
    """A rate of two sums; none on a base of zero or less."""
    if bottom > 0:
        return Figure(top / bottom, "fraction", Status.OK, top, bottom, n, note)
    status = Status.ZERO_BASE if bottom == 0 else Status.NONPOSITIVE_BASE
    return Figure(None, "fraction", status, top, bottom, n, note)


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
