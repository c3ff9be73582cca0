"""What buyers' habits make of a share: its three factors, and what each did to a change (methods 1.1, 1.2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.means import log_mean
from mktanalytics.metrics.result import Status, need_columns, need_numbers
from mktanalytics.metrics.share.buyers import (
    buyer_totals,
    heavy_usage_index,
    penetration_share,
    share_of_requirements,
)

DRIVERS = ("penetration_share", "share_of_requirements", "heavy_usage_index")


@checked
def share_drivers(purchases: pd.DataFrame, *, measure: str = "units") -> pd.DataFrame:
    """Each brand's share with its three factors: share = penetration share x SOR x heavy usage index, exactly.

    Parameters
    ----------
    purchases, measure
        As for `penetration`.

    Returns
    -------
    DataFrame
        brand, share (fraction), penetration_share, share_of_requirements (fractions), heavy_usage_index (ratio).

    Raises
    ------
    MetricError
        A column or a number is missing.

    Source
    ------
    Farris et al. ch. 2 (the identity); methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "b", "b"], "brand": ["云岭", "云岭", "清泉"], "units": [1.0, 2.0, 2.0]})
    >>> share_drivers(purchases).round(2)
      brand  share  penetration_share  share_of_requirements  heavy_usage_index
    0    云岭    0.6                1.0                    0.6                1.0
    1    清泉    0.4                0.5                    0.5                1.6
    """
    brands, totals = buyer_totals(purchases, measure, "share_drivers")
    factors = {
        metric.__name__: metric(purchases, measure=measure)["value"]
        for metric in (penetration_share, share_of_requirements, heavy_usage_index)
    }
    return pd.DataFrame({"brand": brands["brand"], "share": brands["own"] / totals["amount"], **factors})


@checked
def multiplicative_effects(
    now: pd.DataFrame,
    base: pd.DataFrame,
    *,
    factors: Sequence[str] = DRIVERS,
    key: str = "brand",
    total: str = "share",
) -> pd.DataFrame:
    """Change of a product split over its factors, exactly: ln ratios scaled by the log-mean of the two totals.

    Parameters
    ----------
    now, base : DataFrame
        `key`, `total`, `factors`, where the total is the product of the factors: `share_drivers` of two periods.
    factors : sequence of str
        The factors.
    key, total : str
        The key's and the product's column.

    Returns
    -------
    DataFrame
        `key`, now, base, change, one column a factor (in the total's unit: for shares, differences of
        fractions; they add exactly to change), status. `new` and `discontinued` where the key is in one
        period only, `na_zero_base` where a factor is 0 or below: the logarithm has no answer.

    Raises
    ------
    MetricError
        A column is missing, or the factors don't multiply to the total.

    Source
    ------
    Ang 2005 (LMDI); methods 1.2 (multiplicative view).

    Examples
    --------
    >>> import pandas as pd
    >>> base = pd.DataFrame({"brand": ["云岭"], "share": [0.2], "a": [0.5], "b": [0.4]})
    >>> now = pd.DataFrame({"brand": ["云岭"], "share": [0.3], "a": [0.6], "b": [0.5]})
    >>> multiplicative_effects(now, base, factors=["a", "b"])[["change", "a", "b"]].round(4)
       change      a      b
    0     0.1  0.045  0.055
    """
    factors = list(factors)
    for frame in (now, base):
        need_columns(frame, [key, total, *factors], metric="multiplicative_effects")
        need_numbers(frame, [total, *factors], metric="multiplicative_effects")
        numbers = frame[[total, *factors]].astype("float64")
        if not np.allclose(numbers[factors].prod(axis=1), numbers[total], rtol=1e-6, atol=1e-12):
            raise MetricError(
                ("各因素之积不等于总量", "the factors don't multiply to the total"),
                found=", ".join(factors),
                expected=total,
            )
    kinds = {key: "str", **dict.fromkeys([total, *factors], "float64")}
    now, base = now[list(kinds)].astype(kinds), base[list(kinds)].astype(kinds)
    both = now.merge(base, on=key, how="outer", suffixes=("", "_base"))
    both = both.sort_values(key).reset_index(drop=True)
    s1, s0 = both[total].to_numpy(dtype="float64"), both[f"{total}_base"].to_numpy(dtype="float64")
    positive = (both[[*factors, *(f"{f}_base" for f in factors)]] > 0).all(axis=1).to_numpy()
    out = pd.DataFrame({key: both[key], "now": s1, "base": s0, "change": s1 - s0})
    weight = log_mean(s1, s0)
    for factor in factors:
        ratio = both[factor].where(positive) / both[f"{factor}_base"].where(positive)
        out[factor] = weight * np.log(ratio)
    status = np.select(
        [np.isnan(s0), np.isnan(s1), ~positive],
        [str(Status.NEW), str(Status.DISCONTINUED), str(Status.ZERO_BASE)],
        default=str(Status.OK),
    )
    return out.assign(status=pd.array(status, dtype="str"))
