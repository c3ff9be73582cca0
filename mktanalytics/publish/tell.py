"""What a run prints about its reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mktanalytics.publish.published import Published

_WORDS = {
    "zh": {"published": "已发布", "not published": "未发布", "failed": "失败", "head": "{month} 月报", "sample": (
        "{raw} 中没有工作簿：以下使用虚构的示例公司数据，每页注明“示例数据”。把自己的文件放进去即可。")},
    "en": {"published": "published", "not published": "not published", "failed": "failed", "head": "Reports for {month}", "sample": (
        "{raw} holds no workbook: this run is about an invented sample company, and every page says so. Drop your own files there.")},
}  # fmt: skip


def tell_sample(raw: Path, language: str) -> str:
    """That the sample company stands in for the user's workbooks."""
    return str(_WORDS[language]["sample"]).format(raw=raw)


def tell_published(published: Sequence[Published], month: str, language: str) -> str:
    """One line a report: what became of it, and where it is or why it isn't."""
    words = _WORDS[language]
    lines = ["", str(words["head"]).format(month=month)]
    for report in published:
        where = next((str(f) for f in report.files if f.suffix == ".pdf"), "")
        lines.append(f"  {words[report.outcome]}  {report.name}  {where or report.reason}")
    return "\n".join(lines)
