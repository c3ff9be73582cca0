"""From one level to another by steps that add exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    BAD,
    FAINT,
    GOOD,
    OWN,
    PALETTE,
    chart_style,
)
from mktanalytics.display.format import Scale, number, scale_for
from mktanalytics.display.wording import W, spoken
from mktanalytics.errors import MetricError

Step = tuple[str, float]


def plot_waterfall(
    start: Step,
    steps: Sequence[Step],
    end: Step,
    *,
    unit: str,
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """From one level to another by steps that add exactly (price-volume-mix, share movement).

    Raises
    ------
    MetricError
        The steps don't lead from `start` to `end`.
    """
    language = language or spoken()
    deltas = np.array([d for _, d in steps])
    if not np.isclose(start[1] + deltas.sum(), end[1], rtol=1e-9, atol=1e-9):
        raise MetricError(
            "the steps of the waterfall don't add up",
            found=f"{start[1]!r} {deltas.sum():+} ≠ {end[1]!r}",
            todo="pass every effect of the decomposition",
        )
    scale, factor = a.shown_scale(np.array([start[1], end[1], *deltas]), unit, language)
    levels = start[1] + np.concatenate([[0.0], np.cumsum(deltas)])
    low, high = float(levels.min()), float(levels.max())
    cut = low > 0 and (high - low) < 0.35 * high  # else the steps would be slivers
    floor = low - 0.45 * (high - low) if cut else min(0.0, low)
    with chart_style():
        drawing, ax = a.blank(2.4, half=half)
        names = [start[0], *(n for n, _ in steps), end[0]]
        for x, level in ((0, start[1]), (len(names) - 1, end[1])):
            foot = floor if cut else 0.0
            ax.bar(x, (level - foot) * factor, 0.6, foot * factor, color=OWN)
            a.above(ax, x, level * factor, number(level, scale), bold=True, below=level < 0)
        for i, delta in enumerate(deltas):
            base = min(levels[i], levels[i + 1])
            up = delta >= 0
            ax.bar(
                i + 1, abs(delta) * factor, 0.6, base * factor, color=GOOD if up else "#eec3b3",
                hatch="" if up else "////", edgecolor=GOOD if up else PALETTE[1], linewidth=0,
            )  # fmt: skip
            a.above(
                ax, i + 1, levels[i + 1] * factor, _step_words(delta, unit, scale),
                colour=GOOD if up else BAD, below=not up,
            )  # fmt: skip
        for i, level in enumerate(levels):
            ax.plot([i + 0.3, i + 0.7], [level * factor] * 2, color=FAINT, lw=0.6)
        a.name_groups(ax, names, half=half)
        ax.set_yticks([])
        if low < 0:
            ax.axhline(0, color=FAINT, lw=0.6)
        ax.set_ylim(
            (floor - 0.1 * (high - floor) * (low <= 0)) * factor, (high + 0.14 * (high - floor)) * factor
        )
        a.bare(ax)
        if scale.head:
            ax.text(
                0, 1.02, W("unit_mark", language, unit=scale.head), transform=ax.transAxes, fontsize=7,
                color=FAINT, va="bottom",
            )  # fmt: skip
        if cut:
            words = "纵轴未从零开始" if language == "zh" else "axis does not start at zero"
            ax.text(1, 1.02, words, transform=ax.transAxes, fontsize=7, color=FAINT, ha="right", va="bottom")
    return drawing


def _step_words(delta: float, unit: str, scale: Scale) -> str:
    """A step between two shares is in points, not in per cent."""
    if unit == "fraction":
        return number(delta, scale_for("pp", [], "en")) + " pp"
    return number(delta, scale, signed=True)
