"""挣值: cost and progress of campaigns with deliverables (methods 4.5)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mktanalytics.errors import MetricError
from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.currency import DEFAULT, currency_of
from mktanalytics.metrics.result import (
    RECORD,
    Status,
    dimensions,
    need_columns,
    need_known,
    need_numbers,
    ratio_frame,
)

AMOUNTS = ["pv", "ev", "ac", "bac"]
EARNING_RULES = ("0/100", "50/50", "percent")
EAC_RULES = ("cpi", "plan", "cpi_spi", "bottom_up")
NOISE = 0.20  # of the work done: before that CPI is noise

_NOTES = {
    "gone": ("预算已用尽，TCPI 无意义", "the budget is already gone"),
    "noise": ("完成不足 20%，CPI 不稳定", "less than 20% complete: CPI is noise"),
    "not_started": ("尚无成本或尚无产出", "no cost or nothing earned yet"),
    "unearned": ("尚无产出", "nothing earned yet"),
    "no_etc": ("未提供自下而上的剩余成本", "no bottom-up estimate to complete"),
    "over": ("已完成，无剩余工作", "all work is done"),
}


@checked
def earned(deliverables: pd.DataFrame, *, rule: str, by: str | Sequence[str] = ("activity",)) -> pd.DataFrame:
    """Earned value of the deliverables by a stated rule; money spent is not progress.

    Parameters
    ----------
    deliverables : `by`, budget (CNY), started, finished (flags), and for the rule percent done (fraction of
        the deliverable that is finished, as counted, not as spent).
    rule : 0/100 (all at the finish), 50/50 (half at the start), percent.

    Returns
    -------
    `by`, bac, ev (CNY).

    Raises
    ------
    MetricError
        The rule is unknown, a column is missing, or `done` lies outside 0 to 1.

    Source
    ------
    methods 4.5; PMI, Practice Standard for EVM.

    Examples
    --------
    >>> d = pd.DataFrame({"activity": "双11", "budget": [10e4, 30e4], "started": [True, True], "finished": [True, False]})
    >>> [float(earned(d, rule=r)["ev"].iloc[0]) for r in ("0/100", "50/50")]
    [100000.0, 250000.0]
    """
    by = dimensions(by)
    need_known(rule, EARNING_RULES, ("规则", "rule"))
    keys = list(by)
    need_columns(
        deliverables,
        [*keys, "budget", *(["done"] if rule == "percent" else ["started", "finished"])],
        metric="earned",
    )
    need_numbers(deliverables, ["budget"], metric="earned")
    if rule == "percent":
        need_numbers(deliverables, ["done"], metric="earned")
        share = deliverables["done"].astype("float64")
        if not share.between(0, 1).all():
            raise MetricError(
                ("完成比例不在 0 到 1 之间", "a done share outside 0 to 1"),
                found=str(share[~share.between(0, 1)].iloc[0]),
                expected=("0 到 1 的小数", "a fraction"),
                todo=("请改正", "mend it"),
            )
    else:
        finished, started = _yes(deliverables, "finished"), _yes(deliverables, "started")
        share = finished if rule == "0/100" else pd.concat([finished, started / 2], axis=1).max(axis=1)
    if "currency" not in keys:
        currency_of(deliverables)
    rows = deliverables[keys].assign(bac=deliverables["budget"], ev=deliverables["budget"] * share)
    if not keys:
        return rows[["bac", "ev"]].sum().to_frame().T
    return rows.groupby(keys, as_index=False, dropna=False)[["bac", "ev"]].sum()


def _yes(deliverables: pd.DataFrame, column: str) -> pd.Series:
    """1.0 where the column says True, 0.0 where it says False or nothing; a text such as 否 says neither."""
    said = deliverables[column].fillna(False)
    if not said.isin([True, False]).all():
        raise MetricError(
            (f"{column} 须为 True 或 False", f"{column} is True or False"),
            found=", ".join(map(str, said[~said.isin([True, False])].head(3))),
            expected="True, False",
            todo=("请改正", "mend it"),
        )
    return said.astype("bool").astype("float64")


@checked
def earned_value(campaigns: pd.DataFrame, *, eac_rule: str = "cpi", language: str = "zh") -> pd.DataFrame:
    """CV, SV, CPI, SPI, every EAC, and VAC, TCPI by the chosen one, as records.

    Parameters
    ----------
    campaigns : key columns, and pv (planned value), ev (earned), ac (actual cost), bac (total budget), all
        money to date; optionally etc (bottom-up estimate to complete) and currency (CNY where it is missing).
    eac_rule : the EAC that VAC is measured by: cpi (BAC / CPI: efficiency persists), plan (AC + BAC - EV),
        cpi_spi (AC + (BAC - EV) / (CPI × SPI)), bottom_up (AC + etc).

    Returns
    -------
    One row per key and metric: cv, sv, eac_cpi, eac_plan, eac_cpi_spi, eac_bottom_up, vac (in the row's currency), cpi, spi,
    tcpi, (ratio), complete (fraction: EV / BAC), with the record columns. With AC = 0 or EV = 0 there is no
    CPI and no EAC from it (`na_zero_base`), while SPI with EV = 0 is 0 and says so: the work planned wasn't done. TCPI without budget left is `na_zero_base` or
    `na_nonpositive_base`.

    Raises
    ------
    MetricError
        A column is missing or the rule is unknown.

    Source
    ------
    methods 4.5; PMI, PMBOK. Nothing is rounded on the way: EAC = BAC × AC / EV.

    Examples
    --------
    >>> c = pd.DataFrame({"activity": ["双11"], "pv": [50e4], "ev": [40e4], "ac": [50e4], "bac": [100e4]})
    >>> earned_value(c).set_index("metric").loc[["cpi", "spi", "eac_cpi", "vac"], "value"].tolist()
    [0.8, 0.8, 1250000.0, -250000.0]
    """
    need_numbers(campaigns, [*AMOUNTS, *(["etc"] if "etc" in campaigns else [])], metric="earned_value")
    need_known(eac_rule, EAC_RULES, ("EAC 规则", "EAC rule"))
    rows = campaigns.reset_index(drop=True)
    keys = rows[[c for c in rows.columns if c not in (*AMOUNTS, "etc")]]
    pv, ev, ac, bac = (rows[c].astype("float64") for c in AMOUNTS)
    money = rows["currency"].str.lower() if "currency" in rows else DEFAULT.lower()
    etc = rows["etc"].astype("float64") if "etc" in rows else pd.Series(float("nan"), rows.index)
    idle = (ac == 0) | (ev == 0)
    one = pd.Series(1.0, rows.index)
    eac = {
        # numerator and denominator apart, so that no rounded CPI is ever divided by
        "cpi": (bac * ac, ev.where(~idle, 0.0)),
        "plan": (ac + bac - ev, one),
        "cpi_spi": (ac * ev * ev + (bac - ev) * ac * pv, (ev * ev).where(~idle & (pv != 0), 0.0)),
        "bottom_up": (ac + etc, one),
    }
    parts = {
        "cv": (ev - ac, one, money),
        "sv": (ev - pv, one, money),
        "cpi": (ev, ac.where(~idle, 0.0), "ratio"),
        "spi": (ev, pv, "ratio"),
        **{f"eac_{rule}": (*pair, money) for rule, pair in eac.items()},
        "vac": (bac * eac[eac_rule][1] - eac[eac_rule][0], eac[eac_rule][1], money),
        "tcpi": (bac - ev, bac - ac, "ratio"),
        "complete": (ev, bac, "fraction"),
    }
    frames = []
    for metric, (top, bottom, unit) in parts.items():
        part = ratio_frame(keys.assign(metric=metric), top, bottom).assign(unit=unit)
        part["note"] = _notes(metric, part, idle, ev / bac.where(bac > 0), language)
        frames.append(part.assign(_row=range(len(part))))
    out = pd.concat(frames, ignore_index=True).sort_values("_row", kind="stable", ignore_index=True)
    return out[[*keys.columns, "metric", *RECORD]]


def _notes(metric: str, part: pd.DataFrame, idle: pd.Series, complete: pd.Series, language: str) -> pd.Series:
    def say(key: str) -> str:
        return _NOTES[key][0 if language == "zh" else 1]

    notes = []
    for status, earned_so_far, waiting, share in zip(
        part["status"], part["numerator"], idle, complete, strict=True
    ):
        failed = status != Status.OK
        if metric == "tcpi" and failed and status != Status.MISSING:
            notes.append(say("over") if share >= 1 else say("gone"))
        elif metric == "eac_bottom_up" and failed:
            notes.append(say("no_etc"))
        elif failed and waiting:
            notes.append(say("not_started"))
        elif metric == "spi" and earned_so_far == 0:
            notes.append(say("unearned"))
        elif metric in ("cpi", "eac_cpi", "eac_cpi_spi") and share < NOISE:
            notes.append(say("noise"))
        else:
            notes.append("")
    return pd.Series(notes, index=part.index, dtype="str")
