"""What customers spend and are worth: the gamma-gamma model and discounted value (methods 7.3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.customers.repeat_buying import FEWEST, RepeatBuying, future_purchases
from mktanalytics.metrics.result import need_columns, need_numbers

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SpendModel:
    """The parameters of a gamma-gamma model, and how spend and frequency correlate (it should be near 0)."""

    p: float
    q: float
    v: float
    correlation: float = float("nan")


@checked
def fit_spend(customers: pd.DataFrame, *, fewest: int = FEWEST) -> SpendModel:
    """The gamma-gamma model of the mean value of a purchase, by maximum likelihood.

    Parameters
    ----------
    customers : DataFrame
        x (repeat purchases), spend (their mean value, CNY): what `repeat_purchases` gives. Only rows with x above
        0 count.
    fewest : int
        Fewer of them are refused.

    Returns
    -------
    SpendModel
        p, q, v (above 0), correlation of x and spend: the model holds only where it is near 0.

    Raises
    ------
    MetricError
        A column is missing, there are too few customers, or a spend isn't positive.

    Source
    ------
    Fader & Hardie, note 025; methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"x": [1, 2, 4, 1, 3], "spend": [20.0, 35.0, 30.0, 80.0, 45.0]})
    >>> fit_spend(customers, fewest=5).p > 0
    True
    """
    need_columns(customers, ["x", "spend"], metric="fit_spend")
    need_numbers(customers, ["x", "spend"], metric="fit_spend")
    rows = customers[customers["x"] > 0]
    x, spend = (rows[c].to_numpy(dtype="float64") for c in ("x", "spend"))
    if len(x) < fewest or not (spend > 0).all():
        raise MetricError(
            ("客户太少，或客单价不大于0", "too few customers, or a spend that isn't positive"),
            found=f"{len(x)}, {min(spend, default=np.nan):g}",
            expected=(f"{fewest} 位以上，均大于0", f"{fewest} or more, all above 0"),
            todo=("先看客户分组", "look at cohorts instead"),
        )
    scale = float(np.median(spend))

    def cost(logs: Array) -> float:
        p, q, v = np.exp(logs)
        return -float(_log_likelihood(p, q, v, x, spend / scale).mean())

    found = minimize(
        cost,
        np.zeros(3),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000},
    )
    p, q, v = (float(value) for value in np.exp(found.x))
    same = x.std() == 0 or spend.std() == 0
    return SpendModel(p, q, v * scale, 0.0 if same else float(np.corrcoef(x, spend)[0, 1]))


def _log_likelihood(p: float, q: float, v: float, x: Array, spend: Array) -> Array:
    out: Array = (
        gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        + (p * x - 1) * np.log(spend) + p * x * np.log(x) - (p * x + q) * np.log(v + x * spend)
    )  # fmt: skip
    return out


@checked
def expected_spend(customers: pd.DataFrame, model: SpendModel) -> pd.Series:
    """The mean value of each customer's future purchases: their own mean, drawn towards that of all.

    Parameters
    ----------
    customers : DataFrame
        x, spend: as for `fit_spend`; who hasn't bought again (x = 0) gets the mean of all.
    model : SpendModel
        What `fit_spend` gives.

    Returns
    -------
    Series
        CNY a purchase, in the order of `customers`.

    Raises
    ------
    MetricError
        A column is missing, or q is 1 or less: the mean of all is then infinite.

    Source
    ------
    Fader & Hardie, note 025: p (v + x m) / (p x + q - 1); methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"x": [2, 0], "spend": [22.35, float("nan")]})
    >>> expected_spend(customers, SpendModel(p=6.25, q=3.74, v=15.44)).round(2).tolist()  # CDNOW
    [24.66, 35.22]
    """
    need_numbers(customers, ["x", "spend"], metric="expected_spend")
    if model.q <= 1:
        raise MetricError(
            ("消费模型没有有限的均值", "the spend model has no finite mean"),
            found=f"q = {model.q:g}",
            expected="q > 1",
        )
    x, spend = customers["x"].astype("float64"), customers["spend"].astype("float64")
    total = (x * spend).where(x > 0, 0.0)
    return (model.p * (model.v + total) / (model.p * x + model.q - 1)).rename("expected_spend")


@checked
def customer_lifetime_value(
    customers: pd.DataFrame,
    buying: RepeatBuying,
    spend: SpendModel,
    *,
    periods: int,
    margin: float,
    discount_rate: float,
    units: float = 1.0,
) -> pd.DataFrame:
    """Discounted margin of each customer's expected purchases (CLV); margin, horizon and rate belong beside it.

    Parameters
    ----------
    customers : DataFrame
        x, t_x, T, spend: what `repeat_purchases` gives.
    buying, spend
        The two models, fitted on the same unit of time and currency.
    periods : int
        The horizon in periods.
    margin : float
        Contribution margin, as a fraction of the value.
    discount_rate : float
        For one period, as a fraction.
    units : float
        Units of the model's time in a period: 52 / 12 for months where the model counts weeks.

    Returns
    -------
    DataFrame
        `customers` with expected (purchases over the horizon), expected_spend (CNY), clv (CNY, present value).

    Raises
    ------
    MetricError
        A column is missing, or a number is out of range.

    Source
    ------
    Fader, Hardie & Lee 2005; Fader & Hardie, note 025; methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"x": [2], "t_x": [30.43], "T": [38.86], "spend": [22.35]})
    >>> buying = RepeatBuying(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> value = customer_lifetime_value(customers, buying, SpendModel(6.25, 3.74, 15.44), periods=12, margin=1.0,
    ...                                 discount_rate=0.01, units=4)
    >>> value["clv"].round(1).tolist()
    [33.9]
    """
    need_columns(customers, ["x", "t_x", "T", "spend"], metric="customer_lifetime_value")
    if periods < 1 or not 0 <= margin <= 1 or discount_rate <= -1 or units <= 0:
        raise MetricError(
            ("期数、毛利率或折现率超出范围", "the horizon, the margin or the rate is out of range"),
            found=f"periods {periods}, margin {margin:g}, discount_rate {discount_rate:g}, units {units:g}",
            expected="periods ≥ 1, 0 ≤ margin ≤ 1, discount_rate > -1, units > 0",
        )
    reached = [
        future_purchases(customers, buying, k * units)["expected"].to_numpy() for k in range(periods + 1)
    ]
    each = np.diff(np.array(reached), axis=0)
    factors = (1.0 + discount_rate) ** -np.arange(1, periods + 1)
    value = expected_spend(customers, spend)
    return customers.assign(
        expected=reached[-1], expected_spend=value, clv=(factors @ each) * value.to_numpy() * margin
    )
