"""What a report says on its face about the data it starts from."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mktanalytics.publish.inputs import Inputs
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
