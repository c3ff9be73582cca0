"""Names of places and channels that need no header to be known: regions, provinces and cities of China, kinds of trade, media."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from mktanalytics.numbers import key
from mktanalytics.text import word_set

_REGIONS = word_set(
    "华东 华南 华北 华中 华西 东北 西北 西南 东南 north south east west central northeast northwest southeast southwest"
)
_PROVINCES = word_set(
    """北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西
    甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 台湾"""
)
_CITIES = word_set(
    """北京 天津 上海 重庆 石家庄 唐山 保定 邯郸 廊坊 沧州 太原 大同 呼和浩特 包头 沈阳 大连 鞍山 长春 吉林 哈尔滨 大庆 南京 苏州 无锡
    常州 南通 徐州 扬州 盐城 泰州 镇江 淮安 连云港 宿迁 昆山 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 义乌 台州 衢州 丽水 舟山 合肥 芜湖 蚌埠
    阜阳 安庆 滁州 马鞍山 福州 厦门 泉州 漳州 莆田 宁德 龙岩 三明 南昌 九江 赣州 上饶 宜春 吉安 济南 青岛 烟台 潍坊 临沂 淄博 济宁 威海
    泰安 德州 聊城 菏泽 日照 东营 枣庄 滨州 郑州 洛阳 开封 南阳 新乡 安阳 许昌 商丘 周口 信阳 驻马店 武汉 宜昌 襄阳 荆州 黄石 十堰 孝感
    黄冈 长沙 株洲 湘潭 衡阳 岳阳 常德 郴州 邵阳 永州 广州 深圳 佛山 东莞 中山 珠海 惠州 汕头 江门 湛江 肇庆 茂名 揭阳 清远 韶关 梅州
    潮州 南宁 柳州 桂林 玉林 北海 海口 三亚 成都 绵阳 德阳 宜宾 南充 泸州 乐山 自贡 达州 贵阳 遵义 昆明 曲靖 大理 拉萨 西安 咸阳 宝鸡
    渭南 榆林 兰州 西宁 银川 乌鲁木齐 香港 澳门 台北 高雄"""
)
_CHANNELS = word_set(
    """ka 现代渠道 传统渠道 流通 流通渠道 商超 大卖场 卖场 便利店 餐饮 餐饮渠道 特通 特通渠道 电商 电商渠道 线上 线下 直营 加盟 分销 批发
    零售 团购 社区团购 新零售 o2o 经销 经销商 天猫 淘宝 京东 拼多多 抖音 快手 唯品会 小红书 美团 饿了么 onlinechannel offlinechannel online
    offline retail wholesale ecommerce"""
)
_SHOPS = word_set(
    """沃尔玛 大润发 永辉 家乐福 华润万家 物美 盒马 山姆 麦德龙 世纪联华 联华 苏果 欧尚 屈臣氏 万宁 全家 罗森 7eleven 711 天猫 淘宝 京东
    拼多多 抖音 唯品会 苏宁 国美 tmall jd pinduoduo douyin walmart carrefour amazon costco tesco watsons"""
)
_MEDIA = word_set(
    """抖音 快手 小红书 微信 朋友圈 视频号 公众号 微博 百度 知乎 b站 哔哩哔哩 腾讯 头条 今日头条 爱奇艺 优酷 信息流 搜索 搜索引擎 sem seo kol koc 达人 电梯
    电梯媒体 梯媒 分众 楼宇 地铁 公交 户外 户外广告 影院 电视 电视广告 广播 电台 报纸 杂志 纸媒 天猫 淘宝 京东 拼多多 tv television radio print ooh outdoor
    cinema digital search paidsearch social paidsocial display video programmatic facebook instagram google googleads youtube tiktok linkedin twitter meta bing
    snapchat influencer influencers newspaper magazines"""
)
_ENDING = {
    "region": re.compile(r"(大区|区域|地区|片区|区|region|area)$"),
    "province": re.compile(r"(省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$"),
    "city": re.compile(r"市$"),
    "channel": re.compile(r"渠道$"),
    "outlet": re.compile(r"(旗舰店|自营|超市|商城|超级市场)$"),
    "media": re.compile(r"(广告|推广|投放)$"),
}
_KNOWN = {
    "region": _REGIONS,
    "province": _PROVINCES,
    "city": _CITIES,
    "channel": _CHANNELS,
    "outlet": _SHOPS,
    "media": _MEDIA,
}
_SHOP = re.compile(r".{2,}(店|超市|商场|卖场|百货|购物中心|supermarket|store|shop|mall)$")


@lru_cache(maxsize=4096)
def known_as(name: str) -> frozenset[str]:
    """The columns whose value a name is by itself: 江苏 of province, 上海 of province and city, 华东大区 of region."""
    plain = key(name)
    found = {c for c, names in _KNOWN.items() if plain in names or _ENDING[c].sub("", plain) in names}
    return frozenset(found | {"outlet"} if _SHOP.fullmatch(plain) else found)


def is_shop(name: str) -> bool:
    """Whether a name is that of a shop, by its ending."""
    return _SHOP.fullmatch(key(name)) is not None


def one_kind(names: Iterable[str]) -> str:
    """The one column that all the names are values of, the coarsest where several would do; "" if there is none."""
    kinds = [known_as(n) for n in names]
    common = frozenset.intersection(*kinds) if kinds else frozenset()
    return next((c for c in _KNOWN if c in common), "")
