"""A notebook's tagged `parameters` cell: what it declares, and whether what was passed fits it."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from rapidfuzz import process

from mktanalytics.errors import UsageError
from mktanalytics.language import LANGUAGES
from mktanalytics.publish.failures import ReportError

TAG = "parameters"
_CORRECT = ("改正它", "correct it")


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
            ("报告要有一个带 parameters 标签的单元格", "a report has one cell tagged `parameters`"),
            where=where,
            found=str(len(cells)),
            todo=("给写有 month 和 language 的单元格加标签", "tag the cell that holds month and language"),
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
            ("parameters 单元格只能写字面值", "the parameters cell holds more than literals"),
            where=where,
            found=ast.unparse(node),
            todo=("推算的值写在下一个单元格", "derive values in the next cell"),
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
                (f"没有参数 {name!r}", f"unknown parameter {name!r}"),
                where=where,
                expected=(f"或许是 {near[0]!r}", f"perhaps {near[0]!r}") if near else "",
                todo=(f"本报告的参数：{', '.join(declared)}", f"this report takes {', '.join(declared)}"),
            )
        if type(value) is not type(declared[name]):
            raise UsageError(
                (f"参数 {name!r} 类型不对", f"parameter {name!r} is of the wrong type"),
                where=where,
                found=repr(value),
                expected=type(declared[name]).__name__,
                todo=_CORRECT,
            )
        if isinstance(value, list) and not all(isinstance(v, str) for v in value):
            raise UsageError(
                (f"参数 {name!r} 应为文字列表", f"parameter {name!r} is a list of words"),
                where=where,
                found=repr(value),
                todo=_CORRECT,
            )
    _check_known(values, where)


def _check_known(values: Mapping[str, Any], where: str) -> None:
    month, language = values.get("month"), values.get("language")
    if month is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise UsageError(
            ("不是月份", "not a month"),
            where=where,
            found=repr(month),
            expected=("形如 2026-10 的月份", "a month such as 2026-10"),
            todo=_CORRECT,
        )
    if language is not None and language not in LANGUAGES:
        raise UsageError(
            (f"没有语言 {language!r}", f"unknown language {language!r}"),
            where=where,
            expected=", ".join(LANGUAGES),
            todo=("选用其中之一", "use one of these"),
        )
