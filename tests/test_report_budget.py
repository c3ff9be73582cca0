"""The budget report against a recomputation in plain Python from the truth: csv and fractions, no project code."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest
from recompute.report import read_report
from truth_reports import published, write_truth

from mktanalytics.errors import NotPublishedError
from mktanalytics.publish.run import publish

CUTS = {"部门": "department", "费用类别": "category", "区域": "region", "": None}
LINE = ("department", "category", "activity", "region")
NOT_OK = {"na_zero_base", "na_missing", "na_nonpositive_base", "unbudgeted"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def examples(root: Path) -> Path:
    return root / "examples"


@pytest.fixture(scope="module")
def reporter(examples: Path, root: Path, tmp_path_factory: pytest.TempPathFactory):
    """Publishes the report for a month from the truth without some of its tables; gives its blocks."""
    folder = tmp_path_factory.mktemp("budget")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MKTANALYTICS_SETTINGS", str(examples / "mktanalytics.toml"))

        def run(month: str, *, without: str = "") -> list[dict]:
            processed = folder / f"truth-{without}"
            if not processed.is_dir():
                write_truth(processed)
                (processed / f"{without or 'survey'}.parquet").unlink()
            publish(
                "budget_execution", month=month, notebooks=root / "notebooks", processed=processed, reports=folder,
            )  # fmt: skip
            return read_report(folder / month / "budget_execution.ipynb", month, "zh").blocks

        yield run


@pytest.fixture(scope="module", params=["2026-10", "2026-03"])
def month(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory, month: str) -> list[dict]:
    return published(tmp_path_factory, "budget_execution", month, "zh").blocks


# ---- the truth, by hand


def rows(examples: Path, name: str) -> list[Row]:
    with (examples / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(these: Iterable[Row]) -> Fraction:
    return sum((Fraction(r["amount"]) for r in these if r["amount"]), Fraction(0))


class Hand:
    """The budget year up to `month`, computed one line at a time."""

    def __init__(self, examples: Path, month: str) -> None:
        year = month[:4]
        self.month, self.year = f"{month}-01", year
        end = f"{month}-31"  # dates compare as text
        self.plan = [
            r
            for r in rows(examples, "budget")
            if r["month"].startswith(year)
            and (r["version"] == "original" or (r["date"] or r["month"]) <= end)
        ]
        self.spend = rows(examples, "spend")
        self.sales = rows(examples, "sales")

    def plan_of(self, dimension: str | None, member: str, scope: str, version: str = "") -> Fraction:
        return total(
            r
            for r in self.plan
            if (dimension is None or r[dimension] == member)
            and (not version or r["version"] == version)
            and (scope == "year" or r["month"] == self.month or (scope == "ytd" and r["month"] < self.month))
        )

    def spent(self, dimension: str | None, member: str, scope: str, *stages: str) -> Fraction:
        return total(
            r
            for r in self.spend
            if (dimension is None or r[dimension] == member)
            and r["status"] in stages
            and (
                r["month"] == self.month
                or (scope != "month" and f"{self.year}-01-01" <= r["month"] < self.month)
            )
        )

    def amounts(self, dimension: str | None, member: str, scope: str) -> dict[str, Fraction]:
        b0 = self.plan_of(dimension, member, scope, "original")
        ba = self.plan_of(dimension, member, scope)
        committed = self.spent(dimension, member, scope, "committed")
        recognised = self.spent(dimension, member, scope, "recognised", "paid")
        return {
            "b0": b0, "adjustment": ba - b0, "ba": ba, "committed": committed, "recognised": recognised,
            "paid": self.spent(dimension, member, scope, "paid"), "available": ba - committed - recognised,
        }  # fmt: skip

    def lines(self) -> dict[tuple[str, ...], dict[str, Fraction]]:
        """BA of the year, and A + C so far, of every line."""
        out: dict[tuple[str, ...], dict[str, Fraction]] = defaultdict(
            lambda: {"ba": Fraction(0), "used": Fraction(0)}
        )
        for r in self.plan:
            out[tuple(r[d] for d in LINE)]["ba"] += Fraction(r["amount"])
        for r in self.spend:
            if f"{self.year}-01-01" <= r["month"] <= self.month:
                out[tuple(r[d] for d in LINE)]["used"] += Fraction(r["amount"])
        return out

    def cost_to_sales(self, months: list[str], region: str | None = None) -> tuple[Fraction, Fraction]:
        cost = total(
            r
            for r in self.spend
            if r["month"] in months and r["status"] != "committed" and region in (None, r["region"])
        )
        return cost, total(r for r in self.sales if r["month"] in months and region in (None, r["region"]))


@pytest.fixture(scope="module")
def hand(examples: Path, month: str) -> Hand:
    return Hand(examples, month)


# ---- what the report shows


def table(blocks: list[dict], caption: str) -> list[dict]:
    """The rows of the table whose caption holds these words: column key -> cell."""
    found = [b for b in blocks if b["type"] == "table" and caption in b["caption"]]
    assert len(found) == 1, [b.get("caption") for b in blocks]
    keys = [c["key"] for c in found[0]["columns"]]
    return [dict(zip(keys, r["cells"], strict=True)) for r in found[0]["rows"]]


def value(cell: dict) -> float | None:
    return cell["record"]["value"]


def agrees(cell: dict, expected: Fraction) -> None:
    assert value(cell) == pytest.approx(float(expected), rel=1e-9, abs=0.005), cell


def agrees_with_ratio(cell: dict, top: Fraction, bottom: Fraction) -> None:
    if bottom <= 0:
        assert value(cell) is None and cell["record"]["status"] in NOT_OK, cell
    else:
        assert value(cell) == pytest.approx(float(top / bottom), rel=1e-9, abs=1e-12), cell


def member_of(row: dict) -> tuple[str | None, str]:
    return CUTS[row["cut"]["text"]], row["member"]["text"]


def members(hand: Hand, cut: str) -> set[str]:
    in_year = [r for r in hand.spend if f"{hand.year}-01-01" <= r["month"] <= hand.month]
    return {r[cut] for r in [*hand.plan, *in_year]}


# ---- the tests

pytestmark = pytest.mark.slow


def test_amounts_by_department_category_region_and_in_total(blocks, hand):
    shown = table(blocks, "执行金额")
    for row in shown:
        for key, expected in hand.amounts(*member_of(row), "year").items():
            agrees(row[key], expected)
    for name, cut in CUTS.items():
        if cut:
            assert {r["member"]["text"] for r in shown if r["cut"]["text"] == name} == members(hand, cut)
    assert shown[-1]["member"]["text"] == "合计"


def test_rates_of_the_month_and_the_year_to_date(blocks, hand):
    for row in table(blocks, "支付率与序时进度"):
        for scope in ("month", "year"):
            a = hand.amounts(*member_of(row), scope)
            agrees_with_ratio(row[f"execution_rate {scope}"], a["recognised"], a["ba"])
            agrees_with_ratio(row[f"occupancy_rate {scope}"], a["recognised"] + a["committed"], a["ba"])
            agrees_with_ratio(row[f"payment_rate {scope}"], a["paid"], a["ba"])
        a = hand.amounts(*member_of(row), "ytd")
        agrees_with_ratio(row["execution_rate ytd"], a["recognised"], a["ba"])


def test_pace_is_the_phased_plan_and_the_gap_is_taken_from_it(blocks, hand):
    for row in table(blocks, "支付率与序时进度"):
        dimension, member = member_of(row)
        whole, so_far = (hand.plan_of(dimension, member, s) for s in ("year", "ytd"))
        if whole <= 0:  # 预算外: no plan, no pace
            assert value(row["gap"]) is None
            continue
        used = hand.spent(dimension, member, "year", "recognised", "paid") / whole
        pace = so_far / whole
        agrees_with_ratio(row["pace"], pace, Fraction(1))
        agrees_with_ratio(row["gap"], used - pace, Fraction(1))
        if pace:
            relative = used / pace
            limits = ((Fraction(4, 5), "滞后"), (1, "正常"), (Fraction(11, 10), "关注"))
            word = next(
                (w for limit, w in limits if (relative < limit if w == "滞后" else relative <= limit)),
                "超进度",
            )
            assert row["band"]["text"] == word


def test_variance_is_plan_minus_actual_and_said_in_words(blocks, hand):
    for row in table(blocks, "与计划的差异"):
        for scope in ("month", "ytd"):
            a = hand.amounts(*member_of(row), scope)
            gap = a["ba"] - a["recognised"]
            agrees(row[f"ba {scope}"], a["ba"])
            agrees(row[f"recognised {scope}"], a["recognised"])
            agrees(row[f"variance {scope}"], gap)
            assert row[f"word {scope}"]["text"] == ("有利" if gap > 0 else "不利" if gap < 0 else "无差异")


def test_overspent_and_unbudgeted_lines(blocks, hand):
    used = hand.lines()
    expected = {
        (("超支" if a["ba"] else "预算外"), " · ".join(line)): a["used"] - a["ba"]
        for line, a in used.items()
        if a["used"] > a["ba"]
    }
    if not expected:
        assert any(b["type"] == "note" and "没有超支" in b["text"] for b in blocks)
        return
    shown = {(r["kind"]["text"], r["line"]["text"]): r["beyond"] for r in table(blocks, "预算外的预算行")}
    assert set(shown) == set(expected)
    for key, cell in shown.items():
        agrees(cell, expected[key])


def test_the_vouchers_of_a_flagged_line_add_to_its_spend_and_name_their_rows(blocks, hand):
    if not any(b["type"] == "table" and "最大的凭证" in b["caption"] for b in blocks):
        pytest.skip("no line is flagged in this month")
    known = {
        (r["voucher"], f"{r['source_file']} › {r['source_sheet']} › {r['source_row']}") for r in hand.spend
    }
    sums: dict[str, float] = defaultdict(float)
    for row in table(blocks, "最大的凭证"):
        sums[row["line"]["text"]] += value(row["amount"]) or 0.0
        if not row["voucher"]["text"].startswith("其余"):
            assert (row["voucher"]["text"], row["source"]["text"]) in known
    used = {" · ".join(line): a["used"] for line, a in hand.lines().items()}
    assert sums == {line: pytest.approx(float(used[line]), abs=0.005) for line in sums}


def test_a_relative_pace_and_its_threshold_are_said_as_the_note_says_them(blocks):
    (warned,) = (b for b in blocks if b["type"] == "table" and b["caption"] == "触及预警线的预算行")
    cells = [row["cells"][i]["text"] for row in warned["rows"] for i in (2, 3)]
    assert cells and all(text.endswith("%") for text in cells)


def test_cost_to_sales_by_month_and_region(blocks, hand, month):
    months = [f"{hand.year}-{m:02d}-01" for m in range(1, int(month[5:]) + 1)]
    before = [f"{int(hand.year) - 1}{m[4:]}" for m in months]
    shown = table(blocks, "各月费销比")
    for row, these, then in zip(
        shown, [*([m] for m in months), months], [*([m] for m in before), before], strict=True
    ):
        (cost, sold), (cost0, sold0) = hand.cost_to_sales(these), hand.cost_to_sales(then)
        agrees(row["cost"], cost)
        agrees(row["sales"], sold)
        agrees_with_ratio(row["ratio"], cost, sold)
        agrees_with_ratio(row["change"], cost / sold - cost0 / sold0, Fraction(1))
    for row in table(blocks, "各区域费销比"):
        region = row["region"]["text"]
        agrees_with_ratio(row["ratio month"], *hand.cost_to_sales(months[-1:], region))
        agrees_with_ratio(row["ratio ytd"], *hand.cost_to_sales(months, region))


def test_headline_and_cards_hold_the_same_figures(blocks, hand):
    a = hand.amounts(None, "", "year")
    cards = next(b for b in blocks if b["type"] == "cards")["cards"]
    first, second, third = (c["records"][0]["value"] for c in cards[:3])
    assert first == pytest.approx(float(a["recognised"] / a["ba"]))
    assert second == pytest.approx(float((a["recognised"] + a["committed"]) / a["ba"]))
    assert third == pytest.approx(float(a["available"]))
    headline = next(b for b in blocks if b["type"] == "headline")
    assert headline["records"][0]["value"] == first


def test_approved_transfers_balance_in_the_ledger(tmp_path_factory, examples):
    october = published(tmp_path_factory, "budget_execution", "2026-10", "zh")
    shown = table(october.blocks, "已批准的预算调整")
    changes = [
        r for r in rows(examples, "budget") if r["version"] == "adjustment" and r["date"] <= "2026-10-31"
    ]
    assert sum(value(r["net"]) for r in shown) == pytest.approx(float(total(changes)))
    transfers = [r for r in shown if r["kind"]["text"] == "调剂"]
    assert transfers and all(value(r["net"]) == 0 and r["check"]["text"] == "平" for r in transfers)


def test_the_english_edition_holds_the_same_figures(tmp_path_factory):
    zh, en = (published(tmp_path_factory, "budget_execution", "2026-10", x) for x in ("zh", "en"))
    pairs = list(zip(zh.of("table"), en.of("table"), strict=True))
    assert len(pairs) > 8
    for chinese, english in pairs:
        values = [
            [[c["record"] and c["record"]["value"] for c in r["cells"]] for r in t["rows"]]
            for t in (chinese, english)
        ]
        assert values[0] == values[1], english["caption"]


def test_a_month_that_is_not_over_says_so_on_its_face(reporter):
    blocks = reporter("2026-11")
    faults = [b["text"] for b in blocks if b["type"] == "note" and b["kind"] == "warning"]
    assert any("2026-11-20" in f and "尚未结束" in f for f in faults)


def test_without_actuals_the_report_is_refused_with_a_sentence(reporter):
    with pytest.raises(NotPublishedError, match="没有实际费用"):
        reporter("2026-10", without="spend")


def test_a_month_after_the_last_voucher_is_refused(reporter):
    with pytest.raises(NotPublishedError, match="费用凭证没有 2026-12"):
        reporter("2026-12")


def test_without_sales_the_report_leaves_cost_to_sales_out(reporter):
    blocks = reporter("2026-02", without="sales")
    assert any(b["type"] == "note" and "没有销售数据" in b["text"] for b in blocks)
