"""Where a brand stands among the others: rank, relative share, price index, evolution index (methods 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span
from mktanalytics.metrics.notes import add_note, join, say
from mktanalytics.metrics.result import RECORD, Status, dimensions, need_columns, need_known, record_frame
from mktanalytics.metrics.share._market import OTHERS
from mktanalytics.metrics.share._shares import known_shares
from mktanalytics.metrics.share.market_share import market_share
from mktanalytics.metrics.share.share_change import Comparison, market_share_change

Ranking = Literal["competition", "dense", "average"]
_PANDAS_RANK = {"competition": "min", "dense": "dense", "average": "average"}


@checked
def share_rank(
    shares: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    method: Ranking = "competition",
    exclude: Sequence[str] = (OTHERS,),
) -> pd.DataFrame:
    """`shares` in order of rank, with `rank`, `of` (how many are ranked) and `tied`.

    Parameters
    ----------
    shares : DataFrame
        What `market_share` gives, or any table of brand and value (fractions).
    by : sequence of str
        Rank within these columns.
    method : {"competition", "dense", "average"}
        Ties as 1,2,2,4; 1,2,2,3; or 1,2.5,2.5,4 (methods 0.9).
    exclude : sequence of str
        Rows that are no firm: 其他, and groups such as 自有品牌合计. They come last, without a rank.

    Returns
    -------
    DataFrame
        `shares` with rank, of, tied; tied rows in the order of the brand's name.

    Raises
    ------
    MetricError
        A column is missing, a share is above 1, or the method is unknown.

    Source
    ------
    Methods 0.9.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"brand": ["云岭", "清泉", "山谷", "其他"], "value": [.2, .3, .2, .3], "status": "ok"})
    >>> share_rank(shares)[["brand", "rank", "of", "tied"]]
      brand  rank  of   tied
    0    清泉   1.0   3  False
    1    云岭   2.0   3   True
    2    山谷   2.0   3   True
    3    其他   NaN   3  False
    """
    by = dimensions(by)
    shares = known_shares(shares, by, metric="share_rank")
    need_known(method, _PANDAS_RANK, ("排名方法", "ranking"))
    ranked = (shares["status"] == Status.OK) & ~shares["brand"].isin(list(exclude))
    values = shares["value"].where(ranked)
    keys = [shares[c] for c in by] or [pd.Series(0, index=shares.index)]
    groups = values.groupby(keys, dropna=False)
    out = shares.assign(
        rank=groups.rank(method=_PANDAS_RANK[method], ascending=False),
        of=groups.transform("count").astype("int64"),
    )
    same = out.groupby([*by, "rank"])["brand"].transform("size")
    out["tied"] = (same > 1) & out["rank"].notna()
    return out.sort_values([*by, "rank", "brand"], na_position="last").reset_index(drop=True)


@checked
def relative_market_share(
    shares: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Each brand's share over the share of its largest competitor.

    Parameters
    ----------
    shares : DataFrame
        What `market_share` gives, or any table of brand and value (fractions).
    by : sequence of str
        The segment columns of `shares`.
    groups : mapping, optional
        The groups that `shares` holds: a group's competitors are the brands outside it, and a brand's
        competitors are single brands, never a group. 其他 is no competitor.

    Returns
    -------
    DataFrame
        `by`, brand, record columns (unit `ratio`), competitor (the largest one's name). Two tied leaders
        are both exactly 1. `na_missing` where no competitor is known or a share is missing.

    Raises
    ------
    MetricError
        A column is missing, or a share is above 1.

    Source
    ------
    Henderson / BCG 1970; Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"brand": ["云岭", "清泉", "其他"], "value": [.3, .2, .5], "status": "ok"})
    >>> relative_market_share(shares).query("brand != '其他'")[["brand", "value", "competitor"]].round(3)
      brand  value competitor
    0    云岭  1.500         清泉
    2    清泉  0.667         云岭
    """
    by, members = dimensions(by), {k: set(v) for k, v in (groups or {}).items()}
    shares = known_shares(shares, by, metric="relative_market_share")
    rows = shares.sort_values([*by, "brand"]).reset_index(drop=True)
    parts = rows.groupby(by, sort=False, dropna=False) if by else [((), rows)]
    done = [_relative_in(part, by, members) for _, part in parts]
    return pd.concat(done, ignore_index=True) if done else _relative_in(rows, by, members)


def _relative_in(part: pd.DataFrame, by: list[str], members: dict[str, set[str]]) -> pd.DataFrame:
    firm = ~part["brand"].isin([OTHERS, *members])
    whole = bool((part.loc[firm, "status"] == Status.OK).all())  # else the largest may be the missing one
    firms = part[firm & (part["status"] == Status.OK)]
    rivals, largest = [], []
    for brand in part["brand"]:
        others = firms[~firms["brand"].isin(members.get(brand, {brand}))]
        best = others.sort_values(["value", "brand"], ascending=[False, True]).head(1)
        usable = whole and brand != OTHERS and len(best) > 0
        rivals.append(str(best["brand"].iloc[0]) if usable else "")
        largest.append(float(best["value"].iloc[0]) if usable else np.nan)
    top = np.array(largest)
    value = np.divide(part["value"].to_numpy("float64"), top, out=np.full(len(part), np.nan), where=top > 0)
    status = np.where(top == 0, str(Status.ZERO_BASE), str(Status.OK))
    note = [
        say("no_competitor") if not r and b != OTHERS else ""
        for r, b in zip(rivals, part["brand"], strict=True)
    ]
    out = record_frame(
        part[[*by, "brand"]],
        value=value,
        unit="ratio",
        status=status,
        numerator=part["value"],
        denominator=top,
        n=len(firms),
        note=note,
    )
    out["competitor"] = pd.array(rivals, dtype="str")
    return out


