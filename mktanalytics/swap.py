"""Put a finished folder in the place of another, in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
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
