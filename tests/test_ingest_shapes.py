"""Every shape a sheet comes in, small: what is taken, what is not, and why."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.readers.cells import Uncached
from mktanalytics.settings import FileRule, Settings

N = None
D1, D2 = dt.datetime(2026, 3, 1), dt.datetime(2026, 3, 2)  # noqa: DTZ001


def one(rows: Rows, *, name: str = "Sheet1", file: str = "book.xlsx", merges: list[tuple[int, int, int, int]] | None = None,
        settings: Settings | None = None):  # type: ignore[no-untyped-def]  # fmt: skip
    """The only block of a sheet."""
    (block,) = taken(sheet(rows, name=name, merges=merges or []), file=file, settings=settings)
    return block


# ---- what is taken


def test_unit_in_brackets_of_the_title_and_a_total_that_ties() -> None:
    block = one(
        [
            ["2026年3月各区域销售额（万元）"],
            ["区域", "品牌", "销售额"],
            ["华东", "甲", 1.5],
            ["华南", "乙", 2.25],
            ["合计", N, 3.75],
        ]
    )
    assert records(block, "month", "region", "brand", "amount") == [
        ("2026-03", "华东", "甲", 15000),
        ("2026-03", "华南", "乙", 22500),
    ]
    assert fates(block) == {1: "title", 2: "header", 3: "tidy", 4: "tidy", 5: "total"}
    assert block.balance()["amount"] == {"in": 75000, "tidy": 37500, "quarantined": 0, "ignored": 37500}


def test_months_roll_over_the_year() -> None:
    block = one(
        [["区域", "2025年11月", "12月", "1月", "2月", "合计"], ["华东", 1, 2, 3, 4, 10]], file="销售额.xlsx"
    )
    assert records(block, "month", "amount") == [
        ("2025-11", 1),
        ("2025-12", 2),
        ("2026-01", 3),
        ("2026-02", 4),
    ]


@pytest.mark.parametrize("heads", [
    [["区域", "指标", "单位", "1月目标", "1月实际", "2月目标", "2月实际"]],
    [["区域", "指标", "单位", "1月", N, "2月", N], [N, N, N, "目标", "实际", "目标", "实际"]],
])  # fmt: skip
def test_target_and_actual_under_each_month(heads: Rows) -> None:
    block = one([["2026年销售目标"], *heads, ["华东", "销售额", "万元", 10, 9, 11, 12]])
    assert records(block, "month", "entity", "target", "actual", "unit") == [
        ("2026-01", "华东", 100000, 90000, "CNY"), ("2026-02", "华东", 110000, 120000, "CNY")
    ]  # fmt: skip


def test_quarters_among_months_are_checks() -> None:
    rows = [
        ["2026年预算 单位：元"],
        ["部门", "科目", "1月", "2月", "3月", "一季度", "4月", "合计"],
        ["市场部", "广告", 1, 2, 3, 6, 4, 10],
    ]
    block = one(rows, file="预算.xlsx")
    assert [r[0] for r in records(block, "month")] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    wrong = one([*rows[:2], ["市场部", "广告", 1, 2, 3, 7, 4, 10]], file="预算.xlsx")
    assert wrong.trouble is not None
    assert wrong.trouble.code == "total_mismatch"
    assert wrong.trouble.cell == "F3"


def test_of_a_total_that_does_not_tie_the_figure_is_to_be_corrected_not_its_label() -> None:
    block = one(
        [["日期", "客户", "金额"], ["2026-10-03", "甲", 10], ["2026-10-45", "乙", 20], ["合计", None, 31]]
    )
    assert block.trouble is not None
    assert (block.trouble.code, block.trouble.cell) == ("total_mismatch", "C4")
    assert [i.cell for i in block.issues if i.code == "bad_value"] == ["A3"]
    assert [fates(block)[row] for row in (2, 3, 4)] == ["total_mismatch"] * 3


def test_a_sheet_that_explains_is_no_data_unless_it_holds_figures() -> None:
    explained = one(
        [["列", "说明", "怎样填写"], ["金额", "成交金额", "必填"], ["日期", "成交日", "必填"]],
        name="填写说明",
    )
    assert explained.trouble is not None and explained.trouble.code == "notes"
    filled = one(
        [["日期", "客户", "金额"], ["2026-10-03", "甲", "10"], ["2026-10-04", "乙", "20"]], name="填写说明"
    )
    assert filled.trouble is None and len(filled.records) == 2


def test_integer_years_head_columns() -> None:
    block = one([["区域", "品类", 2024, 2025], ["华东", "水", 1, 2]], name="销售额")
    assert records(block, "month", "period", "amount") == [("2024-01", "year", 1), ("2025-01", "year", 2)]


def test_a_column_of_years_beside_months_across_or_down() -> None:
    across = one([["年份", "区域", "1月", "2月"], [2025, "华东", 5, 6], [2026, "华东", 7, 8]], name="销售额")
    assert records(across, "month", "amount") == [
        ("2025-01", 5),
        ("2025-02", 6),
        ("2026-01", 7),
        ("2026-02", 8),
    ]
    down = one([["年份", "月份", "区域", "销售额"], [2025, 12, "华东", 5], [2026, 1, "华东", 6]])
    assert records(down, "month", "amount", "extra") == [("2025-12", 5, ""), ("2026-01", 6, "")]


def test_a_unit_row_under_the_header() -> None:
    block = one([["2026年3月"], ["产品", "销量", "销售额"], [N, "箱", "万元"], ["甲", 10, 1.5]])
    assert records(block, "product", "units", "amount") == [("甲", 10, 15000)]
    assert fates(block)[3] == "header"


def test_merged_labels_reach_down_and_merged_heads_across() -> None:
    block = one(
        [["2026年3月销售"], ["区域", "产品信息", N, "销售", N], [N, "编码", "名称", "数量（箱）", "金额（万元）"],
         ["华东", "01", "甲", 1, 0.1], [N, "02", "乙", 2, 0.2], ["华东小计", N, N, 3, 0.3]],
        merges=[(2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 2, 5), (4, 1, 5, 1)],
    )  # fmt: skip
    assert records(block, "region", "product_code", "product", "units", "amount") == [
        ("华东", "01", "甲", 1, 1000), ("华东", "02", "乙", 2, 2000)
    ]  # fmt: skip
    assert fates(block)[6] == "subtotal"


def test_blank_labels_of_a_pivot_are_filled_and_told() -> None:
    block = one(
        [
            ["区域", "省份", "月份", "销售额"],
            ["华东", "上海", "2026-01", 1],
            [N, "江苏", "2026-01", 2],
            ["华南", "广东", "2026-01", 3],
        ]
    )
    assert [r[0] for r in records(block, "region")] == ["华东", "华东", "华南"]
    assert any(i.code == "filled_down" for i in block.issues)


def test_blank_labels_without_evidence_stay_blank() -> None:
    rows = [
        ["区域", "省份", "月份", "销售额"],
        ["华东", "上海", "2026-01", 1],
        [N, "江苏", "2026-01", 2],
        ["华东", "浙江", "2026-01", 3],
    ]
    assert [r[0] for r in records(one(rows), "region")] == ["华东", None, "华东"]


def test_brands_across_and_the_whole_market() -> None:
    block = one(
        [["2026年3月市场零售额"], ["区域", "甲", "乙", "合计"], ["华东", 1, 2, 3]], file="市场数据.xlsx"
    )
    assert records(block, "brand", "amount") == [("甲", 1), ("乙", 2), ("合计", 3)]


def test_days_across() -> None:
    block = one([["产品", D1, D2], ["甲", 1, 2]], name="销量", file="日报.xlsx")
    assert records(block, "date", "month", "period", "units") == [
        ("2026-03", "2026-03", "day", 1),
        ("2026-03-02", "2026-03", "day", 2),
    ]


def test_rows_that_are_no_data() -> None:
    block = one(
        [
            ["日期", "客户", "金额"],
            [D1, "甲", 10],
            ["日期", "客户", "金额"],
            [],
            [D2, "乙", 20],
            [],
            ["注：金额含税"],
            ["数据来源：财务"],
        ]
    )
    assert fates(block) == {1: "header", 2: "tidy", 3: "repeated_header", 5: "tidy", 7: "note", 8: "note"}


def test_totals_need_the_label_and_the_arithmetic() -> None:
    block = one([["日期", "客户", "金额"], [D1, "客户合计服务有限公司", 10], [D2, "乙", 20], ["合计", N, 30]])
    assert fates(block) == {1: "header", 2: "tidy", 3: "tidy", 4: "total"}
    assert [r[0] for r in records(block, "customer")] == ["客户合计服务有限公司", "乙"]


def test_a_total_without_a_label_is_known_by_its_sum() -> None:
    block = one(
        [
            ["日期", "客户", "数量", "金额"],
            [D1, "甲", 1, 10],
            [D2, "乙", 2, 20],
            [D2, "丙", 2, 25],
            [N, N, 5, 55],
        ]
    )
    assert fates(block)[5] == "unlabelled_total"


def test_running_totals_are_no_period() -> None:
    block = one(
        [["2026年预算"], ["部门", "费用类别", "1月", "2月", "本年累计"], ["市场部", "广告", 1, 2, 3]],
        file="预算.xlsx",
    )
    assert records(block, "month", "amount", "extra") == [
        ("2026-01", 1, '{"本年累计": "3"}'),
        ("2026-02", 2, '{"本年累计": "3"}'),
    ]


def test_a_column_nobody_knows_is_kept_beside_the_row() -> None:
    block = one([["日期", "产品", "销售额", "运费金额", "仓库"], ["2026-03-01", "甲", 10, 1, "一号"]])
    assert records(block, "amount", "extra") == [(10, '{"运费金额": "1", "仓库": "一号"}')]
    assert [i.column for i in block.issues if i.code == "unmapped_measure"] == ["运费金额"]


def test_a_rule_of_the_settings_gives_the_month() -> None:
    rule = FileRule(file="华东*.xlsx", reason="每月只写区域", month="2026-03", table="sales")
    block = one([["客户", "金额"], ["甲", 1]], file="华东.xlsx", settings=Settings(files=(rule,)))
    assert records(block, "month", "customer", "amount") == [("2026-03", "甲", 1)]


def test_taught_headers_are_known() -> None:
    settings = Settings(aliases={"sales": {"amount": ("流水",)}})
    assert records(
        one([["日期", "产品", "流水"], ["2026-03-01", "甲", 10]], settings=settings), "amount"
    ) == [(10,)]


def test_amount_is_units_times_price_where_only_they_are_given() -> None:
    block = one([["日期", "产品", "数量", "单价"], ["2026-03-01", "甲", 3, 2.5]])
    assert records(block, "units", "price", "amount") == [(3, 2.5, 7.5)]
    assert any(i.code == "amount_derived" for i in block.issues)


def test_options_packed_in_one_cell() -> None:
    block = one(
        [
            ["序号", "1、性别", "2、在哪里买？", "3、推荐可能性（0-10分）"],
            [1, "女", "超市┋电商", 9],
            [2, "男", "电商", 6],
        ],
        file="满意度问卷.xlsx",
    )
    assert records(block, "respondent", "gender", "question_no", "kind", "answer", "score") == [
        ("1", "女", "2", "multiple", "超市", None), ("1", "女", "2", "multiple", "电商", None), ("1", "女", "3", "score", "9", 9),
        ("2", "男", "2", "multiple", "电商", None), ("2", "男", "3", "score", "6", 6),
    ]  # fmt: skip


# ---- what is not, and why


@pytest.mark.parametrize(("code", "rows"), [
    ("no_period", [["区域", "产品", "销售额"], ["华东", "甲", 1]]),
    ("no_period", [["销售员", "1月销售额", "2月销售额"], ["甲", 1, 2]]),
    ("measure_unknown", [["2026年"], ["产品", "1月", "2月"], ["甲", 1, 2]]),
    ("total_mismatch", [["日期", "客户", "金额"], [D1, "甲", 10], [D2, "乙", 20], ["合计", N, 31]]),
    ("duplicate_header", [["2026年销售目标"], ["考核对象", "指标", "1月", "2月", "2月"], ["华东", "销售额", 1, 2, 3]]),
    ("duplicate_header", [["日期", "产品", "金额", "金额"], ["2026-03-01", "甲", 10, 11]]),
    ("hierarchy", [["2026年3月"], ["区域", "销售额"], ["华东", 30], ["上海", 10], ["江苏", 20], ["华南", 70], ["广东", 40], ["广西", 30]]),
    ("unused_unit", [["2026年3月销量（万元）"], ["产品", "销量"], ["甲", 10]]),
    ("period_conflict", [["2026年3月销售"], ["2026年4月"], ["产品", "销售额"], ["甲", 10]]),
    ("months_backwards", [["2026年销售额"], ["区域", "11月", "1月", "3月", "2月"], ["华东", 1, 2, 3, 4]]),
    ("too_many_bad", [["日期", "产品", "金额"], *[["2026-03-01", f"p{i}", i if i > 2 else "约5"] for i in range(7)]]),
    ("unsaid", [["月份", "部门", "费用科目", "金额"], ["2026-03", "市场部", "广告", 10]]),
    ("missing_columns", [["2026年3月销售"], ["区域", "本月实绩", "上月实绩"], ["华东", 10, 9], ["华南", 5, 5]]),
    ("ambiguous", [["2026年3月"], ["区域", "品牌", "销售额"], ["华东", "甲", 1], ["华南", "乙", 2]]),
])  # fmt: skip
def test_gates_hold_the_whole_block(code: str, rows: Rows) -> None:
    blocks = taken(sheet(rows))
    held = [b for b in blocks if b.trouble and b.trouble.code == code]
    assert held, [(b.u.table, b.trouble) for b in blocks]
    assert not len(held[0].frame)
    issue = next(i for i in held[0].issues if i.code == code)
    assert issue.message_zh and issue.message_en and issue.todo_zh and issue.todo_en and issue.cell


def test_a_merged_figure_belongs_to_no_row() -> None:
    block = one([["日期", "产品", "金额"], [D1, "甲", 10], [D2, "乙", N]], merges=[(2, 3, 3, 3)])
    assert block.trouble is not None
    assert block.trouble.code == "merged_measure"


def test_two_views_of_one_month_count_once() -> None:
    rows = [
        ["2026年3月销售额"],
        ["区域", "销售额", N, "渠道", "销售额"],
        ["华东", 100, N, "电商", 70],
        ["华南", 50, N, "商超", 80],
    ]
    left, right = taken(sheet(rows))
    assert len(left.frame) == 2
    assert right.trouble is not None
    assert right.trouble.code == "view"


def test_a_bad_cell_costs_its_row_and_is_told_at_its_address() -> None:
    block = one(
        [
            ["日期", "产品", "金额"],
            *[["2026-03-01", f"p{i}", i] for i in range(5)],
            ["2026-03-02", "乙", "约20"],
        ]
    )
    assert fates(block)[7] == "bad_value"
    assert [(i.cell, i.value) for i in block.issues if i.code == "bad_value"] == [("C7", "约20")]
    assert len(block.frame) == 5


def test_sensitive_values_are_never_in_a_message() -> None:
    block = one([["日期", "客户", "金额"], ["2026-03-01", D1, 10]])
    assert all("2026" not in i.value for i in block.issues if i.column == "customer")


@pytest.mark.parametrize("file", ["客户回款.xlsx", "3月费用.xlsx", "库存.xlsx", "Invoice list.xlsx"])
def test_a_title_that_speaks_of_something_else_is_not_overruled_by_plain_columns(file: str) -> None:
    rows = [["日期", "客户", "金额"], [D1, "甲", 10], [D2, "乙", 20]]
    block = one(rows, file=file)
    assert not len(block.frame)
    assert block.trouble is not None
    assert block.trouble.code in ("foreign", "other_kind")
    assert len(one(rows, file="客户订单.xlsx").frame) == 2


def test_money_in_another_currency_says_so() -> None:
    block = one([["日期", "产品", "销售额（USD）"], ["2026-03-01", "甲", 10]])
    assert records(block, "amount", "currency") == [(10, "USD")]
    mixed = one([["日期", "产品", "销售额"], ["2026-03-01", "甲", "$10"], ["2026-03-01", "乙", "10元"]])
    assert records(mixed, "currency") == [("USD",), ("CNY",)]


def test_different_units_of_count_in_one_column_are_told() -> None:
    block = one(
        [["2026年3月销售"], ["产品", "单位", "销量", "销售额"], ["甲", "箱", 1, 10], ["乙", "瓶", 2, 20]]
    )
    assert any(i.code == "mixed_units_column" for i in block.issues)


def test_a_share_beside_months_makes_no_target_of_sales() -> None:
    rows = [
        ["2026年销售额（万元）"],
        ["区域", "1月", "2月", "合计", "占比"],
        ["华东", 1, 2, 3, "60%"],
        ["华南", 1, 1, 2, "40%"],
    ]
    assert one(rows).u.table == "sales"


def test_marks_across_by_person() -> None:
    rows = [["2026年3月考核评分"], ["姓名", "工作态度", "专业能力"], ["甲", 90, 80], ["乙", 85, 75]]
    block = one(rows, file="考核评分.xlsx")
    assert records(block, "entity", "kpi", "actual")[:2] == [("甲", "工作态度", 90), ("甲", "专业能力", 80)]


SECTIONS: Rows = [
    ["2026年9月销售汇总（元）"], [], ["一、华东区"], ["客户", "产品", "数量", "金额"], ["甲店", "水", 10, 240], ["乙店", "茶", 5, 180], ["小计", N, 15, 420], [],
    ["二、华南区"], ["客户", "产品", "数量", "金额"], ["丙店", "水", 20, 480], ["丁店", "茶", 8, 320], ["小计", N, 28, 800],
]  # fmt: skip


def test_a_grand_total_under_the_last_section() -> None:
    blocks = taken(sheet([*SECTIONS, ["总计", N, 43, 1220]]))
    assert [records(b, "region", "amount") for b in blocks] == [
        [("华东", 240), ("华东", 180)],
        [("华南", 480), ("华南", 320)],
    ]
    assert fates(blocks[1])[14] == "total"


def test_a_grand_total_of_sections_that_does_not_tie_is_held() -> None:
    blocks = taken(sheet([*SECTIONS, ["总计", N, 43, 1221]]))
    assert blocks[1].trouble is not None
    assert blocks[1].trouble.code == "total_mismatch"


def test_a_column_without_a_header_is_told() -> None:
    block = one(
        [["日期", "产品", N, "金额"], ["2026-03-01", "水", "24瓶", 1], ["2026-03-02", "茶", "15瓶", 2]]
    )
    assert [i.cell for i in block.issues if i.code == "no_heading"] == ["C1"]


@pytest.mark.parametrize(
    "names", [["行标签", "求和项:销售额", "求和项:数量"], ["Row Labels", "Sum of Sales", "Sum of Qty"]]
)
def test_a_pivot_as_pasted(names: list[str]) -> None:
    block = one([["2026年9月"], names, ["华东", 30, 3], ["华南", 20, 2], ["总计", 50, 5]])
    assert records(block, "region", "amount", "units") == [("华东", 30, 3), ("华南", 20, 2)]
    counted = one(
        [["2026年9月"], ["行标签", "计数项:订单号", "平均值项:销售额"], ["华东", 30, 3], ["华南", 20, 2]]
    )
    assert not len(counted.frame)


def test_records_without_a_header_are_held_and_described() -> None:
    day = dt.datetime(2026, 9, 2)  # noqa: DTZ001
    block = one([[day, "甲店", "水", 10, 240], [day, "乙店", "茶", 5, 200]])
    assert set(fates(block).values()) == {"headless_rows"}
    assert "A 日期" in block.issues[0].message_zh
    assert "E 数字" in block.issues[0].message_zh


@pytest.mark.parametrize(
    "rows", [[["销售额", 10], ["成本", 5]], [[1, 2, 3], [4, 5, 6]], [["a", 1, "b"], [2, "c", 3]]]
)
def test_other_cells_without_a_header_are_passed_over(rows: Rows) -> None:
    assert set(fates(one(rows)).values()) <= {"no_header", "no_table", "header"}


@pytest.mark.parametrize("label", ["全店", "全渠道", "整体"])
@pytest.mark.parametrize("place", [0, 3])
def test_a_row_that_says_all_and_sums_up_the_others_is_a_total(label: str, place: int) -> None:
    lines = [["纸品", 100, 10], ["洗护", 200, 20], ["家清", 300, 30]]
    lines.insert(place, [label, 600, 60])
    block = one([["2026年9月销售（元）"], ["类目", "销售额", "销量"], *lines])
    assert records(block, "category", "amount") == [("纸品", 100), ("洗护", 200), ("家清", 300)]


@pytest.mark.parametrize("place", [0, 3])
def test_a_row_that_sums_up_all_others_and_says_nothing_holds_the_block(place: int) -> None:
    lines = [["纸品", 100, 10], ["洗护", 200, 20], ["家清", 300, 30]]
    lines.insert(place, ["旗舰店", 600, 60])
    block = one([["2026年9月销售（元）"], ["类目", "销售额", "销量"], *lines])
    assert block.trouble is not None
    assert block.trouble.code == "hierarchy"


def test_brands_together_under_each_maker_hold_the_block() -> None:
    lines = [["甲", "全部", 150], ["甲", "汰", 100], ["甲", "碧", 50], ["乙", "全部", 80], ["乙", "奥", 80]]
    block = one([["2026年9月洗衣粉市场（元）"], ["厂商", "品牌", "零售额"], *lines])
    assert block.trouble is not None
    assert block.trouble.code == "hierarchy"


def test_months_so_far_beside_whole_years_are_told() -> None:
    block = one(
        [
            ["历年销售额（元）"],
            ["区域", "2024年", "2025年", "2026年1-9月"],
            ["华东", 100, 110, 90],
            ["华南", 200, 220, 170],
        ]
    )
    assert block.frame["amount"].sum() == 630
    assert [(i.code, i.cell) for i in block.issues] == [("unmapped_measure", "D2")]


def test_amounts_that_no_formula_gave_are_called_so() -> None:
    lines = [["2026-09-02", "甲", Uncached("D2*E2")], ["2026-09-03", "乙", Uncached("D3*E3")]]
    block = one([["日期", "客户", "金额"], *lines])
    assert block.frame.empty
    assert {i.code for i in block.issues} == {"bad_value", "too_many_bad"}
    assert [i.cell for i in block.issues if i.code == "bad_value"] == ["C2", "C3"]
