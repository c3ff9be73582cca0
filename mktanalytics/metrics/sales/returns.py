"""Returns: what came back, of what was shipped (methods 0.5)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span, month_numbers, span_months
from mktanalytics.metrics._spans import monthly
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, dimensions, need_columns, ratio_frame


@checked
def return_rate(
    sales: pd.DataFrame,
    month: MonthLike,
    *,
    by: str | Sequence[str] = (),
    span: Span = "month",
    measure: str = "amount",
    order: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """退货率: returns over gross sales, of the same shipments where they can be traced, else of the same months.

    Parameters
    ----------
    sales : DataFrame
        month, `measure`, `by`, `order`: sales lines; returns are negative.
    month, by, span, year_start
        As for `compare`.
    measure : str
        amount or units.
    order : str, optional
        The column by which a return names the shipment it came from (order_id): then the returns of the span's
        shipments count, whenever they came back. Without it, the returns of the span.

    Returns
    -------
    DataFrame
        `by`, record columns: value (fraction), numerator (returns, positive), denominator (gross sales), n (lines
        returned); the note states which of the two it is. `na_zero_base` where only returns are,
        `na_missing` where a month of the span has no data.

    Raises
    ------
    MetricError
        A column is missing, the measure isn't numeric, or currencies are mixed.

    Source
    ------
    Methods 0.5.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "product": ["水", "水", "茶"], "amount": [100.0, -4.0, 50.0]})
    >>> return_rate(sales, "2026-10", by=["product"])[["product", "value", "numerator"]]
      product  value  numerator
    0       水   0.04        4.0
    1       茶   0.00        0.0
    """
    by, months = dimensions(by), list(span_months(month, span, year_start=year_start))
    need_columns(sales, [*by, *([order] if order else [])], metric="return_rate")
    held = set(monthly(sales, measure, [], metric="return_rate").dropna()["m"])
    lines = sales.assign(**{c: sales[c].astype("str").fillna("") for c in by})
    inside = np.isin(month_numbers(lines["month"]), months)
    shipped, back = lines[inside & (lines[measure] > 0)], lines[lines[measure] < 0]
    back = back[back[order].isin(shipped[order].dropna())] if order else back[inside[lines[measure] < 0]]
    lost = len(set(months) - held)
    return _rates(
        shipped, back, by, measure, lost, say("returns_of_shipments" if order else "returns_of_period")
    )


def _rates(
    shipped: pd.DataFrame, back: pd.DataFrame, by: list[str], measure: str, lost: int, basis: str
) -> pd.DataFrame:
    if by:
        keys = pd.concat([shipped[by], back[by]]).drop_duplicates().sort_values(by).reset_index(drop=True)
        index = pd.MultiIndex.from_frame(keys)
        gross, returned, count = (
            pd.Series(part.reindex(index).fillna(0).to_numpy())
            for part in (
                shipped.set_index(by)[measure].groupby(level=by).sum(),
                back.set_index(by)[measure].groupby(level=by).sum().abs(),
                back.set_index(by)[measure].groupby(level=by).size(),
            )
        )
    else:
        keys = pd.DataFrame(index=[0])
        gross, returned, count = (
            pd.Series([float(v)]) for v in (shipped[measure].sum(), -back[measure].sum(), len(back))
        )
    out = ratio_frame(keys, returned, gross, n=count.astype("int64"))
    if lost:
        out = out.assign(value=np.nan, status=str(Status.MISSING))
    return out.assign(note=join(basis, say("missing_months", lost) if lost else ""))
