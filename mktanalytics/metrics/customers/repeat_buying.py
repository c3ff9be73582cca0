"""Repeat buying without contracts: the BG/NBD model (methods 7.3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day, days_of
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_numbers

FEWEST = 300  # customers; below it the model says more than the data do
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RepeatBuying:
    """The parameters of a BG/NBD model: r and alpha of buying, a and b of leaving."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = float("nan")


@checked
def repeat_purchases(
    sales: pd.DataFrame,
    through: str | dt.date | pd.Timestamp,
    *,
    customer: str = "customer",
    measure: str = "amount",
    days: int = 7,
) -> pd.DataFrame:
    """Each customer's repeat purchases x, time of the last one t_x, and time under observation T.

    Parameters
    ----------
    sales : DataFrame
        `customer`, date, `measure`: sales lines; returns are no purchase. Purchases of one day are one.
    through : date
        The last day of the observation; later lines are left out.
    customer, measure : str
        Columns.
    days : int
        The unit of time in days: 7 counts in weeks.

    Returns
    -------
    DataFrame
        `customer`, x (repeats: the first purchase doesn't count), t_x (from the first purchase to the last,
        0 where x is 0), T (from the first purchase to `through`), both in units of `days`, spend (mean CNY of
        a repeat purchase; missing where x is 0).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Fader, Hardie & Lee 2005; methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"customer": ["甲", "甲", "甲", "乙"], "amount": [10.0, 30.0, 20.0, 5.0],
    ...                       "date": pd.to_datetime(["2026-01-05", "2026-01-19", "2026-01-19", "2026-02-02"])})
    >>> repeat_purchases(sales, "2026-02-16")
      customer  x  t_x    T  spend
    0        乙  0  0.0  2.0    NaN
    1        甲  1  2.0  6.0   50.0
    """
    need_columns(sales, [customer, "date", measure], metric="repeat_purchases")
    need_numbers(sales, [measure], metric="repeat_purchases")
    currency_of(sales, measure=measure)
    end = day(through)
    rows = sales.assign(_day=days_of(sales["date"]))
    rows = rows[(rows[measure] > 0) & rows[customer].notna() & (rows["_day"] <= end)]
    daily = rows.groupby([customer, "_day"])[measure].sum().reset_index()
    first = daily.groupby(customer)["_day"].transform("min")
    again = daily[daily["_day"] > first].groupby(customer)
    who = daily.groupby(customer)["_day"]
    out = pd.DataFrame({"x": who.size() - 1, "t_x": (who.max() - who.min()).dt.days / days})
    out["T"] = (end - who.min()).dt.days / days
    out["spend"] = again[measure].mean().reindex(out.index)
    return out.reset_index()


@checked
def fit_repeat_buying(customers: pd.DataFrame, *, fewest: int = FEWEST) -> RepeatBuying:
    """The BG/NBD model of non-contractual repeat buying, by maximum likelihood.

    Not for dealers on quarterly quotas nor for one-off projects. Hold out the last months and compare.

    Parameters
    ----------
    customers : DataFrame
        x, t_x, T: what `repeat_purchases` gives, one row a customer, in one unit of time.
    fewest : int
        Fewer customers are refused.

    Returns
    -------
    RepeatBuying
        r, alpha, a, b (above 0), log_likelihood.

    Raises
    ------
    MetricError
        A column is missing, there are too few customers, nobody bought twice, or t_x and T contradict x.

    Source
    ------
    Fader, Hardie & Lee 2005, "Counting your customers" the easy way; methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(0, 0.0, 30.0)] * 6 + [(1, 10.0, 30.0)] * 3 + [(4, 25.0, 30.0)]
    >>> model = fit_repeat_buying(pd.DataFrame(rows, columns=["x", "t_x", "T"]), fewest=10)
    >>> model.r > 0 and model.alpha > 0
    True
    """
    x, t_x, whole = _checked(customers, fewest)
    scale = float(whole.max())  # the optimiser likes times near 1; alpha is scaled back

    def cost(logs: Array) -> float:
        return -float(_log_likelihood(np.exp(logs), x, t_x / scale, whole / scale).mean())

    found = minimize(
        cost,
        np.zeros(4),
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-12, "maxiter": 20_000, "maxfev": 20_000},
    )
    r, alpha, a, b = (float(v) for v in np.exp(found.x))
    likelihood = _log_likelihood(np.array([r, alpha * scale, a, b]), x, t_x, whole).sum()
    return RepeatBuying(r, alpha * scale, a, b, float(likelihood))


