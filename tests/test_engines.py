"""The same rollup on a distributed engine gives the same figures."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store import EMPTY, sales

from mktanalytics import aggregate, store
from mktanalytics.errors import SettingsError, TableError

SPARK = "spark:local[2]"
needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="PySpark or Java is not on this machine (make test EXTRAS=spark)",
)
CALLS = [
    {"by": ["month", "region"], "measures": ["amount", "units"]},
    {"by": ["region"], "measures": ["amount"], "where": {"month": ("2026-10-01", "2026-12-01")}},
    {"by": ["region", "source_sheet"], "measures": ["amount"], "where": {"region": ["华东", "华南"]}},
    {"by": [], "measures": ["amount"], "where": {"month": "2026-09-01"}},
    {"by": ["brand"], "measures": ["units"], "where": {"month": ["2026-09-01", "2026-10-01"]}},
    {"by": ["region"], "measures": [], "distinct": ["customer", "brand"]},
    {"by": ["month"], "measures": ["amount"], "apart": ["units", "amount", "date"], "last": ["date", "region"]},
    {"by": ["region", "date"], "measures": ["units"], "distinct": ["customer", "region"], "apart": ["amount"]},
    {"by": [], "measures": ["amount"], "distinct": ["region"], "last": ["month"], "where": {"region": "华北"}},
]  # fmt: skip


def mixed_sales(n: int, seed: int = 0) -> pd.DataFrame:
    """Sales with returns, zeros, blanks in keys and measures, days, customers, and a column of blanks."""
    rng, frame = np.random.default_rng(seed), sales(n, seed)
    frame["units"] = rng.choice([-2.0, 0.0, 1.0, 3.0, np.nan], n)
    frame["amount"] *= rng.choice([-1.0, 0.0, 1.0], n)
    frame["date"] = frame["month"] + pd.to_timedelta(rng.integers(0, 28, n), unit="D")
    frame["date"] = frame["date"].where(rng.random(n) < 0.8)
    frame["customer"] = rng.choice(np.array([*"甲乙丙丁", None], dtype=object), n)
    return frame


@pytest.fixture(scope="module")
def processed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("engines") / "p"
    store.write({"sales": mixed_sales(2000)}, EMPTY, EMPTY, {}, folder)
    return folder


def by_pandas(
    frame: pd.DataFrame, by, measures, *, distinct=(), apart=(), last=(), where=None
) -> pd.DataFrame:
    """What `rollup` is to give, said in pandas."""
    for column, wanted in (where or {}).items():
        span = isinstance(wanted, tuple)
        values = wanted if isinstance(wanted, list) else [wanted]
        is_time = pd.api.types.is_datetime64_any_dtype(frame[column])
        inside = frame[column].isin(pd.to_datetime(values) if is_time else values) if not span else None
        frame = frame[frame[column].between(*wanted) if span else inside]
    signs = {
        f"{c}_sign": np.sign(frame[c]) if frame[c].dtype == "float64" else frame[c].notna().map({True: 1.0})
        for c in apart
    }
    keys = [*by, *signs] or ["_all"]
    rows = frame.assign(**signs, _all=0).groupby(keys, dropna=False)
    parts = {}
    for m in measures:
        parts |= {m: rows[m].sum(min_count=1), f"{m}_n": rows[m].count()}
    parts |= {f"{c}_distinct": rows[c].nunique() for c in distinct}
    parts |= {f"{c}_last": rows[c].max() for c in last}
    out = pd.DataFrame(parts | {"rows": rows.size()}).reset_index()
    return out.drop(columns="_all", errors="ignore")


@pytest.mark.parametrize("call", CALLS[:-1], ids=str)
def test_a_rollup_is_what_pandas_gives(call, processed):
    got = store.rollup("sales", **call, processed=processed)
    expected = by_pandas(store.load("sales", processed=processed), **call)
    pd.testing.assert_frame_equal(got, expected[list(got)], rtol=1e-9, check_dtype=False)


@needs_spark
@pytest.mark.parametrize("call", CALLS, ids=str)
def test_spark_gives_what_duckdb_gives(call, processed):
    by_duckdb = store.rollup("sales", **call, processed=processed)
    by_spark = store.rollup("sales", **call, processed=processed, engine=SPARK)
    pd.testing.assert_frame_equal(by_spark, by_duckdb, rtol=1e-9)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_warehouse_gives_what_the_files_give(call, processed, tmp_path):
    with duckdb.connect(str(tmp_path / "w.ddb")) as file:
        file.execute(f"CREATE TABLE sales AS FROM '{processed}/sales.parquet'")
    got = store.rollup("sales", **call, engine=f"duckdb://{tmp_path}/w.ddb")
    pd.testing.assert_frame_equal(got, store.rollup("sales", **call, processed=processed), rtol=1e-9)


def test_a_warehouse_filled_anew_between_two_queries_is_told(processed, monkeypatch, english):
    warehouse = duckdb.connect()
    warehouse.execute(f"CREATE TABLE sales AS FROM '{processed}/sales.parquet'")
    collected = aggregate._collected

    def then_filled_anew(result):
        small = collected(result)
        warehouse.execute("DELETE FROM sales WHERE source_row % 2 = 0")
        return small

    monkeypatch.setattr(aggregate, "_collected", then_filled_anew)
    sales = nw.from_native(warehouse.table("sales"))
    with pytest.raises(TableError, match="changed while it was counted"):
        aggregate.aggregate(sales, ["region"], [], {}, distinct=["customer"])


def test_a_warehouse_without_the_table_is_told(tmp_path, english):
    duckdb.connect(str(tmp_path / "w.ddb")).execute("CREATE TABLE orders AS SELECT 1").close()
    with pytest.raises(TableError, match=r"no table sales; found orders\. → publish the tidy table"):
        store.rollup("sales", by=[], measures=["amount"], engine=f"duckdb://{tmp_path}/w.ddb")


@pytest.mark.parametrize(
    ("engine", "said"),
    [
        ("duckdb:///nowhere/at/all.ddb", "duckdb:///nowhere/at/all.ddb can't answer"),
        ("oracel://anna:geheim@warehouse/sales", "oracel|Ibis"),
        ("trino://anna:geheim@nowhere.invalid/sales", r"ibis-framework\[trino\]|can't answer"),
    ],
)
def test_a_bad_connection_is_told_without_its_password(engine, said, english):
    with pytest.raises(SettingsError, match=said) as error:
        store.rollup("sales", by=[], measures=["amount"], engine=engine)
    assert "geheim" not in str(error.value)
    assert "\n" not in str(error.value)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 60))
def test_any_sales_are_rolled_up_as_pandas_would(tmp_path_factory, seed, n):
    folder = tmp_path_factory.mktemp("any") / "p"
    store.write({"sales": mixed_sales(n, seed)}, EMPTY, EMPTY, {}, folder)
    call = {
        "by": ["region"],
        "measures": ["amount", "units"],
        "distinct": ["customer"],
        "apart": ["amount", "date"],
    }
    got = store.rollup("sales", **call, processed=folder)
    expected = by_pandas(store.load("sales", processed=folder), **call)
    pd.testing.assert_frame_equal(got, expected[list(got)], rtol=1e-9, check_dtype=False)
