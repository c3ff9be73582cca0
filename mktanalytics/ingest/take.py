"""From a block as understood to its records: every row of it tidy, quarantined or ignored, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mktanalytics.ingest.derive import derive
from mktanalytics.ingest.extra import extra_json
from mktanalytics.ingest.fields import Fields, read_fields, whole_market
from mktanalytics.ingest.issues import MASK, Issue, tell
from mktanalytics.ingest.labels import column_cells, merged_down
from mktanalytics.ingest.match import Match
from mktanalytics.ingest.measures import Figures, matrix, read_figures, row_sums, summed
from mktanalytics.ingest.records import joined, long_records, wide_records
from mktanalytics.ingest.totals import Totals, find_totals, tolerance
from mktanalytics.ingest.understood import Trouble, Understood
from mktanalytics.ingest.values import Code, ParsedColumn, as_written
from mktanalytics.ingest.wording import PROBLEMS
from mktanalytics.schema import EXTRA, Column, Table

KINDS_NOT_TOTALLED = ("kpi", "item", "question", "text", "note", "answer")  # words there are no row labels
TOO_MANY_BAD = 1 / 3


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
                self.fates[row] = (fate, reason)
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
                self.moved.clear()
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


def take(u: Understood) -> Taken:
    """Parse the block, tell total rows from data, and sort out what can't be read."""
    fates = _outer_fates(u)
    match = u.match
    empty = pd.DataFrame({"_row": np.array([], dtype=np.int64)})
    if match is None or not u.table:
        taken = Taken(u, empty, fates, pd.DataFrame(index=list(u.block.data)))
        if u.trouble:
            taken.hold(u.trouble)
        return taken
    return _Taking(u, match, fates).run()


def _outer_fates(u: Understood) -> dict[int, tuple[str, str]]:
    """Titles, headers and notes are ignored; data rows are tidy until something else is found."""
    block = u.block
    fates = dict.fromkeys(block.titles, ("ignored", "title"))
    fates |= dict.fromkeys(block.header, ("ignored", "header"))
    fates |= dict.fromkeys(block.notes, ("ignored", "note"))
    fates |= dict.fromkeys(block.repeated, ("ignored", "repeated_header"))
    return fates | dict.fromkeys(block.data, ("tidy", ""))


