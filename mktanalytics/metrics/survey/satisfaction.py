"""Satisfaction (T2B), NPS and CES with their bases, intervals and suppression (methods 6.1, 6.2)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import add_note, join, say
from mktanalytics.metrics.result import RECORD, Status, dimensions, need_columns, need_known, need_numbers
from mktanalytics.metrics.survey.precision import (
    kish_n_eff,
    normal_quantile,
    nps_interval,
    shown,
    wilson_interval,
)
from mktanalytics.metrics.survey.survey_answers import (
    five_point,
    is_dont_know,
    nps_questions,
    on_scale,
    question_rows,
    satisfaction_questions,
    ten_point,
)
from mktanalytics.settings import Settings

FROM_ONE = r"(?<!\d)1\s*[-–—~～至到]\s*10"  # "（1-10分）" in a question
BASE = ("n_eff", "lower", "upper", "shown", "dont_know")
SHARES = {"T2B": ("top", "middle", "bottom"), "NPS": ("promoters", "passives", "detractors")}


@checked
def satisfaction(
    survey: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    question: str = "",
    settings: Settings | None = None,
) -> pd.DataFrame:
    """CSAT as the top-two-box share of each satisfaction question, and of `by` within it.

    Parameters
    ----------
    survey : columns question, answer or score, `by`; optional sample_weight. Answers are the Chinese or
        English five-point words, or 1 to 5.
    by : columns such as month, region, brand.
    question : the one meant; by default questions are found by their wording (满意) and answers.

    Returns
    -------
    DataFrame
        One row per question and `by`: `RECORD` (value = T2B, a fraction; numerator and denominator are
        weighted counts, n respondents), then n_eff, lower, upper (Wilson interval on n_eff, fractions),
        shown (show, grey, hide), dont_know (share of all answers; out of the base), top, middle, bottom
        (shares of codes 4–5, 3, 1–2). A hidden base has status `suppressed_small_base` and no value.

    Raises
    ------
    MetricError
        A column is missing, a weight is negative, or the question named isn't there or has other answers.

    Source
    ------
    methods 6.1 (CSAT = T2B [choice]), 6.2; Wilson 1927; Kish 1965.

    Examples
    --------
    >>> answers = ["非常满意"] * 30 + ["满意"] * 20 + ["一般"] * 30 + ["不满意"] * 20
    >>> row = satisfaction(pd.DataFrame({"question": "总体满意度", "answer": answers})).iloc[0]
    >>> row[["value", "n"]].astype(float).tolist(), row[["lower", "upper"]].astype(float).round(3).tolist()
    ([0.5, 100.0], [0.404, 0.596])
    """
    by = dimensions(by)
    need_columns(survey, ["question", *by], metric="satisfaction")
    chosen, scores = _asked(
        survey, question, satisfaction_questions, five_point, "1 to 5, or 非常满意 … 非常不满意"
    )
    return _summaries(chosen, scores, by, settings or Settings(), "fraction", _t2b, SHARES["T2B"])


@checked
def net_promoter_score(
    survey: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    question: str = "",
    settings: Settings | None = None,
) -> pd.DataFrame:
    """NPS of each recommendation question: share of 9–10 less share of 0–6.

    Parameters
    ----------
    survey : columns question, score (0 to 10) or answer that is such a number, `by`; optional sample_weight.
    question : the one meant; by default questions are found by their wording (推荐) and answers.

    Returns
    -------
    DataFrame
        As `satisfaction`, value in `pp` (a fraction: 0.3 is an NPS of 30), lower and upper around it,
        and promoters, passives, detractors. On a scale from 1 the note says that it isn't comparable.

    Raises
    ------
    MetricError
        A column is missing, a weight is negative, or the question named isn't there or has other answers.

    Source
    ------
    Reichheld 2003; methods 6.1, 6.2.

    Examples
    --------
    >>> rows = pd.DataFrame({"question": "是否愿意推荐", "score": [10] * 50 + [8] * 30 + [3] * 20})
    >>> net_promoter_score(rows)[["value", "promoters", "passives", "detractors"]].iloc[0].tolist()
    [0.3, 0.5, 0.3, 0.2]
    """
    by = dimensions(by)
    need_columns(survey, ["question", *by], metric="net_promoter_score")
    chosen, scores = _asked(survey, question, nps_questions, ten_point, "0 to 10")
    out = _summaries(chosen, scores, by, settings or Settings(), "pp", _nps, SHARES["NPS"])
    from_one = out["question"].astype("str").str.contains(FROM_ONE).fillna(False)
    return out.assign(note=add_note(out["note"], from_one, say("nps_from_one")))


@checked
def customer_effort(
    survey: pd.DataFrame,
    question: str,
    *,
    by: str | Sequence[str] = (),
    form: str = "mean",
    settings: Settings | None = None,
) -> pd.DataFrame:
    """CES of a 1–7 agreement question, as its mean or as the share of 5–7: two metrics, so name the form.

    Parameters
    ----------
    survey : columns question, score (1 to 7), `by`; optional sample_weight.
    form : mean (value in `score`, interval by the normal approximation) or share (a fraction, Wilson).

    Returns
    -------
    DataFrame
        As `satisfaction`, without the three shares.

    Raises
    ------
    MetricError
        The question isn't in the survey or was asked on another scale, or the form is unknown.

    Source
    ------
    methods 6.1 [choice].

    Examples
    --------
    >>> rows = pd.DataFrame({"question": "问题解决很轻松", "score": [7] * 30 + [5] * 30 + [2] * 40})
    >>> customer_effort(rows, "问题解决很轻松", form="share")["value"].tolist()
    [0.6]
    """
    by = dimensions(by)
    need_columns(survey, ["question", "score", *by], metric="customer_effort")
    need_numbers(survey, ["score"], metric="customer_effort")
    need_known(form, ("mean", "share"), ("CES 形式", "form of CES"))
    chosen = question_rows(survey, question)
    scores = on_scale(
        chosen, chosen["score"].astype("float64").where(lambda s: s.isin(range(1, 8))), "1 to 7"
    )
    unit, summary = ("score", _ces_mean) if form == "mean" else ("fraction", _ces_share)
    return _summaries(chosen, scores, by, settings or Settings(), unit, summary)


Floats = npt.NDArray[np.float64]
Summary = tuple[float, float, float, dict[str, float], str]  # value, lower, upper, shares, note
Summarise = Callable[[Floats, Floats, float, float], Summary]  # scores, weights, n_eff, level


def _asked(
    survey: pd.DataFrame,
    question: str,
    questions: Callable[[pd.DataFrame], list[str]],
    read: Callable[[pd.DataFrame], pd.Series],
    scale: str,
) -> tuple[pd.DataFrame, pd.Series]:
    """The rows of the question named, or of those found, with their scores."""
    if question:
        rows = question_rows(survey, question)
        return rows, on_scale(rows, read(rows), scale)
    rows = survey.reset_index(drop=True)  # frames put together may repeat their labels
    rows = rows[rows["question"].isin(questions(rows))]
    return rows, read(rows)


def _summaries(
    rows: pd.DataFrame,
    scores: pd.Series,
    by: Sequence[str],
    settings: Settings,
    unit: str,
    summary: Summarise,
    parts: Sequence[str] = (),
) -> pd.DataFrame:
    """One record a group; `parts` are the shares beside the figure, there whether or not they have a value."""
    need_columns(rows, ["question", *by], metric="survey")
    keys = ["question", *by]
    table = rows[keys].assign(_score=scores, _dk=is_dont_know(rows), _w=respondent_weights(rows))
    records = []
    for key, group in table.groupby(keys, dropna=False, sort=True):
        shares = dict.fromkeys(parts, math.nan)
        records.append(dict(zip(keys, key, strict=True)) | shares | _record(group, settings, unit, summary))
    columns = [*keys, *RECORD, *BASE, *parts]
    if records:
        return pd.DataFrame(records, columns=columns).astype({"n": "Int64"})
    return pd.DataFrame({c: pd.Series(dtype="object") for c in columns})


def _record(
    group: pd.DataFrame,
    settings: Settings,
    unit: str,
    summary: Summarise,
) -> dict[str, object]:
    valid = group[group["_score"].notna() & group["_w"].notna()]
    asked = group[(group["_score"].notna() | group["_dk"]) & group["_w"].notna()]
    weights = valid["_w"].to_numpy(dtype="float64")
    n_eff, total = kish_n_eff(valid["_w"]), float(weights.sum())
    dont_know = 1 - total / asked["_w"].sum() if asked["_w"].sum() else math.nan
    look = shown(n_eff, settings.thresholds)
    status, notes, shares = Status.OK, [], dict[str, float]()
    if not n_eff > 0:
        value, lower, upper, status = math.nan, math.nan, math.nan, Status.MISSING
        notes.append(say("no_answers"))
    else:
        value, lower, upper, shares, note = summary(
            valid["_score"].to_numpy(dtype="float64"), weights, n_eff, settings.methods.interval
        )
        notes.append(note)
    top = value * total
    if look == "hide" and status is Status.OK:
        value = lower = upper = top = math.nan
        shares, status = dict.fromkeys(shares, math.nan), Status.SMALL_BASE
        notes.append(say("small_n", f"{round(n_eff, 9):.1f}", settings.thresholds.small_base_hide))
    if group["_w"].isna().any():
        notes.append(say("no_weight_rows", int(group["_w"].isna().sum())))
    record: dict[str, object] = {"value": value, "unit": unit, "status": str(status), "numerator": top}
    record |= {"denominator": total, "n": len(valid), "note": join(*notes)}
    return record | {
        "n_eff": n_eff,
        "lower": lower,
        "upper": upper,
        "shown": look,
        "dont_know": dont_know,
        **shares,
    }


def respondent_weights(rows: pd.DataFrame) -> pd.Series:
    """The weight of each row: `sample_weight`, or 1 in a survey or wave where nobody has one."""
    if "sample_weight" not in rows:
        return pd.Series(1.0, rows.index)
    need_numbers(rows, ["sample_weight"], metric="survey")
    weights = rows["sample_weight"].astype("float64")
    waves = [rows[c].astype("str").fillna("") for c in ("survey", "month") if c in rows]
    known = weights.notna()
    weighted = known.groupby(waves).transform("any") if waves else pd.Series(known.any(), rows.index)
    return weights.where(weighted, 1.0)


def _part(inside: npt.NDArray[np.bool_], weights: Floats) -> float:
    return float(weights[inside].sum() / weights.sum())


def _t2b(scores: Floats, weights: Floats, n_eff: float, level: float) -> Summary:
    shares = {"top": _part(scores >= 4, weights), "middle": _part(scores == 3, weights)}
    shares["bottom"] = _part(scores <= 2, weights)
    return shares["top"], *wilson_interval(shares["top"], n_eff, level=level), shares, ""


def _nps(scores: Floats, weights: Floats, n_eff: float, level: float) -> Summary:
    up, down = _part(scores >= 9, weights), _part(scores <= 6, weights)
    shares = {"promoters": up, "passives": _part((scores > 6) & (scores < 9), weights), "detractors": down}
    return up - down, *nps_interval(up, down, n_eff, level=level), shares, ""


def _ces_mean(scores: Floats, weights: Floats, n_eff: float, level: float) -> Summary:
    mean = float(np.average(scores, weights=weights))
    spread = float(np.average((scores - mean) ** 2, weights=weights))
    # a normal interval on n_eff, the variance with its n/(n-1); one respondent has none
    half = math.sqrt(spread / (n_eff - 1)) * normal_quantile(level) if n_eff > 1 else math.nan
    return mean, mean - half, mean + half, {}, say("ces_mean")


def _ces_share(scores: Floats, weights: Floats, n_eff: float, level: float) -> Summary:
    share = _part(scores >= 5, weights)
    return share, *wilson_interval(share, n_eff, level=level), {}, say("ces_share")
