"""One run at a time writes to a folder; the next waits, and says so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mktanalytics.disk import writing
from mktanalytics.errors import MktError
from mktanalytics.language import pick

WAIT_SECONDS = 600  # for another run to finish
SILENT_SECONDS = 1  # before it is told that there is one
Say = Callable[[str], None]


@contextmanager
def alone(place: Path, say: Say) -> Iterator[None]:
    """While no other run writes to `place`; the system frees the lock of a run that was killed.

    Raises
    ------
    MktError
        Another run holds it for longer than ten minutes.
    DiskError
        The lock can't be made beside it.
    """
    lock = FileLock(place.parent / f".{place.name}.lock")
    with writing(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        _acquire(lock, place, say)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def at_rest(place: Path, say: Say) -> Iterator[None]:
    """While no run changes the folder `place`; where no lock can be made beside it, a change is told at the end.

    Raises
    ------
    MktError
        Another run holds it for longer than ten minutes, or changed it meanwhile.
    """
    if os.access(place.parent, os.W_OK):
        with alone(place, say):
            yield
        return
    before = _which(place)
    yield
    if _which(place) != before:
        raise MktError(
            ("数据在出报告期间被更换", "the tables were replaced while reports were made of them"),
            where=str(place),
            todo=("重新运行，原有报告未动", "run again; the reports that were there are untouched"),
        )


def _which(place: Path) -> tuple[int, int] | None:
    """What tells a folder from another of its name."""
    if not place.exists():
        return None
    stat = place.stat()
    return stat.st_ino, stat.st_ctime_ns


def _acquire(lock: FileLock, place: Path, say: Say) -> None:
    try:
        lock.acquire(timeout=SILENT_SECONDS)
        return
    except Timeout:
        words = (
            f"另一次运行正在写入 {place}，等它结束",
            f"another run is writing to {place}: waiting for it to finish",
        )
        say(pick(words))
    try:
        lock.acquire(timeout=WAIT_SECONDS)
    except Timeout:
        raise MktError(
            ("另一次运行仍在写入", "another run is still writing there"),
            where=str(place),
            todo=("等它结束，或先停止它", "wait for it, or stop it"),
        ) from None
