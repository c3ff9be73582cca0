"""Which questions a survey holds and what its answers mean: satisfaction scales, 0–10 scores, don't know."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns, need_numbers

FIVE_POINTS: Mapping[str, int] = {
    "非常满意": 5, "很满意": 5, "十分满意": 5, "完全满意": 5, "very satisfied": 5, "extremely satisfied": 5,
    "满意": 4, "比较满意": 4, "较满意": 4, "satisfied": 4, "somewhat satisfied": 4,
    "一般": 3, "中立": 3, "说不上满意不满意": 3, "neutral": 3, "neither satisfied nor dissatisfied": 3,
    "不满意": 2, "不太满意": 2, "较不满意": 2, "比较不满意": 2, "dissatisfied": 2, "somewhat dissatisfied": 2,
    "非常不满意": 1, "很不满意": 1, "十分不满意": 1, "完全不满意": 1, "very dissatisfied": 1, "extremely dissatisfied": 1,
}  # fmt: skip
DONT_KNOW = frozenset(
    {"不清楚", "不知道", "说不清", "不了解", "拒答", "拒绝回答", "不适用", "无法评价", "跳过",
     "don't know", "dont know", "refused", "not applicable", "n/a", "na", "dk"}
)  # fmt: skip
SATISFACTION_WORDS = ("满意", "satisf", "csat")
RECOMMEND_WORDS = ("推荐", "recommend", "nps", "promoter")


def plain(text: pd.Series) -> pd.Series:
    """Answers folded to half width and lower case, an option letter or number in front taken off ("A. 满意")."""
    folded = text.astype("str").str.normalize("NFKC").str.strip().str.lower()
    return folded.str.replace(r"^(?:[a-z]|\d{1,2})[.、:)]\s*(?=\D)", "", regex=True)


def numeric(survey: pd.DataFrame) -> pd.Series:
    """The score of each row: column `score`, else an answer that is a number ("9", "9分")."""
    if "score" in survey:
        need_numbers(survey, ["score"], metric="survey")
    given = survey["score"].astype("float64") if "score" in survey else pd.Series(float("nan"), survey.index)
    if "answer" not in survey:
        return given
    read = plain(survey["answer"]).str.extract(r"^(-?\d+(?:\.\d+)?)\s*分?$")[0]
    return given.fillna(pd.to_numeric(read, errors="coerce").astype("float64"))


def is_dont_know(survey: pd.DataFrame) -> pd.Series:
    """Whether each row is a don't know or a refusal."""
    if "answer" not in survey:
        return pd.Series(False, survey.index)
    return plain(survey["answer"]).isin(DONT_KNOW)


def five_point(survey: pd.DataFrame) -> pd.Series:
    """Each answer on a satisfaction scale from 1 to 5; NaN for don't know, blank or anything else.

    Words come before numbers, as the number of an option may run from best to worst.
    """
    scores = numeric(survey).where(lambda s: s.isin([1, 2, 3, 4, 5]))
    if "answer" not in survey:
        return scores
    return plain(survey["answer"]).map(FIVE_POINTS).astype("float64").fillna(scores)


def ten_point(survey: pd.DataFrame) -> pd.Series:
    """Each answer on a scale of whole numbers from 0 to 10; NaN for anything else."""
    return numeric(survey).where(lambda s: s.isin(range(11)))


@checked
def satisfaction_questions(survey: pd.DataFrame) -> list[str]:
    """Questions about satisfaction of which every answer is on the five-point scale, or a don't know.

    Parameters
    ----------
    survey : columns question, answer and/or score.

    Returns
    -------
    list of str
        The questions, in order of their wording.

    Raises
    ------
    MetricError
        There is no column question.

    Source
    ------
    methods 6.1.

    Examples
    --------
    >>> rows = pd.DataFrame({"question": ["总体满意度", "总体满意度", "建议"], "answer": ["非常满意", "一般", "降价"]})
    >>> satisfaction_questions(rows)
    ['总体满意度']
    """
    rows = _about(survey, SATISFACTION_WORDS)
    return _questions(rows, five_point(rows))


@checked
def nps_questions(survey: pd.DataFrame) -> list[str]:
    """Questions about recommending of which every answer is 0 to 10, and some answer above 5.

    Parameters
    ----------
    survey : columns question, score or answer that is a number.

    Returns
    -------
    list of str
        The questions, in order of their wording.

    Raises
    ------
    MetricError
        There is no column question.

    Source
    ------
    methods 6.1; a scale that ends at 5 gives no NPS.

    Examples
    --------
    >>> rows = pd.DataFrame({"question": ["您会向朋友推荐我们吗"] * 2, "score": [9.0, 3.0]})
    >>> nps_questions(rows)
    ['您会向朋友推荐我们吗']
    """
    rows = _about(survey, RECOMMEND_WORDS)
    scores = ten_point(rows)
    names = _questions(rows, scores)
    top = scores.groupby(rows["question"]).max()
    return [q for q in names if top[q] > 5]


def question_rows(survey: pd.DataFrame, question: str) -> pd.DataFrame:
    """The rows of one question; an error that lists the questions where there is no such one."""
    need_columns(survey, ["question"], metric="survey")
    rows = survey[survey["question"] == question].reset_index(drop=True)
    if rows.empty:
        asked = ", ".join(sorted(survey["question"].dropna().astype("str").unique()))
        raise MetricError(
            ("没有这个题目", "no such question"),
            found=question,
            expected=asked,
            todo=("请指定其中之一", "name one of these"),
        )
    return rows


def on_scale(rows: pd.DataFrame, scores: pd.Series, scale: str) -> pd.Series:
    """The scores of one question, none of whose answers lies outside its scale: 7 is no answer from 1 to 5."""
    strange = rows[scores.isna() & ~is_dont_know(rows) & ~_blank(rows)]
    if len(strange):
        said = numeric(strange).astype("str")
        said = said.where(
            numeric(strange).notna(), strange["answer"].astype("str") if "answer" in strange else said
        )
        raise MetricError(
            ("有回答不在量表内", "answers outside the scale"), found=", ".join(sorted(said.unique())[:5]), expected=scale,
            todo=("指明题目或所用量表", "name the question or the scale it was asked on"),
        )  # fmt: skip
    return scores


def _about(survey: pd.DataFrame, words: tuple[str, ...]) -> pd.DataFrame:
    """The answers to questions with one of the words; reading the other answers would cost much and tell nothing."""
    need_columns(survey, ["question"], metric="survey")
    asked = survey["question"].astype("str").str.lower().str.contains("|".join(words), na=False)
    return survey[asked].reset_index(drop=True)


def _blank(survey: pd.DataFrame) -> pd.Series:
    text = survey["answer"] if "answer" in survey else pd.Series(pd.NA, survey.index, dtype="str")
    return numeric(survey).isna() & (text.isna() | (text.astype("str").str.strip() == ""))


def _questions(survey: pd.DataFrame, scores: pd.Series) -> list[str]:
    judged = survey.loc[~_blank(survey), ["question"]].assign(
        fits=(scores.notna() | is_dont_know(survey)), scored=scores.notna()
    )
    groups = judged.groupby("question")
    return sorted(str(q) for q, g in groups if g["fits"].all() and g["scored"].any())
