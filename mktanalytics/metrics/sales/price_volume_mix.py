"""量价结构分析: a change in sales as price, volume and mix, with what is none of these kept apart (methods 3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics.result import need_columns

# name -> the letter of methods 3.1
CONVENTIONS = {"laspeyres": "A", "paasche": "B", "three_term": "C", "bennet": "D", "montgomery": "E"}
BUCKETS = ("new", "lost", "returns", "fx", "other")  # kept out of price, volume and mix (methods 3.3)
WORDS = {
    "price": ("价格", "Price"), "volume": ("销量", "Volume"), "mix": ("结构", "Mix"), "cross": ("量价交叉", "Price × volume"),
    "new": ("新品", "New"), "lost": ("停售", "Discontinued"), "returns": ("退货", "Returns"), "fx": ("汇率", "Exchange rate"),
    "other": ("其他（无数量）", "Other (no quantity)"),
}  # fmt: skip
_BLANK = "未注明"


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
    old, new : sales lines (or a rollup) of the two periods, or plan and actual: `levels`, `product`, units,
        amount (one currency). A line with units < 0 is a return; one without units is no sale of goods.
    levels : groups from the outside in, such as region; mix is split into mix_region (between regions) and
        mix_product (between products of one region), which add.
    product : the lowest level, with stable keys and one unit of measure.
    convention : laspeyres (A), paasche (B, usual against plan), three_term (C), bennet (D, usual year on
        year), montgomery (E).
    restated : the column of `new` that holds its amounts at the old exchange rates; the rest is fx.

    Returns
    -------
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
    methods 3.1–3.4; Horngren ch. 7 and 14; Bennet 1920; Montgomery 1929.

    Examples
    --------
    >>> old = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [100, 100], "amount": [400.0, 600.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [60, 180], "amount": [252.0, 1080.0]})
    >>> effects = ["price", "volume", "mix_product"]
    >>> price_volume_mix(old, new, convention="paasche")[["change", *effects]].sum().round(6).tolist()
    [332.0, 12.0, 200.0, 120.0]
    """
    if convention not in CONVENTIONS:
        raise MetricError(
            "unknown convention", found=repr(convention), expected=", ".join(CONVENTIONS), todo="use one"
        )
    keys = [*levels, product]
    _one_unit(old, new)
    before = _sides(old, keys, "").add_suffix("_old").rename_axis(keys)
    after = _sides(new, keys, restated).add_suffix("_new").rename_axis(keys)
    both = before.join(after, how="outer").sort_index().fillna(0.0)
    out = _buckets(both)
    out = _effects(out, keys, convention)
    effects = ["price", "volume", *(f"mix_{k}" for k in keys), "cross", *BUCKETS]
    out["missing_rows"] = (out["missing_old"] + out["missing_new"]).astype("int64")
    names = ["units_old", "units_new", "amount_old", "amount_new", "change", *effects, "missing_rows"]
    return out[names].reset_index()


