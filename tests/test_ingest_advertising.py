"""Exports of advertising platforms: what was spent, beside what was shown and clicked."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx", name: str = "Sheet1") -> Taken:
    (block,) = taken(sheet(rows, name=name), file=file)
    for parts in block.balance().values():
        assert parts["in"] == parts["tidy"] + parts["quarantined"] + parts["ignored"]
    return block


DAILY: dict[str, tuple[list[str], tuple[object, ...]]] = {  # header, and the place of campaign, shown, clicked, spent
    "巨量引擎_计划报表.csv": (["时间", "账户名称", "计划名称", "消耗(元)", "展现数", "点击数", "转化成本"], ("A账户", "种草", "1,203.55", 120000, 1500, "40.12")),
    "腾讯广告.xlsx": (["日期", "推广计划", "花费", "曝光量", "点击量", "点击率"], ("种草", 1203.55, 120000, 1500, "1.25%")),
    "小红书聚光.xlsx": (["时间", "计划名称", "单元名称", "消费", "展现量", "点击量", "平均点击成本"], ("种草", "女性", 1203.55, 120000, 1500, 0.8)),
    "Campaign report.csv": (["Campaign status", "Campaign", "Currency code", "Impr.", "Clicks", "Cost", "Search impr. share", "Day"], ("Enabled", "种草", "CNY", "120,000", "1,500", "1,203.55", "< 10%")),
    "Meta-Ads.csv": (["Reporting starts", "Reporting ends", "Campaign name", "Impressions", "Amount spent (CNY)", "Link clicks"], (N, "种草", 120000, "1,203.55", 1500)),
}  # fmt: skip


@pytest.mark.parametrize("file", DAILY)
def test_what_a_platform_spent_by_day_is_spend(file: str) -> None:
    head, cells = DAILY[file]
    days = ["2026-10-01", "2026-10-02"]
    rows = [[*cells, d] if head[-1] == "Day" else [d, *cells] for d in days]
    if "Reporting ends" in head:
        rows = [[r[0], r[0], *r[2:]] for r in rows]
    block = one([head, *rows], file=file)
    assert block.u.table == "spend"
    assert records(block, "date", "activity", "amount") == [
        ("2026-10", "种草", 1203.55),
        ("2026-10-02", "种草", 1203.55),
    ]


def test_the_sum_of_an_account_is_no_campaign() -> None:
    block = one(
        [["Campaign report"], ["October 1, 2026 - October 31, 2026"], ["Campaign", "Currency code", "Impr.", "Clicks", "Cost"],
         ["Brand", "CNY", 12345, 678, 813.6], ["Generic", "CNY", 2345, 78, 101.4],
         ["Total: Campaigns", "CNY", 14690, 756, 915], ["Total: Account", "CNY", 14690, 756, 915]],
    )  # fmt: skip
    assert records(block, "month", "activity", "amount") == [
        ("2026-10", "Brand", 813.6),
        ("2026-10", "Generic", 101.4),
    ]
    assert fates(block)[6] == fates(block)[7] == "total"


@pytest.mark.parametrize("cap", ["Budget", "日预算"])
def test_the_budget_of_a_campaign_is_no_plan(cap: str) -> None:
    rows = [["Campaign", cap, "Impr.", "Clicks", "Cost"], ["Brand", 100, 12345, 678, 813.6], ["Generic", 50, 2345, 78, 101.4]]  # fmt: skip
    block = one([["Campaign report"], ["October 1, 2026 - October 31, 2026"], *rows])
    assert records(block, "activity", "amount") == [("Brand", 813.6), ("Generic", 101.4)]
    assert block.u.table == "spend"


def test_a_sum_of_an_account_that_does_not_tie_holds_the_report() -> None:
    block = one([["2026-10"], ["Campaign", "Impr.", "Clicks", "Cost"], ["Brand", 1, 1, 10], ["Generic", 1, 1, 20], ["Total: Account", 2, 2, 31]])  # fmt: skip
    assert block.trouble is not None
    assert block.trouble.code == "total_mismatch"


@pytest.mark.parametrize("said", ["Total of 2 results", "Results from 2 campaigns", "总计", N])
@pytest.mark.parametrize("first", [True, False])
def test_sums_as_platforms_write_them(said: str | None, first: bool) -> None:
    lines = [["A", "1,020.50", 300000, 4000], ["B", "220.50", 100000, 1000]]
    summed = [[said, "1,241.00", 400000, 5000]]
    head = ["Campaign name", "Cost", "Impressions", "Clicks (destination)"]
    block = one([head, *summed, *lines] if first else [head, *lines, *summed], file="TikTok 2026-10.csv")
    assert records(block, "activity", "amount") == [("A", 1020.5), ("B", 220.5)]


def test_the_day_of_a_row_outranks_the_span_of_the_report() -> None:
    head = ["Campaign name", "Day", "Amount spent (CNY)", "Impressions", "Reach", "Reporting starts", "Reporting ends"]  # fmt: skip
    rows = [["A", f"2026-10-0{d}", 10, 1000, 900, "2026-10-01", "2026-10-31"] for d in (1, 2)]
    assert records(one([head, *rows]), "date") == [("2026-10",), ("2026-10-02",)]


def test_the_platform_of_the_file_is_the_channel() -> None:
    rows: Rows = [
        ["日期", "消耗", "整体成交金额", "展示次数", "点击次数"],
        ["2026-10-01", 500, 1500, 10000, 200],
        ["2026-10-02", 600, 1600, 11000, 210],
    ]
    block = one(rows, file="千川投放日报.xlsx")
    assert records(block, "channel", "amount") == [("千川", 500), ("千川", 600)]
    assert "unmapped_measure" in {i.code for i in block.issues}  # what it is said to have sold


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        ("2026-10-31", [("2026-10", N, 350.25), ("2026-10", N, 450.75)]),
        ("2026-10-15", []),
        ("2026-12-31", []),
    ],
)
def test_rows_of_more_than_a_day_are_of_their_month_or_held(
    ends: str, found: list[tuple[object, ...]]
) -> None:
    head = [
        "Reporting starts",
        "Reporting ends",
        "Campaign name",
        "Impressions",
        "Amount spent (CNY)",
        "Link clicks",
    ]
    rows = [
        ["2026-10-01", ends, "A", 9000, "350.25", 210],
        ["2026-10-01", ends, "B", 9000, "450.75", 210],
    ]
    assert records(one([head, *rows], file="Campaigns.csv"), "month", "date", "amount") == found


@pytest.mark.parametrize(
    ("file", "head"),
    [
        ("物料.xlsx", "消耗"),
        ("会员.xlsx", "消费"),
        ("2026年10月投放计划.xlsx", "花费"),
        ("store.xlsx", "Cost"),
    ],
)
def test_what_else_is_consumed_or_planned_is_no_spend(file: str, head: str) -> None:
    rows: Rows = [
        ["日期", "项目", "凭证号", head],
        ["2026-10-01", "A", "1", 10],
        ["2026-10-02", "B", "2", 20],
    ]
    if "计划" in file:
        rows = [
            ["日期", "推广计划", head, "曝光", "点击"],
            ["2026-10-01", "A", 1, 10, 1],
            ["2026-10-02", "B", 2, 20, 2],
        ]
    block = one(rows, file=file)
    assert not len(block.records)
    assert block.trouble is not None


# ---- a coarser span beside the day of a row


@pytest.mark.parametrize(("head", "said"), [("年份", 2026), ("季度", "2026Q1"), ("年度", "2026年")])
@pytest.mark.parametrize(
    ("file", "heads", "cells"),
    [("销售.xlsx", ["订单日期", "客户", "产品", "金额"], ["A", "水", 10]), ("费用.xlsx", ["日期", "凭证号", "费用类别", "金额"], ["V1", "广告费", 10])],
)  # fmt: skip
def test_the_day_of_a_row_says_more_than_its_year(
    head: str, said: object, file: str, heads: list[str], cells: list[object]
) -> None:
    block = one(
        [[head, *heads], [said, "2026-03-01", *cells], [said, "2026-03-12", *cells[:-1], 11]], file=file
    )
    assert records(block, "month", "amount") == [("2026-03", 10), ("2026-03", 11)]
    if "period" in block.frame:
        assert set(block.frame["period"]) == {"day"}


def test_a_quarter_is_no_month_of_a_voucher() -> None:
    block = one([["期间", "凭证号", "费用类别", "金额"], ["2026Q1", "V1", "广告费", 10], ["2026年2月", "V2", "广告费", 20], ["2026年3月", "V3", "广告费", 30]], file="费用凭证.xlsx")  # fmt: skip
    assert records(block, "month", "amount") == [("2026-02", 20), ("2026-03", 30)]
    assert [i.code for i in block.issues] == ["bad_value"]
