"""Spans of time in cells, headers, titles and file names; the business calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics.periods import (
    LENGTHS,
    Period,
    Span,
    add_months,
    as_months,
    find_period,
    fiscal_year,
    is_cumulative,
    is_jan_feb,
    month_range,
    parse_period,
    parse_span,
    roll_years,
    split_period,
    split_span,
    spring_festival,
    working_days,
)

OCTOBER = Period(dt.date(2026, 10, 1), "month")
PERIODS = st.builds(
    lambda day, length: _starting(day, length),
    st.dates(dt.date(1981, 1, 1), dt.date(2078, 12, 31)),
    st.sampled_from(LENGTHS),
)


def _starting(day: dt.date, length: str) -> Period:
    if length == "day":
        return Period(day, "day")
    if length == "week":
        return Period(day - dt.timedelta(days=day.weekday()), "week")
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[length]
    return Period(dt.date(day.year, (day.month - 1) // months * months + 1, 1), length)


@pytest.mark.parametrize(
    "text",
    ["2026年10月", "2026-10", "2026/10", "202610", "2026.10", "2026_10", "26年10月", "10月", "10月份", "Oct-26", "Oct 2026",
     "October", "Oct'26", "2026 年 10 月", "２０２６年１０月", "十月", "二〇二六年十月", "2026年10月份", "(2026年10月)", "OCT. 2026"],
)  # fmt: skip
def test_spellings_of_one_month(text):
    assert parse_period(text, year=2026) == OCTOBER


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2026Q1", "2026-01-01", "quarter"), ("Q1 2026", "2026-01-01", "quarter"), ("2026-Q4", "2026-10-01", "quarter"),
        ("2026年第一季度", "2026-01-01", "quarter"), ("一季度", "2026-01-01", "quarter"), ("4季度", "2026-10-01", "quarter"),
        ("1Q26", "2026-01-01", "quarter"), ("Q3'26", "2026-07-01", "quarter"), ("4-6月", "2026-04-01", "quarter"),
        ("2026年上半年", "2026-01-01", "half"), ("H2", "2026-07-01", "half"), ("7-12月", "2026-07-01", "half"),
        ("2026", "2026-01-01", "year"), ("2026年", "2026-01-01", "year"), ("2025年度", "2025-01-01", "year"),
        ("FY2022", "2022-01-01", "year"), ("FY22", "2022-01-01", "year"), ("全年", "2026-01-01", "year"),
        ("W35", "2026-08-24", "week"), ("第35周", "2026-08-24", "week"), ("2026-W35", "2026-08-24", "week"),
        ("2026年第1周", "2025-12-29", "week"), ("10/5", "2026-10-05", "day"), ("2026-10-05", "2026-10-05", "day"),
        ("20261005", "2026-10-05", "day"), ("2026年10月5日", "2026-10-05", "day"), ("5日", "2026-10-05", "day"),
        ("2026-10-05 00:00:00", "2026-10-05", "day"),
    ],
)  # fmt: skip
def test_other_lengths(text, start, length):
    assert parse_period(text, year=2026, month=10) == Period(dt.date.fromisoformat(start), length)


@pytest.mark.parametrize(
    ("text", "end"),
    [("1-10月", "2026-10-31"), ("1～2月", "2026-02-28"), ("1-10月累计", "2026-10-31"), ("1月至10月", "2026-10-31"),
     ("2026年1-12月", "2026-12-31"), ("10月累计", "2026-10-31"), ("YTD Oct 2026", "2026-10-31"), ("Jan-Oct 2026", "2026-10-31"),
     ("前三季度", "2026-09-30"), ("前10个月", "2026-10-31"), ("2026年累计", "2026-12-31")],
)  # fmt: skip
def test_the_year_up_to_a_month_is_cumulative(text, end):
    period = parse_period(text, year=2026)
    assert period and period.cumulative and period.end == dt.date.fromisoformat(end)
    assert is_cumulative(text)


def test_cumulative_without_a_span_is_told_apart():
    for text in ("累计", "本年累计", "YTD", "年初至今"):
        assert parse_period(text, year=2026) is None and is_cumulative(text)
    assert not is_cumulative("10月") and not is_cumulative("4-6月")


@pytest.mark.parametrize(
    "text",
    ["", "1200", "12.5", "10月目标", "3-5月", "2025年11月-2026年2月", "2026年2月30日", "13月", "12个月", "第1题", "Oct 26",
     "26-Oct", "近12月", "10月上旬", "Maybe", "V1", "Q5", "1-2", "去年10月", "2026年W60"],
)  # fmt: skip
def test_not_a_period(text):
    assert parse_period(text, year=2026) is None


def test_without_a_year_there_is_no_period():
    assert parse_period("10月") is None and parse_span("10月") == Span("month", 10)


@pytest.mark.parametrize(
    ("value", "period"),
    [(202610.0, OCTOBER), (2026.0, Period(dt.date(2026, 1, 1), "year")), (20261005, Period(dt.date(2026, 10, 5), "day")),
     (2026.11, Period(dt.date(2026, 11, 1), "month")), (2026.1, None), (1200.0, None), (45566.0, None), (12.5, None),
     (float("nan"), None), (1e300, None), (202613.0, None),
     (dt.datetime(2026, 10, 5, 8, 30), Period(dt.date(2026, 10, 5), "day"))],  # noqa: DTZ001 - cells have no zone
)  # fmt: skip
def test_numbers_and_real_dates(value, period):
    assert parse_period(value) == period


@given(PERIODS)
def test_a_label_reads_back(period):
    assert parse_period(period.label("zh")) == period
    assert parse_period(period.label("en")) == period


@given(st.integers(2, 12), st.integers(1981, 2078))
def test_a_cumulative_label_reads_back(month, year):
    period = Period(dt.date(year, month, 1), "month", cumulative=True)
    assert parse_period(period.label("zh")) == parse_period(period.label("en")) == period


@given(PERIODS, st.integers(-24, 24))
def test_spans_follow_one_another_without_gap(period, n):
    assert period.shift(n).shift(-n) == period
    assert period.shift(1).start == period.end + dt.timedelta(days=1)
    assert period.contains(period) and not period.contains(period.shift(1))


@given(st.text(max_size=15))
def test_no_text_breaks_the_reading(text):
    (
        split_span(text),
        find_period(text, year=2026),
        parse_period(text, year=2026, month=10),
        is_cumulative(text),
    )


@pytest.mark.parametrize(
    ("header", "start", "rest"),
    [
        ("1月目标", "2026-01-01", "目标"), ("目标1月", "2026-01-01", "目标"), ("2026年10月销售额(万元)", "2026-10-01", "销售额(万元)"),
        ("Mar-25 actual", "2025-03-01", "actual"), ("销售额2026年10月", "2026-10-01", "销售额"),
        ("销售额（2026年10月）", "2026-10-01", "销售额"), ("Q1目标", "2026-01-01", "目标"), ("2026目标", "2026-01-01", "目标"),
        ("2026年 目标 1月", "2026-01-01", "目标"), ("FY2022 Budget", "2022-01-01", "Budget"), ("10月", "2026-10-01", ""),
        ("10月累计销售额", "2026-10-01", "销售额"), ("3月_实际", "2026-03-01", "实际"),
    ],
)  # fmt: skip
def test_a_header_gives_period_and_measure(header, start, rest):
    period, left = split_period(header, year=2026)
    assert period and (period.start.isoformat(), left) == (start, rest)


@pytest.mark.parametrize(
    "header",
    [
        "销售额",
        "去年10月",
        "近12月销售额",
        "10月第1周",
        "5月1日-5月7日",
        "第1题",
        "V1会员",
        "marca",
        "本年累计销售额",
        "3-5月销售",
        "上年同期",
    ],
)
def test_a_header_without_one_certain_period_stays_whole(header):
    assert split_period(header, year=2026) == (None, header)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("华东区2026年10月销售明细（终稿v2）.xlsx", "2026年10月"), ("sales_202610.xlsx", "2026年10月"),
        ("10月销售日报", "2026年10月"), ("2026年华东区10月销售", "2026年10月"), ("SuperStoreUS-2015.xlsx", "2015年"),
        ("2018_Sales_Total_v2.xlsx", "2018年"), ("2026年1-10月预算执行.xlsx", "2026年1-10月"), ("2026.10.xlsx", "2026年10月"),
        ("2026年第三季度KPI", "2026年第三季度"), ("销售2026-10-终稿", "2026年10月"), ("sales_2026-10-05.csv", "2026年10月5日"),
        ("9.1.xlsx", None), ("销售日报(2026年10月)_20261103.xlsx", None), ("2025-2026年度预算", None), ("2025-26预算", None),
        ("2026年10月vs2025年10月", None), ("20261005-20261011周报", "2026年第41周"), ("2026年10月5-7日", None),
        ("订单202610123456", None), ("2026年9月销售 10月制表", None), ("客户名单", None),
    ],
)  # fmt: skip
def test_the_period_of_a_file_or_title(name, label):
    period = find_period(name, year=2026)
    assert (period.label() if period else None) == label


def months(*numbers: int) -> list[Span]:
    return [Span("month", n) for n in numbers]


def starts(periods: list[Period] | None) -> list[str] | None:
    return None if periods is None else [p.start.isoformat()[:7] for p in periods]


def test_years_roll_over_in_either_direction():
    assert starts(roll_years(months(11, 12, 1, 2), 2026, year_is="newest")) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert starts(roll_years(months(11, 12, 1, 2), 2025, year_is="oldest")) == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]
    assert starts(roll_years(months(2, 1, 12, 11), 2026, year_is="newest")) == [
        "2026-02",
        "2026-01",
        "2025-12",
        "2025-11",
    ]
    assert starts(roll_years([Span("month", 11, 2025), *months(12, 1)])) == ["2025-11", "2025-12", "2026-01"]
    assert starts(roll_years([Span("year", 1, 2022), Span("year", 1, 2024)])) == ["2022-01", "2024-01"]


def test_without_a_roll_over_one_year_holds_them_all():
    assert starts(roll_years(months(*range(1, 13)), 2026))[-1] == "2026-12"
    assert starts(roll_years(months(12, 11, 10), 2026)) == ["2026-12", "2026-11", "2026-10"]
    assert starts(roll_years(months(1, 2, 10), 2026)) == ["2026-01", "2026-02", "2026-10"]
    assert starts(roll_years(months(5), 2026)) == ["2026-05"]


def test_an_uncertain_order_is_not_guessed():
    assert roll_years(months(11, 12, 1, 2), 2026) is None  # 2026 of which end?
    assert roll_years(months(12, 1), 2026, year_is="newest") is None  # backwards, or over the new year?
    assert roll_years(months(3, 1, 2), 2026, year_is="newest") is None
    assert roll_years(months(1, 1), 2026) is None
    assert roll_years(months(1, 2)) is None
    assert roll_years([Span("month", 1), Span("quarter", 1)], 2026) is None


def test_real_dates_over_columns_are_months_where_all_are_firsts():
    days = [Period(dt.date(2026, m, 1), "day") for m in (1, 2, 3)]
    assert [p.length for p in as_months(days)] == ["month"] * 3
    assert as_months([*days, Period(dt.date(2026, 4, 2), "day")])[0].length == "day"


def test_months_of_spans():
    assert Period(dt.date(2026, 10, 5), "day").month == dt.date(2026, 10, 1)
    assert Period(dt.date(2026, 7, 1), "quarter").month == dt.date(2026, 7, 1)
    assert month_range(dt.date(2025, 11, 1), dt.date(2026, 2, 1)) == [
        dt.date(2025, 11, 1), dt.date(2025, 12, 1), dt.date(2026, 1, 1), dt.date(2026, 2, 1),
    ]  # fmt: skip
    assert month_range(dt.date(2026, 2, 1), dt.date(2026, 1, 1)) == []
    assert add_months(dt.date(2026, 1, 31), 1) == dt.date(2026, 2, 28)
    assert add_months(dt.date(2026, 1, 1), -1) == dt.date(2025, 12, 1)
    assert [fiscal_year(dt.date(2026, m, 1), 4) for m in (3, 4)] == [2025, 2026]
    assert [is_jan_feb(dt.date(2026, m, 1)) for m in (1, 2, 3)] == [True, True, False]


# New Year's Day of the lunar calendar, as everybody knows it; not from the library under test
SPRING_FESTIVALS = [
    "2010-02-14",
    "2011-02-03",
    "2012-01-23",
    "2013-02-10",
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
    "2017-01-28",
    "2018-02-16",
    "2019-02-05",
    "2020-01-25",
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
    "2030-02-03",
]


@pytest.mark.parametrize("day", SPRING_FESTIVALS)
def test_spring_festival(day):
    assert spring_festival(int(day[:4])).isoformat() == day


def test_working_days_count_make_up_days():
    golden_week = working_days(dt.date(2024, 9, 29), dt.date(2024, 10, 12))
    assert (golden_week.days, golden_week.known) == (
        7,
        True,
    )  # 29 Sep (Sunday), 30 Sep, 8–12 Oct (Saturday too)
    assert working_days(dt.date(2024, 10, 1), dt.date(2024, 10, 7)).days == 0
    assert working_days(dt.date(2024, 10, 2), dt.date(2024, 10, 1)).days == 0


def test_a_year_whose_holidays_are_not_known_says_so():
    week = working_days(dt.date(2077, 10, 4), dt.date(2077, 10, 10))
    assert (week.days, week.known) == (5, False)
    assert not working_days(dt.date(2024, 12, 30), dt.date(2077, 1, 3)).known


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("统计期间：2026-09-01 至 2026-09-30", "2026年9月"), ("2026/09/01~2026/09/30 销售", "2026年9月"), ("2026.9.1-9.30", "2026年9月"),
        ("20260901-20260930", "2026年9月"), ("2026年7月1日至9月30日", "2026年第三季度"), ("2026年9月1日-30日", "2026年9月"),
        ("2026-09-01 00:00:00 至 2026-09-30 23:59:59", "2026年9月"), ("2026-01-01至2026-12-31", "2026年"),
        ("2026-09-07 - 2026-09-13", "2026年第37周"), ("Sales 01/09/2026 - 30/09/2026", "2026年9月"), ("09/01/2026 to 09/30/2026", "2026年9月"),
        ("2025-12-01至2026-02-28", None), ("2026-09-01至2026-10-15", None), ("2026-09-02至2026-09-30", None), ("2026年9月1日-10日", None),
        ("01/02/2026 - 02/03/2026", None), ("2026-08-01至2026-10-31", None),
    ],
)  # fmt: skip
def test_days_from_and_to_are_the_whole_span_between_them(text, label):
    found = find_period(text)
    assert (found.label() if found else None) == label
