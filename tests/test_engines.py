"""The same rollup on a distributed engine gives the same figures."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pandas as pd
import pytest
from test_store import EMPTY, sales

from mktanalytics import store

needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="PySpark or Java is not on this machine (make test EXTRAS=spark)",
)
CALLS = [
    {"by": ["month", "region"], "measures": ["amount", "units"]},
    {"by": ["region"], "measures": ["amount"], "where": {"month": ("2026-10-01", "2026-12-01")}},
    {"by": ["region", "source_sheet"], "measures": ["amount"], "where": {"region": ["华东", "华南"]}},
    {"by": [], "measures": ["amount"], "where": {"month": "2026-09-01"}},
    {
        "by": ["month"],
        "measures": ["amount"],
        "distinct": ["region", "brand"],
        "apart": ["amount"],
        "last": ["month"],
    },
]


@needs_spark
def test_spark_gives_what_duckdb_gives(tmp_path):
    store.write({"sales": sales(2000)}, EMPTY, EMPTY, {}, tmp_path / "p")
    for call in CALLS:
        by_duckdb = store.rollup("sales", **call, processed=tmp_path / "p")
        by_spark = store.rollup("sales", **call, processed=tmp_path / "p", engine="spark:local[2]")
        pd.testing.assert_frame_equal(by_spark, by_duckdb, rtol=1e-9)
