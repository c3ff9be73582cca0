"""Notebook files, read and written."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode


def read_notebook(path: Path) -> NotebookNode:
    """The notebook at `path`, in the present format."""
    return nbformat.read(path, 4)  # type: ignore[no-untyped-call,no-any-return]


def cell_ids(path: Path) -> set[str]:
    """The ids its author's cells have; older files have none, and reading invents random ones."""
    raw = nbformat.read(path, nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return {cell.id for cell in raw.cells if "id" in cell}


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """The notebook as a file's content."""
    return (str(nbformat.writes(notebook, version=4)) + "\n").encode()  # type: ignore[no-untyped-call]


def remark_cell(text: str, name: str) -> NotebookNode:
    """A markdown cell that says `text`."""
    return nbformat.v4.new_markdown_cell(text, id=name)  # type: ignore[no-untyped-call,no-any-return]
