"""A case against what cleaning gave: what differs from the truth, and whether each difference was told."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pandas as pd

from hostile.compose import Case, Expected
from hostile.draft import Record
from hostile.writer import write
from mktanalytics.errors import FileError
from mktanalytics.ingest.checks.validate import validate
from mktanalytics.ingest.clean import Cleaned, assemble
from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.knowledge import Knowledge, knowledge
from mktanalytics.ingest.readers.formats import read_bytes
from mktanalytics.ingest.take_file import FileTaken, same_files, take_file
from mktanalytics.ingest.taking.take import Taken
from mktanalytics.ingest.wording import WORDINGS
from mktanalytics.settings import Settings
from mktanalytics.tables import table

KNOWN = knowledge(Settings())
LEFT_OUT = {"survey": ("survey", "kind", "option")}  # what a reader may name one way or another
_FROM = {"month": "date"}  # who hears of the date knows of the month
Place = tuple[str, str, int]


@dataclass
class Verdict:
    """What is to be said of one case."""

    case: Case
    differences: list[str] = field(default_factory=list)  # from the truth, told or not
    held: list[str] = field(default_factory=list)  # held back and told where that is right too
    silent: list[str] = field(default_factory=list)  # those of which nobody was told
    unbalanced: list[str] = field(default_factory=list)  # rows or amounts that went missing

    @property
    def knowable(self) -> bool:
        """Whether a careful human could read every row with certainty."""
        return not self.case.may_hold and not any(e.held for each in self.case.truth.values() for e in each)

    @property
    def outcome(self) -> str:
        """`exact`: every cell is read; `held`: what nobody can know, or need know, is held back and told, the rest is exact;
        `told`: something else differs, and was told; `silent`: nobody was told."""
        if self.silent:
            return "silent"
        if self.differences:
            return "told"
        must_hold = any(e.held for each in self.case.truth.values() for e in each)
        return "held" if self.held or must_hold else "exact"

    @property
    def right(self) -> bool:
        return self.outcome in ("exact", "held")


def run(case: Case, known: Knowledge = KNOWN) -> tuple[list[FileTaken], Cleaned]:
    """Clean the case's files in this process, as `clean` does."""
    taken: list[FileTaken] = []
    for name, data in sorted((b.name, write(b)) for b in case.books):
        digest = hashlib.sha256(data).hexdigest()
        try:
            taken.append(take_file(name, read_bytes(data, name, digest), known))
        except FileError as error:
            taken.append(take_file(name, error, known))
            taken[-1].sha256 = digest
    same_files(taken)
    validate([b for f in taken for b in f.blocks])
    return taken, assemble(taken, {}, known.settings)


def judge(case: Case) -> Verdict:
    verdict = Verdict(case)
    try:
        taken, cleaned = run(case)
    except Exception as error:  # a fault of ours: the whole folder would stop
        where = traceback.extract_tb(error.__traceback__)[-1]
        verdict.silent.append(f"crash: {error!r} at {Path(where.filename).name}:{where.lineno}")
        verdict.differences += verdict.silent
        return verdict
    told = _Told(taken)
    verdict.silent += [f"crash: {i.message_en}" for i in told.issues if i.code == "internal"]
    _compare(case, cleaned, told, verdict)
    _balance(taken, cleaned, verdict)
    return verdict


class _Told:
    """What was said of each row: its fate and reason in every block that holds it, and the issues that name it."""

    def __init__(self, taken: Sequence[FileTaken]) -> None:
        self.issues: list[Issue] = [
            i for f in taken for i in (*f.issues, *(x for b in f.blocks for x in b.issues))
        ]
        self.fates: dict[Place, list[tuple[str, str, Taken]]] = defaultdict(list)
        self.unread = {f.file for f in taken if not f.sha256 or (not f.blocks and f.issues)}
        for f in taken:
            for b in f.blocks:
                for row, (fate, reason) in b.fates.items():
                    self.fates[b.u.file, b.u.sheet, row + 1].append((fate, reason, b))

    def lost(self, place: Place) -> bool:
        """Whether somebody was told that the row was not taken: quarantined, or ignored with a warning."""
        if place[0] in self.unread or any(self._says_no(i, place) for i in self.issues):
            return True
        for fate, reason, block in self.fates.get(place, []):
            loud = fate == "quarantined" or (fate == "ignored" and WORDINGS[reason].severity != "info")
            if loud and any(
                i.code == reason and i.file == place[0] and i.sheet == place[1] and i in block.issues
                for i in self.issues
            ):
                return True
        return False

    @staticmethod
    def _says_no(i: Issue, place: Place) -> bool:
        """Whether an error at the row says that a record of it, of several, is not taken."""
        return (i.severity, i.file, i.sheet, i.row) == ("error", *place)

    def named(self, place: Place, column: str = "", value: object = None) -> bool:
        """Whether a warning names the row, the column in this sheet, or the value that stands above a section."""
        return any(
            i.file == place[0]
            and i.sheet == place[1]
            and i.severity != "info"
            and (
                i.row == place[2]
                or (column and i.column in (column, _FROM.get(column)))
                or (i.code == "unplaced_section" and i.value == str(value))
            )
            for i in self.issues
        )


