"""Amounts that a sheet doesn't state but proves: units × price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood

ENOUGH_PRODUCTS = 10  # of varying quantity, before a column is called a unit price
NEARLY_ALL = 0.95


def derive(u: Understood, match: Match, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Issue]]:
    """`amount` where only units and price are given, or where what is called amount is a price."""
    if match.wide or not {"units", "price", "amount"} <= set(match.table.names) or "units" not in frame:
        return frame, []
    if "amount" in frame and "price" not in frame and is_unit_price(frame):
        header = u.header_of(match.mapped["amount"])
        frame = frame.assign(price=frame["amount"], amount=frame["units"] * frame["amount"], _derived=True)
        return frame, [_told(u, match, "price_not_amount", header)]
    if "amount" not in frame and "price" in frame:
        frame = frame.assign(amount=frame["units"] * frame["price"], _derived=True)
        return frame, [_told(u, match, "amount_derived", "amount")]
    return frame, []


def is_unit_price(frame: pd.DataFrame) -> bool:
    """Whether `amount` stays the same for a product however many were sold."""
    name = next((c for c in ("product_code", "product") if c in frame), None)
    if name is None:
        return False
    known = frame[[name, "units", "amount"]].dropna()
    known = known[known["units"] > 0]
    if known[name].nunique() < ENOUGH_PRODUCTS:
        return False
    spread = known.groupby(name, observed=True).agg(
        counts=("units", "nunique"), amounts=("amount", "nunique")
    )
    varied = spread[spread["counts"] > 1]
    return len(varied) >= ENOUGH_PRODUCTS and bool(np.mean(varied["amounts"] == 1) >= NEARLY_ALL)


def _told(u: Understood, match: Match, code: str, column: str) -> Issue:
    return tell(code, file=u.file, sheet=u.sheet, cell=u.block.range, table=match.table.name, column=column)
