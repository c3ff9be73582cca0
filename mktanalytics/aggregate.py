"""The one expression that grows with the rows: group, sum and count a lazy frame, whichever engine runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add, or_
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from mktanalytics.errors import TableError

Value = str | int | float | bool | dt.date
Where = Mapping[str, Value | Sequence[Value]]

# Sums of floats depend on the order of rows, and engines choose their own. Whole millionths add up the same in any.
_STEP = 1_000_000
# The kinds of row that stay apart are one number, a digit for each column: one key to group by is faster than one for each.
_KIND = "_kind"
_MISSING, _BELOW, _ZERO, _ABOVE = range(4)
_KINDS = 4


def aggregate(
    frame: nw.LazyFrame[Any],
    by: Sequence[str],
    measures: Sequence[str],
    where: Where,
    *,
    distinct: Sequence[str] = (),
    apart: Sequence[str] = (),
    last: Sequence[str] = (),
    most: int | None = None,
) -> pd.DataFrame:
    """One row per combination of `by`: sums and counts of the measures, and the number of rows (`store.rollup`)."""
    schema = frame.collect_schema()
    for column, wanted in where.items():
        frame = frame.filter(_condition(column, wanted, is_time=schema[column] == nw.Datetime))
    if apart:
        digits = [_digit(c, _KINDS**i, is_number=schema[c].is_numeric()) for i, c in enumerate(apart)]
        frame = frame.with_columns(reduce(add, digits).alias(_KIND))
    groups = [*by, *([_KIND] if apart else [])]
    result = _grouped(frame, groups, [
        *(_millionths(m).sum().cast(nw.Float64).alias(m) for m in measures),
        *(_count(m, f"{m}_n") for m in measures if m not in apart),
        *(nw.col(c).max().alias(f"{c}_last") for c in last),
        _rows("rows"),
    ])  # fmt: skip
    small = _collected(result if most is None else result.head(most))
    for column in distinct:
        small = _with_different(small, frame, groups, column)
    small = _tidy(small, measures, apart)
    keys = [*by, *(f"{c}_sign" for c in apart)]
    sums = [x for m in measures for x in (m, f"{m}_n")]
    small = small[[*keys, *sums, *(f"{c}_distinct" for c in distinct), *(f"{c}_last" for c in last), "rows"]]
    return small.sort_values(keys, kind="stable", ignore_index=True) if keys else small


def _grouped(
    frame: nw.LazyFrame[Any], groups: Sequence[str], figures: Sequence[nw.Expr]
) -> nw.LazyFrame[Any]:
    return frame.group_by(*groups).agg(*figures) if groups else frame.select(*figures)


def _collected(result: nw.LazyFrame[Any]) -> pd.DataFrame:
    small: pd.DataFrame = result.collect("pyarrow").to_pandas()
    return small


def _rows(name: str) -> nw.Expr:
    count: nw.Expr = nw.len().cast(nw.Int64).alias(name)
    return count


def _count(column: str, name: str) -> nw.Expr:
    count: nw.Expr = nw.col(column).count().cast(nw.Int64).alias(name)
    return count


def _millionths(measure: str) -> nw.Expr:
    whole: nw.Expr = (nw.col(measure) * _STEP + 0.5).floor().cast(nw.Int64)
    return whole


def _with_different(
    small: pd.DataFrame, frame: nw.LazyFrame[Any], groups: Sequence[str], column: str
) -> pd.DataFrame:
    """How many different values each group has, blanks being none: a query that any engine understands, and may spill."""
    name, pairs = f"{column}_distinct", frame.group_by(*dict.fromkeys([*groups, column])).agg(_rows("_rows"))
    figures = [_count(column, name), nw.col("_rows").sum().cast(nw.Int64)]
    counts = _collected(_grouped(pairs, groups, figures))
    small = small.merge(counts, how="left", on=[*groups]) if groups else small.join(counts)
    if (small["_rows"].fillna(0) != small["rows"]).any():
        raise _changed()
    return small.drop(columns="_rows")


def _changed() -> TableError:
    return TableError(
        ("表在统计期间被更换", "the table changed while it was counted"),
        todo=("更换结束后再试", "try again when that has ended"),
    )


def _digit(column: str, place: int, *, is_number: bool) -> nw.Expr:
    """Whether a value is missing, below, at or above zero, as a digit in its place; what is no number is above."""
    value = nw.col(column)
    below, zero, above = (nw.lit(digit * place) for digit in (_BELOW, _ZERO, _ABOVE))
    if not is_number:
        given: nw.Expr = nw.when(value.is_null()).then(nw.lit(_MISSING)).otherwise(above)
        return given
    other = (
        nw.when(value < 0).then(below).otherwise(nw.when(value == 0).then(zero).otherwise(nw.lit(_MISSING)))
    )
    sign: nw.Expr = nw.when(value > 0).then(above).otherwise(other)
    return sign


def _condition(column: str, wanted: Value | Sequence[Value], *, is_time: bool) -> nw.Expr:
    def fit(value: Any) -> Any:
        return pd.Timestamp(value).to_pydatetime() if is_time else value

    if isinstance(wanted, tuple) and len(wanted) == 2:
        return nw.col(column).is_between(fit(wanted[0]), fit(wanted[1]), closed="both")
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        values = [fit(v) for v in wanted]
        if column != "month" or not is_time or not values:
            return nw.col(column).is_in(values)
        runs = [nw.col(column).is_between(first, last, closed="both") for first, last in _runs(values)]
        return reduce(or_, runs)
    equal: nw.Expr = nw.col(column) == fit(wanted)
    return equal


def _runs(months: Sequence[dt.datetime]) -> list[tuple[dt.datetime, dt.datetime]]:
    """First and last of each run of months: a range is faster to look for than a list, and months begin with their first day."""
    runs: list[tuple[dt.datetime, dt.datetime]] = []
    for month in sorted(set(months)):
        if runs and month == runs[-1][1] + pd.DateOffset(months=1):
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def _tidy(small: pd.DataFrame, measures: Sequence[str], apart: Sequence[str]) -> pd.DataFrame:
    for i, c in enumerate(apart):
        digit = small[_KIND] // _KINDS**i % _KINDS
        small[f"{c}_sign"] = (digit - float(_ZERO)).where(digit != _MISSING)
    for m in measures:
        if m in apart:  # each group has it in every row or in none
            small[f"{m}_n"] = small["rows"].where(small[f"{m}_sign"].notna(), 0)
        # engines differ in what the sum of nothing is
        small[m] = (small[m] / _STEP).where(small[f"{m}_n"] > 0)
    for column in small:
        if isinstance(small[column].dtype, pd.DatetimeTZDtype):  # Spark's have a time zone
            small[column] = small[column].dt.tz_localize(None)
    return small
