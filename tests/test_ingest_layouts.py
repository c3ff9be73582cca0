"""Blocks that lie otherwise than a row a record: records across, measures down the rows."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(
    rows: Rows, *, file: str = "book.xlsx", merges: list[tuple[int, int, int, int]] | None = None
) -> Taken:
    (block,) = taken(sheet(rows, merges=merges or []), file=file)
    for parts in block.balance().values():
        assert parts["in"] == parts["tidy"] + parts["quarantined"] + parts["ignored"]
    return block


def test_months_across_and_measures_down() -> None:
    block = one(
        [["2026年销售情况表"], ["项目", "1月", "2月"], ["销售额（万元）", 10, 20], ["销量（箱）", 1, 2]],
        file="销售.xlsx",
    )
    assert records(block, "month", "amount", "units", "source_row") == [
        ("2026-01", 100000, 1, 3),
        ("2026-02", 200000, 2, 3),
    ]
    assert fates(block) == {1: "title", 2: "tidy", 3: "tidy", 4: "tidy"}
    assert [i.severity for i in block.issues if i.code == "turned"] == ["info"]


@pytest.mark.parametrize("rows", [
    [["2026年3月产品销售"], ["产品", "甲", "乙"], ["区域", "华东", "华南"], ["销量", 1, 2], ["销售额", 10, 20]],
    [["2026年3月产品销售"], ["产品", "甲", "乙", "合计"], ["区域", "华东", "华南", N], ["销量", 1, 2, 3], ["销售额", 10, 20, 30]],
    [["Sales March 2026"], ["Product", "甲", "乙"], ["Region", "华东", "华南"], ["Units", 1, 2], ["Revenue", 10, 20]],
])  # fmt: skip
def test_a_record_in_each_column(rows: Rows) -> None:
    assert records(one(rows), "month", "product", "region", "units", "amount") == [
        ("2026-03", "甲", "华东", 1, 10), ("2026-03", "乙", "华南", 2, 20)
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [
    [["2026年3月产品销售"], ["产品", "甲", "乙", "合计"], ["销量", 1, 2, 3], ["销售额", 10, 20, 31]],  # 合计 doesn't tie
    [["2026年3月产品销售"], ["产品", "甲", "乙"], ["销量", 1, 2], ["流水", 10, 20]],  # 流水 is no word of ours
    [["2026年3月产品销售"], ["产品", "甲", "乙"], ["销量", 1, "约2"], ["销售额", 10, 20]],
])  # fmt: skip
def test_columns_that_are_not_certain_are_held(rows: Rows) -> None:
    block = one(rows)
    assert block.trouble is not None and block.trouble.fate == "quarantined"
    assert not len(block.frame)


MEASURES: list[Rows] = [
    [["2026年各区域销售情况"], ["区域", "指标", "单位", "1月", "2月"],
     ["华东", "销售额", "万元", 10, 20], ["华东", "销量", "箱", 1, 2], ["华南", "销售额", "万元", 30, 40], ["华南", "销量", "箱", 3, 4]],
    [["2026年各区域销售额和销量"], ["区域", "指标", "1月", "2月", "合计"],
     ["华东", "销售额（万元）", 10, 20, 30], [N, "销量（箱）", 1, 2, 3], ["华南", "销售额（万元）", 30, 40, 70], [N, "销量（箱）", 3, 4, 7]],
    [["Sales by region 2026"], ["Region", "Measure", "Jan", "Feb"],
     ["华东", "Revenue", 100000, 200000], ["华东", "Units", 1, 2], ["华南", "Revenue", 300000, 400000], ["华南", "Units", 3, 4]],
    [["销售数据"], ["区域", "月份", "指标", "数值"],
     *[[r, m, k, v] for r, m, a, u in (("华东", "2026-01", 100000, 1), ("华东", "2026-02", 200000, 2), ("华南", "2026-01", 300000, 3), ("华南", "2026-02", 400000, 4)) for k, v in (("销售额", a), ("销量", u))]],
]  # fmt: skip


@pytest.mark.parametrize("rows", MEASURES)
def test_measures_down_the_rows_become_columns(rows: Rows) -> None:
    merges = [(3, 1, 4, 1), (5, 1, 6, 1)] if rows[3][0] is None else []
    block = one(rows, merges=merges)
    assert records(block, "region", "month", "amount", "units") == [
        ("华东", "2026-01", 100000, 1), ("华东", "2026-02", 200000, 2), ("华南", "2026-01", 300000, 3), ("华南", "2026-02", 400000, 4)
    ]  # fmt: skip
    assert set(fates(block).values()) == {"title", "header", "tidy"}


def test_total_rows_of_each_measure_are_checks() -> None:
    rows: Rows = [
        ["2026年各区域销售"], ["区域", "指标", "1月"],
        ["华东", "销售额", 10], [N, "销量", 1], ["华南", "销售额", 30], [N, "销量", 3], ["合计", "销售额", 40], [N, "销量", 4],
    ]  # fmt: skip
    block = one(rows)
    assert records(block, "region", "amount", "units") == [("华东", 10, 1), ("华南", 30, 3)]
    assert fates(block) | {1: "", 2: ""} == {
        1: "",
        2: "",
        **dict.fromkeys(range(3, 7), "tidy"),
        7: "total",
        8: "total",
    }
    assert block.balance()["amount"] == {"in": 80, "tidy": 40, "quarantined": 0, "ignored": 40}


def test_plan_and_actual_down_the_rows_of_a_budget() -> None:
    rows: Rows = [
        ["2026年预算"], ["部门", "项目", "1月", "2月"],
        ["市场部", "预算", 10, 20], ["市场部", "实际", 1, 2], ["销售部", "预算", 30, 40], ["销售部", "实际", 3, 4],
    ]  # fmt: skip
    assert records(one(rows, file="预算.xlsx"), "department", "month", "amount", "actual_amount")[:2] == [
        ("市场部", "2026-01", 10, 1), ("市场部", "2026-02", 20, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [
    [["2026年各区域销售额"], ["区域", "指标", "1月", "2月"], ["华东", "销售额", 10, 20], ["华东", "销量", 1, 2], ["华南", "退货量", 30, 40]],
    [["2026年各区域销售额"], ["区域", "指标", "1月", "2月"], ["华东", "销量", 10, 20], ["华南", "销量", 30, 40], ["华北", N, 1, 2]],
    [["2026年各区域销售额"], ["区域", "指标", "1月", "2月"], ["华东", "销售额", 10, 20], ["华东", "销量", 1, 2], ["华南", "销售额", 30, 40]],
])  # fmt: skip
def test_measures_are_never_added_to_one_another(rows: Rows) -> None:
    block = one(rows)
    assert not len(block.frame)
    assert block.trouble is not None and block.trouble.fate == "quarantined"


def test_kpis_down_the_rows_of_targets_stay_labels() -> None:
    rows: Rows = [
        ["2026年销售目标"],
        ["区域", "指标", "1月目标"],
        ["华东", "销售额", 10],
        ["华东", "销量", 1],
    ]
    assert records(one(rows, file="目标.xlsx"), "entity", "kpi", "target") == [
        ("华东", "销售额", 10),
        ("华东", "销量", 1),
    ]


def test_what_is_dropped_later_takes_all_its_rows_along() -> None:
    block = one(MEASURES[0])
    block.drop(block.frame["region"].eq("华南").to_numpy(), "ignored", "duplicate_elsewhere")
    assert fates(block) | {1: "", 2: ""} == {
        1: "",
        2: "",
        3: "tidy",
        4: "tidy",
        5: "duplicate_elsewhere",
        6: "duplicate_elsewhere",
    }
    assert block.balance()["amount"] == {"in": 1000000, "tidy": 300000, "quarantined": 0, "ignored": 700000}


PIVOT: Rows = [["行标签", "求和项:销售额"], ["华东", 100], ["华南", 200], ["总计", 300]]


@pytest.mark.parametrize("filters", [
    [["年", "2026"], ["月份", "3月"]], [["年", 2026], ["月份", 3]], [["年月", "202603"], ["产品", "(全部)"]],
])  # fmt: skip
def test_the_page_filters_of_a_pivot_say_when(filters: Rows) -> None:
    (block,) = taken(sheet([*filters, [N], *PIVOT]))
    assert records(block, "month", "period", "region", "amount") == [
        ("2026-03", "month", "华东", 100), ("2026-03", "month", "华南", 200),
    ]  # fmt: skip
    assert "product" not in block.frame


def test_a_pivot_over_several_months_says_no_period() -> None:
    (block,) = taken(sheet([["年", 2026], ["月份", "(多项)"], [N], *PIVOT]))
    assert block.trouble is not None
    assert block.trouble.code == "no_period"


def test_a_second_header_row_that_fills_the_blanks_of_the_first() -> None:
    rows = [
        [N, "Sales Value (RMB 000)", N, "Sales Volume (000 units)", N],
        ["Brand", "JUL 2026", "AUG 2026", "JUL 2026", "AUG 2026"],
        ["TOTAL TISSUE", 52, 53, 20, 21], ["Alba", 13, 14, 5, 6], ["Others", 39, 39, 15, 15],
    ]  # fmt: skip
    (block,) = taken(sheet(rows, merges=((1, 2, 1, 3), (1, 4, 1, 5))), file="market panel.xlsx")
    assert records(block, "brand", "month", "amount", "units")[:3] == [
        ("合计", "2026-07", 52000, 20000), ("合计", "2026-08", 53000, 21000), ("Alba", "2026-07", 13000, 5000),
    ]  # fmt: skip


def test_days_across_a_list_of_prices() -> None:
    rows = [
        ["竞品", "规格", dt.date(2026, 9, 2), dt.date(2026, 9, 8)],
        ["甲", "2kg", 12.9, 12.5],
        ["乙", "2kg", 9.9, N],
    ]
    (block,) = taken(sheet(rows), file="竞品价格跟踪.xlsx")
    assert records(block, "date", "product", "price") == [
        ("2026-09-02", "甲", 12.9), ("2026-09-08", "甲", 12.5), ("2026-09-02", "乙", 9.9),
    ]  # fmt: skip


def test_months_across_a_list_of_prices_are_no_days() -> None:
    (block,) = taken(
        sheet([["竞品", "规格", "2026年8月", "2026年9月"], ["甲", "2kg", 12.9, 12.5]]), file="竞品价格.xlsx"
    )
    assert block.frame.empty


def test_shops_across_a_sheet_of_days() -> None:
    rows = [
        ["2026年9月各门店日销售额（元）"],
        ["日期", "人民路店", "解放路店", "合计"],
        ["2026-09-02", 12, 8, 20],
        ["2026-09-03", 13, 7, 20],
    ]
    (block,) = taken(sheet(rows))
    assert records(block, "date", "customer", "amount")[:2] == [
        ("2026-09-02", "人民路店", 12),
        ("2026-09-02", "解放路店", 8),
    ]


@pytest.mark.parametrize(("brands", "kept"), [
    ([("蓝", 100), ("立", 80), ("国产品牌小计", 180), ("奥", 50), ("汰", 40), ("外资品牌小计", 90), ("合计", 270)], ["蓝", "立", "奥", "汰", "合计"]),
    ([("行业大盘", 500), ("蓝", 100), ("立", 80)], ["合计", "蓝", "立"]),
    ([("TOTAL LAUNDRY", 500), ("蓝", 100), ("立", 80)], ["合计", "蓝", "立"]),
    ([("洗衣液合计", 180), ("蓝", 100), ("立", 80)], ["合计", "蓝", "立"]),
    ([("其他合计", 20), ("蓝", 100), ("立", 80)], ["其他合计", "蓝", "立"]),
    ([("国产合计", 150), ("蓝", 100), ("立", 80)], []),  # of some of the brands: nobody says of which
])  # fmt: skip
def test_brands_that_sum_up_others(brands: list[tuple[str, float]], kept: list[str]) -> None:
    (block,) = taken(sheet([["2026年9月洗衣液市场零售额（元）"], ["品牌", "零售额"], *brands]))
    assert list(block.frame.get("brand", [])) == kept


@pytest.mark.parametrize(("heads", "product"), [(["竞品", "产品"], "A"), (["竞品", "规格"], "甲")])
def test_a_product_is_what_is_called_so_before_its_maker(heads: list[str], product: str) -> None:
    rows = [
        ["巡店日期", "超市", *heads, "原价"],
        ["2026-09-05", "永辉", "甲", "A", 19.9],
        ["2026-09-06", "永辉", "甲", "A", 18.9],
    ]
    (block,) = taken(sheet(rows), file="竞品价格.xlsx")
    assert records(block, "product")[0] == (product,)


COMPARED: Rows = [["区域", "2024年销售额", "2023年销售额"], ["华东", 12, 11], ["华南", 9, 8]]
ROWS_OF_YEARS: Rows = [["年份", "区域", "销售额"], [2024, "华东", 12], [2023, "华东", 11], [2024, "华南", 9]]


@pytest.mark.parametrize(("title", "sheet_name", "month"), [
    ("2024年10月各区域销售情况", "Sheet1", "10"), ("10月各区域销售情况", "Sheet1", "10"), ("各区域销售情况", "10月", "10"),
    ("2024年三季度各区域销售情况", "Sheet1", "07"), ("各区域销售情况", "上半年", "01"), ("各区域历年销售情况", "Sheet1", "01"),
    ("2025年10月汇报：各区域历年销售", "Sheet1", "01"),
])  # fmt: skip
def test_years_across_are_of_the_part_of_the_year_that_the_title_names(
    title: str, sheet_name: str, month: str
) -> None:
    (block,) = taken(sheet([[title], *COMPARED], name=sheet_name))
    assert records(block, "month", "region", "amount") == [
        (f"{year}-{month}", region, amount)
        for region, amounts in (("华东", (12, 11)), ("华南", (9, 8)))
        for year, amount in zip((2024, 2023), amounts, strict=True)
    ]


@pytest.mark.parametrize(("title", "rows", "file"), [
    ("2024年1-6月各区域销售情况", COMPARED, "book.xlsx"), ("各区域销售（截至2024-06-30）", COMPARED, "book.xlsx"),
    ("各区域销售", COMPARED, "2024年10月.xlsx"), ("2024年1-6月各区域销售情况", ROWS_OF_YEARS, "book.xlsx"),
    ("10月各区域销售情况", ROWS_OF_YEARS, "book.xlsx"),
])  # fmt: skip
def test_whole_years_beside_a_part_of_one_are_held(title: str, rows: Rows, file: str) -> None:
    block = one([[title], *rows], file=file)
    assert block.trouble is not None and block.trouble.code == "period_conflict"


@pytest.mark.parametrize(
    "title", ["2024年1-12月各区域销售", "各区域销售（截至2024-12-31）", "2024年各区域销售"]
)
def test_a_year_up_to_its_last_day_is_whole(title: str) -> None:
    assert set(records(one([[title], *COMPARED]), "month", "period")) == {
        ("2024-01", "year"),
        ("2023-01", "year"),
    }


def test_a_plan_for_the_year_may_stand_in_the_report_of_a_month() -> None:
    block = one(
        [
            ["2026年10月市场部预算"],
            ["费用类别", "2026年预算", "2025年预算"],
            ["广告费", 12, 11],
            ["会展费", 9, 8],
        ]
    )
    assert set(records(block, "month", "period")) == {("2026-01", "year"), ("2025-01", "year")}


def test_days_down_and_figures_that_nobody_knows_across_are_no_pivot() -> None:
    rows: Rows = [
        ["observed", "cpi", "m1"],
        *([dt.datetime(2026, m, 1), 100.0 + m, 7.5] for m in range(1, 10)),  # noqa: DTZ001 (a cell has none)
    ]
    block = one(rows)
    assert block.table is None and [i.code for i in block.issues] == ["no_table"]
