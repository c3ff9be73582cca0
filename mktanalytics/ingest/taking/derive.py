"""Amounts that a sheet doesn't state but proves: units × price."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Understood
from mktanalytics.ingest.sheets.shop_figures import is_of_order
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import Records, alike
from mktanalytics.ingest.values.values import parse_column

_AMOUNT = re.compile(r"金额|货款|实付|amount|paid|合计|小计|总[计价额]|\btotal\b", re.IGNORECASE)
ENOUGH_PRODUCTS = 10  # of varying quantity, before a column is called a unit price
NEARLY_ALL = 0.95
HALF_A_CENT = 0.00501  # what a price and an amount rounded to cents may be off


def derive(
    u: Understood, match: Match, records: Records, rows: NDArray[np.int64]
) -> tuple[Records, list[Issue]]:
    """`amount` where only units and price are given, or where what is called amount is a price; `rows` are those of the sheet."""
    if match.wide or not {"units", "price", "amount"} <= set(match.table.names) or "units" not in records:
        return records, []
    units = records.figures("units")
    if "amount" in records and "price" not in records and is_unit_price(records):
        price = records.figures("amount")
        told = _told(u, match, "price_not_amount", u.header_of(match.mapped["amount"]))
        return records.having(price=price, amount=units * price), [told]
    if "amount" not in records and "price" in records:
        return _multiplied(u, match, records, rows)
    return records, []


def _multiplied(
    u: Understood, match: Match, records: Records, rows: NDArray[np.int64]
) -> tuple[Records, list[Issue]]:
    """units × price as the amount, or the column that states it; neither where they differ: 合计 after a discount."""
    units = records.figures("units")
    amount, rounding = units * records.figures("price"), HALF_A_CENT * (1 + np.abs(units))
    for place in _amounts(u, match, of_lines=not _has_lines(records)):
        stated = _figures(u, match, place, rows[records.rows])
        header = u.header_of(place)
        both = np.isfinite(stated) & np.isfinite(amount)
        if not both.any() or (np.abs(stated - amount) > rounding)[both].any():
            return records, [_told(u, match, "amount_unclear", header)]
        amount = np.where(both, stated, amount)
    return records.having(amount=amount), [_told(u, match, "amount_derived", "amount")]


def _has_lines(records: Records) -> bool:
    """Whether some order has several lines, so that its total is none of theirs."""
    if "order_id" not in records:
        return False
    numbered = records.where(~records.missing("order_id"))
    return len(np.unique(alike(numbered, ["order_id"]))) < len(numbered)


def _amounts(u: Understood, match: Match, *, of_lines: bool) -> list[int]:
    """Columns of figures that no column of the table takes, and that speak of an amount: that of a line, not of an order."""
    columns = enumerate(zip(u.headings, u.profiles, match.roles, strict=True))
    found = [i for i, (h, p, r) in columns if r.kind == "extra" and p.numeric and _AMOUNT.search(h.written)]
    return [i for i in found if of_lines or not is_of_order(u.headings[i].written)]


def _figures(u: Understood, match: Match, place: int, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    cells = column_cells(u.grid, rows, u.headings[place].column, merged=False)
    values = parse_column(cells.tolist(), match.table.column("amount"), unit=u.headings[place].unit).values
    assert not isinstance(values, Texts)
    return values.astype(np.float64)


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
