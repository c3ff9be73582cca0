"""Return measures: names collide, so each figure carries its formula (methods 4.7)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics._edges import settled
from mktanalytics.metrics.currency import currency_of
from mktanalytics.metrics.result import (
    RECORD,
    dimensions,
    need_columns,
    need_known,
    need_numbers,
    ratio_frame,
)

# measure -> (numerator columns with sign, denominator columns, unit, formula)
_MEASURES: dict[str, tuple[dict[str, int], str, str, str, str]] = {
    "roas": ({"revenue": 1}, "spend", "ratio", "ROAS（营收口径）＝{basis}营收 ÷ 费用", "ROAS = {basis} revenue / spend"),
    "margin_roas": (
        {"incremental_margin": 1}, "spend", "ratio", "毛利 ROAS＝增量营收×边际贡献率 ÷ 费用",
        "margin ROAS = incremental revenue × contribution margin / spend",
    ),
    "roi": (
        {"incremental_margin": 1, "spend": -1}, "spend", "fraction", "ROI（净）＝（增量边际贡献－费用）÷ 费用",
        "ROI = (incremental margin − spend) / spend",
    ),
    "iroi": (
        {"incremental_margin": 1, "spend": -1}, "spend", "fraction", "iROI＝（实验证实的增量边际贡献－费用）÷ 费用",
        "iROI = (incremental margin proven by an experiment − spend) / spend",
    ),
    "cac": (
        {"acquisition_cost": 1}, "new_customers", "money", "CAC＝获客费用（{scope}）÷ 同期新客户数",
        "CAC = acquisition cost ({scope}) / new customers of the same window",
    ),
    "payback_months": (
        {"acquisition_cost": 1}, "monthly_margin", "months", "回本月数＝CAC ÷（每客户月营收×毛利率）",
        "payback = CAC / (monthly revenue per customer × gross margin)",
    ),
}  # fmt: skip
MEASURES = tuple(_MEASURES)
_INPUTS = (
    "spend", "revenue", "incremental_revenue", "contribution_margin", "incremental_margin", "acquisition_cost",
    "new_customers", "monthly_revenue", "monthly_revenue_per_customer", "gross_margin",
)  # fmt: skip
_BASIS = {"attributed": ("归因", "attributed"), "incremental": ("增量", "incremental")}


@checked
def return_measures(
    data: pd.DataFrame,
    *,
    by: str | Sequence[str] = (),
    measures: Sequence[str] = MEASURES,
    basis: str = "attributed",
    cost_scope: str = "",
    language: str = "zh",
) -> pd.DataFrame:
    """ROAS, margin ROAS, ROI, iROI, CAC and payback, each with its formula printed.

    Parameters
    ----------
    data : `by` and, as far as known: spend, revenue (CNY, what `basis` says), incremental_revenue (CNY),
        contribution_margin (fraction of revenue) or incremental_margin (CNY: both multiplied), experiment (its name,
        where one proved the increment), acquisition_cost (CNY), new_customers (count), monthly_revenue (CNY a month of
        all those customers) or monthly_revenue_per_customer (CNY), gross_margin (fraction).
    basis : whether `revenue` is attributed or incremental. cost_scope : what acquisition_cost contains.

    Returns
    -------
    One row per key and measure with the record columns; note is the formula. A measure whose columns are
    absent is `na_missing`, and says which; without new customers CAC is `na_zero_base`; iROI counts only
    rows that name an experiment.

    Raises
    ------
    MetricError
        A measure or basis is unknown, CAC is asked for without its scope, a column of `by` is missing, or
        the frame holds nothing that any measure is made of.

    Source
    ------
    methods 4.7; Farris et al. ch. 10. Attributed is not incremental.

    Examples
    --------
    >>> d = pd.DataFrame({"channel": ["抖音"], "spend": [50e4], "revenue": [200e4]})
    >>> return_measures(d, by=["channel"], measures=["roas"])[["value", "note"]].values.tolist()
    [[4.0, 'ROAS（营收口径）＝归因营收 ÷ 费用']]
    """
    by = dimensions(by)
    if not len(measures):
        raise MetricError(("没有指定回报指标", "no measure named"), expected=", ".join(MEASURES))
    need_known(measures, MEASURES, ("回报指标", "measure"))
    need_known(basis, _BASIS, ("营收口径", "basis"))
    if "cac" in measures and "acquisition_cost" in data and not cost_scope:
        raise MetricError(
            ("CAC 没有说明费用范围", "CAC without its scope"),
            expected=("cost_scope，如 媒介+销售薪酬", "cost_scope, such as 媒介+销售薪酬"),
            todo=("说明费用包含什么", "say what the cost contains"),
        )
    keys = list(by)
    need_columns(data, keys, metric="return_measures")
    need_numbers(data, [c for c in _INPUTS if c in data], metric="return_measures")
    if not {*data.columns} & {*_INPUTS}:
        raise MetricError(
            ("return_measures 找不到可以计算回报的列", "return_measures finds nothing a return is made of"), found=", ".join(map(str, data.columns)),
            expected=(f"{'、'.join(_INPUTS)} 中的若干列", f"some of {', '.join(_INPUTS)}"), todo=("请改列名", "rename your columns"),
        )  # fmt: skip
    frames = []
    for measure in measures:
        rows = _derived(data)
        if measure == "iroi":
            proven = (
                rows["experiment"].fillna("").astype("str") != ""
                if "experiment" in rows
                else pd.Series(False, rows.index)
            )
            rows = (
                rows[proven] if proven.any() else rows.drop(columns=["incremental_margin"], errors="ignore")
            )
        frames.append(_measure(rows, keys, measure, _formula(measure, basis, cost_scope, language), language))
    out = pd.concat(frames, ignore_index=True)
    out["unit"] = out["unit"].replace("money", currency_of(data).lower())
    return out.sort_values(keys, kind="stable", ignore_index=True) if keys else out


def _derived(data: pd.DataFrame) -> pd.DataFrame:
    rows = data.astype({c: "float64" for c in _INPUTS if c in data})
    if {"incremental_revenue", "contribution_margin"} <= set(rows):
        rows["incremental_margin"] = rows["incremental_revenue"] * rows["contribution_margin"]
    if {"monthly_revenue_per_customer", "new_customers"} <= set(rows) and "monthly_revenue" not in rows:
        rows["monthly_revenue"] = rows["monthly_revenue_per_customer"] * rows["new_customers"]
    if {"monthly_revenue", "gross_margin"} <= set(rows):
        rows["monthly_margin"] = rows["monthly_revenue"] * rows["gross_margin"]
    return rows


def _measure(rows: pd.DataFrame, keys: list[str], measure: str, formula: str, language: str) -> pd.DataFrame:
    tops, bottom, unit, *_ = _MEASURES[measure]
    needed = [*tops, bottom]
    absent = [c for c in dict.fromkeys(needed) if c not in rows]
    parts = rows[keys].copy()
    # a row that lacks one side gives neither (methods 0.2)
    whole = rows[[c for c in needed if c in rows]].notna().all(axis=1)
    parts["top"] = sum(rows[c] * sign for c, sign in tops.items()) if not absent else float("nan")
    parts["bottom"] = rows[bottom] if not absent else float("nan")
    parts.loc[~whole, ["top", "bottom"]] = float("nan")
    sums = _sums(parts, keys)
    out = ratio_frame(sums[keys].assign(measure=measure), sums["top"], sums["bottom"], unit=unit)
    if absent:
        formula += f"；缺 {', '.join(absent)}" if language == "zh" else f"; lacks {', '.join(absent)}"
    out["note"] = pd.Series([formula] * len(out), dtype="str")
    return out[[*keys, "measure", *RECORD]]


def _sums(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    columns = ["top", "bottom"]
    parts = parts.assign(**{f"{c}_size": parts[c].abs() for c in columns})
    whole = [*columns, *(f"{c}_size" for c in columns)]
    if keys:
        sums = parts.groupby(keys, dropna=False)[whole].sum(min_count=1).reset_index()
    else:
        sums = parts[whole].sum(min_count=1).to_frame().T
    return sums.assign(**{c: settled(sums[c], sums[f"{c}_size"]) for c in columns})


def _formula(measure: str, basis: str, scope: str, language: str) -> str:
    zh, en = _MEASURES[measure][3:]
    names = _BASIS[basis]
    return (zh if language == "zh" else en).format(basis=names[0 if language == "zh" else 1], scope=scope)
