"""Synthetic control: a region beside a weighted mix of others that ran like it before the campaign (methods 8.4)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number, month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import need_columns, need_numbers


def months_by_unit(panel: pd.DataFrame, unit: str, value: str, by: str) -> pd.DataFrame:
    """Months down, units across; every unit needs every month."""
    need_columns(panel, ["month", by, value], metric="synthetic control")
    need_numbers(panel, [value], metric="synthetic control")
    panel = panel.astype({value: "float64"})
    currency_of(panel, measure=value)
    wide = panel.assign(month=month_numbers(panel["month"])).pivot_table(
        index="month", columns=by, values=value, aggfunc="sum"
    )
    if unit not in wide or wide.shape[1] < 2:
        raise MetricError(
            ("缺少该单元或其对照单元", "the unit or its donors are missing"),
            found=", ".join(map(str, wide.columns)),
            expected=unit,
        )
    holes = wide.columns[wide.isna().any()]
    if len(holes):
        raise MetricError(
            ("缺月份", "months are missing"),
            found=", ".join(map(str, holes)),
            todo=("不用这些单元", "leave these units out"),
        )
    return wide


@checked
def synthetic_weights(
    panel: pd.DataFrame, unit: str, start: MonthLike, *, value: str = "amount", by: str = "region"
) -> dict[str, float]:
    """Weights of the donors, none negative, adding to 1, whose mix is nearest to the unit before the campaign.

    Parameters
    ----------
    panel : DataFrame
        month, `by`, `value`: the unit and its donors, all months.
    unit : str
        Where the campaign ran.
    start : month
        Its first month.
    value, by : str
        Columns.

    Returns
    -------
    dict
        donor → weight. Weights are not unique: dropping a donor of weight 0 may change them. Look at the gap.

    Raises
    ------
    MetricError
        A column, a unit, months, or the months before the campaign are missing.

    Source
    ------
    Abadie, Diamond & Hainmueller 2010; methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2026-05-01", periods=4, freq="MS")
    >>> panel = pd.concat([pd.DataFrame({"month": months, "region": name, "amount": values}) for name, values in
    ...     {"华东": [10.0, 14.0, 12.0, 20.0], "华北": [8.0, 12.0, 10.0, 11.0], "华南": [12.0, 16.0, 14.0, 15.0]}.items()])
    >>> {k: round(w, 3) for k, w in synthetic_weights(panel, "华东", "2026-08").items()}
    {'华北': 0.5, '华南': 0.5}
    """
    wide = months_by_unit(panel, unit, value, by)
    before = wide[wide.index < month_number(start)]
    if before.empty:
        raise MetricError(("活动前没有月份", "no month before the campaign"), found=str(start))
    return fitted_weights(before[unit].to_numpy(), before.drop(columns=unit))


def fitted_weights(target: np.ndarray, donors: pd.DataFrame) -> dict[str, float]:
    """The weights, none negative, adding to 1, whose mix of the donors is nearest to the target."""
    scale = float(np.abs(donors.to_numpy()).max()) or 1.0  # so that the solver's tolerances fit any unit
    x, y, count = donors.to_numpy() / scale, target / scale, donors.shape[1]
    best = minimize(
        lambda w: float(((x @ w - y) ** 2).sum()),
        x0=np.full(count, 1 / count),
        jac=lambda w: 2 * x.T @ (x @ w - y),
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(count)},
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    weights = np.clip(best.x, 0.0, None)
    return {str(name): float(w) for name, w in zip(donors.columns, weights / weights.sum(), strict=True)}


@checked
def synthetic_gap(
    panel: pd.DataFrame,
    unit: str,
    start: MonthLike,
    weights: Mapping[str, float],
    *,
    value: str = "amount",
    by: str = "region",
) -> pd.DataFrame:
    """The unit less its synthetic control, month by month.

    Parameters
    ----------
    panel, unit, start, value, by
        As for `synthetic_weights`.
    weights : donor → weight
        As `synthetic_weights` gives them, or fixed ones.

    Returns
    -------
    DataFrame
        month (number: year × 12 + month - 1), actual, synthetic, gap, post (bool), pre_rmspe (the root of the mean squared
        gap before the campaign: effects near it mean nothing).

    Raises
    ------
    MetricError
        As `synthetic_weights`, or a weight is negative, they don't add to 1, or a donor is unknown.

    Source
    ------
    Abadie, Diamond & Hainmueller 2010; methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2026-05-01", periods=4, freq="MS")
    >>> panel = pd.concat([pd.DataFrame({"month": months, "region": name, "amount": values}) for name, values in
    ...     {"华东": [10.0, 14.0, 12.0, 20.0], "华北": [8.0, 12.0, 10.0, 11.0], "华南": [12.0, 16.0, 14.0, 15.0]}.items()])
    >>> synthetic_gap(panel, "华东", "2026-08", {"华北": 0.5, "华南": 0.5})[["actual", "synthetic", "gap", "post"]]
       actual  synthetic  gap   post
    0    10.0       10.0  0.0  False
    1    14.0       14.0  0.0  False
    2    12.0       12.0  0.0  False
    3    20.0       13.0  7.0   True
    """
    wide = months_by_unit(panel, unit, value, by)
    given = pd.Series(weights, dtype="float64")
    unknown = [d for d in given.index if d not in wide or d == unit]
    if unknown or (given < 0).any() or abs(given.sum() - 1) > 1e-6:
        raise MetricError(
            (
                "权重须属于对照单元、非负、合计为1",
                "the weights must be those of donors, none negative, adding to 1",
            ),
            found=str(dict(weights)),
            expected=", ".join(map(str, wide.columns.drop(unit))),
        )
    synthetic = wide[given.index.tolist()] @ given
    out = pd.DataFrame(
        {"actual": wide[unit], "synthetic": synthetic, "gap": wide[unit] - synthetic}
    ).reset_index()
    out["month"] = out["month"].astype("int64")
    out["post"] = out["month"] >= month_number(start)
    before = out.loc[~out["post"], "gap"]
    return out.assign(pre_rmspe=float(np.sqrt((before**2).mean())))
