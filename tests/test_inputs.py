"""What a report says on its face about the data it starts from."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mktanalytics import store
from mktanalytics.display.quality import MOST_ISSUES
from mktanalytics.ingest.frames import issues_frame
from mktanalytics.ingest.issues import Issue
from mktanalytics.publish.inputs import Inputs
from mktanalytics.publish.problems import problems_of
from mktanalytics.settings import Methods, Settings


def told(sources: list[str], chosen: str = "") -> str:
    market = pd.DataFrame(
        {"month": pd.Timestamp("2026-10-01"), "period": "month", "brand": "清泉", "source": sources}
    )
    inputs = Inputs(
        pd.Timestamp("2026-10-01"), "zh", Settings(methods=Methods(market_source=chosen)), {"market": market},
        ("market",), dt.date(2026, 10, 31),
    )  # fmt: skip
    return " ".join(note.text for note in inputs.cautions())


def test_of_several_market_sources_the_one_used_is_named():
    assert "只用“甲公司”" in told(["甲公司", "甲公司", "乙公司"])
    assert "只用“乙公司”" in told(["甲公司", "甲公司", "乙公司"], chosen="乙公司")


def test_one_market_source_needs_no_word():
    assert told(["甲公司", "甲公司"]) == ""


def issue(severity: str, code: str, file: str, row: int, table: str = "sales", sheet: str = "10月") -> Issue:
    said = f"{file} {sheet} {row}"
    return Issue(severity, code, file, sheet, row, f"F{row}", table, "", "", said, said, "改", "mend")


def test_of_many_issues_each_kind_is_told_once_with_the_words_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setenv("MKTANALYTICS_PROCESSED", str(tmp_path / "processed"))
    kinds = [issue("warning", f"kind{n:02d}", "乙.xlsx", 5) for n in range(MOST_ISSUES + 5)]
    issues = [
        *(
            issue("error", "bad_number", "甲.xlsx", row, sheet="9月" if row == 40 else "10月")
            for row in (17, 4, 40)
        ),
        issue("error", "bad_number", "甲.xlsx", 2, table="market"),  # of a table the report has no use for
        issue("info", "total", "甲.xlsx", 1),
        issue("warning", "no_table", "纪要.xlsx", 3, table=""),
        *kinds,
    ]
    store.write({}, pd.DataFrame(), issues_frame(issues), {}, tmp_path / "processed")
    found = problems_of(["sales"])
    first = found.iloc[0]
    assert [*first[["severity", "code", "row", "cell", "message_zh", "count"]]] == [
        "error", "bad_number", 4, "F4", "甲.xlsx 10月 4", 3
    ]  # fmt: skip
    assert found["count"].sum() == 3 + 1 + len(kinds) and len(found) == 2 + len(kinds)
    assert found["message_zh"].notna().sum() == MOST_ISSUES
    assert problems_of(["survey"])["code"].tolist() == ["no_table"]
