"""The problems a report's last page tells of, without holding a million of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics import store
from mktanalytics.display.quality import MOST_ISSUES, PLACE, SEVERITIES, problem_kinds

TEXTS = ["cell", "message_zh", "message_en", "todo_zh", "todo_en"]


def problems_of(tables: Sequence[str]) -> pd.DataFrame:
    """What `quality_blocks` needs to know of the issues of these tables and of blocks that are no table.

    The texts are read of those that are shown only: they are most of what a million issues weigh.
    """
    of_these = {"severity": list(SEVERITIES), "table": [*tables, ""]}
    kinds = problem_kinds(store.load("issues", columns=PLACE, where=of_these))
    shown = kinds.head(MOST_ISSUES)
    if shown.empty:
        return kinds
    where = {c: shown[c].unique().tolist() for c in PLACE}
    texts = store.load("issues", columns=[*PLACE, *TEXTS], where=of_these | where)
    return kinds.merge(texts.drop_duplicates(PLACE), how="left", on=PLACE)
