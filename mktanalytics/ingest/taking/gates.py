"""The gates: whatever doesn't add up holds back the whole block."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.across.names import is_nameable
from mktanalytics.ingest.matching.claimed import OF_PERIOD
from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.labels import column_cells, merged_down
from mktanalytics.ingest.taking.measures import Figures, summed
from mktanalytics.ingest.taking.taken import Work
from mktanalytics.ingest.taking.totals import Totals, hidden_hierarchy, sums_all_others
from mktanalytics.ingest.taking.whole_market import sums_up_brands
from mktanalytics.ingest.taking.year_totals import untied_total
from mktanalytics.numbers import key

FEW_ROWS = 500  # a table that a person sums up by hand
TOO_MANY_BAD = 1 / 3
_PAID = re.compile(r"[已实]付|已支付|\bpaid\b", re.IGNORECASE)
_AGREED = re.compile(r"合同|协议|[已实]付|已支付|\b(contract|paid)\b", re.IGNORECASE)
EXACT = 0.9  # scores from here are words the table knows, not guesses


def pass_gates(work: Work, totals: Totals, kept: NDArray[np.bool_]) -> None:
    """Try each gate in turn; the first that fails holds the block."""
    gates: tuple[Callable[[], Trouble | None], ...] = (
        lambda: _twice_named(work),
        lambda: _side_by_side(work),
        lambda: _twice_across(work),
        lambda: _second_header(work),
        lambda: _of_another_span(work),
        lambda: _nameless(work),
        lambda: _unknown_name(work),
        lambda: _merged_figure(work),
        lambda: _hierarchy(work, totals),
        lambda: _mismatch(work, totals),
        lambda: _total_columns(work),
        lambda: _too_bad(work, kept),
    )
    trouble = next((t for gate in gates if (t := gate()) is not None), None)
    if trouble is not None:
        work.taken.hold(trouble)


def _twice_named(work: Work) -> Trouble | None:
    """Two columns of one name and different figures: nobody can tell which counts."""
    for i, role in enumerate(work.match.roles):
        first = work.match.mapped.get(role.also)
        if first is None or not work.table.column(role.also).additive:
            continue
        mine, its = work.u.headings[i], work.u.headings[first]
        equal = role.score >= EXACT and role.specific == work.match.roles[first].specific
        if _is_part_paid(work, i, first):
            continue
        misspelt = bool(role.runner_up)  # 预算算金额 beside 预算金额
        if (equal or misspelt or key(mine.label) == key(its.label)) and _differ(
            work, mine.column, its.column
        ):
            headers = f"{work.u.header_of(first)}, {work.u.header_of(i)}"
            return Trouble("duplicate_header", {"column": role.also, "headers": headers})
    return None


def _is_part_paid(work: Work, place: int, first: int) -> bool:
    """已付金额 beside 费用金额, and nowhere more: what is paid of it. Of a contract more may still be spent or not."""
    if (
        work.table.name != "spend"
        or not _PAID.search(work.u.header_of(place))
        or _AGREED.search(work.u.header_of(first))
    ):
        return False
    columns = (work.u.headings[i].column for i in (place, first))
    paid, whole = (column_cells(work.u.grid, work.rows, c, merged=False) for c in columns)
    pairs = [
        (a, b) for a, b in zip(paid, whole, strict=True) if isinstance(a, float) and isinstance(b, float)
    ]
    return bool(pairs) and all(abs(a) <= abs(b) for a, b in pairs)


def _twice_across(work: Work) -> Trouble | None:
    """Two columns for the same month (or brand) and measure: one would hide the other."""
    seen: dict[tuple[object, str], int] = {}
    for f in work.figures:
        if f.role not in ("period", "label"):
            continue
        span = work.u.periods.periods.get(f.position) or work.u.periods.spans.get(f.position)
        named = (span or work.match.roles[f.position].label, f.column.name)
        other = seen.setdefault(named, f.position)
        if other != f.position:
            headers = f"{work.u.header_of(other)}, {work.u.header_of(f.position)}"
            cell = work.u.cell(work.u.block.header[-1], f.position)
            return Trouble("duplicate_header", {"column": f.column.name, "headers": headers}, cell=cell)
    return None


def _nameless(work: Work) -> Trouble | None:
    """Cells under a blank header beside brands, questions or KPIs across: one of them whose name is missing.

    Words beside brands whose cells hold figures are remarks.
    """
    figures = {f.position for f in work.figures}
    for i, role in enumerate(work.match.roles[1:], 1):
        beside = work.match.roles[i - 1].kind == "label"
        alike = i - 1 not in figures or work.u.profiles[i].numeric
        if role.kind == "blank" and beside and alike and work.u.profiles[i].filled:
            cell = work.u.cell(work.u.block.header[-1], i)
            return Trouble("nameless_column", {"header": work.u.header_of(i - 1)}, cell=cell)
    return None


def _unknown_name(work: Work) -> Trouble | None:
    """微商城 among 天猫 and 京东, which no total proves to be one of them: without it the figures may be incomplete."""
    over = next((w for w in work.table.wide if w.over == work.match.over and w.named), None)
    if over is None:
        return None
    first = next(i for i, r in enumerate(work.match.roles) if r.kind == "label")
    for i, (heading, role) in enumerate(zip(work.u.headings, work.match.roles, strict=True)):
        alone = len(heading.levels) == 1 and heading.unit is None and not role.also and not role.near
        if role.kind == "extra" and alone and work.u.profiles[i].numeric and is_nameable(heading.label):
            cell = work.u.cell(work.u.block.header[-1], i)
            words = {"header": work.u.header_of(i), "beside": work.u.header_of(first)}
            return Trouble("unknown_name", words, cell=cell)
    return None


def _of_another_span(work: Work) -> Trouble | None:
    """年度目标 in one column beside the actuals of each quarter: it would count in every one of them."""
    lengths = {p.length for p in work.u.periods.periods.values()}
    own = OF_PERIOD.get(next(iter(lengths))) if len(lengths) == 1 else None
    beside = any(f.role == "period" for f in work.figures)
    for f in work.figures:
        summed_up = f.column.additive or f.column.name in ("target", "actual")
        header = work.u.header_of(f.position)
        if beside and f.role == "column" and summed_up and not (own and own.match(header)):
            cell = work.u.cell(work.u.block.header[-1], f.position)
            return Trouble("another_span", {"header": header}, cell=cell)
    return None


def _second_header(work: Work) -> Trouble | None:
    """编号 and 您的性别 below id and Q1, or what a survey tool writes for itself: a second header row, and no respondent."""
    if work.table.name != "survey" or "respondent" not in work.match.mapped:
        return None
    column = work.u.headings[work.match.mapped["respondent"]].column
    words = work.table.column("respondent")
    names = {key(t) for t in (words.zh, words.en, words.name, *words.aliases)}
    for row, cell in zip(
        work.rows.tolist(), column_cells(work.u.grid, work.rows, column, merged=False), strict=True
    ):
        if isinstance(cell, str) and (key(cell) in names or cell.lstrip().startswith('{"ImportId"')):
            return Trouble("second_header", {"n": row + 1}, cell=f"A{row + 1}")
    return None


def _side_by_side(work: Work) -> Trouble | None:
    """Many columns that are there twice are a second table beside the first, which nobody would read."""
    twice = [
        i for i, r in enumerate(work.match.roles) if r.also and r.score >= EXACT and work.u.profiles[i].filled
    ]
    if len(twice) < 2 or len(twice) * 3 < len(work.match.mapped):
        return None
    headers = ", ".join(work.u.header_of(i) for i in twice[:4])
    return Trouble("duplicate_header", {"column": work.match.roles[twice[0]].also, "headers": headers})


def _differ(work: Work, one: int, other: int) -> bool:
    left, right = (column_cells(work.u.grid, work.rows, c, merged=False) for c in (one, other))
    return any(a != b for a, b in zip(left, right, strict=True))


def _hierarchy(work: Work, totals: Totals) -> Trouble | None:
    """Parents among their children would be counted twice."""
    dropped = [t.row for t in totals.rows]
    for f in summed(work.figures, work.match)[:3]:
        if f.role != "total" and hidden_hierarchy(np.delete(f.values, dropped)[:2000]):
            return Trouble("hierarchy", {"column": work.u.header_of(f.position)})
    return _unsaid_total(work, dropped) or _brands_together(work, dropped)


def _unsaid_total(work: Work, dropped: Sequence[int]) -> Trouble | None:
    """A first or last row that is the sum of all others in every measure, without a word that says so."""
    figures = [f for f in summed(work.figures, work.match) if f.role != "total"]
    own = work.table.name != "market" and "amount" in work.table.additive
    if not own or len(work.rows) > FEW_ROWS or "order_id" in work.match.mapped:
        return None
    if figures and all(sums_all_others(np.delete(f.values, dropped)) for f in figures):
        return Trouble("hierarchy", {"column": work.u.header_of(figures[0].position)})
    return None


def _brands_together(work: Work, dropped: Sequence[int]) -> Trouble | None:
    """A row of a market that is called a sum of brands, and proved neither a part nor the whole of it."""
    place = work.match.mapped.get("brand") if work.table.name == "market" else None
    if place is None:
        return None
    cells = np.delete(
        column_cells(work.u.grid, work.rows, work.u.headings[place].column, merged=True), dropped
    )
    unproved = any(isinstance(c, str) and c != work.whole and sums_up_brands(c) for c in cells)
    return Trouble("hierarchy", {"column": work.u.header_of(place)}) if unproved else None


def _merged_figure(work: Work) -> Trouble | None:
    """A figure merged over rows is of all of them together: nobody can tell how to part it."""
    for f in work.figures:
        if f.role != "total" and (
            rows := merged_down(work.u.grid, work.rows, work.u.headings[f.position].column)
        ):
            return Trouble("merged_measure", cell=work.u.cell(rows[0], f.position))
    return None


def _mismatch(work: Work, totals: Totals) -> Trouble | None:
    """A total row that says something else than its rows."""
    if not totals.mismatches:
        return None
    wrong = totals.mismatches[0]
    figure = summed(work.figures, work.match)[wrong.measure]
    return _total_trouble(work, wrong.row, figure, wrong.stated, wrong.computed)


def _total_trouble(work: Work, i: int, figure: Figures, stated: float, computed: float) -> Trouble:
    return Trouble(
        "total_mismatch",
        {"column": work.u.header_of(figure.position), "stated": _show(stated), "computed": _show(computed), "difference": _show(stated - computed)},
        cell=work.u.cell(work.rows[i], figure.position),
    )  # fmt: skip


def _total_columns(work: Work) -> Trouble | None:
    """合计 at the end of a row must be the sum of its months, the year's target that of its quarters."""
    if (found := untied_total(work)) is None:
        return None
    total, wrong = found
    return _total_trouble(work, wrong.row, total, wrong.stated, wrong.computed)


def _too_bad(work: Work, kept: NDArray[np.bool_]) -> Trouble | None:
    """Where a third of the rows is bad, the block was probably misread."""
    bad, total = int((work.bad & kept).sum()), int(kept.sum())
    if (bad > 2 and bad > total * TOO_MANY_BAD) or (bad and bad == total):
        return Trouble("too_many_bad", {"bad": bad, "total": total})
    return None


def _show(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
