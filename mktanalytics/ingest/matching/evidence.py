"""Words around a block in the place of columns that would mark its table: 费用明细 with nothing but date, department and amount."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mktanalytics.ingest.matching.reading import Match, Profile
    from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.numbers import normalise

_SPENT = re.compile(
    r"(费用|支出|报销|开支|花费|消耗)(明细|清单|流水|台账|登记|记录|列支|统计|发生|汇总)?|\b(expenses?|expenditures?|spend(ing)?)\b",
    re.IGNORECASE,
)
_SURELY = re.compile(  # months across may be a plan that only says 费用
    r"(费用|支出|报销|开支)(明细|清单|流水|台账|登记|记录|列支|统计|发生|汇总)|(实际|发生)(的?费用|支出|开支|投放)|花费|消耗|\b(expenses|expenditures?|spend)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"申请|计划|标准|定额|额度|限额|预测|预提|预算|测算|方案|报价|合同|应付|\b(request|plan|planned|forecast|standard|limit|quota|budget|quote|accounts payable)\b",
    re.IGNORECASE,
)


_PLANNED = re.compile(
    r"目标|计划|任务|预测|预估|预算|\b(targets?|plans?|planned|forecasts?|quotas?|budgets?)\b", re.IGNORECASE
)
_DONE = re.compile(
    r"完成|达成|实际|实绩|执行|进度|跟踪|对比|明细|订单|\bvs\b|\b(actuals?|achieve\w*|execution|progress|orders?|lines)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"采购订单|合同(?:清单|台账|明细|登记|一览)|\b(purchase orders?|POs?|contracts?)\b", re.IGNORECASE
)
_CAMPAIGNS = re.compile(r"计划(报表|报告|数据|层级|维度|粒度|级)")  # of an advertising platform: no plan
_DEBIT, _CREDIT = re.compile(r"借方|debit\b", re.IGNORECASE), re.compile(r"贷方|credit\b", re.IGNORECASE)
OF_WHAT_WAS = ("sales", "spend", "market", "actuals")


def planned_word(text: str) -> str:
    """The word by which a text speaks of a plan; "" if it speaks of none."""
    found = _PLANNED.search(text)
    return found[0] if found else ""


_A_TARGET = re.compile(
    r"(目标|任务|计划|预算|指标|\btargets?|\bplan|\bbudget|\bquota)\s*([值数额量]|value)?\s*$", re.IGNORECASE
)


_SCORED = re.compile(r"得分|评分|实绩|完成|达成|排名|\b(scores?|achieve\w*|results?)\b", re.IGNORECASE)


def no_target(match: Match, texts: Sequence[str]) -> str:
    """The word by which what is read as targets is something else; "" where nothing speaks against it.

    A header across that names no target, beside one that does (日销售 beside 月目标); departments across under a title that
    speaks of scores, or of no target.
    """
    if match.table.name != "targets":
        return ""
    labels = [r.label for r in match.roles if r.kind == "label" and r.column in ("", "target")]
    if match.over == "kpi":
        others = [x for x in labels if not _A_TARGET.search(x)]
        return others[0] if others and len(others) < len(labels) else ""
    if match.over != "entity" or any(r.column == "target" for r in match.roles):
        return ""
    scored = next((m[0] for t in texts if (m := _SCORED.search(t))), "")
    return scored or ("" if any(map(planned_word, texts)) else labels[0])


_TIER = re.compile(
    r"(?:保底|底线|基础|基本|基准|达标|力争|争取|冲刺|挑战|奋斗|卓越|理想|[一二三][档级])(?:目标|任务|指标)(?:值|数|额)?"
    r"|(?:base|threshold|minimum|stretch|challenge|target|maximum|commit(?:ted)?)(?: target| goal)?",
    re.IGNORECASE,
)


def tiers(match: Match) -> str:
    """Headers across that are tiers of one target and no KPIs: 保底目标 beside 挑战目标; "" where they are not."""
    labels = [r.label for r in match.roles if r.kind == "label"] if match.over == "kpi" else []
    return "、".join(labels) if labels and all(_TIER.fullmatch(normalise(x).strip()) for x in labels) else ""


def only_planned(match: Match, texts: Sequence[str]) -> str:
    """The word around a block that makes its figures plans, where the reading takes them for what was; else ""."""
    said = [t.replace("_", " ") for t in texts]
    if match.reported:
        said = [_CAMPAIGNS.sub(" ", t) for t in said]
    ordered = next((m[0] for t in said if (m := _ORDERED.search(t))), "")
    if ordered and match.table.name == "spend" and "status" not in match.mapped:
        return ordered  # ordered, and perhaps not yet spent: only a status tells
    found = next((w for t in said if (w := planned_word(t))), "")
    numbered = {"order_id", "voucher"} & set(match.mapped)
    if match.table.name not in OF_WHAT_WAS or numbered or any(_DONE.search(t) for t in said):
        return ""
    return found


def spoken_against(match: Match, texts: Sequence[str]) -> str:
    """The word by which the figures of a reading are plans where it takes them for what was, or no targets; else ""."""
    return only_planned(match, texts) or no_target(match, texts)


_NO_EXPENSE = re.compile(
    r"(?:营业|销售|业务)?收入|营收|营业额|销售额|业绩|回款|收款|利润|毛利|盈亏|损益|销售?量|产[量能]|人员(?:编制|配置|数)|编制人数|定[员编]|人数|现金流|资金"
    r"|\b(?:revenues?|income|turnover|profit|margin|sales volume|units|headcount|FTEs?|cash ?flow)\b",
    re.IGNORECASE,
)
_EXPENSE = re.compile(
    r"费|支出|开支|成本|经费|投放|推广|营销|\b(?:expen\w+|costs?|spend\w*|opex|marketing|promotion\w*|advertising|media)\b",
    re.IGNORECASE,
)


def no_expense(match: Match, texts: Sequence[str]) -> str:
    """What a budget is of, where it is of no expense: 收入 of 销售收入预算, 人员编制, Revenue budget; else ""."""
    said = [normalise(t).replace("_", " ") for t in texts]
    if match.table.name != "budget" or any(map(_EXPENSE.search, said)):
        return ""
    return next((m[0] for t in said if (m := _NO_EXPENSE.search(t))), "")


_PO = re.compile(r"\bPO\b|purchase order|采购", re.IGNORECASE)
_SELLER = re.compile(r"供应商|供货[商方]|\b(vendor|supplier)\b", re.IGNORECASE)


def bought(match: Match, headings: Sequence[Heading]) -> str:
    """The header that says from whom was bought what a list of PO numbers would have as sold; else ""."""
    place = match.mapped.get("order_id") if match.table.name == "sales" else None
    if place is None or not _PO.search(headings[place].written):
        return ""
    return next((h.written for h in headings if _SELLER.search(h.written)), "")


_GENERAL_LEDGER = re.compile(r"\bG/?L\b|general ledger|总账", re.IGNORECASE)


def any_account(match: Match, headings: Sequence[Heading]) -> str:
    """The header by which lines are of any account, a bank's too, where neither a word nor a cost centre speaks of expenses."""
    place = match.mapped.get("category") if match.table.name == "spend" and not match.words else None
    if place is None or "department" in match.mapped or not _GENERAL_LEDGER.search(headings[place].written):
        return ""
    return headings[place].written


