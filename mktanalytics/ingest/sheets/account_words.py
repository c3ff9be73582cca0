"""Labels of an account book that carry a sum or a balance on, so that their rows are no lines: 本年累计, 期初余额."""

from __future__ import annotations

import re

from mktanalytics.numbers import simplified

_RUNNING = re.compile(
    r"((本|当)?(日|周|旬|月|季度?|年度?|期)|截止?至?[今本当]\w{0,2}|历史|全部|总)?累计(数|额|金额|发生额?|合计|余额)?"
    r"|(期初|期末|年初|年末|月初|月末)(余额|结存|数)|(上年|上期|上月|本期|本月|本年)(余额|结转|结存)|结转(下年|下期|下月|下页)|承前页|过次页|转次页"
    r"|(year|quarter|month)[- ]to[- ]date( total)?|[ymq]td( total)?|cumulative( total)?|running total"
    r"|(opening|closing|beginning|ending) balance|balance (b/?f|c/?f|brought forward|carried forward)|(brought|carried) forward",
    re.IGNORECASE,
)
_HINT = re.compile(  # most texts of a long sheet have none of these
    r"[累余餘结結承次初末]|td\b|to.date|cumulative|running|balance|forward", re.IGNORECASE
)
_OF_SPAN = re.compile(
    r"(本|当)?(日|周|旬|月|季度?|年度?|期)?(合计|小计|总计|发生额合计)|(monthly |period )?total|(sub|grand )total",
    re.IGNORECASE,
)


def is_running(text: str) -> bool:
    """Whether a label says that its row carries a sum or a balance on: 本年累计, 期初余额, Year to date."""
    return _HINT.search(text) is not None and bool(_RUNNING.fullmatch(_plain(text)))


def sums_an_account(text: str) -> bool:
    """Whether a remark is all that a row of an account book says of its sum: 本月合计, 本年累计 under 摘要."""
    return is_running(text) or bool(_OF_SPAN.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    plain = simplified(text).strip()
    return plain if plain.isascii() else plain.replace(" ", "")
