"""Sheets and files that say again what others say: counted once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.matching.understood import Trouble
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.ingest.values.tidy import Records, alike, one_after_another

ENOUGH = 5  # rows without a number of their own that, all found elsewhere, are a repetition and no chance
MONTHS = {"quarter": 3, "half": 6, "year": 12}
Months = tuple[int, int]
Sums = dict[Months, tuple[float, int]]  # by period: a sum, and how many blocks it is of
NOTHING = (0.0, 0)
FIGURES = ("amount", "units")
VIEWED = ("sales", "spend", "budget")  # tables whose rows add up to one whole


@dataclass(frozen=True)
class _Outline:
    """What is compared of a block: found once, since each is compared with all others."""

    block: Taken
    dimensions: frozenset[str]
    longest: int
    sums: Mapping[str, Sums]


def by_table(blocks: Sequence[Taken]) -> list[list[Taken]]:
    """The blocks with records, those of each table together."""
    groups: dict[str, list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.records):
            groups.setdefault(block.table.name, []).append(block)
    return list(groups.values())


def ignore_repeats(blocks: Sequence[Taken]) -> None:
    """A block whose every record another block holds too is a view of it, or the same again."""
    for group in by_table(blocks):
        if len(group) > 1:
            _ignore_in(group)


def _ignore_in(group: Sequence[Taken]) -> None:
    """The last first: a view, a summary, a copy comes after what it repeats, in one block or in several."""
    counts = _contents(group)
    whole: Counter[int] = Counter()
    for mine in counts:
        whole.update(mine)
    for block, mine in reversed(list(zip(group, counts, strict=True))):
        elsewhere = all(whole[said] >= 2 * n for said, n in mine.items())
        if not elsewhere or not (len(block.records) >= ENOUGH or has_numbers(block)):
            continue
        whole.subtract(mine)
        others = [
            b for b, c in zip(group, counts, strict=True) if b is not block and b.trouble is None and mine & c
        ]
        block.hold(Trouble("repeats", {"other": _places(block, others)}, "ignored"))


def _contents(group: Sequence[Taken]) -> list[Counter[int]]:
    """For each block a number for what each of its records says, wherever it stands, and how often."""
    table = group[0].table
    whole = one_after_another([b.records for b in group])
    said = alike(whole, [c for c in table.names if c in whole] if table else [])
    ends = np.cumsum([len(b.records) for b in group])[:-1]
    return [Counter(part.tolist()) for part in np.split(said, ends)]


def _places(block: Taken, others: Sequence[Taken]) -> str:
    """Where a block's rows stand as well: sheets of its own file, or files and sheets."""
    names = [o.u.sheet if o.u.file == block.u.file else f"{o.u.file} {o.u.sheet}".strip() for o in others]
    return "、".join(names[:4]) + (" …" if len(names) > 4 else "")


def has_numbers(block: Taken) -> bool:
    """Whether every record carries an order or voucher number."""
    numbers = (c for c in ("order_id", "voucher", "respondent") if c in block.records)
    return any(not block.records.missing(c).any() for c in numbers)


