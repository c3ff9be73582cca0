"""The one root exception, written for the person who must act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial


class MktError(Exception):
    """Anything a user can put right: what is wrong, where, what was found, what was expected, what to do.

    Every error that bad input can cause is one of these, so that a caller who catches `MktError`
    never shows a traceback to a user.
    """

    def __init__(
        self, what: str, *, where: str = "", found: str = "", expected: str = "", todo: str = ""
    ) -> None:
        self.what, self.where, self.found, self.expected, self.todo = what, where, found, expected, todo
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """The whole message on one line: `where: what; found …; expected …. → todo`, in the language of `what`."""
        letters = sum(ch.isascii() and ch.isalpha() for ch in self.what)
        chinese = (
            sum("一" <= ch <= "鿿" for ch in self.what) > letters
        )  # an English sentence may name a Chinese sheet
        found, expected, todo = (
            ("；实际：", "；应为：", "。→ ") if chinese else ("; found ", "; expected ", ". → ")
        )
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.found:
            text += f"{found}{self.found}"
        if self.expected:
            text += f"{expected}{self.expected}"
        return f"{text}{todo}{self.todo}" if self.todo else text


class FileError(MktError):
    """A file can't be read as a workbook: broken, protected, too large, or not what its name says.

    `code` names the reason for the issues table; `zh`, `en`, `todo_zh` and `todo_en` say it to people.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str = "broken",
        zh: str = "",
        todo_zh: str = "",
        where: str = "",
        found: str = "",
        expected: str = "",
        todo: str = "",
    ) -> None:
        self.code, self.zh, self.en = code, zh or what, what
        self.todo_zh, self.todo_en = todo_zh or todo, todo
        super().__init__(what, where=where, found=found, expected=expected, todo=todo)

    def __reduce__(self) -> tuple[Callable[[], FileError], tuple[()]]:
        """Travel between processes: an exception with keyword arguments can't by itself."""
        again = partial(
            FileError,
            self.what,
            code=self.code,
            zh=self.zh,
            todo_zh=self.todo_zh,
            where=self.where,
            found=self.found,
            expected=self.expected,
            todo=self.todo,
        )
        return again, ()


class SettingsError(MktError):
    """A key or value in mktanalytics.toml is not one we know."""


class UsageError(MktError):
    """The command or a parameter was used wrongly (exit status 2)."""


class TableError(MktError):
    """A tidy table, or a column of it, is not there."""


class MetricError(MktError):
    """A metric was given columns or values it can't work with."""


class NotPublishedError(MktError):
    """A report was not published, because it would be wrong or incomplete."""
