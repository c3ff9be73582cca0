"""What every chart needs: a blank drawing, axes in shown units, month labels, labels that don't collide."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mktanalytics.display.fonts import FAINT, INK
from mktanalytics.display.format import Scale, scale_for
from mktanalytics.display.wording import MONTHS, W
from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import Figure

FULL, HALF = 7.0, 3.42  # inches: the text width of an A4 page, and half of it


def blank(height: float, *, half: bool) -> tuple[Drawing, Axes]:
    """A drawing of the page's width (or half of it) and its axes; made without pyplot's global state."""
    drawing = Drawing(figsize=(HALF if half else FULL, height))
    return drawing, drawing.add_subplot()


def column(frame: pd.DataFrame, key: str) -> pd.Series:
    """A column of `frame`, or a `MetricError` that names the ones there are."""
    if key not in frame.columns:
        raise MetricError(
            (f"图需要列 {key!r}", f"the chart needs the column {key!r}"),
            found=", ".join(map(str, frame.columns)),
            todo=("从这些列中选一列", "give the chart one of these columns"),
        )
    return frame[key]


def no_two(frame: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse two rows for one point: a chart would show one and hide the other."""
    twice = frame.duplicated(list(keys))
    if twice.any():
        point = " × ".join(str(v) for v in frame.loc[twice, list(keys)].iloc[0])
        raise MetricError(
            ("图上同一个点有多行数据", "several rows for one point of the chart"),
            found=point,
            todo=("先筛选，或先汇总", "filter the frame, or sum it before"),
        )


def numbers(values: Iterable[object]) -> np.ndarray:
    """Figures or numbers as floats, missing as NaN."""
    plain = [v.value if isinstance(v, Figure) else v for v in values]
    return np.array([np.nan if v is None or pd.isna(v) else float(v) for v in plain])  # type: ignore[arg-type,call-overload]


def unit_of(frame: pd.DataFrame, key: str, unit: str) -> str:
    """The unit given, else the one the figures of column `key` (or the record frame) bring."""
    if unit:
        return unit
    first = next((v for v in column(frame, key) if isinstance(v, Figure)), None)
    if first is not None:
        return first.unit
    return str(frame["unit"].iloc[0]) if "unit" in frame.columns and len(frame) else ""


def shown_scale(values: np.ndarray, unit: str, language: str) -> tuple[Scale, float]:
    """The scale of the finite `values` and the factor that brings them to it."""
    scale = scale_for(unit, [float(v) for v in values[np.isfinite(values)]], language)
    return scale, 10.0**scale.shift


def value_axis(ax: Axes, scale: Scale, language: str, *, axis: Literal["x", "y"] = "y") -> None:
    """Grid, ticks with thousands separators, and the unit once, beside the axis."""
    ax.grid(True, axis=axis)
    side = ax.yaxis if axis == "y" else ax.xaxis
    side.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    side.set_major_formatter(FuncFormatter(lambda v, _: f"{round(v, 9):,g}{scale.each}"))
    if scale.head:
        words = W("unit_mark", language, unit=scale.head)
        where = (0.0, 1.02, "left", "bottom") if axis == "y" else (1.0, 1.005, "right", "bottom")
        ax.text(*where[:2], words, transform=ax.transAxes, ha=where[2], va=where[3], fontsize=7, color=FAINT)
    ax.spines["left" if axis == "y" else "bottom"].set_visible(False)


def month_label(month: pd.Timestamp, language: str, *, year: bool) -> str:
    """10月, or with the year below it; Oct in English."""
    name = f"{month.month}月" if language == "zh" else MONTHS[month.month - 1]
    return f"{name}\n{month.year}{'年' if language == 'zh' else ''}" if year else name


