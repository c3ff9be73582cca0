"""Defects of rows and of columns that sum: totals, averages, shares, repeated headers, blanks, keys written once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from hostile import company, spell
from hostile.draft import Col, Draft, Formatted, Formula, Line
from hostile.registry import CELLS, DATA, FILES, KEYS, ROWS, defect

SUMMED = ("sales", "budget", "spend")  # tables whose rows add up


def _label_column(d: Draft) -> int:
    return next(i for i, c in enumerate(d.columns) if c.role == "key")


def _group_column(d: Draft) -> int:
    return next((i for n in ("region", "department") if (i := d.at(n)) >= 0), -1)


def additive(d: Draft) -> list[int]:
    return [
        i for i, c in enumerate(d.columns) if c.name in ("units", "amount") and c.role in ("measure", "wide")
    ] + [i for i, c in enumerate(d.columns) if c.role == "total"]


def sum_line(d: Draft, lines: Sequence[Line], label: str, at: int) -> Line:
    """A total of these lines."""
    cells: list[object] = [None] * len(d.columns)
    figures = {i: sum((x.figures.get(i, Decimal(0)) for x in lines), Decimal(0)) for i in additive(d)}
    for i, v in figures.items():
        cells[i] = v
    if label:
        cells[at] = label
    return Line(cells, kind="total", figures=figures)


def _fit(d: Draft) -> bool:
    """Whether rows of the table may be summed up, and something sums."""
    fit = d.table in SUMMED and bool(additive(d)) and "optional_blank" not in d.facts
    if fit:
        d.facts.add("totals")
    return fit


@defect(ROWS, "subtotals")
def subtotals(d: Draft) -> bool:
    """华东小计 after each group."""
    at = _group_column(d)
    if at < 0 or "totals" in d.facts or not _fit(d):
        return False
    groups = list(dict.fromkeys(str(x.cells[at]) for x in d.data))
    before = d.rng.random() < 0.25
    lines: list[Line] = []
    word = d.rng.choice(("小计", "合计") if d.zh else (" subtotal", " Total"))
    for g in groups:
        inside = [x for x in d.data if x.cells[at] == g]
        total = sum_line(d, inside, f"{g}{word}", at)
        lines += [total, *inside] if before else [*inside, total]
    d.lines = lines
    d.facts.add("subtotals")
    return True


@defect(ROWS, "grand_total")
def grand_total(d: Draft) -> bool:
    """合计 in the last row, or the first."""
    if not _fit(d):
        return False
    label = d.rng.choice(
        ("合计", "总计", "合  计", "总计：", "本页合计") if d.zh else ("Total", "Grand Total", "TOTAL")
    )
    total = sum_line(d, d.data, label, _label_column(d))
    if d.rng.random() < 0.2 and "subtotals" not in d.facts:
        d.lines.insert(0, total)
    else:
        d.lines.append(total)
    return True


@defect(ROWS, "grand_total")
def unlabelled_total(d: Draft) -> bool:
    """A last row of sums without a word."""
    if "subtotals" in d.facts or len(d.data) < 4 or not _fit(d):
        return False
    d.lines.append(sum_line(d, d.data, "", 0))
    return True


@defect(ROWS, "average")
def average_row(d: Draft) -> bool:
    """平均 below the rows."""
    if "subtotals" in d.facts or not _fit(d):
        return False
    line = sum_line(d, d.data, "平均" if d.zh else "Average", _label_column(d))
    for i in line.figures:
        line.figures[i] = Decimal(repr(float(line.figures[i]) / len(d.data)))
        line.cells[i] = line.figures[i]
    d.lines.append(line)
    return True


@defect(ROWS, "share_row")
def share_row(d: Draft) -> bool:
    """占比 in the last row: each month's share of the whole."""
    if d.layout != "months" or not _fit(d):
        return False
    places = additive(d)
    sums = [sum((x.figures.get(i, Decimal(0)) for x in d.data), Decimal(0)) for i in places]
    cells: list[object] = [None] * len(d.columns)
    cells[_label_column(d)] = "占比" if d.zh else "Share"
    for i, v in zip(places, sums, strict=True):
        cells[i] = Formatted(Decimal(repr(round(float(v / sum(sums)), 4))), "0.0%")
    d.lines.append(Line(cells, kind="total"))
    return True


