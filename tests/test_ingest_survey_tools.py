"""Exports of survey tools as they leave them: which row heads them, what is asked, and what the tool keeps for itself."""

from __future__ import annotations

import pytest
from sheets import Rows, fates, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None
CODES = ["StartDate", "Status", "RecordedDate", "ResponseId", "Q1", "Q2_1", "Q2_2"]
WORDS = ["Start Date", "Response Type", "Recorded Date", "Response ID", "Which do you use?", "How satisfied are you? - Price", "How satisfied are you? - Taste"]  # fmt: skip
IDS = [f'{{"ImportId":"{c}"}}' for c in CODES]
TAKEN = [
    ["2026-10-01 09:00:01", "IP Address", "2026-10-01 09:05:02", "R_1a", "Soap", "4", "5"],
    ["2026-10-02 09:00:01", "IP Address", "2026-10-02 09:05:02", "R_2b", "Cream", "3", "2"],
    ["2026-10-03 09:00:01", "Survey Preview", "2026-10-03 09:05:02", "R_3c", "Soap", "1", "1"],
]


def one(rows: Rows, *, file: str = "export.csv") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


def test_three_header_rows_of_which_the_middle_asks() -> None:
    block = one([CODES, WORDS, IDS, *TAKEN])
    assert records(block, "respondent", "date", "question", "score")[:3] == [
        ("R_1a", "2026-10", "Which do you use?", N),
        ("R_1a", "2026-10", "How satisfied are you? - Price", 4.0),
        ("R_1a", "2026-10", "How satisfied are you? - Taste", 5.0),
    ]
    assert [fates(block)[row] for row in range(1, 7)] == [
        "header", "header", "header", "tidy", "tidy", "invalid_interview",
    ]  # fmt: skip


def test_one_row_of_codes_above_the_ids() -> None:
    block = one([CODES, IDS, *TAKEN[:2]])
    assert {q for (q,) in records(block, "question")} == {"Q1", "Q2_1", "Q2_2"}


def test_questions_that_end_in_a_question_mark_need_no_other_word() -> None:
    head = [
        "#",
        "How did you hear of us?",
        "Would you buy again?",
        "Start Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
    ]
    rows = [["a1", "Friends", "Yes", "2026-09-18 08:01:10", "2026-09-18 08:03:00", "n1"], ["b2", "TV", "No", "2026-09-19 08:01:10", "2026-09-19 08:03:00", "n2"]]  # fmt: skip
    block = one([head, *rows])
    assert records(block, "respondent", "question", "answer") == [
        ("2", "How did you hear of us?", "Friends"), ("2", "Would you buy again?", "Yes"),
        ("3", "How did you hear of us?", "TV"), ("3", "Would you buy again?", "No"),
    ]  # fmt: skip


def test_scales_in_brackets_are_of_questions_and_names_are_no_answers() -> None:
    head = ["序号", "姓名", "课程实用性（1-5分）", "讲师表达（1-5分）"]
    block = one(
        [["新品培训效果评估 2026年5月", N, N, N], head, [1, "王丽", 5, 4], [2, "赵敏", 4, 3]],
        file="评估.xlsx",
    )
    assert records(block, "respondent", "question", "score") == [
        ("1", "课程实用性（1-5分）", 5.0), ("1", "讲师表达（1-5分）", 4.0),
        ("2", "课程实用性（1-5分）", 4.0), ("2", "讲师表达（1-5分）", 3.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [["序号", "姓名", "手机号", "公司"], ["编号", "品名", "规格（10-20）", "数量"], ["id", "Start time", "End time", "Room"]],
)  # fmt: skip
def test_lists_that_ask_nothing_are_no_questionnaires(head: list[str]) -> None:
    assert not len(one([head, [1, "甲", "乙", "丙"], [2, "丁", "戊", "己"]], file="清单.xlsx").records)
