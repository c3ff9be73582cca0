"""The headline figures of the market share report (methods 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._months import MonthLike, Span
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import RECORD, Status, dimensions, need_columns, record_frame
from mktanalytics.metrics.share._market import OTHERS
from mktanalytics.metrics.share.market_share import market_share
from mktanalytics.metrics.share.share_change import market_share_change
from mktanalytics.metrics.share.share_position import (
    Ranking,
    relative_market_share,
    relative_price_index,
    share_rank,
)

OWN = "自有品牌合计"


@checked
def market_share_summary(
    market: pd.DataFrame,
    month: MonthLike,
    *,
    own: Sequence[str],
    by: str | Sequence[str] = (),
    ranking: Ranking = "competition",
    source: str | None = None,
    year_start: int = 1,
) -> pd.DataFrame:
    """The headline figures of each own brand and of all together, one record a row.

    Parameters
    ----------
    market, month, by, source, year_start
        As for `market_share`.
    own : sequence of str
        Own brands.
    ranking
        As for `share_rank`.

    Returns
    -------
    DataFrame
        `by`, brand, metric, record columns. brand is an own brand or 自有品牌合计 (where there are several);
        metric is one of value_share, volume_share, value_share_mom, value_share_yoy, value_share_ytd,
        value_share_ytd_yoy, value_share_mat, volume_share_yoy, rank, relative_market_share,
        relative_price_index. A rank's n is the number of brands ranked; 自有品牌合计 has no rank.
        Metrics whose columns the source doesn't give are left out.

    Raises
    ------
    MetricError
        A column is missing, no own brand is named, or none of them is in the data.

    Source
    ------
    Farris et al. ch. 2; methods 1.

    Examples
    --------
    >>> import pandas as pd
    >>> market = pd.DataFrame({
    ...     "month": pd.to_datetime(["2025-10-01"] * 3 + ["2026-10-01"] * 3),
    ...     "brand": ["云岭", "清泉", "合计"] * 2, "amount": [20.0, 30.0, 100.0, 30.0, 40.0, 120.0]})
    >>> summary = market_share_summary(market, "2026-10", own=["云岭"])
    >>> summary.loc[summary.status == "ok", ["metric", "value", "unit"]].round(4)
                      metric  value      unit
    0            value_share   0.25  fraction
    2        value_share_yoy   0.05        pp
    6                   rank   2.00      rank
    7  relative_market_share   0.75     ratio
    """
    by = dimensions(by)
    own, by = list(dict.fromkeys(own)), [c for c in by if c != "brand"]
    if not own:
        raise MetricError(
            ("没有指定自有品牌", "no own brand is named"),
            todo=(
                "在 mktanalytics.toml 的 own_brands 中写明",
                "name them as own_brands in mktanalytics.toml",
            ),
        )
    need_columns(market, ["month", "brand", *by], metric="market_share_summary")
    there = sorted(set(market["brand"].dropna().astype(str)))
    if not set(own) & set(there):
        raise MetricError(
            ("市场数据中没有任何自有品牌", "none of the own brands is in the market data"),
            found=", ".join(there),
            expected=", ".join(own),
            todo=(
                "更正 mktanalytics.toml 的 own_brands，或表中的品牌名",
                "correct own_brands in mktanalytics.toml, or the brand names on the sheet",
            ),
        )
    groups = {OWN: own} if len(own) > 1 else {}
    parts = _levels_and_changes(market, month, by, groups, source, year_start)
    parts |= _position(market, month, by, groups, source, year_start, ranking)
    found = [part[[*by, "brand", *RECORD]].assign(metric=name) for name, part in parts.items()]
    wanted = [*groups, *own]
    out = pd.concat(found, ignore_index=True)
    out = out[out["brand"].isin(wanted)]
    order = out["brand"].map({b: i for i, b in enumerate(wanted)})
    place = out["metric"].map({m: i for i, m in enumerate(parts)})
    out = out.assign(_b=order, _m=place).sort_values([*by, "_b", "_m"])
    return out[[*by, "brand", "metric", *RECORD]].reset_index(drop=True)


def _has(market: pd.DataFrame, *columns: str) -> bool:
    return any(c in market.columns and bool(market[c].notna().any()) for c in columns)


def _levels_and_changes(
    market: pd.DataFrame,
    month: MonthLike,
    by: list[str],
    groups: Mapping[str, Sequence[str]],
    source: str | None,
    year_start: int,
) -> dict[str, pd.DataFrame]:
    def level(measure: str, span: Span) -> pd.DataFrame:
        return market_share(
            market,
            month,
            by=by,
            measure=measure,
            span=span,
            groups=groups,
            source=source,
            year_start=year_start,
        )

    def change(measure: str, against: str) -> pd.DataFrame:
        return market_share_change(
            market,
            month,
            against=against,  # type: ignore[arg-type]
            by=by,
            measure=measure,
            groups=groups,
            source=source,
            year_start=year_start,
        )

    parts = {}
    if _has(market, "amount", "value_share"):
        parts["value_share"] = level("amount", "month")
        parts |= {f"value_share_{a}": change("amount", a) for a in ("mom", "yoy")}
        parts["value_share_ytd"], parts["value_share_ytd_yoy"] = (
            level("amount", "ytd"),
            change("amount", "ytd"),
        )
        parts["value_share_mat"] = level("amount", "mat")
    if _has(market, "units", "volume_share"):
        parts["volume_share"], parts["volume_share_yoy"] = level("units", "month"), change("units", "yoy")
    return parts


def _position(
    market: pd.DataFrame,
    month: MonthLike,
    by: list[str],
    groups: Mapping[str, Sequence[str]],
    source: str | None,
    year_start: int,
    ranking: Ranking,
) -> dict[str, pd.DataFrame]:
    measure = "amount" if _has(market, "amount", "value_share") else "units"
    shares = market_share(
        market, month, by=by, measure=measure, groups=groups, source=source, year_start=year_start
    )
    ranked = share_rank(shares, by=by, method=ranking, exclude=[OTHERS, *groups])
    ranked = ranked[~ranked["brand"].isin([OTHERS, *groups])]
    lost = ranked["status"].ne(Status.OK)
    unranked = int(lost.sum()) if not by else lost.groupby([ranked[c] for c in by]).transform("sum")
    ranks = record_frame(
        ranked[[*by, "brand"]],
        value=ranked["rank"].to_numpy(),
        unit="rank",
        n=ranked["of"].to_numpy(),
        note=[
            join(say("tied") if tied else "", say("unranked", k) if k else "")
            for tied, k in zip(ranked["tied"], np.broadcast_to(unranked, len(ranked)), strict=True)
        ],
    )
    parts = {"rank": ranks, "relative_market_share": relative_market_share(shares, by=by, groups=groups)}
    if _has(market, "amount", "value_share") and _has(market, "units", "volume_share"):
        parts["relative_price_index"] = relative_price_index(
            market, month, by=by, groups=groups, source=source
        )
    return parts
