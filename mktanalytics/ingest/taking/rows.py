"""The records of a block with everything their row says beside them: time, units, what is kept in `extra`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.said import fits
from mktanalytics.ingest.taking.extra import extra_json
from mktanalytics.ingest.taking.fields import Fields
from mktanalytics.ingest.taking.implied import implied
from mktanalytics.ingest.taking.labels import column_cells
from mktanalytics.ingest.taking.measures import UNIT_TABLES, split_name
from mktanalytics.ingest.taking.records import joined, long_records, wide_records
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.taking.whole_market import whole_market
from mktanalytics.ingest.values.texts import Texts, everywhere, first_said, texts
from mktanalytics.ingest.values.tidy import Records, Values, missing
from mktanalytics.numbers import key
from mktanalytics.schema import EXTRA

_OWN_CURRENCY = re.compile(
    r"本币|本位币|人民币|\b(rmb|cny)\b|(home|local|functional|base|company) currency", re.IGNORECASE
)
PLACES = {"title": ("标题", "title"), "sheet": ("工作表名", "sheet name"), "file": ("文件名", "file name")}


def records_of(
    work: Work, fields: Fields, spoilt: dict[int, NDArray[np.bool_]], kept: NDArray[np.bool_]
) -> Records:
    """The records of the rows that are kept; each goes by the place of its row among the data."""
    n = len(work.rows)
    if work.match.wide:
        records = wide_records(work.u, work.match, work.figures, work.rows, fields.years)
    else:
        records = long_records(work.figures, n)
    found: dict[str, Values] = {f.column.name: f.parsed.values for f in fields.fields}
    found |= {f.column.name: f.parsed.values for f in work.figures if f.role == "column"}
    found |= _times_of(work, fields)
    found |= _said_of(work)
    found |= implied(work)
    if work.sections and work.sections[0]:
        found[work.sections[0]] = texts(work.sections[1])
    if work.table.name in UNIT_TABLES:
        found["unit"] = _units_of(work, found.get("unit"))
        if isinstance(kpis := found.get("kpi"), Texts):
            found["kpi"] = kpis.changed(lambda name: split_name(name)[0])
    if "currency" in work.table.names and ("currency" not in found or _converted(work)):
        found["currency"] = _currency_of(work)
    if work.table.name == "survey" and "survey" not in found:
        found["survey"] = everywhere(PurePosixPath(work.u.file).stem, n)
    if work.table.name == "survey" and "respondent" not in found:
        found["respondent"] = texts(str(row + 1) for row in work.rows.tolist())
        work.taken.issues.append(work.taken.issue("row_is_respondent", column="respondent"))
    if work.table.name == "survey" and "question" not in found and "question_no" in found:
        found["question"] = found["question_no"]
    found[EXTRA] = _extra_of(work, fields, spoilt)
    records = joined(records.where(kept[records.rows]), found)
    if work.table.name == "market" and "brand" in records:
        records = records.having(brand=whole_market(records.texts("brand"), work.whole))
    return records


def _times_of(work: Work, fields: Fields) -> dict[str, Values]:
    """`month` and `period` of each row, from its own column, its date, or what is said around the block."""
    by_name = {f.column.name: f.parsed for f in fields.fields}
    names, n = work.table.names, len(work.rows)
    found: dict[str, Values] = {}
    if "month" in by_name:
        lengths, firsts = by_name["month"].lengths, by_name["month"].values
        if "period" in names and "period" not in by_name and lengths is not None:
            found["period"] = lengths.blank(lengths.those(lambda length: not length))
        days = lengths is not None and lengths.those(lambda length: length == "day").any()
        found["month"] = first_of_month(firsts) if days else firsts
    elif (
        "date" in by_name
        and "month" in names
        and "date"
        in {c for g in work.table.one_of for c in g} | ({"date"} if work.table.name in ("survey",) else set())
    ):
        dates = by_name["date"].values
        found["month"] = first_of_month(dates)
        if "period" in names:
            found["period"] = everywhere("day", n).blank(missing(dates))
    elif work.u.when.period is not None and "month" in names:
        period = work.u.when.period
        found["month"] = np.full(n, np.datetime64(period.month, "us"))
        if "period" in names:
            found["period"] = everywhere(period.length, n)
        if period.length == "day" and any({"date", "month"} <= set(g) for g in work.table.one_of):
            found["date"] = np.full(n, np.datetime64(period.start, "us"))
    return found


def first_of_month(days: Values) -> NDArray[np.datetime64]:
    """The first day of the month of each day."""
    assert not isinstance(days, Texts)
    return days.astype("datetime64[M]").astype("datetime64[us]")


def _said_of(work: Work) -> dict[str, Values]:
    """Names that title, sheet or file name say of every row, where no column of the sheet may be theirs; told."""
    roles, n = work.match.roles, len(work.rows)
    have = {
        work.match.over,
        *work.match.nearest.values(),
        *(x for r in roles for x in (r.column, r.also, r.near)),
    }
    found: dict[str, Values] = {}
    for column, said in work.u.context.said.get(work.table.name, {}).items():
        if not fits(column, have):
            continue
        is_date = work.table.column(column).kind == "date"
        found[column] = np.full(n, np.datetime64(said.value, "us")) if is_date else everywhere(said.value, n)
        if column == "entity" and said.level and "entity_level" not in have:
            found["entity_level"] = everywhere(said.level, n)
        words = {"zh": PLACES[said.place][0], "en": PLACES[said.place][1]}
        work.taken.issues.append(work.taken.issue("said_name", column=column, value=said.value, words=words))
    placed = {x for column in found.values() if isinstance(column, Texts) for x in column.distinct}
    if (name := work.u.context.unplaced) and name not in placed:
        work.taken.issues.append(work.taken.issue("unplaced_name", value=name))
    if (section := _unread_section(work)) is not None:
        work.taken.issues.append(work.taken.issue("unplaced_section", value=section))
    return found


def _unread_section(work: Work) -> str | None:
    """The name above the block's header that parts it from its sister blocks, where no column took it up."""
    name = work.u.context.section
    said = work.u.context.said.get(work.table.name, {}).values()
    return name if name and not any(key(s.value) in key(name) for s in said) else None


