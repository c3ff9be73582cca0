"""Cohorts: who of the customers won in a month buys again in the months after it (methods 7.2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number, month_numbers, month_stamp
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, need_columns, need_numbers, record_frame


@checked
def cohort_activity(
    sales: pd.DataFrame,
    *,
    customer: str = "customer",
    measure: str = "amount",
    through: MonthLike | None = None,
    history: int = 12,
) -> pd.DataFrame:
    """复购率 by cohort: customers who buy in the k-th month after their first purchase, over all of their month.

    Activity isn't survival: who pauses in month 3 may be back in month 4.

    Parameters
    ----------
    sales : DataFrame
        `customer`, month, `measure`: sales lines; returns and gifts are no purchase.
    customer, measure : str
        Columns.
    through : str or date, optional
        The last complete month; without it, the last month of the data.
    history : int
        Months of data before which a first purchase may not be the first: those cohorts carry a note.

    Returns
    -------
    DataFrame
        cohort (month), k (0, 1, ...), record columns: value (fraction), numerator (customers active), denominator
        and n (the cohort's size). `na_incomplete_period` where month k lies after `through`: censored,
        not zero; `na_missing` where nobody has data in that month.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 7.2.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer": ["甲", "乙", "甲", "丙"], "amount": 1.0,
    ...                       "month": pd.to_datetime(["2026-08-01", "2026-08-01", "2026-09-01", "2026-09-01"])})
    >>> cohort_activity(sales)[["cohort", "k", "value", "status"]]
          cohort  k  value                status
    0 2026-08-01  0    1.0                    ok
    1 2026-08-01  1    0.5                    ok
    2 2026-09-01  0    1.0                    ok
    3 2026-09-01  1    NaN  na_incomplete_period
    """
    need_columns(sales, [customer, "month", measure], metric="cohort_activity")
    need_numbers(sales, [measure], metric="cohort_activity")
    rows = sales.assign(m=month_numbers(sales["month"]))
    rows = rows[rows["m"].notna()].astype({"m": "int64"})
    last = int(rows["m"].max()) if through is None and len(rows) else month_number(through or "2000-01")
    rows = rows[rows["m"] <= last]
    held = set(rows["m"].tolist())
    bought = rows.loc[(rows[measure] > 0) & rows[customer].notna(), [customer, "m"]].drop_duplicates()
    bought = bought.assign(cohort=bought.groupby(customer)["m"].transform("min"))
    active = bought.groupby(["cohort", "m"]).size().rename("active").reset_index()
    size = bought.groupby("cohort")[customer].nunique()
    first = int(rows["m"].min()) if len(rows) else last
    grid = pd.MultiIndex.from_product(
        [size.index, range(last - int(size.index.min()) + 1 if len(size) else 0)], names=["cohort", "k"]
    ).to_frame(index=False)
    grid["m"] = grid["cohort"] + grid["k"]
    grid = grid.merge(active, on=["cohort", "m"], how="left")
    return _records(grid, size, held, last, first + history)


def _records(grid: pd.DataFrame, size: pd.Series, held: set[int], last: int, known_from: int) -> pd.DataFrame:
    whole = grid["cohort"].map(size).to_numpy(dtype="float64")
    later, absent = (grid["m"] > last).to_numpy(), ~grid["m"].isin(held).to_numpy()
    count = np.where(absent, np.nan, grid["active"].fillna(0))
    status = np.select(
        [later, absent], [str(Status.INCOMPLETE_PERIOD), str(Status.MISSING)], default=str(Status.OK)
    )
    notes = [
        join(say("censored") if cut else "", say("left_truncated") if c < known_from else "")
        for cut, c in zip(later, grid["cohort"], strict=True)
    ]
    stamps = pd.to_datetime([month_stamp(int(c)) for c in grid["cohort"]])
    keys = pd.DataFrame({"cohort": stamps, "k": grid["k"].astype("int64")})
    return record_frame(
        keys, value=count / whole, unit="fraction", status=status, numerator=count, denominator=whole, n=whole.astype(int), note=notes
    )  # fmt: skip
