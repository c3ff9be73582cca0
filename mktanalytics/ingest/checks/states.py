"""What became of a row: an order that was cancelled, an expense or a budget that nobody approved."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np

from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import Records, alike
from mktanalytics.schema import EXTRA

_STATES = re.compile(
    r"状态|结果|\b(status|outcome|response type)\b", re.IGNORECASE
)  # headers that say what became of a row
_NO_SALE = re.compile(
    r"(交易|订单|系统|买家|用户|已)*(取消|关闭|作废|无效|撤销)|(交易|订单|已)*(全额)?退款(成功|完成)?|(待|未|等待)(买家)?(付款|支付)|草稿|暂存|[待未]审核?|[待未]提交|(已)?驳回"
    r"|(order )?(cancel\w*|void\w*|(partially[ _-])?refunded|unpaid|expired|authorized|pending|(pending|awaiting) (payment|approval)|draft|rejected)",
    re.IGNORECASE,
)
_NOT_APPROVED = re.compile(
    r"(审批|审核|流程|申请)?(被|已|待|未)*(取消|撤销|撤回|作废|关闭|无效|驳回|拒绝|退回|否决|终止)|不(同意|通过|批准)|[待未](审[批核]?|批准?|通过|提交)|(审[批核]|流转|处理|进行)中|草稿|暂存"
    r"|(pending|awaiting)( approval| review)?|(in|under) (approval|review|process)|rejected|declined|withdrawn|not approved|cancel\w*|void\w*|draft",
    re.IGNORECASE,
)


_INVALID = re.compile(
    r"(无效|作废|已删除|测试|预览)(答卷|问卷|样本|数据)?|survey (preview|test)|spam|test( response)?|invalid|screened out|disqualified|quota full",
    re.IGNORECASE,
)


def no_sale(block: Taken, records: Records) -> Mask:
    """Orders that were cancelled, refunded or never paid, with figures above zero."""
    return _on_all_lines(records, _said(block, records, ("sales",), _NO_SALE)) & above_zero(records)


def _on_all_lines(records: Records, said: Mask) -> Mask:
    """Also the lines of these orders that say no state of their own: some exports say it on the first line only."""
    if not said.any() or "order_id" not in records:
        return said
    stated = beside_those(records, lambda b: any(_STATES.search(k) and v.strip() for k, v in b.items()))
    orders = alike(records, ["order_id"])
    return said | (~stated & ~records.missing("order_id") & np.isin(orders, orders[said]))


def not_approved(block: Taken, records: Records) -> Mask:
    """Expenses and budgets that were refused, withdrawn, or are still being decided upon."""
    return _said(block, records, ("spend", "budget"), _NOT_APPROVED)


def invalid_interview(block: Taken, records: Records) -> Mask:
    """Questionnaires that were only tried out, or called invalid: Survey Preview, 无效答卷."""
    return _said(block, records, ("survey",), _INVALID)


def _said(block: Taken, records: Records, tables: tuple[str, ...], states: re.Pattern[str]) -> Mask:
    if block.table is None or block.table.name not in tables:
        return np.zeros(len(records), dtype=bool)
    return beside_those(
        records, lambda b: any(_STATES.search(k) and states.fullmatch(v.strip()) for k, v in b.items())
    )


def beside_those(records: Records, suspicious: Callable[[dict[str, str]], bool]) -> Mask:
    """Which records keep something suspicious beside their columns."""
    return records.texts(EXTRA).those(lambda text: bool(text) and suspicious(json.loads(text)))


def above_zero(records: Records) -> Mask:
    """Which records have a figure above zero."""
    positive = np.zeros(len(records), dtype=bool)
    for figure in ("units", "amount"):
        positive |= records.figures(figure) > 0 if figure in records else False
    return positive
