"""Price, volume and mix of a year, after Bennet (1920): the mean of both periods' weights."""

from __future__ import annotations

import math
from collections import defaultdict

from recompute.rows import in_months, shift, truth


def bridge(month: str) -> dict[str, float]:
    """From last year's sales to this year's, product by product; returns, new and lost kept apart."""
    old, new = _sold(shift(month, -12)), _sold(month)
    returns = old.pop("", (0.0, 0.0))[1], new.pop("", (0.0, 0.0))[1]
    both = sorted(set(old) & set(new))
    units0, units1 = (math.fsum(side[p][0] for p in both) for side in (old, new))
    value0, value1 = (math.fsum(side[p][1] for p in both) for side in (old, new))
    at_old = math.fsum((new[p][0] - old[p][0]) * old[p][1] / old[p][0] for p in both)
    at_new = math.fsum((new[p][0] - old[p][0]) * new[p][1] / new[p][0] for p in both)
    # pure volume: all products sold at the mean price of the period that values them
    volume = (units1 - units0) * (value0 / units0 + value1 / units1) / 2
    price = math.fsum(
        (new[p][1] / new[p][0] - old[p][1] / old[p][0]) * (old[p][0] + new[p][0]) / 2 for p in both
    )
    return {
        "before": math.fsum(v for _, v in old.values()) + returns[0],
        "volume": volume,
        "mix": (at_old + at_new) / 2 - volume,
        "price": price,
        "new": math.fsum(new[p][1] for p in new if p not in old),
        "lost": -math.fsum(old[p][1] for p in old if p not in new),
        "returns": returns[1] - returns[0],
        "now": math.fsum(v for _, v in new.values()) + returns[1],
    }


def _sold(month: str) -> dict[str, tuple[float, float]]:
    """Product -> units and amount; returns, whatever the product, under the empty name."""
    lines: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in truth("sales"):
        if in_months(row, [month]):
            units, amount = float(row["units"]), float(row["amount"])
            lines[row["product"] if units > 0 else ""].append((units, amount))
    return {
        name: (math.fsum(u for u, _ in part), math.fsum(a for _, a in part)) for name, part in lines.items()
    }
