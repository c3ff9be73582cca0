"""Defects of cells: numbers, dates and codes as people type them; all of them can be read with certainty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from hostile.draft import Col, Draft, Formatted
from hostile.registry import CELLS, DATA, UNITS, defect

EPOCH = dt.date(1899, 12, 30)


def plain(value: Decimal) -> str:
    """1234.5, never 1.2345E+3 or 1234.50."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def restyle(d: Draft, columns: list[int], show: Callable[[Decimal], object]) -> bool:
    """Show the figures of these columns in another way."""
    done = False
    for line in d.lines:
        for i in columns:
            if i in line.figures and isinstance(line.cells[i], Decimal):
                line.cells[i] = show(line.figures[i])
                done = True
    return done


def money_columns(d: Draft) -> list[int]:
    return [i for i, c in enumerate(d.columns) if c.kind == "money" and c.figures]


@defect(CELLS, "numbers")
def text_numbers(d: Draft) -> bool:
    """Figures stored as text."""
    return restyle(d, d.measures, plain)


@defect(CELLS, "numbers")
def full_width(d: Draft) -> bool:
    """１２３．４"""
    return restyle(
        d, d.measures, lambda v: plain(v).translate({ord(a): ord(a) + 0xFEE0 for a in "0123456789.-"})
    )


@defect(CELLS, "numbers")
def thousands(d: Draft) -> bool:
    """1,234.50 as text."""
    return restyle(d, d.measures, lambda v: f"{v:,}")


@defect(CELLS, "numbers")
def currency_signs(d: Draft) -> bool:
    """¥1,234.50 under a header without a scale."""
    columns = [i for i in money_columns(d) if d.columns[i].scale == 1]
    sign = d.rng.choice(("¥", "￥", "RMB ", "¥ "))
    return restyle(d, columns, lambda v: f"{'-' if v < 0 else ''}{sign}{abs(v):,.2f}")


@defect(CELLS, "numbers")
def currency_format(d: Draft) -> bool:
    """Numbers that a cell format shows with ¥ and thousands."""
    columns = [i for i in money_columns(d) if d.columns[i].scale == 1]
    return restyle(d, columns, lambda v: Formatted(v, '"¥"#,##0.00'))


@defect(CELLS, "numbers")
def yuan_in_cells(d: Draft) -> bool:
    """1234.5元"""
    return d.zh and restyle(
        d, [i for i in money_columns(d) if d.columns[i].scale == 1], lambda v: f"{plain(v)}元"
    )


@defect(CELLS, "numbers")
def mixed_units(d: Draft) -> bool:
    """11.50万 beside 8000元 beside 950."""
    columns = [i for i in money_columns(d) if d.columns[i].scale == 1]

    def show(v: Decimal) -> object:
        way = d.rng.random()
        return f"{plain(v / 10000)}万" if way < 0.4 else f"{plain(v)}元" if way < 0.7 else v

    return d.zh and "unit_said" not in d.facts and restyle(d, columns, show)


@defect(CELLS, "numbers")
def brackets(d: Draft) -> bool:
    """(1,234.50) for a negative figure, as text beside plain numbers."""
    if not any(v < 0 for line in d.data for v in line.figures.values()):
        return False
    return restyle(d, d.measures, lambda v: f"({abs(v):,})" if v < 0 else v)


@defect(CELLS, "numbers")
def spaces_in_numbers(d: Draft) -> bool:
    """Text figures with spaces around them."""
    return restyle(d, d.measures, lambda v: f" {plain(v)}\u00a0 ")


@defect(DATA)
def rates(d: Draft) -> bool:
    """A column of shares or weights: as text, as a cell format, or under a header with %."""
    name, title = {
        "market": ("value_share", ("市场份额", "Market Share")),
        "targets": ("weight", ("权重", "Weight")),
    }.get(d.table, ("", ("", "")))
    if not name or d.layout != "long":
        return False
    values = [Decimal(d.rng.randint(1, 60)) / 100 for _ in d.lines]
    way = d.rng.choice(("text", "format", "header", "fraction"))
    show: dict[str, Callable[[Decimal], object]] = {
        "text": lambda v: f"{plain(v * 100)}%", "format": lambda v: Formatted(v, "0.0%"), "header": lambda v: v * 100, "fraction": lambda v: v,
    }  # fmt: skip
    if way == "header":  # some clearly above 1.5, so that percent is certain
        values = [v + Decimal("0.01") for v in values]
    for line, v in zip(d.lines, values, strict=True):
        line.records[0][name] = v
    shown = [show[way](v) for v in values]
    text = title[0 if d.zh else 1] + ("(%)" if way == "header" else "")
    d.insert(len(d.columns), Col(name, [text], "key", "text"), shown)
    d.defects.append(f"rates_{way}")
    return True