def positions(values: Sequence[Hashable], language: str) -> tuple[dict[Hashable, int], list[tuple[int, str]]]:
    """x value -> position, and the ticks: all months of the span, so that a missing month is a gap."""
    times = [v for v in values if isinstance(v, pd.Timestamp)]
    if len(times) < len(values):
        order = list(dict.fromkeys(values))
        return {v: i for i, v in enumerate(order)}, [(i, str(v)) for i, v in enumerate(order)]
    months = pd.date_range(min(times), max(times), freq="MS")
    step = 1 if len(months) <= 13 else 2 if len(months) <= 18 else 3
    first = (len(months) - 1) % step  # count back from the last month, which must be named
    ticks, shown_year = [], 0
    for i in range(first, len(months), step):
        ticks.append((i, month_label(months[i], language, year=months[i].year != shown_year)))
        shown_year = months[i].year
    return {m: i for i, m in enumerate(months)}, ticks


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Positions in [0, 1], at least `gap` apart, in the order of `wanted` and as near to it as may be."""
    order = np.argsort(np.asarray(wanted), kind="stable")
    gap = min(gap, 1.0 / max(1, len(order) - 1))
    # least squares under an order constraint: take the gaps out, pool neighbours that collide, put gaps back
    pools: list[list[float]] = []
    for rank, i in enumerate(order):
        pools.append([wanted[i] - rank * gap, 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (b, m), (a, n) = pools.pop(), pools.pop()
            pools.append([(a * n + b * m) / (n + m), n + m])
    flat = [value for value, count in pools for _ in range(int(count))]
    top = 1.0 - gap * (len(order) - 1)
    out = [0.0] * len(order)
    for rank, i in enumerate(order):
        out[i] = min(max(flat[rank], 0.0), top) + rank * gap
    return out


def text_width(text: str) -> float:
    """Width in ems: a Chinese character is 1, a Latin one about 0.55."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.55 for c in text)


def wrapped(text: str, ems: float) -> str:
    """`text` in as few lines of at most `ems` as may be, of even length, broken between words or Chinese characters."""
    lines = _lines(text, ems)
    narrower = ems
    while len(lines) > 1:
        narrower -= 0.5
        tried = _lines(text, narrower)
        if len(tried) > len(lines) or narrower < 2:
            break
        lines = tried
    return "\n".join(lines)


def _lines(text: str, ems: float) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip()) > ems:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    out: list[str] = []
    for c in text:
        wide = unicodedata.east_asian_width(c) in "WF"
        glued = bool(out) and not wide and not out[-1][-1].isspace()
        glued = glued and unicodedata.east_asian_width(out[-1][-1]) not in "WF"
        if glued or (out and c.isspace()) or (out and c in "，。；：、）”"):
            out[-1] += c
        else:
            out.append(c)
    return out


def name_groups(ax: Axes, names: Sequence[str], *, half: bool, top: bool = False) -> None:
    """The groups' names along x, wrapped to the room they have; slanted where a word is too long for it."""
    room = (HALF if half else FULL) * 72 * 0.8 / len(names) / 8  # ems of 8 pt type
    if max(text_width(piece.rstrip()) for name in names for piece in _pieces(name)) <= room:
        ax.set_xticks(range(len(names)), [wrapped(name, max(2.0, room)) for name in names])
    else:
        side = "left" if top else "right"
        ax.set_xticks(range(len(names)), names, rotation=35, ha=side, rotation_mode="anchor")


def bare(ax: Axes) -> None:
    """Neither frame nor ticks: for a chart whose marks carry their values."""
    ax.spines[["left", "top", "right"]].set_visible(False)
    ax.tick_params(length=0)


def above(
    ax: Axes, x: float, y: float, words: str, *, bold: bool = False, colour: str = INK, below: bool = False,
    size: float = 7.5, turn: int = 0,
) -> None:  # fmt: skip
    """`words` just above a bar's end, or just below it where the bar goes down."""
    ax.annotate(
        words, (x, y), xytext=(0, -2 if below else 2), textcoords="offset points", ha="center",
        va="top" if below else "bottom", fontsize=size, color=colour, rotation=turn,
        fontweight="bold" if bold else "normal",
    )  # fmt: skip
