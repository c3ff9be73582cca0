"""Where rows stand in the workbooks they come from, in words (law 4)."""

from __future__ import annotations

from itertools import groupby

import pandas as pd

MOST = 3  # places named one by one


def places_of(rows: pd.DataFrame) -> tuple[str, str]:
    """File, sheet and rows of a frame's rows, in Chinese and English; "" where they don't say.

    >>> rows = pd.DataFrame({"source_file": "目标.xlsx", "source_sheet": "区域", "source_row": [4, 5, 6, 9]})
    >>> places_of(rows)
    ('目标.xlsx › 区域 › 第 4–6、9 行', '目标.xlsx › 区域 › rows 4–6, 9')
    """
    if "source_file" not in rows or not (rows["source_file"].fillna("") != "").any():
        return "", ""
    named = rows[rows["source_file"].fillna("") != ""]
    zh, en = [], []
    for (file, sheet), group in named.groupby(["source_file", "source_sheet"], sort=True):
        spans = _spans(sorted({int(n) for n in group["source_row"].dropna()}))
        where = " › ".join(filter(None, (str(file), str(sheet))))
        zh.append(f"{where} › 第 {'、'.join(spans)} 行")
        en.append(f"{where} › row{'s' if len(spans) > 1 or '–' in spans[0] else ''} {', '.join(spans)}")
    more = len(zh) - MOST
    rest = (f"；另 {more} 处", f"; {more} more") if more > 0 else ("", "")
    return "；".join(zh[:MOST]) + rest[0], "; ".join(en[:MOST]) + rest[1]


def _spans(numbers: list[int]) -> list[str]:
    """4, 5, 6, 9 as 4–6 and 9."""
    runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    return [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
