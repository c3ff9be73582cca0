"""Where the brand is on the shelf: numeric and weighted distribution, points, sales per point (methods 1.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, month_number, month_numbers
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import add_note, say
from mktanalytics.metrics.result import (
    RECORD,
    Status,
    dimensions,
    need_columns,
    need_numbers,
    ratio_frame,
    record_frame,
    some_dimensions,
)
from mktanalytics.metrics.share._market import (
    DIMENSIONS,
    NEAR,
    OTHERS,
    TOTAL_WORDS,
    choose_source,
    choose_vintage,
    fold_totals,
)
from mktanalytics.metrics.share._shares import need_fractions


def _month_rows(
    market: pd.DataFrame, month: MonthLike, by: Sequence[str], source: str | None
) -> pd.DataFrame:
    number = month_number(month)
    rows = market
    if "period" in rows.columns:
        rows = rows[rows["period"].fillna("month") == "month"]
    rows, _ = choose_source(rows, source)
    rows = rows.assign(m=month_numbers(rows["month"]))
    rows, _, _ = choose_vintage(rows[rows["m"].notna() & rows["brand"].notna()], [number])
    rows = rows[(rows["m"] == number) & ~rows["brand"].isin([*TOTAL_WORDS, OTHERS])]  # neither is on a shelf
    return fold_totals(rows, [*by, *(d for d in DIMENSIONS if d in rows.columns and d not in by)], by)


@checked
def numeric_distribution(
    market: pd.DataFrame, month: MonthLike, *, by: str | Sequence[str] = (), source: str | None = None
) -> pd.DataFrame:
    """Outlets that carry the brand over all outlets in the universe.

    Summed over regions and channels, whose outlets are different ones, but never over categories: one outlet
    may carry the brand in several. Without `category` in `by`, several categories give `na_missing`.

    Parameters
    ----------
    market : DataFrame
        month, brand, outlets_stocking, outlets_total, `by`.
    month : str or date
        The month.
    by : sequence of str
        Segment columns.
    source : str, optional
        As for `market_share`.

    Returns
    -------
    DataFrame
        `by`, brand, record columns: value (fraction), numerator and denominator (outlets), n (rows summed).
        A row that lacks one of the two numbers is left out on both sides, and the note says how many.
        `error_coverage` where more outlets stock the brand than there are.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 6; methods 1.1, 0.2. What "carrying" means is the source's: handled or seen on shelf.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "region": ["华东", "华南"], "brand": "云岭",
    ...                        "outlets_stocking": [60.0, 30.0], "outlets_total": [100.0, 200.0]})
    >>> numeric_distribution(market, "2026-10")[["brand", "value", "numerator", "denominator"]]
      brand  value  numerator  denominator
    0    云岭    0.3       90.0        300.0
    """
    by = dimensions(by)
    need_columns(
        market, ["month", "brand", "outlets_stocking", "outlets_total", *by], metric="numeric_distribution"
    )
    need_numbers(market, ["outlets_stocking", "outlets_total"], metric="numeric_distribution")
    rows, keys = _month_rows(market, month, by, source), [*by, "brand"]
    whole = rows["outlets_stocking"].notna() & rows["outlets_total"].notna()
    parts = rows[whole].groupby(keys, dropna=False)
    sums = parts[["outlets_stocking", "outlets_total"]].sum()
    rows_of = rows.groupby(keys, dropna=False).size()
    sums = sums.reindex(rows_of.index)
    out = ratio_frame(
        sums.index.to_frame(index=False),
        sums["outlets_stocking"],
        sums["outlets_total"],
        n=parts.size().reindex(rows_of.index, fill_value=0),
    )
    left_out = (rows_of - out["n"].to_numpy()).to_numpy()
    out["note"] = pd.array([say("missing_rows", k) if k else "" for k in left_out], dtype="str")
    beyond = out["value"] > 1 + NEAR
    out["status"] = out["status"].where(~beyond, str(Status.COVERAGE))
    out["note"] = add_note(out["note"], beyond, say("over_outlets"))
    out["value"] = out["value"].where(~beyond)
    several = _several_categories(rows, keys, rows_of.index)
    out["value"] = out["value"].where(~several)
    out["status"] = out["status"].where(~several, str(Status.MISSING))
    out["note"] = out["note"].where(~several, say("not_over_categories"))
    return out


def _several_categories(rows: pd.DataFrame, keys: list[str], index: pd.Index) -> np.ndarray:
    if "category" in keys or "category" not in rows.columns:
        return np.zeros(len(index), dtype=bool)
    many: pd.Series = rows.groupby(keys, dropna=False)["category"].nunique(dropna=False).reindex(index) > 1
    return many.to_numpy()


@checked
def weighted_distribution(
    market: pd.DataFrame, month: MonthLike, *, by: str | Sequence[str] = (), source: str | None = None
) -> pd.DataFrame:
    """Category sales of carrying outlets over category sales of all outlets, as the source printed it.

    Over several segments the printed rates are weighted with the category sales (the market 合计's amount)
    of each segment, which is the exact ratio of the sums. The numerator is the outlets' category sales,
    not the brand's own: that would be the market share.

    Parameters
    ----------
    market : DataFrame
        month, brand, weighted_distribution, `by`; to roll up, also amount with a row 合计 in each segment.
    month, by, source
        As for `numeric_distribution`.

    Returns
    -------
    DataFrame
        `by`, brand, record columns: value (fraction), numerator and denominator (CNY of category sales,
        NaN where one printed rate is used as it is), n (segments). `na_missing` where several
        segments have no category sales to weight them with, or a segment's rate is missing.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 6 (PCV); methods 1.1, 0.2.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "region": ["华东", "华东", "华南", "华南"],
    ...                        "brand": ["云岭", "合计"] * 2, "amount": [20.0, 300.0, 10.0, 100.0],
    ...                        "weighted_distribution": [0.8, None, 0.4, None]})
    >>> weighted_distribution(market, "2026-10")[["brand", "value", "numerator", "denominator"]]
      brand  value  numerator  denominator
    0    云岭    0.7      280.0        400.0
    """
    by = dimensions(by)
    need_columns(market, ["month", "brand", "weighted_distribution", *by], metric="weighted_distribution")
    measures = [c for c in ("weighted_distribution", "amount") if c in market]
    need_numbers(market, measures, metric="weighted_distribution")
    rows, keys = _month_rows(market, month, by, source), [*by, "brand"]
    dims = [d for d in DIMENSIONS if d in rows.columns]
    rows, market = (f.astype({d: "str" for d in dims if d in f}) for f in (rows, market))
    weights = _category_sales(market, month, by, source, dims)
    rows = rows.merge(weights, on=dims, how="left") if dims else rows.assign(_w=weights["_w"].sum())
    rows = rows.assign(_part=rows["weighted_distribution"] * rows["_w"])
    parts = rows.groupby(keys, dropna=False)
    size, rate = parts.size(), parts["weighted_distribution"].first()
    top = parts["_part"].sum(min_count=1).where(parts["_part"].count() == size)
    bottom = parts["_w"].sum(min_count=1).where(parts["_w"].count() == size)
    value = (top / bottom.where(bottom > 0)).where(size > 1, rate)
    missing = value.isna()
    return record_frame(
        size.index.to_frame(index=False),
        value=value.to_numpy(),
        unit="fraction",
        status=np.where(missing, Status.MISSING, Status.OK),
        numerator=top.to_numpy(),
        denominator=bottom.to_numpy(),
        n=size.to_numpy(),
        note=[say("no_weights") if gone else "" for gone in missing],
    )


def _category_sales(
    market: pd.DataFrame, month: MonthLike, by: list[str], source: str | None, dims: list[str]
) -> pd.DataFrame:
    empty = pd.DataFrame({**{d: pd.Series(dtype="str") for d in dims}, "_w": pd.Series(dtype="float64")})
    if "amount" not in market.columns:
        return empty
    whole = market[market["brand"].isin(TOTAL_WORDS) & market["amount"].notna()]
    if whole.empty:
        return empty
    rows = _month_rows(whole.assign(brand="whole"), month, by, source)
    currency_of(rows)
    if not dims:
        return pd.DataFrame({"_w": rows["amount"]})
    return rows.groupby(dims, dropna=False)["amount"].sum().rename("_w").reset_index()


@checked
def outlet_distribution(
    outlets: pd.DataFrame,
    stocked: pd.DataFrame,
    *,
    by: str | Sequence[str] = ("brand",),
    sales: str = "category_sales",
) -> pd.DataFrame:
    """Numeric and weighted distribution from an outlet list and from who carries what.

    Parameters
    ----------
    outlets : DataFrame
        The universe: outlet (once each), `sales`: the outlet's sales of the category (PCV) or of all goods
        (ACV), CNY.
    stocked : DataFrame
        outlet, `by`: a row wherever an outlet carries at least one item; repeated rows count once.
    by : sequence of str
        ["brand"], or ["brand", "product"] for distribution points.
    sales : str
        The outlet's sales, of the category or of all goods: never the brand's own.

    Returns
    -------
    DataFrame
        `by`, metric (numeric_distribution, weighted_distribution), record columns: value (fraction), numerator
        and denominator (outlets, or CNY), n (outlets carrying). The weighted one is `na_missing` where an
        outlet's sales are missing.

    Raises
    ------
    MetricError
        A column is missing, an outlet is listed twice, or one that stocks isn't in the universe.

    Source
    ------
    Farris et al. ch. 6; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> outlets = pd.DataFrame({"outlet": ["甲店", "乙店", "丙店", "丁店"], "category_sales": [50.0, 30.0, 10.0, 10.0]})
    >>> stocked = pd.DataFrame({"outlet": ["甲店", "乙店"], "brand": "云岭"})
    >>> outlet_distribution(outlets, stocked)[["metric", "value"]]
                      metric  value
    0   numeric_distribution    0.5
    1  weighted_distribution    0.8
    """
    by = some_dimensions(by, metric="outlet_distribution")
    need_columns(outlets, ["outlet", sales], metric="outlet_distribution")
    need_numbers(outlets, [sales], metric="outlet_distribution")
    need_columns(stocked, ["outlet", *by], metric="outlet_distribution")
    twice = sorted(set(outlets.loc[outlets["outlet"].duplicated(), "outlet"].astype(str)))
    strange = sorted(set(stocked["outlet"].astype(str)) - set(outlets["outlet"].astype(str)))
    for names, what in (
        (twice, ("网点重复", "outlets are listed twice")),
        (strange, ("网点不在清单中", "outlets are not in the universe")),
    ):
        if names:
            raise MetricError(
                what, found=", ".join(map(str, names[:5])), todo=("更正网点清单", "correct the outlet list")
            )
    carried = stocked[["outlet", *by]].drop_duplicates().merge(outlets[["outlet", sales]], on="outlet")
    parts = carried.groupby(by)[sales]
    keys, count = parts.size().index.to_frame(index=False), parts.size().reset_index(drop=True)
    numeric = ratio_frame(keys, count, pd.Series(float(len(outlets)), index=count.index), n=count)
    whole = float(outlets[sales].sum(skipna=False))
    carrying = parts.sum(skipna=False).reset_index(drop=True)
    weighted = ratio_frame(keys, carrying, pd.Series(whole, index=count.index), n=count)
    both = pd.concat(
        [numeric.assign(metric="numeric_distribution"), weighted.assign(metric="weighted_distribution")]
    )
    both = both.sort_values([*by, "metric"]).reset_index(drop=True)
    return both[[*by, "metric", *RECORD]]


@checked
def total_distribution_points(
    products: pd.DataFrame, *, by: str | Sequence[str] = ("brand",), column: str = "weighted_distribution"
) -> pd.DataFrame:
    """Total distribution points: the sum over a brand's products of their weighted distribution in percent.

    Parameters
    ----------
    products : DataFrame
        One row a product (in one period and place): `by`, `column` (fraction).
    by : sequence of str
        What to sum within.
    column : str
        Weighted distribution, as a fraction.

    Returns
    -------
    DataFrame
        `by` and record columns: value (points; may exceed 100), n (products). `na_missing` where a
        product's distribution is missing.

    Raises
    ------
    MetricError
        A column is missing, or a product's distribution is above 1: a percent.

    Source
    ------
    Farris et al. ch. 6; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> products = pd.DataFrame({"brand": "云岭", "product": ["500ml", "1L"], "weighted_distribution": [0.8, 0.45]})
    >>> float(total_distribution_points(products)["value"].iloc[0])
    125.0
    """
    by = some_dimensions(by, metric="total_distribution_points")
    need_columns(products, [*by, column], metric="total_distribution_points")
    need_numbers(products, [column], metric="total_distribution_points")
    need_fractions(products[column], metric="total_distribution_points")
    parts = products.groupby(by, dropna=False)[column]
    size = parts.size()
    points = (parts.sum() * 100).where(parts.count() == size)
    return record_frame(
        size.index.to_frame(index=False),
        value=points.to_numpy(),
        unit="points",
        numerator=points.to_numpy(),
        n=size.to_numpy(),
    )


@checked
def sales_per_point(
    sales: pd.DataFrame, points: pd.DataFrame, *, by: str | Sequence[str] = ("brand",)
) -> pd.DataFrame:
    """Brand sales over distribution points: what one point of distribution sells.

    Parameters
    ----------
    sales : DataFrame
        `by` and amount; currency, where it isn't CNY.
    points : DataFrame
        What `total_distribution_points` gives; or `weighted_distribution` / `numeric_distribution`, whose
        fractions are read as points (0.8 is 80 points).
    by : sequence of str
        The keys the two share.

    Returns
    -------
    DataFrame
        `by` and record columns: value (money per point, in the currency of the sales), numerator (money), denominator (points).

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 6 (velocity); methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"brand": ["云岭"], "amount": [250000.0]})
    >>> points = pd.DataFrame({"brand": ["云岭"], "value": [125.0], "unit": ["points"]})
    >>> float(sales_per_point(sales, points)["value"].iloc[0])
    2000.0
    """
    by = some_dimensions(by, metric="sales_per_point")
    need_columns(sales, [*by, "amount"], metric="sales_per_point")
    need_numbers(sales, ["amount"], metric="sales_per_point")
    need_columns(points, [*by, "value", "unit"], metric="sales_per_point")
    need_numbers(points, ["value"], metric="sales_per_point")
    sales, points = (f.assign(**{c: f[c].astype("str").fillna("") for c in by}) for f in (sales, points))
    currency = currency_of(sales)
    sums = sales.groupby(by)["amount"].sum(skipna=False).reset_index()
    scale = np.where(points["unit"] == "fraction", 100.0, 1.0)
    both = points[by].assign(_points=points["value"] * scale).merge(sums, on=by, how="left")
    return ratio_frame(both[by], both["amount"], both["_points"], unit=currency.lower())
