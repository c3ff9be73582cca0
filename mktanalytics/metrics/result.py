"""A figure is a record, not a float: what it is made of and whether it may be used (methods 0.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from numbers import Number

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from mktanalytics.errors import MetricError
from mktanalytics.language import Words, pick


class Status(StrEnum):
    """Why a figure has a value, or has none."""

    OK = "ok"
    MISSING = "na_missing"
    ZERO_BASE = "na_zero_base"
    NONPOSITIVE_BASE = "na_nonpositive_base"
    INCOMPLETE_PERIOD = "na_incomplete_period"
    SMALL_BASE = "suppressed_small_base"
    NEW = "new"
    DISCONTINUED = "discontinued"
    UNBUDGETED = "unbudgeted"
    CLAMPED = "clamped"
    COVERAGE = "error_coverage"  # own sales exceed the market's total (methods 1.4)


RECORD = ("value", "unit", "status", "numerator", "denominator", "n", "note")
# Units: cny, units, count, fraction (shown as %), pp (a difference of fractions), ratio (×),
# index (100 = base), score, months, days.

MAY_HAVE_VALUE = (Status.OK, Status.CLAMPED, Status.DISCONTINUED)


@dataclass(frozen=True)
class Figure:
    """One figure with its parts; `value` is None whenever the status forbids one."""

    value: float | None
    unit: str
    status: Status = Status.OK
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.value is not None and not np.isfinite(self.value):
            raise MetricError(
                ("参数有缺失或无穷大，得不出数值", "a missing or infinite argument gives no figure"),
                found=str(self.value),
                expected=("有限的数", "finite numbers"),
                todo=("请补齐或改正参数", "complete or correct the arguments"),
            )


def figure(row: pd.Series | dict[str, object]) -> Figure:
    """The `Figure` in one row of a record frame (columns `RECORD`)."""
    parts = {k: row[k] for k in RECORD}

    def number(value: object) -> float | None:
        return None if pd.isna(value) else float(value)  # type: ignore[call-overload,arg-type]

    n = number(parts["n"])
    return Figure(
        number(parts["value"]),
        str(parts["unit"]),
        Status(str(parts["status"])),
        number(parts["numerator"]),
        number(parts["denominator"]),
        None if n is None else int(n),
        str(parts["note"]),
    )


def ratio_frame(
    keys: pd.DataFrame,
    numerator: pd.Series,
    denominator: pd.Series,
    *,
    unit: str = "fraction",
    n: pd.Series | None = None,
) -> pd.DataFrame:
    """`keys` with the seven `RECORD` columns: numerator / denominator, row by row.

    A missing part gives `na_missing`, a zero denominator `na_zero_base`, a negative one
    `na_nonpositive_base`; no row ever holds inf (methods 0.1, 0.2).
    """
    top, bottom = numerator.astype("float64").to_numpy(), denominator.astype("float64").to_numpy()
    status = np.select(
        [np.isnan(top) | np.isnan(bottom), bottom == 0, bottom < 0],
        [Status.MISSING, Status.ZERO_BASE, Status.NONPOSITIVE_BASE],
        default=Status.OK,
    )
    ok = status == Status.OK
    value = np.divide(top, bottom, out=np.full(len(top), np.nan), where=ok)
    out = keys.reset_index(drop=True).copy()
    out["value"], out["unit"], out["status"] = value, unit, pd.array([str(s) for s in status], dtype="str")
    out["numerator"], out["denominator"] = top, bottom
    out["n"] = pd.array([pd.NA] * len(out) if n is None else n.tolist(), dtype="Int64")
    out["note"] = pd.array([""] * len(out), dtype="str")
    return out


def record_frame(
    keys: pd.DataFrame,
    *,
    value: ArrayLike,
    unit: str,
    status: ArrayLike = Status.OK,
    numerator: ArrayLike = np.nan,
    denominator: ArrayLike = np.nan,
    n: ArrayLike | Sequence[object] | None = None,
    note: ArrayLike = "",
) -> pd.DataFrame:
    """`keys` with the seven `RECORD` columns as given; a value whose status forbids one becomes NaN.

    `ok`, `clamped` and `discontinued` (a fall of 100 %) may have a value; a missing or infinite value
    that claims to be `ok` or `clamped` becomes `na_missing`, so that no frame ever holds inf.
    """
    out, size = keys.reset_index(drop=True).copy(), len(keys)
    numbers = np.broadcast_to(np.asarray(value, dtype="float64"), size).copy()
    states = np.broadcast_to(np.asarray(status, dtype=object), size)
    words = np.array([str(Status(s)) for s in states], dtype=object)
    allowed = np.isin(words, [str(s) for s in MAY_HAVE_VALUE])
    words[allowed & ~np.isfinite(numbers) & (words != str(Status.DISCONTINUED))] = str(Status.MISSING)
    numbers[~allowed | ~np.isfinite(numbers)] = np.nan
    out["value"], out["unit"], out["status"] = numbers, unit, pd.array(words, dtype="str")
    out["numerator"] = np.broadcast_to(np.asarray(numerator, dtype="float64"), size).copy()
    out["denominator"] = np.broadcast_to(np.asarray(denominator, dtype="float64"), size).copy()
    counts = [pd.NA] * size if n is None else np.broadcast_to(np.asarray(n, dtype=object), size).tolist()
    out["n"] = pd.array(counts, dtype="Int64")
    out["note"] = pd.array(np.broadcast_to(np.asarray(note, dtype=object), size), dtype="str")
    return out


def need_columns(frame: pd.DataFrame, columns: Sequence[str], *, metric: str) -> None:
    """Raise `MetricError` naming the columns that `metric` needs and `frame` lacks."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise MetricError(
            (
                f"{metric} 缺少列 {'、'.join(missing)}",
                f"{metric} needs the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
            ),
            found=", ".join(map(str, frame.columns)) or ("没有任何列", "a frame without columns"),
            expected=", ".join(columns),
            todo=("请改列名，或用 mk.load() 载入", "rename your columns, or load the table with mk.load()"),
        )


