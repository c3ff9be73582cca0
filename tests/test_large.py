"""Sales too large for pandas are summed by the engine first, and every report says the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import duckdb
import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from test_engines import SPARK, needs_spark
from truth_reports import write_truth

from mktanalytics import engines, store
from mktanalytics.display.blocks import MIME
from mktanalytics.errors import NotPublishedError, TableError
from mktanalytics.metrics.budget.budget_lines import line_vouchers
from mktanalytics.metrics.currency import one_currency
from mktanalytics.metrics.survey.satisfaction import net_promoter_score, satisfaction
from mktanalytics.publish import large
from mktanalytics.publish.large import SPEND_CUTS, report_table, rows_behind

REPORTS = ["budget_execution", "kpi", "market_share"]


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


@pytest.fixture
def everything_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each table that the engine can make smaller is taken for one of a milliard rows."""
    count = store.row_count
    made_small = {"sales", "spend", "survey", "competitor_prices"}
    monkeypatch.setattr(store, "row_count", lambda name: 10**9 if name in made_small else count(name))


MONTH = pd.Timestamp("2026-10-01")


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_from_sums_says_what_a_report_from_lines_says(name, root, request):
    notebook = root / "notebooks" / f"{name}.ipynb"
    from_lines = shown(notebook)
    request.getfixturevalue("everything_large")
    from_sums = shown(notebook)
    assert len(from_lines) == len(from_sums) > 5
    assert differences(from_lines, from_sums) == []


@needs_spark
@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_summed_by_spark_says_what_one_summed_by_duckdb_says(
    name, root, tmp_path, monkeypatch, everything_large
):
    notebook = root / "notebooks" / f"{name}.ipynb"
    by_duckdb = shown(notebook)
    settings, asked = tmp_path / "mktanalytics.toml", []
    settings.write_text(
        f'engine = "{SPARK}"\n' + (root / "examples" / "mktanalytics.toml").read_text("utf-8"), "utf-8"
    )
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(settings))
    opened = engines.open_file
    monkeypatch.setattr(
        engines, "open_file", lambda path, *by: asked.append((path.stem, by[0])) or opened(path, *by)
    )
    by_spark = shown(notebook)
    assert (("spend" if name == "budget_execution" else "sales"), SPARK) in asked
    assert differences(by_duckdb, by_spark) == []


@pytest.mark.parametrize(("name", "by"), [("sales", ["region", "brand"]), ("spend", SPEND_CUTS)])
def test_returns_blanks_and_rows_without_a_day_are_told_apart_in_the_sums(name, by, request):
    lines = report_table(name, MONTH, by=by)
    request.getfixturevalue("everything_large")
    sums = report_table(name, MONTH, by=by)
    assert sums["rows"].sum() == len(lines) > len(sums)
    for column in store.table(name).additive:
        assert math.isclose(sums[column].sum(), lines[column].sum(), rel_tol=1e-12)
        below = [frame.loc[frame[column] < 0, column].sum() for frame in (lines, sums)]
        assert math.isclose(*below, rel_tol=1e-12)
        assert sums.loc[sums[column].isna(), "rows"].sum() == lines[column].isna().sum()
    assert sums.loc[sums["date"].isna(), "rows"].sum() == lines["date"].isna().sum()
    assert sums["date"].max() == lines["date"].max()


def test_only_the_questions_and_prices_a_report_reads_are_loaded(everything_large):
    asked = report_table("survey", MONTH)
    every = store.load("survey")
    assert 0 < len(asked) < len(every)
    for of in (satisfaction, net_promoter_score):
        pd.testing.assert_frame_equal(of(asked, by=["month"]), of(every, by=["month"]))
    assert report_table("competitor_prices", MONTH)["date"].min() >= pd.Timestamp("2026-08-01")


def test_a_report_of_some_regions_sums_only_these(everything_large):
    region = store.load("sales")["region"].dropna().iloc[0]
    sums = report_table("sales", MONTH, by=["brand"], regions=[region])
    lines = store.load("sales", where={"region": [region]})
    assert sums["rows"].sum() == len(lines) > 0
    assert set(sums["region"]) == {region}


def test_the_rows_behind_a_sum_are_read_again(everything_large, monkeypatch):
    lines = store.load("spend")
    lines = lines[lines["month"].between("2026-01-01", MONTH)]
    keys = lines[["department", "category"]].dropna().drop_duplicates().head(2).reset_index(drop=True)
    sums = report_table("spend", MONTH, by=SPEND_CUTS)
    behind = rows_behind("spend", sums, keys, MONTH)
    key = ["source_file", "source_sheet", "source_row"]
    expected, got = (line_vouchers(rows, keys, month=MONTH) for rows in (lines, behind))
    pd.testing.assert_frame_equal(got[key], expected[key])
    none_of = rows_behind("spend", sums[sums["department"] != keys.loc[0, "department"]], keys, MONTH)
    assert keys.loc[0, "department"] not in set(none_of["department"])
    monkeypatch.setattr(large, "MOST_ROWS", 1)
    assert rows_behind("spend", sums, keys, MONTH) is None


@pytest.mark.parametrize("name", ["market", "sales", "survey"])
def test_a_table_that_stays_large_is_refused(name, monkeypatch, english):
    monkeypatch.setattr(large, "MOST_ROWS", 3)
    rows = f"{store.row_count(name):,}"
    with pytest.raises(
        NotPublishedError, match=rf"too large to compute in memory; found {rows} rows; .*at most 3 rows"
    ):
        report_table(name, MONTH, by=["region"] if name == "sales" else ())


def test_sums_of_another_state_of_the_table_are_refused(everything_large, tmp_path, monkeypatch, english):
    with duckdb.connect(str(tmp_path / "w.ddb")) as file:
        source = store.processed_dir() / "sales.parquet"
        file.execute(f"CREATE TABLE sales AS FROM '{source}' OFFSET 1")
    settings = tmp_path / "mktanalytics.toml"
    settings.write_text(f'engine = "duckdb://{tmp_path}/w.ddb"\n', "utf-8")
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(settings))
    with pytest.raises(TableError, match="is not the one cleaned last"):
        report_table("sales", MONTH, by=["region"])


def test_rows_left_out_for_their_currency_are_counted_through_their_sums():
    sums = pd.DataFrame({"currency": ["CNY", "USD"], "amount": [5.0, 7.0], "rows": [10, 20]})
    kept, left, currency = one_currency({"sales": sums}, preferred="EUR")
    assert (currency, left.to_numpy().tolist()) == ("USD", [["sales", "CNY", 10, 5.0]])
    assert len(kept["sales"]) == 1
