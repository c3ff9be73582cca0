"""The charts of the reports: frames in, a matplotlib figure out; nothing is read, kept or changed."""

from mktanalytics.display.charts.bars import plot_bars
from mktanalytics.display.charts.heat import plot_heat
from mktanalytics.display.charts.lines import plot_lines
from mktanalytics.display.charts.lying import plot_ranked, plot_targets
from mktanalytics.display.charts.waterfall import plot_waterfall

__all__ = ["plot_bars", "plot_heat", "plot_lines", "plot_ranked", "plot_targets", "plot_waterfall"]
