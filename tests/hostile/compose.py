"""A seed → a case: one draft with its defects, laid out on sheets and files, and the truth of every row."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from hostile import (
    answers,
    around,
    cells,
    containers,
    headers,
    layouts,
    odd_dates,
    rows,
    spans,
    spell,
    turned,
    unsure,
    views,
)
from hostile.draft import Draft, Line, Record
from hostile.pages import Book, Page
from hostile.registry import DEFECTS, Defect

MODULES = (
    cells,
    odd_dates,
    answers,
    headers,
    rows,
    spans,
    unsure,
    turned,
    around,
    views,
    containers,
)  # importing them registers their defects
UNSURE_NAMES = frozenset(
    n for n, x in DEFECTS.items() if x.change.__module__ == unsure.__name__ and n != "period_only_around"
)


@dataclass(frozen=True)
class Expected:
    """What one sheet row must give."""

    table: str
    records: tuple[Record, ...]
    held: bool = False


@dataclass
class Case:
    seed: int
    books: list[Book]
    truth: dict[tuple[str, str, int], list[Expected]]  # file, sheet, row as Excel counts
    defects: list[str]
    table: str
    lang: str
    layout: str
    all_held: bool = False
    may_hold: bool = False


def make(seed: int, only: Sequence[str] = (), table: str = "", layout: str = "", first: str = "") -> Case:
    """The case of a seed. With `only`, these defects and no others; `first` is tried before those that are drawn."""
    rng = Random(seed)
    d = layouts.draft(rng, table or rng.choice(layouts.TABLES), rng.choice(("zh", "zh", "en")), layout)
    for chosen in _chosen(rng, only, first):
        before = len(d.defects)
        if chosen.change(d):
            d.defects.insert(before, chosen.name)
    return compose(d, seed)


def _chosen(rng: Random, only: Sequence[str], first: str) -> list[Defect]:
    """One to nine defects, of each group one, in the order of their stages; seldom one that makes things unsure."""
    names = list(only)
    if not names:
        usual = [n for n in DEFECTS if n not in UNSURE_NAMES]
        names = rng.sample(usual, rng.randint(2, 14))  # many don't fit the table
        if rng.random() < 0.3:
            names += rng.sample(sorted(UNSURE_NAMES), 4)
        names = [first, *names] if first else names
    groups: dict[str, Defect] = {}
    for n in names:
        groups.setdefault(DEFECTS[n].group, DEFECTS[n])
    order = list(DEFECTS)
    return sorted(groups.values(), key=lambda x: (x.stage, order.index(x.name)))


# ---- names


def _names(d: Draft) -> tuple[str, str, str]:
    """File stem, sheet name and title: one of them, at least, says what the table is."""
    rng, what = d.rng, spell.TITLES[d.lang][d.table]
    if "measure_unsaid" in d.facts:
        what = f"{what} {spell.MEASURES[d.lang][next(c.name for c in d.columns if c.role == 'wide')]}"
        d.plan.setdefault("title", "plain")
    stem, sheet = rng.choice(("数据", "Book1", "报送")) if d.zh else rng.choice(("Book1", "export")), "Sheet1"
    if (not d.plan.get("nameless") and "title" not in d.plan) or (
        rng.random() < 0.6 and not d.plan.get("nameless")
    ):
        if rng.random() < 0.6:
            stem = what.replace("/", " ")
        else:
            sheet = what[:28]
    title = what
    spans = {k: str(d.plan.get(k, "")) for k in ("span", "sheet_span", "file_span")}
    if "no_year" in d.facts and d.plan.get("year_in") != "nowhere":
        text = f"{d.year}年" if d.zh else str(d.year)
        spans[rng.choice(("span", "sheet_span", "file_span"))] = text
    if spans["span"]:
        title = f"{spans['span']}{what}" if d.zh else f"{what} {spans['span']}"
        d.plan.setdefault("title", "plain")
    if spans["sheet_span"]:
        sheet = (spans["sheet_span"] if sheet == "Sheet1" else f"{spans['sheet_span']}{sheet}")[:30]
    if spans["file_span"]:
        stem = f"{spans['file_span']}{stem}" if d.zh else f"{stem} {spans['file_span']}"
    return stem, sheet, title


# ---- layout


def compose(d: Draft, seed: int) -> Case:
    stem, sheet, title = _names(d)
    container = str(d.plan.get("container", "xlsx"))
    truth: dict[tuple[str, str, int], list[Expected]] = defaultdict(list)
    extension, text = containers.extension(container), containers.one_sheet(container)
    if text and sheet != "Sheet1":  # a text file has no sheet name: its own name says it
        stem = sheet if stem in ("数据", "Book1", "报送", "export") else f"{stem}{sheet}"
    file = f"{stem}.{extension}"
    pages = _pages(d, sheet, title, file, truth)
    if text:
        pages = pages[:1]
        pages[0].merges = pages[0].merges if container == "html" else []
        truth = defaultdict(list, {(f, "", r): v for (f, _, r), v in truth.items()})
    books = [Book(file, container, pages)]
    if d.plan.get("twice"):
        books.append(
            Book(f"{stem} (副本).{extension}" if d.zh else f"{stem} - copy.{extension}", container, pages)
        )
        if books[1].name < books[0].name:
            truth = defaultdict(list, {(books[1].name, s, r): v for (_, s, r), v in truth.items()})
    older = deepcopy(pages)
    if d.plan.get("corrected") and _worsen(d, older):
        books[0].name = f"{stem}（更正版）.{extension}" if d.zh else f"{stem}_revised.{extension}"
        truth = defaultdict(list, {(books[0].name, s, r): v for (_, s, r), v in truth.items()})
        books.append(Book(file, container, older))
    may_hold = d.may_hold or (text and "stray" in d.plan)  # a line of more fields than its header
    return Case(seed, books, dict(truth), d.defects, d.table, d.lang, d.layout, d.all_held, may_hold)


def _worsen(d: Draft, pages: list[Page]) -> bool:
    """The older file holds another amount in one of its rows, so that the two contradict each other."""
    if "totals" in d.facts or any(c.role == "total" for c in d.columns):
        return False
    for page in pages:
        for place, value in sorted(page.cells.items()):
            if isinstance(value, Decimal) and value > 3:
                page.cells[place] = value - 1
                return True
    return False


def _pages(
    d: Draft, sheet: str, title: str, file: str, truth: dict[tuple[str, str, int], list[Expected]]
) -> list[Page]:
    pages: list[Page] = []
    parts = [d.lines]
    split = str(d.plan.get("split", ""))
    if split:
        n = max(3, len(d.lines) // 2)
        parts = [d.lines[:n], d.lines[n:]]
    if split == "sheets":
        for number, lines in enumerate(parts, 1):
            pages.append(
                _page(
                    d,
                    [lines],
                    f"{sheet}{number}" if sheet != "Sheet1" else f"Sheet{number}",
                    title,
                    file,
                    truth,
                    "",
                )
            )
    else:
        pages.append(_page(d, parts, sheet, title, file, truth, split))
    if d.plan.get("view"):
        seen = [deepcopy(x) for x in d.data[: len(d.data) // 2 + 1]]
        page = _page(d, [seen], "查看" if d.zh else "View", title, file, defaultdict(list), "")
        pages.append(page)
    pages += [view(d) for view in d.views]
    if d.plan.get("second"):
        _second(d, pages[0], file, truth)
    return _others(d, pages)


def _page(
    d: Draft,
    parts: Sequence[Sequence[Line]],
    name: str,
    title: str,
    file: str,
    truth: dict[tuple[str, str, int], list[Expected]],
    split: str,
) -> Page:
    """One sheet: title, meta rows, unit note, the table (in parts), notes."""
    page = Page(name)
    top, left = int(str(d.plan.get("top", 0))), int(str(d.plan.get("left", 0)))
    row, width = top, len(d.columns)
    if style := d.plan.get("title"):
        at = left + (width // 2 if style == "middle" and width > 3 else 0)
        page.put(row, at, title)
        if style == "merged":
            page.merges.append((row, left, row, left + width - 1))
        row += 1 + int(str(d.plan.get("title_gap", 0)))
    for text in (d.plan.get("meta") or []) if isinstance(d.plan.get("meta"), list) else []:  # type: ignore[union-attr]
        page.put(row, left, text)
        row += 1
    if note := d.plan.get("unit_note"):
        page.put(row, left + (width - 1 if d.rng.random() < 0.6 else 0), note)
        row += 1
    begun = row
    for n, lines in enumerate(parts):
        beside = split.startswith("side")
        if n:
            left += width + 1 if split == "side_gap" else width if split == "side" else 0
            row = begun if beside else page.height + (2 if split == "stacked_gap" else 0)
        _table(d, page, lines, row, left, file, truth)
    if notes := d.plan.get("notes"):
        row = page.height + bool(d.plan.get("notes_gap"))
        for n, text in enumerate(notes if isinstance(notes, list) else []):
            page.put(row + n, int(str(d.plan.get("left", 0))), text)
    if d.plan.get("hide_rows"):
        page.hidden_rows = [page.height - 2]
    page.hidden_columns = [left + i for i in d.hidden_columns]
    if stray := d.plan.get("stray"):
        page.put(begun + 1, page.width + 2, stray)
    return page


def _table(
    d: Draft,
    page: Page,
    lines: Sequence[Line],
    top: int,
    left: int,
    file: str,
    truth: dict[tuple[str, str, int], list[Expected]],
) -> None:
    lay = turned.lay_across if d.plan.get("transposed") else _lay_down
    for line, row in zip(lines, lay(d, page, lines, top, left), strict=True):
        if line.kind == "data":
            records = tuple(
                {k: v for k, v in r.items() if not k.startswith("written_")} for r in line.records
            )
            truth[file, page.name, row + 1].append(
                Expected(d.table, () if d.all_held else records, line.held or d.all_held)
            )


def _lay_down(d: Draft, page: Page, lines: Sequence[Line], top: int, left: int) -> list[int]:
    """Header above, a row for each line; the rows."""
    depth = 0 if d.plan.get("headless") else len(d.columns[0].header)
    for level in range(depth):
        for i, c in enumerate(d.columns):
            page.put(top + level, left + i, c.header[level])
    page.merges += [(top + a, left + b, top + e, left + f) for a, b, e, f in d.header_merges]
    page.merges += [(top + depth + a, left + b, top + depth + e, left + f) for a, b, e, f in d.merges]
    for n, line in enumerate(lines):
        for i, value in enumerate(line.cells):
            page.put(top + depth + n, left + i, value)
    return [top + depth + n for n in range(len(lines))]


def _second(d: Draft, page: Page, file: str, truth: dict[tuple[str, str, int], list[Expected]]) -> None:
    """A plain small table of another kind, with its own title, below."""
    table = d.rng.choice([t for t in ("spend", "competitor_prices", "actuals") if t != d.table])
    other = layouts.draft(d.rng, table, d.lang, "long")
    if "no_year" in other.facts:
        for line, r in ((x, x.records[0]) for x in other.lines):
            line.cells[other.at("month")] = r["month"] if isinstance(r["month"], dt.date) else None
    row = page.height + 2
    left = int(str(d.plan.get("left", 0)))
    page.put(row, left, spell.TITLES[d.lang][table])
    _table(other, page, other.lines, row + 1, left, file, truth)


def _others(d: Draft, pages: list[Page]) -> list[Page]:
    """Cover, dashboard and empty sheets around the table's."""
    if d.plan.get("hide_sheet"):
        for p in pages:
            p.hidden = True
    if d.plan.get("cover"):
        cover = Page("封面" if d.zh else "Cover")
        lines = (
            ("某某食品有限公司", "市场部月度报送", "内部资料，请勿外传")
            if d.zh
            else ("Example Foods Ltd", "Monthly pack", "Internal use only")
        )
        for n, text in enumerate(lines):
            cover.put(3 + 2 * n, 1, text)
        pages = [cover, *pages]
    if d.plan.get("dashboard"):
        board = Page("看板" if d.zh else "Dashboard")
        for n, text in enumerate(
            ("本期销售", "上期销售", "完成情况") if d.zh else ("This period", "Last period", "Progress")
        ):
            board.put(1, 1 + 3 * n, text)
            board.put(2, 1 + 3 * n, Decimal(1000 * (n + 1)))
        pages = [*pages, board]
    if d.plan.get("empty"):
        pages = [*pages, Page("Sheet8"), Page("Sheet9")]
    return pages


__all__ = ["DEFECTS", "Book", "Case", "Expected", "Page", "make"]
