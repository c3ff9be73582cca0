"""The market share report says what the truth says, recomputed in plain Python (`recompute.market`)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import recompute
from recompute import market as m
from recompute.report import (
    Report,
    close,
    differences,
    drawn,
    drawn_lines,
    not_of_its_parts,
    numbers_in,
    printed,
    records,
    rows_of,
    subject_tables,
    unprinted,
    value_of,
)
from recompute.rows import OWN, months, shift
from truth_reports import EDITIONS, published

SHARES = ("brand", "value", "yoy", "ytd", "ytd_yoy", "units", "units_yoy")


@pytest.fixture(scope="module", params=EDITIONS, ids="-".join)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Report:
    month, language = request.param
    return published(tmp_path_factory, "market_share", month, language)


def spoken(report: Report, brand: str) -> str:
    words = {m.TOGETHER: report.either(m.TOGETHER, "Own brands"), m.OTHERS: report.either(m.OTHERS, "Others")}
    return words.get(brand, brand)


def all_brands(report: Report) -> list[str]:
    """Firms in order of rank, then the rest and the own ones together."""
    return [*m.brands(report.month), m.OTHERS, m.TOGETHER]


def only(report: Report, *keys: str) -> dict:
    found = report.tables(*keys)
    assert len(found) == 1, [t["caption"] for t in report.of("table")]
    return found[0]


def in_spring(month: str) -> bool:
    """January to March, for which no 环比 is printed (methods 2.3 rule 7)."""
    return int(month[5:]) <= 3


def shares_table(report: Report) -> dict:
    return only(report, *SHARES, *([] if in_spring(report.month) else ["mom"]))


# ---- the sentence and the cards


def test_headline_says_what_its_records_hold(report: Report) -> None:
    (headline,) = report.of("headline")
    month = report.month
    lines = sorted((e["total"], name) for name, e in m.effects("category", month).items())
    values = [m.share(m.TOGETHER, [month]), m.change(m.TOGETHER, month, "yoy"), lines[-1][0], lines[0][0]]
    assert [close(r["value"], v) for r, v in zip(headline["records"], values, strict=True)] == [True] * 4
    said = numbers_in(headline["text"])
    assert len(said) == 4
    points = {0: "%", 1: "pp", 2: "pp", 3: "pp"}
    assert all(printed(values[i], text, "" if "%" in text else points[i]) for i, text in enumerate(said))
    assert lines[-1][1] in headline["text"] and lines[0][1] in headline["text"]


def test_cards(report: Report) -> None:
    month, us = report.month, m.TOGETHER
    (block,) = report.of("cards")
    expected = [
        [m.share(us, [month]), m.change(us, month, "yoy")],
        [m.share(us, months(month, "ytd")), m.change(us, month, "ytd")],
        [m.share(us, [month], "units"), m.change(us, month, "yoy", "units")],
        [m.relative_share(us, month)],
    ]
    for card, values in zip(block["cards"], expected, strict=True):
        found = [r["value"] for r in card["records"]]
        assert all(close(f, v) for f, v in zip(found, values, strict=True)), (card["label"], found, values)
        assert printed(values[0], card["text"]), card
        assert len(values) == 1 or printed(values[1], card["change"], "pp"), card


def test_every_cell_prints_its_record(report: Report) -> None:
    assert [w for table in report.of("table") for w in unprinted(table)] == []


def test_every_ratio_is_made_of_its_parts(report: Report) -> None:
    assert [r for r in records(report) if not_of_its_parts(r)] == []


# ---- shares and ranks


def test_shares_and_their_changes(report: Report) -> None:
    month = report.month
    table = shares_table(report)
    expected = {
        (spoken(report, b),): {
            "value": m.share(b, [month]),
            **({} if in_spring(month) else {"mom": m.change(b, month, "mom")}),
            "yoy": m.change(b, month, "yoy"),
            "ytd": m.share(b, months(month, "ytd")),
            "ytd_yoy": m.change(b, month, "ytd"),
            "units": m.share(b, [month], "units"),
            "units_yoy": m.change(b, month, "yoy", "units"),
        }
        for b in all_brands(report)
    }
    assert differences(table, ("brand",), expected, scale=1.0) == []
    assert list(rows_of(table, "brand"))[:7] == [(b,) for b in m.brands(month)]  # in order of rank
    shown = {b: rows_of(table, "brand")[spoken(report, b),] for b in all_brands(report)}
    for brand, cells in shown.items():
        for key, wanted, measure in (
            ("value", [month], "amount"), ("ytd", months(month, "ytd"), "amount"), ("units", [month], "units"),
        ):  # fmt: skip
            record = cells[key]["record"]
            parts = m.parts(brand, wanted, measure)
            assert parts and close(record["numerator"], parts[0]) and close(record["denominator"], parts[1])


def test_own_brands_are_summed_before_dividing(report: Report) -> None:
    table = rows_of(shares_table(report), "brand")
    for key in ("value", "units"):
        each = [value_of(table[b,][key]) or 0.0 for b in OWN]
        assert close(value_of(table[spoken(report, m.TOGETHER),][key]), sum(each))


def test_position_of_each_brand(report: Report) -> None:
    month = report.month
    table = only(report, "brand", "rank", "relative", "price", "evolution")
    expected = {
        (spoken(report, b),): {
            "relative": m.relative_share(b, month),
            "price": m.price_index(b, month),
            "evolution": m.evolution(b, month),
        }
        for b in all_brands(report)
    }
    assert differences(table, ("brand",), expected) == []
    rows = rows_of(table, "brand")
    for brand in m.brands(month):
        rank, of = m.competition_rank(brand, month)
        assert rows[brand,]["rank"]["text"] == f"{rank} / {of}"
    assert rows[spoken(report, m.TOGETHER),]["rank"]["text"] == "—"


# ---- charts: what is printed in them, and where the lines run


def test_trend_lines_run_through_the_shares(report: Report) -> None:
    chart = report.chart("近24个月", "Value share over 24")
    leaders = [b for b in m.brands(report.month) if b not in OWN][:3]
    names = [m.TOGETHER, *OWN, *leaders]
    when = [shift(report.month, i - 23) for i in range(24)]
    values = [[m.share(b, [month]) or 0.0 for month in when] for b in names]
    lines = drawn_lines(chart, 24)
    assert len(lines) == len(names)
    # one straight axis: two points fix it, all others must lie on it
    (_, y0), (_, y1) = lines[0][-1], lines[2][-1]
    slope = (y1 - y0) / (values[2][-1] - values[0][-1])
    off = [
        abs(y - (y0 + slope * (v - values[0][-1])))
        for line, shares in zip(lines, values, strict=True)
        for (_, y), v in zip(line, shares, strict=True)
    ]
    assert max(off) < 1e-4  # hundredths of a thousandth of an inch
    ends = [w for w in drawn(chart) if any(w.startswith(spoken(report, b) + " ") for b in names)]
    for word, brand, shares in zip(ends, names, values, strict=True):
        assert word.startswith(spoken(report, brand)) and printed(shares[-1], word.split()[-1]), word


@pytest.mark.parametrize("column", ["region", "category"])
def test_matrix_of_shares(report: Report, column: str) -> None:
    captions = {
        "region": ("分区域", "Value share by region"),
        "category": ("分品类", "Value share by category"),
    }
    words = drawn(report.chart(*captions[column]))
    segments, firms = m.segments(column, report.month), [*m.brands(report.month), m.TOGETHER]
    across, down = words[: len(segments)], words[len(segments) : len(segments) + len(firms)]
    assert sorted(across) == segments and down == [spoken(report, b) for b in firms]
    cells = words[len(segments) + len(firms) :]
    values = [m.share(b, [report.month], **{column: s}) for b in firms for s in across]
    assert len(cells) == len(values)
    for text, value in zip(cells, values, strict=True):
        assert text == "—" if value is None else printed(value, text), (text, value)


def test_waterfall_of_categories(report: Report) -> None:
    month = report.month
    words = drawn(report.chart("自有品牌份额同比变动", "Change of own share"))
    lines = sorted(((e["total"], name) for name, e in m.effects("category", month).items()), reverse=True)
    assert words[1 : 1 + len(lines)] == [name for _, name in lines]
    ends = [m.share(m.TOGETHER, [when]) or 0.0 for when in (shift(month, -12), month)]
    numbers = [w for w in words if numbers_in(w)]
    expected = [(v, "%") for v in ends] + [(v, "pp") for v, _ in lines]
    assert len(numbers) == len(expected)
    assert all(printed(v, text, unit) for text, (v, unit) in zip(numbers, expected, strict=True)), numbers


def test_competitor_profile(report: Report) -> None:
    words = drawn(report.chart("竞品概况", "Competitor profile"))
    scores = m.profile(report.month)
    firms = {b for line in scores.values() for b in line}
    across, down = words[: len(firms)], words[len(firms) : len(firms) + len(scores)]
    assert set(across) == firms and across[:3] == list(OWN) and set(down) == set(scores)
    cells = [w for w in words[len(firms) + len(scores) :] if numbers_in(w)]
    values = [scores[item][b] for item in down for b in across]
    assert len(cells) == len(values)
    assert all(printed(v, text) for text, v in zip(cells, values, strict=True))


# ---- the other tables


def test_regions_by_categories(report: Report) -> None:
    month = report.month
    categories = m.segments("category", month)
    table = only(report, "region", *(f"{kind} {c}" for c in categories for kind in ("share", "yoy")))
    expected = {
        (region,): {f"share {c}": m.share(m.TOGETHER, [month], region=region, category=c) for c in categories}
        | {f"yoy {c}": m.change(m.TOGETHER, month, "yoy", region=region, category=c) for c in categories}
        for region in m.segments("region", month)
    }
    assert differences(table, ("region",), expected, scale=1.0) == []
    for (region,), cells in rows_of(table, "region").items():
        status = {cells[f"yoy {c}"]["record"]["status"] for c in categories}
        assert status == ({"new"} if region in ("西南", "西北") else {"ok"})  # 西部 was divided in 2026


def test_what_moved_the_share(report: Report) -> None:
    table = only(report, "cut", "segment", "within", "mix", "moves", "total")
    whole, expected = report.either("合计", "Total"), {}
    moved = m.change(m.TOGETHER, report.month, "yoy") or 0.0
    for column, cut in (
        ("category", report.either("品类", "Category")), ("region", report.either("区域", "Region")),
    ):  # fmt: skip
        lines = m.effects(column, report.month)
        sums = {k: sum(e[k] for e in lines.values()) for k in ("within", "mix", "moves", "total")}
        assert close(sums["total"], moved, scale=1.0)  # the parts add to the change
        expected |= {(cut, name): e for name, e in lines.items()} | {(cut, whole): sums}
    assert differences(table, ("cut", "segment"), expected, scale=1.0) == []


def test_concentration_with_bounds(report: Report) -> None:
    table = only(report, "when", "cr3", "cr5", "low", "high", "n")
    now, then = report.either("本月", "This month"), report.either("上年同期", "A year ago")
    month = report.month
    expected = {(now,): m.concentration(month), (then,): m.concentration(shift(month, -12))}
    assert differences(table, ("when",), expected) == []


def test_distribution_and_sales_per_point(report: Report) -> None:
    table = only(report, "category", "brand", "numeric", "weighted", "share", "velocity")
    assert differences(table, ("category", "brand"), m.distribution(report.month)) == []


def test_shelf_prices(report: Report) -> None:
    table = only(report, "brand", "product", "pack", "price", "promotion_price", "promotion_share", "n")
    assert differences(table, ("brand", "product", "pack"), m.prices(report.month)) == []
    assert shift(report.month, -2) in table["caption"] and report.month in table["caption"]


def test_own_sales_against_the_source(report: Report) -> None:
    table = only(report, "region", "numerator", "denominator", "market", "cover")
    expected = {(region,): values for region, values in m.coverage(report.month).items()}
    assert differences(table, ("region",), expected) == []


def test_every_table_was_compared(report: Report) -> None:
    """A table added to the report has to be recomputed here too."""
    assert len(subject_tables(report)) == 8


def test_the_recomputation_shares_nothing_with_the_project() -> None:
    """Only the standard library: what project and test both get wrong, no comparison finds."""
    for path in Path(recompute.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {n.split(".")[0] for n in names}
            assert roots <= {*sys.stdlib_module_names, "recompute"}, path.name
