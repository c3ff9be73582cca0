"""What shops count beside their sales: visitors, buyers, orders, and what a whole order came to. Known, and none of ours."""

from __future__ import annotations

import re
from functools import lru_cache

from mktanalytics.numbers import normalise

_COUNTED = re.compile(
    r".{0,6}(访客|浏览|访问|流量|买家|客户|用户|会员|粉丝|顾客|咨询|加购|收藏|关注|成交人|支付人|下单人|购买人|新客|老客)(人)?(数|量|次数|件数|人数)|(pv|uv)数?"
    r"|.{0,6}(订单数|子订单数|单数|单量|订单量|笔数|客流量?)|.{0,6}(率|占比)|(.{0,4}客单价|件单价|uv价值|人均.{1,6}|.{0,4}(停留|访问)(时长|时间)|访问深度|.{0,4}排[名行])"
    r"|((browser|mobile app) )?(sessions?|page ?views?)( percentage)?( [-–] total)?( [-–] b2b)?|featured offer.{0,14} percentage|(unit|order item) session percentage( [-–] b2b)?"
    r"|(unique |new |returning |total )?(visitors?|buyers?|customers?|sessions?|visits|orders|order items|page ?views?|carts?|checkouts?)"
    r"|(conversion|bounce|click[- ]through|return|refund) rate|conversions?|add(ed)?[- ]to[- ]carts?|(average order|basket) (value|size)|aov|aur|discounts?|tax(es)?|shipping|tips",
    re.IGNORECASE,
)

_WHOLE = re.compile(
    r"(订单|整单|单据).{0,4}(总[额价计]|金额|实付|应付|实收|合计).{0,2}|(order|invoice|cart) ?(grand )?(total|amount|value)( amount)?|sub-?total|(grand )?total( amount| price)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def is_shop_figure(text: str) -> bool:
    """Whether a header names what a shop counts beside its sales: 访客数, 支付买家数, 成交单量, Sessions, Discounts."""
    return _COUNTED.fullmatch(normalise(text)) is not None


def is_of_order(header: str) -> bool:
    """Whether a header names what a whole order came to: 订单总额, Order Total, Subtotal."""
    return _WHOLE.fullmatch(header.replace("_", " ").strip()) is not None
