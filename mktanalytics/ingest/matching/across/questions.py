"""Questions across a survey's export: which headers ask something, and which only say whom to reach."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mktanalytics.ingest.matching.reading import Role
from mktanalytics.ingest.sheets.header import Heading

_ASKS = re.compile(
    r"[您你?？吗]|满意|评价|性别|年龄|\b(you|your|how|what|which|why|do|are|is|satisf\w*)\b", re.IGNORECASE
)
_PRIVATE = re.compile(  # whom to reach, not what somebody thinks
    r"(电子)?(邮件|邮箱)(地址|账号)?(?!.{0,4}(营销|推送|广告|订阅))$|手机号码?|联系电话|联系方式|微信号|身份证|\b(e-?mail( address)?|phone( number)?|mobile( number)?|ip ?address)\s*\*?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,3}\s*[、.．:：]\s*\S|第\s*\d+\s*题|Q\d{1,3}(?![A-Za-z0-9]))")
_FIFTH = re.compile(r"\s*Q(0?[5-9]|[1-9]\d)(?!\d)", re.IGNORECASE)
_WORDED = re.compile(r"\s*Q\d{1,3}\s*[、.．:：]\s*[^\W\d]{2}", re.IGNORECASE)


def asks(text: str) -> bool:
    """Whether a header asks somebody something: 您的性别, `How satisfied are you`, or a numbered question."""
    return bool(_ASKS.search(text)) or is_numbered(text)


def is_private(text: str) -> bool:
    """Whether a header holds how to reach somebody: 手机号码, e-mail."""
    return bool(_PRIVATE.search(text))


def is_numbered(text: str) -> bool:
    """Whether a header is a numbered question: `6、兴趣爱好`, `第6题(运动)`, `Q3 …`."""
    return bool(_NUMBERED.match(text))


def is_worded(text: str) -> bool:
    """Whether a header that looks like a quarter is a question: `Q1.所在区域`."""
    return bool(_WORDED.match(text))


def several_numbered(headings: Sequence[Heading]) -> bool:
    return sum(is_numbered(h.written) for h in headings) >= 2


def are_coded(headings: Sequence[Heading], roles: Sequence[Role]) -> bool:
    """Whether Q1 … Q4 are questions: every header that is no column is one, or Q5 follows, which is no quarter."""
    if any(_FIFTH.match(h.written) for h in headings):
        return True
    asked = [is_numbered(h.written) for h, r in zip(headings, roles, strict=True) if r.kind == "extra"]
    return len(asked) >= 2 and all(asked)
