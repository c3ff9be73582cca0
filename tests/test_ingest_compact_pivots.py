"""Pivots in Excel's compact layout: each group's row above its members, both in one column."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "book.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    for parts in block.balance().values():
        assert parts["in"] == parts["tidy"] + parts["quarantined"] + parts["ignored"]
    return block


def pivot(head: list[object], indent: str = "", *, title: str = "2026年10月销售额（元）") -> Rows:
    names = [("华东", 30), (f"{indent}水", 10), (f"{indent}茶", 20), ("华南", 70), (f"{indent}水", 30), (f"{indent}茶", 40)]  # fmt: skip
    return [[title], head, *names, ["总计", 100]]


LINES = [("华东", "水", 10), ("华东", "茶", 20), ("华南", "水", 30), ("华南", "茶", 40)]


@pytest.mark.parametrize("indent", ["", "  ", "　　"])
@pytest.mark.parametrize("head", ["区域/产品", "区域\\产品", "Region/Product"])
def test_two_levels_that_the_corner_names(head: str, indent: str) -> None:
    block = one(pivot([head, "销售额"], indent))
    assert records(block, "region", "product", "amount") == LINES
    assert [r for r, fate in fates(block).items() if fate == "subtotal"] == [3, 6]
    assert fates(block)[9] == "total"
    assert "unfolded" in {i.code for i in block.issues}


@pytest.mark.parametrize("names", [
    (["市场部", "广告费", "差旅费", "销售部", "广告费", "差旅费"], "2026年10月费用明细（元）", "department", "category"),
    (["华东", "天猫", "京东", "华南", "天猫", "京东"], "2026年10月销售额（元）", "region", "channel"),
    (["江苏省", "南京市", "苏州市", "浙江省", "杭州市", "宁波市"], "2026年10月销售额（元）", "province", "city"),
])  # fmt: skip
def test_two_levels_that_are_known_by_themselves(names: tuple[list[str], str, str, str]) -> None:
    labels, title, outer, inner = names
    rows = list(zip(labels, (30, 10, 20, 70, 30, 40), strict=True))
    block = one([[title], ["行标签", "求和项:金额"], *rows, ["总计", 100]])
    assert records(block, outer, inner, "amount") == [
        (labels[0], labels[1], 10), (labels[0], labels[2], 20), (labels[3], labels[4], 30), (labels[3], labels[5], 40)
    ]  # fmt: skip


def test_months_across_are_checked_one_by_one() -> None:
    head = [["2026年销售额（元）"], ["区域/产品", "1月", "2月", "总计"]]
    rows = [["华东", 30, 40, 70], ["水", 10, 15, 25], ["茶", 20, 25, 45], ["华南", 7, 9, 16], ["水", 3, 4, 7], ["茶", 4, 5, 9]]  # fmt: skip
    assert len(one([*head, *rows]).records) == 8
    rows[3][2] = 10  # 华南 says something else than its products
    assert not len(one([*head, *rows]).records)


@pytest.mark.parametrize("rows", [
    [("华东", 30), ("水", 10), ("茶", 20), ("华南", 70), ("水", 30), ("茶", 41)],  # 华南 doesn't tie
    [("华东", 30), ("水", 10), ("茶", 20), ("果汁", 0), ("华南", 70), ("水", 30), ("茶", 40)],  # 果汁 of 华东, or a group of its own
    [("华东", 30), ("水", 10), ("茶", 20)],  # a single group
])  # fmt: skip
def test_what_does_not_tell_its_levels_is_held(rows: list[tuple[str, int]]) -> None:
    block = one([["2026年10月销售额（元）"], ["区域/产品", "销售额"], *rows])
    assert not len(block.records)
    assert block.trouble is not None


def test_a_level_of_which_nobody_says_what_it_is_is_held() -> None:
    assert not len(one(pivot(["行标签", "求和项:销售额"], "  ")).records)
