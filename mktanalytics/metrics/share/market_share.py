"""Market share: value and volume, of any segment, over any span, and as a trend (methods 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import (
    MonthLike,
    Span,
    month_number,
    month_numbers,
    month_stamp,
    span_months,
)
from mktanalytics.metrics.notes import add_note, join, say
from mktanalytics.metrics.result import (
    RECORD,
    Status,
    dimensions,
    need_columns,
    need_known,
    ratio_frame,
    record_frame,
)
from mktanalytics.metrics.share._market import DIMENSIONS as _DIMENSIONS
from mktanalytics.metrics.share._market import (
    OTHERS,
    TOTAL_WORDS,
    Cells,
    choose_source,
    count_by,
    fold_totals,
    gaps,
    market_cells,
    market_rows,
)

_PRINTED = {"amount": "value_share", "units": "volume_share"}


@checked
def market_share(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    by: str | Sequence[str] = (),
    measure: str = "amount",
    span: Span = "month",
    groups: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
    year_start: int = 1,
    period: str = "month",
) -> pd.DataFrame:
    """Each brand's share of the market, whole or by segment, in a month or a span that ends in it.

    The market is the printed 合计 where there is one, else the sum of the brands; what 合计 holds beyond
    the brands is the brand 其他. Where the source gives only shares, they are used as printed, and never
    summed over segments.

    Parameters
    ----------
    market : DataFrame
        Rows of the `market` table: month, brand, `measure`, and where given region, category, channel,
        period, source, vintage, value_share, volume_share.
    month : str or date
        The month, or the last month of the span.
    by : sequence of str
        Columns that make the segments, such as ["region", "category"]; brand is always a key.
    measure : {"amount", "units"}
        Value share or volume share.
    span : {"month", "ytd", "mat", "quarter", "year"}
        What is summed, numerators and denominators apart (methods 2.1).
    groups : mapping, optional
        Name -> brands, for rows such as 自有品牌合计 beside the brands.
    source : str, optional
        Which source; without it, the one with most rows, and the note says so.
    year_start : int
        First month of the year for "ytd", "quarter" and "year".
    period : str
        Which rows' `period` to read; months and quarters are never mixed.

    Returns
    -------
    DataFrame
        `by`, brand, and the record columns: value (fraction), numerator and denominator (CNY or units),
        n (months summed). Status `na_missing` where a month or a segment of the span is missing,
        `na_zero_base` where the market is zero, `error_coverage` where a brand exceeds its market.

    Raises
    ------
    MetricError
        A column or the named source is missing.

    Source
    ------
    Farris et al., Marketing Metrics, ch. 2; methods 1.1, 1.4, 0.2, 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.Timestamp("2026-10-01"), "region": ["华东"] * 3 + ["华南"] * 3,
    ...     "brand": ["云岭", "清泉", "合计"] * 2, "amount": [30.0, 50.0, 100.0, 10.0, 20.0, 100.0]})
    >>> market_share(market, "2026-10")[["brand", "value", "numerator", "denominator"]]
      brand  value  numerator  denominator
    0    云岭   0.20       40.0        200.0
    1    其他   0.45       90.0        200.0
    2    清泉   0.35       70.0        200.0
    """
    by = dimensions(by)
    by = [c for c in by if c != "brand"]  # the brand is always a key
    need_columns(market, ["month", "brand", *by], metric="market_share")
    need_known(measure, _PRINTED, ("指标列", "measure"))
    months = list(span_months(month, span, year_start=year_start))
    if _only_printed(market, measure, period, months, source):
        return _printed_share(market, months, by, _PRINTED[measure], groups, source, period)
    need_columns(market, [measure], metric="market_share")
    cells = market_cells(market, measure=measure, by=by, months=months, source=source, period=period)
    return _share_of(cells, months, by, groups or {})


def _only_printed(
    market: pd.DataFrame, measure: str, period: str, months: list[int], source: str | None
) -> bool:
    """Whether the source gives shares but no amounts for these months."""
    rows, _ = choose_source(market, source)
    rows = rows[np.isin(month_numbers(rows["month"]), months)]
    if "period" in rows.columns:
        rows = rows[rows["period"].fillna("month") == period]
    has_measure = measure in rows.columns and bool(rows[measure].notna().any())
    printed = _PRINTED[measure]
    return not has_measure and printed in rows.columns and bool(rows[printed].notna().any())


def _share_of(
    cells: Cells, months: list[int], by: list[str], groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    markets, dims = cells.markets, cells.dimensions
    brand_gaps = gaps(cells.brands, [*dims, "brand"], months, cells.months)
    market_gaps = _market_gaps(cells, months, brand_gaps)
    brands, brand_gaps = with_groups(cells.brands, groups), with_groups(brand_gaps, groups)
    in_span, markets_in = brands[brands["m"].isin(months)], markets[markets["m"].isin(months)]
    absent = len(set(months) - set(cells.months))
    known = brands if absent else pd.concat([in_span, brand_gaps])
    index = known[[*by, "brand"]].drop_duplicates()
    index = index.sort_values([*by, "brand"]).reset_index(drop=True)
    sums = in_span.groupby([*by, "brand"])["value"].sum().reset_index()
    keys = index.merge(sums, on=[*by, "brand"], how="left")
    keys = _with_market(keys, markets_in, by)
    n = np.full(len(keys), len(months))
    out = ratio_frame(index, keys["value"], keys["market"], n=pd.Series(n))
    over = (out["status"] == Status.OK) & (out["numerator"] > out["denominator"] * (1 + 1e-9))
    missing_market, missing_brand = (
        count_by(market_gaps, by, index),
        count_by(brand_gaps, [*by, "brand"], index),
    )
    out.loc[over, "status"] = str(Status.COVERAGE)
    out.loc[(missing_market > 0) | (missing_brand > 0) | (absent > 0), "status"] = str(Status.MISSING)
    out["value"] = out["value"].where(out["status"] == Status.OK)
    return _note_share(out, cells, keys, missing_market, missing_brand, absent)


def _note_share(
    out: pd.DataFrame,
    cells: Cells,
    keys: pd.DataFrame,
    missing_market: np.ndarray,
    missing_brand: np.ndarray,
    absent: int,
) -> pd.DataFrame:
    note = pd.Series(
        [join(cells.note, say("missing_months", absent) if absent else "")] * len(out), dtype="str"
    )
    note = add_note(note, missing_market > 0, [say("missing_market", k) for k in missing_market])
    note = add_note(note, missing_brand > 0, [say("missing_rows", k) for k in missing_brand])
    note = add_note(note, ~keys["all_printed"].astype(bool), say("sum_of_brands"))
    note = add_note(note, keys["too_much"].astype(bool), say("over_market"))
    note = add_note(note, (out["brand"] == OTHERS) & keys["remainder"].astype(bool), say("remainder"))
    out["note"] = note
    return out


def with_groups(rows: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """`rows` and, for each group, its members' rows once more under the group's name."""
    added = [rows[rows["brand"].isin(list(names))].assign(brand=name) for name, names in groups.items()]
    return pd.concat([rows, *added], ignore_index=True) if added else rows


def _market_gaps(cells: Cells, months: list[int], brand_gaps: pd.DataFrame) -> pd.DataFrame:
    dims, markets = cells.dimensions, cells.markets
    cell = [*dims, "m"]
    whole = gaps(markets, dims, months, cells.months)
    total = gaps(markets[markets["printed"]], dims, months, cells.months)
    summed = markets.loc[~markets["printed"], cell]
    parts = brand_gaps[brand_gaps["brand"] != OTHERS].merge(summed, on=cell)[cell]
    return pd.concat([whole, total, parts]).drop_duplicates()


def _with_market(keys: pd.DataFrame, markets: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """`keys` with the market of its segment and what is known of its making."""
    known = markets["known"].fillna(0)
    marked = markets.assign(
        all_printed=markets["printed"],
        too_much=markets["printed"] & (known > markets["market"] + 1e-9 * markets["market"].abs()),
        remainder=markets["printed"] & (known < markets["market"] - 1e-9 * markets["market"].abs()),
    )
    how = {"market": "sum", "all_printed": "all", "too_much": "any", "remainder": "any"}
    if by:
        parts = marked.groupby(by, as_index=False).agg(how)
        out = keys.merge(parts, on=by, how="left")
    else:
        out = keys.assign(**{c: getattr(marked[c], f)() if len(marked) else np.nan for c, f in how.items()})
    for column, empty in (("all_printed", True), ("too_much", False), ("remainder", False)):
        out[column] = np.where(out[column].isna(), empty, out[column]).astype(bool)
    return out


def _printed_share(
    market: pd.DataFrame,
    months: list[int],
    by: list[str],
    column: str,
    groups: Mapping[str, Sequence[str]] | None,
    source: str | None,
    period: str,
) -> pd.DataFrame:
    rows, _, note = market_rows(market, column, months, source, period)
    dims = [*by, *(d for d in _DIMENSIONS if d in market.columns and d not in by)]
    rows = fold_totals(rows, dims, by)
    rows = rows.assign(**{d: rows[d].astype("str").fillna("") for d in dims})
    rows = rows[rows["m"].isin(months) & ~rows["brand"].isin(TOTAL_WORDS)]
    held = rows.groupby([*by, "brand"])[column].agg(["sum", "size"]).reset_index()
    held["single"] = (held["size"] == 1) & (len(months) == 1)
    # brands of one segment share a denominator, so a group's shares may be added; segments don't
    grouped = with_groups(held, groups or {}).groupby([*by, "brand"])
    sums = grouped.agg({"sum": "sum", "single": "all", "size": "sum"}).reset_index()
    single = sums["single"].astype(bool)
    return record_frame(
        sums[[*by, "brand"]],
        value=sums["sum"].where(single),
        unit="fraction",
        status=np.where(single, Status.OK, Status.MISSING),
        n=sums["size"],
        note=[join(note, say("printed") if ok else say("printed_not_summed")) for ok in single],
    )


@checked
def market_share_trend(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    months: int = 24,
    by: str | Sequence[str] = (),
    measure: str = "amount",
    span: Span = "month",
    groups: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """Each brand's share in every one of the last `months` months, gaps included.

    Parameters
    ----------
    market, by, measure, span, groups, source, year_start
        As for `market_share`; span "mat" gives the smooth line.
    month : str or date
        The last month.
    months : int
        How many months, the last one included.

    Returns
    -------
    DataFrame
        month, `by`, brand, record columns, in the order of brand (within `by`) and month. Every brand has
        every month: where it has no data the status is `na_missing`, so that a line breaks there.

    Raises
    ------
    MetricError
        A column or the named source is missing.

    Source
    ------
    Methods 1.1, 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.to_datetime(["2026-08-01"] * 2 + ["2026-10-01"] * 2),
    ...     "brand": ["云岭", "清泉"] * 2, "amount": [20.0, 80.0, 30.0, 70.0]})
    >>> trend = market_share_trend(market, "2026-10", months=3)
    >>> trend.loc[trend.brand == "云岭", ["month", "value", "status"]]
           month  value      status
    0 2026-08-01    0.2          ok
    1 2026-09-01    NaN  na_missing
    2 2026-10-01    0.3          ok
    """
    by = dimensions(by)
    if months < 1:
        raise MetricError(("至少一个月", "a trend has at least one month"), found=str(months), expected="≥ 1")
    last, by = month_number(month), [c for c in by if c != "brand"]
    options = {"by": by, "measure": measure, "span": span, "groups": groups}
    done = []
    for number in range(last - months + 1, last + 1):
        stamp = month_stamp(number)
        shares = market_share(market, stamp, source=source, year_start=year_start, **options)  # type: ignore[arg-type]
        done.append(shares.assign(month=stamp))
    found = pd.concat(done, ignore_index=True)
    keys = found[[*by, "brand"]].drop_duplicates()
    grid = keys.merge(found[["month"]].drop_duplicates(), how="cross")
    out = grid.merge(found, on=["month", *by, "brand"], how="left")
    absent = out["status"].isna()
    out["unit"] = out["unit"].fillna("fraction")
    out["status"] = out["status"].fillna(str(Status.MISSING))
    out["note"] = out["note"].where(~absent, say("no_row")).astype("str")
    columns = ["month", *by, "brand", *RECORD]
    return out.sort_values([*by, "brand", "month"])[columns].reset_index(drop=True)
