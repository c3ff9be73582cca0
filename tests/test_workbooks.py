"""Real spreadsheets by other people: what each should give was worked out by hand, with pandas and by eye.

The workbooks aren't part of the project; without them these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from mktanalytics.errors import FileError
from mktanalytics.ingest.clean import clean
from mktanalytics.ingest.inspect import Inspection, inspect_file
from mktanalytics.ingest.taking.taken import Taken
from mktanalytics.settings import Settings


class Sheet(NamedTuple):
    """What one sheet should give: its table, rows that become tidy or quarantined, records, sums, months."""

    name: str
    table: str
    tidy: int
    quarantined: int
    records: int
    sums: dict[str, float]
    months: tuple[str, str] = ("", "")
    period: str = ""


EXPECTED: dict[str, tuple[Sheet, ...]] = {
    "sales/9.1.xlsx": (Sheet("Sheet1", "sales", 9973, 0, 9973, {"amount": 54481061.0}, ("2021-01", "2021-12"), "day"),),
    "sales/10.1.xlsx": (Sheet("数据源", "sales", 50000, 0, 50000, {"amount": 50102349.0}, ("2021-01", "2021-12"), "day"),),
    # 18 rows are duplicates, order number included, nine of them but for a space (69,677.61 and 1,525 units);
    # 11,50万元 is 115,000
    "sales/data_wuliu.csv": (
        Sheet("", "sales", 1143, 18, 1143, {"amount": 1580551.09 - 69677.61, "units": 88699.5 - 1525}, ("2016-07", "2016-12"), "day"),
    ),
    # what is called amounts is a unit price: amount = counts × amounts
    "sales/meal_order_detail.xlsx": (
        Sheet("meal_order_detail1", "sales", 2779, 0, 2779, {"amount": 128832.0, "units": 3088.0}, ("2016-08", "2016-08"), "day"),
        Sheet("meal_order_detail2", "sales", 3647, 0, 3647, {"amount": 167974.0, "units": 4050.0}, ("2016-08", "2016-08"), "day"),
        Sheet("meal_order_detail3", "sales", 3611, 0, 3611, {"amount": 166898.0, "units": 3988.0}, ("2016-08", "2016-08"), "day"),
    ),
    "sales/2018_Sales_Total_v2.xlsx": (
        Sheet("Sheet1", "sales", 1507, 0, 1507, {"amount": 2034225.75, "units": 36830.0}, ("2018-01", "2018-12"), "day"),
    ),
    "sales/2018_Sales_Total_Tabs.xlsx": (
        Sheet("Sheet1", "sales", 39, 0, 39, {"amount": 58108.09, "units": 925.0}, ("2018-03", "2018-03"), "day"),
        Sheet("Sheet2", "sales", 35, 0, 35, {"amount": 36367.20, "units": 641.0}, ("2018-01", "2018-01"), "day"),
        Sheet("Sheet3", "sales", 47, 0, 47, {"amount": 65393.79, "units": 1109.0}, ("2018-01", "2018-01"), "day"),
        Sheet("Sheet4", "sales", 47, 0, 47, {"amount": 75245.29, "units": 1357.0}, ("2018-01", "2018-01"), "day"),
        Sheet("Sheet5", "sales", 81, 0, 81, {"amount": 107149.19, "units": 2005.0}, ("2018-01", "2018-02"), "day"),
        Sheet("Sheet6", "sales", 50, 0, 50, {"amount": 71297.06, "units": 1195.0}, ("2018-02", "2018-03"), "day"),
    ),
    # Returns (1,634 order numbers) and Users (four managers) are not among our tables
    "sales/SuperStoreUS-2015.xlsx": (
        Sheet("Orders", "sales", 1952, 0, 1952, {"amount": 1924337.88, "units": 25268.0}, ("2015-01", "2015-06"), "day"),
    ),
    # 141 rows have no date of payment: 37,172 of 110,503.53; 27 more were closed: nothing was paid, their units not sold
    "sales/mrtb_data.xlsx": (
        Sheet("sheet1", "sales", 431, 168, 431, {"amount": 73331.53}, ("2018-01", "2018-12"), "day"),
    ),
    "sales/msb课程记录.xls": (
        Sheet("sheet1", "sales", 11, 0, 11, {"amount": 60271.92, "units": 10.0}, ("2020-01", "2020-10"), "day"),
    ),
    # two rows without units hold nothing; one without a price keeps its units, without an amount
    "sales/销售数据.xlsx": (
        Sheet("销售数据", "sales", 18, 2, 18, {"amount": 259841.0, "units": 259.0}, ("2025-01", "2025-01"), "day"),
    ),
    "market_share/Market Share.xlsx": (
        Sheet("Sheet1", "market", 396, 0, 396, {"value_share": 66.0}, ("2014-01", "2016-01"), "year"),
    ),
    "channel/商品配送明细.xls": (Sheet("XXX", "sales", 22776, 0, 22776, {"units": 100285.0}, ("2026-01", "2026-06"), "day"),),
    "channel/销售退货表.xls": (Sheet("ReportCommonVO", "sales", 9089, 0, 9089, {"units": 39238.0}, ("2026-01", "2026-03"), "day"),),
    "budget/Budget tracking.xlsx": (
        Sheet("FY2022", "budget", 11, 0, 11, {"amount": 41850.0, "actual_amount": 36810.0}, ("2022-01", "2022-01"), "year"),
        Sheet("FY2023", "budget", 11, 0, 11, {"amount": 41850.0, "actual_amount": 38050.0}, ("2023-01", "2023-01"), "year"),
        Sheet("FY2024", "budget", 11, 0, 11, {"amount": 71150.0, "actual_amount": 37050.0}, ("2024-01", "2024-01"), "year"),
    ),
    # four single choices of 800, 4,023 and 2,611 chosen options; gender and age are attributes
    "survey/[问卷星数据]800_800_0.xls": (Sheet("Sheet1", "survey", 800, 0, 3200 + 4023 + 2611, {}),),
    "survey/[问卷星数据]800_800_2.xls": (Sheet("Sheet1", "survey", 800, 0, 3200 + 4023 + 2611, {}),),
    "survey/问卷数据.xlsx": (Sheet("Sheet1", "survey", 1179, 0, 1179, {"score": 3983.0}),),
    # nineteen listings are there twice, number and all
    "competitor/双十一淘宝美妆数据.csv": (Sheet("", "competitor_prices", 8750, 19, 8750, {}),),
}  # fmt: skip

# Files of which nothing may become tidy, and why.
NOTHING = {
    "sales/产品销售统计.xlsx": "months across without a year anywhere",
    "sales/8.3.xlsx": "months across without a year; the second sheet repeats the first",
    "sales/3.1.xlsx": "customers and amounts without any date",
    "sales/sales_data_types.csv": "years across, the month, day and year of something else beside them",
    "sales/shipping_tables.xlsx": "orders without units or amounts; rates",
    "market_share/Dataset sales bedak bayi Jawa Timur.v3.xlsx": "measures of different kinds across, in no unit we know",
    "market_share/market_share.csv": "no period",
    "market_share/JD手机销售数据.xlsx": "no period",
    "competitor/ZTE.xlsx": "customs declarations",
    "competitor/competitors.xlsx": "imports by month without a year",
    "competitor/竞品分析.xlsx": "traffic of websites",
    "budget/Marketing Budget.xlsx": "a tracker with a column a day and running totals",
    "budget/cashflows.xlsx": "a cash-flow statement",
    "budget/预算.xlsx": "an estimate of man-months",
    "campaign/national_media.xlsx": "weekly media for a model",
    "kpi_target/4.2.xlsx": "plan and actual by month without a year",
    "kpi_target/KPI.xlsx": "weekly targets with a constant repeated, identifiers damaged",
    "kpi_target/prasertcbs__KPI.xlsx": "no period",
    "kpi_target/累计用户.xlsx": "running totals of users",
    "customer/2.3.xlsx": "exercises",
    "customer/temp_uploaded.xlsx": "customers of a car shop",
    "leads/salesfunnel.xlsx": "leads without a date",
    "statistics/ExportData.xls": "national statistics",
    "statistics/GDP.xls": "national statistics",
    "statistics/汽车制造业.xls": "national statistics",
    "statistics/us-crime-2.xlsx": "crime",
    "statistics/ozmarriage.xlsx": "a postal survey by state, totals only",
    "robustness/201301.xlsx": "fund flows",
    "robustness/any_sheets.xlsb": "five cells",
    "robustness/date_1904.xlsx": "two dates",
    "robustness/dirty_data.xlsx": "a staff list",
    "robustness/excel_pasting.csv": "energy by year",
    "robustness/utf-16le_encoded.csv": "no marketing data",
    "robustness/weird_head_padding.csv": "no marketing data",
}
REFUSED = ("robustness/pass_protected.xlsx", "robustness/电子商务交易推广数据练习.xlsx")


def balanced(found: Inspection) -> None:
    """Law 1, on the blocks of one file: every filled row is in each of its blocks once, and amounts add up."""
    for block in found.blocks:
        rows = sorted(block.fates)
        area = block.u.block.area
        filled = block.u.grid.filled[area.top : area.bottom, area.left : area.right].any(axis=1)
        assert rows == [area.top + int(i) for i in filled.nonzero()[0]], block.u.block.range
        assert all(reason for fate, reason in block.fates.values() if fate != "tidy")
        for parts in block.balance().values():
            assert parts["in"] == pytest.approx(
                parts["tidy"] + parts["quarantined"] + parts["ignored"], abs=0.01
            )
    for sheet in {b.u.position for b in found.blocks}:
        blocks = [b for b in found.blocks if b.u.position == sheet]
        covered = sum(
            int(b.u.grid.filled[a.top : a.bottom, a.left : a.right].sum())
            for b in blocks
            for a in [b.u.block.area]
        )
        assert covered == int(blocks[0].u.grid.filled.sum()), "a cell in no block, or in two"


@pytest.mark.parametrize("name", EXPECTED)
def test_gives_what_it_should(name: str, shared_workbooks: Path) -> None:
    found = inspect_file(shared_workbooks / name, Settings())
    balanced(found)
    expected = {s.name: s for s in EXPECTED[name]}
    for block in found.blocks:
        if not len(block.frame):
            assert (
                block.u.sheet not in expected or block.u.block.rows == 0 or len(found.blocks) > len(expected)
            )
            assert not any(fate == "quarantined" for fate, _ in block.fates.values()), (
                "not data, so not held back"
            )
    taken = {b.u.sheet: b for b in found.blocks if len(b.frame)}
    assert set(taken) == set(expected)
    for sheet, block in taken.items():
        assert_sheet(block, expected[sheet])


def assert_sheet(block: Taken, sheet: Sheet) -> None:
    fates = [fate for fate, _ in block.fates.values()]
    assert block.u.table == sheet.table
    assert (fates.count("tidy"), fates.count("quarantined"), len(block.frame)) == (
        sheet.tidy,
        sheet.quarantined,
        sheet.records,
    )
    for column, value in sheet.sums.items():
        assert block.frame[column].sum() == pytest.approx(value, abs=0.005), column
    if sheet.months[0]:
        months = block.frame["month"]
        assert (months.min().strftime("%Y-%m"), months.max().strftime("%Y-%m")) == sheet.months
        assert set(block.frame["period"]) == {sheet.period}


@pytest.mark.parametrize("name", NOTHING)
def test_takes_nothing_from_what_is_no_table_of_ours(name: str, shared_workbooks: Path) -> None:
    found = inspect_file(shared_workbooks / name, Settings())
    balanced(found)
    assert sum(len(b.frame) for b in found.blocks) == 0, NOTHING[name]
    told = {i.cell for b in found.blocks for i in b.issues}
    assert all(b.u.block.range in told or any(i.row or i.cell for i in b.issues) for b in found.blocks)


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_sentence(name: str, shared_workbooks: Path) -> None:
    with pytest.raises(FileError) as error:
        inspect_file(shared_workbooks / name, Settings())
    assert error.value.todo


def test_both_exports_of_one_survey_agree(shared_workbooks: Path) -> None:
    """Codes and texts name the same answers: one to one, respondent by respondent."""
    text, coded = (
        inspect_file(shared_workbooks / "survey" / f"[问卷星数据]800_800_{n}.xls", Settings()).blocks[0].frame
        for n in (0, 2)
    )
    many = ["respondent", "question_no", "answer"]
    chosen = [
        f[f["kind"] == "multiple"][many].sort_values(many).reset_index(drop=True) for f in (text, coded)
    ]
    free = r"〖.*〗$"  # what was typed beside 其他; only the text export has it
    pd.testing.assert_frame_equal(
        *(
            c.assign(answer=c["answer"].str.replace(free, "", regex=True)).sort_values(
                many, ignore_index=True
            )
            for c in chosen
        )
    )
    single = text[text["kind"] == "single"].merge(
        coded[coded["kind"] == "single"], on=["respondent", "question_no"]
    )
    assert len(single) == 3200
    single["answer_x"] = single["answer_x"].str.replace(free, "", regex=True)
    assert (single.groupby(["question_no", "answer_x"])["answer_y"].nunique() == 1).all()
    assert (single.groupby(["question_no", "answer_y"])["answer_x"].nunique() == 1).all()


def test_the_whole_folder_at_once(shared_workbooks: Path) -> None:
    cleaned = clean(shared_workbooks, Settings())
    ledger = cleaned.ledger
    assert set(ledger["file"]) == {f for f, _, _ in cleaned.inputs}
    assert (
        ledger["rows_in"] == ledger["rows_tidy"] + ledger["rows_quarantined"] + ledger["rows_ignored"]
    ).all()
    told = set(cleaned.issues.loc[cleaned.issues["code"] == "repeats", "file"])
    assert "sales/2018_Sales_Total_Tabs.xlsx" in told, "its six sheets are a part of 2018_Sales_Total_v2.xlsx"
    assert "survey/[问卷星数据]800_800_2.xls" in told, "the coded export of the survey in 800_800_0.xls"
    assert not (cleaned.issues["code"] == "sums_unbalanced").any()
