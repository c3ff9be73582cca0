"""What buyers do: penetration, share of requirements, heavy usage, frequency, development (methods 1.1)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Status, need_columns, need_numbers, ratio_frame, record_frame


def buyer_totals(purchases: pd.DataFrame, measure: str, metric: str) -> tuple[pd.DataFrame, dict[str, float]]:
    """brand, own, buyers, category_of_buyers (what its buyers spent in the category); and the category's totals."""
    need_columns(purchases, ["buyer", "brand", measure], metric=metric)
    need_numbers(purchases, [measure], metric=metric)
    rows = purchases[purchases["buyer"].notna() & purchases["brand"].notna()]
    if rows[measure].isna().any():
        raise MetricError(
            (
                f"{metric}：{measure} 有 {int(rows[measure].isna().sum())} 行缺失",
                f"{metric}: {measure} is missing on {int(rows[measure].isna().sum())} rows",
            ),
            todo=("补上数值，或明确剔除这些行", "fill them in, or leave them out knowingly"),
        )
    net = rows.groupby(["brand", "buyer"])[measure].sum()
    each = net[net > 0].rename("own").reset_index()  # who returned everything bought nothing
    category = each.groupby("buyer")["own"].sum().rename("category")
    each = each.merge(category.to_frame().reset_index(), on="buyer")
    parts = each.groupby("brand")
    brands = pd.DataFrame(
        {"own": parts["own"].sum(), "buyers": parts.size(), "category_of_buyers": parts["category"].sum()}
    )
    return brands.reset_index(), {"amount": float(category.sum()), "buyers": float(len(category))}


@checked
def penetration(purchases: pd.DataFrame, *, population: float, measure: str = "units") -> pd.DataFrame:
    """渗透率: buyers of each brand over the population. A longer period gives a higher penetration: name it.

    Parameters
    ----------
    purchases : DataFrame
        buyer, brand, `measure`: purchases of the category in one period.
    population : float
        Persons or households.
    measure : str
        units or amount; who nets to 0 or less is no buyer.

    Returns
    -------
    DataFrame
        brand, record columns: value (fraction), numerator (buyers), denominator (population).

    Raises
    ------
    MetricError
        A column or a number is missing, or a brand has more buyers than the population.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "b", "b"], "brand": ["云岭", "云岭", "清泉"], "units": [1.0, 2.0, 2.0]})
    >>> penetration(purchases, population=10)[["brand", "value"]]
      brand  value
    0    云岭    0.2
    1    清泉    0.1
    """
    brands, _ = buyer_totals(purchases, measure, "penetration")
    if (brands["buyers"] > population).any():
        raise MetricError(
            ("购买者多于总人口", "more buyers than people"),
            found=f"{brands['buyers'].max()} > {population:g}",
            todo=("请核对 population 的单位和范围", "check the unit and the scope of `population`"),
        )
    whole = pd.Series(float(population), index=brands.index)
    return ratio_frame(brands[["brand"]], brands["buyers"], whole, n=brands["buyers"])


@checked
def penetration_share(purchases: pd.DataFrame, *, measure: str = "units") -> pd.DataFrame:
    """渗透份额: buyers of each brand over the buyers of the category.

    Parameters
    ----------
    purchases, measure
        As for `penetration`.

    Returns
    -------
    DataFrame
        brand, record columns: value (fraction), numerator and denominator (buyers).

    Raises
    ------
    MetricError
        A column or a number is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "b", "b"], "brand": ["云岭", "云岭", "清泉"], "units": [1.0, 2.0, 2.0]})
    >>> penetration_share(purchases)["value"].tolist()
    [1.0, 0.5]
    """
    brands, totals = buyer_totals(purchases, measure, "penetration_share")
    whole = pd.Series(totals["buyers"], index=brands.index)
    return ratio_frame(brands[["brand"]], brands["buyers"], whole, n=brands["buyers"])


@checked
def share_of_requirements(purchases: pd.DataFrame, *, measure: str = "units") -> pd.DataFrame:
    """购买份额 (SOR): what the brand's buyers buy of it over what they buy in the category.

    Parameters
    ----------
    purchases, measure
        As for `penetration`; units or value, not mixed.

    Returns
    -------
    DataFrame
        brand, record columns: value (fraction), numerator and denominator (`measure`), n (buyers).

    Raises
    ------
    MetricError
        A column or a number is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "b", "b"], "brand": ["云岭", "云岭", "清泉"], "units": [1.0, 2.0, 2.0]})
    >>> share_of_requirements(purchases)["value"].tolist()
    [0.6, 0.5]
    """
    brands, _ = buyer_totals(purchases, measure, "share_of_requirements")
    return ratio_frame(brands[["brand"]], brands["own"], brands["category_of_buyers"], n=brands["buyers"])


