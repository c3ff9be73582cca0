"""What speaks against sales: another business object that title or headers name, or figures most of which nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mktanalytics.ingest.matching.lacking import listed, named
from mktanalytics.ingest.matching.reading import Context, Match
from mktanalytics.ingest.matching.said import without_departments
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.sheets.other_kinds import OTHER_KINDS, OtherKind
from mktanalytics.ingest.sheets.shop_figures import is_shop_figure
from mktanalytics.ingest.sheets.vocabulary import is_derived, is_note, is_pair, is_serial
from mktanalytics.ingest.wording import Both
from mktanalytics.numbers import simplified
from mktanalytics.schema import Table

_OF_SALES = ("sales", "market")  # what plain columns (日期 客户 金额) are soon taken for
_COMPANY = re.compile(r"[^\s,，;；:：_]*(公司|集团|商行|经营部)")
_LEFT_OUT = re.compile(r"不[含包]|除外|剔除|扣除|excl", re.IGNORECASE)
_RATE = re.compile(r"率|比例|%|\brate\b", re.IGNORECASE)
_MANY_UNKNOWN = 2  # unknown columns of figures for each that is known


def other_kind(u: Understood, match: Match) -> Trouble | None:
    """Why a block with columns of sales is none: it is a sheet of rebates, stock, receivables, contracts, …"""
    if match.table.name not in _OF_SALES:
        return None
    near = _nearest(u.context, match.table)
    ours = bool(_own_words(match.table, near))
    figures = [r for r in match.roles if r.column in match.table.additive or r.kind in ("period", "label")]
    by_name = any(r.specific for r in figures)
    heads = dict(_heads(u, match))
    if (said := _said(near)) and (said[0].apart or not (ours and by_name)):
        return _trouble(u, match, *said)
    of_goods = "units" in match.mapped and bool({"product", "product_code"} & set(match.mapped))
    numbered = "order_id" in match.mapped and (by_name or of_goods)
    for kind, header in heads.items():
        if not ours and not numbered and (kind.apart or not by_name):
            return _trouble(u, match, kind, header)
    unknown = _unknown_figures(u, match)
    if (
        match.table.name == "sales"
        and not ours
        and not numbered
        and len(unknown) > _MANY_UNKNOWN * len(figures)
    ):
        words = {"near": named(match.table), "because": _because(u, match), "headers": listed(unknown)}
        return Trouble("mostly_unknown", words)
    return None


def _nearest(context: Context, table: Table) -> list[str]:
    """The texts of the nearest place that names an object at all: the titles, else the sheet, else the file."""
    for place in (context.titles, (context.sheet,), (context.file,)):
        texts = [_plain(t) for t in place if not (is_note(t) or is_pair(t) or _LEFT_OUT.search(t))]
        if _said(texts) or _own_words(table, texts):
            return texts
    return []


def _plain(text: str) -> str:
    """A text without what belongs to a company or a department: what 某某物流有限公司 sells is no freight."""
    return re.sub(
        r"\.\w{2,5}$", "", _COMPANY.sub("", without_departments(simplified(text)).replace("_", " "))
    )


def _said(texts: Sequence[str]) -> tuple[OtherKind, str] | None:
    found = ((kind, m[0]) for kind in OTHER_KINDS for t in texts if (m := kind.around.search(t)))
    return next(found, None)


def _own_words(table: Table, texts: Sequence[str]) -> list[str]:
    return [w for w in table.words for t in texts if w.casefold() in t.casefold()]


def _heads(u: Understood, match: Match) -> Iterator[tuple[OtherKind, str]]:
    """The other kinds that headers name which the table doesn't know."""
    for kind in OTHER_KINDS:
        for heading, role in zip(u.headings, match.roles, strict=True):
            if role.kind == "extra" and not role.also and kind.heads.search(simplified(heading.written)):
                yield kind, heading.written
                break


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


def _trouble(u: Understood, match: Match, kind: OtherKind, word: str) -> Trouble:
    words = {
        "near": named(match.table),
        "because": _because(u, match),
        "word": word,
        "kind": kind.zh,
        "kind_en": kind.en,
    }
    return Trouble("other_kind", words)
