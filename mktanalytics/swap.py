"""Put a finished folder in the place of another, in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_ASIDE = "-old"


def unfinished(place: Path) -> str:
    """How the names of folders begin that are being made to stand at `place`."""
    return f".{place.name}-unfinished-"


def recover(place: Path) -> None:
    """Clear away what a killed run left beside `place`, and put the old state back where it had just been moved aside."""
    left = sorted(p for p in place.parent.iterdir() if p.name.startswith(unfinished(place)))
    aside = [p for p in left if p.name.endswith(_ASIDE)]
    if aside and not place.exists():
        aside[0].rename(place)
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def renewed(place: Path) -> Iterator[Path]:
    """A copy of a folder to change at leisure, which takes the folder's place when the block ends without an error.

    What a person changes there meanwhile is taken over, unless the block changed the same file.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=unfinished(place), dir=place.parent))
    try:
        new.chmod(0o755)
        if place.exists():
            shutil.copytree(place, new, dirs_exist_ok=True)
        before = _stamps(new)
        yield new
        after, there = _stamps(new), _stamps(place)
        for name in (n for n, stamp in there.items() if stamp != before.get(n) == after.get(n)):
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(place / name, new / name)
        put_in_place(new, place)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _stamps(folder: Path) -> dict[Path, tuple[int, int]]:
    """The size and time of each file below a folder."""
    found = ((p.relative_to(folder), p.stat()) for p in folder.rglob("*") if p.is_file())
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in found}


def put_in_place(new: Path, place: Path) -> None:
    """Swap a finished folder in; it is on the disk itself before, so that no power cut leaves half of it there."""
    for path in (*(p for p in new.rglob("*")), new):
        sync(path)
    swap_folder(new, place)
    sync(place.parent)


def sync(path: Path) -> None:
    """Have the system write a file or folder to the disk itself; Windows does so for files alone."""
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def swap_folder(new: Path, place: Path) -> None:
    """Make `new` stand at `place`; what stood there is afterwards at `new` (or nowhere, if nothing stood there).

    On Linux the kernel exchanges the two names at once. Elsewhere two renames are needed, and a crash between
    them leaves the old state at `new`'s name with `place` missing: never a mixture.
    """
    if not place.exists():
        new.rename(place)
    elif not _exchange(new, place):
        aside = new.with_name(new.name + _ASIDE)
        place.rename(aside)
        try:
            new.rename(place)
        except OSError:  # Windows, while a program has a file of it open
            aside.rename(place)
            raise
        aside.rename(new)


def _exchange(a: Path, b: Path) -> bool:
    """renameat2(RENAME_EXCHANGE), which Python's `os` doesn't offer; False where the system lacks it."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) == 0)
