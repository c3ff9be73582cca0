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
    names = sorted(m.name for m in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").TABLE for name in names}


def table(name: str) -> Table:
    """The table called `name`; `TableError` names the ones there are."""
    tables = all_tables()
    if name not in tables:
        raise TableError(
            (f"没有数据表“{name}”", f"there is no table {name!r}"),
            expected=", ".join(tables),
            todo=("选用其中之一", "use one of these names"),
        )
    return tables[name]
