"""Every column that more than one table has, once. A table adds its own beside them."""

from __future__ import annotations

from mktanalytics.schema import Column
from mktanalytics.units import CURRENCIES


def each(firsts: str, lasts: str) -> tuple[str, ...]:
    """Every first word before every last one: 商品 存货 and 编码 代码 are 商品编码 商品代码 存货编码 存货代码."""
    return tuple(f"{first}{last}" for first in firsts.split() for last in lasts.split())


# ---- when
MONTH = Column(
    name="month", kind="month", zh="月份", en="Month",
    about="first day of the span the row speaks of", about_zh="该行所属期间的第一天",
    aliases=("年月", "月", "期间", "账期", "所属月份", "会计期间", "统计月份", "日期（月）", "月度", "季度", "会计月份", "period", "quarter", "fiscal year", "year", "年", "年份", "年度", "会计年度", "预算年度", "财年", "财务年度", "tahun"),
)  # fmt: skip
PERIOD = Column(
    name="period", kind="category", zh="期间类型", en="Period length",
    about="how long that span is", about_zh="期间的长度",
    allowed={
        "day": ("日", "天", "daily"), "week": ("周", "weekly"), "month": ("月", "月度", "monthly"),
        "quarter": ("季", "季度", "quarterly"), "half": ("半年", "半年度"), "year": ("年", "年度", "全年", "annual", "yearly"),
    },
)  # fmt: skip
DATE = Column(
    name="date", kind="date", zh="日期", en="Date", about="the day it happened", about_zh="发生日期",
    aliases=("时间", "业务日期", "发生日期", "day"),
)  # fmt: skip

# ---- who and where
REGION = Column(
    name="region", kind="category", zh="区域", en="Region", about="sales region", about_zh="销售大区",
    aliases=("大区", "地区", "销售区域", "片区", "所属区域", "wilayah", "area", "district", "sales region", "营销大区", "战区", "国家", "国家/地区", "country", "country/region"),
)  # fmt: skip
PROVINCE = Column(
    name="province", kind="category", zh="省份", en="Province", about="province or state", about_zh="省或州",
    aliases=("省", "省市", "收货地址（省）", "收货省份", "所在省", "所在省份", "省区", "state", "state or province"),
)  # fmt: skip
CITY = Column(
    name="city", kind="category", zh="城市", en="City", about="city", about_zh="城市", aliases=("市", "所在城市", "地市", "城市名称", "收货城市", "town"),
)  # fmt: skip
CHANNEL = Column(
    name="channel", kind="category", zh="渠道", en="Channel", about="sales or media channel", about_zh="销售或媒体渠道",
    aliases=("销售渠道", "渠道类型", "渠道名称", "媒体渠道", "平台渠道", "channelid", "sales channel", "customer segment", "渠道类别", "业态"),
)  # fmt: skip
DEPARTMENT = Column(
    name="department", kind="category", zh="部门", en="Department", about="department that answers for it", about_zh="责任部门",
    aliases=("部门名称", "责任部门", "费用部门", "所属部门", "归属部门", "申请部门", "预算部门", "使用部门", "费用归属部门", "dept", "cost center", "cost centre", "成本中心"),
)  # fmt: skip

