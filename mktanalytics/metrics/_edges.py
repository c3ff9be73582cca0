"""Figures at a threshold: 1.2 of 1.5 is 80 %, though a float calls it 0.7999…"""

from __future__ import annotations

import math
from collections.abc import Iterable

LAST_BITS = 1e-12  # what sums and quotients of floats may be off by; no rounding of a figure


def on_edge(value: float, edges: Iterable[float]) -> float:
    """The figure, or the edge that it misses by no more than the last bits of a float.

    >>> 1.2 / 1.5, on_edge(1.2 / 1.5, [0.8]), on_edge(0.7999, [0.8])
    (0.7999999999999999, 0.8, 0.7999)
    """
    return next((e for e in edges if math.isclose(value, e, rel_tol=LAST_BITS, abs_tol=LAST_BITS)), value)
