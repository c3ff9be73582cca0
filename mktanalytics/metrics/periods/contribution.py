"""Who made the growth: 拉动 and 贡献率 (methods 2.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import settled
from mktanalytics.metrics._months import MonthLike, Span, month_label, month_number, span_months
from mktanalytics.metrics._spans import Absent, key_frame, monthly, span_values
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, dimensions

FLAT = 0.001  # a total that changed by less than this part of its base gives no share of growth


@checked
def contributions(
    frame: pd.DataFrame,
    month: MonthLike,
    base: MonthLike | None = None,
    *,
    by: str | Sequence[str],
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
        `by`, now, base, difference (measure's unit), growth (fraction, NaN without a positive base or with a loss now),
        contribution (points, as a fraction of the total's base: 0.03 is 3 个百分点; adds exactly to the
        total's growth), share_of_growth (fraction; adds to 1; may be negative or above 1), status, note.
        A part new or gone counts with 0 on the other side and is marked `new` or `discontinued`; a row of 0 now is `ok`. Where a
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
    by = dimensions(by)
    if not by:
        raise MetricError(
            ("拉动和贡献率需要分项", "contributions need parts"),
            todo=("在 by 中指明分项的列", "name the columns that make the parts in `by`"),
        )
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
    total, change = (
        float(settled(pd.Series([v.sum()]), pd.Series([np.abs(v).sum()])).iloc[0])
        for v in (x0, np.append(x1, -x0))
    )
    lost = bool(missing.any()) or len(keys) == 0
    whole = Status.MISSING if lost else Status.ZERO_BASE if total == 0 else Status.NONPOSITIVE_BASE
    usable = not lost and total > 0
    moved = usable and abs(change) > flat * total
    out = keys.assign(now=a, base=b, difference=np.where(missing > 0, np.nan, x1 - x0))
    growing = (b > 0) & (a >= 0)  # of a loss there is no percent
    out["growth"] = np.divide(a, b, out=np.full(len(a), np.nan), where=growing) - 1
    out["contribution"] = (x1 - x0) / total if usable else np.nan
    out["share_of_growth"] = (x1 - x0) / change if moved else np.nan
    born, gone = (x0 == 0) & (x1 != 0), (x0 != 0) & np.isnan(a)
    part = np.select([born, gone], [str(Status.NEW), str(Status.DISCONTINUED)], default=str(Status.OK))
    out["status"] = pd.array(part if usable else [str(whole)] * len(keys), dtype="str")
    flat_note = say("total_flat") if usable and not moved else ""
    notes = [join(say("missing_months", k) if k else "", flat_note) for k in missing]
    out["note"] = pd.array(notes, dtype="str")
    return out
