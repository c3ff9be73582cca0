"""Competitors side by side: the ten-item profile matrix and prices on the shelf."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import day, stamps
from mktanalytics.metrics.result import (
    Status,
    need_columns,
    need_numbers,
    record_frame,
    some_dimensions,
)


@checked
def competitor_profile_matrix(
    profile: pd.DataFrame,
    *,
    items: Sequence[str],
    own: Sequence[str] = (),
    through: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Items down, brands across: the latest score of each brand on each item.

    Parameters
    ----------
    profile : DataFrame
        brand, item, score; date or month where several rounds are there.
    items : sequence of str
        The items in the order to show (the table's `ITEMS`); an item nobody scored stays as an empty row.
    own : sequence of str
        Own brands, which come first; the others follow by name.
    through : date, optional
        Only what was scored up to this day; without it, everything.

    Returns
    -------
    DataFrame
        item, then one column a brand (score on the sheet's own scale; NaN where not scored: missing is
        not zero). Several scores of one brand and item on its latest date are averaged.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    The ten items of the table `competitor_profile`; methods 0.6.

    Examples
    --------
    >>> import pandas as pd
    >>> profile = pd.DataFrame({"brand": ["云岭", "清泉", "云岭"], "item": ["价格", "价格", "包装"], "score": [4.0, 3.0, 5.0]})
    >>> competitor_profile_matrix(profile, items=["价格", "包装", "售后服务"], own=["云岭"])
       item   云岭   清泉
    0    价格  4.0  3.0
    1    包装  5.0  NaN
    2  售后服务  NaN  NaN
    """
    need_columns(profile, ["brand", "item", "score"], metric="competitor_profile_matrix")
    need_numbers(profile, ["score"], metric="competitor_profile_matrix")
    rows = profile[profile["brand"].notna() & profile["item"].isin(list(items))]
    rows = rows[rows["score"].notna()].assign(_day=_days(rows[rows["score"].notna()]))
    if through is not None:
        rows = rows[rows["_day"].isna() | (rows["_day"] <= day(through))]
    dated = rows["_day"].fillna(pd.Timestamp(1900, 1, 1))  # undated rows give way to dated ones
    rows = rows[dated == dated.groupby([rows["brand"], rows["item"]]).transform("max")]
    scores = rows.groupby(["item", "brand"])["score"].mean().unstack("brand")
    brands = _own_first(scores.columns, own)
    matrix = scores.reindex(index=list(items), columns=brands)
    matrix.index.name, matrix.columns.name = "item", None
    return matrix.reset_index()


def _days(rows: pd.DataFrame) -> pd.Series:
    days = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    for column in ("date", "month"):
        if column in rows.columns:
            days = days.fillna(stamps(rows[column]))
    return days


def _own_first(brands: Iterable[str], own: Sequence[str]) -> list[str]:
    there = {str(b) for b in brands}
    return [*(b for b in own if b in there), *sorted(there - set(own))]


