"""Writing to disk: whole files, and what the system says against it told as what a person can put right."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mktanalytics.errors import DiskError
from mktanalytics.language import Words

UNFINISHED: Final = ".mktanalytics-unfinished"
_ROOM = ("腾出空间后重新运行，原有内容未动", "make room there and run again; what was there is untouched")
_ELSEWHERE = ("换一个文件夹，或修改其权限", "choose another folder, or have its permissions changed")
_FORBIDDEN = (("没有写入权限", "you may not write there"), _ELSEWHERE)
_SAID: Final = {
    errno.ENOSPC: (("磁盘已满", "the disk is full"), _ROOM),
    errno.EDQUOT: (("磁盘配额已用完", "your share of the disk is used up"), _ROOM),
    errno.EFBIG: (
        ("系统不允许写入这么大的文件", "the system lets no file grow that large"),
        ("放宽限制（ulimit -f）或换一个磁盘", "have the limit raised (ulimit -f), or choose another disk"),
    ),
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: (("磁盘是只读的", "the disk is read-only"), _ELSEWHERE),
}
_OTHER: Final = (
    ("系统拒绝了这一操作", "the system refused"),
    ("检查该文件夹和磁盘后重新运行", "check the folder and the disk, and run again"),
)


def disk_error(error: OSError, where: Words) -> DiskError:
    """What the system refused, in a sentence."""
    what, todo = _SAID.get(error.errno or 0, _OTHER)
    return DiskError(what, where=where, found=error.strerror or str(error), todo=todo)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Whatever the system refuses inside is told as a refusal to write `place`."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, str(place)) from error


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write all of these beside their places, then rename: none is ever half a file, and a full disk changes none."""
    beside: dict[Path, Path] = {}
    try:
        for path, content in files.items():
            with writing(path):
                beside[path] = _written_beside(path, content)
        for path, written in beside.items():
            with writing(path):
                written.replace(path)
    finally:
        for written in beside.values():
            with contextlib.suppress(OSError):
                written.unlink(missing_ok=True)


def _written_beside(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # a rename may reach the disk before what is renamed
        Path(name).chmod(0o644)  # mkstemp makes it private
    except OSError:
        Path(name).unlink()
        raise
    return Path(name)
