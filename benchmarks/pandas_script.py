"""What an analyst who knows the layout would write by hand: no ledger, no checks, nothing traced.

`python benchmarks/pandas_script.py FOLDER OUTPUT` reads every workbook of the folder, of either kind that workbooks.py
writes, and saves one Parquet file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

NAMES = {"产品名称": "产品", "客户名称": "客户", "业务员": "销售员", "销售额": "金额"}


def read(path: Path) -> pd.DataFrame:
    """One workbook."""
    frame = pd.read_excel(path, engine="calamine", header=None)
    if frame.iat[0, 0] == "日期":
        lines = frame.iloc[1:].set_axis(frame.iloc[0], axis=1)
        return lines.assign(日期=pd.to_datetime(lines["日期"]))
    region = path.name[:2]
    lines = frame.iloc[4:].set_axis(frame.iloc[3], axis=1).rename(columns=NAMES)
    lines = lines[lines["日期"].astype(str).str.contains("年") & lines["产品"].notna()]
    return lines.assign(
        日期=pd.to_datetime(lines["日期"], format="%Y年%m月%d日"),
        数量=lines["数量"].str.replace(",", "").astype(float),
        金额=lines["金额"].astype(float) * 10_000,
        区域=region,
    )


if __name__ == "__main__":
    frames = [read(p) for p in sorted(Path(sys.argv[1]).glob("*.xlsx"))]
    whole = pd.concat(frames, ignore_index=True)
    whole = whole.astype({"数量": "float64", "金额": "float64"})
    whole.to_parquet(sys.argv[2])
    print(len(whole), round(whole["金额"].sum(), 2))
