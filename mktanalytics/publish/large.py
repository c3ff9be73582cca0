"""Tables larger than pandas should hold: the engine sums or picks what a report needs of them, or the report is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mktanalytics import store
from mktanalytics.aggregate import Where
from mktanalytics.errors import NotPublishedError, TableError
from mktanalytics.metrics.budget._budget_rows import DIMENSIONS, fiscal_months
from mktanalytics.metrics.survey.survey_answers import RECOMMEND_WORDS, SATISFACTION_WORDS
from mktanalytics.settings_file import load_settings
from mktanalytics.tables import table

MOST_ROWS = 1_000_000  # of a table in pandas: a second and some hundred MB
NEVER_ADDED = ("month", "period", "currency")  # every sum keeps these apart
# what tells vouchers apart in a budget
SPEND_CUTS = (*DIMENSIONS, "status")
FOREVER = pd.Timestamp(9999, 12, 31)
PRICE_MONTHS = 3  # shelf prices are compared over the report's month and the two before it


def report_table(
    name: str, month: pd.Timestamp, *, by: Sequence[str] = (), regions: Sequence[str] = ()
) -> pd.DataFrame:
    """A table as a report takes it: its rows or, where these are more than a million, what the report needs of them.

    Parameters
    ----------
    month : the report's.
    by : the columns by which the report cuts this table's sums; without them it takes rows.
    regions : only these, of a table that has regions; all by default.

    Returns
    -------
    The rows; or sums of the additive columns, in which returns, zeros, blanks and lines without a day stay apart, so
    that every figure comes out as from the rows: `date` is then the last day, `rows` how many rows a sum is of.

    Raises
    ------
    NotPublishedError
        More than a million rows remain.
    TableError
        The engine's table is not the one that was cleaned.
    """
    where: dict[str, Any] = {"region": list(regions)} if regions and "region" in table(name).names else {}
    if store.row_count(name) > MOST_ROWS:
        return _sums(name, by, where) if by else _rows(name, where | _needed(name, month))
    rows = store.load_or_empty(name)
    return rows[rows["region"].isin(where["region"])].reset_index(drop=True) if where else rows


def rows_behind(
    name: str, sums: pd.DataFrame, keys: pd.DataFrame, month: pd.Timestamp
) -> pd.DataFrame | None:
    """The rows of the fiscal year to date behind some keys of a table that may have been summed; None if too many.

    Parameters
    ----------
    sums : what `report_table` gave, or a part of it: no row that is not in it is returned.
    keys : the columns and values wanted.
    """
    if "rows" not in sums:
        return sums
    start = fiscal_months(month, load_settings().fiscal_year_start)[0]
    where: dict[str, Any] = {"month": (start, month)}
    # a word such as 未注明 stands for blanks, which no condition finds
    where |= {str(k): list(keys[k].unique()) for k in keys if k in sums and keys[k].isin(sums[k]).all()}
    if _count(name, where) > MOST_ROWS:
        return None
    parts = [
        c for c in sums if c in table(name).names and not table(name).column(c).is_number and c != "date"
    ]
    return store.load(name, where=where).merge(sums[parts].drop_duplicates(), on=parts)


def _sums(name: str, by: Sequence[str], where: Where) -> pd.DataFrame:
    kind = table(name)
    keys = [c for c in kind.names if c in (*NEVER_ADDED, *by, *where)]
    dates = [c for c in ("date",) if c in kind.names]
    sums = store.rollup(
        name, by=keys, measures=kind.additive, apart=[*kind.additive, *dates], last=dates, where=where, most=MOST_ROWS + 1
    )  # fmt: skip
    if len(sums) > MOST_ROWS:
        raise _too_large(name, keys)
    if load_settings().engine != "duckdb":
        _same_rows(name, int(sums["rows"].sum()), _count(name, where))
    return sums.rename(columns={f"{d}_last": d for d in dates})[[*dates, *keys, *kind.additive, "rows"]]


def _rows(name: str, where: Where) -> pd.DataFrame:
    if _count(name, where) > MOST_ROWS:
        raise _too_large(name, list(where))
    return store.load(name, where=where)


def _needed(name: str, month: pd.Timestamp) -> dict[str, Any]:
    """Which rows of a table that can't be summed the reports read."""
    if name == "competitor_prices":
        return {"date": (month - pd.DateOffset(months=PRICE_MONTHS - 1), FOREVER)}
    if name == "survey":
        asked = store.rollup(name, by=["question"], measures=[], engine="duckdb")["question"].dropna()
        words = "|".join((*SATISFACTION_WORDS, *RECOMMEND_WORDS))
        return {"question": asked[asked.str.lower().str.contains(words)].tolist()}
    return {}


def _count(name: str, where: Where) -> int:
    return int(store.rollup(name, by=[], measures=[], where=where, engine="duckdb")["rows"].iloc[0])


def _same_rows(name: str, summed: int, cleaned: int) -> None:
    if summed != cleaned:
        raise TableError(
            (f"引擎中的表 {name} 不是最近一次清洗的结果", f"the engine's table {name} is not the one cleaned last"),
            found=(f"{summed:,} 行", f"{summed:,} rows"), expected=(f"{cleaned:,} 行", f"{cleaned:,} rows"),
            todo=("重新发布，方法见 docs/engines.md", "publish it again; docs/engines.md shows how"),
        )  # fmt: skip


def _too_large(name: str, columns: Sequence[str]) -> NotPublishedError:
    kind, rows = table(name), f"{store.row_count(name):,}"
    zh = "、".join(kind.column(c).zh for c in columns) or "全部行"
    en = ", ".join(kind.column(c).en for c in columns) or "every row"
    return NotPublishedError(
        (f"数据表“{kind.zh}”太大，无法在内存中计算", f"the table {kind.en} is too large to compute in memory"),
        found=(f"{rows} 行；按 {zh} 汇总或筛选后仍超过上限", f"{rows} rows; by {en} too many remain"),
        expected=(f"不超过 {MOST_ROWS:,} 行", f"at most {MOST_ROWS:,} rows"),
        todo=("按月汇总后再放进 data/raw，或只做部分区域的报告", "deliver it summed by month, or report on some regions only"),
    )  # fmt: skip
