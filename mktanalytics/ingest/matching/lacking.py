"""What a block lacks, said as whoever filled it in needs it: returns and plans are called so before any column is missed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mktanalytics.ingest.matching.evidence import only_planned, planned_word
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.schema import Table

_RETURNED = re.compile(r"退货|退款|销退|退回|\b(returns?|returned|refunds?|refunded)\b", re.IGNORECASE)
_SHOWN = 4  # headers that a sentence names


def named(table: Table) -> str:
    """A table by both its names."""
    return f"{table.zh} {table.name}"


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
        "missing": missing_of(match) or "说明每行是什么的列 (what a row is)",
    }
    return Trouble("no_table", words, "ignored")


def missing_of(match: Match) -> str:
    """The columns a table misses; where one of several would do, all of them."""
    return "、".join(_choices(match.table, c) for c in match.missing)


def _choices(table: Table, name: str) -> str:
    group = next((g for g in table.one_of if name in g and name not in table.required), (name,))
    return "/".join(f"{table.column(c).zh}({c})" for c in group)


def _unknown(u: Understood, match: Match) -> list[str]:
    return [
        h.written for h, r in zip(u.headings, match.roles, strict=True) if r.kind == "extra" and h.written
    ]


def listed(headers: Sequence[str]) -> str:
    """The first few headers, for a sentence."""
    shown = list(dict.fromkeys(h[:20] for h in headers))
    return "、".join(shown[:_SHOWN]) + (" …" if len(shown) > _SHOWN else "")
