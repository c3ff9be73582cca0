"""The only module that knows an engine: one Narwhals expression, run by DuckDB or by what a connection string names."""

from __future__ import annotations

import datetime as dt
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


def aggregate(path: Path, by: list[str], measures: list[str], where: Where, engine: str) -> pd.DataFrame:
    """One row per combination of `by`: each measure's sum and count of values, and the number of rows."""
    frame = _open(path, engine)
    times = {f.name for f in pq.read_schema(path) if str(f.type).startswith("timestamp")}
    for column, wanted in where.items():
        frame = frame.filter(_condition(column, wanted, is_time=column in times))
    # summing needs a group: a constant one where the caller wants a single row
    keys = by or ["_all"]
    scaled = [((nw.col(m) * _STEP).round(0).cast(nw.Int64)).alias(f"_{m}") for m in measures]
    added = scaled if by else [*scaled, nw.lit(1).alias("_all")]
    if added:
        frame = frame.with_columns(*added)
    result = frame.group_by(*keys).agg(
        *(nw.col(f"_{m}").sum().alias(m) for m in measures),
        *(nw.col(m).count().alias(f"{m}_n") for m in measures),
        nw.len().alias("rows"),
    )
    return _tidy(result.collect("pyarrow").to_pandas(), by, measures)


def _tidy(small: pd.DataFrame, by: list[str], measures: list[str]) -> pd.DataFrame:
    for m in measures:
        small[f"{m}_n"] = small[f"{m}_n"].astype("int64")
        small[m] = (small[m].astype("float64") / _STEP).where(small[f"{m}_n"] > 0)
    small["rows"] = small["rows"].astype("int64")
    for key in by:
        if isinstance(small[key].dtype, pd.DatetimeTZDtype):
            small[key] = small[key].dt.tz_localize(None)
    order = [*by, *(x for m in measures for x in (m, f"{m}_n")), "rows"]
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


def _open(path: Path, engine: str) -> nw.LazyFrame[Any]:
    if engine == "duckdb":
        frame: nw.LazyFrame[Any] = nw.from_native(duckdb.read_parquet(str(path)))
        return frame
    if engine.startswith("spark"):
        return nw.from_native(_spark(engine).read.parquet(str(path.resolve())))  # type: ignore[no-any-return]
    raise SettingsError(
        "unknown engine", where="mktanalytics.toml [engine]", found=repr(engine),
        expected='"duckdb", "spark://host:port" or "spark:local[2]"', todo="correct it; see docs/engines.md",
    )  # fmt: skip


def _spark(engine: str) -> Any:
    """A Spark session; "spark:local[2]" is a session on this machine."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SettingsError(
            "the engine needs PySpark, which is not installed", where="mktanalytics.toml [engine]", found=repr(engine),
            todo="make EXTRAS=spark, or pip install 'mktanalytics[spark]'",
        ) from None  # fmt: skip
    master = engine.removeprefix("spark:") if engine.startswith("spark:local") else engine
    builder = (
        SparkSession.builder.master(master)
        .appName("mktanalytics")
        .config("spark.sql.session.timeZone", "UTC")
    )
    return builder.config("spark.ui.enabled", "false").getOrCreate()
