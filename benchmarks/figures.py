"""The main figures of each report, several times over: by this project, by DuckDB's SQL by hand, by plain pandas.

`python benchmarks/figures.py FIGURE WAY FOLDER` computes one in a process of its own and writes, as JSON, what it found and
the seconds after the imports: of the rollup alone, or of the whole where there is none. WAY is project, sql, pandas or categories
(pandas that is told which columns are texts of a few words); `again` compares the first two in one process. Each reference reads
the columns and months that its figures need and no others.
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
YEAR, LAST_YEAR = ([f"{year}-{m:02d}-01" for m in range(1, 11)] for year in (2026, 2025))  # to date


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


def share_pandas(folder: Path, **how: Any) -> Any:
    import pandas as pd

    by, months = ["region", "category", "brand"], [pd.Timestamp(m) for m in MONTHS]
    lines = pd.read_parquet(
        folder / "sales.parquet", columns=["month", *by, "amount"], filters=[("month", "in", months)], **how
    )
    sums = lines.groupby(["month", *by], observed=True, as_index=False)["amount"].sum()
    markets = sums.groupby(["month", "region", "category"], observed=True)["amount"]
    sums["value"] = sums["amount"] / markets.transform("sum")
    now, before, ago = (sums[sums["month"] == m].set_index(by)["value"] for m in months)
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


def budget_pandas(folder: Path, **how: Any) -> Any:
    import pandas as pd

    by = ["department", "category"]
    year = [("month", ">=", pd.Timestamp(YEAR[0])), ("month", "<=", pd.Timestamp(MONTH))]
    spend = pd.read_parquet(folder / "spend.parquet", columns=[*by, "status", "amount"], filters=year, **how)
    sums = spend.groupby([*by, "status"], observed=True)["amount"].sum().unstack()
    plan = pd.read_parquet(folder / "budget.parquet", filters=year).groupby(by)["amount"].sum()
    out = pd.DataFrame(
        {"ba": plan, "recognised": sums["recognised"] + sums["paid"], "committed": sums["committed"]}
    )
    return out.assign(value=out["recognised"] / out["ba"]).reset_index()


# ---- sales of each region and each person in the month and in the year to date, against the same of last year


def kpi_project(folder: Path) -> Any:
    import pandas as pd

    from mktanalytics import metrics, store

    by = ["region", "salesperson"]
    sums = store.rollup(
        "sales",
        by=["month", *by],
        measures=["amount"],
        where={"month": [*YEAR, *LAST_YEAR]},
        processed=folder,
    )
    found = [
        metrics.sales_performance({"sales": sums}, MONTH, level=level, scope=scope).assign(scope=scope)
        for level in ("region", "person")
        for scope in ("month", "ytd")
    ]
    frame = pd.concat(found)
    return frame.loc[frame["entity"] != "合计", ["scope", "entity", "amount", "last_year", "yoy"]]


def kpi_sql(folder: Path) -> Any:
    import duckdb

    def of(key: str, scope: str, first: str, first_ago: str) -> str:
        return f"""
            SELECT '{scope}' AS scope, {key} AS entity, sum(amount) FILTER (month BETWEEN '{first}' AND '{MONTH}') AS amount,
                   sum(amount) FILTER (month BETWEEN '{first_ago}' AND '{YEAR_AGO}') AS last_year FROM sums GROUP BY ALL"""

    parts = [
        of(key, *scope)
        for key in ("region", "salesperson")
        for scope in (("month", MONTH, YEAR_AGO), ("ytd", YEAR[0], LAST_YEAR[0]))
    ]
    return duckdb.sql(f"""
        WITH sums AS MATERIALIZED (
            SELECT month, region, salesperson, sum(amount) AS amount FROM read_parquet('{folder}/sales.parquet')
            WHERE month BETWEEN '{LAST_YEAR[0]}' AND '{YEAR_AGO}' OR month BETWEEN '{YEAR[0]}' AND '{MONTH}' GROUP BY ALL)
        SELECT *, amount / last_year - 1 AS yoy FROM ({" UNION ALL ".join(parts)})""").df()


def kpi_pandas(folder: Path, **how: Any) -> Any:
    import pandas as pd

    by, now, ago = ["region", "salesperson"], pd.Timestamp(MONTH), pd.Timestamp(YEAR_AGO)
    years = [
        [("month", ">=", pd.Timestamp(m[0])), ("month", "<=", pd.Timestamp(m[-1]))] for m in (YEAR, LAST_YEAR)
    ]
    lines = pd.read_parquet(folder / "sales.parquet", columns=["month", *by, "amount"], filters=years, **how)
    sums = lines.groupby(["month", *by], observed=True, as_index=False)["amount"].sum()
    found = []
    for key in by:
        for scope, rows in (("month", sums[sums["month"].isin([now, ago])]), ("ytd", sums)):
            year = rows["month"].dt.year.rename("year")
            sides = rows.groupby([key, year], observed=True)["amount"].sum().unstack()
            sides = sides.rename(columns={now.year: "amount", ago.year: "last_year"}).rename_axis("entity")
            found.append(sides.reset_index().assign(scope=scope, entity=lambda f: f["entity"].astype("str")))
    out = pd.concat(found)
    return out.assign(yoy=out["amount"] / out["last_year"] - 1)[
        ["scope", "entity", "amount", "last_year", "yoy"]
    ]


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


def customers_pandas(folder: Path, **how: Any) -> Any:
    import pandas as pd

    year = [("month", ">=", pd.Timestamp("2026-01-01")), ("month", "<=", pd.Timestamp("2026-12-01"))]
    lines = pd.read_parquet(
        folder / "sales.parquet", columns=["region", "customer", "amount"], filters=year, **how
    )
    regions = lines.groupby("region", observed=True)
    found = {"amount": regions["amount"].sum(), "customer_distinct": regions["customer"].nunique()}
    return pd.DataFrame(found).reset_index()


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


def inputs_pandas(folder: Path, **how: Any) -> Any:
    import numpy as np
    import pandas as pd

    by = ["month", "period", "region", "salesperson", "currency"]
    measures = ["units", "amount", "cost"]
    lines = pd.read_parquet(folder / "sales.parquet", columns=[*by, *measures, "date"], **how)
    signs = {f"{m}_sign": np.sign(lines[m]) for m in measures}
    lines = lines.assign(**signs, undated=lines["date"].isna(), rows=1)
    keys = [*by, *signs, "undated"]
    groups = lines.groupby(keys, dropna=False, observed=True)
    sums = groups[[*measures, "rows"]].sum(min_count=1).assign(date=groups["date"].max()).reset_index()
    return sums[["month", "region", "salesperson", "units_sign", "amount_sign", *measures, "date", "rows"]]


FIGURES = ("share", "budget", "kpi", "inputs", "customers")
WAYS = ("project", "sql", "pandas", "categories")
TEXTS = (
    "region",
    "category",
    "brand",
    "salesperson",
    "customer",
    "department",
    "status",
    "period",
    "currency",
)
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


def found_by(way: str, figure: str, folder: Path) -> Any:
    """A figure, found one way."""
    if way == "categories":
        return globals()[f"{figure}_pandas"](folder, read_dictionary=list(TEXTS))
    return globals()[f"{figure}_{way}"](folder)


def numbers(frame: Any) -> Any:
    """The figures in the order of their keys, which the three ways have in common."""
    from pandas.api.types import is_numeric_dtype

    keys = [c for c in frame if str(c).endswith("_sign") or not is_numeric_dtype(frame[c])]
    texts = {
        c: "str" for c in keys if frame[c].dtype == "category"
    }  # whose order is that of their appearance
    return frame.astype(texts).sort_values(keys).drop(columns=keys).to_numpy(dtype="float64")


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
    frame = timed(found_by)(way, figure, folder)
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
            timed(found_by)(way, figure, folder)
            seconds.append(ROLLUPS[0][1])
    print(json.dumps({way: median(seconds[1:]) for way, seconds in found.items()}))


if __name__ == "__main__":
    if sys.argv[2] == "again":
        again(sys.argv[1], Path(sys.argv[3]))
    else:
        main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
