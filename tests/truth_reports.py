"""Reports published from the truth itself, once a test run, whichever process asks first."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock
from recompute.report import Report, read_report
from recompute.rows import truth

from mktanalytics import store
from mktanalytics.ingest.frames import issues_frame
from mktanalytics.ingest.ledger import COLUMNS
from mktanalytics.publish.run import publish
from mktanalytics.schema import Table
from mktanalytics.tables import all_tables

ROOT = Path(__file__).parents[1]
EDITIONS = (("2026-10", "zh"), ("2026-03", "zh"), ("2026-10", "en"))


def published(factory: pytest.TempPathFactory, name: str, month: str, language: str) -> Report:
    """The report as its readers get it; processes of one run share it."""
    base = factory.getbasetemp()
    base = base.parent if base.name.startswith("popen-") else base  # pytest-xdist gives each process its own
    folder = base / "truth-reports"
    stem = name if language == "zh" else f"{name}-{language}"
    file = folder / "reports" / month / f"{stem}.ipynb"
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "store.lock"):
        if not (folder / "processed").is_dir():
            write_truth(folder / "processed")
    with FileLock(folder / f"{stem}-{month}.lock"), pytest.MonkeyPatch.context() as patch:
        if not file.is_file():
            patch.setenv("MKTANALYTICS_SETTINGS", str(ROOT / "examples" / "mktanalytics.toml"))
            publish(
                name, month=month, language=language, notebooks=ROOT / "notebooks",
                processed=folder / "processed", reports=folder / "reports",
            )  # fmt: skip
    return read_report(file, month, language)


def write_truth(processed: Path) -> None:
    """The truth as a store of tidy tables, with a ledger that has nothing to tell."""
    ledger = pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    tables = {name: _tidy(table) for name, table in all_tables().items()}
    store.write(tables, ledger, issues_frame([]), {"inputs": [], "sample": True}, processed)


def _tidy(table: Table) -> pd.DataFrame:
    frame = pd.DataFrame(truth(table.name), dtype="str")
    for name in (*table.names, "source_row"):
        given = frame[name].where(frame[name] != "")
        kind = "number" if name == "source_row" else table.column(name).kind
        if kind in ("date", "month"):
            given = pd.to_datetime(given).astype("datetime64[us]")
        elif kind == "flag":
            given = given.map({"True": True, "False": False}).astype("boolean")
        elif kind not in ("text", "code", "category"):
            given = pd.Series([float(v) if isinstance(v, str) else None for v in given], dtype="float64")
        frame[name] = given
    return frame.astype({"source_row": "int64"})
