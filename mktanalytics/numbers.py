"""Text → number and unit, exactly or not at all."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from mktanalytics.text import is_blank, join_cjk, key, name, normalise, prose, simplified
from mktanalytics.units import (
    CURRENCIES,
    Kind,
    Unit,
    is_currency,
    parse_unit,
    split_header,
)

__all__ = [
    "Number", "Unit", "exact", "is_blank", "is_currency", "join_cjk", "key", "name", "normalise", "parse_number",
    "parse_unit", "prose", "simplified", "split_header",
]  # fmt: skip

# How the digits were grouped: what a whole column shows may make one cell of it ambiguous.
Marks = Literal["plain", "thousands", "decimal_comma", "european"]


@dataclass(frozen=True)
class Number:
    """A number with its unit multiplied in: `11.50万元` is value 115000.0, unit 万元, scale 10000, currency CNY."""

    value: float
    unit: str = ""  # as written; "" if none
    scale: float = 1.0
    is_percent: bool = False
    currency: str = ""
    kind: Kind | Literal[""] = ""  # of the unit
    base: str = ""  # the unit without its scale: 件 of 万件
    marks: Marks = "plain"


_SYMBOLS = "|".join(
    re.escape(w) for w in sorted(("us$", "hk$", "nt$", "u$", "¥", "$", "€", "£", "rmb", "cny", "usd", "hkd", "eur", "rp"), key=len, reverse=True)
)  # fmt: skip
_CODE = {word: code for code, words in CURRENCIES.items() for word in words.split()}
_DIGITS = r"\d+(?:\.\d*)?(?:e[+-]?\d{1,3})?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+,\d{1,2}|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}"
_NUMBER = re.compile(
    rf"(?P<open>\()?\s*(?P<s1>[+-])?\s*(?P<cur>{_SYMBOLS})?\s*(?P<s2>[+-])?\s*(?P<digits>{_DIGITS})"
    r"\s*(?P<unit>[^\s\d()+\-.,~<>≈][^()+\-~<>≈]*?)?\s*(?P<s3>-)?\s*(?P<close>\))?",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)([元万亿件%]{0,3})"
)  # nearly every cell: no need for the long way
_LONGEST = 100  # characters; longer is prose, and prose is no number
_HAN = re.compile(
    r"(?P<minus>负)?(?P<digits>[零〇一二两三四五六七八九十百千万亿点]+)(?P<unit>[^零〇一二两三四五六七八九十百千万亿点].*)?"
)


def exact(value: float, scale: float) -> float:
    """`value` × `scale` as decimals: 1.005 × 10000 is 10050.0."""
    return value if scale == 1 else float(Decimal(repr(value)) * _decimal(scale))


@lru_cache(maxsize=64)
def _decimal(scale: float) -> Decimal:
    return Decimal(repr(scale))


@lru_cache(maxsize=65536)
def parse_number(text: str) -> Number | None:
    """The number `text` is, with whatever unit it carries; None if it isn't one beyond doubt (`约1.2万`, `1,2345`)."""
    if found := _PLAIN.fullmatch(text):
        return _with_unit(Decimal(found[1]), "", found[2], "plain") if found[2] else Number(float(found[1]))
    if len(text) > _LONGEST:
        return None
    plain = normalise(text).removeprefix("'").strip().replace("−", "-").replace("–", "-")
    found = _NUMBER.fullmatch(plain)
    if not found:
        return _han(plain)
    signs = [found["open"], found["s1"], found["s2"], found["s3"]]
    if bool(found["open"]) != bool(found["close"]) or sum(map(bool, signs)) > 1:
        return None
    digits, marks = _digits(found["digits"])
    negative = bool(found["open"]) or "-" in (found["s1"], found["s2"], found["s3"])
    return _with_unit(-digits if negative else digits, found["cur"] or "", found["unit"] or "", marks)


def _digits(text: str) -> tuple[Decimal, Marks]:
    if re.fullmatch(r"\d+,\d{1,2}", text):  # "1052,75元": two digits are no group of thousands
        return Decimal(text.replace(",", ".")), "decimal_comma"
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", text):
        return Decimal(text.replace(".", "").replace(",", ".")), "european"
    if "," in text:
        return Decimal(text.replace(",", "")), "thousands"
    return Decimal(text), "plain"


def _with_unit(digits: Decimal, symbol: str, word: str, marks: Marks) -> Number | None:
    if not math.isfinite(float(digits)):  # "1e400"
        return None
    unit = parse_unit(word) if word else None
    code = _CODE[symbol.casefold()] if symbol else ""
    if word and unit is None:
        return None
    if unit is None:
        return Number(float(digits), currency=code, unit=symbol, kind="money" if code else "", marks=marks)
    if code and (unit.kind not in ("money", "scale") or unit.currency not in ("", code)):
        return None  # "$5元", "¥3件"
    kind: Kind = "money" if code else unit.kind
    return Number(
        float(digits * Decimal(repr(unit.scale))),
        unit=f"{symbol}{unit.written}",
        scale=unit.scale,
        is_percent=unit.kind == "rate",
        currency=code or unit.currency,
        kind=kind,
        base=unit.base,
        marks=marks,
    )


def _han(plain: str) -> Number | None:
    """一万二千, 负三百元; not 一 or 两 alone (a dash, a weight), not 一万二 (12000 or 10002?)."""
    found = _HAN.fullmatch(plain.replace(" ", ""))
    if not found or found["digits"] in ("一", "两"):
        return None
    import cn2an  # takes as long to load as all of this package, and few sheets write 一万二千

    words = found["digits"].replace("两", "二").replace("〇", "零")
    try:
        value = Decimal(str(cn2an.cn2an(words, "normal")))
        back = {cn2an.an2cn(str(value), "low"), cn2an.an2cn(str(value), "low").removeprefix("一")}
    except ValueError:
        return None
    if words not in back:
        return None
    return _with_unit(-value if found["minus"] else value, "", found["unit"] or "", "plain")
