"""Names that files and sheets may have, none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from mktanalytics.ingest.returning.marked import plain_text

LONGEST_STEM = 200  # bytes; a file name may have 255
LONGEST_SHEET = 31  # Excel's limit, in UTF-16 units
_NEVER_IN_SHEETS = "[]:*?/\\"


def output_names(files: Sequence[str]) -> dict[str, str]:
    """File → name of its copy: its own, or with its folder, its ending or a number where two would be one."""
    forms = [[_short(f) for f in forms] for forms in map(_name_forms, files)]
    folded = [Counter(f.casefold() for f in column) for column in zip(*forms, strict=True)]
    taken: set[str] = set()
    names: dict[str, str] = {}
    for file, own in zip(files, forms, strict=True):
        alone = [f for f, files_of in zip(own, folded, strict=True) if files_of[f.casefold()] == 1]
        free = next((f for f in alone if f.casefold() not in taken), own[-1])
        names[file] = f"{_free(free, taken)}.xlsx"
    return names


def _name_forms(file: str) -> tuple[str, str, str]:
    path = PurePosixPath(file)
    whole = file.replace("/", "_")
    return path.stem, whole.removesuffix(path.suffix), whole


def _free(name: str, taken: set[str], limit: int = 10_000) -> str:
    """`name`, with a number if another has it already; notes it as taken."""
    n, found = 1, name
    while found.casefold() in taken:
        n += 1
        found = f"{_cut(name, limit - len(f' ({n})'))} ({n})"
    taken.add(found.casefold())
    return found


def _short(name: str) -> str:
    return name.encode("utf-8", "surrogateescape")[:LONGEST_STEM].decode("utf-8", "ignore")


def _cut(name: str, units: int) -> str:
    """At most so many UTF-16 units of a text."""
    return name.encode("utf-16-le", "replace")[: 2 * units].decode("utf-16-le", "ignore")


def sheet_names(names: Iterable[str], first: str, untitled: str) -> list[str]:
    """Names that Excel takes, none twice, none that of the first sheet."""
    taken = {first.casefold(), "history"}  # Excel keeps that one for itself
    valid: list[str] = []
    for name in names:
        plain = "".join("_" if ch in _NEVER_IN_SHEETS or ord(ch) < 32 else ch for ch in plain_text(name))
        short = _cut(plain, LONGEST_SHEET).strip("' ") or _cut(untitled, LONGEST_SHEET)
        valid.append(_free(short, taken, LONGEST_SHEET))
    return valid