@defect(FILES, "formula_totals")
def uncached_totals(d: Draft) -> bool:
    """Totals that are formulas whose values the file doesn't hold: harmless."""
    totals = [x for x in d.lines if x.kind == "total" and any(isinstance(v, str) for v in x.cells)]
    if "wrong_total" in d.defects:
        return False
    for line in totals:
        for i in line.figures:
            line.cells[i] = Formula("SUM(A1:A2)")
    if totals:
        d.facts.add("xlsx_only")
    return bool(totals)


# ---- columns that sum


def _across(d: Draft, wide: Sequence[int], position: int, title: object) -> None:
    cells: list[object] = [sum((x.figures.get(i, Decimal(0)) for i in wide), Decimal(0)) for x in d.lines]
    deep: list[object] = [None] * (len(d.columns[0].header) - 1)
    scale = d.columns[wide[0]].scale
    d.insert(position, Col("", [title, *deep], "total", "money", scale=scale), cells)
    for line, v in zip(d.lines, cells, strict=True):
        line.figures[position] = Decimal(str(v))


def _months(d: Draft) -> list[int]:
    return (
        [i for i, c in enumerate(d.columns) if c.role == "wide"]
        if d.layout == "months" and d.columns[-1].kind == "money"
        else []
    )


@defect(ROWS, "total_column")
def total_column(d: Draft) -> bool:
    """合计 after the months."""
    wide = _months(d)
    if not wide or wide[-1] != len(d.columns) - 1 or "totals" in d.facts:
        return False
    _across(d, wide, len(d.columns), d.rng.choice(("合计", "总计", "小计") if d.zh else ("Total",)))
    return True


@defect(ROWS, "total_column")
def cumulative_column(d: Draft) -> bool:
    """本年累计 after the months: no period."""
    wide = _months(d)
    firsts = [d.columns[i].label for i in wide]
    if (
        not wide
        or "totals" in d.facts
        or not all(isinstance(x, dt.date) and x.year == d.year for x in firsts)
    ):
        return False
    _across(d, wide, len(d.columns), d.rng.choice(("本年累计", "累计") if d.zh else ("YTD", "Year to date")))
    return True


@defect(ROWS, "quarters")
def quarters_among_months(d: Draft) -> bool:
    """一季度 after March: the sum of three columns."""
    wide = _months(d)
    if d.length != "month" or "totals" in d.facts:
        return False
    firsts = [x for i in wide if isinstance(x := d.columns[i].label, dt.date)]
    for n, first in enumerate(firsts[:-2]):
        if first.month in (1, 4, 7, 10) and firsts[n + 2] == company.add_months(first, 2):
            bare = "no_year" in d.facts
            style = ("一季度" if bare else "y年第一季度") if d.zh else ("Qn" if bare else "Qn y")
            _across(d, wide[n : n + 3], wide[n + 2] + 1, spell.period(first, style))
            d.facts.add("coarse")
            return True
    return False


@defect(DATA, "order")
def newest_first(d: Draft) -> bool:
    """Months across from the last to the first."""
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    if d.layout != "months" or len(wide) < 2:
        return False
    d.columns[wide[0] :] = d.columns[wide[0] :][::-1]
    for line in d.lines:
        line.cells[wide[0] :] = line.cells[wide[0] :][::-1]
        line.figures = {i: v for i, v in enumerate(line.cells) if i in wide and isinstance(v, Decimal)}
    d.facts.add("newest_first")
    return True


@defect(DATA, "roll")
def roll_over(d: Draft) -> bool:
    """2025年11月 12月 2026年1月 2月, or bare months under a title that says from when to when."""
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    if d.layout != "months" or d.length != "month" or not d.zh or "newest_first" in d.facts or len(wide) < 2:
        return False
    after = d.rng.randint(1, len(wide) - 1)  # how many months lie in the second year
    first = company.add_months(dt.date(d.year, 1, 1), after - len(wide))
    labels = {d.columns[i].label: company.add_months(first, n) for n, i in enumerate(wide)}
    for i in wide:
        d.columns[i].label = labels[d.columns[i].label]
    for line in d.data:
        for r in line.records:
            r["month"] = labels[r["month"]]
    d.facts.discard("no_year")
    bare = d.rng.random() < 0.5
    for n, i in enumerate(wide):
        day = company.add_months(first, n)
        d.columns[i].header[0] = spell.period(
            day, "y年m月" if not bare and (n == 0 or day.month == 1) else "m月"
        )
    if bare:
        last = company.add_months(first, len(wide) - 1)
        d.plan["span"] = f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    d.facts.add("rolled")
    return True


