"""Groups of customers by RFM: segments by scores, classes by lines (methods 7.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.customers.rfm import NO_VALUE, OTHER, PARTS
from mktanalytics.metrics.result import need_columns, need_known, need_numbers

# R, F and M above (True) or below their lines: 重要 is a high M
EIGHT = {
    (True, True): "价值",
    (True, False): "发展",
    (False, True): "保持",
    (False, False): "挽留",
}  # fmt: skip
Box = tuple[str, tuple[int, int], tuple[int, int], tuple[int, int]]
# name, then lowest and highest score of R, F and M; the first box that fits gives the name
SEGMENTS: tuple[Box, ...] = (
    ("核心客户", (4, 5), (4, 5), (4, 5)),
    ("忠诚客户", (2, 5), (3, 5), (3, 5)),
    ("潜力客户", (3, 5), (1, 3), (1, 3)),
    ("新客户", (4, 5), (1, 1), (1, 1)),
    ("需关注", (2, 3), (2, 3), (2, 3)),
    ("即将沉睡", (2, 3), (1, 2), (1, 2)),
    ("不能流失", (1, 1), (4, 5), (4, 5)),
    ("有流失风险", (1, 2), (2, 5), (2, 5)),
    ("已流失", (1, 2), (1, 2), (1, 2)),
)


@checked
def rfm_segments(scores: pd.DataFrame, segments: Sequence[Box] = SEGMENTS) -> pd.DataFrame:
    """The name of the first box of R, F and M scores that each customer falls into; 其他 where none fits.

    Parameters
    ----------
    scores : DataFrame
        r, f, m and kind: what `rfm_scores` gives.
    segments : sequence of (name, (lowest, highest) of R, of F, of M)
        The boxes in order.

    Returns
    -------
    DataFrame
        `scores` with segment: each of the 125 triples has one; customers without a score are 无净消费.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    The boxes of R's package rfm; methods 7.1 (first match wins).

    Examples
    --------
    >>> import pandas as pd
    >>> scores = pd.DataFrame({"r": [5, 1, 1], "f": [5, 5, 1], "m": [4, 5, 5], "kind": "ok"})
    >>> rfm_segments(scores)["segment"].tolist()
    ['核心客户', '不能流失', '其他']
    """
    need_columns(scores, ["r", "f", "m", "kind"], metric="rfm_segments")
    need_numbers(scores, ["r", "f", "m"], metric="rfm_segments")
    fits = [
        np.logical_and.reduce([scores[c].between(*box).fillna(False).to_numpy(dtype=bool)
                               for c, box in zip("rfm", boxes, strict=True)])
        for _, *boxes in segments
    ]  # fmt: skip
    names = (
        np.select(fits, [name for name, *_ in segments], default=OTHER)
        if fits
        else np.full(len(scores), OTHER)
    )
    return scores.assign(segment=pd.array(np.where(scores["kind"] == "ok", names, NO_VALUE), dtype="str"))


@checked
def rfm_classes(
    table: pd.DataFrame, *, line: Literal["median", "mean"] | Mapping[str, float] = "median"
) -> pd.DataFrame:
    """八类客户: recency, frequency and monetary value, each better than its line or not.

    Parameters
    ----------
    table : DataFrame
        What `rfm` gives.
    line : {"median", "mean"} or mapping
        The line between high and low, over the customers who count; or fixed ones: "recency" (days),
        "frequency", "monetary". A mean of skewed values puts four fifths of the customers low.

    Returns
    -------
    DataFrame
        `table` with class: 重要价值 (all high), 重要发展 (F low), 重要保持 (R low), 重要挽留 (R and F low) with a high
        M, 一般... likewise with a low one; 无净消费. On the line counts as low.

    Raises
    ------
    MetricError
        A column is missing, or the line is unknown or incomplete.

    Source
    ------
    The eight classes of Chinese practice; methods 7.1.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"customer": list("abc"), "recency": [5, 40, 80], "frequency": [9, 2, 4],
    ...                       "monetary": [900.0, 80.0, 700.0], "kind": "ok"})
    >>> rfm_classes(table, line={"recency": 30, "frequency": 3, "monetary": 500})["class"].tolist()
    ['重要价值', '一般挽留', '重要保持']
    """
    need_columns(table, [*PARTS, "kind"], metric="rfm_classes")
    need_numbers(table, PARTS, metric="rfm_classes")
    ok = table["kind"] == "ok"
    if isinstance(line, str):
        need_known(line, ("median", "mean"), ("分界线", "line"))
    lines = getattr(table.loc[ok, list(PARTS)].astype("float64"), line)() if isinstance(line, str) else line
    if not set(PARTS) <= set(lines.keys()):
        raise MetricError(
            ("缺少分界线", "a line is missing"), found=", ".join(lines.keys()), expected=", ".join(PARTS)
        )
    high = pd.DataFrame({p: (table[p] < lines[p] if p == "recency" else table[p] > lines[p]) for p in PARTS})
    high = high.astype("boolean").fillna(False).astype(bool)
    names = [("重要" if m else "一般") + EIGHT[r, f] for r, f, m in high.itertuples(index=False)]
    return table.assign(**{"class": pd.array(np.where(ok, names, NO_VALUE), dtype="str")})
