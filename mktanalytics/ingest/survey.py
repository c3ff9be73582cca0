"""Questionnaires: a question a column, several options in a cell or one 0/1 column each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from mktanalytics.ingest.cells import Cell
from mktanalytics.ingest.values import as_written
from mktanalytics.numbers import is_blank, prose

SEPARATOR = "┋"  # 问卷星 packs the options of a multi-choice answer with it
_NUMBERED = re.compile(r"^\s*(?:Q\s*)?(\d{1,3})\s*[、.．:：]\s*(.+?)\s*$", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"^\s*第\s*(\d{1,3})\s*题\s*[(（](.+?)[)）]\s*$", re.DOTALL)
_SCALE = re.compile(
    r"满意|评分|打分|推荐|可能性|分\s*[)）]|nps|\d+\s*-\s*\d+\s*分|likely|satisf|rating|score", re.IGNORECASE
)


class Question(NamedTuple):
    """What a header asks: number, wording, and the option, where the column is one option of several."""

    number: str
    wording: str
    option: str = ""


def question_of(header: str) -> Question:
    """`6、兴趣爱好` is question 6; `第6题(运动)` is the option 运动 of question 6."""
    plain = header.strip()
    if found := _OPTION.match(plain):
        return Question(found[1], f"第{found[1]}题", found[2].strip())
    if found := _NUMBERED.match(plain):
        return Question(found[1], found[2].strip())
    return Question("", plain)


def answers(question: Question, cells: Sequence[Cell]) -> pd.DataFrame:
    """One row per answer: its position (`_i`), question_no, question, kind, answer, option, score."""
    texts = [None if c is None else _answer(c) for c in cells]
    if question.option:
        chosen = [(i, question.option) for i, t in enumerate(texts) if t == "1"]
        return _frame(question, "multiple", chosen, [None] * len(chosen), [np.nan] * len(chosen))
    if any(t and SEPARATOR in t for t in texts):
        packed = [
            (i, part.strip()) for i, t in enumerate(texts) if t for part in t.split(SEPARATOR) if part.strip()
        ]
        return _frame(question, "multiple", packed, [None] * len(packed), [np.nan] * len(packed))
    given = [(i, t) for i, t in enumerate(texts) if t]
    figures = [_figure(t) for _, t in given]
    if given and all(f is not None for f in figures):
        if _SCALE.search(question.wording):
            return _frame(question, "score", given, [None] * len(given), [float(f or 0.0) for f in figures])
        return _frame(question, "single", given, [t for _, t in given], [np.nan] * len(given))
    kind = "single" if len({t for _, t in given}) <= max(12, len(given) // 10) else "text"
    return _frame(question, kind, given, [None] * len(given), [np.nan] * len(given))


def _answer(cell: Cell) -> str | None:
    text = prose(as_written(cell))
    return (
        None if is_blank(text, words=False) or text in ("-1", "-2", "-3") else text
    )  # 问卷星 writes -3 for a skipped question


def _figure(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,6}(\.\d+)?", text) else None


def _frame(
    question: Question,
    kind: str,
    given: Sequence[tuple[int, str]],
    options: Sequence[str | None],
    scores: Sequence[float],
) -> pd.DataFrame:
    return pd.DataFrame({
        "_i": np.array([i for i, _ in given], dtype=np.int64),
        "question_no": question.number or None,
        "question": question.wording,
        "kind": kind,
        "answer": [t for _, t in given],
        "option": list(options),
        "score": np.array(scores, dtype=float),
    })  # fmt: skip
