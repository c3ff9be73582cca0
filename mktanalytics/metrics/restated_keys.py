"""Keys that changed: rows of old regions, products and dealers under the names they have now (methods 0.8)."""

from __future__ import annotations

from collections.abc import Hashable

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._days import days_of, stamps
from mktanalytics.metrics.result import need_columns

COLUMNS = ("key_old", "key_new", "valid_from", "valid_to")


@checked
def restate_keys(frame: pd.DataFrame, mapping: pd.DataFrame, *, key: str) -> pd.DataFrame:
    """`frame` with old keys replaced by new ones, so that what was reorganised is compared with itself.

    Parameters
    ----------
    frame : DataFrame
        `key`, and date or month: a tidy table. A row's day decides, or the first day of its month.
    mapping : DataFrame
        key_old, key_new, valid_from, valid_to: rows of key_old from valid_from to valid_to (both included; missing
        is open) belong to key_new. Several old keys may have one new one (a merger), and a new key may
        be an old one in its turn. One old key with two new ones at a time (a split) can't be restated by name.
    key : str
        The column to restate: region, product, dealer.

    Returns
    -------
    DataFrame
        A copy of `frame` in the same order; nothing but `key` differs.

    Raises
    ------
    MetricError
        A column is missing, an old key has two new ones at one time, the mapping runs in a circle, or a
        valid_from is after its valid_to.

    Source
    ------
    Methods 0.8.

    Examples
    --------
    >>> import pandas as pd
    >>> sales = pd.DataFrame({"month": pd.to_datetime(["2025-10-01", "2026-10-01"]), "region": ["华中", "中南"], "amount": [60.0, 66.0]})
    >>> mapping = pd.DataFrame({"key_old": ["华中"], "key_new": ["中南"], "valid_from": [pd.NaT], "valid_to": [pd.Timestamp("2025-12-31")]})
    >>> restate_keys(sales, mapping, key="region")["region"].tolist()
    ['中南', '中南']
    """
    need_columns(mapping, COLUMNS, metric="restate_keys")
    need_columns(frame, [key, *([] if "date" in frame.columns else ["month"])], metric="restate_keys")
    steps = _checked(mapping)
    days = _days(frame)
    names = frame[key].copy()
    for _ in range(len(steps) + 1):
        moved = names.copy()
        for old, new, start, end in steps.itertuples(index=False):
            moved = moved.mask((names == old) & (days >= start) & (days <= end), new)
        if moved.equals(names):
            return frame.assign(**{key: names})
        names = moved
    raise MetricError(
        ("编码对照循环引用", "the mapping of keys runs in a circle"),
        found=", ".join(sorted(set(steps["key_old"]) & set(steps["key_new"]))),
    )


def _days(frame: pd.DataFrame) -> pd.Series:
    """The day of each row: its date, or the first of its month."""
    lost = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    days = days_of(frame["date"]) if "date" in frame.columns else lost
    return days.fillna(days_of(frame["month"])) if "month" in frame.columns else days


def _checked(mapping: pd.DataFrame) -> pd.DataFrame:
    steps = mapping[list(COLUMNS)].copy()
    steps["valid_from"] = stamps(steps["valid_from"]).fillna(pd.Timestamp(1900, 1, 1))
    last = stamps(steps["valid_to"]).fillna(pd.Timestamp(2200, 1, 1)).dt.normalize()
    steps["valid_to"] = last + pd.Timedelta(days=1) - pd.Timedelta(microseconds=1)
    wrong = steps[steps["valid_from"] > steps["valid_to"]]
    if len(wrong):
        first = wrong.iloc[0]
        raise MetricError(
            (f"{first['key_old']} 的生效日晚于失效日", f"{first['key_old']} is valid only after it ends"),
            found=f"{first['valid_from']:%Y-%m-%d} > {first['valid_to']:%Y-%m-%d}",
        )
    steps = steps.sort_values(["key_old", "valid_from"])
    until: dict[Hashable, pd.Timestamp] = {}
    for old, _, start, end in steps.itertuples(index=False):
        if old in until and start <= until[old]:
            raise MetricError(
                (f"{old} 同时对应两个新编码", f"{old} has two new keys at one time"),
                todo=(
                    "拆分的编码不能按名称还原：把各部分都对应到一个编码，或不作对照",
                    "a key that was split can't be restated by name: map the parts to one key, or leave it",
                ),
            )
        until[old] = end
    return steps
