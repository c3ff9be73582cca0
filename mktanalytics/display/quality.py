"""The data-quality pages, the same for every report: what was read, what was set aside, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mktanalytics.display.blocks import Block, DataThrough, Note
from mktanalytics.display.cells import Col
from mktanalytics.display.tables import Table
from mktanalytics.display.wording import W
from mktanalytics.language import spoken
from mktanalytics.tables import all_tables

ROWS = ("rows_in", "rows_tidy", "rows_quarantined", "rows_ignored")
MOST_ISSUES = 15
MOST_FILES = 5  # of one table; all of them are in the ledger and the manifest
DISAGREEING = ("conflict", "outvoted")
SEVERITIES = ("error", "warning")  # what is only for information stays in issues.parquet
PLACE = ["severity", "code", "file", "sheet", "row"]


def problem_kinds(issues: pd.DataFrame) -> pd.DataFrame:
    """One row a kind of problem in a file, the worst first: where it is met first (`PLACE`), and how often (count)."""
    by_sheet = issues.groupby(PLACE[:4], as_index=False)["row"].agg(["min", "size"])
    by_sheet = by_sheet.rename(columns={"min": "row"})
    worst = by_sheet["severity"].map(SEVERITIES.index)
    by_sheet = by_sheet.assign(_worst=worst).sort_values(["_worst", "file", "sheet", "row"], kind="stable")
    kinds = by_sheet.groupby(PLACE[:3], sort=False)
    return kinds.head(1)[PLACE].assign(count=kinds["size"].transform("sum")).reset_index(drop=True)


def quality_blocks(
    ledger: pd.DataFrame,
    problems: pd.DataFrame,
    manifest: Mapping[str, Any],
    tables: Sequence[str],
    through: dt.date,
    language: str | None = None,
) -> list[Block]:
    """The blocks that tell how far a report's data can be trusted.

    Parameters
    ----------
    ledger, manifest
        As ingestion wrote them (docs/architecture.md).
    problems
        What `problem_kinds` makes of the issues of these tables, and of the first `MOST_ISSUES` the columns cell,
        message_zh, message_en, todo_zh, todo_en.
    tables
        The tables the report needs.
    through
        The last day its data knows.
    """
    language = language or spoken()
    rows = ledger[ledger["table"].isin([*tables, ""])]
    blocks: list[Block] = [DataThrough(through, language=language)]
    blocks += _warnings(rows, tables, language)
    blocks += _disagreements(problems, language)
    blocks.append(
        Note(W("no_issues", language), language=language)
        if problems.empty
        else _problem_table(problems, language)
    )
    blocks.append(_ledger_table(rows, manifest, language))
    return blocks


def _warnings(rows: pd.DataFrame, tables: Sequence[str], language: str) -> list[Block]:
    out: list[Block] = []
    present = set(rows.loc[rows["rows_tidy"] > 0, "table"])
    missing = [_label(t, language) for t in tables if t not in present]
    if missing:
        joined = ("、" if language == "zh" else ", ").join(missing)
        out.append(Note(W("missing_tables", language, tables=joined), kind="warning", language=language))
    held = int(rows["rows_quarantined"].sum())
    if held:
        out.append(Note(W("quarantine_note", language, rows=f"{held:,}"), kind="warning", language=language))
    uneven = rows[rows["rows_in"] != rows[list(ROWS[1:])].sum(axis=1)]
    if len(uneven):
        files = ", ".join(sorted(set(uneven["file"])))
        out.append(Note(W("unbalanced", language, files=files), kind="warning", language=language))
    return out


def _disagreements(problems: pd.DataFrame, language: str) -> list[Block]:
    """How many rows say otherwise in another source, and whether any of them counts."""
    found = {code: int(problems.loc[problems["code"] == code, "count"].sum()) for code in DISAGREEING}
    return [
        Note(W(f"{code}_note", language, rows=f"{n:,}"), kind="warning", language=language)
        for code, n in found.items()
        if n
    ]


def _label(table: str, language: str) -> str:
    known = all_tables().get(table)
    if known is None:
        return table if table else W("unrecognised", language)
    return known.zh if language == "zh" else known.en


def _ledger_table(rows: pd.DataFrame, manifest: Mapping[str, Any], language: str) -> Table:
    """Rows per file and table, unrecognised blocks last, and their total."""
    summed = rows.groupby(["table", "file"], as_index=False)[list(ROWS)].sum()
    summed = summed.sort_values(
        ["table", "file"], key=lambda s: s.replace("", "\U0010ffff"), kind="stable", ignore_index=True
    )
    total = pd.DataFrame([{"file": W("total", language), "table": None, **summed[list(ROWS)].sum()}])
    parts = [_shortened(part, language) for _, part in summed.groupby("table", sort=False)]
    summed = pd.concat(parts) if parts else summed
    frame = pd.concat([summed.astype({"table": object}), total], ignore_index=True)
    frame["table"] = [None if t is None or pd.isna(t) else _label(t, language) for t in frame["table"]]
    frame.loc[frame.index[-1], "table"] = ""
    columns = [
        Col("table", W("tidy_table", language)),
        Col("file", W("file", language)),
        *(Col(c, W(c, language), unit="count") for c in ROWS),
    ]
    note = W("ledger_note", language)
    if manifest.get("sample"):
        note = f"{W('sample', language)}{'。' if language == 'zh' else '. '}{note}"
    return Table(frame, W("ledger_caption", language), columns, total=True, note=note, language=language)


def _shortened(files: pd.DataFrame, language: str) -> pd.DataFrame:
    """The files of one table, the largest of them by name where there are many, and the others summed."""
    most = MOST_FILES if files["table"].iloc[0] else 0  # blocks that are no table are counted, not listed
    if len(files) <= most + 1:
        return files
    listed = files["rows_in"].rank(method="first", ascending=False) <= most
    rest = files[~listed]
    words = W("other_files" if most else "files", language, n=len(rest))
    line = {"table": files["table"].iloc[0], "file": words, **rest[list(ROWS)].sum()}
    return pd.concat([files[listed], pd.DataFrame([line])])


def _problem_table(problems: pd.DataFrame, language: str) -> Table:
    """One line a kind of problem: how often, where it is met first, what to do."""
    shown = problems.head(MOST_ISSUES)
    frame = pd.DataFrame(
        {
            "severity": [W(s, language) for s in shown["severity"]],
            "where": [_where(r) for r in shown.to_dict("records")],
            "problem": shown[f"message_{language}"].tolist(),
            "todo": shown[f"todo_{language}"].tolist(),
            "count": shown["count"].tolist(),
        }
    )
    heads = {"severity": W("status", language)} | {
        k: W(k, language) for k in ("where", "problem", "todo", "count")
    }
    columns = [
        Col(k, h, unit="count" if k == "count" else "", tones={W("error", language): "bad"})
        for k, h in heads.items()
    ]
    more = int(problems["count"].sum() - shown["count"].sum())
    note = W("issues_more", language, more=f"{more:,}") if more else ""
    return Table(frame, W("issues_caption", language), columns, note=note, language=language)


def _where(issue: Mapping[Any, Any]) -> str:
    """file › sheet!cell, as far as it is known."""
    sheet, cell = (str(issue[k]) if pd.notna(issue[k]) else "" for k in ("sheet", "cell"))
    place = "!".join(filter(None, (sheet, cell)))
    return " › ".join(filter(None, (str(issue["file"]), place)))
