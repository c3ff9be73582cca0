"""What was expected of departments, regions and people in 2026, and what only an assessor can say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from company.chance import Dice
from company.market import cells
from company.names import OWN, PRODUCTS, TERRITORIES, TOTAL, Territory, region_of, regions, territories
from company.sales import expected
from company.time import months, year_of

AMBITION = 1.012
LAST_ASSESSED = dt.date(2026, 10, 1)


@dataclass(frozen=True)
class Kpi:
    name: str
    unit: str
    direction: str = "正向"
    lower: str = ""
    upper: str = ""
    standard: str = ""  # bands, as departments write them
    satisfactory: str = ""
    unacceptable: str = ""


SALES = Kpi("销售额", "万元")
SHARE = Kpi("市场份额", "%")
SATISFACTION = Kpi(
    "顾客满意度", "%", standard="完成率≥100%得100分；95%-100%得80分；90%-95%得60分；低于90%得0分"
)
NPS = Kpi("NPS", "分", satisfactory="35", unacceptable="15")
EXECUTION = Kpi("预算执行率", "%", "区间", "90", "105")
COST_RATIO = Kpi("费销比", "%", "逆向")
OUTLETS = Kpi("新增网点数", "个")
ATTITUDE = Kpi("工作态度", "分")

# weights in percent; each card sums to 100
CARDS: dict[str, dict[Kpi, int]] = {
    "市场部": {SHARE: 25, SATISFACTION: 20, NPS: 15, EXECUTION: 15, COST_RATIO: 15, ATTITUDE: 10},
    "销售部": {SALES: 40, SHARE: 15, OUTLETS: 15, EXECUTION: 10, COST_RATIO: 10, ATTITUDE: 10},
    "区域": {SALES: 40, SHARE: 25, SATISFACTION: 15, EXECUTION: 10, COST_RATIO: 10},
    "个人": {SALES: 60, OUTLETS: 25, ATTITUDE: 15},
}
COST_LIMIT = {"市场部": "4.8", "销售部": "5.6", "区域": "5.8"}
PEOPLE = tuple((person, t) for t in TERRITORIES for person in t.people)


@dataclass(frozen=True)
class Goal:
    level: str
    entity: str
    kpi: Kpi
    weight: int
    months: tuple[tuple[dt.date, Decimal], ...]


def _ten(value: float, step: int = 1) -> Decimal:
    return Decimal(round(value / step) * step)


@cache
def sales_goal(territory: Territory, month: dt.date) -> Decimal:
    """10,000 CNY: what a planner expects of the territory, a little more."""
    hoped = sum(expected(p, territory, month, planned=True) for p in PRODUCTS) * AMBITION
    return _ten(hoped / 1e4, 5)


def _region_goal(region: str, month: dt.date) -> Decimal:
    return sum((sales_goal(t, month) for t in territories(region)), Decimal(0))


@cache
def _share_goal(region: str) -> Decimal:
    """Percent: last year's share and a little more; "" is the whole country."""
    names = {region_of(t.name, dt.date(2025, 1, 1)) for t in territories(region)}
    taken = [c for c in cells() if c.month.year == 2025 and (not region or c.region in names)]
    own = sum((c.amount for c in taken if c.brand in OWN), Decimal(0))
    whole = sum((c.amount for c in taken if c.brand == TOTAL), Decimal(0))
    return (100 * own / whole + Decimal("0.2")).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _value(level: str, entity: str, kpi: Kpi, month: dt.date) -> Decimal:
    if kpi == SALES:
        if level == "部门":
            return sum((sales_goal(t, month) for t in TERRITORIES), Decimal(0))
        if level == "区域":
            return _region_goal(entity, month)
        home = next(t for person, t in PEOPLE if person == entity)
        return _ten(float(sales_goal(home, month)) / len(home.people))
    if kpi == SHARE:
        return _share_goal(entity if level == "区域" else "")
    if kpi == OUTLETS:
        return Decimal(10 if level == "个人" else 10 * len(PEOPLE))
    if kpi == COST_RATIO:
        return Decimal(COST_LIMIT.get(entity, COST_LIMIT["区域"]))
    return {SATISFACTION: Decimal(78), NPS: Decimal(30), EXECUTION: Decimal(100), ATTITUDE: Decimal(90)}[kpi]


def goals() -> Iterator[Goal]:
    """Every goal of 2026, card by card."""
    entities = [
        ("部门", "市场部"),
        ("部门", "销售部"),
        *(("区域", r) for r in regions(2026)),
        *(("个人", p) for p, _ in PEOPLE),
    ]
    for level, entity in entities:
        for kpi, weight in CARDS.get(entity, CARDS.get(level, {})).items():
            values = tuple((m, _value(level, entity, kpi, m)) for m in year_of(2026))
            yield Goal(level, entity, kpi, weight, values)


def goals_2025() -> Iterator[Goal]:
    """Sales only: the department, the regions of that year, the people."""
    entities = [("部门", "销售部"), *(("区域", r) for r in regions(2025)), *(("个人", p) for p, _ in PEOPLE)]
    for level, entity in entities:
        yield Goal(
            level, entity, SALES, 0, tuple((m, _value(level, entity, SALES, m)) for m in year_of(2025))
        )


def assessed() -> list[dt.date]:
    return months(dt.date(2026, 1, 1), LAST_ASSESSED)


@cache
def new_outlets() -> dict[tuple[str, dt.date], int]:
    """Outlets opened by each person in each month."""
    dice = Dice("outlets opened")
    spirit = {person: dice.between(8.2, 11.6) for person, _ in PEOPLE}
    return {(p, m): round(spirit[p] * dice.noise(0.25)) for p, _ in PEOPLE for m in assessed()}


@cache
def attitude() -> dict[tuple[str, dt.date], Decimal]:
    """Marks out of 100 by the person in charge, for departments and people."""
    dice = Dice("attitude")
    whom = ["市场部", "销售部", *(p for p, _ in PEOPLE)]
    usual = {w: dice.between(84, 95) for w in whom}
    return {(w, m): Decimal(min(100, round(usual[w] * dice.noise(0.05)))) for m in assessed() for w in whom}
