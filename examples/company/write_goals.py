"""Targets and assessed values, as the personnel desk keeps them."""

from __future__ import annotations

from decimal import Decimal

from company.book import Book, Cell, Sheet
from company.goals import OUTLETS, PEOPLE, Goal, assessed, attitude, goals, goals_2025, new_outlets
from company.names import COMPANY
from company.truth import times

LEVEL = {"部门": "department", "区域": "region", "个人": "person"}
DIRECTION = {"正向": "higher", "逆向": "lower", "区间": "band"}
SCALE: dict[str, tuple[str, str]] = {"万元": ("CNY", "10000"), "%": ("fraction", "0.01")}


def books() -> list[Book]:
    return [_targets_2025(), _targets_2026(), _outlets(), _attitude()]


def _means(sheet: Sheet, row: int, goal: Goal, first: int, **more: object) -> None:
    """A target a month, from column `first` on."""
    unit, scale = SCALE.get(goal.kpi.unit, (goal.kpi.unit, "1"))
    for i, (month, value) in enumerate(goal.months):
        tidy = {
            "month": month, "period": "month", "entity_level": LEVEL[goal.level], "entity": goal.entity,
            "kpi": goal.kpi.name, "target": times(value, scale), "unit": unit,
            "direction": DIRECTION[goal.kpi.direction], "score_rule": "proportional",
        }  # fmt: skip
        sheet.means(row, tidy | more, column=first + i)


def _targets_2025() -> Book:
    """Sales targets only, all in 万元, a year's total at the end."""
    book = Book("2025年销售目标分解.xlsx")
    sheet = book.sheet("目标", "targets")
    sheet.row(1, [f"{COMPANY}2025年销售目标分解表"])
    sheet.row(2, ["单位：万元"])
    sheet.row(4, ["层级", "考核对象", "指标", *[f"{m}月" for m in range(1, 13)], "全年合计"])
    for row, goal in enumerate(goals_2025(), 5):
        values = [v for _, v in goal.months]
        sheet.row(row, [goal.level, goal.entity, goal.kpi.name, *values, sum(values)])
        _means(sheet, row, goal, 4)
    return book


def _targets_2026() -> Book:
    """A sheet a level, each laid out a little differently."""
    book = Book("2026年KPI目标责任书.xlsx")
    notes = book.sheet("填表说明")
    for i, text in enumerate(
        ("填表说明", "权重合计须为100%。", "区间型指标在上下限之内为达标；逆向指标越低越好。"), 1
    ):
        notes.row(i, [text])
    everybody = list(goals())
    _departments(book.sheet("部门", "targets"), [g for g in everybody if g.level == "部门"])
    _plain(book.sheet("区域", "targets"), [g for g in everybody if g.level == "区域"], limits=True)
    _plain(book.sheet("个人", "targets"), [g for g in everybody if g.level == "个人"], limits=False)
    return book


def _limits(goal: Goal) -> tuple[list[Cell], dict[str, object]]:
    if not goal.kpi.lower:
        return [None, None], {}
    tidy = {"lower_limit": times(goal.kpi.lower, "0.01"), "upper_limit": times(goal.kpi.upper, "0.01")}
    return [Decimal(goal.kpi.lower), Decimal(goal.kpi.upper)], dict(tidy)


def _marking(goal: Goal) -> tuple[list[Cell], dict[str, object]]:
    """How a department's KPI is scored where it isn't by proportion: bands in words, or 满意值 and 不允许值."""
    kpi = goal.kpi
    tidy: dict[str, object] = {"standard": kpi.standard} if kpi.standard else {}
    ends = {"satisfactory": kpi.satisfactory, "unacceptable": kpi.unacceptable}
    tidy |= {name: times(value) for name, value in ends.items() if value}
    return [kpi.standard or None, *(Decimal(v) if v else None for v in ends.values())], tidy


