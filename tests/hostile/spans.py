"""Defects of time: days and weeks across, columns that run up, months that leave the year behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from hostile import company, spell
from hostile.draft import Col, Draft
from hostile.registry import DATA, ROWS, defect
from hostile.unsure import one_month


def _relabel(d: Draft, labels: Mapping[object, dt.date], show: Callable[[dt.date], object]) -> None:
    """Other days in the place of the months across."""
    for c in (c for c in d.columns if c.role == "wide"):
        c.label = labels[c.label]
        assert isinstance(c.label, dt.date)
        c.header[0] = show(c.label)
    for line in d.lines:
        for r in line.records:
            r["month"] = labels[r["month"]]


def _across(d: Draft) -> list[object]:
    """The months of a table that has nothing but months across, in their order."""
    labels = [c.label for c in d.columns if c.role == "wide"]
    fit = d.layout == "months" and d.length == "month" and "newest_first" not in d.facts and len(labels) > 1
    return labels if fit else []


@defect(DATA, "roll")
def days_across(d: Draft) -> bool:
    """1日 2日 3日 under a month in the title, 9月1日, or dates."""
    labels = _across(d)
    if d.table != "sales" or not labels:
        return False
    first = dt.date(d.year, d.rng.randint(1, 12), d.rng.choice((1, 10, 24)))
    style = d.rng.choice(("date", "iso", "m月d日", "d日") if d.zh else ("date", "iso", "d Mon"))
    show: dict[str, Callable[[dt.date], object]] = {
        "date": lambda v: v, "iso": lambda v: v.isoformat(), "m月d日": lambda v: f"{v.month}月{v.day}日", "d日": lambda v: f"{v.day}日",
        "d Mon": lambda v: f"{v.day} {v:%b}",
    }  # fmt: skip
    d.facts.discard("no_year")
    _relabel(d, {x: first + dt.timedelta(days=n) for n, x in enumerate(labels)}, show[style])
    for line in d.lines:
        for r in line.records:
            day = r["month"]
            assert isinstance(day, dt.date)
            r |= {"date": day, "month": day.replace(day=1), "period": "day"}
    for c in d.columns:  # the records of an emptied cell are found by their day
        c.header = list(c.header)
    if style == "d日":
        d.plan["span"] = f"{d.year}年{first.month}月"
    elif style in ("m月d日", "d Mon"):
        d.facts.add("no_year")
    d.length = "day"
    return True


@defect(DATA, "roll")
def weeks_across(d: Draft) -> bool:
    """第36周, W36, 2026-W36, 9/7-9/13"""
    labels = _across(d)
    if not labels:
        return False
    first = dt.date.fromisocalendar(d.year, d.rng.randint(5, 40), 1)
    style = d.rng.choice(("第n周", "y年第n周", "m/d-m/d") if d.zh else ("Wn", "y-Wn", "Week n"))
    show: dict[str, Callable[[dt.date], object]] = {
        "第n周": lambda v: f"第{v.isocalendar().week}周", "y年第n周": lambda v: f"{v.year}年第{v.isocalendar().week}周",
        "m/d-m/d": lambda v: f"{v.month}/{v.day}-{(e := v + dt.timedelta(days=6)).month}/{e.day}",
        "Wn": lambda v: f"W{v.isocalendar().week}", "y-Wn": lambda v: f"{v.year}-W{v.isocalendar().week:02d}",
        "Week n": lambda v: f"Week {v.isocalendar().week}",
    }  # fmt: skip
    d.facts.discard("no_year")
    _relabel(d, {x: first + dt.timedelta(days=7 * n) for n, x in enumerate(labels)}, show[style])
    for line in d.lines:
        for r in line.records:
            r["period"] = "week"
    if not style.startswith("y"):
        d.facts.add("no_year")
    d.length = "week"
    return True


@defect(DATA, "roll")
def months_roll_over_in_rows(d: Draft) -> bool:
    """11月, 12月, 1月 down a column; the title says from when to when."""
    at = d.at("month")
    if d.layout != "long" or at < 0 or d.length != "month":
        return False
    months = sorted({m for x in d.data for r in x.records if isinstance(m := r["month"], dt.date)})
    if len(months) < 2:
        return False
    after = d.rng.randint(1, len(months) - 1)
    first = company.add_months(dt.date(d.year, 1, 1), after - len(months))
    moved = {m: company.add_months(first, n) for n, m in enumerate(months)}
    for line in d.data:
        for r in line.records:
            assert isinstance(r["month"], dt.date)
            r["month"] = moved[r["month"]]
            line.cells[at] = spell.period(r["month"], "m月" if d.zh else "Mon")
    d.facts.discard("no_year")
    d.plan["span"] = _from_to(d, first, company.add_months(first, len(months) - 1))
    return True


@defect(DATA, "roll")
def english_roll_over(d: Draft) -> bool:
    """Nov Dec Jan Feb under "Nov 2025 - Feb 2026"."""
    labels = _across(d)
    if d.zh or not labels:
        return False
    after = d.rng.randint(1, len(labels) - 1)
    first = company.add_months(dt.date(d.year, 1, 1), after - len(labels))
    _relabel(d, {x: company.add_months(first, n) for n, x in enumerate(labels)}, lambda v: f"{v:%b}")
    d.facts.discard("no_year")
    d.facts.add("rolled")
    d.plan["span"] = _from_to(d, first, company.add_months(first, len(labels) - 1))
    return True


def _from_to(d: Draft, first: dt.date, last: dt.date) -> str:
    if d.zh:
        return f"{first.year}年{first.month}月至{last.year}年{last.month}月"
    return f"{first:%b} {first.year} - {last:%b} {last.year}"


# ---- columns that run up


@defect(ROWS, "total_column")
def running_columns(d: Draft) -> bool:
    """1月 | 2月 | 1-2月累计 | 3月 | 1-3月累计"""
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    firsts = [x for i in wide if isinstance(x := d.columns[i].label, dt.date)]
    january = bool(firsts) and firsts == [dt.date(d.year, n + 1, 1) for n in range(len(firsts))]
    if d.layout != "months" or d.length != "month" or not january or len(firsts) < 2 or "totals" in d.facts:
        return False
    if d.columns[wide[0]].kind != "money":
        return False
    for n in range(len(wide), 1, -1):
        cells: list[object] = [
            sum((x.figures.get(i, Decimal(0)) for i in wide[:n]), Decimal(0)) for x in d.lines
        ]
        title = f"1-{n}月累计" if d.zh else f"Jan-{firsts[n - 1]:%b} YTD"
        position = wide[n - 1] + 1
        d.insert(position, Col("", [title], "total", "money", scale=d.columns[wide[0]].scale), cells)
        for line, v in zip(d.lines, cells, strict=True):
            line.figures[position] = Decimal(str(v))
    return True


@defect(DATA, "period_place")
def month_beside_year_to_date(d: Draft) -> bool:
    """本月销售额 beside 本年累计销售额; the month is in the title."""
    at = d.at("amount")
    if at < 0 or d.table not in ("budget", "market") or not one_month(d):
        return False
    first, at = d.data[0].records[0]["month"], d.at("amount")
    assert isinstance(first, dt.date)
    d.plan["span"] = f"{first.year}年{first.month}月" if d.zh else f"{first:%B} {first.year}"
    title = str(d.columns[at].header[0])
    d.columns[at].header[0] = f"本月{title}" if d.zh else f"{title} (month)"
    running: list[object] = [x.figures[at] * d.rng.randint(1, 9) for x in d.lines]
    ytd = d.rng.choice(
        (f"本年累计{title}", "本年累计", f"累计{title}") if d.zh else (f"{title} YTD", f"YTD {title}")
    )
    d.insert(at + 1, Col("", [ytd], "total", "money"), running)
    for line, v in zip(d.lines, running, strict=True):
        line.figures[at + 1] = Decimal(str(v))
    return True
