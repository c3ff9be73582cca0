"""The one expression that grows with the rows: group, sum and count a lazy frame, whichever engine runs it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

Value = str | int | float | bool | dt.date
Where = Mapping[str, Value | Sequence[Value]]

# Sums of floats depend on the order of rows, and engines choose their own. Whole millionths add up the same in any.
_STEP = 1_000_000


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
    keys = [*by, *(f"{c}_sign" for c in apart)]
    figures = [
        *(_millionths(m).sum().cast(nw.Float64).alias(m) for m in measures),
        *(nw.col(m).count().cast(nw.Int64).alias(f"{m}_n") for m in measures if m not in apart),
        *(_different(c).cast(nw.Int64).alias(f"{c}_distinct") for c in distinct),
        *(nw.col(c).max().alias(f"{c}_last") for c in last),
        nw.len().cast(nw.Int64).alias("rows"),
    ]
    if apart:
        signs = [_sign(c, is_number=schema[c].is_numeric()).alias(f"{c}_sign") for c in apart]
        frame = frame.with_columns(*signs)
    result = frame.group_by(*keys).agg(*figures) if keys else frame.select(*figures)
    if most is not None:
        result = result.head(most)
    small = _tidy(result.collect("pyarrow").to_pandas(), measures, distinct, apart)
    sums = [x for m in measures for x in (m, f"{m}_n")]
    small = small[[*keys, *sums, *(f"{c}_distinct" for c in distinct), *(f"{c}_last" for c in last), "rows"]]
    return small.sort_values(keys, kind="stable", ignore_index=True) if keys else small


def _millionths(measure: str) -> nw.Expr:
    whole: nw.Expr = (nw.col(measure) * _STEP + 0.5).floor().cast(nw.Int64)
    return whole


def _different(column: str) -> nw.Expr:
    """How many different values; a blank is nobody, and narwhals counts it as one."""
    blank = nw.when(nw.col(column).is_null()).then(nw.lit(1)).otherwise(nw.lit(0))
    count: nw.Expr = nw.col(column).n_unique() - blank.max()
    return count


def _sign(column: str, *, is_number: bool) -> nw.Expr:
    """-1, 0 or 1, in a byte, as it is a key; of anything that is no number 1; missing where it is missing."""
    value = nw.col(column)
    if not is_number:
        given: nw.Expr = nw.when(~value.is_null()).then(_byte(1))
        return given
    other = nw.when(value < 0).then(_byte(-1)).otherwise(nw.when(value == 0).then(_byte(0)))
    sign: nw.Expr = nw.when(value > 0).then(_byte(1)).otherwise(other)
    return sign


def _byte(number: int) -> nw.Expr:
    literal: nw.Expr = nw.lit(number, nw.Int8)
    return literal


def _condition(column: str, wanted: Value | Sequence[Value], *, is_time: bool) -> nw.Expr:
    def fit(value: Any) -> Any:
        return pd.Timestamp(value).to_pydatetime() if is_time else value

    if isinstance(wanted, tuple) and len(wanted) == 2:
        return nw.col(column).is_between(fit(wanted[0]), fit(wanted[1]), closed="both")
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return nw.col(column).is_in([fit(v) for v in wanted])
    equal: nw.Expr = nw.col(column) == fit(wanted)
    return equal


def _tidy(
    small: pd.DataFrame, measures: Sequence[str], distinct: Sequence[str], apart: Sequence[str]
) -> pd.DataFrame:
    for c in distinct:
        small[f"{c}_distinct"] = small[f"{c}_distinct"].fillna(0).astype("int64")  # of no row at all
    for c in apart:
        small[f"{c}_sign"] = small[f"{c}_sign"].astype("float64")  # whether or not one is missing
    for m in measures:
        if m in apart:  # each group has it in every row or in none
            small[f"{m}_n"] = small["rows"].where(small[f"{m}_sign"].notna(), 0)
        # engines differ in what the sum of nothing is
        small[m] = (small[m] / _STEP).where(small[f"{m}_n"] > 0)
    for column in small:
        if isinstance(small[column].dtype, pd.DatetimeTZDtype):  # Spark's have a time zone
            small[column] = small[column].dt.tz_localize(None)
    return small
