"""Two sources that disagree: both are kept, and nothing is counted twice, nor guessed."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from sheets import Rows, cleaned, fates, sheet, taken

from mktanalytics import store
from mktanalytics.display import quality
from mktanalytics.ingest.clean import Cleaned
from mktanalytics.settings import FileRule, Settings

N = None
HEADS = ["月份", "部门", "科目", "预算金额", "备注"]


def budgets(
    first: float = 100, second: float = 120, notes: tuple[object, object] = (N, N)
) -> dict[str, list]:
    other = ["2026-04", "市场部", "展会", 7, N]
    return {
        "市场部预算.xlsx": [sheet([HEADS, ["2026-03", "市场部", "广告", first, notes[0]], other])],
        "财务部预算.xlsx": [sheet([HEADS, ["2026-03", "市场部", "广告", second, notes[1]], ["2026-05", "市场部", "差旅", 3, N]])],
    }  # fmt: skip


def claims(result: Cleaned) -> list[tuple[object, ...]]:
    columns = ["conflict", "table", "column", "value", "counted", "source_file", "source_row"]
    return list(result.conflicts[columns].itertuples(index=False, name=None))


def test_both_sides_are_kept_and_neither_counts() -> None:
    result = cleaned(budgets())
    assert result.tables["budget"]["amount"].sum() == 10
    assert claims(result) == [
        (1, "budget", "amount", "100", False, "市场部预算.xlsx", 2), (1, "budget", "amount", "120", False, "财务部预算.xlsx", 2)
    ]  # fmt: skip
    told = result.issues[result.issues["code"] == "conflict"]
    assert list(told["cell"]) == ["A2", "A2"]
    for message in told["message_zh"]:
        assert all(part in message for part in ("100", "120", "广告", "2026-03"))
    assert "财务部预算.xlsx Sheet1 A2" in told["message_zh"].iloc[0]
    assert (
        result.ledger["rows_in"]
        == result.ledger[["rows_tidy", "rows_quarantined", "rows_ignored"]].sum(axis=1)
    ).all()


def test_the_source_that_a_person_prefers_counts() -> None:
    rule = FileRule(file="财务部*.xlsx", prefer=True, reason="以财务口径为准")
    result = cleaned(budgets(), Settings(files=(rule,)))
    assert result.tables["budget"]["amount"].sum() == 130
    assert [c[4] for c in claims(result)] == [False, True]
    assert list(result.issues["code"][result.issues["severity"] == "warning"]) == ["outvoted"]


def test_two_sources_that_are_both_preferred_decide_nothing() -> None:
    rule = FileRule(file="*.xlsx", prefer=True, reason="都可信")
    assert cleaned(budgets(), Settings(files=(rule,))).tables["budget"]["amount"].sum() == 10


def test_another_remark_is_no_disagreement() -> None:
    result = cleaned(budgets(100, 100, ("初稿", "已核")))
    assert result.tables["budget"]["amount"].sum() == 110
    assert not len(result.conflicts)


def test_what_one_source_leaves_out_the_other_says() -> None:
    plan: Rows = [
        ["2026年5月KPI"],
        ["部门", "指标", "目标", "权重"],
        ["市场部", "拜访数", 40, 0.4],
        ["市场部", "场次", 5, 0.6],
    ]
    done: Rows = [
        ["2026年5月KPI"],
        ["部门", "指标", "目标", "实际"],
        ["市场部", "拜访数", 40, 44],
        ["市场部", "场次", 5, 6],
    ]
    result = cleaned({"1目标.xlsx": [sheet(plan)], "2完成.xlsx": [sheet(done)]})
    frame = result.tables["targets"]
    assert frame[["kpi", "target", "weight", "actual"]].to_numpy().tolist() == [
        ["拜访数", 40, 0.4, 44],
        ["场次", 5, 0.6, 6],
    ]
    assert not len(result.conflicts)
    assert set(frame["source_file"]) == {"1目标.xlsx"}
    assert json.loads(frame["extra"].iloc[0]) == {"补自 (completed from)": "2完成.xlsx Sheet1 A3: actual"}
    assert {"joined"} <= set(result.issues["code"])


def test_a_budget_with_its_execution_replaces_the_bare_one() -> None:
    bare: Rows = [
        ["2026年3月预算"],
        ["部门", "科目", "预算金额"],
        ["市场部", "广告", 100],
        ["市场部", "展会", 7],
    ]
    full: Rows = [
        ["2026年3月预算"],
        ["部门", "科目", "预算金额", "实际金额"],
        ["市场部", "广告", 100, 80],
        ["市场部", "展会", 7, 5],
    ]
    frame = cleaned({"预算.xlsx": [sheet(bare)], "执行.xlsx": [sheet(full)]}).tables["budget"]
    assert frame["amount"].sum() == 107
    assert frame["actual_amount"].sum() == 85


def test_rows_of_one_sheet_that_disagree() -> None:
    rows: Rows = [
        ["2026年5月KPI"],
        ["部门", "指标", "目标"],
        ["市场部", "拜访数", 40],
        ["市场部", "拜访数", 45],
        ["市场部", "场次", 5],
    ]
    (block,) = taken(sheet(rows))
    assert {r: f for r, f in fates(block).items() if r > 2} == {3: "conflict", 4: "conflict", 5: "tidy"}
    assert [(c.value, c.source_row) for c in block.claims] == [("40", 3), ("45", 4)]


def test_a_persons_answer_is_not_quoted() -> None:
    rows: Rows = [
        ["respondent", "问题", "答案", "评分"],
        ["张三", "满意度", "好", 5],
        ["李四", "满意度", "好", 5],
    ]
    other: Rows = [
        ["respondent", "问题", "答案", "评分"],
        ["张三", "满意度", "好", 4],
        ["李四", "满意度", "好", 3],
    ]
    result = cleaned({"东/问卷.xlsx": [sheet(rows)], "西/问卷.xlsx": [sheet(other)]})
    told = " ".join([*result.issues["message_zh"], *result.conflicts["key"]])
    assert "满意度" in told
    assert "张三" not in told
    assert list(result.conflicts["conflict"]) == [1, 1, 2, 2]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_says_on_its_face_what_sources_disagree_on(language: str) -> None:
    result = cleaned(budgets())
    problems = quality.problem_kinds(result.issues).merge(result.issues, on=quality.PLACE)
    blocks = quality.quality_blocks(
        result.ledger, problems, {}, ["budget"], pd.Timestamp("2026-05-31").date(), language
    )
    notes = [str(b) for b in blocks]
    assert any(("说法不同" if language == "zh" else "disagree") in n for n in notes)


def test_conflicts_are_written_beside_the_tables(tmp_path) -> None:
    result = cleaned(budgets())
    store.write(
        result.tables, result.ledger, result.issues, {}, tmp_path / "processed", conflicts=result.conflicts
    )
    found = store.load("conflicts", processed=tmp_path / "processed")
    assert list(found["value"]) == ["100", "120"]
    assert "conflicts" not in store.available(tmp_path / "processed")
