"""`mktanalytics.toml`: where it is, and what it says as a `Settings` value, or an error that names the key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from mktanalytics.errors import SettingsError
from mktanalytics.language import LANGUAGES
from mktanalytics.settings import FileRule, Methods, Rename, Settings, Thresholds
from mktanalytics.settings_checks import CORRECT, check_settings, nearest

FILE = "mktanalytics.toml"
NAMED_BY = "MKTANALYTICS_SETTINGS"
_PARTS: dict[str, type] = {"thresholds": Thresholds, "methods": Methods}
_RULES: dict[str, type] = {"files": FileRule, "renames": Rename}
_TYPES = {
    str: ("文字，写在引号里", "text in quotes"), int: ("整数", "a whole number"), float: ("数字", "a number"),
    bool: ("true 或 false", "true or false"),
}  # fmt: skip


def project_root(start: Path | None = None) -> Path:
    """The nearest folder from `start` upwards that holds mktanalytics.toml or a data folder; else `start`."""
    here = (start or Path.cwd()).resolve()
    return next(
        (p for p in (here, *here.parents) if (p / FILE).is_file() or (p / "data" / "raw").is_dir()), here
    )


def settings_path() -> Path:
    """The file that MKTANALYTICS_SETTINGS names, else the one at the project root."""
    return Path(os.environ.get(NAMED_BY) or project_root() / FILE)


def load_settings(path: Path | None = None) -> Settings:
    """The settings in `path`, else in the file MKTANALYTICS_SETTINGS names, else at the project root.

    Raises
    ------
    SettingsError
        The file is not TOML, or a key or value is none that is known: names it, what is allowed and the nearest.
        MKTANALYTICS_SETTINGS names a file that isn't there: figures by the defaults would pass for the wanted ones.
    """
    if path is None and os.environ.get(NAMED_BY) and not settings_path().exists():
        raise SettingsError(
            (f"{NAMED_BY} 所指的设置文件不存在", f"{NAMED_BY} names a settings file that isn't there"),
            where=str(settings_path()),
            todo=("更正路径，或清除该环境变量", "correct the path, or unset the variable"),
        )
    path = path or settings_path()
    if not path.is_file():
        return Settings()
    settings: Settings = _build(Settings, _toml(path), path.name)
    check_settings(settings, path.name)
    return settings


def language_wished(path: Path | None = None) -> str:
    """The language the settings ask for, even where nothing else of them can be used."""
    try:
        wished = _toml(path or settings_path()).get("language")
    except (SettingsError, OSError):
        wished = None
    return wished if wished in LANGUAGES else Settings().language


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            ("无法按 TOML 读取", "not readable as TOML"), where=path.name, found=str(error),
            todo=("改正该行", "mend that line"),
        ) from None  # fmt: skip


def _build(kind: type, data: Mapping[str, Any], where: str) -> Any:
    """`kind` from a table of the file: every key known, every value of its type."""
    known = {f.name: f for f in fields(kind)}
    for key in data:
        if key not in known:
            near = nearest(key, known)
            raise SettingsError(
                (f"没有设置项 {key!r}", f"unknown key {key!r}"), where=where,
                expected=(f"或许是 {near!r}", f"perhaps {near!r}"),
                todo=("改正或删去；docs/settings.md 列出全部设置项", "correct or remove it; docs/settings.md lists all keys"),
            )  # fmt: skip
    for name, f in known.items():
        if f.default is f.default_factory is MISSING and name not in data:
            raise SettingsError((f"缺 {name}", f"{name} missing"), where=where, todo=("补上它", "add it"))
    return kind(**{key: _value(key, v, known[key].default, f"{where} [{key}]") for key, v in data.items()})


def _value(key: str, value: Any, default: Any, where: str) -> Any:
    if key in _PARTS:
        return _build(_PARTS[key], _table(value, where), where)
    if key in _RULES:
        return tuple(_build(_RULES[key], _table(rule, where), where) for rule in _list(value, where))
    if key == "aliases":
        return {t: {c: _texts(h, where) for c, h in _table(v, where).items()} for t, v in _table(value, where).items()}  # fmt: skip
    if key == "values":
        return {c: {k: _plain(v, str, where) for k, v in _table(words, where).items()} for c, words in _table(value, where).items()}  # fmt: skip
    if key == "grades":
        return tuple(_grade(v, where) for v in _list(value, where))
    if isinstance(default, tuple) or key == "now":
        return _texts(value, where)
    return _plain(value, str if default is MISSING else type(default), where)


def _plain(value: Any, kind: type, where: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    return value if type(value) is kind else _wrong(value, _TYPES[kind], where)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    # own_brands = "清泉" would be read as the brands 清 and 泉
    return tuple(_plain(v, str, where) for v in _list(value, where))


def _grade(value: Any, where: str) -> tuple[str, float]:
    if not (isinstance(value, list) and len(value) == 2):
        _wrong(value, ('["优", 90] 这样的一对', 'a pair such as ["优", 90]'), where)
    return _plain(value[0], str, where), _plain(value[1], float, where)


def _table(value: Any, where: str) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _wrong(value, ("一张表 [...]", "a table [...]"), where)


def _list(value: Any, where: str) -> Sequence[Any]:
    return value if isinstance(value, list) else _wrong(value, ("一个列表 [...]", "a list [...]"), where)


def _wrong(value: Any, expected: tuple[str, str], where: str) -> Any:
    raise SettingsError(
        ("类型不对", "wrong type"), where=where, found=repr(value), expected=expected, todo=CORRECT
    )
