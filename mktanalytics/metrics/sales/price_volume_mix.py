"""量价结构分析: a change in sales as price, volume and mix, with what is none of these kept apart (methods 3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.means import log_mean
from mktanalytics.metrics.result import dimensions, need_columns, need_known, need_numbers
from mktanalytics.metrics.sales._goods import goods, one_unit

# name -> the letter of methods 3.1
CONVENTIONS = {"laspeyres": "A", "paasche": "B", "three_term": "C", "bennet": "D", "montgomery": "E"}
BUCKETS = ("new", "lost", "returns", "fx", "other")  # kept out of price, volume and mix (methods 3.3)
WORDS = {
    "price": ("价格", "Price"), "volume": ("销量", "Volume"), "mix": ("结构", "Mix"), "cross": ("量价交叉", "Price × volume"),
    "new": ("新品", "New"), "lost": ("停售", "Discontinued"), "returns": ("退货", "Returns"), "fx": ("汇率", "Exchange rate"),
    "other": ("其他（无数量）", "Other (no quantity)"),
}  # fmt: skip


@checked
def price_volume_mix(
    old: pd.DataFrame,
    new: pd.DataFrame,
    *,
    levels: Sequence[str] = (),
    product: str = "product",
    convention: str = "bennet",
    restated: str = "",
) -> pd.DataFrame:
    """What each product's change in sales is made of; every row's parts add to its change.

    Parameters
    ----------
    old, new : DataFrame
        `levels`, `product`, units, amount (one currency): sales lines (or a rollup) of the two periods, or plan
        and actual. A line with units < 0 is a return; one without units is no sale of goods.
    levels : sequence of str
        Groups from the outside in, such as region; mix is split into mix_region (between regions) and
        mix_product (between products of one region), which add.
    product : str
        The lowest level, with stable keys and one unit of measure.
    convention : {"laspeyres", "paasche", "three_term", "bennet", "montgomery"}
        A to E of methods 3.1; paasche is usual against plan, bennet year on year.
    restated : str
        The column of `new` that holds its amounts at the old exchange rates (`convert_currency`); the rest is fx.

    Returns
    -------
    DataFrame
        One row per key: `levels`, `product`, units_old, units_new, amount_old, amount_new, change, price, volume
        (pure volume), one mix_<level> per level, cross (0 but for three_term), new, lost, returns, fx, other
        (all in the currency), missing_rows (count of lines without amount: left out).
        volume and mix speak of products sold in both periods. Mix per product is form 2: growing a product
        dearer than its group is favourable.

    Raises
    ------
    MetricError
        A column is missing, the convention is unknown, currencies or units of measure are mixed, or
        (montgomery) a product was sold at no value.

    Source
    ------
    Methods 3.1–3.4; Horngren ch. 7 and 14; Bennet 1920; Montgomery 1929.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [100, 100], "amount": [400.0, 600.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [60, 180], "amount": [252.0, 1080.0]})
    >>> effects = ["price", "volume", "mix_product"]
    >>> price_volume_mix(old, new, convention="paasche")[["change", *effects]].sum().round(6).tolist()
    [332.0, 12.0, 200.0, 120.0]
    """
    need_known(convention, CONVENTIONS, ("量价分解方法", "convention"))
    keys = [*levels, product]
    one_unit(old, new)
    before = goods(old, keys).add_suffix("_old").rename_axis(keys)
    after = goods(new, keys, restated).add_suffix("_new").rename_axis(keys)
    both = before.join(after, how="outer").sort_index().fillna(0.0)
    out = _buckets(both)
    out = _effects(out, keys, convention)
    effects = ["price", "volume", *(f"mix_{k}" for k in keys), "cross", *BUCKETS]
    out["missing_rows"] = (out["missing_old"] + out["missing_new"]).astype("int64")
    names = ["units_old", "units_new", "amount_old", "amount_new", "change", *effects, "missing_rows"]
    return out[names].reset_index()


@checked
def pvm_bridge(detail: pd.DataFrame, by: str | Sequence[str] = ()) -> pd.DataFrame:
    """The parts of `price_volume_mix` summed: from the old amount to the new one.

    Parameters
    ----------
    detail : DataFrame
        What `price_volume_mix` gives.
    by : sequence of str
        Any of its keys.

    Returns
    -------
    DataFrame
        `by`, amount_old, the effects, mix (the sum of the mix_ columns), amount_new, change, missing_rows; one
        row per group, and one in all without `by`. amount_old + effects = amount_new.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 3.4.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame({"product": ["茶饮"], "units": [10], "amount": [50.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "气泡水"], "units": [12, 5], "amount": [60.0, 30.0]})
    >>> pvm_bridge(price_volume_mix(old, new))[["amount_old", "price", "volume", "new", "amount_new"]].values.tolist()
    [[50.0, 0.0, 10.0, 30.0, 90.0]]
    """
    by = dimensions(by)
    mixes = [c for c in detail.columns if str(c).startswith("mix_")]
    columns = [
        "amount_old",
        "price",
        "volume",
        *mixes,
        "cross",
        *BUCKETS,
        "amount_new",
        "change",
        "missing_rows",
    ]
    need_columns(detail, [*by, *columns], metric="pvm_bridge")
    need_numbers(detail, columns, metric="pvm_bridge")
    keys = list(by)
    out = detail.groupby(keys, as_index=False)[columns].sum() if keys else detail[columns].sum().to_frame().T
    out.insert(list(out.columns).index("volume") + 1, "mix", out[mixes].sum(axis=1))
    return out.astype({"missing_rows": "int64"})


# ---- the parts


def _buckets(both: pd.DataFrame) -> pd.DataFrame:
    q0, q1, v0, v1 = (both[c] for c in ("q_old", "q_new", "v_old", "v_new"))
    out = both.assign(
        units_old=q0 + both["return_units_old"],
        units_new=q1 + both["return_units_new"],
        amount_old=v0 + both["returns_old"] + both["other_old"],
        amount_new=v1 + both["returns_new"] + both["other_new"] + both["fx_new"],
        new=v1.where((q0 == 0) & (q1 > 0), 0.0),
        lost=0.0 - v0.where((q1 == 0) & (q0 > 0), 0.0),
        returns=both["returns_new"] - both["returns_old"],
        fx=both["fx_new"],  # the old period is at its own rates
        other=both["other_new"] - both["other_old"],
        compared=(q0 > 0) & (q1 > 0),
    )
    return out.assign(change=out["amount_new"] - out["amount_old"])


def _effects(out: pd.DataFrame, keys: list[str], convention: str) -> pd.DataFrame:
    here = out["compared"]
    q0, q1, v0, v1 = (out[c].where(here, 0.0) for c in ("q_old", "q_new", "v_old", "v_new"))
    p0, p1 = (v0 / q0.where(here, 1.0)), (v1 / q1.where(here, 1.0))
    forward = _volume_and_mix(q0, q1, p0, keys)
    out = out.assign(cross=0.0)
    if convention == "montgomery":
        return _montgomery(out, q0, q1, v0, v1, keys)
    if convention in ("paasche", "three_term"):
        effects = forward
        if convention == "three_term":
            out["cross"] = (p1 - p0) * (q1 - q0)
        price = (p1 - p0) * (q1 if convention == "paasche" else q0)
    else:
        # seen from the new period, with the sign turned
        backward = -_volume_and_mix(q1, q0, p1, keys)
        effects = backward if convention == "laspeyres" else (forward + backward) / 2
        price = (p1 - p0) * (q0 if convention == "laspeyres" else (q0 + q1) / 2)
    return pd.concat([out.assign(price=price), effects], axis=1)


def _volume_and_mix(q0: pd.Series, q1: pd.Series, p0: pd.Series, keys: list[str]) -> pd.DataFrame:
    """sum dq p0 as pure volume and one mix per level (form 2), for each row."""
    v0 = q0 * p0
    total = (q1 - q0) * p0
    outer0, outer1, outer_v = (pd.Series(x.sum(), q0.index) for x in (q0, q1, v0))
    mixes: dict[str, pd.Series] = {}
    for depth, level in enumerate(keys, 1):
        inner0, inner1, inner_v = (x.groupby(level=keys[:depth]).transform("sum") for x in (q0, q1, v0))
        shift = inner1 - outer1 * _over(inner0, outer0)
        dearer = _over(inner_v, inner0) - _over(outer_v, outer0)
        mixes[f"mix_{level}"] = shift * dearer * _over(q1, inner1)  # a group's mix lies where its units are
        outer0, outer1, outer_v = inner0, inner1, inner_v
    out = pd.DataFrame(mixes)
    out.insert(0, "volume", total - out.sum(axis=1))
    return out


def _montgomery(
    out: pd.DataFrame, q0: pd.Series, q1: pd.Series, v0: pd.Series, v1: pd.Series, keys: list[str]
) -> pd.DataFrame:
    here = out["compared"]
    free = here & ((v0 <= 0) | (v1 <= 0))
    if free.any():
        raise MetricError(
            ("对数平均法要求两期金额都大于0", "the log-mean convention needs a value above 0 on both sides"),
            found=", ".join(str(k) for k in out.index[free][:5]),
            todo=("改用 bennet，或剔除赠品", "use bennet, or take the free goods out"),
        )
    mean = pd.Series(log_mean(v1, v0), out.index).where(here, 0.0)
    outer0, outer1 = (pd.Series(q.sum(), q.index) for q in (q0, q1))
    out["volume"] = mean * _log_ratio(outer1, outer0, here)
    for depth, level in enumerate(keys, 1):
        inner0, inner1 = (q.groupby(level=keys[:depth]).transform("sum") for q in (q0, q1))
        out[f"mix_{level}"] = mean * (_log_ratio(inner1, inner0, here) - _log_ratio(outer1, outer0, here))
        outer0, outer1 = inner0, inner1
    out["price"] = mean * (_log_ratio(v1, v0, here) - _log_ratio(q1, q0, here))
    return out


def _over(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return (top / bottom.where(bottom != 0)).fillna(0.0)


def _log_ratio(top: pd.Series, bottom: pd.Series, here: pd.Series) -> pd.Series:
    logs: pd.Series = (top / bottom.where(here)).where(here, 1.0).map(np.log)
    return logs
