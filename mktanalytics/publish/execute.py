"""Run a notebook by papermill; it either completed, every cell of it, or it failed."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from mktanalytics.errors import MktError
from mktanalytics.language import Words
from mktanalytics.publish.failures import ReportError, kernel_error
from mktanalytics.publish.kernel import kernel_environment, kernel_manager_class
from mktanalytics.publish.notebook import cell_ids, read_notebook, remark_cell

TIMEOUT = 600  # seconds a cell
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_CELL_FILE = re.compile(r"\S*ipykernel_\d+/\d+\.py")


class Failed(Exception):  # noqa: N818 - an outcome that carries a notebook; the error is inside
    """Carries the notebook as far as it came, marked at the failing cell, and why."""

    def __init__(self, notebook: NotebookNode, error: MktError) -> None:
        self.notebook, self.error = notebook, error
        super().__init__(error.sentence())


def execute(source: Path, parameters: Mapping[str, Any], processed: Path) -> NotebookNode:
    """The notebook as executed with `parameters`, free of times, addresses and random ids.

    Raises
    ------
    Failed
        A cell raised, ran too long, ended the kernel, or was never reached.
    """
    papermill = _papermill()
    manager = kernel_manager_class(kernel_environment(processed))
    given = cell_ids(source)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / source.name
        try:
            papermill.execute_notebook(
                source, output, dict(parameters), kernel_name="python3", language="python",
                progress_bar=False, start_timeout=120, execution_timeout=TIMEOUT,
                kernel_manager_class=manager, shutdown_kernel="immediate",
            )  # fmt: skip
        except papermill.PapermillExecutionError as error:
            where = f"{source.name}, cell In [{error.exec_count}]"
            failed = _clean(read_notebook(output), parameters, given)
            raise Failed(failed, kernel_error(error.ename, error.evalue, where)) from None
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            notebook = read_notebook(output)
            at, wrong = _broken_off(notebook, error, source.name)
            raise Failed(_marked(_clean(notebook, parameters, given), at, wrong), wrong) from None
        notebook = read_notebook(output)
    _require_complete(notebook, parameters, given, source.name)
    return _clean(notebook, parameters, given)


def _papermill() -> Any:
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    return papermill


def _require_complete(
    notebook: NotebookNode, parameters: Mapping[str, Any], given: set[str], name: str
) -> None:
    """`sys.exit(0)` in a cell looks like success to papermill: every code cell must have run."""
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        ended = any(o.output_type == "error" for o in cell.outputs)
        if ended or cell.execution_count is None:
            error = ReportError(
                ("笔记本没有运行到最后一个单元格", "the notebook ended before its last cell"), where=f"{name}, cell {i + 1}",
                todo=("去掉中途退出的语句（sys.exit、quit）", "remove what ends it (sys.exit, quit)"),
            )  # fmt: skip
            raise Failed(_marked(_clean(notebook, parameters, given), i, error), error)


def _broken_off(notebook: NotebookNode, error: Exception, name: str) -> tuple[int, MktError]:
    """The kernel died or a cell ran too long: the last cell that began is the one.

    papermill's own status says `completed` for every cell then; only the times of start are true.
    """
    begun = [i for i, c in enumerate(notebook.cells) if c.metadata.get("papermill", {}).get("start_time")]
    at = begun[-1] if begun else 0
    what: Words = str(error)
    if isinstance(error, CellTimeoutError):
        what = (f"单元格运行超过 {TIMEOUT} 秒", f"the cell ran longer than {TIMEOUT} s")
    elif isinstance(error, DeadKernelError):
        what = ("单元格运行时内核崩溃", "the kernel died while the cell ran")
    todo = (
        "在 JupyterLab（make lab）中运行该单元格查看原因",
        "run that cell in JupyterLab (make lab) to see why",
    )
    wrong = ReportError(what, where=f"{name}, cell {at + 1}", todo=todo)
    return at, wrong


def _marked(notebook: NotebookNode, at: int, error: MktError) -> NotebookNode:
    mark = remark_cell(f"**{error.sentence()}**", "failed-here")
    notebook.cells.insert(at, mark)
    return notebook


def _clean(notebook: NotebookNode, parameters: Mapping[str, Any], given: set[str]) -> NotebookNode:
    """Only what the inputs decide stays: no times, no memory addresses, no random ids."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    notebook.metadata["mktanalytics"] = {"parameters": dict(parameters)}
    for i, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if cell.get("id") not in given:
            cell.id = f"cell-{i}"
        for output in cell.get("outputs", []):
            _clean_output(output)
    return notebook


def _clean_output(output: NotebookNode) -> None:
    if "text" in output:
        output.text = _neutral(output.text)
    if "text/plain" in output.get("data", {}):
        output.data["text/plain"] = _neutral(output.data["text/plain"])
    if "traceback" in output:
        output.traceback = [_neutral(line) for line in output.traceback]


def _neutral(text: str) -> str:
    return _CELL_FILE.sub("<cell>", _ADDRESS.sub("at 0x…", text))
