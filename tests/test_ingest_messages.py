"""A message in English speaks English: no Chinese but what the sheet itself says."""

from __future__ import annotations

import pickle
import re

import pytest
from sheets import Rows, sheet, taken

from mktanalytics.ingest.wording import Both

DAYS = ["2026-10-01", "2026-10-02"]
HELD: dict[str, tuple[str, Rows]] = {
    "no_table": ("a.xlsx", [["Room", "Floor", "Keys"], ["A", "2", "x"], ["B", "3", "y"]]),
    "missing_columns": ("Sales 2026.xlsx", [["Month", "Alpha", "Beta"], ["Jan", 1, 2], ["Feb", 3, 4]]),
    "unsaid": ("a.xlsx", [["Date", "Region", "Amount"], [DAYS[0], "East", 1], [DAYS[1], "West", 2]]),
    "ambiguous": ("a.xlsx", [["Month", "Brand", "Region", "Units"], ["2026-10", "A", "East", 1], ["2026-10", "B", "West", 2]]),
    "no_period": ("sales.xlsx", [["Product", "Region", "Amount"], ["A", "East", 1], ["B", "West", 2]]),
    "nearly_named": ("orders.csv", [["Order ID", "Purchase time", "Product", "Qty", "Amount"], ["1", DAYS[0], "A", 2, 9], ["2", DAYS[1], "B", 1, 6]]),
    "other_kind": ("Stock transfer.xlsx", [["Date", "Product", "Qty"], [DAYS[0], "A", 1], [DAYS[1], "B", 2]]),
    "headless_rows": ("a.csv", [[DAYS[0], "A", 1, "x"], [DAYS[1], "B", 2, "y"], [DAYS[1], "C", 2, "z"]]),
}  # fmt: skip


@pytest.mark.parametrize("code", HELD)
def test_english_messages_hold_no_chinese(code: str) -> None:
    file, rows = HELD[code]
    (block,) = taken(sheet(rows), file=file)
    (issue,) = (i for i in block.issues if i.code == code)
    assert not re.search(r"[\u3000-\u9fff（），：；“”]", issue.message_en + issue.todo_en), issue.message_en
    assert re.search(r"[\u4e00-\u9fff]", issue.message_zh)


def test_a_word_in_both_languages_goes_from_process_to_process() -> None:
    word = pickle.loads(pickle.dumps(Both("日期(date)", "date")))
    assert (word, word.en) == ("日期(date)", "date")
