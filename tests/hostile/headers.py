"""Defects of headers: units, line breaks, typos, groups, strangers."""

from __future__ import annotations

from decimal import Decimal

from hostile.draft import Col, Draft
from hostile.registry import CELLS, HEADERS, ROWS, UNITS, defect

ONE, QIAN, WAN = Decimal(1), Decimal(1000), Decimal(10000)


def rescale(d: Draft, columns: list[int], scale: Decimal) -> None:
    """Show these columns in units of `scale`."""
    for i in columns:
        d.columns[i].scale = scale
        for line in d.lines:
            if i in line.figures:
                line.figures[i] /= scale
                line.cells[i] = line.figures[i]


def money(d: Draft) -> list[int]:
    return [i for i, c in enumerate(d.columns) if c.kind == "money" and c.role in ("measure", "wide")]


def _said(d: Draft) -> None:
    d.facts.add("unit_said")


@defect(UNITS, "unit")
def unit_in_header(d: Draft) -> bool:
    """销售额(万元), 金额（元）, Amount (k CNY)"""
    columns = [i for i in money(d) if d.columns[i].role == "measure"] or [
        i for i in money(d) if d.layout == "months2"
    ]
    if not columns:
        return False
    word, scale = d.rng.choice(
        (("万元", WAN), ("元", ONE), ("千元", QIAN), ("万元", WAN))
        if d.zh
        else (("CNY", ONE), ("RMB", ONE), ("万元", WAN))
    )
    if d.table == "competitor_prices":  # nobody writes the price of a bottle in 万元
        word, scale = ("元", ONE) if d.zh else ("CNY", ONE)
    form = d.rng.choice(
        ("{}（{}）", "{}({})", "{} ({})", "{}\n({})", "{}/{}", "{}【{}】")
        if d.zh
        else ("{} ({})", "{}\n({})", "{} [{}]")
    )
    rescale(d, columns, scale)
    for i in columns:
        d.columns[i].header[-1] = form.format(d.columns[i].header[-1], word)
    _said(d)
    return True


@defect(UNITS, "unit")
def unit_note(d: Draft) -> bool:
    """单位：万元 above the table."""
    if not money(d):
        return False
    word, scale = d.rng.choice(
        (("万元", WAN), ("元", ONE), ("人民币万元", WAN)) if d.zh else (("CNY", ONE), ("万元", WAN))
    )
    if d.table == "competitor_prices":
        word, scale = ("元", ONE) if d.zh else ("CNY", ONE)
    rescale(d, money(d), scale)
    d.plan["unit_note"] = d.rng.choice(
        (f"单位：{word}", f"（单位：{word}）", f"单位:{word}", f"金额单位：{word}")
        if d.zh
        else (f"Unit: {word}", f"(Unit: {word})")
    )
    _said(d)
    return True


@defect(UNITS, "unit")
def unit_row(d: Draft) -> bool:
    """A row of units under the header."""
    if d.layout != "long" or d.table not in ("sales", "market", "competitor_prices") or not d.zh:
        return False
    wan = d.table != "competitor_prices" and d.rng.random() < 0.5
    if wan:
        rescale(d, money(d), WAN)
    for c in d.columns:
        unit = {"money": "万元" if wan else "元", "number": d.rng.choice(("件", "瓶", "箱"))}.get(c.kind)
        c.header.append(d.rng.choice((f"（{unit}）", unit)) if unit else None)
    _said(d)
    return True


@defect(UNITS, "unit")
def different_scales(d: Draft) -> bool:
    """Each row of targets in its own unit: 万元, 家, %."""
    if d.table != "targets" or not d.zh:
        return False
    places = [i for i, c in enumerate(d.columns) if c.name in ("target", "actual")]
    for line in d.data:
        if line.records[0]["unit"] == "CNY":
            line.cells[d.at("unit")] = "万元"
            for i in places:
                if i in line.figures:
                    line.figures[i] /= WAN
                    line.cells[i] = line.figures[i]
    _said(d)
    return True


# ---- how a header is written


def _top(c: Col) -> int:
    return next(i for i, v in enumerate(c.header) if v is not None)


