"""Invented sales, voucher and plan lines in Parquet, any number of them, always the same ones."""

from __future__ import annotations

from pathlib import Path

import duckdb

# month 0 is 2025-01; amounts carry cents; a twentieth of the lines are returns, a hundredth has no amount
SALES = """
SELECT TIMESTAMP '2025-01-01' + to_months(CAST(a % 24 AS INTEGER)) AS month, 'day' AS period,
       TIMESTAMP '2025-01-01' + to_months(CAST(a % 24 AS INTEGER)) + to_days(CAST(b % 28 AS INTEGER)) AS date,
       '区域' || (b % 7) AS region, '品类' || (c % 12) AS category, '品牌' || (d % 30) AS brand,
       '产品' || (e % 400) AS product, '渠道' || (c % 6) AS channel, '员工' || (f % 60) AS salesperson,
       'K' || (e % {customers}) AS customer,
       CAST(CASE WHEN (a // 24) % 20 = 0 THEN -1 ELSE 1 END * (e % 20 + 1) AS DOUBLE) AS units,
       CASE WHEN d % 100 = 0 THEN NULL
            ELSE CASE WHEN (a // 24) % 20 = 0 THEN -1 ELSE 1 END * round((f % 90000) / 100.0, 2) END::DOUBLE AS amount,
       CASE WHEN d % 100 = 0 THEN NULL ELSE round((f % 90000) / 200.0, 2) END::DOUBLE AS cost, 'CNY' AS currency
FROM ({hashes})
"""
SPEND = """
SELECT TIMESTAMP '2026-01-01' + to_months(CAST(a % 10 AS INTEGER)) AS month,
       '部门' || (b % 9) AS department, '费用' || (c % 14) AS category,
       CASE e % 10 WHEN 0 THEN 'committed' WHEN 1 THEN 'paid' ELSE 'recognised' END AS status,
       round((d % 500000) / 100.0, 2)::DOUBLE AS amount
FROM ({hashes})
"""
BUDGET = """
SELECT TIMESTAMP '2026-01-01' + to_months(CAST(m AS INTEGER)) AS month, 'month' AS period, 'original' AS version,
       '部门' || d AS department, '费用' || c AS category, CAST({rows} * 2.0 AS DOUBLE) AS amount
FROM range(12) t(m), range(9) u(d), range(14) v(c)
"""
HASHES = ", ".join(
    f"hash(i * {k} + {k}) AS {n}" for n, k in zip("abcdef", (1, 7, 11, 13, 17, 19), strict=True)
)


def write_lines(folder: Path, rows: int) -> None:
    """`sales`, `spend` (both of `rows` lines) and `budget` in `folder`; what is there already stays."""
    folder.mkdir(parents=True, exist_ok=True)
    hashes = f"SELECT {HASHES} FROM range({rows}) t(i)"
    queries = {"sales": SALES, "spend": SPEND, "budget": BUDGET}
    for name, query in queries.items():
        path, beside = folder / f"{name}.parquet", folder / f".{name}.parquet"
        if path.is_file():
            continue
        filled = query.format(hashes=hashes, rows=rows, customers=max(rows // 20, 1))
        duckdb.execute(
            f"COPY ({filled}) TO '{beside}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 250000)"
        )
        beside.rename(path)
