"""Text as people type it: spaces, widths and missing marks, made comparable."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


def word_set(words: str) -> frozenset[str]:
    """The words between the spaces."""
    return frozenset(words.split())


# Marks that stand for "no value" wherever they fill a cell.
MARKS = word_set(
    """- -- --- – — —— ― ― － / // \\ | . .. ... … …… ? ?? ？ * na n/a n.a. n.a #n/a #na nan null 'null none nil <na> <null>
    \\n (null) (空) (blank) (空白) 空 空值 缺失 (跳过)"""
) | {""}
# Words that stand for it among numbers and dates; among names they may be an answer.
WORDS = word_set(
    "无 暂无 没有 无数据 暂无数据 不详 不适用 未填 未填写 待定 待填 tbd tbc 未统计 缺货 断货 无货 下架 已下架 未上架"
)
# Of these, those that say that a value is still to come.
PENDING = word_set("不详 未填 未填写 待定 待填 tbd tbc TBD TBC 未统计")
_LONGEST_MARK = max(map(len, MARKS | WORDS))

_SPACE = re.compile(r"(?:[\s\u00a0\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u3000]|_x000[dD]_)+")
_CJK = r"[\u3400-\u9fff\uf900-\ufaff]"
_CJK_GAP = re.compile(rf"(?<={_CJK}) (?={_CJK})")
_WIDE_ASCII = {c: c - 0xFEE0 for c in range(0xFF10, 0xFF5B) if chr(c - 0xFEE0).isalnum()}
_CLEAN = re.compile(r"[!-^`-~\u4e00-\u9fff]+")  # nothing to do; no `_`, which may begin _x000D_
_DROP = re.compile(r"[^\w+%]|_")
# 銷售額 and 销售额 are one name: the letters that headers and the names of places are written with
_SIMPLER = str.maketrans(
    "銷額數訂單編號產類別價總計實際標準預測區門務電話時間備註說稱戶買賣貨達開發費廣網師級評資報圖錄營業績員線華東貴龍島臺灣廳縣鄉鎮陝蘇寧滬慶長濟鄭漢蘭烏魯齊爾濱遼渦農館舖幣萬億點裝規劃"
    "經會個對統樓頭層賬帳體驗選擇權購進庫質應帶團隊執獎罰減調變動環節綜術採訪問題碼條複審項歷組織競櫃狀態憑證確認滿專職學愛試詢飲貝寶鋪場佔與終導週雙種聯絡繫負責礦綠協議筆現來內無當後機"
    "關係檢",
    "销额数订单编号产类别价总计实际标准预测区门务电话时间备注说称户买卖货达开发费广网师级评资报图录营业绩员线华东贵龙岛台湾厅县乡镇陕苏宁沪庆长济郑汉兰乌鲁齐尔滨辽涡农馆铺币万亿点装规划"
    "经会个对统楼头层账账体验选择权购进库质应带团队执奖罚减调变动环节综术采访问题码条复审项历组织竞柜状态凭证确认满专职学爱试询饮贝宝铺场占与终导周双种联络系负责矿绿协议笔现来内无当后机"
    "关系检",
)


@lru_cache(maxsize=16384)
def normalise(text: str) -> str:
    """`text` in NFKC (full width → half width), each run of white space one space, none at the ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).strip()


@lru_cache(maxsize=16384)
def simplified(text: str) -> str:
    """`text`, normalised, in simplified letters: 合計 is 合计."""
    return normalise(text).translate(_SIMPLER)


@lru_cache(maxsize=16384)
def key(text: str) -> str:
    """What two spellings of one name share: no case, spaces, punctuation or underscores, Chinese in simplified letters.

    `+` and `%` stay: 蓝海+ is another brand than 蓝海, and 销售额% another measure than 销售额.
    A name of nothing but punctuation keeps it.
    """
    plain = simplified(text).casefold()
    return _DROP.sub("", plain) or plain


def is_blank(text: str, *, words: bool = True) -> bool:
    """Whether `text` only says that there is no value; with `words=False`, 无 and its like are values."""
    if len(text.strip()) > _LONGEST_MARK:
        return False
    plain = normalise(text).casefold()
    return plain in MARKS or (words and plain in WORDS)


def join_cjk(text: str) -> str:
    """`text`, normalised, without the spaces between Chinese characters: `销 售 额` → 销售额."""
    return _CJK_GAP.sub("", normalise(text))


def name(text: str) -> str:
    """A name as it is stored: trimmed, spaces collapsed, letters and digits half width, punctuation kept.

    A short Chinese name loses the spaces that only align it (`温　进`, `韩  闲`, `张 三`); between longer words
    (`华东 一区`) a single space may mean something and stays.
    """
    if _CLEAN.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFC", text).translate(_WIDE_ASCII)
    stripped = _SPACE.sub(" ", plain).strip()
    joined = _CJK_GAP.sub("", stripped)
    pieces = stripped.split(" ")
    aligned = all(len(p) == 1 for p in pieces) or (
        len(joined) <= 4 and _wide_gaps(plain.strip(), len(pieces))
    )
    return joined if aligned and re.fullmatch(rf"{_CJK}+", joined) else stripped


def _wide_gaps(text: str, pieces: int) -> bool:
    """Whether each gap is one that nobody types between words: full width, or several spaces."""
    return len(re.findall(r"\u3000|[ \u00a0]{2,}", text)) >= pieces - 1


def prose(text: str) -> str:
    """Free text as it is stored: as written, line breaks as `\\n`, ends trimmed."""
    return re.sub(r"_x000[dD]_\n?|\r\n?", "\n", text).strip("\ufeff\u200b \t\n\u00a0\u3000")
