"""Whether a block is a table of ours: the best reading, or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mktanalytics.ingest.knowledge import Knowledge, rule_for
from mktanalytics.ingest.matching.evidence import (
    any_account,
    bought,
    no_expense,
    spoken_against,
    tiers,
    two_sides,
)
from mktanalytics.ingest.matching.fiscal import fiscal_words
from mktanalytics.ingest.matching.lacking import (
    column_named,
    lacking,
    listed,
    named,
    nothing_of_ours,
    without_labels,
)
from mktanalytics.ingest.matching.match import too_close
from mktanalytics.ingest.matching.measured import measured, timed
from mktanalytics.ingest.matching.otherwise import mostly_unknown, other_kind
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.sheets.header import Heading
from mktanalytics.ingest.sheets.shop_figures import is_of_order


def settled(u: Understood, matches: Sequence[Match], known: Knowledge) -> Understood:
    """The best reading, or why there is none."""
    best = matches[0]
    if sides := two_sides(u.headings, u.profiles):
        spend = next((m for m in matches if m.table.name == "spend"), best)
        return replace(u, trouble=Trouble("double_entry", {"headers": sides}), matches=(spend, *matches))
    if not _plausible(best) or set(best.missing) & set(best.table.required):
        return _without_table(u, matches)
    if best.missing and not best.lacks_only_time:
        return _without_table(u, matches)
    if (wanted := next((m for m in matches if _called_for(m, best)), None)) is not None:
        return replace(u, trouble=lacking(u, wanted), matches=(wanted, *matches))
    if (place := _unread(u.headings, best)) is not None:
        column = best.table.column(best.roles[place].near)
        words = {"header": u.header_of(place), "near": column_named(column)}
        return replace(u, trouble=Trouble("nearly_named", words, cell=u.cell(u.block.header[-1], place)))
    if close := too_close(matches, u.context.texts):
        first, second = close
        scores = f"{first.score:.2f} / {second.score:.2f}"
        return replace(
            u,
            trouble=Trouble(
                "ambiguous", {"first": named(first.table), "second": named(second.table), "scores": scores}
            ),
        )
    rule = rule_for(known.settings, u.file, u.sheet)
    named_by_rule = bool(rule and rule.table)
    if not named_by_rule and (against := _against(u, best)) is not None:
        return replace(u, trouble=against)
    if best.of_year:
        u = replace(u, when=u.when.of_year)
    return _in_calendar_years(timed(measured(u, best, known), best), known)


def _against(u: Understood, best: Match) -> Trouble | None:
    """What keeps a block from being the table that its columns look like, unless a person named it."""
    near = named(best.table)
    if best.unsaid:
        return Trouble("unsaid", {"near": near})
    if headers := tiers(best):
        return Trouble("target_tiers", {"headers": headers})
    texts = u.context.texts
    said = (
        spoken_against(best, texts), no_expense(best, texts), bought(best, u.headings), any_account(best, u.headings)
    )  # fmt: skip
    if word := next(filter(None, said), ""):
        return Trouble("foreign", {"near": near, "word": word})
    if other := other_kind(u, best) or mostly_unknown(u, best):
        return other
    return Trouble("foreign", {"near": near, "word": listed(best.foreign[:3])}) if best.foreign else None


def _in_calendar_years(u: Understood, known: Knowledge) -> Understood:
    """Periods of a fiscal year that is not the calendar's are held: which of its two years names it, nobody says."""
    start = known.settings.fiscal_year_start
    said = fiscal_words(u) if start != 1 and u.trouble is None else ""
    return replace(u, trouble=Trouble("fiscal_period", {"said": said, "start": start})) if said else u


def _without_table(u: Understood, matches: Sequence[Match]) -> Understood:
    """Why no table is to be had: a column is missing, no header is known, or it is none of ours."""
    best = matches[0]
    if not _plausible(best) and _figures_without_labels(u, best):
        return replace(u, trouble=without_labels(u, best))
    if best.missing and (_figures_of_ours(u, best) or (_plausible(best) and _nearly(best))):
        return replace(u, trouble=lacking(u, best))
    spoken = max(matches, key=lambda m: len("".join(m.words)))
    if _figures_of_ours(u, spoken):
        return replace(u, trouble=lacking(u, spoken), matches=(spoken, *matches))
    return replace(u, trouble=nothing_of_ours(u, spoken if spoken.words else best))


def _unread(headings: Sequence[Heading], match: Match) -> int | None:
    """A header that nearly names a column without which the figures would be incomplete or mean something else."""
    table = match.table
    figures = {w.value for w in table.wide} | {
        c for g in table.one_of for c in g if table.column(c).is_number
    }
    needed = {*table.required, *table.additive, *figures, "unit", "currency"}
    needed |= {c.name for c in table.columns if c.allowed and c.name in table.grain and c.name != "period"}
    proved = bool({"units", "price"} <= set(match.mapped)) or "amount" in match.mapped
    return next(
        (
            i
            for i, (heading, role) in enumerate(zip(headings, match.roles, strict=True))
            if role.near in needed
            if not (
                role.near == "amount" and proved and is_of_order(heading.written)
            )  # of its lines all is known
        ),
        None,
    )


def _called_for(match: Match, best: Match) -> bool:
    """A table that the title calls, and whose missing columns some header nearly names (品牌名秤): not to be read as another."""
    near = {r.near for r in match.roles}
    lacks = bool(match.missing) and set(match.missing) <= near
    return lacks and bool(match.words) and len("".join(match.words)) >= len("".join(best.words))


def _plausible(match: Match) -> bool:
    """At least one column that says what the row is, and two columns in all (a wide header counts as one)."""
    columns = [r for r in match.roles if r.kind == "column"]
    names = [
        r
        for r in columns
        if not match.table.column(r.column).is_number and match.table.column(r.column).kind != "text"
    ]
    return bool(names) and len(columns) + match.wide >= 2


def _figures_without_labels(u: Understood, match: Match) -> bool:
    """Whether the block has a measure and a period of ours, but nothing that says what its rows are."""
    columns = [match.table.column(r.column) for r in match.roles if r.kind == "column"]
    stated = any(c.additive for c in columns) and u.context.has_period
    return not match.missing and (stated or (match.wide and bool(match.words)))


def _figures_of_ours(u: Understood, match: Match) -> bool:
    """Whether the title speaks of the table and of a period, over columns of figures."""
    columns = [p for p in u.profiles if p.numeric and p.numbers >= 2]
    return bool(match.words) and u.context.has_period and bool(columns)


def _nearly(match: Match) -> bool:
    """Whether a block has a measure and is mostly understood, so that its lack is worth mending."""
    columns = [r for r in match.roles if r.kind == "column"]
    figures = match.wide or any(match.table.column(r.column).is_number for r in columns)
    told = [r for r in match.roles if r.kind != "blank"]
    return figures and bool(match.words) and (len(columns) * 2 >= len(told) or match.wide)
