"""What a reader must know beside the scores: which rule gave each, and why one is not there."""

from __future__ import annotations

import pandas as pd

from mktanalytics.language import pick
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import note_text
from mktanalytics.metrics.result import need_columns

RULES = {
    "proportional": ("比例", "proportional"), "deduction": ("扣分", "deduction"), "bands": ("分档", "bands"),
    "min_max": ("极差", "min-max"), "efficacy": ("功效系数", "efficacy"), "difference": ("差额", "difference"),
}  # fmt: skip


def rule_words(language: str = "zh") -> dict[str, str]:
    """Each score function by the word a table shows."""
    return {rule: pick(words, language) for rule, words in RULES.items()}


@checked
def score_remarks(card: pd.DataFrame, *, language: str = "zh") -> pd.DataFrame:
    """The KPIs whose score has something to tell: how it was counted, or why there is none though the actual is known.

    Parameters
    ----------
    card : what `scorecard` returns (entity, kpi, actual, value, score_note).

    Returns
    -------
    DataFrame
        entity, kpi, scored (bool), remark (in `language`), in the order of the card.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 5.2: every score names its rule.

    Examples
    --------
    >>> card = pd.DataFrame({"entity": "市场部", "kpi": ["满意度", "NPS"], "actual": 0.8, "value": [80.0, float("nan")],
    ...     "score_note": ["", "分档法缺评分标准"]})
    >>> score_remarks(card).values.tolist()
    [['市场部', 'NPS', False, '分档法缺评分标准']]
    """
    need_columns(card, ["entity", "kpi", "actual", "value", "score_note"], metric="score_remarks")
    told = card[card["actual"].notna() & (card["score_note"] != "")]
    remarks = [note_text(note, language) for note in told["score_note"]]
    out = told[["entity", "kpi"]].assign(scored=told["value"].notna(), remark=remarks)
    return out.reset_index(drop=True)
