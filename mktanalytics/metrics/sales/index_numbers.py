"""Index numbers: Laspeyres, Paasche and Fisher, over two periods or chained, and who moved them (methods 2.1, 3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._plain import need_one_kind
from mktanalytics.metrics.result import Status, need_columns, need_numbers
from mktanalytics.metrics.sales._goods import goods, one_unit

_ITEM = ["price_base", "units_base", "price_now", "units_now"]


@checked
def price_quantity_indices(old: pd.DataFrame, new: pd.DataFrame, *, product: str = "product") -> pd.DataFrame:
    """Laspeyres, Paasche and Fisher indices of price and quantity over products sold in both periods.

    Parameters
    ----------
    old, new : DataFrame
        `product`, units, amount (one currency): sales lines of the two periods. A product with units in one
        of them only is left out of both, and so are returns.
    product : str
        The product's column.

    Returns
    -------
    DataFrame
        index (laspeyres, paasche, fisher), price, quantity (100 = old), status: `na_missing` without a product
        in both periods, `na_zero_base` where they were worth nothing. Value ratio = Laspeyres price × Paasche
        quantity = Paasche price × Laspeyres quantity = Fisher × Fisher.

    Raises
    ------
    MetricError
        A column is missing, or currencies or units of measure are mixed.

    Source
    ------
    CPI and PPI Manuals 2004; methods 3.4.

    Examples
    --------
    >>> import pandas as pd
    >>> old = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [10, 10], "amount": [40.0, 60.0]})
    >>> new = pd.DataFrame({"product": ["茶饮", "果汁"], "units": [10, 20], "amount": [44.0, 120.0]})
    >>> price_quantity_indices(old, new)[["index", "price", "quantity"]].round(2).values.tolist()
    [['laspeyres', 104.0, 160.0], ['paasche', 102.5, 157.69], ['fisher', 103.25, 158.84]]
    """
    one_unit(old, new)
    sides = (goods(frame, [product], metric="price_quantity_indices") for frame in (old, new))
    items = _items(*(side.rename(columns={"q": "units", "v": "amount"}) for side in sides))
    relatives = _relatives(items) * 100
    lost = Status.MISSING if items.empty else Status.ZERO_BASE
    status = str(Status.OK) if np.isfinite(relatives).all() else str(lost)
    names = pd.DataFrame({"index": pd.array(["laspeyres", "paasche", "fisher"], dtype="str")})
    return names.assign(price=relatives[:, 0], quantity=relatives[:, 1], status=status)


@checked
def chained_indices(frame: pd.DataFrame, *, key: str = "product", time: str = "month") -> pd.DataFrame:
    """Chained Laspeyres, Paasche and Fisher indices of price and quantity: each period linked to the one before.

    Parameters
    ----------
    frame : DataFrame
        `time`, `key`, amount, units: one row an item and period, or several that add up. A link counts the
        items of both its periods.
    key, time : str
        The item's and the period's column.

    Returns
    -------
    DataFrame
        `time`, index (laspeyres, paasche, fisher), price, quantity (first period = 100), left_out (items in one
        period of the link only).

    Raises
    ------
    MetricError
        A column is missing, or a link has no item of value in both periods.

    Source
    ------
    CPI and PPI Manuals 2004; R IndexNumR; methods 2.1, 3.4.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2025-01-01", "2026-01-01"]), "product": "水",
    ...                       "amount": [200.0, 330.0, 363.0], "units": [100.0, 110.0, 121.0]})
    >>> chained_indices(frame).query("index == 'fisher'")[["price", "quantity"]].round(2)
       price  quantity
    2  100.0     100.0
    5  150.0     110.0
    8  150.0     121.0
    """
    need_columns(frame, [time, key, "amount", "units"], metric="chained_indices")
    need_one_kind(frame, [time, key], metric="chained_indices")
    if frame.empty:
        return pd.DataFrame(columns=[time, "index", "price", "quantity", "left_out"])
    level, rows = np.full((3, 2), 100.0), []
    links = [(frame[time].min(), None, 0), *_links(frame, key, time)]
    for period, items, left_out in links:
        level = level if items is None else level * _relatives(items)
        names = ("laspeyres", "paasche", "fisher")
        rows += [(period, name, *pair, left_out) for name, pair in zip(names, level.tolist(), strict=True)]
    return pd.DataFrame(rows, columns=[time, "index", "price", "quantity", "left_out"])


@checked
def fisher_contributions(items: pd.DataFrame, *, key: str = "product") -> pd.DataFrame:
    """Contribution of each item to the growth of a Fisher volume index, price effects removed.

    Parameters
    ----------
    items : DataFrame
        `key`, price_base, units_base, price_now, units_now. An item must have a price in both periods, also
        where its units are 0: a new item needs the price it would have had (methods leave it to the caller).
    key : str
        The item's column.

    Returns
    -------
    DataFrame
        `key`, contribution (points, as a fraction; adds exactly to the index's growth), then the columns
        volume_growth, price_index and volume_index, the same on every row (Fisher, ratio).

    Raises
    ------
    MetricError
        A column or a number is missing, a price is not positive, or a period's value is not positive.

    Source
    ------
    BEA and Statistics Canada on chain-Fisher contributions: C_i = (p0 + p1 / P_F)(q1 - q0) / sum (p0 + p1 / P_F) q0;
    methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> items = pd.DataFrame({"product": ["水", "茶"], "price_base": [2.0, 4.0], "units_base": [100.0, 50.0],
    ...                       "price_now": [2.0, 4.4], "units_now": [110.0, 60.0]})
    >>> fisher_contributions(items)[["product", "contribution", "volume_growth"]].round(4)
      product  contribution  volume_growth
    0       水        0.0488         0.1512
    1       茶        0.1024         0.1512
    """
    need_columns(items, [key, *_ITEM], metric="fisher_contributions")
    need_numbers(items, _ITEM, metric="fisher_contributions")
    if items[_ITEM].isna().any(axis=None):
        raise MetricError(
            ("缺少价格或数量", "a price or quantity is missing"),
            todo=("两期都剔除该项，或补上价格", "leave the item out on both sides, or give its price"),
        )
    p0, q0, p1, q1 = (items[c].to_numpy(dtype="float64") for c in _ITEM)
    if (p0 <= 0).any() or (p1 <= 0).any():
        raise MetricError(
            ("价格不大于0", "a price is not positive"),
            todo=("赠品和更正不计入指数", "keep gifts and corrections apart from the index"),
        )
    price, volume = _relatives(items)[2]
    if not np.isfinite(price * volume):
        raise MetricError(
            ("有一期的金额不大于0", "a period's value is not positive"),
            todo=("换其他期间", "choose other periods"),
        )
    weight = p0 + p1 / price
    return pd.DataFrame(
        {
            key: items[key].to_numpy(),
            "contribution": weight * (q1 - q0) / (weight @ q0),
            "volume_growth": volume - 1,
            "price_index": price,
            "volume_index": volume,
        }
    )


@checked
def chained_fisher(frame: pd.DataFrame, *, key: str = "product", time: str = "month") -> pd.DataFrame:
    """Chained Fisher volume index (first period = 100) with each item's contribution to every link.

    Parameters
    ----------
    frame : DataFrame
        `time`, `key`, amount, units: one row an item and period, or several that add up. Items in both
        periods of a link count; those in one only are left out of it, on both sides.
    key, time : str
        The item's and the period's column.

    Returns
    -------
    DataFrame
        `time`, `key`, contribution (points, as a fraction; within a link they add to volume_growth),
        volume_growth, price_index (ratio, of the link), chained_volume (index, first period 100), left_out
        (items left out of the link), one row an item and link.

    Raises
    ------
    MetricError
        A column is missing, or a link has no item with positive price in both periods.

    Source
    ------
    BEA; Statistics Canada; ILO/IMF CPI manual 2004; methods 2.1.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"month": pd.to_datetime(["2024-01-01", "2025-01-01", "2026-01-01"]), "product": "水",
    ...                       "amount": [200.0, 330.0, 363.0], "units": [100.0, 110.0, 121.0]})
    >>> chained_fisher(frame)[["chained_volume", "price_index"]].round(2)
       chained_volume  price_index
    0           110.0          1.5
    1           121.0          1.0
    """
    need_columns(frame, [time, key, "amount", "units"], metric="chained_fisher")
    need_one_kind(frame, [time, key], metric="chained_fisher")
    level, links = 100.0, []
    for period, items, left_out in _links(frame, key, time):
        link = fisher_contributions(items.reset_index(names=key), key=key)
        level *= float(link["volume_index"].iloc[0])
        link.insert(0, time, period)
        links.append(link.assign(chained_volume=level, left_out=left_out))
    columns = [time, key, "contribution", "volume_growth", "price_index", "chained_volume", "left_out"]
    return pd.concat(links, ignore_index=True)[columns] if links else pd.DataFrame(columns=columns)


def _links(frame: pd.DataFrame, key: str, time: str) -> Iterator[tuple[Any, pd.DataFrame, int]]:
    """Each period but the first, the items it has in common with the one before, and how many they haven't."""
    one_unit(frame)
    need_numbers(frame, ["amount", "units"], metric="chained indices")
    sums = frame.groupby([time, key])[["amount", "units"]].sum(min_count=1).dropna()
    for old, new in pairwise(sums.index.get_level_values(0).unique()):
        before, after = sums.loc[old], sums.loc[new]
        items = _items(before, after)
        if not np.isfinite(_relatives(items)).all():
            raise MetricError(
                ("相邻两期没有共同的有金额项目", "no item of value in both periods of a link"),
                found=f"{old}, {new}",
                todo=("用更粗的项目分类", "use a coarser key"),
            )
        yield new, items, len(before.index.union(after.index)) - len(items)


def _items(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Prices and units of the items sold in both periods."""
    both = old.add_suffix("_base").join(new.add_suffix("_now"), how="inner")
    both = both[(both["units_base"] > 0) & (both["units_now"] > 0)]
    prices = {f"price_{s}": both[f"amount_{s}"] / both[f"units_{s}"] for s in ("base", "now")}
    return both.assign(**prices)[_ITEM]


def _relatives(items: pd.DataFrame) -> np.ndarray:
    """Price and quantity relatives, a row each for Laspeyres, Paasche and Fisher; NaN where a value isn't positive."""
    p0, q0, p1, q1 = (items[c].to_numpy(dtype="float64") for c in _ITEM)
    v00, v10, v01, v11 = p0 @ q0, p1 @ q0, p0 @ q1, p1 @ q1
    if min(v00, v10, v01, v11) <= 0:
        return np.full((3, 2), np.nan)
    laspeyres, paasche = (v10 / v00, v01 / v00), (v11 / v01, v11 / v10)
    return np.array([laspeyres, paasche, np.sqrt(np.multiply(laspeyres, paasche))])
