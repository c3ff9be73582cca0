"""The units that titles, notes and names declare: 单位：万元, Currency: CNY 000s, All figures in thousands; and those nobody can read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from mktanalytics.text import simplified
from mktanalytics.units import Unit, parse_unit, split_header

_CURRENCY_IS = re.compile(r"(?:币\s?种|币别|货币|\bcurrency)\s*[:：]\s*", re.IGNORECASE)
_UNIT_IS = re.compile(r"单位\s*[:：为是]?\s*(?:为|是)?\s*|\bunits?\s*[:：]\s*", re.IGNORECASE)
_ALL_IN = re.compile(
    r"\b(?:figures?|amounts?|values?|numbers?|prices?|stated|expressed|reported|shown)\b[^.;]*?\bin\s+([^.;,()]+)",
    re.IGNORECASE,
)
_IN = re.compile(r"\bin\s+([^.;,()]+)", re.IGNORECASE)
_COUNTED_IN = re.compile(
    r"(?:均为|均以|以|按)\s*([^\s,，。;；、]{1,6}?)\s*(?:为单位|计(?!划)|列示|$|[,，。;；])"
)
_ENDS = re.compile(r"[()\[\]。;；]")
_BETWEEN = re.compile(r"[,，](?!\d{3})")  # not the comma of 10,000
_OF_ANY_MONEY = re.compile(r"[十百千万亿]*[元圆块]")
_PLAIN_NUMERALS = str.maketrans("仟佰拾", "千百十")
_NUMERALS = tuple(
    (re.compile(rf"(?<![\d.,])(?:{words})(?![\d,])", re.IGNORECASE), scale)
    for words, scale in (
        (r"(?:10|\bten)\s*thousands?\b|10,?000|10\s?k\b", "万"),
        (r"(?:100|\b(?:an?|one)\s+hundred|\bhundred)\s*thousands?\b|100,?000|100\s?k\b", "十万"),
        (r"1,?000,?000", "百万"),
        (r"1,?000", "千"),
    )
)
_POWER = r"10{0,2},?000|10{0,2}\s?k|10{0,2}\s*thousands?"
_CURRENCIES = r"rmb|cny|usd|yuan|元|¥|\$"
_HINT = re.compile(  # a number before it makes it an amount: 突破500万元, 3 million customers
    r"(?<![\d.十百千万亿几数近超余多过破达约满逾足于])[百千万亿]+[元圆](?=$|[\s()\[\],，。;；、/计])"
    r"|单位[^,，。;；]{0,4}[百千万亿](?=[元圆]|$|[\s()/,，。;；、])|(?<![\d,.])'?000'?s?\b|[x×*]\s?10{0,2},?000"
    r"|(?<!\d )(?<!\d)\b(?:thousands?|millions?|billions?|mln|mio)\b|\b(?:rmb|cny|usd)\s?(?:k|m|mm|mn|bn)\b"
    rf"|\b(?:units?|in|(?:in )?(?:{_CURRENCIES}))\s*:?\s*(?:{_POWER})(?=$|[)\]])"
    rf"|(?:^|[(\[])\s*(?:{_POWER})\s*(?:{_CURRENCIES})?\s*(?=$|[)\]])|\bin\s+(?:{_POWER})\s*(?:{_CURRENCIES})",
    re.IGNORECASE,
)


def find_units(text: str) -> tuple[Unit, ...]:
    """The units that a title or note declares: `销售表（单位：万元、台）`, `（万元）`, `Unit: RMB '000`, `All figures in USD`."""
    plain = simplified(text).translate(_PLAIN_NUMERALS)
    if money := _currency_said(plain):
        return in_one_currency((money, *_declared(plain)))
    if said := _declared(plain) or _all_in(plain):
        return said
    inside = tuple(u for part in re.findall(r"[(\[]([^()\[\]]+)[)\]]", plain) for u in _list(part))
    return inside or _alone(plain) or _in_thousands(plain)


def hints_at_scale(text: str) -> str:
    """The words by which a title, note or name seems to say 万元 or thousands, read or not; else ""."""
    found = _HINT.search(simplified(text).translate(_PLAIN_NUMERALS))
    return found[0].strip() if found else ""


def unread_scale(text: str) -> str:
    """The words by which a text seems to say a scale, where no unit could be read that has one; else ""."""
    return hints_at_scale(text) if all(u.scale == 1 for u in find_units(text)) else ""


def in_one_currency(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """`单位：万元` beside `币种：美元` is 万美元, and so is `thousands` beside USD: two currencies, or two scales, stay two."""
    money = [u for u in units if u.kind == "money"]
    named = {u.currency for u in money if not _OF_ANY_MONEY.fullmatch(u.written)} or {
        u.currency for u in money
    }
    if len(named) != 1 or len(scales_said(units)) > 1:
        return units
    scale = max(u.scale for u in units if u.kind in ("money", "scale"))
    whole = dict.fromkeys(replace(u, scale=scale, currency=next(iter(named))) for u in money)
    return (*whole, *(u for u in units if u.kind not in ("money", "scale")))


def scales_said(units: Iterable[Unit]) -> set[float]:
    """What the figures are to be multiplied by, each way that it is said: 元 says 1, the name of a currency nothing."""
    money = [u for u in units if u.kind in ("money", "scale") and not u.per]
    return {u.scale for u in money if u.scale > 1 or _OF_ANY_MONEY.fullmatch(u.written)}


def _currency_said(plain: str) -> Unit | None:
    """CNY of `Currency: CNY`, and thousands of CNY of `Currency: CNY (000s)`."""
    start = _CURRENCY_IS.search(plain)
    if start is None:
        return None
    said = re.split(r"[.。;；|]|单位|\bunit", plain[start.end() :], maxsplit=1, flags=re.IGNORECASE)[0]
    return _longest(re.sub(r"[()\[\],，、]", " ", said))


def _declared(plain: str) -> tuple[Unit, ...]:
    """万元 and 台 of `单位：万元、台`, thousands of yuan of `Unit: RMB 1,000`."""
    said: list[Unit] = []
    for declared in _UNIT_IS.split(plain)[1:]:
        said += _list(_worded(_ENDS.split(declared)[0])) or _list(declared.strip("()[]"))
    return tuple(said)


def _all_in(plain: str) -> tuple[Unit, ...]:
    """USD of `All figures in USD unless noted`, 千元 of `以上金额均为千元`."""
    found = _ALL_IN.search(plain) or _COUNTED_IN.search(plain)
    unit = _longest(_worded(found[1])) if found else None
    return (unit,) if unit is not None and unit.kind in ("money", "scale") else ()


def _in_thousands(plain: str) -> tuple[Unit, ...]:
    """Thousands of `Sales in '000`, where the title says no more about its unit than that."""
    units = (_longest(found[1]) for found in _IN.finditer(plain))
    return tuple(u for u in units if u is not None and u.kind in ("money", "scale") and u.scale > 1)[:1]


def _alone(plain: str) -> tuple[Unit, ...]:
    """A text that is nothing but a unit, or ends with one: `RMB '000`, `Sales by region, USD thousands`, `销售数据/万元`."""
    last = parse_unit(_BETWEEN.split(plain)[-1])
    tail = split_header(plain)
    ends = None if _UNIT_IS.search(plain) or re.search(r"\d\W*$", tail[0]) else tail[1]
    units = (parse_unit(plain), last, ends if ends and ends.scale > 1 else None)
    alone = next((u for u in units if u is not None), None)
    return (alone,) if alone is not None and (alone is units[0] or alone.kind == "money") else ()


def _longest(text: str) -> Unit | None:
    """The unit that the first words of a text are, as many of them as can be."""
    words = text.split()
    units = (parse_unit(" ".join(words[:n])) for n in range(len(words), 0, -1))
    return next((u for u in units if u is not None), None)


def _worded(text: str) -> str:
    """万 RMB of `10,000 RMB` and `10K RMB`, where a unit is being said and no amount."""
    for numeral, word in _NUMERALS:
        text = numeral.sub(word, text)
    return text


def _list(text: str) -> tuple[Unit, ...]:
    whole = parse_unit(text)
    if whole:
        return (whole,)
    parts = [parse_unit(p) for p in re.split(r"[,，、;；\s]+|和|及|\band\b", text) if p]
    return tuple(u for u in takewhile(bool, parts) if u)
