"""Figures that miss an edge, or nought, by the last bits of a float: 1.2 of 1.5 is 80 %, though a float calls it 0.7999…"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

LAST_BITS = 1e-12  # what sums and quotients of floats may be off by; no rounding of a figure


def settled(total: pd.Series, size: pd.Series) -> pd.Series:
    """Sums of which those that cancel out are 0, though floats leave some last bits of their terms' `size`.

    >>> settled(pd.Series([0.1 + 0.2 - 0.3, 0.1]), pd.Series([0.6, 0.1])).tolist()
    [0.0, 0.1]
    """
    return total.mask(total.abs() <= LAST_BITS * size, 0.0)


def net_sums(rows: pd.DataFrame, keys: Sequence[str], measure: str) -> pd.Series:
    """The sums of a measure by its keys, in which sales and their returns may cancel out; NaN where all are missing.

    >>> net_sums(pd.DataFrame({"m": [1, 1, 1, 2], "amount": [0.1, 0.2, -0.3, 4.0]}), ["m"], "amount").tolist()
    [0.0, 4.0]
    """
    figures = pd.to_numeric(rows[measure])  # None among objects is missing
    parts = rows[list(keys)].assign(**{measure: figures, "_size": figures.abs()}).groupby(list(keys))
    sums = parts[[measure, "_size"]].sum(min_count=1)
    return settled(sums[measure], sums["_size"])


def on_edge(value: float, edges: Iterable[float]) -> float:
    """The figure, or the edge that it misses by no more than the last bits of a float.

    >>> 1.2 / 1.5, on_edge(1.2 / 1.5, [0.8]), on_edge(0.7999, [0.8])
    (0.7999999999999999, 0.8, 0.7999)
    """
    return next((e for e in edges if math.isclose(value, e, rel_tol=LAST_BITS, abs_tol=LAST_BITS)), value)
