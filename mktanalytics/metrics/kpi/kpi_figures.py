"""The rows of scorecards and sales comparisons as figures, each with its parts and the reason where it has no value."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from mktanalytics.metrics.kpi.kpi_targets import is_money
from mktanalytics.metrics.result import Figure, Status, figure, figure_column


def stated_figure(
    value: Any, unit: str, status: str = "ok", numerator: Any = None, denominator: Any = None, note: str = ""
) -> Figure:
    """A plain value as a figure, with its parts; a missing one never passes for `ok`.

    >>> stated_figure(float("nan"), "fraction").status.value, stated_figure(0.9, "fraction", "ok", 9, 10).numerator
    ('na_missing', 9.0)
    """
    shown = Status(status)
    top, bottom = (None if p is None or pd.isna(p) else float(p) for p in (numerator, denominator))
    if pd.isna(value):
        return Figure(None, unit, Status.MISSING if shown is Status.OK else shown, top, bottom, note=note)
    return Figure(float(value), unit, shown, top, bottom, note=note)


def performance_figures(performance: pd.DataFrame, unit: str) -> pd.DataFrame:
    """What `sales_performance` gives, with amount_figure, rate and growth as figures.

    The parts of the total's rate are what has a target only, as its achievement counts.

    Parameters
    ----------
    performance : what `sales_performance` returns. unit : the currency of its amounts, in small letters.
    """
    rows = performance.assign(counted=performance["gap"] + performance["target"]).to_dict("records")

    def column(
        value: str, kind: str, status: str = "", top: str = "", bottom: str = "", note: str = ""
    ) -> pd.Series:
        found = (
            stated_figure(
                r[value], kind, r.get(status, "ok"), r.get(top), r.get(bottom), str(r.get(note, ""))
            )
            for r in rows
        )
        return figure_column(found, performance.index)

    return performance.assign(
        amount_figure=column("amount", unit),
        rate=column("achievement", "fraction", "achievement_status", "counted", "target"),
        growth=column("yoy", "fraction", "yoy_status", "change", "last_year", "note"),
    )


def card_figures(card: pd.DataFrame) -> pd.DataFrame:
    """What `scorecard` gives, with target, actual, rate and score as figures in the KPI's own unit.

    Parameters
    ----------
    card : what `scorecard` returns.
    """
    rows = card.to_dict("records")

    def column(value: str, status: str = "", unit: str = "") -> pd.Series:
        found = (
            stated_figure(r[value], unit or _unit(r), r[status] if status and pd.isna(r[value]) else "ok")
            for r in rows
        )
        return figure_column(found, card.index)

    return card.assign(
        target=column("target"),
        actual=column("actual", "actual_status"),
        rate=column("achievement", "achievement_status", "fraction"),
        score=figure_column((figure(_row(r)) for r in rows), card.index),
    )


def _unit(row: Mapping[Hashable, Any]) -> str:
    """The KPI's unit, money in small letters as figures name it."""
    unit = str(row["kpi_unit"])
    return unit.lower() if is_money(unit) else unit


def _row(row: Mapping[Hashable, Any]) -> dict[str, object]:
    return {str(k): v for k, v in row.items()}
