"""ABC classes and how much the largest really make (methods 7.4)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_known, need_numbers, record_frame


@checked
def abc_classes(
    items: pd.DataFrame,
    *,
    key: str = "product",
    measure: str = "amount",
    lines: tuple[float, float] = (0.80, 0.95),
    crossing: Literal["down", "up"] = "down",
) -> pd.DataFrame:
    """ABC classes by cumulative share: A up to the first line, B up to the second, C the rest.

    Parameters
    ----------
    items : DataFrame
        `key`, `measure`: lines of one key are added up.
    key, measure : str
        Columns.
    lines : (float, float)
        Where A and B end.
    crossing : {"down", "up"}
        The class of the item that crosses a line: the lower one ("<="), or the upper ("until reached").

    Returns
    -------
    DataFrame
        `key`, value, rank, share, cumulative (fractions), abc; largest first. Equal values are in one class
        (that of the last of them with "down", of the first with "up"); if the first item alone exceeds the
        line it is A. What sold nothing is C. Negative and missing values have no class and come last, listed with
        abc "".

    Raises
    ------
    MetricError
        A column is missing, the lines aren't rising within 0 and 1, or the rule is unknown.

    Source
    ------
    Methods 7.4.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": ["甲", "乙", "丙", "退"], "amount": [70.0, 20.0, 10.0, -5.0]})
    >>> abc_classes(items)[["product", "cumulative", "abc"]].head(3)
      product  cumulative abc
    0       甲         0.7   A
    1       乙         0.9   B
    2       丙         1.0   C
    """
    need_columns(items, [key, measure], metric="abc_classes")
    need_numbers(items, [measure], metric="abc_classes")
    currency_of(items, measure=measure)
    if not 0 < lines[0] < lines[1] < 1:
        raise MetricError(
            ("分界线须在0和1之间递增", "the lines must rise within 0 and 1"),
            found=str(lines),
            expected="(0.80, 0.95)",
        )
    need_known(crossing, ("down", "up"), ("跨线规则", "crossing rule"))
    sums = items.groupby(key)[measure].sum(min_count=1).rename("value").reset_index()
    sums = sums.assign(_in=sums["value"] >= 0)
    sums = sums.sort_values(["_in", "value", key], ascending=[False, False, True]).reset_index(drop=True)
    value = sums["value"].where(sums["_in"])
    sums["rank"] = value.rank(method="min", ascending=False)
    sums["share"] = value / value.sum() if value.sum() > 0 else np.nan
    sums["cumulative"] = sums["share"].cumsum()
    sums["abc"] = pd.array(_classes(sums, lines, crossing), dtype="str")
    return sums.drop(columns="_in")


def _classes(sums: pd.DataFrame, lines: tuple[float, float], crossing: str) -> list[str]:
    ties = sums.groupby("value")
    if crossing == "down":
        reached = ties["cumulative"].transform("last") - 1e-12
        above = [reached > line for line in lines]
    else:
        before = ties["cumulative"].transform("first") - sums["share"]
        above = [before >= line - 1e-12 for line in lines]
    first = sums["rank"] == 1
    names = np.select([sums["cumulative"].isna(), first | ~above[0], ~above[1]], ["", "A", "B"], default="C")
    return [str(n) for n in names]


@checked
def pareto_shares(
    items: pd.DataFrame,
    *,
    key: str = "product",
    measure: str = "amount",
    tops: tuple[float, ...] = (0.1, 0.2, 0.5),
) -> pd.DataFrame:
    """What part of the total the top 10, 20, 50 % of the items really make: 80/20 is never assumed.

    Parameters
    ----------
    items, key, measure
        As for `abc_classes`. Items without a positive value don't count.
    tops : tuple of float
        Parts of the number of items; rounded up to whole items.

    Returns
    -------
    DataFrame
        top (fraction of items), record columns: value (fraction of the total), n (items).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 7.4.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": list("甲乙丙丁戊"), "amount": [50.0, 20.0, 10.0, 10.0, 10.0]})
    >>> pareto_shares(items, tops=(0.2, 0.4))[["top", "value", "n"]]
       top  value  n
    0  0.2    0.5  1
    1  0.4    0.7  2
    """
    need_columns(items, [key, measure], metric="pareto_shares")
    need_numbers(items, [measure], metric="pareto_shares")
    currency_of(items, measure=measure)
    values = items.groupby(key)[measure].sum(min_count=1)
    values = values[values > 0].sort_values(ascending=False)
    if not all(0 < t <= 1 for t in tops):
        raise MetricError(
            ("占比须大于0、不超过1", "a top share is above 0, up to 1"),
            found=str(list(tops)),
            expected="(0, 1]",
        )
    counts = [int(np.ceil(t * len(values) - 1e-9)) for t in tops]
    sums = np.array([values.iloc[:c].sum() for c in counts], dtype="float64")
    total = float(values.sum())
    return record_frame(
        pd.DataFrame({"top": list(tops)}),
        value=sums / total if total > 0 else np.nan,
        unit="fraction",
        numerator=sums,
        denominator=total,
        n=counts,
    )
