"""Every metric with what it can't work with: a missing column, text for numbers, a column for a table, a word nobody
knows. It answers with a `MetricError` in both languages, or with a result; never with an error from its depths."""

from __future__ import annotations

import doctest
import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mktanalytics import metrics
from mktanalytics.errors import MetricError, MktError
from mktanalytics.metrics._arguments import checked

pytestmark = pytest.mark.filterwarnings("ignore")  # what a metric makes of nonsense may warn
OTHER: dict[str, Any] = {
    "none": None,
    "word": "没有这个词",
    "text": "",
    "number": 3,
    "below zero": -1,
    "not a number": float("nan"),
    "texts": ["a", "b"],
    "pair": ("a", "b"),
    "pairs": [("a", "b")],
    "lists": [["a"]],
    "set": {"a"},
    "bytes": b"a",
    "missing": [None],
    "function": len,
    "nothing": [],
    "numbers": [1.0, float("nan")],
    "mapping": {"x": 1.0},
    "empty mapping": {},
    "table": pd.DataFrame({"x": [1]}),
    "column": pd.Series([1.0]),
    "day": pd.Timestamp("2026-01-01"),
}


def call_of(name: str) -> dict[str, Any]:
    """The arguments with which the example of a metric calls it first."""
    metric = metrics.all_metrics()[name]
    module, calls = import_module(metric.__module__), []

    def watched(*args: Any, **kwargs: Any) -> Any:
        calls.append(inspect.signature(metric).bind(*args, **kwargs).arguments)
        return metric(*args, **kwargs)

    tests = doctest.DocTestFinder(recurse=False).find(
        metric, name, module=module, globs={**vars(module), name: watched}
    )
    for test in tests:
        doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(
            test, out=lambda text: None, clear_globs=False
        )
    options = {p.name: p.default for p in inspect.signature(metric).parameters.values()}
    return options | dict(calls[0])


def spoilt(value: Any) -> Iterator[tuple[str, Any]]:
    """The argument in every way that it may be wrong."""
    if not isinstance(value, pd.DataFrame):
        # what a function of the caller's own does is the caller's
        yield from (
            (what, wrong) for what, wrong in OTHER.items() if not (callable(value) and callable(wrong))
        )
        return
    yield "no rows", value.iloc[:0]
    yield "no columns", pd.DataFrame()
    yield "a column", value.iloc[:, 0]
    yield "none", None
    yield "columns twice", pd.concat([value, value], axis=1)
    yield "names of two levels", pd.concat([value], axis=1, keys=["x"])
    yield "names that are numbers", value.set_axis(range(value.shape[1]), axis=1)
    yield "one label for all rows", value.set_axis([0] * len(value))
    for column in value.columns:
        for cell in ("pair", "texts", "mapping", "set", "missing", "function"):
            yield f"{cell} in {column}", value.assign(**{column: [OTHER[cell]] * len(value)})
        mixed = [3, *["a"] * len(value)][: len(value)]
        yield (
            f"a number among texts in {column}",
            value.assign(**{column: pd.Series(mixed, value.index, object)}),
        )
        yield f"without {column}", value.drop(columns=column)
        yield f"text in {column}", value.assign(**{column: "12万"})
        yield f"nothing in {column}", value.assign(**{column: np.nan})
        yield f"None in {column}", value.assign(**{column: None})


def assert_no_infinity(result: object) -> None:
    if isinstance(result, pd.DataFrame) and "value" in result:
        values = pd.to_numeric(result["value"], errors="coerce")
        assert not np.isinf(values.to_numpy(dtype="float64", na_value=np.nan)).any()


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_what_it_cannot_work_with_is_told(name):
    metric, good = metrics.all_metrics()[name], call_of(name)
    for argument, value in good.items():
        for what, wrong in spoilt(value):
            try:
                result = metric(**good | {argument: wrong})
            except MktError as error:
                assert error.sentence("zh") != error.sentence("en"), (argument, what)
            except Exception as error:
                raise AssertionError(f"{name}: {what} as {argument} gives {error!r}") from error
            else:
                assert_no_infinity(result)


def test_every_metric_checks_its_arguments():
    assert [n for n, f in metrics.all_metrics().items() if not hasattr(f, "__wrapped__")] == []


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (lambda: metrics.hhi(pd.Series([0.5])), "Series"),
        (lambda: metrics.efficacy_score(1.0, {"优秀": 2.0}, full=20), "dict"),  # levels by name, not in order
        (lambda: metrics.development_index(pd.DataFrame({"region": ["华东"]}), pd.DataFrame({"n": [1]})), "DataFrame"),
        (lambda: metrics.kish_n_eff("1.5"), "1.5"),
        (lambda: metrics.margin_of_error(0.5, True), "True"),
    ],
)  # fmt: skip
def test_an_argument_of_another_kind_is_named(call, found):
    with pytest.raises(MetricError) as told:
        call()
    assert found in told.value.sentence("zh") and "类型不对" in told.value.sentence("zh")
    assert "of another kind" in told.value.sentence("en")


def test_kinds_of_every_shape_are_told_apart():
    @checked
    def shaped(
        pair: tuple[float, int], words: list[str], often: dict[str, int], maybe: float | None = None
    ) -> str:
        return "well"

    assert shaped((1.5, 2), ["a"], {"a": 1}) == shaped((1, 2), [], {}, maybe=np.float64(2)) == "well"
    for wrong in (
        {"pair": (1.5, 2.5)},
        {"pair": (1.0,)},
        {"words": "a"},
        {"words": [1]},
        {"often": {"a": "b"}},
        {"maybe": "1"},
    ):
        with pytest.raises(MetricError, match=next(iter(wrong))):
            shaped(**{"pair": (1.0, 2), "words": [], "often": {}} | wrong)