# ---- rows that are no data


@defect(KEYS, "repeated_header")
def repeated_header(d: Draft) -> bool:
    """The header again every few rows, as a printout has it."""
    if len(d.lines) < 6 or len(d.columns[0].header) > 1 or "keys" in d.facts:
        return False
    at = d.rng.randint(3, len(d.lines) - 2)
    d.lines.insert(at, Line([c.header[0] for c in d.columns], kind="header"))
    return True


@defect(KEYS, "blank_rows")
def blank_rows(d: Draft) -> bool:
    """Empty rows among the rows."""
    if "keys" in d.facts:
        return False
    for _ in range(d.rng.randint(1, 3)):
        d.lines.insert(d.rng.randint(1, len(d.lines) - 1), Line([None] * len(d.columns), kind="blank"))
    return True


@defect(KEYS, "blank_columns")
def spacer_columns(d: Draft) -> bool:
    """Empty columns inside the table."""
    at = d.rng.randint(1, len(d.columns) - 1)
    if any(b < at <= e for _, b, _, e in d.header_merges):
        return False
    d.insert(at, Col("", [None] * len(d.columns[0].header), "filler", "text"), [None] * len(d.lines))
    return True


def _sorted_keys(d: Draft) -> list[int]:
    """Leading key columns whose equal values stand together."""
    chosen: list[int] = []
    for i, c in enumerate(d.columns):
        if c.role != "key" or c.kind not in ("category", "month") or len(chosen) == 2:
            break
        seen = [tuple(str(x.cells[j]) for j in [*chosen, i]) for x in d.data]
        runs = [v for n, v in enumerate(seen) if n == 0 or v != seen[n - 1]]
        if len(set(runs)) != len(runs) or len(runs) == len(seen):
            break
        chosen.append(i)
    return chosen


def _once(d: Draft, *, merge: bool) -> bool:
    """Each name once over its rows."""
    if any(x.kind != "data" for x in d.lines[:-1]) or len(d.data) < 4:
        return False
    places = _sorted_keys(d)
    keys = [[str(x.cells[i]) for i in places] for x in d.lines]
    for n, i in enumerate(places):
        start = 0
        for row in range(1, len(d.lines) + 1):
            if row < len(d.data) and keys[row][: n + 1] == keys[start][: n + 1]:
                d.lines[row].cells[i] = None
                continue
            if merge and row - start > 1 and row <= len(d.data):
                d.merges.append((start, i, row - 1, i))
            start = row
            if row >= len(d.data):
                break
    if places:
        d.facts.add("keys")
    return bool(places)


@defect(KEYS, "keys")
def merged_keys(d: Draft) -> bool:
    """The region merged over its rows."""
    return _once(d, merge=True)


@defect(KEYS, "keys")
def blank_below_keys(d: Draft) -> bool:
    """The region only in the first of its rows, as a pivot table has it."""
    return _once(d, merge=False)


@defect(CELLS, "comment_column")
def note_column(d: Draft) -> bool:
    """备注 with free text, some of it with numbers."""
    if d.table in ("survey",) or d.layout == "labels":
        return False
    words = (
        ("", "", "含税", "同比增长12%", "见附件3") if d.zh else ("", "", "incl. tax", "up 12%", "see annex 3")
    )
    cells: list[object] = []
    for line in d.lines:
        text = d.rng.choice(words) if line.kind == "data" else ""
        cells.append(text or None)
        for r in line.records:
            r["note"] = text or None
    deep = [None] * (len(d.columns[0].header) - 1)
    d.insert(len(d.columns), Col("note", ["备注" if d.zh else "Remarks", *deep], "key", "text"), cells)
    return True
