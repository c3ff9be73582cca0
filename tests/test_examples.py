"""The sample company: its files come from the generator, and its truth is consistent in itself and with the workbooks."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import xlrd
from python_calamine import CalamineWorkbook

from mktanalytics.settings_file import load_settings
from mktanalytics.tables import all_tables

EXAMPLES = Path(__file__).parents[1] / "examples"
RAW, TRUTH = EXAMPLES / "raw", EXAMPLES / "truth"
OWN = {"岚溪", "橙序", "谷屿"}
Row = dict[str, str]


@cache
def truth(name: str) -> list[Row]:
    with (TRUTH / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float:
    return float(text) if text else 0.0


def total(rows: Iterator[Row] | list[Row], *by: str, of: str = "amount") -> dict[tuple[str, ...], float]:
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for row in rows:
        sums[tuple(row[b] for b in by)] += number(row[of])
    return sums


# ---- the generator


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample written anew, in a process with another hash seed, time zone and locale."""
    target = tmp_path_factory.mktemp("company")
    odd = {"PYTHONHASHSEED": "12345", "TZ": "America/New_York", "LC_ALL": "C"}
    odd |= {k: v for k, v in os.environ.items() if k == "PYTHONPATH"}
    subprocess.run([sys.executable, EXAMPLES / "generate.py", target], check=True, env=odd)
    return target


def _content(path: Path) -> object:
    """The bytes, inflated for an .xlsx: deflate may differ between builds of zlib."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return [(i.filename, i.date_time, archive.read(i)) for i in archive.infolist()]


def test_generator_writes_the_committed_files_bit_for_bit(written: Path) -> None:
    for folder in ("raw", "truth"):
        here = {p.name: p for p in (EXAMPLES / folder).iterdir()}
        there = {p.name: p for p in (written / folder).iterdir()}
        assert here.keys() == there.keys()
        assert [n for n in here if _content(here[n]) != _content(there[n])] == []


def test_sample_is_a_department_full_of_workbooks() -> None:
    assert len(list(RAW.iterdir())) >= 12
    assert {p.suffix for p in RAW.iterdir()} == {".xlsx", ".xls", ".csv"}
    assert sum(p.stat().st_size for p in EXAMPLES.rglob("*") if p.suffix != ".pyc") < 12_000_000


def test_settings_of_the_company_load() -> None:
    settings = load_settings(EXAMPLES / "mktanalytics.toml")
    assert set(settings.own_brands) == OWN
    assert not settings.files and not settings.aliases  # recognition needs no configuration


def test_no_cell_of_the_sample_is_live() -> None:
    """Only total rows hold formulas, and those only SUM."""
    for path in RAW.glob("*.xlsx"):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                for formula in archive.read(name).decode().split("<f>")[1:]:
                    assert formula.startswith("SUM("), (path.name, formula[:40])


# ---- the truth keeps the tidy contract


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_truth_has_the_columns_of_its_table(name: str) -> None:
    table, rows = all_tables()[name], truth(name)
    assert rows, f"no truth for {name}"
    assert list(rows[0]) == [*table.names, "source_file", "source_sheet", "source_row", "extra"]
    for column in table.columns:
        values = {r[column.name] for r in rows} - {""}
        if column.is_number:
            assert all(repr(float(v)) == v for v in values), column.name
            assert all(float(v) >= column.minimum for v in values if column.minimum is not None), column.name
            assert all(float(v) <= column.maximum for v in values if column.maximum is not None), column.name
        if column.allowed:
            assert values <= set(column.allowed), column.name
        assert all(v == v.strip() for v in values), column.name
    assert all(r["extra"] == "" or json.loads(r["extra"]) for r in rows)


@pytest.mark.parametrize("name", sorted(all_tables()))
def test_truth_is_in_order_and_required_columns_are_there(name: str) -> None:
    table, rows = all_tables()[name], truth(name)
    places = [
        (r["source_file"], _position(r["source_file"], r["source_sheet"]), int(r["source_row"])) for r in rows
    ]
    assert places == sorted(places)
    for group in (*((c,) for c in table.required), *table.one_of):
        assert all(any(r[c] for c in group) for r in rows), group
    if table.unique:
        grains = [tuple(r[c] for c in table.grain) for r in rows]
        assert len(grains) == len(set(grains))


@cache
def _sheets(file: str) -> list[str]:
    return [""] if file.endswith(".csv") else CalamineWorkbook.from_path(RAW / file).sheet_names


def _position(file: str, sheet: str) -> int:
    return _sheets(file).index(sheet)


@cache
def _cells(file: str, sheet: str) -> list[list[str]]:
    """The sheet as text, row by row, read by other means than the project's."""
    if file.endswith(".csv"):
        data = (RAW / file).read_bytes()
        text = data.decode("utf-16" if data.startswith(b"\xff\xfe") else "gb18030")
        return list(csv.reader(io.StringIO(text, newline="")))
    if file.endswith(".xls"):
        page = xlrd.open_workbook(RAW / file).sheet_by_name(sheet)
        return [[str(c) for c in page.row_values(r)] for r in range(page.nrows)]
    rows = CalamineWorkbook.from_path(RAW / file).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [[str(c) for c in row] for row in rows]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("sales", "product_code"), ("market", "brand"), ("competitor_prices", "product"), ("budget", "activity"),
        ("spend", "voucher"), ("targets", "kpi"), ("actuals", "entity"), ("survey", "answer"),
    ],
)  # fmt: skip
def test_source_rows_point_at_the_row_they_come_from(name: str, column: str) -> None:
    """The value stands in that row of the workbook (for brands across: in the header above it)."""
    for row in truth(name):
        cells = _cells(row["source_file"], row["source_sheet"])
        here = " ".join(cells[int(row["source_row"]) - 1])
        assert row[column] in here or row[column] in cells[1], row


