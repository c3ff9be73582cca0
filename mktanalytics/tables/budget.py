"""Budget: what was planned, and every approved change to it."""

from mktanalytics import columns as c
from mktanalytics.schema import Column, Table, Wide

TABLE = Table(
    name="budget",
    zh="预算",
    en="Budget",
    about="planned amounts by month, and adjustments with date, approver and reason",
    about_zh="分月预算，及带日期、审批人和原因的调整",
    columns=(
        c.MONTH, c.PERIOD, c.DEPARTMENT, c.CATEGORY,
        c.ACTIVITY,
        c.CHANNEL, c.REGION,
        Column(name="version", kind="category", zh="预算版本", en="Version", about="original plan, an adjustment to add to it, or what is carried over beside it",
               about_zh="年初预算，在其上增减的调整，或另列的上年结转", aliases=("版本", "预算类型", "类型"),
               allowed={"original": ("年初预算", "年初", "原预算", "初始预算", "original budget"),
                        "adjustment": ("调整", "预算调整", "调剂", "追加", "调增", "调减", "transfer", "supplement"),
                        "carry_over": ("结转", "结转结余", "上年结余", "carry-over", "carryover", "carried over")}),
        c.AMOUNT,
        Column(name="actual_amount", kind="money", zh="实际", en="Actual", about="spend as the budget sheet states it, where it brings its own",
               about_zh="预算表自带的实际发生额", unit="CNY", additive=True, aliases=("实际金额", "实际发生", "实际发生额", "实际支出", "实际费用", "实际数", "实际执行", "执行数", "执行额", "执行金额", "已执行",
                        "已执行金额", "已使用", "已使用金额", "已用金额", "决算数", "actual", "actuals", "actual spend", "spent")),
        c.DATE,
        Column(name="approver", kind="text", zh="审批人", en="Approver", about="who approved it", about_zh="审批人", aliases=("批准人",)),
        Column(name="reason", kind="text", zh="调整原因", en="Reason", about="why it was adjusted", about_zh="调整原因", aliases=("原因", "调整说明")),
        c.CURRENCY, c.NOTE,
    ),
    grain=("month", "period", "department", "category", "activity", "channel", "region", "version", "date"),
    required=("amount",),
    one_of=(("month",), ("department", "category", "activity", "channel")),
    aliases={
        "date": ("调整日期", "批准日期", "审批日期", "last updated"),
        "amount": ("预算", "预算金额", "计划金额", "预算额", "预算数", "预算额度", "预算总额", "批准预算", "核定预算", "核定预算数", "申请预算", "年初预算", "原预算", "调整后预算", "调整后预算数", "调整金额",
                   "追加金额", "budget", "budgeted", "plan", "planned", "budget amount", "approved budget"),
        "category": ("费用类别", "费用科目", "科目", "科目名称", "预算科目", "预算类别", "费用类型", "费用大类", "科目大类", "一级科目", "一级费用", "一级分类",
                     "cost category", "expense category", "account", "section"),
        "activity": ("二级科目", "二级费用", "二级分类", "明细科目", "费用明细", "费用项目", "明细项目", "预算明细", "line item", "sub category", "subcategory"),
        "channel": ("媒体", "媒介", "平台", *c.each("投放 推广 广告 媒体", "平台 渠道 媒体"), "media", "platform", "media channel"),
    },
    defaults={"period": "month", "version": "original", "currency": "CNY"},
    wide=(Wide(over="month", value="amount"), *(Wide(over=c, value="amount", named=True) for c in ("department", "region", "category", "channel"))),
    words=("预算", "budget"),
)  # fmt: skip
