"""What of a cell may be quoted in a message: no person's name, telephone, number of identity or address."""

from __future__ import annotations

import re

from mktanalytics.schema import Column

MASK = "***"

_REACHED = re.compile(  # mail, mobile phone, telephone, identity card
    r"[\w.+-]+@[\w-]+\.\w+|(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)"
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷侯龙史陶黎贺顾毛郝龚邵钱严武戴莫孔向汤常温康施文牛樊葛邢安齐伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍涂成苗谷盛曲冉骆蓝路游辛靳管柴蒙鲍华喻祁房屈饶解牟艾尤穆司古吉缪简车项连芦麦褚娄窦戚岑景党费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边姬"
_COMPOUND = "欧阳|上官|司马|诸葛|令狐|皇甫|尉迟|公孙|慕容|司徒|夏侯|东方|南宫|西门|独孤|端木"
_CHINESE = re.compile(
    rf"(?<![\u4e00-\u9fff])(?:(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})(?![\u4e00-\u9fff])"
)
_LATIN = re.compile(r"\b[A-Z][a-z]+(?:[ -][A-Z]\.?)?(?:[ -][A-Z][a-z]+){1,2}\b")


def unreachable(text: str) -> str:
    """The text without telephones, mail addresses and numbers of identity."""
    return _REACHED.sub(MASK, text)


def quoted(text: str, column: Column) -> str:
    """A cell's text as a message may show it; a mask where the column, or the text itself, speaks of a person.

    What looks like a name is one only where names have no place, in a column of figures or times: 王府井 is a shop.
    """
    misplaced = column.is_number or column.is_time
    named = misplaced and (_CHINESE.search(text) or _LATIN.search(text))
    return MASK if text and (column.sensitive or named) else unreachable(text)
