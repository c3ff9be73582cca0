"""The files of a folder, and the names they are told by: one line each, no two alike, whatever the disk holds."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import deque
from collections.abc import Iterator
from pathlib import Path


def list_files(raw: Path) -> list[tuple[str, Path]]:
    """The files under `raw` that a person put there, by name ("/" between parts), in order of their characters.

    Links to folders are followed, each folder once. What can't be listed or opened is among them, so that it is told.
    """
    paths = sorted((path.relative_to(raw).as_posix(), path) for path in _walk(raw))
    literal = {text for text, _ in paths if told_name(text) == text}
    found: dict[str, Path] = {}
    for text, path in paths:
        name = told_name(text)
        found[_escaped(text) if name in found or (name != text and name in literal) else name] = path
    return sorted(found.items())


def _walk(raw: Path) -> Iterator[Path]:
    """Files, and folders that can't be listed; folders of this tree come before those that links lead to."""
    seen: set[str] = set()
    own, linked = deque([raw]), deque[Path]()
    while own or linked:
        folder = own.popleft() if own else linked.popleft()
        real = os.path.realpath(folder)
        if real in seen:
            continue
        seen.add(real)
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda e: e.name)
        except OSError:
            yield folder
            continue
        for entry in entries:
            if entry.name.startswith((".", "~$")):  # hidden, or Excel's lock file
                continue
            if not _is_folder(entry):
                yield folder / entry.name
            else:
                (linked if entry.is_symlink() else own).append(folder / entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def told_name(text: str) -> str:
    """A path as it is told: readable characters on one line; names in GB18030 as zip tools of old left them."""
    return "/".join(_decoded(part) for part in text.split("/"))


def _decoded(part: str) -> str:
    if part.isascii() and part.isprintable() and "\\" not in part:
        return part
    try:
        part.encode()
    except UnicodeEncodeError:
        try:
            return _escaped(os.fsencode(part).decode("gb18030"))
        except UnicodeDecodeError:
            pass
    return _escaped(part)


def _escaped(text: str) -> str:
    return "".join(map(_escape, text))


def _escape(ch: str) -> str:
    if "\udc80" <= ch <= "\udcff":  # a byte that is no UTF-8
        return f"\\x{ord(ch) & 0xFF:02x}"
    if ch == "\\" or not (ch.isprintable() or unicodedata.category(ch) == "Zs"):
        return ch.encode("unicode_escape").decode()
    return ch


def fingerprint(path: Path) -> tuple[str, int]:
    """The SHA-256 and the size of a file; "" and 0 if it can't be read."""
    try:
        if path.is_file():  # a pipe would be waited for, a device never ends
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()
    except OSError:
        pass
    return "", 0
