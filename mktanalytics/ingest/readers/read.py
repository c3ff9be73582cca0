"""Read workbooks in isolated worker processes: a file that crashes or hangs its reader costs itself only."""

from __future__ import annotations

import atexit
import contextlib
import pickle
import stat
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final, TypeVar

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers import processes
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.guard import MAX_FILE, MEGABYTE, skip_reason
from mktanalytics.ingest.readers.messages import Load, Request, receive, send
from mktanalytics.ingest.readers.refusals import located, refuse

WORKERS: Final = 2
FLOOR_SECONDS = 30.0
SPARE_SECONDS: Final = 5.0  # before a worker that nobody ended ends itself
SECONDS_PER_MEGABYTE: Final = 6.0
T = TypeVar("T")


class Reader:
    """One worker process, started when first needed and again after it broke."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._lock = threading.Lock()

    def load(self, module: str) -> None:
        """Start the process, and let it load a module that it will need."""
        with self._lock, contextlib.suppress(OSError):  # one that can't start is told with its first file
            send(self._started().stdin, Load(module))  # type: ignore[arg-type]

    def read(self, path: Path, file: str, password: str | None = None, then: bytes = b"") -> Any:
        """The Workbook, or what `then` makes of it; whatever happens, an answer for this file."""
        with self._lock:
            size = _at_the_door(path, file)
            if isinstance(size, FileError):
                return size
            seconds = FLOOR_SECONDS + SECONDS_PER_MEGABYTE * size / MEGABYTE
            request = Request(str(path.absolute()), file, password, then, seconds + SPARE_SECONDS)
            fresh = self._served == 0
            answer = self._ask(request, seconds)
            if answer.__class__ is FileError and answer.code in ("crashed", "memory") and not fresh:
                # what an earlier file left behind must not decide over this one
                self.close()
                answer = self._ask(request, seconds)
            return answer

    def _ask(self, request: Request, seconds: float) -> Any:
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.start()
        try:
            send(process.stdin, request)  # type: ignore[arg-type]
            answer = receive(process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError):
            self.close()
            code = ("timeout", f"{seconds:.0f}") if late.is_set() else ("crashed", "")
            return located(refuse(*code), request.file)
        except BaseException:  # Ctrl-C: a half-read answer must not be taken for the next file's
            self.close()
            raise
        finally:
            timer.cancel()
        self._served += 1
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = processes.start()
            self._served = 0
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process, self._served = self._process, None, 0
        if process is not None:
            processes.end(process)


def _at_the_door(path: Path, file: str) -> int | FileError:
    """The file's size, or what can be told without opening it."""
    reason = skip_reason(file)
    if reason:
        return located(refuse("skipped", *reason), file)
    try:
        found = path.stat()
    except FileNotFoundError:
        return located(refuse("missing"), file)
    except OSError:
        return located(refuse("locked"), file)
    if stat.S_ISDIR(found.st_mode):  # one that could not be listed
        return located(refuse("locked"), file)
    if not stat.S_ISREG(found.st_mode):
        return located(refuse("not_a_workbook", "设备或管道", "a device or a pipe"), file)
    if found.st_size > MAX_FILE:
        return located(refuse("too_large", f"{found.st_size // MEGABYTE} MB"), file)
    return found.st_size


@cache
def _readers() -> tuple[Reader, ...]:
    atexit.register(close_readers)
    return tuple(Reader() for _ in range(WORKERS))


def start_readers(module: str, files: int) -> None:
    """Start as many worker processes as `files` need, so that they load `module` while the caller loads its own."""
    for reader in _readers()[:files]:
        reader.load(module)


def close_readers() -> None:
    """End the worker processes; the next file starts them again."""
    for reader in _readers():
        reader.close()


def read_workbook(path: Path, *, file: str, password: str | None = None) -> Workbook:
    """Read one file in an isolated process.

    Parameters
    ----------
    path: where the file is.
    file: its name inside the raw folder, with "/" between parts; told in errors and kept with every row.
    password: opens a protected workbook; default, the environment variable MKTANALYTICS_PASSWORD.

    Raises
    ------
    FileError: the file can't be read; `code`, `zh`, `en`, `todo_zh` and `todo_en` say why and what to do.
    """
    answer: Workbook | FileError = _readers()[0].read(path, file, password)
    if isinstance(answer, FileError):
        raise answer
    return answer


def read_many(files: Iterable[tuple[Path, str]]) -> Iterator[tuple[str, Workbook | FileError]]:
    """Read (path, file name) pairs side by side; the answers come in the order of the input."""
    return _each((path, file, b"") for path, file in files)


def make_of_many(
    files: Iterable[tuple[Path, str]], make: Callable[[Workbook], T]
) -> Iterator[tuple[str, T | FileError]]:
    """Read (path, file name) pairs side by side, and give what `make` makes of each, where it was read.

    What `make` is and what it gives travel between processes: small things, and functions that can be imported.
    """
    then = pickle.dumps(make)
    return _each((path, file, then) for path, file in files)


def _each(files: Iterable[tuple[Path, str, bytes]]) -> Iterator[tuple[str, Any]]:
    free: SimpleQueue[Reader] = SimpleQueue()
    for reader in _readers():
        free.put(reader)

    def read(path: Path, file: str, then: bytes) -> Any:
        reader = free.get()
        try:
            return reader.read(path, file, None, then)
        finally:
            free.put(reader)

    with ThreadPoolExecutor(WORKERS) as threads:
        waiting = deque((file, threads.submit(read, path, file, then)) for path, file, then in files)
        try:
            while waiting:
                file, future = waiting.popleft()
                yield file, future.result()
        except BaseException:  # nobody waits any longer for what is being read
            threads.shutdown(wait=False, cancel_futures=True)
            close_readers()
            raise
