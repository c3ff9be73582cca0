"""What moved the share: inside the segments, or the segments themselves (methods 1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, span_months
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import Status, need_columns, need_known, need_numbers, some_dimensions
from mktanalytics.metrics.share.market_share import market_share
from mktanalytics.metrics.share.share_change import Comparison, base_month, one_vintage

Form = Literal["mean", "kitagawa", "three_term"]
_FORMS = ("mean", "kitagawa", "three_term")


@checked
def share_effects(segments: pd.DataFrame, *, form: Form = "mean") -> pd.DataFrame:
    """Within and mix effect of each segment on a share; summed, exactly the change of the whole share.

    Parameters
    ----------
    segments : DataFrame
        One row a segment: segment, market_base, market_now, own_base, own_now (CNY or units). A segment
        that is not in a period has NaN or 0 there.
    form : {"mean", "kitagawa", "three_term"}
        Mix measured against the mean of the two whole shares; against zero; or old weights within, old
        shares mix, and a named interaction.

    Returns
    -------
    DataFrame
        segment, weight_base, weight_now, share_base, share_now (fractions), within, mix, interaction,
        new, vanished, total (differences of fractions: 0.01 is 1 个百分点), kind (ok, new, vanished).
        Each row's total is the sum of its effects, and the totals add to share now - share then. The
        columns' sums don't depend on the reference share; the lines do: with `mean`, a mix line is
        positive where the market moved to a segment we are strong in. A new segment then has the weight
        that it took from the others, at the reference share, as its mix; a vanished one gives it back.

    Raises
    ------
    MetricError
        A column is missing, the form is unknown, or a period's market is not positive.

    Source
    ------
    Kitagawa 1955; Das Gupta 1978; methods 1.2: a new segment's whole w1 s1 is `new`, a vanished one's
    -w0 s0 is `vanished`.

    Examples
    --------
    >>> import pandas as pd
    >>> segments = pd.DataFrame({"segment": ["华东", "华南"], "market_base": [50.0, 50.0], "own_base": [20.0, 10.0],
    ...                          "market_now": [60.0, 40.0], "own_now": [24.0, 10.0]})
    >>> share_effects(segments)[["segment", "within", "mix", "total"]].round(4)
      segment  within     mix  total
    0      华东  0.0000  0.0080  0.008
    1      华南  0.0225  0.0095  0.032
    """
    columns = ["segment", "market_base", "market_now", "own_base", "own_now"]
    need_columns(segments, columns, metric="share_effects")
    need_numbers(segments, columns[1:], metric="share_effects")
    need_known(form, _FORMS, ("分解形式", "form"))
    m0, m1, o0, o1 = (segments[c].fillna(0).to_numpy(dtype="float64") for c in columns[1:])
    if not (m0.sum() > 0 and m1.sum() > 0):
        raise MetricError(
            ("有一期的市场总量不大于0", "the market of a period is not positive"),
            found=f"{m0.sum():g}, {m1.sum():g}",
            todo=("换其他月份", "choose other months"),
        )
    w0, w1 = m0 / m0.sum(), m1 / m1.sum()
    s0, s1 = _share(o0, m0), _share(o1, m1)
    ref = (o0.sum() / m0.sum() + o1.sum() / m1.sum()) / 2 if form == "mean" else 0.0
    born, gone = (m0 == 0) & (m1 != 0), (m0 != 0) & (m1 == 0)
    both = (m0 != 0) & (m1 != 0)
    if form == "three_term":
        within, mix, cross = w0 * (s1 - s0), (w1 - w0) * s0, (w1 - w0) * (s1 - s0)
    else:
        within, mix, cross = (s1 - s0) * (w1 + w0) / 2, (w1 - w0) * ((s1 + s0) / 2 - ref), 0 * w0
    out = pd.DataFrame(
        {
            "segment": segments["segment"].to_numpy(),
            "weight_base": w0,
            "weight_now": w1,
            "share_base": np.where(m0 != 0, s0, np.nan),
            "share_now": np.where(m1 != 0, s1, np.nan),
            "within": np.where(both, within, 0.0),
            "mix": np.where(both, mix, 0.0) - np.where(born, ref * w1, 0.0) + np.where(gone, ref * w0, 0.0),
            "interaction": np.where(both, cross, 0.0),
            "new": np.where(born, w1 * s1, 0.0),
            "vanished": np.where(gone, -w0 * s0, 0.0),
        }
    )
    out["total"] = out[["within", "mix", "interaction", "new", "vanished"]].sum(axis=1)
    out["kind"] = pd.array(np.select([born, gone], ["new", "vanished"], default="ok"), dtype="str")
    return out


def _share(own: np.ndarray, market: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(own, market, out=np.zeros(len(own)), where=market != 0))


@checked
def share_change_effects(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    brands: str | Sequence[str],
    segment: str | Sequence[str] = "region",
    against: Comparison = "yoy",
    measure: str = "amount",
    form: Form = "mean",
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """What moved the share of `brands` (taken together): within each segment, mix, new, vanished.

    Parameters
    ----------
    market, month, against, measure, source, year_start
        As for `market_share_change`.
    brands : str or sequence of str
        One brand, or several taken together.
    segment : str or sequence of str
        The column (or columns) that cut the market: "region", "category", ["region", "category"].
    form
        As for `share_effects`.

    Returns
    -------
    DataFrame
        The segment column(s), then as `share_effects`, then status and note. Where a segment's market or
        brand is missing in a period (not new: missing), every row is `na_missing` and the effects are NaN.

    Raises
    ------
    MetricError
        A column is missing, or a period has no market at all.

    Source
    ------
    Kitagawa 1955; methods 1.2, 1.4.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.to_datetime(["2025-10-01"] * 4 + ["2026-10-01"] * 4), "region": ["华东", "华东", "华南", "华南"] * 2,
    ...     "brand": ["云岭", "合计"] * 4, "amount": [20.0, 50.0, 10.0, 50.0, 24.0, 60.0, 10.0, 40.0]})
    >>> effects = share_change_effects(market, "2026-10", brands="云岭")
    >>> effects[["region", "within", "mix", "total"]].round(4)
      region  within     mix  total
    0     华东  0.0000  0.0080  0.008
    1     华南  0.0225  0.0095  0.032
    """
    names = [brands] if isinstance(brands, str) else list(brands)
    by = some_dimensions(segment, metric="share_change_effects")
    span = against if against in ("ytd", "mat") else "month"
    base = base_month(month, against)
    months = [
        *span_months(base, span, year_start=year_start),
        *span_months(month, span, year_start=year_start),
    ]
    rows, mixed, vintage = one_vintage(market, months, source)
    name = "\x00own"  # no brand is called so
    sides = []
    for end, suffix in ((base, "_base"), (month, "_now")):
        shares = market_share(
            rows,
            end,
            by=by,
            measure=measure,
            span=span,
            groups={name: names},
            source=source,
            year_start=year_start,
        )
        sides.append(_side(shares, by, name, suffix))
    both = sides[0].merge(sides[1], on=by, how="outer").sort_values(by).reset_index(drop=True)
    flags = both[["missing_base", "missing_now"]]
    missing = mixed or bool(flags.eq(True).any(axis=None)) or both.empty
    segments = both.assign(segment=both.index)
    if missing:
        segments = segments.assign(market_base=1.0, market_now=1.0, own_base=np.nan, own_now=np.nan)
    effects = share_effects(segments, form=form) if len(both) else pd.DataFrame()
    numbers = [c for c in effects.columns if c not in ("segment", "kind")]
    if missing and len(both):
        effects[numbers] = np.nan
    out = pd.concat([both[by], effects.drop(columns="segment", errors="ignore")], axis=1)
    out["status"] = str(Status.MISSING if missing else Status.OK)
    notes = [say("missing_rows", int(flags.eq(True).sum().sum()))] if missing and not mixed else []
    out["note"] = join(*notes, say("cross_vintage") if mixed else vintage)
    return out


def _side(shares: pd.DataFrame, by: list[str], own: str, suffix: str) -> pd.DataFrame:
    """Market, own and whether anything is missing, one row a segment."""
    market = shares.groupby(by)["denominator"].max().rename(f"market{suffix}")
    mine = shares[shares["brand"] == own].set_index(by)
    value = mine["numerator"].rename(f"own{suffix}")
    lacking = mine["status"].eq(Status.MISSING).reindex(market.index, fill_value=False)
    whole = shares["status"].eq(Status.MISSING).groupby([shares[c] for c in by]).all()
    flag = (lacking | whole).rename(f"missing{suffix}")
    return pd.concat([market, value, flag], axis=1).reset_index()
