"""A sheet → its blocks as understood: the table each one is, or why it is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch

import numpy as np

from mktanalytics.ingest.blocks import Block, Shape, find_blocks, shape_of
from mktanalytics.ingest.cells import Sheet, Workbook
from mktanalytics.ingest.evidence import only_planned
from mktanalytics.ingest.grid import DATE, Grid, read_grid
from mktanalytics.ingest.header import Heading, read_headings
from mktanalytics.ingest.layout import Layout, turned
from mktanalytics.ingest.match import Context, Match, Profile, claims_of, match_block, too_close
from mktanalytics.ingest.page import page_titles
from mktanalytics.ingest.said import Said, said_around
from mktanalytics.ingest.understood import Trouble, Understood
from mktanalytics.ingest.unstack import find_measures, overlooked, unstacked
from mktanalytics.ingest.vocabulary import Vocabulary, facts, is_total_heading
from mktanalytics.ingest.when import head_periods, period_around
from mktanalytics.numbers import Unit, find_units, is_blank, key
from mktanalytics.periods import find_span
from mktanalytics.schema import Table
from mktanalytics.settings import FileRule, Settings
from mktanalytics.tables import all_tables


@dataclass(frozen=True)
class Knowledge:
    """What is known before a file is opened."""

    settings: Settings
    words: Vocabulary
    tables: Mapping[str, Table]


def understand_workbook(book: Workbook, known: Knowledge) -> list[Understood]:
    """Every block of every sheet, in order."""
    return [u for sheet in book.sheets for u in understand_sheet(book.file, sheet, known)]


def rule_for(settings: Settings, file: str, sheet: str) -> FileRule | None:
    """What a person has said about this sheet of this file."""
    name = file.rpartition("/")[2]
    return next(
        (r for r in settings.files
         if (fnmatch(name, r.file) or fnmatch(file, r.file)) and (not r.sheet or fnmatch(sheet, r.sheet))),
        None,
    )  # fmt: skip


def understand_sheet(file: str, sheet: Sheet, known: Knowledge) -> list[Understood]:
    """The blocks of one sheet."""
    grid = read_grid(sheet)
    rule = rule_for(known.settings, file, sheet.name)
    found = facts(grid, known.words)
    shape = shape_of(grid, found)
    blocks = find_blocks(grid, shape, rule.header_row if rule else 0)
    outside = _outside_titles(grid, blocks)
    outside = [(*o, *p) for o, p in zip(outside, page_titles(grid, blocks), strict=True)]
    titles = [_own_titles(grid, b) for b in blocks]
    result: list[Understood] = []
    for i, block in enumerate(blocks):
        beside = [t for j, o in enumerate(titles) if j != i for t in o]
        u = _understand(file, sheet, grid, shape, block, outside[i], beside, rule, known)
        result.append(_with_layouts(u, sheet, beside, rule, known))
    return result


def _with_layouts(
    u: Understood, sheet: Sheet, beside: Sequence[str], rule: FileRule | None, known: Knowledge
) -> Understood:
    """Add readings of the block laid out anew where it is no table as it stands, or only seems to be one."""
    if not u.headings:
        return u
    measures = find_measures(u, list(known.tables.values()), known.words)
    if u.trouble is None and (several := overlooked(u, measures, known.words)):
        u = replace(u, trouble=Trouble("measures_down", value=several[:80]))
    if u.trouble is None:
        return u
    found = [unstacked(u, measures) if measures else None, turned(u.grid, u.block, known.words)]
    return replace(u, layouts=tuple((_laid_out(u, x, sheet, beside, rule, known), x) for x in found if x))


def _laid_out(
    u: Understood,
    layout: Layout,
    sheet: Sheet,
    beside: Sequence[str],
    rule: FileRule | None,
    known: Knowledge,
) -> Understood:
    grid = layout.grid
    found = shape_of(grid, facts(grid, known.words))
    return _understand(u.file, sheet, grid, found, layout.block, u.context.titles, beside, rule, known)


def _own_titles(grid: Grid, block: Block) -> list[str]:
    return _texts(grid, block.titles, block.area.left, block.area.right)


def _outside_titles(grid: Grid, blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Titles that stand over several blocks side by side belong to the first, and are heard by the others."""
    heard: list[tuple[str, ...]] = []
    for block in blocks:
        top = block.header[0] if block.header else block.area.top
        others = [b for b in blocks if b is not block and b.area.bottom <= top and not b.data]
        beside = [
            b
            for b in blocks
            if b is not block and b.header and b.header[0] == top and b.area.left < block.area.left
        ]
        rows = [r for b in beside for r in b.titles] + [r for b in others for r in (*b.titles, *b.notes)]
        above = next((b for b in blocks if b.area.bottom <= top and _same_header(grid, b, block)), None)
        said = _texts(grid, above.titles, 0, grid.cells.shape[1]) if above else []
        if block.titles:  # it has a title of its own, but the unit is not said again
            said = [t for t in said if find_units(t) and find_span(t) is None]
        heard.append((*_texts(grid, rows, 0, grid.cells.shape[1]), *said))
    return heard


