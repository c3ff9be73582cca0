"""Lists of order lines: what is said of an order on its first line only, and the total of the order beside its lines."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.sheets.shop_figures import is_of_order
from mktanalytics.ingest.taking.labels import Cells, column_cells
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.values.parsed import as_written
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import Records, alike
from mktanalytics.ingest.values.values import parse_column

_OF_ORDER = frozenset(
    [
        "customer",
        "customer_code",
        "currency",
        "region",
        "province",
        "city",
        "channel",
        "dealer",
        "salesperson",
    ]
)  # one for all lines of an order
_CENT = 0.011


def fill_orders(match: Match, cells: Mapping[int, Cells]) -> tuple[tuple[str, int], ...]:
    """Fill what the later lines of an order leave out with what its first line says; column → how many cells."""
    if match.table.name != "sales" or "order_id" not in match.mapped:
        return ()
    some = {match.roles[i].column: c for i, c in cells.items() if 0 < np.count_nonzero(c == None) < len(c)}  # noqa: E711
    partly = {column: c for column, c in some.items() if column in _OF_ORDER}
    orders = [as_written(c) for c in cells[match.mapped["order_id"]]] if partly else []
    return tuple((column, n) for column, c in partly.items() if (n := _filled(c, orders)))


def _filled(cells: Cells, orders: list[str]) -> int:
    """Fill, in place, blanks of orders that say one thing; how many."""
    said: dict[str, set[object]] = {}
    for cell, order in zip(cells, orders, strict=True):
        if order and cell is not None:
            said.setdefault(order, set()).add(cell)
    blanks = [i for i, c in enumerate(cells) if c is None and len(said.get(orders[i], ())) == 1]
    for i in blanks:
        (cells[i],) = said[orders[i]]
    return len(blanks)


def tell_order_totals(work: Work, records: Records) -> None:
    """Tell where the totals of orders beside their lines are not what the lines come to: discounts, freight, tax."""
    if work.table.name != "sales" or not {"order_id", "amount"} <= set(records):
        return
    places = [
        i for i, r in enumerate(work.match.roles) if r.kind == "extra" and is_of_order(work.u.header_of(i))
    ]
    off = {i: _differences(work, records, i) for i in places if work.u.profiles[i].numeric}
    if not off or not all(d.size for d in off.values()):
        return
    place, differences = min(off.items(), key=lambda d: (d[1].size, d[0]))
    words = {
        "header": work.u.header_of(place),
        "n": int(differences.size),
        "difference": f"{differences.sum():,.2f}",
    }
    cell = work.u.cell(work.u.block.header[-1], place)
    work.taken.issues.append(work.taken.issue("order_totals", cell=cell, column="amount", words=words))


def _differences(work: Work, records: Records, place: int) -> NDArray[np.float64]:
    """What the totals of orders are off by, where they are off; the first of each order counts."""
    cells = column_cells(work.u.grid, work.rows, work.u.headings[place].column, merged=False).tolist()
    values = parse_column(cells, work.table.column("amount")).values
    assert not isinstance(values, Texts)
    stated = values.astype(np.float64)[records.rows]
    known = ~records.missing("order_id") & np.isfinite(records.figures("amount"))
    _, order = np.unique(alike(records.where(known), ["order_id"]), return_inverse=True)
    lines, totals = (
        np.bincount(order, records.figures("amount")[known]),
        np.full(order.max(initial=-1) + 1, np.nan),
    )
    said = np.isfinite(stated[known])
    totals[order[said][::-1]] = stated[known][said][::-1]
    off: NDArray[np.float64] = totals - lines
    return off[np.abs(off) > _CENT]
