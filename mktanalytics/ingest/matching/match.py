"""Which table a block is: each heading read as a column, a period, a label or a total, for every table in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mktanalytics.ingest.matching.across.labels import label_roles
from mktanalytics.ingest.matching.across.levels import EACH
from mktanalytics.ingest.matching.across.names import announced_by
from mktanalytics.ingest.matching.across.periods import period_roles
from mktanalytics.ingest.matching.across.totals import corner_roles, total_roles
from mktanalytics.ingest.matching.advertising import by_traffic
from mktanalytics.ingest.matching.claimed import OF_PERIOD, column_roles, nearest_column, unnumbered
from mktanalytics.ingest.matching.evidence import by_row, by_words, spoken_against
from mktanalytics.ingest.matching.reading import Candidate, Context, Match, Profile, Role
from mktanalytics.ingest.matching.said import fits
from mktanalytics.ingest.matching.when import PARTS
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.shop_figures import is_shop_figure
from mktanalytics.ingest.sheets.vocabulary import Vocabulary, is_derived, is_serial
from mktanalytics.numbers import key
from mktanalytics.schema import Table
from mktanalytics.tables import all_tables

CLOSE = 0.06  # two tables nearer than this are told, not guessed
WORD_BONUS = 0.2
_WITH_MEASURES = ("sales", "market", "competitor_prices")  # of these a title has to name what the cells hold
_PLANS = ("budget", "targets")
_PLANNED = {"amount", "target"}  # what a plan says of a whole year, in the report of one of its months
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
    announced = announced_by(context.texts)
    candidates = (Candidate(t, headings, profiles, words, announced) for t in tables.values())
    matches = [_match(c, context, own_brands, spoken) for c in candidates]
    matches = by_traffic(by_row(by_words(matches, context.texts)), headings, profiles, context.texts, words)
    return sorted(matches, key=lambda m: _rank(m, context.texts))


def _rank(match: Match, texts: Sequence[str]) -> tuple[bool, bool, bool, float, str]:
    lacking = bool(match.missing) and not match.lacks_only_time
    return (lacking, match.unsaid, bool(spoken_against(match, texts)), -match.score, match.table.name)


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
    rivals = [m for m in close if not spoken_against(m, texts)]
    return (best, max(rivals, key=lambda m: m.score)) if rivals else None


def _match(
    block: Candidate, context: Context, own_brands: Sequence[str], spoken: Mapping[str, tuple[str, ...]]
) -> Match:
    match = _read(block, context, own_brands, spoken)
    if block.table.name not in _PLANS or context.length not in PARTS or not (set(match.missing) & _PLANNED):
        return match
    year = _read(block, replace(context, length="year"), own_brands, spoken)
    return match if year.missing else replace(year, roles=_of_year(block, year), of_year=True)


def _of_year(block: Candidate, match: Match) -> tuple[Role, ...]:
    """The roles, without the figures that may be of the month: 实际 beside 年度预算 in the report of October."""
    own = OF_PERIOD["year"]
    return tuple(
        Role("extra", also=r.column)
        if r.kind == "column" and block.table.column(r.column).is_number and not own.match(h.label)
        else r
        for h, r in zip(block.headings, match.roles, strict=True)
    )


def _read(
    block: Candidate, context: Context, own_brands: Sequence[str], spoken: Mapping[str, tuple[str, ...]]
) -> Match:
    found = spoken[block.table.name]
    roles = column_roles(
        block.table, block.headings, block.profiles, block.words, OF_PERIOD.get(context.length)
    )
    roles = period_roles(block, roles)
    roles, over = label_roles(block, roles, bool(found), own_brands)
    roles = corner_roles(block, roles, over)
    roles = total_roles(block, roles, over)
    missing = _missing(block.table, roles, over, context)
    return Match(
        block.table,
        tuple(roles),
        _score(block.headings, roles, found, missing),
        missing,
        over,
        words=found,
        unsaid=not found and not _speaks(block, roles, over),
        foreign=(*_foreign_headers(block, roles), *_foreign_words(block.table, roles, context, spoken)),
        nearest=_nearest(block, roles),
    )


def _nearest(block: Candidate, roles: Sequence[Role]) -> dict[int, str]:
    """For each header nothing claims, the column it resembles and that no other header has."""
    mapped = {r.column for r in roles}
    return {
        i: near
        for i, (heading, role) in enumerate(zip(block.headings, roles, strict=True))
        if role.kind == "extra" and heading.levels and not role.also and not is_derived(heading.label)
        if not is_shop_figure(heading.label)
        if key(heading.label) not in block.words and not heading.cumulative
        if (near := nearest_column(block.table, heading.label, block.words)) and near not in mapped
    }


def _speaks(block: Candidate, roles: Sequence[Role], over: str) -> bool:
    """Whether the headers say by themselves that the block is of this table."""
    if over:  # labels across are only read with evidence; names known by themselves say nothing of plans or spending
        known = any(w.over == over and w.named for w in block.table.wide)
        return not known or block.table.name in _WITH_MEASURES
    if block.table.marks:
        return _is_marked(block, roles)
    return any(_known_to_it_alone(block, h) for h, r in _claimed(block, roles) if r.kind != "label")


def _is_marked(block: Candidate, roles: Sequence[Role]) -> bool:
    """Whether a column that marks the table is there, a measure by a word of the table's, or a header with one.

    日期, 类型 and 金额 alone may be of any account.
    """
    table = block.table
    if {r.column for r in roles} & set(table.marks):
        return True
    if any(r.specific and r.column in table.additive for r in roles):
        return True
    words = (*table.words, *table.marks)
    return any(w in h.written.casefold() for h, _ in _claimed(block, roles) for w in words)


def _known_to_it_alone(block: Candidate, heading: Heading) -> bool:
    label = heading.label
    for text in (label, *heading.levels, unnumbered(label), EACH.sub("", label)):
        claims = block.words.get(key(text), ())
        if claims and {c.table for c in claims} == {block.table.name}:
            return True
    return False


def _claimed(block: Candidate, roles: Sequence[Role]) -> Iterator[tuple[Heading, Role]]:
    """The headings that the table reads, with their roles."""
    for heading, role in zip(block.headings, roles, strict=True):
        if role.kind in ("column", "period", "label"):
            yield heading, role


def _words(words: Sequence[str], context: Context) -> tuple[str, ...]:
    return tuple(w for w in words if any(w.casefold() in t for t in context.heard))


def _foreign_words(
    table: Table, roles: Sequence[Role], context: Context, spoken: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """What the words around the block speak for, if not for this table."""
    if spoken[table.name]:
        return ()
    others = [w for name, found in spoken.items() if name != table.name for w in found]
    foreign = tuple(dict.fromkeys([*_words(table.foreign, context), *others]))
    if any(r.specific for r in roles):  # its own words in the header outweigh them
        # but 实付金额 and 付款日期 are of expenses too
        return tuple(w for w in foreign if table.name == PLAIN and w in spoken["spend"])
    return foreign


def _foreign_headers(block: Candidate, roles: Sequence[Role]) -> tuple[str, ...]:
    """Headers of figures that belong to another kind of sheet: 期初库存 and 本期进货 beside 销售数量."""
    figures = (
        h.written
        for h, p, r in zip(block.headings, block.profiles, roles, strict=True)
        if p.numeric and r.kind == "extra"
    )
    return tuple(t for t in figures if any(w in t.casefold() for w in block.table.foreign_headers))


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
        if r.kind not in ("blank", "total")
        and not is_serial(h.leaf)  # 序号 is of any table
        and not (r.kind == "extra" and (is_derived(h.written) or is_shop_figure(h.written)))
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
