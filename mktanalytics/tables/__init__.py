"""The registry: every module in this folder holds one `TABLE`."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from mktanalytics.errors import TableError
from mktanalytics.schema import Table


@cache
def all_tables() -> dict[str, Table]:
    """Every table by name, found by listing this folder."""
    return {name: table(name) for name in _names()}


@cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(m.name for m in iter_modules(__path__)))


def table(name: str) -> Table:
    """The table called `name`; `TableError` names the ones there are."""
    if name not in _names():
        raise TableError(
            (f"没有数据表“{name}”", f"there is no table {name!r}"),
            expected=", ".join(_names()),
            todo=("选用其中之一", "use one of these names"),
        )
    found: Table = import_module(f"{__name__}.{name}").TABLE
    return found
