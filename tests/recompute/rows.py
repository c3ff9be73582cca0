"""The truth as dictionaries, and months as text."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TRUTH = Path(__file__).parents[2] / "examples" / "truth"
OWN = ("岚溪", "橙序", "谷屿")
Row = dict[str, str]


@cache
def truth(name: str) -> list[Row]:
    """The rows of one truth file."""
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shift(month: str, by: int) -> str:
    """2026-03 shifted by -12 is 2025-03."""
    count = int(month[:4]) * 12 + int(month[5:7]) - 1 + by
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def months(month: str, scope: str) -> list[str]:
    """The month alone, or January to it."""
    if scope == "month":
        return [month]
    return [f"{month[:4]}-{m:02d}" for m in range(1, int(month[5:7]) + 1)]


def in_months(row: Row, wanted: list[str]) -> bool:
    return row["month"][:7] in wanted


def ratio(top: float | None, bottom: float | None) -> float | None:
    """None where a side is missing or the base is not above zero."""
    return top / bottom if top is not None and bottom is not None and bottom > 0 else None


def minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b
