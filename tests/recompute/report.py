"""What a published notebook shows: its blocks, the cells of its tables, and the words of its charts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

BLOCK = "application/vnd.mktanalytics.block+json"
SCALES = {
    "%": "0.01", "百分点": "0.01", "pp": "0.01", "万元": "1e4", "亿元": "1e8", "CNY k": "1e3", "CNY m": "1e6",
    "CNY bn": "1e9", "CNY": "1",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?%?")


@dataclass(frozen=True)
class Report:
    """One published report and the month and language it was made for."""

    blocks: list[dict[str, Any]]
    month: str
    language: str

    def either(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [b for b in self.blocks if b["type"] == kind]

    def tables(self, *keys: str) -> list[dict[str, Any]]:
        """The tables with just these columns."""
        return [t for t in self.of("table") if {c["key"] for c in t["columns"]} == set(keys)]

    def chart(self, zh: str, en: str) -> dict[str, Any]:
        """The one chart whose caption begins so."""
        found = [c for c in self.of("chart") if c["caption"].startswith(self.either(zh, en))]
        assert len(found) == 1, [c["caption"] for c in self.of("chart")]
        return found[0]


def read_report(path: Path, month: str, language: str) -> Report:
    """The blocks of an executed notebook; nothing but blocks may be in it."""
    blocks = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            assert BLOCK in output.get("data", {}), str(output)[:300]
            blocks.append(output["data"][BLOCK])
    return Report(blocks, month, language)


Cells = dict[str, dict[str, Any]]  # column key -> cell


def rows_of(table: dict[str, Any], *by: str) -> dict[tuple[str, ...], Cells]:
    """The rows of a table by the texts of its key columns, in their order."""
    keys = [c["key"] for c in table["columns"]]
    rows: dict[tuple[str, ...], Cells] = {}
    for row in table["rows"]:
        cells = dict(zip(keys, row["cells"], strict=True))
        name = tuple(cells[k]["text"] for k in by)
        assert name not in rows, name
        rows[name] = cells
    return rows


def subject_tables(report: Report) -> list[dict[str, Any]]:
    """The tables of the report's subject: all but those of its data-quality page."""
    return [t for t in report.of("table") if not {"rows_in", "severity"} & {c["key"] for c in t["columns"]}]


def value_of(cell: dict[str, Any]) -> float | None:
    record = cell["record"]
    if record is None:
        assert cell["text"] == "—", cell
        return None
    if record["value"] is None:
        assert record["status"] not in ("ok", "clamped"), record
    value: float | None = record["value"]
    return value


def close(found: float | None, expected: float | None, *, scale: float = 0.0) -> bool:
    """Equal to 1e-9 of the value, or to the last digits of the numbers (`scale`) it is a difference of."""
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-13 * scale + 1e-15)


def differences(
    table: dict[str, Any],
    by: tuple[str, ...],
    expected: Mapping[tuple[str, ...], Mapping[str, float | None]],
    *,
    scale: float = 0.0,
) -> list[str]:
    """Every cell that differs, every numeric column nobody expected, every row too many or too few."""
    rows = rows_of(table, *by)
    wrong = [f"rows {set(rows) ^ set(expected)}"] if set(rows) != set(expected) else []
    numeric = {c["key"] for c in table["columns"] if c["numeric"]}
    for name, cells in rows.items():
        want = expected.get(name, {})
        if numeric != set(want):
            wrong.append(f"{name}: columns {numeric ^ set(want)}")
        for key in numeric & set(want):
            found = value_of(cells[key])
            if not close(found, want[key], scale=scale):
                wrong.append(f"{name} {key}: report {found!r}, recomputed {want[key]!r}")
    return wrong


def unprinted(table: dict[str, Any]) -> list[str]:
    """Cells whose text is not their value in the unit of their header, rounded half up."""
    wrong = []
    for row in table["rows"]:
        for head, cell in zip(table["columns"], row["cells"], strict=True):
            value = cell["record"] and cell["record"]["value"]
            if value is not None and not printed(value, cell["text"].rstrip("*"), head["unit"]):
                wrong.append(f"{head['key']}: {cell['text']} {head['unit']} for {value!r}")
    return wrong


def records(report: Report) -> list[dict[str, Any]]:
    """Every record of the report's headline, cards and tables."""
    found = [r for b in report.of("headline") for r in b["records"]]
    found += [r for b in report.of("cards") for card in b["cards"] for r in card["records"]]
    cells = [c for t in report.of("table") for row in t["rows"] for c in row["cells"]]
    return found + [c["record"] for c in cells if c["record"]]


def not_of_its_parts(record: dict[str, Any]) -> bool:
    """Whether a ratio, difference or index is not what its numerator and denominator make."""
    value, top, bottom, unit = (record[k] for k in ("value", "numerator", "denominator", "unit"))
    if value is None or top is None or bottom is None or unit not in ("fraction", "ratio", "index", "pp"):
        return False
    made = top - bottom if unit == "pp" else top / bottom * (100 if unit == "index" else 1)
    return not close(value, made, scale=1.0)


def printed(value: float, text: str, unit: str = "") -> bool:
    """Whether `text` is `value` rounded half up to the decimals shown, in its own or the header's unit."""
    digits = _NUMBER.search(text)
    if digits is None:
        return False
    number = digits[0].replace(",", "")
    own = next((u for u in SCALES if text.replace(digits[0], "").strip().endswith(u)), "")
    if "CNY" in text:
        own = next((u for u in ("CNY bn", "CNY m", "CNY k") if text.endswith(u[3:])), "CNY")
    step = "%" if number.endswith("%") else own or unit
    shown = Decimal(number.rstrip("%"))
    exact = Decimal(repr(value)) / Decimal(SCALES.get(step, "1"))
    return exact.quantize(shown, rounding=ROUND_HALF_UP) == shown


def drawn(chart: dict[str, Any]) -> list[str]:
    """The words of a chart, in the order they are drawn."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", chart["svg"])


def drawn_lines(chart: dict[str, Any], points: int) -> list[list[tuple[float, float]]]:
    """The paths of a chart that have so many points."""
    paths = re.findall(r' d="(M[^"]*)"', chart["svg"])
    lines = [[(float(x), float(y)) for x, y in re.findall(r"[ML] ([-\d.]+) ([-\d.]+)", p)] for p in paths]
    return [line for line in lines if len(line) == points]


def numbers_in(text: str) -> list[str]:
    """The numbers a sentence says, months and dates left out."""
    return _NUMBER.findall(re.sub(r"\d{4}-\d\d(?:-\d\d)?", "", text))
