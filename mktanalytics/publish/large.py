"""Tables larger than pandas should hold: sales lines are summed by the engine before a report sees them."""

from __future__ import annotations

import pandas as pd

from mktanalytics import store

MOST_ROWS = 1_000_000  # of a table in pandas: a second and some hundred MB
# by what the reports cut sales; who bought, where exactly and on which day is in no report's figure
SALES_KEYS = (
    "month",
    "period",
    "region",
    "category",
    "brand",
    "product",
    "channel",
    "salesperson",
    "currency",
)
SALES_SUMS = ("units", "amount", "cost")


def report_table(name: str) -> pd.DataFrame:
    """A table as reports take it: its rows or, where these are more than a million sales lines, their sums.

    Returns, lines without units and lines without an amount stay apart from what was sold, so that every figure
    comes out as from the lines; `date` is the last day of the lines. Only the n of a record then counts sums.
    """
    if name != "sales" or store.row_count(name) <= MOST_ROWS:
        return store.load_or_empty(name)
    sums = store.rollup(
        name, by=SALES_KEYS, measures=SALES_SUMS, apart=("units", "amount"), last=["date"]
    )  # fmt: skip
    return sums.rename(columns={"date_last": "date"})[["date", *SALES_KEYS, *SALES_SUMS]]
