"""Whether a model of repeat buying foretold what customers then did (methods 7.3)."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day, days_of
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.customers.repeat_buying import RepeatBuying, expected_purchases
from mktanalytics.metrics.result import need_columns, need_numbers


@checked
def repeat_tracking(
    sales: pd.DataFrame,
    model: RepeatBuying,
    *,
    fitted_through: str | dt.date | pd.Timestamp,
    through: str | dt.date | pd.Timestamp,
    customer: str = "customer",
    measure: str = "amount",
    days: int = 7,
) -> pd.DataFrame:
    """Cumulative repeat purchases as they were and as the model expects them, into the months held out of the fit.

    Parameters
    ----------
    sales : DataFrame
        `customer`, date, `measure`: sales lines; returns are no purchase. Purchases of one day are one.
    model : RepeatBuying
        What `fit_repeat_buying` gives for the purchases up to `fitted_through`, in the same unit of time.
    fitted_through, through : date
        The last day of the fit, and of the data. Customers who first came after the fit are left out.
    customer, measure : str
        Columns.
    days : int
        The unit of time in days.

    Returns
    -------
    DataFrame
        end (last day of each unit of time from the first purchase on), actual, expected (cumulative purchases), held_out
        (whether the unit lies after the fit).

    Raises
    ------
    MetricError
        A column is missing or not numeric.

    Source
    ------
    Fader, Hardie & Lee 2005 (tracking plot); methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer": ["甲", "甲", "甲", "乙"], "amount": 1.0,
    ...                       "date": pd.to_datetime(["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-01"])})
    >>> model = RepeatBuying(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> repeat_tracking(sales, model, fitted_through="2026-01-08", through="2026-01-15")[["actual", "expected"]].round(2)
       actual  expected
    0       1      0.11
    1       2      0.21
    """
    need_columns(sales, [customer, "date", measure], metric="repeat_tracking")
    if days < 1:
        raise MetricError(("步长至少一天", "a step has at least one day"), found=str(days), expected="≥ 1")
    need_numbers(sales, [measure], metric="repeat_tracking")
    currency_of(sales, measure=measure)
    rows = pd.DataFrame({"who": sales[customer], "day": days_of(sales["date"])})[sales[measure] > 0].dropna()
    rows = rows.drop_duplicates()
    first = rows.groupby("who")["day"].transform("min")
    mine = first <= day(fitted_through)
    repeats = rows.loc[mine & (rows["day"] > first), "day"]
    starts = rows[mine].groupby("who")["day"].min()
    step = pd.Timedelta(days=days)
    ends = (
        pd.date_range(starts.min() + step, day(through), freq=step) if len(starts) else pd.DatetimeIndex([])
    )
    ages = [((end - starts).dt.days / days).clip(lower=0) for end in ends]
    return pd.DataFrame(
        {
            "end": ends,
            "actual": [int((repeats <= end).sum()) for end in ends],
            "expected": [_total(age, model) for age in ages],
            "held_out": ends > day(fitted_through),
        }
    )


def _total(ages: pd.Series, model: RepeatBuying) -> float:
    """Expected purchases of all customers, those of one age counted once."""
    ages_, counts = np.unique(ages.to_numpy(), return_counts=True)
    return float(sum(n * expected_purchases(model, float(age)) for age, n in zip(ages_, counts, strict=True)))
