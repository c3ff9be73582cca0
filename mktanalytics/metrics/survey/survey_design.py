"""Design-based errors by linearisation: strata, clusters, finite populations; Rao–Scott's test (methods 6.2, 6.4).

Written here: statsmodels has no survey designs, and the one kept package that has (svy) brings polars and a
second data model. The formulas are those of R's survey, and the tests hold what svy finds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import need_columns
from mktanalytics.metrics.survey.precision import wilson_interval

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Design:
    """The columns that say how a sample was drawn; "" where there is none."""

    weight: str = ""
    strata: str = ""
    clusters: str = ""  # dealers, stores, cities: what was drawn first
    population: str = ""  # how many clusters (or people, without clusters) the stratum has in all


@dataclass(frozen=True)
class Estimate:
    """A mean or share with its design-based error."""

    value: float
    error: float
    lower: float
    upper: float
    n: int
    n_eff: float
    deff: float
    df: int


def design_mean(
    sample: pd.DataFrame, value: str, design: Design | None = None, *, level: float = 0.95
) -> Estimate:
    """The weighted mean of a column, or a share where it is 0 and 1, with its error under the design.

    Parameters
    ----------
    sample : one row a respondent; `value` numeric. A missing value is outside the domain: it adds nothing,
        but its cluster still counts (so pass the whole sample, not a filtered one).
    design : names of the weight, strata, cluster and population columns.

    Returns
    -------
    Estimate
        value; error (linearised standard error); lower and upper (t interval; Wilson on n_eff for a
        share); n valid answers; deff against a simple sample of that size; n_eff = n / deff; df =
        clusters - strata.

    Raises
    ------
    MetricError
        A column is missing; a stratum has one cluster only; a cluster lies in two strata; a weight is
        missing or not above 0; or the population is smaller than the sample.

    Source
    ------
    Lumley, *Complex Surveys* (R survey, `svymean`); methods 6.2.

    Examples
    --------
    >>> stores = pd.DataFrame({"门店": list("甲甲乙乙丙丙"), "满意": [1, 1, 0, 1, 0, 0]})
    >>> found = design_mean(stores, "满意", Design(clusters="门店"))
    >>> found.value, round(found.error, 4), found.df
    (0.5, 0.2887, 2)
    """
    design = design or Design()
    need_columns(sample, [value, *_used(design)], metric="design_mean")
    y = sample[value].to_numpy(dtype="float64")
    valid = ~np.isnan(y)
    w = np.where(valid, _weights(sample, design), 0.0)
    if not valid.any():
        raise MetricError(f"no valid answers in {value}", todo="choose another question")
    y = np.where(valid, y, 0.0)
    mean, n = float(np.average(y, weights=w)), int(valid.sum())
    scores = (w * (y - mean) / w.sum())[:, None]
    variance, df = linearised(scores, sample, design)
    simple = float((w * (y - mean) ** 2).sum() / w.sum()) / (n - 1) if n > 1 else math.nan
    deff = float(variance[0, 0]) / simple if simple > 0 else 1.0
    n_eff = n / deff if deff > 0 else float(n)
    error = math.sqrt(variance[0, 0])
    half = stats.t.ppf(0.5 + level / 2, df) * error
    ends = (mean - half, mean + half)
    if set(np.unique(y[valid])) <= {0.0, 1.0}:
        ends = wilson_interval(mean, n_eff, level=level)
    return Estimate(mean, error, float(ends[0]), float(ends[1]), n, n_eff, deff, df)


def linearised(scores: Floats, sample: pd.DataFrame, design: Design) -> tuple[Floats, int]:
    """The covariance of totals of linearised scores (one column each) under a design, and its degrees of freedom.

    V = Σ_h (1 - f_h) n_h/(n_h - 1) Σ (u_hc - ū_h)(u_hc - ū_h)', u the cluster sums of stratum h.
    """
    units = pd.DataFrame(
        {
            "h": sample[design.strata].astype("str").to_numpy() if design.strata else "",
            "c": sample[design.clusters].astype("str").to_numpy()
            if design.clusters
            else np.arange(len(sample)),
        }
    )
    if units.isna().any(axis=None):
        raise MetricError("a respondent has no stratum or no cluster", todo="fill these columns")
    units["N"] = sample[design.population].to_numpy(dtype="float64") if design.population else np.inf
    sums = pd.DataFrame(scores).groupby([units["h"], units["c"]]).sum()
    populations = units.groupby("h")["N"].first()
    if sums.index.get_level_values("c").duplicated().any() and design.clusters:
        raise MetricError("a cluster lies in two strata", todo="give clusters names of their own")
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for stratum in sorted(set(units["h"])):
        block = sums.xs(stratum, level="h")
        m, population = len(block), float(populations[stratum])
        if m < 2:
            raise MetricError(
                f"stratum {stratum!r} has one cluster only", todo="merge it with the stratum most like it"
            )
        if population < m:
            raise MetricError(f"stratum {stratum!r}: population {population:g} is below the {m} sampled")
        away = (block - block.mean()).to_numpy(dtype="float64")
        total += (1 - m / population) * m / (m - 1) * away.T @ away
    return total, len(sums) - sums.index.get_level_values("h").nunique()


@dataclass(frozen=True)
class TableTest:
    """A test of independence of two questions."""

    statistic: float  # F
    p: float
    df: float
    df_error: float
    n: int


def rao_scott(sample: pd.DataFrame, row: str, column: str, design: Design | None = None) -> TableTest:
    """Whether two answers are independent in a weighted or clustered sample: Rao–Scott's second-order F.

    Parameters
    ----------
    sample : one row a respondent with columns `row` and `column`; respondents who lack one are left out.
    design : as for `design_mean`.

    Returns
    -------
    TableTest
        statistic F on df and df_error degrees of freedom, p, n.

    Raises
    ------
    MetricError
        As `design_mean`; or one of the two has a single category.

    Source
    ------
    Rao & Scott 1984; R survey, `svychisq(statistic="F")`; methods 6.4. A plain chi-square on weighted counts
    is wrong by orders of magnitude.

    Examples
    --------
    >>> people = pd.DataFrame({"区域": ["华东"] * 50 + ["华南"] * 50, "满意": [1] * 40 + [0] * 10 + [1] * 25 + [0] * 25})
    >>> found = rao_scott(people, "满意", "区域")
    >>> round(found.statistic, 3), round(found.p, 4)
    (9.791, 0.0023)
    """
    design = design or Design()
    need_columns(sample, [row, column, *_used(design)], metric="rao_scott")
    both = (sample[row].notna() & sample[column].notna()).to_numpy()
    rows, columns = (pd.Categorical(sample[c].where(both)) for c in (row, column))
    nr, nc = len(rows.categories), len(columns.categories)
    if nr < 2 or nc < 2:
        raise MetricError("a test of independence needs two categories each", found=f"{nr} × {nc}")
    w, n = np.where(both, _weights(sample, design), 0.0), int(both.sum())
    cells = np.zeros((len(sample), nr * nc))
    cells[np.flatnonzero(both), (rows.codes * nc + columns.codes)[both]] = 1.0
    p = w @ cells / w.sum()
    variance, df = linearised(w[:, None] * (cells - p) / w.sum(), sample, design)
    contrasts = _interactions(nr, nc)
    inverse = np.divide(1.0, p, out=np.zeros_like(p), where=p > 0)
    simple = contrasts.T @ (inverse[:, None] * contrasts) / n
    designed = contrasts.T @ (inverse[:, None] * variance * inverse) @ contrasts
    delta = np.linalg.solve(simple, designed)
    trace = float(np.trace(delta))
    free = trace**2 / float(np.trace(delta @ delta))
    table = p.reshape(nr, nc)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    statistic = float(n * ((table - expected) ** 2 / expected).sum()) / trace
    return TableTest(statistic, float(stats.f.sf(statistic, free, free * df)), free, free * df, n)


def _interactions(nr: int, nc: int) -> Floats:
    """The interaction columns of an nr × nc table, with what rows and columns alone explain taken out."""
    i, j = np.divmod(np.arange(nr * nc), nc)
    main = [np.ones(nr * nc), *(i == k for k in range(1, nr)), *(j == k for k in range(1, nc))]
    crossed = [(i == a) & (j == b) for b in range(1, nc) for a in range(1, nr)]
    x, z = np.column_stack(main).astype("float64"), np.column_stack(crossed).astype("float64")
    return np.asarray(z - x @ np.linalg.lstsq(x, z, rcond=None)[0], dtype="float64")


def _used(design: Design) -> list[str]:
    return [c for c in (design.weight, design.strata, design.clusters, design.population) if c]


def _weights(sample: pd.DataFrame, design: Design) -> Floats:
    if not design.weight:
        return np.ones(len(sample))
    w = sample[design.weight].to_numpy(dtype="float64")
    if np.isnan(w).any() or (w <= 0).any():
        raise MetricError("a weight is missing or not above 0", todo=f"mend the column {design.weight}")
    return w
