"""Fifteen workbooks as departments send them; what each should give was written down before any was read."""

from __future__ import annotations

import datetime as dt

import pytest
from sheets import Rows, cleaned, sheet

N = None


def day(month: int, number: int) -> dt.datetime:
    return dt.datetime(2026, month, number)  # noqa: DTZ001


SHEETS = dict[str, Rows]
# file, sheets, table, records, sum column → sum, first records' columns → values
READ: dict[str, tuple[SHEETS, str, int, dict[str, float], dict[str, object]]] = {
    "渠道月报202610.xlsx": (
        {"Sheet1": [["2026年10月渠道销售月报"], ["单位：万元"], ["渠道", "本月销售额", "上月销售额", "环比", "本年累计"], ["商超", 40, 38, "5.3%", 390], ["电商", 30, 25, "20.0%", 250], ["便利店", 20, 20, "0.0%", 210], ["餐饮", 10, 12, "-16.7%", 110], ["合计", 100, 95, "5.3%", 960]]},
        "sales", 4, {"amount": 1000000}, {"channel": "商超", "month": "2026-10-01", "period": "month"}),
    "10月门店日报.xlsx": (
        {"Sheet1": [["门店销售日报"], ["日期", "门店", "销售额", "客单数", "客单价"], [day(10, 1), "人民路店", 1200, 24, 50], [day(10, 1), "中山路店", 1300, 26, 50], [day(10, 2), "人民路店", 1100, 22, 50], [day(10, 2), "中山路店", 1300, 26, 50]]},
        "sales", 4, {"amount": 4900}, {"customer": "人民路店", "date": "2026-10-01", "period": "day"}),
    "2026年预算.xlsx": (
        {"Sheet1": [["2026年市场费用预算表"], ["单位：元"], ["部门", "科目", "1月", "2月", "3月", "一季度", "4月", "5月", "6月", "二季度", "合计"],
                    ["市场部", "广告费", 1, 2, 3, 6, 4, 5, 6, 15, 21], [N, "促销费", 1, 1, 1, 3, 1, 1, 1, 3, 6], ["市场部小计", N, 2, 3, 4, 9, 5, 6, 7, 18, 27],
                    ["品牌部", "广告费", 2, 2, 2, 6, 2, 2, 2, 6, 12], [N, "会务费", 0, 0, 5, 5, 0, 0, 5, 5, 10], ["品牌部小计", N, 2, 2, 7, 11, 2, 2, 7, 11, 22], ["总计", N, 4, 5, 11, 20, 7, 8, 14, 29, 49]]},
        "budget", 24, {"amount": 49}, {"department": "市场部", "category": "广告费", "month": "2026-01-01"}),
    "预算执行.xlsx": (
        {"Sheet1": [["2026年市场部预算执行情况（万元）"], ["科目", "年度预算", "1-10月累计支出", "执行率"], ["广告费", 30, 24, "80%"], ["促销费", 20, 18, "90%"], ["会务费", 10, 5, "50%"], ["合计", 60, 47, "78.3%"]]},
        "budget", 3, {"amount": 600000}, {"department": "市场部", "month": "2026-01-01", "period": "year"}),
    "天猫订单导出.csv": (
        {"": [["订单编号", "下单时间", "商品名称", "数量", "实付金额", "收货省份", "订单状态"], ["202610010001", "2026-10-01 09:12:33", "青禾绿茶", 2, "99.50", "浙江省", "交易成功"], ["202610010002", "2026-10-01 10:01:02", "青禾橙汁", 3, "159.00", "江苏省", "交易成功"], ["202610020001", "2026-10-02 21:40:00", "青禾绿茶", 1, "100.00", "上海", "交易成功"]]},
        "sales", 3, {"amount": 358.5, "units": 6}, {"order_id": "202610010001", "province": "浙江省"}),
    "竞品价格.xlsx": (
        {"Sheet1": [["竞品价格监测表"], ["采价日期：2026年10月15日"], ["门店", "品牌", "产品", "规格", "标价", "促销价", "促销方式"], ["永辉", "云朵", "云朵橙汁", "450ml", 4.5, N, N], ["永辉", "山泉", "山泉水", "550ml", 2.0, N, N], ["盒马", "云朵", "云朵橙汁", "450ml", 7.9, 6.9, "限时特价"]]},
        "competitor_prices", 3, {"price": 14.4, "promotion_price": 6.9}, {"date": "2026-10-15", "outlet": "永辉"}),
    "KPI.xlsx": (
        {"Sheet1": [["2026年10月KPI完成情况"], ["部门", "KPI", "单位", "目标", "实际", "完成率"], ["市场部", "品牌知晓度", "%", 40, 38, "95%"], ["市场部", "活动场次", "场", 10, 12, "120%"], ["销售部", "销售额", "万元", 100, 95, "95%"], ["销售部", "新增网点", "家", 20, 18, "90%"]]},
        "targets", 4, {"target": 1000030.4, "actual": 950030.38}, {"entity": "市场部", "unit": "fraction"}),
    "目标.xlsx": (
        {"Sheet1": [["2026年销售目标分解表（万元）"], ["大区", *[f"{i}月" for i in range(1, 13)], "全年"], ["华东", *[1] * 12, 12], ["华南", *[2] * 12, 24], ["合计", *[3] * 12, 36]]},
        "targets", 24, {"target": 360000}, {"entity": "华东", "unit": "CNY", "month": "2026-01-01"}),
    "share.xlsx": (
        {"Sheet1": [["Market share by value, still drinks"], ["Brand", "Q1 2026", "Q2 2026", "Q3 2026"], ["Acorn", "31.2%", "30.8%", "31.0%"], ["Bluebell", "20.1%", "21.0%", "20.5%"], ["Others", "48.7%", "48.2%", "48.5%"]]},
        "market", 9, {"value_share": 3.0}, {"brand": "Acorn", "period": "quarter", "month": "2026-01-01"}),
    "2026年10月区域销售.xlsx": (
        {"汇总": [["2026年10月销售汇总"], ["区域", "销售额"], ["华东", 30], ["华南", 70], ["合计", 100]], "华东": [["产品", "销售额"], ["甲", 10], ["乙", 20]], "华南": [["产品", "销售额"], ["甲", 30], ["乙", 40]]},
        "sales", 4, {"amount": 100}, {"region": "华东", "product": "甲"}),
    "满意度调查.xlsx": (
        {"数据": [["序号", "1.您的性别", "2.您的年龄", "3.您从哪里了解到我们？", "4.总体满意度（1-5分）"], [1, 1, 2, "朋友推荐┋抖音", 5], [2, 2, 3, "抖音", 4]], "编码说明": [["题号", "选项", "含义"], ["1", 1, "男"], ["1", 2, "女"], ["2", 1, "18岁以下"]]},
        "survey", 9, {"score": 9}, {"respondent": "1", "question": "您的性别", "option": "1"}),
    "sales.xlsx": (
        {"Sheet1": [["Sales by region and product, USD thousands"], ["Region", "Product", "Jan-26", "Feb-26", "Mar-26", "Q1 Total"], ["East", "A", 1, 2, 3, 6], ["East", "B", 4, 5, 6, 15], ["East Total", N, 5, 7, 9, 21], ["West", "A", 7, 8, 9, 24], ["West Total", N, 7, 8, 9, 24], ["Grand Total", N, 12, 15, 18, 45]]},
        "sales", 9, {"amount": 45000}, {"region": "East", "product": "A", "currency": "USD"}),
}  # fmt: skip