def _compare(case: Case, cleaned: Cleaned, told: _Told, verdict: Verdict) -> None:
    got: dict[tuple[Place, str], list[Record]] = defaultdict(list)
    for name, frame in cleaned.tables.items():
        for row in frame.to_dict("records"):
            place = (str(row["source_file"]), str(row["source_sheet"]), int(row["source_row"]))
            got[place, name].append({str(k): v for k, v in row.items()})
    want: dict[tuple[Place, str], list[Expected]] = defaultdict(list)
    for place, all_of in case.truth.items():
        for e in all_of:
            want[place, e.table].append(e)
    for at in sorted({*got, *want}):
        _row(case, at[0], at[1], got.get(at, []), want.get(at, []), told, verdict)


def _row(
    case: Case,
    place: Place,
    name: str,
    got: list[Record],
    want: list[Expected],
    told: _Told,
    verdict: Verdict,
) -> None:
    where = f"{place[0]} {place[1]} row {place[2]} {name}"
    held = any(e.held for e in want)
    left = list(got)
    for record in (r for e in want for r in e.records):
        same = next((g for g in left if not _differences(name, record, g)), None)
        if same is not None:
            left.remove(same)
            continue
        near = min(left, key=lambda g: len(_differences(name, record, g)), default=None)
        if near is not None and len(differing := _differences(name, record, near)) <= 3:
            left.remove(near)
            text = f"{where}: " + "; ".join(
                f"{c} is {near.get(c)!r}, should be {_plain(record.get(c))!r}" for c in differing
            )
            named = all(told.named(place, c, record.get(c)) for c in differing)
            blank = all(_same(None, near.get(c)) for c in differing)
            (verdict.held if case.may_hold and named and blank else verdict.differences).append(text)
            if not named:
                verdict.silent.append(text)
        elif not held or not told.lost(place):
            text = f"{where}: missing {_short(record)} {[(f, r) for f, r, _ in told.fates.get(place, [])]}"
            lost = told.lost(place)
            (verdict.held if case.may_hold and lost else verdict.differences).append(text)
            if not lost:
                verdict.silent.append(text)
    for record in left:
        stands_in = any(
            not _differences(name, r, record) and told.lost(p)
            for p, all_of in case.truth.items() for e in all_of if e.table == name for r in e.records
        )  # fmt: skip
        text = f"{where}: {'must be held' if held else 'not in the truth'} {_short({c: record.get(c) for c in table(name).names})}"
        verdict.differences.append(text)
        if not stands_in and not told.named(place):  # a view counts where its source is held back
            verdict.silent.append(text)
    if held and not got and not told.lost(place):
        text = f"{where}: held, but nobody was told {[(f, r) for f, r, _ in told.fates.get(place, [])]}"
        verdict.differences.append(text)
        verdict.silent.append(text)


def _differences(name: str, want: Record, got: Record) -> list[str]:
    """The columns in which a tidy row isn't what it should be."""
    defaults = table(name).defaults
    found = []
    for column in table(name).columns:
        if column.name in LEFT_OUT.get(name, ()):
            continue
        wanted = want.get(column.name)
        if wanted is None and column.name not in want:
            wanted = defaults.get(column.name)
        if not _same(wanted, got.get(column.name)):
            found.append(column.name)
    return found


def _same(want: object, got: object) -> bool:
    empty = got is None or got is pd.NaT or got != got or got is pd.NA
    if want is None or empty:
        return want is None and empty
    if isinstance(want, Decimal):
        return isinstance(got, float) and abs(got - float(want)) <= 1e-12 * max(abs(got), 1.0)
    if isinstance(want, dt.date):
        return isinstance(got, pd.Timestamp) and got == pd.Timestamp(want)
    return str(want) == str(got)


def _plain(value: object) -> object:
    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, dt.date)
        else value
    )


def _short(record: Record) -> str:
    return ", ".join(
        f"{k}={_plain(v)}" for k, v in record.items() if v is not None and v == v and v is not pd.NaT
    )


def _balance(taken: Sequence[FileTaken], cleaned: Cleaned, verdict: Verdict) -> None:
    """Law 1: rows and amounts in = tidy + quarantined + ignored; every filled cell lies in a block."""
    for line in cleaned.ledger.to_dict("records"):
        if line["rows_in"] != line["rows_tidy"] + line["rows_quarantined"] + line["rows_ignored"]:
            verdict.unbalanced.append(f"{line['file']} {line['range']}: rows")
        for name, parts in json.loads(line["sums"]).items():
            if abs(parts["in"] - parts["tidy"] - parts["quarantined"] - parts["ignored"]) > 1e-6 * max(
                abs(parts["in"]), 1.0
            ):
                verdict.unbalanced.append(f"{line['file']} {line['range']}: {name} {parts}")
    for f in taken:
        for sheet in {id(b.u.grid): b.u.grid for b in f.blocks}.values():
            covered = {
                (r, c) for b in f.blocks if b.u.grid is sheet
                for r in b.fates for c in range(b.u.block.area.left, b.u.block.area.right)
            }  # fmt: skip
            missing = [
                (int(r), int(c))
                for r, c in zip(*sheet.filled.nonzero(), strict=True)
                if (int(r), int(c)) not in covered
            ]
            if missing:
                verdict.unbalanced.append(f"{f.file}: cells in no block {missing[:3]}")
    for name, frame in cleaned.tables.items():
        told = sum(
            int(line["records"]) for line in cleaned.ledger.to_dict("records") if line["table"] == name
        )
        if told != len(frame):
            verdict.unbalanced.append(f"{name}: {len(frame)} tidy rows, {told} in the ledger")