@pytest.mark.parametrize(
    ("table", "file", "label", "of", "scale"),
    [
        ("sales", "2026年一季度南区销售明细.xlsx", "合计", "amount", 10000),
        ("sales", "2026年10月南区销售明细.xlsx", "合计", "amount", 10000),
        ("sales", "2026年10月南区销售明细.xlsx", "合计", "units", 1),
        ("sales", "北区2026年10月销售.xls", "总计", "amount", 1),
        ("budget", "2025年市场费用预算.xlsx", "总计", "amount", 10000),
        ("spend", "2026年费用登记表.xlsx", "本页合计", "amount", 1),
    ],
)
def test_totals_written_on_the_sheets_are_the_sums_of_the_truth(
    table: str, file: str, label: str, of: str, scale: int
) -> None:
    """The last number of a total row (units: the one before) is what the file's rows sum to."""
    written = 0.0
    for sheet in _sheets(file):
        for cells in _cells(file, sheet):
            if cells and cells[0] == label:
                written += [float(c) for c in cells[1:] if c][-2 if of == "units" else -1] * scale
    rows = [r for r in truth(table) if r["source_file"] == file]
    assert written == pytest.approx(sum(number(r[of]) for r in rows), abs=0.01)


# ---- what a careful reader must not take


def test_a_file_sent_twice_and_a_replaced_one_are_not_in_the_truth() -> None:
    files = {r["source_file"] for r in truth("sales")}
    twins = defaultdict(list)
    for path in RAW.iterdir():
        twins[hashlib.sha256(path.read_bytes()).hexdigest()].append(path.name)
    (pair,) = [sorted(names) for names in twins.values() if len(names) > 1]
    assert [name in files for name in pair] == [True, False]
    assert "北区2026年9月销售（更正版）.xlsx" in files
    assert "北区2026年9月销售.xlsx" not in files
    assert (RAW / "北区2026年9月销售.xlsx").is_file()


