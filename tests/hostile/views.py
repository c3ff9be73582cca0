"""Defects of sheets that say the same again, which must not be counted twice; and hidden columns."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

from hostile.draft import Draft, Line
from hostile.pages import Page
from hostile.registry import SHEET, defect
from hostile.rows import SUMMED


def _fit(d: Draft) -> bool:
    """Whether every row of the table is certain and stands in one place."""
    return (
        all(x.kind == "data" and not x.held for x in d.lines)
        and not (d.merges or d.header_merges or d.all_held or d.may_hold or "keys" in d.facts)
        and not {"split", "second"} & set(d.plan)
        and not any(c.role == "filler" for c in d.columns)
    )


def _sheet(name: str, title: str, header: list[object], lines: list[list[object]]) -> Page:
    page = Page(name)
    page.put(0, 0, title)
    for r, cells in enumerate([header, *lines], 1):
        for c, value in enumerate(cells):
            page.put(r, c, value)
    return page


@defect(SHEET, "view")
def summary_by_month(d: Draft) -> bool:
    """Beside the lines a sheet that sums them up by region and month."""
    region, amount = d.at("region"), d.at("amount")
    if d.table != "sales" or d.layout != "long" or region < 0 or amount < 0 or not _fit(d) or len(d.data) < 8:
        return False
    if "numbers" in d.facts or d.columns[amount].scale != 1 or any(amount not in x.figures for x in d.data):
        return False
    sums: dict[tuple[str, dt.date], Decimal] = defaultdict(Decimal)
    for line in d.data:
        month = line.records[0]["month"]
        assert isinstance(month, dt.date)
        sums[str(line.records[0]["region"]), month] += line.figures[amount]
    regions, months = list(dict.fromkeys(r for r, _ in sums)), sorted({m for _, m in sums})
    heads: list[object] = [
        "区域" if d.zh else "Region",
        *(f"{m.year}年{m.month}月" if d.zh else f"{m:%b} {m.year}" for m in months),
    ]
    lines: list[list[object]] = [[r, *(sums.get((r, m)) for m in months)] for r in regions]
    name = d.rng.choice(("汇总", "区域月度汇总", "Sheet2") if d.zh else ("Summary", "Sheet2"))
    title = "销售额按区域汇总" if d.zh else "Sales amount by region"
    d.views.append(lambda _: _sheet(name, title, heads, lines))
    return True


@defect(SHEET, "view")
def sheet_for_each_region(d: Draft) -> bool:
    """All rows on one sheet, and again on a sheet for each region."""
    at = next((i for n in ("region", "department") if (i := d.at(n)) >= 0), -1)
    if at < 0 or d.table not in SUMMED or not _fit(d) or len(d.data) < 8 or "no_year" in d.facts:
        return False
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in d.data:
        groups[str(line.cells[at]).strip()].append(line)

    def view(name: str) -> Page:
        page = Page(name)
        for r, cells in enumerate([[c.header[0] for c in d.columns], *(x.cells for x in groups[name])]):
            for c, value in enumerate(cells):
                page.put(r, c, value)
        return page

    if len(groups) < 2 or len(d.columns[0].header) > 1 or "unit_note" in d.plan or "span" in d.plan:
        return False
    d.views += [lambda _, name=name: view(name) for name in groups]  # type: ignore[misc]
    return True


@defect(SHEET, "hidden")
def hidden_columns(d: Draft) -> bool:
    """Hidden columns are read like others, and told."""
    if "transposed" in d.plan:
        return False
    d.facts.add("xlsx_only")
    d.hidden_columns = sorted(d.rng.sample(range(len(d.columns)), min(2, len(d.columns))))
    return True
