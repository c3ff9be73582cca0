"""Defects around the table: titles, notes, other sheets, other blocks, the file itself. They say what the composer is to do."""

from __future__ import annotations

from hostile.draft import Draft
from hostile.registry import FILES, SHEET, defect


@defect(SHEET)
def title(d: Draft) -> bool:
    """A title above, merged over the table or not."""
    d.plan["title"] = d.rng.choice(("plain", "merged", "middle"))
    return True


@defect(SHEET)
def meta_rows(d: Draft) -> bool:
    """制表部门：市场部 between title and header."""
    if "sections" in d.defects:
        return False  # a department above the first section is that section's
    d.plan["meta"] = d.rng.choice(
        (["制表部门：市场部"], ["填报人：王芳", "联系电话：021-55501234"], ["部门：销售部", "密级：内部"])
        if d.zh
        else (["Prepared for: Sales"], ["Department: Sales", "Level: internal"])
    )
    return True


@defect(SHEET)
def notes_below(d: Draft) -> bool:
    """注：… below the table, after an empty row or directly."""
    d.plan["notes"] = d.rng.choice(
        (
            ["注：金额均为含税口径。"],
            ["数据来源：公司销售系统", "制表人：李娜"],
            ["备注：", "1、退货以负数列示，详见财务部说明。"],
        )
        if d.zh
        else (["Note: all amounts include tax."], ["Source: company system", "Prepared by: A. Smith"])
    )
    d.plan["notes_gap"] = d.rng.random() < 0.5
    return True


@defect(SHEET)
def moved(d: Draft) -> bool:
    """The table begins at C5."""
    d.plan["top"], d.plan["left"] = d.rng.randint(1, 6), d.rng.randint(0, 4)
    return True


@defect(SHEET)
def gap_under_title(d: Draft) -> bool:
    """Empty rows between title and header."""
    d.plan["title"] = d.plan.get("title", "plain")
    d.plan["title_gap"] = d.rng.randint(1, 2)
    return True


@defect(SHEET, "split")
def stacked(d: Draft) -> bool:
    """The table in two parts, one below the other, each with its header."""
    if not _can_split(d) or (len(d.columns[0].header) > 1 and d.rng.random() < 0.5):
        return False
    d.plan["split"] = "stacked_gap" if d.rng.random() < 0.6 else "stacked"
    d.defects.append(str(d.plan["split"]))
    return True


@defect(SHEET, "split")
def side_by_side(d: Draft) -> bool:
    """The table in two parts beside one another."""
    if not _can_split(d) or d.wide or len(d.columns) > 7 or len(d.columns[0].header) > 1:
        return False
    d.plan["split"] = "side_gap" if d.rng.random() < 0.6 else "side"
    d.defects.append(str(d.plan["split"]))
    return True


@defect(SHEET, "split")
def several_sheets(d: Draft) -> bool:
    """Rows of one table on two or three sheets of one form."""
    if not _can_split(d):
        return False
    d.plan["split"] = "sheets"
    return True


def _can_split(d: Draft) -> bool:
    return (
        all(x.kind == "data" for x in d.lines)
        and len(d.lines) >= 6
        and not d.merges
        and "keys" not in d.facts
        and not d.all_held
        and not any(x.held for x in d.lines)
    )


@defect(SHEET, "view")
def view_sheet(d: Draft) -> bool:
    """A second sheet that shows some of the rows again."""
    if (
        any(x.kind != "data" for x in d.lines)
        or d.merges
        or "keys" in d.facts
        or len(d.data) < 8
        or any(x.held for x in d.lines)
    ):
        return False
    d.plan["view"] = True
    return not d.all_held


@defect(SHEET)
def cover_sheet(d: Draft) -> bool:
    """A first sheet with the company's name and remarks."""
    d.plan["cover"] = True
    return True


@defect(SHEET)
def empty_sheets(d: Draft) -> bool:
    """Sheet2 and Sheet3, empty."""
    d.plan["empty"] = True
    return True


@defect(SHEET)
def dashboard(d: Draft) -> bool:
    """A sheet of single figures with labels: no table."""
    d.plan["dashboard"] = True
    return True


@defect(SHEET)
def second_table(d: Draft) -> bool:
    """Another table below, two rows further down."""
    d.plan["second"] = True
    return not d.all_held and "split" not in d.plan


@defect(SHEET, "hidden")
def hidden_rows(d: Draft) -> bool:
    """Hidden rows are read like others, and told."""
    d.facts.add("xlsx_only")
    d.plan["hide_rows"] = True
    return True


@defect(SHEET, "hidden")
def hidden_sheet(d: Draft) -> bool:
    """The table on a hidden sheet: read, and told."""
    d.plan["hide_sheet"] = d.plan["cover"] = True
    d.facts.add("xlsx_only")
    return True


@defect(SHEET)
def stray_text(d: Draft) -> bool:
    """A word beside the table, far to the right."""
    if {"repeated_line", "contradicting_rows"} & set(d.defects):
        return False  # the word would stand beside one of the two lines
    d.plan["stray"] = "请核对" if d.zh else "please check"
    return True


@defect(SHEET)
def nameless_file(d: Draft) -> bool:
    """Neither file nor sheet says what it is; the header does."""
    d.plan["nameless"] = d.layout == "long"
    return d.layout == "long"


# ---- the files


@defect(FILES, "files")
def same_file_twice(d: Draft) -> bool:
    """The same file under another name: counted once."""
    d.plan["twice"] = True
    return True


@defect(FILES, "files")
def corrected_file(d: Draft) -> bool:
    """An older file with other figures, and the corrected one, which counts."""
    if d.all_held or any(x.held for x in d.lines) or d.table in ("competitor_profile",):
        return False
    d.plan["corrected"] = True
    return True
