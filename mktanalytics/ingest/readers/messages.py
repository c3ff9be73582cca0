"""What processes that read files say to one another: pickles, with a length before each."""

from __future__ import annotations

import contextlib
import copyreg
import gc
import pickle
import signal
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple

from mktanalytics.schema import Table
from mktanalytics.tables import table

_LENGTH: Final = struct.Struct(">Q")


class Request(NamedTuple):
    """One file to read."""

    path: str
    file: str
    password: str | None
    then: bytes = b""  # a pickled function: what it makes of the Workbook is the answer
    seconds: float = 0.0  # after which the process ends itself, if nobody is left to end it; 0: never


class Load(NamedTuple):
    """A module that will be needed, to be loaded while nothing is asked yet."""

    module: str


class Work(NamedTuple):
    """What a worker has its helper do: everything that the function gives is an answer, and None after the last."""

    function: Callable[..., Iterator[object]]
    arguments: tuple[object, ...]
    seconds: float  # as of a request


# both sides have the tables: they go by name, and stay the one object they are
_BY_NAME: Final = {**copyreg.dispatch_table, Table: lambda kind: (table, (kind.name,))}


def send(stream: BinaryIO, message: object) -> None:
    """Write one message."""
    buffer = BytesIO()
    pickler = pickle.Pickler(buffer, protocol=5)
    pickler.dispatch_table = _BY_NAME
    pickler.dump(message)
    body = buffer.getbuffer()
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()


def receive(stream: BinaryIO) -> object:
    """Read one message; EOFError when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    if len(body) < length:
        raise EOFError
    with uncollected():
        return pickle.loads(body)


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Without the search for cycles: cells form none, and millions of new ones are searched again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def end_after(seconds: float) -> None:
    """Have the system end this process then, whatever it is doing: whoever asked may have been killed."""
    if hasattr(signal, "setitimer"):  # not on Windows
        signal.setitimer(signal.ITIMER_REAL, seconds)


def seconds_left() -> float:
    """Until the system ends this process; 0 if it doesn't."""
    return signal.getitimer(signal.ITIMER_REAL)[0] if hasattr(signal, "getitimer") else 0.0
