"""Cross tables of two questions: shares, residuals, chi-square, and letters of column tests (methods 6.4)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import (
    RECORD,
    Figure,
    Status,
    need_columns,
    need_known,
    need_numbers,
    ratio_frame,
)
from mktanalytics.metrics.survey.precision import kish_n_eff

SMALL_EXPECTED = 5.0
SMALL_BASE = 30


@checked
def cross_table(sample: pd.DataFrame, row: str, column: str, *, weight: str = "") -> pd.DataFrame:
    """Column shares of every answer in every banner column, with bases and adjusted residuals.

    Parameters
    ----------
    sample : one row a respondent with columns `row` and `column`; who lacks one is left out.
    weight : column of weights; "" for none.

    Returns
    -------
    DataFrame
        One row per `row` and `column`, cells without respondents included: `RECORD` (value the column share,
        a fraction; numerator and denominator weighted counts; n the column's respondents), count
        (respondents), n_eff (of the column), weighted (bool), residual (adjusted, of the weighted table
        scaled to n: beyond ±2 is worth reading).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Agresti, *Categorical Data Analysis* (adjusted residuals); methods 6.4.

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 4 + ["华南"] * 4, "品牌": list("甲甲甲乙甲乙乙乙")})
    >>> cross_table(people, "品牌", "区域")[["品牌", "区域", "value", "count"]].values.tolist()
    [['乙', '华东', 0.25, 1], ['乙', '华南', 0.75, 3], ['甲', '华东', 0.75, 3], ['甲', '华南', 0.25, 1]]
    """
    need_columns(sample, [row, column], metric="cross_table")
    need_numbers(sample, [weight] if weight else [], metric="cross_table")
    rows = sample.dropna(subset=[row, column]).assign(_w=1.0)
    if weight:
        rows = rows.assign(_w=rows[weight].astype("float64")).dropna(subset=["_w"])
    counts = pd.crosstab(rows[row], rows[column])
    weighted = pd.crosstab(rows[row], rows[column], rows["_w"], aggfunc="sum").fillna(0.0)
    keys = pd.DataFrame({"count": counts.stack()}).reset_index()
    base = keys[column].map(rows.groupby(column)["_w"].sum())
    out = ratio_frame(keys[[row, column]], pd.Series(weighted.to_numpy().ravel()), base,
                      n=keys[column].map(counts.sum()))  # fmt: skip
    out["count"] = keys["count"]
    out["n_eff"] = keys[column].map(rows.groupby(column)["_w"].apply(kish_n_eff))
    out["weighted"] = bool(weight)
    scaled = weighted.to_numpy() * (len(rows) / max(float(weighted.to_numpy().sum()), 1e-300))
    out["residual"] = _residuals(scaled).ravel()
    return out


def _residuals(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(observed - expected) / its standard error, cell by cell; NaN where a margin is empty or whole."""
    n = table.sum()
    r, c = table.sum(axis=1, keepdims=True) / n, table.sum(axis=0, keepdims=True) / n
    variance = n * r * c * (1 - r) * (1 - c)
    gap = table - n * r * c
    return np.asarray(np.divide(gap, np.sqrt(variance), out=np.full_like(gap, np.nan), where=variance > 0))


@checked
def chi_square(sample: pd.DataFrame, row: str, column: str) -> Figure:
    """p of independence in an unweighted simple sample: chi-square, or Fisher's exact test for a small 2 × 2.

    Parameters
    ----------
    sample : one row a respondent. Weighted or clustered samples need `rao_scott`.

    Returns
    -------
    Figure
        value p (a fraction), numerator chi-square, denominator its degrees of freedom, n. With an
        expected count under 5 and more than four cells: `suppressed_small_base`; merge categories.

    Raises
    ------
    MetricError
        A column is missing, or has one category only.

    Source
    ------
    Pearson 1900; Fisher 1922; scipy; methods 6.4.

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 50 + ["华南"] * 50, "满意": [1] * 40 + [0] * 10 + [1] * 25 + [0] * 25})
    >>> found = chi_square(people, "满意", "区域")
    >>> round(found.value, 5), round(found.numerator, 3)
    (0.00166, 9.89)
    """
    need_columns(sample, [row, column], metric="chi_square")
    table = pd.crosstab(sample[row], sample[column]).to_numpy()
    if min(table.shape) < 2:
        raise MetricError(
            ("独立性检验要求行列各有两类", "a test of independence needs two categories each"),
            found=f"{table.shape}",
        )
    result = stats.chi2_contingency(table, correction=False)
    n, df = int(table.sum()), float(result.dof)
    if result.expected_freq.min() >= SMALL_EXPECTED:
        return Figure(float(result.pvalue), "fraction", Status.OK, float(result.statistic), df, n, say("chi"))
    if table.shape == (2, 2):
        p = float(stats.fisher_exact(table).pvalue)
        return Figure(p, "fraction", Status.OK, None, None, n, say("fisher"))
    return Figure(None, "fraction", Status.SMALL_BASE, float(result.statistic), df, n, say("merge"))


