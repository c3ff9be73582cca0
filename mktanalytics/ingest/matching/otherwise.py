"""What else a sheet may be than the table its columns look like: what title, sheet or file call it, and headers no table has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mktanalytics.ingest.matching.lacking import listed, named
from mktanalytics.ingest.matching.reading import Context, Match, Role
from mktanalytics.ingest.matching.said import without_departments
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.sheets.other_kinds import OTHER_KINDS, OtherKind
from mktanalytics.ingest.sheets.shop_figures import is_shop_figure
from mktanalytics.ingest.sheets.vocabulary import is_derived, is_note, is_pair, is_serial
from mktanalytics.ingest.wording import Both
from mktanalytics.numbers import simplified
from mktanalytics.schema import Table

_Found = tuple[OtherKind, str]  # a kind, and the word that tells it
_Ends = list[tuple[int, OtherKind | None, str]]  # where words end; without a kind, those of the table

SOLD = ("sales", "market")  # what plain columns (日期 客户 金额) are soon taken for
_COMPANY = re.compile(r"[^\s,，;；:：_]*(公司|集团|商行|经营部)")
_ENDING = re.compile(r"\.\w{2,5}$")
_LEFT_OUT = re.compile(r"不[含包]|除外|剔除|扣除|excl", re.IGNORECASE)
_MANY_UNKNOWN = 2  # unknown columns of figures for each that is known
_FEWEST_HEADERS = 2  # of one kind, beside expenses and targets
_BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_AFTER = re.compile(r"\s(?:of|for|on|by|in|from|to|with|per|at|during)\s", re.IGNORECASE)
_OWED = re.compile(  # of an expense it may well be said until when it is to be paid, and what is not yet
    r"应付|未付|已付|到期|\b(?:outstanding|due date|payable)\b", re.IGNORECASE
)
_AGED = re.compile(r"应收|账龄|逾期|信用|\b(?:overdue|days past due|aging|credit limit)\b", re.IGNORECASE)


def other_kind(u: Understood, match: Match) -> Trouble | None:
    """Why a block with the columns of a table is none: it is a sheet of rebates, stock, payroll, debts, contracts, …"""
    found = (_beside_sales if match.table.name in SOLD else _beside_others)(u, match)
    if found is None:
        return None
    kind, word = found
    words = {"near": named(match.table), "because": _because(u, match), "word": word}
    return Trouble("other_kind", {**words, "kind": kind.zh, "kind_en": kind.en})


def mostly_unknown(u: Understood, match: Match) -> Trouble | None:
    """Why a block is no sales: nothing names it, and most of its figures nobody knows."""
    if match.table.name != "sales" or _called_so(u, match) or _numbered(match):
        return None
    unknown = _unknown_figures(u, match)
    if len(unknown) <= _MANY_UNKNOWN * len(_figures(match)):
        return None
    words = {"near": named(match.table), "because": _because(u, match), "headers": listed(unknown)}
    return Trouble("mostly_unknown", words)


def _beside_sales(u: Understood, match: Match) -> _Found | None:
    """What is sold is sold, and never is another object: one word of it, or one header where nothing says sales."""
    kinds = _kinds("sold")
    near = _nearest(u.context, match.table, kinds)
    called = bool(_own_words(match.table, near))
    by_name = any(r.specific for r in _figures(match))
    if (said := next(_said(near, kinds), None)) and (said[0].apart or not (called and by_name)):
        return said
    if called or _numbered(match):
        return None
    heads = ((k, h) for k in kinds for h in _headers(u, match, k)[:1])
    return next(((k, h) for k, h in heads if k.apart or not by_name), None)


def _beside_others(u: Understood, match: Match) -> _Found | None:
    """Money may be spent on anything, and targets set: the last word of a name tells, or two headers of one kind."""
    kinds = _kinds("else")
    near = _nearest(u.context, match.table, kinds)
    last = [x for x in (_last(t, match.table, kinds) for t in near) if x]
    if said := [(kind, word) for kind, word in last if kind is not None]:
        return said[0] if len(said) == len(last) else None
    if match.over == "question":  # beside the answers a form keeps telephones and addresses
        return None
    found = ((k, _marks(u, match, k)) for k in kinds)
    return next(((k, "、".join(h[:20] for h in m[:3])) for k, m in found if len(m) >= _FEWEST_HEADERS), None)


def _kinds(against: str) -> list[OtherKind]:
    return [k for k in OTHER_KINDS if k.against in (against, "any")]


def _nearest(context: Context, table: Table, kinds: Sequence[OtherKind]) -> list[str]:
    """The texts of the nearest place that names an object at all: the titles, else the sheet, else the file."""
    file = context.file.rpartition("/")[2]
    for place in (context.titles, (context.sheet,), (file,)):
        texts = [_plain(t) for t in place if not (is_note(t) or is_pair(t) or _LEFT_OUT.search(t))]
        if any(_said(texts, kinds)) or _own_words(table, texts):
            return texts
    return []


def _plain(text: str) -> str:
    """A text without what belongs to a company or a department: what 某某物流有限公司 sells is no freight."""
    return _ENDING.sub("", _COMPANY.sub("", without_departments(simplified(text)).replace("_", " ")))


def _said(texts: Sequence[str], kinds: Sequence[OtherKind]) -> Iterator[_Found]:
    return ((kind, m[0]) for kind in kinds for t in texts if (m := kind.around.search(t)))


def _last(text: str, table: Table, kinds: Sequence[OtherKind]) -> tuple[OtherKind | None, str] | None:
    """The last thing a text names: 员工借款 of 费用与员工借款, 预算 of 工资预算 (no other kind); None where it names nothing."""
    for part in (_AFTER.split(_BRACKETS.sub(" ", text))[0], _BRACKETS.sub(" ", text), text):
        said: _Ends = [(m.end(), kind, m[0]) for kind in kinds for m in kind.around.finditer(part)]
        own: _Ends = [
            (part.casefold().rfind(w.casefold()) + len(w), None, w) for w in _own_words(table, [part])
        ]
        if own or said:
            return max([*own, *said], key=lambda x: x[0])[1:]
    return None


def _own_words(table: Table, texts: Sequence[str]) -> list[str]:
    return [w for w in table.words for t in texts if w.casefold() in t.casefold()]


def _called_so(u: Understood, match: Match) -> bool:
    """Whether the nearest place that names an object names the table."""
    return bool(_own_words(match.table, _nearest(u.context, match.table, _kinds("sold"))))


def _numbered(match: Match) -> bool:
    """Whether the rows are orders, by their numbers and figures or goods of their own."""
    by_name = any(r.specific for r in _figures(match))
    of_goods = "units" in match.mapped and bool({"product", "product_code"} & set(match.mapped))
    return "order_id" in match.mapped and (by_name or of_goods)


def _figures(match: Match) -> list[Role]:
    return [r for r in match.roles if r.column in match.table.additive or r.kind in ("period", "label")]


def _headers(u: Understood, match: Match, kind: OtherKind) -> list[str]:
    """The headers of a kind that the table doesn't know."""
    beside = (
        h.written
        for h, r in zip(u.headings, match.roles, strict=True)
        if r.kind == "extra" and not (r.also and match.table.name in SOLD)
    )
    return [h for h in dict.fromkeys(beside) if kind.heads and kind.heads.search(simplified(h))]


def _marks(u: Understood, match: Match, kind: OtherKind) -> list[str]:
    """Headers of a kind beside expenses or targets, without those an expense may have that is to be paid."""
    found = _headers(u, match, kind)
    owed = match.table.name == "spend" and not any(map(_AGED.search, found))
    return [h for h in found if not (owed and _OWED.search(h))]


def _unknown_figures(u: Understood, match: Match) -> list[str]:
    return [
        h.written
        for h, p, r in zip(u.headings, u.profiles, match.roles, strict=True)
        if r.kind == "extra"
        and not r.also
        and p.numeric
        and not (is_derived(h.written) or is_serial(h.written) or is_shop_figure(h.label))
    ]


def _because(u: Understood, match: Match) -> Both:
    return listed(
        [u.header_of(i) for i, r in enumerate(match.roles) if r.kind in ("column", "period", "label")]
    )
