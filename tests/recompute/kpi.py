"""Scorecards and sales against target, from the truth (methods of the report's own notes)."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from recompute import market, survey
from recompute.rows import Row, in_months, minus, months, ratio, shift, truth

CAP, FLOOR = 120.0, 0.6  # where a target names none
GRADES = (("优", 90.0), ("良", 80.0), ("中", 60.0), ("差", -math.inf))
SOLD_BY = {"region": "region", "person": "salesperson"}


@dataclass(frozen=True)
class Line:
    """One KPI of one entity."""

    entity: str
    kpi: str
    weight: float
    target: float
    actual: float | None
    rate: float | None
    score: float | None


def _total(values: list[float]) -> float | None:
    return math.fsum(values) if values else None


@cache
def sales(level: str, wanted: tuple[str, ...]) -> dict[str, float]:
    """Sales by region, person or (level "") of the company."""
    lines: dict[str, list[float]] = defaultdict(list)
    for row in truth("sales"):
        if in_months(row, list(wanted)):
            lines[row[SOLD_BY[level]] if level else ""].append(float(row["amount"]))
    return {name: math.fsum(v) for name, v in lines.items()}


def _belongs(row: Row, level: str, entity: str) -> bool:
    return row["department" if level == "department" else "region"] == entity


def cost(level: str, entity: str, wanted: list[str]) -> float | None:
    """Recognised or paid; what is only committed is no cost yet."""
    return _total([
        float(r["amount"]) for r in truth("spend")
        if r["status"] in ("recognised", "paid") and in_months(r, wanted) and _belongs(r, level, entity)
    ])  # fmt: skip


def plan(level: str, entity: str, wanted: list[str]) -> float | None:
    """The adjusted plan: the original and every approved change of these months."""
    rows = [r for r in truth("budget") if in_months(r, wanted) and _belongs(r, level, entity)]
    return _total([float(r["amount"]) for r in rows])


def _sold_by(level: str, entity: str, wanted: list[str]) -> float | None:
    """A department's sales are the company's."""
    return sales("", tuple(wanted))[""] if level == "department" else sales(level, tuple(wanted)).get(entity)


def _latest(kind: str) -> Callable[[str, str, list[str]], float | None]:
    def level_of(level: str, entity: str, wanted: list[str]) -> float | None:
        waves = survey.overall(kind, wanted[-1], entity if level == "region" else "")
        return waves[-1][1]["level"] if waves else None

    return level_of


def _share(level: str, entity: str, wanted: list[str]) -> float | None:
    return market.share(market.TOGETHER, wanted, region=entity if level == "region" else "")


def _written(kpi: str, *, summed: bool) -> Callable[[str, str, list[str]], float | None]:
    def found(level: str, entity: str, wanted: list[str]) -> float | None:
        rows = [
            float(r["actual"]) for r in truth("actuals")
            if (r["entity_level"], r["entity"], r["kpi"]) == (level, entity, kpi) and in_months(r, wanted)
        ]  # fmt: skip
        if len(rows) != len(wanted):
            return None
        return math.fsum(rows) if summed else math.fsum(rows) / len(rows)

    return found


ACTUALS: dict[str, Callable[[str, str, list[str]], float | None]] = {
    "销售额": _sold_by,
    "市场份额": _share,
    "顾客满意度": _latest("t2b"),
    "NPS": _latest("nps"),
    "费销比": lambda *of: ratio(cost(*of), _sold_by(*of)),
    "预算执行率": lambda *of: ratio(cost(*of), plan(*of)),
    "新增网点数": _written("新增网点数", summed=True),
    "工作态度": _written("工作态度", summed=False),
}
SUMMED = ("销售额", "新增网点数")


def reached(row: Row, target: float, actual: float | None) -> float | None:
    """Achievement by the direction of the target; below zero it is zero."""
    if actual is None:
        return None
    if row["direction"] == "band":
        low, high = float(row["lower_limit"]), float(row["upper_limit"])
        away = low - actual if actual < low else max(actual - high, 0.0)
        return max(1 - away / (low if actual < low else high), 0.0)
    return max(2 - actual / target if row["direction"] == "lower" else actual / target, 0.0)


def banded(standard: str, rate: float) -> float:
    """The points of the highest band whose lower end is reached: a clause names its lower end first."""
    bands = []
    for clause in standard.split("；"):
        limit, points = re.findall(r"\d+", clause)[0], re.findall(r"\d+", clause)[-1]
        bands.append((-math.inf if "低于" in clause else int(limit) / 100, float(points)))
    return next(points for low, points in sorted(bands, reverse=True) if rate >= low)


def score(row: Row, rate: float | None, actual: float | None) -> float | None:
    """By bands or between 不允许值 and 满意值 where these are given; else 100 × achievement, 0 under the floor."""
    if rate is None or actual is None:
        return None
    floor, cap = (float(row[c]) if row[c] else default for c, default in (("floor", FLOOR), ("cap", CAP)))
    if row["standard"]:
        return banded(row["standard"], rate)
    if row["satisfactory"]:
        worst, best = float(row["unacceptable"]), float(row["satisfactory"])
        return min(max(60 + 40 * (actual - worst) / (best - worst), 0.0), cap)
    return 0.0 if rate < floor else min(100 * rate, cap)


def card(level: str, month: str, scope: str) -> dict[tuple[str, str], Line]:
    """Every KPI of every entity of a level."""
    wanted = months(month, scope)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in truth("targets"):
        if row["entity_level"] == level and in_months(row, wanted):
            rows[row["entity"], row["kpi"]].append(row)
    out = {}
    for (entity, kpi), group in rows.items():
        goals, last = [float(r["target"]) for r in group], max(group, key=lambda r: r["month"])
        assert len(goals) == len(wanted)
        assert kpi in SUMMED or len(set(goals)) == 1  # how a changing rate's goal is read, is not tested here
        target = math.fsum(goals) if kpi in SUMMED else goals[0]
        actual = ACTUALS[kpi](level, entity, wanted)
        rate = reached(last, target, actual)
        weight = float(last["weight"])
        out[entity, kpi] = Line(entity, kpi, weight, target, actual, rate, score(last, rate, actual))
    return out


def totals(level: str, month: str, scope: str) -> dict[str, float]:
    """Σ weight × score / Σ weight, over the KPIs that have an actual."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in card(level, month, scope).values():
        lines[line.entity].append(line)
    out = {}
    for entity, group in lines.items():
        assert math.isclose(math.fsum(li.weight for li in group), 1.0)
        known = [(li.weight, li.score) for li in group if li.score is not None]
        out[entity] = math.fsum(w * s for w, s in known) / math.fsum(w for w, _ in known)
    return out


