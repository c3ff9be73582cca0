"""What marketing may spend and what it spent: budget lines, adjustments, vouchers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from company.chance import Dice
from company.names import TERRITORIES, region_of, regions
from company.time import CUT, days, season, year_of

NATIONAL = "全国"


@dataclass(frozen=True)
class Item:
    """An activity of a department; `monthly` in 10,000 CNY for the whole country in 2025."""

    department: str
    category: str
    activity: str
    monthly: float
    channel: str
    suppliers: tuple[str, ...]
    by_region: bool = False
    months: tuple[int, ...] = ()  # only in these months, if given


ITEMS = (
    Item("市场部", "广告费", "品牌广告投放", 88, "户外与电视", ("澄观传媒", "云幕广告")),
    Item("市场部", "广告费", "数字媒体投放", 62, "线上媒体", ("像素互动科技", "潮汐数字营销")),
    Item(
        "市场部", "市场调研费", "消费者调研", 30, "线下执行", ("正衡零售监测", "问真市场研究"), months=(4, 10)
    ),
    Item("市场部", "物料费", "终端物料", 32, "门店", ("锦程印务", "尚品展示"), by_region=True),
    Item("销售部", "促销费", "终端促销", 128, "门店", ("众合人力", "乐购促销服务"), by_region=True),
    Item("销售部", "渠道费", "陈列费", 82, "门店", ("恒信渠道服务", "亿联商超服务"), by_region=True),
    Item("销售部", "促销费", "春节促销", 70, "门店", ("众合人力",), months=(1, 2)),
    Item("电商部", "广告费", "平台推广", 30, "电商平台", ("流云网络", "速达电商服务")),
    Item("电商部", "促销费", "大促活动", 85, "电商平台", ("流云网络", "直播星工场"), months=(6, 11)),
)

# how spending departs from plan: (activity, region) -> factor on the plan
HABITS = {
    ("终端促销", "华南"): 1.24, ("终端促销", "华北"): 1.09, ("陈列费", "华北"): 0.80, ("陈列费", "东北"): 0.86,
    ("消费者调研", NATIONAL): 0.88, ("数字媒体投放", NATIONAL): 1.04, ("终端物料", "西北"): 0.74,
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    month: dt.date
    item: Item
    region: str
    amount: Decimal  # 10,000 CNY, one decimal


@dataclass(frozen=True)
class Adjustment:
    kind: str  # 追加, 调增, 调减
    month: dt.date
    item: Item
    region: str
    amount: Decimal  # 10,000 CNY; negative where money is taken away
    date: dt.date
    approver: str
    reason: str


@dataclass(frozen=True)
class Voucher:
    date: dt.date
    number: str
    item: Item
    region: str
    amount: Decimal  # CNY
    status: str
    supplier: str
    text: str


@cache
def plans(year: int) -> tuple[Plan, ...]:
    """The original budget, line by line, month by month."""
    return tuple(_plans(year))


def _plans(year: int) -> Iterator[Plan]:
    raise_ = 1.06 if year == 2026 else 1.0
    for item in ITEMS:
        for region in regions(year) if item.by_region else [NATIONAL]:
            part = sum(t.own for t in TERRITORIES if region_of(t.name, dt.date(year, 1, 1)) == region) or 1.0
            for month in year_of(year):
                shape = 1.0 if item.months else _shape(month)
                on = not item.months or month.month in item.months
                amount = item.monthly * part * raise_ * shape if on else 0.0
                yield Plan(month, item, region, Decimal(str(round(amount, 1))))


def _shape(month: dt.date) -> float:
    """Spending goes with the season, more evenly than sales do."""
    whole = dt.date(month.year, month.month, 1).replace(year=2025)
    return 0.5 + 0.5 * sum(season(c, whole) for c in ("包装水", "茶饮料", "果汁", "植物饮")) / 4


def _item(activity: str) -> Item:
    return next(i for i in ITEMS if i.activity == activity)


@cache
def adjustments() -> tuple[Adjustment, ...]:
    """What was approved in 2026: two moves that sum to nothing, and two supplements."""
    rows = []
    for month, amount in ((7, "6.0"), (8, "6.0"), (9, "5.0")):
        day, who, why = dt.date(2026, 6, 24), "周敏（营销总监）", "华南旺季加投，由华北陈列费调剂"
        rows.append(("调增", month, "终端促销", "华南", amount, day, who, why))
        rows.append(("调减", month, "陈列费", "华北", f"-{amount}", day, who, why))
    for month, amount in ((9, "12.0"), (10, "18.0")):
        rows.append(
            (
                "追加",
                month,
                "数字媒体投放",
                NATIONAL,
                amount,
                dt.date(2026, 8, 19),
                "沈国栋（总经理）",
                "矿泉水新品上市传播",
            )
        )
    rows.append(
        (
            "追加",
            11,
            "大促活动",
            NATIONAL,
            "25.0",
            dt.date(2026, 10, 12),
            "沈国栋（总经理）",
            "双11平台资源位加价",
        )
    )
    return tuple(
        Adjustment(kind, dt.date(2026, m, 1), _item(activity), region, Decimal(amount), day, who, why)
        for kind, m, activity, region, amount, day, who, why in rows
    )


LIVE = Item("市场部", "广告费", "明星直播专场", 0, "电商平台", ("直播星工场",))
CRISIS = Item("市场部", "公关费", "舆情处置", 0, "线上媒体", ("澄观传媒",))
UNPLANNED = (
    (dt.date(2025, 9, 18), CRISIS, "128000.00", "网络舆情处置服务费"),
    (dt.date(2026, 8, 21), LIVE, "360000.00", "新品直播专场坑位费"),
    (dt.date(2026, 9, 10), LIVE, "215600.00", "新品直播专场佣金"),
)


@cache
def vouchers(year: int) -> tuple[Voucher, ...]:
    """Every voucher line of a year up to the cut, numbered in order of date."""
    adjusted = {(a.month, a.item.activity, a.region): a.amount for a in adjustments()}
    dice = Dice(f"vouchers/{year}")
    drafts: list[Voucher] = []
    for plan in plans(year):
        amount = plan.amount + adjusted.get((plan.month, plan.item.activity, plan.region), Decimal(0))
        if amount and plan.month <= CUT:
            drafts += _spent(dice, plan, float(amount) * 1e4)
    for day, item, money, text in UNPLANNED:
        if day.year == year:
            drafts.append(Voucher(day, "", item, NATIONAL, Decimal(money), "paid", item.suppliers[0], text))
    if year == 2026:
        drafts += _contracts(dice)
    drafts.sort(key=lambda v: (v.date, v.item.activity, v.region, v.amount))
    return tuple(
        Voucher(v.date, f"FY{v.date:%Y%m}{i:04d}", v.item, v.region, v.amount, v.status, v.supplier, v.text)
        for i, v in enumerate(drafts, 1)
    )


def _spent(dice: Dice, plan: Plan, amount: float) -> Iterator[Voucher]:
    habit = HABITS.get((plan.item.activity, plan.region), 0.97) if plan.month.year == 2026 else 0.965
    total = amount * habit * dice.noise(0.09)
    parts = 3 if total > 400_000 else 2 if total > 60_000 else 1
    for n in range(parts):
        day = dice.pick([d for d in days(plan.month) if d.weekday() < 5])
        if day > CUT:
            continue
        money = Decimal(str(round(total / parts * dice.noise(0.1), 2))).quantize(Decimal("0.01"))
        text = f"{plan.month.month}月{plan.item.activity}" + (f"（第{n + 1}笔）" if parts > 1 else "")
        yield Voucher(
            day, "", plan.item, plan.region, money, _status(dice, day), dice.pick(plan.item.suppliers), text
        )


def _status(dice: Dice, day: dt.date) -> str:
    """The older a voucher, the likelier it is paid."""
    age = (CUT.year - day.year) * 12 + CUT.month - day.month
    paid, recognised = {0: (0.15, 0.60), 1: (0.40, 0.52), 2: (0.70, 0.27)}.get(age, (0.985, 0.015))
    return dice.weighted(
        {"paid": paid, "recognised": recognised, "committed": max(0.0, 1 - paid - recognised)}
    )


def _contracts(dice: Dice) -> Iterator[Voucher]:
    """Signed in autumn for the end of the year, not settled yet."""
    for day, activity, money in (
        (dt.date(2026, 9, 22), "品牌广告投放", "680000.00"), (dt.date(2026, 10, 20), "平台推广", "260000.00"),
        (dt.date(2026, 10, 26), "大促活动", "420000.00"), (dt.date(2026, 11, 5), "数字媒体投放", "350000.00"),
    ):  # fmt: skip
        item = _item(activity)
        yield Voucher(
            day,
            "",
            item,
            NATIONAL,
            Decimal(money),
            "committed",
            dice.pick(item.suppliers),
            f"四季度{activity}框架合同",
        )