@checked
def heavy_usage_index(purchases: pd.DataFrame, *, measure: str = "units") -> pd.DataFrame:
    """Category purchases of a buyer of the brand over those of a buyer of the category.

    Parameters
    ----------
    purchases, measure
        As for `penetration`.

    Returns
    -------
    DataFrame
        brand, record columns: value (ratio; above 1 its buyers are heavy users), numerator and denominator
        (`measure` per buyer), n (buyers).

    Raises
    ------
    MetricError
        A column or a number is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "b", "b"], "brand": ["云岭", "云岭", "清泉"], "units": [1.0, 2.0, 2.0]})
    >>> heavy_usage_index(purchases)["value"].tolist()
    [1.0, 1.6]
    """
    brands, totals = buyer_totals(purchases, measure, "heavy_usage_index")
    average = totals["amount"] / totals["buyers"] if totals["buyers"] else np.nan
    whole = pd.Series(average, index=brands.index, dtype="float64")
    each = brands["category_of_buyers"] / brands["buyers"]
    return ratio_frame(brands[["brand"]], each, whole, unit="ratio", n=brands["buyers"])


@checked
def purchase_frequency(
    purchases: pd.DataFrame, *, order: str = "order_id", measure: str = "units"
) -> pd.DataFrame:
    """购买频次: purchases (occasions) of the brand over its buyers.

    Parameters
    ----------
    purchases : DataFrame
        buyer, brand, `order`, `measure`: an order with several lines of the brand is one purchase.
    order : str
        What tells purchases apart.
    measure : str
        Who nets to 0 or less is no buyer, and an order that does is no purchase.

    Returns
    -------
    DataFrame
        brand, record columns: value (ratio), numerator (purchases), denominator (buyers). Brand volume =
        population x penetration x frequency x units per purchase.

    Raises
    ------
    MetricError
        A column or a number is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> purchases = pd.DataFrame({"buyer": ["a", "a", "b"], "order_id": ["1", "2", "3"], "brand": "云岭", "units": 1.0})
    >>> purchase_frequency(purchases)["value"].tolist()
    [1.5]
    """
    need_columns(purchases, [order], metric="purchase_frequency")
    brands, _ = buyer_totals(purchases, measure, "purchase_frequency")
    orders = purchases.groupby(["brand", "buyer", order])[measure].sum().rename("_order").reset_index()
    net = orders.groupby(["brand", "buyer"])["_order"].transform("sum")
    bought = orders[(orders["_order"] > 0) & (net > 0)]
    counts = bought.groupby("brand").size().reindex(brands["brand"], fill_value=0).reset_index(drop=True)
    return ratio_frame(brands[["brand"]], counts, brands["buyers"], unit="ratio", n=brands["buyers"])


@checked
def development_index(
    frame: pd.DataFrame, population: Mapping[str, float], *, area: str = "region", measure: str = "amount"
) -> pd.DataFrame:
    """BDI or CDI: sales per head in an area over sales per head in all areas, x 100.

    On the brand's sales it is the brand development index (BDI), on the category's the category
    development index (CDI).

    Parameters
    ----------
    frame : DataFrame
        `area`, `measure`: the brand's or the category's sales in one period.
    population : mapping
        Area -> heads (persons or households). An area without one is left out on both sides.
    area, measure : str
        Columns.

    Returns
    -------
    DataFrame
        `area`, record columns: value (index, 100 = all areas), numerator and denominator (`measure` per head).
        `na_missing` where an area has no population or no sales are given for it.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 2; methods 1.1, 0.2.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"region": ["华东", "华南"], "amount": [60.0, 40.0]})
    >>> development_index(sales, {"华东": 2.0, "华南": 3.0})[["region", "value"]].round(1)
      region  value
    0     华东  150.0
    1     华南   66.7
    """
    need_columns(frame, [area, measure], metric="development_index")
    need_numbers(frame, [measure], metric="development_index")
    currency_of(frame, measure=measure)
    sums = frame.groupby(area)[measure].sum(skipna=False)
    areas = sorted(set(sums.index.astype(str)) | set(population))
    sold = sums.reindex(areas).to_numpy(dtype="float64")
    heads = np.array([population.get(a, np.nan) for a in areas], dtype="float64")
    both = np.isfinite(sold) & (heads > 0)
    whole = sold[both].sum() / heads[both].sum() if both.any() else np.nan
    each = np.divide(sold, heads, out=np.full(len(areas), np.nan), where=both)
    status = np.where(both, str(Status.OK) if whole > 0 else str(Status.ZERO_BASE), str(Status.MISSING))
    return record_frame(
        pd.DataFrame({area: pd.array(areas, dtype="str")}),
        value=each / whole * 100 if whole > 0 else np.nan,
        unit="index",
        status=status,
        numerator=each,
        denominator=whole,
        note=[say("left_out") if not b else "" for b in both],
    )
