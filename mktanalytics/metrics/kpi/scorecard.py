"""Scorecards: target, actual, achievement, score and weight of every KPI of an entity (methods 5)."""

from __future__ import annotations

import math
from dataclasses import asdict, replace

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_label
from mktanalytics.metrics.kpi._kpi_rows import Tables, with_levels
from mktanalytics.metrics.kpi.achievement import achievement
from mktanalytics.metrics.kpi.kpi_stated import actuals_of
from mktanalytics.metrics.kpi.kpi_targets import (
    KEYS,
    SpanTarget,
    covered_months,
    is_money,
    span_targets,
    weights_of,
)
from mktanalytics.metrics.kpi.target_score import score_of, with_rule
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import RECORD, Figure
from mktanalytics.settings import Settings

SOURCE = ["source_file", "source_sheet", "source_row"]
COLUMNS = [
    *KEYS, "target", "actual", "kpi_unit", "source", "actual_status", "direction", "achievement",
    "achievement_status", "gap", "weight", "rule", "floor", "cap", "score_note", *RECORD, *SOURCE, "months",
]  # fmt: skip


@checked
def scorecard(
    tables: Tables,
    month: MonthLike,
    *,
    scope: str = "month",
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Every KPI of every entity in a month, or in the quarter, half or year it lies in, or the year to date.

    Parameters
    ----------
    tables : tidy tables by name; `targets` is needed, the others yield actuals where they are there. A
        blank entity_level is filled where they know the entity as one thing only.
    month : the report's month.
    scope : month, quarter, half, year or ytd. A target written for that span is taken as it is; else the
        months' targets are summed for KPIs whose months add up (money, counts), the latest is taken for
        rates, and marks are averaged. The actual covers the same months as the target.
    settings : methods (lower_is_better, score_cap, score_floor), own_brands, fiscal_year_start.

    Returns
    -------
    DataFrame
        One row per entity_level, entity, kpi: target, actual (in kpi_unit: a currency, fraction, or as written),
        source (the table that yielded the actual, "" if none), actual_status, direction, achievement
        (fraction), achievement_status, gap (actual - target, in kpi_unit), weight (fraction), rule (the one used), floor
        (fraction), cap (points), score_note, then `RECORD` for the score (numerator the actual, denominator the
        target, note), source_file, source_sheet, source_row of the target, and months (covered).

    Raises
    ------
    MetricError
        A column is missing, a KPI has two targets for the same span, or the weights of an entity
        sum neither to 1 nor to 100: each such entity is named.

    Source
    ------
    methods 5.1–5.3, 0.2, 0.6.

    Examples
    --------
    >>> targets = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "period": "month",
    ...     "entity_level": "region", "entity": "华东", "kpi": "销售额", "target": [4e6], "unit": "CNY",
    ...     "weight": [1.0]})
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "period": "day", "region": "华东",
    ...     "amount": [3.8e6]})
    >>> card = scorecard({"targets": targets, "sales": sales}, "2026-10")
    >>> card[["actual", "achievement", "value"]].values.tolist(), card["source"].tolist()
    ([[3800000.0, 0.95, 95.0]], ['sales'])
    """
    settings = settings or Settings()
    if "targets" not in tables:
        raise MetricError(
            ("没有目标数据", "no targets"),
            expected="targets",
            todo=("把含目标的工作簿放进 data/raw", "put a workbook with targets in data/raw"),
        )
    months = covered_months(month, scope, settings.fiscal_year_start)
    targets = span_targets(with_levels(tables), months, scope)
    weights = weights_of(pd.DataFrame([asdict(t) for t in targets], columns=[*KEYS, "weight", *SOURCE]))
    targets = [replace(t, weight=w) for t, w in zip(targets, weights, strict=True)]
    actuals = actuals_of(targets, tables, settings)
    cards = [_card(t, *actual, settings) for t, actual in zip(targets, actuals, strict=True)]
    types = {"n": "Int64", "source_row": "Int64"}
    return pd.DataFrame(cards, columns=COLUMNS).astype(types)


def _card(target: SpanTarget, found: Figure, source: str, settings: Settings) -> dict[str, object]:
    actual = _nan(found.value)
    cap, cap_note = _cap(target.cap, settings)
    floor = settings.methods.score_floor if math.isnan(target.floor) else target.floor
    target = replace(target, cap=cap, floor=floor)
    # limits are the ends of a band; only for a rate do they say where achievement begins (methods 5.1)
    limited = target.direction == "band" or target.unit == "fraction"
    reached = achievement(
        actual,
        target.target,
        direction=target.direction,
        lower_limit=target.lower_limit if limited else math.nan,
        upper_limit=target.upper_limit if limited else math.nan,
        lower_is_better=settings.methods.lower_is_better,
    )
    target = with_rule(target)
    score = score_of(target, actual, reached)
    return {
        c: getattr(target, c) for c in (*KEYS, "target", "direction", "weight", "floor", "cap", *SOURCE)
    } | {
        "actual": actual,
        "kpi_unit": target.unit or _as_written(found.unit),
        "source": source,
        "actual_status": str(found.status),
        "achievement": _nan(reached.value),
        "achievement_status": str(reached.status),
        "gap": actual - target.target,
        "rule": target.score_rule,
        "score_note": score.note,
        "value": _nan(score.value),
        "unit": "score",
        "status": str(score.status),
        "numerator": actual,
        "denominator": target.target,
        "n": found.n,
        "note": join(
            found.note, target.note, "" if math.isnan(actual) else reached.note, score.note, cap_note
        ),
        "months": "、".join(month_label(m) for m in target.months),
    }


def _as_written(unit: str) -> str:
    """The unit of a derived figure, as targets write it."""
    return unit.upper() if is_money(unit) else "fraction" if unit == "pp" else unit


def _cap(cap: float, settings: Settings) -> tuple[float, str]:
    if math.isnan(cap):
        return settings.methods.score_cap, ""
    # "120%" in the column 封顶 reads as 1.2: no scorecard caps a KPI at two points of a hundred
    return (cap * 100, say("cap_read", f"{cap:g}", f"{cap * 100:g}")) if 0 < cap <= 2 else (cap, "")


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
