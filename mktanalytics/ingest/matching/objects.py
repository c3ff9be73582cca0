"""What else a sheet may be about than our tables: payroll, attendance, loans, debts, assets, people, bookings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from mktanalytics.ingest.matching.reading import Context, Match
from mktanalytics.numbers import normalise

_OTHER = re.compile(
    r"工资|薪[资酬水]|考勤|打卡|排班|借款|贷款|还款|押金|保证金|应收|应付|预付|账龄|固定资产|资产(?:清单|台账|盘点)|折旧|签到|培训(?:记录|台账|档案|计划|安排)|通讯录|联系人|花名册|名[单册]|成绩|考试|测验|试卷"
    r"|会议室|预[订约]|派车|用车|招聘|面试|简历|入职|离职|社保|公积金|请假|休假|盘点|库存|资产负债|利润表|损益表|现金流"
    r"|\b(?:payroll|salar(?:y|ies)|wages?|attendance|timesheets?|loans?|repayments?|receivables?|payables?|ag(?:e)?ing|fixed assets?|asset (?:list|register)|depreciation|contacts?(?: list)?|address book|directory|roster"
    r"|exams?|quiz(?:zes)?|test (?:scores?|results?)|bookings?|reservations?|recruit\w*|interviews?|headcounts?|leave records?|inventory|balance sheet|cash ?flow|income statement|profit and loss|p&l)\b",
    re.IGNORECASE,
)
_MARKS = tuple(  # two headers of one kind beside the columns that are known
    re.compile(words, re.IGNORECASE)
    for words in (
        r"应发|实发|(?:个人)?所得税|个税|代扣|扣款|社保|公积金|\b(?:gross|net) pay\b|income tax|withh\w+|social security",
        r"应?出勤|缺勤|迟到|早退|旷工|[请事病年]假|打卡|上班|下班|加班|\b(?:absen\w+|late|overtime|leave|clock[- ](?:in|out)|days worked)\b",
        r"借款|还款|未还|已还|本金|利[率息]|\b(?:loan|principal|interest|repaid|repayments?)\b",
        r"应收|应付|未[收付]|账龄|逾期|到期|信用[期额]|\b(?:outstanding|overdue|days past due|due date|aging|credit limit)\b",
        r"原值|净[值残]|折旧|使用年限|资产(?:编号|名称)|存放|\b(?:book value|depreciation|useful life|asset (?:no|id|tag))\b",
        r"手机|联系(?:人|电话|方式)|邮箱|身份证|学历|入职|籍贯|出生|工龄|\b(?:phone|mobile|e-?mail|address|date of birth|hire date)\b",
        r"会议室|预[订约]人|开始时间|结束时间|车牌|\b(?:room|booked by|start time|end time|plate)\b",
        r"笔试|面试|理论|实操|补考|[是合]否合格|及格|\b(?:written test|pass(?:ed)?/fail(?:ed)?)\b",
    )
)  # fmt: skip
_FEWEST_MARKS = 2
_OWED = re.compile(  # of an expense it may well be said until when it is to be paid, and what is not yet
    r"应付|未付|已付|到期|\b(?:outstanding|due date|payable)\b", re.IGNORECASE
)
_AGED = re.compile(r"应收|账龄|逾期|信用|\b(?:overdue|days past due|aging|credit limit)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_PAIR = re.compile(r"^[^\s:：]{1,12}\s*[:：]")
_AFTER = re.compile(r"\s(?:of|for|on|by|in|from|to|with|per|at|during)\s", re.IGNORECASE)
_NO_EXPENSE = re.compile(
    r"(?:营业|销售|业务)?收入|营收|营业额|销售额|业绩|回款|收款|利润|毛利|盈亏|损益|销售?量|产[量能]|人员(?:编制|配置|数)|编制人数|定[员编]|人数|现金流|资金"
    r"|\b(?:revenues?|income|turnover|profit|margin|sales volume|units|headcount|FTEs?|cash ?flow)\b",
    re.IGNORECASE,
)
_EXPENSE = re.compile(
    r"费|支出|开支|成本|经费|投放|推广|营销|\b(?:expen\w+|costs?|spend\w*|opex|marketing|promotion\w*|advertising|media)\b",
    re.IGNORECASE,
)


def another_object(match: Match, context: Context, headers: Sequence[str]) -> str:
    """The word by which title, sheet, file or headers speak of something that is none of our tables; "" if none does.

    Of title, sheet and file the nearest that names anything decides. `headers` are those that no column has.
    """
    own = [w.casefold() for w in match.table.words]
    said = (
        [t for t in context.titles if not _PAIR.match(normalise(t))],
        [context.sheet],
        [_stem(context.file)],
    )
    named = next((n for texts in said if (n := _named(texts, own))), [])
    if named and all(named):
        return named[0]
    if match.table.name == "budget" and (word := _no_expense(context.texts)):
        return word
    asked = match.over == "question"  # beside the answers a form keeps telephones and addresses
    owed = match.table.name == "spend" and not any(_AGED.search(h) for h in headers)
    marks = [h for h in headers if not (owed and _OWED.search(h))]
    return "" if asked else next((m for pattern in _MARKS if (m := _marked(pattern, marks))), "")


def _stem(file: str) -> str:
    return file.rpartition("/")[2].rpartition(".")[0]


def _named(texts: Iterable[str], own: Sequence[str]) -> list[str]:
    """For each text that names anything: the other object it is about, or "" where it is about ours."""
    heads = (_head(t, own) for t in texts)
    return [h for h in heads if h is not None]


def _head(text: str, own: Sequence[str]) -> str | None:
    """The last thing a text names: 员工借款 of 费用与员工借款 (not ours), 预算 of 工资预算 ("" as it is ours); None for nothing."""
    plain = normalise(text).replace("_", " ").casefold()
    parts = (_AFTER.split(_BRACKETS.sub(" ", plain))[0], _BRACKETS.sub(" ", plain), plain)
    for part in parts:
        ours = max((part.rfind(w) + len(w) for w in own if w in part), default=-1)
        others = list(_OTHER.finditer(part))
        if others and others[-1].end() > ours:
            return others[-1][0]
        if ours >= 0:
            return ""
    return None


def _no_expense(texts: Sequence[str]) -> str:
    """What a budget is of, where it is of no expense: 收入 of 销售收入预算, 人员编制, Revenue budget."""
    said = [normalise(t).replace("_", " ") for t in texts]
    if any(_EXPENSE.search(t) for t in said):
        return ""
    return next((m[0] for t in said if (m := _NO_EXPENSE.search(t))), "")


def _marked(pattern: re.Pattern[str], headers: Sequence[str]) -> str:
    """The headers of one kind of sheet, where several are there."""
    found = list(dict.fromkeys(h for h in headers if pattern.search(h)))
    return "、".join(h[:20] for h in found[:3]) if len(found) >= _FEWEST_MARKS else ""
