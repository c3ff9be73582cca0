"""What a metric is given is of the kind its annotations say, or it says so in a sentence, not from its depths."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, wraps
from numbers import Integral, Real
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from mktanalytics.errors import MetricError
from mktanalytics.metrics._plain import need_plain

P = ParamSpec("P")
R = TypeVar("R")


def checked(metric: Callable[P, R]) -> Callable[P, R]:
    """`metric`, which refuses arguments of another kind than annotated by a `MetricError` that names them.

    >>> @checked
    ... def doubled(values: Sequence[float]) -> list[float]:
    ...     return [2 * v for v in values]
    >>> doubled([1.5])
    [3.0]
    >>> doubled("1.5")
    Traceback (most recent call last):
    mktanalytics.errors.MetricError: doubled：参数 values 类型不对；实际：'1.5'；应为：数值序列。→ 请改正参数
    """
    signature = inspect.signature(metric)

    @wraps(metric)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            kind = _kinds(metric)[name]
            if not _is(value, kind):
                raise _refusal(metric.__name__, name, value, kind)
            if isinstance(value, pd.DataFrame):
                need_plain(value, metric.__name__)
        return metric(*args, **kwargs)

    return call


@cache
def _kinds(metric: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(metric)


def _is(value: object, kind: Any) -> bool:
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return any(_is(value, k) for k in args)
    if origin is Literal:
        return isinstance(value, str) and value in args
    if origin is Callable:
        return callable(value)
    if origin is tuple:
        return _is_tuple(value, args)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            _is(k, args[0]) and _is(v, args[1]) for k, v in value.items()
        )
    if origin is np.ndarray:
        return _is_row_of_numbers(value, missing=False)
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return _is_row(value, args[0])
    return _is_plain(value, kind)


def _is_plain(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, Real) and not isinstance(value, bool | np.bool_)
    if kind is int:
        return isinstance(value, Integral) and not isinstance(value, bool | np.bool_)
    if kind is bool:
        return isinstance(value, bool | np.bool_)
    return kind is Any or not isinstance(kind, type) or isinstance(value, kind)


def _is_tuple(value: object, kinds: tuple[Any, ...]) -> bool:
    if not isinstance(value, list | tuple):
        return False
    if kinds[1:] == (...,):
        return all(_is(v, kinds[0]) for v in value)
    return len(value) == len(kinds) and all(_is(v, k) for v, k in zip(value, kinds, strict=True))


def _is_row(value: object, kind: Any) -> bool:
    """Whether it is a sequence of such: a text is no sequence of texts, nor a table of numbers."""
    if isinstance(value, str | bytes | Mapping | pd.DataFrame) or not isinstance(value, Iterable):
        return False
    if kind in (float, int):
        return _is_row_of_numbers(value, missing=kind is float)
    return not isinstance(value, Collection) or all(_is(v, kind) for v in value)  # an iterator is read once


def _is_row_of_numbers(value: object, *, missing: bool) -> bool:
    if not isinstance(value, Sequence | np.ndarray | pd.Series | pd.Index) or isinstance(value, str | bytes):
        return False
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.dtype.kind in "iufb"
    if isinstance(value, pd.Series | pd.Index) and is_numeric_dtype(value):
        return True  # to ask each of a million values takes a quarter of a second
    return all(isinstance(v, Real) or (missing and (v is None or v is pd.NA)) for v in value)


def _refusal(metric: str, name: str, value: object, kind: Any) -> MetricError:
    return MetricError(
        (f"{metric}：参数 {name} 类型不对", f"{metric}: the argument {name} is of another kind"),
        found=_seen(value),
        expected=(_called(kind, 0), _called(kind, 1)),
        todo=("请改正参数", "correct the argument"),
    )


def _seen(value: object) -> str:
    if isinstance(value, str | int | float | None):
        return repr(value)
    if isinstance(value, pd.DataFrame | pd.Series | np.ndarray):
        return f"{type(value).__name__} {value.shape}"
    shown = repr(value)
    return f"{type(value).__name__} {shown}" if len(shown) <= 60 else f"{type(value).__name__} {shown[:57]}…"


_WORDS: dict[Any, tuple[str, str]] = {
    pd.DataFrame: ("数据表（DataFrame）", "a table (DataFrame)"),
    pd.Series: ("一列（Series）", "a column (Series)"),
    str: ("文字", "text"),
    float: ("数值", "a number"),
    int: ("整数", "a whole number"),
    bool: ("True 或 False", "True or False"),
    types.NoneType: ("None", "None"),
}


def _called(kind: Any, language: int) -> str:
    """What a kind of argument is called, in Chinese (0) or English (1)."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in _WORDS:
        return _WORDS[kind][language]
    if origin in (Union, types.UnionType):
        return ("或", " or ")[language].join(dict.fromkeys(_called(k, language) for k in args))
    if origin is Literal:
        return ", ".join(map(str, args))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return (f"对照表（{_called(args[0], 0)}：{_called(args[1], 0)}）", f"a mapping of {_called(args[0], 1)} to {_called(args[1], 1)}")[language]  # fmt: skip
    if origin is np.ndarray or (isinstance(origin, type) and args and args[0] in (float, int)):
        return ("数值序列", "a row of numbers")[language]
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return (f"{_called(args[0], 0)}的序列", f"a row of: {_called(args[0], 1)}")[language]
    return getattr(kind, "__name__", str(kind))
