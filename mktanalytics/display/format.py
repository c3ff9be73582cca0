"""The one place that turns a figure into text. Rounding happens here and nowhere before (methods 0.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from mktanalytics.display.wording import STATUS_WORDS
from mktanalytics.language import pick, spoken
from mktanalytics.metrics.notes import loss_word
from mktanalytics.metrics.result import Figure, Status

DASH = "—"
CURRENCIES = {
    "cny": "元",
    "usd": "美元",
    "eur": "欧元",
    "hkd": "港元",
    "jpy": "日元",
    "gbp": "英镑",
    "twd": "新台币",
    "idr": "印尼盾",
}

UNITS = (
    ("分", "points"), ("人", "people"), ("人次", "visits"), ("次", "times"), ("天", "days"), ("件", "units"), ("箱", "cases"),
    ("瓶", "bottles"), ("吨", "t"), ("个", ""), ("家", ""), ("户", ""), ("场", ""), ("条", ""), ("单", "orders"), ("台", "units"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How the figures of one column are shown: × 10**shift, so many decimals, this unit."""

    shift: int = 0
    places: int = 1
    head: str = ""  # the unit in a table's header
    before: str = ""  # in a sentence, before the number
    after: str = ""  # in a sentence, after it
    each: str = ""  # ends every cell, in tables too
    signed: bool = False
    currency: str = ""


_PLAIN: dict[str, tuple[Scale, Scale]] = {
    "fraction": (Scale(shift=2, each="%"),) * 2,
    "pp": (
        Scale(shift=2, head="百分点", after="个百分点", signed=True),
        Scale(shift=2, head="pp", after=" pp", signed=True),
    ),
    "ratio": (Scale(places=2, head="倍", after="倍"), Scale(places=2, head="x", after="x")),
    "index": (Scale(),) * 2,
    "score": (Scale(head="分", after="分"), Scale(after=" points")),
    "months": (Scale(head="个月", after="个月"), Scale(head="months", after=" months")),
    "days": (Scale(head="天", after="天"), Scale(head="days", after=" days")),
}


def scale_for(unit: str, values: Iterable[float], language: str, *, one: bool = False) -> Scale:
    """The scale that suits all `values`, so that a column has one unit; `one` figure may be scaled closer."""
    sizes = sorted(abs(v) for v in values)
    key = unit.lower()
    if key in _PLAIN:
        return _PLAIN[key][0 if language == "zh" else 1]
    if key in CURRENCIES:
        return replace(_money(key, sizes, language, one), currency=key)
    if key == "units":
        return _units(sizes, language)
    whole = all(float(v).is_integer() for v in sizes)
    label = "" if key in ("count", "number", "") else unit_word(unit, language)
    after = label if language == "zh" or not label else f" {label}"
    return Scale(places=0 if whole else 1, head=label, after=after)


def one_scale(scales: Iterable[Scale | None]) -> dict[str, Scale]:
    """For each currency the one scale of a table's columns of large amounts: no CNY k beside CNY m."""
    large = [s for s in scales if s and s.shift < 0 and s.currency]
    shared: dict[str, Scale] = {}
    for currency in dict.fromkeys(s.currency for s in large):
        mine = [s for s in large if s.currency == currency]
        finest = max(mine, key=lambda s: s.shift)
        places = min(max(s.places - (finest.shift - s.shift), 0) for s in mine)  # 120.31 m is 120,310 k
        shared[currency] = replace(finest, places=places)
    return shared


def unit_word(unit: str, language: str) -> str:
    """A unit as a sheet writes it, in the report's language: 分 is points; what only counts things needs no word."""
    known = next((pair for pair in UNITS if unit in pair), (unit, unit))
    return pick(known, language)


