"""The file itself: what format it has, and what it calls itself."""

from __future__ import annotations

from hostile.draft import Draft
from hostile.registry import FILES, defect

# kind of container (an encoding may follow it: csv:utf-8) -> what the file's name ends in
EXTENSIONS = {
    "xlsx": "xlsx", "xlsx-as-xls": "xls", "xlsx-1904": "xlsx", "xlsm": "xlsm", "xls": "xls", "ods": "ods", "html": "xls", "xml2003": "xls",
    "csv": "csv", "semicolon": "csv", "tab": "txt", "tsv": "tsv", "tab-as-xls": "xls",
}  # fmt: skip
DELIMITERS = {"csv": ",", "semicolon": ";", "tab": "\t", "tsv": "\t", "tab-as-xls": "\t"}


def extension(container: str) -> str:
    return EXTENSIONS[container.partition(":")[0]]


def one_sheet(container: str) -> bool:
    """Whether the file holds one sheet without a name."""
    return container == "html" or container.partition(":")[0] in DELIMITERS


def _book(d: Draft) -> bool:
    """Whether the case needs sheets, merges or formulas, which a text file can't hold."""
    return (
        "xlsx_only" in d.facts
        or bool({"cover", "view", "empty", "dashboard", "hide_sheet"} & set(d.plan) or d.views)
        or d.plan.get("split") == "sheets"
    )


@defect(FILES, "container")
def csv_utf8(d: Draft) -> bool:
    """A .csv with or without a byte order mark."""
    d.plan["container"] = d.rng.choice(("csv:utf-8", "csv:utf-8-sig"))
    return _text_fits(d)


@defect(FILES, "container")
def csv_gb18030(d: Draft) -> bool:
    """A .csv as Chinese Excel writes it."""
    d.plan["container"] = "csv:gb18030"
    return _text_fits(d)


@defect(FILES, "container")
def text_utf16(d: Draft) -> bool:
    """Unicode text with tabs, named .csv or .txt."""
    d.plan["container"] = "tab:utf-16"
    return _text_fits(d)


@defect(FILES, "container")
def semicolons(d: Draft) -> bool:
    """Semicolons, and commas for decimals."""
    d.plan["container"] = "semicolon:utf-8"
    return _text_fits(d) and not any(
        isinstance(v, str) and any(x.isdigit() for x in v)
        for line in d.lines
        for i, v in enumerate(line.cells)
        if i in line.figures
    )


def _text_fits(d: Draft) -> bool:
    if _book(d) or d.merges:
        del d.plan["container"]
        return False
    return True


@defect(FILES, "container")
def csv_utf16(d: Draft) -> bool:
    """Commas in Unicode text."""
    d.plan["container"] = "csv:utf-16"
    return _text_fits(d)


@defect(FILES, "container")
def tab_separated(d: Draft) -> bool:
    """.tsv in one of the usual encodings."""
    d.plan["container"] = d.rng.choice(("tsv:utf-8", "tsv:gb18030", "tsv:utf-16"))
    return _text_fits(d)


@defect(FILES, "container")
def text_as_xls(d: Draft) -> bool:
    """What many systems export as .xls: text with tabs."""
    d.plan["container"] = d.rng.choice(("tab-as-xls:gb18030", "tab-as-xls:utf-16"))
    return _text_fits(d)


@defect(FILES, "container")
def old_xls(d: Draft) -> bool:
    """.xls as Excel 2003 wrote it."""
    if "xlsx_only" in d.facts:
        return False
    d.plan["container"] = "xls"
    return True


@defect(FILES, "container")
def open_document(d: Draft) -> bool:
    """.ods, as LibreOffice writes it."""
    if "xlsx_only" in d.facts:
        return False
    d.plan["container"] = "ods"
    return True


@defect(FILES, "container")
def html_table(d: Draft) -> bool:
    """A web page with a table that calls itself .xls: all text."""
    if _book(d):
        return False
    d.plan["container"] = "html"
    return True


@defect(FILES, "container")
def wrong_extension(d: Draft) -> bool:
    """An .xlsx that calls itself .xls."""
    d.plan["container"] = "xlsx-as-xls"
    return True


@defect(FILES, "container")
def macro_workbook(d: Draft) -> bool:
    """.xlsm"""
    d.plan["container"] = "xlsm"
    return True


@defect(FILES, "container")
def xml_spreadsheet(d: Draft) -> bool:
    """XML as Excel 2003 wrote it, named .xls."""
    if "xlsx_only" in d.facts:
        return False
    d.plan["container"] = "xml2003"
    return True


@defect(FILES, "container")
def dates_from_1904(d: Draft) -> bool:
    """A workbook of an old Mac: its days are counted from 1904."""
    if "serial_dates" in d.defects:
        return False  # a number that lost its format no longer says from when it counts
    d.plan["container"] = "xlsx-1904"
    return True
