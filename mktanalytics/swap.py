"""Put a finished folder in the place of another, in one step."""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def swap_folder(new: Path, place: Path) -> None:
    """Make `new` stand at `place`; what stood there is afterwards at `new` (or nowhere, if nothing stood there).

    On Linux the kernel exchanges the two names at once. Elsewhere two renames are needed, and a crash between
    them leaves the old state at `new`'s name with `place` missing: never a mixture.
    """
    if not place.exists():
        new.rename(place)
    elif not _exchange(new, place):
        aside = new.with_name(new.name + "-old")
        place.rename(aside)
        new.rename(place)
        aside.rename(new)


def _exchange(a: Path, b: Path) -> bool:
    """renameat2(RENAME_EXCHANGE), which Python's `os` doesn't offer; False where the system lacks it."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(a), _AT_FDCWD, os.fsencode(b), _RENAME_EXCHANGE) == 0)
