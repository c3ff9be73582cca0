"""Whether a synthetic control holds: placebos in every other unit, and one donor left out at a time (methods 8.4)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number
from mktanalytics.metrics.campaigns.synthetic_control import fitted_weights, months_by_unit

USED = 1e-6  # a donor below this weight is not part of the mix

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@checked
def placebo_ranks(
    panel: pd.DataFrame, unit: str, start: MonthLike, *, value: str = "amount", by: str = "region"
) -> pd.DataFrame:
    """Whether the effect stands out: the same analysis for every donor, as if the campaign had been there.

    Parameters
    ----------
    panel, unit, start, value, by
        As for `synthetic_weights`.

    Returns
    -------
    DataFrame
        unit, pre_rmspe, post_rmspe, ratio (post / pre; inf is never given: a perfect fit before has NaN and ranks first),
        rank (1 is the largest ratio), p (rank of the unit / number of units), treated (bool); largest first.

    Raises
    ------
    MetricError
        As `synthetic_weights`.

    Source
    ------
    Abadie, Diamond & Hainmueller 2010 (placebo in space); methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2026-05-01", periods=4, freq="MS")
    >>> panel = pd.concat([pd.DataFrame({"month": months, "region": name, "amount": values}) for name, values in
    ...     {"华东": [10.0, 14.1, 12.0, 20.0], "华北": [8.0, 12.0, 10.0, 11.0], "华南": [12.0, 16.0, 14.0, 15.0]}.items()])
    >>> placebo_ranks(panel, "华东", "2026-08")[["unit", "rank", "treated"]].head(1)
      unit  rank  treated
    0   华东     1     True
    """
    wide = months_by_unit(panel, unit, value, by)
    post = _campaign(wide, start)
    rows = []
    for name in wide.columns:
        donors = wide.drop(columns=name) if name == unit else wide.drop(columns=[name, unit])
        if donors.shape[1]:
            gap = _gap(wide[name], donors, post)
            rows.append((name, _rmspe(gap[~post]), _rmspe(gap[post])))
    out = pd.DataFrame(rows, columns=["unit", "pre_rmspe", "post_rmspe"])
    fit = out["pre_rmspe"] > 1e-9 * float(np.abs(wide.to_numpy()).max() or 1.0)
    out["ratio"] = out["post_rmspe"] / out["pre_rmspe"].where(fit)
    out["rank"] = out["ratio"].fillna(np.inf).rank(method="min", ascending=False).astype("int64")
    out = out.assign(p=out["rank"] / len(out), treated=out["unit"] == unit)
    return out.sort_values(["rank", "unit"]).reset_index(drop=True)


@checked
def leave_one_out(
    panel: pd.DataFrame, unit: str, start: MonthLike, *, value: str = "amount", by: str = "region"
) -> pd.DataFrame:
    """Whether the effect hangs on one donor: the same analysis without each donor that has a weight, in turn.

    Parameters
    ----------
    panel, unit, start, value, by
        As for `synthetic_weights`.

    Returns
    -------
    DataFrame
        dropped ("" for the whole analysis, in the first row; then the donors with a weight, the heaviest first), weight
        (what it had in the whole), pre_rmspe, effect (mean gap from `start` on, in the unit of `value`), change (of the
        effect against the whole). A single donor can't be left out.

    Raises
    ------
    MetricError
        As `synthetic_weights`, or no month lies before or after the start.

    Source
    ------
    Abadie, Diamond & Hainmueller 2015 (leave-one-out); methods 8.4.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.date_range("2026-05-01", periods=4, freq="MS")
    >>> panel = pd.concat([pd.DataFrame({"month": months, "region": name, "amount": values}) for name, values in
    ...     {"华东": [10.0, 14.0, 12.0, 20.0], "华北": [8.0, 12.0, 10.0, 11.0], "华南": [12.0, 16.0, 14.0, 15.0]}.items()])
    >>> leave_one_out(panel, "华东", "2026-08")[["dropped", "weight", "effect", "change"]].round(3)
      dropped  weight  effect  change
    0             NaN     7.0     0.0
    1      华北     0.5     5.0    -2.0
    2      华南     0.5     9.0     2.0
    """
    wide = months_by_unit(panel, unit, value, by)
    post = _campaign(wide, start)
    donors = wide.drop(columns=unit)
    weights = fitted_weights(wide.loc[~post, unit].to_numpy(), donors[~post])
    used = [d for d, w in sorted(weights.items(), key=lambda item: (-round(item[1], 9), item[0])) if w > USED]
    analyses = [("", math.nan, donors)]
    if donors.shape[1] > 1:
        analyses += [(d, weights[d], donors.loc[:, donors.columns.astype("str") != d]) for d in used]
    gaps = [_gap(wide[unit], kept, post) for _, _, kept in analyses]
    out = pd.DataFrame(
        {
            "dropped": pd.array([dropped for dropped, _, _ in analyses], dtype="str"),
            "weight": [weight for _, weight, _ in analyses],
            "pre_rmspe": [_rmspe(gap[~post]) for gap in gaps],
            "effect": [float(gap[post].mean()) for gap in gaps],
        }
    )
    return out.assign(change=out["effect"] - out["effect"].iloc[0])


# ---- the parts


def _campaign(wide: pd.DataFrame, start: MonthLike) -> Flags:
    """Which months are those of the campaign; there are some before it and some in it."""
    post = np.asarray(wide.index >= month_number(start))
    if post.all() or not post.any():
        raise MetricError(
            ("活动前后都须有月份", "months before and after the start are needed"), found=str(start)
        )
    return post


def _gap(target: pd.Series, donors: pd.DataFrame, post: Flags) -> Floats:
    """The target less the mix of donors that was nearest to it before the campaign."""
    weights = list(fitted_weights(target[~post].to_numpy(), donors[~post]).values())
    return np.asarray(target.to_numpy() - donors.to_numpy() @ np.array(weights), dtype="float64")


def _rmspe(gap: Floats) -> float:
    return float(np.sqrt((gap**2).mean()))
