"""The same measure by department, by category, by region and in total, small members folded into one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget.budget_amounts import budget_amounts
from mktanalytics.metrics.budget.budget_words import UNSPECIFIED
from mktanalytics.metrics.result import need_known, need_numbers

Measure = Callable[[pd.DataFrame, pd.DataFrame, list[str]], pd.DataFrame]
MOST = 12  # members a cut shows by name
_WORDS = {"zh": ("合计", "其余 {n} 项"), "en": ("Total", "{n} others")}


@checked
def each_cut(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    measure: Measure,
    *,
    cuts: Mapping[str, str],
    month: str | pd.Timestamp,
    most: int = MOST,
    fiscal_year_start: int = 1,
    language: str = "zh",
) -> pd.DataFrame:
    """A budget measure by each of several dimensions, one under the other, and its total last.

    Parameters
    ----------
    budget, spend, month : as in `budget_amounts`.
    measure : called as measure(budget, spend, by); returns a frame with the columns of `by`.
    cuts : dimension -> the name it is shown under.
    most : members shown by name; the smaller ones are summed *before* the measure, so that totals and
        rates stay right.

    Returns
    -------
    cut, member, then the measure's other columns; members by size, 其余 n 项 after them, 合计 last.

    Source
    ------
    methods 0.2.

    Examples
    --------
    >>> b = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"] * 3), "category": ["会展", "直播", "物料"],
    ...                   "amount": [90e4, 60e4, 30e4]})
    >>> s = pd.DataFrame({"month": pd.to_datetime(["2026-01-01"]), "category": "会展", "status": "paid", "amount": [9e4]})
    >>> rows = each_cut(b, s, lambda b, s, by: budget_amounts(b, s, month="2026-01", by=by),
    ...                 cuts={"category": "类别"}, month="2026-01", most=2)
    >>> rows.loc[rows["scope"] == "year", ["cut", "member", "ba"]].values.tolist()
    [['类别', '会展', 900000.0], ['类别', '其余 2 项', 900000.0], ['', '合计', 1800000.0]]
    """
    parts = []
    for dimension, name in cuts.items():
        sizes = _sizes(budget, spend, dimension, month, fiscal_year_start)
        few, used, order = fold_small(budget, spend, dimension, sizes, most=most, language=language)
        part = measure(few, used, [dimension]).rename(columns={dimension: "member"}).assign(cut=name)
        rank = part["member"].map({m: i for i, m in enumerate(order)}).fillna(len(order))
        parts.append(part.assign(_rank=rank).sort_values("_rank", kind="stable").drop(columns="_rank"))
    parts.append(measure(budget, spend, []).assign(cut="", member=_words(language)[0]))
    out = pd.concat(parts, ignore_index=True)
    return out[["cut", "member", *(c for c in out.columns if c not in ("cut", "member"))]]


@checked
def fold_small(
    budget: pd.DataFrame,
    spend: pd.DataFrame,
    dimension: str,
    sizes: pd.Series,
    *,
    most: int = MOST,
    language: str = "zh",
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Both tables with the smaller members of `dimension` renamed to one, and the members in order.

    Parameters
    ----------
    budget, spend : tidy tables. sizes : size by member. most : members to be left, the fold included.

    Returns
    -------
    budget, spend (new frames), members: largest first, 其余 n 项 last.

    Source
    ------
    methods 0.2: sums first, rates after.

    Examples
    --------
    >>> b = pd.DataFrame({"region": ["华东", "华南", "华北"], "amount": [3.0, 2.0, 1.0]})
    >>> fold_small(b, b, "region", b.set_index("region")["amount"], most=2)[2]
    ['华东', '其余 2 项']
    """
    need_numbers(sizes.to_frame("sizes"), ["sizes"], metric="fold_small")
    size = {str(m): abs(float(v)) for m, v in sizes.items()}
    order = sorted(size, key=lambda m: (-size[m], m))
    if len(order) <= most:
        return budget, spend, order
    kept = order[: most - 1]
    rest = _words(language)[1].format(n=len(order) - len(kept))

    def folded(frame: pd.DataFrame) -> pd.DataFrame:
        if dimension not in frame:
            return frame
        names = frame[dimension].astype("str").fillna(UNSPECIFIED)
        return frame.assign(**{dimension: names.where(names.isin(kept), rest)})

    return folded(budget), folded(spend), [*kept, rest]


def _sizes(
    budget: pd.DataFrame, spend: pd.DataFrame, dimension: str, month: str | pd.Timestamp, start: int
) -> pd.Series:
    amounts = budget_amounts(budget, spend, month=month, by=[dimension], fiscal_year_start=start)
    year = amounts[amounts["scope"] == "year"].set_index(dimension)
    return year["ba"].abs().fillna(0.0) + year["recognised"].abs().fillna(0.0)


def _words(language: str) -> tuple[str, str]:
    need_known(language, _WORDS, ("语言", "language"))
    return _WORDS[language]
