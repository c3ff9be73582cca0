"""What was found as pandas frames: the tidy tables, the ledger, the issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from mktanalytics.ingest.issues import Issue
from mktanalytics.ingest.ledger import COLUMNS
from mktanalytics.ingest.taking.taken import Claim, Taken
from mktanalytics.ingest.values.in_pandas import series_of
from mktanalytics.ingest.values.texts import Texts, chained, everywhere
from mktanalytics.ingest.values.tidy import Records, one_after_another
from mktanalytics.schema import EXTRA, Column, Table
from mktanalytics.settings import Settings


def table_frame(table: Table, blocks: Sequence[Taken], settings: Settings) -> pd.DataFrame:
    """The tidy rows of one table, every column typed, blanks filled with what the table says they mean."""
    whole = one_after_another([b.records for b in blocks])
    defaults = {**table.defaults, **({"currency": settings.currency} if "currency" in table.names else {})}
    data = {
        c.name: _column(whole, c, defaults.get(c.name, ""), settings.values.get(c.name, {}))
        for c in table.columns
    }
    sizes = [len(b.records) for b in blocks]
    data["source_file"] = series_of(_each([b.u.file for b in blocks], sizes))
    data["source_sheet"] = series_of(_each([b.u.sheet for b in blocks], sizes))
    data["source_row"] = pd.Series(whole.rows + 1)
    data[EXTRA] = series_of(whole.texts(EXTRA) if EXTRA in whole else everywhere("", len(whole)))
    return pd.DataFrame(data)


def issues_frame(issues: Iterable[Issue]) -> pd.DataFrame:
    """Issues as a frame, each column typed even when there are none."""
    frame = pd.DataFrame(list(issues), columns=list(Issue._fields))
    return frame.astype({f: "int64" if f == "row" else "str" for f in Issue._fields})


def ledger_frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """The ledger, typed even when it is empty."""
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def claims_frame(claims: Sequence[Claim]) -> pd.DataFrame:
    """What sources that disagree say, those of one key and column together: a number for each disagreement."""
    places = {among: n for n, among in enumerate(dict.fromkeys(c.among for c in claims), 1)}
    numbered = sorted(((places[c.among], c) for c in claims), key=lambda pair: (pair[0], pair[1].column))
    frame = pd.DataFrame([(n, *c[1:]) for n, c in numbered], columns=["conflict", *Claim._fields[1:]])
    whole = {"conflict": "int64", "counted": "bool", "source_row": "int64"}
    return frame.astype({c: whole.get(c, "str") for c in frame.columns})


def _column(whole: Records, column: Column, default: str, meant: Mapping[str, str]) -> pd.Series:
    if column.is_number:
        return pd.Series(whole.figures(column.name) if column.name in whole else np.full(len(whole), np.nan))
    if column.is_time:
        nothing = np.full(len(whole), np.datetime64("NaT", "us"))
        return pd.Series(whole.days(column.name) if column.name in whole else nothing)
    if column.kind == "flag":
        flags = whole.figures(column.name) if column.name in whole else np.full(len(whole), np.nan)
        return pd.Series(flags).astype("boolean")
    said = whole.texts(column.name) if column.name in whole else everywhere(None, len(whole))
    if default:
        said = said.filled(everywhere(default, len(whole)))
    return series_of(said.changed(lambda text: meant.get(text, text)) if meant else said)


def _each(names: Sequence[str], sizes: Sequence[int]) -> Texts:
    """Each name as often as its block has records."""
    return chained([everywhere(name, n) for name, n in zip(names, sizes, strict=True)])
