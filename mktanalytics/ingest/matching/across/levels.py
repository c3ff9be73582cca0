"""Which of a heading's levels names the measure, and what the others say."""

from __future__ import annotations

import re

from mktanalytics.ingest.matching.claimed import claims_of
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.vocabulary import Vocabulary
from mktanalytics.schema import Table

EACH = re.compile(r"^(月度|年度|季度|各月|分月|每月|逐月|当月|本月)")


def measure_and_label(table: Table, heading: Heading, words: Vocabulary) -> tuple[str, str]:
    """The measure one of the levels names, and the words of the others: 华东 over 销量 is (units, 华东)."""
    for position in range(len(heading.levels) - 1, -1, -1):
        level = heading.levels[position]
        for claim in claims_of(table, level, words) or claims_of(table, EACH.sub("", level), words):
            if table.column(claim.column).is_number:
                rest = [x for j, x in enumerate(heading.levels) if j != position]
                return claim.column, " ".join(rest)
    return "", heading.label


def measure_above_label(table: Table, heading: Heading, words: Vocabulary) -> tuple[str, str]:
    """The same, where a heading of a single level is a label and no measure."""
    return measure_and_label(table, heading, words) if len(heading.levels) > 1 else ("", heading.label)
