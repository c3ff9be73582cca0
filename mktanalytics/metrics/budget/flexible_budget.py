"""弹性预算: the budget restated at the activity that really happened (methods 4.3)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.budget._budget_rows import FEN, texts
from mktanalytics.metrics.budget.budget_words import word
from mktanalytics.metrics.result import need_known, need_numbers

COLUMNS = ["variable_rate", "fixed", "planned_activity", "actual_activity", "actual"]


@checked
def flexible_budget(lines: pd.DataFrame, *, language: str = "zh") -> pd.DataFrame:
    """Static, flexible and actual amounts of each line, and the two variances between them.

    Parameters
    ----------
    lines : any key columns, and variable_rate (CNY per unit of the line's driver; 0 for lines without
        one, such as advertising), fixed (CNY), planned_activity and actual_activity (units of the driver;
        may be blank where the rate is 0), actual (CNY), and optionally kind (cost, the default, or revenue).

    Returns
    -------
    The keys, kind, static, flexible, actual, flexible_variance, activity_variance, static_variance (CNY,
    > 0 is favourable: raises profit), and the three words (flexible_word, activity_word, static_word: 有利,
    不利, 无差异). static_variance = flexible_variance + activity_variance.

    Raises
    ------
    MetricError
        A column is missing, a kind is unknown, or a line with a rate lacks its activity.

    Source
    ------
    methods 4.3; Horngren, Datar & Rajan, Cost Accounting ch. 7.

    Examples
    --------
    >>> lines = pd.DataFrame({"line": ["经销商返利", "品牌广告"], "variable_rate": [8.0, 0.0], "fixed": [0.0, 50e4],
    ...     "planned_activity": [10e4, None], "actual_activity": [12e4, None], "actual": [99e4, 52e4]})
    >>> flexible_budget(lines)[["line", "static", "flexible", "flexible_variance", "activity_variance"]].values.tolist()
    [['经销商返利', 800000.0, 960000.0, -30000.0, -160000.0], ['品牌广告', 500000.0, 500000.0, -20000.0, 0.0]]
    """
    need_numbers(lines, COLUMNS, metric="flexible_budget")
    kind = lines["kind"].fillna("cost") if "kind" in lines else pd.Series("cost", lines.index)
    need_known(kind, ("cost", "revenue"), ("预算行类型", "kind of line"))
    rate = lines["variable_rate"].astype("float64").fillna(0.0)
    planned = lines["planned_activity"].astype("float64").where(rate != 0, 0.0)
    done = lines["actual_activity"].astype("float64").where(rate != 0, 0.0)
    lost = planned.isna() | done.isna()
    if lost.any():
        raise MetricError(
            (
                f"{int(lost.sum())} 行随业务量变动，却没有业务量",
                f"{int(lost.sum())} lines flex with an activity that isn't given",
            ),
            expected=(
                "variable_rate 不为 0 的行须有 planned_activity 与 actual_activity",
                "planned_activity and actual_activity where variable_rate is not 0",
            ),
            todo=("补上业务量，或把单位变动额设为 0", "fill them in, or set the rate to 0"),
        )
    fixed = lines["fixed"].astype("float64").fillna(0.0)
    static, flexible, actual = rate * planned + fixed, rate * done + fixed, lines["actual"].astype("float64")
    sign = pd.Series(np.where(kind == "cost", -1.0, 1.0), lines.index)
    keys = [c for c in lines.columns if c not in (*COLUMNS, "kind")]
    out = lines[keys].assign(kind=kind, static=static, flexible=flexible, actual=actual)
    out["flexible_variance"] = (actual - flexible) * sign
    out["activity_variance"] = (flexible - static) * sign + 0.0  # no "-0"
    out["static_variance"] = (actual - static) * sign
    for name in ("flexible", "activity", "static"):
        gap = out[f"{name}_variance"]
        way = np.select([gap >= FEN, gap <= -FEN, gap.isna()], ["favourable", "unfavourable", "none"], "nil")
        out[f"{name}_word"] = texts(word(w, language) for w in way).to_numpy()
    return out.reset_index(drop=True)