def pvm_bridge(detail: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """The parts of `price_volume_mix` summed: from the old amount to the new one.

    Parameters
    ----------
    detail : from `price_volume_mix`. by : any of its keys.

    Returns
    -------
    `by`, amount_old, the effects, mix (the sum of the mix_ columns), amount_new, change, missing_rows; one
    row per group, and one in all without `by`. amount_old + effects = amount_new.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    methods 3.4.

    Examples
    --------
    >>> old = pd.DataFrame({"product": ["茶饮"], "units": [10], "amount": [50.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "气泡水"], "units": [12, 5], "amount": [60.0, 30.0]})
    >>> pvm_bridge(price_volume_mix(old, new))[["amount_old", "price", "volume", "new", "amount_new"]].values.tolist()
    [[50.0, 0.0, 10.0, 30.0, 90.0]]
    """
    mixes = [c for c in detail.columns if c.startswith("mix_")]
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
    keys = list(by)
    out = detail.groupby(keys, as_index=False)[columns].sum() if keys else detail[columns].sum().to_frame().T
    out.insert(list(out.columns).index("volume") + 1, "mix", out[mixes].sum(axis=1))
    return out.astype({"missing_rows": "int64"})


def price_quantity_indices(old: pd.DataFrame, new: pd.DataFrame, *, product: str = "product") -> pd.DataFrame:
    """Laspeyres, Paasche and Fisher indices of price and quantity over products sold in both periods.

    Parameters
    ----------
    old, new : as in `price_volume_mix`.

    Returns
    -------
    index (laspeyres, paasche, fisher), price, quantity (100 = old). value = Laspeyres price × Paasche
    quantity = Paasche price × Laspeyres quantity = Fisher × Fisher. NaN without a common product of value.

    Raises
    ------
    MetricError
        A column is missing, or units are mixed.

    Source
    ------
    methods 3.4; CPI Manual 2004.

    Examples
    --------
    >>> old = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [10, 10], "amount": [40.0, 60.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [10, 20], "amount": [44.0, 120.0]})
    >>> price_quantity_indices(old, new).round(2).values.tolist()
    [['laspeyres', 104.0, 160.0], ['paasche', 102.5, 157.69], ['fisher', 103.25, 158.84]]
    """
    _one_unit(old, new)
    parts = _compared(old, new, product)
    v00, v11, v10, v01 = (float(parts[c].sum()) for c in ("v00", "v11", "v10", "v01"))
    if min(v00, v11, v10, v01) <= 0:
        nan = float("nan")
        rows = [("laspeyres", nan, nan), ("paasche", nan, nan), ("fisher", nan, nan)]
    else:
        lp, pp, lq, pq = v10 / v00, v11 / v01, v01 / v00, v11 / v10
        rows = [
            ("laspeyres", lp * 100, lq * 100),
            ("paasche", pp * 100, pq * 100),
            ("fisher", (lp * pp) ** 0.5 * 100, (lq * pq) ** 0.5 * 100),
        ]
    return pd.DataFrame(rows, columns=["index", "price", "quantity"]).astype({"index": "str"})


def log_mean(a: float, b: float) -> float:
    """The logarithmic mean: (a - b) / ln(a / b), and a where both are equal.

    Source
    ------
    methods 3.1 E; L(a, a) = a is the limit.

    Examples
    --------
    >>> log_mean(8.0, 8.0), round(log_mean(4.0, 8.0), 6)
    (8.0, 5.77078)
    """
    # near a = b the quotient loses its digits: (a - b) / log1p((a - b) / b) keeps them
    return a if a == b else float((a - b) / np.log1p((a - b) / b))


# ---- the parts


def _one_unit(*frames: pd.DataFrame) -> None:
    for column, what in (("currency", "currencies"), ("unit", "units of measure")):
        found = sorted({str(v) for f in frames if column in f for v in f[column].dropna().unique()})
        if len(found) > 1:
            raise MetricError(
                f"mixed {what} can't be summed", found=", ".join(found), expected="one", todo="convert first"
            )


def _sides(lines: pd.DataFrame, keys: list[str], restated: str) -> pd.DataFrame:
    """Per key: q and v of goods sold, returns, other, fx and the lines without amount."""
    need_columns(
        lines, [*keys, "units", "amount", *([restated] if restated else [])], metric="price_volume_mix"
    )
    v = lines[restated or "amount"].astype("float64")
    q = lines["units"].astype("float64")
    missing = v.isna() | lines["amount"].isna()
    sold = (q > 0) & (v >= 0) & ~missing
    back = (q < 0) & (v <= 0) & ~missing
    parts = {
        "q": q.where(sold, 0.0),
        "v": v.where(sold, 0.0),
        "returns": v.where(back, 0.0),
        "return_units": q.where(back, 0.0),
        "other": v.where(~sold & ~back & ~missing, 0.0),
        "fx": (lines["amount"].astype("float64") - v).where(~missing, 0.0),
        "missing": missing.astype("float64"),
    }
    rows = lines[keys].astype("str").fillna(_BLANK).assign(**parts)
    # sorted before summing: the order of the lines must not move the last bit of a float
    rows = rows.sort_values([*keys, *parts])
    return rows.groupby(keys)[list(parts)].sum()


def _buckets(both: pd.DataFrame) -> pd.DataFrame:
    q0, q1, v0, v1 = (both[c] for c in ("q_old", "q_new", "v_old", "v_new"))
    out = both.assign(
        units_old=q0 + both["return_units_old"],
        units_new=q1 + both["return_units_new"],
        amount_old=v0 + both["returns_old"] + both["other_old"] + both["fx_old"],
        amount_new=v1 + both["returns_new"] + both["other_new"] + both["fx_new"],
        new=v1.where((q0 == 0) & (q1 > 0), 0.0),
        lost=0.0 - v0.where((q1 == 0) & (q0 > 0), 0.0),
        returns=both["returns_new"] - both["returns_old"],
        fx=both["fx_new"] - both["fx_old"],
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
            "the log-mean convention needs a value above 0 on both sides",
            found=", ".join(str(k) for k in out.index[free][:5]),
            todo="use bennet, or take the free goods out",
        )
    mean = pd.Series(
        [log_mean(b, a) if ok else 0.0 for a, b, ok in zip(v0, v1, here, strict=True)], out.index
    )
    outer0, outer1 = (pd.Series(q.sum(), q.index) for q in (q0, q1))
    out["volume"] = mean * _log_ratio(outer1, outer0, here)
    for depth, level in enumerate(keys, 1):
        inner0, inner1 = (q.groupby(level=keys[:depth]).transform("sum") for q in (q0, q1))
        out[f"mix_{level}"] = mean * (_log_ratio(inner1, inner0, here) - _log_ratio(outer1, outer0, here))
        outer0, outer1 = inner0, inner1
    out["price"] = mean * (_log_ratio(v1, v0, here) - _log_ratio(q1, q0, here))
    return out


def _compared(old: pd.DataFrame, new: pd.DataFrame, product: str) -> pd.DataFrame:
    before, after = _sides(old, [product], ""), _sides(new, [product], "")
    rows = before.add_suffix("_0").join(after.add_suffix("_1"), how="inner")
    rows = rows[(rows["q_0"] > 0) & (rows["q_1"] > 0)]
    p0, p1 = rows["v_0"] / rows["q_0"], rows["v_1"] / rows["q_1"]
    return pd.DataFrame(
        {"v00": rows["v_0"], "v11": rows["v_1"], "v10": p1 * rows["q_0"], "v01": p0 * rows["q_1"]}
    )


def _over(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return (top / bottom.where(bottom != 0)).fillna(0.0)


def _log_ratio(top: pd.Series, bottom: pd.Series, here: pd.Series) -> pd.Series:
    logs: pd.Series = (top / bottom.where(here)).where(here, 1.0).map(np.log)
    return logs
