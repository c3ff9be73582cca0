"""Laws that hold for every metric of periods, share, sales and customers: the order of rows never matters, nor does
the unit of money (ratios stay, money scales), and no figure is ever infinite or without a status (appendix B)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mktanalytics import metrics as mm
from mktanalytics.errors import MktError
from mktanalytics.metrics.result import MAY_HAVE_VALUE, RECORD

Frames = dict[str, pd.DataFrame]
NOW, BASE = "2026-05", "2025-05"
REGIONS, CATEGORIES, BRANDS = ["华东", "华南", "华北"], ["水", "茶"], ["云岭", "清泉", "山谷", "其他"]
BUYING = mm.RepeatBuying(0.243, 4.414, 0.793, 2.426)


def company(seed: int) -> Frames:
    """Two and a half years: missing months, zeros, returns, ties, keys that come and go, rows in no order."""
    random = np.random.default_rng(seed)
    days = pd.date_range("2024-01-01", "2026-05-31")
    lost = set(random.choice(29, size=random.integers(0, 3), replace=False))
    sales = pd.DataFrame(
        {
            "date": random.choice(days, 400),
            "region": random.choice(REGIONS, 400),
            "product": random.choice([f"p{i}" for i in range(6)], 400),
            "brand": random.choice(BRANDS[:2], 400),
            "customer": random.choice([f"c{i}" for i in range(12)], 400),
            "order_id": random.integers(0, 150, 400).astype(str),
            "units": random.integers(-1, 6, 400).astype(float),
        }
    )
    sales["amount"] = sales["units"] * random.integers(1, 4, 400)
    sales["month"] = sales["date"].dt.to_period("M").dt.to_timestamp()
    number = (sales["month"].dt.year - 2024) * 12 + sales["month"].dt.month - 1
    gone = (sales["product"] == "p0") & (number > 20) | (sales["product"] == "p1") & (number < 18)
    sales = sales[~number.isin(lost) & ~gone].reset_index(drop=True)
    months = pd.date_range("2024-01-01", "2026-05-01", freq="MS")
    cells = [(m, r, c, b) for m in months for r in REGIONS for c in CATEGORIES for b in BRANDS[:3]]
    market = pd.DataFrame(cells, columns=["month", "region", "category", "brand"])
    market["units"] = random.integers(0, 30, len(market)).astype(float)
    market["amount"] = market["units"] * random.integers(1, 5, len(market))
    market["outlets_total"] = 50.0
    market["outlets_stocking"] = random.integers(0, 51, len(market)).astype(float)
    market["weighted_distribution"] = market["outlets_stocking"] / 50
    late = (market["brand"] == "山谷") & (market["month"] < "2025-08-01")
    market = market[~late]
    if random.random() < 0.5:
        whole = market.groupby(["month", "region", "category"], as_index=False)[["amount", "units"]].sum()
        extra = random.integers(0, 20, len(whole))
        market = pd.concat(
            [market, whole.assign(brand="合计", amount=whole["amount"] + extra, units=whole["units"] + extra)]
        )
    outlets = pd.DataFrame({"outlet": range(20), "category_sales": random.integers(0, 99, 20).astype(float)})
    stocked = pd.DataFrame({"outlet": random.integers(0, 20, 30), "brand": random.choice(BRANDS[:2], 30)})
    frames = {"sales": sales, "market": market.reset_index(drop=True), "outlets": outlets, "stocked": stocked}
    frames["purchases"] = sales.rename(columns={"customer": "buyer"})[
        ["buyer", "brand", "units", "amount", "order_id"]
    ]
    return frames


def one_price(frames: Frames, month: str) -> pd.DataFrame:
    sales = frames["sales"]
    return sales[sales["month"] == month]


def two_years(frames: Frames) -> tuple[pd.DataFrame, pd.DataFrame]:
    sales = frames["sales"]
    return sales[sales["date"] < "2025-01-01"], sales[sales["date"].between("2025-01-01", "2025-12-31")]


def segments(frames: Frames) -> pd.DataFrame:
    market = frames["market"]
    rows = market[market["brand"] != "合计"].sort_values(["month", "region", "category", "brand"])
    both = []
    for month, suffix in ((BASE, "base"), (NOW, "now")):
        part = rows[rows["month"] == month].groupby("region")
        own = rows[(rows["month"] == month) & (rows["brand"] == "云岭")].groupby("region")["amount"].sum()
        both.append(pd.DataFrame({f"market_{suffix}": part["amount"].sum(), f"own_{suffix}": own}))
    return pd.concat(both, axis=1).rename_axis("segment").reset_index()


def prices(frames: Frames) -> pd.DataFrame:
    lines = frames["sales"][frames["sales"]["units"] > 0].sort_values(["product", "date", "amount", "units"])
    sums = lines.groupby(["month", "product"])[["amount", "units"]].sum()
    return sums.groupby("product").agg(
        price_base=("amount", "first"), units_base=("units", "first"), price_now=("amount", "last"), units_now=("units", "last")
    ).reset_index()  # fmt: skip


def shares(f: Frames) -> pd.DataFrame:
    return mm.market_share(f["market"], NOW, by=["region"])


def repeats(f: Frames) -> pd.DataFrame:
    return mm.repeat_purchases(f["sales"], "2026-05-31")


# every metric on the whole company; by what its money columns are scaled shows in the result alone
CALLS: dict[str, Callable[[Frames], Any]] = {
    "compare": lambda f: mm.compare(f["sales"], NOW, BASE, by=["region"], absent="zero"),
    "yoy": lambda f: mm.yoy(f["sales"], NOW, by=["region", "product"], span="ytd"),
    "mom": lambda f: mm.mom(f["sales"], NOW, by=["product"]),
    "contributions": lambda f: mm.contributions(f["sales"], NOW, by=["region"], absent="zero"),
    "span_total": lambda f: mm.span_total(f["sales"], NOW, by=["region"]),
    "ytd": lambda f: mm.ytd(f["sales"], NOW, by=["product"]),
    "mat": lambda f: mm.mat(f["sales"], NOW, by=["region"]),
    "span_ratio": lambda f: mm.span_ratio(f["sales"], NOW, numerator="amount", denominator="units", by=["region"]),
    "span_balance": lambda f: mm.span_balance(f["sales"], NOW, measure="amount", by=["region"]),
    "fixed_base_index": lambda f: mm.fixed_base_index(f["sales"], BASE, by=["region"]),
    "moving_base_index": lambda f: mm.moving_base_index(f["sales"], by=["region"]),
    "seasonal_indices": lambda f: mm.seasonal_indices(f["sales"], model="additive"),
    "same_days": lambda f: mm.same_days(f["sales"], "2026-05-20", by=["region"]),
    "per_working_day": lambda f: mm.per_working_day(f["sales"], NOW, by=["region"]),
    "like_for_like": lambda f: mm.like_for_like(f["sales"], NOW, key="customer", by=["region"]),
    "like_for_like_months": lambda f: mm.like_for_like_months(f["sales"], NOW),
    "yoy_table": lambda f: mm.yoy_table(f["sales"], NOW, by=["region"]),
    "align_to_event": lambda f: mm.align_to_event(f["sales"], [2025, 2026]),
    "event_growth": lambda f: mm.event_growth(f["sales"], 2026),
    "fiscal_totals": lambda f: mm.fiscal_totals(f["sales"], mm.fiscal_calendar([2025])),
    "fiscal_yoy": lambda f: mm.fiscal_yoy(f["sales"], mm.fiscal_calendar([2024, 2025]), 2025, 6),
    "market_share": lambda f: mm.market_share(f["market"], NOW, by=["region"], groups={"自有": BRANDS[:2]}, span="ytd"),
    "market_share_trend": lambda f: mm.market_share_trend(f["market"], NOW, months=3),
    "market_share_change": lambda f: mm.market_share_change(f["market"], NOW, by=["region"]),
    "market_share_summary": lambda f: mm.market_share_summary(f["market"], NOW, own=BRANDS[:2]),
    "market_coverage": lambda f: mm.market_coverage(f["sales"], f["market"], NOW, own=BRANDS[:2], by=["region"]),
    "share_rank": lambda f: mm.share_rank(shares(f), by=["region"]),
    "relative_market_share": lambda f: mm.relative_market_share(shares(f), by=["region"]),
    "concentration_ratio": lambda f: mm.concentration_ratio(shares(f), 2, by=["region"]),
    "hhi": lambda f: mm.hhi(shares(f), by=["region"]),
    "hhi_band": lambda f: mm.hhi_band(mm.hhi(shares(f), by=["region"])),
    "relative_price_index": lambda f: mm.relative_price_index(f["market"], NOW, by=["category"]),
    "evolution_index": lambda f: mm.evolution_index(f["market"], NOW, against="ytd"),
    "share_index": lambda f: mm.share_index(f["market"], NOW, by=["region"]),
    "share_effects": lambda f: mm.share_effects(segments(f)),
    "share_change_effects": lambda f: mm.share_change_effects(f["market"], NOW, brands=BRANDS[:2]),
    "effect_table": lambda f: mm.effect_table({"区域": mm.share_change_effects(f["market"], NOW, brands=BRANDS[:2])}),
    "numeric_distribution": lambda f: mm.numeric_distribution(f["market"], NOW, by=["category"]),
    "weighted_distribution": lambda f: mm.weighted_distribution(f["market"], NOW),
    "outlet_distribution": lambda f: mm.outlet_distribution(f["outlets"], f["stocked"]),
    "total_distribution_points": lambda f: mm.total_distribution_points(
        f["market"][f["market"]["month"] == NOW].query("brand != '合计'")
    ),
    "sales_per_point": lambda f: mm.sales_per_point(
        f["sales"], mm.weighted_distribution(f["market"], NOW, by=["region", "category"]).drop_duplicates("brand")
    ),
    "penetration": lambda f: mm.penetration(f["purchases"], population=40),
    "penetration_share": lambda f: mm.penetration_share(f["purchases"]),
    "share_of_requirements": lambda f: mm.share_of_requirements(f["purchases"], measure="amount"),
    "heavy_usage_index": lambda f: mm.heavy_usage_index(f["purchases"], measure="amount"),
    "purchase_frequency": lambda f: mm.purchase_frequency(f["purchases"]),
    "development_index": lambda f: mm.development_index(f["sales"], {"华东": 3.0, "华南": 2.0, "西藏": 1.0}),
    "share_drivers": lambda f: mm.share_drivers(f["purchases"], measure="amount"),
    "multiplicative_effects": lambda f: mm.multiplicative_effects(
        *(mm.share_drivers(part.rename(columns={"customer": "buyer"}), measure="amount") for part in two_years(f)[::-1])
    ),
    "price_volume_mix": lambda f: mm.price_volume_mix(*two_years(f), levels=["region"]),
    "pvm_bridge": lambda f: mm.pvm_bridge(mm.price_volume_mix(*two_years(f)), by=["product"]),
    "price_quantity_indices": lambda f: mm.price_quantity_indices(*two_years(f)),
    "chained_indices": lambda f: mm.chained_indices(
        f["sales"].query("units > 0").assign(year=lambda s: s["date"].dt.year), time="year"
    ),
    "chained_fisher": lambda f: mm.chained_fisher(
        f["sales"].query("units > 0").assign(year=lambda s: s["date"].dt.year), time="year"
    ),
    "fisher_contributions": lambda f: mm.fisher_contributions(prices(f)),
    "abc_classes": lambda f: mm.abc_classes(f["sales"]),
    "pareto_shares": lambda f: mm.pareto_shares(f["sales"], key="customer"),
    "return_rate": lambda f: mm.return_rate(f["sales"], NOW, by=["region"], order="order_id", span="mat"),
    "rfm": lambda f: mm.rfm(f["sales"], "2026-05-31"),
    "rfm_scores": lambda f: mm.rfm_scores(mm.rfm(f["sales"], "2026-05-31")),
    "rfm_segments": lambda f: mm.rfm_segments(mm.rfm_scores(mm.rfm(f["sales"], "2026-05-31"))),
    "rfm_classes": lambda f: mm.rfm_classes(mm.rfm(f["sales"], "2026-05-31")),
    "cohort_activity": lambda f: mm.cohort_activity(f["sales"]),
    "repeat_purchases": repeats,
    "future_purchases": lambda f: mm.future_purchases(repeats(f), BUYING, 10),
    "repeat_tracking": lambda f: mm.repeat_tracking(
        f["sales"], BUYING, fitted_through="2026-03-31", through="2026-05-31", days=30
    ),
    "by_one_name": lambda f: mm.mat(
        mm.by_one_name(f["sales"], [mm.KeyGroup("region", ("华东",), ("华南",), "2025-06")]), NOW, by=["region"]
    ),
    "restate_keys": lambda f: mm.mat(
        mm.restate_keys(
            f["sales"],
            pd.DataFrame({"key_old": ["华东"], "key_new": ["华南"], "valid_from": [pd.NaT], "valid_to": [pd.Timestamp(BASE)]}),
            key="region",
        ),
        NOW, by=["region"],
    ),
    "growth_share_matrix": lambda f: mm.growth_share_matrix(
        f["sales"].groupby("product", as_index=False)["amount"].sum().rename(columns={"product": "unit"})
        .assign(relative_share=[0.5, 1.0, 1.5, 2.0, None, 0.9][: f["sales"]["product"].nunique()], market_growth=0.1),
        growth_cut="mean",
    ),
}  # fmt: skip
EXEMPT = {  # takes numbers, a calendar, models fitted elsewhere, or no money and no rows to shuffle
    "growth", "cagr", "two_year_average", "point_change", "fiscal_year_end", "fiscal_calendar", "month_of_fiscal_year",
    "holiday_regressors", "merge_spring", "january_share", "split_spring", "market_variances", "fit_retention", "retention_curve",
    "fit_repeat_buying", "expected_purchases", "fit_spend", "expected_spend", "customer_lifetime_value", "competitor_profile_matrix",
    "competitor_profile_texts", "price_comparison", "key_groups", "mom_published",
}  # fmt: skip
# these calls themselves compare the months of the frame with text
NOT_BY_PERIOD = {"share_effects", "total_distribution_points"}
SUBJECTS = ("periods.", "share.", "sales.", "customers.", "restated_keys")
MONEY = ("amount", "category_sales")


def home(name: str) -> str:
    return mm.all_metrics()[name].__module__.removeprefix("mktanalytics.metrics.")


def test_every_metric_of_these_subjects_is_under_the_laws():
    mine = {name for name in mm.all_metrics() if home(name).startswith(SUBJECTS)}
    assert mine == set(CALLS) | EXEMPT and not set(CALLS) & EXEMPT


def assert_well_formed(out: pd.DataFrame) -> None:
    numbers = out.select_dtypes("number").to_numpy(dtype="float64", na_value=np.nan)
    assert not np.isinf(numbers).any()
    if set(RECORD) <= set(out.columns):
        has_value = out["value"].notna()
        assert out.loc[has_value, "status"].isin([str(s) for s in MAY_HAVE_VALUE]).all()
        assert out.loc[out["status"].isin(["ok", "clamped"]), "value"].notna().all()


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_rows_and_the_unit_of_money_never_matter(name, seed):
    frames = company(seed)
    out = CALLS[name](frames)
    assert_well_formed(out)
    shuffled = {k: f.sample(frac=1, random_state=seed + 1) for k, f in frames.items()}
    pd.testing.assert_frame_equal(out, CALLS[name](shuffled))
    fen = {k: f.assign(**{c: f[c] * 1000 for c in MONEY if c in f}) for k, f in frames.items()}
    scaled = CALLS[name](fen)
    assert list(scaled.columns) == list(out.columns) and len(scaled) == len(out)
    for column in out.columns:
        before, after = out[column], scaled[column]
        if not pd.api.types.is_numeric_dtype(before):
            pd.testing.assert_series_equal(before, after)
            continue
        a, b = (s.to_numpy(dtype="float64", na_value=np.nan) for s in (before, after))
        same = np.isclose(a, b, equal_nan=True, atol=1e-9)
        money = np.isclose(a * 1000, b, equal_nan=True, atol=1e-6)
        assert (same | money).all(), column
        if column == "value" and "unit" in out.columns:
            ratios = out["unit"].isin(["fraction", "pp", "ratio", "index", "rank", "points"]).to_numpy()
            priced = np.array(["unit" in out.columns and name == "span_ratio"] * len(out))  # a price per unit
            assert same[ratios & ~priced].all()


def text(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{c: frame[c].astype(str) + "元" for c in MONEY if c in frame})


def numbered(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(month=202610) if "month" in frame else frame


def worded(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(month="十月") if "month" in frame else frame


@pytest.mark.parametrize("spoil", [text, numbered, worded])
@pytest.mark.parametrize("name", CALLS)
def test_a_column_of_another_type_is_refused_by_a_sentence(name, spoil):
    """Never by a traceback: amounts that are text, months that are numbers (202610 is a moment of 1970) or words."""
    spoiled = {k: spoil(f) for k, f in company(5).items()}
    try:
        CALLS[name](spoiled)
    except MktError as error:
        assert error.found  # what was there


@pytest.mark.parametrize("name", CALLS)
def test_types_that_mean_the_same_give_the_same(name):
    frames = company(5)
    out = CALLS[name](frames)
    nullable = {k: f.convert_dtypes() for k, f in frames.items()}
    monthly = {
        k: f.assign(month=f["month"].dt.to_period("M")) if "month" in f else f for k, f in frames.items()
    }
    for same in (nullable, monthly if name not in NOT_BY_PERIOD else frames):
        pd.testing.assert_frame_equal(out, CALLS[name](same), check_dtype=False, check_column_type=False)


def test_spend_and_value_scale_with_money():
    customers = pd.DataFrame({"x": [2, 0], "t_x": [30.0, 0.0], "T": [38.0, 38.0], "spend": [22.0, np.nan]})
    one, fen = mm.SpendModel(6.25, 3.74, 15.44), mm.SpendModel(6.25, 3.74, 1544.0)
    dear = customers.assign(spend=customers["spend"] * 100)
    assert np.allclose(mm.expected_spend(customers, one) * 100, mm.expected_spend(dear, fen))
