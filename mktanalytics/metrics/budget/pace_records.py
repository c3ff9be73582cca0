"""执行率 against 序时进度 as records, so that a table can show what each figure is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget.budget_words import word
from mktanalytics.metrics.result import RECORD, Status, need_columns, need_numbers, record_frame

BANDS = ("behind", "normal", "watch", "over_pace", "grey", "warning", "frozen", "none")


@checked
def pace_records(pace: pd.DataFrame) -> pd.DataFrame:
    """序时进度, its gap and the relative pace of `execution_pace`, one record a row.

    Parameters
    ----------
    pace : from `execution_pace`, with any key columns.

    Returns
    -------
    The keys, metric (pace: fraction; gap: pp; relative_pace: ratio) and the record columns; numerator
    and denominator of gap and relative_pace are 执行率 and 序时进度. Without a rate (BA not positive) they
    are `na_nonpositive_base`, without actuals `na_missing`.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2, 0.1.

    Examples
    --------
    >>> p = pd.DataFrame({"ba": [100.0], "execution_rate": [0.25], "pace": [0.5], "gap_pp": [-0.25],
    ...                   "relative_pace": [0.5], "note": [""]})
    >>> pace_records(p)[["metric", "value", "unit"]].values.tolist()
    [['pace', 0.5, 'fraction'], ['gap', -0.25, 'pp'], ['relative_pace', 0.5, 'ratio']]
    """
    measures = ["ba", "execution_rate", "pace", "gap_pp", "relative_pace", "note"]
    need_columns(pace, measures, metric="pace_records")
    need_numbers(pace, measures[:-1], metric="pace_records")
    keys = [
        c for c in ("cut", "member", "department", "category", "activity", "region", "channel") if c in pace
    ]
    unknown = np.where(pace["ba"] > 0, Status.MISSING, Status.NONPOSITIVE_BASE)
    parts = []
    for metric, column, unit in (
        ("pace", "pace", "fraction"), ("gap", "gap_pp", "pp"), ("relative_pace", "relative_pace", "ratio"),
    ):  # fmt: skip
        known = pace[column].notna().to_numpy()
        own = metric == "pace"
        parts.append(
            record_frame(
                pace[keys].assign(metric=metric),
                value=pace[column],
                unit=unit,
                status=np.where(known, Status.OK, unknown),
                numerator=np.nan if own else pace["execution_rate"],
                denominator=np.nan if own else pace["pace"],
                note=pace["note"],
            )
        )
    return pd.concat(parts, ignore_index=True)[[*keys, "metric", *RECORD]]


@checked
def band_words(pace: pd.DataFrame, *, language: str = "zh") -> pd.DataFrame:
    """The frame of `execution_pace` with its bands in words (滞后, 正常, 关注, 超进度; 预警, 冻结).

    Parameters
    ----------
    pace : from `execution_pace`. language : zh or en.

    Returns
    -------
    The same frame; band and occupancy_band hold words.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 4.2.

    Examples
    --------
    >>> band_words(pd.DataFrame({"band": ["behind"], "occupancy_band": ["warning"]})).values.tolist()
    [['滞后', '预警']]
    """
    need_columns(pace, ["band", "occupancy_band"], metric="band_words")
    words = {band: word(band, language) for band in BANDS}
    return pace.assign(band=pace["band"].map(words), occupancy_band=pace["occupancy_band"].map(words))