def _same_header(grid: Grid, one: Block, other: Block) -> bool:
    """Whether two stacked blocks are parts of one table."""
    if not one.header or not other.header or one.area.left != other.area.left:
        return False
    mine, its = (grid.text_ids[b.header[-1], b.area.left : b.area.right] for b in (one, other))
    return np.array_equal(mine, its) and bool((mine >= 0).any())


def _texts(grid: Grid, rows: Sequence[int], left: int, right: int) -> list[str]:
    return [v for r in rows for v in grid.cells[r, left:right] if isinstance(v, str) and v.strip()]


def _understand(
    file: str,
    sheet: Sheet,
    grid: Grid,
    shape: Shape,
    block: Block,
    outside: tuple[str, ...],
    beside: Sequence[str],
    rule: FileRule | None,
    known: Knowledge,
) -> Understood:
    u = Understood(file, sheet.name, sheet.position, grid, block)
    if rule and rule.ignore:
        return replace(u, trouble=Trouble("ignored_by_rule", {"detail": rule.reason}, "ignored"))
    if not block.header:
        return replace(u, trouble=Trouble("no_header" if block.data else "notes", {}, "ignored"))
    titles = (*_own_titles(grid, block), *outside)
    when = period_around(titles, sheet.name, file, rule.month if rule else "")
    headings = read_headings(grid, block, known.words)
    profiles = _profiles(grid, shape, block, headings)
    said = _said_names(grid, block, outside, beside, sheet.name, file, known)
    length = "" if when.period is None or when.period.cumulative else when.period.length
    context = Context(titles, sheet.name, file, when.period is not None, said, length)
    tables = {rule.table: known.tables[rule.table]} if rule and rule.table in known.tables else known.tables
    matches = match_block(headings, profiles, context, tables, known.words, known.settings.own_brands)
    u = replace(
        u, headings=headings, profiles=profiles, context=context, when=when, matches=tuple(matches),
        units=tuple(unit for t in titles for unit in find_units(t)),
    )  # fmt: skip
    return _settled(u, matches, known)


def _said_names(
    grid: Grid,
    block: Block,
    outside: Sequence[str],
    beside: Sequence[str],
    sheet: str,
    file: str,
    known: Knowledge,
) -> dict[str, dict[str, Said]]:
    """The names that hold for the whole block; its own titles come before those it only hears."""
    ids = np.unique(grid.text_ids[[*block.header, *block.data], block.area.left : block.area.right])
    inside = [grid.texts[i] for i in ids.tolist() if i >= 0]
    own = _own_titles(grid, block)
    found: dict[str, dict[str, Said]] = {}
    for titles in dict.fromkeys(((*own, *outside), tuple(own))):
        said = said_around(
            known.tables.values(), titles, sheet, file, inside, known.words, known.settings.own_brands, beside
        )
        for name, names in said.items():
            found.setdefault(name, {}).update(names)
    return found


def _profiles(grid: Grid, shape: Shape, block: Block, headings: Sequence[Heading]) -> tuple[Profile, ...]:
    """What the data cells under each heading are; marks for "no value" count as nothing."""
    rows = np.asarray(block.data, dtype=np.intp)
    blank = grid.text_mask(np.array([is_blank(t) for t in grid.texts], dtype=bool))
    columns = [h.column for h in headings]
    filled = (shape.filled & ~blank)[rows][:, columns]
    dates = ((grid.kinds == DATE) | (shape.period & shape.filled))[rows][:, columns]
    numbers = (shape.number | grid.text_mask(shape.header_of.numeric) | (grid.kinds == 2))[rows][:, columns]
    return tuple(
        Profile(int(f), int(n), int(d))
        for f, n, d in zip(
            filled.sum(axis=0), (numbers & filled).sum(axis=0), (dates & filled).sum(axis=0), strict=True
        )
    )


