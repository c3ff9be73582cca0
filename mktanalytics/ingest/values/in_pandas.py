"""Values and records as pandas holds them: apart, as pandas takes longer to load than a block to clean."""

from __future__ import annotations

import pandas as pd

from mktanalytics.ingest.values.texts import Texts
from mktanalytics.ingest.values.tidy import Records, Values


def series_of(values: Values) -> pd.Series:
    """One column; texts are looked up among the distinct ones."""
    if not isinstance(values, Texts):
        return pd.Series(values)
    known = pd.array(list(values.distinct), dtype="str")
    return pd.Series(known.take(values.codes, allow_fill=True))


def frame_of(records: Records) -> pd.DataFrame:
    """The records of one block, each with its sheet row as Excel counts."""
    columns = {name: series_of(values) for name, values in records.columns.items()}
    return pd.DataFrame({"source_row": records.rows + 1, **columns})
