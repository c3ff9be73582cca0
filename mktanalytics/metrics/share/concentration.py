"""How concentrated the market is: CRn and HHI with bounds (methods 1.1, 1.4)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.notes import say
from mktanalytics.metrics.result import Status, dimensions, need_columns, need_numbers, record_frame
from mktanalytics.metrics.share._market import NEAR, OTHERS
from mktanalytics.metrics.share._shares import known_shares


@checked
def concentration_ratio(
    shares: pd.DataFrame, n: int = 4, *, by: str | Sequence[str] = (), exclude: Sequence[str] = (OTHERS,)
) -> pd.DataFrame:
    """CRn: the sum of the n largest shares.

    Parameters
    ----------
    shares : DataFrame
        What `market_share` gives, or any table of brand and value (fractions).
    n : int
        How many firms. Ties at rank n don't matter.
    by : sequence of str
        The segment columns of `shares`.
    exclude : sequence of str
        Rows that are no firm: the remainder 其他, and groups such as 自有品牌合计.

    Returns
    -------
    DataFrame
        `by` and record columns: value (fraction), n (firms summed: fewer than asked where fewer are known).
        `na_missing` where a firm's share is missing, for it may be among the largest.

    Raises
    ------
    MetricError
        A column is missing, n is less than 1, or a share is above 1.

    Source
    ------
    Farris et al. ch. 2; methods 1.1.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"brand": ["云岭", "清泉", "山谷", "其他"], "value": [.3, .25, .2, .25], "status": "ok"})
    >>> float(concentration_ratio(shares, 2)["value"].iloc[0])
    0.55
    """
    by = dimensions(by)
    if n < 1:
        raise MetricError(
            ("CRn 至少要有一家企业", "CRn needs at least one firm"),
            found=str(n),
            expected=("1或以上", "1 or more"),
        )
    keys, firms = _firms(shares, by, exclude)
    rows: list[tuple[float, ...]] = []
    for part in firms:
        top = part.loc[part["value"] >= 0, "value"].nlargest(n)  # a negative one is none of the largest
        rows.append((top.sum(), len(top), bool(part["value"].notna().all()) and len(part) > 0))
    value, count, whole = _columns(rows, 3)
    status = np.where(whole.astype(bool), str(Status.OK), str(Status.MISSING))
    return record_frame(
        keys,
        value=value,
        unit="fraction",
        status=status,
        numerator=value,
        denominator=1.0,
        n=count.astype(int),
    )


@checked
def hhi(shares: pd.DataFrame, *, by: str | Sequence[str] = (), exclude: Sequence[str] = ()) -> pd.DataFrame:
    """Herfindahl-Hirschman index, with the bounds that the unknown remainder leaves.

    The remainder 其他 is not a firm. Lower bound: the known squares only. Upper bound: the remainder split
    into firms as large as the smallest known one (methods 1.4). With no remainder the bounds are equal.

    Parameters
    ----------
    shares : DataFrame
        What `market_share` gives, or any table of brand and value (fractions).
    by : sequence of str
        The segment columns of `shares`.
    exclude : sequence of str
        Groups such as 自有品牌合计, whose members are there too.

    Returns
    -------
    DataFrame
        `by`, record columns, upper, effective_firms. value is the lower bound on 0-1 (x 10 000 for points);
        numerator the same, denominator the known part of the market; n the firms known; effective_firms
        = 1 / value. A firm with a negative share is left out and named. `na_missing` where a share is.

    Raises
    ------
    MetricError
        A column is missing, or a share is above 1.

    Source
    ------
    US DOJ/FTC Merger Guidelines 2023; methods 0.5, 1.1, 1.4.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"brand": ["云岭", "清泉", "其他"], "value": [.4, .2, .4], "status": "ok"})
    >>> hhi(shares)[["value", "upper", "n"]].round(2)
       value  upper  n
    0    0.2   0.28  2
    """
    by = dimensions(by)
    keys, firms = _firms(shares, by, [*exclude, OTHERS])
    rows: list[tuple[float, ...]] = []
    notes: list[str] = []
    for part in firms:
        negative = part[part["value"] < 0]
        known = part.loc[~(part["value"] < 0), "value"]
        whole = bool(known.notna().all()) and len(known) > 0
        rows.append((*_bounds(known.to_numpy(dtype="float64")), len(known), whole, known.sum()))
        notes.append(say("negative_left_out", "、".join(negative["brand"])) if len(negative) else "")
    lower, upper, count, whole_, covered = _columns(rows, 5)
    status = np.where(whole_.astype(bool), str(Status.OK), str(Status.MISSING))
    out = record_frame(
        keys,
        value=lower,
        unit="ratio",
        status=status,
        numerator=lower,
        denominator=covered,
        n=count.astype(int),
        note=notes,
    )
    ok = (out["status"] == Status.OK).to_numpy()
    out["upper"] = np.where(ok, upper, np.nan)
    out["effective_firms"] = np.divide(1.0, lower, out=np.full(len(out), np.nan), where=ok & (lower > 0))
    return out


def _bounds(known: np.ndarray) -> tuple[float, float]:
    """Known squares, and with the remainder in firms as large as the smallest known (the last one smaller)."""
    lower = float((known**2).sum())
    rest, positive = max(0.0, 1.0 - float(known.sum())), known[known > 0]
    if rest < 1e-12 or len(positive) == 0 or np.isnan(lower):
        return lower, lower if rest < 1e-12 else np.nan
    size = float(positive.min())
    whole = np.floor(rest / size + 1e-12)
    return lower, lower + float(whole * size**2 + max(0.0, rest - whole * size) ** 2)


def _firms(
    shares: pd.DataFrame, by: Sequence[str], exclude: Sequence[str]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    by = list(by)
    rows = known_shares(shares, by, metric="concentration")
    firms = rows[~rows["brand"].isin(list(exclude))]
    if not by:
        return pd.DataFrame(index=[0]), [firms]
    keys = shares[by].drop_duplicates().sort_values(by).reset_index(drop=True)
    parts = {key if isinstance(key, tuple) else (key,): part for key, part in firms.groupby(by, dropna=False)}
    return keys, [parts.get(tuple(key), firms.iloc[:0]) for key in keys.itertuples(index=False)]


def _columns(rows: list[tuple[float, ...]], width: int) -> tuple[np.ndarray, ...]:
    return tuple(np.array([row[i] for row in rows], dtype="float64") for i in range(width))


@checked
def hhi_band(index: pd.DataFrame) -> pd.DataFrame:
    """`index` (from `hhi`) with the band of the US 2023 guidelines for both bounds, and the bands' source.

    Parameters
    ----------
    index : DataFrame
        What `hhi` gives.

    Returns
    -------
    DataFrame
        `index` with band, band_upper (unconcentrated below 1000 points, moderate, high above 1800) and
        band_source. The two differ where the remainder leaves it open.

    Raises
    ------
    MetricError
        A column is missing.

    Source
    ------
    US DOJ/FTC Merger Guidelines 2023 (above 1800: highly concentrated); methods 1.4.

    Examples
    --------
    >>> import pandas as pd
    >>> shares = pd.DataFrame({"brand": ["云岭", "清泉", "其他"], "value": [.4, .1, .5], "status": "ok"})
    >>> hhi_band(hhi(shares))[["band", "band_upper"]]
           band band_upper
    0  moderate       high
    """
    need_columns(index, ["value", "upper"], metric="hhi_band")
    need_numbers(index, ["value", "upper"], metric="hhi_band")
    out = index.assign(band=_band(index["value"]), band_upper=_band(index["upper"]))
    return out.assign(band_source="US DOJ/FTC Merger Guidelines 2023")


def _band(values: pd.Series) -> pd.Series:
    names = np.select(
        [values > 0.18 + NEAR, values >= 0.1 - NEAR, values.notna()],
        ["high", "moderate", "unconcentrated"],
        default="",
    )
    return pd.Series(names, index=values.index, dtype="str")
