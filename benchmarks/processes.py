"""Run something in a process of its own: how long it took, how much memory it needed, what it wrote."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.md"


@dataclass(frozen=True)
class Run:
    """One process: seconds from start to end and of the processor, the most memory it held in MB, its standard output."""

    seconds: float
    cpu: float
    memory: float
    output: str


def run(*words: str | Path, **environment: str) -> Run:
    """This interpreter on `words`.

    Raises
    ------
    RuntimeError
        The process failed; carries its standard error.
    """
    command = [sys.executable, *map(str, words)]
    start, before = time.perf_counter(), _children()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    output, error = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{error}")
    return Run(seconds, _children() - before, _peak(error), output)


def _children() -> float:
    """Processor seconds of the processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _peak(error: str) -> float:
    """The last line a measured process writes to standard error is its own peak, its children's included."""
    lines = [line for line in error.splitlines() if line.startswith("peak-kb ")]
    return int(lines[-1].split()[1]) / 1024 if lines else float("nan")


def measured(script: str | Path, *words: str | Path, **environment: str) -> Run:
    """`script` (or `-m module`, given as "-m module") with `words`, its memory measured."""
    return run(HERE / "peak.py", script, *words, **environment)


def machine() -> str:
    """What it was measured on, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, Python {sys.version.split()[0]}; "
        f"load over the last five minutes {load:.1f}."
    )


def write_section(title: str, text: str) -> None:
    """Put a section into results.md, in place of the one of that title."""
    head = "# Benchmarks\n\nAs measured by `make bench`; nothing is corrected. What each number is, the scripts beside this file say."
    old = RESULTS.read_text("utf-8") if RESULTS.is_file() else head + "\n"
    parts = old.rstrip("\n").split("\n## ")
    kept = [p for p in parts[1:] if p.split("\n")[0] != title]
    sections = sorted([*kept, f"{title}\n\n{text.strip()}\n"])
    RESULTS.write_text(
        "\n## ".join([parts[0].rstrip("\n") + "\n", *(s.rstrip("\n") + "\n" for s in sections)]), "utf-8"
    )
