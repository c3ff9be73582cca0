"""What the benchmarks compare is the same: each figure, by this project, by SQL by hand and by plain pandas."""

from __future__ import annotations

import importlib
import sys

import numpy as np
import pandas as pd
import pytest
from test_engines import SPARK, needs_spark

from mktanalytics import store


@pytest.fixture(scope="module")
def figures(root):
    sys.path.insert(0, str(root / "benchmarks"))
    try:
        yield importlib.import_module("figures")
    finally:
        sys.path.remove(str(root / "benchmarks"))


@pytest.fixture(scope="module")
def folder(figures, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    importlib.import_module("lines").write_lines(folder, 1_000_000)  # fewer would leave cells without a line
    return folder


NAMES = ["share", "budget", "kpi", "inputs", "customers"]


@pytest.mark.parametrize("name", NAMES)
def test_every_way_gives_one_figure(name, figures, folder):
    by_sql = figures.numbers(getattr(figures, f"{name}_sql")(folder))
    assert len(by_sql) >= 7
    for way in figures.WAYS:
        got = figures.numbers(figures.found_by(way, name, folder))
        np.testing.assert_allclose(got, by_sql, rtol=1e-9, atol=1e-9)


@needs_spark
@pytest.mark.parametrize("name", NAMES)
def test_spark_gives_the_figure_that_duckdb_gives(name, figures, folder, tmp_path, monkeypatch):
    by_duckdb = getattr(figures, f"{name}_project")(folder)
    (tmp_path / "mktanalytics.toml").write_text(f'engine = "{SPARK}"\n', "utf-8")
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(tmp_path / "mktanalytics.toml"))
    by_spark = getattr(figures, f"{name}_project")(folder)
    pd.testing.assert_frame_equal(by_spark, by_duckdb, rtol=1e-9)


def test_the_invented_workbooks_are_cleaned_and_read_by_hand_alike(figures, tmp_path, monkeypatch):
    from mktanalytics.ingest.folder import clean_folder
    from mktanalytics.settings import Settings

    importlib.import_module("workbooks").write_small(tmp_path / "raw", 3)
    importlib.import_module("workbooks").write_large(tmp_path / "raw" / "销售明细.xlsx", 200)
    clean_folder(tmp_path / "raw", tmp_path / "processed", Settings())
    by_hand = importlib.import_module("pandas_script").read
    lines = pd.concat([by_hand(p) for p in sorted((tmp_path / "raw").glob("*.xlsx"))])
    tidy = store.load("sales", processed=tmp_path / "processed")
    assert len(tidy) == len(lines) == 380
    assert tidy["amount"].sum() == pytest.approx(lines["金额"].astype(float).sum(), rel=1e-12)
    assert tidy["units"].sum() == pytest.approx(lines["数量"].astype(float).sum(), rel=1e-12)
