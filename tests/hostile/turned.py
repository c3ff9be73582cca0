"""Defects of shape: a record in each column, measures down the side, sections, a hierarchy in one column, no header."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hostile.draft import Col, Draft, Line
from hostile.pages import Page
from hostile.registry import KEYS, defect
from hostile.rows import SUMMED, additive, sum_line

FIGURES = (
    "units",
    "amount",
    "price",
    "promotion_price",
    "target",
    "actual",
    "score",
    "value_share",
    "weight",
)


def simple(d: Draft, *layouts: str) -> bool:
    """Whether the table is but a header row and certain lines of data, so that it can take another shape."""
    return (
        d.layout in layouts
        and all(x.kind == "data" and not x.held for x in d.lines)
        and not (d.header_merges or d.merges or d.all_held or "keys" in d.facts)
        and len(d.columns[0].header) == 1
        and not any(c.role in ("filler", "total") for c in d.columns)
    )


def reshaped(d: Draft) -> bool:
    """Note that rows are no longer records, so that no later defect cuts or repeats them."""
    d.facts.add("keys")
    return True


# ---- a record in each column


@defect(KEYS, "keys")
def transposed(d: Draft) -> bool:
    """Headers down the first column, a record in each of the others."""
    if not simple(d, "long") or len(d.lines) > 12 or not d.measures:
        return False
    d.plan["transposed"] = True
    return reshaped(d)


def lay_across(d: Draft, page: Page, lines: Sequence[Line], top: int, left: int) -> list[int]:
    """Put the lines down as columns; the row of each one's first figure."""
    for i, c in enumerate(d.columns):
        page.put(top + i, left, c.header[0])
    for n, line in enumerate(lines, 1):
        for i, value in enumerate(line.cells):
            page.put(top + i, left + n, value)
    figures = [i for i, c in enumerate(d.columns) if c.name in FIGURES]
    return [
        top + next(i for i in figures if (top + i, left + n) in page.cells) for n in range(1, len(lines) + 1)
    ]


# ---- measures down the side


@defect(KEYS, "keys")
def measures_down(d: Draft) -> bool:
    """指标 | 数值: a row for each measure of a record; under months across likewise."""
    if d.layout == "months2":
        return _measures_under_months(d)
    places = [i for i in d.measures if d.columns[i].role == "measure"]
    if not simple(d, "long") or len(places) < 2 or "rates" in d.defects or d.table == "competitor_prices":
        return False
    kept = [i for i in range(len(d.columns)) if i not in places]
    names = [d.columns[i].header[0] for i in places]
    lines: list[Line] = []
    for line in d.lines:
        keys = [line.cells[i] for i in kept]
        for n, (i, name) in enumerate(zip(places, names, strict=True)):
            lines.append(Line([*keys, name, line.cells[i]], line.records if n == 0 else []))
    word, value = ("数值" if d.zh else "Value"), Decimal(1)
    d.columns = [
        *(d.columns[i] for i in kept),
        Col("", [_side(d)], "filler", "text"),
        Col("", [word], "filler", "text", scale=value),
    ]
    d.lines = lines
    return reshaped(d)


def _side(d: Draft) -> str:
    """What heads the names of measures; targets have their KPIs under 指标."""
    if d.table == "targets":
        return "类型" if d.zh else "Type"
    return d.rng.choice(("指标", "项目")) if d.zh else d.rng.choice(("Measure", "Metric"))