@defect(HEADERS, "written")
def line_breaks(d: Draft) -> bool:
    """销售\\n额, Sales\\nAmount"""
    for c in d.columns:
        text = c.header[_top(c)] if any(c.header) else None
        if isinstance(text, str) and len(text) > 2 and c.role != "wide":
            middle = text.index(" ") if " " in text else len(text) // 2 if d.zh and text.isalpha() else -1
            if middle > 0:
                c.header[_top(c)] = text[:middle] + "\n" + text[middle:].strip()
    return True


@defect(HEADERS, "written")
def spaced_headers(d: Draft) -> bool:
    """区 域, full-width spaces, spaces around."""
    for c in d.columns:
        text = c.header[_top(c)] if any(c.header) else None
        if isinstance(text, str) and c.role != "wide":
            wide = d.zh and text.isalpha() and len(text) == 2 and all("一" <= x <= "鿿" for x in text)
            c.header[_top(c)] = text[0] + d.rng.choice(("  ", "\u3000")) + text[1] if wide else f" {text} "
    return True


@defect(HEADERS, "written")
def starred_headers(d: Draft) -> bool:
    """*区域: a form's mark for columns that must be filled in."""
    for c in d.columns:
        text = c.header[_top(c)] if any(c.header) else None
        if isinstance(text, str) and c.role in ("key", "measure") and d.rng.random() < 0.7:
            c.header[_top(c)] = d.rng.choice((f"*{text}", f"{text}*", f"* {text}"))
    return True


@defect(HEADERS, "written")
def bilingual_headers(d: Draft) -> bool:
    """区域 Region, 区域/Region"""
    if not d.zh:
        return False
    english = {"region": "Region", "brand": "Brand", "product": "Product", "channel": "Channel", "date": "Date", "amount": "Amount", "department": "Department",
               "category": "Category", "city": "City", "month": "Month"}  # fmt: skip
    form = d.rng.choice(("{} {}", "{}\n{}", "{}/{}", "{}（{}）", "{}({})"))
    done = False
    for c in d.columns:
        if (
            c.role in ("key", "measure")
            and c.name in english
            and isinstance(c.header[_top(c)], str)
            and len(c.header) == 1
            and c.scale == 1
            and "unit_said" not in d.facts
        ):
            c.header[0] = form.format(c.header[0], english[c.name])
            done = True
    return done


_TWINS = {
    "品": "晶",
    "额": "颔",
    "称": "秤",
    "门": "们",
    "类": "累",
    "单": "但",
    "号": "好",
    "销": "消",
    "据": "剧",
}


@defect(HEADERS, "written")
def typos(d: Draft) -> bool:
    """产品名秤, 产产品名称, Custmer Name: one letter wrong, twice or missing in a long header."""
    places = [
        c
        for c in d.columns
        if c.role in ("key", "measure") and len(c.header) == 1 and isinstance(c.header[0], str)
    ]
    for c in d.rng.sample(places, len(places)):
        text = str(c.header[0])
        if d.zh and len(text) >= 4 and text.isalpha():
            letter = next((x for x in text[1:] if x in _TWINS), "")
            at = d.rng.randint(1, len(text) - 1)
            doubled = text[:at] + text[at - 1] + text[at:]
            c.header[0] = text.replace(letter, _TWINS[letter]) if letter and d.rng.random() < 0.5 else doubled
            return True
        if not d.zh and len(text) >= 8 and text.replace(" ", "").isalpha():
            at = d.rng.randint(2, len(text) - 3)
            if text[at] != " ":
                c.header[0] = text[:at] + text[at + 1 :]
                return True
    return False


@defect(HEADERS, "written")
def upper_case(d: Draft) -> bool:
    """REGION, sales amount: letters in the other case."""
    for c in d.columns:
        if c.role in ("key", "measure") and isinstance(c.header[0], str):
            c.header[0] = c.header[0].upper() if d.rng.random() < 0.5 else c.header[0].lower()
    return not d.zh


