"""The metrics: every public function of every module below this folder, found by listing them.

`mk.metrics.market_share(...)` and `from mktanalytics.metrics import hhi` both work without a list to keep. Each
subject is a folder; `result`, `notes`, `through` and the months beside them are what all subjects share.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import getdoc, isfunction
from pathlib import Path
from typing import Any

_HERE = Path(__path__[0])


@cache
def modules() -> list[str]:
    """The names of the metrics modules, such as `share.market_share`, in order."""
    found = (path.relative_to(_HERE).with_suffix("").parts for path in _HERE.rglob("*.py"))
    return sorted(".".join(parts) for parts in found if not parts[-1].startswith("_"))


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
    """In which module each public function and class is, read from the sources: to import them all takes a second (statsmodels)."""
    sources = {name: (_HERE / f"{name.replace('.', '/')}.py").read_text("utf-8") for name in modules()}
    return {
        f: name
        for name, text in sources.items()
        for f in re.findall(r"^(?:def|class) ([A-Za-z]\w*)", text, re.MULTILINE)
    }


@cache
def all_metrics() -> dict[str, Callable[..., Any]]:
    """Every metric by name: the public functions whose docstring names the source of their definition."""
    return {name: f for name, f in public_functions().items() if "\nSource\n------\n" in (getdoc(f) or "")}


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    if name in _homes():
        return getattr(import_module(f"{__name__}.{_homes()[name]}"), name)
    raise AttributeError(f"there is no metric {name!r}; there are {', '.join(sorted(all_metrics()))}")


def __dir__() -> list[str]:
    return sorted({*globals(), *public_functions()})
