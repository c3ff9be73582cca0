"""Tidy tables on disk: whole or not at all, typed, rolled up exactly."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import store
from mktanalytics.describe import describe
from mktanalytics.engines import _duckdb
from mktanalytics.errors import SettingsError, TableError
from mktanalytics.swap import swap_folder

EMPTY = pd.DataFrame({"file": pd.Series(dtype="str")})


def sales(n: int, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = store.arrow_schema(store.table("sales")).empty_table().to_pandas().reindex(range(n))
    frame["month"] = pd.to_datetime(rng.choice(["2026-09-01", "2026-10-01"], n))
    frame["region"] = rng.choice(np.array(["华东", "华南", None], dtype=object), n)
    frame["amount"] = np.where(rng.random(n) < 0.2, np.nan, np.round(rng.normal(1000, 400, n), 2))
    frame["source_file"], frame["source_sheet"], frame["source_row"] = "a.xlsx", "表", np.arange(2, n + 2)
    return frame


@pytest.fixture
def processed(tmp_path):
    store.write({"sales": sales(500)}, EMPTY, EMPTY, {"sample": False}, tmp_path / "processed")
    return tmp_path / "processed"


def test_what_is_written_is_loaded_with_its_types(processed):
    frame = store.load("sales", processed=processed)
    assert len(frame) == 500
    assert str(frame["month"].dtype) == "datetime64[us]"
    assert str(frame["region"].dtype) == "str"
    assert frame["source_row"].tolist() == list(range(2, 502))
    assert list(store.load("sales", columns=["amount"], processed=processed)) == ["amount"]


def test_writing_twice_gives_the_same_bytes_and_leaves_nothing_beside(processed):
    before = {p.name: p.read_bytes() for p in processed.iterdir()}
    store.write({"sales": sales(500)}, EMPTY, EMPTY, {"sample": False}, processed)
    assert {p.name: p.read_bytes() for p in processed.iterdir()} == before
    assert [p.name for p in processed.parent.iterdir()] == ["processed"]


def test_a_failed_write_leaves_the_old_state(processed):
    with pytest.raises(KeyError):
        store.write({"sales": sales(3).drop(columns="amount")}, EMPTY, EMPTY, {"sample": False}, processed)
    assert len(store.load("sales", processed=processed)) == 500
    assert [p.name for p in processed.parent.iterdir()] == ["processed"]


@pytest.mark.usefixtures("english")
def test_tables_without_rows_are_told_with_what_to_do(processed):
    with pytest.raises(TableError, match="mktanalytics template market"):
        store.load("market", processed=processed)
    assert (
        list(store.load_or_empty("market", processed=processed))
        == store.arrow_schema(store.table("market")).names
    )
    with pytest.raises(TableError, match="has no column amout"):
        store.load("sales", columns=["amout"], processed=processed)


@pytest.mark.usefixtures("english")
def test_nothing_cleaned_yet_is_told(tmp_path):
    with pytest.raises(TableError, match="nothing has been cleaned yet"):
        store.load("sales", processed=tmp_path)


def test_a_rollup_equals_pandas_and_keeps_null_keys(processed):
    frame = store.load("sales", processed=processed)
    expected = (
        frame.groupby(["month", "region"], dropna=False)["amount"].agg(["sum", "count", "size"]).reset_index()
    )
    got = store.rollup("sales", by=["month", "region"], measures=["amount"], processed=processed)
    assert got["region"].isna().sum() == 2
    np.testing.assert_allclose(got["amount"], expected["sum"], rtol=1e-12)
    assert got["amount_n"].tolist() == expected["count"].tolist()
    assert got["rows"].tolist() == expected["size"].tolist()


def test_a_rollup_tells_missing_from_zero(processed):
    got = store.rollup("sales", by=["region"], measures=["units"], processed=processed)
    assert got["units"].isna().all()
    assert (got["units_n"] == 0).all()


def test_where_takes_a_value_a_list_and_a_span(processed):
    def total(**where):
        return store.rollup("sales", by=[], measures=["amount"], where=where, processed=processed)[
            "rows"
        ].iloc[0]

    frame = store.load("sales", processed=processed)
    assert total(region="华东") == (frame["region"] == "华东").sum()
    assert total(region=["华东", "华南"]) == frame["region"].isin(["华东", "华南"]).sum()
    assert total(month=("2026-10-01", "2026-12-01")) == (frame["month"] >= "2026-10-01").sum()
    assert total(month="2026-09-01") == (frame["month"] < "2026-10-01").sum()


@given(wanted=st.lists(st.integers(0, 30), max_size=12))
@settings(max_examples=30)
def test_a_list_of_months_is_those_months_however_they_follow_one_another(tmp_path_factory, wanted):
    folder = tmp_path_factory.getbasetemp() / "months"
    months = pd.date_range("2024-11-01", periods=31, freq="MS")
    if not folder.exists():
        store.write({"sales": sales(31).assign(month=months)}, EMPTY, EMPTY, {"sample": False}, folder)
    where = {"month": [f"{months[i]:%Y-%m-%d}" for i in wanted]}
    got = store.rollup("sales", by=["month"], measures=["amount"], where=where, processed=folder)
    assert got["month"].tolist() == [months[i] for i in sorted(set(wanted))]


@pytest.fixture
def replaced_while_read(processed, monkeypatch):
    """Other tables take the place of the first ones after so many queries of a rollup as one asks for."""
    from mktanalytics import aggregate

    collected, queries = aggregate._collected, []

    def during(*after: int) -> None:
        def then_replaced(result):
            small = collected(result)
            queries.append(1)
            if len(queries) in after:
                frame = sales(300, seed=len(queries)).assign(customer="甲", month=pd.Timestamp("2026-11-01"))
                store.write({"sales": frame}, EMPTY, EMPTY, {}, processed)
            return small

        monkeypatch.setattr(aggregate, "_collected", then_replaced)

    return during


@pytest.mark.parametrize("query", [1, 2, 3])
def test_a_rollup_is_of_one_state_of_the_tables(query, processed, replaced_while_read):
    replaced_while_read(query)
    call = {"by": ["month"], "measures": ["amount"], "distinct": ["customer", "region"]}
    got = store.rollup("sales", **call, processed=processed)
    pd.testing.assert_frame_equal(
        got, store.rollup("sales", **call, processed=processed)
    )  # all of it the new one
    assert got["month"].tolist() == [pd.Timestamp("2026-11-01")]
    assert got["customer_distinct"].tolist() == [1]


def test_a_table_replaced_time_and_again_is_told(processed, replaced_while_read, english):
    replaced_while_read(*range(1, 100))
    with pytest.raises(TableError, match=r"replaced again and again while it was read.*try again"):
        store.rollup("sales", by=["month"], measures=["amount"], processed=processed)


def test_a_load_is_of_one_state_of_the_tables(processed, monkeypatch):
    read_schema, other = store.pq.read_schema, sales(300, seed=1).drop(columns="channel")

    def then_replaced(path):
        schema = read_schema(path)
        monkeypatch.setattr(store.pq, "read_schema", read_schema)
        store.pq.write_table(store.pa.Table.from_pandas(other), path)
        return schema

    monkeypatch.setattr(store.pq, "read_schema", then_replaced)
    with pytest.raises(TableError, match="channel"):  # not what the engine says of a column that isn't there
        store.load("sales", columns=["channel"], processed=processed)


@pytest.mark.usefixtures("english")
def test_unknown_columns_and_engines_are_told(processed):
    with pytest.raises(TableError, match="no column regin"):
        store.rollup("sales", by=["regin"], measures=["amount"], processed=processed)
    with pytest.raises(SettingsError, match="unknown engine"):
        store.rollup("sales", by=["region"], measures=["amount"], processed=processed, engine="oracle")


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_digit(tmp_path_factory, random):
    folder = tmp_path_factory.mktemp("order") / "p"
    frame = sales(200)
    order = list(range(200))
    results = []
    for _ in range(2):
        store.write({"sales": frame.iloc[order]}, EMPTY, EMPTY, {}, folder)
        results.append(store.rollup("sales", by=["region"], measures=["amount"], processed=folder))
        random.shuffle(order)
    pd.testing.assert_frame_equal(*results, check_exact=True)


def test_swap_leaves_the_old_folder_at_the_new_ones_name(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "what").write_text(name)
    swap_folder(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old" / "what").read_text() == "new"
    assert (tmp_path / "new" / "what").read_text() == "old"


WRITER = """
import sys, pathlib, pandas as pd
from mktanalytics import store
from mktanalytics.describe import describe
sys.path.insert(0, {tests!r})
from test_store import sales, EMPTY
folder = pathlib.Path(sys.argv[1])
print("ready", flush=True)
n = 1000
while True:
    n += 1
    store.write({{"sales": sales(n)}}, EMPTY, EMPTY, {{"rows": n}}, folder)
