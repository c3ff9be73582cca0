"""The only module that knows an engine: a tidy table as a lazy frame of DuckDB, Spark, or a warehouse Ibis speaks to."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import narwhals.stable.v2 as nw

from mktanalytics.errors import MktError, SettingsError, TableError

WHERE = "mktanalytics.toml [engine]"
_SECRET = re.compile(r"([?&;][^=&;]*(?:password|pwd|passwd|token|secret|key)[^=&;]*=)[^&;]*", re.IGNORECASE)
SEE = ("改正它，写法见 docs/engines.md", "correct it; docs/engines.md shows how")


def in_warehouse(engine: str) -> bool:
    """Whether an engine has tables of its own; the others read the Parquet files."""
    return "://" in engine and not engine.startswith("spark")


def open_file(path: Path, engine: str, memory: str) -> nw.LazyFrame[Any]:
    """A Parquet file as a lazy frame, which DuckDB or Spark reads where it lies."""
    if engine == "duckdb":
        frame: nw.LazyFrame[Any] = nw.from_native(_duckdb(memory).cursor().read_parquet(str(path)))
        return frame
    if engine.startswith("spark"):
        return nw.from_native(_spark(engine).read.parquet(str(path.resolve())))  # type: ignore[no-any-return]
    raise SettingsError(
        ("没有这种引擎", "unknown engine"), where=WHERE, found=repr(engine),
        expected='"duckdb", "spark:local[2]", "spark://host:port", "trino://host/catalog/schema"', todo=SEE,
    )  # fmt: skip


def open_table(name: str, engine: str) -> nw.LazyFrame[Any]:
    """A table of the warehouse that a connection string names, as a lazy frame.

    Raises
    ------
    SettingsError
        Ibis or the warehouse's driver is not installed, or the warehouse doesn't answer.
    TableError
        The warehouse has no such table.
    """
    there, opened = _warehouse(engine)
    if name not in there:
        raise TableError(
            (f"数据仓库中没有表 {name}", f"the warehouse has no table {name}"), where=without_password(engine),
            found=", ".join(sorted(there)) or ("没有任何表", "no tables"),
            todo=("先把整洁表发布到数据仓库，方法见 docs/engines.md", "publish the tidy table to it; docs/engines.md shows how"),
        )  # fmt: skip
    frame: nw.LazyFrame[Any] = nw.from_native(opened(name))
    return frame


@contextmanager
def told(engine: str) -> Iterator[None]:
    """Say in a sentence what an engine objects to; of the one in this process only that its memory is too little."""
    try:
        yield
    except MktError:
        raise
    except duckdb.OutOfMemoryException as error:
        raise SettingsError(
            ("引擎内存不足", "the engine needs more memory"), where="mktanalytics.toml [engine_memory]", found=_gist(error),
            todo=("调大它", "allow it more"),
        ) from None  # fmt: skip
    except Exception as error:  # every driver has its own
        if engine == "duckdb":
            raise
        raise _no_answer(engine, error) from error


@lru_cache(maxsize=1)
def _duckdb(memory: str) -> duckdb.DuckDBPyConnection:
    """A connection of our own: what it may use of memory is no business of the user's DuckDB."""
    # spilled rows go to the system's temporary folder, not into the user's; the result is sorted anyway
    spill = Path(tempfile.gettempdir(), f"mktanalytics-{os.getpid()}").as_posix()
    bound = {"memory_limit": memory} if memory else {}
    try:
        return duckdb.connect(config={"temp_directory": spill, "preserve_insertion_order": False, **bound})
    except duckdb.Error:
        raise SettingsError(
            ("不是内存大小", "not an amount of memory"), where="mktanalytics.toml [engine_memory]", found=repr(memory),
            expected=('例如 "2GB"', 'such as "2GB"'), todo=("改正它", "correct it"),
        ) from None  # fmt: skip


def _spark(engine: str) -> Any:
    """A Spark session; "spark:local[2]" is a session on this machine."""
    try:
        sql = import_module("pyspark.sql")
    except ImportError:
        raise SettingsError(
            ("该引擎需要 PySpark，尚未安装", "the engine needs PySpark, which is not installed"), where=WHERE, found=repr(engine),
            todo=("运行 make EXTRAS=spark，或 pip install 'mktanalytics[spark]'", "make EXTRAS=spark, or pip install 'mktanalytics[spark]'"),
        ) from None  # fmt: skip
    master = engine if engine.startswith("spark://") else engine.removeprefix("spark:")
    builder = sql.SparkSession.builder.master(master).appName("mktanalytics")
    builder = builder.config("spark.sql.session.timeZone", "UTC").config("spark.ui.enabled", "false")
    return builder.getOrCreate()


@lru_cache(maxsize=1)
def _warehouse(engine: str) -> tuple[list[str], Callable[[str], Any]]:
    """The names of a warehouse's tables, and what opens one: Ibis, which knows the warehouse by the word before ://."""
    if engine.startswith("duckdb://"):
        file = duckdb.connect(engine.removeprefix("duckdb://"), read_only=True)
        return [str(row[0]) for row in file.sql("SHOW TABLES").fetchall()], file.table
    try:
        connection = import_module("ibis").connect(engine)
    except ImportError as error:
        raise SettingsError(
            ("该引擎需要 Ibis 及其驱动，尚未安装", "the engine needs Ibis and a driver, which are not installed"), where=WHERE, found=_gist(error),
            todo=f"pip install 'ibis-framework[{urlsplit(engine).scheme}]'",
        ) from None  # fmt: skip
    return connection.list_tables(), connection.table


def _no_answer(engine: str, error: Exception) -> SettingsError:
    said, password = _gist(error), urlsplit(engine).password
    return SettingsError(
        (f"引擎 {without_password(engine)} 无法应答", f"the engine {without_password(engine)} can't answer"), where=WHERE,
        found=said.replace(password, "***") if password else said, todo=SEE,
    )  # fmt: skip


def _gist(error: Exception) -> str:
    """What went wrong, without the trace that Java and some drivers add."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2]).rstrip(".") or type(error).__name__


def without_password(engine: str) -> str:
    """A connection string as it may be shown and kept: neither its password nor a token among its parameters."""
    password = urlsplit(engine).password
    shown = engine.replace(f":{password}@", ":***@") if password else engine
    return _SECRET.sub(r"\1***", shown)
