"""Questions with several answers (多选题): shares of cases and of mentions, options compared in the same people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.contingency_tables import mcnemar as _mcnemar

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import RECORD, Figure, Status, dimensions, need_columns
from mktanalytics.metrics.survey.precision import kish_n_eff, shown, wilson_interval
from mktanalytics.metrics.survey.satisfaction import respondent_weights
from mktanalytics.metrics.survey.survey_answers import question_rows
from mktanalytics.settings import Settings

EXCLUSIVE = ("以上都没有", "以上都不是", "都没有", "没有", "无", "none", "none of the above")
EXACT_BELOW = 25  # discordant pairs; from there the chi-square form is good enough


@checked
def multiple_response(
    survey: pd.DataFrame, question: str, *, by: str | Sequence[str] = (), settings: Settings | None = None
) -> pd.DataFrame:
    """How many of the respondents who saw a question chose each option, and its part of all mentions.

    Parameters
    ----------
    survey : a row for each option chosen: respondent, question, answer, `by`; optional survey and
        sample_weight. A respondent who saw the question and chose nothing has one row without an answer.
    by : attributes of the respondent, such as region.

    Returns
    -------
    DataFrame
        One row per `by` and option, most chosen first: answer, `RECORD` (value % of cases, a fraction: they
        sum to more than 1; numerator weighted respondents who chose it, denominator weighted respondents
        who saw the question, n those respondents), n_eff, lower, upper (Wilson), shown, mentions (part of
        all mentions, a fraction). Under 30 n_eff the value is hidden. Who chose "none" and something else
        is counted in the note.

    Raises
    ------
    MetricError
        A column is missing or the question isn't in the survey.

    Source
    ------
    methods 6.4. One chi-square over all mentions is invalid: test option by option.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent": list(range(40)) + list(range(20)), "question": "购买渠道",
    ...     "answer": ["超市"] * 40 + ["电商"] * 20})
    >>> multiple_response(rows, "购买渠道")[["answer", "value", "n", "mentions"]].round(3).values.tolist()
    [['超市', 1.0, 40, 0.667], ['电商', 0.5, 40, 0.333]]
    """
    by = dimensions(by)
    settings = settings or Settings()
    need_columns(survey, ["respondent", "question", "answer", *by], metric="multiple_response")
    rows = _answers(survey, question, by)
    groups = rows.groupby(list(by), dropna=False, sort=True) if by else [((), rows)]
    records = [
        dict(zip(by, key, strict=True)) | record
        for key, group in groups
        for record in _options(group, settings)
    ]
    columns = [*by, "answer", *RECORD, "n_eff", "lower", "upper", "shown", "mentions"]
    return pd.DataFrame(records, columns=columns).astype({"n": "Int64"})


def _answers(survey: pd.DataFrame, question: str, by: Sequence[str]) -> pd.DataFrame:
    """One row per respondent and option, with who it is and the weight."""
    rows = question_rows(survey, question)
    wave = rows["survey"].astype("str").fillna("") if "survey" in rows else ""
    who = pd.Series(wave, index=rows.index) + "\u0000" + rows["respondent"].astype("str")
    answer = rows["answer"].astype("str").str.strip()
    answer = answer.where(answer != "")
    table = rows[list(by)].assign(who=who, answer=answer, w=respondent_weights(rows))
    return table.dropna(subset=["w"]).drop_duplicates(["who", "answer", *by])


def _options(rows: pd.DataFrame, settings: Settings) -> list[dict[str, object]]:
    people = rows.drop_duplicates("who")
    base, n_eff = float(people["w"].sum()), kish_n_eff(people["w"])
    chosen = rows.dropna(subset=["answer"])
    sums = chosen.groupby("answer")["w"].sum()
    look, note = shown(n_eff, settings.thresholds), _contradictions(chosen)
    hidden = look == "hide"
    records = []
    for answer in sorted(sums.index, key=lambda a: (-sums[a], a)):
        share = min(float(sums[answer]) / base, 1.0) if base > 0 else math.nan
        low, high = wilson_interval(share, n_eff, level=settings.methods.interval)
        value, low, high = (math.nan,) * 3 if hidden else (share, low, high)
        records.append({
            "answer": answer, "value": value, "unit": "fraction",
            "status": str(Status.SMALL_BASE if hidden else Status.OK),
            "numerator": math.nan if hidden else float(sums[answer]), "denominator": base, "n": len(people),
            "note": note, "n_eff": n_eff, "lower": low, "upper": high, "shown": look,
            "mentions": math.nan if hidden else float(sums[answer] / sums.sum()),
        })  # fmt: skip
    return records


def _contradictions(chosen: pd.DataFrame) -> str:
    """A note where people chose "none of these" together with something else."""
    none = chosen["answer"].str.lower().isin(EXCLUSIVE)
    both = set(chosen.loc[none, "who"]) & set(chosen.loc[~none, "who"])
    return say("none_and_more", len(both)) if both else ""


@checked
def mcnemar(survey: pd.DataFrame, question: str, first: str, second: str) -> Figure:
    """Whether two options of one question are chosen by different parts of the same people.

    Parameters
    ----------
    survey : as for `multiple_response`; unweighted.
    first, second : the options.

    Returns
    -------
    Figure
        value p (a fraction); numerator people who chose the first only, denominator those who chose the
        second only, n respondents. Exact under 25 such people, else chi-square without correction.

    Raises
    ------
    MetricError
        The question isn't in the survey, or nobody chose one of the options.

    Source
    ------
    McNemar 1947; statsmodels; methods 6.4.

    Examples
    --------
    >>> rows = pd.DataFrame({"respondent": list(range(30)), "question": "购买渠道", "answer": ["超市"] * 20 + ["电商"] * 10})
    >>> found = mcnemar(rows, "购买渠道", "超市", "电商")
    >>> found.numerator, found.denominator, round(found.value, 3)
    (20.0, 10.0, 0.068)
    """
    need_columns(survey, ["respondent", "question", "answer"], metric="mcnemar")
    rows = _answers(survey, question, ())
    chose = {option: set(rows.loc[rows["answer"] == option, "who"]) for option in (first, second)}
    for option, people in chose.items():
        if not people:
            found = ", ".join(sorted(rows["answer"].dropna().unique()))
            raise MetricError(
                (f"无人选择“{option}”", f"nobody chose {option}"),
                found=found,
                todo=("请指定其中两项", "name two of these"),
            )
    everyone = set(rows["who"])
    one, other = len(chose[first] - chose[second]), len(chose[second] - chose[first])
    both = len(chose[first] & chose[second])
    table = np.array([[both, one], [other, len(everyone) - both - one - other]])
    exact = one + other < EXACT_BELOW
    p = float(_mcnemar(table, exact=exact, correction=False).pvalue) if one + other else 1.0
    note = say("mcnemar_exact") if exact else say("mcnemar_chi")
    return Figure(min(p, 1.0), "fraction", Status.OK, float(one), float(other), len(everyone), note)