def two_sides(headings: Sequence[Heading], profiles: Sequence[Profile]) -> str:
    """The headers of a debit and a credit column that both hold figures; "" where no two such columns are."""
    figures = [h for h, p in zip(headings, profiles, strict=True) if p.numbers]
    pair = [
        next((h.written for h in figures if side.match(h.written) or side.match(h.leaf)), "")
        for side in (_DEBIT, _CREDIT)
    ]
    return "、".join(pair) if all(pair) else ""


def by_row(matches: Sequence[Match]) -> list[Match]:
    """The readings, that as survey whole where only respondents are missing and each row says when it was filled in."""
    return [
        replace(m, missing=()) if m.missing == ("respondent",) and m.over == "question" and _stamped(m) else m
        for m in matches
    ]


def _stamped(match: Match) -> bool:
    place = match.mapped.get("date")
    return place is not None and match.roles[place].specific


def by_words(matches: Sequence[Match], texts: Sequence[str]) -> list[Match]:
    """The readings, that as spend whole where only voucher, supplier and status are missing and the words say spent."""
    said = [t.replace("_", " ") for t in texts]
    yet = not_yet(texts)
    spent, surely = (not yet and any(words.search(t) for t in said) for words in (_SPENT, _SURELY))
    return [
        replace(m, missing=(), score=round(m.score + 0.1, 4))
        if m.table.name == "spend" and m.missing == ("voucher",) and (surely if _by_month(m) else spent)
        else m
        for m in matches
    ]


def not_yet(texts: Sequence[str]) -> bool:
    """Whether the words around a block speak of money that is asked for, planned, limited or owed, and not gone."""
    return any(_NOT_YET.search(t.replace("_", " ")) for t in texts)


def _by_month(match: Match) -> bool:
    return any(r.kind == "period" for r in match.roles)
