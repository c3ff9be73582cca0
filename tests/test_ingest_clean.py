"""Blocks side by side: corrections, repetitions, overlaps, contradictions; and laws that hold for any sheet."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets import cleaned, fates, records, sheet, taken

from mktanalytics.ingest.checks.corrections import base_and_rank
from mktanalytics.ingest.clean import clean
from mktanalytics.ingest.inspect import inspect_file
from mktanalytics.ingest.tell import tell_blocks, tell_totals
from mktanalytics.settings import Settings

HEADS = ["订单号", "行号", "日期", "产品", "区域", "销售额"]


def day(n: int) -> dt.datetime:
    return dt.datetime(2026, 3, n)  # noqa: DTZ001


def orders(first: int, last: int, *, extra: float = 0.0) -> list[list[object]]:
    return [[f"S{n:03}", "1", day(n % 28 + 1), "甲", "华东", 10.0 * n + extra] for n in range(first, last)]


# ---- corrections and repetitions


@pytest.mark.parametrize(("file", "base", "rank"), [
    ("销售.xlsx", "./销售", 0), ("销售（更正版）.xlsx", "./销售", 1000), ("销售_v2.xlsx", "./销售", 2),
    ("销售-终稿v3.xlsx", "./销售", 1003), ("a/Sales final.xlsx", "a/sales", 1000), ("价值V1会员.xlsx", "./价值会员", 1),
])  # fmt: skip
def test_marks_of_a_later_version(file: str, base: str, rank: int) -> None:
    assert base_and_rank(file) == (base, rank)


def test_a_corrected_file_replaces_the_months_it_covers() -> None:
    result = cleaned({
        "3月销售.xlsx": [sheet([HEADS, *orders(1, 9)])],
        "3月销售（更正）.xlsx": [sheet([HEADS, *orders(1, 9, extra=1)])],
    })  # fmt: skip
    assert set(result.tables["sales"]["source_file"]) == {"3月销售（更正）.xlsx"}
    assert list(result.ledger["reason"]) == ["replaced_by 8", ""]
    assert {"replaced_by", "replaces"} <= set(result.issues["code"])


def test_overlapping_files_count_each_order_once() -> None:
    result = cleaned(
        {"a.xlsx": [sheet([HEADS, *orders(1, 20)])], "b.xlsx": [sheet([HEADS, *orders(10, 30)])]}
    )
    assert sorted(result.tables["sales"]["order_id"]) == [f"S{n:03}" for n in range(1, 30)]
    line = result.ledger.set_index("file").loc["b.xlsx"]
    assert (line["rows_in"], line["rows_tidy"], line["rows_quarantined"], line["rows_ignored"]) == (
        21,
        10,
        10,
        1,
    )


def test_overlapping_lines_without_numbers_are_known_by_their_mass() -> None:
    heads, lines = HEADS[2:], [r[2:] for r in orders(1, 40)]
    result = cleaned(
        {
            "a.xlsx": [sheet([heads, *lines[:12], [day(1), "乙", "华南", 1.5]])],
            "b.xlsx": [sheet([heads, *lines])],
        }
    )
    assert result.tables["sales"]["amount"].sum() == sum(float(r[3]) for r in lines) + 1.5  # type: ignore[arg-type]
    few = cleaned(
        {"a.xlsx": [sheet([heads, *lines[:12]])], "b.xlsx": [sheet([heads, lines[0], *lines[20:]])]}
    )
    assert len(few.tables["sales"]) == 32
    assert "alike_elsewhere" in set(few.issues["code"])


def test_a_file_within_another_is_a_repetition() -> None:
    result = cleaned({"a.xlsx": [sheet([HEADS, *orders(1, 9)])], "b.xlsx": [sheet([HEADS, *orders(1, 20)])]})
    assert len(result.tables["sales"]) == 19
    assert list(result.ledger["reason"]) == ["repeats", ""]


def test_orders_that_contradict_each_other_are_both_held_back() -> None:
    result = cleaned(
        {"a.xlsx": [sheet([HEADS, *orders(1, 9)])], "b.xlsx": [sheet([HEADS, *orders(8, 12, extra=5)])]}
    )
    assert "S008" not in set(result.tables["sales"]["order_id"])
    assert len(result.issues[result.issues["code"] == "conflict"]) == 2


def test_an_overlap_does_not_shift_which_orders_contradict() -> None:
    later = [*orders(10, 20), *orders(1, 2, extra=5), *orders(40, 50)]
    result = cleaned({"a.xlsx": [sheet([HEADS, *orders(1, 20)])], "b.xlsx": [sheet([HEADS, *later])]})
    expected = [f"S{n:03}" for n in (*range(2, 20), *range(40, 50))]
    assert sorted(result.tables["sales"]["order_id"]) == expected
    told = result.issues[result.issues["code"] == "conflict"]
    assert list(zip(told["file"], told["row"], strict=True)) == [("a.xlsx", 2), ("b.xlsx", 12)]


def test_the_same_budget_line_twice() -> None:
    heads = ["月份", "部门", "费用类别", "活动", "预算金额"]
    row = ["2026-03", "市场部", "广告", "梯媒", 100]
    result = cleaned(
        {
            "预算1.xlsx": [sheet([heads, row, ["2026-03", "市场部", "展会", "糖酒会", 7]])],
            "预算2.xlsx": [sheet([heads, row])],
        }
    )
    assert result.tables["budget"]["amount"].sum() == 107
    other = cleaned({"预算1.xlsx": [sheet([heads, row])], "预算2.xlsx": [sheet([heads, [*row[:4], 120]])]})
    assert "budget" not in other.tables
    assert set(other.ledger["rows_quarantined"]) == {1}


def test_identical_lines_with_an_order_number_count_once_without_are_kept_and_told() -> None:
    row = orders(1, 2)[0]
    numbered = taken(sheet([HEADS, row, row, *orders(2, 5)]))[0]
    assert fates(numbered)[3] == "exact_duplicate"
    bare = taken(sheet([HEADS[2:], row[2:], row[2:], orders(2, 3)[0][2:]]))[0]
    assert len(bare.frame) == 3
    assert any(i.code == "identical_rows" for i in bare.issues)


def test_sheets_of_one_schema_are_stacked_and_a_summary_sheet_is_not_added() -> None:
    parts = [sheet([HEADS, *orders(1, 9)], name="北"), sheet([HEADS, *orders(9, 20)], name="南", position=1)]
    total = sheet([HEADS, *orders(1, 20)], name="汇总", position=2)
    result = cleaned({"a.xlsx": [*parts, total]})
    assert len(result.tables["sales"]) == 19
    assert list(result.ledger["reason"]) == ["", "", "repeats"]


def test_a_calculation_beside_the_detail_is_ignored() -> None:
    result = cleaned(
        {
            "a.xlsx": [
                sheet([HEADS, *orders(1, 60)]),
                sheet([["区域", "销售额"], ["华东", 5], ["华南", 6]], name="算", position=1),
            ]
        }
    )
    assert list(result.ledger["reason"]) == ["", "calculation_sheet"]
    assert list(result.ledger["rows_ignored"]) == [1, 3]


def test_a_summary_by_month_beside_its_detail_is_a_view() -> None:
    detail = orders(1, 20)
    total = sum(float(r[5]) for r in detail)  # type: ignore[arg-type]
    result = cleaned(
        {
            "a.xlsx": [
                sheet([HEADS, *detail]),
                sheet(
                    [["2026年3月销售"], ["渠道", "销售额"], ["电商", total - 5], ["商超", 5]],
                    name="渠道",
                    position=1,
                ),
            ]
        }
    )
    assert result.tables["sales"]["amount"].sum() == total
    assert list(result.ledger["reason"]) == ["", "view"]


def by_channel(total: float) -> list[list[object]]:
    return [["2026年3月销售"], ["渠道", "销售额"], ["电商", total - 5], ["商超", 5]]


def test_a_summary_in_another_workbook_is_a_view_of_one_file_or_of_several() -> None:
    first, second = orders(1, 20), orders(21, 40)
    sums = [sum(float(r[5]) for r in part) for part in (first, second)]  # type: ignore[arg-type]
    files = {"a.xlsx": [sheet([HEADS, *first])], "b.xlsx": [sheet([HEADS, *second])]}
    for summed, other in ((sum(sums), "a.xlsx Sheet1、b.xlsx Sheet1"), (sums[1], "b.xlsx Sheet1")):
        result = cleaned({**files, "z汇总.xlsx": [sheet(by_channel(summed), name="汇总")]})
        assert result.tables["sales"]["amount"].sum() == pytest.approx(sum(sums))
        assert list(result.ledger["reason"]) == ["", "", "view"]
        assert [m for m in result.issues["message_zh"] if other in m]


def test_a_file_whose_sum_is_another_is_no_view() -> None:
    detail = orders(1, 20)
    total = sum(float(r[5]) for r in detail)  # type: ignore[arg-type]
    result = cleaned({"a.xlsx": [sheet([HEADS, *detail])], "b.xlsx": [sheet(by_channel(total + 0.02))]})
    assert result.tables["sales"]["amount"].sum() == pytest.approx(2 * total + 0.02)


def test_a_survey_exported_as_text_and_as_codes_counts_once() -> None:
    said = {"1": "很好", "2": "一般", "3": "差"}
    codes = [str(n % 3 + 1) for n in range(30)]
    text = [
        ["序号", "1、感觉如何", "2、买什么"],
        *[[n, said[c], "水┋茶" if n % 2 else "水"] for n, c in enumerate(codes, 1)],
    ]
    coded = [
        ["序号", "1、感觉如何", "第2题(水)", "第2题(茶)"],
        *[[n, float(c), 1, n % 2] for n, c in enumerate(codes, 1)],
    ]
    result = cleaned({"问卷文字.xlsx": [sheet(text)], "问卷编码.xlsx": [sheet(coded)]})
    assert set(result.tables["survey"]["source_file"]) == {"问卷文字.xlsx"}
    other = [coded[0], *[[n, float(said_[1]) % 3 + 1, 1, n % 2] for n, said_ in enumerate(coded[1:], 1)]]
    other[5][1] = 1.0 if other[5][1] != 1.0 else 2.0  # another wave: somebody answers differently
    both = cleaned({"问卷文字.xlsx": [sheet(text)], "问卷编码.xlsx": [sheet(other)]})
    assert both.tables["survey"]["source_file"].nunique() == 2


def test_a_fault_of_ours_costs_one_sheet_and_is_told(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from mktanalytics.ingest import take_file as module

    def broken(blocks):  # type: ignore[no-untyped-def]
        if blocks[0].sheet == "坏":
            raise RuntimeError("oops")
        return real(blocks)

    real = module.take_all
    monkeypatch.setattr(module, "take_all", broken)
    result = cleaned(
        {"a.xlsx": [sheet([HEADS, *orders(1, 9)], name="坏"), sheet([HEADS, *orders(9, 20)], position=1)]}
    )
    assert len(result.tables["sales"]) == 11
    line = result.ledger.set_index("sheet").loc["坏"]
    assert (line["rows_in"], line["rows_quarantined"], line["reason"]) == (9, 9, "internal")
    assert "oops" in result.issues.set_index("code").loc["internal", "message_en"]


# ---- laws


CELLS = st.one_of(
    st.none(), st.sampled_from(["区域", "销售额", "日期", "合计", "华东", "2026年3月", "1月", "单位：万元", "注：x", "x", "12", "产品", "目标"]),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 2)), st.just(dt.datetime(2026, 3, 1)),  # noqa: DTZ001
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=9))
def test_any_sheet_balances_and_loses_no_cell(rows: list[list[object]]) -> None:
    made = sheet(rows)
    blocks = taken(made, file="2026年3月销售.xlsx")
    filled = {(r, c) for r, row in enumerate(made.rows) for c, v in enumerate(row) if v is not None}
    covered = [
        (r, c)
        for b in blocks
        for r in range(b.u.block.area.top, b.u.block.area.bottom)
        for c in range(b.u.block.area.left, b.u.block.area.right)
        if (r, c) in filled
    ]
    assert sorted(covered) == sorted(filled), "every cell in exactly one block"
    for block in blocks:
        assert len(block.fates) == block.u.block.rows
        assert all(reason for fate, reason in block.fates.values() if fate != "tidy")
        for parts in block.balance().values():
            assert parts["in"] == pytest.approx(
                parts["tidy"] + parts["quarantined"] + parts["ignored"], abs=1e-3, rel=1e-6
            )


BASE = [["日期", "产品", "区域", "渠道", "销量", "销售额（万元）"],
        *[[day(n), f"p{n % 4}", ["华东", "华南"][n % 2], "电商", float(n), round(n * 1.37, 2)] for n in range(1, 21)]]  # fmt: skip
COLUMNS = ("date", "product", "region", "channel", "units", "amount")


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3), st.integers(0, 2), st.booleans())
def test_order_and_place_change_nothing_but_addresses(
    chance: random.Random, down: int, right: int, title: bool
) -> None:
    wanted = sorted(records(taken(sheet(BASE), file="a.xlsx")[0], *COLUMNS), key=str)
    order = list(range(6))
    chance.shuffle(order)
    body = [[row[i] for i in order] for row in BASE]
    tail = body[1:]
    chance.shuffle(tail)
    rows: list[list[object]] = (
        [[None]] * down + ([["销售明细"]] if title else []) + [body[0], *tail[:7], [None], *tail[7:]]
    )
    (block,) = [b for b in taken(sheet([[None] * right + r for r in rows]), file="a.xlsx") if len(b.frame)]
    assert sorted(records(block, *COLUMNS), key=str) == wanted


def test_the_same_inputs_give_the_same_result(root) -> None:  # type: ignore[no-untyped-def]
    books = {"a.xlsx": [sheet([HEADS, *orders(1, 20)])], "b.xlsx": [sheet([HEADS, *orders(10, 30)])]}
    one, other = cleaned(books), cleaned(dict(reversed(list(books.items()))))
    assert one.tables["sales"].equals(other.tables["sales"])
    assert one.ledger.equals(other.ledger)
    assert one.issues.equals(other.issues)


# ---- what is said


def test_a_folder_from_disk_is_cleaned_and_told(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "华东").mkdir()
    (tmp_path / "华东" / "3月销售.csv").write_text(
        "日期,产品,销售额\n2026-03-01,甲,10\n2026-03-02,乙,约20\n2026-03-02,丙,5\n", "utf-8"
    )
    (tmp_path / "坏.xlsx").write_bytes(b"no workbook")
    (tmp_path / "说明.csv").write_text("本文件夹的说明\n", "utf-8")
    result = clean(tmp_path, Settings())
    assert list(result.tables["sales"]["source_file"]) == ["华东/3月销售.csv"] * 2
    assert [f for f, _, _ in result.inputs] == ["华东/3月销售.csv", "坏.xlsx", "说明.csv"]
    for language in ("zh", "en"):
        text = tell_blocks(result, language) + tell_totals(result, language)
        assert "华东/3月销售.csv" in text
        assert "C3" in text
    assert (result.issues["code"] == "unreadable").sum() == 1


def test_an_inspection_names_columns_and_reasons(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "2026年3月销售.csv"
    path.write_text("区域,销售额(万元),仓库\n华东,1.5,一号\n合计,1.5,\n", "utf-8")
    for language in ("zh", "en"):
        text = inspect_file(path, Settings()).text(language)
        for said in ("sales", "→ region", "→ amount", "万元", "extra", "2026"):
            assert said in text, (said, text)
