"""Choices a company makes, with defaults; `settings_file` reads them from `mktanalytics.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
    budget_forecast: str = "bottom_up"  # full-year forecast (methods 4.4)
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
    prefer: bool = False  # it counts where another file says otherwise
    table: str = ""
    month: str = ""
    header_row: int = 0  # as Excel counts; 0 leaves it to us


@dataclass(frozen=True, kw_only=True)
class Rename:
    """A key that goes by another name, or by several, from a month on (methods 0.8)."""

    column: str  # region, brand, product, …
    was: str
    now: tuple[str, ...]  # one name; several where it was divided
    since: str  # the first month of the new names
    reason: str
    until: str = ""  # the last month of them; "" is still


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
    renames: tuple[Rename, ...] = ()