def _checked(customers: pd.DataFrame, fewest: int) -> tuple[Array, Array, Array]:
    need_columns(customers, ["x", "t_x", "T"], metric="fit_repeat_buying")
    need_numbers(customers, ["x", "t_x", "T"], metric="fit_repeat_buying")
    x, t_x, whole = (customers[c].to_numpy(dtype="float64") for c in ("x", "t_x", "T"))
    if len(x) < fewest:
        raise MetricError(
            ("客户太少，不能拟合模型", "too few customers for the model"),
            found=str(len(x)),
            expected=(f"{fewest} 位以上", f"{fewest} or more"),
            todo=("先看客户分组", "look at cohorts instead"),
        )
    if not ((x >= 0) & (t_x >= 0) & (t_x <= whole) & ((x == 0) == (t_x == 0))).all() or x.max() == 0:
        raise MetricError(
            ("x、t_x 与 T 互相矛盾", "x, t_x and T don't fit together"),
            expected=(
                "t_x 在 0 与 T 之间，且仅当 x 为 0 时为 0；有人买过两次",
                "t_x between 0 and T, 0 only where x is 0; somebody who bought twice",
            ),
            todo=("用 repeat_purchases 生成", "make them with repeat_purchases"),
        )
    return x, t_x, whole


def _log_likelihood(parameters: Array, x: Array, t_x: Array, whole: Array) -> Array:
    r, alpha, a, b = parameters
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + whole)
    left = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + t_x)
    out: Array = common + np.logaddexp(alive, np.where(x > 0, left, -np.inf))
    return out


@checked
def expected_purchases(model: RepeatBuying, t: float) -> float:
    """Repeat purchases that a new customer makes in the first `t` units of time.

    Source
    ------
    Fader, Hardie & Lee 2005, formula 9; methods 7.3.

    Examples
    --------
    >>> round(expected_purchases(RepeatBuying(r=0.243, alpha=4.414, a=0.793, b=2.426), 78), 2)  # CDNOW, 78 weeks
    1.86
    """
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    still = (alpha / (alpha + t)) ** r * hyp2f1(r, b, a + b - 1, t / (alpha + t))
    return float((a + b - 1) / (a - 1) * (1 - still))


@checked
def future_purchases(customers: pd.DataFrame, model: RepeatBuying, t: float) -> pd.DataFrame:
    """What each customer will buy in the next `t` units of time, and how likely they are still customers.

    Parameters
    ----------
    customers : DataFrame
        x, t_x, T: what `repeat_purchases` gives.
    model : RepeatBuying
        What `fit_repeat_buying` gives, in the same unit of time.
    t : float
        Length of the future.

    Returns
    -------
    DataFrame
        `customers` with alive (probability; 1 where nobody could have left yet: x is 0) and expected (purchases).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Fader, Hardie & Lee 2005, formula 10; Fader & Hardie on P(alive); methods 7.3.

    Examples
    --------
    >>> import pandas as pd
    >>> customers = pd.DataFrame({"x": [2, 0], "t_x": [30.43, 0.0], "T": [38.86, 38.86]})
    >>> cdnow = RepeatBuying(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> future_purchases(customers, cdnow, 39).round(3)
       x    t_x      T  alive  expected
    0  2  30.43  38.86  0.727     1.226
    1  0   0.00  38.86  1.000     0.195
    """
    need_columns(customers, ["x", "t_x", "T"], metric="future_purchases")
    need_numbers(customers, ["x", "t_x", "T"], metric="future_purchases")
    x, t_x, whole = (customers[c].to_numpy(dtype="float64") for c in ("x", "t_x", "T"))
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + whole) / (alpha + t_x)) ** (r + x)
    alive = 1 / (1 + np.where(x > 0, odds, 0.0))
    still = ((alpha + whole) / (alpha + whole + t)) ** (r + x) * hyp2f1(
        r + x, b + x, a + b + x - 1, t / (alpha + whole + t)
    )
    return customers.assign(alive=alive, expected=(a + b + x - 1) / (a - 1) * (1 - still) * alive)
