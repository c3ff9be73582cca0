"""Worker processes, started and ended."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen

# -P: a csv.py in the user's folder must not become ours
COMMAND = [sys.executable, "-P", "-m", "mktanalytics.ingest.readers.worker"]


def start() -> Popen[bytes]:
    """A process that waits for its first message."""
    import subprocess  # which a process that starts none does without

    # an empty part would mean the current folder
    paths = [str(Path(__file__).resolve().parents[3]), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


def end(process: Popen[bytes]) -> None:
    """End a process, whatever it is doing."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):  # what was buffered for a dead process
                stream.close()
