"""From the scores of an entity to its weighted total, grade and rank (methods 5.3, 5.4)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from mktanalytics.metrics._arguments import checked
from mktanalytics.metrics.kpi.grades import grade
from mktanalytics.metrics.kpi.kpi_targets import KEYS, weights_of
from mktanalytics.metrics.kpi.ranking import ranked
from mktanalytics.metrics.notes import join, say
from mktanalytics.metrics.result import RECORD, Status, need_columns, need_known, need_numbers
from mktanalytics.settings import Settings

POLICIES = ("rescale", "neutral", "zero")
NEUTRAL = 100.0  # missing_kpi = "neutral": as if exactly on target


@checked
def scorecard_totals(
    card: pd.DataFrame, *, settings: Settings | None = None, policies: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The weighted total of each entity with grade, rank, n and distance to the neighbours.

    Parameters
    ----------
    card : what `scorecard` returns (columns entity_level, entity, kpi, weight, value, status).
    settings : missing_kpi (rescale the other weights, neutral = 100 points, or zero), ranking, grades.
    policies : KPI -> rescale, neutral or zero, where it differs from missing_kpi.

    Returns
    -------
    DataFrame
        One row per entity_level and entity, best first within the level: `RECORD` (value in `score`;
        numerator Σ weight × score, denominator Σ weight used, n KPIs scored), missing_kpis (count),
        missing_weight (fraction), grade, rank, rank_n, tied, to_better, to_worse (points). Without any
        scored KPI, or without weights for several KPIs, the total is `na_missing`.

    Raises
    ------
    MetricError
        A column is missing, or the weights of an entity sum neither to 1 nor to 100.

    Source
    ------
    methods 5.3, 5.4, 0.9.

    Examples
    --------
    >>> card = pd.DataFrame({"entity_level": "region", "entity": "华东", "kpi": ["销售额", "费销比", "态度"],
    ...     "weight": [0.6, 0.2, 0.2], "value": [95.0, 105.0, float("nan")]})
    >>> total = scorecard_totals(card).iloc[0]
    >>> round(float(total["value"]), 6), total["grade"], int(total["missing_kpis"])
    (97.5, '优', 1)
    """
    settings = settings or Settings()
    need_columns(card, [*KEYS, "weight", "value"], metric="scorecard_totals")
    need_numbers(card, ["weight", "value"], metric="scorecard_totals")
    chosen = [(policies or {}).get(kpi, settings.methods.missing_kpi) for kpi in card["kpi"]]
    need_known(chosen, POLICIES, "missing_kpi")
    card = card.assign(_policy=chosen, weight=weights_of(card))
    groups = card.groupby(["entity_level", "entity"], sort=True)
    totals = [{"entity_level": level, "entity": entity, **_total(rows)} for (level, entity), rows in groups]
    columns = ["entity_level", "entity", *RECORD, "missing_kpis", "missing_weight"]
    out = pd.DataFrame(totals, columns=columns).astype({"value": "float64"})
    out["grade"] = [grade(v, settings.thresholds.grades) for v in out["value"]]
    return ranked(out, key=["entity"], within=["entity_level"], method=settings.methods.ranking)


def _total(rows: pd.DataFrame) -> dict[str, object]:
    counted, notes = rows[rows["weight"].notna()], []
    if counted.empty and len(rows) == 1:
        counted, notes = rows.assign(weight=1.0), [say("one_kpi")]
    elif counted.empty:
        notes = [say("no_kpi_weights")]
    scored = counted[counted["value"].notna()]
    gone = counted[counted["value"].isna() & (counted["weight"] > 0)]
    top, weight = math.fsum(scored["weight"] * scored["value"]), math.fsum(scored["weight"])
    for policy, missing in gone.groupby("_policy") if len(scored) else ():
        notes.append(say(f"missing_{policy}", len(missing), "、".join(map(str, missing["kpi"]))))
        top += math.fsum(missing["weight"]) * (NEUTRAL if policy == "neutral" else 0.0)
        weight += math.fsum(missing["weight"]) if policy != "rescale" else 0.0
    ok = len(scored) > 0 and weight > 0
    return {
        "value": top / weight if ok else math.nan,
        "unit": "score",
        "status": str(Status.OK if ok else Status.MISSING),
        "numerator": top if ok else math.nan,
        "denominator": weight if ok else math.nan,
        "n": len(scored),
        "note": join(*notes),
        "missing_kpis": len(gone),
        "missing_weight": float(gone["weight"].sum()),
    }
