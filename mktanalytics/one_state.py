"""What is read of a file is of one state of it: read again where a run put another in its place meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mktanalytics.errors import TableError

T = TypeVar("T")
TRIES = 5


def of_one_state(find: Callable[[], Path], read: Callable[[Path], T]) -> T:
    """What `read` gives of the file that `find` names, all of it from before a swap or all of it from after.

    Raises
    ------
    TableError
        It was replaced time and again while it was read.
    """
    for _ in range(TRIES):
        path = find()
        before = _state(path)
        try:
            found = read(path)
        except Exception:
            # half of one file and half of another may look like a broken one
            if before is not None and _state(path) == before:
                raise
            continue
        if before is not None and _state(path) == before:
            return found
    raise TableError(
        ("数据表在读取期间一再被更换", "the table was replaced again and again while it was read"),
        where=str(path),
        todo=("等清洗结束后再试", "try again when cleaning has ended"),
    )


def _state(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from another of its name; None where there is none."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
