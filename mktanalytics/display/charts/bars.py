"""Groups of bars side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    FAINT,
    HATCHES,
    INK,
    PALETTE,
    chart_style,
)
from mktanalytics.display.format import number, status_word
from mktanalytics.language import spoken
from mktanalytics.metrics.result import Status


def plot_bars(
    frame: pd.DataFrame,
    *,
    label: str,
    bars: Mapping[str, str],
    unit: str = "",
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """Groups of bars side by side: one group per row, one bar per column of `bars` (column -> name)."""
    language = language or spoken()
    table = np.array([a.numbers(a.column(frame, key)) for key in bars])
    scale, factor = a.shown_scale(table.ravel(), a.unit_of(frame, next(iter(bars)), unit), language)
    groups, width = len(frame), 0.8 / len(bars)
    with chart_style():
        drawing, ax = a.blank(2.4, half=half)
        for i, name in enumerate(bars.values()):
            at = np.arange(groups) + (i - (len(bars) - 1) / 2) * width
            drawn = ax.bar(
                at, np.nan_to_num(table[i]) * factor, width * 0.92, label=name, color=PALETTE[i], hatch=HATCHES[i],
                edgecolor="white", linewidth=0,
            )  # fmt: skip
            missing, roomy = status_word(Status.MISSING, language), groups * len(bars) <= (8 if half else 16)
            ax.bar_label(
                drawn, [number(v, scale) if roomy and np.isfinite(v) else "" for v in table[i]],
                fontsize=6.5, padding=1.5, color=INK,
            )  # fmt: skip
            for x in at[~np.isfinite(table[i])]:
                a.above(ax, x, 0, missing, size=6.5, turn=0 if roomy else 90)
        a.name_groups(ax, [str(v) for v in a.column(frame, label)], half=half)
        ax.set_xlim(-0.5, groups - 0.5)
        ax.margins(y=0.12)
        a.value_axis(ax, scale, language)
        ax.axhline(0, color=FAINT, lw=0.6)
        ax.legend(
            ncols=len(bars), loc="lower right", bbox_to_anchor=(1, 1.0), borderaxespad=0.1, fontsize=7.5
        )
    return drawing
