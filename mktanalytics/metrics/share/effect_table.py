"""What moved the share, cut by cut, as one table with a total below each cut (methods 1.2)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.result import need_columns

EFFECTS = ["within", "mix", "moves", "total"]


@checked
def effect_table(cuts: Mapping[str, pd.DataFrame], *, total: str = "合计") -> pd.DataFrame:
    """The effects of each segment of each cut; new and ended segments stand in a column of their own.

    Parameters
    ----------
    cuts : name of the cut -> what `share_change_effects` gives, its segment in the first column.
    total : what the last line of each cut is called.

    Returns
    -------
    DataFrame
        cut, segment, within, mix, moves (the whole of a segment that is there in one period only), total (fractions).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 1.2: what a new or vanished segment brings is no mix of those that stayed.

    Examples
    --------
    >>> effects = pd.DataFrame({"region": ["华东", "西南"], "within": [0.02, 0.0], "mix": [0.01, 0.03],
    ...     "total": [0.03, 0.03], "kind": ["ok", "new"]})
    >>> effect_table({"区域": effects})[["segment", "mix", "moves", "total"]].values.tolist()
    [['华东', 0.01, 0.0, 0.03], ['西南', 0.0, 0.03, 0.03], ['合计', 0.01, 0.03, 0.06]]
    """
    parts = []
    for cut, effects in cuts.items():
        need_columns(effects, ["within", "mix", "total", "kind"], metric="effect_table")
        apart = effects["kind"] != "ok"
        rows = effects.rename(columns={effects.columns[0]: "segment"}).assign(
            cut=cut, moves=effects["total"].where(apart, 0.0), mix=effects["mix"].where(~apart, 0.0)
        )
        last = rows[EFFECTS].sum().to_dict() | {"cut": cut, "segment": total}
        parts += [rows[["cut", "segment", *EFFECTS]], pd.DataFrame([last])]
    columns = ["cut", "segment", *EFFECTS]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)
