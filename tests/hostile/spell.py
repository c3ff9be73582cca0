"""How people write headers and periods: several spellings each, in Chinese and English."""

from __future__ import annotations

import datetime as dt
from random import Random

MONEY, COUNT = "money", "number"
KINDS = {
    "date": "date", "month": "month", "amount": "money", "units": "number", "price": "money", "promotion_price": "money",
    "target": "number", "actual": "number", "score": "number", "order_id": "code", "product_code": "code", "voucher": "code",
    "respondent": "code", "question_no": "code", "text": "text", "answer": "text", "assessor": "text", "promotion": "text",
    "unit": "text", "note": "text",
}  # fmt: skip

# (table or "", column) -> spellings; the table's own come before the general ones
_ZH: dict[tuple[str, str], list[str]] = {
    ("", "month"): ["月份", "年月", "期间"], ("", "date"): ["日期"], ("", "region"): ["区域", "大区", "销售区域"],
    ("", "channel"): ["渠道", "销售渠道"], ("", "brand"): ["品牌", "品牌名称"], ("", "category"): ["品类", "产品类别"],
    ("", "product"): ["产品名称", "商品名称", "产品"], ("", "city"): ["城市"], ("", "department"): ["部门", "费用部门"],
    ("", "activity"): ["活动名称", "项目名称", "活动"], ("", "units"): ["销量", "数量", "销售数量"],
    ("sales", "date"): ["销售日期", "日期", "订单日期"], ("sales", "order_id"): ["订单号", "订单编号", "单号"],
    ("sales", "product_code"): ["产品编码", "商品编码", "货号"], ("sales", "amount"): ["销售额", "销售金额", "金额"],
    ("sales", "customer"): ["客户名称", "客户"], ("sales", "salesperson"): ["销售员", "业务员"],
    ("market", "amount"): ["销售额", "零售额", "市场销售额"], ("market", "units"): ["销量", "零售量"],
    ("budget", "amount"): ["预算金额", "预算", "预算额"], ("budget", "category"): ["费用类别", "费用科目", "预算科目"],
    ("spend", "date"): ["凭证日期", "入账日期", "日期"], ("spend", "voucher"): ["凭证号", "凭证编号"],
    ("spend", "category"): ["费用类别", "费用科目", "科目"], ("spend", "supplier"): ["供应商", "供应商名称"],
    ("spend", "amount"): ["金额", "费用金额", "报销金额"], ("spend", "status"): ["状态", "凭证状态"],
    ("", "entity"): ["考核对象", "被考核人", "责任人"], ("", "kpi"): ["指标名称", "考核指标", "指标"],
    ("", "unit"): ["单位", "计量单位"], ("targets", "target"): ["目标值", "目标"], ("targets", "actual"): ["实际值", "实际完成", "完成值"],
    ("actuals", "actual"): ["得分", "考核得分", "评分"], ("actuals", "assessor"): ["评分人", "考核人"],
    ("survey", "respondent"): ["序号", "样本编号", "答卷编号"], ("survey", "date"): ["提交答卷时间", "答题时间", "日期"],
    ("survey", "question_no"): ["题号"], ("survey", "question"): ["题目", "问题"], ("survey", "answer"): ["回答", "答案"],
    ("competitor_prices", "date"): ["采价日期", "调查日期", "日期"], ("competitor_prices", "outlet"): ["采价门店", "门店", "网点"],
    ("competitor_prices", "price"): ["标价", "零售价", "价格"], ("competitor_prices", "promotion_price"): ["促销价", "活动价", "到手价"],
    ("competitor_prices", "promotion"): ["促销方式", "促销活动"],
    ("competitor_profile", "item"): ["比较项目", "对比项目", "评价项目"], ("competitor_profile", "score"): ["评分", "得分"],
    ("competitor_profile", "text"): ["描述", "情况描述"],
}  # fmt: skip
_EN: dict[tuple[str, str], list[str]] = {
    ("", "month"): ["Month"], ("", "date"): ["Date"], ("", "region"): ["Region", "Sales Region"], ("", "channel"): ["Channel", "Sales Channel"],
    ("", "brand"): ["Brand"], ("", "category"): ["Category", "Product Category"], ("", "product"): ["Product", "Product Name"], ("", "city"): ["City"],
    ("", "department"): ["Department", "Dept"], ("", "activity"): ["Activity", "Campaign", "Project"],
    ("", "units"): ["Units", "Quantity", "Qty", "Units Sold"],
    ("sales", "date"): ["Order Date", "Date"], ("sales", "order_id"): ["Order ID", "Order No"], ("sales", "product_code"): ["Product Code", "SKU"],
    ("sales", "amount"): ["Sales", "Sales Amount", "Revenue", "Amount"], ("sales", "customer"): ["Customer", "Customer Name"],
    ("sales", "salesperson"): ["Salesperson", "Sales Rep"],
    ("market", "amount"): ["Sales Value", "Value"], ("market", "units"): ["Volume", "Sales Volume"],
    ("budget", "amount"): ["Budget", "Budget Amount"], ("budget", "category"): ["Cost Category", "Category"],
    ("spend", "date"): ["Voucher Date", "Date"], ("spend", "voucher"): ["Voucher No", "Voucher"], ("spend", "category"): ["Expense Category", "Category"],
    ("spend", "supplier"): ["Supplier", "Vendor"], ("spend", "amount"): ["Amount", "Expense"], ("spend", "status"): ["Status"],
    ("", "entity"): ["Entity", "Assessee"], ("", "kpi"): ["KPI", "Indicator", "KPI Name"], ("", "unit"): ["Unit"],
    ("targets", "target"): ["Target", "Target Value"], ("targets", "actual"): ["Actual", "Actual Value"],
    ("actuals", "actual"): ["Score", "Actual"], ("actuals", "assessor"): ["Assessor"],
    ("survey", "respondent"): ["Respondent", "Respondent ID"], ("survey", "date"): ["Submitted at", "Date"],
    ("survey", "question_no"): ["Question no."], ("survey", "question"): ["Question"], ("survey", "answer"): ["Answer"],
    ("competitor_prices", "date"): ["Survey Date", "Date"], ("competitor_prices", "outlet"): ["Outlet", "Shop", "Store"],
    ("competitor_prices", "price"): ["Price", "List Price", "Regular Price"], ("competitor_prices", "promotion_price"): ["Promo Price", "Sale Price"],
    ("competitor_prices", "promotion"): ["Promotion", "Promotion Type"],
    ("competitor_profile", "item"): ["Item"], ("competitor_profile", "score"): ["Score", "Rating"], ("competitor_profile", "text"): ["Description"],
}  # fmt: skip
STATUS = {
    "zh": {
        "committed": ["已承诺", "已签约"],
        "recognised": ["已入账", "已报销"],
        "paid": ["已支付", "已付款"],
    },
    "en": {"committed": ["Committed"], "recognised": ["Recognised", "Booked"], "paid": ["Paid"]},
}
TITLES = {
    "zh": {"sales": "销售明细表", "market": "市场零售监测", "budget": "市场费用预算表", "spend": "费用凭证登记表", "targets": "考核目标表",
           "actuals": "考核评分表", "survey": "消费者满意度调查", "competitor_prices": "竞品价格调查表", "competitor_profile": "竞品分析对比表"},
    "en": {"sales": "Sales report", "market": "Market panel", "budget": "Marketing budget", "spend": "Expense vouchers", "targets": "KPI targets",
           "actuals": "Assessment scores", "survey": "Customer survey", "competitor_prices": "Competitor price check", "competitor_profile": "Competitor profile"},
}  # fmt: skip
# sentences that a month-wide sheet without the name of its measure needs, so that a reader knows what the figures are
MEASURES = {"zh": {"amount": "销售额", "units": "销量"}, "en": {"amount": "Sales value", "units": "Volume"}}