def test_ledger_counts_the_truth() -> None:
    ledger = truth("ledger")
    assert {r["file"] for r in ledger} == {p.name for p in RAW.iterdir()}
    for name in all_tables():
        assert sum(int(r["records"]) for r in ledger if r["table"] == name) == len(truth(name))


# ---- the company is plausible


def test_months_run_from_2024_to_a_partial_november_2026() -> None:
    months = sorted({r["month"] for r in truth("sales")})
    assert (months[0], months[-1], len(months)) == ("2024-01-01", "2026-11-01", 35)
    assert max(r["date"] for r in truth("sales")) == "2026-11-20"
    assert max(r["month"] for r in truth("market")) == "2026-10-01"
    assert all(r["month"] == r["date"][:8] + "01" for r in truth("sales"))


def test_spring_festival_moves_sales_between_january_and_february() -> None:
    """2025: 29 January, 2024: 10 February, 2026: 17 February; the two months together move far less."""
    month = total(truth("sales"), "month")
    january = {y: month[f"{y}-01-01",] for y in (2024, 2025, 2026)}
    both = {y: january[y] + month[f"{y}-02-01",] for y in (2024, 2025, 2026)}
    part = {y: january[y] / both[y] for y in january}
    assert part[2025] > part[2024] > part[2026]
    assert part[2025] - part[2026] > 0.05
    assert abs(both[2026] / both[2025] - 1) < 0.08


def test_own_sales_never_exceed_the_market() -> None:
    keys = ("month", "region", "category")
    for of in ("amount", "units"):
        sold = total([r for r in truth("sales") if r["month"] < "2026-11"], *keys, of=of)
        counted = total([r for r in truth("market") if r["brand"] == "合计"], *keys, of=of)
        ours = total([r for r in truth("market") if r["brand"] in OWN], *keys, of=of)
        assert sold.keys() == counted.keys()
        assert all(sold[k] <= ours[k] < counted[k] for k in sold)


def test_market_total_is_the_sum_of_its_brands() -> None:
    keys = ("month", "region", "category")
    for of in ("amount", "units"):
        whole = total([r for r in truth("market") if r["brand"] == "合计"], *keys, of=of)
        parts = total([r for r in truth("market") if r["brand"] != "合计"], *keys, of=of)
        assert whole == parts
    for r in truth("market"):
        if r["outlets_stocking"]:
            assert number(r["outlets_stocking"]) <= number(r["outlets_total"])


def test_share_was_won_in_one_region_and_lost_in_another() -> None:
    share = {}
    for month in ("2025-10-01", "2026-10-01"):
        rows = [r for r in truth("market") if r["month"] == month]
        own, whole = (
            total([r for r in rows if r["brand"] in brands], "region") for brands in (OWN, {"合计"})
        )
        share |= {(month, region): own[region,] / whole[region,] for (region,) in whole}
    assert share["2026-10-01", "华南"] - share["2025-10-01", "华南"] > 0.015
    assert share["2026-10-01", "华北"] - share["2025-10-01", "华北"] < -0.005
    assert all(0.05 < s < 0.25 for s in share.values())


def test_the_west_was_reorganised_in_2026() -> None:
    for name in ("sales", "market", "survey"):
        before = {r["region"] for r in truth(name) if r["month"] < "2026"}
        after = {r["region"] for r in truth(name) if r["month"] >= "2026"}
        assert before - after == {"西部"}
        assert after - before == {"西南", "西北"}
        assert len(after) == 7


