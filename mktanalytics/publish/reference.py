"""The reference of the metrics: what each takes, gives and refuses, said by their own docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any

from mktanalytics.metrics import all_metrics

_HEAD = """# Metrics

Every figure this project computes, by subject. A metric takes tidy tables or small frames made of them
([dictionary](dictionary.md)), changes none of them, and is called as `mk.metrics.<name>(...)`. "Methods 4.2" is that
section of [methods.md](methods.md). Where a figure can fail, a row is a record: `value, unit, status, numerator,
denominator, n, note` (methods 0.1)."""
_SECTION = re.compile(r"^(Parameters|Returns|Raises|Source|Examples)\n-+\n", re.MULTILINE)
_NEXT_TERM = re.compile(r"[.;] (?=\w[\w, ]* : )")  # "month : the last one. by : dimensions."


def metrics_reference() -> str:
    """All metrics as Markdown, grouped by the modules they are in."""
    parts = [_HEAD]
    module = ""
    for function in sorted(all_metrics().values(), key=_place):
        if function.__module__ != module:
            module = function.__module__
            parts.append(_subject(module))
        parts.append(_metric(function))
    return "\n\n".join(parts) + "\n"


def _place(function: Callable[..., Any]) -> tuple[str, int]:
    return function.__module__, inspect.getsourcelines(function)[1]


def _subject(module: str) -> str:
    said = (inspect.getdoc(import_module(module)) or "").split("\n\n")[0]
    return f"## {module.removeprefix('mktanalytics.metrics.')}\n\n{_plain(' '.join(said.split()))}"


def _metric(function: Callable[..., Any]) -> str:
    lead, *sections = _SECTION.split(inspect.getdoc(function) or "")
    parts = [f"### `{function.__name__}`", f"```python\n{_call(function)}\n```"]
    parts += [_paragraph(p) for p in lead.strip().split("\n\n")]
    for title, text in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"**{title}**")
        parts.append(_example(text) if title == "Examples" else _terms(text))
    return "\n\n".join(parts)


def _call(function: Callable[..., Any]) -> str:
    """The signature without types, which the parameters' own lines tell in words."""
    signature = inspect.signature(function)
    plain = [p.replace(annotation=p.empty, default=_default(p)) for p in signature.parameters.values()]
    bare = signature.replace(parameters=plain, return_annotation=signature.empty)
    return f"{function.__name__}{bare}"


def _default(parameter: inspect.Parameter) -> Any:
    given = parameter.default
    return _Written(f"{type(given).__name__}()") if is_dataclass(given) else given


class _Written(str):
    """Settings by their name alone: their defaults are in settings.md."""

    def __repr__(self) -> str:
        return str(self)


def _terms(text: str) -> str:
    """`term : what it is`, with indented lines that go on, as a list; anything else as it stands."""
    terms: list[str] = []
    for line in text.strip("\n").split("\n"):
        if not line.strip():
            continue
        if line.startswith(" ") and terms:
            # under a term without words the indented lines say what it is
            terms[-1] += (" " if ":" in terms[-1] else ": ") + line.strip()
        elif not terms or " : " in line or _is_name(line):
            terms += _NEXT_TERM.split(line.strip())
        else:
            terms[-1] += " " + line.strip()
    if len(terms) == 1 and " : " not in terms[0]:
        return _plain(terms[0])
    return "\n".join(f"- {_plain(_named(t))}" for t in terms)


def _is_name(line: str) -> bool:
    return re.fullmatch(r"\w+(, \w+)*", line.strip()) is not None


def _named(term: str) -> str:
    name, colon, rest = term.partition(" : ")
    return f"`{name}`: {rest}" if colon else term


def _paragraph(text: str) -> str:
    return text if text.startswith("|") else _plain(" ".join(text.split()))


def _example(text: str) -> str:
    return f"```pycon\n{text.strip()}\n```"


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is: code between backticks stays, stars and angles are escaped outside."""
    pieces = text.split("`")
    pieces[::2] = [re.sub(r"([*<])", r"\\\1", p) for p in pieces[::2]]
    return "`".join(pieces)
