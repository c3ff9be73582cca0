"""What every metric expects of a table: one row of column names, each once, and single values in the cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import pandas as pd
from pandas.api.types import is_object_dtype

from mktanalytics.errors import MetricError


def need_plain(frame: pd.DataFrame, metric: str) -> None:
    """Raise `MetricError` where the columns have names of several rows or one name twice, or cells hold lists."""
    if frame.columns.nlevels > 1:
        raise MetricError(
            (f"{metric}：列名有多层", f"{metric}: the names of the columns have several levels"),
            found=", ".join(map(str, frame.columns[:3])),
            expected=("每列一个名字", "one name for each column"),
            todo=("请合并为一层", "join them into one"),
        )
    twice = frame.columns[frame.columns.duplicated()].unique()
    if len(twice):
        raise MetricError(
            (f"{metric}：有重名列", f"{metric}: two columns have one name"),
            found=", ".join(map(str, twice)),
            expected=("每列一个名字", "a name of its own for each column"),
            todo=("请删去或改名", "drop or rename them"),
        )
    for name in (c for c, kind in frame.dtypes.items() if is_object_dtype(kind)):
        if strange := next(filter(_is_no_value, set(map(type, frame[name]))), None):
            raise MetricError(
                (f"{metric}：{name} 的单元格不是单个值", f"{metric}: cells of {name} hold no single values"),
                found=strange.__name__,
                expected=("文字、数值或日期", "texts, numbers or dates"),
                todo=("请拆成多行或多列", "split them into rows or columns"),
            )


def _is_no_value(kind: type) -> bool:
    return issubclass(kind, Collection | Callable) and not issubclass(kind, str | bytes)


def need_one_kind(frame: pd.DataFrame, columns: Sequence[str], *, metric: str) -> None:
    """Raise `MetricError` where a column holds texts among other values: they have no order, and 360 is not "360"."""
    for name in columns:
        if (
            frame[name].dtype == object
            and frame[name].dropna().map(lambda v: isinstance(v, str)).nunique() > 1
        ):
            raise MetricError(
                (f"{metric}：{name} 中文字与其他值混杂", f"{metric}: {name} holds texts among other values"),
                found=", ".join(dict.fromkeys(map(repr, frame[name].dropna().head(3)))),
                expected=("一种值", "values of one kind"),
                todo=("用 astype('str') 统一", "make them one by astype('str')"),
            )
