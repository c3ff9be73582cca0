"""Lines added to mktanalytics.toml: the rest of the file stays byte for byte, and what comes out must mean what was meant."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path

from mktanalytics.errors import SettingsError
from mktanalytics.ingest.teaching.proposal import Alias
from mktanalytics.settings import FileRule, Settings
from mktanalytics.settings_file import load_settings


def rule_lines(rule: FileRule) -> list[str]:
    """A rule as TOML, only what it says, and why."""
    said = [(f.name, getattr(rule, f.name)) for f in fields(rule)]
    return ["[[files]]", *(f"{name} = {_toml(value)}" for name, value in said if value or name == "reason")]


def alias_lines(alias: Alias, reason: str) -> list[str]:
    """An alias as TOML, its reason as a comment."""
    return [f"[aliases.{alias.table}]", f"# {_one_line(reason)}", f"{alias.column} = [{_toml(alias.header)}]"]


def with_rule(text: str, rule: FileRule) -> str:
    """The text with the rule before all others: the first rule that fits a sheet is the one that counts."""
    lines = text.splitlines(keepends=True)
    at = next((i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*files\s*\]\]", line)), None)
    if at is None:
        return _appended(text, rule_lines(rule))
    while at and lines[at - 1].lstrip().startswith("#"):  # what is said about the next rule stays with it
        at -= 1
    return "".join(lines[:at]) + _joined([*rule_lines(rule), ""], _newline(text)) + "".join(lines[at:])


def with_alias(text: str, alias: Alias, reason: str) -> str:
    """The text with the alias first among those of its column."""
    lines, newline = text.splitlines(keepends=True), _newline(text)
    table = re.compile(rf"""\s*\[\s*aliases\s*\.\s*["']?{re.escape(alias.table)}["']?\s*\]""")
    start = next((i for i, line in enumerate(lines) if table.match(line)), None)
    if start is None:
        return _appended(text, alias_lines(alias, reason))
    column = re.compile(rf"""(\s*["']?{re.escape(alias.column)}["']?\s*=\s*\[)(\s*\]|)""")
    comment, new = f"# {_one_line(reason)}{newline}", f"{alias.column} = [{_toml(alias.header)}]{newline}"
    for i in range(start + 1, len(lines)):
        if lines[i].lstrip().startswith("["):
            break
        if found := column.match(lines[i]):
            separator = "" if found[2] else ", "
            rest = found[2] + lines[i][found.end() :]
            return "".join(
                [*lines[:i], comment, found[1], _toml(alias.header), separator, rest, *lines[i + 1 :]]
            )
    if not lines[start].endswith(("\n", "\r")):
        lines[start] += newline
    return "".join([*lines[: start + 1], comment, new, *lines[start + 1 :]])


def write_settings(path: Path, text: str, meant: Settings, by_hand: list[str]) -> None:
    """Put `text` in the place of the settings file, if it can be read and says exactly what is meant.

    Raises
    ------
    SettingsError
        The file is laid out so that lines can't be added safely; it is left as it is, and told what to add by hand.
    """
    place = path.resolve()
    folder = Path(tempfile.mkdtemp(prefix=".mktanalytics-", dir=place.parent))
    try:
        new = folder / place.name
        new.write_bytes(text.encode("utf-8"))
        if not _says(new, meant):
            lines = " | ".join(by_hand)
            raise SettingsError(
                ("无法安全地自动添加设置", "lines can't be added to it safely"),
                where=place.name,
                todo=(f"请手工添加：{lines}", f"add by hand: {lines}"),
            )
        if place.is_file():
            shutil.copymode(place, new)
        new.replace(place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_text(path: Path) -> str:
    """The settings file as it is, line ends and byte-order mark included; "" where there is none."""
    return path.read_bytes().decode("utf-8") if path.is_file() else ""


def _says(path: Path, meant: Settings) -> bool:
    try:
        return load_settings(path) == meant
    except SettingsError:
        return False


def _toml(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(reason: str) -> str:
    return "".join(ch if ch >= " " and ch != "\x7f" else " " for ch in reason)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _joined(lines: list[str], newline: str) -> str:
    return "".join(line + newline for line in lines)


def _appended(text: str, lines: list[str]) -> str:
    newline = _newline(text)
    gap = "" if not text.strip("\ufeff") else newline if text.endswith(("\n", "\r")) else 2 * newline
    return text + gap + _joined(lines, newline)
