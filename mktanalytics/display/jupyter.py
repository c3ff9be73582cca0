"""Blocks as HTML and plain text, for reading in JupyterLab."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_cjk_friendly import cjk_friendly

Data = dict[str, Any]
COLOURS = {"good": "#1a7f4b", "bad": "#b3261e", "faint": "#6b7280", "": "inherit"}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).use(cjk_friendly)


def as_html(data: Data) -> str:
    """The block as HTML."""
    return _HTML[data["type"]](data)


def as_text(data: Data) -> str:
    """The block in a line, for a terminal."""
    words = data.get("text") or data.get("caption") or data.get("markdown") or data.get("day", "")
    return f"[{data['type']}] {words}".rstrip()


def _headline(data: Data) -> str:
    style = "border-left:4px solid #12355b;background:#eef3f8;padding:.6em 1em;font-size:115%"
    return f'<div style="{style}">{escape(data["text"])}</div>'


def _note(data: Data) -> str:
    colour = "#b3261e" if data["kind"] == "warning" else "#6b7280"
    style = f"border-left:4px solid {colour};padding:.3em 1em"
    return f'<div style="{style}"><b>{escape(data["word"])}</b> {escape(data["text"])}</div>'


def _cards(data: Data) -> str:
    box = "display:inline-block;border:1px solid #d1d5db;border-radius:6px;padding:.5em 1em;margin:.2em"
    return "".join(
        f'<div style="{box}"><small>{escape(c["label"])}</small><br>'
        f'<b style="font-size:150%">{escape(c["text"])}</b><br>'
        f'<span style="color:{COLOURS[c["tone"]]}">{c["arrow"]} {escape(c["change"])}</span> '
        f"<small>{escape(c['note'])}</small></div>"
        for c in data["cards"]
    )


def _chart(data: Data) -> str:
    svg = data["svg"][data["svg"].index("<svg") :]
    return (
        f'<figure role="img" aria-label="{escape(data["alt"])}">{svg}'
        f"<figcaption><b>{escape(data['caption'])}</b> {escape(data['note'])}</figcaption></figure>"
    )


def _row(data: Data) -> str:
    return '<div style="display:flex;gap:1em">' + "".join(map(_chart, data["charts"])) + "</div>"


def _table(data: Data) -> str:
    numeric = [c["numeric"] for c in data["columns"]]
    groups = [c["group"] for c in data["columns"]]
    above = "<tr>" + "".join(f"<th>{escape(g)}</th>" for g in groups) + "</tr>" if any(groups) else ""
    head = "".join(f"<th>{escape(c['head'])}</th>" for c in data["columns"])
    body = "".join(
        "<tr>" + "".join(map(_cell, row["cells"], numeric, [row["total"]] * len(numeric))) + "</tr>"
        for row in data["rows"]
    )
    notes = escape(" ".join(filter(None, (data["footnote"], data["note"]))))
    return (
        f"<table><caption>{escape(data['caption'])}</caption><thead>{above}<tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table><small>{notes}</small>"
    )


def _cell(cell: Data, numeric: bool, total: bool) -> str:
    style = f"text-align:{'right' if numeric else 'left'};color:{COLOURS[cell['tone']]}"
    style += ";font-weight:bold" if total else ""
    return f'<td style="{style}">{escape(cell["text"])}</td>'


_HTML: dict[str, Callable[[Data], str]] = {
    "headline": _headline,
    "note": _note,
    "cards": _cards,
    "chart": _chart,
    "row": _row,
    "table": _table,
    "text": lambda data: str(MARKDOWN.render(data["markdown"])),
    "through": lambda data: f"<small>{escape(data['word'])} {escape(data['day'])}</small>",
    "pagebreak": lambda data: "<hr>",
}
