"""Questionnaires: a question a column, several options in a cell or one 0/1 column each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from mktanalytics.ingest.readers.cells import Cell
from mktanalytics.ingest.values.texts import everywhere, texts
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.ingest.values.values import as_written
from mktanalytics.numbers import is_blank, prose

SEPARATOR = "┋"  # 问卷星 packs the options of a multi-choice answer with it
_NUMBERED = re.compile(r"^\s*(?:Q\s*)?(\d{1,3})\s*[、.．:：]\s*(.+?)\s*$", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"^\s*第\s*(\d{1,3})\s*题\s*[(（](.+?)[)）]\s*$", re.DOTALL)
_SCALE = re.compile(
    r"满意|评分|打分|推荐|可能性|分\s*[)）]|nps|\d+\s*-\s*\d+\s*分|likely|satisf|rating|score", re.IGNORECASE
)

_SKIPPED = frozenset(("-1", "-2", "-3"))
_SEVERAL = re.compile(
    r"多选|不定项|可选多项|(select|check|choose|tick) all|all that apply|multiple choice", re.IGNORECASE
)
_DIVIDERS = tuple(re.compile(p) for p in (r"\n+", r"\s*[|｜]\s*", r"\s*[;；]\s*", r",\s+", r"[、，,]\s*"))


class Question(NamedTuple):
    """What a header asks: number, wording, and the option, where the column is one option of several."""

    number: str
    wording: str
    option: str = ""


_CHOSEN = frozenset(("1", "√", "✓", "✔", "☑", "■", "●"))
_NOT_CHOSEN = frozenset(("0", "×", "✗", "✘", "□", "○"))
_AFTER_COLON = re.compile(r"(.*\S)\s*[:：]\s*([^:：]+)", re.DOTALL)
_AFTER_DASH = re.compile(r"(.*\S)\s*[-—–－_]+\s*([^-—–－_]+)", re.DOTALL)
_AFTER_SPACE = re.compile(r"(.*\S)\s+(\S+)", re.DOTALL)
_IN_BRACKETS = re.compile(r"(.*\S)\s*[(（]([^()（）]+)[)）]", re.DOTALL)


def options_of(questions: Sequence[Question], columns: Sequence[Sequence[Cell]]) -> list[Question]:
    """`2、渠道(超市)` and `2.渠道:电商` are options of one question, where their cells only say chosen or not."""
    parts = [_option(q.wording) if q.number and not q.option else None for q in questions]
    stems = [(q.number, p[1]) if p else None for q, p in zip(questions, parts, strict=True)]
    marks = [_marks(cells, p[2].strip()) if p else "" for p, cells in zip(parts, columns, strict=True)]
    several = Counter(stems)
    chosen = {stem for stem, mark in zip(stems, marks, strict=True) if mark == "chosen"}
    mixed = {stem for stem, mark in zip(stems, marks, strict=True) if mark == "other"}
    return [
        Question(q.number, p[1], p[2].strip())
        if p and several[stem] > 1 and stem in chosen and stem not in mixed
        else q
        for q, p, stem in zip(questions, parts, stems, strict=True)
    ]


def _option(wording: str) -> re.Match[str] | None:
    """The question and the option of 渠道(超市), 渠道:超市, 渠道-超市, or 渠道 over 超市."""
    ways = (_IN_BRACKETS, _AFTER_COLON, _AFTER_DASH, _AFTER_SPACE)
    return next((found for way in ways if (found := way.fullmatch(wording))), None)


def _marks(cells: Sequence[Cell], option: str) -> Literal["chosen", "none", "other"]:
    """Whether the cells only say chosen or not, by a mark or by the option's own name; `none` where nobody chose it."""
    said = {_answer(c, _SKIPPED) for c in cells if c is not None} - {None}
    yes = _CHOSEN | {option}
    if not said <= yes | _NOT_CHOSEN:
        return "other"
    return "chosen" if said & yes else "none"


