"""A progress bar, when it is long and a terminal is there."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

Progress = Callable[[int, int, str], None]


@contextmanager
def progress_bar() -> Iterator[Progress | None]:
    """Yields a function `(done, total, what)`, or None where nobody would see a bar; the bar waits two seconds."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(unit="file", delay=2, leave=False, file=sys.stderr) as bar:

        def tell(done: int, total: int, what: str) -> None:
            bar.total = total
            bar.set_postfix_str(what, refresh=False)
            bar.update(done - bar.n)

        yield tell
