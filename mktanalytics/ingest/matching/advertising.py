"""What was spent on advertising: by reports of platforms, beside what was shown and clicked, and by words of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mktanalytics.ingest.matching.evidence import not_yet
from mktanalytics.numbers import key

if TYPE_CHECKING:
    from mktanalytics.ingest.matching.reading import Match, Profile
    from mktanalytics.ingest.sheets.header import Heading
    from mktanalytics.ingest.sheets.vocabulary import Vocabulary

_TRAFFIC = re.compile(  # what was shown and clicked, not what was planned to be (预计曝光)
    r"(?!预|目标|计划)\S{0,3}(展[现示]|曝光|点击)(量|数|次数|人数|率)?|(平均)?(点击|千次展[现示]|千次曝光)(单价|成本|均价|价格|费用|花费)"
    r"|impr(\.|essions?)?|(\w+ )?clicks?|reach|ctr|cpm|cpc|cost per click",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(（][^)）]*[)）]")
_SPENT = frozenset(  # words for money that only advertising uses so: elsewhere 消耗 is of goods, 消费 of customers, cost of sales
    map(key, ("消耗", "消耗金额", "总消耗", "消费", "总消费", "消费金额", "cost", "total cost"))
)
_PAID = frozenset(  # and words that say by themselves what it was for, or that it is gone
    map(key, ("花费", "花费金额", *(f"{a}{b}" for a in ("总", "广告", "推广", "投放") for b in ("消耗", "花费")), "投放金额", "投放费用", "spend", "ad spend", "media spend", "amount spent", "total spent"))
)  # fmt: skip
_ABOUT = re.compile(
    r"广告|投放|媒[体介]|推广|信息流|千川|巨量|聚光|直通车|万相台|\b(media|ads?|adwords|advertising|campaigns?)\b",
    re.IGNORECASE,
)
_NOT_REPORTED = ("sales", "budget")
_WITHOUT = ("voucher", "department")  # a platform gives none, and an account need not say what it is for


def by_traffic(
    matches: Sequence[Match],
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    texts: Sequence[str],
    words: Vocabulary,
) -> list[Match]:
    """The readings of a block; of a report of advertising spend is the one, whole without a voucher, and sales are none.

    What a platform says its advertising has sold is no sale of ours beside those that the shop reports; the budget of a
    campaign is the most it may spend in a day.
    """
    traffic = _shown_and_clicked(headings, profiles)
    about = traffic or any(_ABOUT.search(t.replace("_", " ")) for t in texts)
    result: list[Match] = []
    for match in matches:
        named = _money_of(match, headings) if match.table.name == "spend" else ""
        sold = named not in _SPENT and any(c.table == "sales" for c in words.get(named, ()))
        if traffic and named and not sold:  # 支付金额 beside 曝光 is what a shop was paid
            result.append(_whole(match, _WITHOUT, reported=True))
        elif (named in _PAID or (named in _SPENT and about and "channel" in match.mapped)) and not not_yet(
            texts
        ):
            result.append(_whole(match, ("voucher",)))
        elif named in _SPENT:  # of materials, customers or goods
            result.append(replace(match, missing=tuple(dict.fromkeys((*match.missing, "amount")))))
        else:
            result.append(match)
    reported = any(m.reported for m in result)
    return [m for m in result if m.table.name not in _NOT_REPORTED] if reported else result


def _shown_and_clicked(headings: Sequence[Heading], profiles: Sequence[Profile]) -> bool:
    """Whether figures stand under two headers of what was shown or clicked."""
    figures = [h for h, p in zip(headings, profiles, strict=True) if p.numeric]
    return sum(_TRAFFIC.fullmatch(_BRACKETS.sub("", h.label)) is not None for h in figures) >= 2


def _money_of(match: Match, headings: Sequence[Heading]) -> str:
    """The word, as a `key`, that the money goes by; "" where there is none."""
    place = match.mapped.get("amount")
    return "" if place is None else key(headings[place].label)


def _whole(match: Match, without: Collection[str], *, reported: bool = False) -> Match:
    missing = tuple(m for m in match.missing if m not in without)
    score = round(match.score + 0.1, 4)
    return replace(match, missing=missing, unsaid=False, reported=reported, score=score)
