"""Change of share: percentage points against last month, last year, year to date, twelve months (methods 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import (
    MonthLike,
    Span,
    month_number,
    month_numbers,
    month_stamp,
    span_months,
)
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.periods.growth import mom_published
from mktanalytics.metrics.result import Status, dimensions, record_frame
from mktanalytics.metrics.share._market import choose_source, choose_vintage
from mktanalytics.metrics.share.market_share import market_share

Comparison = Literal["mom", "yoy", "ytd", "mat"]


def base_month(month: MonthLike, against: Comparison) -> pd.Timestamp:
    """The month that `month` is compared with: the month before (`mom`), or the same month a year ago."""
    return month_stamp(month_number(month) - (1 if against == "mom" else 12))


@checked
def market_share_change(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    against: Comparison = "yoy",
    by: str | Sequence[str] = (),
    measure: str = "amount",
    groups: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """Change of each brand's share in percentage points, with the relative change beside it.

    Parameters
    ----------
    market, month, by, measure, groups, source, year_start
        As for `market_share`.
    against : {"mom", "yoy", "ytd", "mat"}
        环比 (January to March carry a warning); 同比 of the month; 同比 of 本年累计; 同比 of the last twelve months.

    Returns
    -------
    DataFrame
        `by`, brand, record columns, relative_change. value (unit `pp`) is a difference of fractions:
        0.012 is 1.2 个百分点; numerator is the share now, denominator the share then (both fractions).
        Status `new` where the brand wasn't in the base period, `discontinued` where it has left the
        market, `na_missing` where either side is missing or the periods share no vintage. relative_change is a fraction (NaN where there is none).

    Raises
    ------
    MetricError
        A column or the named source is missing.

    Source
    ------
    Methods 1.4 (percentage points; one vintage), 2.1, 2.2, 2.3 rule 7.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.to_datetime(["2025-10-01"] * 2 + ["2026-10-01"] * 2),
    ...     "brand": ["云岭", "合计"] * 2, "amount": [20.0, 100.0, 30.0, 120.0]})
    >>> change = market_share_change(market, "2026-10")
    >>> change.loc[change.brand == "云岭", ["value", "unit", "relative_change"]].round(4)
       value unit  relative_change
    0   0.05   pp             0.25
    """
    by = dimensions(by)
    by = [c for c in by if c != "brand"]
    spans: Span = "ytd" if against == "ytd" else "mat" if against == "mat" else "month"
    base = base_month(month, against)
    keep = [
        *span_months(base, spans, year_start=year_start),
        *span_months(month, spans, year_start=year_start),
    ]
    rows, mixed, note = one_vintage(market, keep, source)
    options = {"by": by, "measure": measure, "span": spans, "groups": groups, "source": source}
    now = market_share(rows, month, year_start=year_start, **options)  # type: ignore[arg-type]
    then = market_share(rows, base, year_start=year_start, **options)  # type: ignore[arg-type]
    if against == "mom" and not mom_published(month):
        note = join(note, say("holiday_month"))
    return _change_of(now, then, [*by, "brand"], mixed, note)


def one_vintage(
    market: pd.DataFrame, months: Sequence[int], source: str | None
) -> tuple[pd.DataFrame, bool, str]:
    """`market` in the newest vintage that covers all `months`; whether there is none although restated; a note."""
    rows, named = choose_source(market, source)
    if "vintage" not in rows.columns:
        return rows, False, named
    rows = rows.assign(m=month_numbers(rows["month"]))
    chosen, mixed, note = choose_vintage(rows[rows["m"].notna()], months)
    return chosen.drop(columns="m"), mixed, join(named, note)


def _change_of(
    now: pd.DataFrame, then: pd.DataFrame, keys: list[str], mixed: bool, vintage: str
) -> pd.DataFrame:
    columns = [*keys, "value", "status", "note", "n"]
    both = now[columns].merge(then[columns], on=keys, how="outer", suffixes=("", "_base"))
    both = both.sort_values(keys).reset_index(drop=True)
    absent_then, absent_now = both["status_base"].isna(), both["status"].isna()
    known = (both["status"] == Status.OK) & (both["status_base"] == Status.OK)
    status = np.select(
        [np.full(len(both), mixed), known, absent_then & (both["status"] == Status.OK), absent_now],
        [Status.MISSING, Status.OK, Status.NEW, Status.DISCONTINUED],
        default=Status.MISSING,
    )
    worse = both["status"].eq(Status.COVERAGE) | both["status_base"].eq(Status.COVERAGE)
    status = np.where(worse & ~known, Status.COVERAGE, status)
    note = [
        join("" if pd.isna(a) else a, "" if pd.isna(b) else b, say("cross_vintage") if mixed else vintage)
        for a, b in zip(both["note"], both["note_base"], strict=True)
    ]
    note = [join(text, say("new")) if s == Status.NEW else text for text, s in zip(note, status, strict=True)]
    out = record_frame(
        both[keys],
        value=both["value"] - both["value_base"],
        unit="pp",
        status=status,
        numerator=both["value"],
        denominator=both["value_base"],
        n=[pd.NA if pd.isna(k) else int(k) for k in both["n"].fillna(both["n_base"])],
        note=note,
    )
    ok = (out["status"] == Status.OK) & (out["denominator"] > 0)
    out["relative_change"] = (out["numerator"] / out["denominator"].where(ok) - 1).where(ok)
    return out