@checked
def column_tests(
    table: pd.DataFrame, row: str, column: str, *, level: float = 0.95, adjust: str = "bonferroni"
) -> pd.DataFrame:
    """Every pair of columns in every row of a cross table compared: raw and adjusted p.

    Parameters
    ----------
    table : what `cross_table` returns. Columns must not share respondents; where they do (several answers, a part and
        its total) stack a row for each respondent and column, and take `design_difference` with the respondent as
        cluster: that has their covariance.
    level : 1 - the level of significance.
    adjust : bonferroni (p × pairs tested in that row, at most 1) or bh (Benjamini–Hochberg over the table).

    Returns
    -------
    DataFrame
        `row`, larger and smaller (names of the columns), difference (of shares, fraction), statistic, df
        (missing: normal reference, for unweighted tables; else e1 + e2 - 2), p, p_adjusted, significant.
        Pairs with a base under 30, or with the same share 0 or 1 in both, are not tested and not listed.

    Raises
    ------
    MetricError
        A column is missing or the adjustment unknown.

    Source
    ------
    IBM SPSS and Unicom column-proportions notes; methods 6.4. Pooled p, no continuity correction; scanning
    a big table, some letters are false: 5 % of the pairs without adjustment.

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 50 + ["华南"] * 50, "满意": [1] * 40 + [0] * 10 + [1] * 25 + [0] * 25})
    >>> tests = column_tests(cross_table(people, "满意", "区域"), "满意", "区域")
    >>> tests[["larger", "smaller", "significant"]].values.tolist()
    [['华南', '华东', True], ['华东', '华南', True]]
    """
    need_columns(table, [row, column, *RECORD, "n_eff", "weighted"], metric="column_tests")
    need_numbers(table, ["value", "n", "n_eff"], metric="column_tests")
    table = table.dropna(subset=[row, column]).astype(dict.fromkeys(("value", "n", "n_eff"), "float64"))
    need_known(adjust, ("bonferroni", "bh"), ("校正方法", "adjustment"))
    found = []
    for name, cells in table.groupby(row, sort=False):
        tested = [t for a, b in combinations(cells.to_dict("records"), 2) if (t := _pair(a, b, column))]
        found += [{row: name, **t, "p_adjusted": min(t["p"] * len(tested), 1.0)} for t in tested]
    columns = [row, "larger", "smaller", "difference", "statistic", "df", "p", "p_adjusted"]
    out = pd.DataFrame(found, columns=columns)
    if adjust == "bh" and len(out):
        out["p_adjusted"] = multipletests(out["p"], method="fdr_bh")[1]
    return out.assign(significant=out["p_adjusted"] < 1 - level)


def _pair(a: Mapping[Hashable, Any], b: Mapping[Hashable, Any], column: str) -> dict[str, Any]:
    """One test of two cells; {} where none is due."""
    p, e, n = ([float(c[k]) for c in (a, b)] for k in ("value", "n_eff", "n"))
    pooled = (p[0] * e[0] + p[1] * e[1]) / (e[0] + e[1])
    if min(*n, *e) < SMALL_BASE or pooled <= 0 or pooled >= 1 or any(map(math.isnan, p)):
        return {}
    z = (p[0] - p[1]) / math.sqrt(pooled * (1 - pooled) * (1 / e[0] + 1 / e[1]))
    df = e[0] + e[1] - 2 if a["weighted"] else math.nan
    tail = stats.t.sf(abs(z), df) if a["weighted"] else stats.norm.sf(abs(z))
    larger, smaller = (a, b) if p[0] >= p[1] else (b, a)
    return {"larger": larger[column], "smaller": smaller[column], "difference": abs(p[0] - p[1]),
            "statistic": abs(z), "df": df, "p": float(min(2 * tail, 1.0))}  # fmt: skip


@checked
def column_letters(
    table: pd.DataFrame, row: str, column: str, *, level: float = 0.95, adjust: str = "bonferroni"
) -> pd.DataFrame:
    """The cross table with a letter for each column and, in each cell, the letters of columns it exceeds.

    Parameters
    ----------
    table, level, adjust : as for `column_tests`.

    Returns
    -------
    DataFrame
        `table` with letter (of its column) and exceeds (letters, "" for none).

    Raises
    ------
    MetricError
        As `column_tests`.

    Source
    ------
    methods 6.4: letters mark the larger column.

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 50 + ["华南"] * 50, "满意": [1] * 40 + [0] * 10 + [1] * 25 + [0] * 25})
    >>> lettered = column_letters(cross_table(people, "满意", "区域"), "满意", "区域")
    >>> lettered[["满意", "区域", "letter", "exceeds"]].values.tolist()
    [[0, '华东', 'A', ''], [0, '华南', 'B', 'A'], [1, '华东', 'A', 'B'], [1, '华南', 'B', '']]
    """
    tests = column_tests(table, row, column, level=level, adjust=adjust)
    table = table.dropna(subset=[row, column])
    names = list(dict.fromkeys(table[column]))
    letters = {name: _letter(i) for i, name in enumerate(names)}
    won = tests[tests["significant"]]
    exceeds = [
        "".join(sorted(letters[s] for s in won.loc[(won[row] == r) & (won["larger"] == c), "smaller"]))
        for r, c in zip(table[row], table[column], strict=True)
    ]
    return table.assign(
        letter=pd.array([letters[c] for c in table[column]], dtype="str"),
        exceeds=pd.array(exceeds, dtype="str"),
    )


def _letter(position: int) -> str:
    """A … Z, then AA, AB …, as Excel names columns."""
    first, rest = divmod(position, 26)
    return (_letter(first - 1) if first else "") + chr(ord("A") + rest)
