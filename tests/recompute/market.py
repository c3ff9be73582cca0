"""Market share and competition, from the truth (Farris et al. ch. 2, 6; Kitagawa 1955)."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from statistics import mean, median

from recompute.rows import OWN, in_months, minus, months, ratio, shift, truth

WHOLE, OTHERS, TOGETHER = "合计", "其他", "自有品牌合计"
Part = tuple[float, float]  # numerator and denominator


@cache
def _sums(measure: str, wanted: tuple[str, ...], region: str, category: str) -> dict[str, float]:
    """What each brand sold in these months; an empty region or category is all of them."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in truth("market"):
        here = (not region or row["region"] == region) and (not category or row["category"] == category)
        if here and in_months(row, list(wanted)) and row[measure]:
            values[row["brand"]].append(float(row[measure]))
    return {brand: math.fsum(v) for brand, v in values.items()}


def parts(
    brand: str, wanted: list[str], measure: str = "amount", region: str = "", category: str = ""
) -> Part | None:
    """A brand's sales and the market's; None where it isn't sold."""
    sums = _sums(measure, tuple(wanted), region, category)
    members = [b for b in (OWN if brand == TOGETHER else (brand,)) if b in sums]
    if not members or WHOLE not in sums:
        return None
    return math.fsum(sums[b] for b in members), sums[WHOLE]


def share(brand: str, wanted: list[str], measure: str = "amount", **segment: str) -> float | None:
    found = parts(brand, wanted, measure, **segment)
    return None if found is None else ratio(*found)


def change(brand: str, month: str, against: str, measure: str = "amount", **segment: str) -> float | None:
    """The share now less the share then, as a fraction."""
    scope = "ytd" if against == "ytd" else "month"
    base = shift(month, -1 if against == "mom" else -12)
    now, then = months(month, scope), months(base, scope)
    return minus(share(brand, now, measure, **segment), share(brand, then, measure, **segment))


def brands(month: str) -> list[str]:
    """Single brands, the largest share first."""
    sums = _sums("amount", (month,), "", "")
    return sorted((b for b in sums if b not in (WHOLE, OTHERS)), key=lambda b: (-sums[b], b))


def segments(column: str, month: str) -> list[str]:
    return sorted({r[column] for r in truth("market") if in_months(r, [month])})


def competition_rank(brand: str, month: str) -> tuple[int, int]:
    """1 + how many are larger, of how many."""
    shares = {b: share(b, [month]) or 0.0 for b in brands(month)}
    return 1 + sum(s > shares[brand] for s in shares.values()), len(shares)


def relative_share(brand: str, month: str) -> float | None:
    """Over the largest competitor; a competitor is a single brand that is not one of us."""
    us = OWN if brand == TOGETHER else (brand,)
    if brand == OTHERS:
        return None
    rivals = [share(b, [month]) or 0.0 for b in brands(month) if b not in us]
    return ratio(share(brand, [month]), max(rivals))


def price_index(brand: str, month: str) -> float | None:
    return ratio(share(brand, [month]), share(brand, [month], "units"))


def evolution(brand: str, month: str) -> float | None:
    """(1 + own growth) / (1 + market growth) × 100, from the amounts."""
    now, then = parts(brand, [month]), parts(brand, [shift(month, -12)])
    if now is None or then is None:
        return None
    return (now[0] / then[0]) / (now[1] / then[1]) * 100


def effects(column: str, month: str) -> dict[str, dict[str, float]]:
    """Within, mix, and what new and ended segments moved, by segment."""
    before = shift(month, -12)
    names = sorted({*segments(column, month), *segments(column, before)})
    ends = [parts(TOGETHER, [m]) for m in (before, month)]
    assert all(ends)
    (o0, m0), (o1, m1) = ends  # type: ignore[misc]
    middle = (o0 / m0 + o1 / m1) / 2
    out = {}
    for name in names:
        old, new = (parts(TOGETHER, [m], **{column: name}) for m in (before, month))
        w0, w1 = (p[1] / m if p else 0.0 for p, m in ((old, m0), (new, m1)))
        s0, s1 = (p[0] / p[1] if p else math.nan for p in (old, new))
        if old and new:
            line = {
                "within": (s1 - s0) * (w0 + w1) / 2,
                "mix": (w1 - w0) * ((s0 + s1) / 2 - middle),
                "moves": 0.0,
            }
        else:
            moved = w1 * (s1 - middle) if new else -w0 * (s0 - middle)
            line = {"within": 0.0, "mix": 0.0, "moves": moved}
        out[name] = line | {"total": math.fsum(line.values())}
    return out


