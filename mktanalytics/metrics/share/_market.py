"""From market rows to segment cells: one source, one vintage, totals apart from parts, gaps counted.

A *cell* is one month of the finest segment the source gives (region x category x channel). Its market is
the printed 合计, or the sum of its brands where none is printed. Everything a share needs is summed from
cells, so that a segment missing from the total cannot hide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._days import stamps
from mktanalytics.metrics._edges import net_sums
from mktanalytics.metrics._months import month_numbers
from mktanalytics.metrics._plain import need_one_kind
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import need_columns, need_numbers

TOTAL, OTHERS = "合计", "其他"
DIMENSIONS = ("region", "category", "channel")
# a row named so speaks of all members of its dimension
TOTAL_WORDS = frozenset(
    {
        "合计",
        "总计",
        "总体",
        "全部",
        "全国",
        "全渠道",
        "全品类",
        "全部渠道",
        "全部品类",
        "整体",
        "total",
        "all",
        "national",
    }
)
NEAR = 1e-9  # relative; printed totals carry cents


@dataclass(frozen=True)
class Cells:
    """Brand and market values by cell; `m` is the month number."""

    brands: pd.DataFrame  # m, dimensions, brand, value
    markets: pd.DataFrame  # m, dimensions, market, printed (bool), known (sum of the brands)
    dimensions: list[str]
    months: list[int]  # every month the source has
    mixed: bool  # months come from different vintages although they were restated
    note: str


def choose_source(market: pd.DataFrame, source: str | None) -> tuple[pd.DataFrame, str]:
    """The rows of one source and a note that names it; without a choice, the one with most rows (methods 1.4)."""
    if "source" not in market.columns or market["source"].isna().all():
        if source:
            raise MetricError(
                ("没有这个来源", "no such source"),
                found=("数据中未注明来源", "no source named in the data"),
                expected=source,
            )
        return market, ""
    names = market["source"].fillna("").astype(str)
    counts = names.value_counts()
    if source:
        if source not in counts.index:
            raise MetricError(
                ("没有这个来源", "no such source"),
                found=", ".join(sorted(counts.index)),
                expected=source,
                todo=("请用其中之一", "name one of these"),
            )
        return market[names == source], say("source", source)
    chosen = min(counts.index, key=lambda name: (-counts[name], name))
    note = say("source_chosen", chosen) if len(counts) > 1 else ""
    return market[names == chosen], note


def choose_vintage(rows: pd.DataFrame, months: Iterable[int]) -> tuple[pd.DataFrame, bool, str]:
    """Rows of the newest vintage that holds all of `months`; else each month's newest (methods 1.4).

    Returns the rows, whether several vintages had to be mixed although months were restated, and a note.
    """
    if "vintage" not in rows.columns or rows["vintage"].isna().all():
        return rows, False, ""
    dated = stamps(rows["vintage"]).fillna(pd.Timestamp(1900, 1, 1))  # an undated vintage is the oldest
    held = pd.DataFrame({"m": rows["m"], "v": dated}).drop_duplicates()
    if not held["m"].duplicated().any():
        return rows, False, ""  # every month published once: nothing was restated
    wanted = set(months) & set(held["m"])
    for vintage in sorted(held["v"].unique(), reverse=True):
        if wanted <= set(held.loc[held["v"] == vintage, "m"]):
            return rows[dated == vintage], False, say("vintage", pd.Timestamp(vintage).date())
    newest = held.groupby("m")["v"].max()
    return rows[dated == rows["m"].map(newest)], True, say("mixed_vintages")


def is_total(values: pd.Series) -> pd.Series:
    """Whether each member name speaks of its whole dimension; a missing name does too."""
    return values.isna() | values.astype("str").str.strip().str.lower().isin(TOTAL_WORDS)


def fold_totals(rows: pd.DataFrame, dimensions: Sequence[str], by: Sequence[str]) -> pd.DataFrame:
    """`rows` without double counting: per dimension either the printed totals or their parts, never both.

    A dimension in `by` keeps its parts. Elsewhere the totals are taken where every brand of the
    segment has one; otherwise the parts, and the total of a brand that has no parts.
    """
    for dimension in dimensions:
        total = is_total(rows[dimension])
        if total.all() or not total.any():
            continue
        if dimension in by:
            rows = rows[~total]
            continue
        others = ["m", *(d for d in dimensions if d != dimension)]
        keys = [rows[c] for c in others]
        whole = rows["brand"].where(total).groupby(keys, dropna=False).transform("nunique")
        complete = whole == rows["brand"].groupby(keys, dropna=False).transform("nunique")
        parted = (~total).groupby([*keys, rows["brand"]], dropna=False).transform("any")
        rows = rows[total.where(complete | ~parted, ~total)]
    return rows


def of_period(market: pd.DataFrame, period: str) -> pd.DataFrame:
    """The rows of one period length: a quarter's figures are never added to a month's."""
    lengths = market["period"].fillna("month")
    rows = market[lengths == period]
    if rows.empty and len(market):
        raise MetricError(
            (
                f"市场数据没有期间长度为 {period} 的行",
                f"the market data have no rows of the period {period!r}",
            ),
            found=", ".join(sorted(set(lengths.astype(str)))),
            expected=period,
            todo=(
                "改用已有的期间长度，或提供月度数据",
                "ask for a period that is there, or deliver the data by month",
            ),
        )
    return rows


def market_rows(
    market: pd.DataFrame, measure: str, months: Iterable[int], source: str | None, period: str = "month"
) -> tuple[pd.DataFrame, bool, str]:
    """Rows of one period length, source and vintage that hold `measure`, with the month number `m`."""
    need_columns(market, ["month", "brand", measure], metric="market_share")
    need_numbers(market, [measure], metric="market_share")
    need_one_kind(market, ["brand"], metric="market_share")
    rows, months = market, list(months)
    if "period" in rows.columns:
        rows = of_period(rows, period)
    rows, source_note = choose_source(rows, source)
    rows = rows.assign(m=month_numbers(rows["month"]))
    rows = rows[rows["m"].notna() & rows[measure].notna() & rows["brand"].notna()]
    rows = rows.assign(m=rows["m"].astype("int64"))
    currency_of(rows, measure=measure)
    rows, mixed, vintage_note = choose_vintage(rows, months)
    return rows, mixed, join(source_note, vintage_note, _coverage(rows[rows["m"].isin(list(months))]))


def _coverage(rows: pd.DataFrame) -> str:
    """A note where the source says that it sees only part of the market."""
    if "coverage" not in rows.columns:
        return ""
    parts = sorted(set(rows["coverage"].dropna()))
    if not parts or parts == [1.0]:
        return ""
    ends = [f"{round(100 * p, 1):g}%" for p in (parts[0], parts[-1])]
    return say("coverage", "–".join(dict.fromkeys(ends)))


def market_cells(
    market: pd.DataFrame,
    *,
    measure: str,
    by: Sequence[str],
    months: Iterable[int],
    source: str | None = None,
    period: str = "month",
) -> Cells:
    """The cells of `market` for one additive measure (`amount` or `units`)."""
    need_columns(market, ["month", "brand", *by, measure], metric="market_share")
    rows, mixed, note = market_rows(market, measure, months, source, period)
    dimensions = [*by, *(d for d in DIMENSIONS if d in market.columns and d not in by)]
    rows = fold_totals(rows, dimensions, by)
    cell = ["m", *dimensions]
    rows = rows.assign(**{d: rows[d].astype("str").fillna("") for d in dimensions})
    total = rows["brand"].astype("str").str.strip().isin(TOTAL_WORDS)
    brands = net_sums(rows[~total], [*cell, "brand"], measure).rename("value").reset_index()
    known = brands.groupby(cell)["value"].sum().rename("known")
    printed = rows[total].groupby(cell)[measure].sum().rename("market")
    both = pd.concat([printed, known], axis=1).reset_index()
    both["printed"] = both["market"].notna()
    both["market"] = both["market"].where(both["printed"], both["known"])
    brands = _with_remainder(brands, both, cell)
    return Cells(brands, both, dimensions, sorted(set(rows["m"].tolist())), mixed, note)


def _with_remainder(brands: pd.DataFrame, markets: pd.DataFrame, cell: list[str]) -> pd.DataFrame:
    """`brands` with what a printed total holds beyond them as 其他 (methods 1.4)."""
    rest = markets["market"] - markets["known"].fillna(0)
    more = markets["printed"] & (rest > NEAR * markets["market"].abs())
    extra = markets.loc[more, cell].assign(brand=OTHERS, value=rest[more])
    if extra.empty:
        return brands
    return pd.concat([brands, extra]).groupby([*cell, "brand"])["value"].sum().reset_index()


def gaps(
    frame: pd.DataFrame, keys: Sequence[str], months: Sequence[int], data_months: Sequence[int]
) -> pd.DataFrame:
    """`keys` + `m` of every month in `months` that a key should have and has not (methods 0.6).

    A month is a gap between a key's first and last one, and also when a key seen the month before the
    data end is absent in the last month, unless it was reorganised away (see `_successors`).
    Before a key's first month it did not exist. Months the source lacks altogether are not counted here.
    """
    keys = list(keys)
    columns = [*keys, "m"]
    seen = frame[columns].drop_duplicates()
    held = set(data_months)
    wanted = [m for m in months if m in held]
    if seen.empty or not wanted or not keys:
        return seen.iloc[:0]
    life = seen.groupby(keys)["m"].agg(["min", "max"]).reset_index()
    end = max(held)
    life["_moved"] = _successors(life, keys, end)
    grid = life.merge(pd.DataFrame({"m": wanted}), how="cross")
    inner = (grid["min"] < grid["m"]) & (grid["m"] < grid["max"])
    late = (grid["m"] == end) & (grid["max"] == end - 1) & ~grid["_moved"]
    grid = grid[inner | late].merge(seen.assign(_here=True), on=columns, how="left")
    return grid.loc[grid["_here"].isna(), columns]


def _successors(life: pd.DataFrame, keys: list[str], end: int) -> pd.Series:
    """Whether a key that starts in `end` differs from this one in a single segment column (华中 became 中南)."""
    born = life[life["min"] == end]
    moved = pd.Series(False, index=life.index)
    for column in keys:
        others = [k for k in keys if k != column]
        if column == "brand" or born.empty:
            continue
        if not others:
            return pd.Series(True, index=life.index)
        moved |= pd.MultiIndex.from_frame(life[others]).isin(pd.MultiIndex.from_frame(born[others]))
    return moved


def count_by(frame: pd.DataFrame, keys: Sequence[str], index: pd.DataFrame) -> npt.NDArray[np.int64]:
    """How many rows of `frame` fall on each row of `index` (by `keys`)."""
    keys = list(keys)
    if not keys:
        return np.full(len(index), len(frame), dtype="int64")
    counts = frame.groupby(keys).size().rename("_n").reset_index()
    return index[keys].merge(counts, on=keys, how="left")["_n"].fillna(0).to_numpy(dtype="int64")
