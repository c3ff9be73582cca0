"""Tidy rows → a sheet's columns and lines: long, months across, months over two measures, brands or questions across."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

from hostile import company, spell
from hostile.draft import Col, Draft, Line, Record

LAYOUTS = {
    "sales": ("long", "long", "months"), "market": ("long", "months", "months2", "labels"), "budget": ("long", "months", "months"),
    "spend": ("long",), "targets": ("long", "months", "months2"), "actuals": ("long", "labels", "months"), "survey": ("labels", "labels", "long"),
    "competitor_prices": ("long",), "competitor_profile": ("long", "labels"),
}  # fmt: skip
ORDER = {
    "sales": ("date", "order_id", "region", "channel", "customer", "product_code", "product", "salesperson", "units", "amount"),
    "market": ("month", "region", "category", "brand", "units", "amount"),
    "budget": ("month", "department", "category", "activity", "amount"),
    "spend": ("date", "voucher", "department", "category", "activity", "supplier", "amount", "status"),
    "targets": ("month", "entity", "kpi", "unit", "target", "actual"),
    "actuals": ("month", "entity", "kpi", "actual", "assessor"),
    "survey": ("respondent", "date", "city", "question_no", "question", "answer"),
    "competitor_prices": ("date", "brand", "product", "outlet", "city", "price", "promotion_price", "promotion"),
    "competitor_profile": ("brand", "item", "score", "text"),
}  # fmt: skip
OPTIONAL = (
    "order_id",
    "channel",
    "customer",
    "product_code",
    "salesperson",
    "supplier",
    "assessor",
    "city",
    "promotion",
    "text",
)
TABLES = tuple(ORDER)
CODED = ("order_id", "voucher")


def draft(rng: Random, table: str, lang: str, layout: str = "") -> Draft:
    """The plain sheet of a table, without a defect."""
    layout = layout or rng.choice(LAYOUTS[table])
    lengths = {"months": ("month", "month", "month", "quarter"), "long": ("month", "month", "quarter")}
    length = (
        rng.choice(lengths.get(layout, ("month",))) if table in ("market", "budget", "targets") else "month"
    )
    maker = company.sales_months if table == "sales" and layout == "months" else company.MAKERS[table]
    records = [_written(rng, lang, r) for r in maker(rng, lang, length)]
    if layout == "long":
        return _long(rng, table, lang, records, length)
    return _wide(rng, table, lang, layout, records, length)


def _written(rng: Random, lang: str, record: Record) -> Record:
    """The record with what its codes and units look like on the sheet (names beginning with `written_`)."""
    if "status" in record:
        record = record | {"written_status": rng.choice(spell.STATUS[lang][str(record["status"])])}
    if record.get("unit") == "CNY":
        record = record | {"written_unit": "元" if lang == "zh" else "CNY"}
    return record | {"written_unit": "%"} if record.get("unit") == "fraction" else record


def shown(record: Record, name: str) -> object:
    """A value as the sheet shows it, before any defect."""
    value = record.get(f"written_{name}", record.get(name))
    if name in ("target", "actual") and record.get("unit") == "fraction" and isinstance(value, Decimal):
        return value * 100
    return value


def kind_of(table: str, name: str) -> str:
    return spell.KINDS.get(name, "category")


def column(rng: Random, table: str, lang: str, name: str) -> Col:
    kind = kind_of(table, name)
    role = "measure" if kind in ("money", "number") else "key"
    return Col(name, [spell.header(rng, lang, table, name)], role, kind)


def line(columns: Sequence[Col], cells: list[object], records: list[Record]) -> Line:
    """A line with its figures noted."""
    figures = {i: v for i, v in enumerate(cells) if columns[i].figures and isinstance(v, Decimal)}
    return Line(cells, records, figures=figures)


def _keep(rng: Random, table: str, names: Sequence[str]) -> list[str]:
    """The columns of a sheet: some optional ones are left out."""
    return [
        n for n in names if n not in OPTIONAL or rng.random() < 0.6 or (table, n) == ("sales", "order_id")
    ]


def _style(rng: Random, d: Draft) -> str:
    """How the sheet writes its periods; notes whether it leaves out the year."""
    styles = spell.STYLES[d.lang, d.length]
    style = rng.choice(list(styles))
    if styles[style]:
        d.facts.add("no_year")
    return style


def _long(rng: Random, table: str, lang: str, records: list[Record], length: str) -> Draft:
    names = _keep(rng, table, ORDER[table])
    d = Draft(rng, table, lang, "long", [column(rng, table, lang, n) for n in names], [], length)
    style = ""
    months = {m for r in records if isinstance(m := r.get("month"), dt.date)}
    if "month" in names:
        style = _style(rng, d)
        if "no_year" in d.facts and len({m.year for m in months}) > 1:
            d.facts.discard("no_year")
            style = "y-mm" if length == "month" else "yQn"
    for record in records:
        kept = {
            k: v for k, v in _only(record, names).items() if table != "survey" or k != "score"
        }  # no such column
        cells = [
            spell.period(v, style)
            if n == "month" and isinstance(v := record["month"], dt.date)
            else shown(record, n)
            for n in names
        ]
        d.lines.append(line(d.columns, cells, [kept]))
    if months:
        d.year = max(months).year
    return d


def _only(record: Record, names: Sequence[str]) -> Record:
    """What can be known of a record from these columns."""
    held = set(names) | {"month", "period"} | ({"score"} if "answer" in names else set())
    return {k: v for k, v in record.items() if k in held}


WIDE = {
    ("sales", "months"): (("region", "product"), "month", ("amount",)),
    ("market", "months"): (("region", "category", "brand"), "month", ("amount",)),
    ("market", "months2"): (("region", "category", "brand"), "month", ("units", "amount")),
    ("market", "labels"): (("month", "region", "category"), "brand", ("amount",)),
    ("budget", "months"): (("department", "category", "activity"), "month", ("amount",)),
    ("targets", "months"): (("entity", "kpi", "unit"), "month", ("target",)),
    ("targets", "months2"): (("entity", "kpi", "unit"), "month", ("target", "actual")),
    ("actuals", "labels"): (("month", "entity"), "kpi", ("actual",)),
    ("actuals", "months"): (("entity", "kpi"), "month", ("actual",)),
    ("survey", "labels"): (("respondent", "date", "city"), "question", ("answer",)),
    ("competitor_profile", "labels"): (("item",), "brand", ("score",)),
}  # fmt: skip


def _wide(rng: Random, table: str, lang: str, layout: str, records: list[Record], length: str) -> Draft:
    keys, over, measures = WIDE[table, layout]
    keys = tuple(_keep(rng, table, keys))
    labels = list(dict.fromkeys(r[over] for r in records))
    d = Draft(rng, table, lang, layout, [column(rng, table, lang, k) for k in keys], [], length)
    style = _style(rng, d) if "month" in (over, *keys) else ""
    firsts = [m for m in labels if isinstance(m, dt.date)] or [
        m for r in records if isinstance(m := r.get("month"), dt.date)
    ]
    if "no_year" in d.facts and len({m.year for m in firsts}) > 1:
        d.facts.discard("no_year")
        style = "y-mm" if length == "month" else "yQn"
    if firsts:
        d.year = max(firsts).year
    for label in labels:
        text = (
            spell.period(label, style)
            if isinstance(label, dt.date)
            else _labelled(rng, d, str(label), records)
        )
        for measure in measures:
            levels = [text, spell.header(rng, lang, table, measure)] if len(measures) > 1 else [text]
            kind = kind_of(table, measure)
            d.columns.append(Col(measure, levels, "wide", kind, label))
    if len(measures) > 1:
        _two_levels(d, len(keys), len(measures))
    for values, group in _grouped(records, keys).items():
        cells: list[object] = [
            spell.period(v, style) if k == "month" and isinstance(v, dt.date) else v
            for k, v in zip(keys, values, strict=True)
        ]
        cells += [shown(r, m) for label in labels for m in measures for r in group if r[over] == label]
        if over == "question":
            cells = cells[: len(keys)] + [
                Decimal(str(c)) if str(c).isdigit() else c for c in cells[len(keys) :]
            ]
        known = (*keys, *measures, over, *(("question_no",) if over == "question" else ()))
        d.lines.append(
            line(d.columns, cells, [_only(r, known) for label in labels for r in group if r[over] == label])
        )
    if table in ("market", "sales") and len(measures) == 1:
        d.facts.add("measure_unsaid")
    return d


def _grouped(records: list[Record], keys: Sequence[str]) -> dict[tuple[object, ...], list[Record]]:
    groups: dict[tuple[object, ...], list[Record]] = {}
    for r in records:
        groups.setdefault(tuple(shown(r, k) for k in keys), []).append(r)
    return groups


def _labelled(rng: Random, d: Draft, label: str, records: list[Record]) -> str:
    """A brand, KPI or question as it heads a column."""
    if d.table != "survey":
        return label
    number = next(str(r["question_no"]) for r in records if r["question"] == label)
    return f"{number}、{label}" if d.zh else f"{number}. {label}"


def _two_levels(d: Draft, keys: int, measures: int) -> None:
    """Months merged over their measures, keys merged over both rows."""
    for i in range(keys):
        d.columns[i].header = [d.columns[i].header[0], None]
        d.header_merges.append((0, i, 1, i))
    names = [str(c.header[1]) for c in d.columns[keys : keys + measures]]
    for start in range(keys, len(d.columns), measures):
        d.header_merges.append((0, start, 0, start + measures - 1))
        for n in range(measures):
            d.columns[start + n].header = [d.columns[start].header[0] if n == 0 else None, names[n]]
