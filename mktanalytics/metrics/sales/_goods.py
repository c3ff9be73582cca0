"""Sales lines as goods sold, returns, and what is neither: the base of price-volume-mix and of index numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_numbers

_BLANK = "未注明"


def one_unit(*frames: pd.DataFrame) -> None:
    """Refuse to add several currencies or units of measure (methods 0.4)."""
    for measure in ("amount", "units"):
        currency_of(*frames, measure=measure)


def goods(
    lines: pd.DataFrame, keys: Sequence[str], restated: str = "", *, metric: str = "price_volume_mix"
) -> pd.DataFrame:
    """Per key: q and v of goods sold, returns, other, fx and the lines without amount (methods 3.3)."""
    need_columns(lines, [*keys, "units", "amount", *([restated] if restated else [])], metric=metric)
    need_numbers(lines, ["units", restated or "amount"], metric=metric)
    v = lines[restated or "amount"].astype("float64")
    q = lines["units"].astype("float64")
    missing = v.isna() | lines["amount"].isna()
    sold = (q > 0) & (v >= 0) & ~missing
    back = (q < 0) & (v <= 0) & ~missing
    parts = {
        "q": q.where(sold, 0.0),
        "v": v.where(sold, 0.0),
        "returns": v.where(back, 0.0),
        "return_units": q.where(back, 0.0),
        "other": v.where(~sold & ~back & ~missing, 0.0),
        "fx": (lines["amount"].astype("float64") - v).where(~missing, 0.0),
        "missing": missing.astype("float64"),
    }
    rows = lines[list(keys)].astype("str").fillna(_BLANK).assign(**parts)
    # sorted before summing: the order of the lines must not move the last bit of a float
    rows = rows.sort_values([*keys, *parts])
    return rows.groupby(list(keys))[list(parts)].sum()