@checked
def relative_price_index(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    by: str | Sequence[str] = (),
    span: Span = "month",
    groups: Mapping[str, Sequence[str]] | None = None,
    versus: Literal["market", "competitors"] = "market",
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """Average price of each brand over the average price of the market: value share / volume share.

    Parameters
    ----------
    market, month, by, span, groups, source, year_start
        As for `market_share`. Only rows that have both amount and units count.
    versus : {"market", "competitors"}
        The market with the brand itself, or without it (larger in absolute deviation).

    Returns
    -------
    DataFrame
        `by`, brand, record columns (unit `ratio`: 1.2 is 20 % dearer); numerator and denominator are the
        two average prices (CNY per unit). `na_zero_base` where nothing was sold.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Farris et al. ch. 2 and 7; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({"month": pd.Timestamp("2026-10-01"), "brand": ["云岭", "清泉"],
    ...                        "amount": [60.0, 40.0], "units": [10.0, 10.0]})
    >>> relative_price_index(market, "2026-10")[["brand", "value", "numerator", "denominator"]]
      brand  value  numerator  denominator
    0    云岭    1.2        6.0          5.0
    1    清泉    0.8        4.0          5.0
    """
    by, keys = dimensions(by), [*by, "brand"]
    need_columns(market, ["month", "brand", *by], metric="relative_price_index")
    if {"amount", "units"} <= set(market.columns) and market[["amount", "units"]].notna().all(axis=1).any():
        market = market[market[["amount", "units"]].notna().all(axis=1)]
    options = {"by": by, "span": span, "groups": groups, "source": source, "year_start": year_start}
    money = market_share(market, month, measure="amount", **options)  # type: ignore[arg-type]
    units = market_share(market, month, measure="units", **options)  # type: ignore[arg-type]
    both = money.merge(units, on=keys, suffixes=("", "_units"))
    price = _divide(both["numerator"], both["numerator_units"])
    rest = 0 if versus == "market" else 1
    against = _divide(
        both["denominator"] - rest * both["numerator"],
        both["denominator_units"] - rest * both["numerator_units"],
    )
    value = _divide(price, against)
    if both["numerator"].isna().all() and versus == "market":  # printed shares only
        value = _divide(both["value"], both["value_units"])
    usable = (both["status"] == Status.OK) & (both["status_units"] == Status.OK)
    sold_nothing = usable & ((both["numerator_units"] == 0) | (both["value_units"] == 0))
    first_bad = both["status"].where(both["status"] != Status.OK, both["status_units"])
    status = np.where(sold_nothing, str(Status.ZERO_BASE), np.where(usable, str(Status.OK), first_bad))
    note = [join(a, b) for a, b in zip(both["note"], both["note_units"], strict=True)]
    return record_frame(
        both[keys],
        value=value,
        unit="ratio",
        status=status,
        numerator=price,
        denominator=against,
        n=both["n"],
        note=note,
    )


def _divide(top: pd.Series, bottom: pd.Series) -> pd.Series:
    return (top / bottom.where(bottom != 0)).astype("float64")


@checked
def evolution_index(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    against: Comparison = "yoy",
    by: str | Sequence[str] = (),
    measure: str = "amount",
    groups: Mapping[str, Sequence[str]] | None = None,
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """(1 + own growth) / (1 + market growth) x 100, which is share now / share then x 100.

    Parameters
    ----------
    market, month, against, by, measure, groups, source, year_start
        As for `market_share_change`.

    Returns
    -------
    DataFrame
        `by`, brand, record columns (unit `index`; above 100 the brand gains share); numerator and
        denominator are the two shares. `na_zero_base` where the brand had no share then.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    Methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2025-10-01", "2026-10-01", "2026-10-01"]),
    ...                        "brand": ["云岭", "合计"] * 2, "amount": [20.0, 100.0, 30.0, 120.0]})
    >>> float(evolution_index(market, "2026-10").query("brand == '云岭'")["value"].iloc[0])
    125.0
    """
    by = dimensions(by)
    change = market_share_change(
        market,
        month,
        against=against,
        by=by,
        measure=measure,
        groups=groups,
        source=source,
        year_start=year_start,
    )
    zero = (change["status"] == Status.OK) & (change["denominator"] == 0)
    status = change["status"].where(~zero, str(Status.ZERO_BASE))
    value = _divide(change["numerator"], change["denominator"]) * 100
    keys = change.drop(columns=[*RECORD, "relative_change"])
    parts = {c: change[c] for c in ("numerator", "denominator", "n")}
    note = add_note(change["note"], zero, say("difference_only"))
    return record_frame(keys, value=value.to_numpy(), unit="index", status=status, note=note, **parts)
