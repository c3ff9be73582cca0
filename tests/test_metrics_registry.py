"""Every public metric: documented with all its sections, its example runs, and it never changes its input."""

from __future__ import annotations

import doctest
import inspect
import re
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from mktanalytics import metrics
from mktanalytics.errors import MktError

PUBLIC = {
    f"{name}.{key}": value
    for name in metrics.modules()
    for key, value in vars(import_module(f"mktanalytics.metrics.{name}")).items()
    if inspect.isfunction(value)
    and value.__module__ == f"mktanalytics.metrics.{name}"
    and not key.startswith("_")
}
SECTIONS = ("Parameters", "Returns", "Raises", "Source", "Examples")


def has(section: str, function: Any) -> bool:
    return f"\n{section}\n{'-' * len(section)}" in (inspect.getdoc(function) or "")


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_function_says_what_it_is(name):
    assert (inspect.getdoc(PUBLIC[name]) or "").split("\n")[0].rstrip().endswith((".", "]", ")", ":")), name


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_a_metric_has_every_section(name):
    function = metrics.all_metrics()[name]
    takes = inspect.signature(function).parameters.values()
    # a function of plain numbers says all in its sentence; a frame's columns need their sections
    frames = any("DataFrame" in str(p.annotation) for p in takes)
    dropped = {"Raises"} if frames else {"Parameters", "Returns", "Raises"}
    sections = [s for s in SECTIONS if s not in dropped]
    assert [s for s in sections if not has(s, function)] == []
    assert [s for s in SECTIONS if (inspect.getdoc(function) or "").count(f"\n{s}\n---") > 1] == []


@pytest.mark.parametrize("name", PUBLIC)
def test_a_source_is_named_in_its_section(name):
    """A source in running text would leave its function out of the list of metrics, and of every test of this file."""
    assert "\nSource:" not in (inspect.getdoc(PUBLIC[name]) or "")


def test_a_metric_is_found_by_its_name_alone():
    names = [key.rpartition(".")[2] for key, value in PUBLIC.items() if has("Source", value)]
    assert sorted(names) == sorted(metrics.all_metrics()), "two modules have a metric of the same name"
    assert metrics.hhi is metrics.all_metrics()["hhi"]
    functions = metrics.public_functions()
    assert {name: getattr(metrics, name) for name in functions} == functions
    with pytest.raises(AttributeError, match="there is no metric 'no_such'"):
        _ = metrics.no_such


ANY: dict[str, Any] = {  # a harmless argument of each kind
    "pd.DataFrame": pd.DataFrame({"nothing": [1.0]}),
    "MonthLike": "2026-10",
    "str | dt.date | pd.Timestamp": "2026-10-05",
    "str | pd.Timestamp": "2026-10",
    "str": "amount",
    "str | Sequence[str]": "amount",
    "Sequence[str]": ["region"],
    "int": 2026,
    "float": 1.0,
    "Mapping[str, float]": {"华东": 1.0},
    "Mapping[int, dt.date] | Sequence[int]": [2026],
}


class Watched:
    """Calls a metric and compares every frame it was given with a copy made before."""

    def __init__(self, function: Any) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        given = [v for v in (*args, *kwargs.values()) if isinstance(v, pd.DataFrame | pd.Series)]
        before = [v.copy(deep=True) for v in given]
        result = self.function(*args, **kwargs)
        for frame, copy in zip(given, before, strict=True):
            if isinstance(frame, pd.DataFrame):
                pd.testing.assert_frame_equal(frame, copy)
            else:
                pd.testing.assert_series_equal(frame, copy)
        return result


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_the_example_runs_and_changes_nothing_it_was_given(name):
    function = metrics.all_metrics()[name]
    module = import_module(function.__module__)
    watched = Watched(function)
    tests = doctest.DocTestFinder(recurse=False).find(
        function, name, module=module, globs={**vars(module), name: watched}
    )
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in tests:
        assert runner.run(test, out=lambda text: None).failed == 0, (
            f"the example of {name} gives something else"
        )
    assert watched.calls > 0, f"the example of {name} doesn't call it"


ONE_DIMENSION = re.compile(r"by=\[(\"\w+\")\]")
GROUPED = [n for n, f in metrics.all_metrics().items() if "by" in inspect.signature(f).parameters]


def example_of(name: str) -> str:
    return (inspect.getdoc(metrics.all_metrics()[name]) or "").partition("\nExamples\n")[2]


@pytest.mark.parametrize("name", GROUPED)
def test_dimensions_are_one_name_or_several(name):
    annotation = inspect.signature(metrics.all_metrics()[name]).parameters["by"].annotation
    assert str(annotation).startswith("str")


@pytest.mark.parametrize("name", [n for n in GROUPED if ONE_DIMENSION.search(example_of(n))])
def test_one_dimension_may_be_given_by_its_name_alone(name):
    module = import_module(metrics.all_metrics()[name].__module__)
    alone = ONE_DIMENSION.sub(r"by=\1", example_of(name))
    test = doctest.DocTestParser().get_doctest(alone, dict(vars(module)), name, None, None)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=lambda text: None).failed == 0


@pytest.mark.parametrize("name", metrics.all_metrics())
def test_a_frame_without_the_columns_is_refused_by_name(name):
    """A metric that needs columns answers a frame without them with a sentence, never a KeyError."""
    function = metrics.all_metrics()[name]
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].annotation not in ("pd.DataFrame", pd.DataFrame):
        pytest.skip("takes no frame")
    wanted = [p for p in parameters if p.default is p.empty]
    if not all(str(p.annotation) in ANY for p in wanted):
        pytest.skip("needs arguments of its own kind")
    args = {p.name: ANY[str(p.annotation)] for p in wanted}
    if not has("Raises", function):
        function(**args)  # what it doesn't say, it doesn't do
        return
    with pytest.raises(MktError):
        function(**args)
