"""Days and weeks as daily and weekly reports write them: 1日 2日 across, 8/24-8/30, a sheet for each day."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.periods import parse_span
from mktanalytics.spans import Span

N = None


def one(rows: Rows, *, file: str = "book.xlsx", name: str = "Sheet1") -> Taken:
    (block,) = taken(sheet(rows, name=name), file=file)
    return block


def test_days_of_the_month_in_the_title() -> None:
    block = one(
        [
            ["2026年9月每日销售额（元）"],
            ["门店", "1日", "2日", "3日", "合计"],
            ["甲店", 1, 2, 3, 6],
            ["乙店", 4, 5, 6, 15],
        ]
    )
    assert records(block, "customer", "date", "period", "amount")[:3] == [
        ("甲店", "2026-09", "day", 1), ("甲店", "2026-09-02", "day", 2), ("甲店", "2026-09-03", "day", 3)
    ]  # fmt: skip


def test_days_of_no_month_are_held() -> None:
    block = one([["2026年每日销售额（元）"], ["门店", "1日", "2日", "3日"], ["甲店", 1, 2, 3]])
    assert block.trouble is not None


@pytest.mark.parametrize(("text", "number"), [
    ("8/24-8/30", 824), ("8.24-8.30", 824), ("8月24日-8月30日", 824), ("8月24日~30日", 824), ("8/31-9/6", 831), ("2026/8/24-8/30", 824), ("12/28-1/3", 1228),
])  # fmt: skip
def test_seven_days_are_a_week(text: str, number: int) -> None:
    span = parse_span(text)
    assert span is not None
    assert (span.length, span.number) == ("week", number)


@pytest.mark.parametrize("text", ["8/24-8/29", "8/24-8/31", "8.24-9.30", "1.5-2.5"])
def test_other_days_are_no_week(text: str) -> None:
    assert parse_span(text) is None


def test_weeks_by_their_days_also_over_new_year() -> None:
    block = one([["2026年8月周销售额"], ["区域", "8/17-8/23", "8/24-8/30", "合计"], ["华东", 1, 2, 3]])
    assert records(block, "month", "period", "amount") == [
        ("2026-08-17", "week", 1),
        ("2026-08-24", "week", 2),
    ]
    block = one([["2026年周销售额"], ["区域", "12/28-1/3", "1/4-1/10"], ["华东", 1, 2]])
    assert records(block, "month", "amount") == [("2026-12-28", 1), ("2027-01-04", 2)] or not len(block.frame)


def test_weeks_that_begin_on_another_day_are_held_as_such() -> None:
    block = one([["2026年8月周销售额"], ["区域", "8/16-8/22", "8/23-8/29"], ["华东", 1, 2]])
    assert block.trouble is not None
    assert block.trouble.code == "week_not_monday"


def test_a_sheet_for_each_day() -> None:
    rows: Rows = [["门店", "销量", "销售额"], ["甲店", 1, 10], ["乙店", 2, 20]]
    block = one(rows, name="5日", file="2026年9月销售日报.xlsx")
    assert records(block, "date", "month", "period", "amount")[0] == ("2026-09-05", "2026-09", "day", 10)


def test_what_was_sold_today_beside_running_totals() -> None:
    block = one(
        [
            ["销售日报", N, "日期：2026年9月3日"],
            ["门店", "当日销售额", "当日销量", "本月累计销售额"],
            ["甲店", "12,500", 120, "38,000"],
            ["乙店", "9,800", 95, "29,400"],
        ]
    )
    assert records(block, "customer", "date", "units", "amount") == [
        ("甲店", "2026-09-03", 120, 12500),
        ("乙店", "2026-09-03", 95, 9800),
    ]


def test_two_months_side_by_side_under_titles_of_their_own() -> None:
    rows: Rows = [
        ["2026年9月销售额", N, N, "2026年8月销售额", N],
        ["区域", "销售额", N, "区域", "销售额"],
        ["华东", 1, N, "华东", 2],
        ["华南", 3, N, "华南", 4],
    ]
    blocks = taken(sheet(rows))
    assert [records(b, "month", "amount") for b in blocks] == [
        [("2026-09", 1), ("2026-09", 3)],
        [("2026-08", 2), ("2026-08", 4)],
    ]
    assert Span("day", 5).lacks_month


def test_numbered_weeks_with_their_days() -> None:
    block = one(
        [
            ["2026年门店周销售额（元）"],
            ["门店", "第35周(8/24-8/30)", "第36周(8/31-9/6)"],
            ["甲店", 1, 2],
            ["乙店", 3, 4],
        ]
    )
    assert records(block, "month", "period")[:2] == [("2026-08-24", "week"), ("2026-08-31", "week")]


def test_the_day_of_a_price_survey_in_its_title() -> None:
    rows: Rows = [
        ["竞品价格监测 2026年8月24日"],
        ["品牌", "型号", "天猫", "京东"],
        ["甲", "X1", 1999, 1989],
        ["乙", "Y2", 2099, N],
    ]
    assert records(one(rows), "date", "outlet", "price") == [
        ("2026-08-24", "天猫", 1999),
        ("2026-08-24", "京东", 1989),
        ("2026-08-24", "天猫", 2099),
    ]


def test_period_may_head_months() -> None:
    block = one(
        [["Period", "Brand", "Value Sales"], ["2026-07", "Alpha", 1], ["2026-08", "Alpha", 2]],
        file="market_panel.csv",
    )
    assert records(block, "month", "amount") == [("2026-07", 1), ("2026-08", 2)]
