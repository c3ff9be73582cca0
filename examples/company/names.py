"""Who and what there is: brands, products, regions, channels, people. All of it invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

COMPANY = "岚溪饮品"
OWN = ("岚溪", "橙序", "谷屿")
RIVALS = ("沐原", "果塘", "茗栈", "朔泉")
REST, TOTAL = "其他", "合计"
BRANDS = (*OWN, *RIVALS, REST, TOTAL)
CATEGORIES = ("包装水", "茶饮料", "果汁", "植物饮")
CHANNELS = {"现代渠道": 0.34, "传统渠道": 0.28, "电商": 0.18, "餐饮": 0.12, "特通": 0.08}
CHANNEL_PRICE = {
    "现代渠道": Decimal("1.00"), "传统渠道": Decimal("0.96"), "电商": Decimal("1.05"),
    "餐饮": Decimal("1.02"), "特通": Decimal("1.04"),
}  # fmt: skip


@dataclass(frozen=True)
class Product:
    code: str
    name: str
    brand: str
    category: str
    price: str  # ex works, CNY a case
    base: float  # 10,000 CNY a month in 2024
    launched: dt.date = dt.date(2024, 1, 1)
    ended: dt.date = dt.date(2099, 1, 1)  # first month without it


PRODUCTS = (
    Product("00010101", "岚溪天然水550ml", "岚溪", "包装水", "22.00", 620),
    Product("00010102", "岚溪天然水1.5L", "岚溪", "包装水", "26.00", 360),
    Product("00010103", "岚溪矿泉水350ml", "岚溪", "包装水", "30.00", 210, launched=dt.date(2026, 3, 1)),
    Product("00010201", "岚溪茉莉绿茶500ml", "岚溪", "茶饮料", "38.00", 420),
    Product("00010202", "岚溪乌龙茶500ml", "岚溪", "茶饮料", "39.00", 300),
    Product("00020201", "橙序柠檬茶500ml", "橙序", "茶饮料", "36.00", 310),
    Product("00020301", "橙序鲜橙汁1L", "橙序", "果汁", "52.00", 430),
    Product("00020302", "橙序葡萄汁300ml", "橙序", "果汁", "44.00", 260),
    Product("00020303", "橙序混合果汁450ml", "橙序", "果汁", "40.00", 120, ended=dt.date(2026, 4, 1)),
    Product("00030401", "谷屿燕麦饮1L", "谷屿", "植物饮", "68.00", 330),
    Product("00030402", "谷屿核桃乳240ml", "谷屿", "植物饮", "56.00", 400),
    Product("00030403", "谷屿豆乳250ml", "谷屿", "植物饮", "48.00", 220),
)

PRICE_RISE = {"橙序": (dt.date(2026, 1, 1), Decimal("1.06"))}
BRAND_GROWTH = {"岚溪": 0.05, "橙序": 0.02, "谷屿": 0.10}  # a year


@dataclass(frozen=True)
class Territory:
    """A region of today; 西南 and 西北 were one region, 西部, until the end of 2025."""

    name: str
    own: float  # part of our sales
    market: float  # part of the market
    drift: float  # extra growth a year from mid-2025 on: share won or lost
    cities: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    dealers: tuple[str, ...]


TERRITORIES = (
    Territory("华东", 0.28, 0.27, 0.00, (("上海", "上海"), ("江苏", "南京"), ("江苏", "苏州"), ("浙江", "杭州")),
              ("陈立航", "苏雅宁", "顾明川"), ("沪上恒源商贸", "苏南汇丰食品", "钱江同达贸易")),
    Territory("华南", 0.17, 0.18, 0.13, (("广东", "广州"), ("广东", "深圳"), ("广西", "南宁"), ("福建", "厦门")),
              ("梁启文", "黎晓棠"), ("粤海百味商行", "鹏程万家供应链", "邕江顺和贸易")),
    Territory("华中", 0.14, 0.14, 0.00, (("湖北", "武汉"), ("湖南", "长沙"), ("河南", "郑州")),
              ("罗子谦", "郑可盈"), ("楚天联合商贸", "湘水福临食品", "中州瑞禾贸易")),
    Territory("华北", 0.15, 0.16, -0.11, (("北京", "北京"), ("天津", "天津"), ("河北", "石家庄"), ("山东", "济南")),
              ("高远峰", "宋佳禾"), ("京畿鼎盛商贸", "津门广聚食品", "齐鲁新合贸易")),
    Territory("东北", 0.08, 0.09, -0.01, (("辽宁", "沈阳"), ("吉林", "长春"), ("黑龙江", "哈尔滨")),
              ("佟天宇",), ("辽河丰泰商贸", "松江北味食品")),
    Territory("西南", 0.11, 0.10, 0.04, (("四川", "成都"), ("重庆", "重庆"), ("云南", "昆明")),
              ("冉一凡",), ("蜀锦汇通商贸", "山城万客食品")),
    Territory("西北", 0.07, 0.06, -0.01, (("陕西", "西安"), ("甘肃", "兰州"), ("新疆", "乌鲁木齐")),
              ("马文博",), ("秦川广裕商贸", "丝路百汇食品")),
)  # fmt: skip

SOUTH, NORTH = ("华东", "华南", "华中", "西南"), ("华北", "东北", "西北")
REORGANISED = dt.date(2026, 1, 1)


def region_of(territory: str, day: dt.date) -> str:
    """What the region was called on that day."""
    return "西部" if territory in ("西南", "西北") and day < REORGANISED else territory


def regions(year: int) -> list[str]:
    """The regions of a year, in the order the company lists them."""
    return list(dict.fromkeys(region_of(t.name, dt.date(year, 1, 1)) for t in TERRITORIES))


def territories(region: str) -> list[Territory]:
    """The territories that make up a region."""
    return [t for t in TERRITORIES if t.name == region or (region == "西部" and t.name in ("西南", "西北"))]
