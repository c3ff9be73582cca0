"""Read workbooks in isolated worker processes: a file that crashes or hangs its reader costs itself only."""

from __future__ import annotations

import atexit
import contextlib
import os
import stat
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.guard import MAX_FILE, MEGABYTE, skip_reason
from mktanalytics.ingest.readers.refusals import located, refuse
from mktanalytics.ingest.readers.worker import Request, receive, send

# -P: a csv.py in the user's folder must not become ours
COMMAND = [sys.executable, "-P", "-m", "mktanalytics.ingest.readers.worker"]
WORKERS: Final = 2
FLOOR_SECONDS = 30.0
SECONDS_PER_MEGABYTE: Final = 3.0


class Reader:
    """One worker process, started when first needed and again after it broke."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._lock = threading.Lock()

    def read(self, path: Path, file: str, password: str | None = None) -> Workbook | FileError:
        """Read one file; whatever happens, an answer for this file."""
        with self._lock:
            refused = _refused_at_the_door(path, file)
            if refused:
                return refused
            seconds = FLOOR_SECONDS + SECONDS_PER_MEGABYTE * path.stat().st_size / MEGABYTE
            request = Request(str(path.absolute()), file, password)
            fresh = self._served == 0
            answer = self._ask(request, seconds)
            if answer.__class__ is FileError and answer.code in ("crashed", "memory") and not fresh:
                # what an earlier file left behind must not decide over this one
                self.close()
                answer = self._ask(request, seconds)
            return answer

    def _ask(self, request: Request, seconds: float) -> Workbook | FileError:
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
        assert isinstance(answer, (Workbook, FileError))
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            # an empty part would mean the current folder
            paths = [str(Path(__file__).resolve().parents[3]), os.environ.get("PYTHONPATH", "")]
            self._process = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
            self._served = 0
        return self._process

    def close(self) -> None:
        """End the process."""
        process, self._process, self._served = self._process, None, 0
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with contextlib.suppress(OSError):  # what was buffered for a dead process
                    stream.close()


def _refused_at_the_door(path: Path, file: str) -> FileError | None:
    """What can be told without opening the file."""
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
    return None


@cache
def _shared() -> Reader:
    reader = Reader()
    atexit.register(reader.close)
    return reader


def read_workbook(path: Path, *, file: str, password: str | None = None) -> Workbook:
    """Read one file in an isolated process.

    Parameters
    ----------
    path: where the file is.
    file: its name inside the raw folder, with "/" between parts; told in errors and kept with every row.
    password: opens a protected workbook; default, the environment variable MKTANALYTICS_PASSWORD.

    Raises
    ------
    FileError: the file can't be read; `code` and its sentence say why and what to do.
    """
    answer = _shared().read(path, file, password)
    if isinstance(answer, FileError):
        raise answer
    return answer


def read_many(
    files: Iterable[tuple[Path, str]], *, password: str | None = None
) -> Iterator[tuple[str, Workbook | FileError]]:
    """Read (path, file name) pairs side by side; the answers come in the order of the input."""
    readers: SimpleQueue[Reader] = SimpleQueue()
    started = [Reader() for _ in range(WORKERS)]
    for reader in started:
        readers.put(reader)

    def read(path: Path, file: str) -> Workbook | FileError:
        reader = readers.get()
        try:
            return reader.read(path, file, password)
        finally:
            readers.put(reader)

    # few answers wait at a time: a folder of large workbooks must not pile up in memory
    waiting: deque[tuple[str, Future[Workbook | FileError]]] = deque()
    with ThreadPoolExecutor(WORKERS) as threads:
        try:
            for path, file in files:
                waiting.append((file, threads.submit(read, path, file)))
                if len(waiting) > WORKERS:
                    done, future = waiting.popleft()
                    yield done, future.result()
            while waiting:
                done, future = waiting.popleft()
                yield done, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
            for reader in started:
                reader.close()
