"""Targets of a span: one value per entity and KPI, out of a month, several months or a longer target."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mktanalytics.errors import DataError, MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_label, month_number, month_numbers
from mktanalytics.metrics.kpi.kpi_actuals import derived_kpi
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.places import places_of
from mktanalytics.metrics.result import need_columns, need_known, need_numbers
from mktanalytics.tables.targets import LEVELS
from mktanalytics.units import parse_unit

KEYS = ["entity_level", "entity", "kpi"]
SPANS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FLOW_UNITS = frozenset(
    {"units", "count", "件", "箱", "台", "套", "瓶", "吨", "家", "个", "场", "人", "人次", "次", "篇", "条", "单", "户"}
)  # fmt: skip
MARKS = frozenset({"分", "score", "points", "级"})  # assessed marks: their months are averaged
WEIGHT_SLACK = 1e-6


@dataclass(frozen=True, kw_only=True)
class SpanTarget:
    """What an entity is to reach in a span, how it is scored, and where that was written."""

    entity_level: str
    entity: str
    kpi: str
    period: str
    months: tuple[int, ...]  # the months it covers, as numbers
    target: float
    stated: float  # the actual written beside the target
    unit: str
    direction: str
    score_rule: str
    weight: float
    lower_limit: float
    upper_limit: float
    floor: float
    cap: float
    step: float
    points: float
    standard: str
    excellent: float
    good: float
    average: float
    low: float
    poor: float
    satisfactory: float
    unacceptable: float
    source_file: str
    source_sheet: str
    source_row: Any  # an int, or NA in a frame of one's own
    note: str = ""


def covered_months(month: MonthLike, scope: str, fiscal_year_start: int = 1) -> list[int]:
    """The month numbers a scope covers; `ytd` ends with `month`, the other spans are whole.

    >>> [month_label(m) for m in covered_months("2026-10", "quarter")]
    ['2026-10', '2026-11', '2026-12']
    """
    end = month_number(month)
    into_year = (end % 12 + 1 - fiscal_year_start) % 12
    if scope == "ytd":
        return list(range(end - into_year, end + 1))
    need_known(scope, (*SPANS, "ytd"), ("时段", "scope"))
    start = end - into_year % SPANS[scope]
    return list(range(start, start + SPANS[scope]))


@checked
def span_targets(targets: pd.DataFrame, months: Sequence[int], scope: str) -> list[SpanTarget]:
    """One target per entity and KPI for the whole span, with the months it covers.

    Where the span has a row of its own (`period` = scope) that row counts; else its months do: summed for
    money and counts, averaged for marks, the latest for rates. Weight and rule are the latest month's.

    Parameters
    ----------
    targets : month, entity, target; optional period, entity_level, kpi, unit, weight, direction, score_rule,
        standard, the levels of the efficacy rule, limits, floor, cap, step, points, actual.
    months : what `covered_months` returns. scope : month, quarter, half, year or ytd.

    Returns
    -------
    list of SpanTarget
        One for each entity and KPI that has a target in the span.

    Raises
    ------
    MetricError
        A column is missing, or a KPI has two targets in one month.

    Source
    ------
    methods 5.3, 0.6.

    Examples
    --------
    >>> targets = pd.DataFrame({"month": pd.to_datetime(["2026-09-01", "2026-10-01"]), "entity": "华东",
    ...     "kpi": "销售额", "target": [3e6, 4e6], "unit": "CNY"})
    >>> span_targets(targets, covered_months("2026-10", "ytd"), "ytd")[0].target
    7000000.0
    """
    need_columns(targets, ["month", "entity", "target"], metric="scorecard")
    need_numbers(targets, [c for c in ("target", *_NUMBERS) if c in targets], metric="scorecard")
    if len(months) == 0:
        raise MetricError(("没有指定月份", "no months named"), expected="covered_months(...)")
    rows = filled(targets).assign(m=month_numbers(targets["month"]))
    own = rows[(rows["period"] == scope) & (rows["m"] == months[0])]
    monthly = rows[(rows["period"] == "month") & rows["m"].isin(months)]
    monthly = monthly[~pd.MultiIndex.from_frame(monthly[KEYS]).isin(pd.MultiIndex.from_frame(own[KEYS]))]
    _no_doubles(pd.concat([own, monthly]))
    spans = [_of_span(group, months) for _, group in own.groupby(KEYS)]
    spans += [_of_months(group) for _, group in monthly.groupby(KEYS)]
    return sorted(spans, key=lambda t: (t.entity_level, t.entity, t.kpi))


def weights_of(rows: pd.DataFrame) -> pd.Series:
    """The weights as fractions; an entity's sum to 1 or to 100, and all that don't are named at once (methods 5.3)."""
    keys = [rows["entity_level"], rows["entity"]]
    sums = rows["weight"].groupby(keys, dropna=False).transform("sum")  # blank weights count as none
    percent = (sums - 100).abs() <= 100 * WEIGHT_SLACK
    wrong = rows["weight"].notna() & ~percent & ((sums - 1).abs() > WEIGHT_SLACK)
    if wrong.any():
        raise _wrong_weights(rows[wrong].assign(sum=sums))
    return rows["weight"].where(~percent, rows["weight"] / 100)


def _wrong_weights(rows: pd.DataFrame) -> DataError:
    found = []
    for _, group in rows.groupby(["entity_level", "entity"], dropna=False):
        weight = float(group["sum"].iloc[0])
        what = f"{group['entity'].iloc[0]} {weight if weight > 2 else 100 * weight:.6g}%"
        found.append((what, places_of(group)))
    said = [[f"{what} ({where[i]})" if where[i] else what for what, where in found] for i in (0, 1)]
    return DataError(
        ("权重之和不为 100%", "weights don't sum to 1"),
        found=("；".join(said[0]), "; ".join(said[1])),
        expected=("每个对象合计 100%", "100% for each entity"),
        todo=("改正该处的“权重”列后重新运行", "correct the column 权重 there and run again"),
    )


def is_flow(kpi: str, unit: str) -> bool:
    """Whether a KPI's months add up to its year (money and counts), unlike rates and marks.

    >>> is_flow("销售额", "CNY"), is_flow("市场份额", "fraction"), is_flow("新增网点", "家")
    (True, False, True)
    """
    entry = derived_kpi(kpi)
    return entry.flow if entry else is_money(unit) or unit.lower() in FLOW_UNITS


def is_money(unit: str) -> bool:
    """Whether a unit is that of money, in whatever currency.

    >>> is_money("USD"), is_money("万元"), is_money("家")
    (True, True, False)
    """
    known = parse_unit(unit)
    return known is not None and known.kind == "money"


_OPTIONAL: Mapping[str, Any] = {
    "period": "month", "entity_level": "", "kpi": "", "unit": "", "direction": "higher",
    "score_rule": "proportional", "actual": math.nan, "weight": math.nan, "lower_limit": math.nan,
    "upper_limit": math.nan, "floor": math.nan, "cap": math.nan, "step": math.nan, "points": math.nan,
    "standard": "", **dict.fromkeys((c.name for c in LEVELS), math.nan),
    "source_file": "", "source_sheet": "", "source_row": pd.NA,
}  # fmt: skip


def filled(targets: pd.DataFrame) -> pd.DataFrame:
    """`targets` with every optional column, and what a blank means in it."""
    given = {
        c: targets[c].fillna(blank) if isinstance(blank, str) else targets[c]
        for c, blank in _OPTIONAL.items()
        if c in targets
    }
    return targets.assign(**{c: b for c, b in _OPTIONAL.items() if c not in targets}, **given)


def _no_doubles(rows: pd.DataFrame) -> None:
    doubled = rows[rows.duplicated([*KEYS, "period", "m"], keep=False)]
    if len(doubled):
        first = doubled.iloc[0]
        same = doubled[(doubled[[*KEYS, "period", "m"]] == first[[*KEYS, "period", "m"]]).all(axis=1)]
        raise DataError(
            (
                f"{len(doubled)} 个目标的对象、指标与时段相同",
                f"{len(doubled)} targets share an entity, KPI and period",
            ),
            where=places_of(same),
            found=f"{first['entity']} {first['kpi']} {month_label(int(first['m']))}",
            expected=("各一个目标", "one target each"),
            todo=("删去其中一个", "delete one of them"),
        )


def _of_span(group: pd.DataFrame, months: Sequence[int]) -> SpanTarget:
    row = group.iloc[0]
    return _target(row, months=tuple(months), target=row["target"], stated=row["actual"])


def _of_months(group: pd.DataFrame) -> SpanTarget:
    """The targets of several months as one."""
    group = group.sort_values("m")
    last, months = group.iloc[-1], tuple(int(m) for m in group["m"])
    if len(months) == 1:
        return _target(last, months=months, target=last["target"], stated=last["actual"])
    if is_flow(str(last["kpi"]), str(last["unit"])):
        target, stated, note = (
            group["target"].sum(skipna=False),
            group["actual"].sum(skipna=False),
            say("sum_targets"),
        )
    elif is_mark(str(last["unit"])) and derived_kpi(str(last["kpi"])) is None:
        target, stated = group["target"].mean(skipna=False), group["actual"].mean(skipna=False)
        note = say("mean_marks")
    else:
        target, stated, note = last["target"], math.nan, say("latest_target")
    changed = say("weights_changed") if group["weight"].nunique(dropna=False) > 1 else ""
    return _target(last, months=months, target=target, stated=stated, note=join(note, changed))


_TEXTS = (
    "entity_level",
    "entity",
    "kpi",
    "period",
    "unit",
    "direction",
    "score_rule",
    "standard",
    "source_file",
    "source_sheet",
)
_NUMBERS = (
    "weight",
    "lower_limit",
    "upper_limit",
    "floor",
    "cap",
    "step",
    "points",
    *(c.name for c in LEVELS),
)


def _target(
    row: pd.Series, *, months: tuple[int, ...], target: float, stated: float, note: str = ""
) -> SpanTarget:
    texts: dict[str, Any] = {c: str(row[c]) for c in _TEXTS}
    numbers: dict[str, Any] = {c: math.nan if pd.isna(row[c]) else float(row[c]) for c in _NUMBERS}
    return SpanTarget(
        **texts,
        **numbers,
        months=months,
        target=float(target),
        stated=math.nan if pd.isna(stated) else float(stated),
        source_row=row["source_row"],
        note=note,
    )


def is_mark(unit: str) -> bool:
    """Whether a unit is that of assessed marks, whose months are averaged."""
    return unit.lower() in MARKS