# ---- what
BRAND = Column(
    name="brand", kind="category", zh="品牌", en="Brand", about="brand; 合计 is the whole market", about_zh="品牌；“合计”为全市场",
    aliases=("品牌名称", "厂商", "厂家", "品牌商", "竞品品牌", "竞品名称", "marca", "produk", "company"),
)  # fmt: skip
CATEGORY = Column(
    name="category", kind="category", zh="品类", en="Category", about="product category", about_zh="产品品类",
    aliases=("类别", "产品类别", "商品类别", "产品分类", "分类", "大类", "产品线", "品类名称", "类目", "一级类目", "商品类目", "产品系列", "category name", "product category", "product_category", "product line", "product family", "segment"),
)  # fmt: skip
PRODUCT = Column(
    name="product", kind="category", zh="产品", en="Product", about="product as named on the sheet", about_zh="产品名称",
    aliases=("产品名称", "商品名称", "商品", "品名", "货品", "型号", *each("存货 物料 货品 料品 宝贝 药品", "名称"), *each("宝贝 课程 商品", "标题"), "选购商品", "单品", "SKU名称",
             "dishes_name", "product name", "item", "sku name", "title", "material description", "product description", "item description"),
)  # fmt: skip
KPI = Column(
    name="kpi", kind="category", zh="指标", en="KPI", about="name of the KPI", about_zh="考核指标名称",
    aliases=("指标名称", "考核指标", "KPI指标", "考核项目", "kpi name", "metric", "indicator"),
)  # fmt: skip
ENTITY = Column(
    name="entity", kind="category", zh="考核对象", en="Entity", about="department, region or person that is assessed", about_zh="被考核的部门、区域或个人",
    aliases=("对象", "被考核人", "被考核对象", "姓名", "考核主体", "责任人", "name", "assessee", "员工姓名", "employee", "employee name"),
)  # fmt: skip
ENTITY_LEVEL = Column(
    name="entity_level", kind="category", zh="对象类型", en="Entity level", about="what kind of entity it is", about_zh="考核对象的层级",
    aliases=("层级", "考核层级", "对象层级", "类型", "level"),
    allowed={"department": ("部门", "dept"), "region": ("区域", "大区"), "person": ("个人", "员工", "人员", "销售员", "业务员", "employee", "individual")},
)  # fmt: skip

# ---- how much
UNITS = Column(
    name="units", kind="number", zh="销量", en="Units", about="number of units, returns negative", about_zh="数量，退货为负",
    aliases=("数量", "销售数量", "件数", "销量（件）", "出库数量", "宝贝总数量", "课程总数量", "counts", "quantity", "qty", "units sold", "order quantity", "quantity ordered new", "销售量", "总量"),
    unit="units", additive=True,
)  # fmt: skip
AMOUNT = Column(
    name="amount", kind="money", zh="金额", en="Amount", about="money, in CNY unless `currency` says otherwise", about_zh="金额（元，除非 currency 另有说明）",
    aliases=("金额（元）", "amt", "value"), unit="CNY", additive=True,
)  # fmt: skip
CURRENCY = Column(
    name="currency", kind="category", zh="币种", en="Currency", about="currency of the money on this row", about_zh="该行金额的币种",
    aliases=("货币", "币别", "货币代码", "币种代码", "结算币种", "curr.", "currency code", "document currency", "doc. currency"),
    allowed={code: tuple(words.split()) for code, words in CURRENCIES.items()},
)  # fmt: skip
UNIT = Column(
    name="unit", kind="text", zh="单位", en="Unit", about="unit of target and actual values as given", about_zh="目标值、实际值的单位",
    aliases=("计量单位",),
)  # fmt: skip
NOTE = Column(
    name="note", kind="text", zh="备注", en="Note", about="free text of whoever filled the sheet in", about_zh="填表人的备注",
    aliases=("说明", "remark", "remarks", "comment", "comments", "notes"),
)  # fmt: skip
SCORE = Column(
    name="score", kind="number", zh="评分", en="Score", about="answer or mark as a number, on the sheet's own scale", about_zh="数值型评分，按原表量表",
    aliases=("得分", "分值", "打分", "rating"),
)  # fmt: skip
ACTUAL = Column(
    name="actual", kind="number", zh="实际值", en="Actual", about="value reached, in `unit`", about_zh="实际值，单位见 unit",
    aliases=("完成", "完成值", "实绩", "actual value", "achieved"),
)  # fmt: skip
PRICE = Column(
    name="price", kind="money", zh="单价", en="Price", about="money per unit; on a shelf, the regular price", about_zh="单价；采价表中为标价",
    aliases=("售价", "unit price"), unit="CNY",
)  # fmt: skip
ACTIVITY = Column(
    name="activity", kind="category", zh="活动", en="Activity", about="campaign or budget item", about_zh="活动或预算项目",
    aliases=("活动名称", "预算项目", "项目", "项目名称", "item", "project", "campaign", "activity name"),
)  # fmt: skip
SOURCE_NAME = Column(
    name="source", kind="text", zh="数据来源", en="Source", about="who counted or observed it", about_zh="数据提供方", aliases=("来源", "市场来源", "信息来源"),
)  # fmt: skip
