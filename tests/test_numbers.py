"""Text → number, unit and name: exactly what was meant, or nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mktanalytics.numbers import (
    exact,
    is_blank,
    join_cjk,
    key,
    name,
    normalise,
    parse_number,
    parse_unit,
    prose,
    split_header,
)
from mktanalytics.unit_notes import find_units


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11.50万", 115000.0), ("11,50万元", 115000.0), ("1052,75元", 1052.75), ("129,58元", 129.58),
        ("$125,000.00", 125000.0), ("¥8", 8.0), ("￥ 8", 8.0), ("US$3.5", 3.5), ("30.00%", 0.3), ("5‰", 0.005),
        ("(1,234)", -1234.0), ("（1,234）", -1234.0), ("1,234-", -1234.0), ("-¥8", -8.0), ("¥-8", -8.0),
        ("(¥1,234.00)", -1234.0), ("−5", -5.0), ("+5%", 0.05), ("1.2E+05", 120000.0), ("１２，３４５．６", 12345.6),
        ("'12", 12.0), ("\u00a0 12 ", 12.0), (".5", 0.5), ("4折", 4.0), ("98分钟", 98.0), ("8元/件", 8.0),
        ("3.5万件", 35000.0), ("2百万", 2e6), ("1.5亿元", 1.5e8), ("3 千元", 3000.0), ("5W", 50000.0),
        ("1.234,56", 1234.56), ("1,234,567", 1234567.0), ("一万二千", 12000.0), ("两千五百", 2500.0), ("十二", 12.0),
        ("三百元", 300.0), ("负三百", -300.0), ("0.07万元", 700.0), ("1.005万", 10050.0),
    ],
)  # fmt: skip
def test_a_number_is_read_exactly(text, value):
    found = parse_number(text)
    assert found is not None and found.value == value


@pytest.mark.parametrize(
    "text",
    ["约1.2万", "1200左右", "1,2345", "$101,2000.00", "12,34,567", "5-7", "1200~1300", ">5", "≈5", "1200+", "--5", "-(5)",
     "(5", "5)", "(-5)", "△5", "▲5", "1.2.3", "100%%", "12 345", "5 000", "1 2", "Closed", "10月", "2026年", "5日", "第3",
     "5b", "3xyz", "$5件", "一", "一万二", "千", "两", "1e400", "nan", "inf", "∞", "", "-", "12万3"],
)  # fmt: skip
def test_what_is_not_certainly_a_number_is_none(text):
    assert parse_number(text) is None


def test_a_number_keeps_its_unit():
    amount = parse_number("11,50万元")
    assert amount and (amount.unit, amount.scale, amount.currency, amount.kind) == (
        "万元",
        1e4,
        "CNY",
        "money",
    )
    assert amount.marks == "decimal_comma"
    count = parse_number("3.5万件")
    assert count and (count.kind, count.base) == ("count", "件")
    rate = parse_number("30%")
    assert rate and rate.is_percent and rate.kind == "rate"
    assert parse_number("US$3.5").currency == "USD"
    assert parse_number("$3m") is None  # metres of dollars


@given(
    st.decimals(
        allow_nan=False,
        allow_infinity=False,
        places=2,
        min_value=Decimal(-(10**12)),
        max_value=Decimal(10**12),
    )
)
def test_every_way_to_write_an_amount_reads_back(amount):
    value = float(amount)
    size = abs(amount)
    sign = "-" if amount < 0 else ""
    wide = f"{sign}{size:,}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789,.-"})
    written = [
        f"{sign}{size}",
        f"{sign}{size:,}",
        f"{sign}¥{size:,}",
        f"{sign}{size}元",
        f"{sign}{size / 10000:f}万元",
        wide,
    ]
    if amount < 0:
        written += [f"({size:,})", f"{size}-"]
    assert [parse_number(w).value for w in written] == [value] * len(written)


@given(st.text(max_size=12))
def test_any_text_is_a_finite_number_or_none(text):
    found = parse_number(text)
    assert found is None or abs(found.value) < float("inf")


def test_products_with_units_are_decimal():
    assert exact(1.005, 1e4) == 10050.0 and exact(31.2, 0.01) == 0.312
    assert 1.005 * 1e4 != 10050.0  # what it spares us


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", "—", "--", "——", "/", "无", "N/A", "NA", "n/a", "null", "NULL", "'null", "None", "#N/A", "？", "?",
     "暂无", "\u3000", "（空）", "…"],
)  # fmt: skip
def test_missing_marks(text):
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "一", "无糖", "-1", "N", "Nan Jing", "未知", "#REF!"])
def test_these_are_values(text):
    assert not is_blank(text)


def test_among_names_a_word_for_nothing_may_be_an_answer():
    assert not is_blank("无", words=False)
    assert is_blank("-", words=False)


@pytest.mark.parametrize(
    ("text", "kind", "scale", "currency"),
    [
        ("元", "money", 1, "CNY"), ("万元", "money", 1e4, "CNY"), ("百万元", "money", 1e6, "CNY"),
        ("亿元", "money", 1e8, "CNY"), ("人民币元", "money", 1, "CNY"), ("人民币：万元", "money", 1e4, "CNY"),
        ("RMB", "money", 1, "CNY"), ("$'000", "money", 1e3, "USD"), ("RMB '000", "money", 1e3, "CNY"),
        ("USD mn", "money", 1e6, "USD"), ("万美元", "money", 1e4, "USD"), ("元/件", "money", 1, "CNY"),
        ("%", "rate", 0.01, ""), ("‰", "rate", 0.001, ""), ("％", "rate", 0.01, ""), ("万", "scale", 1e4, ""),
        ("mio", "scale", 1e6, ""), ("K", "scale", 1e3, ""), ("M", "scale", 1e6, ""), ("thousands", "scale", 1e3, ""),
        ("件", "count", 1, ""), ("万件", "count", 1e4, ""), ("亿份", "count", 1e8, ""), ("kg", "count", 1, ""),
        ("分钟", "other", 1, ""), ("mm", "other", 1, ""), ("单位：万元", "money", 1e4, "CNY"), ("（元）", "money", 1, "CNY"),
    ],
)  # fmt: skip
def test_units(text, kind, scale, currency):
    unit = parse_unit(text)
    assert unit and (unit.kind, unit.scale, unit.currency) == (kind, scale, currency)


@pytest.mark.parametrize(
    "text", ["", "省", "运动", "b", "m", "人民币万美元", "万元、台", "件/元", "含税", "月", "10"]
)
def test_no_unit(text):
    assert parse_unit(text) is None


@pytest.mark.parametrize(
    ("header", "label", "unit"),
    [
        ("销售额(万元)", "销售额", "万元"), ("销售额（万元）", "销售额", "万元"), ("销售额/万元", "销售额", "万元"),
        ("销售额：万元", "销售额", "万元"), ("销售额_万元", "销售额", "万元"), ("销售额 万元", "销售额", "万元"),
        ("金额\n(元)", "金额", "元"), ("增长率%", "增长率", "%"), ("发行份额(亿份)", "发行份额", "亿份"),
        ("单价（元/件）", "单价", "元/件"), ("Sales (RMB '000)", "Sales", "RMB '000"), ("Sales, USD mn", "Sales", "USD mn"),
        ("销售额(不含税,万元)", "销售额(不含税)", "万元"), ("销售额(万元)合计", "销售额合计", "万元"),
        ("销 售 额", "销售额", None), ("收货地址（省）", "收货地址(省)", None), ("第6题(运动)", "第6题(运动)", None),
        ("IP[周]", "IP[周]", None), ("年/月", "年/月", None), ("Units", "Units", None), ("Unit price", "Unit price", None),
        ("计量单位", "计量单位", None), ("万元", "", "万元"), ("Sales-K", "Sales-K", None), ("长度(m)", "长度(m)", None),
        ("百度", "百度", None), ("人数", "人数", None), ("G", "G", None), ("MN", "MN", None), ("超过50%", "超过50%", None), ("台", "", "台"),
    ],
)  # fmt: skip
def test_headers(header, label, unit):
    found = split_header(header)
    assert (found[0], found[1].written if found[1] else None) == (label, unit)


@pytest.mark.parametrize(
    ("note", "units"),
    [
        ("单位：万元", ["万元"]), ("2026年10月销售表（单位：万元、台）", ["万元", "台"]), ("销售表（万元）", ["万元"]),
        ("编制单位：市场部 单位：万元", ["万元"]), ("单位:万元 编制:张三", ["万元"]), ("Unit: RMB '000", ["RMB '000"]),
        ("单位：某公司", []), ("华东区销售（含税）", []), ("填报单位", []),
    ],
)  # fmt: skip
def test_units_declared_in_a_note(note, units):
    assert [u.written for u in find_units(note)] == units


def test_keys_join_spellings_but_not_names():
    assert key("Order ID") == key("order_id") == key("ＯＲＤＥＲ－ＩＤ") == "orderid"
    assert key("销 售 额") == key("销售额\n")
    assert key("蓝海+") != key("蓝海") and key("销售额%") != key("销售额")
    assert key("￥") == "¥"


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
    assert key(key(text)) == key(text)
    assert name(name(text)) == name(text)
    assert prose(prose(text)) == prose(text)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("温　进", "温进"), ("韩  闲", "韩闲"), ("张 三", "张三"), ("欧阳　锋", "欧阳锋"), ("华东 一区", "华东 一区"),
        ("华东　第一　大区", "华东 第一 大区"), ("ＡＢＣ　１", "ABC 1"), (" Critical ", "Critical"), ("蛋糕\r\n", "蛋糕"),
        ("阿道夫（ADOLPH）", "阿道夫（ADOLPH）"), ("a_x000D_", "a"), ("品牌\u200b甲", "品牌 甲"),
    ],
)  # fmt: skip
def test_names(text, stored):
    assert name(text) == stored


def test_free_text_keeps_its_lines_and_widths():
    assert prose(" 好，１个\r\n再来  一次 \n") == "好，１个\n再来  一次"
    assert join_cjk("销 售 额 (Sales Value)") == "销售额 (Sales Value)"
