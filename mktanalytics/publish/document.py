"""From an executed notebook to the one JSON document that the PDF and the workbook are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nbformat import NotebookNode

from mktanalytics.display.blocks import MIME
from mktanalytics.display.wording import W, month_words
from mktanalytics.language import LANGUAGES
from mktanalytics.publish.failures import ReportError
from mktanalytics.publish.markdown import markdown_tree

Document = dict[str, Any]
_SHOWN = ("display_data", "execute_result")


def document(
    notebook: NotebookNode, parameters: Mapping[str, Any], *, company: str, sample: bool, name: str
) -> Document:
    """Title and blocks of an executed report.

    Raises
    ------
    ReportError
        A cell shows something that has no form on paper, or speaks another language than the report.
    """
    language = parameters["language"]
    blocks = list(_blocks(notebook, language, name))
    through = [b["day"] for b in blocks if b["type"] == "through"]
    return {
        "language": language,
        "title": _title(notebook, language, name),
        "company": company,
        "month": parameters["month"],
        "band": _band(parameters, through, language),
        "sample": W("sample", language) if sample else "",
        "page": W("page", language, page="{page}", pages="{pages}"),
        "note": W("note", language),
        "continued": W("continued", language),
        "blocks": [b for b in blocks if b["type"] != "through"],
    }


def _title(notebook: NotebookNode, language: str, name: str) -> str:
    titles = notebook.metadata.get("report", {}).get("title", {})
    if language not in titles:
        raise ReportError(
            ("报告没有标题", "the report has no title"),
            where=f"{name}.ipynb",
            expected=f'metadata {{"report": {{"title": {{"{language}": …}}}}}}',
            todo=("写进笔记本的 metadata", "add it to the notebook's metadata"),
        )
    return str(titles[language])


def _band(parameters: Mapping[str, Any], through: list[str], language: str) -> list[str]:
    """What the title band says: month, data-through date, and what narrows the report."""
    year, month = map(int, parameters["month"].split("-"))
    parts = [("report_month", month_words(year, month, language))]
    parts += [("data_through", day) for day in through[:1]]
    if parameters.get("regions"):
        parts.append(("regions", ("、" if language == "zh" else ", ").join(parameters["regions"])))
    if parameters.get("edition"):
        parts.append(("edition", parameters["edition"]))
    return [f"{W(key, language)}{'：' if language == 'zh' else ': '}{value}" for key, value in parts]


def _blocks(notebook: NotebookNode, language: str, name: str) -> Iterator[dict[str, Any]]:
    for i, cell in enumerate(notebook.cells):
        where = f"{name}.ipynb, cell {i + 1}"
        spoken = [t for t in cell.metadata.get("tags", []) if t in LANGUAGES]
        if spoken and language not in spoken:
            continue
        if cell.cell_type == "markdown" and cell.source.strip():
            yield {"type": "md", "tree": markdown_tree(cell.source, where)}
        for output in cell.get("outputs", []):
            if output.output_type in _SHOWN:
                yield from _shown(output.data, language, where)


def _shown(data: Mapping[str, Any], language: str, where: str) -> Iterator[dict[str, Any]]:
    if MIME not in data:
        raise ReportError(
            ("单元格显示的内容无法印在纸上", "the cell shows something that has no form on paper"),
            where=where,
            found=next(iter(data.get("text/plain", "").splitlines()), "an output")[:60],
            todo=(
                "数据框用 display.Table、图用 display.Chart、文字用 display.Text 包起来，或在行末加分号",
                "wrap a frame in display.Table, a drawing in display.Chart, words in display.Text, "
                "or end the line with a semicolon",
            ),
        )
    block = dict(data[MIME])
    if block["language"] != language:
        raise ReportError(
            (
                f"{language!r} 报告的单元格显示了 {block['language']!r} 的内容",
                f"the cell shows a block in {block['language']!r} in a report in {language!r}",
            ),
            where=where,
            todo=(
                "在 parameters 之后的单元格调用 speak(language)",
                "call speak(language) in the first cell after the parameters",
            ),
        )
    if block["type"] == "text":
        yield {"type": "md", "tree": markdown_tree(block["markdown"], where)}
    else:
        yield block
