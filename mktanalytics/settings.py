"""Choices a company makes, with defaults: `mktanalytics.toml`, every key optional."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from rapidfuzz import process

from mktanalytics.errors import SettingsError

FILE = "mktanalytics.toml"


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """Where colours and warnings begin (methods 4.2, 5.4, 6.2)."""

    pace_low: float = 0.80  # relative pace below this: 滞后
    pace_high: float = 1.00  # above this: 关注
    pace_over: float = 1.10  # above this: 超进度
    occupancy_warning: float = 0.80  # (A + C) / BA from here: 预警
    occupancy_freeze: float = 1.00  # and from here: 冻结
    pace_from_month: int = 2  # no colours before this many months of the year have passed
    small_base_hide: int = 30  # survey bases below this n_eff are not shown
    small_base_grey: int = 50  # and below this are shown in grey
    grades: tuple[tuple[str, float], ...] = (("优", 90.0), ("良", 80.0), ("中", 60.0), ("差", 0.0))


@dataclass(frozen=True, kw_only=True)
class Methods:
    """One name for each **choice** of docs/methods.md; printed under the table that used it."""

    market_source: str = (
        ""  # which source, where the market tables hold several; "" is the one with most rows
    )
    share_basis: str = "value"  # headline share: value or volume
    pvm_year: str = "bennet"  # price-volume-mix, year on year
    pace: str = "phased"  # 序时进度: phased (分月计划), months or days
    budget_forecast: str = "mean_of_bf"  # full-year forecast (methods 4.4)
    lower_is_better: str = "linear"  # achievement of 逆向 KPIs: linear (2 - A/T) or convex (T/A)
    missing_kpi: str = "rescale"  # a KPI without actual: rescale, neutral or zero
    score_cap: float = 120.0  # highest score of a KPI whose target names no cap
    score_floor: float = 0.60  # achievement below which the score is 0, where the target names no floor
    ranking: str = "competition"  # ties: competition (1,2,2,4) or dense (1,2,2,3)
    interval: float = 0.95  # level of intervals


@dataclass(frozen=True, kw_only=True)
class FileRule:
    """What a person has told us once about one file or sheet; each rule carries its reason."""

    file: str  # a file name or pattern such as "华东*.xlsx"
    reason: str
    sheet: str = ""  # a sheet name or pattern; "" is every sheet
    ignore: bool = False
    table: str = ""
    month: str = ""
    header_row: int = 0  # as Excel counts; 0 leaves it to us


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The whole of mktanalytics.toml."""

    company: str = ""
    own_brands: tuple[str, ...] = ()
    language: str = "zh"
    currency: str = "CNY"
    fiscal_year_start: int = 1
    engine: str = "duckdb"  # or a connection string, such as spark://… (docs/engines.md)
    engine_memory: str = ""  # the most DuckDB may use, such as "2GB"; "" is four fifths of the machine's
    thresholds: Thresholds = field(default_factory=Thresholds)
    methods: Methods = field(default_factory=Methods)
    aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  # table -> column -> headers
    values: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # column -> value met -> value meant
    files: tuple[FileRule, ...] = ()


def project_root(start: Path | None = None) -> Path:
    """The nearest folder from `start` upwards that holds mktanalytics.toml or a data folder; else `start`."""
    here = (start or Path.cwd()).resolve()
    return next(
        (p for p in (here, *here.parents) if (p / FILE).is_file() or (p / "data" / "raw").is_dir()), here
    )


def settings_path() -> Path:
    """The file that MKTANALYTICS_SETTINGS names, else the one at the project root."""
    return Path(os.environ.get("MKTANALYTICS_SETTINGS") or project_root() / FILE)


def load_settings(path: Path | None = None) -> Settings:
    """The settings in `path`, else in the file MKTANALYTICS_SETTINGS names, else at the project root.

    Raises
    ------
    SettingsError
        The file is not TOML, or a key or value is unknown; names the nearest known key.
    """
    path = path or settings_path()
    if not path.is_file():
        return Settings()
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(
            "not readable as TOML", where=path.name, found=str(error), todo="mend that line"
        ) from None
    settings: Settings = _build(Settings, data, path.name)
    return settings


_PARTS: dict[str, type] = {"thresholds": Thresholds, "methods": Methods}
_CHOICES: dict[str, tuple[str | int, ...]] = {
    "language": ("zh", "en"),
    "fiscal_year_start": tuple(range(1, 13)),
    "share_basis": ("value", "volume"),
    "pvm_year": ("laspeyres", "paasche", "three_term", "bennet", "montgomery"),
    "pace": ("phased", "months", "days"),
    "lower_is_better": ("linear", "convex"),
    "missing_kpi": ("rescale", "neutral", "zero"),
    "ranking": ("competition", "dense"),
}


def _build(kind: type, data: Mapping[str, Any], where: str) -> Any:
    known = {f.name: f for f in fields(kind)}
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            near = process.extractOne(key, list(known))
            raise SettingsError(
                f"unknown key {key!r}",
                where=where,
                expected=f"perhaps {near[0]!r}" if near else "",
                todo="correct or remove it; docs/settings.md lists all keys",
            )
        values[key] = _value(key, value, known[key].default, f"{where} [{key}]")
    lacking = [n for n, f in known.items() if f.default is f.default_factory is MISSING and n not in values]
    if lacking:
        raise SettingsError(f"{', '.join(lacking)} missing", where=where, todo="add it")
    return kind(**values)


def _value(key: str, value: Any, default: Any, where: str) -> Any:
    mapping = key in (*_PARTS, "aliases", "values")
    if (mapping and not isinstance(value, dict)) or (
        isinstance(default, tuple) and not isinstance(value, list)
    ):
        # own_brands = "清泉" would be read as the brands 清 and 泉
        raise SettingsError(
            f"{key}: wrong type",
            where=where,
            found=repr(value),
            expected=f"a table [{key}]" if mapping else "a list [...]",
            todo="correct it",
        )
    if key in _CHOICES and value not in _CHOICES[key] and type(value) is type(default):
        raise SettingsError(
            f"{key}: unknown choice",
            where=where,
            found=repr(value),
            expected=" or ".join(map(repr, _CHOICES[key])),
            todo="correct it",
        )
    if key in _PARTS:
        return _build(_PARTS[key], value, where)
    if key == "files":
        return tuple(_build(FileRule, rule, where) for rule in value)
    if key == "aliases":
        return {table: {c: tuple(h) for c, h in heads.items()} for table, heads in value.items()}
    if key == "values":
        return value
    if isinstance(default, tuple):
        return tuple(tuple(v) if isinstance(v, list) else v for v in value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(default) in (str, int, float, bool) and type(value) is not type(default):
        raise SettingsError(
            "wrong type", where=where, found=repr(value), expected=type(default).__name__, todo="correct it"
        )
    return value
