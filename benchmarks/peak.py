"""Run a script or module as it would run alone, and say at its end how much memory it and its children held."""

from __future__ import annotations

import atexit
import resource
import runpy
import sys


def say_peak() -> None:
    """The largest resident size of this process or of any child that has ended."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    print("peak-kb", max(resource.getrusage(k).ru_maxrss for k in kinds), file=sys.stderr)


if __name__ == "__main__":
    atexit.register(say_peak)
    sys.argv = sys.argv[1:]
    if sys.argv[0] == "-m":
        sys.argv = sys.argv[1:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
