"""A notebook's tagged `parameters` cell: what it declares, and whether what was passed fits it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from rapidfuzz import process

from mktanalytics.display.wording import LANGUAGES
from mktanalytics.errors import UsageError
from mktanalytics.publish.failures import ReportError

TAG = "parameters"


def declared_parameters(notebook: NotebookNode, where: str) -> dict[str, Any]:
    """Name -> default, read from the tagged cell without running it.

    Raises
    ------
    ReportError
        There is not exactly one such cell, or it holds more than literals.
    """
    cells = [c for c in notebook.cells if TAG in c.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ReportError(
            "a report has one cell tagged `parameters`",
            where=where,
            found=str(len(cells)),
            todo="tag the cell that holds month and language",
        )
    return dict(_assignment(node, where) for node in ast.parse(cells[0].source).body)


def _assignment(node: ast.stmt, where: str) -> tuple[str, Any]:
    target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    target = node.target if isinstance(node, ast.AnnAssign) else target
    try:
        return target.id, ast.literal_eval(node.value)  # type: ignore[union-attr,attr-defined]
    except (AttributeError, ValueError):
        # a value derived here would not follow the parameter that was passed
        raise ReportError(
            "the parameters cell holds more than literals",
            where=where,
            found=ast.unparse(node),
            todo="derive values in the next cell",
        ) from None


def check_parameters(values: Mapping[str, Any], declared: Mapping[str, Any], where: str) -> None:
    """Refuse a parameter the notebook doesn't declare, or one of another type.

    Raises
    ------
    UsageError
        Names the nearest parameter, or the type that is expected.
    """
    for name, value in values.items():
        if name not in declared:
            near = process.extractOne(name, list(declared))
            raise UsageError(
                f"unknown parameter {name!r}",
                where=where,
                expected=f"perhaps {near[0]!r}" if near else "none",
                todo=f"this report takes {', '.join(declared)}",
            )
        if type(value) is not type(declared[name]):
            raise UsageError(
                f"parameter {name!r} is of the wrong type",
                where=where,
                found=repr(value),
                expected=type(declared[name]).__name__,
                todo="correct it",
            )
        if isinstance(value, list) and not all(isinstance(v, str) for v in value):
            raise UsageError(
                f"parameter {name!r} is a list of words", where=where, found=repr(value), todo="correct it"
            )
    _check_known(values, where)


def _check_known(values: Mapping[str, Any], where: str) -> None:
    month, language = values.get("month"), values.get("language")
    if month is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise UsageError(
            "not a month",
            where=where,
            found=repr(month),
            expected="a month such as 2026-10",
            todo="correct it",
        )
    if language is not None and language not in LANGUAGES:
        raise UsageError(
            f"unknown language {language!r}",
            where=where,
            expected=" or ".join(LANGUAGES),
            todo="use one of these",
        )
