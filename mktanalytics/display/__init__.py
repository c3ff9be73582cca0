"""What a notebook shows, and how figures become words, tables and charts."""

from mktanalytics.display.blocks import MIME, Block, DataThrough, Headline, Note, PageBreak, Text, show
from mktanalytics.display.cards import Card, Cards
from mktanalytics.display.cells import Col, figures, side_by_side
from mktanalytics.display.charts import (
    plot_bars,
    plot_heat,
    plot_lines,
    plot_ranked,
    plot_targets,
    plot_waterfall,
)
from mktanalytics.display.drawings import Chart, Row
from mktanalytics.display.format import say, say_range
from mktanalytics.display.quality import quality_blocks
from mktanalytics.display.tables import Table
from mktanalytics.display.wording import W, month_words, speak
from mktanalytics.language import spoken

__all__ = [
    "MIME", "Block", "Card", "Cards", "Chart", "Col", "DataThrough", "Headline", "Note", "PageBreak", "Row",
    "Table", "Text", "W", "figures", "month_words", "plot_bars", "plot_heat", "plot_lines", "plot_ranked", "plot_targets",
    "plot_waterfall", "quality_blocks", "say", "say_range", "show", "side_by_side", "speak", "spoken",
]  # fmt: skip