# ---- is it a table at all?


def _settled(u: Understood, matches: Sequence[Match], known: Knowledge) -> Understood:
    """The best reading, or why there is none."""
    best = matches[0]
    if not _plausible(best):
        if _figures_without_labels(u, best):
            return replace(u, trouble=Trouble("no_labels", _named(best)))
        if best.missing and _figures_of_ours(u, best):
            return replace(u, trouble=Trouble("missing_columns", _named(best)))
        return replace(u, trouble=_nothing(u, best))
    if set(best.missing) & set(best.table.required) or (best.missing and not best.lacks_only_time):
        if _nearly(best) or _figures_of_ours(u, best):
            return replace(u, trouble=Trouble("missing_columns", _named(best)))
        return replace(u, trouble=_nothing(u, best))
    if (wanted := next((m for m in matches if _called_for(m, best)), None)) is not None:
        return replace(u, trouble=Trouble("missing_columns", _named(wanted)), matches=(wanted, *matches))
    if unread := _unread(best):
        return replace(u, trouble=Trouble("missing_columns", _named(replace(best, missing=unread))))
    if close := too_close(matches):
        first, second = close
        scores = f"{first.score:.2f} / {second.score:.2f}"
        return replace(
            u,
            trouble=Trouble(
                "ambiguous", {"first": _title(first.table), "second": _title(second.table), "scores": scores}
            ),
        )
    rule = rule_for(known.settings, u.file, u.sheet)
    if best.unsaid and not (rule and rule.table):
        return replace(u, trouble=Trouble("unsaid", {"near": _title(best.table)}))
    if (planned := only_planned(best, u.context.texts)) and not (rule and rule.table):
        return replace(u, trouble=Trouble("foreign", {"near": _title(best.table), "word": planned}))
    if best.foreign and not (rule and rule.table):
        words = {"near": _title(best.table), "word": "、".join(best.foreign[:3])}
        return replace(u, trouble=Trouble("foreign", words))
    return _timed(_measured(u, best, known), best)


def _unread(match: Match) -> tuple[str, ...]:
    """Columns that a header nearly names and without which the figures would be incomplete or mean something else."""
    table = match.table
    figures = {w.value for w in table.wide} | {
        c for g in table.one_of for c in g if table.column(c).is_number
    }
    needed = {*table.required, *table.additive, *figures, "unit", "currency"}
    needed |= {c.name for c in table.columns if c.allowed and c.name in table.grain and c.name != "period"}
    return tuple(dict.fromkeys(r.near for r in match.roles if r.near in needed))


def _called_for(match: Match, best: Match) -> bool:
    """A table that the title calls, and whose missing columns some header nearly names (品牌名秤): not to be read as another."""
    near = {r.near for r in match.roles}
    lacks = bool(match.missing) and set(match.missing) <= near
    return lacks and len("".join(match.words)) >= len("".join(best.words)) > 0


def _title(table: Table) -> str:
    return f"{table.zh} {table.name}"


def _named(match: Match) -> dict[str, object]:
    columns = [match.table.column(c) for c in match.missing]
    return {"near": _title(match.table), "missing": "、".join(f"{c.zh}({c.name})" for c in columns)}


def _nothing(u: Understood, best: Match) -> Trouble:
    if not u.block.data:
        return Trouble("notes", {}, "ignored")
    return Trouble("no_table", _named(best) if best.missing else _named(best) | {"missing": "—"}, "ignored")


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
    return not match.missing and any(c.additive for c in columns) and u.context.has_period


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


# ---- which measure, and when


