"""What is told to people is told in their language, whole, whatever way the error took."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

from mktanalytics.display import speak
from mktanalytics.errors import FileError, MktError, UsageError
from mktanalytics.publish.failures import kernel_error

PAIRS = {
    "what": ("缺少数据表“目标”", "the table targets is missing"),
    "where": "指标.xlsx",
    "found": ("没有工作簿", "no workbook"),
    "expected": ("列：目标", "the column target"),
    "todo": ("补充后重新运行", "add it and run again"),
}
SENTENCES = {
    "zh": "指标.xlsx: 缺少数据表“目标”；实际：没有工作簿；应为：列：目标。→ 补充后重新运行",
    "en": "指标.xlsx: the table targets is missing; found no workbook; expected the column target. → add it and run again",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_is_said_in_the_language_spoken(language):
    speak(language)
    assert str(MktError(**PAIRS)) == SENTENCES[language]
    assert MktError(**PAIRS).sentence("zh") == SENTENCES["zh"]


def test_a_sentence_in_one_language_keeps_its_own_joints():
    assert str(MktError("no such month", found="2026-13")) == "no such month; found 2026-13"
    assert str(MktError("没有这个月份", found="2026-13")) == "没有这个月份；实际：2026-13"


def test_a_refused_file_travels_between_processes_in_both_languages():
    again = pickle.loads(pickle.dumps(FileError(code="broken", **PAIRS)))
    assert (again.code, again.sentence("en")) == ("broken", SENTENCES["en"])


def test_what_a_kernel_raised_keeps_its_sentence():
    error = kernel_error("UsageError", str(UsageError(**PAIRS)), "a.ipynb, cell In [3]")
    assert isinstance(error, UsageError)
    assert str(error) == SENTENCES["zh"]


METRICS = Path(__file__).parents[1] / "mktanalytics" / "metrics"


@pytest.mark.parametrize("path", sorted(METRICS.rglob("*.py")), ids=lambda p: p.stem)
def test_what_a_metric_refuses_is_said_in_both_languages(path):
    """What is wrong and what to do are pairs wherever they are words and no names."""
    alone = [
        ast.unparse(words)
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("MetricError", "NotPublishedError")
        for words in (*call.args, *(k.value for k in call.keywords if k.arg in ("what", "todo")))
        if isinstance(words, ast.Constant | ast.JoinedStr)
    ]
    assert alone == []
