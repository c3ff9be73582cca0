"""Units as headers, notes and cells write them: 万元, ‰, 万件, RMB '000, 元/件."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mktanalytics.text import join_cjk, normalise, word_set

Kind = Literal["money", "count", "rate", "scale", "other"]

CURRENCIES = {
    "CNY": "元 块 块钱 圆 rmb cny 人民币 人民币元 ¥ yuan",
    "USD": "美元 美金 usd us$ $ u$",
    "HKD": "港元 港币 hkd hk$",
    "EUR": "欧元 eur €",
    "JPY": "日元 日圆 jpy",
    "GBP": "英镑 gbp £",
    "TWD": "新台币 台币 twd nt$",
    "IDR": "idr rp",
}
COUNTERS = word_set("""件 箱 台 吨 套 个 只 支 瓶 盒 包 袋 条 双 把 张 本 册 部 辆 次 人 人次 户 家 店 份 单 笔 组 批 片 枚 颗 粒 卷 桶 罐 听 杯
    名 位 例 间 座 场 篇 页 棵 株 头 匹 根 捆 扎 提 打 付 副 对 幅 顶 枝 架 艘 栋 公斤 千克 斤 克 kg g t 升 毫升 l ml m2 m3 平方米
    平米 立方米 米 pcs pc units unit ea each box boxes ctn sets set bottles items orders stores ton tons""")
OTHERS = word_set("分钟 小时 秒 天 个月 周岁 岁 分 星 倍 折 度 公里 km cm mm min mins hours hrs h days 级 档")
RATES = {"%": "0.01", "‰": "0.001", "pct": "0.01", "percent": "0.01", "百分比": "0.01", "百分数": "0.01", "百分点": "0.01",
         "个百分点": "0.01", "pp": "0.01", "千分比": "0.001", "bp": "0.0001", "bps": "0.0001", "基点": "0.0001"}  # fmt: skip
SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "w": 10_000, "十万": 100_000, "百万": 1_000_000, "千万": 10_000_000,
          "亿": 100_000_000, "十亿": 1_000_000_000, "百亿": 10_000_000_000, "千亿": 100_000_000_000, "万亿": 1_000_000_000_000,
          "k": 1_000, "'000": 1_000, "000": 1_000, "000s": 1_000, "'000s": 1_000, "thousand": 1_000, "thousands": 1_000,
          "m": 1_000_000, "mm": 1_000_000, "mn": 1_000_000, "mln": 1_000_000, "mio": 1_000_000, "million": 1_000_000,
          "millions": 1_000_000, "b": 1_000_000_000, "bn": 1_000_000_000, "billion": 1_000_000_000,
          "billions": 1_000_000_000}  # fmt: skip

_CURRENCY = {word: code for code, words in CURRENCIES.items() for word in words.split()}
_CURRENCY_WORD = "|".join(re.escape(w) for w in sorted(_CURRENCY, key=len, reverse=True))
_SCALE_WORD = "|".join(re.escape(w) for w in sorted(SCALES, key=len, reverse=True))
_DECLARED = re.compile(r"(?:单位|unit|units|in)\s*[:：为是]?\s*", re.IGNORECASE)
LONGEST_HEADER = 200  # characters; longer is a note, and holds no unit of a column
_NEVER_ALONE = word_set("十 百 b")
_METRIC = word_set("m mm")  # M is million, m is metre
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


@dataclass(frozen=True)
class Unit:
    """A unit: what kind, by what its numbers are multiplied, whose money, and per what (元/件)."""

    kind: Kind
    scale: float = 1.0
    currency: str = ""
    written: str = ""
    base: str = ""  # what is counted, without the scale: 件 of 万件
    per: str = ""


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit | None:
    """The unit that `text` is, alone or as `单位：万元`; None if it is no unit, or several."""
    if len(text) > LONGEST_HEADER:
        return None
    written = normalise(text).strip("()[]【】 ")
    plain = _DECLARED.sub("", written, count=1) if _DECLARED.match(written) else written
    plain = plain.strip("()[]:： ")
    top, slash, per = plain.partition("/")
    unit = _simple(top.strip().casefold(), plain)
    if unit is None or not slash:
        return unit
    below = per.strip()
    if unit.kind == "rate" or not re.fullmatch(r"[^\W\d_]{1,6}", below):
        return None
    if _money(below.casefold()):  # "件/元" is no unit we know; "万元/元" neither
        return None
    return Unit(unit.kind, unit.scale, unit.currency, plain, unit.base, below)


def _simple(word: str, written: str) -> Unit | None:
    if word in RATES:
        return Unit("rate", float(RATES[word]), written=written, base="%")
    if word in SCALES and word not in _NEVER_ALONE and not (word in _METRIC and written != word.upper()):
        return Unit("scale", float(SCALES[word]), written=written)
    if money := _money(word):
        return Unit("money", float(money[0]), money[1], written)
    if word in COUNTERS or word in OTHERS:
        return Unit("count" if word in COUNTERS else "other", 1.0, written=written, base=word)
    scale, base = _scaled(word)
    return Unit("count", float(scale), written=written, base=base) if scale > 1 and base in COUNTERS else None


def _scaled(word: str) -> tuple[int, str]:
    """万件 → (10000, 件), 000 units → (1000, units); `kg` is not a thousand g."""
    found = re.match(r"(百万|千万|十万|万亿|百亿|千亿|十亿|[千万亿])(.+)", word)
    found = found or re.match(r"('?000s?|thousands?|mn|mln|millions?)\s+(?:of\s+)?(.+)", word)
    return (SCALES[found[1]], found[2]) if found else (1, word)


def _money(word: str) -> tuple[int, str] | None:
    """万元, 人民币万元, 万人民币, RMB '000, $m, USD mn, 百万美元 → scale and currency."""
    bare = re.sub(r"[\s:：,，、]+|\bin\b|\bof\b", "", word)
    if bare in _CURRENCY:
        return 1, _CURRENCY[bare]
    first = re.fullmatch(rf"(?:(?P<c>{_CURRENCY_WORD}))(?P<s>{_SCALE_WORD})(?P<d>{_CURRENCY_WORD})?", bare)
    last = re.fullmatch(rf"(?P<s>{_SCALE_WORD})(?P<c>{_CURRENCY_WORD})", bare)
    found = first or last
    if not found:
        return None
    code = _CURRENCY[found["c"]]
    if first and found["d"] and _CURRENCY[found["d"]] != code:  # "人民币万美元"
        return None
    return SCALES[found["s"]], code


