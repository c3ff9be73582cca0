"""Levels over several months: 本年累计, 滚动12个月, ratios and stocks over a span (methods 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span, month_number, span_months
from mktanalytics.metrics._spans import Absent, key_frame, monthly, span_values
from mktanalytics.metrics.currency import DEFAULT, currency_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, dimensions, need_known, ratio_frame, record_frame
from mktanalytics.metrics.share._market import count_by


@checked
def span_total(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    span: Span = "ytd",
    measure: str = "amount",
    by: str | Sequence[str] = (),
    unit: str = "",
    year_start: int = 1,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """Sum of a flow over a span that ends in `month`.

    Parameters
    ----------
    frame : DataFrame
        month, `measure`, `by`.
    month : str or date
        The last month.
    span : {"month", "ytd", "mat", "quarter", "year"}
        Which months.
    measure : str
        A flow (sales, spend). A stock is never summed: `span_balance`.
    by : sequence of str
        Keys.
    unit : str
        The measure's unit; without it, the currency of the rows, or "units" where `measure` is that.
    year_start : int
        First month of the year.
    absent
        As for `compare`.

    Returns
    -------
    DataFrame
        `by` and record columns: value in `unit`, n: months summed. `na_missing` where a month of the span is
        missing (the note says how many): the part there is stays in numerator.

    Raises
    ------
    MetricError
        A column is missing or the measure isn't numeric.

    Source
    ------
    NBS glossary; methods 2.1, 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-03-01"]), "amount": [10.0, 20.0]})
    >>> span_total(sales, "2026-03")[["value", "status", "numerator", "note"]]
       value      status  numerator     note
    0    NaN  na_missing       30.0  缺1个月的数据
    """
    by, months = dimensions(by), list(span_months(month, span, year_start=year_start))
    data = monthly(frame, measure, by, metric="span_total")
    sums = span_values(data, by, months, key_frame(data, by, months), absent)
    total = sums["value"].to_numpy()
    out = record_frame(
        sums[by], value=total, unit=unit or _unit(frame, measure), numerator=total, n=sums["n"].to_numpy()
    )
    return _without_gaps(out, sums["missing"].to_numpy())


def _unit(frame: pd.DataFrame, measure: str) -> str:
    """The unit of a measure nobody named: the currency of the rows, or units."""
    return currency_of(frame, measure=measure).lower() or ("units" if measure == "units" else DEFAULT.lower())


def _without_gaps(records: pd.DataFrame, missing: np.ndarray, note: str = "") -> pd.DataFrame:
    """`records` without a value where months are missing; the note says how many (methods 0.6)."""
    whole = missing == 0
    notes = [join(say("missing_months", k) if k else "", note) for k in missing]
    return records.assign(
        value=records["value"].where(whole),
        status=records["status"].where(whole, str(Status.MISSING)),
        note=pd.array(notes, dtype="str"),
    )


@checked
def ytd(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    unit: str = "",
    year_start: int = 1,
) -> pd.DataFrame:
    """本年累计: the sum from the year's first month to `month`.

    Parameters
    ----------
    frame, month, measure, by, unit, year_start
        As for `span_total`.

    Returns
    -------
    DataFrame
        As `span_total`.

    Raises
    ------
    MetricError
        As `span_total`.

    Source
    ------
    Methods 2.1. Its growth: `yoy(..., span="ytd")`, which compares equal months.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"]), "amount": [10.0, 20.0]})
    >>> float(ytd(sales, "2026-02")["value"].iloc[0])
    30.0
    """
    by = dimensions(by)
    return span_total(frame, month, span="ytd", measure=measure, by=by, unit=unit, year_start=year_start)


@checked
def mat(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    unit: str = "",
) -> pd.DataFrame:
    """滚动12个月 (MAT): the sum of the last twelve months.

    Parameters
    ----------
    frame, month, measure, by, unit
        As for `span_total`.

    Returns
    -------
    DataFrame
        As `span_total`.

    Raises
    ------
    MetricError
        As `span_total`.

    Source
    ------
    Methods 2.1 (flows only).

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.date_range("2025-11-01", periods=12, freq="MS"), "amount": 1.0})
    >>> float(mat(sales, "2026-10")["value"].iloc[0])
    12.0
    """
    by = dimensions(by)
    return span_total(frame, month, span="mat", measure=measure, by=by, unit=unit)


@checked
def span_ratio(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    numerator: str,
    denominator: str,
    span: Span = "mat",
    by: str | Sequence[str] = (),
    unit: str = "fraction",
    year_start: int = 1,
) -> pd.DataFrame:
    """A ratio over a span: sum of numerators over sum of denominators, never a mean of ratios.

    Parameters
    ----------
    frame : DataFrame
        month, `numerator`, `denominator`, `by`. A row that lacks one side is left out on both.
    month, span, by, year_start
        As for `span_total`.
    numerator, denominator : str
        Two additive columns.
    unit : str
        The ratio's unit.

    Returns
    -------
    DataFrame
        `by` and record columns. `na_missing` where a month is missing, `na_zero_base`, `na_nonpositive_base`.

    Raises
    ------
    MetricError
        A column is missing or not numeric.

    Source
    ------
    Methods 0.2, 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"]),
    ...                       "amount": [100.0, 300.0], "units": [10.0, 20.0]})
    >>> span_ratio(sales, "2026-02", numerator="amount", denominator="units", span="ytd", unit="cny")["value"].round(2).tolist()
    [13.33]
    """
    by, months = dimensions(by), list(span_months(month, span, year_start=year_start))
    whole = frame
    if {numerator, denominator} <= set(frame.columns):
        whole = frame[frame[numerator].notna() & frame[denominator].notna()]
    top_data = monthly(whole, numerator, by, metric="span_ratio")
    bottom_data = monthly(whole, denominator, by, metric="span_ratio")
    keys = key_frame(top_data, by, months)
    top, bottom = span_values(top_data, by, months, keys), span_values(bottom_data, by, months, keys)
    out = ratio_frame(keys, top["value"], bottom["value"], unit=unit, n=top["n"])
    left_out = len(frame) - len(whole)
    return _without_gaps(out, top["missing"].to_numpy(), say("one_sided", left_out) if left_out else "")


@checked
def span_balance(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str,
    span: Span = "mat",
    how: Literal["end", "mean"] = "mean",
    by: str | Sequence[str] = (),
    unit: str = "",
    year_start: int = 1,
) -> pd.DataFrame:
    """A stock (应收, 库存, headcount) over a span: its last month's value or its monthly average, never a sum.

    Parameters
    ----------
    frame, month, span, by, unit, year_start
        As for `span_total`; one row a key and month, or several that add up in the month.
    measure : str
        The stock.
    how : {"end", "mean"}
        Value at the end, or average over the months.

    Returns
    -------
    DataFrame
        `by` and record columns; n: months averaged. `na_missing` where a month needed is missing.

    Raises
    ------
    MetricError
        A column is missing, or `how` is unknown.

    Source
    ------
    Methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> stock = pd.DataFrame({"month": pd.to_datetime(["2026-01-01", "2026-02-01"]), "receivable": [100.0, 300.0]})
    >>> span_balance(stock, "2026-02", measure="receivable", span="ytd")["value"].tolist()
    [200.0]
    """
    by = dimensions(by)
    need_known(how, ("end", "mean"), ("时点数汇总方式", "way to condense a stock"))
    data = monthly(frame, measure, by, metric="span_balance")
    months = [month_number(month)] if how == "end" else list(span_months(month, span, year_start=year_start))
    keys = key_frame(data, by, months)
    present = count_by(data[data["m"].isin(months) & data["value"].notna()], by, keys)
    sums = span_values(data, by, months, keys)
    total = sums["value"].to_numpy()
    out = record_frame(
        keys,
        value=total / len(months),
        unit=unit or _unit(frame, measure),
        numerator=total,
        denominator=float(len(months)),
        n=present,
    )
    return _without_gaps(out, len(months) - present)