"""


def test_a_run_killed_at_any_moment_leaves_one_whole_state(tmp_path):
    folder = tmp_path / "processed"
    store.write({"sales": sales(1000)}, EMPTY, EMPTY, {"rows": 1000}, folder)
    rng = np.random.default_rng(5)
    for _ in range(int(os.environ.get("MKTANALYTICS_KILLS", "6"))):
        code = WRITER.format(tests=str(Path(__file__).parent))
        run = subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE)
        assert run.stdout.readline().strip() == b"ready"
        time.sleep(float(rng.uniform(0.0, 0.15)))
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
        rows = json.loads((folder / "manifest.json").read_text())["rows"]
        assert len(store.load("sales", processed=folder)) == rows
    shutil.rmtree(tmp_path)


def test_distinct_values_are_counted_without_blanks(processed):
    frame = store.load("sales", processed=processed)
    got = store.rollup(
        "sales", by=["month"], measures=["amount"], distinct=["region", "brand"], processed=processed
    )
    assert got["region_distinct"].tolist() == frame.groupby("month")["region"].nunique().tolist() == [2, 2]
    assert got["brand_distinct"].tolist() == [0, 0], "a column of blanks holds nobody"


def test_returns_and_blanks_stay_apart_from_what_they_are_taken_from(tmp_path):
    frame = sales(6)
    frame["amount"], frame["date"] = (
        [5.0, -2.0, np.nan, 0.0, 3.0, -1.0],
        pd.date_range("2026-10-01", periods=6),
    )
    store.write({"sales": frame}, EMPTY, EMPTY, {}, tmp_path / "p")
    got = store.rollup(
        "sales", by=[], measures=["amount"], apart=["amount"], last=["date"], processed=tmp_path / "p"
    )
    assert got["amount_sign"].fillna(9).tolist() == [-1, 0, 1, 9]
    assert got["amount"].fillna(9).tolist() == [-3.0, 0.0, 8.0, 9.0]
    assert got["date_last"].dt.day.tolist() == [6, 4, 5, 3]


@pytest.mark.usefixtures("english")
def test_the_engine_and_its_memory_are_the_settings_own(processed, tmp_path, monkeypatch):
    file = tmp_path / "mktanalytics.toml"
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(file))
    calls = {"by": ["region"], "measures": ["amount"], "distinct": ["source_row"], "processed": processed}
    file.write_text('engine_memory = "200MB"\n', "utf-8")
    bounded = store.rollup("sales", **calls)
    limit = _duckdb("200MB").sql("SELECT current_setting('memory_limit')").fetchall()[0][0]
    assert limit == "190.7 MiB"
    assert duckdb.sql("SELECT current_setting('memory_limit')").fetchall()[0][0] != limit, "the user's own"
    file.write_text("", "utf-8")
    pd.testing.assert_frame_equal(bounded, store.rollup("sales", **calls))
    file.write_text('engine_memory = "much"\n', "utf-8")
    with pytest.raises(SettingsError, match="not an amount of memory"):
        store.rollup("sales", **calls)
    file.write_text('engine = "oracle"\n', "utf-8")
    with pytest.raises(SettingsError, match="unknown engine"):
        store.rollup("sales", **calls)


def test_what_spilled_to_disk_can_be_counted_again_and_too_little_memory_is_told(
    tmp_path, monkeypatch, english
):
    frame = sales(200_000)
    frame["customer"] = [f"客户{i:09d}" for i in range(len(frame))]
    store.write({"sales": frame}, EMPTY, EMPTY, {}, tmp_path / "p")
    file = tmp_path / "mktanalytics.toml"
    monkeypatch.setenv("MKTANALYTICS_SETTINGS", str(file))
    calls = {"by": [], "measures": ["amount"], "distinct": ["customer"], "processed": tmp_path / "p"}
    file.write_text('engine_memory = "20MB"\n', "utf-8")
    for _ in range(2):
        assert store.rollup("sales", **calls)["customer_distinct"].tolist() == [200_000]
    file.write_text('engine_memory = "5MB"\n', "utf-8")
    with pytest.raises(SettingsError, match="more memory"):
        store.rollup("sales", **calls)


def test_nothing_to_sum_is_one_row_that_says_so(processed):
    none = store.rollup(
        "sales", by=[], measures=["amount"], distinct=["region"], last=["month"], where={"region": "华北"},
        processed=processed,
    )  # fmt: skip
    assert none[["amount_n", "region_distinct", "rows"]].to_numpy().tolist() == [[0, 0, 0]]
    assert none["amount"].isna().all() and none["month_last"].isna().all()
    assert store.rollup(
        "sales", by=["region"], measures=["amount"], where={"region": []}, processed=processed
    ).empty


def test_the_name_of_a_table_imports_no_other(processed):
    code = "import sys; from mktanalytics.tables import table; table('sales'); print('mktanalytics.tables.market' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_a_table_is_described_a_column_at_a_time(processed, monkeypatch):
    frame, asked, load = store.load("sales", processed=processed), [], store.load
    monkeypatch.setattr(
        "mktanalytics.describe.load", lambda name, **how: asked.append(how["columns"]) or load(name, **how)
    )
    told = describe("sales", language="en", processed=processed)
    assert asked == [[c] for c in store.table("sales").names] == [[c] for c in told.index]
    assert told.loc["region", ["rows", "distinct", "smallest", "largest"]].tolist() == [
        frame["region"].count(), 2, "华东", "华南",
    ]  # fmt: skip
    assert told.loc["amount", "smallest"] == frame["amount"].min()
    assert (told.loc["brand", "rows"], told.loc["brand", "smallest"]) == (0, None)


def test_a_sensitive_column_is_described_without_its_values(tmp_path):
    store.write({"sales": sales(5).assign(customer="王芳")}, EMPTY, EMPTY, {}, tmp_path / "p")
    told = describe("sales", processed=tmp_path / "p")
    assert told.loc["customer", ["rows", "distinct", "smallest", "largest"]].tolist() == [5, 1, None, None]
