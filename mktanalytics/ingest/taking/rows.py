"""The records of a block with everything their row says beside them: time, units, what is kept in `extra`."""

from __future__ import annotations

from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.matching.said import fits
from mktanalytics.ingest.taking.extra import extra_json
from mktanalytics.ingest.taking.fields import Fields, whole_market
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.records import joined, long_records, wide_records
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.schema import EXTRA

PLACES = {"title": ("标题", "title"), "sheet": ("工作表名", "sheet name"), "file": ("文件名", "file name")}


def records_of(
    work: Work, fields: Fields, spoilt: dict[int, NDArray[np.bool_]], kept: NDArray[np.bool_]
) -> pd.DataFrame:
    n = len(work.rows)
    if work.match.wide:
        records = wide_records(work.u, work.match, work.figures, work.rows, fields.years)
    else:
        records = long_records(work.figures, n)
    series: dict[str, pd.Series] = {f.column.name: f.parsed.values for f in fields.fields}
    series |= {f.column.name: f.parsed.values for f in work.figures if f.role == "column"}
    series |= _times_of(work, fields)
    series |= _said_of(work)
    if "unit" in work.table.names and work.table.name in ("targets", "actuals"):
        series["unit"] = _units_of(work, series.get("unit"))
    if "currency" in work.table.names and "currency" not in series:
        series["currency"] = _currency_of(work)
    if work.table.name == "survey" and "survey" not in series:
        stem = PurePosixPath(work.u.file).stem
        series["survey"] = pd.Series([stem] * n, dtype="str")
    if work.table.name == "survey" and "question" not in series and "question_no" in series:
        series["question"] = series["question_no"]
    series[EXTRA] = pd.Series(_extra_of(work, fields, spoilt), dtype="str")
    records = records[kept[records["_i"].to_numpy()]]
    frame = joined(records, series)
    if work.table.name == "market" and "brand" in frame:
        frame["brand"] = whole_market(frame["brand"].astype("str"))
    return frame


def _times_of(work: Work, fields: Fields) -> dict[str, pd.Series]:
    """`month` and `period` of each row, from its own column, its date, or what is said around the block."""
    by_name = {f.column.name: f.parsed for f in fields.fields}
    names, n = work.table.names, len(work.rows)
    found: dict[str, pd.Series] = {}
    if "month" in by_name:
        lengths = by_name["month"].lengths
        if "period" in names and "period" not in by_name and lengths is not None:
            found["period"] = lengths.mask(lengths == "")
        firsts = by_name["month"].values
        found["month"] = (
            firsts.dt.to_period("M").dt.start_time.astype("datetime64[us]")
            if lengths is not None and (lengths == "day").any()
            else firsts
        )
    elif (
        "date" in by_name
        and "month" in names
        and "date"
        in {c for g in work.table.one_of for c in g} | ({"date"} if work.table.name in ("survey",) else set())
    ):
        dates = by_name["date"].values
        found["month"] = dates.dt.to_period("M").dt.start_time.astype("datetime64[us]")
        if "period" in names:
            found["period"] = pd.Series(["day"] * n, dtype="str").mask(dates.isna())
    elif work.u.when.period is not None and "month" in names:
        period = work.u.when.period
        found["month"] = pd.Series(np.full(n, np.datetime64(period.month, "us")))
        if "period" in names:
            found["period"] = pd.Series([period.length] * n, dtype="str")
    return found


def _said_of(work: Work) -> dict[str, pd.Series]:
    """Names that title, sheet or file name say of every row, where no column of the sheet may be theirs; told."""
    roles = work.match.roles
    have = {
        work.match.over,
        *work.match.nearest.values(),
        *(x for r in roles for x in (r.column, r.also, r.near)),
    }
    found: dict[str, pd.Series] = {}
    for column, said in work.u.context.said.get(work.table.name, {}).items():
        if not fits(column, have):
            continue
        dtype = "datetime64[us]" if work.table.column(column).kind == "date" else "str"
        found[column] = pd.Series([said.value] * len(work.rows)).astype(dtype)  # type: ignore[call-overload]
        if column == "entity" and said.level and "entity_level" not in have:
            found["entity_level"] = pd.Series([said.level] * len(work.rows), dtype="str")
        words = {"zh": PLACES[said.place][0], "en": PLACES[said.place][1]}
        work.taken.issues.append(work.taken.issue("said_name", column=column, value=said.value, words=words))
    return found


def _currency_of(work: Work) -> pd.Series:
    """The currency that header or cell of a money column names; missing where none does."""
    held = pd.Series([""] * len(work.rows), dtype="str")
    for f in work.figures:
        if f.column.kind == "money" and f.parsed.units is not None:
            held = held.mask(held == "", f.parsed.units)
    return held.mask(held == "")


def _units_of(work: Work, written: pd.Series | None) -> pd.Series:
    """CNY, fraction, or the unit as written: what the figures are in now."""
    held = pd.Series([""] * len(work.rows), dtype="str")
    for f in work.figures:
        if f.column.name in ("target", "actual") and f.role != "total" and f.parsed.units is not None:
            held = held.mask(held == "", f.parsed.units)
    if written is not None:
        held = held.mask(held == "", written.fillna(""))
    return held.mask(held == "")


def _extra_of(work: Work, fields: Fields, spoilt: dict[int, NDArray[np.bool_]]) -> NDArray[np.object_]:
    columns: dict[str, NDArray[np.object_]] = {}
    for i, role in enumerate(work.match.roles):
        if role.kind == "extra" and role.also == "month" and fields.years is not None:
            continue  # the years of the months beside them
        if role.kind in ("extra", "blank"):
            cells = column_cells(work.u.grid, work.rows, work.u.headings[i].column, merged=True)
        elif i in spoilt:
            cells = column_cells(work.u.grid, work.rows, work.u.headings[i].column, merged=True)
            cells[~spoilt[i]] = None
        else:
            continue
        name = work.u.header_of(i)
        columns[name if name not in columns else f"{name} ({work.u.cell(0, i)[:-1]})"] = cells
    return extra_json(columns, len(work.rows))


def fit_sums(work: Work, frame: pd.DataFrame) -> None:
    """A derived amount is what its row holds."""
    if "_derived" not in frame:
        return
    derived = frame.groupby("_row")["amount"].sum()
    work.taken.sums["amount"] = derived.reindex(work.taken.sums.index).fillna(0.0)
    del frame["_derived"]
