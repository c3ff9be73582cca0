"""Agreement scales: distributions, groups compared by ranks, items turned round, and whether items make an index."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Figure, Status, dimensions, need_columns, need_numbers, ratio_frame
from mktanalytics.metrics.survey.precision import kish_n_eff
from mktanalytics.metrics.survey.satisfaction import respondent_weights
from mktanalytics.metrics.survey.survey_answers import five_point, numeric, on_scale, question_rows


@checked
def likert_distribution(
    survey: pd.DataFrame, question: str, *, by: str | Sequence[str] = (), points: int = 5
) -> pd.DataFrame:
    """The share of every code of a scale, codes nobody chose included.

    Parameters
    ----------
    survey : columns question, score or answer, `by`; optional sample_weight.
    points : codes of the scale, 1 to `points`; five-point satisfaction words are read too.

    Returns
    -------
    DataFrame
        One row per `by` and code, from 1 upwards: code, `RECORD` (value the share, a fraction; they sum to 1;
        n valid answers), n_eff. A mean of codes assumes equal steps, so it isn't given here.

    Raises
    ------
    MetricError
        A column is missing, or the question isn't in the survey or was asked on another scale.

    Source
    ------
    methods 6.1.

    Examples
    --------
    >>> rows = pd.DataFrame({"question": "包装", "answer": ["非常满意", "满意", "满意", "一般"]})
    >>> likert_distribution(rows, "包装")["value"].tolist()
    [0.0, 0.0, 0.25, 0.5, 0.25]
    """
    by = dimensions(by)
    need_columns(survey, ["question", *by], metric="likert_distribution")
    rows = question_rows(survey, question)
    codes = range(1, points + 1)
    scores = five_point(rows) if points == 5 else numeric(rows).where(lambda s: s.isin(codes))
    rows = rows.assign(code=on_scale(rows, scores, f"1 to {points}"), w=respondent_weights(rows))
    rows = rows.dropna(subset=["code", "w"])
    groups = list(rows.groupby(list(by), dropna=False, sort=True)) if by else [((), rows)]
    return pd.concat([_shares(dict(zip(by, k, strict=True)), g, codes) for k, g in groups], ignore_index=True)


def _shares(keys: dict[str, object], group: pd.DataFrame, codes: range) -> pd.DataFrame:
    sums = group.groupby("code")["w"].sum().reindex(list(codes), fill_value=0.0).reset_index(drop=True)
    frame = pd.DataFrame({**{k: [v] * len(codes) for k, v in keys.items()}, "code": list(codes)})
    total, n = pd.Series(float(group["w"].sum()), frame.index), pd.Series(len(group), frame.index)
    return ratio_frame(frame, sums, total, n=n).assign(n_eff=kish_n_eff(group["w"]))


def flipped(scores: pd.Series, points: int) -> pd.Series:
    """A negatively worded item turned round: 1 becomes `points`.

    Examples
    --------
    >>> flipped(pd.Series([1, 2, 5]), 5).tolist()
    [5, 4, 1]
    """
    return points + 1 - scores


@checked
def cronbach_alpha(items: pd.DataFrame) -> Figure:
    """Cronbach's alpha of an index: how far its items move together.

    Parameters
    ----------
    items : one column an item, one row a respondent; negatively worded items already flipped. Rows with a
        missing item are left out, and the note says how many.

    Returns
    -------
    Figure
        value alpha (unit `ratio`; at most 1, may be negative), n respondents. `na_zero_base` where the
        total doesn't vary, `na_missing` under two respondents.

    Raises
    ------
    MetricError
        An item isn't numeric, or there are fewer than two.

    Source
    ------
    Cronbach 1951: k/(k-1) × (1 - Σ item variances / variance of the total); methods 6.1.

    Examples
    --------
    >>> items = pd.DataFrame({"口味": [1, 2, 3, 4, 5], "包装": [2, 2, 3, 5, 4], "价格": [1, 3, 3, 4, 4]})
    >>> round(cronbach_alpha(items).value, 3)
    0.938
    """
    text = [str(c) for c in items.columns if not pd.api.types.is_numeric_dtype(items[c])]
    if text or len(items.columns) < 2:
        raise MetricError(
            ("指数须有两个以上题项，且均为分值", "an index needs two items or more, all of them scores"),
            found=", ".join(text) or f"{len(items.columns)} item(s)",
            expected=("每列均为数字", "a number in each column"),
            todo=("请先把回答换成分值", "turn the answers into scores first"),
        )
    whole = items.dropna().astype("float64")
    left = len(items) - len(whole)
    note = say("items_gone", left) if left else ""
    k, n = whole.shape[1], len(whole)
    if n < 2:
        return Figure(None, "ratio", Status.MISSING, n=n, note=note or say("few_items"))
    parts, total = float(whole.var(ddof=1).sum()), float(whole.sum(axis=1).var(ddof=1))
    if not total > 0 or math.isclose(total, 0.0, abs_tol=float(np.finfo(float).eps)):
        return Figure(None, "ratio", Status.ZERO_BASE, parts, 0.0, n, say("no_variance"))
    return Figure(k / (k - 1) * (1 - parts / total), "ratio", Status.OK, parts, total, n, note)


@checked
def rank_test(sample: pd.DataFrame, value: str, group: str) -> Figure:
    """Whether groups answer a scale alike, by the ranks of their answers: no equal steps are assumed.

    Parameters
    ----------
    sample : one row a respondent, unweighted; `value` numeric, `group` what tells the groups. Who lacks one is left out.

    Returns
    -------
    Figure
        value p (a fraction), numerator H (corrected for ties), denominator its degrees of freedom, n. With two
        groups this is the Mann–Whitney test without continuity correction. `na_zero_base` where all answer the same.

    Raises
    ------
    MetricError
        A column is missing or holds text, or there is one group only.

    Source
    ------
    Kruskal & Wallis 1952; scipy; methods 6.1 (compare groups by T2B or by ranks).

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 4 + ["华南"] * 4, "满意": [5, 4, 5, 4, 3, 2, 4, 1]})
    >>> found = rank_test(people, "满意", "区域")
    >>> round(found.value, 3), found.denominator
    (0.037, 1.0)
    """
    need_columns(sample, [value, group], metric="rank_test")
    need_numbers(sample, [value], metric="rank_test")
    rows = sample.dropna(subset=[value, group])
    groups = [g[value].to_numpy(dtype="float64") for _, g in rows.groupby(group)]
    if len(groups) < 2:
        raise MetricError(
            ("秩检验至少要有两组", "a rank test needs two groups"), found=str(len(groups)), todo=("换一个分组列", "group by another column")
        )  # fmt: skip
    if rows[value].nunique() < 2:
        return Figure(None, "fraction", Status.ZERO_BASE, n=len(rows), note=say("no_variance"))
    found = stats.kruskal(*groups)
    return Figure(
        float(found.pvalue), "fraction", Status.OK, float(found.statistic), float(len(groups) - 1), len(rows)
    )
