"""A second process for a worker that reads a large sheet: both cores work on it, each with an interpreter of its own."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from mktanalytics.ingest.readers import processes
from mktanalytics.ingest.readers.messages import Work, receive, seconds_left, send

if TYPE_CHECKING:
    from subprocess import Popen


class HelperLostError(Exception):
    """The helper broke, or what it was doing did."""


class Helper:
    """One process, started when first needed and again after it broke."""

    def __init__(self) -> None:
        self._process: Popen[bytes] | None = None

    def begin(self, function: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
        """Have `function` work there from now on; what it gives, as it is asked for.

        Raises
        ------
        HelperLostError: there, something failed.
        """
        if self._process is None or self._process.poll() is not None:
            self._process = processes.start()
        try:
            send(self._process.stdin, Work(function, arguments, seconds_left()))  # type: ignore[arg-type]
        except OSError as error:
            self.close()
            raise HelperLostError from error
        return self._answers(self._process)

    def _answers(self, process: Popen[bytes]) -> Iterator[Any]:
        try:
            while (answer := receive(process.stdout)) is not None:  # type: ignore[arg-type]
                yield answer
        except (EOFError, OSError) as error:
            self.close()
            raise HelperLostError from error
        except BaseException:  # given up half way: nobody must take the rest for another's
            self.close()
            raise

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            processes.end(self._process)
        self._process = None


@cache
def helper() -> Helper:
    """The one of this process."""
    one = Helper()
    atexit.register(one.close)
    return one