@defect(HEADERS, "levels")
def grouped_headers(d: Draft) -> bool:
    """客户信息 merged over two or three columns, the others merged over both rows."""
    if d.layout != "long" or len(d.columns) < 5 or any(len(c.header) > 1 for c in d.columns):
        return False
    start = d.rng.randint(0, len(d.columns) - 3)
    end = start + d.rng.randint(1, min(2, len(d.columns) - 1 - start))
    name = d.rng.choice(("基本信息", "明细", "数据") if d.zh else ("Details", "Data"))
    for i, c in enumerate(d.columns):
        inside = start <= i <= end
        c.header = [name if i == start else None, c.header[0]] if inside else [c.header[0], None]
        if not inside:
            d.header_merges.append((0, i, 1, i))
    d.header_merges.append((0, start, 0, end))
    return True


@defect(HEADERS, "levels")
def three_levels(d: Draft) -> bool:
    """The year merged over all months, over each month's measures: three rows of header."""
    wide = [i for i, c in enumerate(d.columns) if c.role == "wide"]
    labels = {c.label for c in d.columns if c.role == "wide"}
    if (
        d.layout not in ("months", "months2")
        or "no_year" not in d.facts
        or d.length != "month"
        or len(wide) < 2
        or len(labels) < 2
    ):
        return False
    if wide[-1] - wide[0] + 1 != len(wide):
        return False
    depth = len(d.columns[0].header)
    text = f"{d.year}年" if d.zh else str(d.year)
    for i, c in enumerate(d.columns):
        if c.role == "wide":
            c.header = [text if i == wide[0] else None, *c.header]
        else:
            c.header = [c.header[0], *[None] * depth]
    d.header_merges = [(a + 1, b, c + 1, e) for a, b, c, e in d.header_merges if b in wide]
    d.header_merges += [(0, i, depth, i) for i in range(len(d.columns)) if i not in wide]
    d.header_merges.append((0, wide[0], 0, wide[-1]))
    d.facts.discard("no_year")
    d.facts.add("year_in_header")
    return True


# ---- columns that are not the table's


@defect(ROWS, "number_column")
def serial_numbers(d: Draft) -> bool:
    """序号: a running number at the left; in sales it is the line number."""
    if d.table == "survey":
        return False
    for n, line in enumerate(d.data, 1):
        for r in line.records:
            if d.table == "sales" and d.zh:
                r["order_line"] = str(n)
    cells: list[object] = []
    n = 0
    for line in d.lines:
        n += line.kind == "data"
        cells.append(n if line.kind == "data" else None)
    deep = [None] * (len(d.columns[0].header) - 1)
    d.insert(0, Col("", ["序号" if d.zh else "No.", *deep], "filler", "number_text"), cells)
    return True


@defect(CELLS, "blank_header")
def blank_header(d: Draft) -> bool:
    """A column of remarks without a header."""
    if d.table == "survey" and d.wide:
        return False  # it might be a question
    words = ("已核", "", "ok", "请确认") if d.zh else ("checked", "", "ok")
    cells: list[object] = [d.rng.choice(words) if line.kind == "data" else None for line in d.lines]
    if not any(cells):
        return False
    d.insert(len(d.columns), Col("", [None] * len(d.columns[0].header), "filler", "text"), cells)
    return True


@defect(CELLS, "strangers")
def stranger_columns(d: Draft) -> bool:
    """Columns that the table doesn't know: 审批流水, Owner."""
    title = d.rng.choice(("审批流水", "系统状态码", "录入人") if d.zh else ("Owner", "Batch", "Checked by"))
    cells: list[object] = [
        d.rng.choice(("甲", "乙", "丙") if d.zh else ("x1", "x2")) if line.kind == "data" else None
        for line in d.lines
    ]
    deep = [None] * (len(d.columns[0].header) - 1)
    first_wide = next((i for i, c in enumerate(d.columns) if c.role == "wide"), len(d.columns))
    if d.layout == "labels":
        return False
    d.insert(first_wide if d.rng.random() < 0.5 else 0, Col("", [title, *deep], "filler", "text"), cells)
    return True


@defect(HEADERS, "shuffled")
def shuffled_columns(d: Draft) -> bool:
    """Columns in another order."""
    if d.layout != "long" or d.header_merges or d.merges:
        return False
    order = d.rng.sample(range(len(d.columns)), len(d.columns))
    d.columns = [d.columns[i] for i in order]
    for line in d.lines:
        line.cells = [line.cells[i] for i in order]
        line.figures = {order.index(i): v for i, v in line.figures.items()}
    return True
