"""The main figures of each report, three times over: by this project, by DuckDB's SQL by hand, by plain pandas.

`python benchmarks/figures.py FIGURE WAY FOLDER` computes one in a process of its own and writes, as JSON, what it found and
the seconds after the imports: of the rollup alone, or of the whole where there is none. WAY is project, sql or pandas; `again` compares
the first two in one process.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

os.environ["MKTANALYTICS_SETTINGS"] = os.environ.get("MKTANALYTICS_SETTINGS", os.devnull)

MONTH, BEFORE, YEAR_AGO = "2026-10-01", "2026-09-01", "2025-10-01"
MONTHS = (MONTH, BEFORE, YEAR_AGO)


# ---- share of each brand by region and category, with its change on last month and last year


def share_project(folder: Path) -> Any:
    from mktanalytics import metrics, store

    by = ["region", "category"]
    sums = store.rollup(
        "sales",
        by=["month", *by, "brand"],
        measures=["amount"],
        where={"month": list(MONTHS)},
        processed=folder,
    )
    frame = metrics.market_share(sums, MONTH, by=by)[[*by, "brand", "value"]]
    for name, against in (("mom", "mom"), ("yoy", "yoy")):
        moved = metrics.market_share_change(sums, MONTH, against=against, by=by)
        frame = frame.merge(moved[[*by, "brand", "value"]].rename(columns={"value": name}), on=[*by, "brand"])
    return frame


def share_sql(folder: Path) -> Any:
    import duckdb

    return duckdb.sql(f"""
        WITH sums AS MATERIALIZED (
            SELECT month, region, category, brand, sum(amount) AS amount FROM read_parquet('{folder}/sales.parquet')
            WHERE month IN ('{MONTH}', '{BEFORE}', '{YEAR_AGO}') GROUP BY ALL),
        shares AS (SELECT *, amount / sum(amount) OVER (PARTITION BY month, region, category) AS value FROM sums)
        SELECT region, category, brand, a.value, a.value - b.value AS mom, a.value - c.value AS yoy
        FROM (FROM shares WHERE month = '{MONTH}') a
        LEFT JOIN (FROM shares WHERE month = '{BEFORE}') b USING (region, category, brand)
        LEFT JOIN (FROM shares WHERE month = '{YEAR_AGO}') c USING (region, category, brand)""").df()


def share_pandas(folder: Path) -> Any:
    import pandas as pd

    by = ["region", "category", "brand"]
    lines = pd.read_parquet(folder / "sales.parquet", columns=["month", *by, "amount"])
    sums = lines.groupby(["month", *by], as_index=False)["amount"].sum()
    sums["value"] = sums["amount"] / sums.groupby(["month", "region", "category"])["amount"].transform("sum")
    now, before, ago = (sums[sums["month"] == m].set_index(by)["value"] for m in MONTHS)
    return pd.DataFrame({"value": now, "mom": now - before, "yoy": now - ago}).reset_index()


# ---- execution of the budget by department and category, year to date


def budget_project(folder: Path) -> Any:
    from mktanalytics import metrics, store

    by = ["department", "category"]
    spend = store.rollup("spend", by=["month", *by, "status"], measures=["amount"], processed=folder)
    amounts = metrics.budget_amounts(store.load("budget", processed=folder), spend, month=MONTH, by=by)
    amounts = amounts[amounts["scope"] == "ytd"]
    rates = metrics.execution_rates(amounts)
    rates = rates[rates["metric"] == "execution_rate"]
    return amounts[[*by, "ba", "recognised", "committed"]].merge(rates[[*by, "value"]], on=by)


def budget_sql(folder: Path) -> Any:
    import duckdb

    return duckdb.sql(f"""
        SELECT department, category, ba, recognised, committed, recognised / ba AS value FROM (
            SELECT department, category, sum(amount) AS ba FROM read_parquet('{folder}/budget.parquet')
            WHERE month BETWEEN '2026-01-01' AND '{MONTH}' GROUP BY ALL)
        JOIN (SELECT department, category,
                     sum(amount) FILTER (status IN ('recognised', 'paid')) AS recognised,
                     sum(amount) FILTER (status = 'committed') AS committed
              FROM read_parquet('{folder}/spend.parquet') WHERE month BETWEEN '2026-01-01' AND '{MONTH}' GROUP BY ALL)
        USING (department, category)""").df()


def budget_pandas(folder: Path) -> Any:
    import pandas as pd

    by = ["department", "category"]
    spend = pd.read_parquet(folder / "spend.parquet", columns=["month", *by, "status", "amount"])
    spend = spend[(spend["month"] >= "2026-01-01") & (spend["month"] <= MONTH)]
    stage = spend["status"].replace("paid", "recognised")
    sums = spend.groupby([*by, stage])["amount"].sum().unstack()
    plan = pd.read_parquet(folder / "budget.parquet")
    out = plan[plan["month"] <= MONTH].groupby(by)["amount"].sum().rename("ba").to_frame().join(sums)
    out["value"] = out["recognised"] / out["ba"]
    return out[["ba", "recognised", "committed", "value"]].reset_index()


# ---- sales of each person against last year


def kpi_project(folder: Path) -> Any:
    from mktanalytics import metrics, store

    by = ["region", "salesperson"]
    sums = store.rollup(
        "sales", by=["month", *by], measures=["amount"], where={"month": [MONTH, YEAR_AGO]}, processed=folder
    )
    frame = metrics.compare(sums, MONTH, YEAR_AGO, by=by)
    return frame[[*by, "numerator", "denominator", "value"]]


def kpi_sql(folder: Path) -> Any:
    import duckdb

    return duckdb.sql(f"""
        SELECT *, numerator / denominator - 1 AS value FROM (
            SELECT region, salesperson, sum(amount) FILTER (month = '{MONTH}') AS numerator,
                   sum(amount) FILTER (month = '{YEAR_AGO}') AS denominator
            FROM read_parquet('{folder}/sales.parquet') WHERE month IN ('{MONTH}', '{YEAR_AGO}') GROUP BY ALL)""").df()


def kpi_pandas(folder: Path) -> Any:
    import pandas as pd

    by = ["region", "salesperson"]
    lines = pd.read_parquet(folder / "sales.parquet", columns=["month", *by, "amount"])
    sums = lines.groupby(["month", *by])["amount"].sum()
    out = pd.DataFrame({"numerator": sums[pd.Timestamp(MONTH)], "denominator": sums[pd.Timestamp(YEAR_AGO)]})
    return out.assign(value=out["numerator"] / out["denominator"] - 1).reset_index()


# ---- how many different customers each region had in the year


def customers_project(folder: Path) -> Any:
    from mktanalytics import store

    where = {"month": ("2026-01-01", "2026-12-01")}
    sums = store.rollup(
        "sales", by=["region"], measures=["amount"], distinct=["customer"], where=where, processed=folder
    )
    return sums[["region", "amount", "customer_distinct"]]


def customers_sql(folder: Path) -> Any:
    import duckdb

    return duckdb.sql(f"""
        SELECT region, sum(amount) AS amount, count(DISTINCT customer) AS customer_distinct
        FROM read_parquet('{folder}/sales.parquet') WHERE month BETWEEN '2026-01-01' AND '2026-12-01' GROUP BY ALL""").df()


def customers_pandas(folder: Path) -> Any:
    import pandas as pd

    lines = pd.read_parquet(folder / "sales.parquet", columns=["month", "region", "customer", "amount"])
    year = lines[lines["month"] >= "2026-01-01"].groupby("region")
    return pd.DataFrame(
        {"amount": year["amount"].sum(), "customer_distinct": year["customer"].nunique()}
    ).reset_index()


# ---- what a report takes of the sales lines: sums, with returns, blanks and lines without a day apart


def inputs_project(folder: Path) -> Any:
    from mktanalytics import store

    sums = store.rollup(
        "sales",
        by=["month", "period", "region", "salesperson", "currency"],
        measures=["units", "amount", "cost"],
        apart=["units", "amount", "cost", "date"],
        last=["date"],
        processed=folder,
    )
    keys = ["month", "region", "salesperson", "units_sign", "amount_sign"]
    return sums[[*keys, "units", "amount", "cost", "date_last", "rows"]]


def inputs_sql(folder: Path) -> Any:
    import duckdb

    return duckdb.sql(f"""
        SELECT month, region, salesperson, sign(units) AS units_sign, sign(amount) AS amount_sign,
               sum(units) AS units, sum(amount) AS amount, sum(cost) AS cost, max(date) AS date, count(*) AS rows
        FROM read_parquet('{folder}/sales.parquet')
        GROUP BY month, period, region, salesperson, currency, sign(units), sign(amount), sign(cost), date IS NULL""").df()


def inputs_pandas(folder: Path) -> Any:
    import numpy as np
    import pandas as pd

    by = ["month", "period", "region", "salesperson", "currency"]
    measures = ["units", "amount", "cost"]
    lines = pd.read_parquet(folder / "sales.parquet", columns=[*by, *measures, "date"])
    signs = {f"{m}_sign": np.sign(lines[m]) for m in measures}
    lines = lines.assign(**signs, undated=lines["date"].isna(), rows=1)
    keys = [*by, *signs, "undated"]
    groups = lines.groupby(keys, dropna=False)
    sums = groups[[*measures, "rows"]].sum(min_count=1).assign(date=groups["date"].max()).reset_index()
    return sums[["month", "region", "salesperson", "units_sign", "amount_sign", *measures, "date", "rows"]]


FIGURES = ("share", "budget", "kpi", "inputs", "customers")
WAYS = ("project", "sql", "pandas")
ROLLUPS: list[tuple[float, float]] = []


def timed(function: Any) -> Any:
    """`function`, its seconds and its processor seconds noted."""

    def call(*args: Any, **kwargs: Any) -> Any:
        start, cpu = time.perf_counter(), time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            ROLLUPS.append((time.perf_counter() - start, time.process_time() - cpu))

    return call


def numbers(frame: Any) -> Any:
    """The figures in the order of their keys, which the three ways have in common."""
    from pandas.api.types import is_numeric_dtype

    keys = [c for c in frame if str(c).endswith("_sign") or not is_numeric_dtype(frame[c])]
    return frame.sort_values(keys).drop(columns=keys).to_numpy(dtype="float64")


def main(figure: str, way: str, folder: Path) -> None:
    """Compute one figure and say what it took."""
    import pandas as pd  # noqa: F401

    if way == "project":
        from mktanalytics import aggregate, engines, store  # noqa: F401  # what `rollup` imports when it is first called

        store.rollup = timed(store.rollup)
    elif way == "sql":
        import duckdb  # noqa: F401
    else:
        import pyarrow.parquet  # noqa: F401
    frame = timed(globals()[f"{figure}_{way}"])(folder)
    # the first that was noted is the rollup, or, where there is none, the whole
    seconds, cpu = ROLLUPS[0]
    found = {"seconds": seconds, "cpu": cpu, "values": numbers(frame).ravel().tolist()}
    print(json.dumps(found))


def again(figure: str, folder: Path, times: int = 7) -> None:
    """Compute one figure by rollup and by SQL, in turn, and say the middle processor seconds after the first."""
    from mktanalytics import store

    store.rollup = timed(store.rollup)
    found: dict[str, list[float]] = {"project": [], "sql": []}
    for _ in range(times):
        for way, seconds in found.items():
            ROLLUPS.clear()
            timed(globals()[f"{figure}_{way}"])(folder)
            seconds.append(ROLLUPS[0][1])
    print(json.dumps({way: median(seconds[1:]) for way, seconds in found.items()}))


if __name__ == "__main__":
    if sys.argv[2] == "again":
        again(sys.argv[1], Path(sys.argv[3]))
    else:
        main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
