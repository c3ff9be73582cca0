"""Typeset a document by Typst: tagged PDF/A, the same bytes each time; any warning is an error."""

from __future__ import annotations

import calendar
import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import typst

from mktanalytics.display.fonts import font_folder
from mktanalytics.publish.document import Document
from mktanalytics.publish.failures import ReportError

TEMPLATE = Path(__file__).with_name("report.typ")


def make_pdf(document: Document) -> bytes:
    """The PDF of a document.

    Raises
    ------
    ReportError
        Typst found something it can't print as it should be, such as a character the font lacks.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "doc.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        shutil.copy(TEMPLATE, root / TEMPLATE.name)
        try:
            # with these standards a missing glyph or alternative text is an error, not a blank
            pdf, warnings = typst.compile_with_warnings(
                str(root / TEMPLATE.name), root=folder, font_paths=[str(font_folder())],
                ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"], timestamp=_month_end(document["month"]),
            )  # fmt: skip
        except typst.TypstError as error:
            raise _not_printable(error.message, document) from None
    if warnings:
        raise _not_printable("; ".join(w.message for w in warnings), document)
    return bytes(pdf)


def _month_end(month: str) -> dt.datetime:
    """The time stamp inside the PDF: the month's last day, for a clock would change the bytes."""
    year, number = map(int, month.split("-"))
    return dt.datetime(year, number, calendar.monthrange(year, number)[1], tzinfo=dt.UTC)


def _not_printable(message: str, document: Document) -> ReportError:
    return ReportError(
        "the page can't be printed as it should be",
        where=document["title"],
        found=message,
        todo="change the words or the table it names",
    )
