"""What the settings may say: choices, bounds, orders, and names of tables and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from mktanalytics.errors import SettingsError
from mktanalytics.language import Words
from mktanalytics.settings import FileRule, Rename, Settings
from mktanalytics.tables import all_tables
from mktanalytics.units import CURRENCIES, parse_unit

if TYPE_CHECKING:
    from mktanalytics.spans import Period

CORRECT = ("改正它", "correct it")
CHOICES: dict[str, dict[str, tuple[str | int, ...]]] = {
    "": {
        "language": ("zh", "en"),
        "currency": tuple(CURRENCIES),
        "fiscal_year_start": tuple(range(1, 13)),
    },
    "methods": {
        "share_basis": ("value", "volume"),
        "pvm_year": ("laspeyres", "paasche", "three_term", "bennet", "montgomery"),
        "pace": ("phased", "months", "days"),
        "budget_forecast": (
            "linear", "seasonal_share", "last_year_growth", "phased_plan", "last_year_rest", "ets", "theta",
            "mean_of_bf", "bottom_up",
        ),
        "lower_is_better": ("linear", "convex"),
        "missing_kpi": ("rescale", "neutral", "zero"),
        "ranking": ("competition", "dense"),
    },
}  # fmt: skip
BOUNDS: dict[str, tuple[Callable[[float], bool], Words]] = {
    "interval": (lambda v: 0 < v < 1, ("0 与 1 之间，例如 0.95", "between 0 and 1, such as 0.95")),
    "score_floor": (lambda v: 0 <= v <= 1, ("0 到 1 的完成率，例如 0.60", "an achievement from 0 to 1, such as 0.60")),
    "score_cap": (lambda v: v >= 100, ("不低于 100 的分数，例如 120", "points, 100 or more, such as 120")),
    "pace_from_month": (lambda v: 0 <= v <= 12, ("0 到 12 个月", "0 to 12 months")),
    "pace_low": (lambda v: v >= 0, ("不低于 0", "0 or more")),
    "occupancy_warning": (lambda v: v >= 0, ("不低于 0", "0 or more")),
    "small_base_hide": (lambda v: v >= 0, ("不低于 0", "0 or more")),
}  # fmt: skip
RISING = (
    ("pace_low", "pace_high", "pace_over"),
    ("occupancy_warning", "occupancy_freeze"),
    ("small_base_hide", "small_base_grey"),
)


def check_settings(settings: Settings, where: str) -> None:
    """Refuse what no report could use.

    Raises
    ------
    SettingsError
        Names the key, what was found and what is allowed or nearest.
    """
    for part, choices in CHOICES.items():
        held = getattr(settings, part) if part else settings
        for name, allowed in choices.items():
            _one_of(getattr(held, name), allowed, f"{where} [{name}]")
    numbers = vars(settings.thresholds) | vars(settings.methods)
    for name, (fits, words) in BOUNDS.items():
        if not fits(numbers[name]):
            _refuse(("超出范围", "out of bounds"), f"{where} [{name}]", numbers[name], words)
    _check_orders(settings, where)
    _check_names(settings, where)
    for rule in settings.files:
        _check_rule(rule, f"{where} [[files]] {rule.file}")
    for rename in settings.renames:
        _check_rename(rename, f"{where} [[renames]] {rename.was}")


def _one_of(value: str | int, allowed: Sequence[str | int], where: str) -> None:
    if value in allowed:
        return
    unit = parse_unit(str(value))
    near = unit.currency if unit and unit.currency in allowed else nearest(str(value), allowed)
    every = ", ".join(map(repr, allowed))
    _refuse(
        ("没有这个选项", "unknown choice"), where, value,
        (f"{every}；或许是 {near!r}", f"one of {every}; perhaps {near!r}"),
    )  # fmt: skip


def _check_orders(settings: Settings, where: str) -> None:
    for names in RISING:
        held = [getattr(settings.thresholds, n) for n in names]
        if any(a > b for a, b in pairwise(held)):
            found = ", ".join(f"{n} = {v:g}" for n, v in zip(names, held, strict=True))
            _refuse(
                ("阈值次序不对", "thresholds out of order"), f"{where} [thresholds]", found, " ≤ ".join(names)
            )
    grades = settings.thresholds.grades
    falling = all(a > b for (_, a), (_, b) in pairwise(grades))
    if not grades or not falling or len({name for name, _ in grades}) < len(grades):
        _refuse(
            ("等级次序不对", "grades out of order"), f"{where} [grades]", [list(g) for g in grades],
            ('从好到差，分数递减，名称不重复：[["优", 90], ["良", 80]]', 'best first, falling, each name once: [["优", 90], ["良", 80]]'),
        )  # fmt: skip


def _check_names(settings: Settings, where: str) -> None:
    tables = all_tables()
    for name, columns in settings.aliases.items():
        _known(name, tables, f"{where} [aliases.{name}]", ("没有数据表", "unknown table"))
        for column in columns:
            _known(column, tables[name].names, f"{where} [aliases.{name}]", ("没有列", "unknown column"))
    everywhere = sorted({c for table in tables.values() for c in table.names})
    for column in settings.values:
        _known(column, everywhere, f"{where} [values.{column}]", ("没有列", "unknown column"))


def _check_rule(rule: FileRule, where: str) -> None:
    if rule.table:
        _known(rule.table, all_tables(), where, ("没有数据表", "unknown table"))
    if rule.month and _period(rule.month) is None:
        _refuse(
            ("不是月份", "not a month"),
            where,
            rule.month,
            ("形如 2026-10，或年份 2026", "such as 2026-10, or a year"),
        )
    if rule.header_row < 0:
        _refuse(
            ("不是行号", "not a row number"),
            where,
            rule.header_row,
            ("Excel 中的行号，从 1 起", "a row as Excel counts, from 1"),
        )


def _check_rename(rename: Rename, where: str) -> None:
    names = sorted(
        {c.name for t in all_tables().values() for c in t.columns if c.kind == "category" and not c.allowed}
    )
    _known(rename.column, names, where, ("没有列", "unknown column"))
    for month in filter(None, (rename.since, rename.until)):
        period = _period(month)
        if period is None or period.length != "month":
            _refuse(("不是月份", "not a month"), where, month, ("形如 2026-01", "such as 2026-01"))
    if not rename.now or rename.now == (rename.was,) or (rename.until and rename.until < rename.since):
        _refuse(
            ("没有说明改成什么", "says no change"), where, f"{rename.was} → {list(rename.now)}, {rename.since} – {rename.until}",
            ("新名称，以及不早于 since 的 until", "new names, and an until no earlier than since"),
        )  # fmt: skip


def _known(name: str, names: Iterable[str], where: str, what: tuple[str, str]) -> None:
    names = list(names)
    if name not in names:
        near, every = nearest(name, names), ", ".join(names)
        zh, en = what
        _refuse(
            (f"{zh} {name!r}", f"{en} {name!r}"), where, "",
            (f"或许是 {near!r}（共有 {every}）", f"perhaps {near!r} (there are {every})"),
        )  # fmt: skip


def _period(month: str) -> Period | None:
    from mktanalytics.periods import parse_period  # its patterns take longer to load than all settings

    return parse_period(month)


def nearest(name: str, names: Iterable[str | int]) -> str:
    """The one of `names` that `name` may have meant."""
    from rapidfuzz import process  # for errors only

    return str(process.extractOne(name, [str(n) for n in names])[0])


def _refuse(what: Words, where: str, found: object, expected: Words) -> None:
    raise SettingsError(
        what, where=where, found=repr(found) if found != "" else "", expected=expected, todo=CORRECT
    )
