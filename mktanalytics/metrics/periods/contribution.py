"""Who made the growth: 拉动 and 贡献率, in money and in chained volume (methods 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, span_months
from mktanalytics.metrics._spans import Absent, key_frame, monthly, span_values
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, need_columns

FLAT = 0.001  # a total that changed by less than this part of its base gives no share of growth


def contributions(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    by: Sequence[str],
    measure: str = "amount",
    span: Span = "month",
    flat: float = FLAT,
    year_start: int = 1,
    absent: Absent = "missing",
) -> pd.DataFrame:
    """Contribution of each part to the growth of the total: 拉动 in points, 贡献率 as a share.

    Parameters
    ----------
    frame : DataFrame
        month, `measure`, `by`.
    month, base : str or date
        The last months of the two spans; without `base`, the same month a year ago.
    by : sequence of str
        The parts.
    measure, span, year_start, absent
        As for `compare`.
    flat : float
        Where the total changed by less than this part of its base, 贡献率 is not given.

    Returns
    -------
    DataFrame
        `by`, now, base, difference (measure's unit), growth (fraction, NaN without a positive base),
        contribution (points, as a fraction of the total's base: 0.03 is 3 个百分点; adds exactly to the
        total's growth), share_of_growth (fraction; adds to 1; may be negative or above 1), status, note.
        A part new or gone counts with 0 on the other side and is marked `new` or `discontinued`. Where a
        month of any part is missing, every contribution is `na_missing`: the total is unknown. A total
        base of 0 or below gives `na_zero_base` or `na_nonpositive_base`.

    Raises
    ------
    MetricError
        A column is missing, or `by` is empty.

    Source
    ------
    NBS yearbooks (贡献率, 拉动); methods 2.1, 2.2.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01"] * 2),
    ...                       "region": ["华东", "华东", "华南", "华南"], "amount": [60.0, 72.0, 40.0, 38.0]})
    >>> contributions(sales, "2026-10", by=["region"])[["region", "difference", "contribution", "share_of_growth"]]
      region  difference  contribution  share_of_growth
    0     华东        12.0          0.12              1.2
    1     华南        -2.0         -0.02             -0.2
    """
    by = list(by)
    if not by:
        raise MetricError("contributions need parts", todo="name the columns that make the parts in `by`")
    data = monthly(frame, measure, by, metric="contributions")
    then = month_number(month) - 12 if base is None else month_number(base)
    spans = [span_months(m, span, year_start=year_start) for m in (month, month_label(then))]
    keys = key_frame(data, by, [*spans[0], *spans[1]])
    now, old = (span_values(data, by, list(s), keys, absent) for s in spans)
    missing = (now["missing"] + old["missing"]).to_numpy()
    a, b = now["value"].to_numpy(dtype="float64"), old["value"].to_numpy(dtype="float64")
    return _contribution_frame(keys, a, b, missing, flat)


def _contribution_frame(
    keys: pd.DataFrame, a: np.ndarray, b: np.ndarray, missing: np.ndarray, flat: float
) -> pd.DataFrame:
    x1, x0 = np.nan_to_num(a), np.nan_to_num(b)
    total, change = x0.sum(), x1.sum() - x0.sum()
    lost = bool(missing.any()) or len(keys) == 0
    whole = Status.MISSING if lost else Status.ZERO_BASE if total == 0 else Status.NONPOSITIVE_BASE
    usable = not lost and total > 0
    moved = usable and abs(change) > flat * total
    out = keys.assign(now=a, base=b, difference=np.where(missing > 0, np.nan, x1 - x0))
    out["growth"] = np.where(b > 0, np.divide(a, b, out=np.full(len(a), np.nan), where=b > 0) - 1, np.nan)
    out["contribution"] = (x1 - x0) / total if usable else np.nan
    out["share_of_growth"] = (x1 - x0) / change if moved else np.nan
    born, gone = (x0 == 0) & (x1 != 0), (x0 != 0) & (x1 == 0)
    part = np.select([born, gone], [str(Status.NEW), str(Status.DISCONTINUED)], default=str(Status.OK))
    out["status"] = pd.array(part if usable else [str(whole)] * len(keys), dtype="str")
    flat_note = say("total_flat") if usable and not moved else ""
    notes = [join(say("missing_months", k) if k else "", flat_note) for k in missing]
    out["note"] = pd.array(notes, dtype="str")
    return out


def fisher_contributions(items: pd.DataFrame, *, key: str = "product") -> pd.DataFrame:
    """Contribution of each item to the growth of a Fisher volume index, price effects removed.

    Parameters
    ----------
    items : DataFrame
        `key`, price_base, units_base, price_now, units_now. An item must have a price in both periods, also
        where its units are 0: a new item needs the price it would have had (methods leave it to the caller).
    key : str
        The item's column.

    Returns
    -------
    DataFrame
        `key`, contribution (points, as a fraction; adds exactly to the index's growth), then the columns
        volume_growth, price_index and volume_index, the same on every row (Fisher, ratio).

    Raises
    ------
    MetricError
        A column or a number is missing, a price is not positive, or a period's value is not positive.

    Source
    ------
    BEA and Statistics Canada on chain-Fisher contributions: C_i = (p0 + p1 / P_F)(q1 - q0) / sum (p0 + p1 / P_F) q0;
    methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": ["水", "茶"], "price_base": [2.0, 4.0], "units_base": [100.0, 50.0],
    ...                       "price_now": [2.0, 4.4], "units_now": [110.0, 60.0]})
    >>> fisher_contributions(items)[["product", "contribution", "volume_growth"]].round(4)
      product  contribution  volume_growth
    0       水        0.0488         0.1512
    1       茶        0.1024         0.1512
    """
    columns = ["price_base", "units_base", "price_now", "units_now"]
    need_columns(items, [key, *columns], metric="fisher_contributions")
    if items[columns].isna().any(axis=None):
        raise MetricError(
            "a price or quantity is missing", todo="leave the item out on both sides, or give its price"
        )
    p0, q0, p1, q1 = (items[c].to_numpy(dtype="float64") for c in columns)
    if (p0 <= 0).any() or (p1 <= 0).any():
        raise MetricError("a price is not positive", todo="keep gifts and corrections apart from the index")
    values = (p0 @ q0, p1 @ q0, p0 @ q1, p1 @ q1)
    if min(values) <= 0:
        raise MetricError(
            "a period's value is not positive", found=f"{min(values):g}", todo="choose other periods"
        )
    price = float(np.sqrt(values[1] / values[0] * values[3] / values[2]))
    volume = float(np.sqrt(values[2] / values[0] * values[3] / values[1]))
    weight = p0 + p1 / price
    return pd.DataFrame(
        {
            key: items[key].to_numpy(),
            "contribution": weight * (q1 - q0) / (weight @ q0),
            "volume_growth": volume - 1,
            "price_index": price,
            "volume_index": volume,
        }
    )


def chained_fisher(frame: pd.DataFrame, *, key: str = "product", time: str = "month") -> pd.DataFrame:
    """Chained Fisher volume index (first period = 100) with each item's contribution to every link.

    Parameters
    ----------
    frame : DataFrame
        `time`, `key`, amount, units: one row an item and period, or several that add up. Items in both
        periods of a link count; those in one only are left out of it, on both sides.
    key, time : str
        The item's and the period's column.

    Returns
    -------
    DataFrame
        `time`, `key`, contribution (points, as a fraction; within a link they add to volume_growth),
        volume_growth, price_index (ratio, of the link), chained_volume (index, first period 100), left_out
        (items left out of the link), one row an item and link.

    Raises
    ------
    MetricError
        A column is missing, or a link has no item with positive price in both periods.

    Source
    ------
    BEA; Statistics Canada; ILO/IMF CPI manual 2004; methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2025-01-01", "2026-01-01"]), "product": "水",
    ...                       "amount": [200.0, 330.0, 363.0], "units": [100.0, 110.0, 121.0]})
    >>> chained_fisher(frame)[["chained_volume", "price_index"]].round(2)
       chained_volume  price_index
    0           110.0          1.5
    1           121.0          1.0
    """
    need_columns(frame, [time, key, "amount", "units"], metric="chained_fisher")
    sums = frame.groupby([time, key])[["amount", "units"]].sum(min_count=1).dropna()
    periods = list(sums.index.get_level_values(0).unique())
    level, links = 100.0, []
    for old, new in pairwise(periods):
        before, after = sums.loc[old], sums.loc[new]
        both = before.merge(after, left_index=True, right_index=True, suffixes=("_base", "_now"))
        both = both[(both["units_base"] > 0) & (both["units_now"] > 0)]
        if both.empty:
            raise MetricError(
                "no item in both periods of a link", found=f"{old} and {new}", todo="use a coarser key"
            )
        items = pd.DataFrame(
            {
                key: both.index,
                "price_base": (both["amount_base"] / both["units_base"]).to_numpy(),
                "units_base": both["units_base"].to_numpy(),
                "price_now": (both["amount_now"] / both["units_now"]).to_numpy(),
                "units_now": both["units_now"].to_numpy(),
            }
        )
        link = fisher_contributions(items, key=key)
        level *= float(link["volume_index"].iloc[0])
        left = len(set(before.index) | set(after.index)) - len(both)
        links.append(link.assign(**{time: new}, chained_volume=level, left_out=left))
    columns = [time, key, "contribution", "volume_growth", "price_index", "chained_volume", "left_out"]
    return pd.concat(links, ignore_index=True)[columns] if links else pd.DataFrame(columns=columns)
