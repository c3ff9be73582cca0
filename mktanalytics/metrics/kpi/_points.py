"""What all score functions share: scores kept within their ends, scores that can't be given."""

from __future__ import annotations

from mktanalytics.errors import MetricError
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status


def between(value: float, lowest: float, highest: float) -> Figure:
    """A score kept between two ends; `clamped`, with a note, where it wasn't."""
    kept = float(min(max(value, lowest), highest))
    if kept == value:
        return Figure(value, "score")
    return Figure(
        kept, "score", Status.CLAMPED, note=say("capped" if value > kept else "floored", f"{kept:g}")
    )


def unscored(note: str = "") -> Figure:
    """No score, as something it needs is missing."""
    return Figure(None, "score", Status.MISSING, note=note)


def positive_step(step: float) -> None:
    """Refuse a step that isn't above 0."""
    if not step > 0:
        raise MetricError(
            ("按步长计分，步长须大于 0", "a score by steps needs a step above 0"),
            found=str(step),
            todo=("填写 step 列", "fill in the column step"),
        )