class _Taking:
    """The steps of `take`, and what they share."""

    def __init__(self, u: Understood, match: Match, fates: dict[int, tuple[str, str]]) -> None:
        self.u, self.match, self.table = u, match, match.table
        self.rows = list(u.block.data)
        self.figures = read_figures(u, match, self.rows)
        self.taken = Taken(u, pd.DataFrame({"_row": np.array([], dtype=np.int64)}), fates, self._sums())
        self.bad = np.zeros(len(self.rows), dtype=bool)

    def _sums(self) -> pd.DataFrame:
        sums = row_sums(self.figures, self.table.additive, len(self.rows))
        sums.index = pd.Index(self.rows)
        return sums

    def run(self) -> Taken:
        if self.u.trouble:
            self.taken.hold(self.u.trouble)
            return self.taken
        totals = self._totals()
        dropped = np.zeros(len(self.rows), dtype=bool)
        for t in totals.rows:
            dropped[t.row] = True
            self.taken.fates[self.rows[t.row]] = ("ignored", t.reason)
        fields = read_fields(self.u, self.match, self.rows, dropped)
        self._tell_filled(fields)
        kept = ~dropped
        spoilt = self._problems(fields, kept)
        frame = self._records(fields, spoilt, kept)
        frame, told = derive(self.u, self.match, frame)
        self.taken.issues += told
        self._missing(frame, kept)
        self._bounds(frame, kept)
        rows = np.asarray(self.rows, dtype=np.int64)
        frame["_row"] = rows[frame["_i"].to_numpy()]
        frame["source_row"] = frame["_row"] + 1
        self._fit_sums(frame)
        good = ~self.bad & kept
        self.taken.frame = frame[good[frame["_i"].to_numpy()]].drop(columns="_i").reset_index(drop=True)
        self._gates(totals, kept)
        return self.taken

    # ---- totals

    def _totals(self) -> Totals:
        sums = summed(self.figures, self.match)
        if not sums:
            return Totals()
        return find_totals(self._row_labels(), matrix(sums, len(self.rows)), [f.resolution for f in sums])

    def _row_labels(self) -> list[list[str]]:
        """The words of each row that may say total: everything but figures, free text, and the brand of a market."""
        own = {f.position for f in self.figures}
        columns = [
            column_cells(self.u.grid, self.rows, self.u.headings[i].column, merged=True)
            for i, role in enumerate(self.match.roles)
            if i not in own and role.kind != "label" and not self._untotalled(role.column)
        ]
        return [
            [c.strip() if isinstance(c, str) else "" if c is None else as_written(c) for c in row]
            for row in zip(*columns, strict=True)
        ] or [[] for _ in self.rows]

    def _untotalled(self, column: str) -> bool:
        return column in KINDS_NOT_TOTALLED or (column == "brand" and self.table.name == "market")

    # ---- cells that can't be read

    def _problems(self, fields: Fields, kept: NDArray[np.bool_]) -> dict[int, NDArray[np.bool_]]:
        """Tell every unreadable cell; in a column that matters it costs the row, elsewhere the cell is kept in `extra`."""
        spoilt: dict[int, NDArray[np.bool_]] = {}
        parts = [(f.position, f.column, f.parsed) for f in fields.fields]
        parts += [(f.position, f.column, f.parsed) for f in self.figures if f.role != "total"]
        for position, column, parsed in parts:
            hard = self._hard(column)
            for problem in parsed.problems:
                if not kept[problem.place]:
                    continue
                if hard:
                    self.bad[problem.place] = True
                    self.taken.fates[self.rows[problem.place]] = ("quarantined", "bad_value")
                else:
                    spoilt.setdefault(position, np.zeros(len(self.rows), dtype=bool))[problem.place] = True
                self._tell_cell(
                    "bad_value" if hard else "bad_optional",
                    problem.place,
                    position,
                    column,
                    problem.value,
                    problem.code,
                )
            self._tell_notes(position, column, parsed)
        return spoilt

    def _hard(self, column: Column) -> bool:
        """Whether a row without this value would be wrong rather than merely poorer."""
        table = self.table
        wide = {w.value for w in table.wide}
        one_of = {c for group in table.one_of for c in group}
        return (
            column.name in {*table.required, *one_of, *wide}
            or column.additive
            or (bool(column.allowed) and column.name in table.grain)
        )

    def _tell_cell(self, code: str, i: int, position: int, column: Column, value: str, why: Code) -> None:
        zh, en = PROBLEMS[why]
        shown = MASK if column.sensitive else value[:80]
        row = self.rows[i]
        self.taken.issues.append(
            self.taken.issue(
                code,
                row=row + 1,
                cell=self.u.cell(row, position),
                column=column.name,
                value=shown,
                words={"why": zh, "why_en": en},
            )
        )

    def _tell_notes(self, position: int, column: Column, parsed: ParsedColumn) -> None:
        for note in parsed.notes:
            zh, en = PROBLEMS[note.code]
            example = MASK if column.sensitive else note.example
            self.taken.issues.append(
                self.taken.issue(
                    "value_note", cell=self.u.cell(self.u.block.header[-1], position), column=column.name, value=example,
                    words={"zh": f"{zh}（{note.n}）", "en": f"{en} ({note.n})"},
                )
            )  # fmt: skip

    def _tell_filled(self, fields: Fields) -> None:
        for name, n in fields.filled:
            self.taken.issues.append(self.taken.issue("filled_down", column=name, words={"n": n}))

    # ---- records

    def _records(
        self, fields: Fields, spoilt: dict[int, NDArray[np.bool_]], kept: NDArray[np.bool_]
    ) -> pd.DataFrame:
        n = len(self.rows)
        if self.match.wide:
            records = wide_records(self.u, self.match, self.figures, self.rows, fields.years)
        else:
            records = long_records(self.figures, n)
        series: dict[str, pd.Series] = {f.column.name: f.parsed.values for f in fields.fields}
        series |= {f.column.name: f.parsed.values for f in self.figures if f.role == "column"}
        series |= self._time(fields)
        if "unit" in self.table.names and self.table.name in ("targets", "actuals"):
            series["unit"] = self._unit(series.get("unit"))
        if self.table.name == "survey" and "survey" not in series:
            stem = PurePosixPath(self.u.file).stem
            series["survey"] = pd.Series([stem] * n, dtype="str")
        if self.table.name == "survey" and "question" not in series and "question_no" in series:
            series["question"] = series["question_no"]
        series[EXTRA] = pd.Series(self._extra(spoilt), dtype="str")
        records = records[kept[records["_i"].to_numpy()]]
        frame = joined(records, series)
        if self.table.name == "market" and "brand" in frame:
            frame["brand"] = whole_market(frame["brand"].astype("str"))
        return frame

    def _time(self, fields: Fields) -> dict[str, pd.Series]:
        """`month` and `period` of each row, from its own column, its date, or what is said around the block."""
        by_name = {f.column.name: f.parsed for f in fields.fields}
        names, n = self.table.names, len(self.rows)
        found: dict[str, pd.Series] = {}
        if "month" in by_name:
            lengths = by_name["month"].lengths
            if "period" in names and "period" not in by_name and lengths is not None:
                found["period"] = lengths.mask(lengths == "")
            firsts = by_name["month"].values
            found["month"] = (
                firsts.dt.to_period("M").dt.start_time.astype("datetime64[us]")
                if lengths is not None and (lengths == "day").any()
                else firsts
            )
        elif (
            "date" in by_name
            and "month" in names
            and "date"
            in {c for g in self.table.one_of for c in g}
            | ({"date"} if self.table.name in ("survey",) else set())
        ):
            dates = by_name["date"].values
            found["month"] = dates.dt.to_period("M").dt.start_time.astype("datetime64[us]")
            if "period" in names:
                found["period"] = pd.Series(["day"] * n, dtype="str").mask(dates.isna())
        elif self.u.when.period is not None and "month" in names:
            period = self.u.when.period
            found["month"] = pd.Series(np.full(n, np.datetime64(period.month, "us")))
            if "period" in names:
                found["period"] = pd.Series([period.length] * n, dtype="str")
        return found

    def _unit(self, written: pd.Series | None) -> pd.Series:
        """CNY, fraction, or the unit as written: what the figures are in now."""
        held = pd.Series([""] * len(self.rows), dtype="str")
        for f in self.figures:
            if f.column.name in ("target", "actual") and f.role != "total" and f.parsed.units is not None:
                held = held.mask(held == "", f.parsed.units)
        if written is not None:
            held = held.mask(held == "", written.fillna(""))
        return held.mask(held == "")

    def _extra(self, spoilt: dict[int, NDArray[np.bool_]]) -> NDArray[np.object_]:
        columns: dict[str, NDArray[np.object_]] = {}
        for i, role in enumerate(self.match.roles):
            if role.kind in ("extra", "blank"):
                cells = column_cells(self.u.grid, self.rows, self.u.headings[i].column, merged=True)
            elif i in spoilt:
                cells = column_cells(self.u.grid, self.rows, self.u.headings[i].column, merged=True)
                cells[~spoilt[i]] = None
            else:
                continue
            name = self.u.header_of(i)
            columns[name if name not in columns else f"{name} ({self.u.cell(0, i)[:-1]})"] = cells
        return extra_json(columns, len(self.rows))

    # ---- rows that lack what they need, or hold what can't be

    def _missing(self, frame: pd.DataFrame, kept: NDArray[np.bool_]) -> None:
        at = frame["_i"].to_numpy()
        for name in self._needed(frame):
            lacking = np.unique(at[frame[name].isna().to_numpy()])
            self._quarantine(lacking, "missing_value", name, kept)
        figures = [c for c in self._any_of() if c in frame]
        if figures:
            lacking = np.unique(at[frame[figures].isna().all(axis=1).to_numpy()])
            self._quarantine(lacking, "missing_measure", "", kept)
        without = np.setdiff1d(np.arange(len(self.rows)), at)
        self._quarantine(without, "missing_measure", "", kept)

    def _needed(self, frame: pd.DataFrame) -> list[str]:
        needed = [c for c in self.table.required if c in frame and c not in self._any_of()]
        for group in self.table.one_of:
            if {"month", "date"} & set(group):
                needed += (
                    [next(c for c in ("date", "month") if c in frame and c in group)]
                    if {"month", "date"} & set(group) & set(frame.columns)
                    else []
                )
        return list(dict.fromkeys(needed))

    def _any_of(self) -> list[str]:
        """Columns of which a row needs at least one."""
        groups = [
            g
            for g in self.table.one_of
            if all(c in self.table.names and (self.table.column(c).is_number or c == "text") for c in g)
        ]
        if groups:
            return list(groups[0])
        return [c for c in self.table.required if self.table.column(c).is_number]

    def _quarantine(self, places: NDArray[np.int64], code: str, name: str, kept: NDArray[np.bool_]) -> None:
        position = self.match.mapped.get(name)
        for i in places.tolist():
            if not kept[i] or self.bad[i]:
                continue
            self.bad[i] = True
            row = self.rows[i]
            self.taken.fates[row] = ("quarantined", code)
            cell = (
                self.u.cell(row, position)
                if position is not None
                else f"{self.u.cell(row, 0)}:{self.u.cell(row, len(self.u.headings) - 1)}"
            )
            self.taken.issues.append(self.taken.issue(code, row=row + 1, cell=cell, column=name))

    def _bounds(self, frame: pd.DataFrame, kept: NDArray[np.bool_]) -> None:
        at = frame["_i"].to_numpy()
        for column in self.table.columns:
            if (
                column.name not in frame
                or not column.is_number
                or (column.minimum is None and column.maximum is None)
            ):
                continue
            values = frame[column.name].to_numpy(dtype="float64")
            low, high = column.minimum, column.maximum
            outside = (values < (low if low is not None else -np.inf)) | (
                values > (high if high is not None else np.inf)
            )
            for i in np.unique(at[outside]).tolist():
                if self.bad[i]:
                    continue
                self.bad[i] = True
                row = self.rows[i]
                self.taken.fates[row] = ("quarantined", "out_of_bounds")
                position = self.match.mapped.get(column.name)
                value = (
                    ""
                    if position is None
                    else as_written(self.u.grid.cells[row, self.u.headings[position].column])
                )
                self.taken.issues.append(
                    self.taken.issue(
                        "out_of_bounds", row=row + 1, cell=self.u.cell(row, position or 0), column=column.name, value=value,
                        words={"low": "-∞" if low is None else low, "high": "∞" if high is None else high},
                    )
                )  # fmt: skip

    def _fit_sums(self, frame: pd.DataFrame) -> None:
        """A derived amount is what its row holds."""
        if "_derived" not in frame:
            return
        derived = frame.groupby("_row")["amount"].sum()
        self.taken.sums["amount"] = derived.reindex(self.taken.sums.index).fillna(0.0)
        del frame["_derived"]

    # ---- gates

    def _gates(self, totals: Totals, kept: NDArray[np.bool_]) -> None:
        for check in (
            self._merged,
            lambda: self._mismatch(totals),
            self._total_columns,
            lambda: self._too_bad(kept),
        ):
            if self.taken.trouble is None and (trouble := check()) is not None:
                self.taken.hold(trouble)

    def _merged(self) -> Trouble | None:
        for f in self.figures:
            if f.role != "total" and (
                rows := merged_down(self.u.grid, self.rows, self.u.headings[f.position].column)
            ):
                return Trouble("merged_measure", cell=self.u.cell(rows[0], f.position))
        return None

    def _mismatch(self, totals: Totals) -> Trouble | None:
        if not totals.mismatches:
            return None
        wrong = totals.mismatches[0]
        figure = summed(self.figures, self.match)[wrong.measure]
        return self._total_trouble(wrong.row, figure, wrong.stated, wrong.computed)

    def _total_trouble(self, i: int, figure: Figures, stated: float, computed: float) -> Trouble:
        return Trouble(
            "total_mismatch",
            {"column": self.u.header_of(figure.position), "stated": _show(stated), "computed": _show(computed), "difference": _show(stated - computed)},
            cell=self.u.cell(self.rows[i], figure.position),
        )  # fmt: skip

    def _total_columns(self) -> Trouble | None:
        """合计 at the end of a row must be the sum of its months."""
        parts = [f for f in self.figures if f.role in ("period", "label")]
        for total in (f for f in self.figures if f.role == "total"):
            if total.column.kind == "rate":
                continue
            inside = self.u.periods.sums.get(total.position)
            of_it = [
                p
                for p in parts
                if p.column.name == total.column.name and (not inside or p.position in inside)
            ]
            if not of_it:
                continue
            values = matrix(of_it, len(self.rows))
            computed = np.where(np.isfinite(values).any(axis=1), np.nansum(values, axis=1), np.nan)
            stated = total.values
            digit = max(max(p.resolution for p in of_it), total.resolution)
            off = (
                np.isfinite(stated)
                & np.isfinite(computed)
                & (np.abs(stated - computed) > tolerance(stated, computed, [digit]))
            )
            off &= ~self.bad
            if off.any():
                i = int(np.nonzero(off)[0][0])
                return self._total_trouble(i, total, float(stated[i]), float(computed[i]))
        return None

    def _too_bad(self, kept: NDArray[np.bool_]) -> Trouble | None:
        bad, total = int((self.bad & kept).sum()), int(kept.sum())
        if (bad > 2 and bad > total * TOO_MANY_BAD) or (bad and bad == total):
            return Trouble("too_many_bad", {"bad": bad, "total": total})
        return None


def _show(value: float) -> str:
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.2f}"
