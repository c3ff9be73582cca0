"""Through Ibis, other databases give the figures that DuckDB gives of the files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import narwhals.stable.v2 as nw
import pandas as pd
import pytest
from test_engines import CALLS, mixed_sales
from test_store import EMPTY

from mktanalytics import store
from mktanalytics.aggregate import aggregate

ibis = pytest.importorskip("ibis", reason="Ibis is not installed (make test EXTRAS=ibis)")
each_call = pytest.mark.parametrize("call", CALLS, ids=str)


@pytest.fixture(scope="module")
def processed(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("warehouses") / "p"
    store.write({"sales": mixed_sales(2000)}, EMPTY, EMPTY, {}, folder)
    return folder


def same_as_the_files(got: pd.DataFrame, call, processed: Path) -> None:
    pd.testing.assert_frame_equal(got, store.rollup("sales", **call, processed=processed), rtol=1e-9)


@each_call
def test_duckdb_through_ibis(call, processed):
    sales = ibis.duckdb.connect().read_parquet(processed / "sales.parquet")
    rest = {k: v for k, v in call.items() if k not in ("by", "measures", "where")}
    got = aggregate(nw.from_native(sales), call["by"], call["measures"], call.get("where", {}), **rest)
    same_as_the_files(got, call, processed)


@pytest.fixture(scope="module")
def sqlite(processed, tmp_path_factory) -> str:
    """SQLite, its times as text in columns declared as times: what Ibis reads, and can't write."""
    rows, path = store.load("sales", processed=processed), tmp_path_factory.mktemp("sqlite") / "w.sqlite"
    times = list(rows.select_dtypes("datetime"))
    rows = rows.assign(**{c: rows[c].dt.strftime("%Y-%m-%d %H:%M:%S") for c in times})
    with sqlite3.connect(path) as file:
        rows.to_sql("sales", file, index=False, dtype=dict.fromkeys(times, "TIMESTAMP"))
    return f"sqlite://{path}"


@each_call
def test_sqlite(call, processed, sqlite):
    same_as_the_files(store.rollup("sales", **call, engine=sqlite), call, processed)


@pytest.fixture(scope="module")
def postgres(processed) -> Iterator[str]:
    """A PostgreSQL server of this test's own, on a socket of its own."""
    if find_spec("psycopg") is None or not (shutil.which("initdb") and shutil.which("pg_ctl")):
        pytest.skip("PostgreSQL or its driver is not on this machine (make test EXTRAS=ibis)")
    user = {"user": "postgres"} if os.geteuid() == 0 else {}  # it refuses to run as root
    home = Path(tempfile.mkdtemp(dir="/tmp"))  # a socket's path is short
    if user:
        shutil.chown(home, "postgres")

    def run(*words: str) -> None:
        subprocess.run(
            [*words, "-D", f"{home}/data"], check=True, stdout=subprocess.DEVNULL, cwd=home, **user
        )

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "start", "-w", "-l", f"{home}/log", "-o", f"-k {home} -c listen_addresses=''")
        try:
            engine = f"postgres://postgres@/postgres?host={home}"
            warehouse = ibis.connect(engine)
            warehouse.create_table("sales", store.load("sales", processed=processed))
            warehouse.disconnect()
            yield engine
        finally:
            run("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(home)


@each_call
def test_postgres(call, processed, postgres):
    same_as_the_files(store.rollup("sales", **call, engine=postgres), call, processed)
