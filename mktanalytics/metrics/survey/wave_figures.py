"""Waves of satisfaction and NPS as figures: the level, its interval, and the change on the wave before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

import pandas as pd

from mktanalytics.metrics.result import Figure, Status, figure, figure_column

OVERALL = "总体|整体|综合|overall"


def overall_question(waves: pd.DataFrame) -> pd.DataFrame:
    """The rows of the question that speaks of the whole (总体, overall), else of the first one asked.

    >>> waves = pd.DataFrame({"question": ["对包装满意吗", "总体满意吗"], "value": [0.6, 0.7]})
    >>> overall_question(waves)["value"].tolist()
    [0.7]
    """
    asked = waves["question"].drop_duplicates()
    named = asked[asked.str.contains(OVERALL, case=False, regex=True)]
    chosen = named if len(named) else asked
    return waves[waves["question"] == chosen.iloc[0]] if len(chosen) else waves


def wave_figures(
    waves: pd.DataFrame, moves: pd.DataFrame | None = None, *, points: bool = False
) -> pd.DataFrame:
    """Waves with level, low and high as figures, and the change of each, where `moves` tells it.

    Parameters
    ----------
    waves : what `satisfaction` or `net_promoter_score` returns. moves : what `wave_changes` makes of it.
    points : NPS: level and change in points of a hundred, not as differences of shares.
    """
    rows = waves.to_dict("records")
    out = waves.assign(
        level=figure_column((_scaled(figure(_row(r)), points) for r in rows), waves.index),
        low=figure_column((_end(r["lower"], points) for r in rows), waves.index),
        high=figure_column((_end(r["upper"], points) for r in rows), waves.index),
    )
    if moves is None:
        return out
    changed = {
        (r["question"], r["month"]): _scaled(figure(_row(r)), points) for r in moves.to_dict("records")
    }
    return out.assign(change=figure_column((changed[r["question"], r["month"]] for r in rows), waves.index))


def _row(row: Mapping[Hashable, object]) -> dict[str, object]:
    return {str(k): v for k, v in row.items()}


def _scaled(share: Figure, points: bool) -> Figure:
    if not points:
        return share
    value = None if share.value is None else share.value * 100
    return replace(share, value=value, unit="score")


def _end(value: float, points: bool) -> Figure:
    unit = "score" if points else "fraction"
    return Figure(None, unit, Status.MISSING) if pd.isna(value) else Figure(float(value) * (100 if points else 1), unit)  # fmt: skip
