"""Which table a block is: each heading read as a column, a period, a label or a total, for every table in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mktanalytics.ingest.matching.across import EACH, corner_roles, label_roles, period_roles, total_roles
from mktanalytics.ingest.matching.claimed import OF_PERIOD, column_roles, nearest_column, unnumbered
from mktanalytics.ingest.matching.evidence import by_row, by_words, only_planned
from mktanalytics.ingest.matching.reading import Context, Match, Profile, Role
from mktanalytics.ingest.matching.said import fits
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.vocabulary import (
    Vocabulary,
    is_derived,
)
from mktanalytics.numbers import key
from mktanalytics.schema import Table
from mktanalytics.tables import all_tables

CLOSE = 0.06  # two tables nearer than this are told, not guessed
WORD_BONUS = 0.2
PLAIN = "sales"  # the table that plain columns (日期 客户 金额) speak for


def match_block(
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    context: Context,
    tables: Mapping[str, Table],
    words: Vocabulary,
    own_brands: Sequence[str] = (),
) -> list[Match]:
    """Every table's reading of the block, best first; a table that lacks nothing comes before one that does."""
    spoken = {name: _words(t.words, context) for name, t in all_tables().items()}
    matches = [_match(t, headings, profiles, context, words, own_brands, spoken) for t in tables.values()]
    return sorted(by_row(by_words(matches, context.texts)), key=_rank)


def _rank(match: Match) -> tuple[bool, bool, float, str]:
    return (bool(match.missing) and not match.lacks_only_time, match.unsaid, -match.score, match.table.name)


def too_close(matches: Sequence[Match], texts: Sequence[str]) -> tuple[Match, Match] | None:
    """The best reading and another that is as good, where nothing decides between them.

    A table for which nothing speaks is a rival only where nothing speaks for the best either; one of what was is none
    where the `texts` around speak of plans.
    """
    best = matches[0]
    whole = [m for m in matches[1:] if not m.missing or m.lacks_only_time]
    if not best.wide:  # a questionnaire takes any header for a question: no rival to columns that are known
        whole = [m for m in whole if m.over != "question"]
    close = [m for m in whole if not (m.unsaid and best.words) and best.score - m.score < CLOSE]
    rivals = [m for m in close if not only_planned(m, texts)]
    return (best, max(rivals, key=lambda m: m.score)) if rivals else None


def _match(
    table: Table,
    headings: Sequence[Heading],
    profiles: Sequence[Profile],
    context: Context,
    words: Vocabulary,
    own_brands: Sequence[str],
    spoken: Mapping[str, tuple[str, ...]],
) -> Match:
    found = spoken[table.name]
    roles = column_roles(table, headings, profiles, words, OF_PERIOD.get(context.length))
    roles = period_roles(table, headings, roles, words)
    roles, over = label_roles(table, headings, profiles, roles, words, bool(found), own_brands)
    roles = corner_roles(table, headings, roles, words, over)
    roles = total_roles(table, headings, roles, words, over)
    missing = _missing(table, roles, over, context)
    score = _score(headings, roles, found, missing)
    foreign = _foreign(table, context, spoken)
    if any(
        r.specific for r in roles
    ):  # its own words in the header; 实付金额 and 付款日期 are of expenses too
        foreign = tuple(w for w in foreign if table.name == PLAIN and w in spoken["spend"])
    foreign = (*_foreign_headers(table, headings, profiles, roles), *foreign)
    unsaid = not found and table.name != PLAIN and not _speaks(table, headings, roles, words, over)
    nearest = {
        i: near
        for i, (heading, role) in enumerate(zip(headings, roles, strict=True))
        if role.kind == "extra" and heading.levels and not role.also and not is_derived(heading.label)
        if key(heading.label) not in words and not heading.cumulative
        if (near := nearest_column(table, heading.label, words)) and near not in {r.column for r in roles}
    }
    return Match(table, tuple(roles), score, missing, over, found, unsaid, foreign, nearest)


def _speaks(
    table: Table, headings: Sequence[Heading], roles: Sequence[Role], words: Vocabulary, over: str
) -> bool:
    """Whether a header that no other table knows is among those it claims."""
    if over:
        return True  # labels across are only read with evidence
    for heading, role in zip(headings, roles, strict=True):
        if role.kind not in ("column", "period"):
            continue
        for text in (
            heading.label,
            *heading.levels,
            unnumbered(heading.label),
            EACH.sub("", heading.label),
        ):
            claims = words.get(key(text), ())
            if claims and {c.table for c in claims} == {table.name}:
                return True
    return False


def _words(words: Sequence[str], context: Context) -> tuple[str, ...]:
    return tuple(w for w in words if any(w.casefold() in t for t in context.heard))


def _foreign(table: Table, context: Context, spoken: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the words around the block speak for, if not for this table."""
    if spoken[table.name]:
        return ()
    others = [w for name, found in spoken.items() if name != table.name for w in found]
    return tuple(dict.fromkeys([*_words(table.foreign, context), *others]))


def _foreign_headers(
    table: Table, headings: Sequence[Heading], profiles: Sequence[Profile], roles: Sequence[Role]
) -> tuple[str, ...]:
    """Headers of figures that belong to another kind of sheet: 期初库存 and 本期进货 beside 销售数量."""
    figures = (
        h.written
        for h, p, r in zip(headings, profiles, roles, strict=True)
        if p.numeric and r.kind == "extra"
    )
    return tuple(t for t in figures if any(w in t.casefold() for w in table.foreign_headers))


def _missing(table: Table, roles: Sequence[Role], over: str, context: Context) -> tuple[str, ...]:
    have = {r.column for r in roles if r.kind == "column"}
    if table.over_time and any(r.kind == "period" for r in roles):
        have |= {table.over_time.over} | _values(table, table.over_time.over, roles)
    if over:
        have |= {over} | _values(table, over, roles)
    if context.has_period:
        have.add("month")
    have |= {c for c in context.said.get(table.name, {}) if fits(c, have)}
    lacking = [c for c in table.required if c not in have]
    lacking += [
        group[0] if "month" not in group else "month" for group in table.one_of if not set(group) & have
    ]
    return tuple(dict.fromkeys(lacking))


def _values(table: Table, over: str, roles: Sequence[Role]) -> set[str]:
    named = {r.column for r in roles if r.kind in ("period", "label") and r.column}
    return named or {w.value for w in table.wide if w.over == over}


def _score(
    headings: Sequence[Heading],
    roles: Sequence[Role],
    found: Sequence[str],
    missing: Sequence[str],
) -> float:
    """0 to 1: how much of the header the table explains, with a bonus for its words around the block."""
    told = [
        r
        for h, r in zip(headings, roles, strict=True)
        if r.kind not in ("blank", "total") and not (r.kind == "extra" and is_derived(h.written))
    ]
    wide = [r for r in told if r.kind in ("period", "label")]
    narrow = [r for r in told if r.kind not in ("period", "label")]
    claimed = sum(r.score for r in narrow if r.kind == "column") + (1.0 if wide else 0.0)
    share = claimed / max(len(narrow) + bool(wide), 1)
    specific = any(r.specific for r in roles)
    score = 0.7 * share + _word_bonus(found) + (0.1 if specific else 0.0)
    return round(max(score - 0.1 * len(missing), 0.0), 4)


def _word_bonus(found: Sequence[str]) -> float:
    """One word speaks for a table, two speak louder."""
    return WORD_BONUS + 0.08 * min(len(found) - 1, 2) if found else 0.0
