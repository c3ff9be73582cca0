"""Whether our own sales fit into what the market source counts (methods 1.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span, month_numbers, span_months
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, dimensions, need_columns, need_numbers, record_frame
from mktanalytics.metrics.share.market_share import market_share
from mktanalytics.metrics.share.share_summary import OWN


@checked
def market_coverage(
    sales: pd.DataFrame,
    market: pd.DataFrame,
    month: MonthLike,
    *,
    own: Sequence[str],
    by: str | Sequence[str] = (),
    span: Span = "month",
    measure: str = "amount",
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """Our own sales over what the source counts for our brands, and whether they exceed the whole market.

    Parameters
    ----------
    sales : DataFrame
        month, `measure`, `by`; where it has `brand`, only `own` counts.
    market, month, by, span, measure, source, year_start
        As for `market_share`.
    own : sequence of str
        Own brands.

    Returns
    -------
    DataFrame
        `by`, record columns, market. value (fraction): own sales / the source's count of own brands
        (numerator, denominator; CNY or units); market: the whole market. `error_coverage` where own sales
        exceed the market total, `na_missing` where a side is missing. Differing price levels (ex-factory
        and retail) show here as a steady gap.

    Raises
    ------
    MetricError
        A column or the named source is missing.

    Source
    ------
    Methods 1.4.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "region": ["华东", "华南"], "amount": [24.0, 130.0]})
    >>> market = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "region": ["华东", "华东", "华南", "华南"],
    ...                        "brand": ["云岭", "合计"] * 2, "amount": [30.0, 100.0, 20.0, 90.0]})
    >>> market_coverage(sales, market, "2026-10", own=["云岭"], by=["region"])[["region", "value", "status"]]
      region  value          status
    0     华东    0.8              ok
    1     华南    NaN  error_coverage
    """
    by = dimensions(by)
    need_columns(sales, ["month", measure, *by], metric="market_coverage")
    need_numbers(sales, [measure], metric="market_coverage")
    shares = market_share(
        market,
        month,
        by=by,
        measure=measure,
        span=span,
        groups={OWN: list(own)},
        source=source,
        year_start=year_start,
    )
    ours = shares[shares["brand"] == OWN].reset_index(drop=True)
    sold = _sold(sales, month, own, by, span, measure, year_start)
    both = (
        ours[[*by, "numerator", "denominator", "status", "note"]].merge(sold, on=by, how="left")
        if by
        else None
    )
    if both is None:
        both = ours.assign(_sold=sold["_sold"].iloc[0])
    known = both["status"].isin([Status.OK, Status.COVERAGE]) & both["_sold"].notna()
    over = known & (both["_sold"] > both["denominator"] * (1 + 1e-9))
    zero = known & (both["numerator"] == 0)
    status = np.select(
        [over, zero, known],
        [str(Status.COVERAGE), str(Status.ZERO_BASE), str(Status.OK)],
        default=str(Status.MISSING),
    )
    out = record_frame(
        both[by],
        value=(both["_sold"] / both["numerator"].where(both["numerator"] != 0)).to_numpy(),
        unit="fraction",
        status=status,
        numerator=both["_sold"].to_numpy(),
        denominator=both["numerator"].to_numpy(),
        note=[join(a, say("over_coverage") if b else "") for a, b in zip(both["note"], over, strict=True)],
    )
    out["market"] = both["denominator"].to_numpy()
    return out


def _sold(
    sales: pd.DataFrame,
    month: MonthLike,
    own: Sequence[str],
    by: list[str],
    span: Span,
    measure: str,
    year_start: int,
) -> pd.DataFrame:
    months = span_months(month, span, year_start=year_start)
    numbers = month_numbers(sales["month"])
    rows = sales[np.isin(numbers, list(months))]
    if "brand" in rows.columns and rows["brand"].notna().any():
        rows = rows[rows["brand"].isin(list(own))]
    whole = set(months) <= set(numbers[~np.isnan(numbers)].astype(int))
    if not by:
        total = rows[measure].sum(min_count=1) if whole else np.nan
        return pd.DataFrame({"_sold": [total]})
    sums = rows.groupby(by)[measure].sum(min_count=1).rename("_sold").reset_index()
    return sums if whole else sums.assign(_sold=np.nan)
