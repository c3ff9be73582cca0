"""What an invented company would report: tidy rows of each table, in Chinese or English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random

from hostile.draft import Record

WORDS: dict[str, dict[str, list[str]]] = {
    "zh": {
        "region": ["华东", "华南", "华北", "西南", "东北"],
        "city": ["上海", "广州", "北京", "成都", "沈阳", "杭州"],
        "channel": ["商超", "电商", "便利店", "餐饮"],
        "brand": ["青禾", "云朵", "山泉", "果然", "北纬"],
        "category": ["饮用水", "果汁", "茶饮料", "功能饮料"],
        "product": ["青禾纯净水500ml", "青禾绿茶1L", "云朵橙汁450ml", "云朵酸梅汤", "果然苏打水330ml", "北纬冰红茶"],
        "customer": ["惠民超市", "客户合计服务有限公司", "百佳商贸", "乐购便利", "新天地餐饮"],
        "salesperson": ["张伟", "李娜", "王芳", "刘洋"],
        "department": ["市场部", "品牌部", "渠道部"],
        "expense": ["广告费", "促销费", "会务费", "差旅费"],
        "activity": ["春季上市推广", "终端陈列", "社区路演", "新品试饮", "经销商大会"],
        "supplier": ["蓝海传媒", "众合印务", "优展会务", "一路物流"],
        "entity": ["华东大区", "华南大区", "华北大区", "电商事业部"],
        "kpi": ["销售额", "新增网点数", "铺货率", "客户投诉数"],
        "attitude": ["工作态度", "团队协作", "学习能力"],
        "outlet": ["大润发", "永辉", "京东", "盒马"],
        "promotion": ["买一送一", "满减", "第二件半价"],
        "item": ["市场开发策略", "产品定位", "价格", "包装", "销售渠道", "售后服务"],
        "text": ["稳步扩张", "主打年轻人", "略高于市场均价", "包装新颖", "覆盖全面", "响应较慢"],
        "person": ["陈经理", "赵主管"],
        "question": ["您对产品的总体满意度", "您最常购买的渠道", "您愿意推荐的可能性评分（0-10分）", "您的购买频率"],
        "satisfied": ["非常满意", "比较满意", "一般", "不满意"],
        "often": ["每周", "每月", "偶尔"],
    },
    "en": {
        "region": ["East", "South", "North", "West"],
        "city": ["Shanghai", "Shenzhen", "Leeds", "Austin", "Lyon"],
        "channel": ["Retail", "Online", "Wholesale"],
        "brand": ["Acorn", "Bluebell", "Cinder", "Dovetail"],
        "category": ["Water", "Juice", "Tea"],
        "product": ["Acorn Spring 500ml", "Acorn Green Tea", "Bluebell Orange 1L", "Cinder Soda", "Dovetail Iced Tea"],
        "customer": ["Harbor Market", "Total Wine Traders", "Corner Shop Ltd", "Green Grocers"],
        "salesperson": ["A. Smith", "B. Jones", "C. Young"],
        "department": ["Marketing", "Brand", "Trade"],
        "expense": ["Advertising", "Promotion", "Events", "Travel"],
        "activity": ["Spring launch", "In-store display", "Road show", "Sampling"],
        "supplier": ["Blue Sea Media", "United Print", "Expo Partners"],
        "entity": ["East Region", "South Region", "Online Team"],
        "kpi": ["Revenue", "New outlets", "Numeric distribution", "Complaints"],
        "attitude": ["Attitude", "Teamwork", "Learning"],
        "outlet": ["MegaMart", "QuickStop", "WebShop"],
        "promotion": ["Buy one get one", "10 off 50", "Gift pack"],
        "item": ["Market strategy", "Positioning", "Advertising", "After-sales service", "Satisfaction"],
        "text": ["steady growth", "aimed at the young", "broad coverage", "slow to answer"],
        "person": ["D. Brown", "E. Clark"],
        "question": ["How satisfied are you overall", "Where do you buy most often", "How likely are you to recommend us (0-10)", "How often do you buy"],
        "satisfied": ["Very satisfied", "Satisfied", "Neutral", "Unhappy"],
        "often": ["Weekly", "Monthly", "Rarely"],
    },
}  # fmt: skip
ITEMS_STORED = {"Market strategy": "市场开发策略", "Positioning": "产品定位", "Advertising": "广告促销方式",
                "After-sales service": "售后服务", "Satisfaction": "消费者满意度"}  # fmt: skip


def some(rng: Random, lang: str, kind: str, n: int) -> list[str]:
    """`n` different words of a kind, in their order."""
    words = WORDS[lang][kind]
    return [words[i] for i in sorted(rng.sample(range(len(words)), min(n, len(words))))]


def money(rng: Random, low: int = 500, high: int = 900000) -> Decimal:
    """An amount to the cent, half of the time round."""
    return (
        Decimal(rng.randint(low, high))
        if rng.random() < 0.5
        else Decimal(rng.randint(low * 100, high * 100)) / 100
    )


def add_months(first: dt.date, n: int) -> dt.date:
    month = first.month - 1 + n
    return dt.date(first.year + month // 12, month % 12 + 1, 1)


def spans(rng: Random, n: int, length: str = "month", first: dt.date | None = None) -> list[dt.date]:
    """The first days of `n` months, quarters or years in a row."""
    step = {"month": 1, "quarter": 3, "year": 12}[length]
    if first is None:
        month = {"month": rng.randint(1, 12), "quarter": rng.choice((1, 4, 7, 10)), "year": 1}[length]
        first = dt.date(rng.choice((2024, 2025, 2026)), month, 1)
    return [add_months(first, step * i) for i in range(n)]


def days(rng: Random, n: int) -> list[dt.date]:
    """Days of one or two months, in order; some above the 12th."""
    (first, *_) = spans(rng, 1)
    reach = rng.choice((27, 55))
    found = sorted(first + dt.timedelta(days=rng.randint(0, reach)) for _ in range(n))
    return found if any(d.day > 12 for d in found) else [*found[:-1], first + dt.timedelta(days=24)]


def sales(rng: Random, lang: str, length: str) -> list[Record]:
    """Order lines; now and then a return."""
    n = rng.randint(6, 18)
    products, regions, channels = (
        some(rng, lang, "product", 4),
        some(rng, lang, "region", 3),
        some(rng, lang, "channel", 2),
    )
    customers = some(rng, lang, "customer", 3)
    long_codes = rng.random() < 0.3
    rows: list[Record] = []
    for i, day in enumerate(days(rng, n)):
        back = rng.random() < 0.12
        units, price = Decimal(rng.randint(1, 400)), Decimal(rng.randint(150, 6900)) / 100
        order = (
            f"20260{rng.randint(10**13, 10**14 - 1)}{i:01d}"[:20]
            if long_codes
            else f"SO{rng.randint(10000, 99999)}{i:02d}"
        )
        rows.append({
            "date": day, "month": day.replace(day=1), "period": "day", "order_id": order,
            "product_code": f"{products.index(p := rng.choice(products)) + 1:05d}", "product": p,
            "region": rng.choice(regions), "channel": rng.choice(channels), "customer": rng.choice(customers),
            "salesperson": rng.choice(WORDS[lang]["salesperson"]),
            "units": -units if back else units, "amount": (-units if back else units) * price,
        })  # fmt: skip
    return sorted(rows, key=lambda r: str(r["region"])) if rng.random() < 0.6 else rows


def sales_months(rng: Random, lang: str, length: str) -> list[Record]:
    """Amounts by region, product and month."""
    months = spans(rng, rng.randint(2, 6) if length == "month" else 4, length)
    products = some(rng, lang, "product", rng.randint(2, 3))
    return [
        {"month": m, "period": length, "region": r, "product": p, "amount": money(rng)}
        for r in some(rng, lang, "region", 3) for p in products for m in months
    ]  # fmt: skip


def market(rng: Random, lang: str, length: str) -> list[Record]:
    months = spans(rng, rng.randint(2, 4), length)
    category, brands = rng.choice(WORDS[lang]["category"]), some(rng, lang, "brand", rng.randint(2, 3))
    return [
        {"month": m, "period": length, "region": r, "category": category, "brand": b,
         "units": Decimal(rng.randint(500, 90000)), "amount": money(rng, 9000, 9000000)}
        for r in some(rng, lang, "region", rng.randint(2, 3)) for b in brands for m in months
    ]  # fmt: skip


def budget(rng: Random, lang: str, length: str) -> list[Record]:
    months = spans(rng, rng.randint(2, 5), length)
    departments = some(rng, lang, "department", 2)
    activities = iter(rng.sample(WORDS[lang]["activity"], 4))
    lines = [
        (d, rng.choice(WORDS[lang]["expense"]), a)
        for d in departments
        for a in (next(activities), next(activities))
    ]
    return [
        {"month": m, "period": length, "department": d, "category": c, "activity": a, "amount": money(rng, 1000, 300000)}
        for d, c, a in lines for m in months
    ]  # fmt: skip


def spend(rng: Random, lang: str, length: str) -> list[Record]:
    status = rng.sample(["committed", "recognised", "paid"], 3)
    start = rng.randint(100, 800)
    return [
        {"date": d, "month": d.replace(day=1), "voucher": f"{start + i:06d}", "department": rng.choice(WORDS[lang]["department"][:2]),
         "category": rng.choice(WORDS[lang]["expense"]), "activity": rng.choice(WORDS[lang]["activity"]),
         "supplier": rng.choice(WORDS[lang]["supplier"]), "amount": money(rng, 300, 200000), "status": rng.choice(status)}
        for i, d in enumerate(days(rng, rng.randint(6, 16)))
    ]  # fmt: skip


def _goal(rng: Random, kpi: int) -> tuple[Decimal, str, str]:
    """A value, its unit as kept, and its unit as written."""
    if kpi == 0:
        return money(rng, 10000, 9000000), "CNY", "元"
    return (
        (Decimal(rng.randint(20, 98)) / 100, "fraction", "%")
        if kpi == 2
        else (Decimal(rng.randint(3, 400)), "", "")
    )


def targets(rng: Random, lang: str, length: str) -> list[Record]:
    months = spans(rng, rng.randint(2, 4), length)
    kpis = sorted(rng.sample(range(4), rng.randint(1, 3)))
    units = {"zh": ["元", "家", "%", "起"], "en": ["CNY", "outlets", "%", "cases"]}[lang]
    rows: list[Record] = []
    for entity in some(rng, lang, "entity", 3):
        for k in kpis:
            for m in months:
                target, unit, _ = _goal(rng, k)
                actual, _, _ = _goal(rng, k)
                rows.append({"month": m, "period": length, "entity": entity, "kpi": WORDS[lang]["kpi"][k],
                             "unit": unit or units[k], "target": target, "actual": actual})  # fmt: skip
    return rows


def actuals(rng: Random, lang: str, length: str) -> list[Record]:
    months = spans(rng, rng.randint(2, 3), length)
    return [
        {"month": m, "period": length, "entity": e, "kpi": k, "actual": Decimal(rng.randint(120, 200)) / 2,
         "assessor": WORDS[lang]["person"][i % 2]}
        for i, e in enumerate(some(rng, lang, "salesperson", 3)) for k in WORDS[lang]["attitude"] for m in months
    ]  # fmt: skip


def survey(rng: Random, lang: str, length: str) -> list[Record]:
    w = WORDS[lang]
    rows: list[Record] = []
    for i, day in enumerate(days(rng, rng.randint(6, 14))):
        answers = [
            rng.choice(w["satisfied"]),
            rng.choice(w["channel"]),
            str(rng.randint(0, 10)),
            rng.choice(w["often"]),
        ]
        city = rng.choice(w["city"])
        for n, (question, answer) in enumerate(zip(w["question"], answers, strict=True), 1):
            rows.append({"respondent": f"{i + 1}", "date": day, "month": day.replace(day=1), "city": city,
                         "question_no": str(n), "question": question, "answer": answer,
                         "score": Decimal(answer) if answer.isdigit() else None})  # fmt: skip
    return rows


def competitor_prices(rng: Random, lang: str, length: str) -> list[Record]:
    w = WORDS[lang]
    rows: list[Record] = []
    for i, day in enumerate(days(rng, rng.randint(6, 14))):
        price = Decimal(rng.randint(20, 1990)) / 10
        rows.append({
            "date": day, "brand": (b := rng.choice(w["brand"])), "product": f"{b} {w['category'][i % 3]} {i + 1}号" if lang == "zh" else f"{b} {w['category'][i % 3]} no. {i + 1}",
            "outlet": rng.choice(w["outlet"]), "city": rng.choice(w["city"]), "price": price,
            "promotion_price": price - 1 if rng.random() < 0.5 else None, "promotion": rng.choice(w["promotion"]),
        })  # fmt: skip
    return rows


def competitor_profile(rng: Random, lang: str, length: str) -> list[Record]:
    w = WORDS[lang]
    items = some(rng, lang, "item", 5)
    brands = some(rng, lang, "brand", rng.randint(3, 4))
    return [
        {"brand": b, "item": ITEMS_STORED.get(i, i), "written_item": i, "score": Decimal(rng.randint(2, 10)) / 2, "text": rng.choice(w["text"])}
        for b in brands for i in items
    ]  # fmt: skip


MAKERS: dict[str, Callable[[Random, str, str], list[Record]]] = {
    "sales": sales, "market": market, "budget": budget, "spend": spend, "targets": targets, "actuals": actuals,
    "survey": survey, "competitor_prices": competitor_prices, "competitor_profile": competitor_profile,
}  # fmt: skip
