"""From one level to another by steps that add exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
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
from mktanalytics.display.wording import W
from mktanalytics.errors import MetricError
from mktanalytics.language import spoken

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
            ("瀑布图各步相加不等于终点", "the steps of the waterfall don't add up"),
            found=f"{start[1]!r} {deltas.sum():+} ≠ {end[1]!r}",
            todo=("传入分解的全部因素", "pass every effect of the decomposition"),
        )
    scale, factor = a.shown_scale(np.array([start[1], end[1], *deltas]), unit, language)
    levels = start[1] + np.concatenate([[0.0], np.cumsum(deltas)])
    low, high = float(levels.min()), float(levels.max())
    cut = low > 0 and (high - low) < 0.35 * high  # else the steps would be slivers
    floor = low - 0.45 * (high - low) if cut else 0.0
    bottom = floor if low > 0 else low - 0.1 * (high - low)
    with chart_style():
        drawing, ax = a.blank(2.4, half=half)
        for x, level in ((0, start[1]), (len(levels), end[1])):
            ax.bar(x, (level - floor) * factor, 0.6, floor * factor, color=OWN)
            a.above(ax, x, level * factor, number(level, scale), bold=True, below=level < 0)
        for i, delta in enumerate(deltas):
            _draw_step(
                ax, i + 1, levels[i] * factor, delta * factor, _step_words(delta, unit, scale, language)
            )
        for i, level in enumerate(levels):
            ax.plot([i + 0.3, i + 0.7], [level * factor] * 2, color=FAINT, lw=0.6)
        if low < 0:
            ax.axhline(0, color=FAINT, lw=0.6)
        ax.set_ylim(bottom * factor, (high + 0.14 * (high - bottom)) * factor)
        a.name_groups(ax, [start[0], *(n for n, _ in steps), end[0]], half=half)
        a.bare(ax)
        _remarks(
            ax,
            W("unit_mark", language, unit=scale.head) if scale.head else "",
            W("cut_axis", language) if cut else "",
        )
    return drawing


def _draw_step(ax: Axes, x: float, level: float, delta: float, words: str) -> None:
    up = delta >= 0
    ax.bar(
        x, abs(delta), 0.6, min(level, level + delta), color=GOOD if up else "#eec3b3",
        hatch="" if up else "////", edgecolor=GOOD if up else PALETTE[1], linewidth=0,
    )  # fmt: skip
    a.above(ax, x, level + delta, words, colour=GOOD if up else BAD, below=not up)


def _remarks(ax: Axes, left: str, right: str) -> None:
    """Small words above the chart: its unit, and that its axis is cut."""
    ax.set_yticks([])
    for at, side, words in ((0, "left", left), (1, "right", right)):
        ax.text(at, 1.02, words, transform=ax.transAxes, fontsize=7, color=FAINT, ha=side, va="bottom")


def _step_words(delta: float, unit: str, scale: Scale, language: str) -> str:
    """A step between two shares is in points, not in per cent."""
    if unit == "fraction":
        points = scale_for("pp", [], language)
        return number(delta, points) + points.after
    return number(delta, scale, signed=True)
