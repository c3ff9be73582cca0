"""The only module that knows an engine: one Narwhals expression, run by DuckDB or by what a connection string names."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import pandas as pd
import pyarrow.parquet as pq

from mktanalytics.errors import SettingsError

Value = str | int | float | bool | dt.date
Where = Mapping[str, Value | Sequence[Value]]

# Sums of floats depend on the order of rows, and engines choose their own. Whole millionths add up the same in any.
_STEP = 1_000_000


def aggregate(
    path: Path,
    by: list[str],
    measures: list[str],
    where: Where,
    engine: str,
    *,
    distinct: Sequence[str] = (),
    apart: Sequence[str] = (),
    last: Sequence[str] = (),
    memory: str = "",
) -> pd.DataFrame:
    """One row per combination of `by`: sums and counts of the measures, and the number of rows (`store.rollup`)."""
    frame = _open(path, engine, memory)
    times = {f.name for f in pq.read_schema(path) if str(f.type).startswith("timestamp")}
    for column, wanted in where.items():
        frame = frame.filter(_condition(column, wanted, is_time=column in times))
    by = [*by, *(f"{m}_sign" for m in apart)]
    # summing needs a group: a constant one where the caller wants a single row
    added = [] if by else [nw.lit(1).alias("_all")]
    added += [((nw.col(m) * _STEP).round(0).cast(nw.Int64)).alias(f"_{m}") for m in measures]
    added += [_sign(m).alias(f"{m}_sign") for m in apart]
    if added:
        frame = frame.with_columns(*added)
    result = frame.group_by(*(by or ["_all"])).agg(
        *(nw.col(f"_{m}").sum().alias(m) for m in measures),
        *(nw.col(m).count().alias(f"{m}_n") for m in measures),
        # a blank is nobody, and narwhals counts it as one
        *(
            (nw.col(c).n_unique() - nw.col(c).is_null().cast(nw.Int64).max()).alias(f"{c}_distinct")
            for c in distinct
        ),
        *(nw.col(c).max().alias(f"{c}_last") for c in last),
        nw.len().alias("rows"),
    )
    return _tidy(result.collect("pyarrow").to_pandas(), by, measures, distinct, last)


def _sign(measure: str) -> nw.Expr:
    value = nw.col(measure)
    sign: nw.Expr = (
        nw.when(value.is_null())
        .then(nw.lit(None, nw.Int64))
        .otherwise((value > 0).cast(nw.Int64) - (value < 0).cast(nw.Int64))
    )
    return sign


def _tidy(
    small: pd.DataFrame, by: list[str], measures: list[str], distinct: Sequence[str], last: Sequence[str]
) -> pd.DataFrame:
    for m in measures:
        small[f"{m}_n"] = small[f"{m}_n"].astype("int64")
        small[m] = (small[m].astype("float64") / _STEP).where(small[f"{m}_n"] > 0)
    lasts, counts = [f"{c}_last" for c in last], [f"{c}_distinct" for c in distinct]
    small[["rows", *counts]] = small[["rows", *counts]].astype("int64")
    for key in (*by, *lasts):
        if isinstance(small[key].dtype, pd.DatetimeTZDtype):
            small[key] = small[key].dt.tz_localize(None)
    order = [*by, *(x for m in measures for x in (m, f"{m}_n")), *counts, *lasts, "rows"]
    return small[order].sort_values(by, kind="stable", ignore_index=True) if by else small[order]


def _condition(column: str, wanted: Value | Sequence[Value], *, is_time: bool) -> nw.Expr:
    def fit(value: Any) -> Any:
        return pd.Timestamp(value).to_pydatetime() if is_time else value

    if isinstance(wanted, tuple) and len(wanted) == 2:
        return nw.col(column).is_between(fit(wanted[0]), fit(wanted[1]), closed="both")
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        conditions = [nw.col(column) == fit(v) for v in wanted]
        return reduce(lambda a, b: a | b, conditions) if conditions else nw.lit(False)
    equal: nw.Expr = nw.col(column) == fit(wanted)
    return equal


def _open(path: Path, engine: str, memory: str) -> nw.LazyFrame[Any]:
    if engine == "duckdb":
        _bound(memory)
        frame: nw.LazyFrame[Any] = nw.from_native(duckdb.read_parquet(str(path)))
        return frame
    if engine.startswith("spark"):
        return nw.from_native(_spark(engine).read.parquet(str(path.resolve())))  # type: ignore[no-any-return]
    raise SettingsError(
        ("没有这种引擎", "unknown engine"), where="mktanalytics.toml [engine]", found=repr(engine),
        expected='"duckdb", "spark://host:port" or "spark:local[2]"', todo=("改正它，见 docs/engines.md", "correct it; see docs/engines.md"),
    )  # fmt: skip


def _bound(memory: str) -> None:
    """Let DuckDB use so much memory and spill the rest to the system's temporary folder, not into the user's."""
    duckdb.execute(f"SET temp_directory = '{Path(tempfile.gettempdir(), 'mktanalytics-spill').as_posix()}'")
    duckdb.execute("SET preserve_insertion_order = false")  # the result is sorted anyway
    try:
        duckdb.execute(f"SET memory_limit = '{memory}'" if memory else "RESET memory_limit")
    except duckdb.Error:
        raise SettingsError(
            ("不是内存大小", "not an amount of memory"), where="mktanalytics.toml [engine_memory]", found=repr(memory),
            expected=('例如 "2GB"', 'such as "2GB"'), todo=("改正它", "correct it"),
        ) from None  # fmt: skip


def _spark(engine: str) -> Any:
    """A Spark session; "spark:local[2]" is a session on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError(
            ("该引擎需要 PySpark，尚未安装", "the engine needs PySpark, which is not installed"), where="mktanalytics.toml [engine]", found=repr(engine),
            todo=("运行 make EXTRAS=spark，或 pip install 'mktanalytics[spark]'", "make EXTRAS=spark, or pip install 'mktanalytics[spark]'"),
        ) from None  # fmt: skip
    master = engine.removeprefix("spark:") if engine.startswith("spark:local") else engine
    builder = (
        SparkSession.builder.master(master)
        .appName("mktanalytics")
        .config("spark.sql.session.timeZone", "UTC")
    )
    return builder.config("spark.ui.enabled", "false").getOrCreate()
