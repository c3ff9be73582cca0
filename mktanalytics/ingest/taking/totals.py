"""Rows that sum up others: believed only with a label and the arithmetic; then they are checks, not data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.sheets.account_words import is_running
from mktanalytics.ingest.sheets.vocabulary import begins_with_total, is_average, is_share, is_total

Figures = NDArray[np.float64]
_WHOLE = re.compile(  # totals only where they sum up
    r"全(国|部|店|网|站|渠道|平台|品类|类目|公司|省|市|区域|品牌|系列|体)|整体|总体|店铺整体|(全|分)?公司|所有(店铺|门店|产品|商品|渠道|品类|类目|区域|地区)|all( \w+)?|overall",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TotalRow:
    """A row (position in the block's data) that sums others up, and why we believe it."""

    row: int
    reason: str  # subtotal, total, unlabelled_total, average, share_row, running


@dataclass(frozen=True)
class Mismatch:
    """A total that says something else than its rows."""

    row: int
    measure: int
    stated: float
    computed: float


@dataclass(frozen=True)
class Totals:
    rows: tuple[TotalRow, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    unproved: tuple[
        int, ...
    ] = ()  # rows that say average, or total of what can't be added up, and are neither


def find_totals(
    labels: Sequence[Sequence[str]],
    figures: Figures,
    resolution: Sequence[float],
    above: Figures | None = None,
) -> Totals:
    """The total rows of a block.

    `labels` holds the words of each row, `figures` one column per additive measure (NaN is blank or unreadable),
    `resolution` the size of each measure's last written digit, `above` the sums of the blocks that stand above.
    """
    kinds = [_kind(words) for words in labels]
    kinds = ["" if kind == "total" and _is_name(labels, i) else kind for i, kind in enumerate(kinds)]
    if not any(kinds):
        return Totals()
    found: list[TotalRow] = []
    wrong: list[Mismatch] = []
    unproved: list[int] = []
    taken = np.zeros(len(kinds), dtype=bool)  # rows that are totals of some kind
    marked = np.array([k in ("total", "average", "share", "running") for k in kinds])
    for i, kind in enumerate(kinds):
        if not kind:
            continue
        if kind == "share":
            found.append(TotalRow(i, "share_row"))
            continue
        if kind == "running":
            found.append(TotalRow(i, _of_running(i, figures, marked, resolution)))
            continue
        if not np.isfinite(figures[i]).any():  # formulas that were never calculated, or nothing at all
            found += [TotalRow(i, "total_unchecked")] if kind == "total" else []
            continue
        sums = (
            _candidates(i, figures, marked, found, labels, above)
            if kind != "average"
            else _means(i, figures, marked)
        )
        fit = next((name for name, values in sums if _ties(figures[i], values, resolution)), None)
        if (
            fit is not None
            and (kind != "blank" or _enough(i, marked))
            and (kind != "weak" or (~marked).sum() > 2)
        ):
            found.append(TotalRow(i, _reason(kind, fit, labels[i])))
            taken[i] = marked[i] = True
        elif kind == "total" and sums:
            wrong += _mismatches(i, figures[i], sums, resolution)
        elif kind == "average":
            unproved.append(i)
    return Totals(tuple(found), tuple(wrong), tuple(unproved))


def find_unsummed(labels: Sequence[Sequence[str]], figures: Figures, resolution: Sequence[float]) -> Totals:
    """The total rows of a block whose figures (prices, shares, targets) may be no amounts: those that say so.

    What is no larger than a row may be a mean or a rate of the whole (合计 30% of 32% and 28%): it is no mismatch, as nobody
    knows what it is, and no record either.
    """
    found = find_totals(labels, figures, resolution)
    said = {i for i, words in enumerate(labels) if _kind(words) in ("total", "average", "share", "running")}
    rows = tuple(t for t in found.rows if t.row in said)
    names = {i for i in said if _kind(labels[i]) == "total" and _is_name(labels, i)}
    details = figures[[i not in said for i in range(len(figures))]]
    largest = np.nanmax(np.abs(details), axis=0, initial=0.0)
    wrong = tuple(m for m in found.mismatches if abs(m.stated) > largest[m.measure])
    untold = said - {t.row for t in rows} - names - {m.row for m in wrong}
    return Totals(rows, wrong, tuple(sorted(untold)))


def _of_running(i: int, figures: Figures, marked: NDArray[np.bool_], resolution: Sequence[float]) -> str:
    """累计 under the rows it sums is a total; a sum carried on from elsewhere can't be checked, and is no line either."""
    stated, before = figures[i], figures[:i][~marked[:i]]
    ties = len(before) and np.isfinite(stated).any() and _ties(stated, _sum(before), resolution)
    return "total" if ties else "running"


@lru_cache(maxsize=16384)
def sums_up(text: str) -> bool:
    """Whether a text alone may label a row that sums up others."""
    return len(text) <= 30 and bool(_kind([text.strip()]))


def _reason(kind: str, fit: str, words: Sequence[str]) -> str:
    """The ledger's word for a total row: as it is labelled, else as it sums."""
    if kind in ("blank", "average"):
        return {"blank": "unlabelled_total", "average": "average"}[kind]
    said = " ".join(words)
    if "小计" in said or "subtotal" in said.casefold():
        return "subtotal"
    return "total" if "总" in said else fit


def _kind(words: Sequence[str]) -> str:
    filled = [w for w in words if w]
    if not filled:
        return "blank"
    if any(map(is_running, filled)):
        return "running"
    if any(map(is_total, filled)):
        return "total"
    if _WHOLE.fullmatch(filled[0]):
        return "weak"
    if any(map(is_average, filled)):
        return "average"
    return "share" if is_share(filled[0]) and len(filled) == 1 else ""


def _is_name(labels: Sequence[Sequence[str]], i: int) -> bool:
    """Total Wine Traders, with everything else that a line has: a customer, not a total."""
    ends = any(is_total(w) and not begins_with_total(w) for w in labels[i])
    widths = sorted(sum(map(bool, words)) for words in labels)
    return not ends and sum(map(bool, labels[i])) >= max(widths[len(widths) // 2], 3)


def _enough(i: int, marked: NDArray[np.bool_]) -> bool:
    """An unlabelled row is only believed to be a total of at least two others, above it or, as the first, below."""
    others = ~marked[:i] if i else ~marked[1:]
    return int(others.sum()) >= 2


def _candidates(
    i: int,
    figures: Figures,
    marked: NDArray[np.bool_],
    found: Sequence[TotalRow],
    labels: Sequence[Sequence[str]],
    above: Figures | None,
) -> list[tuple[str, Figures]]:
    """What the row may sum: all details so far, those since the last total, those below, or those of its name; the last
    row of a block also what stands in the blocks above."""
    detail = ~marked
    before = np.arange(len(detail)) < i
    last = max((t.row for t in found if t.row < i), default=-1)
    following = np.nonzero(marked[i + 1 :])[0]
    next_total = i + 1 + int(following[0]) if len(following) else len(detail)
    index = np.arange(len(detail))
    options = [
        ("subtotal", detail & before & (index > last)),
        ("total", detail & before),
        ("subtotal", detail & (index > i) & (index < next_total)),
        ("total", detail & (index > i)),
    ]
    name = _named(labels[i])
    if name:
        same = np.array([name in words for words in labels])
        options.insert(1, ("subtotal", detail & same))
    if last < 0:
        options = [("total" if n == "subtotal" and m is options[0][1] else n, m) for n, m in options]
    sums = [(n, _sum(figures[mask])) for n, mask in options if mask.any()]
    if above is not None and i == len(detail) - 1:
        sums.append(("total", _sum(figures[detail & before]) + above))
    return sums


def _named(words: Sequence[str]) -> str:
    """华东 of `华东合计`, or of a row that says 华东 beside 小计."""
    for word in words:
        if is_total(word):
            bare = word
            for ending in ("合计", "小计", "总计", "共计", "Total", "total", "subtotal", "Subtotal"):
                bare = bare.replace(ending, "")
            if bare.strip():
                return bare.strip()
    rest = [w for w in words if w and not is_total(w)]
    return rest[-1] if rest else ""


def _sum(rows: Figures) -> Figures:
    return np.where(np.isfinite(rows).any(axis=0), np.nansum(rows, axis=0), np.nan)


def _means(i: int, figures: Figures, marked: NDArray[np.bool_]) -> list[tuple[str, Figures]]:
    rows = figures[:i][~marked[:i]]
    count = np.isfinite(rows).sum(axis=0)
    return [("average", _sum(rows) / np.maximum(count, 1))] if len(rows) else []


def _ties(stated: Figures, computed: Figures, resolution: Sequence[float]) -> bool:
    both = np.isfinite(stated)
    if not both.any() or not np.isfinite(computed[both]).all():
        return False
    return bool((np.abs(stated - computed)[both] <= tolerance(stated, computed, resolution)[both]).all())


def tolerance(stated: Figures, computed: Figures, resolution: Sequence[float]) -> Figures:
    """Half a last digit, or a rounding error of floating point."""
    return np.maximum(np.asarray(resolution) * 0.51, 1e-9 * np.maximum(np.abs(stated), np.abs(computed)))


def _mismatches(
    i: int, stated: Figures, sums: Sequence[tuple[str, Figures]], resolution: Sequence[float]
) -> list[Mismatch]:
    """The differences to whichever sum is nearest."""
    off = [np.nansum(np.abs(stated - values)) for _, values in sums]
    nearest = sums[int(np.argmin(off))][1]
    wide = np.abs(stated - nearest) > tolerance(stated, nearest, resolution)
    return [
        Mismatch(i, int(m), float(stated[m]), float(nearest[m]))
        for m in np.nonzero(np.isfinite(stated) & (wide | ~np.isfinite(nearest)))[0]
    ]


def hidden_hierarchy(values: Figures) -> bool:
    """Whether a column is nothing but parents followed by their children, whose sums they are (30: 10, 20; 70: 40, 30)."""
    numbers = values[np.isfinite(values)]
    at, groups = 0, 0
    while at < len(numbers):
        sums = np.cumsum(numbers[at + 1 :])
        close = np.abs(sums - numbers[at]) <= 1e-9 * max(abs(float(numbers[at])), 1.0)
        ends = np.nonzero(close[1:])[0]  # two children at least
        if not len(ends) or numbers[at] == 0:
            return False
        at, groups = at + int(ends[0]) + 3, groups + 1
    return groups >= 2


def sums_all_others(values: Figures) -> bool:
    """Whether the first or the last figure is all others together, which are at least three."""
    numbers = values[np.isfinite(values)]
    whole = float(numbers.sum())
    return len(numbers) >= 4 and any(
        numbers[i] != 0 and abs(whole - 2 * float(numbers[i])) <= 1e-9 * abs(float(numbers[i]))
        for i in (0, -1)
    )
