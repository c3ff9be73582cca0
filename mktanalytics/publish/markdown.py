"""Markdown as a syntax tree that the Typst template walks: nothing to escape, nothing to inject."""

from __future__ import annotations

from typing import Any

from markdown_it.tree import SyntaxTreeNode

from mktanalytics.display.jupyter import MARKDOWN
from mktanalytics.publish.failures import ReportError

KNOWN = {
    "root", "inline", "paragraph", "heading", "text", "softbreak", "hardbreak", "strong", "em", "s", "code_inline",
    "fence", "code_block", "bullet_list", "ordered_list", "list_item", "blockquote", "link", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def markdown_tree(text: str, where: str) -> dict[str, Any]:
    """The syntax tree of `text` as JSON.

    Raises
    ------
    ReportError
        The text holds something reports can't show, such as an image.
    """
    return _node(SyntaxTreeNode(MARKDOWN.parse(text)), where)


def _node(node: SyntaxTreeNode, where: str) -> dict[str, Any]:
    if node.type not in KNOWN:
        raise ReportError(
            (f"报告不能显示 Markdown 的 {node.type}", f"reports can't show {node.type} from markdown"),
            where=where,
            todo=("改用 display 的块，或去掉它", "use a display block, or leave it out"),
        )
    # a hidden paragraph is the text of a tight list item
    out: dict[str, Any] = {"k": "inline" if node.type == "paragraph" and node.hidden else node.type}
    if node.children:
        out["c"] = [_node(child, where) for child in node.children]
    elif node.content:
        out["t"] = node.content
    if node.type == "heading":
        out["level"] = int(node.tag[1])
    elif node.type == "link":
        out["href"] = str(node.attrs["href"])
    elif node.type in ("th", "td"):
        out["align"] = str(node.attrs.get("style", "text-align:left")).split(":")[1]
    elif node.type == "ordered_list":
        out["start"] = int(node.attrs.get("start", 1))
    return out
