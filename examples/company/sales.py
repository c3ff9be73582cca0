"""What the company sold: one line for each product that left for a dealer on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from company.chance import Dice
from company.names import (
    BRAND_GROWTH,
    CHANNEL_PRICE,
    CHANNELS,
    PRICE_RISE,
    PRODUCTS,
    TERRITORIES,
    Product,
    Territory,
    region_of,
)
from company.time import CUT, day_weight, days, months, season, years_on

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    date: dt.date
    order_id: str
    order_line: int
    product: Product
    territory: str
    province: str
    city: str
    channel: str
    dealer: str
    salesperson: str
    units: int
    price: Decimal
    note: str = ""

    @property
    def region(self) -> str:
        return region_of(self.territory, self.date)

    @property
    def month(self) -> dt.date:
        return self.date.replace(day=1)

    @property
    def amount(self) -> Decimal:
        return self.price * self.units


def price(product: Product, channel: str, month: dt.date) -> Decimal:
    """CNY a case; one brand has become dearer in 2026."""
    since, factor = PRICE_RISE.get(product.brand, (dt.date(2099, 1, 1), Decimal(1)))
    rise = factor if month >= since else Decimal(1)
    return (Decimal(product.price) * CHANNEL_PRICE[channel] * rise).quantize(CENT, ROUND_HALF_UP)


def expected(product: Product, territory: Territory, month: dt.date, *, planned: bool = False) -> float:
    """Sales to be expected in a month, in CNY; a planner sees whole months, and no share won or lost.

    A dearer product sells so many cases less that its sales stay where they were.
    """
    if not product.launched <= month < product.ended:
        return 0.0
    age = (month.year - product.launched.year) * 12 + month.month - product.launched.month
    ramp = 1.0 if product.launched.year == 2024 else min(1.0, 0.3 + 0.12 * age)
    fading = 0.45 if (product.ended - month).days < 120 else 1.0
    t = years_on(month)
    growth = 1 + BRAND_GROWTH[product.brand] * t
    moved = 1 + territory.drift * max(0.0, t - 1) if not planned else 1.0
    cut = dt.date.max if planned else CUT
    here = product.base * 1e4 * territory.own * season(product.category, month, cut)
    return here * growth * moved * ramp * fading


@cache
def lines() -> tuple[Line, ...]:
    """Every line from the first month to the cut, in the order they left."""
    drafts = sorted(
        _drafts(), key=lambda d: (d.date, d.territory, d.dealer, d.channel, d.product.code, d.units)
    )
    return tuple(_numbered(drafts))


def _drafts() -> Iterator[Line]:
    dice = Dice("sales")
    for month in months():
        for territory in TERRITORIES:
            for product in PRODUCTS:
                total = expected(product, territory, month) * dice.noise(0.05)
                if total:
                    yield from _month(dice, month, territory, product, total)


def _month(
    dice: Dice, month: dt.date, territory: Territory, product: Product, total: float
) -> Iterator[Line]:
    weights = {d: day_weight(product.category, d) for d in days(month) if d <= CUT}
    for channel, part in CHANNELS.items():
        cost = price(product, channel, month)
        parts = 2 if part > 0.2 and dice.chance(0.45) else 1
        for _ in range(parts):
            province, city = dice.pick(territory.cities)
            dealer = "线上直营" if channel == "电商" else dice.pick(territory.dealers)
            units = max(
                1, round(total * part * _online(channel, month) * dice.noise(0.12) / parts / float(cost))
            )
            line = Line(
                dice.weighted(weights), "", 0, product, territory.name, province, city, channel, dealer,
                dice.pick(territory.people), units, cost,
            )  # fmt: skip
            yield line
            if dice.chance(0.014):
                yield _returned(dice, line)


def _online(channel: str, month: dt.date) -> float:
    """618 and 双11 lift the online channel; it also grows at the cost of 传统渠道."""
    lift = {6: 1.35, 11: 1.5}.get(month.month, 1.0) if channel == "电商" else 1.0
    shift = {"电商": 0.08, "传统渠道": -0.05}.get(channel, 0.0)
    return lift * (1 + shift * years_on(month))


def _returned(dice: Dice, line: Line) -> Line:
    day = min(line.date + dt.timedelta(days=dice.whole(0, 6)), days(line.month)[-1], CUT)
    units = -max(1, round(line.units * dice.between(0.05, 0.3)))
    reason = dice.pick(("退货：破损", "退货：临期", "退货：错发"))
    return Line(
        day, "", 0, line.product, line.territory, line.province, line.city, line.channel, line.dealer,
        line.salesperson, units, line.price, reason,
    )  # fmt: skip


def _numbered(drafts: list[Line]) -> Iterator[Line]:
    """Lines of one dealer and channel on one day share an order."""
    orders: dict[tuple[dt.date, str, str, str], tuple[str, int]] = {}
    per_day: dict[dt.date, int] = {}
    for d in drafts:
        key = (d.date, d.territory, d.dealer, d.channel)
        if key not in orders:
            per_day[d.date] = per_day.get(d.date, 0) + 1
            orders[key] = (f"XS{d.date:%Y%m%d}{per_day[d.date]:03d}", 0)
        order, n = orders[key]
        orders[key] = (order, n + 1)
        yield Line(
            d.date, order, n + 1, d.product, d.territory, d.province, d.city, d.channel, d.dealer,
            d.salesperson, d.units, d.price, d.note,
        )  # fmt: skip
