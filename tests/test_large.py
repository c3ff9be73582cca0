"""Sales too large for pandas are summed by the engine first, and every report says the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from truth_reports import write_truth

from mktanalytics import store
from mktanalytics.display.blocks import MIME
from mktanalytics.publish import large
from mktanalytics.publish.inputs import report_inputs


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "processed"
    write_truth(folder)
    return folder


@pytest.fixture(autouse=True)
def environment(processed: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MKTANALYTICS_PROCESSED", str(processed))
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(root / "examples" / "mktanalytics.toml"))


def shown(notebook: Path) -> list[Any]:
    """What a report's notebook shows, run in this very process."""
    shell = InteractiveShell.instance()
    found = []
    try:
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code":
                with capture_output() as captured:
                    shell.run_cell(cell.source).raise_error()
                found += [o.data[MIME] for o in captured.outputs if MIME in o.data]
    finally:
        InteractiveShell.clear_instance()
    return found


def differences(a: Any, b: Any, where: str = "") -> list[str]:
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        # the n of a sum's record is how many rows it was made of, which no report prints
        return [d for k in a if k != "n" for d in differences(a[k], b[k], f"{where}.{k}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i in range(len(a)) for d in differences(a[i], b[i], f"{where}[{i}]")]
    if isinstance(a, float) and isinstance(b, float):
        return [] if math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) else [f"{where}: {a} ≠ {b}"]
    return [] if a == b else [f"{where}: {str(a)[:80]} ≠ {str(b)[:80]}"]


@pytest.mark.parametrize("name", ["budget_execution", "kpi", "market_share"])
def test_a_report_from_sums_says_what_a_report_from_lines_says(name, root, monkeypatch):
    notebook = root / "notebooks" / f"{name}.ipynb"
    from_lines = shown(notebook)
    monkeypatch.setattr(large, "MOST_ROWS", 100)
    assert len(large.report_table("sales")) < store.row_count("sales")
    from_sums = shown(notebook)
    assert len(from_lines) == len(from_sums) > 5
    assert differences(from_lines, from_sums) == []


def test_returns_and_lines_without_units_are_told_apart_in_the_sums(monkeypatch):
    lines = large.report_table("sales")
    monkeypatch.setattr(large, "MOST_ROWS", 100)
    sums = large.report_table("sales")
    for column in large.SALES_SUMS:
        assert math.isclose(sums[column].sum(), lines[column].sum(), rel_tol=1e-12)
        below = [frame.loc[frame["units"] < 0, column].sum() for frame in (lines, sums)]
        assert math.isclose(*below, rel_tol=1e-12)
        assert sums[column].isna().any() == lines[column].isna().any()
    assert sums["date"].max() == lines["date"].max()


def test_a_table_that_stays_large_is_told_on_the_last_page(monkeypatch):
    given = report_inputs("2026-10", "zh", need=["market"], use=["sales"])
    assert "超过" not in str([vars(b) for b in given.quality()])
    monkeypatch.setattr("mktanalytics.publish.inputs.MOST_ROWS", 100)
    assert f"市场数据 {len(given['market']):,} 行" in str([vars(b) for b in given.quality()])
