"""Spend: one voucher line, at the stage it has reached."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="spend",
    zh="费用凭证",
    en="Spend",
    about="voucher lines; each line stands at one stage: committed, then recognised, then paid",
    about_zh="费用凭证明细；每行处于一个阶段：已承诺、已入账、已支付",
    columns=(
        c.DATE, c.MONTH, c.DEPARTMENT, c.CATEGORY,
        c.ACTIVITY,
        c.CHANNEL, c.REGION, c.AMOUNT,
        Column(name="status", kind="category", zh="状态", en="Status", about="stage of the line", about_zh="凭证状态",
               aliases=("凭证状态", "单据状态", "付款状态", "支付状态"),
               allowed={"committed": ("已承诺", "已签约", "已占用", "占用", "合同", "在途", "未结算", "open", "ordered"),
                        "recognised": ("已入账", "已确认", "已报销", "已结算", "已记账", "报销", "未付", "未付款", "未支付", "待付款", "待支付", "unpaid", "invoiced", "received", "recognized", "booked", "accrued"),
                        "paid": ("已支付", "已付款", "已付", "支付", "付款")}),
        Column(name="voucher", kind="code", zh="凭证号", en="Voucher", about="voucher number", about_zh="凭证号",
               aliases=("凭证编号", "凭证字号", "凭证号数", "凭证", "单据编号", "单据号", *c.each("报销 申请 核销 费用 付款 支付", "单号 单编号"), "voucher no", "voucher number", "document no", "document number", "po number", "po no", "invoice no", "invoice number")),
        Column(name="supplier", kind="category", zh="供应商", en="Supplier", about="who is paid", about_zh="收款单位",
               aliases=("供应商名称", "收款方", "收款单位", "vendor")),
        c.CURRENCY, c.NOTE,
    ),
    grain=("voucher", "date", "department", "category", "activity", "status", "amount"),
    unique=False,
    required=("amount",),
    one_of=(("date", "month"), ("voucher", "supplier", "status"), ("department", "category", "activity", "channel")),
    aliases={
        "amount": ("费用金额", "报销金额", "发生额", "发生金额", "发生费用", "支出金额", "实际支出", "付款金额", "已付金额", "实付金额", "实际支付金额", "支付金额", "合同金额", "本币金额", "本位币金额", "人民币金额", "入账金额", "结算金额", "核销金额", "借方", "借方金额", "借方发生额", "expense", "spend",
                   "消耗", "花费", *c.each("总 广告 推广 投放", "消耗 花费"), "消耗金额", "花费金额", "投放金额", "投放费用", "推广费用", "amount in local cur", "amount in local currency", "amount in lc", "val.in rep.cur.", "value in rep. cur.", "val/coarea crcy", "amount spent", "total spent", "已花费金额", "ad spend", "media spend"),
        "category": ("费用类别", "费用科目", "科目", "科目名称", "费用科目名称", "费用项目名称", "费用类型", "费用大类", "一级科目", "expense category", "cost category", "cost element descr.", "cost element name", "cost element", "account"),
        "activity": ("二级科目", "明细科目", "费用明细", "费用项目", "明细项目", "line item",
                     *c.each("推广计划 广告计划 广告系列", "名称"), "推广计划", "广告计划", "广告系列", "计划名称", "campaign name", *c.each("广告组 推广单元 单元 广告 创意", "名称"), "广告组", "推广单元",
                     "ad group", "ad set", "ad group name", "ad set name", "ad name"),
        "channel": ("媒体", "媒介", "平台", "平台名称", *c.each("投放 推广 广告 媒体", "平台 渠道 媒体"), "media", "platform", "media channel"),
        "date": ("凭证日期", "入账日期", "记账日期", "制单日期", "报销日期", "付款日期", "支付日期", "核销日期", "单据日期", "voucher date", "posting date", "expense date", "invoice date", "po date", "统计日期", "数据日期"),
        "note": ("摘要",),
    },
    second_choice={"date": ("报告开始日期", "reporting starts"), "amount": ("消费", "总消费", "消费金额", "cost", "total cost")},
    defaults={"status": "recognised", "currency": "CNY"},
    wide=(Wide(over="month", value="amount"), *(Wide(over=c, value="amount", named=True) for c in ("department", "region", "category", "channel"))),
    words=("费用", "凭证", "报销", "支出", "花费", "消耗", "投放", "采购订单", "expense", "voucher", "spend", "purchase order"),
)  # fmt: skip
