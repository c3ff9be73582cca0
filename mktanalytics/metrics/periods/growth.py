"""Growth: 同比, 环比, any span over any other, and the base problems (methods 2.1, 2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day
from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, month_stamp, span_months
from mktanalytics.metrics._spans import Absent, key_frame, monthly, span_values
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Figure, Status, dimensions, record_frame
from mktanalytics.periods import spring_festival

MATERIALITY = 0.01  # of the total base: below it a base is tiny (methods 2.2, a choice)
_FIRST_PLAIN_MONTH = 3  # April, counted from 0
_EARLY = 25  # 初一 before 25 January: stocking for it begins in December


@checked
def growth(now: float | None, base: float | None, *, materiality: float = 0.0) -> Figure:
    """Growth of one number over another, or the reason and the word where there is none.

    Parameters
    ----------
    now, base : float or None
        The two values, in one unit; None or NaN is missing.
    materiality : float
        A base below this, in the same unit, is flagged as tiny.

    Returns
    -------
    Figure
        value: fraction (0.12 is +12 %); numerator now, denominator base. Base 0: `new` (or `na_zero_base`
        where there is nothing now either). A loss on either side has no percent but a word in the note:
        `na_nonpositive_base` with 扭亏, 转亏, 减亏, 增亏 or 亏损持平. Base > 0 and now 0: -1.

    Raises
    ------
    MetricError
        Never; any pair of numbers has an answer.

    Source
    ------
    NBS glossary usage; methods 2.1, 2.2.

    Examples
    --------
    >>> growth(112.0, 100.0).value
    0.1200000000000001
    >>> growth(30.0, -50.0).note, growth(-20.0, 50.0).note, growth(5.0, 0.0).status.value
    ('扭亏', '转亏', 'new')
    """
    a, b = (np.nan if v is None else float(v) for v in (now, base))
    status, note = base_case(a, b, materiality)
    value = a / b - 1 if status is Status.OK else None
    top, bottom = (v if np.isfinite(v) else None for v in (a, b))
    return Figure(value, "fraction", status, top, bottom, note=note)


def base_case(now: float, base: float, materiality: float) -> tuple[Status, str]:
    """Status and note of a growth from `base` to `now` (methods 2.2)."""
    if not (np.isfinite(now) and np.isfinite(base)):
        return Status.MISSING, ""
    if base == 0:
        return (Status.NEW if now > 0 else Status.ZERO_BASE), say("difference_only")
    if base < 0:
        word = "loss_to_profit" if now > 0 else "loss_narrowed" if now > base else "loss_widened"
        return Status.NONPOSITIVE_BASE, say("loss_unchanged" if now == base else word)
    if now < 0:
        return Status.NONPOSITIVE_BASE, say(
            "profit_to_loss"
        )  # no percent of a base that isn't there any more
    return Status.OK, join("" if now else say("ended"), say("small_base") if base < materiality else "")


def growth_records(
    keys: pd.DataFrame, now: pd.DataFrame, base: pd.DataFrame, *, materiality: float = MATERIALITY
) -> pd.DataFrame:
    """`keys` with records and `difference`; `now` and `base` are what `span_values` gives."""
    a, b = now["value"].to_numpy(dtype="float64"), base["value"].to_numpy(dtype="float64")
    lacking = now["missing"].to_numpy() + base["missing"].to_numpy()
    limit = materiality * float(np.nansum(np.abs(b)))
    cases = [base_case(x, y, limit) for x, y in zip(a, b, strict=True)]
    known_now, known_base = (now["missing"] == 0).to_numpy(), (base["missing"] == 0).to_numpy()
    born = known_base & np.isnan(b) & known_now & ~np.isnan(a)
    gone = known_now & np.isnan(a) & known_base & ~np.isnan(b)
    status = np.array([str(s) for s, _ in cases], dtype=object)
    status[born], status[gone], status[lacking > 0] = (
        str(Status.NEW),
        str(Status.DISCONTINUED),
        str(Status.MISSING),
    )
    notes = [
        join(say("missing_months", k) if k else "", say("new") if new else "", note if not k else "")
        for k, new, (_, note) in zip(lacking, born, cases, strict=True)
    ]
    value = np.divide(a, b, out=np.full(len(a), np.nan), where=b > 0) - 1
    value = np.where(gone & (b > 0), -1.0, value)
    out = record_frame(
        keys,
        value=value,
        unit="fraction",
        status=status,
        numerator=a,
        denominator=b,
        n=now["n"].to_numpy(),
        note=notes,
    )
    out["difference"] = (
        np.select([lacking > 0, born, gone], [np.nan, a, -b], default=a - b) + 0.0
    )  # never -0.0
    return out


@checked
def compare(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    span: Span = "month",
    materiality: float = MATERIALITY,
    year_start: int = 1,
    through: MonthLike | None = None,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """Growth of a span that ends in `month` over the span that ends in `base`, by any keys.

    Parameters
    ----------
    frame : DataFrame
        month, `measure`, `by`: a tidy table or a roll-up of one. Day and month rows count; quarters, half
        years and years don't.
    month, base : str or date
        The two last months.
    measure : str
        What is summed: a flow.
    by : sequence of str
        Keys.
    span : {"month", "ytd", "mat", "quarter", "year"}
        What is summed on both sides.
    materiality : float
        A base below this part of the total base is flagged in the note.
    year_start : int
        First month of the year.
    through : date, optional
        数据截至日. Where `month` isn't over by then, every row is `na_incomplete_period`: compare equal
        days with `same_days`.
    absent : {"missing", "zero"}
        What a key without a row in a month means. "zero" is for transaction lines, where the month is
        there and the key sold nothing; a month that nobody has is missing in any case.

    Returns
    -------
    DataFrame
        `by`, record columns (value: fraction; numerator now and denominator base in the measure's unit; n:
        months summed now), difference. Statuses as for `growth`, and `na_missing` where a month of either
        side is missing. A key that wasn't there in the base span is `new`; one that has left is
        `discontinued`, -1 (-100 %); one with a row of 0 has not left, and only fell by 100 %.

    Raises
    ------
    MetricError
        A column is missing or the measure isn't numeric.

    Source
    ------
    NBS glossary usage; methods 2.1, 2.2, 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01"] * 2),
    ...                       "region": ["华东", "华东", "华南", "华南"], "amount": [100.0, 120.0, 0.0, 30.0]})
    >>> compare(sales, "2026-10", "2025-10", by=["region"])[["region", "value", "status", "difference"]].round(2)
      region  value status  difference
    0     华东    0.2     ok        20.0
    1     华南    NaN    new        30.0
    """
    by = dimensions(by)
    data = monthly(frame, measure, by, metric="compare")
    now_months = span_months(month, span, year_start=year_start)
    base_months = span_months(base, span, year_start=year_start)
    keys = key_frame(data, by, [*now_months, *base_months])
    now, then = (span_values(data, by, list(m), keys, absent) for m in (now_months, base_months))
    out = growth_records(keys, now, then, materiality=materiality)
    return out if through is None else mark_incomplete(out, month, through)


def mark_incomplete(records: pd.DataFrame, month: MonthLike, through: MonthLike) -> pd.DataFrame:
    """`records` without values where the data end before `month` does (methods 0.7)."""
    last_day = month_stamp(month_number(month) + 1) - pd.Timedelta(days=1)
    if day(through) >= last_day:
        return records
    note = say("cut_off", day(through).date())
    return records.assign(
        value=np.nan,
        status=pd.array([str(Status.INCOMPLETE_PERIOD)] * len(records), dtype="str"),
        note=pd.array([join(n, note) for n in records["note"]], dtype="str"),
    )


@checked
def yoy(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    span: Span = "month",
    materiality: float = MATERIALITY,
    year_start: int = 1,
    through: MonthLike | None = None,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """同比: this span over the same span a year ago; January and February alone carry a warning.

    So does a first quarter where either year's 初一 is before 25 January: its stocking began in December.

    Parameters
    ----------
    frame, month, measure, by, span, materiality, year_start, through, absent
        As for `compare`; span "ytd" gives 本年累计同比, "mat" the growth of the last twelve months.

    Returns
    -------
    DataFrame
        As `compare`.

    Raises
    ------
    MetricError
        As `compare`.

    Source
    ------
    NBS glossary; methods 2.1, 2.3 rule 1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-01-01", "2026-01-01"]), "amount": [100.0, 80.0]})
    >>> yoy(sales, "2026-01")[["value", "status", "note"]].round(2)
       value status        note
    0   -0.2     ok  春节错位，单月不可比
    """
    by = dimensions(by)
    out = compare(
        frame,
        month,
        _shift(month, 12),
        measure=measure,
        by=by,
        span=span,
        materiality=materiality,
        year_start=year_start,
        through=through,
        absent=absent,
    )
    code = _holiday_note(month_number(month), span, year_start)
    return _with_note(out, say(code)) if code else out


def _holiday_note(number: int, span: Span, year_start: int) -> str:
    """What Spring Festival does to a comparison with the year before (methods 2.3 rules 1 and 2)."""
    months = {n % 12 for n in span_months(month_label(number), span, year_start=year_start)}
    if months in ({0}, {1}):
        return "holiday_month"
    days = [spring_festival(year).timetuple().tm_yday for year in (number // 12, number // 12 - 1)]
    return "early_spring" if span == "quarter" and 0 in months and min(days) < _EARLY else ""


@checked
def mom(
    frame: pd.DataFrame,
    month: MonthLike,
    *,
    measure: str = "amount",
    by: str | Sequence[str] = (),
    span: Literal["month", "quarter"] = "month",
    materiality: float = MATERIALITY,
    through: MonthLike | None = None,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """环比: this month (or quarter) over the one before it; January to March carry a warning (`mom_published`).

    Parameters
    ----------
    frame, month, measure, by, materiality, through, absent
        As for `compare`.
    span : {"month", "quarter"}
        Month on month or quarter on quarter.

    Returns
    -------
    DataFrame
        As `compare`. Not seasonally adjusted.

    Raises
    ------
    MetricError
        As `compare`.

    Source
    ------
    NBS glossary; methods 2.1, 2.3 rule 7.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2026-08-01", "2026-10-01"]), "amount": [100.0, 80.0]})
    >>> mom(sales, "2026-10")[["status", "note"]]  # September is missing: August is not the month before
           status     note
    0  na_missing  缺1个月的数据
    """
    by = dimensions(by)
    base = _shift(month, 3 if span == "quarter" else 1)
    out = compare(
        frame,
        month,
        base,
        measure=measure,
        by=by,
        span=span,
        materiality=materiality,
        through=through,
        absent=absent,
    )
    told = span == "quarter" or mom_published(month)
    return out if told else _with_note(out, say("holiday_month"))


@checked
def mom_published(month: MonthLike) -> bool:
    """Whether 环比 without seasonal adjustment may be printed: not for January, February and March.

    Parameters
    ----------
    month : str or date
        The later of the two months.

    Returns
    -------
    bool
        False where Spring Festival alone makes the change.

    Raises
    ------
    MetricError
        `month` is not a month.

    Source
    ------
    methods 2.3 rule 7.

    Examples
    --------
    >>> mom_published("2026-02"), mom_published("2026-04")
    (False, True)
    """
    return month_number(month) % 12 >= _FIRST_PLAIN_MONTH


def _with_note(records: pd.DataFrame, note: str) -> pd.DataFrame:
    return records.assign(note=pd.array([join(n, note) for n in records["note"]], dtype="str"))


def _shift(month: MonthLike, months: int) -> str:
    return month_label(month_number(month) - months)