def is_currency(text: str) -> bool:
    """Whether a cell is the code or the name of a currency: EUR, 美元; 元 alone is a unit."""
    word = normalise(text).casefold()
    return len(word) > 1 and word in _CURRENCY


@lru_cache(maxsize=16384)
def split_header(text: str) -> tuple[str, Unit | None]:
    """A header's label and unit: `销售额（万元）`, `金额\\n(元)`, `增长率%` → (销售额, 万元) …; brackets that hold no unit stay.

    A header that is nothing but a unit (the second row of two) has an empty label.
    """
    plain = join_cjk(text)
    if len(plain) > LONGEST_HEADER:
        return plain, None
    alone = parse_unit(plain)
    if alone and (alone.kind in ("money", "rate") or not plain.isascii()):  # G, H and MN are codes, not units
        return "", alone
    return _bracketed(plain) or _tailed(plain) or _spaced(normalise(text)) or (plain, None)


def _bracketed(plain: str) -> tuple[str, Unit] | None:
    """`销售额(万元)`, `销售额(不含税,万元)`, `销售额(万元)合计`."""
    for found in reversed(list(re.finditer(r"\s*[(\[【]([^()\[\]【】]+)[)\]】]\s*", plain))):
        around = (plain[: found.start()], plain[found.end() :])
        if unit := parse_unit(found[1]):
            return join_cjk(" ".join(around)), unit
        parts = re.split(r"\s*[,，、;；]\s*", found[1])
        units = [u for p in parts if (u := parse_unit(p))]
        if len(units) == 1:
            rest = ",".join(p for p in parts if not parse_unit(p))
            return f"{around[0]}({rest}){around[1]}", units[0]
    return None


def _tailed(plain: str) -> tuple[str, Unit] | None:
    """`销售额/万元`, `销售额：万元`, `销售额_万元`, `销售额 万元`, `增长率%`, `Sales, USD mn`, `Sales $`."""
    if found := re.fullmatch(r"(.*[^\s\d])\s*([%‰])", plain):  # not 超过50%
        return found[1].rstrip("_-:："), Unit("rate", float(RATES[found[2]]), written=found[2], base="%")
    for found in re.finditer(r"\s*[/:：,，_|\-]\s*|\s+", plain):
        label, tail = plain[: found.start()], plain[found.end() :]
        unit = parse_unit(tail) if label else None
        if unit and (
            unit.kind in ("money", "rate") or (found[0].strip() in ("/", ":", "_") and not _LATIN.match(tail))
        ):
            return label, unit
    return None


def _spaced(text: str) -> tuple[str, Unit] | None:
    """`销售额 万元`; a single last character is more often part of a spread-out word (销 售 额)."""
    label, _, tail = text.rpartition(" ")
    unit = parse_unit(tail) if len(label) > 1 and len(tail) > 1 else None
    return (join_cjk(label), unit) if unit and unit.kind == "money" else None
