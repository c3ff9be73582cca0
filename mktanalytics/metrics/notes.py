"""What a figure's `note` may say, in both languages, so that a Chinese note can be shown in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from mktanalytics.metrics.kpi.kpi_words import KPI_NOTES

SEPARATOR = "；"

NOTES: dict[str, tuple[str, str]] = {
    **KPI_NOTES,
    "missing_months": ("缺{0}个月的数据", "data for {0} month(s) missing"),
    "missing_market": ("市场总量不全（缺{0}项）", "market total incomplete ({0} segment-month(s) missing)"),
    "missing_rows": ("缺{0}项数据", "{0} segment-month(s) missing"),
    "sum_of_brands": ("市场总量为各品牌之和", "market = sum of the brands"),
    "over_outlets": ("有货网点多于网点总数", "more outlets stocking than there are outlets"),
    "over_market": ("各品牌之和大于市场合计", "the brands add to more than the market's printed total"),
    "remainder": ("含市场合计与各品牌之和的差额", "includes what the printed total holds beyond the brands"),
    "printed": ("来源直接给出的份额", "share as printed by the source"),
    "printed_not_summed": (
        "来源只给份额，不能跨细分相加",
        "only shares are printed: not summed over segments",
    ),
    "source": ("来源：{0}", "source: {0}"),
    "source_chosen": ("来源：{0}（多个来源中行数最多）", "source: {0} (most rows of several)"),
    "coverage": ("来源覆盖市场的{0}", "the source sees {0} of the market"),
    "unranked": ("{0}个品牌缺数，未参加排名", "{0} brand(s) without data not ranked"),
    "vintage": ("版本：{0}", "vintage: {0}"),
    "mixed_vintages": ("各月取最新版本，版本不一", "latest vintage of each month; vintages differ"),
    "cross_vintage": ("两期不在同一版本，不作比较", "the two periods share no vintage: not compared"),
    "no_row": ("当月无此品牌数据", "no data for the brand in the month"),
    "new": ("基期无此项", "not in the base period"),
    "ended": ("本期为零", "zero in this period"),
    "difference_only": ("基数为零，只看差额", "base is zero: difference only"),
    "small_base": ("基数很小，百分比慎用", "tiny base: read the percentage with care"),
    "loss_to_profit": ("扭亏", "loss turned into profit"),
    "profit_to_loss": ("转亏", "profit turned into loss"),
    "loss_narrowed": ("减亏", "loss narrowed"),
    "loss_widened": ("增亏", "loss widened"),
    "loss_unchanged": ("亏损持平", "loss unchanged"),
    "holiday_month": ("春节错位，单月不可比", "Spring Festival moves: a single month is not comparable"),
    "early_spring": (
        "初一早于1月25日，节前备货始于上年12月",
        "Spring Festival before 25 January: stocking began in December",
    ),
    "rolling": (
        "{0}波滚动，相邻两值共用波次，不可相互检验",
        "{0} waves together: neighbouring values share waves and can't be tested against each other",
    ),
    "merged": ("1-2月合并", "January and February together"),
    "same_days": ("按同期前{0}天比较", "first {0} days of both periods compared"),
    "cut_off": ("数据截至{0}，当月未完", "data end {0}: the month is not over"),
    "same_working_days": ("按相同的{0}个工作日比较", "equal counts of {0} working days compared"),
    "undated": ("有{0}行无日期，不能按日截取", "{0} row(s) without a date can't be cut by day"),
    "no_holiday_list": (
        "放假安排未公布，按周一至周五计",
        "holiday list not published: Mondays to Fridays counted",
    ),
    "common_months": ("两年均有数据的月份：{0}", "months both years have: {0}"),
    "idle_days": ("窗口内{0}天无记录", "{0} day(s) of the window without a record"),
    "like_for_like": ("同口径：{0}项中的{1}项", "like for like: {1} of {0} members"),
    "total_flat": ("总量几乎不变，不计贡献率", "total hardly changed: share of growth not given"),
    "no_competitor": ("无竞争品牌数据", "no competitor known"),
    "not_over_categories": (
        "一个网点可经营多个品类，不能跨品类相加",
        "one outlet may carry several categories: not summed over them",
    ),
    "no_weights": ("缺品类销售额作权数", "no category sales to weight with"),
    "one_sided": ("有{0}行缺一边，两边都不计", "{0} row(s) lacking one side are left out on both"),
    "left_out": ("缺人口或销售数据，两边都不计", "population or sales missing: left out on both sides"),
    "over_coverage": ("自有销售大于市场总量", "own sales exceed the market total"),
    "negative_left_out": ("负值不计入：{0}", "negative values left out: {0}"),
    "tied": ("并列", "tied"),
    "few_cycles": ("不足36个月，仅供参考", "under 36 months: indicative only"),
    "no_seasons": ("不足24个整月，不计季节指数", "under 24 whole months: no seasonal index"),
    "use_additive": ("有月份≤0，改用加法模型", "a month is 0 or below: use the additive model"),
    "returns_of_period": ("当期退货÷当期销售", "returns of the period over its gross sales"),
    "returns_of_shipments": (
        "同批发货的退货÷该批销售",
        "returns of the same shipments over their gross sales",
    ),
    "censored": ("观察期未到（截尾）", "not observed yet (censored)"),
    "left_truncated": ("数据起始较近，可能为老客户", "the data begin shortly before: may be old customers"),
    "rfm_levels": ("{0}只有{1}档", "{0} has only {1} level(s)"),
}


_LOSSES = ("loss_to_profit", "profit_to_loss", "loss_narrowed", "loss_widened", "loss_unchanged")


def say(code: str, *values: object) -> str:
    """The Chinese note called `code`, with its values filled in."""
    return NOTES[code][0].format(*values)


def join(*notes: str) -> str:
    """Several notes as one; empty and repeated ones fall away."""
    return SEPARATOR.join(dict.fromkeys(n for n in notes if n))


def add_note(notes: pd.Series, where: Iterable[bool], text: str | Iterable[str]) -> pd.Series:
    """`notes` with `text` joined on in the rows where `where` holds; a new series."""
    where = list(where)
    if not any(where):  # as mostly: to go through every note takes longer than the figures
        return notes.astype("str")
    texts = [text] * len(notes) if isinstance(text, str) else list(text)
    new = [join(old, t) if w else old for old, t, w in zip(notes, texts, where, strict=True)]
    return pd.Series(np.array(new, dtype=object), index=notes.index, dtype="str")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    def pattern(zh: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{\d\\\}", "(.*?)", re.escape(zh)))

    longest_first = sorted(NOTES.values(), key=lambda pair: -len(pair[0]))  # 来源：A（…） before 来源：A
    return [(pattern(zh), en) for zh, en in longest_first]


def note_text(note: str, language: str = "zh") -> str:
    """A note as it should be shown in `language`; parts nobody knows stay as they are.

    >>> note_text("缺2个月的数据；市场总量为各品牌之和", "en")
    'data for 2 month(s) missing; market = sum of the brands'
    """
    if language != "en":
        return note
    return "; ".join(_english(part) for part in note.split(SEPARATOR))


def _english(part: str) -> str:
    for pattern, en in _patterns():
        if found := pattern.fullmatch(part):
            return en.format(*found.groups())
    return part


def loss_word(note: str, language: str = "zh") -> str:
    """What a note says in place of a percent where there was or is a loss: 扭亏, 转亏, 减亏, 增亏; "" where it doesn't.

    >>> loss_word("扭亏；缺1个月的数据"), loss_word("转亏", "en"), loss_word("新品")
    ('扭亏', 'profit turned into loss', '')
    """
    parts = note.split(SEPARATOR)
    return next((NOTES[code][language == "en"] for code in _LOSSES if say(code) in parts), "")
