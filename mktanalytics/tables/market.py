"""Market: what everybody sold, brand by brand, as an outside source counts it."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="market",
    zh="市场数据",
    en="Market",
    about="units and value of every brand and of the whole market (brand 合计), with distribution where outlets are given",
    about_zh="各品牌及全市场（品牌“合计”）的销量与销售额；有网点数据时含铺货",
    columns=(
        c.MONTH, c.PERIOD, c.REGION, c.CATEGORY, c.CHANNEL, c.BRAND, c.UNITS, c.AMOUNT,
        Column(name="value_share", kind="rate", zh="销售额份额", en="Value share", about="share as the source printed it; never summed",
               about_zh="来源直接给出的销售额份额，不可相加", minimum=0, maximum=1, unit="fraction",
               aliases=("市场份额", "市场占有率", "零售额份额", "份额", "占有率", "market share", "market_share", "share")),
        Column(name="volume_share", kind="rate", zh="销量份额", en="Volume share", about="volume share as the source printed it",
               about_zh="来源直接给出的销量份额", minimum=0, maximum=1, unit="fraction", aliases=("销量占比", "零售量份额", "volume share")),
        Column(name="outlets_stocking", kind="count", zh="有货网点数", en="Outlets stocking", about="outlets that carry the brand",
               about_zh="有该品牌分销的网点数", minimum=0, aliases=("铺货网点", "分销网点数", "有售网点", "铺货网点数")),
        Column(name="outlets_total", kind="count", zh="网点总数", en="Outlets", about="outlets in the universe", about_zh="网点总体数",
               minimum=0, aliases=("总网点", "网点数", "调查网点数")),
        Column(name="weighted_distribution", kind="rate", zh="加权铺货率", en="Weighted distribution",
               about="category sales of carrying outlets / category sales of all outlets", about_zh="有货网点的品类销售额 / 全部网点的品类销售额",
               minimum=0, maximum=1, unit="fraction", aliases=("加权分销率", "PCV", "ACV")),
        c.SOURCE_NAME,
        Column(name="vintage", kind="date", zh="版本日期", en="Vintage", about="when the source published it", about_zh="来源发布日期",
               aliases=("发布日期", "数据版本", "版本")),
        Column(name="coverage", kind="rate", zh="覆盖率", en="Coverage", about="part of the market the source sees", about_zh="来源覆盖的市场比例",
               minimum=0, maximum=1, unit="fraction"),
        c.CURRENCY, c.NOTE,
    ),
    grain=("month", "period", "region", "category", "channel", "brand", "source", "vintage"),
    required=("brand",),
    one_of=(("month",), ("units", "amount", "value_share", "volume_share", "outlets_stocking", "weighted_distribution")),
    aliases={
        "amount": ("销售额", "市场销售额", "零售额", "市场规模", "value", "sales value", "value sales", "retail value"),
        "units": ("零售量", "市场销量", "volume", "sales volume", "volume sales", "unit sales"),
    },
    defaults={"period": "month", "currency": "CNY"},
    wide=(
        Wide(over="month", value="amount"),
        Wide(over="brand", value="amount"),
        *(Wide(over=c, value="amount", named=True) for c in ("region", "channel")),
    ),
    words=("市场", "零售监测", "份额", "竞品销售", "market", "panel", "retail audit", "retail index"),
)  # fmt: skip
