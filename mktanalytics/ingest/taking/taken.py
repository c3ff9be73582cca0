"""What a block gave: its records, what became of each of its rows, and the sums that must balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.issues import Issue, tell
from mktanalytics.ingest.matching.reading import Match
from mktanalytics.ingest.matching.understood import Trouble, Understood
from mktanalytics.ingest.taking.measures import Figures
from mktanalytics.schema import Table


@dataclass
class Taken:
    """What a block gave. `fates` says for each of its sheet rows (0-based) what became of it and why."""

    u: Understood
    frame: pd.DataFrame
    fates: dict[int, tuple[str, str]]
    sums: pd.DataFrame  # per sheet row of data, what it holds of each additive measure
    issues: list[Issue] = field(default_factory=list)
    trouble: Trouble | None = None
    moved: dict[str, dict[str, float]] = field(default_factory=dict)  # records that left a row that stays
    beside: dict[int, tuple[int, ...]] = field(
        default_factory=dict
    )  # a record's row → the other rows it is made of

    @property
    def table(self) -> Table | None:
        return self.u.match.table if self.u.match and self.u.table else None

    def hold(self, trouble: Trouble) -> None:
        """Take nothing of the block, and say why."""
        self.trouble = trouble
        for row in self.u.block.data:
            if self.fates[row][0] != "ignored":
                self.fates[row] = (trouble.fate, trouble.code)
        self.frame = self.frame.iloc[:0]
        self.moved.clear()
        self.issues.append(self._trouble_issue(trouble))

    def _trouble_issue(self, trouble: Trouble) -> Issue:
        words = dict(trouble.words)
        column = str(words.pop("column", ""))
        return self.issue(trouble.code, cell=trouble.cell, column=column, value=trouble.value, words=words)

    def drop(self, records: NDArray[np.bool_], fate: str, reason: str) -> None:
        """Take these records out of the tidy ones; a sheet row goes with the last of its records."""
        gone = self.frame[records]
        self.frame = self.frame[~records].reset_index(drop=True)
        left = set(self.frame["_row"].tolist())
        for row in gone["_row"].unique().tolist():
            if row not in left:
                self.fates |= dict.fromkeys((row, *self.beside.get(row, ())), (fate, reason))
        partly = gone[gone["_row"].isin(left)]
        for name in self.sums.columns:
            if name in partly and len(partly):
                moved = self.moved.setdefault(fate, {})
                moved[name] = moved.get(name, 0.0) + float(partly[name].sum())

    def balance(self) -> dict[str, dict[str, float]]:
        """For each additive measure: what came in (row by row, as read), and what is tidy (as it stands in the
        records), quarantined and ignored."""
        fates = pd.Series({row: fate for row, (fate, _) in self.fates.items()}, dtype="str").reindex(
            self.sums.index
        )
        result: dict[str, dict[str, float]] = {}
        for name in self.sums.columns:
            values = self.sums[name]
            if not (values != 0).any():
                continue
            parts = {fate: float(values[fates == fate].sum()) for fate in ("quarantined", "ignored")}
            for fate, moved in self.moved.items():
                parts[fate] += moved.get(name, 0.0)
            tidy = float(self.frame[name].sum()) if name in self.frame else 0.0
            result[name] = {"in": float(values.sum()), "tidy": tidy, **parts}
        return result

    def check_sums(self) -> None:
        """Law 1, the last gate: amounts in = tidy + quarantined + ignored, or nothing is taken."""
        for name, parts in self.balance().items():
            out = parts["tidy"] + parts["quarantined"] + parts["ignored"]
            size = float(self.sums[name].abs().sum())
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


@dataclass
class Work:
    """A block while it is being taken: its figures, and which of its rows (by place among the data) are bad."""

    u: Understood
    match: Match
    rows: list[int]  # sheet rows of the data, 0-based
    figures: list[Figures]
    taken: Taken
    bad: NDArray[np.bool_]

    @property
    def table(self) -> Table:
        return self.match.table