def _money(currency: str, sizes: list[float], language: str, one: bool) -> Scale:
    top = sizes[-1] if sizes else 0.0
    # in a column, the smallest amounts must stay visible beside the largest
    low = next((v for v in sizes if v > 0), 0.0)
    if language == "zh":
        name = CURRENCIES[currency]
        if top >= 1e8 and (one or (top >= 1e9 and low >= 1e6)):
            return _unit_after(-8, 2, "亿" + name)
        if top >= (1e4 if one else 1e5):
            return _unit_after(-4, 1, "万" + name)
        return _unit_after(0, _money_places(sizes), name)
    code = currency.upper()
    if top >= 1e9 and (one or (top >= 1e10 and low >= 1e7)):
        return Scale(shift=-9, places=2, head=f"{code} bn", before=f"{code} ", after=" bn")
    if top >= 1e6 and (one or low >= 1e7):
        return Scale(shift=-6, places=2, head=f"{code} m", before=f"{code} ", after=" m")
    if top >= 1e5:  # as fine as 万元 with a decimal: amounts and the gaps between them on one scale
        places = 0 if top >= 1e6 and not one else 1
        return Scale(shift=-3, places=places, head=f"{code} k", before=f"{code} ", after=" k")
    return Scale(places=_money_places(sizes), head=code, before=f"{code} ")


def _unit_after(shift: int, places: int, label: str) -> Scale:
    return Scale(shift=shift, places=places, head=label, after=label)


def _money_places(sizes: list[float]) -> int:
    whole = all(float(v).is_integer() for v in sizes)
    return 0 if whole or (sizes and sizes[-1] >= 1e4) else 2  # a price keeps its cents


def _units(sizes: list[float], language: str) -> Scale:
    large = bool(sizes) and sizes[-1] >= 1e7
    whole = all(float(v).is_integer() for v in sizes)
    if language == "zh":
        return _unit_after(-4, 1, "万件") if large else _unit_after(0, 0 if whole else 1, "件")
    if large:
        return Scale(shift=-3, head="k units", after=" k units")
    return Scale(places=0 if whole else 1, head="units", after=" units")


def round_half_up(value: float, shift: int, places: int) -> Decimal:
    """value × 10**shift at `places` decimals, halves away from zero, exact on the digits Python prints."""
    exact = Decimal(repr(float(value))).scaleb(shift)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def number(value: float, scale: Scale, *, signed: bool = False) -> str:
    """The digits: thousands separated, ASCII minus, never -0.0, a plus where `signed`."""
    rounded = round_half_up(value, scale.shift, scale.places)
    plus = "+" if (signed or scale.signed) and rounded > 0 else ""
    return plus + format(rounded, "z,f") + scale.each


def status_word(status: Status, language: str) -> str:
    """The short word a cell shows where a figure has no value."""
    return pick(STATUS_WORDS[status], language) if status in STATUS_WORDS else DASH


def absent_word(figure: Figure, language: str) -> str:
    """The short word for a figure without a value: 扭亏 and its like where that is known (methods 2.2), else its status."""
    return loss_word(figure.note, language) or status_word(figure.status, language)


def cell_text(figure: Figure, scale: Scale, language: str, *, signed: bool = False) -> str:
    """A figure as a table cell: digits; a word where there is none; `*` where its status needs a footnote."""
    if figure.value is None:
        return absent_word(figure, language)
    return number(figure.value, scale, signed=signed) + ("" if figure.status is Status.OK else "*")


def say(
    figure: Figure, *, signed: bool = False, places: int | None = None, language: str | None = None
) -> str:
    """A figure as a sentence says it: 23.4%, +1.2个百分点, 2.95亿元; CNY 2.95 m in English.

    Parameters
    ----------
    figure
        The figure; without a value its status is said (无基数, no base).
    signed
        Put a plus before a gain (differences in pp always have one).
    places
        Decimals, where the usual ones don't suit.
    language
        `zh` or `en`; the language spoken by default.
    """
    language = language or spoken()
    if figure.value is None:
        return absent_word(figure, language)
    scale = scale_for(figure.unit, [figure.value], language, one=True)
    scale = scale if places is None else replace(scale, places=places)
    digits = number(figure.value, scale, signed=signed)
    if scale.before and digits[0] in "+-":  # -CNY 1.2 m, not CNY -1.2 m
        return digits[0] + scale.before + digits[1:] + scale.after
    return scale.before + digits + scale.after


def say_range(low: Figure, high: Figure) -> str:
    """An interval as a cell shows it: [66.6%, 75.5%]."""
    return DASH if low.value is None or high.value is None else f"[{say(low)}, {say(high)}]"


def head_text(head: str, unit: str, language: str) -> str:
    """A column header with its unit: 销售额（万元）, Sales (CNY m)."""
    if not unit:
        return head
    return f"{head}（{unit}）" if language == "zh" else f"{head} ({unit})"
