"""What a block gave: its records, what became of each of its rows, and the sums that must balance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.taking.fates import Fates
from mktanalytics.ingest.taking.measures import Figures
from mktanalytics.ingest.values.texts import Mask
from mktanalytics.ingest.values.tidy import Records
from mktanalytics.schema import Table

if TYPE_CHECKING:
    import pandas as pd


class Claim(NamedTuple):
    """What one source says where another disagrees: a line of `conflicts.parquet`."""

    among: str  # the addresses of all sides
    table: str
    key: str
    column: str
    value: str
    counted: bool
    source_file: str
    source_sheet: str
    source_row: int


@dataclass
class Taken:
    """What a block gave: its records, and what became of each of its sheet rows (0-based) and why."""

    u: Understood
    records: Records
    fates: Fates
    data: NDArray[np.int64]  # the sheet rows that hold data
    sums: dict[str, NDArray[np.float64]]  # what each of them holds of each additive measure
    issues: list[Issue] = field(default_factory=list)
    trouble: Trouble | None = None
    moved: dict[str, dict[str, float]] = field(default_factory=dict)  # records that left a row that stays
    # a record's row → the other rows it is made of
    beside: dict[int, tuple[int, ...]] = field(default_factory=dict)
    held: str = ""  # of a block held back, a digest of what it says
    claims: list[Claim] = field(default_factory=list)  # what it says where another block disagrees

    @property
    def table(self) -> Table | None:
        return self.u.match.table if self.u.match and self.u.table else None

    @property
    def frame(self) -> pd.DataFrame:
        """The records as a pandas frame, each with its sheet row as Excel counts."""
        from mktanalytics.ingest.values.in_pandas import frame_of  # loads pandas

        return frame_of(self.records)

    def hold(self, trouble: Trouble) -> None:
        """Take nothing of the block, and say why."""
        self.trouble = trouble
        self.fates.hold((trouble.fate, trouble.code))
        self.records = self.records.where(np.zeros(len(self.records), dtype=bool))
        self.moved.clear()
        self.issues.append(self._trouble_issue(trouble))

    def without_cells(self) -> Taken:
        """The block as what is laid side by side needs it: what was found, without the sheet it was found on."""
        return replace(self, u=self.u.without_cells())

    def _trouble_issue(self, trouble: Trouble) -> Issue:
        words = dict(trouble.words)
        column = str(words.pop("column", ""))
        return self.issue(trouble.code, cell=trouble.cell, column=column, value=trouble.value, words=words)

    def drop(self, records: Mask, fate: str, reason: str) -> None:
        """Take these records out of the tidy ones; a sheet row goes with the last of its records."""
        gone = self.records.where(records)
        self.records = self.records.where(~records)
        stays = np.isin(gone.rows, self.records.rows)
        for row in np.unique(gone.rows[~stays]).tolist() if self.beside else ():
            self.fates.put(self.beside.get(row, ()), (fate, reason))
        self.fates.put(gone.rows[~stays], (fate, reason))
        for name in self.sums if stays.any() else ():
            if name in gone:
                moved = self.moved.setdefault(fate, {})
                moved[name] = moved.get(name, 0.0) + float(np.nansum(gone.figures(name)[stays]))

    def balance(self) -> dict[str, dict[str, float]]:
        """For each additive measure: what came in (row by row, as read), and what is tidy (as it stands in the
        records), quarantined and ignored."""
        kinds = self.fates.kind_of(self.data)
        result: dict[str, dict[str, float]] = {}
        for name, values in self.sums.items():
            if not values.any():
                continue
            parts = {fate: float(values[kinds[fate]].sum()) for fate in ("quarantined", "ignored")}
            for fate, moved in self.moved.items():
                parts[fate] += moved.get(name, 0.0)
            tidy = float(np.nansum(self.records.figures(name))) if name in self.records else 0.0
            result[name] = {"in": float(values.sum()), "tidy": tidy, **parts}
        return result

    def check_sums(self) -> None:
        """Law 1, the last gate: amounts in = tidy + quarantined + ignored, or nothing is taken."""
        for name, parts in self.balance().items():
            out = parts["tidy"] + parts["quarantined"] + parts["ignored"]
            size = float(np.abs(self.sums[name]).sum())
            if abs(parts["in"] - out) > 1e-6 * max(size, 1.0):
                detail = f"{name}: {parts['in']:.2f} ≠ {out:.2f}"
                self.hold(Trouble("sums_unbalanced", {"detail": detail}))
                return

    def issue(
        self,
        code: str,
        *,
        row: int = 0,
        cell: str = "",
        column: str = "",
        value: str = "",
        words: Mapping[str, object] | None = None,
    ) -> Issue:
        """An issue at this block; `row` as Excel counts."""
        place = cell or self.u.block.range
        name = self.u.match.table.name if self.u.match and self.u.table else ""
        return tell(
            code, file=self.u.file, sheet=self.u.sheet, row=row, cell=place, table=name, column=column, value=value,
            **(words or {}),
        )  # fmt: skip


_CODED = re.compile(r"编号|编码|代码|[单账卡条]号|序号|\b(id|no|code|number)\b|ID$|#", re.IGNORECASE)


@dataclass
class Work:
    """A block while it is being taken: its figures, and which of its rows (by place among the data) are bad."""

    u: Understood
    match: Match
    rows: NDArray[np.int64]  # sheet rows of the data, 0-based
    figures: list[Figures]
    taken: Taken
    bad: NDArray[np.bool_]
    above: Mapping[str, float]  # what the blocks above hold of each measure, where a total may count it in
    whole: str = ""  # the brand that a market calls the whole of it, where its words alone don't say so
    # the column (or "") and the name of each row's section
    sections: tuple[str, NDArray[np.object_]] | None = None

    @property
    def table(self) -> Table:
        return self.match.table

    @cached_property
    def wordless(self) -> frozenset[int]:
        """Positions of the columns whose cells name no row: figures, also those nobody knows, and blanks; codes do."""
        unknown = (
            i
            for i, (heading, role) in enumerate(zip(self.u.headings, self.match.roles, strict=True))
            if role.kind in ("extra", "blank") and self.u.profiles[i].numeric
            if not _CODED.search(heading.written)
        )
        return frozenset((*unknown, *(f.position for f in self.figures)))