@defect(CELLS)
def placeholders(d: Draft) -> bool:
    """-, 无, NA or / where a figure is missing that the row can do without."""
    optional = [
        i for i in d.measures if d.columns[i].name in ("promotion_price", "actual") and d.table != "actuals"
    ]
    if d.table == "sales" and d.layout == "long":
        optional = [d.at("units")]
    words = ("-", "无", "NA", "/", "—", "n/a", "N/A", "") if d.zh else ("-", "NA", "n/a", "N/A", "--", "")
    done = False
    for line in d.data:
        for i in optional:
            if i >= 0 and "totals" not in d.facts and d.rng.random() < 0.3:
                line.cells[i] = d.rng.choice(words)
                line.figures.pop(i, None)
                for r in line.records:
                    if d.columns[i].role != "wide" or r["month"] == d.columns[i].label:
                        r[d.columns[i].name] = None
                done = True
    return done


@defect(CELLS)
def blank_cells_across(d: Draft) -> bool:
    """Months, brands or questions across with empty cells: no record there."""
    summed = "totals" in d.facts or any(c.role == "total" for c in d.columns)
    if not d.wide or d.layout == "months2" or summed:
        return False
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    for line in d.data[1:]:
        if d.rng.random() < 0.5:
            i = d.rng.choice(wide)
            line.cells[i] = d.rng.choice((None, "-", ""))
            line.figures.pop(i, None)
            line.records = [r for r in line.records if d.columns[i].label not in r.values()]
    return True


# ---- dates


def _dates(d: Draft, show: Callable[[dt.date], object]) -> bool:
    place = d.at("date")
    if place < 0:
        return False
    for line in d.data:
        if isinstance(value := line.cells[place], dt.date):
            line.cells[place] = show(value)
    return True


@defect(CELLS, "dates")
def chinese_dates(d: Draft) -> bool:
    """2026年10月5日"""
    return d.zh and _dates(d, lambda v: f"{v.year}年{v.month}月{v.day}日")


@defect(CELLS, "dates")
def weekday_dates(d: Draft) -> bool:
    """2026年10月5日 星期一"""
    return d.zh and _dates(d, lambda v: f"{v.year}年{v.month}月{v.day}日 星期{'一二三四五六日'[v.weekday()]}")


@defect(CELLS, "dates")
def dotted_dates(d: Draft) -> bool:
    """2026.10.5"""
    return _dates(d, lambda v: f"{v.year}.{v.month}.{v.day}")


@defect(CELLS, "dates")
def compact_dates(d: Draft) -> bool:
    """20261005 as a number."""
    return _dates(d, lambda v: v.year * 10000 + v.month * 100 + v.day)


@defect(CELLS, "dates")
def serial_dates(d: Draft) -> bool:
    """46300: a date that lost its format."""
    return _dates(d, lambda v: (v - EPOCH).days)


@defect(CELLS, "dates")
def mixed_dates(d: Draft) -> bool:
    """A different format in each row, all with the year first or the month in words."""
    ways: list[Callable[[dt.date], object]] = [
        lambda v: v, lambda v: v.isoformat(), lambda v: f"{v.year}/{v.month}/{v.day}", lambda v: f"{v.year}.{v.month:02d}.{v.day:02d}",
        lambda v: f"{v.isoformat()} 14:30:05", lambda v: f"{v.year}年{v.month}月{v.day}日" if d.zh else f"{v.day} {v:%b} {v.year}",
    ]  # fmt: skip
    return _dates(d, lambda v: d.rng.choice(ways)(v))


@defect(CELLS, "dates")
def english_dates(d: Draft) -> bool:
    """5-Oct-2026"""
    return _dates(d, lambda v: f"{v.day}-{v:%b}-{v.year}")


@defect(CELLS, "dates")
def day_first_dates(d: Draft) -> bool:
    """25/10/2026: some day above 12 tells the order."""
    place = d.at("date")
    if place < 0 or not any(isinstance(v := line.cells[place], dt.date) and v.day > 12 for line in d.data):
        return False
    return _dates(d, lambda v: f"{v.day:02d}/{v.month:02d}/{v.year}")


# ---- names and codes


@defect(CELLS, "names")
def padded_names(d: Draft) -> bool:
    """Names with spaces before and after, also full-width ones."""
    for line in d.data:
        for i, c in enumerate(d.columns):
            if (
                c.role == "key"
                and c.kind == "category"
                and isinstance(v := line.cells[i], str)
                and d.rng.random() < 0.4
            ):
                line.cells[i] = d.rng.choice((f"{v} ", f" {v}", f"{v}\u3000", f"\t{v}"))
    return True


@defect(CELLS, "codes")
def apostrophes(d: Draft) -> bool:
    """'00012: the apostrophe that keeps a code text, stored with it."""
    places = [
        i
        for i, c in enumerate(d.columns)
        if c.kind == "code" and c.role == "key" and c.name in ("product_code", "voucher", "order_id")
    ]
    for line in d.data:
        for i in places:
            line.cells[i] = f"'{line.cells[i]}"
    return bool(places)


@defect(UNITS, "codes")
def twenty_digit_codes(d: Draft) -> bool:
    """Order and voucher numbers of twenty digits, as text."""
    places = [i for i, c in enumerate(d.columns) if c.name in ("order_id", "voucher")]
    for n, line in enumerate(d.data):
        for i in places:
            code = f"3{d.rng.randint(10**14, 10**15 - 1)}{n:04d}"
            line.cells[i] = code
            line.records[0][d.columns[i].name] = code
    return bool(places)
