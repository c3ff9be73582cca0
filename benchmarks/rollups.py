"""Measure every figure of figures.py in every way on more and more lines, and write it into results.md.

BENCH_ROWS=1000000,10000000 are the sizes, BENCH_FOLDER where the invented lines are kept, BENCH_REPEATS how often each is run.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from figures import FIGURES, WAYS
from lines import write_lines
from processes import HERE, RESULTS, Run, machine, measured, write_section

SIZES = [int(s) for s in os.environ.get("BENCH_ROWS", "1000000,10000000").split(",")]
FOLDER = Path(os.environ.get("BENCH_FOLDER", Path(tempfile.gettempdir()) / "mktanalytics-bench"))
REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
PANDAS_UP_TO = 10_000_000  # it needs more memory than the machine has beyond
AGAIN_UP_TO = 1_000_000  # beyond, imports and connections hardly count
BOUND = "2GB"  # what engine_memory is set to in the last column of the distinct counts


HEAD = (
    "| figure | whole process: this project | SQL by hand | plain pandas | pandas / project | its rollup | SQL alone | rollup / SQL | "
    "pandas alone | pandas / rollup | MB: project | SQL | pandas | categories alone | categories / rollup | MB: categories |\n"
    "|---|" + "---:|" * 15
)
TEXT = (
    "in processor seconds, which others on the machine disturb least (in brackets: by the clock). The whole process goes from nothing "
    "to a pandas frame; the project's imports pandas, Narwhals and the metrics (`kpi` those of surveys too), and its figures carry "
    "status, denominator and note for every row, which the others don't have. `its rollup` is what grows with the lines, `SQL alone` "
    "and `pandas alone` the whole figure; all without imports and each the first in its process, though some 10 ms of ours are parts "
    "of Narwhals that are imported only then. All ways were compared and agree to 1e-9; each reference reads the columns and months "
    "its figures need and no others. `categories` is pandas that is told which columns are texts of a few words (`read_dictionary`). "
    "The lines lie in no order of months, so that no part of the file can be skipped. `inputs` is what the KPI report takes of more "
    "than a million sales lines; `customers` counts different customers, which no report does."
)
NO_PANDAS = "Pandas is not run: it takes ten times the memory of 10,000,000 lines, for `inputs` more than this machine can give."


def main() -> None:
    """All sizes, all figures, all ways, interleaved so that a busy moment meets each alike."""
    for rows in SIZES:
        folder, repeats = FOLDER / f"lines-{rows}", REPEATS if rows <= PANDAS_UP_TO else 1
        write_lines(folder, rows)
        ways = [w for w in WAYS if w in ("project", "sql") or rows <= PANDAS_UP_TO]
        costs = {figure: measure(figure, folder, ways, repeats) for figure in FIGURES}
        lines = [HEAD, *(line(figure, costs[figure]) for figure in FIGURES), bounded(folder)]
        runs = f"Medians of {repeats} runs" if repeats > 1 else "One run each"
        told = f"{machine()} {runs}, {TEXT}" + ("" if "pandas" in ways else f" {NO_PANDAS}")
        write_section(f"Figures from {rows:,} sales lines", "\n".join([told, "", *lines]))
        if rows <= AGAIN_UP_TO:
            again = f"Rollups of {rows:,} sales lines again in one process"
            write_section(again, repeated(folder))
    write_section("Growth", growth(RESULTS.read_text("utf-8")))


@dataclass(frozen=True)
class Cost:
    """What a figure takes one way: medians of several runs."""

    clock: float
    cpu: float
    rollup: float  # processor seconds of what grows with the lines
    memory: float


def measure(figure: str, folder: Path, ways: list[str], repeats: int) -> dict[str, Cost]:
    """A figure in every way, the values compared."""
    runs: dict[str, list[tuple[Run, dict[str, Any]]]] = {w: [] for w in ways}
    for _ in range(repeats):
        for way in ways:
            got = measured(HERE / "figures.py", figure, way, folder)
            runs[way].append((got, json.loads(got.output)))
    expected = np.array(runs["sql"][0][1]["values"], dtype="float64")
    for way in ways:
        values = np.array(runs[way][0][1]["values"], dtype="float64")
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-9)
    return {
        way: Cost(
            median(r.seconds for r, _ in each),
            median(r.cpu for r, _ in each),
            median(found["cpu"] for _, found in each),
            median(r.memory for r, _ in each),
        )
        for way, each in runs.items()
    }


def line(figure: str, costs: dict[str, Cost]) -> str:
    """One line of the results."""
    ours, sql, pandas, told = costs["project"], costs["sql"], costs.get("pandas"), costs.get("categories")
    whole = [f"{c.cpu:.2f} ({c.clock:.1f})" if c else "–" for c in (ours, sql, pandas)]
    faster = f"{pandas.cpu / ours.cpu:.1f} ({pandas.clock / ours.clock:.1f})" if pandas else "–"
    ratio = f"{ours.rollup:.2f} | {sql.rollup:.2f} | {ours.rollup / sql.rollup:.2f}"
    alone = f"{pandas.rollup:.2f} | {pandas.rollup / ours.rollup:.1f}" if pandas else "– | –"
    memory = [f"{c.memory:.0f}" if c else "–" for c in (ours, sql, pandas)]
    texts = (
        f"{told.rollup:.2f} | {told.rollup / ours.rollup:.1f} | {told.memory:.0f}" if told else "– | – | –"
    )
    return (
        f"| {figure} | {' | '.join(whole)} | {faster} | {ratio} | {alone} | {' | '.join(memory)} | {texts} |"
    )


def repeated(folder: Path) -> str:
    """Rollup against SQL where the imports and the connection are there already, as in a notebook."""
    lines = []
    for figure in FIGURES:
        found = json.loads(measured(HERE / "figures.py", figure, "again", folder).output)
        ours, sql = found["project"], found["sql"]
        lines.append(f"| {figure} | {ours:.3f} | {sql:.3f} | {ours / sql:.2f} |")
    told = f"{machine()} Processor seconds, medians of six after the first, in turn."
    return "\n".join(
        [told, "", "| figure | its rollup | SQL alone | rollup / SQL |\n|---|---:|---:|---:|", *lines]
    )


def growth(results: str) -> str:
    """Processor seconds of the rollups per million lines, by all that was measured: level where cost grows with the lines."""
    head = f"| sales lines | {' | '.join(FIGURES)} |\n|---:|" + "---:|" * len(FIGURES)
    lines = []
    for title, section in re.findall(
        r"^## Figures from ([\d,]+) sales lines$(.*?)(?=^## |\Z)", results, re.M | re.S
    ):
        cells = [row.split(" | ") for row in section.splitlines()]
        seconds = {row[0].strip("| "): float(row[5]) for row in cells if row[0].strip("| ") in FIGURES}
        each = (f"{seconds[f] / int(title.replace(',', '')) * 1e6:.3f}" for f in FIGURES)
        lines.append(f"| {title} | {' | '.join(each)} |")
    told = "Processor seconds of the rollups for each million lines, from the tables above: level where the cost grows with the lines."
    return "\n".join([told, "", head, *lines])


def bounded(folder: Path) -> str:
    """Distinct counts with the memory bounded."""
    file = FOLDER / "bounded.toml"
    file.write_text(f'engine_memory = "{BOUND}"\n', "utf-8")
    got = measured(HERE / "figures.py", "customers", "project", folder, MKTANALYTICS_SETTINGS=str(file))
    rollup = json.loads(got.output)["cpu"]
    return f"| customers, engine_memory {BOUND} | {got.cpu:.2f} ({got.seconds:.1f}) | | | | {rollup:.2f} | | | | | {got.memory:.0f} | | | | | |"


if __name__ == "__main__":
    main()