def need_numbers(frame: pd.DataFrame, columns: Sequence[str], *, metric: str) -> None:
    """Raise `MetricError` naming what `metric` lacks, or the first of `columns` that doesn't hold numbers."""
    need_columns(frame, columns, metric=metric)
    for name in columns:
        column = frame[name]
        if not pd.api.types.is_numeric_dtype(column) and not column.dropna().map(_is_number).all():
            raise MetricError(
                (f"{metric}：{name} 须为数值", f"{metric} needs numbers in {name}"),
                found=", ".join(dict.fromkeys(map(str, column.dropna().head(3)))),
                expected=("数值列", "a numeric column"),
                todo=("用 pd.to_numeric 转换", "convert it by pd.to_numeric"),
            )


def _is_number(value: object) -> bool:
    return isinstance(value, Number)


def need_known(value: str | Iterable[str], allowed: Iterable[str], what: Words) -> None:
    """Raise `MetricError` naming the value (or those of several) that is none of the `allowed`."""
    listed = list(allowed)
    strange = sorted({str(v) for v in ([value] if isinstance(value, str) else value)} - set(listed))
    if strange:
        raise MetricError(
            (f"未知的{pick(what, 'zh')}", f"unknown {pick(what, 'en')}"),
            found=", ".join(strange),
            expected=", ".join(listed),
            todo=("请用其中之一", "use one of them"),
        )


def figure_column(values: Iterable[Figure], index: pd.Index) -> pd.Series:
    """Figures as a column of a frame with that index."""
    return pd.Series(list(values), index=index, dtype=object)


def dimensions(by: str | Sequence[str]) -> list[str]:
    """The names of dimensions, of which one may be given by its name alone.

    >>> dimensions("region"), dimensions(("region", "brand"))
    (['region'], ['region', 'brand'])
    """
    return [by] if isinstance(by, str) else list(by)


def some_dimensions(by: str | Sequence[str], *, metric: str) -> list[str]:
    """The names of dimensions for a metric that needs at least one; without any, a `MetricError`.

    >>> some_dimensions("brand", metric="price_comparison")
    ['brand']
    """
    names = dimensions(by)
    if not names:
        raise MetricError(
            (f"{metric} 需要至少一个维度", f"{metric} needs a dimension"),
            found="by = []",
            expected=("列名，如 brand", "the name of a column, such as brand"),
            todo=("请用 by 指定", "name it in by"),
        )
    return names


def as_row(result: Figure) -> dict[str, object]:
    """A `Figure` as a row for a record frame."""
    return asdict(result) | {"status": str(result.status)}
