"""评分标准 as forms write them, read as a band table (methods 5.2.3)."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.kpi.score import BandTable

Of = Literal["achievement", "actual", ""]  # what the limits are compared with; "" where the words don't say
FULL = math.inf  # 满分: as many points as the item has

_NUMBER = r"(?:\d+(?:\.\d+)?)"
_LIMIT = rf"(?P<{{0}}>{_NUMBER})\s*(?P<{{0}}_unit>%?)\s*(?P<{{0}}_in>\((?:不?含|包含)\)|\(?不?含(?:{_NUMBER}%?)?\)?)?"
_LOW, _HIGH = _LIMIT.format("low"), _LIMIT.format("high")
_SUBJECT = r"(?P<subject>完成率|达成率|完成比例|目标完成率|实际值?|完成值|指标值|x)?\s*(?:在|为)?\s*"
_BETWEEN = re.compile(
    rf"(?P<open>[\[(])?{_LOW}\s*(?:(?P<low_op><=?)\s*(?:x|完成率|达成率|实际值?)\s*(?P<high_op><=?)|-|~|至|到|,)\s*{_HIGH}\s*(?P<close>[\])])?(?:之?间)?"
)
_ABOVE = re.compile(
    rf"(?P<op>>=?|大于等于|大于|不低于|不少于|超过|高于|达到|达)?\s*{_LOW}\s*(?P<after>及?以上|以上|或以上)?(?P<after_in>\(?不?含(?:{_NUMBER}%?)?\)?)?"
)
_BELOW = re.compile(
    rf"(?P<op><=?|小于等于|小于|不高于|不超过|低于|少于|不足|不满|未达到|未达)?\s*{_HIGH}\s*(?P<after>及?以下|以下|或以下|以内)?(?P<after_in>\(?不?含(?:{_NUMBER}%?)?\)?)?"
)
_POINTS = re.compile(
    rf"[,:=\s]*(?:得|计|为|记)?\s*(?:(?P<full>满分)|(?P<none>不得分|不计分|零分|0分)|(?P<points>{_NUMBER})\s*分?)$"
)


@dataclass(frozen=True)
class Standard:
    """A band table as somebody wrote it down."""

    table: BandTable  # in fractions where `percent`; the score of a band nobody described is NaN
    of: Of
    percent: bool  # its limits carry a %


@dataclass(frozen=True)
class _Band:
    low: float
    high: float
    points: float
    closed: frozenset[
        str
    ]  # the ends that are said to belong to it: low, high; and those that are said not to: -low, -high
    subject: str
    percent: bool


@checked
def read_standard(text: str) -> Standard | str:
    """The band table that a 评分标准 describes, or the code of a note that says why it can't be read.

    Parameters
    ----------
    text : such as "完成率≥100%得满分；90%-100%得8分；低于90%不得分".

    Returns
    -------
    Standard or str
        Bands must touch, and agree on which of their ends belongs to them; where nobody says, the lower end does.

    Source
    ------
    methods 5.2.3.

    Examples
    --------
    >>> read_standard("≥100%得100分；90%-100%得80分；<90%得0分").table
    BandTable(edges=(0.9, 1.0), scores=(0.0, 80.0, 100.0), closed='left')
    >>> read_standard("视完成情况由主管评定")
    'standard_unread'
    """
    plain = _plain(text)
    parts = [p for p in re.split(r"[;。\n]|(?<=分),|(?<=满分),", plain) if p.strip()]
    bands = [_band(p.strip()) for p in parts]
    known = [b for b in bands if b is not None]
    if len(known) < 2 or len(known) < len(bands):
        return "standard_unread"
    return _joined(sorted(known, key=lambda b: b.low))


def _plain(text: str) -> str:
    """One spelling of what forms write in many: ≥ ＞＝ ～ － 【."""
    plain = unicodedata.normalize("NFKC", text).lower()
    for old, new in (
        ("≥", ">="), ("≧", ">="), ("⩾", ">="), ("=>", ">="), ("≤", "<="), ("≦", "<="), ("⩽", "<="), ("=<", "<="),
        ("—", "-"), ("–", "-"), ("~", "-"), ("〜", "-"), ("、", ";"), ("【", "["), ("】", "]"), (" ", ""),
    ):  # fmt: skip
        plain = plain.replace(old, new)
    return plain.strip("。.; ")


def _band(part: str) -> _Band | None:
    """One clause: where it holds, and how many points it gives."""
    for at in range(len(part)):
        points = _POINTS.match(part[at:])
        if points is None:
            continue
        where = re.match(_SUBJECT, part[:at])
        rest = part[where.end() : at] if where else part[:at]
        limits = _limits(rest.strip(":,= "))
        if limits is None:
            continue
        given = FULL if points["full"] else 0.0 if points["none"] else float(points["points"])
        return _Band(*limits[:2], given, limits[2], (where["subject"] or "") if where else "", limits[3])
    return None


def _limits(text: str) -> tuple[float, float, frozenset[str], bool] | None:
    if found := _BETWEEN.fullmatch(text):
        low, high = _value(found, "low", found["high_unit"]), _value(found, "high", found["low_unit"])
        said = {_said("low", found["open"], found["low_op"], found["low_in"])}
        said |= {_said("high", found["close"], found["high_op"], found["high_in"])}
        return (low, high, frozenset(said - {""}), "%" in text) if low < high else None
    if (found := _ABOVE.fullmatch(text)) and (found["op"] or found["after"]):
        out = found["op"] in (">", "大于", "超过", "高于") and not found["after"]
        apart = "不" in (found["after_in"] or found["low_in"] or "")
        return _value(found, "low"), math.inf, frozenset({"-low" if out or apart else "low"}), "%" in text
    if (found := _BELOW.fullmatch(text)) and (found["op"] or found["after"]):
        inside = found["op"] in ("<=", "小于等于", "不高于", "不超过") or "含" in (found["after_in"] or found["high_in"] or "")  # fmt: skip
        inside &= "不" not in (found["after_in"] or found["high_in"] or "")
        # 以下 includes its limit in law, but forms write 90%-100% beside 90%以下: only a sign or 含 counts
        end = "high" if inside else "" if found["after"] and not found["op"] else "-high"
        return -math.inf, _value(found, "high"), frozenset({end} - {""}), "%" in text
    return None


def _value(found: re.Match[str], end: str, other_unit: str = "") -> float:
    """A limit as a fraction where it, or its neighbour (90-100%), has a %."""
    value = float(found[end])
    return value / 100 if found[f"{end}_unit"] or other_unit else value


def _said(end: str, bracket: str | None, sign: str | None, words: str | None) -> str:
    """What a clause says of its own end: "low" belongs to it, "-low" doesn't, "" is silent."""
    inside = bracket in ("[", "]") or sign == "<=" or (bool(words) and "不" not in (words or ""))
    outside = bracket in ("(", ")") or sign == "<" or (bool(words) and "不" in (words or ""))
    return end if inside else f"-{end}" if outside else ""


def _joined(bands: list[_Band]) -> Standard | str:
    """The bands as one table without gap or overlap, on one thing, with one closed side."""
    if any(not math.isclose(a.high, b.low) for a, b in pairwise(bands)):
        return "standard_gap"
    left = any("low" in b.closed for b in bands[1:]) or any("-high" in b.closed for b in bands[:-1])
    right = any("-low" in b.closed for b in bands[1:]) or any("high" in b.closed for b in bands[:-1])
    subjects = {b.subject for b in bands} - {""}
    kinds: set[Of] = {
        "actual" if s in ("实际", "实际值", "完成值", "指标值") else "achievement" for s in subjects - {"x"}
    }
    units = {b.percent for b in bands}
    if (left and right) or len(kinds) > 1 or len(units) > 1:
        return "standard_contradicts"
    edges = [b.low for b in bands[1:]]
    scores = [b.points for b in bands]
    if bands[0].low > -math.inf:
        edges, scores = [bands[0].low, *edges], [math.nan, *scores]
    if bands[-1].high < math.inf:
        edges, scores = [*edges, bands[-1].high], [*scores, math.nan]
    table = BandTable(tuple(edges), tuple(scores), "right" if right else "left")
    return Standard(table, next(iter(kinds), ""), units == {True})
