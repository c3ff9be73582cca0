"""Tidy tables on disk: written whole, loaded as pandas frames, or rolled up by an engine while still on disk."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mktanalytics.errors import TableError
from mktanalytics.one_state import of_one_state
from mktanalytics.schema import EXTRA, SOURCE, Kind, Table
from mktanalytics.settings_file import load_settings, project_root
from mktanalytics.swap import put_in_place, unfinished
from mktanalytics.tables import table as table

if TYPE_CHECKING:
    from narwhals.stable.v2 import LazyFrame

    from mktanalytics.aggregate import Where

ROW_GROUP = 250_000
BOOKS = ("ledger", "issues", "conflicts")  # written beside the tables
MANIFEST = "manifest.json"
_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "category": pa.string(),
    "money": pa.float64(),
    "number": pa.float64(),
    "count": pa.float64(),
    "rate": pa.float64(),
    "date": pa.timestamp("us"),
    "month": pa.timestamp("us"),
    "flag": pa.bool_(),
}


def processed_dir(processed: Path | None = None) -> Path:
    """Where the tidy tables are: `processed`, else $MKTANALYTICS_PROCESSED, else data/processed of the project."""
    return processed or Path(
        os.environ.get("MKTANALYTICS_PROCESSED") or project_root() / "data" / "processed"
    )


def arrow_schema(kind: Table) -> pa.Schema:
    """The Parquet schema of a table: its columns, where each row came from, and `extra`."""
    columns = [(c.name, _TYPES[c.kind]) for c in kind.columns]
    return pa.schema(
        [*columns, *((s, pa.string()) for s in SOURCE[:2]), (SOURCE[2], pa.int64()), (EXTRA, pa.string())]
    )


def write(
    tables: Mapping[str, pd.DataFrame],
    ledger: pd.DataFrame,
    issues: pd.DataFrame,
    manifest: Mapping[str, Any],
    processed: Path,
    beside: Callable[[Path], None] | None = None,
    *,
    conflicts: pd.DataFrame | None = None,
) -> None:
    """Replace the folder `processed` by these tables, in one step: a reader sees the old state or the new one.

    `beside` may add files to the new folder before it takes the old one's place. `conflicts` holds what sources that
    disagree say.
    """
    processed.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=unfinished(processed), dir=processed.parent))
    try:
        new.chmod(0o755)
        for name, frame in sorted(tables.items()):
            if len(frame):
                schema = arrow_schema(table(name))
                _write_parquet(
                    pa.Table.from_pandas(frame[schema.names], schema, preserve_index=False), new / name
                )
        books = zip(BOOKS, (ledger, issues, conflicts), strict=True)
        for name, frame in ((name, frame) for name, frame in books if frame is not None):
            _write_parquet(pa.Table.from_pandas(frame, preserve_index=False), new / name)
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
        (new / MANIFEST).write_text(text + "\n", "utf-8")
        if beside:
            beside(new)
        put_in_place(new, processed)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write_parquet(data: pa.Table, stem: Path) -> None:
    pq.write_table(data, stem.with_suffix(".parquet"), compression="zstd", row_group_size=ROW_GROUP)


def available(processed: Path | None = None) -> list[str]:
    """The names of the tables that hold rows."""
    folder = processed_dir(processed)
    return sorted(p.stem for p in folder.glob("*.parquet") if p.stem not in BOOKS)


def manifest(processed: Path | None = None) -> dict[str, Any]:
    """What the tables were made from: inputs with hashes, versions, and whether they are the sample company's."""
    path = processed_dir(processed) / MANIFEST
    if not path.is_file():
        raise _nothing_cleaned(path.parent)
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return data


def load(
    name: str,
    *,
    columns: Sequence[str] | None = None,
    where: Where | None = None,
    processed: Path | None = None,
) -> pd.DataFrame:
    """A tidy table (or `ledger`, `issues`, `conflicts`) as a pandas frame.

    Parameters
    ----------
    name : one of `mktanalytics.tables.all_tables()`, or "ledger", "issues" or "conflicts".
    columns : only these columns; all by default.
    where : only these rows, as in `rollup`.

    Returns
    -------
    A frame with the table's columns in their declared order, then `source_file, source_sheet, source_row, extra`.
    Money in CNY, rates as fractions, months as the first day; text is `str`, missing is NA.

    Raises
    ------
    TableError
        There is no such table, it holds no rows, or a column is unknown.
    """

    def read(path: Path) -> pd.DataFrame:
        schema = pq.read_schema(path)
        _need(name, [*(columns or []), *(where or {})], schema.names)
        filters = [f for c, wanted in (where or {}).items() for f in _filters(schema.field(c), wanted)]
        data = pq.read_table(path, columns=list(columns) if columns else None, filters=filters or None)
        frame: pd.DataFrame = data.to_pandas()
        return frame

    return of_one_state(lambda: _path(name, processed), read)


def _filters(column: pa.Field, wanted: Any) -> list[tuple[str, str, Any]]:
    def fit(value: Any) -> Any:
        return pd.Timestamp(value) if pa.types.is_timestamp(column.type) else value

    if isinstance(wanted, tuple) and len(wanted) == 2:
        return [(column.name, ">=", fit(wanted[0])), (column.name, "<=", fit(wanted[1]))]
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return [(column.name, "in", [fit(v) for v in wanted])]
    return [(column.name, "==", fit(wanted))]


