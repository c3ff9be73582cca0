"""Defects after which nobody can know: the row or the table must be quarantined, and told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hostile import company
from hostile.draft import Col, Draft, ErrorCell, Formula, Line
from hostile.registry import DATA, FILES, ROWS, UNSURE, defect

HARD = ("amount", "price", "target", "actual", "units")  # figures without which a row is not what it says


def spoil(d: Draft, value: object) -> bool:
    """Put something that is no figure into a cell that matters."""
    places = [
        i
        for i in d.measures
        if d.columns[i].name in HARD and (d.table, d.columns[i].name) != ("targets", "actual")
    ]
    lines = [x for x in d.data if not x.held and any(i in x.figures for i in places)]
    if not places or len(lines) < 4:
        return False
    line = d.rng.choice(lines)
    at = d.rng.choice([i for i in places if i in line.figures])
    line.cells[at] = value
    line.held = True
    line.records = (
        []
        if d.columns[at].role != "wide"
        else [r for r in line.records if d.columns[at].label not in r.values()]
    )
    if any(x.kind == "total" for x in d.lines) or any(c.role == "total" for c in d.columns):
        d.may_hold = True  # the total can't be proved any more
    return True


@defect(UNSURE, "spoilt")
def error_cells(d: Draft) -> bool:
    """#REF! where a figure belongs."""
    return spoil(d, ErrorCell(d.rng.choice(("#REF!", "#DIV/0!", "#VALUE!", "#NAME?"))))


@defect(UNSURE, "spoilt")
def uncached_figures(d: Draft) -> bool:
    """A formula whose value the file doesn't hold, among the data."""
    d.facts.add("xlsx_only")
    return spoil(d, Formula("B2*C2"))


@defect(UNSURE, "spoilt")
def vague_figures(d: Draft) -> bool:
    """约1.2万, 见附件, 3-5: no number."""
    words = (
        ("约1.2万", "3-5", "见附件", "1.2.3", "大约五万")
        if d.zh
        else ("about 12k", "3-5", "see annex", "1.2.3")
    )
    return spoil(d, d.rng.choice(words))


@defect(UNSURE, "total_wrong")
def wrong_total(d: Draft) -> bool:
    """A labelled total that says something else than its rows."""
    totals = [
        x
        for x in d.lines
        if x.kind == "total"
        and x.figures
        and any(isinstance(v, str) and v and i not in x.figures for i, v in enumerate(x.cells))
    ]
    totals = [
        x for x in totals if not any(str(v).strip() in ("平均", "Average", "占比", "Share") for v in x.cells)
    ]
    if not totals:
        return False
    line = d.rng.choice(totals)
    at = d.rng.choice(sorted(line.figures))
    line.cells[at] = line.figures[at] + 1234
    d.all_held = True
    return True


@defect(ROWS, "two_measures")
def duplicate_measure(d: Draft) -> bool:
    """The amount twice under one header, with other figures."""
    at = d.at("amount")
    if at < 0 or d.layout != "long":
        return False
    cells: list[object] = [Decimal(d.rng.randint(100, 99999)) for _ in d.lines]
    d.insert(at + 1, Col("", list(d.columns[at].header), "filler", "text"), cells)
    d.all_held = True
    return True


@defect(FILES, "year")
def year_nowhere(d: Draft) -> bool:
    """1月 2月 3月, and the year stands nowhere."""
    if "no_year" not in d.facts:
        return False
    d.plan["year_in"] = "nowhere"
    d.all_held = True
    return True


@defect(DATA, "period_place")
def month_nowhere(d: Draft) -> bool:
    """A month's figures, and which month stands nowhere."""
    if not one_month(d):
        return False
    d.all_held = True
    return True


@defect(DATA, "period_place")
def months_contradict(d: Draft) -> bool:
    """The title says March, the file April."""
    if not one_month(d):
        return False
    first = d.data[0].records[0]["month"]
    assert isinstance(first, dt.date)
    other = company.add_months(first, 1)
    d.plan["span"] = f"{first.year}年{first.month}月" if d.zh else f"{first:%B} {first.year}"
    d.plan["file_span"] = f"{other.year}年{other.month}月" if d.zh else f"{other:%B} {other.year}"
    d.all_held = True
    return True


@defect(DATA, "period_place")
def period_only_around(d: Draft) -> bool:
    """The month stands only in the title, the sheet's name, or the file's name."""
    if not one_month(d):
        return False
    first = d.data[0].records[0]["month"]
    assert isinstance(first, dt.date)
    text = d.rng.choice(
        (
            f"{first.year}年{first.month}月",
            f"{first.year}-{first.month:02d}",
            f"{first.year}年{first.month:02d}月份",
        )
        if d.zh
        else (f"{first:%B} {first.year}", f"{first.year}-{first.month:02d}")
    )
    where = d.rng.choice(("span", "sheet_span", "file_span"))
    d.plan[where] = text
    d.defects.append(where)
    return True


def one_month(d: Draft) -> bool:
    """Cut a long table to its first month and take the column out."""
    at = d.at("month")
    if d.layout != "long" or at < 0 or d.length != "month":
        return False
    first = d.data[0].records[0]["month"]
    d.lines = [x for x in d.lines if x.records and x.records[0]["month"] == first]
    d.remove(at)
    d.facts.discard("no_year")
    return True


@defect(UNSURE, "spoilt")
def merged_figures(d: Draft) -> bool:
    """One figure merged over two rows."""
    places = [i for i in d.measures if d.columns[i].name in ("amount", "target", "actual")]
    if not places or any(x.kind != "data" for x in d.lines) or len(d.lines) < 4:
        return False
    at = d.rng.choice(places)
    d.lines[2].cells[at] = None
    d.merges.append((1, at, 2, at))
    d.facts |= {"xlsx_only", "keys"}
    d.all_held = True
    return True


@defect(UNSURE, "dates")
def unclear_dates(d: Draft) -> bool:
    """03/04/2026 and nothing that tells the day from the month."""
    at = d.at("date")
    if at < 0 or d.table == "survey":
        return False
    for n, line in enumerate(d.data):
        value = dt.date(d.year, n % 4 + 2, n % 5 + 7)
        line.cells[at] = f"{value.day:02d}/{value.month:02d}/{value.year}"
    d.all_held = True
    return True


@defect(UNSURE, "contradiction")
def contradicting_rows(d: Draft) -> bool:
    """The same key twice with other figures."""
    if d.table not in ("market", "competitor_prices", "actuals") or d.layout != "long" or len(d.data) < 5:
        return False
    line = d.rng.choice([x for x in d.data if not x.held] or d.data)
    at = next(i for i in d.measures if d.columns[i].name in HARD)
    if at not in line.figures or isinstance(line.cells[at], str):
        return False
    again = Line(list(line.cells), [], held=True, figures=dict(line.figures))
    again.cells[at] = line.figures[at] + 7
    again.figures[at] = line.figures[at] + 7
    line.held, line.records = True, []
    d.lines.insert(d.lines.index(line) + 1, again)
    return True


@defect(UNSURE, "repeated_line")
def repeated_line(d: Draft) -> bool:
    """A line with its order number twice: counted once, the other held."""
    if (
        d.table not in ("sales", "spend")
        or d.layout != "long"
        or any(x.kind == "total" for x in d.lines)
        or "numbers" in d.facts
    ):
        return False
    if (d.at("order_id") < 0 and d.at("voucher") < 0) or any(c.role == "filler" for c in d.columns):
        return False
    line = d.rng.choice(d.data)
    d.lines.append(Line(list(line.cells), [], held=True, figures=dict(line.figures)))
    return not line.held
