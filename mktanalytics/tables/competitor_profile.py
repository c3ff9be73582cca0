"""Competitor profile: ten items a brand is compared on, scored and described."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

ITEMS = (
    "市场开发策略",
    "产品定位",
    "价格",
    "包装",
    "销售渠道",
    "市场占有率",
    "经销商政策",
    "广告促销方式",
    "售后服务",
    "消费者满意度",
)

TABLE = Table(
    name="competitor_profile",
    zh="竞品概况",
    en="Competitor profile",
    about="score and description of each brand on the ten items",
    about_zh="各品牌在十个比较项目上的评分与描述",
    columns=(
        c.DATE, c.MONTH, c.BRAND,
        Column(name="item", kind="category", zh="比较项目", en="Item", about="one of the ten items", about_zh="十个比较项目之一",
               aliases=("项目", "对比项目", "评价项目", "维度"),
               allowed=dict(zip(ITEMS, (
                   ("市场策略", "market development", "market strategy"), ("定位", "positioning"), ("价格水平", "price"), ("包装设计", "packaging"),
                   ("渠道", "channels"), ("市场份额", "market share"), ("经销商支持", "dealer policy"), ("广告促销", "广告与促销", "advertising"),
                   ("服务", "after-sales service"), ("满意度", "顾客满意度", "satisfaction")), strict=True))),
        c.SCORE,
        Column(name="text", kind="text", zh="描述", en="Description", about="what was observed", about_zh="观察到的情况", aliases=("情况", "情况描述", "内容")),
        c.SOURCE_NAME,
        c.NOTE,
    ),
    grain=("date", "month", "brand", "item"),
    required=("brand", "item"),
    one_of=(("score", "text"),),
    wide=(Wide(over="brand", value="score"),),
    words=("竞品分析", "竞争对手", "竞品概况", "competitor"),
)  # fmt: skip
