"""The second source: each definition once more in plain Python, on generated data, against the metric."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.periods import spring_festival

MONTHS = 30  # from January 2024 to June 2026
REGIONS = "东南西北"
near = pytest.approx


def stamp(number: int) -> pd.Timestamp:
    return pd.Timestamp(2024 + number // 12, number % 12 + 1, 1)


def label(number: int) -> str:
    return f"{2024 + number // 12}-{number % 12 + 1:02d}"


@st.composite
def grids(draw: st.DrawFn) -> dict[tuple[int, str], float]:
    """Amounts by month and region: whole months that nobody delivered, zeros, negatives; each region always there."""
    lost = draw(st.sets(st.integers(0, MONTHS - 1), max_size=2))
    regions = REGIONS[: draw(st.integers(1, 4))]
    values = draw(st.lists(st.integers(-40, 100), min_size=MONTHS * 4, max_size=MONTHS * 4))
    return {
        (m, r): float(values[4 * m + i])
        for m in range(MONTHS)
        if m not in lost
        for i, r in enumerate(regions)
    }


def frame(grid: dict[tuple[int, str], float]) -> pd.DataFrame:
    rows = [(stamp(m), r, v) for (m, r), v in grid.items()]
    return pd.DataFrame(rows, columns=["month", "region", "amount"])


def span_of(month: int, span: str) -> list[int]:
    if span == "month":
        return [month]
    if span == "mat":
        return list(range(month - 11, month + 1))
    if span == "quarter":
        first = month - month % 3
        return [first, first + 1, first + 2]
    return list(range(month - month % 12, month + 1))


@settings(max_examples=20, deadline=None)
@given(grids(), st.integers(24, MONTHS - 1), st.sampled_from(["month", "ytd", "mat", "quarter"]))
def test_growth_of_any_span(grid, month, span):
    out = mm.yoy(frame(grid), label(month), by=["region"], span=span, materiality=0.0).set_index("region")
    for region in {r for _, r in grid}:
        now, base = ([grid.get((m - k, region)) for m in span_of(month, span)] for k in (0, 12))
        if region not in out.index:
            assert not any(v is not None for v in now + base)
            continue
        row = out.loc[region]
        if None in now + base:
            assert (
                row["status"] == "na_missing" and math.isnan(row["value"]) and math.isnan(row["difference"])
            )
            continue
        a, b = sum(now), sum(base)
        assert row["difference"] == near(a - b)
        if b > 0 and a >= 0:
            assert row["value"] == near(a / b - 1)
            assert row["status"] == "ok" and "转亏" not in row["note"]
        elif b > 0:
            assert math.isnan(row["value"]) and "转亏" in row["note"]
        else:
            assert math.isnan(row["value"])
            word = "扭亏" if a > 0 else "亏损持平" if a == b else "减亏" if a > b else "增亏"
            assert b == 0 or word in row["note"]
            assert row["status"] == ("na_nonpositive_base" if b < 0 else "new" if a > 0 else "na_zero_base")


@settings(max_examples=15, deadline=None)
@given(grids(), st.integers(12, MONTHS - 1))
def test_contribution_of_each_part(grid, month):
    out = mm.contributions(frame(grid), label(month), by=["region"]).set_index("region")
    regions = sorted({r for _, r in grid})
    now, base = ([grid.get((month - k, r)) for r in regions] for k in (0, 12))
    if None in now + base:
        assert out["contribution"].isna().all()
        return
    total, change = sum(base), sum(now) - sum(base)
    for region, a, b in zip(regions, now, base, strict=True):
        row = out.loc[region]
        if total > 0:
            assert row["contribution"] == near((a - b) / total)
            flat = abs(change) <= 0.001 * total
            assert (
                math.isnan(row["share_of_growth"])
                if flat
                else row["share_of_growth"] == near((a - b) / change)
            )
        else:
            assert row["status"] == ("na_zero_base" if total == 0 else "na_nonpositive_base")
            assert math.isnan(row["contribution"])


@settings(max_examples=15, deadline=None)
@given(grids(), st.integers(0, MONTHS - 1))
def test_indices_on_any_base_and_the_chain_of_months(grid, base):
    one = {(m, "东"): v for (m, r), v in grid.items() if r == "东" and v != 0}
    data = frame(one)
    if not one:
        return
    fixed = mm.fixed_base_index(data, label(base)).set_index("month")["value"]
    moving = mm.moving_base_index(data, against="previous").set_index("month")["value"]
    yearly = mm.moving_base_index(data).set_index("month")["value"]
    for m in range(min(m for m, _ in one), max(m for m, _ in one) + 1):
        for out, then in ((fixed, base), (moving, m - 1), (yearly, m - 12)):
            a, b = one.get((m, "东")), one.get((then, "东"))
            wanted = None if a is None or b is None or b < 0 else 100 * a / b
            assert math.isnan(out[stamp(m)]) if wanted is None else out[stamp(m)] == near(wanted)
    run = [one.get((m, "东"), -1.0) for m in range(base, MONTHS)]
    positive = run[: next((i for i, v in enumerate(run) if v <= 0), len(run))]
    if len(positive) > 1:  # the product of 环比 is 定基
        steps = [moving[stamp(base + i)] / 100 for i in range(1, len(positive))]
        assert fixed[stamp(base + len(positive) - 1)] == near(100 * math.prod(steps))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.booleans(), st.integers(-20, 99)), max_size=14))
def test_like_for_like_is_of_the_members_of_both(rows):
    now, base = defaultdict(float), defaultdict(float)
    lines = [("庚", True, 10), ("庚", False, 8), *rows]  # somebody is always there, so both months have data
    for dealer, late, amount in lines:
        (now if late else base)[dealer] += amount
    data = pd.DataFrame(
        [(stamp(24 if late else 12), d, float(v)) for d, late, v in lines],
        columns=["month", "dealer", "amount"],
    )
    out = mm.like_for_like(data, label(24), key="dealer").set_index("scope")
    both = now.keys() & base.keys()
    assert out.loc["同口径", "members"] == len(both) and out.loc["全部", "members"] == len(
        now.keys() | base.keys()
    )
    a, b = sum(now[d] for d in both), sum(base[d] for d in both)
    assert out.loc["同口径", "difference"] == near(a - b)
    if b > 0 and a >= 0:
        assert out.loc["同口径", "value"] == near(a / b - 1)


# ---- markets

cell = st.tuples(st.integers(0, 900), st.integers(0, 90))  # amount and units of a brand in a cell
markets = st.lists(cell, min_size=2 * 2 * 3, max_size=2 * 2 * 3)  # two years, two regions, three brands
BRANDS = ["甲", "乙", "丙"]


def market(cells: list[tuple[int, int]]) -> pd.DataFrame:
    keys = [(y, r, b) for y in (12, 24) for r in "东西" for b in BRANDS]
    rows = [(stamp(y), r, b, float(v), float(q)) for (y, r, b), (v, q) in zip(keys, cells, strict=True)]
    return pd.DataFrame(rows, columns=["month", "region", "brand", "amount", "units"])


@settings(max_examples=20, deadline=None)
@given(markets)
def test_position_and_change_in_the_market(cells):
    data = market(cells)

    def total(year: int, brand: str | None, column: str) -> float:
        rows = data[(data["month"] == stamp(year)) & (data["brand"].eq(brand) if brand else True)]
        return float(rows[column].sum())

    for year in (12, 24):
        if total(year, None, "amount") == 0 or total(year, None, "units") == 0:
            return
    shares = mm.market_share(data, label(24)).set_index("brand")
    change = mm.market_share_change(data, label(24)).set_index("brand")
    index = mm.evolution_index(data, label(24)).set_index("brand")
    price = mm.relative_price_index(data, label(24)).set_index("brand")
    relative = mm.relative_market_share(shares.reset_index()).set_index("brand")
    for brand in BRANDS:
        now, base = (total(y, brand, "amount") / total(y, None, "amount") for y in (24, 12))
        assert shares.loc[brand, "value"] == near(now) and change.loc[brand, "value"] == near(now - base)
        if base > 0:
            own = total(24, brand, "amount") / total(12, brand, "amount")
            whole = total(24, None, "amount") / total(12, None, "amount")
            assert index.loc[brand, "value"] == near(
                own / whole * 100
            )  # (1 + own growth) / (1 + market growth)
        volume = total(24, brand, "units") / total(24, None, "units")
        if volume > 0:
            assert price.loc[brand, "value"] == near(now / volume)
        rival = max(total(24, b, "amount") for b in BRANDS if b != brand)
        if rival > 0:
            assert relative.loc[brand, "value"] == near(total(24, brand, "amount") / rival)
    squares = sum((total(24, b, "amount") / total(24, None, "amount")) ** 2 for b in BRANDS)
    assert mm.hhi(shares.reset_index())["value"].iloc[0] == near(squares)


@settings(max_examples=20, deadline=None)
@given(markets)
def test_what_moved_the_share_by_the_formula_of_kitagawa(cells):
    data = market(cells)
    sums = {
        (y, r): (float(part["amount"].sum()), float(part.loc[part["brand"] == "甲", "amount"].sum()))
        for (y, r), part in data.groupby([data["month"].map({stamp(12): 12, stamp(24): 24}), "region"])
    }
    if min(m for m, _ in sums.values()) == 0:
        return
    whole = {y: sum(sums[y, r][0] for r in "东西") for y in (12, 24)}
    w = {k: m / whole[k[0]] for k, (m, _) in sums.items()}
    s = {k: own / m for k, (m, own) in sums.items()}
    ref = sum(sum(sums[y, r][1] for r in "东西") / whole[y] for y in (12, 24)) / 2
    out = mm.share_change_effects(data, label(24), brands="甲").set_index("region")
    for r in "东西":
        assert out.loc[r, "within"] == near((s[24, r] - s[12, r]) * (w[24, r] + w[12, r]) / 2)
        assert out.loc[r, "mix"] == near((w[24, r] - w[12, r]) * ((s[24, r] + s[12, r]) / 2 - ref))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 500), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 7), st.sampled_from(["500ml", "1L"])), max_size=12),
)
def test_distribution_of_outlets(turnover, stock):
    outlets = pd.DataFrame({"outlet": range(len(turnover)), "category_sales": [float(t) for t in turnover]})
    pairs = [(o % len(turnover), p) for o, p in stock]
    stocked = pd.DataFrame(pairs, columns=["outlet", "product"]).assign(brand="甲")
    out = mm.outlet_distribution(outlets, stocked, by=["brand", "product"])
    points = 0.0
    for product in {p for _, p in pairs}:
        rows = out[out["product"] == product].set_index("metric")
        carrying = {o for o, p in pairs if p == product}
        assert rows.loc["numeric_distribution", "value"] == near(len(carrying) / len(turnover))
        weighted = rows.loc["weighted_distribution"]
        if sum(turnover) == 0:
            assert weighted["status"] == "na_zero_base"
            continue
        assert weighted["value"] == near(sum(turnover[o] for o in carrying) / sum(turnover))
        points += 100 * float(weighted["value"])
    if pairs and sum(turnover):
        weighted = out[out["metric"] == "weighted_distribution"]
        tdp = mm.total_distribution_points(weighted, column="value")["value"].iloc[0]
        assert tdp == near(points)


purchase = st.tuples(st.integers(0, 5), st.sampled_from("甲乙"), st.integers(1, 9))


@settings(max_examples=15, deadline=None)
@given(st.lists(purchase, min_size=1, max_size=20), st.integers(6, 100))
def test_what_buyers_do(rows, population):
    data = pd.DataFrame(rows, columns=["buyer", "brand", "units"])
    everything = sum(q for *_, q in rows)
    category = {b for b, *_ in rows}
    for brand in {b for _, b, _ in rows}:
        mine = {b for b, name, _ in rows if name == brand}
        own = sum(q for _, name, q in rows if name == brand)
        theirs = sum(q for b, _, q in rows if b in mine)
        wanted = {
            mm.penetration_share: len(mine) / len(category),
            mm.share_of_requirements: own / theirs,
            mm.heavy_usage_index: (theirs / len(mine)) / (everything / len(category)),
        }
        for metric, value in wanted.items():
            assert metric(data).set_index("brand").loc[brand, "value"] == near(value)
        reach = mm.penetration(data, population=population).set_index("brand").loc[brand, "value"]
        assert reach == near(len(mine) / population)


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(st.sampled_from(REGIONS), st.tuples(st.integers(1, 900), st.integers(1, 90)), min_size=1)
)
def test_development_of_areas(areas):
    data = pd.DataFrame([(r, float(v)) for r, (v, _) in areas.items()], columns=["region", "amount"])
    out = mm.development_index(data, {r: float(h) for r, (_, h) in areas.items()}).set_index("region")
    sold, heads = (sum(pair[i] for pair in areas.values()) for i in (0, 1))
    for region, (v, h) in areas.items():
        assert out.loc[region, "value"] == near(
            (v / sold) / (h / heads) * 100
        )  # share of sales over share of heads


# ---- price, volume, mix

pairs = st.dictionaries(st.sampled_from("abcd"), st.tuples(*[st.integers(1, 60)] * 4), min_size=1)


@settings(max_examples=20, deadline=None)
@given(pairs)
def test_every_convention_by_its_formula(rows):
    def log_mean(a: float, b: float) -> float:
        return a if a == b else (a - b) / math.log(a / b)

    old = pd.DataFrame(
        [(k, float(q), float(p * q)) for k, (p, q, _, _) in rows.items()],
        columns=["product", "units", "amount"],
    )
    new = pd.DataFrame(
        [(k, float(q), float(p * q)) for k, (_, _, p, q) in rows.items()],
        columns=["product", "units", "amount"],
    )
    each = [(p0, q0, p1, q1) for p0, q0, p1, q1 in rows.values()]
    price = {
        "laspeyres": sum((p1 - p0) * q0 for p0, q0, p1, _ in each),
        "paasche": sum((p1 - p0) * q1 for p0, _, p1, q1 in each),
        "three_term": sum((p1 - p0) * q0 for p0, q0, p1, _ in each),
        "bennet": sum((p1 - p0) * (q0 + q1) / 2 for p0, q0, p1, q1 in each),
        "montgomery": sum(log_mean(p1 * q1, p0 * q0) * math.log(p1 / p0) for p0, q0, p1, q1 in each),
    }
    quantity = {
        "laspeyres": sum((q1 - q0) * p1 for _, q0, p1, q1 in each),
        "paasche": sum((q1 - q0) * p0 for p0, q0, _, q1 in each),
        "three_term": sum((q1 - q0) * p0 for p0, q0, _, q1 in each),
        "bennet": sum((q1 - q0) * (p0 + p1) / 2 for p0, q0, p1, q1 in each),
        "montgomery": sum(log_mean(p1 * q1, p0 * q0) * math.log(q1 / q0) for p0, q0, p1, q1 in each),
    }
    cross = sum((p1 - p0) * (q1 - q0) for p0, q0, p1, q1 in each)
    for convention, wanted in price.items():
        total = mm.pvm_bridge(mm.price_volume_mix(old, new, convention=convention)).iloc[0]
        assert total["price"] == near(wanted, abs=1e-6)
        assert total["volume"] + total["mix"] == near(quantity[convention], abs=1e-6)
        assert total["cross"] == near(cross if convention == "three_term" else 0.0)
    before, after = sum(q0 for _, q0, _, _ in each), sum(q1 for *_, q1 in each)
    mean_price = sum(p0 * q0 for p0, q0, _, _ in each) / before
    plan = mm.price_volume_mix(old, new, convention="paasche").set_index("product")
    assert plan["volume"].sum() == near((after - before) * mean_price, abs=1e-6)
    for name, (p0, q0, _, q1) in rows.items():
        assert plan.loc[name, "mix_product"] == near((q1 - after * q0 / before) * (p0 - mean_price), abs=1e-6)


# ---- calendars


def test_the_first_days_of_the_lunar_years_2000_to_2035():
    # Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table
    days = """2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07
    2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16
    2019-02-05 2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26
    2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08"""
    assert [spring_festival(y).isoformat() for y in range(2000, 2036)] == days.split()


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(st.integers(2020, 2026), st.dates(dt.date(2020, 1, 1), dt.date(2020, 3, 31)), min_size=2),
    st.integers(-30, 0), st.integers(0, 30),
)  # fmt: skip
def test_regressors_count_the_days_of_the_window_in_each_month(days, start, end):
    events = {y: d.replace(year=y, day=min(d.day, 28)) for y, d in days.items()}
    months = [f"{y}-{m:02d}" for y in events for m in range(1, 13)]
    out = mm.holiday_regressors(months, dates=events, windows={"w": (start, end)}).set_index("month")["w"]
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for event in events.values():
        for offset in range(start, end + 1):
            day = event + dt.timedelta(days=offset)
            counts[day.year, day.month] += 1
    length = end - start + 1
    for month, value in out.items():
        long_run = sum(v for (_, m), v in counts.items() if m == month.month) / len(events)
        assert value == near((counts[month.year, month.month] - long_run) / length)


# State Council notices of the public holidays, 2025 (国办发明电〔2024〕12号) and 2026 (国办发明电〔2025〕7号): days off, and
# weekend days worked
OFF = {
    2025: ["01-01", "01-28", "01-29", "01-30", "01-31", "02-01", "02-02", "02-03", "02-04", "04-04", "04-05", "04-06", "05-01",
           "05-02", "05-03", "05-04", "05-05", "05-31", "06-01", "06-02", "10-01", "10-02", "10-03", "10-04", "10-05",
           "10-06", "10-07", "10-08"],
    2026: ["01-01", "01-02", "01-03", "02-15", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21", "02-22", "02-23", "04-04",
           "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05", "06-19", "06-20", "06-21", "09-25", "09-26",
           "09-27", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"],
}  # fmt: skip
WORKED = {
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


@pytest.mark.parametrize("month", range(1, 13))
def test_working_days_are_those_of_the_notices(month):
    def worked(day: dt.date) -> bool:
        name = f"{day:%m-%d}"
        return name in WORKED[day.year] or (day.weekday() < 5 and name not in OFF[day.year])

    def count(year: int) -> int:
        first = dt.date(year, month, 1)
        days = [first + dt.timedelta(days=i) for i in range(31)]
        return sum(worked(d) for d in days if d.month == month)

    data = pd.DataFrame(
        {"month": pd.to_datetime([f"2025-{month}-01", f"2026-{month}-01"]), "amount": [100.0, 120.0]}
    )
    row = mm.per_working_day(data, f"2026-{month:02d}").iloc[0]
    assert (row["working_days_base"], row["working_days"]) == (count(2025), count(2026))
    assert row["value"] == near((120 / count(2026)) / (100 / count(2025)) - 1)


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=400, max_size=400), st.sampled_from([(4, 4, 5), (4, 5, 4), (5, 4, 4)]),
    st.sampled_from(["last", "nearest"]), st.sampled_from(["end", "start"]), st.integers(1, 12),
)  # fmt: skip
def test_fiscal_periods_hold_every_day_once(amounts, pattern, rule, named_by, end_month):
    calendar = mm.fiscal_calendar(
        range(2019, 2027), pattern=pattern, rule=rule, named_by=named_by, end_month=end_month
    )
    assert (
        calendar["start"].iloc[1:].to_numpy() == calendar["end"].iloc[:-1].to_numpy() + pd.Timedelta(days=1)
    ).all()
    assert ((calendar["end"] - calendar["start"]).dt.days + 1 == calendar["weeks"] * 7).all()
    assert set(calendar.groupby("fiscal_year")["weeks"].sum()) <= {52, 53}
    days = pd.date_range("2022-03-01", periods=400)
    daily = pd.DataFrame({"date": days, "amount": [float(a) for a in amounts]})
    for row in mm.fiscal_totals(daily, calendar).itertuples():
        inside = [a for d, a in zip(days, amounts, strict=True) if row.start <= d <= row.end]
        whole = row.start >= days[0] and row.end <= days[-1]
        assert row.value == sum(inside) if whole else math.isnan(row.value)
