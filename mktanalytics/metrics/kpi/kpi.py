"""The KPI report: scorecards, sales against target and last year, satisfaction (methods 5, 6).

What a notebook calls is here; each idea has its own module.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_label, month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.kpi._kpi_rows import LEVELS, Tables, with_levels
from mktanalytics.metrics.kpi.kpi_actuals import derived_kpi
from mktanalytics.metrics.kpi.kpi_targets import SpanTarget, covered_months, is_money, span_targets
from mktanalytics.metrics.kpi.ranking import ranked
from mktanalytics.metrics.kpi.scorecard import scorecard
from mktanalytics.metrics.kpi.scorecard_totals import scorecard_totals
from mktanalytics.metrics.notes import join, loss_word, say
from mktanalytics.metrics.periods.growth import base_case
from mktanalytics.metrics.periods.renames import KeyGroup, by_one_name, key_groups
from mktanalytics.metrics.result import Status, need_columns, ratio_frame
from mktanalytics.metrics.survey.satisfaction import net_promoter_score, satisfaction
from mktanalytics.metrics.survey.survey_waves import wave_changes
from mktanalytics.settings import Settings

__all__ = [
    "net_promoter_score",
    "ranked",
    "sales_performance",
    "satisfaction",
    "scorecard",
    "scorecard_totals",
    "wave_changes",
]
TOTAL = "合计"


@checked
def sales_performance(
    tables: Tables,
    month: MonthLike,
    *,
    level: str = "region",
    scope: str = "month",
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Sales of each region or person against its target and against the same months of last year.

    Parameters
    ----------
    tables : `sales` (month, amount in one currency, region or salesperson; optional period, currency) and, for the
        targets, `targets`.
    month, scope : as for `scorecard`.
    level : region or person.

    Returns
    -------
    DataFrame
        One row per entity, the largest sales first, and 合计 last: entity, amount, target, last_year (in that currency),
        gap (amount - target), achievement (fraction) and achievement_status, change (amount - last_year),
        yoy (fraction) and yoy_status, note (with 扭亏, 转亏, 减亏, 增亏 where a side is below 0). The total's achievement counts only entities with both
        sides. Entities that `settings.renames` says were one before have no last_year of their own, and a row
        together (西南+西北), which is not added to the total again. A span with a month missing from `sales` has no amount: missing is not zero.

    Raises
    ------
    MetricError
        `sales` or one of its columns is missing, or its currencies are mixed.

    Source
    ------
    methods 2.1, 5.1, 0.2, 0.6.

    Examples
    --------
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01"]), "region": "华东",
    ...     "amount": [4e6, 5e6]})
    >>> targets = pd.DataFrame({"month": pd.to_datetime(["2026-10-01"]), "entity_level": "region",
    ...     "entity": "华东", "kpi": "销售额", "target": 4e6, "unit": "CNY"})
    >>> sales_performance({"sales": sales, "targets": targets}, "2026-10")[
    ...     ["entity", "achievement", "yoy"]].values.tolist()
    [['华东', 1.25, 0.25], ['合计', 1.25, 0.25]]
    """
    settings = settings or Settings()
    if "sales" not in tables:
        raise MetricError(
            ("没有销售数据", "no sales"),
            expected="sales",
            todo=("把销售工作簿放进 data/raw", "put a sales workbook in data/raw"),
        )
    column = LEVELS[level]["sales"] if level in ("region", "person") else ""
    need_columns(
        tables["sales"], ["month", "amount", column or "region or salesperson"], metric="sales_performance"
    )
    months = covered_months(month, scope, settings.fiscal_year_start)
    groups = key_groups(settings.renames, month_label(months[-1]), month_label(months[0] - 12), column=column)
    sales = by_one_name(tables["sales"], groups)
    now, gaps = _by_entity(sales, column, months)
    before, gaps_before = _by_entity(sales, column, [m - 12 for m in months])
    currency = currency_of(tables["sales"])
    goals, other = _sales_targets(tables, months, scope, level, currency, settings.currency)
    frame = pd.DataFrame({"amount": now, "last_year": before, "target": goals}, dtype="float64")
    frame = (
        frame.rename_axis("entity")
        .reset_index()
        .sort_values(["amount", "entity"], ascending=[False, True], ignore_index=True)
    )
    both = frame[["amount", "target"]].dropna()
    total = frame[["amount", "last_year"]].sum(min_count=1)
    goal = (both if len(both) else frame)["target"].sum(min_count=1)
    last = pd.DataFrame([{"entity": TOTAL, **total, "target": goal}])
    with_total = pd.concat([_with_joint(frame, [g for g in groups if g.split]), last], ignore_index=True)
    counted = with_total["amount"].where(with_total["entity"] != TOTAL, both["amount"].sum(min_count=1))
    not_compared = say("target_currency", "、".join(other), currency) if other else ""
    note = join(_gap_note("gap_now", gaps), _gap_note("gap_before", gaps_before), not_compared)
    partly = say("some_targets") if 0 < len(both) < frame["amount"].notna().sum() else ""
    notes = [join(note, partly if e == TOTAL else "") for e in with_total["entity"]]
    return _compared(with_total, counted, notes)


