"""Kinds of sheets that are none of the tables, though some of their columns look like one: the words that tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Of = Literal["sold", "else", "any"]


@dataclass(frozen=True)
class OtherKind:
    """A kind of sheet by what is said around it, and by headers that only it has.

    It speaks against tables of what was `sold` (sales, market), which never name another object; against the others
    (`else`), whose expenses and targets may be of freight or rebates, while sales have telephones and due dates beside
    them; or against `any`. On a sheet that is `apart`, no figure is of a sale that took place; on another, sales may
    stand beside its own figures.
    """

    zh: str
    en: str
    around: re.Pattern[str]
    heads: re.Pattern[str] | None
    against: Of
    apart: bool


def _kind(
    zh: str, en: str, around: str, heads: str = "", *, against: Of = "sold", apart: bool = True
) -> OtherKind:
    marks = re.compile(heads, re.IGNORECASE) if heads else None
    return OtherKind(zh, en, re.compile(around, re.IGNORECASE), marks, against, apart)


OTHER_KINDS: tuple[OtherKind, ...] = (
    _kind("返利", "rebates", r"返利|返点|返现|\brebates?\b", r"返利|返点|返现|应返|\brebates?\b"),
    _kind(
        "薪酬", "pay", r"工资|薪[资酬水]|社保|公积金|\b(payroll|salar(y|ies)|wages?)\b",
        r"底薪|基本工资|绩效工资|[应实]发(?!货|数量)|(个人)?所得税|个税|代扣|社保|公积金|\b(salary|(gross|net) pay|income tax|withh\w+|social security)\b", against="any",
    ),
    _kind("提成与奖金", "commissions", r"提成|奖金|\b(commissions?|bonus(es)?)\b", r"提成|奖金|\b(commission|bonus)\b"),
    _kind(
        "出勤与人事", "attendance and staff",
        r"考勤|出勤(?!率)|打卡|排班|签到|请假|休假|加班(?=[记统登申表时]|$)|花名册|招聘|面试|简历|入职|离职|\b(attendance|timesheets?|recruit\w*|interviews?|headcounts?|leave records?)\b",
        r"[出缺]勤|迟到|早退|旷工|请假|[事病年]假|加班|上班|下班|入职日期|身份证|\b(attendance|absen\w+|overtime|days worked|clock[- ](in|out)|hire date)\b", against="any",
    ),
    _kind(
        "采购", "purchases", r"采购|进货|入库|到货|\b(purchas(e|es|ing)|procurement|goods receipts?)\b",
        r"采购(单|数量|金额|价|员)|进货|入库|到货(日期|数量)|实收数量|\b(purchase (price|order|qty|quantity)|po (no|number|date)|qty received|received qty)\b",
    ),
    _kind("报价", "quotations", r"报价|询价|\b(quotations?|quotes?)\b", r"报价|有效期至|\b(quoted|quotation|valid until)\b"),
    _kind(
        "商机与预测", "prospects and forecasts", r"商机|线索|预测|\b(pipeline|leads?|opportunit(y|ies)|forecasts?)\b",
        r"商机|线索|赢单|成交概率|预计(成交|签约|下单)|\b(probability|opportunity|expected close|expected revenue|close date|lead source)\b",
    ),
    _kind(
        "招投标", "tenders", r"[招投]标|中标|开标|\b(tenders?|bids?|bidding)\b", r"[招投]标(?!准)|中标|开标|标的|\b(bid|tender)\b",
    ),
    _kind(
        "合同", "contracts", r"(合同|协议)(书|台账|清单|明细|登记|一览|汇总|执行|管理|统计|签订)*表?\s*\d*$|\b(contracts?|agreements?)\b",
        r"(合同|协议)(编?号|号码|总?金额|总?额|期限|名称|日期|状态)|签[订约署](日期|时间|金额)|\b(contract|agreement) (no|number|value|amount|date|id)\b",
    ),
    _kind(
        "样品与赠品", "samples and gifts", r"样品|赠品|试用装|领用|\b(free samples?|samples? (issued|given|requests?|register|log|list|distribution)|giveaways?|free goods)\b", r"样品|领用|\bsamples?\b",
    ),
    _kind(
        "生产", "production", r"生产(?!企业|商|厂)|产量|车间|\b(production|manufacturing)\b",
        r"车间|班组|工序|良品|不良|产量|报废|\b(scrap|yield|workshop|work order)\b",
    ),
    _kind("调拨", "transfers", r"调拨|移库|\b(stock )?transfers?\b", r"调[入出拨](仓|数量|日期|单)|\btransfer\b"),
    _kind(
        "资产", "assets", r"固定资产|资产(盘点|清单|台账|登记|明细)|折旧|\b(fixed assets?|asset (list|register)|depreciation)\b",
        r"折旧|原值|净[值残]|残值|使用年限|资产(编号|名称)|存放|购置|\b(depreciation|net book|book value|useful life|asset (no|id|tag))\b", against="any",
    ),
    _kind(
        "借款与押金", "loans and deposits", r"借款|贷款|还款|押金|保证金|\b(loans?|repayments?)\b",
        r"借款|还款|未还|已还|本金|(?<![毛净红])利[率息]|\b(loans?|principal|repaid|repayments?|interest (rate|paid|due))\b", against="any",
    ),
    _kind(
        "储值与积分", "prepaid cards and points", r"储值|充值|积分|\b(top-?ups?|loyalty points|prepaid)\b",
        r"储值|充值|赠送金额|积分余额|卡内余额|\b(top-?up|points balance|card balance)\b",
    ),
    _kind(
        "收付流水", "money in and out", r"银行流水|银行对账|资金(流水|日报)|收支|支付宝账单|微信账单|账户明细|\b(bank statement|cash ?(book|flow))\b",
        r"对方(户名|账号|账户|单位)|账户余额|^收[/／]支$|^支出|支出(金额|（|\()|借方|贷方|\b(withdrawals?|deposits?|running balance|expend(itures?)?|grants?)\b",
    ),
    _kind(
        "拜访", "visits", r"拜访|巡店|走访|\b(visits?|call reports?)\b", r"拜访|签到|打卡|\b(visit|check-?in)\b",
    ),
    _kind(
        "投诉与维修", "complaints and repairs", r"投诉|维修|保修|\b(complaints?|repairs?|warranty)\b", r"故障|维修|投诉|保修|\b(complaint|repair|warranty)\b",
    ),
    _kind(
        "库存", "stock", r"库存(?!商品)|盘点|进销存|在库|\b(inventory|stock (on hand|report|count|take|level)s?|on hand)\b",
        r"库存|盘[点盈亏]|账面数|在库|可用量|在途|库龄|周转|\b(stock(?! (code|id|no|number|item))|on hand|soh|inventory)\b", apart=False,
    ),
    _kind(
        "应收与回款", "receivables and collections", r"应收|回款|账龄|欠款|催收|对账|往来|\b(receivables?|ag(e)?ing|collections?|statement of account|overdue)\b",
        r"应收|账龄|逾期|欠款|未收|未回|回款|已收|[余尾]款|\d+天(以[内上])?|\b(overdue|outstanding|receivable|collected|balance due|amount paid|days past due)\b",
    ),
    _kind(
        "物流", "freight", r"物流|运费|承运|快递|运输|\b(freight|logistics|shipping costs?|carriers?)\b",
        r"运费|承运|运单|车牌|司机|提货|\b(freight|carrier|waybill|tracking)\b", apart=False,
    ),
    _kind(
        "应收应付", "receivables and payables", r"应收|应付|预付|账龄|\b(receivables?|payables?|ag(e)?ing)\b",
        r"应收|应付|未[收付]|账龄|逾期|到期|信用[期额]|\b(outstanding|overdue|days past due|due date|aging|credit limit)\b", against="else",
    ),
    _kind(
        "名册", "lists of people", r"通讯录|联系人|名[单册]|\b(contacts?( list)?|address book|directory|roster)\b",
        r"手机|联系(人|电话|方式)|邮箱|身份证|学历|入职|籍贯|出生|工龄|\b(phone|mobile|e-?mail|address|date of birth|hire date)\b", against="else",
    ),
    _kind(
        "培训与考试", "trainings and exams", r"培训(记录|台账|档案|计划|安排)|成绩|考试|测验|试卷|\b(exams?|quiz(zes)?|test (scores?|results?))\b",
        r"笔试|面试|理论|实操|补考|[是合]否合格|及格|\b(written test|pass(ed)?/fail(ed)?)\b", against="else",
    ),
    _kind(
        "预订", "bookings", r"会议室|预[订约]|派车|用车|\b(bookings?|reservations?)\b",
        r"会议室|预[订约]人|开始时间|结束时间|车牌|\b(room|booked by|start time|end time|plate)\b", against="else",
    ),
    _kind("盘点", "stocktaking", r"盘点|库存|\binventory\b", against="else"),
    _kind(
        "财务报表", "financial statements",
        r"资产负债|利润表|损益表|现金流|\b(balance sheet|cash ?flow|income statement|profit and loss|p&l)\b", against="else",
    ),
)  # fmt: skip
