"""Keys that change their names: what was one is compared as one, and the page says so (methods 0.8)."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from mktanalytics import metrics
from mktanalytics.metrics.periods.renames import by_one_name, key_groups
from mktanalytics.publish.inputs import Inputs
from mktanalytics.settings import Rename, Settings

OCTOBER, YEAR = pd.Timestamp("2026-10-01"), pd.DateOffset(years=1)


def rename(was: str, *now: str, column: str = "region", since: str = "2026-01", until: str = "") -> Rename:
    return Rename(column=column, was=was, now=now, since=since, until=until, reason="调整")


WEST = rename("西部", "西南", "西北")


def labels(*renames: Rename, month: str = "2026-10", base: str = "2025-10") -> list[str]:
    return [g.label for g in key_groups(renames, month, base)]


def test_a_change_counts_only_between_the_two_months_compared():
    assert labels(WEST) == ["西南+西北"]
    assert labels(WEST, month="2025-12", base="2024-12") == []
    assert labels(WEST, month="2027-02", base="2026-02") == []
    assert labels(rename("西部", "西南", since="2026-01", until="2026-06")) == []


def test_changes_that_follow_one_another_are_one():
    again = rename("西南", "川渝", since="2026-05")
    (group,) = key_groups([again, WEST], "2026-10", "2025-10")
    assert (group.was, group.now) == (("西部",), ("西北", "川渝"))
    merged = [rename("华东一区", "华东"), rename("华东二区", "华东")]
    (group,) = key_groups(merged, "2026-10", "2025-10")
    assert (set(group.was), group.now, group.split) == ({"华东一区", "华东二区"}, ("华东",), False)


def sold(**amounts: tuple[float | None, float | None]) -> pd.DataFrame:
    """Sales of each region in October of last year and of this one."""
    rows = [
        {"month": when, "period": "month", "region": region, "amount": amount}
        for region, pair in amounts.items()
        for when, amount in zip((OCTOBER - YEAR, OCTOBER), pair, strict=True)
        if amount is not None
    ]
    return pd.DataFrame(rows)


def performance(sales: pd.DataFrame, *renames: Rename) -> pd.DataFrame:
    settings = Settings(renames=renames)
    return metrics.sales_performance({"sales": sales}, "2026-10", settings=settings).set_index("entity")


def test_a_divided_region_is_compared_together_and_counted_once():
    sales = sold(西部=(100.0, None), 西南=(None, 70.0), 西北=(None, 50.0), 华东=(200.0, 220.0))
    rows = performance(sales, WEST)
    assert rows.index.tolist() == ["华东", "西南", "西北", "西南+西北", "合计"]
    assert rows.loc["西南+西北", "yoy"] == pytest.approx(0.2)
    assert rows.loc["西南", "yoy_status"] == "new"
    assert (rows.loc["合计", "amount"], rows.loc["合计", "last_year"]) == (340.0, 300.0)
    assert performance(sales).index.tolist() == ["华东", "西南", "西北", "西部", "合计"]


def test_a_region_that_kept_its_name_but_lost_a_part_has_no_growth_of_its_own():
    rows = performance(sold(西部=(100.0, 40.0), 西北=(None, 70.0)), rename("西部", "西部", "西北"))
    assert pd.isna(rows.loc["西部", "yoy"])
    assert rows.loc["西部+西北", "yoy"] == pytest.approx(0.1)


def test_renamed_and_merged_regions_stand_under_their_name_of_today():
    rows = performance(sold(西部=(100.0, None), 大西区=(None, 110.0)), rename("西部", "大西区"))
    assert rows.index.tolist() == ["大西区", "合计"]
    assert rows.loc["大西区", "yoy"] == pytest.approx(0.1)
    both = (rename("华东一区", "华东"), rename("华东二区", "华东"))
    rows = performance(sold(华东一区=(60.0, None), 华东二区=(40.0, None), 华东=(None, 150.0)), *both)
    assert rows.loc["华东", "yoy"] == pytest.approx(0.5)


def test_targets_follow_a_renamed_entity_of_their_level_but_are_never_added():
    targets = pd.DataFrame({"entity_level": ["region", "person"], "entity": ["西部", "西部"], "target": 1.0})
    groups = key_groups([rename("西部", "大西区")], "2026-10", "2025-10")
    assert by_one_name(targets, groups)["entity"].tolist() == ["大西区", "西部"]
    merged = key_groups([rename("西部", "大西区"), rename("西北", "大西区")], "2026-10", "2025-10")
    assert by_one_name(targets, merged)["entity"].tolist() == ["西部", "西部"]


def test_shares_of_a_renamed_brand_have_a_last_year():
    market = pd.DataFrame([
        {"month": m, "period": "month", "region": "华东", "category": "水", "brand": b, "amount": a}
        for m, b, a in ((OCTOBER - YEAR, "清泉", 20.0), (OCTOBER, "清泉山", 30.0), (OCTOBER - YEAR, "他", 80.0), (OCTOBER, "他", 70.0))
    ])  # fmt: skip
    groups = key_groups([rename("清泉", "清泉山", column="brand")], "2026-10", "2025-10")
    change = metrics.market_share_change(by_one_name(market, groups), "2026-10", against="yoy").set_index(
        "brand"
    )
    assert change.loc["清泉山", "value"] == pytest.approx(0.1)


def test_the_page_says_what_is_compared_with_what():
    data = Inputs(
        OCTOBER,
        "zh",
        Settings(),
        {},
        (),
        dt.date(2026, 10, 31),
        renamed=tuple(key_groups([WEST], "2026-10", "2025-10")),
    )
    assert (
        data.same_keys("region") == "西部 自 2026-01 起分为 西南、西北：同比按 西南+西北 合计与原 西部 比较。"
    )
    assert data.same_keys("brand") == ""
