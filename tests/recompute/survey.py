"""Satisfaction and NPS from the truth (Wilson 1927, Kish 1965, Newcombe 1998 method 10)."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cache
from statistics import NormalDist

from recompute.rows import truth

SCALE = {"非常满意": 5, "比较满意": 4, "一般": 3, "不太满意": 2, "非常不满意": 1}  # 说不清 is no answer
Z = NormalDist().inv_cdf(0.975)
HIDDEN_BELOW = 30  # n_eff
Wave = dict[str, float | None]


@cache
def _answers(kind: str) -> list[tuple[str, str, str, float, float]]:
    """Question, month, region, score, weight of every valid answer."""
    out = []
    for row in truth("survey"):
        weight = float(row["sample_weight"] or 1)  # a wave without weights counts everybody once
        if kind == "t2b" and row["answer"] in SCALE:
            out.append(
                (row["question"], row["month"][:7], row["region"], float(SCALE[row["answer"]]), weight)
            )
        elif kind == "nps" and row["score"]:
            out.append((row["question"], row["month"][:7], row["region"], float(row["score"]), weight))
    return out


def waves(kind: str, month: str, region: str = "") -> dict[tuple[str, str], Wave]:
    """Question and wave -> level, interval, shares, n and n_eff, for the waves up to the month."""
    groups: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for question, wave, where, score, weight in _answers(kind):
        if wave <= month and region in ("", where):
            groups[question, wave].append((score, weight))
    summary = t2b if kind == "t2b" else nps
    return {key: summary(groups[key]) for key in sorted(groups)}


def _part(pairs: list[tuple[float, float]], low: float, high: float) -> float:
    return math.fsum(w for s, w in pairs if low <= s <= high) / math.fsum(w for _, w in pairs)


def _bases(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    weights = [w for _, w in pairs]
    return float(len(weights)), math.fsum(weights) ** 2 / math.fsum(w * w for w in weights)


def t2b(pairs: list[tuple[float, float]]) -> Wave:
    """The two best of five, with Wilson's interval."""
    n, n_eff = _bases(pairs)
    top, middle, bottom = _part(pairs, 4, 5), _part(pairs, 3, 3), _part(pairs, 1, 2)
    low, high = wilson(top, n_eff)
    out: Wave = {"level": top, "lower": low, "upper": high, "middle": middle, "bottom": bottom}
    return _hidden(out, n_eff) | {"n": n, "n_eff": n_eff}


def nps(pairs: list[tuple[float, float]]) -> Wave:
    """9–10 less 0–6, in points."""
    n, n_eff = _bases(pairs)
    up, middle, down = _part(pairs, 9, 10), _part(pairs, 7, 8), _part(pairs, 0, 6)
    half = Z * math.sqrt((up + down - (up - down) ** 2) / n_eff)
    out: Wave = {
        "level": 100 * (up - down),
        "lower": 100 * (up - down - half),
        "upper": 100 * (up - down + half),
    }
    out |= {"promoters": up, "passives": middle, "detractors": down}
    return _hidden(out, n_eff) | {"n": n, "n_eff": n_eff}


def _hidden(wave: Wave, n_eff: float) -> Wave:
    return wave if n_eff >= HIDDEN_BELOW else dict.fromkeys(wave)


def wilson(share: float, n: float) -> tuple[float, float]:
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return middle - half, middle + half


def overall(kind: str, month: str, region: str = "") -> list[tuple[str, Wave]]:
    """The waves of the question about the whole (总体), or of the only one."""
    found = waves(kind, month, region)
    questions = {q for q, _ in found}
    chosen = [q for q in questions if "总体" in q] or sorted(questions)[:1]
    return [(wave, values) for (q, wave), values in found.items() if q in chosen]