def grade(points: float) -> str:
    return next(name for name, lowest in GRADES if points >= lowest)


def table(level: str, month: str) -> dict[tuple[str, ...], dict[str, float | str | None]]:
    """Rank and entity -> score, grade and distances of the month, score and grade of the year."""
    now, year = totals(level, month, "month"), totals(level, month, "ytd")
    out: dict[tuple[str, ...], dict[str, float | str | None]] = {}
    for entity, points in now.items():
        better, worse = ([s for s in now.values() if sign * (s - points) > 0] for sign in (1, -1))
        place = f"{1 + len(better)} / {len(now)}"
        out[place, entity] = {
            "score": points, "grade": grade(points), "ytd": year[entity], "ytd_grade": grade(year[entity]),
            "to_better": min(better) - points if better else None,
            "to_worse": points - max(worse) if worse else None,
        }  # fmt: skip
    return out


def performance(level: str, month: str, scope: str) -> dict[str, dict[str, float | None]]:
    """Sales of each region or person, and of all (合计), against target and last year."""
    wanted = months(month, scope)
    now = sales(level, tuple(wanted))
    before = sales(level, tuple(shift(m, -12) for m in wanted))
    goals: dict[str, list[float]] = defaultdict(list)
    for row in truth("targets"):
        if (row["entity_level"], row["kpi"]) == (level, "销售额") and in_months(row, wanted):
            goals[row["entity"]].append(float(row["target"]))
    out = {
        name: _line(now.get(name), math.fsum(goals[name]) if name in goals else None, before.get(name))
        for name in sorted({*now, *before, *goals})
    }
    both = [v for v in out.values() if v["amount"] is not None and v["target"] is not None]
    total = _line(
        math.fsum(now.values()), math.fsum(v["target"] or 0.0 for v in both) if both else None,
        math.fsum(before.values()),
    )  # fmt: skip
    compared = math.fsum(v["amount"] or 0.0 for v in both) if both else None
    total |= {"gap": minus(compared, total["target"]), "rate": ratio(compared, total["target"])}
    return out | {"合计": total}


def _line(amount: float | None, target: float | None, last_year: float | None) -> dict[str, float | None]:
    return {
        "amount": amount, "target": target, "last_year": last_year, "gap": minus(amount, target),
        "rate": ratio(amount, target), "growth": ratio(minus(amount, last_year), last_year),
    }  # fmt: skip
