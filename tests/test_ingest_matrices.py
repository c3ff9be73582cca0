"""Matrices: regions, channels or shops across the sheet, with one measure or several under each."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


@pytest.mark.parametrize(("corner", "heads", "column"), [
    ("产品", ["华东", "华南大区"], "region"), ("产品\\区域", ["华东", "华南"], "region"), ("区域/产品", ["华东", "华南"], "region"),
    ("产品", ["江苏", "浙江省"], "province"), ("产品", ["杭州", "苏州市"], "city"), ("产品", ["电商", "商超"], "channel"), ("Product", ["East", "West"], "region"),
])  # fmt: skip
def test_names_that_are_known_by_themselves_across(corner: str, heads: list[str], column: str) -> None:
    block = one(
        [
            ["2026年9月销售额（元）"],
            [corner, *heads, "其他", "合计"],
            ["水", 10, 20, 3, 33],
            ["茶", 1, 2, 0, 3],
            ["合计", 11, 22, 3, 36],
        ]
    )
    assert records(block, "product", column, "month", "amount") == [
        ("水", heads[0], "2026-09", 10), ("水", heads[1], "2026-09", 20), ("水", "其他", "2026-09", 3),
        ("茶", heads[0], "2026-09", 1), ("茶", heads[1], "2026-09", 2), ("茶", "其他", "2026-09", 0),
    ]  # fmt: skip


PAIRS: Rows = [
    ["2026年9月各区域销售"], ["产品", "华东", N, "华南", N, "合计", N], [N, "销量", "销售额", "销量", "销售额", "销量", "销售额"],
    ["水", 1, 10, 2, 20, 3, 30], ["茶", 3, 30, 4, 40, 7, 70],
]  # fmt: skip


def test_several_measures_under_each_region() -> None:
    assert records(one(PAIRS), "product", "region", "units", "amount") == [
        ("水", "华东", 1, 10), ("水", "华南", 2, 20), ("茶", "华东", 3, 30), ("茶", "华南", 4, 40)
    ]  # fmt: skip


def test_a_total_of_the_regions_that_does_not_tie_is_held() -> None:
    block = one([*PAIRS[:4], ["茶", 3, 30, 4, 40, 7, 71]])
    assert block.trouble is not None
    assert block.trouble.code == "total_mismatch"


@pytest.mark.parametrize("heads", [["老客户", "新客户"], ["华东", "新客户"], ["华东", "运费"]])
def test_other_names_across_are_held(heads: list[str]) -> None:
    assert not len(one([["2026年9月销售额（元）"], ["产品", *heads], ["水", 10, 20], ["茶", 1, 2]]).frame)


def test_shops_across_a_price_survey() -> None:
    block = one(
        [
            ["竞品价格调查"],
            ["采价日期：2026年9月15日"],
            ["品牌", "产品", "沃尔玛", "大润发杨浦店", "天猫"],
            ["甲", "水", 2, 2.5, "缺货"],
            ["乙", "茶", 3, N, 3.5],
        ]
    )
    assert records(block, "date", "product", "outlet", "price") == [
        ("2026-09-15", "水", "沃尔玛", 2), ("2026-09-15", "水", "大润发杨浦店", 2.5), ("2026-09-15", "茶", "沃尔玛", 3), ("2026-09-15", "茶", "天猫", 3.5)
    ]  # fmt: skip
