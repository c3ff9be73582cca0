"""Spring Festival and other dates that move: merged months, alignment to the day, regressors (methods 2.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import days_of
from mktanalytics.metrics._months import MonthLike, month_number, month_stamp
from mktanalytics.metrics._spans import key_frame, monthly, span_values
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.periods.growth import MATERIALITY, growth_records
from mktanalytics.metrics.result import Status, dimensions, need_columns, need_numbers
from mktanalytics.periods import spring_festival

# days from 初一: twenty before it, the seven days of the holiday, twenty after
SPRING_WINDOWS = {"before": (-20, -1), "holiday": (0, 6), "after": (7, 26)}
_LONG_RUN = range(1901, 2099)  # the years whose lunar calendar is known


@checked
def yoy_table(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    materiality: float = MATERIALITY,
) -> pd.DataFrame:
    """同比 month by month for the calendar year to date, with January and February as one row.

    Parameters
    ----------
    frame, month, measure, by, materiality
        As for `compare`.

    Returns
    -------
    DataFrame
        `by`, period (1-2月, 3月, ...), record columns (value: fraction), difference. In January alone the one
        row is 1月, with the warning that a single month isn't comparable.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    NBS practice (1-2月合并); methods 2.3 rule 1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2025-02-01", "2025-03-01",
    ...                                                "2026-01-01", "2026-02-01", "2026-03-01"]),
    ...                       "amount": [60.0, 140.0, 100.0, 130.0, 90.0, 105.0]})
    >>> yoy_table(sales, "2026-03")[["period", "value"]].round(2)
      period  value
    0   1-2月   0.10
    1     3月   0.05
    """
    by, last = dimensions(by), month_number(month)
    january = last - last % 12
    data = monthly(frame, measure, by, metric="yoy_table")
    spans = (
        [[january]]
        if last == january
        else [[january, january + 1], *([m] for m in range(january + 2, last + 1))]
    )
    keys = key_frame(data, by, [m - k for s in spans for m in s for k in (0, 12)])
    done = []
    for months in spans:
        now, base = (span_values(data, by, [m - k for m in months], keys) for k in (0, 12))
        part = growth_records(keys, now, base, materiality=materiality)
        names = [m % 12 + 1 for m in months]
        extra = say("merged") if len(months) == 2 else say("holiday_month") if names == [1] else ""
        notes = pd.array([join(n, extra) for n in part["note"]], dtype="str")
        done.append(part.assign(period=f"{'-'.join(map(str, names))}月", note=notes, _order=names[0]))
    out = pd.concat(done, ignore_index=True).sort_values([*by, "_order"], kind="stable")
    first = [*by, "period"]
    return out[[*first, *(c for c in out.columns if c not in [*first, "_order"])]].reset_index(drop=True)


@checked
def align_to_event(
    daily: pd.DataFrame,
    dates: Mapping[int, dt.date] | Sequence[int],
    *,
    before: int = 20,
    after: int = 20,
    measure: str = "amount",
) -> pd.DataFrame:
    """Daily sums by the day's distance from an event, one column a year.

    Parameters
    ----------
    daily : DataFrame
        date, `measure`.
    dates : mapping or sequence of int
        Year -> day of the event (中秋, 618 pre-sale, 双11 ...); years alone mean 初一 of Spring Festival.
    before, after : int
        Days before and after the event.
    measure : str
        What is summed.

    Returns
    -------
    DataFrame
        day (-before .. after; 0 is the event) and a column for each year. A day without a row within the
        data is 0 (no sale that day), a day outside the data's first and last date NaN.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 2.3 rules 3 and 6.

    Examples
    --------
    >>> import pandas as pd
    >>> daily = pd.DataFrame({"date": pd.to_datetime(["2025-01-28", "2025-01-29", "2026-02-16", "2026-02-17"]),
    ...                       "amount": [9.0, 1.0, 12.0, 2.0]})
    >>> align_to_event(daily, [2025, 2026], before=1, after=0)
       day  2025  2026
    0   -1   9.0  12.0
    1    0   1.0   2.0
    """
    need_columns(daily, ["date", measure], metric="align_to_event")
    need_numbers(daily, [measure], metric="align_to_event")
    currency_of(daily, measure=measure)
    events = dates if isinstance(dates, Mapping) else {y: spring_festival(y) for y in dates}
    days = days_of(daily["date"])
    sums = daily[measure].groupby(days).sum()
    out = pd.DataFrame({"day": range(-before, after + 1)})
    for year, event in events.items():
        wanted = pd.Timestamp(event) + pd.to_timedelta(out["day"], unit="D")
        inside = (wanted >= sums.index.min()) & (wanted <= sums.index.max())
        values = sums.reindex(wanted).fillna(0.0).to_numpy()
        out[year] = np.where(inside, values, np.nan)
    return out


@checked
def event_growth(
    daily: pd.DataFrame,
    year: int,
    *,
    dates: Mapping[int, dt.date] | None = None,
    before: int = 20,
    after: int = 20,
    measure: str = "amount",
) -> pd.DataFrame:
    """同比 of equal windows around an event that moves: by default 20 days before and after 初一.

    Parameters
    ----------
    daily, before, after, measure
        As for `align_to_event`.
    year : int
        The year, compared with the year before.
    dates : mapping, optional
        Year -> day of the event, for `year` and the year before; without it, Spring Festival.

    Returns
    -------
    DataFrame
        One row: record columns (value: fraction; n: days in the window), difference. `na_missing` where a window
        reaches outside the data; the note tells how many days of the windows have no record.

    Raises
    ------
    MetricError
        A column is missing, or `dates` lacks a year.

    Source
    ------
    Methods 2.3 rule 3.

    Examples
    --------
    >>> import pandas as pd
    >>> daily = pd.DataFrame({"date": pd.to_datetime(["2025-01-28", "2025-01-29", "2026-02-16", "2026-02-17"]),
    ...                       "amount": [9.0, 1.0, 12.0, 2.0]})
    >>> event_growth(daily, 2026, before=1, after=0)[["value", "numerator", "denominator"]].round(2)
       value  numerator  denominator
    0    0.4       14.0         10.0
    """
    events = dates or {y: spring_festival(y) for y in (year - 1, year)}
    if not {year, year - 1} <= set(events):
        raise MetricError(
            ("某一年缺少事件日期", "the event's date is missing for a year"),
            found=", ".join(map(str, events)),
            expected=f"{year - 1}, {year}",
            todo=("在 dates 中给出日期", "give the date in `dates`"),
        )
    aligned = align_to_event(
        daily, {y: events[y] for y in (year - 1, year)}, before=before, after=after, measure=measure
    )
    have = set(days_of(daily["date"]))
    idle = sum(
        pd.Timestamp(events[y]) + pd.Timedelta(days=k) not in have
        for y in (year - 1, year)
        for k in range(-before, after + 1)
    )
    sides = [
        pd.DataFrame(
            {
                "value": [aligned[y].sum(min_count=1)],
                "missing": [int(aligned[y].isna().sum())],
                "n": [len(aligned)],
            }
        )
        for y in (year, year - 1)
    ]
    out = growth_records(pd.DataFrame(index=[0]), *sides)
    lost = (out["status"] == Status.MISSING).to_numpy()
    note = ["" if lost[0] else str(out["note"].iloc[0]), say("idle_days", idle) if idle else ""]
    return out.assign(note=pd.array([join(*note)], dtype="str"))


@checked
def holiday_regressors(
    months: Iterable[MonthLike],
    *,
    dates: Mapping[int, dt.date] | None = None,
    windows: Mapping[str, tuple[int, int]] = SPRING_WINDOWS,
) -> pd.DataFrame:
    """Regressors for a monthly model: the part of each window around the event that falls in each month.

    Each regressor has its long-run mean of the calendar month subtracted ("calendar" centring), so that
    the seasonal factors keep the average effect.

    Parameters
    ----------
    months : iterable of months
        The months of the series.
    dates : mapping, optional
        Year -> day of the event; the means are then over these years. Without it, Spring Festival, with means
        over 1901 to 2098.
    windows : mapping
        Name -> first and last day of the window, counted from the event.

    Returns
    -------
    DataFrame
        month and one column a window (a number without unit; 1 would be the whole window in a month whose
        mean is 0).

    Raises
    ------
    MetricError
        A month's year has no date.

    Source
    ------
    US Census Bureau genhol; Sax & Eddelbuettel 2018 (R seasonal); methods 2.3 rule 4: at least five years of data
    to estimate honestly, else merge January and February.

    Examples
    --------
    >>> holiday_regressors(["2026-01", "2026-02", "2026-03"])[["before", "holiday"]].round(2)
       before  holiday
    0   -0.51    -0.25
    1    0.51     0.25
    2    0.00     0.00
    """
    numbers = [month_number(m) for m in months]
    events = dates or _spring_dates()
    wanted = {n // 12 for n in numbers}
    if not wanted <= set(events):
        raise MetricError(
            ("某一年缺少事件日期", "the event's date is missing for a year"),
            found=", ".join(map(str, sorted(events))),
            expected=", ".join(map(str, sorted(wanted - set(events)))),
            todo=("在 dates 中给出日期", "give the date in `dates`"),
        )
    out = pd.DataFrame({"month": [month_stamp(n) for n in numbers]})
    for name, (start, end) in windows.items():
        shares = _shares(tuple(sorted(events.items())), start, end)
        years = len(events)
        mean = [sum(v for n, v in shares.items() if n % 12 == k) / years for k in range(12)]
        out[name] = [shares.get(n, 0.0) - mean[n % 12] for n in numbers]
    return out


@lru_cache(maxsize=1)
def _spring_dates() -> dict[int, dt.date]:
    return {y: spring_festival(y) for y in _LONG_RUN}


@lru_cache(maxsize=64)
def _shares(events: tuple[tuple[int, dt.date], ...], start: int, end: int) -> dict[int, float]:
    """Month number -> part of the window that falls in it."""
    out: dict[int, float] = {}
    for _, event in events:
        for offset in range(start, end + 1):
            day = event + dt.timedelta(days=offset)
            number = day.year * 12 + day.month - 1
            out[number] = out.get(number, 0.0) + 1 / (end - start + 1)
    return out
