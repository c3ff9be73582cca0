"""Amounts of whole orders that stand on each of their lines: 100 of an order, on both of its two lines."""

from __future__ import annotations

import numpy as np

from mktanalytics.ingest.values.tidy import Records, alike

_FEWEST = 3  # orders of several lines, where no price tells what a line costs
_NEAR = 0.02  # of an order: discounts and cents


def repeats_orders(records: Records) -> bool:
    """Whether the amounts of a list of order lines are those of the orders, as their prices, or their sameness, tell."""
    if not {"order_id", "amount"} <= set(records) or not {"product", "product_code", "order_line"} & set(
        records
    ):
        return False
    records = records.where(~records.missing("order_id") & np.isfinite(records.figures("amount")))
    amounts, orders = records.figures("amount"), alike(records, ["order_id"])
    _, order, lines = np.unique(orders, return_inverse=True, return_counts=True)
    several = lines[order] > 1
    if not several.any() or (amounts[several] == 0).any():
        return False
    order, amounts = order[several], amounts[several]
    low, high = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    np.minimum.at(low, order, amounts)
    np.maximum.at(high, order, amounts)
    if (low[order] != high[order]).any():
        return False
    if not {"units", "price"} <= set(records):
        return bool(len(np.unique(order)) >= _FEWEST and len(np.unique(amounts)) >= _FEWEST)
    worth = (records.figures("units") * records.figures("price"))[several]
    whole = np.zeros(len(lines))
    np.add.at(whole, order, worth)
    return bool((np.abs(whole[order] - amounts) <= _NEAR * np.abs(amounts)).all())
