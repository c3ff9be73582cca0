"""Measure `mktanalytics clean` against a bare read of the cells and a script by hand, and write it into results.md.

BENCH_SHEET_ROWS=100000,1000000 are the sizes of the large sheet, BENCH_FOLDER where the invented workbooks are kept.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from processes import HERE, machine, measured, write_section
from workbooks import write_large, write_small

from mktanalytics import store

SIZES = [int(s) for s in os.environ.get("BENCH_SHEET_ROWS", "100000,1000000").split(",")]
FOLDER = Path(os.environ.get("BENCH_FOLDER", Path(tempfile.gettempdir()) / "mktanalytics-bench"))
SMALL = 200


def main() -> None:
    """Each set of workbooks once, in three ways."""
    small = FOLDER / f"small-{SMALL}"
    if not small.is_dir():
        write_small(small, SMALL)
    lines = [measure(f"{SMALL} small messy workbooks", small)]
    for rows in SIZES:
        folder = FOLDER / f"large-{rows}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "销售明细.xlsx"
        if not path.is_file():
            write_large(path, rows)
        lines.append(measure(f"one sheet of {rows:,} × 12", folder))
    head = (
        "| workbooks | clean | bare read | by hand | clean / bare | clean / by hand | MB: clean | bare | by hand | rows: clean | by hand |\n"
        + "|---|" + "---:|" * 10
    )  # fmt: skip
    text = (
        f"{machine()} One run each, in seconds, whole processes. `clean` recognises tables, checks, traces and writes the ledger; `bare read` "
        "is calamine giving every cell as a Python object; `by hand` is pandas_script.py, which knows the layout and checks nothing.\n\n"
    )
    write_section("Workbooks", text + "\n".join([head, *lines]))


def measure(name: str, folder: Path) -> str:
    """A folder of workbooks, three times."""
    with tempfile.TemporaryDirectory() as beside:
        out = Path(beside)
        clean = measured(
            "-m", "mktanalytics", "clean", "--raw", folder, "--processed", out / "processed",
            MKTANALYTICS_SETTINGS=os.devnull,
        )  # fmt: skip
        rows = store.row_count("sales", processed=out / "processed")
        bare = measured(HERE / "bare_read.py", folder)
        hand = measured(HERE / "pandas_script.py", folder, out / "hand.parquet")
    return (
        f"| {name} | {clean.seconds:.1f} | {bare.seconds:.1f} | {hand.seconds:.1f} | {clean.seconds / bare.seconds:.1f} | "
        f"{clean.seconds / hand.seconds:.1f} | {clean.memory:.0f} | {bare.memory:.0f} | {hand.memory:.0f} | {rows} | {hand.output.split()[0]} |"
    )


if __name__ == "__main__":
    main()
