"""Competitor prices: what a shelf or a web shop asked for on a day."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="competitor_prices",
    zh="竞品价格",
    en="Competitor prices",
    about="price and promotion of a competitor's product in one outlet or on one platform on one day",
    about_zh="竞品在某网点或平台某日的价格与促销",
    columns=(
        c.DATE, c.BRAND, c.PRODUCT,
        Column(name="outlet", kind="category", zh="网点", en="Outlet", about="shop or platform it was seen in", about_zh="采价门店或平台",
               aliases=("门店", "采价门店", "平台", "店名", "渠道门店", "门店名称", "店铺", "店铺名称", "网点名称", "采价网点", "采价地点", "超市", "卖场", "终端", "终端名称",
                        "outlet", "platform", "shop", "store", "store name", "shop name", "retailer")),
        c.REGION, c.CITY,
        c.PRICE,
        Column(name="promotion_price", kind="money", zh="促销价", en="Promotion price", about="price while promoted", about_zh="促销价",
               unit="CNY", minimum=0, aliases=("活动价", "特价", "到手价", "促销价格", "优惠价", "折后价", "券后价", "promo price", "promotional price", "sale price")),
        Column(name="promotion", kind="text", zh="促销方式", en="Promotion", about="kind of promotion", about_zh="促销方式",
               aliases=("促销", "促销活动", "促销内容", "promotion type")),
        Column(name="pack", kind="text", zh="规格", en="Pack", about="pack size", about_zh="包装规格", aliases=("包装规格", "包装", "pack size")),
        c.CURRENCY, c.NOTE,
    ),
    grain=("date", "brand", "product", "outlet", "pack"),
    required=("date", "product", "price"),
    aliases={"date": ("采价日期", "调查日期", "采集日期", "采样日期", "走访日期", "巡店日期", "监测日期", "抓取时间", "抓取日期", "采集时间", "update_time", "survey date", "visit date", "check date"), "product": ("竞品名称",),
             "price": ("标价", "原价", "零售价", "价格", "货架价", "挂牌价", "日常价", "正常价", "卖价", "页面价", "list price", "regular price", "shelf price")},
    second_choice={"product": ("竞品",)},
    defaults={"currency": "CNY"},
    wide=(Wide(over="date", value="price"), Wide(over="outlet", value="price", named=True),),
    words=("竞品价格", "采价", "价格调查", "价格监测", "price", "competitor price"),
)  # fmt: skip
