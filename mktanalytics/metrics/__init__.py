"""The metrics: every public function of every module in this folder, found by listing it.

`mk.metrics.market_share(...)` and `from mktanalytics.metrics import hhi` both work without a list to keep.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import getdoc, isfunction, signature
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


class _Subject(ModuleType):
    """A module that can be called like the function of its own name: market_share(...)."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _namesake(self)(*args, **kwargs)

    @property
    def __signature__(self) -> Any:
        return signature(_namesake(self))


class _Package(ModuleType):
    """This package; importing `metrics.market_share` puts the module here, and it stays callable."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and isfunction(vars(value).get(name)):
            value.__class__ = _Subject
        super().__setattr__(name, value)


def _namesake(module: ModuleType) -> Callable[..., Any]:
    function: Callable[..., Any] = vars(module)[module.__name__.rpartition(".")[2]]
    return function


def modules() -> list[str]:
    """The names of the metrics modules, in order."""
    return sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))


@cache
def public_functions() -> dict[str, Callable[..., Any]]:
    """Every public function of every metrics module by name: the metrics and their helpers."""
    found: dict[str, Callable[..., Any]] = {}
    for name in modules():
        module = import_module(f"{__name__}.{name}")
        for key, value in vars(module).items():
            if isfunction(value) and value.__module__ == module.__name__ and not key.startswith("_"):
                found[key] = value
    return found


@cache
def _homes() -> dict[str, str]:
    """In which module each public function is, read from the sources: to import them all takes a second (statsmodels)."""
    sources = {name: (Path(__path__[0]) / f"{name}.py").read_text("utf-8") for name in modules()}
    return {
        f: name
        for name, text in sources.items()
        for f in re.findall(r"^def ([a-z]\w*)\(", text, re.MULTILINE)
    }


@cache
def all_metrics() -> dict[str, Callable[..., Any]]:
    """Every metric by name: the public functions whose docstring names the source of their definition."""
    return {name: f for name, f in public_functions().items() if "\nSource\n------\n" in (getdoc(f) or "")}


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name in modules():
        return import_module(f"{__name__}.{name}")
    if name in _homes():
        return getattr(import_module(f"{__name__}.{_homes()[name]}"), name)
    raise AttributeError(f"there is no metric {name!r}; there are {', '.join(sorted(all_metrics()))}")


def __dir__() -> list[str]:
    return sorted({*globals(), *modules(), *public_functions()})


sys.modules[__name__].__class__ = _Package