def test_products_come_and_go_and_one_brand_gets_dearer() -> None:
    sold = defaultdict(set)
    for r in truth("sales"):
        sold[r["product"]].add(r["month"])
    assert min(sold["岚溪矿泉水350ml"]) == "2026-03-01"
    assert max(sold["橙序混合果汁450ml"]) == "2026-03-01"
    assert sum(number(r["units"]) < 0 for r in truth("sales")) > 100
    price = {}
    for month in ("2025-10-01", "2026-10-01"):
        rows = [r for r in truth("sales") if r["month"] == month and r["product"] == "橙序鲜橙汁1L"]
        price[month] = (
            total(rows, "product")["橙序鲜橙汁1L",] / total(rows, "product", of="units")["橙序鲜橙汁1L",]
        )
    assert 1.04 < price["2026-10-01"] / price["2025-10-01"] < 1.08


def test_marketing_costs_a_tenth_of_sales() -> None:
    sales = total(truth("sales"), "month")
    cost = total([r for r in truth("spend") if r["status"] != "committed"], "month")
    for (month,), amount in cost.items():
        assert 3e7 * (20 / 30 if month == "2026-11-01" else 0.9) < sales[month,] < 6e7
        assert month == "2026-11-01" or 0.07 < amount / sales[month,] < 0.16


def test_budget_has_overspent_unbudgeted_and_adjusted_lines() -> None:
    line = ("activity", "region")
    year = [r for r in truth("budget") if "2026" <= r["month"] < "2026-11"]
    plan = total(year, *line)
    cost = total(
        [r for r in truth("spend") if "2026" <= r["month"] < "2026-11" and r["status"] != "committed"], *line
    )
    assert cost["终端促销", "华南"] > 1.1 * plan["终端促销", "华南"]
    assert ("明星直播专场", "全国") in cost and ("明星直播专场", "全国") not in plan
    assert 0.7 < sum(cost.values()) / sum(plan.values()) < 1.1
    changes = [r for r in truth("budget") if r["version"] == "adjustment"]
    assert all(r["approver"] and r["reason"] and r["date"] for r in changes)
    assert sum(number(r["amount"]) for r in changes if "调剂" in r["reason"]) == 0
    assert {r["status"] for r in truth("spend")} == {"committed", "recognised", "paid"}


def test_weights_of_every_card_sum_to_one() -> None:
    cards: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for r in truth("targets"):
        if r["month"] >= "2026":
            cards[r["month"], r["entity"]] += Decimal(r["weight"])
    assert len(cards) == 12 * (2 + 7 + 12)
    assert set(cards.values()) == {Decimal(1)}


def test_a_sales_target_was_missed_and_another_beaten() -> None:
    sold = total([r for r in truth("sales") if r["month"] == "2026-10-01"], "region")
    goal = {
        r["entity"]: number(r["target"]) for r in truth("targets")
        if (r["month"], r["kpi"], r["entity_level"]) == ("2026-10-01", "销售额", "region")
    }  # fmt: skip
    reached = {region: sold[region,] / target for region, target in goal.items()}
    assert reached["华北"] < 0.9 and reached["华南"] > 1.1
    assert {r["kpi"] for r in truth("actuals")} == {"新增网点数", "工作态度"}


def test_people_with_targets_are_the_people_who_sell() -> None:
    sellers = {r["salesperson"] for r in truth("sales")}
    assert {r["entity"] for r in truth("targets") if r["entity_level"] == "person"} == sellers
    assert len(sellers) == 12


def test_survey_waves_are_large_and_satisfied() -> None:
    waves = defaultdict(list)
    for r in truth("survey"):
        waves[r["survey"]].append(r)
    assert len(waves) == 4
    assert max(r["month"] for r in truth("survey")) == "2026-10-01"
    for rows in waves.values():
        assert len({r["respondent"] for r in rows}) > 380
        overall = [r["answer"] for r in rows if "总体" in r["question"] and r["answer"] != "说不清"]
        assert 0.70 < sum(a in ("非常满意", "比较满意") for a in overall) / len(overall) < 0.85
        scores = [number(r["score"]) for r in rows if r["kind"] == "score"]
        assert 0.20 < sum((s >= 9) - (s <= 6) for s in scores) / len(scores) < 0.45
