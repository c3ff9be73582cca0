"""Brands that stand for more than themselves: the whole market, and groups of brands that a row sums up."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.vocabulary import is_total
from mktanalytics.ingest.values.texts import Texts
from mktanalytics.numbers import key, simplified

WHOLE = "合计"
_WORDS = frozenset(map(key, ("合计", "总计", "total", "grand total")))
_WHOLE = re.compile(
    r"(全|整个|整体|总体)?(行业|市场|品类|类目)(大盘|整体|总体)|大盘|(全|整个|整体)(行业|市场|品类)|(全|整个)?(行业|市场|品类|类目)(合计|总计|总体|总量|总额)"
    r"|(全部|所有)(品牌|厂商)(合计)?|all brands|(total|overall|whole) (market|category|industry|universe|brands)|(market|category|industry) (total|overall)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"全部|整体|总体|所有|all|overall|全品牌", re.IGNORECASE
)  # of whom, the row's other cells may say
_REST = re.compile(r"其[他它余]|others?\b|rest of", re.IGNORECASE)
_GROUP = re.compile(r"小计|sub[- ]?total", re.IGNORECASE)
_NEARLY = 0.995  # of the others' sum: figures printed in 万元 are rounded


def is_whole(brand: str) -> bool:
    """Whether a brand's name says the whole market: 合计, 行业大盘, Total Category."""
    return key(brand) in _WORDS or _WHOLE.fullmatch(simplified(brand).strip()) is not None


def sums_up_brands(brand: str) -> bool:
    """Whether a brand's name says that it sums up others, without saying that these are all: 国产品牌小计, TOTAL LAUNDRY."""
    if is_whole(brand) or _REST.match(brand.strip()):
        return False
    return is_total(brand) or _PART.fullmatch(brand.strip()) is not None


def called_whole(brands: Sequence[str], figures: NDArray[np.float64]) -> str:
    """The one name that sums up brands, where no other does and it holds at least what all brands hold together; else ""."""
    names = {b for b in brands if sums_up_brands(b)}
    if len(names) != 1 or any(map(is_whole, brands)) or any(map(_GROUP.search, names)):
        return ""
    name = names.pop()
    mine = np.array([b == name for b in brands])
    if _PART.fullmatch(name) and mine.sum() > 1:
        return ""  # 全部 of one maker, 全部 of another
    whole, rest = np.nansum(figures[mine], axis=0), np.nansum(figures[~mine], axis=0)
    return name if len(whole) and bool((whole >= rest * _NEARLY).all() and (whole > 0).all()) else ""


def whole_market(brands: Texts, called: str = "") -> Texts:
    """全市场, 行业合计, Total, and what else the market is called → 合计, the brand that stands for it."""
    return brands.changed(lambda brand: WHOLE if is_whole(brand) or (called and brand == called) else brand)
