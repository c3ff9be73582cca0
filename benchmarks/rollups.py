"""Measure every figure of figures.py in every way on more and more lines, and write it into results.md.

BENCH_ROWS=1000000,10000000 are the sizes, BENCH_FOLDER where the invented lines are kept, BENCH_REPEATS how often each is run.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from figures import FIGURES, WAYS
from lines import write_lines
from processes import HERE, machine, measured, write_section

SIZES = [int(s) for s in os.environ.get("BENCH_ROWS", "1000000,10000000").split(",")]
FOLDER = Path(os.environ.get("BENCH_FOLDER", Path(tempfile.gettempdir()) / "mktanalytics-bench"))
REPEATS = int(os.environ.get("BENCH_REPEATS", "3"))
PANDAS_UP_TO = 10_000_000  # it needs more memory than the machine has beyond
BOUND = "2GB"  # what engine_memory is set to in the last column of the distinct counts


HEAD = (
    "| figure | this project, whole process | its rollup | SQL by hand, whole process | SQL alone | rollup / SQL, processor time | "
    "plain pandas, whole process | pandas / project | MB: project | SQL | pandas |\n" + "|---|" + "---:|" * 10
)
TEXT = (
    "in seconds, each a process of its own from Parquet to a pandas frame. The project's whole process imports pandas, Narwhals "
    "and the metrics, and its figures carry status, denominator and note for every row, which the other two don't have; `its rollup` "
    "and `SQL alone` are what grows with the lines, without imports and without that tail; they are compared by processor time, which others on "
    "the machine disturb least. All were compared and agree to 1e-9."
)


def main() -> None:
    """All sizes, all figures, all ways, interleaved so that a busy moment meets each alike."""
    for rows in SIZES:
        lines = measure(rows)
        runs = f"Medians of {REPEATS} runs" if REPEATS > 1 else "One run each"
        write_section(
            f"Figures from {rows:,} sales lines", "\n".join([f"{machine()} {runs}, {TEXT}", "", HEAD, *lines])
        )


def measure(rows: int) -> list[str]:
    """One line of the results a figure."""
    folder = FOLDER / f"lines-{rows}"
    write_lines(folder, rows)
    ways = [w for w in WAYS if w != "pandas" or rows <= PANDAS_UP_TO]
    return [line(figure, folder, ways) for figure in FIGURES] + [bounded(folder)]


def line(figure: str, folder: Path, ways: list[str]) -> str:
    """A figure in every way."""
    runs: dict[str, list[tuple[float, float, dict[str, Any]]]] = {w: [] for w in ways}
    for _ in range(REPEATS):
        for way in ways:
            got = measured(HERE / "figures.py", figure, way, folder)
            runs[way].append((got.seconds, got.memory, json.loads(got.output)))
    for way in ways:
        np.testing.assert_allclose(
            np.array(runs[way][0][2]["values"], dtype="float64"),
            runs["sql"][0][2]["values"],
            rtol=1e-9,
            atol=1e-9,
        )
    whole = {w: median(r[0] for r in runs[w]) for w in ways}
    memory = {w: median(r[1] for r in runs[w]) for w in ways}
    cpu = {w: median(r[2]["cpu"] for r in runs[w]) for w in ways}
    rollup = median(r[2]["seconds"] for r in runs["project"])
    sql = median(r[2]["seconds"] for r in runs["sql"])
    slow = ("–", "–", "–")
    if "pandas" in ways:
        slow = (
            f"{whole['pandas']:.2f}",
            f"{whole['pandas'] / whole['project']:.1f}",
            f"{memory['pandas']:.0f}",
        )
    return (
        f"| {figure} | {whole['project']:.2f} | {rollup:.2f} | {whole['sql']:.2f} | {sql:.2f} | {cpu['project'] / cpu['sql']:.2f} | "
        f"{slow[0]} | {slow[1]} | {memory['project']:.0f} | {memory['sql']:.0f} | {slow[2]} |"
    )


def bounded(folder: Path) -> str:
    """Distinct counts with the memory bounded."""
    file = FOLDER / "bounded.toml"
    file.write_text(f'engine_memory = "{BOUND}"\n', "utf-8")
    got = measured(HERE / "figures.py", "customers", "project", folder, MKTANALYTICS_SETTINGS=str(file))
    rollup = json.loads(got.output)["seconds"]
    return f"| customers, engine_memory {BOUND} | {got.seconds:.2f} | {rollup:.2f} | | | | | | {got.memory:.0f} | | |"


if __name__ == "__main__":
    main()
