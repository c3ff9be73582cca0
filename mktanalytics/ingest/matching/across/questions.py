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
    r"(电子)?(邮件|邮箱)(地址|账号)?(?!.{0,4}(营销|推送|广告|订阅))$|手机号码?|联系电话|联系方式|微信号|身份证|^(您的)?(姓名|称呼)$|^(full |your )?name$|\b(e-?mail( address)?|phone( number)?|mobile( number)?|ip ?address)\s*\*?$",
    re.IGNORECASE,
)
_OUTRIGHT = re.compile(  # a question as it is put to somebody, or with its scale
    r"[?？]\s*$|吗\s*$|[(（]\s*[01]\s*分?\s*[-–—~～至到]\s*\d{1,3}\s*分?[^()（）]{0,12}[)）]|^\s*(how|what|which|why|would|do|are|please rate)\b", re.IGNORECASE
)  # fmt: skip
_PARADATA = re.compile(  # what the tool keeps of the interview itself
    r"#|(start|end|submit|recorded|created|last modified) ?(date|time)\b.*|(response|respondent|collector|network|session|user|survey) ?id|(response )?status|progress|finished|duration\b.*|response type|tags|score|user ?language|distribution ?channel"
    r"|location ?(latitude|longitude)|external ?(data )?reference|recipient ?\w+|first name|last name|custom data.*|所用时间|答题时长|用时.*|来源(详情|渠道)?|来自ip|ip(地址)?|地理位置|总分|开始(答题|填写)?时间|(结束|提交)(答题|填写|答卷)?时间|填写(设备|浏览器|来源)|操作系统|浏览器|微信(昵称|openid).*|扩展属性|自定义字段",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^\s*(\d{1,3}\s*[、.．:：]\s*\S|第\s*\d+\s*题|Q\d{1,3}(?![A-Za-z0-9]))")
_FIFTH = re.compile(r"\s*Q(0?[5-9]|[1-9]\d)(?!\d)", re.IGNORECASE)
_WORDED = re.compile(r"\s*Q\d{1,3}\s*[、.．:：]\s*[^\W\d]{2}", re.IGNORECASE)


def asks(text: str) -> bool:
    """Whether a header asks somebody something: 您的性别, `How satisfied are you`, or a numbered question."""
    return bool(_ASKS.search(text) or _OUTRIGHT.search(text)) or is_numbered(text)


def is_private(text: str) -> bool:
    """Whether a header holds how to reach somebody: 手机号码, e-mail."""
    return bool(_PRIVATE.search(text))


def is_paradata(text: str) -> bool:
    """Whether a header holds what the survey tool keeps of the interview itself: 所用时间, 来自IP, Network ID."""
    return bool(_PARADATA.fullmatch(text.strip()))


def are_evident(headings: Sequence[Heading]) -> bool:
    """Whether the headers by themselves are those of a questionnaire: several are numbered, or ask outright."""
    outright = sum(bool(_OUTRIGHT.search(h.written)) for h in headings)
    tool = sum(is_paradata(h.written) for h in headings)
    return several_numbered(headings) or outright >= 2 or (outright >= 1 and tool >= 2)


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
    asked = [
        is_numbered(h.written)
        for h, r in zip(headings, roles, strict=True)
        if r.kind == "extra" and not is_paradata(h.written)
    ]
    return len(asked) >= 2 and all(asked)