@pytest.mark.parametrize("file", READ)
def test_gives_what_it_should(file: str) -> None:
    sheets, table, records, sums, first = READ[file]
    found = cleaned({file: [sheet(rows, name=n, position=i) for i, (n, rows) in enumerate(sheets.items())]})
    assert set(found.tables) == {table}
    frame = found.tables[table]
    assert len(frame) == records
    for column, value in sums.items():
        assert frame[column].sum() == pytest.approx(value), column
    row = frame.iloc[0]
    assert {c: str(row[c]).removesuffix(" 00:00:00") for c in first} == first


@pytest.mark.parametrize(("file", "rows"), [
    ("活动效果.xlsx", [["2026年促销活动效果评估"], ["活动名称", "开始日期", "结束日期", "投入费用（元）", "活动期销售额（元）", "ROI"], ["国庆大促", day(10, 1), day(10, 7), 50000, 400000, 8.0], ["双十一预热", day(10, 25), day(10, 31), 30000, 180000, 6.0]]),
    ("广告费用台账.xlsx", [["2026年广告费用台账"], ["日期", "媒体", "供应商", "合同金额", "已付金额", "未付金额", "备注"], ["2026-10-08", "电梯", "蓝海传媒", 50000, 20000, 30000, N], ["2026-10-12", "地铁", "众合广告", 80000, 80000, 0, "已结清"]]),
    ("10月销售计划.xlsx", [["2026年10月销售计划"], ["区域", "销售额"], ["华东", 10], ["华南", 20]]),
    ("Sales forecast 2026.xlsx", [["Sales forecast by region 2026"], ["Region", "Jan", "Feb"], ["East", 1, 2], ["West", 3, 4]]),
])  # fmt: skip
def test_takes_nothing_it_is_not_certain_of(file: str, rows: Rows) -> None:
    found = cleaned({file: [sheet(rows)]})
    assert not found.tables
    assert set(found.issues["severity"]) & {"warning", "error"}


def test_numbered_sections_of_a_page() -> None:
    rows: Rows = [
        ["2026年10月销售月报"], ["一、区域销售完成情况（万元）"], ["区域", "目标", "实际", "完成率"], ["华东", 20, 18, "90%"], ["华南", 10, 10, "100%"], ["合计", 30, 28, "93.3%"], [],
        ["二、产品销售情况（万元）"], ["产品", "销售额", "占比"], ["甲", 20, "71.4%"], ["乙", 8, "28.6%"], ["合计", 28, "100%"],
    ]  # fmt: skip
    found = cleaned({"月报.xlsx": [sheet(rows)]}).tables
    assert found["targets"]["target"].sum() == 300000
    assert found["sales"]["amount"].sum() == 280000
    assert set(found["sales"]["month"].astype(str)) == {"2026-10-01"}
