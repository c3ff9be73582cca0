"""Amounts that a sheet doesn't state but proves: units × price."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import Records

_AMOUNT = re.compile(r"金额|货款|实付|amount|paid", re.IGNORECASE)
ENOUGH_PRODUCTS = 10  # of varying quantity, before a column is called a unit price
NEARLY_ALL = 0.95


def derive(u: Understood, match: Match, records: Records) -> tuple[Records, list[Issue]]:
    """`amount` where only units and price are given, or where what is called amount is a price."""
    if match.wide or not {"units", "price", "amount"} <= set(match.table.names) or "units" not in records:
        return records, []
    units = records.figures("units")
    if "amount" in records and "price" not in records and is_unit_price(records):
        price = records.figures("amount")
        told = _told(u, match, "price_not_amount", u.header_of(match.mapped["amount"]))
        return records.having(price=price, amount=units * price), [told]
    if "amount" not in records and "price" in records and not _stated(u, match):
        records = records.having(amount=units * records.figures("price"))
        return records, [_told(u, match, "amount_derived", "amount")]
    return records, []


def _stated(u: Understood, match: Match) -> bool:
    """Whether a column of figures that nobody knows speaks of an amount, so that units × price may be another."""
    columns = zip(u.headings, u.profiles, match.roles, strict=True)
    return any(r.kind == "extra" and p.numeric and _AMOUNT.search(h.written) for h, p, r in columns)


def is_unit_price(records: Records) -> bool:
    """Whether `amount` stays the same for a product however many were sold."""
    name = next((c for c in ("product_code", "product") if c in records), None)
    if name is None:
        return False
    sold = ~records.missing(name) & (records.figures("units") > 0) & ~records.missing("amount")
    known = records.where(sold)
    products = known.texts(name)
    if len(np.unique(products.codes)) < ENOUGH_PRODUCTS:
        return False
    varied = _vary(products, known.figures("units"))
    steady = ~_vary(products, known.figures("amount"))[varied]
    return len(steady) >= ENOUGH_PRODUCTS and bool(np.mean(steady) >= NEARLY_ALL)


def _vary(products: Texts, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which products have several values."""
    low, high = (np.full(len(products.distinct), end) for end in (np.inf, -np.inf))
    np.minimum.at(low, products.codes, values)
    np.maximum.at(high, products.codes, values)
    return low < high


def _told(u: Understood, match: Match, code: str, column: str) -> Issue:
    return tell(code, file=u.file, sheet=u.sheet, cell=u.block.range, table=match.table.name, column=column)