def concentration(month: str) -> dict[str, float]:
    """CR3, CR5 and the two bounds of HHI on 0–10000."""
    shares = sorted((share(b, [month]) or 0.0 for b in brands(month)), reverse=True)
    low = math.fsum(s * s for s in shares)
    rest, high = 1 - math.fsum(shares), low
    while rest > shares[-1]:  # the unknown rest in firms as large as the smallest known one
        rest, high = rest - shares[-1], high + shares[-1] ** 2
    high += rest * rest
    return {
        "cr3": math.fsum(shares[:3]), "cr5": math.fsum(shares[:5]),
        "low": low * 1e4, "high": high * 1e4, "n": float(len(shares)),
    }  # fmt: skip


def distribution(month: str) -> dict[tuple[str, str], dict[str, float | None]]:
    """Outlets and category sales behind a brand's presence, by category and brand."""
    rows = [r for r in truth("market") if in_months(r, [month])]
    category_sales = {(r["region"], r["category"]): float(r["amount"]) for r in rows if r["brand"] == WHOLE}
    groups: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["outlets_stocking"]:
            groups[row["category"], row["brand"]].append(row)
    out: dict[tuple[str, str], dict[str, float | None]] = {}
    for (category, brand), lines in groups.items():
        weights = [category_sales[r["region"], category] for r in lines]
        reached = math.fsum(
            float(r["weighted_distribution"]) * w for r, w in zip(lines, weights, strict=True)
        )
        weighted = reached / math.fsum(weights)
        sold = parts(brand, [month], category=category)
        assert sold
        out[category, brand] = {
            "numeric": sum(float(r["outlets_stocking"]) for r in lines)
            / sum(float(r["outlets_total"]) for r in lines),
            "weighted": weighted,
            "share": sold[0] / sold[1],
            "velocity": sold[0] / (weighted * 100),
        }
    return out


def profile(month: str) -> dict[str, dict[str, float]]:
    """Item -> brand -> the latest score up to the month."""
    scores: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in truth("competitor_profile"):
        if row["month"][:7] <= month and row["score"]:
            scores[row["item"], row["brand"]][row["month"]].append(float(row["score"]))
    out: dict[str, dict[str, float]] = defaultdict(dict)
    for (item, brand), waves in scores.items():
        out[item][brand] = mean(waves[max(waves)])
    return out


def prices(month: str) -> dict[tuple[str, str, str], dict[str, float | None]]:
    """Medians of three months by brand, product and pack."""
    groups: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in truth("competitor_prices"):
        if shift(month, -2) <= row["date"][:7] <= month:
            groups[row["brand"], row["product"], row["pack"]].append(row)
    out: dict[tuple[str, str, str], dict[str, float | None]] = {}
    for key, rows in groups.items():
        lowered = [float(r["promotion_price"]) for r in rows if r["promotion_price"]]
        out[key] = {
            "price": median(float(r["price"]) for r in rows),
            "promotion_price": median(lowered) if lowered else None,
            "promotion_share": len(lowered) / len(rows),
            "n": float(len(rows)),
        }
    return out


def coverage(month: str) -> dict[str, dict[str, float | None]]:
    """Own sales against what the source counts for us, by region."""
    sold: dict[str, list[float]] = defaultdict(list)
    for row in truth("sales"):
        if in_months(row, [month]) and row["brand"] in OWN:
            sold[row["region"]].append(float(row["amount"]))
    out: dict[str, dict[str, float | None]] = {}
    for region in segments("region", month):
        counted = parts(TOGETHER, [month], region=region)
        assert counted
        ours = math.fsum(sold[region])
        out[region] = {
            "numerator": ours, "denominator": counted[0], "market": counted[1], "cover": ours / counted[0],
        }  # fmt: skip
    return out
