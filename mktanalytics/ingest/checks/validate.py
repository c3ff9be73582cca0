"""What only shows when blocks are laid side by side: corrections, repetitions, contradictions."""

from __future__ import annotations

from collections.abc import Sequence

from mktanalytics.ingest.checks.coded import ignore_coded_exports
from mktanalytics.ingest.checks.converted import ignore_conversions
from mktanalytics.ingest.checks.corrections import replace_corrected
from mktanalytics.ingest.checks.duplicates import duplicates_between, duplicates_inside
from mktanalytics.ingest.checks.repeats import (
    digest,
    ignore_calculations,
    ignore_held_repeats,
    ignore_repeats,
)
from mktanalytics.ingest.checks.respondents import part_respondents
from mktanalytics.ingest.checks.sisters import hold_unlike_sisters
from mktanalytics.ingest.checks.suspects import hold_suspects
from mktanalytics.ingest.checks.swapped import hold_perhaps_swapped
from mktanalytics.ingest.checks.views import ignore_views
from mktanalytics.ingest.checks.views_elsewhere import ignore_views_elsewhere
from mktanalytics.ingest.taking.taken import Taken


def validate_file(blocks: Sequence[Taken]) -> None:
    """What the blocks of one file show, while their cells are at hand."""
    hold_unlike_sisters(blocks)
    hold_perhaps_swapped(blocks)
    for block in blocks:
        hold_suspects(block)
        block.held = digest(block)
    part_respondents(blocks)


def validate(blocks: Sequence[Taken]) -> None:
    """What the blocks of all files show. Rows leave the tidy ones with a reason, never silently."""
    for block in blocks:
        duplicates_inside(block)
    replace_corrected(blocks)
    ignore_repeats(blocks)
    ignore_conversions(blocks)
    ignore_views(blocks)
    ignore_views_elsewhere(blocks)
    ignore_coded_exports(blocks)
    duplicates_between(blocks)
    ignore_calculations(blocks)
    ignore_held_repeats(blocks)
    for block in blocks:
        block.check_sums()