def load_or_empty(name: str, *, processed: Path | None = None) -> pd.DataFrame:
    """Like `load`, but a table without rows is an empty frame with its columns."""
    if name in available(processed):
        return load(name, processed=processed)
    empty: pd.DataFrame = arrow_schema(table(name)).empty_table().to_pandas()
    return empty


def row_count(name: str, *, processed: Path | None = None) -> int:
    """How many rows a tidy table holds, without loading one; 0 where nobody delivered it."""
    path = processed_dir(processed) / f"{name}.parquet"
    return int(pq.read_metadata(path).num_rows) if path.is_file() else 0


def rollup(
    name: str,
    *,
    by: Sequence[str],
    measures: Sequence[str],
    distinct: Sequence[str] = (),
    apart: Sequence[str] = (),
    last: Sequence[str] = (),
    where: Where | None = None,
    most: int | None = None,
    processed: Path | None = None,
    engine: str | None = None,
) -> pd.DataFrame:
    """Reduce a tidy table of any size to one row per combination of `by`, without loading it.

    Parameters
    ----------
    name : a tidy table.
    by : columns to group by; an empty list gives one row.
    measures : columns to sum. Sums are taken in millionths, so that no order of rows changes a digit.
    distinct : columns whose different values are counted, exactly; blanks are none. This is what costs memory:
        `engine_memory` in the settings bounds it, and the rest spills to disk.
    apart : columns whose kinds of rows stay apart, by one more key, `<column>_sign`: of a measure -1, 0 and 1, so that
        returns don't vanish in what they are taken from; of a date or text 1; missing where the column is.
    last : columns of which each group keeps the largest value, `<column>_last`.
    where : column → value, list of values, or (first, last) inclusive; a date may be given as text.
    most : at most so many rows, whichever; one more than can be used tells that there are too many.
    engine : "duckdb", or a connection string (docs/engines.md); that of the settings by default. A warehouse is asked
        for its own table of this name.

    Returns
    -------
    A frame with `by`, then for each measure its sum (NaN where no row had a value: missing is not zero) and
    `<measure>_n`, the number of rows that had one, `<column>_distinct`, `<column>_last`, then `rows`; sorted by
    its keys.

    Raises
    ------
    TableError
        There is no such table, it holds no rows, or a column is unknown.
    SettingsError
        The engine is unknown, not installed, out of memory or doesn't answer.
    """
    # engines take as long to load as pandas, and neither writing nor loading a table needs one
    from mktanalytics.aggregate import aggregate
    from mktanalytics.engines import in_warehouse, open_file, open_table, told

    settings = load_settings()
    engine, where = engine or settings.engine, where or {}

    def reduced(frame: LazyFrame[Any]) -> pd.DataFrame:
        _need(name, [*by, *measures, *distinct, *apart, *last, *where], frame.collect_schema().names())
        return aggregate(frame, by, measures, where, distinct=distinct, apart=apart, last=last, most=most)

    with told(engine):
        if in_warehouse(engine):
            return reduced(open_table(table(name).name, engine))
        return of_one_state(
            lambda: _path(name, processed),
            lambda path: reduced(open_file(path, engine, settings.engine_memory)),
        )


def _need(name: str, columns: Sequence[str], known: Sequence[str]) -> None:
    if unknown := [c for c in columns if c not in known]:
        raise TableError(
            _no_column(name, unknown),
            expected=", ".join(known),
            todo=("选用其中之一", "use one of these names"),
        )


def _path(name: str, processed: Path | None) -> Path:
    folder = processed_dir(processed)
    if name not in BOOKS:
        table(name)  # an unknown name is told before a missing file
    path = folder / f"{name}.parquet"
    if path.is_file():
        return path
    if not (folder / MANIFEST).is_file():
        raise _nothing_cleaned(folder)
    raise TableError(
        (
            f"没有工作簿提供数据表“{table(name).zh}”（{name}）",
            f"no workbook gave any row of the table {name}",
        ),
        where=str(folder),
        found=", ".join(available(processed)) or ("没有任何数据表", "no tables"),
        todo=(
            f"把含{table(name).zh}的工作簿放进 data/raw 后重新清洗；空白模板：mktanalytics template {name}",
            f"drop a workbook with {table(name).en.lower()} ({table(name).zh}) into data/raw and clean again; "
            f"`mktanalytics template {name}` writes a blank one",
        ),
    )


def _nothing_cleaned(folder: Path) -> TableError:
    return TableError(
        ("还没有清洗过数据", "nothing has been cleaned yet"),
        where=str(folder),
        todo=(
            "运行 make clean-data 或 mktanalytics clean",
            "run `make clean-data` or `mktanalytics clean`",
        ),
    )


def _no_column(name: str, unknown: list[str]) -> tuple[str, str]:
    return f"数据表 {name} 没有列 {'、'.join(unknown)}", f"{name} has no column {', '.join(unknown)}"