@checked
def competitor_profile_texts(
    profile: pd.DataFrame,
    *,
    items: Sequence[str],
    own: Sequence[str] = (),
    through: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Items down, brands across: the latest description of each brand on each item.

    Parameters
    ----------
    profile, items, own, through
        As for `competitor_profile_matrix`, with the column text.

    Returns
    -------
    DataFrame
        item, then one column a brand ("" where nothing was written); several texts of one day are joined.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    The ten items of the table `competitor_profile`.

    Examples
    --------
    >>> import pandas as pd
    >>> profile = pd.DataFrame({"brand": ["云岭"], "item": ["价格"], "text": ["高于市场一成"]})
    >>> competitor_profile_texts(profile, items=["价格"])
      item      云岭
    0   价格  高于市场一成
    """
    need_columns(profile, ["brand", "item", "text"], metric="competitor_profile_texts")
    rows = profile[profile["brand"].notna() & profile["item"].isin(list(items)) & profile["text"].notna()]
    rows = rows.assign(_day=_days(rows))
    if through is not None:
        rows = rows[rows["_day"].isna() | (rows["_day"] <= day(through))]
    dated = rows["_day"].fillna(pd.Timestamp(1900, 1, 1))  # undated rows give way to dated ones
    rows = rows[dated == dated.groupby([rows["brand"], rows["item"]]).transform("max")]
    texts = rows.groupby(["item", "brand"])["text"].agg(
        lambda t: "；".join(dict.fromkeys(sorted(map(str, t))))
    )
    matrix = texts.unstack("brand")
    matrix = (
        matrix.reindex(index=list(items), columns=_own_first(matrix.columns, own)).fillna("").astype("str")
    )
    matrix.index.name, matrix.columns.name = "item", None
    return matrix.reset_index()


@checked
def price_comparison(
    prices: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("product",),
    reference: str | None = None,
    start: str | pd.Timestamp | None = None,
    end: str | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Shelf prices side by side: regular and promoted price, depth and frequency of promotion.

    Prices are medians over observations (shops and days), so that one mistyped price doesn't move them;
    different packs and currencies are never mixed: they are keys wherever they are given.

    Parameters
    ----------
    prices : DataFrame
        Rows of `competitor_prices`: date, price, `by`, and where given promotion_price, pack, currency.
    by : sequence of str
        What a line is: ["brand"], ["brand", "product"], ["region", "product"].
    reference : str, optional
        A value of the first `by` column whose price is 100 in `price_index`.
    start, end : date, optional
        The days to count, both inside.

    Returns
    -------
    DataFrame
        `by` (+ pack, currency), record columns (value: median regular price, CNY or the currency shown; n:
        observations), price_low, price_high, promotion_price (median when promoted), promotion_depth (1 -
        promoted / regular, over promoted observations; fraction), promotion_share (observations promoted;
        fraction), price_index (100 = the reference, within the same pack and currency).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 7; methods 0.4 (units and currency are columns).

    Examples
    --------
    >>> import pandas as pd
    >>> prices = pd.DataFrame({"date": pd.Timestamp("2026-10-08"), "brand": ["云岭", "清泉", "清泉"],
    ...                        "price": [5.0, 4.0, 4.0], "promotion_price": [None, 3.0, None]})
    >>> price_comparison(prices, by=["brand"], reference="云岭")[["brand", "value", "promotion_depth", "price_index"]]
      brand  value  promotion_depth  price_index
    0    云岭    5.0              NaN        100.0
    1    清泉    4.0             0.25         80.0
    """
    by = some_dimensions(by, metric="price_comparison")
    need_columns(prices, ["date", "price", *by], metric="price_comparison")
    need_numbers(prices, [c for c in ("price", "promotion_price") if c in prices], metric="price_comparison")
    prices = prices.astype({c: "float64" for c in ("price", "promotion_price") if c in prices})
    days = stamps(prices["date"])
    inside = days.notna()
    inside &= True if start is None else days >= day(start)
    inside &= True if end is None else days < day(end) + pd.Timedelta(days=1)
    keys = [*by, *(c for c in ("pack", "currency") if c in prices.columns and c not in by)]
    rows = prices[inside].assign(**{c: prices[c].astype("str").fillna("") for c in keys})
    promoted = (
        rows["promotion_price"] if "promotion_price" in rows.columns else pd.Series(np.nan, index=rows.index)
    )
    on = promoted.notna() & (promoted < rows["price"])
    rows = rows.assign(
        _promo=promoted.where(on),
        _depth=(1 - promoted / rows["price"].where(rows["price"] > 0)).where(on),
        _on=on,
    )
    parts = rows.groupby(keys)
    count = parts["price"].count()
    out = record_frame(
        count.index.to_frame(index=False),
        value=parts["price"].median().to_numpy(),
        unit="cny",
        status=np.where(count > 0, Status.OK, Status.MISSING),
        n=count.to_numpy(),
    )
    if "currency" in keys:
        out["unit"] = out["currency"].str.lower()
    out["price_low"], out["price_high"] = parts["price"].min().to_numpy(), parts["price"].max().to_numpy()
    out["promotion_price"] = parts["_promo"].median().to_numpy()
    out["promotion_depth"] = parts["_depth"].mean().to_numpy()
    out["promotion_share"] = parts["_on"].mean().to_numpy(dtype="float64")
    out["price_index"] = _against(out, keys, by[0], reference)
    return out


def _against(out: pd.DataFrame, keys: list[str], column: str, reference: str | None) -> pd.Series:
    """Price over the reference's price x 100, within the other keys."""
    others = [k for k in keys if k != column]
    base = out.loc[out[column] == reference, [*others, "value"]].rename(columns={"value": "_base"})
    if reference is None or base.empty:
        return pd.Series(np.nan, index=out.index)
    merged = out.merge(base, on=others, how="left") if others else out.assign(_base=base["_base"].iloc[0])
    return (merged["value"] / merged["_base"].where(merged["_base"] > 0) * 100).set_axis(out.index)
