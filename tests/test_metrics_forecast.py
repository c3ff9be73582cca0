"""Forecasts: published accuracies, an independent Theta, short histories, 春节, and the laws."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from mktanalytics import language
from mktanalytics.errors import MetricError
from mktanalytics.metrics.forecasting import forecast as fc
from mktanalytics.metrics.forecasting import forecast_models as models
from mktanalytics.metrics.forecasting.forecast_accuracy import accuracy, rolling_accuracy
from mktanalytics.metrics.forecasting.reconcile import reconcile
from mktanalytics.metrics.periods.spring import january_share, merge_spring, split_spring


@pytest.fixture(autouse=True)
def english_errors() -> None:
    language.use("en")


# Australian quarterly beer production from 1992 Q1, megalitres (Australian Bureau of Statistics; R package fpp2)
BEER = [443, 410, 420, 532, 433, 421, 410, 512, 449, 381, 423, 531, 426, 408, 416, 520, 409, 398, 398, 507, 432, 398,
        406, 526, 428, 397, 403, 517, 435, 383, 424, 521, 421, 402, 414, 500, 451, 380, 416, 492, 428, 408, 406, 506,
        435, 380, 421, 490, 435, 390, 412, 454, 416, 403, 408, 482, 438, 386, 405, 491, 427, 383, 394, 473, 420, 390,
        410, 488, 415, 398, 419, 488, 414, 374]  # fmt: skip
# Saudi oil production 1996–2013, million tonnes (BP; R package fpp2)
OIL = [445.36, 453.20, 454.41, 422.38, 456.04, 440.39, 425.19, 486.21, 500.43, 521.28, 508.95, 488.89, 509.87, 456.72,
       473.82, 525.95, 549.83, 542.34]  # fmt: skip

# International airline passengers 1949–1960, thousands (Box & Jenkins 1970, series G)
AIRLINE = [112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158,
           133, 114, 140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218,
           230, 242, 209, 191, 172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235,
           227, 234, 264, 302, 293, 259, 229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
           284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404,
           347, 305, 336, 340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337, 360, 342, 406, 396, 420, 472,
           548, 559, 463, 407, 362, 405, 417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432]  # fmt: skip


def monthly(values, start="2023-01-01") -> pd.DataFrame:
    return pd.DataFrame(
        {"month": pd.date_range(start, periods=len(values), freq="MS"), "value": np.asarray(values, float)}
    )


def seasonal(n: int, seed: int = 3) -> np.ndarray:
    t = np.arange(n)
    return (
        (100 + t) * (1 + 0.2 * np.sin(t * np.pi / 6)) * np.exp(np.random.default_rng(seed).normal(0, 0.04, n))
    )


# ---- published examples


@pytest.mark.parametrize(
    ("method", "published"),
    [
        # Hyndman & Athanasopoulos, FPP2 3.4 (https://otexts.com/fpp2/accuracy.html): RMSE, MAE, MAPE %, MASE
        ("naive", (62.69, 57.40, 14.18, 4.01)),
        ("seasonal_naive", (14.31, 13.40, 3.17, 0.94)),
        ("mean", (38.45, 34.83, 8.28, 2.44)),
    ],
)
def test_accuracy_of_the_beer_forecasts(method, published) -> None:
    train, test = BEER[:64], BEER[64:]
    points = {
        "naive": models.naive(train, 10),
        "seasonal_naive": models.seasonal_naive(train, 10, season=4),
        "mean": np.repeat(np.mean(train), 10),
    }[method]
    a = accuracy(test, points, insample=train, season=4).set_index("measure")["value"]
    got = (a["rmse"], a["mae"], a["mape"] * 100, a["mase"])
    assert got == pytest.approx(published, abs=0.0051)


def test_accuracy_of_a_drift_for_beer() -> None:
    # FPP3 5.8, the same beer and split: drift 64.9, 58.9, 14.6, 4.12 (from memory)
    train, test = np.array(BEER[:64]), BEER[64:]
    drift = train[-1] + np.arange(1, 11) * (train[-1] - train[0]) / 63
    a = accuracy(test, drift, insample=train, season=4).set_index("measure")["value"]
    assert [round(a["rmse"], 1), round(a["mae"], 1)] == [64.9, 58.9]
    assert [round(a["mape"] * 100, 1), round(a["mase"], 2)] == [14.6, 4.12]


def test_simple_exponential_smoothing_of_oil() -> None:
    # FPP2 7.1 (https://otexts.com/fpp2/ses.html): alpha 0.83, level 446.6, forecast 542.68
    points, _ = models._ets_form(np.asarray(OIL), 3, 1, ("add", None, None))
    assert points == pytest.approx([542.68] * 3, abs=0.05)


def test_theta_against_the_formula_of_hyndman_and_billah() -> None:
    # Hyndman & Billah 2003: Theta = SES with drift b/2, on the series deseasonalised by the classical method
    y, m, h = seasonal(48), 12, 12
    trend = pd.Series(y).rolling(12).mean().rolling(2).mean().shift(-6).to_numpy()
    ratios = pd.Series(y / trend).groupby(np.arange(48) % m).mean().to_numpy()
    index = ratios / ratios.mean()
    flat = y / np.tile(index, 4)
    slope = np.polyfit(np.arange(48), flat, 1)[0]

    def smooth(alpha: float) -> tuple[float, float]:
        level, sse = flat[0], 0.0
        for value in flat:
            sse += (value - level) ** 2
            level += alpha * (value - level)
        return sse, level

    alpha = minimize_scalar(lambda a: smooth(a)[0], bounds=(0.01, 0.99), method="bounded").x
    steps = np.arange(h) + (1 - (1 - alpha) ** 48) / alpha
    expected = (smooth(alpha)[1] + slope / 2 * steps) * index
    np.testing.assert_allclose(models.theta(y, h), expected, rtol=0.01)


def test_croston_and_sba_as_statsforecast() -> None:
    """statsforecast 2.1, CrostonClassic and CrostonSBA of these thirteen months."""
    y = [0, 6, 0, 0, 4, 0, 0, 0, 7, 3, 0, 0, 5]
    assert models.croston(y, 1)[0] == pytest.approx(2.47904138, abs=5e-9)
    assert models.sba(y, 1)[0] == pytest.approx(2.35508931, abs=5e-9)


def test_far_apart_demands_are_told_and_may_be_forecast_by_sba() -> None:
    lumpy = monthly([0, 0, 90, 0, 0, 0, 60, 0] * 4)
    assert "SBA" in forecast_of(lumpy)["note"].iloc[0]
    assert "SBA" in forecast_of(lumpy, language="en")["note"].iloc[0]
    by_sba = forecast_of(lumpy, method="sba")
    assert by_sba["value"].tolist() == pytest.approx(models.sba(lumpy["value"], 12).tolist())
    assert by_sba["note"].tolist() == [""] * 12
    assert set(by_sba["method"]) == {"sba"}
    assert forecast_of(monthly(seasonal(36)))["note"].tolist() == [""] * 12
    with pytest.raises(MetricError, match="negative"):
        forecast_of(monthly([5, -1, 0, 4] * 4), method="sba")


def forecast_of(history: pd.DataFrame, **options) -> pd.DataFrame:
    return fc.forecast(history, spring=False, **options)


def test_airline_passengers_as_statsforecast() -> None:
    """statsforecast 2.1.1: Theta(season_length=12), whose smoothing is optimised otherwise; CrostonClassic, CrostonSBA."""
    theta = [440.96919545, 429.24924183, 490.69318724, 476.65992046, 480.63103790, 546.45554379, 603.95264990,
             602.29490695, 524.98958424, 457.52943267, 398.73799016, 448.52474805]  # fmt: skip
    assert models.theta(AIRLINE, 12) == pytest.approx(theta, rel=3e-3)
    assert models.croston(AIRLINE, 1)[0] == pytest.approx(460.30277248, rel=1e-8)
    assert models.sba(AIRLINE, 1)[0] == pytest.approx(437.28763386, rel=1e-8)


def test_sba_by_hand() -> None:
    # Croston 1972 with Syntetos & Boylan's factor: sizes 6, 4; gaps 2, 3; alpha 0.2
    size, gap = 6 + 0.2 * (4 - 6), 2 + 0.2 * (3 - 2)
    assert models.sba([0, 6, 0, 0, 4], 2, alpha=0.2) == pytest.approx([0.9 * size / gap] * 2)
    assert models.sba([0, 0], 1).tolist() == [0.0]


# ---- accuracy


def test_measures_that_are_not_defined_say_so() -> None:
    a = accuracy([0, 10], [1, 10]).set_index("measure")
    assert a.loc["mape", "status"] == "na_zero_base" and np.isnan(a.loc["mape", "value"])
    assert a.loc["mase", "status"] == "na_missing"
    assert a.loc["smape", "value"] == 1.0  # 2 × 1 / 1, and 0
    assert accuracy([0, 0], [0, 0]).set_index("measure").loc["smape", "value"] == 0.0
    assert accuracy([1], [1], insample=[5] * 13).set_index("measure").loc["mase", "status"] == "na_zero_base"
    with pytest.raises(MetricError, match="pair"):
        accuracy([1, 2], [1])


def test_the_mean_of_three_beats_naive_on_a_seasonal_series() -> None:
    r = rolling_accuracy(monthly(seasonal(42)), horizon=6, spring=False).set_index(["method", "measure"])[
        "value"
    ]
    assert r[("mean_of_three", "mase")] < r[("naive", "mase")]
    assert {m for m, _ in r.index} == set(fc.METHODS)
    assert rolling_accuracy(monthly(seasonal(20))).empty


# ---- short histories, gaps, negatives


@pytest.mark.parametrize(
    ("n", "method"), [(5, "naive"), (12, "seasonal_naive"), (23, "seasonal_naive"), (26, "mean_of_three")]
)
def test_the_history_decides_the_method(n, method) -> None:
    f = fc.forecast(monthly(seasonal(n)), horizon=3)
    assert set(f["method"]) == {method}
    assert f["note"].str.len().gt(0).all() == (n < 24)


def test_gaps_are_not_filled() -> None:
    with pytest.raises(MetricError, match="2023-03"):
        fc.forecast(monthly(seasonal(30)).drop(index=2))
    with pytest.raises(MetricError, match="2023-02"):
        fc.forecast(pd.concat([monthly([1, 2]), monthly([2], "2023-02-01")]))
    with pytest.raises(MetricError, match="value"):
        fc.forecast(monthly([1]).rename(columns={"value": "销量"}))
    with pytest.raises(MetricError, match="arima"):
        fc.forecast(monthly([1]), method="arima")


def test_returns_months_are_modelled_additively() -> None:
    y = seasonal(36)
    y[7] = -20.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # nothing leaks to the report
        f = fc.forecast(monthly(y), horizon=12)
    assert np.isfinite(f["value"]).all()


def test_a_flat_series_stays_flat() -> None:
    f = fc.forecast(monthly([50.0] * 40), horizon=4)
    assert f[["value", "low", "high"]].to_numpy() == pytest.approx(50.0)


def test_intervals_come_from_enough_errors_and_never_narrow() -> None:
    f = fc.forecast(monthly(seasonal(40)), horizon=12)
    assert (f["errors"] >= 5).all() and set(f["level"]) == {0.80}
    width = (f["high"] - f["low"]).to_numpy()
    assert (np.diff(width) >= -1e-9).all()
    assert ((f["low"] <= f["value"]) & (f["value"] <= f["high"])).all()
    assert fc.forecast(monthly(seasonal(13)), horizon=2)[["low", "high"]].isna().all().all()


def test_empirical_intervals_hold_most_of_the_future() -> None:
    inside = []
    for seed in range(12):
        y = seasonal(48, seed)
        f = fc.forecast(monthly(y[:45]), horizon=3, method="seasonal_naive")
        inside += list((f["low"] <= y[45:]) & (y[45:] <= f["high"]))
    assert 0.6 <= np.mean(inside) <= 1.0


# ---- 春节


def test_january_and_february_are_one_and_split_again() -> None:
    h = monthly([6, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 3, 9], "2024-01-01").set_index("month")["value"]
    assert merge_spring(h).tolist() == [10.0, *[5.0] * 10, 12.0]
    # 初一 2026-02-17 is nearest to 2024-02-10 (2025: 01-29)
    assert january_share(h, 2026) == 0.6
    assert january_share(h, 2028) == 0.25  # 2028-01-26 is nearest to 2025-01-29
    assert january_share(pd.Series(dtype=float), 2026) == 31 / 59
    split = split_spring(np.array([20.0]), pd.Timestamp("2025-12-01"), h)
    assert split.sum() == 20.0 and len(split) == 2


@pytest.mark.parametrize("start", ["2023-01-01", "2023-02-01", "2023-06-01"])
@pytest.mark.parametrize("n", [25, 36, 37])
def test_every_month_ahead_gets_a_value_wherever_the_history_starts_and_ends(start, n) -> None:
    f, _ = fc.point_forecast(fc.as_series(monthly(seasonal(n), start)), 13)
    assert np.isfinite(f).all() and len(f) == 13


def test_a_moving_holiday_is_forecast_by_its_position() -> None:
    # 初一 in January (2023: 22nd, 2025: 29th) takes sales from January, in February (2024, 2026) from February
    values = [v for early in (1, 0, 1) for v in ([60, 100] if early else [100, 60]) + [90] * 10]
    f = fc.forecast(monthly(values), horizon=2, method="seasonal_naive").set_index("month")["value"]
    assert f.tolist() == [100.0, 60.0]  # a plain seasonal naive would say 60, 100


PARTS = pd.Series({"华东": 30.0, "华南": 45.0, "西南": 40.0})


def past_errors_of(total, *parts) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(["total", *PARTS.index], [total, *parts], strict=True)))


def test_parts_are_scaled_to_the_total() -> None:
    assert reconcile(90.0, pd.Series([20.0, 40.0])).tolist() == [30.0, 60.0]
    assert reconcile(100.0, PARTS, method="bottom_up").tolist() == PARTS.tolist()
    with pytest.raises(MetricError, match="can't be scaled"):
        reconcile(90.0, pd.Series([0.0, 0.0]))
    with pytest.raises(MetricError, match="unknown method of reconciling; found hts"):
        reconcile(90.0, PARTS, method="hts")
    with pytest.raises(MetricError, match="needs the columns total"):
        reconcile(90.0, PARTS, method="mint")
    with pytest.raises(MetricError, match="too few past errors; found 1"):
        reconcile(90.0, PARTS, method="mint", errors=past_errors_of([1.0], [1.0], [1.0], [1.0]))


def test_mint_as_hierarchicalforecast_reconciles() -> None:
    """hierarchicalforecast 1.5.3, MinTrace("mint_shrink"): correlations shrunk whole, and by nine percent."""
    t = np.arange(12)
    short = past_errors_of(
        4 * np.sin(t * 1.3), np.cos(t * 2.1), 2 * np.sin(t * 0.7 + 1), 3 * np.cos(t * 1.1 + 2)
    )
    found = reconcile(100.0, PARTS, method="mint", errors=short)
    assert found.tolist() == pytest.approx(
        [29.489206267387715, 42.91330039163425, 35.62624427794886], rel=1e-9
    )
    assert found.sum() == pytest.approx(108.02875093697082, rel=1e-12)
    t = np.arange(24)
    a, b, c = np.sin(t * 1.3), np.cos(t * 2.1), np.sin(t * 0.7 + 1)
    found = reconcile(
        100.0, PARTS, method="mint", errors=past_errors_of(4 * a + 2 * b, a + b, 2 * a - c, 3 * b + c)
    )
    assert found.tolist() == pytest.approx(
        [27.925338739295547, 47.64085779827856, 27.878716684382674], rel=1e-9
    )


def test_who_never_erred_is_believed() -> None:
    """By the formula of two forecasts and independent errors: the gap is shared as the variances are."""
    still = past_errors_of(*[[0.0, 0.0]] * 4)
    assert reconcile(100.0, PARTS, method="mint", errors=still).tolist() == PARTS.tolist()
    sure = past_errors_of([6.0, -6.0, 6.0, -6.0], [1.0, 1.0, -1.0, -1.0], [0.0] * 4, [2.0, -2.0, -2.0, 2.0])
    found = reconcile(100.0, PARTS, method="mint", errors=sure)
    shares = np.array([1.0, 0.0, 4.0]) / (36 + 1 + 4)
    assert found.tolist() == pytest.approx((PARTS.to_numpy() - 15 * shares).tolist())


def test_correlations_that_are_all_noise_count_for_nothing() -> None:
    """Shrunk by more than all of them, correlations are 0 and never turn round: the gap is shared as the variances are."""
    noise = np.random.default_rng(4).normal(size=(5, 4)).round(1)
    variances = noise.var(axis=0)
    found = reconcile(100.0, PARTS, method="mint", errors=past_errors_of(*noise.T))
    assert found.tolist() == pytest.approx((PARTS.to_numpy() - 15 * variances[1:] / variances.sum()).tolist())
    two = past_errors_of([3.0, -3.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0])
    assert reconcile(100.0, PARTS, method="mint", errors=two).tolist() == pytest.approx(PARTS.tolist()), (
        "two errors are enough"
    )


@example([0.0, 5e-324], 1.0, 0, 1.0)
@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0, 1e6), min_size=2, max_size=5),
    st.floats(1, 1e6),
    st.integers(0, 999),
    st.floats(1e-3, 1e3),
)
def test_laws_of_reconciling(values, total, seed, factor) -> None:
    parts = pd.Series(values, [f"区{i}" for i in range(len(values))])
    noise = np.random.default_rng(seed).normal(0, 1 + np.arange(len(values) + 1), (12, len(values) + 1))
    errors = pd.DataFrame(noise, columns=["total", *parts.index])
    size = total + parts.sum()
    mint = reconcile(total, parts, method="mint", errors=errors)
    if parts.sum() > 0:
        assert reconcile(total, parts).sum() == pytest.approx(total)
    # what agrees already stays; the whole moves between the two forecasts of it, or a little beyond
    agreed = reconcile(float(parts.sum()), parts, method="mint", errors=errors)
    assert agreed.tolist() == pytest.approx(parts.tolist(), abs=1e-9 * size)
    scaled = reconcile(total * factor, parts * factor, method="mint", errors=errors * factor)
    assert scaled.tolist() == pytest.approx((mint * factor).tolist(), rel=1e-6, abs=1e-6 * size * factor)
    order = parts.index[::-1]
    turned = reconcile(total, parts[order], method="mint", errors=errors)
    assert turned[parts.index].tolist() == pytest.approx(mint.tolist(), rel=1e-6, abs=1e-6 * size)


# ---- laws

VALUES = st.lists(st.integers(-20, 500), min_size=14, max_size=40)


@settings(max_examples=40, deadline=None)
@given(VALUES, st.integers(1, 8))
def test_mase_of_the_seasonal_naive_in_sample_is_one(values, season) -> None:
    y = np.asarray(values, float)
    if np.abs(y[season:] - y[:-season]).sum() > 0:
        a = accuracy(y[season:], y[:-season], insample=y, season=season).set_index("measure")
        assert a.loc["mase", "value"] == pytest.approx(1.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=20),
    st.integers(2, 1000),
)
def test_accuracy_scales(pairs, factor) -> None:
    y, f = (np.asarray(x, float) for x in zip(*pairs, strict=True))
    a, b = accuracy(y, f), accuracy(y * factor, f * factor)
    unit = a["unit"] == "cny"
    np.testing.assert_allclose(b.loc[unit, "value"], a.loc[unit, "value"] * factor, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(b.loc[~unit, "value"], a.loc[~unit, "value"], rtol=1e-9, equal_nan=True)
    assert a.set_index("measure").loc["rmse", "value"] >= a.set_index("measure").loc["mae", "value"] - 1e-9
    assert not np.isinf(a["value"].fillna(0)).any()


@settings(max_examples=4, deadline=None)
@example(24, 3, random.Random(0))  # its fits parted at the last bit of a number
@given(st.integers(24, 40), st.integers(0, 99), st.randoms())
def test_forecasts_scale_ignore_row_order_and_repeat(n, seed, chance) -> None:
    h = monthly(seasonal(n, seed))
    kept = h.copy(deep=True)
    f = fc.point_forecast(fc.as_series(h), 6)[0]
    pd.testing.assert_frame_equal(h, kept)
    order = list(range(n))
    chance.shuffle(order)
    again = fc.point_forecast(fc.as_series(h.iloc[order]), 6)[0]
    np.testing.assert_array_equal(f, again)
    big = fc.point_forecast(fc.as_series(h.assign(value=h["value"] * 1000)), 6)[0]
    np.testing.assert_allclose(big, f * 1000, rtol=1e-4)
