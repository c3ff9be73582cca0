"""The one root exception, written for the person who must act."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mktanalytics.language import Words, pick, spoken


class MktError(Exception):
    """Anything a user can put right: what is wrong, where, what was found, what was expected, what to do.

    Each part is the same in both languages, or a pair (Chinese, English); it is said in the language spoken.

    Every error that bad input can cause is one of these, so that a caller who catches `MktError`
    never shows a traceback to a user.
    """

    def __init__(
        self, what: Words, *, where: Words = "", found: Words = "", expected: Words = "", todo: Words = ""
    ) -> None:
        self.what, self.where, self.found, self.expected, self.todo = what, where, found, expected, todo
        super().__init__(what)

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, language: str | None = None) -> str:
        """The whole message on one line: `where: what; found …; expected …. → todo` (default: in the language spoken)."""
        language = language or spoken()
        where, what, found, expected, todo = (
            pick(part, language) for part in (self.where, self.what, self.found, self.expected, self.todo)
        )
        joints = _JOINTS[language if isinstance(self.what, tuple) else _language_of(what)]
        text = f"{where}: {what}" if where else what
        parts = zip(joints, (found, expected, todo), strict=True)
        return text + "".join(joint + part for joint, part in parts if part)


_JOINTS = {"zh": ("；实际：", "；应为：", "。→ "), "en": ("; found ", "; expected ", ". → ")}


def _language_of(text: str) -> str:
    """The language of a sentence that has no other: an English one may name a Chinese sheet."""
    letters = sum(ch.isascii() and ch.isalpha() for ch in text)
    return "zh" if sum("一" <= ch <= "鿿" for ch in text) > letters else "en"


class FileError(MktError):
    """A file can't be read as a workbook: broken, protected, too large, or not what its name says.

    `code` names the reason for the issues table, which says it in both languages.
    """

    def __init__(
        self,
        what: Words,
        *,
        code: str = "broken",
        where: Words = "",
        found: Words = "",
        expected: Words = "",
        todo: Words = "",
    ) -> None:
        self.code = code
        super().__init__(what, where=where, found=found, expected=expected, todo=todo)

    def __reduce__(self) -> tuple[Callable[[], FileError], tuple[()]]:
        """Travel between processes: an exception with keyword arguments can't by itself."""
        again = partial(
            FileError, self.what, code=self.code, where=self.where, found=self.found, expected=self.expected,
            todo=self.todo,
        )  # fmt: skip
        return again, ()


class SettingsError(MktError):
    """A key or value in mktanalytics.toml is not one we know."""


class UsageError(MktError):
    """The command or a parameter was used wrongly (exit status 2)."""


class DiskError(MktError):
    """The system refused to write: the disk is full, the folder read-only or somebody else's."""


class TableError(MktError):
    """A tidy table, or a column of it, is not there."""


class MetricError(MktError):
    """A metric was given columns or values it can't work with."""


class DataError(MetricError):
    """What the workbooks say can't be true: whoever keeps them must mend it, and a report on it isn't published."""


class NotPublishedError(MktError):
    """A report was not published, because it would be wrong or incomplete."""
