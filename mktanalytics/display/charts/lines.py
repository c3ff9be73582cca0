"""Lines over time, each named at its end."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    BAD,
    DASHES,
    INK,
    MARKERS,
    PALETTE,
    chart_style,
    mixed,
)
from mktanalytics.display.format import number
from mktanalytics.errors import UsageError
from mktanalytics.language import spoken

MOST_LINES = 10
End = tuple[str, float, float, str, bool]  # a line's name, where it ends, its colour, whether it is bold


def plot_lines(
    frame: pd.DataFrame,
    *,
    x: str = "month",
    y: str = "value",
    series: str = "",
    unit: str = "",
    highlight: Collection[str] = (),
    target: float | None = None,
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """Lines over time, each named at its end; a missing month is a gap.

    Parameters
    ----------
    frame
        One row per point, such as a record frame; `series` names the column that tells lines apart.
    unit
        The unit of `y`; by default the frame's own.
    highlight
        Names of lines drawn bold (own brands).
    target
        A level drawn as a dashed line.
    half
        Half the page's width, for a `Row`.
    """
    language = language or spoken()
    values = a.numbers(a.column(frame, y))
    scale, factor = a.shown_scale(values, a.unit_of(frame, y, unit), language)
    names = list(dict.fromkeys(a.column(frame, series).astype(str))) if series else [""]
    if len(names) > MOST_LINES:
        raise UsageError(
            (f"{len(names)} 条线无法分辨", f"{len(names)} lines can't be told apart"),
            todo=(f"最多选 {MOST_LINES} 条", f"choose at most {MOST_LINES}"),
        )
    a.no_two(frame, [c for c in (series, x) if c])
    where, ticks = a.positions(a.column(frame, x).tolist(), language)
    with chart_style():
        drawing, ax = a.blank(2.35, half=half)
        ends: list[End] = []
        for i, name in enumerate(names):
            part = frame[series].astype(str).eq(name).to_numpy() if series else np.full(len(frame), True)
            line = np.full(max(where.values()) + 1, np.nan)
            line[[where[v] for v in frame.loc[part, x]]] = values[part] * factor
            _draw_line(ax, line, i, bold=name in highlight or len(names) == 1)
            known = np.flatnonzero(np.isfinite(line))
            if len(known):
                label = f"{name} {number(line[known[-1]] / factor, scale)}".strip()
                ends.append((label, known[-1], line[known[-1]], PALETTE[i % len(PALETTE)], name in highlight))
        if target is not None:
            ax.axhline(target * factor, color=BAD, lw=1, ls=(0, (4, 2)))
        ax.set_xticks(*map(list, zip(*_thinned(ticks, half), strict=True)))
        ax.set_xlim(-0.3, max(where.values()) + 0.3)
        ax.margins(y=0.08)
        a.value_axis(ax, scale, language)
        _end_labels(ax, ends)
    return drawing


def _draw_line(ax: Axes, line: np.ndarray, i: int, *, bold: bool) -> None:
    """One line, told apart by colour, dashes and marks, so that a grey print will do."""
    ax.plot(
        line, color=PALETTE[i % len(PALETTE)], lw=2.2 if bold else 1.3, ls=DASHES[i % len(DASHES)],
        marker=MARKERS[i % len(MARKERS)], ms=3.4 if bold else 2.8, markevery=max(1, len(line) // 8),
    )  # fmt: skip


def _thinned(ticks: list[tuple[int, str]], half: bool) -> list[tuple[int, str]]:
    return ticks[(len(ticks) - 1) % 2 :: 2] if half and len(ticks) > 7 else ticks


def _end_labels(ax: Axes, ends: list[End]) -> None:
    """Names at the right, pushed apart where lines end close together, each tied to its line."""
    low, high = ax.get_ylim()
    right = ax.get_xlim()[1]
    heights = [(end - low) / (high - low) for _, _, end, _, _ in ends]
    for (label, at, end, colour, bold), height in zip(ends, a.spread(heights, 0.085), strict=True):
        ax.annotate(
            label, xy=(at, end), xycoords="data", xytext=(1.025, height), textcoords="axes fraction",
            va="center", fontsize=7.5, color=mixed(colour, INK, 0.45), fontweight="bold" if bold else "normal",
            arrowprops={"arrowstyle": "-", "lw": 0.5, "color": colour, "shrinkA": 1, "shrinkB": 2, "relpos": (0, 0.5),
                        "ls": ":" if at < right - 1 else "-"},
        )  # fmt: skip
