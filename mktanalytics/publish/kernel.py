"""The kernel a report runs in: this interpreter, and nothing of the user's home or of this process."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from traitlets import default


@cache
def _private_folder() -> Path:
    """For IPython's and matplotlib's own files: in the environment, so that its font cache is kept."""
    if sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK):
        return Path(sys.prefix)
    return Path(tempfile.mkdtemp(prefix="mktanalytics-"))


def kernel_environment(processed: Path) -> dict[str, str]:
    """What a kernel sees beside this process's own environment; nothing in it depends on place or time."""
    private = _private_folder()
    return {
        "MKTANALYTICS_PROCESSED": str(processed.resolve()),
        "MKTANALYTICS_PASSWORD": "",  # a notebook opens no workbook, and its outputs are kept
        "IPYTHONDIR": str(private / "ipython"),
        "MPLCONFIGDIR": str(private / "matplotlib"),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "JUPYTER_NO_CONFIG": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
    }


def kernel_manager_class(environment: dict[str, str]) -> type[AsyncKernelManager]:
    """A kernel manager that starts ipykernel in this very interpreter, whatever kernels are installed.

    The environment travels with the kernel's own specification, so that two reports can run in two
    threads without touching `os.environ`.
    """
    spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}",
              "--HistoryManager.enabled=False"],
        display_name="Python 3", language="python", env=environment,
        metadata={"supported_encryption": ["curve"]},
    )  # fmt: skip

    class OwnInterpreter(AsyncKernelManager):
        @default("transport_encryption")
        def _encrypt(self) -> str:
            return "auto"  # a report's figures are nobody else's on a shared machine

        @property
        def kernel_spec(self) -> Any:
            return spec

    return OwnInterpreter