def _currency_of(work: Work) -> Texts:
    """The currency that header or cell of a money column names; missing where none does."""
    return first_said([f.parsed.units for f in work.figures if f.column.kind == "money"], len(work.rows))


def _converted(work: Work) -> bool:
    """Whether the amounts are said to be in our own currency (本位币金额), so that 币种 is that of the original ones."""
    place = work.match.mapped.get("currency")
    if place is None or _OWN_CURRENCY.search(work.u.header_of(place)):
        return False  # Local Currency is that of the amounts in local currency
    money = [work.u.headings[f.position].written for f in work.figures if f.column.kind == "money"]
    return bool(money) and all(_OWN_CURRENCY.search(header) for header in money)


def _units_of(work: Work, written: Values | None) -> Texts:
    """CNY, fraction, or the unit as written: what the figures are in now."""
    figures = [f for f in work.figures if f.column.name in ("target", "actual") and f.role != "total"]
    own = written if isinstance(written, Texts) else None
    return first_said([*(f.parsed.units for f in figures), own], len(work.rows))


def _extra_of(work: Work, fields: Fields, spoilt: dict[int, NDArray[np.bool_]]) -> Texts:
    columns: dict[str, NDArray[np.object_]] = {}
    if work.sections and not work.sections[0]:
        columns["小节"] = work.sections[1]
    elif (section := _unread_section(work)) is not None:
        columns["小节"] = np.full(len(work.rows), section, dtype=object)
    for i, role in enumerate(work.match.roles):
        if role.kind == "extra" and role.also == "month" and fields.years is not None:
            continue  # the years of the months beside them
        if role.kind in ("extra", "blank") or (role.column == "currency" and _converted(work)):
            cells = column_cells(work.u.grid, work.rows, work.u.headings[i].column, merged=True)
        elif i in spoilt:
            cells = column_cells(work.u.grid, work.rows, work.u.headings[i].column, merged=True)
            cells[~spoilt[i]] = None
        else:
            continue
        name = work.u.header_of(i)
        columns[name if name not in columns else f"{name} ({work.u.cell(0, i)[:-1]})"] = cells
    return extra_json(columns, len(work.rows))


def fit_sums(work: Work, records: Records) -> None:
    """A derived amount is what its row holds."""
    amounts = np.zeros(len(work.rows))
    np.add.at(amounts, records.rows, np.nan_to_num(records.figures("amount")))
    work.taken.sums["amount"] = amounts