def question_of(header: str) -> Question:
    """`6、兴趣爱好` is question 6; `第6题(运动)` is the option 运动 of question 6."""
    plain = header.strip()
    if found := _OPTION.match(plain):
        return Question(found[1], f"第{found[1]}题", found[2].strip())
    if found := _NUMBERED.match(plain):
        return Question(found[1], found[2].strip())
    return Question("", plain)


def answers(question: Question, cells: Sequence[Cell]) -> Records:
    """One record per answer: question_no, question, kind, answer, option, score."""
    none = _no_answers(question, cells)
    said = [None if c is None else _answer(c, none) for c in cells]
    if question.option:
        chosen = [(i, question.option) for i, t in enumerate(said) if t in _CHOSEN or t == question.option]
        return _records(question, "multiple", chosen, [None] * len(chosen), [np.nan] * len(chosen))
    if any(t and SEPARATOR in t for t in said):
        packed = [
            (i, part.strip())
            for i, t in enumerate(said)
            if t
            for part in t.split(SEPARATOR)
            if _answer(part, none)
        ]
        return _records(question, "multiple", packed, [None] * len(packed), [np.nan] * len(packed))
    given = [(i, t) for i, t in enumerate(said) if t]
    if _SEVERAL.search(question.wording):
        chosen = [(i, part) for i, t in given for part in _chosen(t, _divider([t for _, t in given]))]
        return _records(question, "multiple", chosen, [None] * len(chosen), [np.nan] * len(chosen))
    figures = [_figure(t) for _, t in given]
    if given and all(f is not None for f in figures):
        if _SCALE.search(question.wording):
            return _records(question, "score", given, [None] * len(given), [float(f or 0.0) for f in figures])
        return _records(question, "single", given, [t for _, t in given], [np.nan] * len(given))
    kind = "single" if len({t for _, t in given}) <= max(12, len(given) // 10) else "text"
    return _records(question, kind, given, [None] * len(given), [np.nan] * len(given))


def _divider(given: Sequence[str]) -> re.Pattern[str] | None:
    """What parts the options in the cells: its parts come again in other company, and none is torn."""
    for pattern in _DIVIDERS:
        places: dict[str, set[int]] = {}
        for i, text in enumerate(given):
            for part in pattern.split(text):
                places.setdefault(part, set()).add(i)
        together = Counter(
            frozenset(p) for p in places.values() if len(p) > 1
        )  # 好 and 快 of 好，快 only meet
        again = any(len({given[i] for i in p}) > 1 for p in places.values())
        if again and max(together.values()) == 1 and not any(_is_torn(p) for p in places):
            return pattern
    return None


def _is_torn(part: str) -> bool:
    """Whether a divider stood inside brackets: 其他（线下, 地摊）."""
    return sum(part.count(b) for b in "(（") != sum(part.count(b) for b in ")）")


def _chosen(text: str, divider: re.Pattern[str] | None) -> list[str]:
    return [p.strip() for p in divider.split(text) if p.strip()] if divider else [text]


def _answer(cell: Cell, none: frozenset[str]) -> str | None:
    text = prose(as_written(cell))
    return None if is_blank(text, words=False) or text in none else text


def _no_answers(question: Question, cells: Sequence[Cell]) -> frozenset[str]:
    """What stands for no answer: 问卷星 writes -3 for a skipped question; from -2 to 2 on a scale they are answers."""
    figures = {c for c in cells if isinstance(c, float)}
    balanced = bool(figures) and 0 in figures and min(figures) == -max(figures) < 0
    return frozenset() if balanced and _SCALE.search(question.wording) else _SKIPPED


def _figure(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,6}(\.\d+)?", text) else None


def _records(
    question: Question,
    kind: str,
    given: Sequence[tuple[int, str]],
    options: Sequence[str | None],
    scores: Sequence[float],
) -> Records:
    n = len(given)
    return Records(
        np.array([i for i, _ in given], dtype=np.int64),
        {
            "question_no": everywhere(question.number or None, n),
            "question": everywhere(question.wording, n),
            "kind": everywhere(kind, n),
            "answer": texts(t for _, t in given),
            "option": texts(options),
            "score": np.array(scores, dtype=float),
        },
    )
