"""A matrix of values, darker for more."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    FAINT,
    INK,
    PALETTE,
    Colour,
    chart_style,
    mixed,
)
from mktanalytics.display.format import number
from mktanalytics.language import spoken


def plot_heat(
    frame: pd.DataFrame,
    *,
    rows: str,
    columns: str,
    value: str = "value",
    unit: str = "",
    centre: float | None = None,
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """A matrix of values, darker for more; around a `centre`, blue above it and orange below.

    Rows and columns stand in the order they come in; a pair without a row stays blank with a dash.
    """
    language = language or spoken()
    values = a.numbers(a.column(frame, value))
    scale, _ = a.shown_scale(values, a.unit_of(frame, value, unit), language)
    down = list(dict.fromkeys(a.column(frame, rows).astype(str)))
    across = list(dict.fromkeys(a.column(frame, columns).astype(str)))
    a.no_two(frame, [rows, columns])
    grid = np.full((len(down), len(across)), np.nan)
    for r, c, v in zip(frame[rows].astype(str), frame[columns].astype(str), values, strict=True):
        grid[down.index(r), across.index(c)] = v
    with chart_style():
        drawing, ax = a.blank(0.6 + 0.24 * len(down), half=half)
        for (r, c), v in np.ndenumerate(grid):
            colour = _tint(*_depth(v, grid, centre))
            ax.barh(r, 1, 0.96, c - 0.5, color=colour, edgecolor="white", linewidth=1)
            words = number(v, scale, signed=centre == 0) if np.isfinite(v) else "—"
            ax.text(
                c, r, words, ha="center", va="center", fontsize=7.5,
                color=_readable_on(colour),
            )  # fmt: skip
        a.name_groups(ax, across, half=half, top=True)
        ax.set_yticks(range(len(down)), [a.wrapped(n, 9 if half else 14) for n in down])
        ax.xaxis.tick_top()
        ax.set_xlim(-0.5, len(across) - 0.5)
        ax.set_ylim(len(down) - 0.5, -0.5)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        if scale.head:
            ax.text(
                1, -0.02, scale.head, transform=ax.transAxes, fontsize=7, color=FAINT, ha="right", va="top"
            )
    return drawing


def _depth(value: float, grid: np.ndarray, centre: float | None) -> tuple[str, float]:
    """Hue and depth of a cell: from the least to the greatest, or by distance from the centre."""
    if not np.isfinite(value):
        return PALETTE[0], 0.0
    if centre is None:
        low, span = np.nanmin(grid), np.ptp(grid[np.isfinite(grid)])
        return PALETTE[0], 0.12 + 0.78 * float((value - low) / span if span else 0.5)
    reach = float(np.nanmax(np.abs(grid - centre)))
    return PALETTE[0] if value >= centre else PALETTE[1], abs(value - centre) / reach if reach else 0.0


def _tint(colour: str, depth: float) -> Colour:
    """Almost white at 0, the colour itself at 1."""
    return mixed("#f5f6f8", colour, depth * 0.9)


def _readable_on(colour: Colour) -> str:
    """White on dark, ink on light, by luminance, so that it holds on a grey print."""
    red, green, blue = colour
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.47 else INK
