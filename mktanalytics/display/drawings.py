"""Charts on the page: a drawing with its caption and the words for who can't see it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import matplotlib.pyplot as plt
from matplotlib.figure import Figure as Drawing
from matplotlib.text import Text as DrawnText

from mktanalytics.display.blocks import Block
from mktanalytics.display.fonts import FAMILY, chart_style
from mktanalytics.errors import UsageError


@dataclass(frozen=True)
class Chart(Block):
    """A drawing with its caption, the words for who can't see it (`alt`), and a note on the method."""

    type: ClassVar[str] = "chart"
    fig: Drawing
    caption: str
    alt: str
    note: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip() or not self.caption.strip():
            raise UsageError(
                ("图缺少标题或替代文字", "a chart needs a caption and an alt text"),
                found=repr(self.caption),
                todo=("用一句话说明图的内容", "say in one sentence what the chart shows"),
            )

    def content(self) -> dict[str, Any]:
        return {"svg": draw(self.fig), "caption": self.caption, "alt": self.alt, "note": self.note}


def draw(fig: Drawing) -> str:
    """The drawing as SVG, the same bytes each time, in the font of the reports."""
    buffer = io.StringIO()
    with chart_style():
        for text in fig.findobj(DrawnText):
            text.set_fontfamily(FAMILY)
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(fig)
    return buffer.getvalue()


@dataclass(frozen=True)
class Row(Block):
    """Two or three charts side by side; draw them with `half=True`."""

    type: ClassVar[str] = "row"
    charts: Sequence[Chart]

    def content(self) -> dict[str, Any]:
        return {"charts": [chart.data() for chart in self.charts]}