def _departments(sheet: Sheet, taken: list[Goal]) -> None:
    """Two header rows, merged names, weights as text."""
    sheet.merge(1, 1, 1, 24, "2026年部门KPI目标责任书")
    for column, head in enumerate(
        (
            "层级",
            "考核对象",
            "指标",
            "单位",
            "权重",
            "方向",
            "下限",
            "上限",
            "封顶分",
            "评分标准",
            "满意值",
            "不允许值",
        ),
        1,
    ):
        sheet.merge(2, column, 3, column, head)
    sheet.merge(2, 13, 2, 24, "2026年月度目标")
    sheet.row(3, [f"{m}月" for m in range(1, 13)], 13)
    tops: dict[str, int] = {}
    for row, goal in enumerate(taken, 4):
        tops.setdefault(goal.entity, row)
        limits, tidy = _limits(goal)
        marks, more = _marking(goal)
        sheet.row(row, [goal.level, None, goal.kpi.name, goal.kpi.unit, f"{goal.weight}%", goal.kpi.direction, *limits,
                        120, *marks, *(v for _, v in goal.months)])  # fmt: skip
        _means(sheet, row, goal, 13, weight=times(goal.weight, "0.01"), cap=120.0, **tidy, **more)
    for entity, top in tops.items():
        sheet.merge(top, 2, top + sum(g.entity == entity for g in taken) - 1, 2, entity)


def _plain(sheet: Sheet, taken: list[Goal], *, limits: bool) -> None:
    """One header row of 1月目标 …; weights as fractions; people also have a floor."""
    level = taken[0].level
    sheet.row(1, [f"2026年{level}KPI目标"])
    more = ["方向", "下限", "上限"] if limits else ["保底完成率"]
    sheet.row(
        3,
        ["层级", "考核对象", "指标", "单位", "权重", *more, "封顶分", *[f"{m}月目标" for m in range(1, 13)]],
    )
    for row, goal in enumerate(taken, 4):
        bounds, tidy = _limits(goal)
        cells: list[Cell] = [goal.kpi.direction, *bounds] if limits else ["60%"]
        weight = Decimal(goal.weight) / 100
        sheet.row(
            row,
            [
                level,
                goal.entity,
                goal.kpi.name,
                goal.kpi.unit,
                weight,
                *cells,
                120,
                *(v for _, v in goal.months),
            ],
        )
        tidy |= {} if limits else {"floor": times("60", "0.01")}
        _means(sheet, row, goal, 7 + len(more), weight=times(goal.weight, "0.01"), cap=120.0, **tidy)


def _outlets() -> Book:
    """1月实际 … 10月实际 across; the rest of the year not yet there."""
    book = Book("2026年新增网点实绩.xlsx")
    sheet = book.sheet("实绩", "actuals")
    sheet.row(1, ["2026年新增网点实绩统计（考核用）"])
    sheet.row(2, ["层级", "考核对象", "指标", "单位", *[f"{m.month}月实际" for m in assessed()]])
    everybody = [p for p, _ in PEOPLE]
    who = [("个人", p, [p]) for p in everybody] + [("部门", "销售部", everybody)]
    for row, (level, entity, people) in enumerate(who, 3):
        values = [sum(new_outlets()[p, m] for p in people) for m in assessed()]
        sheet.row(row, [level, entity, OUTLETS.name, OUTLETS.unit, *values])
        for i, (month, value) in enumerate(zip(assessed(), values, strict=True)):
            tidy = {
                "month": month, "period": "month", "entity_level": LEVEL[level], "entity": entity,
                "kpi": OUTLETS.name, "actual": float(value), "unit": OUTLETS.unit,
            }  # fmt: skip
            sheet.means(row, tidy, column=5 + i)
    return book


def _attitude() -> Book:
    """A long list by month, marks by the person in charge."""
    book = Book("2026年工作态度考核评分.xlsx")
    sheet = book.sheet("评分", "actuals")
    sheet.row(1, ["月份", "层级", "考核对象", "指标", "实际值", "单位", "评分人", "备注"])
    for row, ((entity, month), mark) in enumerate(attitude().items(), 2):
        level = "部门" if entity.endswith("部") else "个人"
        assessor = "沈国栋" if level == "部门" else "周敏"
        note = "主动支援邻区" if mark >= 98 else None
        sheet.row(row, [f"2026年{month.month}月", level, entity, "工作态度", mark, "分", assessor, note])
        sheet.means(row, {
            "month": month, "period": "month", "entity_level": LEVEL[level], "entity": entity, "kpi": "工作态度",
            "actual": float(mark), "unit": "分", "assessor": assessor, "note": note,
        })  # fmt: skip
    return book
