"""The customer survey, every April and October, as the survey site exports it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from company.book import Book, Cell, Sheet
from company.chance import Dice
from company.names import TERRITORIES, region_of
from company.truth import times

SCALE = ("非常满意", "比较满意", "一般", "不太满意", "非常不满意", "说不清")
ASKED = (
    ("您对岚溪饮品的产品总体是否满意？", "总体"),
    ("您对产品口味的满意程度？", "口味"),
    ("您对产品价格的满意程度？", "价格"),
)
RECOMMEND = "您向亲友推荐我们产品的可能性有多大？（0-10分）"
WHERE = "您通常在哪里购买我们的产品？（多选题）"
PLACES = {"大型超市": 0.5, "便利店": 0.62, "电商平台": 0.44, "社区小店": 0.35, "餐馆": 0.2}
AGES = {"18岁以下": 0.06, "18-25岁": 0.24, "26-35岁": 0.33, "36-45岁": 0.21, "46岁及以上": 0.16}
# part of very satisfied and satisfied, wave by wave; the price rise of 2026 shows
MOOD = {
    "总体": (0.745, 0.76, 0.765, 0.785),
    "口味": (0.80, 0.81, 0.82, 0.835),
    "价格": (0.70, 0.70, 0.64, 0.655),
}
WAVES = (
    (dt.date(2025, 4, 12), 396),
    (dt.date(2025, 10, 11), 408),
    (dt.date(2026, 4, 11), 402),
    (dt.date(2026, 10, 10), 421),
)


@dataclass(frozen=True)
class Answers:
    minutes: int
    day: dt.date
    taken: str
    via: str
    gender: str
    age: str
    region: str
    city: str
    scale: tuple[str, ...]
    recommend: int | None
    places: tuple[str, ...]
    weight: str


def books() -> list[Book]:
    return [_wave(i, start, n) for i, (start, n) in enumerate(WAVES)]


def _respondent(dice: Dice, wave: int, start: dt.date, number: int, n: int) -> Answers:
    territory = dice.weighted({t: t.market + 0.08 for t in TERRITORIES})
    passed = (number - 1) * 9 * 840 // n  # minutes since the start, over nine days of fourteen hours
    day = start + dt.timedelta(days=passed // 840)
    warmth = {"华北": -0.05, "华南": 0.03}.get(territory.name, 0.0) * (wave >= 2)
    warmth += dice.between(-0.16, 0.16)  # who likes one thing likes the others
    scale = tuple(_satisfaction(dice, MOOD[key][wave] + warmth) for _, key in ASKED)
    recommend = None if dice.chance(0.01) else _likelihood(dice, SCALE.index(scale[0]), wave)
    places = tuple(p for p, part in PLACES.items() if dice.chance(part)) or ("便利店",)
    return Answers(
        passed % 840, day, f"{dice.whole(48, 400)}秒", dice.weighted({"微信": 0.8, "手机提交": 0.15, "链接": 0.05}),
        dice.weighted({"男": 0.46, "女": 0.54}), dice.weighted(AGES), region_of(territory.name, day),
        dice.pick(territory.cities)[1], scale, recommend, places, f"{dice.between(0.7, 1.4):.2f}",
    )  # fmt: skip


def _satisfaction(dice: Dice, top: float) -> str:
    rest = 1 - top
    parts = (top * 0.4, top * 0.6, rest * 0.62, rest * 0.27, rest * 0.11)
    return SCALE[-1] if dice.chance(0.012) else dice.weighted(dict(zip(SCALE, parts, strict=False)))


def _likelihood(dice: Dice, mood: int, wave: int) -> int:
    """0-10, in step with the answer on satisfaction."""
    promoter = (0.74, 0.50, 0.15, 0.03, 0.0, 0.3)[mood] + 0.01 * wave
    passive = (0.20, 0.38, 0.45, 0.25, 0.1, 0.4)[mood]
    if dice.chance(promoter):
        return dice.whole(9, 10)
    return dice.whole(7, 8) if dice.chance(passive / (1 - promoter)) else dice.whole(0 if mood > 2 else 3, 6)


def _wave(wave: int, start: dt.date, n: int) -> Book:
    """The first two waves name the attributes plainly; the later ones number them and bring weights."""
    season = "上半年" if start.month == 4 else "下半年"
    stem = f"{start.year}年{season}顾客满意度问卷"
    book, dice = Book(f"{stem}.xlsx"), Dice(f"survey/{start}")
    sheet = book.sheet("Sheet1", "survey")
    numbered = wave >= 2
    asked = [*(q for q, _ in ASKED), RECOMMEND, WHERE]
    first = 5 if numbered else 1
    heads = ["性别", "年龄段", "区域", "城市"]
    sheet.row(1, [
        "序号", "提交答卷时间", "所用时间", "来源",
        *([f"{i}、{h}" for i, h in enumerate(heads, 1)] if numbered else heads),
        *[f"{i}、{q}" for i, q in enumerate(asked, first)], *(["权重"] if numbered else []),
    ])  # fmt: skip
    for number in range(1, n + 1):
        _write(sheet, stem, number, _respondent(dice, wave, start, number, n), first)
    return book


def _write(sheet: Sheet, stem: str, number: int, a: Answers, first: int) -> None:
    row, weighted = number + 1, first == 5
    clock = f"{a.day.year}/{a.day.month}/{a.day.day} {8 + a.minutes // 60}:{a.minutes % 60:02d}:{number * 7 % 60:02d}"
    answers: list[Cell] = [*a.scale, a.recommend, "┋".join(a.places)]
    tail: list[Cell] = [float(a.weight)] if weighted else []
    sheet.row(row, [number, clock, a.taken, a.via, a.gender, a.age, a.region, a.city, *answers, *tail])
    who = {
        "survey": stem, "respondent": str(number), "date": a.day, "month": a.day.replace(day=1), "region": a.region,
        "city": a.city, "gender": a.gender, "age": a.age, "sample_weight": times(a.weight) if weighted else None,
    }  # fmt: skip
    extra = {"所用时间": a.taken, "来源": a.via}
    for i, (question, _) in enumerate(ASKED):
        said = {"question_no": str(first + i), "question": question, "kind": "single", "answer": a.scale[i]}
        sheet.means(row, who | said, column=9 + i, extra=extra)
    if a.recommend is not None:
        said = {
            "question_no": str(first + 3),
            "question": RECOMMEND,
            "kind": "score",
            "answer": str(a.recommend),
        }
        sheet.means(row, who | said | {"score": float(a.recommend)}, column=12, extra=extra)
    for place in a.places:
        said = {"question_no": str(first + 4), "question": WHERE, "kind": "multiple", "answer": place}
        sheet.means(row, who | said, column=13, extra=extra)