def _measures_under_months(d: Draft) -> bool:
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    keys = [i for i, c in enumerate(d.columns) if c.role != "wide"]
    labels = list(dict.fromkeys(d.columns[i].label for i in wide))
    plain = all(d.columns[i].role == "key" for i in keys) and all(
        x.kind == "data" and not x.held for x in d.lines
    )
    if not plain or d.all_held or d.merges or "keys" in d.facts or len(d.columns[0].header) != 2:
        return False
    count = len(wide) // len(labels)
    lines: list[Line] = []
    for line in d.lines:
        for n in range(count):
            mine = wide[n::count]
            said = [d.columns[wide[n]].header[1], *(line.cells[i] for i in mine)]
            lines.append(Line([*(line.cells[i] for i in keys), *said], line.records if n == 0 else []))
    tops = [d.columns[i].header[0] for i in wide[::count]]
    d.columns = [
        *(Col(d.columns[i].name, d.columns[i].header[:1], "key", d.columns[i].kind) for i in keys),
        Col("", [_side(d)], "filler", "text"),
        *(Col("", [top], "wide", "text", label) for top, label in zip(tops, labels, strict=True)),
    ]
    d.lines, d.header_merges = lines, []
    return reshaped(d)


# ---- sections


@defect(KEYS, "keys")
def sections(d: Draft) -> bool:
    """一、华东, a header, its rows, 小计; 二、华南, a header again; 合计 below all."""
    at = next((i for n in ("region", "department") if (i := d.at(n)) >= 0), -1)
    if at < 0 or d.table not in SUMMED or not simple(d, "long", "months") or not additive(d):
        return False
    groups = list(dict.fromkeys(str(x.cells[at]).strip() for x in d.lines))
    if len(groups) < 2 or any(c.role == "key" and c.name == "" for c in d.columns):
        return False
    inside = {g: [x for x in d.lines if str(x.cells[at]).strip() == g] for g in groups}
    d.remove(at)
    label = next(i for i, c in enumerate(d.columns) if c.role == "key")
    form = d.rng.choice(("{1}", "{0}、{1}", "（{0}）{1}", "【{1}】") if d.zh else ("{1}", "{2}. {1}"))
    totals = d.rng.random() < 0.7
    lines: list[Line] = []
    for n, g in enumerate(groups):
        head = form.format("一二三四五"[n], g, n + 1)
        lines.append(Line([head, *[None] * (len(d.columns) - 1)], kind="header"))
        lines.append(Line([c.header[0] for c in d.columns], kind="header"))
        lines += inside[g]
        if totals:
            lines.append(sum_line(d, inside[g], "小计" if d.zh else "Subtotal", label))
    if totals:
        lines.append(sum_line(d, d.data, "合计" if d.zh else "Total", label))
    d.lines = lines
    d.plan["headless"] = True
    return reshaped(d)


# ---- a hierarchy in one column


@defect(KEYS, "keys")
def compact_pivot(d: Draft) -> bool:
    """行标签: each region with its sums, its products below it in the same column, and 总计."""
    first, second = d.at("region"), d.at("product")
    fit = d.table == "sales" and d.layout == "months" and simple(d, "months")
    if not fit or min(first, second) < 0 or len([c for c in d.columns if c.role == "key"]) != 2:
        return False
    groups = list(dict.fromkeys(str(x.cells[first]) for x in d.lines))
    inside = {g: [x for x in d.lines if str(x.cells[first]) == g] for g in groups}
    indent = d.rng.choice(("", "  ", "　　"))
    for line in d.lines:
        line.cells[second] = f"{indent}{line.cells[second]}"
    d.columns[second].header = [
        d.rng.choice(("行标签", "区域/产品") if d.zh else ("Row Labels", "Region/Product"))
    ]
    d.lines = [x for g in groups for x in (sum_line(d, inside[g], g, second), *inside[g])]
    d.lines.append(
        sum_line(d, [x for x in d.lines if x.kind == "data"], "总计" if d.zh else "Grand Total", second)
    )
    d.remove(first)
    d.may_hold = True  # which column a name belongs to is said nowhere
    return reshaped(d)


# ---- no header


@defect(KEYS, "keys")
def no_header(d: Draft) -> bool:
    """The rows alone."""
    if not simple(d, "long", "months"):
        return False
    d.plan["headless"] = True
    d.may_hold = True
    return reshaped(d)
