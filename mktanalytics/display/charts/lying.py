"""Bars lying down: ranked, or against a mark each should reach."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    FAINT,
    INK,
    OTHER,
    OWN,
    PALETTE,
    chart_style,
)
from mktanalytics.display.format import Scale, number, status_word
from mktanalytics.display.wording import W
from mktanalytics.language import spoken
from mktanalytics.metrics.result import Status


def plot_ranked(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str = "value",
    unit: str = "",
    highlight: Collection[str] = (),
    signed: bool = False,
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """Bars lying down, the largest on top, each with its value; rows without a value last, with the reason."""
    language = language or spoken()
    values = a.numbers(a.column(frame, value))
    scale, factor = a.shown_scale(values, a.unit_of(frame, value, unit), language)
    order = np.argsort(np.where(np.isfinite(values), -values, np.inf), kind="stable")
    names = [str(v) for v in a.column(frame, label)]
    statuses = frame["status"].tolist() if "status" in frame.columns else [Status.MISSING] * len(frame)
    with chart_style():
        drawing, ax = a.blank(_lying_height(names, half), half=half)
        for y, i in enumerate(order):
            known, own = np.isfinite(values[i]), names[i] in highlight or not highlight
            ax.barh(y, values[i] * factor if known else 0, 0.66, color=OWN if own else OTHER)
            words = (
                number(values[i], scale, signed=signed)
                if known
                else status_word(Status(str(statuses[i])), language)
            )
            _beside(ax, values[i] * factor if known else 0.0, y, words, bold=names[i] in highlight)
        _lying(ax, [names[i] for i in order], scale, language, half)
    return drawing


def plot_targets(
    frame: pd.DataFrame,
    *,
    label: str,
    value: str = "value",
    target: str | float = 1.0,
    unit: str = "",
    good: str = "up",
    legend: str = "",
    half: bool = False,
    language: str | None = None,
) -> Drawing:
    """Bars against a mark each should reach (`good="up"`) or stay under (`"down"`); misses are hatched.

    `legend` says what mark and hatch mean, where they are neither a target nor a limit.
    """
    language = language or spoken()
    values = a.numbers(a.column(frame, value))
    marks = (
        a.numbers(a.column(frame, target)) if isinstance(target, str) else np.full(len(frame), float(target))
    )
    scale, factor = a.shown_scale(np.append(values, marks), a.unit_of(frame, value, unit), language)
    names = [str(v) for v in a.column(frame, label)]
    with chart_style():
        drawing, ax = a.blank(_lying_height(names, half) + 0.15, half=half)
        reach = float(np.nanmax(np.append(np.append(values, marks), 0.0)))
        for y, (v, m) in enumerate(zip(values, marks, strict=True)):
            known = bool(np.isfinite(v))
            missed = known and np.isfinite(m) and (v < m if good == "up" else v > m)
            ax.barh(
                y, v * factor if known else 0, 0.6, color="#e9b9a3" if missed else OWN,
                hatch="////" if missed else "", edgecolor=PALETTE[1] if missed else OWN, linewidth=0,
            )  # fmt: skip
            if np.isfinite(m):
                ax.plot([m * factor] * 2, [y - 0.42, y + 0.42], color=INK, lw=1.6)
            words = number(v, scale) if known else status_word(Status.MISSING, language)
            _beside(ax, _clear_of(v, m, reach) * factor, y, words, bold=bool(missed))
        _lying(ax, names, scale, language, half)
        key = "reach_mark" if good == "up" else "stay_under_mark"
        ax.text(
            0, 1.01, legend or W(key, language), transform=ax.transAxes, fontsize=7, color=FAINT,
            va="bottom", ha="left",
        )  # fmt: skip
    return drawing


def _beside(ax: Axes, at: float, y: float, words: str, *, bold: bool = False) -> None:
    ax.annotate(
        words, (at, y), xytext=(3 if at >= 0 else -3, 0), textcoords="offset points", va="center",
        ha="left" if at >= 0 else "right", fontsize=7.5, fontweight="bold" if bold else "normal",
    )  # fmt: skip


def _clear_of(value: float, mark: float, reach: float) -> float:
    """Where the words beside a bar begin: at its end, unless its mark would run through them."""
    end = max(value, 0.0) if np.isfinite(value) else 0.0
    near = np.isfinite(mark) and end <= mark < end + 0.2 * reach
    return max(end, mark) if near else end


def _name_width(half: bool) -> int:
    return 9 if half else 18  # ems beside the bars


def _lying_height(names: Sequence[str], half: bool) -> float:
    """Inches for so many bars, each as high as its wrapped name needs."""
    lines = max((a.wrapped(n, _name_width(half)).count("\n") + 1 for n in names), default=1)
    return 0.4 + len(names) * max(0.2, 0.06 + 0.125 * lines)


def _lying(ax: Axes, names: Sequence[str], scale: Scale, language: str, half: bool) -> None:
    ax.set_yticks(range(len(names)), [a.wrapped(n, _name_width(half)) for n in names])
    ax.set_ylim(len(names) - 0.45, -0.55)
    a.value_axis(ax, scale, language, axis="x")
    ax.grid(False)
    ax.set_xticks([])
    low, high = ax.get_xlim()
    room = 0.22 if half else 0.1  # for the words beside the longest bar
    ax.set_xlim(low - (high - low) * room * (low < 0), high + (high - low) * room)
    if low < 0:
        ax.axvline(0, color=FAINT, lw=0.6)
        ax.spines["left"].set_visible(False)
