"""The whole market as an outside panel counts it at retail prices, our own brands included."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from company.chance import Dice
from company.names import CATEGORIES, OWN, REST, TERRITORIES, TOTAL, Territory, region_of
from company.sales import lines
from company.time import months, season, years_on

SOURCE = "正衡零售监测"
LAST_COUNTED = dt.date(2026, 10, 1)  # the panel publishes about the 15th of the following month
SIZE = {"包装水": 9300, "茶饮料": 7900, "果汁": 6600, "植物饮": 5900}  # 10,000 CNY a month in 2024
GROWTH = {"包装水": 0.03, "茶饮料": 0.06, "果汁": 0.01, "植物饮": 0.08}
MARKUP = 1.30  # retail price over ours
# how the rest of a category is divided, and what a case costs there at retail
RIVALS = {
    "包装水": {"沐原": (0.33, 31.0), "朔泉": (0.23, 27.0), REST: (0.44, 25.0)},
    "茶饮料": {"沐原": (0.21, 49.0), "茗栈": (0.36, 52.0), REST: (0.43, 44.0)},
    "果汁": {"果塘": (0.35, 66.0), "朔泉": (0.20, 57.0), REST: (0.45, 55.0)},
    "植物饮": {"果塘": (0.30, 76.0), "茗栈": (0.19, 80.0), REST: (0.51, 68.0)},
}
SHARPER = {"华北": "沐原", "华南": "茗栈"}  # rival that gains (or, where we win, loses) most there


@dataclass(frozen=True)
class Cell:
    month: dt.date
    region: str
    category: str
    brand: str
    units: int  # cases
    amount: Decimal  # CNY, as the panel prints it: whole hundreds
    outlets_stocking: int = 0
    outlets_total: int = 0
    weighted_distribution: Decimal = Decimal(0)  # percent, one decimal


def brands_in(category: str) -> tuple[str, ...]:
    """The brands of a category as the panel lists them, the total last."""
    own = {"包装水": ("岚溪",), "茶饮料": ("岚溪", "橙序"), "果汁": ("橙序",), "植物饮": ("谷屿",)}[category]
    return (*own, *RIVALS[category], TOTAL)


@cache
def cells() -> tuple[Cell, ...]:
    """Month × region × category × brand, the total of each category after its brands."""
    dice, own = Dice("market"), _own()
    found: dict[tuple[dt.date, str, str, str], list[int]] = {}
    for month in months(last=LAST_COUNTED):
        for territory in TERRITORIES:
            for category in CATEGORIES:
                region = region_of(territory.name, month)
                for brand, (units, hundreds) in _count(dice, own, month, territory, category).items():
                    cell = found.setdefault((month, region, category, brand), [0, 0])
                    cell[0] += units
                    cell[1] += hundreds
    return tuple(_with_outlets(key, units, hundreds) for key, (units, hundreds) in found.items())


def _own() -> dict[tuple[dt.date, str, str, str], list[float]]:
    sold: dict[tuple[dt.date, str, str, str], list[float]] = {}
    for line in lines():
        cell = sold.setdefault(
            (line.month, line.territory, line.product.category, line.product.brand), [0, 0]
        )
        cell[0] += line.units
        cell[1] += float(line.amount)
    return sold


def _count(
    dice: Dice, own: dict[tuple[dt.date, str, str, str], list[float]], month: dt.date, territory: Territory,
    category: str,
) -> dict[str, tuple[int, int]]:  # fmt: skip
    """Units and hundreds of CNY of each brand, the total included."""
    counted: dict[str, tuple[int, int]] = {}
    ours = 0.0
    for brand in brands_in(category):
        if brand in OWN:
            units, amount = own[month, territory.name, category, brand]
            # the panel sees the shelf, not our invoices: a little more than we shipped
            counted[brand] = (
                round(units * dice.between(1.0, 1.03)),
                round(amount * MARKUP * dice.noise(0.02) / 100),
            )
            ours += counted[brand][1] * 100
    t = years_on(month)
    promotion = {6: 1.05, 11: 1.07}.get(month.month, 1.0)  # 618 and 双11 move everybody
    growth = 1 + GROWTH[category] * t
    size = SIZE[category] * 1e4 * territory.market * growth * season(category, month) * promotion
    rest = size * dice.noise(0.03) - ours
    weights = {b: _weight(b, w, territory, t) * dice.noise(0.04) for b, (w, _) in RIVALS[category].items()}
    for brand, weight in weights.items():
        amount = rest * weight / sum(weights.values())
        cost = RIVALS[category][brand][1] * (1 + 0.01 * t)
        counted[brand] = (round(amount / cost), round(amount / 100))
    counted[TOTAL] = (sum(u for u, _ in counted.values()), sum(a for _, a in counted.values()))
    return counted


def _weight(brand: str, weight: float, territory: Territory, t: float) -> float:
    if SHARPER.get(territory.name) == brand:
        return weight * (1 - territory.drift * 1.6 * max(0.0, t - 1))
    return weight


def _with_outlets(key: tuple[dt.date, str, str, str], units: int, hundreds: int) -> Cell:
    """Outlets were counted from 2026 on; the big ones carry us sooner, so weighted is above numeric."""
    month, region, category, brand = key
    amount = Decimal(hundreds) * 100
    if month.year < 2026:
        return Cell(month, region, category, brand, units, amount)
    dice = Dice(f"outlets/{month}/{region}/{category}/{brand}")
    total = _outlets(region)
    if brand in (REST, TOTAL):
        return Cell(month, region, category, brand, units, amount, outlets_total=total)
    reach = {"岚溪": 0.58, "橙序": 0.41, "谷屿": 0.36}.get(brand, 0.5)
    trend = {"华南": 0.006, "华北": -0.005}.get(region, 0.001) if brand in OWN else 0.0
    numeric = min(0.9, (reach + trend * month.month) * dice.noise(0.03))
    weighted = Decimal(str(round(min(0.97, numeric * dice.between(1.18, 1.24)) * 100, 1)))
    return Cell(month, region, category, brand, units, amount, round(numeric * total), total, weighted)


def _outlets(region: str) -> int:
    part = next(t.market for t in TERRITORIES if t.name == region)
    return int((Decimal(str(part)) * 12000).quantize(Decimal(1), ROUND_HALF_UP))
