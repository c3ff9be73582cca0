"""A segment's share against the whole: where a brand has more than its fair share (methods 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span
from mktanalytics.metrics.notes import join
from mktanalytics.metrics.result import Status, dimensions, record_frame
from mktanalytics.metrics.share.market_share import market_share


@checked
def share_index(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    by: str | Sequence[str],
    measure: str = "amount",
    span: Span = "month",
    groups: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """Share index ("fair share"): a brand's share in a segment over its share of the whole market, times 100.

    Parameters
    ----------
    market, month, measure, span, groups, source, year_start
        As for `market_share`.
    by : sequence of str
        The columns that make the segments.

    Returns
    -------
    DataFrame
        `by`, brand, record columns (unit `index`; above 100 the brand is stronger here than overall); numerator is
        the share in the segment, denominator the share of the whole. `na_zero_base` where the brand has
        no share at all; otherwise the status of the share that is missing.

    Raises
    ------
    MetricError
        `by` is empty, or a column or the named source is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.Timestamp("2026-10-01"), "region": ["华东"] * 2 + ["华南"] * 2,
    ...     "brand": ["云岭", "清泉"] * 2, "amount": [30.0, 70.0, 10.0, 90.0]})
    >>> share_index(market, "2026-10", by=["region"]).query("brand == '云岭'")["value"].round(6).tolist()
    [150.0, 50.0]
    """
    by = dimensions(by)
    by = [c for c in by if c != "brand"]
    if not by:
        raise MetricError(
            ("份额指数需要细分市场", "a share index needs segments"),
            todo=("在 by 中指明细分的列", "name the columns that make them in `by`"),
        )
    parts, whole = (
        market_share(
            market,
            month,
            by=cut,
            measure=measure,
            span=span,
            groups=groups,
            source=source,
            year_start=year_start,
        )
        for cut in (by, [])
    )
    both = parts.merge(
        whole[["brand", "value", "status", "note"]], on="brand", how="left", suffixes=("", "_whole")
    )
    here, overall = both["value"].to_numpy("float64"), both["value_whole"].to_numpy("float64")
    lost = both["status"].where(both["status"] != Status.OK, both["status_whole"].fillna(str(Status.MISSING)))
    status = np.where((lost == Status.OK) & (overall == 0), str(Status.ZERO_BASE), lost)
    value = np.divide(here, overall, out=np.full(len(both), np.nan), where=overall > 0) * 100
    return record_frame(
        both[[*by, "brand"]],
        value=value,
        unit="index",
        status=status,
        numerator=here,
        denominator=overall,
        n=both["n"],
        note=[
            join(a, "" if pd.isna(b) else b) for a, b in zip(both["note"], both["note_whole"], strict=True)
        ],
    )
