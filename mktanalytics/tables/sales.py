"""Sales: what we sold, line by line or as finely as it was delivered."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="sales",
    zh="销售明细",
    en="Sales",
    about="what we sold, at the line or the finest grain delivered; returns are negative rows",
    about_zh="销售数据，明细或所提供的最细粒度；退货为负数行",
    columns=(
        c.DATE, c.MONTH, c.PERIOD,
        Column(name="order_id", kind="code", zh="订单号", en="Order ID", about="order or receipt number", about_zh="订单或单据编号",
               aliases=("订单编号", "单号", "单据号", "order_id", "order no", "invoice", "invoice no")),
        Column(name="order_line", kind="code", zh="订单行", en="Order line", about="line within the order, or the sheet's own row id",
               about_zh="订单行号或表内行号", aliases=("行号", "序号", "detail_id", "row id", "line", "id")),
        Column(name="product_code", kind="code", zh="产品编码", en="Product code", about="product code or SKU", about_zh="产品编码",
               aliases=("商品编码", "货号", "产品编号", "SKU", "dishes_id", "item code", "product id")),
        c.PRODUCT, c.BRAND, c.CATEGORY, c.REGION, c.PROVINCE, c.CITY, c.CHANNEL,
        Column(name="customer", kind="category", zh="客户", en="Customer", about="buyer", about_zh="购买客户", sensitive=True,
               aliases=("客户名称", "买家会员名", "门店名称", "门店", "客户简称", "customer name", "name", "account name", "client")),
        Column(name="customer_code", kind="code", zh="客户编码", en="Customer code", about="the buyer's code", about_zh="客户编码",
               aliases=("客户编号", "account number", "customer id", "customer number", "account")),
        Column(name="dealer", kind="category", zh="经销商", en="Dealer", about="dealer the sale went through", about_zh="经销商",
               aliases=("经销商名称", "代理商", "公司名称", "dealer name", "distributor")),
        Column(name="salesperson", kind="category", zh="销售员", en="Salesperson", about="who sold it", about_zh="销售人员", sensitive=True,
               aliases=("业务员", "店员", "销售代表", "客服", "销售人员", "营业员", "rep", "sales rep", "manager")),
        c.UNITS,
        c.PRICE,
        c.AMOUNT,
        Column(name="cost", kind="money", zh="成本", en="Cost", about="cost of what was sold", about_zh="销售成本", unit="CNY",
               aliases=("销售成本", "成本金额", "cogs"), additive=True),
        c.CURRENCY, c.NOTE,
    ),
    grain=("date", "month", "order_id", "order_line", "product", "region", "channel", "customer"),
    unique=False,
    required=(),
    one_of=(("date", "month"), ("units", "amount")),
    aliases={
        "date": ("销售日期", "销售时间", "下单日期", "订单日期", "出库日期", "往来帐日期", "订单付款时间", "place_order_time", "order date"),
        "amount": ("销售额", "销售金额", "营业额", "收入", "销售收入", "下单金额", "成交金额", "含税金额", "买家实际支付金额", "消费金额",
                   "sales", "revenue", "ext price", "total sales", "net sales", "sales amount", "gross sales"),
    },
    defaults={"period": "day", "currency": "CNY"},
    wide=(Wide(over="month", value="amount"),),
    words=("销售", "订单", "出库", "退货", "sales", "orders"),
)  # fmt: skip