def header(rng: Random, lang: str, table: str, column: str) -> str:
    """One of the spellings of a column's header."""
    known = _ZH if lang == "zh" else _EN
    return rng.choice(known.get((table, column)) or known[("", column)])


_SHORT = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905
_LONG = "January February March April May June July August September October November December".split()  # noqa: SIM905
_HAN = "一二三四"
# the style's name -> whether it lacks the year
STYLES = {
    ("zh", "month"): {"y年m月": False, "y-mm": False, "y/m": False, "yyyymm": False, "y.mm": False, "date": False, "m月": True, "mm月": True},
    ("en", "month"): {"Mon y": False, "y-mm": False, "Month y": False, "Mon-yy": False, "date": False, "Mon": True, "Month": True},
    ("zh", "quarter"): {"y年第一季度": False, "yQn": False, "y年n季度": False, "一季度": True, "Qn": True},
    ("en", "quarter"): {"Qn y": False, "yQn": False, "Qn": True},
    ("zh", "year"): {"y年": False, "y": False, "y年度": False},
    ("en", "year"): {"y": False},
}  # fmt: skip


def period(day: dt.date, style: str) -> object:
    """A period by its first day, as a sheet would show it."""
    y, m, q = day.year, day.month, (day.month - 1) // 3
    return {
        "y年m月": f"{y}年{m}月", "y-mm": f"{y}-{m:02d}", "y/m": f"{y}/{m}", "yyyymm": y * 100 + m, "y.mm": f"{y}.{m:02d}", "date": day,
        "m月": f"{m}月", "mm月": f"{m:02d}月", "Mon y": f"{_SHORT[m - 1]} {y}", "Month y": f"{_LONG[m - 1]} {y}", "Mon-yy": f"{_SHORT[m - 1]}-{y % 100}",
        "Mon": _SHORT[m - 1], "Month": _LONG[m - 1], "y年第一季度": f"{y}年第{_HAN[q]}季度", "yQn": f"{y}Q{q + 1}", "y年n季度": f"{y}年{q + 1}季度",
        "一季度": f"{_HAN[q]}季度", "Qn": f"Q{q + 1}", "Qn y": f"Q{q + 1} {y}", "y年": f"{y}年", "y": y, "y年度": f"{y}年度",
    }[style]  # fmt: skip
