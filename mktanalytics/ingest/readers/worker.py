"""The isolated process that reads files: bytes in, a Workbook, or what was made of it, out; whatever breaks, breaks here.

Started by `processes.py` as `python -m mktanalytics.ingest.readers.worker`; requests come by standard input, answers go by
standard output.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import os
import pickle
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final

from mktanalytics.errors import FileError
from mktanalytics.ingest.readers.cells import Workbook
from mktanalytics.ingest.readers.messages import Load, Request, Work, end_after, receive, send
from mktanalytics.ingest.readers.refusals import located, refuse

MEMORY: Final = 3 << 30
MEMORY_TEXT: Final = "3 GB"


def answer_to(request: Request) -> object:
    """The file's Workbook, or what is to be made of it; a FileError if it can't be read."""
    book = read_file(request)
    if isinstance(book, FileError) or not request.then:
        return book
    try:
        return _function(request.then)(book)
    except MemoryError:
        return located(refuse("memory", MEMORY_TEXT), request.file)


@lru_cache(maxsize=1)
def _function(pickled: bytes) -> Callable[[Workbook], object]:
    """The same for every file of a folder, with whatever it has worked out once."""
    function: Callable[[Workbook], object] = pickle.loads(pickled)
    return function


def read_file(request: Request) -> Workbook | FileError:
    """Read one file; every failure that leaves the process alive becomes a FileError with its file's name."""
    try:
        return _read(request)
    except FileError as error:
        return located(error, request.file)
    except MemoryError:
        return located(refuse("memory", MEMORY_TEXT), request.file)
    except FileNotFoundError:
        return located(refuse("missing"), request.file)
    except OSError:
        return located(refuse("locked"), request.file)
    except BaseException as error:  # calamine's PanicException isn't an Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        reason = type(error).__name__
        return located(
            refuse("broken", f"内容无法解析（{reason}）", f"it can't be parsed ({reason})"), request.file
        )


def _read(request: Request) -> Workbook:
    # imported here, so that a broken optional part costs one format and not the worker
    from mktanalytics.ingest.readers.formats import read_bytes
    from mktanalytics.ingest.readers.helper import helper

    data = Path(request.path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        return read_bytes(data, request.file, digest, request.password)
    finally:
        helper().close()  # what comes next needs the memory and the other core


def limit_memory() -> None:
    """Cap this process's address space, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _help(work: Work, answers: BinaryIO) -> None:
    """Do what another worker asks for; where it fails, so does this process, which tells enough."""
    end_after(work.seconds)
    for answer in work.function(*work.arguments):
        send(answers, answer)
    send(answers, None)
    end_after(0.0)


def main() -> None:
    """Answer requests until standard input closes."""
    requests = sys.stdin.buffer
    # a library that prints must not write into the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit_memory()
    gc.disable()  # cells form no cycles; collecting them over and over is half the time of a large file
    while True:
        try:
            request = receive(requests)
        except EOFError:
            return
        if isinstance(request, Load):
            importlib.import_module(request.module)
            continue
        if isinstance(request, Work):
            _help(request, answers)
            continue
        assert isinstance(request, Request)
        end_after(request.seconds)
        answer = answer_to(request)
        try:
            send(answers, answer)
        except MemoryError:
            send(answers, located(refuse("memory", MEMORY_TEXT), request.file))
        end_after(0.0)
        del answer
        gc.collect()
        gc.freeze()  # what is left is modules and what they remember: not to be searched after every file


if __name__ == "__main__":
    # run under its importable name, so that pickles name classes the parent can find
    from mktanalytics.ingest.readers.worker import main as run

    run()
