"""The language in which people are told things, and words that come in both."""

from __future__ import annotations

LANGUAGES = ("zh", "en")
Words = str | tuple[str, str]  # the same in both languages, or (Chinese, English)

_spoken = "zh"  # a plain global: kernels may run each cell in a context of its own


def use(language: str) -> None:
    """Speak `language` from here on: one of `LANGUAGES`."""
    global _spoken
    _spoken = language


def spoken() -> str:
    """The language spoken now."""
    return _spoken


def plural(n: int, word: str) -> str:
    """1 row, 2 rows.

    >>> plural(1, "row"), plural(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,} {word}" if n == 1 else f"{n:,} {word}s"


def pick(words: Words, language: str | None = None) -> str:
    """The Chinese or the English one of a pair (default: in the language spoken).

    >>> pick(("万元", "CNY k"), "en"), pick("2026-10", "en")
    ('CNY k', '2026-10')
    """
    return words if isinstance(words, str) else words[LANGUAGES.index(language or _spoken)]
