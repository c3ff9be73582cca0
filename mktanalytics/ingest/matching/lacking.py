"""What a block lacks, said as whoever filled it in needs it: returns and plans are called so before any column is missed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mktanalytics.ingest.matching.evidence import only_planned, planned_word
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.wording import Both
from mktanalytics.schema import Column, Table

_RETURNED = re.compile(r"退货|退款|销退|退回|\b(returns?|returned|refunds?|refunded)\b", re.IGNORECASE)
_SHOWN = 4  # headers that a sentence names


def named(table: Table) -> Both:
    """A table by both its names; in English by the one that the settings want."""
    return Both(f"{table.zh} {table.name}", table.name)


def column_named(column: Column) -> Both:
    """A column by both its names; in English by the one that the settings want."""
    return Both(f"{column.zh}({column.name})", column.name)


def lacking(u: Understood, match: Match) -> Trouble:
    """Why a block that is nearly a table is none: its figures are returns or plans, or columns are missing."""
    figures = [
        h.written.replace("_", " ")
        for h, p, r in zip(u.headings, u.profiles, match.roles, strict=True)
        if p.numeric and r.kind not in ("column", "blank")
    ]
    returned = [t for t in figures if _RETURNED.search(t)]
    if returned and match.table.name == "sales":
        return Trouble("returns_only", {"headers": listed(returned)})
    if word := only_planned(match, (*u.context.texts, *(t for t in figures if planned_word(t)))):
        return Trouble("foreign", {"near": named(match.table), "word": word})
    near, unknown = named(match.table), listed(_unknown(u, match))
    if not any(r.kind in ("column", "period", "label") for r in match.roles):
        return Trouble("unknown_headers", {"near": near, "headers": unknown})
    return Trouble("missing_columns", {"near": near, "missing": missing_of(match), "unknown": unknown or "—"})


def without_labels(u: Understood, match: Match) -> Trouble:
    """Figures and a period, but nothing that says what a row is."""
    words = {"near": named(match.table), "unknown": listed(_unknown(u, match)) or "—"}
    return Trouble("no_labels", words)


def nothing_of_ours(u: Understood, match: Match) -> Trouble:
    """A block that is none of the tables: which headers are known, which not, and what comes nearest."""
    if not u.block.data:
        return Trouble("notes", {}, "ignored")
    known = [u.header_of(i) for i, r in enumerate(match.roles) if r.kind in ("column", "period", "label")]
    words = {
        "known": listed(known) or "—",
        "unknown": listed(_unknown(u, match)) or "—",
        "near": named(match.table),
        "missing": missing_of(match) or Both("说明每行是什么的列", "a column that says what a row is"),
    }
    return Trouble("no_table", words, "ignored")


def missing_of(match: Match) -> Both:
    """The columns a table misses; where one of several would do, all of them."""
    groups = [_choices(match.table, c) for c in match.missing]
    zh = "、".join("/".join(group) for group in groups)
    return Both(zh, ", ".join(" or ".join(c.en for c in group) for group in groups))


def _choices(table: Table, name: str) -> list[Both]:
    group = next((g for g in table.one_of if name in g and name not in table.required), (name,))
    return [column_named(table.column(c)) for c in group]


def _unknown(u: Understood, match: Match) -> list[str]:
    return [
        h.written for h, r in zip(u.headings, match.roles, strict=True) if r.kind == "extra" and h.written
    ]


def listed(headers: Sequence[str]) -> Both:
    """The first few headers, for a sentence."""
    shown = list(dict.fromkeys(h[:20] for h in headers))
    more = " …" if len(shown) > _SHOWN else ""
    return Both("、".join(shown[:_SHOWN]) + more, ", ".join(shown[:_SHOWN]) + more)
