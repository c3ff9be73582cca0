"""The charts of the reports: frames in, a matplotlib figure out; nothing is read, kept or changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from mktanalytics.display import axes as a
from mktanalytics.display.fonts import (
    BAD,
    DASHES,
    FAINT,
    GOOD,
    HATCHES,
    INK,
    MARKERS,
    OTHER,
    OWN,
    PALETTE,
    chart_style,
)
from mktanalytics.display.format import Scale, number, scale_for, status_word
from mktanalytics.display.wording import W, spoken
from mktanalytics.errors import MetricError, UsageError
from mktanalytics.metrics.result import Status

MOST_LINES = 10
Step = tuple[str, float]
Colour = tuple[float, float, float]


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
        raise UsageError(f"{len(names)} lines can't be told apart", todo=f"choose at most {MOST_LINES}")
    where, ticks = a.positions(a.column(frame, x).tolist(), language)
    with chart_style():
        drawing, ax = a.blank(2.35, half=half)
        ends: list[tuple[str, float, float, str]] = []
        for i, name in enumerate(names):
            part = frame[series].astype(str).eq(name).to_numpy() if series else np.full(len(frame), True)
            line = np.full(max(where.values()) + 1, np.nan)
            line[[where[v] for v in frame.loc[part, x]]] = values[part] * factor
            bold = name in highlight or len(names) == 1
            colour = PALETTE[i % len(PALETTE)]
            ax.plot(
                line, color=colour, lw=2.2 if bold else 1.3, ls=DASHES[i % len(DASHES)],
                marker=MARKERS[i % len(MARKERS)], ms=3.4 if bold else 2.8, markevery=_mark_every(line),
            )  # fmt: skip
            known = np.flatnonzero(np.isfinite(line))
            if len(known):
                end = line[known[-1]]
                label = f"{name} {number(end / factor, scale)}".strip()
                ends.append((label, known[-1], end, colour))
        if target is not None:
            ax.axhline(target * factor, color=BAD, lw=1, ls=(0, (4, 2)))
        ax.set_xticks(*map(list, zip(*_thinned(ticks, half), strict=True)))
        ax.set_xlim(-0.3, max(where.values()) + 0.3)
        ax.margins(y=0.08)
        a.value_axis(ax, scale, language)
        _end_labels(ax, ends, {e[0] for e in ends if any(e[0].startswith(h) for h in highlight)})
    return drawing


def _mark_every(line: np.ndarray) -> int:
    return max(1, len(line) // 8)


def _thinned(ticks: list[tuple[int, str]], half: bool) -> list[tuple[int, str]]:
    return ticks[(len(ticks) - 1) % 2 :: 2] if half and len(ticks) > 7 else ticks


def _end_labels(ax: Axes, ends: list[tuple[str, float, float, str]], bold: set[str]) -> None:
    """Names at the right, pushed apart where lines end close together, each tied to its line."""
    low, high = ax.get_ylim()
    right = ax.get_xlim()[1]
    heights = [(end - low) / (high - low) for _, _, end, _ in ends]
    for (label, at, end, colour), height in zip(ends, a.spread(heights, 0.085), strict=True):
        ax.annotate(
            label, xy=(at, end), xycoords="data", xytext=(1.025, height), textcoords="axes fraction",
            va="center", fontsize=7.5, color=_mixed(colour, INK, 0.45), fontweight="bold" if label in bold else "normal",
            arrowprops={"arrowstyle": "-", "lw": 0.5, "color": colour, "shrinkA": 1, "shrinkB": 2, "relpos": (0, 0.5),
                        "ls": ":" if at < right - 1 else "-"},
        )  # fmt: skip


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
                _above(ax, x, 0, missing, size=6.5, turn=0 if roomy else 90)
        a.name_groups(ax, [str(v) for v in a.column(frame, label)], half=half)
        ax.set_xlim(-0.5, groups - 0.5)
        ax.margins(y=0.12)
        a.value_axis(ax, scale, language)
        ax.axhline(0, color=FAINT, lw=0.6)
        ax.legend(
            ncols=len(bars), loc="lower right", bbox_to_anchor=(1, 1.0), borderaxespad=0.1, fontsize=7.5
        )
    return drawing


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


def _beside(ax: Axes, at: float, y: float, words: str, *, bold: bool = False) -> None:
    ax.annotate(
        words, (at, y), xytext=(3 if at >= 0 else -3, 0), textcoords="offset points", va="center",
        ha="left" if at >= 0 else "right", fontsize=7.5, fontweight="bold" if bold else "normal",
    )  # fmt: skip


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
            far = max(v, m) if known and np.isfinite(m) else v if known else 0.0
            _beside(ax, max(far, 0) * factor, y, words, bold=bool(missed))
        _lying(ax, names, scale, language, half)
        key = "reach_mark" if good == "up" else "stay_under_mark"
        ax.text(
            0, 1.01, legend or W(key, language), transform=ax.transAxes, fontsize=7, color=FAINT,
            va="bottom", ha="left",
        )  # fmt: skip
    return drawing


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
            _above(ax, x, level * factor, number(level, scale), bold=True, below=level < 0)
        for i, delta in enumerate(deltas):
            base = min(levels[i], levels[i + 1])
            up = delta >= 0
            ax.bar(
                i + 1, abs(delta) * factor, 0.6, base * factor, color=GOOD if up else "#eec3b3",
                hatch="" if up else "////", edgecolor=GOOD if up else PALETTE[1], linewidth=0,
            )  # fmt: skip
            _above(
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


def _above(
    ax: Axes, x: float, y: float, words: str, *, bold: bool = False, colour: str = INK, below: bool = False,
    size: float = 7.5, turn: int = 0,
) -> None:  # fmt: skip
    """`words` just above a bar's end, or just below it where the bar goes down."""
    ax.annotate(
        words, (x, y), xytext=(0, -2 if below else 2), textcoords="offset points", ha="center",
        va="top" if below else "bottom", fontsize=size, color=colour, rotation=turn,
        fontweight="bold" if bold else "normal",
    )  # fmt: skip


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
    return _mixed("#f5f6f8", colour, depth * 0.9)


def _mixed(one: str, other: str, part: float) -> Colour:
    """`one` with a part of `other`."""
    a_, b_ = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for c in (one, other))
    red, green, blue = a_ + (b_ - a_) * part
    return float(red), float(green), float(blue)


def _readable_on(colour: Colour) -> str:
    """White on dark, ink on light, by luminance, so that it holds on a grey print."""
    red, green, blue = colour
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.47 else INK
