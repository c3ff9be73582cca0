"""A sheet for each person, brand, shop or place: the names of the sheets are not lost."""

from __future__ import annotations

import pytest
from sheets import cleaned, records, sheet, taken

from mktanalytics.ingest.readers.cells import Sheet

HEADS = ["日期", "客户", "产品", "数量", "金额"]


def book(*names: str) -> list[Sheet]:
    return [
        sheet([HEADS, ["2026-09-02", f"客户{i}", "水", i + 1, 10.0 * (i * i + 1)]], name=name, position=i)
        for i, name in enumerate(names)
    ]


@pytest.mark.parametrize(("file", "names", "column"), [
    ("9月业务员销售明细.xlsx", ["张伟", "王芳", "李强"], "salesperson"),
    ("2026年销售额分品牌.xlsx", ["青禾", "云朵"], "brand"),
    ("9月销售.xlsx", ["江苏", "浙江省"], "province"),
    ("9月销售.xlsx", ["杭州", "苏州", "南京市"], "city"),
    ("9月销售.xlsx", ["华东", "华南", "上海"], "region"),
    ("9月销售.xlsx", ["商超", "电商", "便利店"], "channel"),
    ("各经销商9月销售.xlsx", ["杭州恒远", "宁波甬江"], "dealer"),
    ("Sales by brand.xlsx", ["Alpha", "Beta"], "brand"),
])  # fmt: skip
def test_names_of_a_kind_are_a_column(file: str, names: list[str], column: str) -> None:
    blocks = taken(*book(*names), file=file)
    assert [records(b, column)[0][0] for b in blocks] == names
    assert all(any(i.code == "said_name" and i.column == column for i in b.issues) for b in blocks)


def test_names_of_no_known_kind_are_told() -> None:
    blocks = taken(*book("青禾", "云朵"), file="9月销售.xlsx")
    assert [len(b.frame) for b in blocks] == [1, 1]
    assert [[i.value for i in b.issues if i.code == "unplaced_name"] for b in blocks] == [["青禾"], ["云朵"]]


@pytest.mark.parametrize("names", [["Sheet1", "Sheet2"], ["1月", "2月"], ["明细", "汇总"], ["2025", "2026"]])
def test_names_that_say_nothing_are_no_names(names: list[str]) -> None:
    blocks = taken(*book(*names), file="2026年销售.xlsx")
    assert not {i.code for b in blocks for i in b.issues} & {"said_name", "unplaced_name"}


def test_a_column_of_the_sheet_outranks_its_name() -> None:
    rows = [["日期", "业务员", "数量", "金额"], ["2026-09-02", "赵敏", 1, 10.0]]
    blocks = taken(
        *(sheet(rows, name=n, position=i) for i, n in enumerate(["张伟", "王芳"])), file="9月业务员销售.xlsx"
    )
    assert records(blocks[0], "salesperson") == [("赵敏",)]


def test_the_brand_of_a_market_may_be_its_sheet() -> None:
    rows = [["区域", "1月", "2月"], ["华东", 10, 11]]
    sheets = [sheet([*rows, ["华南", 8, i]], name=n, position=i) for i, n in enumerate(["青禾", "云朵"])]
    frame = cleaned({"2026年各品牌市场零售额.xlsx": sheets}).tables["market"]
    assert frame.groupby("brand")["amount"].sum().to_dict() == {"云朵": 30.0, "青禾": 29.0}
