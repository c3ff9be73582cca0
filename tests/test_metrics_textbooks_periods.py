"""Worked examples that others have published, of growth, calendars and forecasts.

Where it says "from memory" the figures weren't looked up when the test was written.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from mktanalytics import metrics as mm

# ---- growth (methods 2.1)


@pytest.mark.parametrize(
    ("over_two_years", "published"),
    [
        # 国家统计局, 2021年1—2月份社会消费品零售总额: 比2019年1—2月份增长6.4%, 两年平均增速为3.2%
        (6.4, 3.2),
        # 国家统计局, 2021年6月份社会消费品零售总额: 比2019年6月份增长10.0%, 两年平均增速为4.9%
        (10.0, 4.9),
        # 国家统计局, 2021年全国居民人均可支配收入: 比2019年增长14.3%, 两年平均增长6.9%
        (14.3, 6.9),
    ],
)
def test_two_year_averages_as_published(over_two_years, published) -> None:
    assert round(mm.cagr(100, 100 + over_two_years, 2).value * 100, 1) == published


def test_average_growth_as_published() -> None:
    """Wikipedia, CAGR: 9,000 (2004) to 13,000 (2007): 13.04 %; Investopedia: 10,000 to 19,000 in 3 years: 23.86 % (from memory)."""
    assert round(mm.cagr(9_000, 13_000, 3).value * 100, 2) == 13.04
    assert round(mm.cagr(10_000, 19_000, 3).value * 100, 2) == 23.86


def test_basis_points_as_published() -> None:
    """中国人民银行, 2022-08-22: the five-year LPR from 4.45 % to 4.30 %: 下降15个基点 (from memory)."""
    assert round(mm.point_change(0.0430, 0.0445).value * 10_000, 6) == -15


def of_halves(now: dict[str, float], base: dict[str, float]) -> pd.DataFrame:
    rows = [(month, kind, value) for month, side in (("2020-06-01", base), ("2021-06-01", now)) for kind, value in side.items()]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["month", "kind", "amount"])
    return frame.assign(month=pd.to_datetime(frame["month"]))


def test_retail_sales_of_goods_and_of_catering_as_published() -> None:
    """国家统计局, 2021年1—6月份: 商品零售190192亿元 (20.6%), 餐饮收入21712亿元 (48.6%), 总额211904亿元 (23.0%).

    The first half of 2020, 157,648 and 14,609, is from memory.
    """
    frame = of_halves({"商品零售": 190_192, "餐饮收入": 21_712}, {"商品零售": 157_648, "餐饮收入": 14_609})
    parts = mm.contributions(frame, "2021-06", by="kind").set_index("kind")
    assert (parts["growth"] * 100).round(1).to_dict() == {"商品零售": 20.6, "餐饮收入": 48.6}
    assert round(parts["contribution"].sum() * 100, 1) == 23.0
    assert round(mm.yoy(frame, "2021-06")["value"].item() * 100, 1) == 23.0


@pytest.mark.parametrize(
    ("pulled", "published"),
    [
        # 青海统计年鉴2020, 表4-15: 最终消费支出、资本形成总额、货物和服务净出口: 拉动 (个百分点), 贡献率 (%)
        ((2.74, 3.65, -0.14), (43.83, 58.42, -2.25)),  # 2019
        ((14.27, 8.95, -15.05), (174.62, 109.58, -184.20)),  # 2015
        ((0.40, 38.74, -28.34), (3.69, 358.74, -262.43)),  # 2013
    ],
)
def test_shares_of_growth_as_published(pulled, published) -> None:
    """拉动指生产总值增长速度与三大需求贡献率的乘积: below 0 and above 100 % are shares too."""
    base = {"消费": 50.0, "投资": 90.0, "净出口": -40.0}
    now = {kind: old + pull for (kind, old), pull in zip(base.items(), pulled, strict=True)}
    found = mm.contributions(of_halves(now, base), "2021-06", by="kind").set_index("kind").loc[list(base)]
    assert (found["contribution"] * 100).tolist() == pytest.approx(pulled)
    # the table's 拉动 have two digits, so that the 贡献率 come back to a tenth
    assert (found["share_of_growth"] * 100).tolist() == pytest.approx(published, abs=0.1)


@pytest.mark.parametrize(
    ("online", "retail", "published"),
    [
        # 国家统计局: 实物商品网上零售额占社会消费品零售总额的比重: 2021年, 2022年一季度, 2024年一季度
        (108_042, 440_823, 24.5), (25_257, 108_659, 23.2), (28_053, 120_327, 23.3),
    ],
)  # fmt: skip
def test_a_share_of_a_span_as_published(online, retail, published) -> None:
    months = pd.DataFrame({"month": pd.date_range("2024-01-01", periods=3, freq="MS")})
    months = months.assign(
        online=[online * k for k in (0.2, 0.3, 0.5)], retail=[retail * k for k in (0.5, 0.1, 0.4)]
    )
    found = mm.span_ratio(months, "2024-03", numerator="online", denominator="retail", span="quarter")
    assert round(found["value"].item() * 100, 1) == published


@pytest.mark.parametrize("january", [0.3, 0.6])
def test_january_and_february_together_as_published(january) -> None:
    """国家统计局, 2024年社会消费品零售总额: 1—2月 81307亿元 (5.5%), 3月 39020亿元 (3.1%), 1—3月 120327亿元 (4.7%).

    2023's 77,067 and 37,855 are from memory. Nobody publishes January: how it is split must not matter.
    """
    sums = {2023: (77_067.0, 37_855.0), 2024: (81_307.0, 39_020.0)}
    rows = [
        (pd.Timestamp(year, month, 1), value)
        for year, (spring, march) in sums.items()
        for month, value in ((1, spring * january), (2, spring * (1 - january)), (3, march))
    ]
    frame = pd.DataFrame(rows, columns=["month", "amount"])
    table = mm.yoy_table(frame, "2024-03").set_index("period")["value"]
    assert (table * 100).round(1).to_dict() == {"1-2月": 5.5, "3月": 3.1}
    quarter = mm.yoy(frame, "2024-03", span="ytd").iloc[0]
    assert (round(quarter["value"] * 100, 1), round(quarter["numerator"])) == (4.7, 120_327)
    merged = mm.merge_spring(frame.set_index("month")["amount"])
    assert merged.tolist() == pytest.approx([77_067, 37_855, 81_307, 39_020])


def test_same_store_sales_as_published() -> None:
    """Seattle Times, "Coming to terms: same-store sales": ten stores, then twenty, 300 and 600 million: 100 %, and none."""
    rows = [("2011-12-01", store, 30e6) for store in range(10)]
    rows += [("2012-12-01", store, 30e6) for store in range(20)]
    sales = pd.DataFrame(rows, columns=["month", "store", "amount"])
    sales = sales.assign(month=pd.to_datetime(sales["month"]))
    found = mm.like_for_like(sales, "2012-12", key="store").set_index("scope")
    assert found["value"].to_dict() == {"全部": 1.0, "同口径": 0.0}
    assert found.loc["同口径", "members"] == 10


# ---- calendars (methods 2.3)

YEAR_ENDS = {
    # company: rule, its fiscal years by the day they ended, and those of 53 weeks (annual reports, from memory)
    "Apple, last Saturday of September": (
        {"end_month": 9, "rule": "last"},
        ["2016-09-24", "2017-09-30", "2018-09-29", "2019-09-28", "2020-09-26", "2021-09-25", "2022-09-24", "2023-09-30"],
        [2017, 2023],
    ),
    "Cisco, last Saturday of July": (
        {"end_month": 7, "rule": "last"},
        ["2016-07-30", "2017-07-29", "2018-07-28", "2019-07-27", "2020-07-25", "2021-07-31", "2022-07-30"],
        [2016, 2021],
    ),
    "Starbucks, Sunday nearest to 30 September": (
        {"end_month": 9, "rule": "nearest", "weekday": "sunday"},
        ["2019-09-29", "2020-09-27", "2021-10-03", "2022-10-02", "2023-10-01", "2024-09-29"],
        [2021],
    ),
}  # fmt: skip


@pytest.mark.parametrize("company", YEAR_ENDS)
def test_fiscal_years_as_published(company) -> None:
    rule, ends, long = YEAR_ENDS[company]
    years = range(int(ends[0][:4]), int(ends[0][:4]) + len(ends))
    assert [f"{mm.fiscal_year_end(year, **rule):%Y-%m-%d}" for year in years] == ends
    weeks = mm.fiscal_calendar(list(years), **rule).groupby("fiscal_year")["weeks"].sum()
    assert weeks[weeks == 53].index.tolist() == long and set(weeks) == {52, 53}


OFF_2024 = {
    (1, 1): 1,
    (2, 10): 8,
    (4, 4): 3,
    (5, 1): 5,
    (6, 8): 3,
    (9, 15): 3,
    (10, 1): 7,
}  # first day: days off
WORKED_2024 = [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)]


def test_working_days_of_2024_as_published() -> None:
    """国务院办公厅, 2024年部分节假日安排 (国办发明电〔2023〕7号): days off and days worked, 251 in all (from memory)."""
    off = {dt.date(2024, *first) + dt.timedelta(days=i) for first, n in OFF_2024.items() for i in range(n)}
    worked = {dt.date(2024, *day) for day in WORKED_2024}
    days = [day.date() for day in pd.date_range("2024-01-01", "2024-12-31")]
    at_work = [day for day in days if day in worked or (day.weekday() < 5 and day not in off)]
    assert len(at_work) == 251
    months = pd.date_range("2023-01-01", "2024-12-01", freq="MS")
    sales = pd.DataFrame({"month": months, "amount": 1.0})
    found = [mm.per_working_day(sales, month)["working_days"].item() for month in months[12:]]
    assert found == [sum(day.month == month for day in at_work) for month in range(1, 13)]


# ---- forecasts (methods 9)


def test_accuracy_as_sktime_publishes() -> None:
    """sktime, API reference of its metrics: y_true, y_pred and y_train of the examples (results from memory)."""
    found = mm.accuracy(
        [3, -0.5, 2, 7, 2], [2.5, 0.0, 2, 8, 1.25], insample=[5, 0.5, 4, 6, 3, 5, 2], season=1
    ).set_index("measure")["value"]
    assert found[["mae", "rmse", "mape", "smape", "mase"]].tolist() == pytest.approx(
        [0.55, 0.6422616289332564, 0.33690476190476193, 0.5553379953379953, 0.18333333333333335]
    )


def test_accuracy_as_scikit_learn_publishes() -> None:
    """scikit-learn, mean_absolute_percentage_error and its neighbours: 0.5, 0.612... and 0.3273... (from memory)."""
    found = mm.accuracy([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]).set_index("measure")["value"]
    assert found[["mae", "rmse", "mape"]].round(4).tolist() == [0.5, 0.6124, 0.3274]


def test_croston_of_lubricants_as_published() -> None:
    """Hyndman & Athanasopoulos, FPP2 12.2, product C: demand 2.750 over arrivals 2.793 is 0.985 (result from memory)."""
    months = """0 2 0 1 0 11 0 0 0 0 2 0 6 3 0 0 0 0 0 7 0 0 0 0 0 0 0 3 1 0 0 1 0 1 0 0"""
    rate = mm.croston([float(v) for v in months.split()], 3)
    assert rate.tolist() == pytest.approx([0.985] * 3, abs=5e-4)
    assert mm.sba([float(v) for v in months.split()], 1)[0] == pytest.approx(0.985 * 0.95, abs=5e-4)
