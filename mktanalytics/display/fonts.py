"""The one font of the reports, and matplotlib set up with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager

Colour = tuple[float, float, float]
FAMILY = "Noto Sans CJK SC"
# Dark to light in even steps, so that neighbours stay apart on a grey print.
PALETTE = ("#12355b", "#b4481c", "#2f8f83", "#a978b8", "#cfa22c", "#8fa1b3", "#5567d8", "#b5c389")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (3, 1)), "-", (0, (2, 2)), "-")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
HATCHES = ("", "////", "....", "\\\\\\\\", "xx", "--", "++", "oo")
INK, FAINT, RULE, GOOD, BAD, OWN, OTHER = (
    "#1f2937", "#5b6470", "#e3e6ea", "#1a7f4b", "#b3261e", "#12355b", "#b9c2cc",
)  # fmt: skip


def font_folder() -> Path:
    """The folder of the Noto Sans CJK SC files, found without importing mpl_font (its import has effects)."""
    spec = find_spec("mpl_font")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the package mpl-font, which carries the fonts, is not installed")
    return Path(spec.submodule_search_locations[0]) / "fonts" / "noto"


@cache
def _register() -> None:
    for file in sorted(font_folder().glob("*.otf")):
        font_manager.fontManager.addfont(str(file))


RC: dict[str, Any] = {
    "font.family": [FAMILY],
    "font.size": 8,
    "axes.titlesize": 9,
    "axes.unicode_minus": False,  # U+2212 is full-width in this font
    "svg.fonttype": "none",  # text stays text; Typst subsets the font
    "svg.hashsalt": "mktanalytics",  # the same bytes on every run
    "axes.prop_cycle": mpl.cycler(color=PALETTE),  # type: ignore[attr-defined]
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9aa3af",
    "axes.linewidth": 0.6,
    "axes.labelcolor": FAINT,
    "axes.grid": False,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "text.color": INK,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}


@contextmanager
def chart_style() -> Iterator[None]:
    """matplotlib as the reports draw, whatever a user's matplotlibrc says; restored on leaving."""
    _register()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)  # type: ignore[arg-type]
        yield


def mixed(one: str, other: str, part: float) -> Colour:
    """`one` with a part of `other`."""
    a_, b_ = (np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) / 255 for c in (one, other))
    red, green, blue = a_ + (b_ - a_) * part
    return float(red), float(green), float(blue)
