"""Lists of costs as SAP exports them: 008.2025, trailing minus, amounts in local currency."""

from __future__ import annotations

import pytest
from sheets import Rows, records, sheet, taken

from mktanalytics.ingest.taking.taken import Taken

N = None


def one(rows: Rows, *, file: str = "export.xlsx") -> Taken:
    (block,) = taken(sheet(rows), file=file)
    return block


def test_cost_centre_lines() -> None:
    head = ["Cost Center", "Cost Element", "Period", "Posting Date", "Document Number", "Val.in rep.cur.", "Currency"]  # fmt: skip
    block = one([head, ["1000100", "Advertising", "008", "2025-08-05", "1", "1,200.00", "CNY"], ["1000200", "Travel", "008", "2025-08-06", "2", "200.00-", "CNY"]])  # fmt: skip
    assert block.u.table == "spend"
    assert records(block, "month", "date", "department", "category", "voucher", "amount") == [
        ("2025-08", "2025-08-05", "1000100", "Advertising", "1", 1200), ("2025-08", "2025-08-06", "1000200", "Travel", "2", -200)
    ]  # fmt: skip


@pytest.mark.parametrize("period", [("008.2025", "009.2025"), (8.2025, 9.2025), ("8.2025", "9.2025")])
def test_periods_with_their_year_behind_them(period: tuple[object, object]) -> None:
    rows = [["1000100", "Ads", period[0], 1200], ["1000200", "Travel", period[1], 300]]
    block = one([["Cost Center", "Cost Element", "Period", "Amount in local cur."], *rows], file="Expenses.xlsx")  # fmt: skip
    assert records(block, "month", "amount") == [("2025-08", 1200), ("2025-09", 300)]


@pytest.mark.parametrize("period", ["013.2025", "016", "007"])
def test_periods_that_are_no_month_or_another_than_the_days_are_held(period: str) -> None:
    head = [
        "Cost Center",
        "Cost Element",
        "Period",
        "Posting Date",
        "Document Number",
        "Amount in local cur.",
    ]
    rows = [["1", "Ads", "008", f"2025-08-0{n}", str(n), 10 * n] for n in range(1, 5)]
    block = one([head, *rows, ["1", "Ads", period, "2025-08-20", "9", 99]])
    assert block.frame["amount"].sum() == 100
    assert "bad_value" in {i.code for i in block.issues}


@pytest.mark.parametrize(("file", "beside", "n"), [("FBL3N.xlsx", "Text", 0), ("Marketing expenses.xlsx", "Text", 2), ("FBL3N.xlsx", "Cost Center", 2)])  # fmt: skip
def test_lines_of_any_account_are_expenses_only_where_something_says_so(
    file: str, beside: str, n: int
) -> None:
    head = ["G/L Account", "Document Number", "Posting Date", "Amount in local cur.", beside]
    rows = [["62100100", "1", "2025-08-13", 1200, "a"], ["62100100", "2", "2025-08-14", -200, "b"]]
    assert len(one([head, *rows], file=file).records) == n


def test_the_local_currency_is_that_of_the_amounts() -> None:
    head = ["Cost Center", "Cost Element", "Document Number", "Posting Date", "Amount in local currency", "Local Currency"]  # fmt: skip
    block = one(
        [head, ["1", "Ads", "1", "2025-08-13", 1200, "USD"], ["1", "Ads", "2", "2025-08-14", 10, "USD"]]
    )
    assert records(block, "currency") == [("USD",), ("USD",)]