def ignore_views(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook with the same amount in each month under other headings, one is a view."""
    groups: dict[tuple[str, str], list[Taken]] = {}
    for block in blocks:
        if block.table is not None and len(block.records) and block.table.name in VIEWED:
            groups.setdefault((block.u.file, block.table.name), []).append(block)
    for group in groups.values():
        _ignore_summary_of_lines(group)
        outlines = [_outline(b) for b in group if b.trouble is None]
        _ignore_view(outlines)
        _ignore_summary([o for o in outlines if o.block.trouble is None])


def _ignore_view(group: Sequence[_Outline]) -> None:
    """The shorter of two blocks that say the same of each period is a view of the longer one."""
    longest_first = sorted(group, key=lambda o: -len(o.block.records))
    for n, part in enumerate(longest_first):
        wholes = (o.block for o in longest_first[:n] if o.block.trouble is None and _is_view(part, o))
        if whole := next(wholes, None):
            place = whole.u.sheet if whole.u.sheet != part.block.u.sheet else whole.u.block.range
            part.block.hold(Trouble("view", {"other": place}, "ignored"))


def _ignore_summary_of_lines(group: Sequence[Taken]) -> None:
    """科目 by months beside the vouchers of these months: the lines count, however few they are."""
    lines = [b for b in group if b.trouble is None and (_dated(b) or has_numbers(b))]
    rest = [b for b in group if b.trouble is None and all(b is not x for x in lines)]
    whole = one_after_another([b.records for b in lines]) if lines else None
    for block in rest:
        if whole is not None and _same_money(block.records, whole):
            block.hold(Trouble("view", {"other": _places(block, lines)}, "ignored"))


def _dated(block: Taken) -> bool:
    return "date" in block.records and not block.records.missing("date").any()


def _ignore_summary(group: Sequence[_Outline]) -> None:
    """汇总 before a sheet for each region: one block of the same amounts as all the others of the workbook together."""
    if len(group) < 3:
        return
    rows = sum(len(o.block.records) for o in group)
    having = Counter(name for o in group for name in o.sums)
    whole = {name: _added([o.sums[name] for o in group if name in o.sums]) for name in having}
    for o in group:
        others = {
            n: _less(whole[n], o.sums.get(n, {})) for n, blocks in having.items() if blocks > (n in o.sums)
        }
        if rows >= 2 * len(o.block.records) and _same_sums(o.sums, others):
            rest = [x.block for x in group if x is not o]
            o.block.hold(Trouble("view", {"other": _places(o.block, rest)}, "ignored"))
            return


def _added(sums: Sequence[Sums]) -> Sums:
    """The sums of several blocks together."""
    out: Sums = {}
    for of_block in sums:
        for span, (figure, blocks) in of_block.items():
            before, n = out.get(span, (0.0, 0))
            out[span] = (before + figure, n + blocks)
    return out


def _less(whole: Sums, part: Sums) -> Sums:
    """The sums of all blocks but one; periods that only this one has are gone."""
    rest = {s: (f - part.get(s, NOTHING)[0], n - part.get(s, NOTHING)[1]) for s, (f, n) in whole.items()}
    return {span: (figure, n) for span, (figure, n) in rest.items() if n}


def _is_view(part: _Outline, whole: _Outline) -> bool:
    """Whether two blocks differ in what their rows are or how long their periods, and agree in each to the cent."""
    if part.dimensions == whole.dimensions and part.longest <= whole.longest:
        return False
    return _same_sums(part.sums, whole.sums)


def _same_money(part: Records, whole: Records) -> bool:
    """Whether the figures of each period of one are those of the other within it, to the cent."""
    return _same_sums(_sums(part), _sums(whole))


def _same_sums(part: Mapping[str, Sums], whole: Mapping[str, Sums]) -> bool:
    """The same of sums: by amount, else by units."""
    name = next((n for n in FIGURES if part.get(n) and n in whole), None)
    if name is None:
        return False
    sums = [_within(span, whole[name]) for span in part[name]]
    mine = [figure for figure, _ in part[name].values()]
    return None not in sums and np.allclose(mine, np.array(sums, dtype=float), rtol=1e-9, atol=0.005)


def _sums(records: Records) -> dict[str, Sums]:
    """The sums by period of the figures that the records have a column for; none where it is blank."""
    return {n: {} if records.missing(n).all() else _by_span(records, n) for n in FIGURES if n in records}


def _by_span(records: Records, name: str) -> Sums:
    """The sum of a figure in each period: its first month, and how many it has."""
    dated = records.where(~records.missing("month"))
    firsts = dated.days("month").astype("datetime64[M]").astype(np.int64)
    spans, where = np.unique(np.column_stack([firsts, _lengths(dated)]), axis=0, return_inverse=True)
    sums = np.bincount(where.ravel(), weights=np.nan_to_num(dated.figures(name)), minlength=len(spans))
    return {(int(a), int(n)): (float(s), 1) for (a, n), s in zip(spans, sums, strict=True)}


def _within(span: Months, sums: Sums) -> float | None:
    """The sum of all periods inside this one; None where there are none."""
    first, months = span
    inside = [s for (a, n), (s, _) in sums.items() if first <= a and a + n <= first + months]
    return sum(inside) if inside else None


def _lengths(records: Records) -> NDArray[np.int64]:
    """How many months the period of each record has, one at least."""
    if "period" not in records:
        return np.ones(len(records), dtype=np.int64)
    periods = records.texts("period")
    return np.array([*(MONTHS.get(p, 1) for p in periods.distinct), 1], dtype=np.int64)[periods.codes]


def _longest(records: Records) -> int:
    return int(_lengths(records).max(initial=1))


def _outline(block: Taken) -> _Outline:
    assert block.table is not None
    categories = [c.name for c in block.table.columns if c.kind == "category" and c.name in block.records]
    dimensions = frozenset(c for c in categories if not block.records.missing(c).all())
    return _Outline(block, dimensions, _longest(block.records), _sums(block.records))


def ignore_calculations(blocks: Sequence[Taken]) -> None:
    """A small block without a period beside the detail it sums up, in the same workbook, is a calculation."""
    detail: dict[tuple[str, str], int] = Counter()
    for block in blocks:
        if block.table is not None:
            detail[block.u.file, block.table.name] += len(block.records)
    for block in blocks:
        if (
            block.trouble is None
            or block.trouble.code not in ("no_period", "measure_unknown")
            or block.table is None
        ):
            continue
        if detail[block.u.file, block.table.name] >= 10 * len(block.data):
            name = block.table.zh
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("calculation_sheet", {"near": name}, "ignored"))


def ignore_held_repeats(blocks: Sequence[Taken]) -> None:
    """Of two blocks of a workbook that are held back and say the same, one is the repetition."""
    seen: dict[tuple[object, ...], str] = {}
    for block in blocks:
        if block.trouble is None or block.trouble.fate != "quarantined" or not block.u.match:
            continue
        said = (block.u.file, block.u.table, block.held)
        other = seen.setdefault(said, block.u.sheet)
        if other != block.u.sheet:
            block.issues = [i for i in block.issues if i.code != block.trouble.code]
            block.hold(Trouble("repeats", {"other": other}, "ignored"))


def digest(block: Taken) -> str:
    """Of a block held back, the cells of the columns that its table knows, as a digest; "" of any other."""
    match = block.u.match
    if match is None or block.trouble is None or block.trouble.fate != "quarantined":
        return ""
    known = [
        h.column
        for h, r in zip(block.u.headings, match.roles, strict=True)
        if r.kind in ("column", "period", "label")
    ]
    cells = block.u.grid.cells[block.data][:, known].ravel()
    return hashlib.sha256("\0".join(map(str, cells)).encode("utf-8", "surrogatepass")).hexdigest()
