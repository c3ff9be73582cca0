"""Cells → numbers: units multiplied in, percents as fractions, each by the evidence of its whole column."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from mktanalytics.ingest.readers.cells import Cell, Percent
from mktanalytics.ingest.values.parsed import MISSING, Code, Note, NoteCode, Reading, fault_of, note
from mktanalytics.numbers import Number, Unit, exact, is_blank, normalise, parse_number
from mktanalytics.schema import Column

_ONE_GROUP = re.compile(r"(?<![\d,.])\d{1,3},\d{3}(?![\d,.])")  # 1,234: thousands, or a decimal comma?
_ONE_DOT = re.compile(r"(?<![\d,.])\d{1,3}\.\d{3}(?![\d,.])")  # 1.234: a decimal point, or thousands?
_SYMBOL = re.compile(r"[^\W\d_]{0,3}[$¥€£]|rmb|cny|usd|hkd|eur|rp", re.IGNORECASE)

# Above this a number can't be a fraction that somebody meant as a share …
CERTAINLY_PERCENT = 1.5
# … nor as a growth or completion rate, where the column has no upper bound (1000 %).
CERTAINLY_PERCENT_UNBOUNDED = 10.0
# Small percents continue the large ones: the gap between 0.4 and 1.6 is no gap, that between 0.28 and 31.2 is.
WIDEST_GAP = 5.0


def read_numbers(
    cells: Sequence[Cell], column: Column, unit: Unit | None
) -> tuple[list[Reading], list[Note]]:
    """One `Reading` for each distinct cell, and what the column as a whole told."""
    numbers = [_number(c) for c in cells]
    numbers, notes = _commas(cells, numbers)
    wanted = _kind(column, unit)
    if wanted == "rate":
        readings, more = _rates(cells, numbers, column, unit)
    elif wanted == "money":
        readings, more = _money(cells, numbers, unit)
    else:
        readings, more = _counts(cells, numbers, column, unit)
    return readings, notes + more


def _kind(column: Column, unit: Unit | None) -> str:
    """What the numbers are; a plain column without a unit of its own (targets) takes that of the header."""
    if column.kind == "number" and not column.unit and unit and unit.kind in ("money", "rate"):
        return unit.kind
    return column.kind


def _number(cell: Cell) -> Number | Reading:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        return fault_of(cell) or Reading(fault=Code.WRONG_TYPE)
    if isinstance(cell, str):
        blank = MISSING if is_blank(cell) else Reading(fault=Code.NOT_A_NUMBER)
        return parse_number(cell) or fault_of(cell) or blank
    if isinstance(cell, Percent):
        return Number(float(cell), "%", 0.01, is_percent=True, kind="rate", base="%")
    return Number(float(cell)) if math.isfinite(cell) else Reading(fault=Code.NOT_A_NUMBER)


def _commas(
    cells: Sequence[Cell], numbers: list[Number | Reading]
) -> tuple[list[Number | Reading], list[Note]]:
    """Where commas are decimal, `1,234` is 1234 or 1.234: nobody knows."""
    texts = [normalise(c) if isinstance(c, str) else "" for c in cells]
    marks = [n.marks if isinstance(n, Number) else "" for n in numbers]
    decimal = [c for c, m in zip(cells, marks, strict=True) if m in ("decimal_comma", "european")]
    if not decimal:
        return numbers, []
    grouped = any(m == "thousands" and not _ONE_GROUP.search(t) for m, t in zip(marks, texts, strict=True))

    def doubtful(mark: str, text: str) -> bool:
        one = _ONE_GROUP if mark == "thousands" else _ONE_DOT
        return (grouped and mark == "decimal_comma") or (
            mark in ("thousands", "plain")
            and bool(one.search(text))
            and (mark == "thousands" or "european" in marks)
        )

    ambiguous = Reading(fault=Code.AMBIGUOUS_NUMBER)
    kept = [ambiguous if doubtful(m, t) else n for n, m, t in zip(numbers, marks, texts, strict=True)]
    return kept, note(NoteCode.DECIMAL_COMMA, decimal)


def _money(
    cells: Sequence[Cell], numbers: list[Number | Reading], unit: Unit | None
) -> tuple[list[Reading], list[Note]]:
    scale = unit.scale if unit else 1.0
    wrong = unit is not None and unit.kind not in ("money", "scale")
    found = [n for n in numbers if isinstance(n, Number)]
    # "¥8" under 万元: the symbol is no scale, unless every cell has it (a cell format)
    symbols_only = all(_SYMBOL.fullmatch(n.unit) for n in found)

    def read(n: Number | Reading) -> Reading:
        if isinstance(n, Reading):
            return n
        if wrong or n.kind not in ("", "money", "scale"):
            return Reading(fault=Code.UNIT_MISMATCH)
        currency = n.currency or (unit.currency if unit else "")
        bare = bool(_SYMBOL.fullmatch(n.unit))
        if bare and scale != 1 and not symbols_only:
            return Reading(fault=Code.AMBIGUOUS_UNIT)
        return Reading(exact(n.value, scale) if n.kind == "" or bare else n.value, currency)

    readings = [read(n) for n in numbers]
    notes = _mixed_scales(cells, numbers, scale)
    currencies = {r.unit for r in readings if r.value is not None}
    if len(currencies - {""}) > 1:
        notes += note(NoteCode.MIXED_CURRENCIES, [c for c, r in zip(cells, readings, strict=True) if r.unit])
    return readings, notes


def _mixed_scales(cells: Sequence[Cell], numbers: list[Number | Reading], scale: float) -> list[Note]:
    scales = [
        (n.scale if n.unit and not _SYMBOL.fullmatch(n.unit) else scale)
        if isinstance(n, Number) and n.kind != "rate"
        else None
        for n in numbers
    ]
    counts = Counter(s for s in scales if s is not None)
    if len(counts) < 2:
        return []
    usual = max(counts, key=lambda s: (counts[s], s))
    return note(
        NoteCode.MIXED_SCALES, [c for c, s in zip(cells, scales, strict=True) if s not in (None, usual)]
    )


def _counts(
    cells: Sequence[Cell], numbers: list[Number | Reading], column: Column, unit: Unit | None
) -> tuple[list[Reading], list[Note]]:
    scale = unit.scale if unit else 1.0
    free = column.kind == "number" and not column.unit  # its unit may differ from row to row
    wrong = unit is not None and not free and unit.kind in ("money", "rate")
    base = unit.base if unit and unit.kind in ("count", "other") else ""
    bases = {base} | {n.base for n in numbers if isinstance(n, Number) and n.kind in ("count", "other")}
    mixed = not free and len(bases - {""}) > 1

    def read(n: Number | Reading) -> Reading:
        if isinstance(n, Reading):
            return n
        if wrong or (not free and n.kind in ("money", "rate")):
            return Reading(fault=Code.UNIT_MISMATCH)
        if mixed and n.base != base and n.base:
            return Reading(fault=Code.MIXED_UNITS)
        return Reading(exact(n.value, scale) if n.kind == "" else n.value, _unit_name(n) or base)

    return [read(n) for n in numbers], _mixed_scales(cells, numbers, scale)


def _unit_name(n: Number) -> str:
    return {"money": n.currency, "rate": "fraction"}.get(n.kind, n.base)


def _rates(
    cells: Sequence[Cell], numbers: list[Number | Reading], column: Column, unit: Unit | None
) -> tuple[list[Reading], list[Note]]:
    """Percents and fractions. Cells with % are certain; the plain ones are judged together."""
    if unit is not None and unit.kind != "rate":
        return [Reading(fault=Code.UNIT_MISMATCH) if isinstance(n, Number) else n for n in numbers], []
    plain = [
        (c, n.value) for c, n in zip(cells, numbers, strict=True) if isinstance(n, Number) and n.kind == ""
    ]
    scale, doubt = _rate_scale([v for _, v in plain], column, unit)

    def read(n: Number | Reading) -> Reading:
        if isinstance(n, Reading):
            return n
        if n.kind == "rate":
            return Reading(n.value, "fraction")
        if n.kind:
            return Reading(fault=Code.UNIT_MISMATCH)
        if n.value and abs(n.value) <= doubt:
            return Reading(fault=Code.AMBIGUOUS_RATE)
        return Reading(exact(n.value, scale), "fraction")

    by_size = [c for c, v in plain if unit is None and scale < 1 and abs(v) > max(doubt, 0)]
    return [read(n) for n in numbers], note(NoteCode.PERCENT_BY_SIZE, by_size)


def _rate_scale(values: Sequence[float], column: Column, unit: Unit | None) -> tuple[float, float]:
    """By what plain values are multiplied, and up to which size they stay in doubt (0: none does)."""
    sizes = [abs(v) for v in values if v]
    top = max(sizes, default=0.0)
    if unit:  # "完成率(%)" over 0.85: percent as the header says, or a fraction that Excel showed as 85%?
        return unit.scale, 0.0 if top > CERTAINLY_PERCENT else math.inf
    bounded = column.maximum is not None and column.maximum <= 1
    if top <= CERTAINLY_PERCENT:
        return 1.0, 0.0
    if not bounded and top <= CERTAINLY_PERCENT_UNBOUNDED:  # 2.5 is 250% or 2.5%
        return 1.0, math.inf
    small = [s for s in sizes if s <= CERTAINLY_PERCENT]
    large = [s for s in sizes if s > CERTAINLY_PERCENT]
    continuous = not small or (min(large) / max(small) <= WIDEST_GAP and _decimals(small) <= _decimals(large))
    return 0.01, 0.0 if continuous else CERTAINLY_PERCENT


def _decimals(values: Sequence[float]) -> int:
    """The most decimals any of them is written with: fractions among percents have two more."""
    return max(len(repr(v).partition(".")[2].removesuffix("0")) for v in values)
