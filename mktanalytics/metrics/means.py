"""The logarithmic mean, which turns ratios into differences that add (methods 1.2, 3.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked

Numbers = float | Sequence[float] | npt.NDArray[np.float64] | pd.Series


@checked
def log_mean(a: Numbers, b: Numbers) -> npt.NDArray[np.float64]:
    """The logarithmic mean: (a - b) / ln(a / b), and a where both are equal; NaN unless both are positive.

    Source
    ------
    Montgomery 1929; Ang 2005; methods 1.2, 3.1 E: L(a, a) = a is the limit.

    Examples
    --------
    >>> log_mean([8.0, 4.0, 4.0], [8.0, 8.0, 0.0]).round(6).tolist()
    [8.0, 5.77078, nan]
    """
    if np.size(a) != np.size(b) and 1 not in (np.size(a), np.size(b)):
        raise MetricError(
            ("两列长度不同", "the two rows differ in length"),
            found=f"{np.size(a)}, {np.size(b)}",
            expected=str(np.size(b)),
        )
    one, two = np.broadcast_arrays(np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64"))
    positive = (one > 0) & (two > 0)
    x, y = np.where(positive, one, 1.0), np.where(positive, two, 1.0)
    step = np.log1p((x - y) / y)  # near x = y the quotient of logs loses its digits
    near = np.abs(step) < 1e-8
    mean = np.where(near, np.sqrt(x * y), (x - y) / np.where(near, 1.0, step))
    return np.where(positive, mean, np.nan)