def _with_joint(frame: pd.DataFrame, divided: Sequence[KeyGroup]) -> pd.DataFrame:
    """Entities of today whose past is one have no last year of their own; a row of them together has it."""
    for group in divided:
        part = frame["entity"].isin([*group.was, *group.now])
        if not part.any():
            continue
        joint = frame.loc[part, ["amount", "last_year"]].sum(min_count=1).to_dict() | {"entity": group.label}
        gone = part & ~frame["entity"].isin(list(group.now)) & frame["amount"].isna()
        frame = frame.assign(last_year=frame["last_year"].mask(part))[~gone]
        frame = pd.concat([frame, pd.DataFrame([joint])], ignore_index=True)
    return frame


def _compared(frame: pd.DataFrame, counted: pd.Series, notes: Sequence[str]) -> pd.DataFrame:
    reached = ratio_frame(frame[["entity"]], counted, frame["target"])
    sides = zip(frame["amount"], frame["last_year"], strict=True)
    status, words = zip(*(base_case(a, b, 0.0) for a, b in sides), strict=True)
    known = pd.Series(status, frame.index, dtype="str")
    change = frame["amount"] - frame["last_year"]
    here, before = frame["amount"].notna(), frame["last_year"].notna()
    started = here & ~before & bool(before.any())
    ended = ~here & before & bool(here.any())
    return frame.assign(
        gap=counted - frame["target"],
        achievement=reached["value"],
        achievement_status=reached["status"],
        change=change,
        yoy=(change / frame["last_year"]).where(known == Status.OK),
        yoy_status=known.mask(started, str(Status.NEW)).mask(ended, str(Status.DISCONTINUED)),
        note=pd.array([join(n, loss_word(w)) for n, w in zip(notes, words, strict=True)], dtype="str"),
    )


def _by_entity(sales: pd.DataFrame, column: str, months: Sequence[int]) -> tuple[pd.Series, list[int]]:
    """Sales by entity over the months, and the months that are missing; empty when any is."""
    rows = sales[sales["period"].fillna("month").isin(["day", "month"])] if "period" in sales else sales
    numbers = pd.Series(month_numbers(rows["month"]), index=rows.index)
    gaps = sorted(set(months) - set(numbers[rows["amount"].notna()]))
    if gaps:
        return pd.Series(dtype="float64"), gaps
    rows = rows[numbers.isin(months)]
    names = rows[column].astype("str").fillna("未注明")
    return rows["amount"].groupby(names).sum(min_count=1), []


def _sales_targets(
    tables: Tables, months: Sequence[int], scope: str, level: str, currency: str, default: str
) -> tuple[pd.Series, list[str]]:
    """The sales target of each entity of a level that covers every month of the span, and the other currencies met."""
    if "targets" not in tables or tables["targets"].empty:
        return pd.Series(dtype="float64"), []
    wanted = [
        t
        for t in span_targets(with_levels(tables), months, scope)
        if _is_sales(t, level) and len(t.months) == len(months)
    ]
    same = {t.entity: t.target for t in wanted if (t.unit or default) == currency}
    return pd.Series(same, dtype="float64"), sorted({t.unit for t in wanted if t.unit} - {currency})


def _is_sales(target: SpanTarget, level: str) -> bool:
    entry = derived_kpi(target.kpi)
    named = entry is not None and entry.name == "销售额" and (is_money(target.unit) or not target.unit)
    return named and target.entity_level == level and not math.isnan(target.target)


def _gap_note(code: str, gaps: Sequence[int]) -> str:
    return say(code, "、".join(month_label(m) for m in gaps)) if gaps else ""