def _measured(u: Understood, match: Match, known: Knowledge) -> Understood:
    """What the cells under bare months or labels hold: said in a total's header, a title, or by the unit."""
    bare = [r for r in match.roles if r.kind in ("period", "label") and not r.column]
    if not bare:
        return u
    over = match.over or "month"
    default = next(w.value for w in match.table.wide if w.over == over)
    rivals = [c.name for c in match.table.columns if c.additive]
    if match.over == "question" or len(rivals) < 2 or default not in rivals or match.table.name == "budget":
        return replace(u, measure=default)
    rivals += [c for group in match.table.one_of for c in group if match.table.column(c).kind == "rate"]
    measure = _said(u, match, rivals, known)
    if measure is None:
        return replace(u, measure=default, trouble=Trouble("measure_unknown"))
    return replace(u, measure=measure)


def _said(u: Understood, match: Match, rivals: Sequence[str], known: Knowledge) -> str | None:
    table = match.table
    for heading, role in zip(u.headings, match.roles, strict=True):
        if role.kind == "total" and (
            role.column in rivals or any(is_total_heading(x) for x in heading.levels)
        ):
            named = [
                c.column
                for level in heading.levels
                for c in claims_of(table, level, known.words)
                if c.column in rivals
            ]
            if named or role.column in rivals:
                return (named or [role.column])[0]
    for text in u.context.texts:
        found = {c.column for word, claims in known.words.items() for c in claims
                 if c.table == table.name and c.column in rivals and len(word) >= 2 and word in key(text)
                 and word not in ("value", "volume", "sales", "总量", "数量", "金额")}  # fmt: skip
        if len(found) == 1:
            return found.pop()
    kinds = {unit.kind for unit in u.units} | {
        h.unit.kind
        for h, r in zip(u.headings, match.roles, strict=True)
        if h.unit and r.kind in ("period", "label")
    }
    if kinds & {"money", "count"} and len(kinds & {"money", "count"}) == 1:
        wanted = "money" if "money" in kinds else "number"
        return next((n for n in rivals if table.column(n).kind == wanted), None)
    return None


def _timed(u: Understood, match: Match) -> Understood:
    """Give the month headers their years, and refuse what has no time at all."""
    if u.trouble:
        return u
    mapped = match.mapped
    periods = head_periods(u.headings, match.roles, u.when, "month" in mapped)
    u = replace(u, periods=periods)
    if periods.problem == "no_period":
        return replace(u, trouble=Trouble("no_period", {"what": "年份 (year)"}, value=periods.shown[:80]))
    if periods.problem:
        return replace(u, trouble=Trouble("months_backwards", value=periods.shown[:80]))
    needs = any("month" in group for group in match.table.one_of)
    own = {"month", "date"} & set(mapped) & {c for g in match.table.one_of for c in g} or any(
        r.kind == "period" for r in match.roles
    )
    if needs and not own:
        if u.when.conflict:
            return replace(
                u,
                trouble=Trouble(
                    "period_conflict", {"first": u.when.conflict[0], "second": u.when.conflict[1]}
                ),
            )
        if u.when.period is None:
            what = "年份 (year)" if u.when.span else "年份和月份 (year, month)"
            return replace(u, trouble=Trouble("no_period", {"what": what}))
    return _unit_gate(u, match)


def _unit_gate(u: Understood, match: Match) -> Understood:
    """A unit stated above the table must be the unit of something in it."""
    kinds = _unit_kinds(u, match)
    unused = next(
        (unit for unit in u.units if unit.kind in ("money", "count", "rate") and unit.kind not in kinds), None
    )
    return replace(u, trouble=Trouble("unused_unit", value=unused.written)) if unused else u


def _unit_kinds(u: Understood, match: Match) -> set[str]:
    names = [r.column or u.measure for r in match.roles if r.kind in ("column", "period", "label")]
    columns = [match.table.column(n) for n in names if n in match.table.names]
    kinds = {"money": {"money"}, "number": {"count"}, "count": {"count"}, "rate": {"rate"}}
    free = any(c.kind == "number" and not c.unit for c in columns)
    return {"money", "count", "rate"} if free else {k for c in columns for k in kinds.get(c.kind, set())}


def knowledge(settings: Settings) -> Knowledge:
    """The tables and every word they are known by."""
    from mktanalytics.ingest.vocabulary import vocabulary

    return Knowledge(settings, vocabulary(settings), all_tables())


__all__ = ["Knowledge", "Unit", "knowledge", "rule_for", "understand_sheet", "understand_workbook"]
